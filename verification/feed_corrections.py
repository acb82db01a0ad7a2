"""Corrections that stand in a wholesaler's sales file: settled where their original is known here.

All others are kept sealed (`verification.feed_sealed`) until somebody claims their original.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from uuid import UUID

import sqlalchemy as sa
from sqlmodel import Session, col, select

from claims import corrections as stored
from claims.correction_tables import CorrectionProof
from claims.identity import normalise_number
from claims.purchase_tables import Purchase
from ocr.numbers import dates
from ocr.reading import (
    Correction,
    CorrectionReference,
    DocumentKind,
    Line,
    Party,
    Proof,
    Reading,
    Value,
)
from partners.tables import Partner
from verification import corrections
from verification.feed_returns import SaleCorrection

ROUTE = "sales-file"
DIFFERENCE, UNKNOWN = "C", "?"  # of the eight encodings: a difference of quantities, or none


def take_in(
    session: Session, *, partner: Partner, found: Sequence[SaleCorrection], at: datetime
) -> int:
    """Settle the corrections of invoices that are known here; how many. The same one counts once.

    What the file does not settle alone (no sign tells what came back) waits for a person.
    """
    kept = 0
    for one in found:
        programs = session.exec(
            select(Purchase.program_id)
            .where(
                Purchase.seller_nip == partner.nip,
                Purchase.number_norm == normalise_number(one.original),
                # A file that says another buyer than the invoice is not believed.
                sa.or_(
                    col(Purchase.buyer_nip).is_(None),
                    col(Purchase.buyer_nip) == one.buyer_nip,
                    sa.literal(not one.buyer_nip),
                ),
            )
            .distinct()
        ).all()
        for program_id in programs:
            kept += settle(session, partner=partner, program_id=program_id, found=one, at=at)
    return kept


def settle(
    session: Session, *, partner: Partner, program_id: UUID, found: SaleCorrection, at: datetime
) -> bool:
    """Keep one correction in one programme and settle it if it can be; False where it has none."""
    made = stored.register_found(
        session,
        program_id=program_id,
        claim_id=None,
        reading=_reading(found, partner),
        partner_id=partner.id,
        proof=CorrectionProof.SALES_FEED,
        at=at,
    )
    if made is None:
        return False
    corrections.settle(session, correction_id=made.id, at=at)
    return True


def _reading(one: SaleCorrection, partner: Partner) -> Reading:
    buyer = one.buyer_nip
    return Reading(
        kind=DocumentKind.CORRECTED_INVOICE,
        route=ROUTE,
        engine=ROUTE,
        seller=Party(name=Value(partner.name), vat_id=Value(partner.nip, Proof.CHECKSUM)),
        buyer=Party(vat_id=Value(buyer, Proof.CHECKSUM) if buyer else None),
        invoice_number=Value(one.number),
        issue_date=Value(days[0].value) if (days := dates(one.day)) else None,
        lines=tuple(
            Line(
                position=position,
                description=Value(row.name) if row.name else None,
                quantity=Value(row.delta) if row.delta is not None else None,
                unit=Value(row.unit) if row.unit else None,
                gtin=Value(row.gtin, Proof.CHECKSUM) if row.gtin else None,
                article_no=Value(row.index) if row.index else None,
                unit_delta=row.delta,
            )
            for position, row in enumerate(one.rows, start=1)
        ),
        correction=Correction(
            encoding=UNKNOWN if one.unclear else DIFFERENCE,
            originals=(CorrectionReference(number=one.original),),
            needs_person=one.unclear,
        ),
    )
