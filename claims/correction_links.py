"""What corrections name found among the purchases, and what waits for a purchase."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from uuid import UUID

import sqlalchemy as sa
from sqlmodel import Session, col, select

from claims import purchases
from claims.correction_tables import Correction, CorrectionOriginal, CorrectionStatus
from claims.corrections import list_originals
from claims.keys import ksef_key, number_key
from claims.living import living
from claims.purchase_tables import Purchase
from claims.tables import Claim

# Another reading of the original, or the claim that a person adds a line to, may have that row.
ROW_NOT_FOUND = "correction-row-not-found"


def link(session: Session, correction: Correction) -> list[CorrectionOriginal]:
    """Point the originals to their purchases where these are known by now; all of them."""
    found = list_originals(session, correction.id)
    for original in found:
        if original.purchase_id is None:
            original.purchase_id = _purchase_of(session, correction, original)
            session.add(original)
    session.flush()
    return found


def _purchase_of(
    session: Session, correction: Correction, original: CorrectionOriginal
) -> UUID | None:
    """By the KSeF number, else by seller and number: no other purchase here can have both."""
    program_id = correction.program_id
    if original.ksef_number:
        known = purchases.find_by_key(
            session, program_id=program_id, key=ksef_key(original.ksef_number)
        )
        if known is not None:
            return known
    return purchases.find_by_key(
        session, program_id=program_id, key=number_key(correction.seller_nip, original.number)
    )


def day_differs(session: Session, original: CorrectionOriginal) -> bool:
    """Whether the purchase has another day than the original that was found in it by its number.

    Somebody misread a day, or the seller began the numbers anew: a person has to look.
    """
    if original.purchase_id is None:
        return False
    purchase = session.get_one(Purchase, original.purchase_id)
    if original.ksef_number is not None and original.ksef_number == purchase.ksef_number:
        return False
    return None not in (purchase.issue_date, original.issue_date) and (
        purchase.issue_date != original.issue_date
    )


def waiting_for(
    session: Session,
    *,
    program_id: UUID,
    seller_nip: str | None,
    number_norm: str | None,
    ksef_number: str | None = None,
) -> list[UUID]:
    """The corrections that wait for a document with these marks, oldest first.

    Among them those that need a person only because a row was not found: another reading may
    show it.
    """
    same = _named_by(seller_nip, number_norm, ksef_number)
    if not same:
        return []
    rows = session.execute(
        sa.select(col(Correction.id))
        .join(CorrectionOriginal, col(CorrectionOriginal.correction_id) == col(Correction.id))
        .where(
            col(Correction.program_id) == program_id,
            sa.or_(col(Correction.status) == CorrectionStatus.WAITING, is_retried()),
            sa.or_(*same),
        )
        .order_by(col(Correction.created_at), col(Correction.id))
    )
    return list(dict.fromkeys(row[0] for row in rows))


def list_settled_before(session: Session, purchase: Purchase) -> list[UUID]:
    """The corrections that a person settled before this original of theirs was claimed.

    Its share could not be known then. Oldest first.
    """
    same = _named_by(purchase.seller_nip, purchase.number_norm, purchase.ksef_number)
    if not same:
        return []
    rows = session.execute(
        sa.select(col(Correction.id))
        .join(CorrectionOriginal, col(CorrectionOriginal.correction_id) == col(Correction.id))
        .where(
            col(Correction.program_id) == purchase.program_id,
            col(Correction.status) == CorrectionStatus.APPLIED,
            col(Correction.settled_by).is_not(None),
            col(CorrectionOriginal.purchase_id).is_(None),
            sa.or_(*same),
        )
        .order_by(col(Correction.created_at), col(Correction.id))
    )
    return list(dict.fromkeys(row[0] for row in rows))


def _named_by(
    seller_nip: str | None, number_norm: str | None, ksef_number: str | None
) -> list[sa.ColumnElement[bool]]:
    """By which marks a correction may name a document."""
    same: list[sa.ColumnElement[bool]] = []
    if seller_nip and number_norm:
        same.append(
            sa.and_(
                col(Correction.seller_nip) == seller_nip,
                col(CorrectionOriginal.number_norm) == number_norm,
            )
        )
    if ksef_number:
        same.append(col(CorrectionOriginal.ksef_number) == ksef_number)
    return same


def list_overdue(session: Session, *, before: datetime, limit: int) -> Sequence[UUID]:
    """What waits since `before` though somebody's living claim has one of its originals."""
    claimed = (
        sa.select(col(Claim.id))
        .where(col(Claim.purchase_id) == col(Purchase.id), living())
        .correlate(Purchase)
        .exists()
    )
    by_number = sa.and_(
        col(Purchase.seller_nip) == col(Correction.seller_nip),
        col(Purchase.number_norm) == col(CorrectionOriginal.number_norm),
    )
    return session.exec(
        select(Correction.id)
        .join(CorrectionOriginal, col(CorrectionOriginal.correction_id) == col(Correction.id))
        .join(
            Purchase,
            sa.and_(
                col(Purchase.program_id) == col(Correction.program_id),
                sa.or_(col(Purchase.id) == col(CorrectionOriginal.purchase_id), by_number),
            ),
        )
        .where(
            Correction.status == CorrectionStatus.WAITING, Correction.created_at < before, claimed
        )
        .distinct()
        .limit(limit)
    ).all()


def is_retried() -> sa.ColumnElement[bool]:
    return sa.and_(
        col(Correction.status) == CorrectionStatus.NEEDS_PERSON,
        col(Correction.doubts) == [ROW_NOT_FOUND],
    )


def may_settle(correction: Correction) -> bool:
    """Whether a correction may still be settled by itself."""
    return correction.status is CorrectionStatus.WAITING or (
        correction.status is CorrectionStatus.NEEDS_PERSON and correction.doubts == [ROW_NOT_FOUND]
    )
