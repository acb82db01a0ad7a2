"""Which purchase a document proves, and whether another claim stands on it already."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from enum import StrEnum
from typing import Any
from uuid import UUID

import sqlalchemy as sa
from sqlalchemy.dialects.postgresql import insert
from sqlmodel import Session, col, select

from claims.document_tables import Document, DocumentFile
from claims.identity import normalise_number, skeleton
from claims.purchase_tables import Purchase, PurchaseKind, PurchaseLine
from claims.states import RELEASED
from claims.tables import Claim
from core.columns import new_id
from core.money import to_grosze
from ocr import identifiers
from ocr.reading import DocumentKind as ReadKind
from ocr.reading import Reading, Value


class HeldReason(StrEnum):
    """What made a document look like an earlier one, strongest first."""

    SAME_FILE = "same_file"
    SAME_KSEF = "same_ksef"
    SAME_NUMBER = "same_number"
    SAME_RECEIPT = "same_receipt"
    SIMILAR_NUMBER = "similar_number"
    SAME_TOTAL = "same_total"


@dataclass(frozen=True, slots=True)
class Collision:
    reason: HeldReason
    claim_id: UUID


def _text(value: Value[str] | None) -> str | None:
    return value.value.strip() or None if value is not None else None


def keys_of(reading: Reading, *, file_sha256: str | None, ksef_hash: str | None) -> dict[str, Any]:
    """The columns of a purchase that a reading fills. What was only guessed is left out."""
    number = _text(reading.invoice_number)
    kind = PurchaseKind.RECEIPT if reading.kind is ReadKind.RECEIPT else PurchaseKind.INVOICE
    if kind is PurchaseKind.RECEIPT:
        number = _text(reading.receipt_number)
    seller = _nip(reading.seller.vat_id)
    date = reading.issue_date.value if reading.issue_date else None
    gross = reading.total_gross.value if reading.total_gross else None
    number_norm = normalise_number(number) if number else None
    if kind is PurchaseKind.RECEIPT and number_norm is not None:
        # A till's counter starts again and each till has its own: the day belongs to the key.
        number_norm = f"{number_norm}@{date.isoformat()}" if date else None
    return {
        "kind": kind,
        "seller_nip": seller,
        "buyer_nip": _nip(reading.buyer.vat_id),
        "number": number,
        "number_norm": number_norm if seller else None,
        "number_skeleton": skeleton(number) if number and seller else None,
        "ksef_number": _text(reading.ksef_number),
        "ksef_hash": ksef_hash,
        "cash_register_id": _text(reading.cash_register_id),
        "print_number": _text(reading.print_number),
        "file_sha256": file_sha256,
        "issue_date": date,
        "sale_date": reading.sale_date.value if reading.sale_date else None,
        "total_gross_grosze": to_grosze(gross) if gross is not None else None,
        "currency": _text(reading.currency) or "PLN",
        "trust": int(reading.trust),
    }


def _nip(value: Value[str] | None) -> str | None:
    if value is None:
        return None
    compact = identifiers.nip_normalised(value.value)
    return compact if compact and identifiers.nip_valid(compact) else None


def attach(
    session: Session, claim: Claim, *, keys: dict[str, Any], at: datetime
) -> Collision | None:
    """Point a locked claim to its purchase, made or found, and name what it collides with.

    The unique indexes decide who was first: a loser of the race finds the winner's purchase here.
    Documents of one seller are taken in one after another, so that likeness cannot slip through.
    """
    if keys["seller_nip"] is not None:
        seller = f"{claim.program_id}:{keys['seller_nip']}"
        session.execute(
            sa.select(sa.func.pg_advisory_xact_lock(sa.func.hashtextextended(seller, 0)))
        )
    purchase, reason = _make(session, claim, keys, at)
    claim.purchase_id = purchase.id
    session.add(claim)
    session.flush()
    if reason is not None:
        other = _first_living_claim(session, claim, [purchase.id])
        if other is not None:
            return Collision(reason, other)
    return _same_file(session, claim) or _similar(session, claim, purchase)


def _make(
    session: Session, claim: Claim, keys: dict[str, Any], at: datetime
) -> tuple[Purchase, HeldReason | None]:
    """A new purchase, another claim's with one of our keys, or our own with what is known now."""
    made = session.execute(
        insert(Purchase)
        .values(id=new_id(), program_id=claim.program_id, created_at=at, **keys)
        .on_conflict_do_nothing()
        .returning(col(Purchase.id))
    ).scalar_one_or_none()
    if made:
        return session.get_one(Purchase, made), None
    found = _find(session, claim, keys)
    if found is not None:
        return found
    own = session.get_one(Purchase, claim.purchase_id)
    # What was unread when the purchase was made is known now; what was read is not taken away.
    for name, value in keys.items():
        if value is not None:
            setattr(own, name, value)
    session.add(own)
    session.flush()
    return own, None


