"""A claim whose units came back is judged again, and gets back what corrections took of it."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from datetime import datetime
from uuid import UUID

from sqlmodel import Session

from claims import queries
from claims.tables import Claim, ClaimLine
from points import restoring
from programs import budgets
from programs import queries as program_queries
from programs.policy import EarningLine, Rules
from programs.rule_tables import RuleVersion
from verification.budget_notice import tell_budget_ended
from verification.judging import award_reference
from verification.kept_points import Kept
from verification.regained_points import regain


def lift(
    session: Session, claim: Claim, *, give: Callable[[ClaimLine, int], None], at: datetime
) -> list[str]:
    """Put a locked claim's lines right; the names of the rules whose bonuses came back.

    The lines have their units already. `give` is called for every paid line with the points that
    come back into its award (zero or more).
    """
    every = queries.list_lines(session, claim.id)
    now = regain(session, claim)
    lines = [line for line in every if line.rule_version_id or line.id in now]
    gains = _gains(session, lines, now)
    changing = [line for line in lines if line.id in now]
    _spend(session, claim, changing, now, at)
    for line in lines:
        give(line, gains[line.id])
    for line in changing:
        one = now[line.id]
        line.points, line.explanation, line.rule_facts = one.points, one.steps, one.facts
        session.add(line)
    session.flush()
    return list(dict.fromkeys(clause for line in changing for clause in now[line.id].lost))


def _gains(
    session: Session, lines: Sequence[ClaimLine], now: Mapping[UUID, Kept]
) -> dict[UUID, int]:
    """How much each line's award gets back, so that all of them gain what the lines gain.

    First the lines that gain; a bonus that comes back to another line than it was paid with comes
    back into the award that it was taken of.
    """
    awards = {line.id: award_reference(session, line) for line in lines}
    taken = restoring.list_taken(session, awards.values())
    rises = {x.id: now[x.id].points - x.points if x.id in now else 0 for x in lines}
    left = sum(rises.values())
    gains = dict.fromkeys(rises, 0)
    for wanted in (True, False):
        for line in lines:
            most = taken.get(awards[line.id], 0) - gains[line.id]
            if wanted:
                most = min(most, max(rises[line.id], 0))
            part = max(min(most, left), 0)
            gains[line.id] += part
            left -= part
    assert not left, "more points come back than were taken"
    return gains


def _spend(
    session: Session,
    claim: Claim,
    lines: Sequence[ClaimLine],
    now: Mapping[UUID, Kept],
    at: datetime,
) -> None:
    """Count what lines gain in the budgets of their days; `regain` locked and asked its own."""
    rises: dict[UUID, int] = {}
    facts: dict[UUID, EarningLine] = {}
    for line in lines:
        if line.rule_version_id is not None and line.rule_facts:
            version = line.rule_version_id
            rises[version] = rises.get(version, 0) + now[line.id].points - line.points
            facts[version] = EarningLine.model_validate(line.rule_facts)
    for version, points in rises.items():
        if points > 0:
            rules = Rules.model_validate(session.get_one(RuleVersion, version).rules)
            on = facts[version].purchased_on
            ended = budgets.spend(
                session, program_id=claim.program_id, rules=rules, on=on, points=points, at=at
            )
            if ended and rules.budget is not None:
                program = program_queries.get_program(session, claim.program_id)
                tell_budget_ended(session, program=program, budget=rules.budget, on=on, at=at)
        elif points < 0:
            told = facts[version].model_dump(mode="json")
            budgets.give_back(session, program_id=claim.program_id, rule_facts=told, points=-points)
