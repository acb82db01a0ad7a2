"""What a reading makes of a claim: pages, lines matched to products, and the estimate."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from typing import Any
from uuid import UUID

import sqlalchemy as sa
from sqlmodel import Session, col, select

from claims import earning, line_units, purchases
from claims.alignment import PaperLine, align
from claims.branches import Bar, bar_of
from claims.buyers import OURS, relation_of
from claims.document_tables import (
    UNSOLD,
    Document,
    DocumentFile,
    DocumentKind,
    DocumentPage,
    Extraction,
)
from claims.likeness import bands
from claims.line_values import in_own_currency
from claims.other_lines import MASKED, without_others
from claims.purchase_tables import Purchase
from claims.purchases import Collision
from claims.tables import Claim, ClaimLine
from core.clock import local_date
from core.money import to_grosze
from ocr import trust
from ocr.codec import encode
from ocr.reading import DocumentKind as ReadKind
from ocr.reading import Line, Proof, Reading
from programs import queries
from programs.matching import Candidate, Match, MatchReason, match
from programs.matching_units import name_key, with_units
from programs.product_days import takes_part
from programs.product_tables import Product
from programs.settings import OtherLines
from programs.tables import Relation

_DIGITS = Decimal("0.000001")
_KINDS = {
    ReadKind.RECEIPT: DocumentKind.RECEIPT,
    ReadKind.ADVANCE_INVOICE: DocumentKind.ADVANCE,
    ReadKind.OTHER: DocumentKind.NO_SALE,
}


@dataclass(frozen=True, slots=True)
class PageImage:
    """A shown page that already lies in the store."""

    sha256: str
    media_type: str
    width_px: int
    height_px: int
    likeness: str = ""  # claims.likeness of the picture, empty when it was not taken


def get_document(session: Session, claim_id: UUID) -> Document:
    return session.exec(select(Document).where(Document.claim_id == claim_id)).one()


def proves_no_sale(session: Session, claim_id: UUID) -> bool:
    """Whether the paper is an advance, a pro forma, a delivery note or the like."""
    return get_document(session, claim_id).kind in UNSOLD


def list_files(session: Session, claim_id: UUID) -> list[DocumentFile]:
    """The files of a claim in the order of their pages."""
    return list(
        session.exec(
            select(DocumentFile)
            .join(Document, col(Document.id) == col(DocumentFile.document_id))
            .where(Document.claim_id == claim_id)
            .order_by(col(DocumentFile.position))
        )
    )


def store(
    session: Session,
    claim: Claim,
    *,
    reading: Reading,
    pages: Sequence[PageImage],
    at: datetime,
) -> None:
    """Keep a reading of a locked claim and the pages that it shows."""
    document = get_document(session, claim.id)
    document.kind = _KINDS.get(reading.kind, DocumentKind.INVOICE)
    session.add(document)
    session.add(
        Extraction(
            document_id=document.id,
            route=reading.route,
            engine=reading.engine,
            trust=int(reading.trust),
            reading=encode(reading),
            seconds=reading.seconds,
            created_at=at,
        )
    )
    store_pages(session, document, pages)


def store_pages(session: Session, document: Document, pages: Sequence[PageImage]) -> None:
    """Keep the shown pages of a document instead of earlier ones."""
    session.execute(sa.delete(DocumentPage).where(col(DocumentPage.document_id) == document.id))
    session.add_all(
        DocumentPage(
            document_id=document.id,
            number=number,
            image_sha256=page.sha256,
            media_type=page.media_type,
            width_px=page.width_px,
            height_px=page.height_px,
            likeness=page.likeness or None,
            likeness_bands=bands(page.likeness) if page.likeness else None,
        )
        for number, page in enumerate(pages, start=1)
    )
    session.flush()


def record(
    session: Session,
    claim: Claim,
    *,
    reading: Reading,
    pages: Sequence[PageImage],
    at: datetime,
) -> Collision | None:
    """Store a reading of a locked claim, its purchase and its matched lines.

    Lines of an earlier reading are replaced; the claim must not be decided. Returns what the
    document collides with.
    """
    files = list_files(session, claim.id)
    keys = purchases.keys_of(
        reading,
        file_sha256=files[0].sha256 if len(files) == 1 else None,
        ksef_hash=_ksef_hash(reading),
    )
    settings = queries.settings_of(queries.get_program(session, claim.program_id))
    participant = queries.get_participant(session, claim.participant_id)
    claim.buyer_relation = relation_of(
        reading, nip=participant.nip, employed=participant.relation is Relation.EMPLOYEE
    )
    shares = settings.share_documents and claim.buyer_relation in OURS
    lines = match_lines(session, claim, reading, seller_nip=keys["seller_nip"])
    ours = {line.position for line in lines if line.product_id is not None}
    reading = without_others(reading, ours=ours, how=settings.other_lines)
    if settings.other_lines is not OtherLines.KEEP:
        lines = _leave_others_out(session, lines, reading)
    store(session, claim, reading=reading, pages=pages, at=at)
    collision = purchases.attach(session, claim, keys=keys, shares=shares, at=at)
    claim.held_reason = collision.reason if collision else None
    claim.held_by_claim_id = collision.claim_id if collision else None
    claim.estimate_points = estimate(
        session,
        claim,
        lines,
        purchased_on=purchase_date(reading) or local_date(at),
        seller_nip=keys["seller_nip"],
    )
    session.add(claim)
    session.flush()
    return collision


def _leave_others_out(
    session: Session, lines: Sequence[ClaimLine], reading: Reading
) -> list[ClaimLine]:
    """The lines as the masked reading has them; dropped ones are gone."""
    left = {line.position: line for line in reading.lines}
    kept = []
    for line in lines:
        if line.position not in left:
            session.delete(line)
            continue
        if line.product_id is None:
            line.description, line.seller_index, line.gtin = MASKED, None, None
            line.quantity, line.unit_price, line.line_net_grosze = None, None, None
            session.add(line)
        kept.append(line)
    session.flush()
    return kept


def _ksef_hash(reading: Reading) -> str | None:
    """The SHA-256 of the e-invoice in hex: of the XML itself, else from the KOD I on the print."""
    if reading.route.startswith("ksef-xml") and reading.document_sha256:
        return reading.document_sha256
    if "kod1" not in reading.trust_evidence:
        return None  # No code, or one that names another seller or day than the print.
    from_codes = trust.kod1_digests(reading.codes)
    return from_codes[0] if len(from_codes) == 1 else None


def purchase_date(reading: Reading) -> date | None:
    """The day of the sale where it is printed, else of the document."""
    for value in (reading.sale_date, reading.issue_date):
        if value is not None:
            return value.value
    return None


def match_lines(
    session: Session, claim: Claim, reading: Reading, *, seller_nip: str | None
) -> list[ClaimLine]:
    """Write one claim line per row that was read, matched to the programme's products."""
    catalogue = queries.load_catalogue(session, program_id=claim.program_id, seller_nip=seller_nip)
    named = _named_by_participant(session, claim)
    session.execute(sa.delete(ClaimLine).where(col(ClaimLine.claim_id) == claim.id))
    made = []
    # Values of another currency are no zł: nothing is earned by them until a person types it.
    priced = in_own_currency(reading.currency.value if reading.currency else None)
    for line in reading.lines:
        description = line.description.value if line.description else ""
        seller_index = line.article_no.value if line.article_no else None
        found = match(
            description=description,
            seller_index=seller_index,
            gtin=line.gtin.value if line.gtin else None,
            catalogue=catalogue,
        )
        unit = line.unit.value if line.unit else ""
        name = name_key(description=description, seller_index=seller_index)
        found = with_units(found, printed_unit=unit, catalogue=catalogue, name=name)
        made.append(_claim_line(claim, line, found, priced=priced))
    _name_again(session, named, made)
    session.add_all(made)
    session.flush()
    return made


