"""The earning rules in one place: what they consist of and what they make of a line. Pure."""

from __future__ import annotations

from programs.policy_claim import Judged, Tally, evaluate_claim
from programs.policy_line import (
    Award,
    EarningLine,
    Granted,
    Room,
    Step,
    evaluate,
    points_of_units,
)
from programs.policy_returns import Standing, judge_again
from programs.policy_rules import (
    Budget,
    Bundle,
    BundlePart,
    Campaign,
    Cap,
    Every,
    FirstPurchase,
    Joining,
    Ladder,
    Level,
    Measure,
    Multiplier,
    PerUnit,
    PerValue,
    Rules,
    Selection,
    Stacking,
    Target,
)

__all__ = [
    "Award",
    "Budget",
    "Bundle",
    "BundlePart",
    "Campaign",
    "Cap",
    "EarningLine",
    "Every",
    "FirstPurchase",
    "Granted",
    "Joining",
    "Judged",
    "Ladder",
    "Level",
    "Measure",
    "Multiplier",
    "PerUnit",
    "PerValue",
    "Room",
    "Rules",
    "Selection",
    "Stacking",
    "Standing",
    "Step",
    "Tally",
    "Target",
    "evaluate",
    "evaluate_claim",
    "judge_again",
    "points_of_units",
]
