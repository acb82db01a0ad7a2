"""An appeal as the participant and the person who answers it see it."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from uuid import UUID

from sqlmodel import Session

from accounts.tables import Person
from claims.states import ReasonCode
from claims.tables import Claim
from verification import appeals, cuts
from verification.appeal_tables import AppealStatus
from verification.tables import Cause, Decision, Review
from web.error_texts import N_
from web.views.review_words import REASONS

REASON_WORDS = dict(REASONS)
STATES = {
    AppealStatus.OPEN: ("info", N_("w toku"), "clock"),
    AppealStatus.UPHELD: ("warn", N_("decyzja bez zmian"), "scale"),
    AppealStatus.OVERTURNED: ("ok", N_("uwzględnione"), "circle-check"),
}
Gettext = Callable[[str], str]


@dataclass(frozen=True, slots=True)
class AppealView:
    text: str
    made_at: datetime
    due_at: datetime
    chip: tuple[str, str, str]
    decided_at: datetime | None
    reason: str
    note: str
    points: int


def of_claim(session: Session, claim_id: UUID, gettext: Gettext) -> AppealView | None:
    """What the participant sees of the own appeal."""
    made = appeals.find_appeal(session, claim_id)
    if made is None:
        return None
    state, label, icon = STATES[made.status]
    return AppealView(
        text=made.text,
        made_at=made.made_at,
        due_at=made.due_at,
        chip=(state, gettext(label), icon),
        decided_at=made.decided_at,
        reason=gettext(REASON_WORDS[made.reason]) if made.reason in REASON_WORDS else "",
        note=made.note,
        points=made.points,
    )


@dataclass(frozen=True, slots=True)
class CutView:
    """A line of which the first decision accepted less than was read."""

    position: int
    read: Decimal
    accepted: Decimal


@dataclass(frozen=True, slots=True)
class AppealedView:
    """What the person who answers sees: the participant's words and the first decision."""

    text: str
    made_at: datetime
    first_by: str  # empty for the rules
    first_at: datetime
    first_points: int
    first_reason: str
    first_note: str
    cuts: tuple[CutView, ...]


def of_review(
    session: Session, review: Review, claim: Claim, gettext: Gettext
) -> AppealedView | None:
    if review.cause is not Cause.APPEAL:
        return None
    made = appeals.find_appeal(session, claim.id)
    if made is None:
        return None
    first = session.get_one(Decision, made.decision_id)
    reason: ReasonCode | None = first.reason
    return AppealedView(
        text=made.text,
        made_at=made.made_at,
        first_by=session.get_one(Person, first.decided_by).name if first.decided_by else "",
        first_at=first.decided_at,
        first_points=first.points,
        first_reason=gettext(REASON_WORDS[reason]) if reason in REASON_WORDS else "",
        first_note=first.note,
        cuts=tuple(
            CutView(cut.position, cut.read, cut.accepted) for cut in cuts.cuts_of(session, claim.id)
        ),
    )
