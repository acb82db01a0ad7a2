"""Keyed hashes of what was sold: kept without the sales, asked by claims that come later."""

from __future__ import annotations

from collections.abc import Iterator
from decimal import Decimal
from itertools import islice
from typing import TypeVar
from uuid import UUID

import sqlalchemy as sa
from sqlalchemy.dialects import postgresql
from sqlmodel import Session, col

from partners.tables import Partner
from verification.feed_claims import OpenClaim, claimed_lines
from verification.feed_comparison import ClaimedLine, Compared, LineAnswer
from verification.feed_keys import document_key, names_of, sale_key
from verification.feed_tables import SalesKey

T = TypeVar("T")


def keep_keys(session: Session, *, partner_id: UUID, feed_id: UUID, keys: set[bytes]) -> None:
    """Keep the keys of what was sold; known ones stay. Sorted, so that two files never deadlock."""
    statement = sa.text(
        "INSERT INTO sales_key (partner_id, key, feed_id)"
        " SELECT :partner_id, key, :feed_id FROM unnest(:keys) AS key ON CONFLICT DO NOTHING"
    ).bindparams(
        sa.bindparam("partner_id", type_=sa.Uuid),
        sa.bindparam("feed_id", type_=sa.Uuid),
        sa.bindparam("keys", type_=postgresql.ARRAY(sa.LargeBinary)),
    )
    for some in portions(iter(sorted(keys)), 10_000):
        session.execute(statement, {"partner_id": partner_id, "feed_id": feed_id, "keys": some})


def portions(items: Iterator[T], size: int) -> Iterator[list[T]]:
    while some := list(islice(items, size)):
        yield some


def find(
    session: Session, *, partner: Partner, claim: OpenClaim, key: bytes
) -> tuple[UUID, Compared] | None:
    """The earlier export that holds all of a claim: each product was sold to this buyer under
    this number in exactly this quantity. A hash tells that something differs, not what: then
    None, and a person looks, as without the export.
    """
    [buyer] = claim.buyers
    products: dict[UUID, list[ClaimedLine]] = {}
    for line in claimed_lines(session, claim.claim_id):
        products.setdefault(line.product_id, []).append(line)
    document = document_key(key, buyer_nip=buyer, number_norm=claim.number_norm)
    wanted = [_keys(of, buyer, claim.number_norm, key) for of in products.values()]
    asked = [document, *(k for keys in wanted for k in keys)]
    hits: dict[bytes, UUID] = {
        found: feed_id
        for found, feed_id in session.execute(
            sa.select(col(SalesKey.key), col(SalesKey.feed_id)).where(
                col(SalesKey.partner_id) == partner.id, col(SalesKey.key).in_(asked)
            )
        )
    }
    all_sold = all(any(k in hits for k in keys) for keys in wanted)
    if not products or document not in hits or not all_sold:
        return None
    return hits[document], Compared(tuple(_as_claimed(of) for of in products.values()))


def _keys(lines: list[ClaimedLine], buyer: str, number_norm: str, key: bytes) -> list[bytes]:
    amount = Decimal(0)
    for line in lines:
        if line.quantity is None:
            return []
        amount += line.quantity
    names = {
        name
        for line in lines
        for name in names_of(gtin=line.gtin, index=line.index, name=line.name)
    }
    return [
        sale_key(
            key, buyer_nip=buyer, number_norm=number_norm, kind=kind, text=text, quantity=amount
        )
        for kind, text in names
    ]


def _as_claimed(lines: list[ClaimedLine]) -> LineAnswer:
    units = sum((line.units or Decimal(0) for line in lines), Decimal(0))
    return LineAnswer(tuple(line.position for line in lines), units, units)
