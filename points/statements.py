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
    posting_id: int
    at: datetime
    kind: TransactionKind
    reference: str
    points: int  # signed: what came in is positive
    balance: int


def list_rows(
    session: Session, *, address: str, before: int | None = None, limit: int = 50
) -> list[StatementRow]:
    """Up to `limit` rows of the account, newest first, older than posting `before`."""
    signed: Any = sa.case(
        (col(Posting.destination) == address, col(Posting.points)), else_=-col(Posting.points)
    )
    rows = (
        sa.select(
            col(Posting.id),
            col(LedgerTransaction.posted_at),
            col(LedgerTransaction.kind),
            col(LedgerTransaction.reference),
            signed.label("signed"),
            sa.func.sum(signed).over(order_by=col(Posting.id)).label("running"),
        )
        .join_from(Posting, LedgerTransaction)
        .where(sa.or_(col(Posting.source) == address, col(Posting.destination) == address))
        .subquery()
    )
    chosen = sa.select(rows).order_by(rows.c.id.desc()).limit(limit)
    if before is not None:
        chosen = chosen.where(rows.c.id < before)
    return [StatementRow(*row) for row in session.execute(chosen)]