def _named_by_participant(session: Session, claim: Claim) -> list[ClaimLine]:
    """Lines whose product the participant chose; another page must not make them choose again."""
    lines = session.exec(
        select(ClaimLine)
        .where(ClaimLine.claim_id == claim.id, col(ClaimLine.proposed_product_id).is_not(None))
        .order_by(col(ClaimLine.position))
    ).all()
    for line in lines:
        session.expunge(line)  # It is deleted; what it said is carried over.
    return list(lines)


def _name_again(session: Session, named: Sequence[ClaimLine], made: Sequence[ClaimLine]) -> None:
    """Give the chosen products to the same rows of the new reading, however it numbers them."""
    pairs = align(
        [PaperLine(x.position, None, x.description, x.quantity) for x in named],
        [PaperLine(x.position, None, x.description, x.quantity) for x in made],
    )
    for here, there in pairs.items():
        line, chosen = made[here], named[there]
        line.proposed_product_id = line.product_id = chosen.proposed_product_id
        line.match_score, line.match_reason = chosen.match_score, chosen.match_reason
        line.candidates = list(chosen.candidates)
        line.units_per_quantity = chosen.units_per_quantity
        if line.unit != chosen.unit and line.product_id is not None:
            line_units.name(session, line, session.get_one(Product, line.product_id))


