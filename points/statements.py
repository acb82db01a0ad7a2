"""An account's history as people read it: newest first, with the balance after each operation."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any

import sqlalchemy as sa
from sqlmodel import Session, col

from points.tables import LedgerTransaction, Posting, TransactionKind


@dataclass(frozen=True, slots=True)
class StatementRow:
    """One posting as its account sees it; `hash` is the account's chain after it."""

    posting_id: int
    at: datetime
    kind: TransactionKind
    reference: str
    points: int  # signed: what came in is positive
    balance: int
    counterparty: str
    hash: bytes


def list_rows(
    session: Session, *, address: str, before: int | None = None, limit: int = 50
) -> list[StatementRow]:
    """Up to `limit` rows of the account, newest first, older than posting `before`.

    Takes as long for an account with a million postings as for one with ten.
    """
    found: Any = sa.union_all(
        *(
            _side(address, own, other, sign, balance, digest, before, limit)
            for own, other, sign, balance, digest in (
                ("source", "destination", -1, "source_balance", "source_hash"),
                ("destination", "source", 1, "destination_balance", "destination_hash"),
            )
        )
    ).subquery()
    rows = session.execute(
        sa.select(
            found.c.id,
            col(LedgerTransaction.posted_at),
            col(LedgerTransaction.kind),
            col(LedgerTransaction.reference),
            found.c.points,
            found.c.balance,
            found.c.counterparty,
            found.c.hash,
        )
        .join_from(found, LedgerTransaction, col(LedgerTransaction.id) == found.c.transaction_id)
        .order_by(found.c.id.desc())
        .limit(limit)
    )
    return [StatementRow(*row) for row in rows]


def _side(
    address: str,
    own: str,
    other: str,
    sign: int,
    balance: str,
    digest: str,
    before: int | None,
    limit: int,
) -> Any:
    """The newest postings with the account on one side, straight from that side's index."""
    table: Any = sa.inspect(Posting).local_table
    query = (
        sa.select(
            table.c.id,
            table.c.transaction_id,
            (sign * table.c.points).label("points"),
            table.c[balance].label("balance"),
            table.c[other].label("counterparty"),
            table.c[digest].label("hash"),
        )
        .where(table.c[own] == address)
        .order_by(table.c.id.desc())
        .limit(limit)
    )
    if before is not None:
        query = query.where(table.c.id < before)
    return sa.select(query.subquery())
