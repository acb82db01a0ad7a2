"""What a page of a review was drawn from, as a mark: a page of older facts decides nothing."""

from __future__ import annotations

import hashlib
import json
from typing import ClassVar

import sqlalchemy as sa
from sqlmodel import Session

from claims import service
from core.errors import DomainError, Kind
from verification.tables import Review, ReviewStatus

# The system's own version of each row: it changes with every write, whoever wrote.
_STATE = sa.text("""
SELECT md5(concat_ws('|',
  (SELECT c.xmin::text FROM claim c WHERE c.id = :claim),
  (SELECT string_agg(l.xmin::text, ',' ORDER BY l.position) FROM claim_line l
    WHERE l.claim_id = :claim),
  (SELECT string_agg(a.xmin::text, ',' ORDER BY a.id) FROM feed_answer a WHERE a.claim_id = :claim),
  (SELECT count(*) FROM review_message m WHERE m.claim_id = :claim),
  (SELECT string_agg(o.xmin::text, ',' ORDER BY o.id) FROM first_opinion o
    WHERE o.review_id = :review)))
""")


class ChangedSince(DomainError):
    """The claim is no longer what the page showed; nothing was decided."""

    kind: ClassVar[Kind] = Kind.CONFLICT
    code = "review-changed"


def state_of(session: Session, review: Review) -> str:
    """A mark of the claim, its lines, what the seller's file said, and what people wrote."""
    session.flush()
    found: str = session.execute(
        _STATE, {"claim": review.claim_id, "review": review.id}
    ).scalar_one()
    return found


def page_of(session: Session, review: Review) -> str:
    """A mark of a whole page: its facts, where the review stands, and the answers kept on it."""
    rest = [review.status, review.cause, review.due_at.timestamp(), review.draft]
    text = json.dumps([state_of(session, review), *rest, str(review.branch_id)], sort_keys=True)
    return f"{review.id}.{hashlib.sha256(text.encode()).hexdigest()[:24]}"


def refuse_stale(session: Session, review: Review, seen: str) -> None:
    """Lock the claim and raise `ChangedSince` if it was written since `seen`; empty asks nothing.

    A program that decides by its own knowledge sends no mark.
    """
    if not seen or review.status is ReviewStatus.DONE:
        return  # What was decided already is refused as that.
    service.lock(session, review.claim_id)
    if state_of(session, review) != seen:
        raise ChangedSince
