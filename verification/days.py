"""Whether a purchase lies in its programme's days and was sent in soon enough."""

from __future__ import annotations

from datetime import date, timedelta
from enum import StrEnum

from claims.tables import Claim
from core.clock import local_date
from programs.settings import ProgramSettings
from programs.tables import Program


class DayFact(StrEnum):
    INSIDE = "inside"
    BEFORE = "before"
    AFTER = "after"
    TOO_LATE = "too_late"  # bought inside the programme, sent in after the claim window
    FUTURE = "future"  # the document is of a later day than the claim: misread, or not sold yet
    UNREAD = "unread"


def day_fact(
    program: Program, bought: date | None, claim: Claim, settings: ProgramSettings
) -> DayFact:
    """What the day of the purchase says; both first and last days count."""
    if bought is None:
        return DayFact.UNREAD
    if bought > local_date(claim.submitted_at):
        return DayFact.FUTURE
    if bought < program.starts_on:
        return DayFact.BEFORE
    if bought > program.ends_on:
        return DayFact.AFTER
    if local_date(claim.submitted_at) > bought + timedelta(days=settings.claim_window_days):
        return DayFact.TOO_LATE
    return DayFact.INSIDE
