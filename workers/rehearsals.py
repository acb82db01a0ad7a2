"""Carries out rehearsals of rules; the progress is told while it goes."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

import sqlalchemy as sa
from sqlmodel import Session, col

from analytics import past_claims, rehearsals
from core import clock
from core.clock import local_date
from core.runtime import App
from programs import rule_drafts
from programs.policy import Rules
from programs.rehearsal_tables import Rehearsal, RehearsalStatus
from workers.runtime import Task


def rehearse(app: App, task: Task, *, rehearsal_id: str) -> None:
    """Replay all claims from one view of them. Running it twice leaves the same result."""
    with app.database.unit_of_work() as session:
        asked = session.get_one(Rehearsal, UUID(rehearsal_id))
        if asked.status in (RehearsalStatus.DONE, RehearsalStatus.FAILED):
            return
        program_id, years, rules = asked.program_id, asked.shifted_years, asked.rules
        total = past_claims.extent(session, program_id)[0]
        asked.status, asked.total, asked.done = RehearsalStatus.RUNNING, total, 0
        session.add(asked)

    def tell(done: int) -> None:
        with app.database.unit_of_work() as session:
            _update(session, rehearsal_id, done=min(done, total))

    with app.database.unit_of_work() as reading:
        # Between two pages it computes, on a busy machine for longer than a forgotten transaction
        # may stay open.
        reading.execute(sa.text("SET LOCAL idle_in_transaction_session_timeout = '5min'"))
        made = rehearsals.replay(
            past_claims.stream(reading, program_id, years=years),
            Rules.model_validate(rules),
            past_claims.segments_of(reading, program_id),
            before=_in_force(reading, program_id),
            tell=tell,
        )
        firms = past_claims.firms_of(reading, program_id)
    with task.finishing() as session:
        _update(
            session,
            rehearsal_id,
            status=RehearsalStatus.DONE,
            done=made.claims,
            total=made.claims,
            result=rehearsals.result_of(made, firms.__getitem__),
            finished_at=clock.now(),
        )


def _in_force(session: Session, program_id: UUID) -> Rules | None:
    version = rule_drafts.find_in_force(session, program_id=program_id, on=local_date(clock.now()))
    return rule_drafts.rules_of(version) if version is not None else None


def give_up(session: Session, *, rehearsal_id: str, error: str, at: datetime) -> None:
    """It failed every time: somebody sees that and may ask again."""
    del error
    _update(session, rehearsal_id, status=RehearsalStatus.FAILED, finished_at=at)


def _update(session: Session, rehearsal_id: str, **values: object) -> None:
    session.execute(
        sa.update(Rehearsal)
        .where(
            col(Rehearsal.id) == UUID(rehearsal_id), col(Rehearsal.status) != RehearsalStatus.DONE
        )
        .values(**values)
    )
