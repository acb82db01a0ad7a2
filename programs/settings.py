"""A programme's settings, validated wherever they are read or written."""

from __future__ import annotations

from decimal import Decimal

from pydantic import BaseModel, ConfigDict, Field


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
    share_documents: bool = Field(
        True, description="May several participants claim parts of one document?"
    )
    needs_information_days: int = Field(14, ge=1, le=60, description="Days to answer a question.")
    appeal_days: int = Field(14, ge=1, le=60, description="Days to appeal against a decision.")
    undo_seconds: int = Field(
        10, ge=0, le=60, description="Seconds in which a decision is undone at once."
    )
    prices_visible: bool = Field(
        False, description="Whether partners let the manufacturer see values."
    )
    reward_margin_days: int = Field(
        5, ge=1, le=60, description="Working days promised for a delivery."
    )
