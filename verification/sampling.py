"""Second looks: which decisions of the system people judge again, and what they found."""

from __future__ import annotations

import secrets
from datetime import datetime, timedelta
from uuid import UUID

import sqlalchemy as sa
from sqlmodel import Session, col, select

from partners import places
from programs import queries as program_queries
from programs.settings import ProgramSettings
from verification import policy
from verification.automatic_tables import AutomaticOpinion, SecondLook
from verification.calendar import add_working_hours
from verification.policy import Evidence, Limits, Permit, Route, Steering
from verification.tables import Cause, Review, ReviewStatus

MEMORY = timedelta(days=180)  # what was found longer ago says little about today
LOOK_HOURS = 40  # nobody waits for a second look: a working week
_PRECISION = 1_000_000


def limits_of(settings: ProgramSettings) -> Limits:
    return Limits(
        settings.automatic_points, settings.automatic_reading_points, settings.silence_points
    )


def steering_of(settings: ProgramSettings) -> Steering:
    return Steering(
        settings.automatic, settings.error_ceiling, settings.sample_share, settings.sample_waiting
    )


def evidence_of(session: Session, *, program_id: UUID, route: Route, at: datetime) -> Evidence:
    """What second looks and trials of the last half year found on one route."""
    checked = col(SecondLook.checked_at).is_not(None)
    looked_at, errors, waiting = session.execute(
        sa.select(
            sa.func.coalesce(sa.func.sum(col(SecondLook.draws)).filter(checked), 0),
            sa.func.coalesce(
                sa.func.sum(col(SecondLook.draws)).filter(
                    checked, col(SecondLook.wrong_points) > 0
                ),
                0,
            ),
            sa.func.count().filter(sa.not_(checked), col(SecondLook.decision_id).is_not(None)),
        ).where(
            col(SecondLook.program_id) == program_id,
            col(SecondLook.route) == route,
            col(SecondLook.drawn_at) > at - MEMORY,
            sa.not_(col(SecondLook.void)),
        )
    ).one()
    return Evidence(int(looked_at), int(errors), int(waiting))


def permit_for(
    session: Session,
    *,
    program_id: UUID,
    route: Route,
    settings: ProgramSettings,
    at: datetime,
) -> Permit:
    """What the route may decide at this moment."""
    evidence = evidence_of(session, program_id=program_id, route=route, at=at)
    return policy.permit(route, evidence, limits_of(settings), steering_of(settings))


def draw(points: int, *, share: float, draw_points: int) -> int:
    """How many of a claim's chances hit. Each is drawn by itself, so nobody can foresee any."""
    chances = policy.draws_of(points, draw_points)
    bar = round(share * _PRECISION)
    return sum(secrets.randbelow(_PRECISION) < bar for _ in range(chances))


def draw_for_second_look(
    session: Session,
    *,
    opinion: AutomaticOpinion,
    review: Review,
    settings: ProgramSettings,
    share: float,
    at: datetime,
) -> SecondLook | None:
    """Maybe put an automatic payment into the queue once more, as if nobody had decided it."""
    assert opinion.decision_id is not None
    assert opinion.route is not None
    hits = draw(opinion.points, share=share, draw_points=settings.sample_points)
    if not hits:
        return None
    again = Review(
        claim_id=review.claim_id,
        program_id=review.program_id,
        partner_id=review.partner_id,
        branch_id=places.standing(session, review.branch_id).id if review.branch_id else None,
        cause=Cause.AUDIT,
        status=ReviewStatus.OPEN if review.partner_id else ReviewStatus.ESCALATED,
        escalated_at=None if review.partner_id else at,
        due_at=add_working_hours(at, LOOK_HOURS),
        created_at=at,
    )
    session.add(again)
    session.flush()
    look = SecondLook(
        program_id=review.program_id,
        claim_id=review.claim_id,
        opinion_id=opinion.id,
        decision_id=opinion.decision_id,
        review_id=again.id,
        route=opinion.route,
        draws=hits,
        points=opinion.points,
        drawn_at=at,
    )
    session.add(look)
    session.flush()
    return look


def begin_trial(
    session: Session,
    *,
    program_id: UUID,
    opinion: AutomaticOpinion,
    settings: ProgramSettings,
    at: datetime,
) -> SecondLook:
    """Remember what the system would have paid; the person who decides now is the second look."""
    assert opinion.route is not None
    drop_trials(session, claim_id=opinion.claim_id)
    look = SecondLook(
        program_id=program_id,
        claim_id=opinion.claim_id,
        opinion_id=opinion.id,
        route=opinion.route,
        draws=policy.draws_of(opinion.points, settings.sample_points),
        points=opinion.points,
        drawn_at=at,
    )
    session.add(look)
    session.flush()
    return look


def drop_trials(session: Session, *, claim_id: UUID) -> None:
    """Forget trials that no person decided: a newer opinion stands in their place."""
    session.execute(
        sa.update(SecondLook)
        .where(
            col(SecondLook.claim_id) == claim_id,
            col(SecondLook.decision_id).is_(None),
            col(SecondLook.checked_at).is_(None),
        )
        .values(void=True)
    )


def close_trials(
    session: Session, *, claim_id: UUID, paid: int, checked_by: UUID, at: datetime
) -> None:
    """A person decided: compare with what the system would have paid."""
    trials = session.exec(
        select(SecondLook).where(
            SecondLook.claim_id == claim_id,
            col(SecondLook.decision_id).is_(None),
            col(SecondLook.checked_at).is_(None),
            sa.not_(col(SecondLook.void)),
        )
    )
    for trial in trials:
        trial.wrong_points = max(0, trial.points - paid)
        trial.checked_by, trial.checked_at = checked_by, at
        session.add(trial)


def void_open(session: Session, *, decision_id: UUID) -> None:
    """A decision was undone before its second look: it says nothing about the system any more."""
    session.execute(
        sa.update(SecondLook)
        .where(col(SecondLook.decision_id) == decision_id, col(SecondLook.checked_at).is_(None))
        .values(void=True)
    )


def find_look(session: Session, review_id: UUID) -> SecondLook | None:
    """The second look that a review of the cause `audit` stands for."""
    return session.exec(
        select(SecondLook)
        .where(SecondLook.review_id == review_id)
        .with_for_update()
        .execution_options(populate_existing=True)
    ).one_or_none()


def settings_of_program(session: Session, program_id: UUID) -> ProgramSettings:
    return program_queries.settings_of(program_queries.get_program(session, program_id))
