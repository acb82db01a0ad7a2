"""The one way to move points: `post` all moves or none, once for each reference.

Balances are moved by a trigger and guarded by CHECKs in the database; Python never writes one.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime

import sqlalchemy as sa
from sqlalchemy.exc import IntegrityError
from sqlmodel import Session, col, select

from core.errors import DomainError, Kind
from points.tables import LedgerAccount, LedgerTransaction, Posting, TransactionKind

_POST = sa.text(
    "SELECT ledger_post(:reference, :kind, :posted_at, :sources, :destinations, :points)"
).bindparams(
    sa.bindparam("posted_at", type_=sa.DateTime(timezone=True)),
    sa.bindparam("sources", type_=sa.ARRAY(sa.Text)),
    sa.bindparam("destinations", type_=sa.ARRAY(sa.Text)),
    sa.bindparam("points", type_=sa.ARRAY(sa.BigInteger)),
)
_LOCK = sa.text("SELECT lock_accounts(:addresses)").bindparams(
    sa.bindparam("addresses", type_=sa.ARRAY(sa.Text))
)


class InsufficientPoints(DomainError):
    """An account that may not owe would owe."""

    kind = Kind.CONFLICT
    code = "insufficient-points"


class ReferenceReused(DomainError):
    """The reference already posted other moves: a mistake in our own code, never in a request."""

    kind = Kind.CONFLICT
    code = "reference-reused"


@dataclass(frozen=True, slots=True, order=True)
class Move:
    """`points` > 0 go from `source` to `destination`."""

    source: str
    destination: str
    points: int


def post(
    session: Session,
    *,
    reference: str,
    kind: TransactionKind,
    moves: Sequence[Move],
    posted_at: datetime,
) -> bool:
    """Post all moves or none; True when this call posted them, False when an earlier one had.

    Raises `InsufficientPoints` (the transaction must then be rolled back) and `ReferenceReused`.
    """
    assert moves, "a transaction without moves says nothing"
    try:
        # One call: the transaction, the locks in order, the postings (migration 0004).
        created = session.execute(
            _POST,
            {
                "reference": reference,
                "kind": kind.value,
                "posted_at": posted_at,
                "sources": [move.source for move in moves],
                "destinations": [move.destination for move in moves],
                "points": [move.points for move in moves],
            },
        ).scalar_one()
    except IntegrityError as error:
        # The trigger's update met the CHECK against overdrafts; any other CHECK is our mistake.
        if "ck_ledger_account_balance" in str(error.orig):
            raise InsufficientPoints(reference) from error
        raise
    if created is None:
        _require_same(session, reference, moves)
    return created is not None


def lock(session: Session, addresses: Iterable[str]) -> None:
    """Open what is missing, then lock all in one order, so that crossing posts never deadlock."""
    session.execute(_LOCK, {"addresses": sorted(set(addresses))})


def _require_same(session: Session, reference: str, moves: Sequence[Move]) -> None:
    rows = session.exec(
        select(Posting.source, Posting.destination, Posting.points)
        .join(LedgerTransaction, col(LedgerTransaction.id) == col(Posting.transaction_id))
        .where(LedgerTransaction.reference == reference)
    )
    if Counter(Move(*row) for row in rows) != Counter(moves):
        raise ReferenceReused(reference)


def posted_moves(session: Session, reference: str) -> list[Move]:
    """What a reference posted; empty when it never did."""
    rows = session.exec(
        select(Posting.source, Posting.destination, Posting.points)
        .join(LedgerTransaction, col(LedgerTransaction.id) == col(Posting.transaction_id))
        .where(LedgerTransaction.reference == reference)
        .order_by(col(Posting.id))
    )
    return [Move(*row) for row in rows]


def balance(session: Session, address: str) -> int:
    """The balance now; zero for an account that was never used. Constant time."""
    found = session.exec(
        select(LedgerAccount.balance).where(LedgerAccount.address == address)
    ).first()
    return found or 0


def balances(session: Session, addresses: Iterable[str]) -> dict[str, int]:
    rows = session.exec(
        select(LedgerAccount.address, LedgerAccount.balance).where(
            col(LedgerAccount.address).in_(list(addresses))
        )
    )
    return {address: amount for address, amount in rows}
