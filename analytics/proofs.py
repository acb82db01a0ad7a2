"""What must hold of a programme's points and history, checked over all of it."""

from __future__ import annotations

from dataclasses import dataclass
from uuid import UUID

import sqlalchemy as sa
from sqlmodel import Session, col

from analytics.tracing import program_of
from claims.tables import Claim, ClaimLine
from core import audit
from points import addresses, ledger, proofs
from points.tables import LedgerAccount, LedgerTransaction, Posting
from programs.service import chain
from programs.tables import Participant
from rewards.tables import Redemption
from verification.tables import Decision


@dataclass(frozen=True, slots=True)
class Proof:
    """One thing that was checked; `left` and `right` are the two numbers that must be equal.

    `faults` are facts in words of the product, for whoever repairs it.
    """

    name: str
    holds: bool
    left: int | None = None
    right: int | None = None
    faults: tuple[str, ...] = ()


def prove(session: Session, *, program_id: UUID, key: bytes) -> list[Proof]:
    """Every proof of one programme. Reads the whole ledger and the programme's whole chain."""
    return [
        _chain(session, program_id, key),
        _ledger(session, program_id),
        _where_points_are(session, program_id),
        _awards_are_decisions(session, program_id),
        _lines_are_claims(session, program_id),
    ]


def _chain(session: Session, program_id: UUID, key: bytes) -> Proof:
    fault = audit.first_fault(session, chain=chain(program_id), key=key)
    entries = session.execute(
        sa.select(sa.func.count()).where(col(audit.AuditEntry.chain) == chain(program_id))
    ).scalar_one()
    return Proof("chain", fault is None, int(entries), None, (fault,) if fault else ())


def _ledger(session: Session, program_id: UUID) -> Proof:
    """Every balance is the sum of its postings. Accounts of other programmes are not named."""
    found = []
    for fault in proofs.faults(session):
        address = fault.split(": ")[0]
        if fault.startswith("all balances") or program_of(session, address) == program_id:
            found.append(fault)
    accounts = session.execute(sa.select(sa.func.count()).select_from(LedgerAccount)).scalar_one()
    return Proof("ledger", not found, int(accounts), None, tuple(found))


def _balance_of(session: Session, condition: sa.ColumnElement[bool]) -> int:
    return int(
        session.execute(
            sa.select(sa.func.coalesce(sa.func.sum(col(LedgerAccount.balance)), 0)).where(condition)
        ).scalar_one()
    )


def _where_points_are(session: Session, program_id: UUID) -> Proof:
    """Issued = with participants − their debts + held + with branches + spent + expired + reversed.

    A debt's balance lies below zero, so that it is simply added.
    """
    issued = -ledger.balance(session, addresses.issued(program_id))
    mine = sa.select(sa.cast(col(Participant.id), sa.Text)).where(
        col(Participant.program_id) == program_id
    )
    orders = sa.select(sa.cast(col(Redemption.id), sa.Text)).where(
        col(Redemption.program_id) == program_id
    )
    address = col(LedgerAccount.address)
    noun, id = sa.func.split_part(address, ":", 1), sa.func.split_part(address, ":", 2)
    held = _balance_of(
        session,
        sa.or_(
            sa.and_(noun.in_(("participant", "debt")), id.in_(mine)),
            sa.and_(noun == "held", id.in_(orders)),
        ),
    )
    ended = sum(
        ledger.balances(
            session,
            [
                addresses.spent(program_id),
                addresses.expired(program_id),
                addresses.reversed_(program_id),
            ],
        ).values()
    )
    to_branches = _moved(session, addresses.issued(program_id), "partner:%")
    return Proof("where", issued == held + ended + to_branches, issued, held + ended + to_branches)


def _moved(session: Session, source: str, destination_like: str) -> int:
    """Points that went from an account to accounts of a kind, less what came back."""
    there = sa.select(sa.func.coalesce(sa.func.sum(col(Posting.points)), 0)).where(
        col(Posting.source) == source, col(Posting.destination).like(destination_like)
    )
    back = sa.select(sa.func.coalesce(sa.func.sum(col(Posting.points)), 0)).where(
        col(Posting.destination) == source, col(Posting.source).like(destination_like)
    )
    return int(session.execute(there).scalar_one()) - int(session.execute(back).scalar_one())


def _awards_are_decisions(session: Session, program_id: UUID) -> Proof:
    """The points of living decisions = what claims were awarded in the ledger, less corrections."""
    decided = session.execute(
        sa.select(sa.func.coalesce(sa.func.sum(col(Decision.points)), 0))
        .select_from(Decision)
        .join(Claim, col(Claim.id) == col(Decision.claim_id))
        .where(col(Claim.program_id) == program_id, col(Decision.undone_at).is_(None))
    ).scalar_one()
    issued = addresses.issued(program_id)
    signed = sa.case(
        (col(Posting.source) == issued, col(Posting.points)), else_=-col(Posting.points)
    )
    awarded = session.execute(
        sa.select(sa.func.coalesce(sa.func.sum(signed), 0))
        .select_from(Posting)
        .join(LedgerTransaction, col(LedgerTransaction.id) == col(Posting.transaction_id))
        .where(
            sa.or_(col(Posting.source) == issued, col(Posting.destination) == issued),
            col(LedgerTransaction.reference).like("claim:%"),
        )
    ).scalar_one()
    return Proof("decisions", decided == awarded, int(decided), int(awarded))


def _lines_are_claims(session: Session, program_id: UUID) -> Proof:
    """The points of all lines = the points of all claims."""
    lines = session.execute(
        sa.select(sa.func.coalesce(sa.func.sum(col(ClaimLine.points)), 0))
        .select_from(ClaimLine)
        .join(Claim, col(Claim.id) == col(ClaimLine.claim_id))
        .where(col(Claim.program_id) == program_id)
    ).scalar_one()
    claims = session.execute(
        sa.select(sa.func.coalesce(sa.func.sum(col(Claim.points)), 0)).where(
            col(Claim.program_id) == program_id
        )
    ).scalar_one()
    return Proof("lines", lines == claims, int(lines), int(claims))
