"""The points that lines keep when units come back, under the version that granted them."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Any
from uuid import UUID

from sqlmodel import Session

from claims import earning, queries
from claims.tables import Claim, ClaimLine
from core.money import half_up
from programs.policy import EarningLine, Rules, Standing, judge_again
from programs.rule_tables import RuleVersion


@dataclass(frozen=True, slots=True)
class Kept:
    """Points of the units that stay, the steps that make them, and the facts as they are now.

    `lost` are the names of the rules whose bonus the line no longer has.
    """

    points: int
    steps: list[dict[str, Any]]
    facts: dict[str, Any]
    lost: list[str] = field(default_factory=list)


def keep(session: Session, claim: Claim, *, taken: Mapping[UUID, Decimal]) -> dict[UUID, Kept]:
    """What each paid line of a claim keeps, by its id, with the units that it has by now.

    `taken` are the units that were just taken out of lines. All lines are judged together with
    every fact that the decision stored, for sets, targets and first purchases depend on others. A
    line from before facts were stored keeps its share of the points.
    """
    found: dict[UUID, Kept] = {}
    by_version: defaultdict[UUID, list[ClaimLine]] = defaultdict(list)
    for line in queries.list_lines(session, claim.id):
        if not line.points and not line.quantity_accepted:
            continue
        if line.rule_version_id is not None and line.rule_facts:
            by_version[line.rule_version_id].append(line)
        else:
            found[line.id] = _share(line, taken.get(line.id, Decimal(0)))
    for version_id, lines in by_version.items():
        rules = Rules.model_validate(session.get_one(RuleVersion, version_id).rules)
        found.update(_judged(session, claim, rules, lines))
    return found


def _judged(
    session: Session, claim: Claim, rules: Rules, lines: Sequence[ClaimLine]
) -> dict[UUID, Kept]:
    elsewhere = None
    if rules.remembers:
        elsewhere = earning.load_tally(
            session, claim.participant_id, only=[line.id for line in lines]
        )
    before = [EarningLine.model_validate(line.rule_facts) for line in lines]
    judged = judge_again(
        rules,
        [
            Standing(told, line.quantity_accepted or Decimal(0), line.points)
            for told, line in zip(before, lines, strict=True)
        ],
        elsewhere=elsewhere,
    )
    still = {g.clause for one in judged for g in one.line.granted}
    return {
        line.id: Kept(
            points=one.award.points,
            steps=[step.model_dump(mode="json") for step in one.award.steps],
            facts=one.line.model_dump(mode="json"),
            lost=[g.clause for g in told.granted if g.clause not in still],
        )
        for line, told, one in zip(lines, before, judged, strict=True)
    }


def _share(line: ClaimLine, taken: Decimal) -> Kept:
    left = line.quantity_accepted or Decimal(0)
    if left <= 0:
        return Kept(0, [], line.rule_facts)
    share = half_up(line.points * left / (left + taken))
    return Kept(min(share, line.points), list(line.explanation), line.rule_facts)