def _find(
    session: Session, claim: Claim, keys: dict[str, Any]
) -> tuple[Purchase, HeldReason] | None:
    """Another claim's purchase that took one of our keys, by the strongest key."""
    for reason, names in _KEYS:
        if any(keys[name] is None for name in names):
            continue
        found = session.exec(
            select(Purchase).where(
                Purchase.program_id == claim.program_id,
                *(getattr(Purchase, name) == keys[name] for name in names),
            )
        ).first()
        if found is not None and (
            found.id != claim.purchase_id or _first_living_claim(session, claim, [found.id])
        ):
            return found, reason
    return None


_KEYS: tuple[tuple[HeldReason, tuple[str, ...]], ...] = (
    (HeldReason.SAME_FILE, ("file_sha256",)),
    (HeldReason.SAME_KSEF, ("ksef_number",)),
    (HeldReason.SAME_KSEF, ("ksef_hash",)),
    (HeldReason.SAME_NUMBER, ("seller_nip", "kind", "number_norm")),
    (HeldReason.SAME_RECEIPT, ("cash_register_id", "print_number")),
)


def _first_living_claim(session: Session, claim: Claim, purchase_ids: list[UUID]) -> UUID | None:
    return session.exec(
        select(Claim.id)
        .where(
            col(Claim.purchase_id).in_(purchase_ids),
            Claim.id != claim.id,
            col(Claim.status).not_in(list(RELEASED)),
        )
        .order_by(col(Claim.submitted_at), col(Claim.id))
        .limit(1)
    ).first()


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
            col(Claim.submitted_at) <= claim.submitted_at,
            col(Claim.status).not_in(list(RELEASED)),
            col(DocumentFile.sha256).in_(ours),
        )
        .order_by(col(Claim.submitted_at), col(Claim.id))
        .limit(1)
    ).first()
    return Collision(HeldReason.SAME_FILE, other) if other else None


def _similar(session: Session, claim: Claim, purchase: Purchase) -> Collision | None:
    """Likeness that only holds: a confusable number, or the same seller, day and total."""
    if purchase.seller_nip is None:
        return None
    # What was not read is like nothing: `= NULL` would become "is missing too".
    alike: list[tuple[HeldReason, Any]] = []
    if purchase.number_skeleton is not None:
        alike.append(
            (HeldReason.SIMILAR_NUMBER, col(Purchase.number_skeleton) == purchase.number_skeleton)
        )
    if purchase.issue_date is not None and purchase.total_gross_grosze is not None:
        same_day = col(Purchase.issue_date) == purchase.issue_date
        same_total = col(Purchase.total_gross_grosze) == purchase.total_gross_grosze
        alike.append((HeldReason.SAME_TOTAL, sa.and_(same_day, same_total)))
    for reason, condition in alike:
        ids = session.exec(
            select(Purchase.id).where(
                Purchase.program_id == claim.program_id,
                Purchase.seller_nip == purchase.seller_nip,
                Purchase.id != purchase.id,
                condition,
            )
        ).all()
        other = _first_living_claim(session, claim, list(ids)) if ids else None
        if other is not None:
            return Collision(reason, other)
    return None


def open_line(
    session: Session, *, purchase_id: UUID, position: int, product_id: UUID | None, sold: Decimal
) -> UUID:
    """The purchase's line at that position, made if it is new."""
    session.execute(
        insert(PurchaseLine)
        .values(
            id=new_id(),
            purchase_id=purchase_id,
            position=position,
            product_id=product_id,
            quantity_sold=sold,
            quantity_accepted=Decimal(0),
        )
        .on_conflict_do_nothing(index_elements=["purchase_id", "position"])
    )
    return session.exec(
        select(PurchaseLine.id).where(
            PurchaseLine.purchase_id == purchase_id, PurchaseLine.position == position
        )
    ).one()


def accept_units(session: Session, *, purchase_line_id: UUID, quantity: Decimal) -> bool:
    """Use up units of a line; False when too few are free. Safe under any concurrency."""
    result: Any = session.execute(
        sa.update(PurchaseLine)
        .where(
            col(PurchaseLine.id) == purchase_line_id,
            col(PurchaseLine.quantity_sold) - col(PurchaseLine.quantity_accepted) >= quantity,
        )
        .values(quantity_accepted=PurchaseLine.quantity_accepted + quantity)
    )
    return bool(result.rowcount == 1)


def free_units(session: Session, *, purchase_line_id: UUID, quantity: Decimal) -> None:
    """Give accepted units back when a decision is undone."""
    session.execute(
        sa.update(PurchaseLine)
        .where(col(PurchaseLine.id) == purchase_line_id)
        .values(quantity_accepted=PurchaseLine.quantity_accepted - quantity)
    )


def set_sold(session: Session, *, purchase_line_id: UUID, product_id: UUID, sold: Decimal) -> None:
    """A person corrected what the document says of a line of which nothing is accepted yet.

    Once units are accepted the line stands: a second claim cannot make it longer.
    """
    session.execute(
        sa.update(PurchaseLine)
        .where(col(PurchaseLine.id) == purchase_line_id, col(PurchaseLine.quantity_accepted) == 0)
        .values(product_id=product_id, quantity_sold=sold)
    )
