"""Re-adds the whole ledger: balances, chains, programmes, lots. Names what does not hold."""

from __future__ import annotations

from typing import Any

import sqlalchemy as sa
from sqlmodel import Session, col

from points import chain
from points.tables import (
    LedgerAccount,
    LedgerTransaction,
    LotUse,
    PointLot,
    PointRestoration,
    PointReversal,
    Posting,
)


def faults(session: Session) -> list[str]:
    """Everything in the ledger that does not add up, in words. Reads all of it."""
    return [
        *_balances(session),
        *_total(session),
        *_programs(session),
        *_empty_transactions(session),
        *_chains(session),
        *_lots(session),
        *_uses(session),
        *_reversals(session),
    ]


def _moved() -> Any:
    return sa.union_all(
        sa.select(col(Posting.destination).label("address"), col(Posting.points).label("points")),
        sa.select(col(Posting.source), -col(Posting.points)),
    ).subquery()


def _balances(session: Session) -> list[str]:
    moved = _moved()
    summed: Any = (
        sa.select(moved.c.address, sa.func.sum(moved.c.points).label("total"))
        .group_by(moved.c.address)
        .subquery()
    )
    wrong = session.execute(
        sa.select(col(LedgerAccount.address), col(LedgerAccount.balance), summed.c.total)
        .join_from(
            LedgerAccount, summed, summed.c.address == col(LedgerAccount.address), isouter=True
        )
        .where(col(LedgerAccount.balance) != sa.func.coalesce(summed.c.total, 0))
        .order_by(col(LedgerAccount.address))
    ).all()
    return [f"{address}: balance {shown}, postings {total or 0}" for address, shown, total in wrong]


def _total(session: Session) -> list[str]:
    total = session.execute(
        sa.select(sa.func.coalesce(sa.func.sum(col(LedgerAccount.balance)), 0))
    ).scalar_one()
    return [f"all balances add up to {total}, not to zero"] if total else []


def _programs(session: Session) -> list[str]:
    """issued = active + held + spent + expired + reversed − debt, per programme."""
    rows = session.execute(
        sa.select(col(LedgerAccount.program_id), sa.func.sum(col(LedgerAccount.balance)))
        .where(col(LedgerAccount.program_id).is_not(None))
        .group_by(col(LedgerAccount.program_id))
        .having(sa.func.sum(col(LedgerAccount.balance)) != 0)
    )
    return [f"programme {id}: issued and held points differ by {total}" for id, total in rows]


def _empty_transactions(session: Session) -> list[str]:
    rows = session.execute(
        sa.select(col(LedgerTransaction.reference)).where(
            ~sa.exists().where(col(Posting.transaction_id) == col(LedgerTransaction.id))
        )
    )
    return [f"{reference}: a transaction without postings" for (reference,) in rows]


def _chains(session: Session) -> list[str]:
    """Recompute every account's chain; of each account the first wrong posting is named."""
    heads: dict[str, bytes] = {}
    broken: dict[str, str] = {}
    rows = session.execute(
        sa.select(
            col(Posting.id),
            col(LedgerTransaction.reference),
            col(LedgerTransaction.kind),
            col(LedgerTransaction.posted_at),
            col(Posting.source),
            col(Posting.destination),
            col(Posting.points),
            col(Posting.source_balance),
            col(Posting.destination_balance),
            col(Posting.source_hash),
            col(Posting.destination_hash),
        )
        .join_from(Posting, LedgerTransaction)
        .order_by(col(Posting.id))
        .execution_options(yield_per=5_000)
    )
    for id, reference, kind, at, source, destination, points, *after in rows:
        for address, other, signed, balance, stored in (
            (source, destination, -points, after[0], after[2]),
            (destination, source, points, after[1], after[3]),
        ):
            if address in broken:
                continue
            heads[address] = chain.extend(
                heads.get(address) or chain.genesis(address),
                chain.line(
                    reference=reference,
                    kind=kind,
                    posted_at=at,
                    points=signed,
                    counterparty=other,
                    balance=balance,
                ),
            )
            if heads[address] != stored:
                broken[address] = f"{address}: posting {id} was changed or one before it is missing"
    for address, head in session.execute(
        sa.select(col(LedgerAccount.address), col(LedgerAccount.head))
    ):
        if address not in broken and heads.get(address) != head:
            broken[address] = f"{address}: the last postings are missing"
    return [broken[address] for address in sorted(broken)]


def _lots(session: Session) -> list[str]:
    """What lots still have is the account's balance, for every account of participants.

    A branch's points do not expire, so they are in no lots.
    """
    there: Any = (
        sa.select(col(PointLot.account), sa.func.sum(col(PointLot.remaining)).label("remaining"))
        .group_by(col(PointLot.account))
        .subquery()
    )
    rows = session.execute(
        sa.select(col(LedgerAccount.address), col(LedgerAccount.balance), there.c.remaining)
        .join_from(
            LedgerAccount, there, there.c.account == col(LedgerAccount.address), isouter=True
        )
        .where(
            col(LedgerAccount.address).like("participant:%:active"),
            col(LedgerAccount.balance) != sa.func.coalesce(there.c.remaining, 0),
        )
    )
    return [f"{address}: balance {shown}, lots {left or 0}" for address, shown, left in rows]


def _uses(session: Session) -> list[str]:
    used: Any = (
        sa.select(
            col(LotUse.lot_id),
            sa.func.sum(col(LotUse.points) - col(LotUse.returned)).label("used"),
        )
        .group_by(col(LotUse.lot_id))
        .subquery()
    )
    rows = session.execute(
        sa.select(col(PointLot.reference), col(PointLot.used), used.c.used)
        .join_from(PointLot, used, used.c.lot_id == col(PointLot.id), isouter=True)
        .where(col(PointLot.used) != sa.func.coalesce(used.c.used, 0))
    )
    return [f"lot of {ref}: used {shown}, uses {found or 0}" for ref, shown, found in rows]


def _reversals(session: Session) -> list[str]:
    """No award gave back more than it had, and none got back more than was taken of it."""
    moved: Any = sa.union_all(
        sa.select(
            col(PointReversal.award_reference).label("of"),
            col(PointReversal.points).label("points"),
        ),
        sa.select(col(PointRestoration.award_reference), -col(PointRestoration.points)),
    ).subquery()
    taken = sa.func.sum(moved.c.points)
    rows = session.execute(
        sa.select(col(PointLot.reference), col(PointLot.points), taken)
        .join_from(PointLot, moved, moved.c.of == col(PointLot.reference))
        .group_by(col(PointLot.id))
        .having(sa.or_(taken > col(PointLot.points), taken < 0, taken > col(PointLot.taken_back)))
    )
    return [f"award {ref}: {had} points, {taken} taken back" for ref, had, taken in rows]
