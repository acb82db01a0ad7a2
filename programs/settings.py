"""A programme's settings, validated wherever they are read or written."""

from __future__ import annotations

from decimal import Decimal
from enum import StrEnum

from pydantic import BaseModel, ConfigDict, Field


class SpentPoints(StrEnum):
    """What happens when a correction takes back points that were spent; both ways they are owed."""

    DEBT = "debt"  # the next points pay
    HOLD = "hold"  # and rewards that have not been packed wait until then


class OtherLines(StrEnum):
    """What is kept of a document's lines that are no products of the programme."""

    KEEP = "keep"
    MASK = "mask"
    DROP = "drop"


class OnSilence(StrEnum):
    """What happens to a claim that its wholesaler did not decide in the promised time."""

    ESCALATE = "escalate"
    PAY_ON_TRUST = "pay_on_trust"  # within earned limits, with a second look; else as above


class ProgramSettings(BaseModel):
    """Stored as JSON in `program.settings`; absent keys take these defaults."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    claim_window_days: int = Field(
        60, ge=1, le=400, description="Days after the purchase to claim it."
    )
    points_valid_days: int = Field(365, ge=30, le=1830, description="Days until points expire.")
    promise_working_hours: int = Field(
        8, ge=1, le=80, description="Working hours a partner has to decide."
    )
    match_threshold: Decimal = Field(
        Decimal("0.92"), ge=0, le=1, description="Below this score a product is in doubt."
    )
    eligible_segment: str = Field(
        "",
        max_length=60,
        pattern=r"^([a-z0-9][a-z0-9-]*)?$",
        description="Key of the segment whose people may claim; empty: every participant.",
    )
    share_documents: bool = Field(
        True, description="May several participants claim parts of one document?"
    )
    other_lines: OtherLines = Field(
        OtherLines.KEEP, description="What is kept of lines that are not the programme's."
    )
    needs_information_days: int = Field(14, ge=1, le=60, description="Days to answer a question.")
    appeal_days: int = Field(14, ge=1, le=60, description="Days to appeal against a decision.")
    remind_working_hours: int = Field(
        2, ge=1, le=40, description="Working hours before the promised time to remind clerks."
    )
    on_silence: OnSilence = Field(
        OnSilence.ESCALATE, description="What happens when the promised time passes."
    )
    silence_points: int = Field(
        500, ge=0, le=1_000_000, description="Most points paid on trust after silence, per claim."
    )
    late_points: int = Field(
        0, ge=0, le=100_000, description="Points charged to a wholesaler per late decision."
    )
    appeal_working_days: int = Field(
        3, ge=1, le=30, description="Working days in which an appeal is answered."
    )
    undo_seconds: int = Field(
        10, ge=0, le=60, description="Seconds in which a decision is undone at once."
    )
    prices_visible: bool = Field(
        False, description="Whether partners let the manufacturer see values."
    )
    documents_kept_days: int = Field(
        1826,
        ge=365,
        le=3653,
        description="Days after its decision for which a claim's document is kept.",
    )
    reward_margin_days: int = Field(
        5, ge=1, le=60, description="Working days promised for a delivery."
    )
    reversal_days: int = Field(
        730,
        ge=30,
        le=3653,
        description="Days after a purchase in which its corrections take points back; a later one "
        "waits for a person.",
    )
    spent_points: SpentPoints = Field(
        SpentPoints.DEBT, description="What a correction of spent points leads to."
    )
    adjustment_limit: int = Field(
        500, ge=0, le=1_000_000, description="Above so many points a second person must agree."
    )
    # The trigger of `decision` repeats this default.
    four_eyes_points: int = Field(
        10_000, ge=0, le=1_000_000, description="Points above which two people decide; 0: never."
    )
    automatic: bool = Field(True, description="May the system decide what is proven?")
    automatic_points: int = Field(
        5000, ge=0, le=1_000_000, description="Most points paid on a proof by others, per claim."
    )
    automatic_reading_points: int = Field(
        1500, ge=0, le=1_000_000, description="Most points paid on a trusted reading, per claim."
    )
    trust_claims: int = Field(
        10, ge=1, le=1000, description="Paid claims until a participant has earned trust."
    )
    trust_decisions: int = Field(
        30, ge=1, le=10_000, description="Decisions until a partner has earned trust."
    )
    sample_share: Decimal = Field(
        Decimal("0.05"), gt=0, le=1, description="Share of automatic payments looked at again."
    )
    sample_points: int = Field(
        500, ge=1, le=100_000, description="Points that are one chance in the draw."
    )
    sample_waiting: int = Field(
        40, ge=1, le=1000, description="Drawn claims that may wait before automation stops."
    )
    error_ceiling: Decimal = Field(
        Decimal("0.05"), gt=0, lt=1, description="Largest bearable share of wrongly paid points."
    )
    branch_points_per_decision: int = Field(
        0, ge=0, le=1000, description="Points a branch earns by a decision that stands."
    )
    branch_points_per_enrolment: int = Field(
        0, ge=0, le=10_000, description="Points a branch earns by an enrolled fitter's first claim."
    )
