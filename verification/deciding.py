"""One way in for every judgement of a person, whatever the review is about."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from sqlmodel import Session

from claims.states import ReasonCode
from verification import appeals, decisions, four_eyes, second_looks
from verification.caution_tables import FirstOpinion
from verification.judging import LineVerdict
from verification.queue import Decider
from verification.tables import Cause, Decision, Review


def judge(
    session: Session,
    *,
    review: Review,
    clerk: Decider,
    verdicts: Sequence[LineVerdict] = (),
    reason: ReasonCode | None = None,
    note: str = "",
    at: datetime,
) -> Decision | FirstOpinion:
    """Decide by lines, or refuse as a whole with a reason; the decision that stands afterwards.

    A first opinion comes back where so many points need two people.
    """
    if review.cause is Cause.AUDIT:
        return second_looks.look_again(
            session,
            review=review,
            clerk=clerk,
            verdicts=verdicts,
            reason=reason,
            note=note,
            at=at,
        )
    if reason is not None and review.cause is Cause.APPEAL:
        return appeals.decide(session, review=review, clerk=clerk, reason=reason, note=note, at=at)
    if reason is not None:
        return decisions.reject(
            session, review=review, clerk=clerk, reason=reason, note=note, at=at
        )
    return four_eyes.decide(
        session, review=review, clerk=clerk, verdicts=verdicts, note=note, at=at
    )
