"""The points that a line keeps when units of it come back, under the version that granted them."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from sqlmodel import Session

from claims.tables import ClaimLine
from core.money import half_up
from programs.policy import EarningLine, Rules, evaluate, points_of_units
from programs.rule_tables import RuleVersion


@dataclass(frozen=True, slots=True)
class Kept:
    """Points of the units that stay, and the steps that make them."""

    points: int
    steps: list[dict[str, Any]]


def kept_of(session: Session, line: ClaimLine, *, units: Decimal) -> Kept:
    """What a paid line is worth with `units` left of those accepted; never more than it had.

    The rules are asked with every fact that the decision stored. A line from before facts were
    stored keeps its share of the points.
    """
    assert line.quantity_accepted is not None
    if units <= 0 or not line.quantity_accepted:
        return Kept(0, [])
    version = session.get(RuleVersion, line.rule_version_id) if line.rule_version_id else None
    if version is not None and line.rule_facts:
        rules = Rules.model_validate(version.rules)
        judged = EarningLine.model_validate(line.rule_facts)
        points = points_of_units(rules, judged, units)
        value = judged.value
        if value is not None and judged.units:
            value = value * units / judged.units
        steps = evaluate(rules, judged.model_copy(update={"units": units, "value": value})).steps
        return Kept(min(points, line.points), [step.model_dump(mode="json") for step in steps])
    share = half_up(line.points * units / line.quantity_accepted)
    return Kept(min(share, line.points), list(line.explanation))
