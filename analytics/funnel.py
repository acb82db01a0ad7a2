"""Where claims get lost between sending and paying, and why."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass

import sqlalchemy as sa
from sqlmodel import Session, col

from analytics.selection import IS_PAID, Selection, claims_of
from claims.states import ReasonCode
from claims.tables import Claim, ClaimLine
from verification.tables import Decision


@dataclass(frozen=True, slots=True)
class Funnel:
    """Claims sent in the period and how far they came; losses by cause, most frequent first.

    Causes: of reading `unread:<reason>` or `in_progress`; of deciding a `ReasonCode`, or the status
    of a claim that nobody decided.
    """

    submitted: int
    read: int
    matched: int
    paid: int
    unread: tuple[tuple[str, int], ...]
    refused: tuple[tuple[str, int], ...]


def funnel(session: Session, chosen: Selection) -> Funnel:
    """The way of every claim that was sent in the period."""
    lines = sa.select(sa.literal(1)).where(col(ClaimLine.claim_id) == col(Claim.id))
    matched = lines.where(col(ClaimLine.product_id).is_not(None)).exists()
    reason = (
        sa.select(sa.func.coalesce(col(Decision.reason), sa.func.min(col(ClaimLine.reason))))
        .select_from(Decision)
        .outerjoin(
            ClaimLine,
            sa.and_(
                col(ClaimLine.claim_id) == col(Decision.claim_id),
                col(ClaimLine.product_id).is_not(None),
                col(ClaimLine.reason) != ReasonCode.COUNTED,
            ),
        )
        .where(col(Decision.claim_id) == col(Claim.id), col(Decision.undone_at).is_(None))
        .group_by(col(Decision.id))
        .limit(1)
        .scalar_subquery()
    )
    each = claims_of(
        chosen,
        col(Claim.submitted_at),
        chosen.period,
        col(Claim.status).label("status"),
        col(Claim.unreadable_reason).label("unreadable"),
        sa.or_(col(Claim.purchase_id).is_not(None), lines.exists()).label("read"),
        matched.label("matched"),
        IS_PAID.label("paid"),
        reason.label("reason"),
    ).subquery()
    rows = session.execute(sa.select(*each.c, sa.func.count()).group_by(*each.c)).all()
    total: Counter[str] = Counter()
    unread: Counter[str] = Counter()
    refused: Counter[str] = Counter()
    for status, unreadable, was_read, was_matched, was_paid, why, number in rows:
        total["submitted"] += number
        if not was_read and not was_paid:
            unread[f"unread:{unreadable}" if unreadable else "in_progress"] += number
            continue
        total["read"] += number
        if not was_matched and not was_paid:
            continue
        total["matched"] += number
        if was_paid:
            total["paid"] += number
        else:
            refused[str(why or status)] += number
    return Funnel(
        submitted=total["submitted"],
        read=total["read"],
        matched=total["matched"],
        paid=total["paid"],
        unread=tuple(unread.most_common()),
        refused=tuple(refused.most_common()),
    )
