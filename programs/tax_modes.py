"""Choosing how a programme's rewards are taxed, from a day on; what held on a day can be told."""

from __future__ import annotations

from datetime import date, datetime
from typing import ClassVar
from uuid import UUID

import sqlalchemy as sa
from sqlmodel import Session, col, select

from core import audit
from core.clock import local_date
from core.errors import DomainError, Invalid, Kind
from programs.branches import DayPassed
from programs.queries import ProgramNotFound
from programs.service import chain
from programs.tables import Program
from programs.tax import TaxMode
from programs.tax_tables import TaxChoice

SHORTEST_REASON, LONGEST_REASON = 5, 300


class TaxModeUnchanged(DomainError):
    """The mode holds on that day already."""

    kind: ClassVar[Kind] = Kind.CONFLICT
    code = "tax-mode-unchanged"


def mode_on(session: Session, *, program_id: UUID, on: date) -> TaxMode | None:
    """How rewards that are ordered on that day are taxed; none while nobody has chosen."""
    # The database guards every order with the same function.
    found = session.execute(sa.select(sa.func.tax_mode_on(program_id, on))).scalar_one()
    return TaxMode(found) if found else None


def list_choices(session: Session, program_id: UUID) -> list[TaxChoice]:
    """All choices, that of the latest day first."""
    return list(
        session.exec(
            select(TaxChoice)
            .where(TaxChoice.program_id == program_id)
            .order_by(
                col(TaxChoice.since).desc(),
                col(TaxChoice.chosen_at).desc(),
                col(TaxChoice.id).desc(),
            )
        )
    )


def choose(
    session: Session,
    *,
    program_id: UUID,
    mode: str,
    since: date,
    reason: str,
    actor: str,
    at: datetime,
) -> TaxChoice:
    """From `since`, today or later, orders are treated this way; earlier ones stay as they are.

    Raises `ProgramNotFound`, `Invalid` for the mode or the reason, `DayPassed`,
    `TaxModeUnchanged`.
    """
    if mode not in set(TaxMode):
        raise Invalid("which way?", field="mode")
    reason = reason.replace("\0", "").strip()
    if not SHORTEST_REASON <= len(reason) <= LONGEST_REASON:
        raise Invalid("say on whose word", field="reason")
    if since < local_date(at):
        raise DayPassed(field="since")
    # Orders of the same moment wait, and read what is chosen here.
    program = session.exec(
        select(Program).where(Program.id == program_id).with_for_update()
    ).one_or_none()
    if program is None:
        raise ProgramNotFound
    before = mode_on(session, program_id=program_id, on=since)
    if before == mode:
        raise TaxModeUnchanged(field="mode")
    made = TaxChoice(
        program_id=program_id,
        mode=TaxMode(mode),
        since=since,
        reason=reason,
        chosen_by=actor,
        chosen_at=at,
    )
    session.add(made)
    session.flush()
    audit.record(
        session,
        chain=chain(program_id),
        actor=actor,
        action="program.tax",
        subject=f"program:{program_id}",
        at=at,
        tax_mode=f"{before or '–'} → {made.mode}",
        since=since.isoformat(),
        reason=reason,
    )
    return made


def hold_mode(session: Session, *, program_id: UUID, on: date) -> TaxMode | None:
    """As `mode_on`, and nobody chooses another way before this transaction ends."""
    session.execute(
        sa.select(col(Program.id))
        .where(col(Program.id) == program_id)
        .with_for_update(read=True, key_share=True)
    )
    return mode_on(session, program_id=program_id, on=on)