def _claim_line(claim: Claim, line: Line, found: Match, *, priced: bool) -> ClaimLine:
    net = line.line_net or line.line_gross if priced else None
    price = line.unit_price_net or line.unit_price_gross if priced else None
    quantity = line.quantity.value.quantize(_DIGITS) if line.quantity else None
    box: dict[str, Any] | None = encode(line.box) if line.box else None
    return ClaimLine(
        claim_id=claim.id,
        position=line.position,
        description=line.description.value[:512] if line.description else "",
        seller_index=line.article_no.value[:80] if line.article_no else None,
        gtin=line.gtin.value if line.gtin else None,
        quantity=quantity if quantity is None or quantity > 0 else None,
        unit=line.unit.value[:40] if line.unit else "",
        unit_price=price.value.quantize(_DIGITS) if price else None,
        line_net_grosze=to_grosze(net.value) if net else None,
        proof=line.quantity.proof if line.quantity else Proof.GUESSED,
        box=box,
        product_id=found.best.product_id if found.best else None,
        match_score=found.best.score if found.best else Decimal(0),
        match_reason=found.best.reason if found.best else MatchReason.NONE,
        units_per_quantity=found.best.units if found.best else Decimal(1),
        candidates=[_candidate(c) for c in ((found.best, *found.others) if found.best else ())],
    )


def _candidate(found: Candidate) -> dict[str, Any]:
    score = found.score if found.likeness is None else found.likeness
    said: dict[str, Any] = {
        "product_id": str(found.product_id),
        "score": str(score),
        "reason": found.reason,
    }
    if found.asks is not None:
        said[line_units.ASKED] = [str(units) for units in found.asks]
    if found.learned is not None:
        said[line_units.LEARNED] = str(found.learned)
    return said


def _named(
    session: Session, lines: Sequence[ClaimLine]
) -> Iterator[tuple[ClaimLine, Product, Decimal]]:
    for line in lines:
        if line.product_id is not None and line.quantity is not None:
            yield line, session.get_one(Product, line.product_id), line.quantity


def estimate_again(session: Session, claim: Claim) -> None:
    """Count anew what a claim will bring, by its lines and its purchase as they are now.

    What was bought where nothing counts brings nothing.
    """
    purchase = session.get(Purchase, claim.purchase_id) if claim.purchase_id else None
    bought = (purchase.sale_date or purchase.issue_date) if purchase else None
    lines = session.exec(select(ClaimLine).where(ClaimLine.claim_id == claim.id)).all()
    out = bar_of(session, claim.id) is Bar.OUT
    claim.estimate_points = (
        0
        if out
        else estimate(
            session,
            claim,
            lines,
            purchased_on=bought or local_date(claim.submitted_at),
            seller_nip=purchase.seller_nip if purchase else None,
        )
    )
    session.add(claim)


def estimate(
    session: Session,
    claim: Claim,
    lines: Sequence[ClaimLine],
    *,
    purchased_on: date,
    seller_nip: str | None = None,
) -> int:
    """What the claim will bring if all lines are accepted as read; nothing without a sale."""
    if proves_no_sale(session, claim.id):
        return 0
    try:
        _, rules = queries.get_rules_in_force(session, program_id=claim.program_id, on=purchased_on)
    except queries.NoRulesInForce:
        return 0
    seen = [
        earning.Bought(product, quantity * line.units_per_quantity, earning.value_of(line))
        for line, product, quantity in _named(session, lines)
        if takes_part(product, purchased_on)
        and line_units.asked(line) != ()  # Nobody can guess yet how many units it is.
    ]
    judged = earning.judge(
        session,
        participant=queries.get_participant(session, claim.participant_id),
        rules=rules,
        purchased_on=purchased_on,
        partner_nip=seller_nip or "",
        bought=seen,
        claim_id=claim.id,
    )
    return sum(one.award.points for one in judged)
