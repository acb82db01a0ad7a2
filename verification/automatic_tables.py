"""What the system thought of a claim, and what people found when they looked again."""

from __future__ import annotations

from datetime import datetime
from typing import Any
from uuid import UUID

import sqlalchemy as sa
from sqlmodel import SQLModel

from claims.states import Verdict
from core.columns import big_int, check, enum_field, json_field, key_field, moment, references
from verification.policy import Course, Route


class AutomaticOpinion(SQLModel, table=True):
    """One evaluation of one claim with its facts. Append-only.

    `decision_id` is set when the opinion was carried out. An approval that the evidence did not
    allow stays without one: the person who decides instead shows whether it was right.
    """

    __tablename__ = "automatic_opinion"
    __table_args__ = (
        check("points", "points >= 0 AND limit_points >= 0"),
        sa.Index("ix_automatic_opinion_claim", "claim_id", "at"),
        {"info": {"append_only": True}},
    )

    id: UUID = key_field()
    claim_id: UUID = references("claim.id", index=False)
    decision_id: UUID | None = references("decision.id", default=None)
    verdict: Verdict = enum_field(Verdict)
    route: Route | None = enum_field(Route, default=None)
    course: Course | None = enum_field(Course, default=None)
    facts: list[dict[str, Any]] = json_field(default_factory=list)
    points: int = big_int(default=0)
    limit_points: int = big_int(default=0)
    at: datetime = moment()


class SecondLook(SQLModel, table=True):
    """A decision of the system that people judge again without knowing what it said.

    Without a `decision_id` it is a trial: the system only said what it would have done.
    `draws` of the claim's draws were hit; each counts as one in the bound.
    """

    __tablename__ = "second_look"
    __table_args__ = (
        check("draws", "draws > 0"),
        check("looked", "(checked_at IS NULL) = (wrong_points IS NULL)"),
        check("wrong", "wrong_points >= 0 AND wrong_points <= points"),
        sa.Index("ix_second_look_program", "program_id", "route", "drawn_at"),
    )

    id: UUID = key_field()
    program_id: UUID = references("program.id", index=False)
    claim_id: UUID = references("claim.id")
    opinion_id: UUID = references("automatic_opinion.id")
    decision_id: UUID | None = references("decision.id", default=None)
    review_id: UUID | None = references("review.id", default=None)
    route: Route = enum_field(Route)
    draws: int
    points: int = big_int()
    drawn_at: datetime = moment()
    checked_by: UUID | None = references("person.id", default=None)
    checked_at: datetime | None = moment(default=None)
    wrong_points: int | None = big_int(default=None)
    # Whether the wrong points could be taken back; those that were spent stay with the participant.
    taken_back: bool | None = None
    # The claim was withdrawn from the sample: its decision was undone before anybody looked.
    void: bool = False
