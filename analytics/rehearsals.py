"""A version of the rules replayed over all past claims, as background work with progress."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlmodel import Session, col, select

from analytics import past_claims
from analytics.disclosure import FEWEST_FIRMS, Group, hidden
from core.errors import NotFound
from core.queue import Job, later
from programs.policy import Rules
from programs.policy_reach import Reach
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


@dataclass(frozen=True, slots=True)
class Told:
    """What may be told of a finished rehearsal, whoever tells it.

    `withheld` as in `withheld_of`; of a result from before this was asked nobody knows whom the
    draft reaches, so nothing is told. `numbers` of people are `None` below five, and where one
    could be found by taking the others from the whole.
    """

    result: Mapping[str, Any]
    withheld: tuple[str, ...]
    numbers: Mapping[str, int | None]

    @property
    def people(self) -> list[UUID]:
        """Who gains and who loses most; named only with their consent."""
        rows = (*self.result["most_gaining"], *self.result["most_losing"])
        return [UUID(person) for person, _ in rows]

    def names_exact(self, named: int) -> bool:
        """Whether so many named people's points may stand beside the sums: what is left of a sum
        once the named are taken off must not be that of a few."""
        unnamed = self.result["gaining"] + self.result["losing"] - named
        return bool(self.withheld) or not 0 < unnamed < FEWEST_FIRMS


def told_of(found: Rehearsal) -> Told:
    """What may be told of a rehearsal that has its result."""
    made = found.result or {}
    sizes = {name: int(made[name]) for name in ("gaining", "losing", "same")}
    kept = hidden(Group(name, size, size) for name, size in sizes.items())
    return Told(
        made,
        tuple(made.get("withheld", [""])),
        {name: None if name in kept else size for name, size in sizes.items()},
    )


def list_of(
    session: Session, version_id: UUID, *, before: UUID | None, limit: int
) -> Sequence[Rehearsal]:
    """A version's rehearsals, newest first, from the one `before` on."""
    query = select(Rehearsal).where(Rehearsal.rule_version_id == version_id)
    if before is not None:
        query = query.where(col(Rehearsal.id) < before)
    return session.exec(query.order_by(col(Rehearsal.id).desc()).limit(limit)).all()


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
    before: Rules | None = None,
    tell: Callable[[int], None] | None = None,
) -> Replay:
    """Judge all claims; `tell` hears how many are done, now and then.

    `before` are the rules in force: what the draft changes of them must not reach too few firms.
    """
    made = Replay(rules, segments_of, Reach(rules, before))
    for claim in claims:
        made.add(claim)
        if tell is not None and made.claims % STEP == 0:
            tell(made.claims)
    return made


def withheld_of(made: Replay, firm_of: Callable[[UUID], str] = str) -> list[str]:
    """Why the sums of a replay are not told: rules that reach too few firms, `""` for all of it.

    A draft that changes the points of one to four firms in all is such a one too.
    """
    narrow = made.reach.narrow(firm_of, fewest=FEWEST_FIRMS) if made.reach is not None else []
    changed = {firm_of(person) for person, change in made.changes.items() if change}
    return narrow or ([""] if 0 < len(changed) < FEWEST_FIRMS else [])


def parted(
    parts: Mapping[str, tuple[int, int]],
    people: Mapping[str, set[UUID]],
    firm_of: Callable[[UUID], str],
) -> list[list[Any]]:
    """Names with points that were and would be; those of too few firms go together as `""`."""
    firms = {name: len({firm_of(person) for person in people[name]}) for name in parts}
    kept = hidden(Group(name, firms[name], parts[name][0]) for name in parts)
    shown = [[name, *parts[name]] for name in sorted(parts) if name not in kept]
    if kept:
        real, then = (sum(parts[name][place] for name in kept) for place in (0, 1))
        shown.append(["", real, then])
    return shown


def result_of(made: Replay, firm_of: Callable[[UUID], str] = str) -> dict[str, Any]:
    """What is kept of a replay: numbers, days as text, participants by id.

    `firm_of` names a participant's firm. What `withheld` names is a reason to tell no sum of it.
    """
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
        "withheld": withheld_of(made, firm_of),
        "families": parted(made.families, made.family_people, firm_of),
        "months": parted(made.months, made.month_people, firm_of),
        "levels": dict(made.levels()),
        "gaining": sum(change > 0 for _, change in changes),
        "losing": sum(change < 0 for _, change in changes),
        "same": sum(change == 0 for _, change in changes),
        "most_gaining": [[str(p), c] for p, c in reversed(changes[-MOST_NAMED:]) if c > 0],
        "most_losing": [[str(p), c] for p, c in changes[:MOST_NAMED] if c < 0],
    }
