"""A line as it was paid, kept when a correction first lowers it: what may come back of it."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal
from typing import Any

import sqlalchemy as sa
from sqlmodel import col

from claims.states import ReasonCode
from claims.tables import ClaimLine


@dataclass(frozen=True, slots=True)
class Granted:
    """Units and points of a line before any correction, and the facts that it was judged by.

    Nothing that comes back is ever more than this.
    """

    units: Decimal
    points: int
    reason: ReasonCode
    steps: list[dict[str, Any]]
    facts: dict[str, Any]


def remember(line: ClaimLine) -> None:
    """Keep a paid line as it stands; call it before its first correction changes anything."""
    if line.granted:
        return
    line.granted = {
        "units": str(line.quantity_accepted or Decimal(0)),
        "points": line.points,
        "reason": line.reason or ReasonCode.COUNTED,
        "steps": line.explanation,
        "facts": line.rule_facts,
    }


def granted_of(line: ClaimLine) -> Granted | None:
    """What a decision gave a line that corrections lowered since; None for every other line."""
    if not line.granted:
        return None
    return Granted(
        units=Decimal(line.granted["units"]),
        points=int(line.granted["points"]),
        reason=ReasonCode(line.granted["reason"]),
        steps=line.granted["steps"],
        facts=line.granted["facts"],
    )


def was_lowered() -> sa.ColumnElement[bool]:
    """Whether corrections lowered a line that the standing decision paid."""
    return col(ClaimLine.granted) != {}
