"""A version of the rules replayed over all past claims, as background work with progress."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlmodel import Session, col, select

from analytics import past_claims
from core.errors import NotFound
from core.queue import Job, later
from programs.policy import Rules
from programs.policy_replay import PastClaim, Replay, SegmentsOf, years_to_shift
from programs.rehearsal_tables import Rehearsal, RehearsalStatus
from programs.rule_tables import RuleVersion

REHEARSE = Job("workers.rehearse", timeout_s=600, lease_s=60)
MOST_NAMED = 10  # who gains and loses most
STEP = 500  # claims between two words about the progress


class RehearsalNotFound(NotFound):
    code = "rehearsal-not-found"


def request(session: Session, version: RuleVersion, *, actor: str, at: datetime) -> Rehearsal:
    """Ask for a rehearsal of the version as it stands now.

    Past purchases are moved by whole years until the first lies on or after the version's first
    day, so that a promotion in March meets the purchases of March. One that waits or runs with the
    same rules is not asked for again.
    """
    open_ = session.exec(
        select(Rehearsal)
        .where(
            Rehearsal.rule_version_id == version.id,
            col(Rehearsal.status).in_([RehearsalStatus.WAITING, RehearsalStatus.RUNNING]),
        )
        .order_by(col(Rehearsal.requested_at).desc())
    ).first()
    if open_ is not None and open_.rules == version.rules:
        return open_
    total, first = past_claims.extent(session, version.program_id)
    made = Rehearsal(
        program_id=version.program_id,
        rule_version_id=version.id,
        rules=version.rules,
        shifted_years=years_to_shift(first, version.valid_from) if first else 0,
        total=total,
        requested_by=actor,
        requested_at=at,
    )
    session.add(made)
    session.flush()
    later(session, REHEARSE, key=f"rehearse-{made.id}", at=at, rehearsal_id=str(made.id))
    return made


def get(session: Session, *, program_id: UUID, rehearsal_id: UUID) -> Rehearsal:
    """Raises `RehearsalNotFound` for what is not the programme's."""
    found = session.get(Rehearsal, rehearsal_id, populate_existing=True)
    if found is None or found.program_id != program_id:
        raise RehearsalNotFound
    return found


def newest_of(session: Session, version_id: UUID) -> Rehearsal | None:
    return session.exec(
        select(Rehearsal)
        .where(Rehearsal.rule_version_id == version_id)
        .order_by(col(Rehearsal.requested_at).desc())
        .limit(1)
    ).first()


def replay(
    claims: Iterable[PastClaim],
    rules: Rules,
    segments_of: SegmentsOf,
    *,
    tell: Callable[[int], None] | None = None,
) -> Replay:
    """Judge all claims; `tell` hears how many are done, now and then."""
    made = Replay(rules, segments_of)
    for claim in claims:
        made.add(claim)
        if tell is not None and made.claims % STEP == 0:
            tell(made.claims)
    return made


def result_of(made: Replay) -> dict[str, Any]:
    """What is kept of a replay: numbers, days as text, participants by id."""
    changes = sorted(made.changes.items(), key=lambda item: (item[1], str(item[0])))
    ends_on = made.budget_forecast()
    return {
        "claims": made.claims,
        "lines": made.lines,
        "points": made.points,
        "points_then": made.points_then,
        "cut_lines": made.cut_lines,
        "first_day": made.first_day.isoformat() if made.first_day else None,
        "last_day": made.last_day.isoformat() if made.last_day else None,
        "budget_ends_on": ends_on.isoformat() if ends_on else None,
        "budget_ended": made.budget_ended_on is not None,
        "families": [[name, *made.families[name]] for name in sorted(made.families)],
        "months": [[name, *made.months[name]] for name in sorted(made.months)],
        "levels": dict(made.levels()),
        "gaining": sum(change > 0 for _, change in changes),
        "losing": sum(change < 0 for _, change in changes),
        "same": sum(change == 0 for _, change in changes),
        "most_gaining": [[str(p), c] for p, c in reversed(changes[-MOST_NAMED:]) if c > 0],
        "most_losing": [[str(p), c] for p, c in changes[:MOST_NAMED] if c < 0],
    }
