"""What the system decided by itself, and the arithmetic that allows it: figures for one page."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

import sqlalchemy as sa
from sqlmodel import Session, col, select

from claims.states import Verdict
from claims.tables import Claim
from programs.settings import OnSilence, ProgramSettings
from programs.tables import Program
from verification import sampling
from verification.automatic_tables import AutomaticOpinion, SecondLook
from verification.policy import Evidence, Permit, Route
from verification.tables import Decision


@dataclass(frozen=True, slots=True)
class RouteFigures:
    """One route in the last half year. `wrongly` is the most that may be wrong of `paid` points."""

    route: Route
    permit: Permit
    evidence: Evidence
    claims: int
    paid: int
    looked_claims: int
    trials: int
    wrong_claims: int
    wrong_points: int

    @property
    def wrongly(self) -> int:
        return round(self.paid * self.permit.bound)


@dataclass(frozen=True, slots=True)
class Waiting:
    """Why claims were left to people: the fact that was missing, and in how many claims."""

    topic: str
    code: str
    claims: int


@dataclass(frozen=True, slots=True)
class Drawn:
    """One drawn or tried claim. `wrong_points` is `None` while nobody has looked."""

    id: UUID
    at: datetime  # when somebody looked, else when it was drawn: the order of the list
    claim_id: UUID
    number: str
    route: Route
    points: int
    draws: int
    trial: bool
    drawn_at: datetime
    wrong_points: int | None
    taken_back: bool | None


def routes(session: Session, program: Program, *, at: datetime) -> list[RouteFigures]:
    """Every route with its evidence and what it may do now."""
    settings = sampling.settings_of_program(session, program.id)
    found = [_route(session, program.id, route, settings, at) for route in Route]
    # Payment on trust after silence is shown where the programme wants it, or once had it.
    wanted = settings.on_silence is OnSilence.PAY_ON_TRUST
    return [row for row in found if row.route is not Route.SILENCE or wanted or row.claims]


def _route(
    session: Session,
    program_id: UUID,
    route: Route,
    settings: ProgramSettings,
    at: datetime,
) -> RouteFigures:
    since = at - sampling.MEMORY
    claims, paid = session.execute(
        sa.select(sa.func.count(), sa.func.coalesce(sa.func.sum(col(AutomaticOpinion.points)), 0))
        .select_from(AutomaticOpinion)
        .join(Decision, col(Decision.id) == col(AutomaticOpinion.decision_id))
        .join(Claim, col(Claim.id) == col(AutomaticOpinion.claim_id))
        .where(
            col(Claim.program_id) == program_id,
            col(AutomaticOpinion.route) == route,
            col(AutomaticOpinion.verdict) == Verdict.APPROVE,
            col(AutomaticOpinion.at) > since,
        )
    ).one()
    checked = col(SecondLook.checked_at).is_not(None)
    trial = col(SecondLook.decision_id).is_(None)
    wrong = col(SecondLook.wrong_points) > 0
    looked, trials, wrong_claims, wrong_points = session.execute(
        sa.select(
            sa.func.count().filter(checked),
            sa.func.count().filter(checked, trial),
            sa.func.count().filter(wrong),
            sa.func.coalesce(sa.func.sum(col(SecondLook.wrong_points)), 0),
        ).where(
            col(SecondLook.program_id) == program_id,
            col(SecondLook.route) == route,
            col(SecondLook.drawn_at) > since,
            sa.not_(col(SecondLook.void)),
        )
    ).one()
    return RouteFigures(
        route=route,
        permit=sampling.permit_for(
            session, program_id=program_id, route=route, settings=settings, at=at
        ),
        evidence=sampling.evidence_of(session, program_id=program_id, route=route, at=at),
        claims=int(claims),
        paid=int(paid),
        looked_claims=int(looked),
        trials=int(trials),
        wrong_claims=int(wrong_claims),
        wrong_points=int(wrong_points),
    )


def waiting_for(session: Session, program: Program, *, at: datetime) -> list[Waiting]:
    """What was missing in claims that were left to people, the commonest first."""
    # One row per fact of each opinion.
    fact = sa.func.jsonb_array_elements(col(AutomaticOpinion.facts)).table_valued(
        sa.column("value", sa.JSON), name="fact"
    )
    topic = sa.cast(fact.c.value, sa.dialects.postgresql.JSONB)["topic"].astext
    code = sa.cast(fact.c.value, sa.dialects.postgresql.JSONB)["code"].astext
    verdict = sa.cast(fact.c.value, sa.dialects.postgresql.JSONB)["verdict"].astext
    number = sa.func.count(sa.distinct(col(AutomaticOpinion.claim_id)))
    rows = session.execute(
        sa.select(topic, code, number)
        .select_from(AutomaticOpinion)
        .join(Claim, col(Claim.id) == col(AutomaticOpinion.claim_id))
        .join(fact, sa.true())
        .where(
            col(Claim.program_id) == program.id,
            col(AutomaticOpinion.verdict) == Verdict.ABSTAIN,
            col(AutomaticOpinion.at) > at - sampling.MEMORY,
            verdict == Verdict.ABSTAIN.value,
        )
        .group_by(topic, code)
        .order_by(number.desc(), topic, code)
    )
    return [Waiting(row[0], row[1], int(row[2])) for row in rows]


def list_drawn(
    session: Session,
    program: Program,
    *,
    after: tuple[datetime, UUID] | None = None,
    limit: int = 20,
) -> list[Drawn]:
    """The newest drawn and tried claims that somebody looked at, or that wait for it."""
    when = sa.func.coalesce(col(SecondLook.checked_at), col(SecondLook.drawn_at))
    older: sa.ColumnElement[bool] = sa.true()
    if after is not None:
        older = sa.tuple_(when, col(SecondLook.id)) < sa.tuple_(*map(sa.literal, after))
    rows = session.exec(
        select(SecondLook, Claim.number)
        .join(Claim, col(Claim.id) == col(SecondLook.claim_id))
        .where(
            SecondLook.program_id == program.id,
            sa.not_(col(SecondLook.void)),
            sa.or_(
                col(SecondLook.decision_id).is_not(None), col(SecondLook.checked_at).is_not(None)
            ),
            older,
        )
        .order_by(when.desc(), col(SecondLook.id).desc())
        .limit(limit)
    )
    return [
        Drawn(
            id=look.id,
            at=look.checked_at or look.drawn_at,
            claim_id=look.claim_id,
            number=number,
            route=look.route,
            points=look.points,
            draws=look.draws,
            trial=look.decision_id is None,
            drawn_at=look.drawn_at,
            wrong_points=look.wrong_points,
            taken_back=look.taken_back,
        )
        for look, number in rows
    ]
