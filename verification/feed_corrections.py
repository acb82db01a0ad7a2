"""Corrections that stand in a wholesaler's sales file: kept for a person where they touch a claim.

A sales file says which invoice was corrected and lists rows, but not by which of the encodings: a
person of the seller settles each against its original. What nobody claimed is left alone.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime

from sqlmodel import Session, select

from claims import corrections as stored
from claims.identity import normalise_number
from claims.purchase_tables import Purchase
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
from verification.feed_jpk import JpkCorrection
from verification.feed_values import quantity, tax_number

ROUTE = "sales-file"
UNKNOWN = "?"


def take_in(
    session: Session, *, partner: Partner, found: Sequence[JpkCorrection], at: datetime
) -> int:
    """Keep the corrections of invoices that are known here; how many. The same one is kept once."""
    kept = 0
    for one in found:
        programs = session.exec(
            select(Purchase.program_id)
            .where(
                Purchase.seller_nip == partner.nip,
                Purchase.number_norm == normalise_number(one.original),
            )
            .distinct()
        ).all()
        for program_id in programs:
            made = stored.register_found(
                session,
                program_id=program_id,
                claim_id=None,
                reading=_reading(one, partner),
                partner_id=partner.id,
                at=at,
            )
            if made is not None:
                corrections.settle(session, correction_id=made.id, at=at)
                kept += 1
    return kept


def _reading(one: JpkCorrection, partner: Partner) -> Reading:
    buyer = tax_number(one.buyer_nip)
    return Reading(
        kind=DocumentKind.CORRECTED_INVOICE,
        route=ROUTE,
        engine="jpk-fa",
        seller=Party(name=Value(partner.name), vat_id=Value(partner.nip, Proof.CHECKSUM)),
        buyer=Party(vat_id=Value(buyer, Proof.CHECKSUM) if buyer else None),
        invoice_number=Value(one.number),
        issue_date=Value(day) if (day := _day(one.day)) else None,
        lines=tuple(
            Line(
                position=position,
                description=Value(row.name),
                quantity=Value(amount) if (amount := quantity(row.quantity)) is not None else None,
                unit=Value(row.unit) if row.unit else None,
                unit_delta=amount,
            )
            for position, row in enumerate(one.rows, start=1)
        ),
        correction=Correction(
            encoding=UNKNOWN,
            originals=(CorrectionReference(number=one.original),),
            needs_person=True,
        ),
    )


def _day(text: str) -> date | None:
    try:
        return date.fromisoformat(text)
    except ValueError:
        return None
