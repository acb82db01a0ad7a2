"""Which earlier claim a document looks like when no key of it is taken: likeness only holds."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any
from uuid import UUID

import sqlalchemy as sa
from sqlalchemy.orm import aliased
from sqlmodel import Session, col, select

from claims.document_tables import Document, DocumentFile, DocumentPage
from claims.keys import HeldReason
from claims.likeness import NEAR
from claims.living import living
from claims.purchase_tables import Purchase, PurchaseKind
from claims.tables import Claim


@dataclass(frozen=True, slots=True)
class Collision:
    reason: HeldReason
    claim_id: UUID


def first_living_claim(
    session: Session,
    claim: Claim,
    purchase_ids: Sequence[UUID],
    *,
    of_participant: UUID | None = None,
) -> UUID | None:
    """The earliest other claim on these purchases that still counts and does not wait for ours."""
    chosen = select(Claim.id).where(
        col(Claim.purchase_id).in_(list(purchase_ids)),
        Claim.id != claim.id,
        col(Claim.id).not_in(_behind(claim)),
        living(),
    )
    if of_participant is not None:
        chosen = chosen.where(Claim.participant_id == of_participant)
    return session.exec(chosen.order_by(col(Claim.submitted_at), col(Claim.id)).limit(1)).first()


def _behind(claim: Claim) -> sa.Select[UUID]:
    """The claims that are held for this one, or for one of those, however far: were it held for
    any of them in turn, none could ever be paid."""
    first: sa.Select[UUID] = sa.select(col(Claim.id)).where(col(Claim.held_by_claim_id) == claim.id)
    waiting = first.cte("waiting", recursive=True)
    further = aliased(Claim)
    waiting = waiting.union(
        sa.select(col(further.id)).join(waiting, col(further.held_by_claim_id) == waiting.c.id)
    )
    return sa.select(waiting.c.id)


def alike(session: Session, claim: Claim, purchase: Purchase) -> Collision | None:
    """A page sent before, a confusable number, the same day and total, or the same picture."""
    return (
        _same_file(session, claim)
        or _similar(session, claim, purchase)
        or _same_picture(session, claim, purchase)
    )


def receipt_twin(session: Session, claim: Claim, keys: dict[str, Any]) -> UUID | None:
    """The purchase of the receipt behind an `FP` invoice, or of the invoice to this receipt.

    They share seller, total and the day of sale; two that fit name none of them.
    """
    if keys["seller_nip"] is None or keys["total_gross_grosze"] is None:
        return None
    days = {day for day in (keys["sale_date"], keys["issue_date"]) if day is not None}
    if keys["kind"] is PurchaseKind.RECEIPT:
        other = sa.and_(
            col(Purchase.kind) == PurchaseKind.INVOICE,
            col(Purchase.of_receipt),
            sa.or_(col(Purchase.sale_date).in_(days), col(Purchase.issue_date).in_(days)),
        )
    elif keys["of_receipt"]:
        other = sa.and_(
            col(Purchase.kind) == PurchaseKind.RECEIPT, col(Purchase.issue_date).in_(days)
        )
    else:
        return None
    found = session.exec(
        select(Purchase.id)
        .where(
            Purchase.program_id == claim.program_id,
            Purchase.seller_nip == keys["seller_nip"],
            Purchase.total_gross_grosze == keys["total_gross_grosze"],
            other,
        )
        .limit(2)
    ).all()
    return found[0] if len(found) == 1 else None


def _same_file(session: Session, claim: Claim) -> Collision | None:
    """Any single page that was sent before in this programme."""
    ours = (
        select(DocumentFile.sha256)
        .join(Document, col(Document.id) == col(DocumentFile.document_id))
        .where(Document.claim_id == claim.id)
    )
    other = session.exec(
        select(Claim.id)
        .join(Document, col(Document.claim_id) == col(Claim.id))
        .join(DocumentFile, col(DocumentFile.document_id) == col(Document.id))
        .where(
            Claim.program_id == claim.program_id,
            Claim.id != claim.id,
            col(Claim.id).not_in(_behind(claim)),
            col(Claim.submitted_at) <= claim.submitted_at,
            living(),
            col(DocumentFile.sha256).in_(ours),
        )
        .order_by(col(Claim.submitted_at), col(Claim.id))
        .limit(1)
    ).first()
    return Collision(HeldReason.SAME_FILE, other) if other else None


def _similar(session: Session, claim: Claim, purchase: Purchase) -> Collision | None:
    """A confusable number of this seller, or the same seller, day and total."""
    if purchase.seller_nip is None:
        return None
    # What was not read is like nothing: `= NULL` would become "is missing too".
    conditions: list[tuple[HeldReason, Any]] = []
    if purchase.number_skeleton is not None:
        same_skeleton = col(Purchase.number_skeleton) == purchase.number_skeleton
        conditions.append((HeldReason.SIMILAR_NUMBER, same_skeleton))
    if purchase.issue_date is not None and purchase.total_gross_grosze is not None:
        same_day = col(Purchase.issue_date) == purchase.issue_date
        same_total = col(Purchase.total_gross_grosze) == purchase.total_gross_grosze
        conditions.append((HeldReason.SAME_TOTAL, sa.and_(same_day, same_total)))
    for reason, condition in conditions:
        ids = session.exec(
            select(Purchase.id).where(
                Purchase.program_id == claim.program_id,
                Purchase.seller_nip == purchase.seller_nip,
                Purchase.id != purchase.id,
                condition,
            )
        ).all()
        other = first_living_claim(session, claim, ids) if ids else None
        if other is not None:
            return Collision(reason, other)
    return None


def _same_picture(session: Session, claim: Claim, purchase: Purchase) -> Collision | None:
    """A page that looks as one of another claim; two documents with other numbers are not one."""
    ours = session.exec(
        select(DocumentPage)
        .join(Document, col(Document.id) == col(DocumentPage.document_id))
        .where(Document.claim_id == claim.id, col(DocumentPage.likeness).is_not(None))
    ).all()
    for page in ours:
        distance: Any = sa.func.bit_count(col(DocumentPage.likeness).op("#")(page.likeness))
        found = session.execute(
            sa.select(col(Claim.id), col(Purchase.seller_nip), col(Purchase.number_skeleton))
            .select_from(DocumentPage)
            .join(Document, col(Document.id) == col(DocumentPage.document_id))
            .join(Claim, col(Claim.id) == col(Document.claim_id))
            .join(Purchase, col(Purchase.id) == col(Claim.purchase_id), isouter=True)
            .where(
                col(Claim.program_id) == claim.program_id,
                col(Claim.id) != claim.id,
                col(Claim.id).not_in(_behind(claim)),
                living(),
                col(DocumentPage.likeness_bands).op("&&")(page.likeness_bands),
                distance <= NEAR,
            )
            .order_by(col(Claim.submitted_at), col(Claim.id))
        )
        for other, seller, number in found:
            read = None not in (seller, number, purchase.seller_nip, purchase.number_skeleton)
            if read and (seller, number) != (purchase.seller_nip, purchase.number_skeleton):
                continue
            return Collision(HeldReason.SIMILAR_PICTURE, other)
    return None
