"""The points of lines that got units back: by the facts of their decision, never more than it gave.

What a decision granted is judged again with the units that are there now, as if only the rest had
ever come back. Caps and budgets leave what they leave today; a bonus that another claim was given
meanwhile stays there.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from decimal import Decimal
from typing import Any
from uuid import UUID

from sqlmodel import Session

from claims import budget_room, earning, queries
from claims.granted import granted_of
from claims.tables import Claim, ClaimLine
from core.money import half_up
from programs.policy import (
    Bundle,
    EarningLine,
    Judged,
    Room,
    Rules,
    Standing,
    Tally,
    evaluate,
    judge_again,
)
from programs.rule_tables import RuleVersion
from verification.kept_points import Kept


def regain(session: Session, claim: Claim) -> dict[UUID, Kept]:
    """What each line of a claim has now that some got units back, by its id.

    `lost` of each are the names of the bonuses that came back. The participant is locked. Nothing
    where the whole claim would have less than it has.
    """
    found: dict[UUID, Kept] = {}
    by_version: defaultdict[UUID, list[ClaimLine]] = defaultdict(list)
    lines = [x for x in queries.list_lines(session, claim.id) if x.points or x.quantity_accepted]
    for line in lines:
        if line.rule_version_id is not None and _facts(line):
            by_version[line.rule_version_id].append(line)
        else:
            found[line.id] = _share(line)
    for version_id, group in by_version.items():
        rules = Rules.model_validate(session.get_one(RuleVersion, version_id).rules)
        found.update(_judged(session, claim, rules, group))
    now, before = sum(one.points for one in found.values()), sum(line.points for line in lines)
    return found if now >= before else {}


def _facts(line: ClaimLine) -> dict[str, Any]:
    was = granted_of(line)
    return was.facts if was else line.rule_facts


def _share(line: ClaimLine) -> Kept:
    """A line from before facts were stored has its share of the points that it was given."""
    was, units = granted_of(line), line.quantity_accepted or Decimal(0)
    if was is None or not was.units:
        return Kept(line.points, list(line.explanation), line.rule_facts)
    points = half_up(was.points * min(units, was.units) / was.units)
    return Kept(max(points, line.points), was.steps, was.facts)


def _judged(
    session: Session, claim: Claim, rules: Rules, lines: Sequence[ClaimLine]
) -> dict[UUID, Kept]:
    elsewhere = None
    if rules.remembers:
        elsewhere = earning.load_tally(
            session, claim.participant_id, only=[line.id for line in lines]
        )
    standing = []
    for line in lines:
        was = granted_of(line)
        told = _still_free(rules, EarningLine.model_validate(_facts(line)), elsewhere)
        standing.append(
            Standing(told, line.quantity_accepted or Decimal(0), was.points if was else line.points)
        )
    judged = judge_again(rules, standing, elsewhere=elsewhere)
    judged = _within_limits(session, claim, rules, lines, judged, elsewhere)
    had = {g["clause"] for line in lines for g in line.rule_facts.get("granted", ())}
    return {
        line.id: Kept(
            points=one.award.points,
            steps=[step.model_dump(mode="json") for step in one.award.steps],
            facts=one.line.model_dump(mode="json"),
            lost=[g.clause for g in one.line.granted if g.clause not in had],
        )
        for line, one in zip(lines, judged, strict=True)
    }


def _still_free(rules: Rules, line: EarningLine, elsewhere: Tally | None) -> EarningLine:
    """The line without the bonuses that fall once and that another claim has by now."""
    if elsewhere is None:
        return line
    once = {b.identity for b in rules.bonuses if not isinstance(b, Bundle)}
    free = tuple(
        g
        for g in line.granted
        if g.identity not in once or (g.identity, g.stretch) not in elsewhere.granted
    )
    return line.model_copy(update={"granted": free})


def _within_limits(
    session: Session,
    claim: Claim,
    rules: Rules,
    lines: Sequence[ClaimLine],
    judged: Sequence[Judged],
    elsewhere: Tally | None,
) -> list[Judged]:
    """What today's room under caps and the budget leaves of the points, line after line."""
    given, made = 0, []
    used = _budget_elsewhere(session, claim, rules, lines, judged)
    for line, one in zip(lines, judged, strict=True):
        day = one.line.purchased_on
        left = {
            f"participant:{cap.every}": cap.points - elsewhere.points[cap.every.key(day)] - given
            for cap in rules.participant_caps
            if elsewhere is not None
        }
        if rules.budget is not None:
            left[f"budget:{rules.budget.every}"] = rules.budget.points - used - given
        if any(room < one.award.points for room in left.values()):
            one = _cut(rules, one, line.quantity_accepted or Decimal(0), left)
        given += one.award.points
        made.append(one)
    return made


def _cut(rules: Rules, one: Judged, units: Decimal, left: dict[str, int]) -> Judged:
    old = {room.limit: room.left for room in one.line.rooms}
    rooms = tuple(
        Room(limit=limit, left=max(min(x[limit] for x in (old, left) if limit in x), 0))
        for limit in dict.fromkeys((*old, *left))
    )
    value = one.line.value
    if value is not None and one.line.units:
        value = value * units / one.line.units
    line = one.line.model_copy(update={"rooms": rooms})
    award = evaluate(rules, line.model_copy(update={"units": units, "value": value}))
    return Judged(line, award)


def _budget_elsewhere(
    session: Session,
    claim: Claim,
    rules: Rules,
    lines: Sequence[ClaimLine],
    judged: Sequence[Judged],
) -> int:
    """What the budget gave to everybody but these lines; it stays locked."""
    if rules.budget is None or not judged:
        return 0
    day = judged[0].line.purchased_on
    used = budget_room.lock(session, program_id=claim.program_id, rules=rules, on=day)
    return used - sum(line.points for line in lines if line.rule_facts)
