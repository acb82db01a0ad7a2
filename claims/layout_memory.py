"""The layout memory of sellers: loaded for reading, taught by decided claims."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from uuid import UUID

import sqlalchemy as sa
from sqlalchemy.dialects.postgresql import insert
from sqlmodel import Session, col, select

from claims import queries
from claims.document_tables import Document, Extraction
from claims.memory_tables import LayoutLesson, SellerLayout
from claims.states import ClaimStatus, Verdict
from claims.tables import Claim, ClaimLine
from ocr.confirmed import Confirmed, ConfirmedLine, learned_from
from ocr.reading import LayoutMemory, Line, Page, Word

_PAID = (ClaimStatus.APPROVED, ClaimStatus.PARTIALLY_APPROVED)
_PROVEN_NUMBERS = ("unit_price_net", "unit_price_gross", "line_net", "line_gross", "line_vat")


def load(session: Session, *, most: int = 500) -> tuple[LayoutMemory, ...]:
    """The memories that can help a reading, the ones learned last first."""
    rows = session.exec(
        select(SellerLayout).order_by(col(SellerLayout.learned_at).desc()).limit(most)
    )
    return tuple(_memory(row) for row in rows)


def find(session: Session, seller_vat_id: str) -> LayoutMemory | None:
    row = session.get(SellerLayout, seller_vat_id)
    return _memory(row) if row else None


def untaught(session: Session, *, limit: int) -> Sequence[UUID]:
    """Paid claims that nothing was learned from yet, oldest decision first."""
    return session.exec(
        select(Claim.id)
        .join(Document, col(Document.claim_id) == col(Claim.id))
        .where(
            col(Claim.status).in_(_PAID),
            sa.exists().where(col(Extraction.document_id) == col(Document.id)),
            ~sa.exists().where(col(LayoutLesson.claim_id) == col(Claim.id)),
        )
        .order_by(col(Claim.decided_at), col(Claim.id))
        .limit(limit)
    ).all()


@dataclass(frozen=True, slots=True)
class Lesson:
    """What one decided claim can teach: its words, what people confirmed, what is known already."""

    words: tuple[Word, ...]
    pages: tuple[Page, ...]
    confirmed: Confirmed
    before: LayoutMemory | None


def learn(session: Session, *, claim_id: UUID, at: datetime) -> bool:
    """Learn from one decided claim, once; whether the seller's memory grew by it.

    Only words that make the same document give more of its confirmed values are kept. Working that
    out takes up to seconds: whoever must not hold a transaction for so long takes the three steps.
    """
    if session.get(LayoutLesson, claim_id) is not None:
        return False
    lesson = lesson_of(session, claim_id)
    return keep(session, claim_id=claim_id, after=work_out(lesson), at=at)


def lesson_of(session: Session, claim_id: UUID) -> Lesson | None:
    """The material of a claim's lesson; none where there is no layout to learn."""
    claim = session.get_one(Claim, claim_id)
    purchase = queries.find_purchase(session, claim)
    reading = queries.find_reading(session, claim.id)
    if purchase is None or purchase.seller_nip is None or reading is None or not reading.words:
        return None
    if any(page.engine == "xml" for page in reading.pages):
        return None  # An e-invoice is not read by its layout.
    read = {line.position: line for line in reading.lines}
    confirmed = Confirmed(
        purchase.seller_nip,
        purchase.number or "",
        purchase.issue_date,
        tuple(
            _confirmed(line, read.get(line.position))
            for line in queries.list_lines(session, claim.id)
        ),
    )
    return Lesson(reading.words, reading.pages, confirmed, find(session, purchase.seller_nip))


def work_out(lesson: Lesson | None) -> LayoutMemory | None:
    """The seller's memory after a lesson that taught something; touches no database."""
    if lesson is None:
        return None
    after = learned_from(lesson.words, lesson.pages, lesson.confirmed, lesson.before)
    return None if after is lesson.before else after


def keep(session: Session, *, claim_id: UUID, after: LayoutMemory | None, at: datetime) -> bool:
    """Write down that a claim's lesson is done and what it taught; once, whoever is first."""
    new = session.execute(
        insert(LayoutLesson)
        .values(claim_id=claim_id, taught=after is not None, at=at)
        .on_conflict_do_nothing()
        .returning(col(LayoutLesson.claim_id))
    ).scalar_one_or_none()
    if new is None or after is None:
        return False
    session.merge(
        SellerLayout(
            seller_vat_id=after.seller_vat_id,
            headings=dict(after.columns),
            labels=dict(after.labels),
            documents_seen=after.documents_seen,
            learned_at=at,
        )
    )
    session.flush()
    return True


def _confirmed(line: ClaimLine, read: Line | None) -> ConfirmedLine:
    """The quantity that was paid, and what the sums prove beside it."""
    numbers: dict[str, Decimal] = {}
    if line.verdict is Verdict.APPROVE and line.quantity is not None:
        numbers["quantity"] = line.quantity
    for name in _PROVEN_NUMBERS:
        value = getattr(read, name) if read is not None else None
        if value is not None and value.proof.proven:
            numbers[name] = value.value
    return ConfirmedLine(line.description, numbers)


def _memory(row: SellerLayout) -> LayoutMemory:
    return LayoutMemory(
        row.seller_vat_id,
        tuple(sorted(row.headings.items())),
        tuple(sorted(row.labels.items())),
        row.documents_seen,
    )
