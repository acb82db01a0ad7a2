"""Corrections of invoices that nobody claimed yet: kept so that only a claim on them opens them.

A sales file may bring the correction before anybody claims its original. It must wait, and it must
stay unread: it is encrypted under a key that is derived from the installation's secret, the buyer
and the original's number. A later claim has both; we, without one, have not. Where the file names
no buyer, the number alone is the key: a seller gives it once, and a claim has to name it.
"""

from __future__ import annotations

import hashlib
import hmac
import json
import secrets
from collections.abc import Sequence
from datetime import datetime
from decimal import Decimal
from uuid import UUID

import sqlalchemy as sa
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from sqlalchemy.dialects.postgresql import insert
from sqlmodel import Session, col, select

from claims.identity import normalise_number
from core.columns import new_id
from partners.tables import Partner
from verification import feed_corrections
from verification.feed_keys import sale_key
from verification.feed_returns import Returned, SaleCorrection
from verification.feed_tables import SalesCorrection

_NONCE = 12


def keep(
    session: Session,
    *,
    partner_id: UUID,
    feed_id: UUID,
    found: Sequence[SaleCorrection],
    key: bytes,
) -> None:
    """Seal what a file says of corrections; the same one of a later file is not kept again."""
    rows: dict[bytes, dict[str, object]] = {}
    for one in found:
        original = normalise_number(one.original)
        number = normalise_number(one.number)
        nonce = secrets.token_bytes(_NONCE)
        cipher = AESGCM(_key(key, one.buyer_nip, original))
        own = _mark(key, one.buyer_nip, original, number)
        rows[own] = {
            "id": new_id(),
            "partner_id": partner_id,
            "feed_id": feed_id,
            "lookup": _mark(key, one.buyer_nip, original, ""),
            "own": own,
            "sealed": nonce + cipher.encrypt(nonce, _packed(one), None),
        }
    if rows:
        statement = insert(SalesCorrection).on_conflict_do_nothing(
            index_elements=["partner_id", "own"]
        )
        session.execute(statement, [rows[own] for own in sorted(rows)])


def count(session: Session, *, feed_id: UUID) -> int:
    """How many corrections a file told of that no earlier file had."""
    told = sa.select(sa.func.count()).where(col(SalesCorrection.feed_id) == feed_id)
    return int(session.execute(told).scalar_one())


def settle_for(
    session: Session,
    *,
    partner: Partner,
    program_id: UUID,
    buyer: str,
    number_norm: str,
    key: bytes,
    at: datetime,
) -> int:
    """Open the corrections of an invoice that somebody claims now, and settle them; how many."""
    done = 0
    for named in sorted(
        {buyer, ""}
    ):  # the file names the buyer, or nobody; another buyer's stays shut
        rows = session.exec(
            select(SalesCorrection)
            .where(
                SalesCorrection.partner_id == partner.id,
                SalesCorrection.lookup == _mark(key, named, number_norm, ""),
            )
            .order_by(col(SalesCorrection.id))
        ).all()
        cipher = AESGCM(_key(key, named, number_norm))
        for row in rows:
            opened = _unpacked(cipher.decrypt(row.sealed[:_NONCE], row.sealed[_NONCE:], None))
            done += feed_corrections.settle(
                session, partner=partner, program_id=program_id, found=opened, at=at
            )
    return done


def _mark(key: bytes, buyer: str, original: str, number: str) -> bytes:
    return sale_key(
        key, buyer_nip=buyer, number_norm=original, kind="corrected", text=number,
        quantity=Decimal(0),
    )  # fmt: skip


def _key(key: bytes, buyer: str, original: str) -> bytes:
    """Other than every mark that is stored: its first part is no tax number."""
    parts = [part.encode() for part in ("seal", buyer, original)]
    joined = b"".join(len(part).to_bytes(2, "big") + part for part in parts)
    return hmac.digest(key, joined, hashlib.sha256)


def _packed(one: SaleCorrection) -> bytes:
    rows = [
        [row.gtin, row.index, row.name, row.unit, None if row.delta is None else str(row.delta)]
        for row in one.rows
    ]
    said = [one.number, one.original, one.buyer_nip, one.day, rows]
    return json.dumps(said, ensure_ascii=False).encode()


def _unpacked(data: bytes) -> SaleCorrection:
    number, original, buyer, day, rows = json.loads(data)
    return SaleCorrection(
        number,
        original,
        buyer,
        day,
        tuple(
            Returned(gtin, index, name, unit, None if delta is None else Decimal(delta))
            for gtin, index, name, unit, delta in rows
        ),
    )
