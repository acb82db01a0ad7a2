"""How many of a product's own units one printed unit of a claim's line is, and who says so."""

from __future__ import annotations

from decimal import Decimal
from typing import Any
from uuid import UUID

from sqlmodel import Session, select

from claims.tables import ClaimLine
from programs.product_tables import Product, ProductUnit
from programs.unit_words import factor

# A candidate's key: the likely answers of a question that is open, the likeliest first.
ASKED = "units"
# A candidate's key: the seller's remembered unit by which the line is counted.
LEARNED = "seller_unit"
MOST = Decimal(1_000_000)
DIGITS = Decimal("0.000001")  # as many as are stored


def asked(line: ClaimLine) -> tuple[Decimal, ...] | None:
    """The likely answers where nobody knows the units of a line's product; None where it is known.

    What a person answered stands before the others when the line is judged again.
    """
    for candidate in line.candidates:
        if line.product_id is not None and candidate["product_id"] == str(line.product_id):
            if (likely := candidate.get(ASKED)) is None:
                return None
            return tuple(Decimal(units) for units in likely)
    return None


def learned(line: ClaimLine) -> UUID | None:
    """The seller's remembered unit by which a line is counted, where there is one."""
    for candidate in line.candidates:
        if line.product_id is not None and candidate["product_id"] == str(line.product_id):
            return UUID(candidate[LEARNED]) if LEARNED in candidate else None
    return None


def likeness(line: ClaimLine) -> Decimal:
    """How sure the product of a line is, whatever is in doubt of its units."""
    for candidate in line.candidates:
        if candidate["product_id"] == str(line.product_id):
            return Decimal(candidate["score"])
    return line.match_score


def known(session: Session, product: Product, printed_unit: str) -> Decimal | None:
    """What one printed unit holds of a product that a person chose; `None` when nobody knows."""
    sold_in = session.exec(select(ProductUnit).where(ProductUnit.product_id == product.id))
    conversions = {one.name: one.units for one in sold_in}
    return factor(printed_unit, own=product.unit, conversions=conversions)


def name(session: Session, line: ClaimLine, product: Product) -> None:
    """Count a line in the units of the product that somebody chose, or leave that open."""
    units = known(session, product, line.unit)
    line.units_per_quantity = units or Decimal(1)
    line.candidates = [_with_units(one, line, open_=units is None) for one in line.candidates]


def answer(line: ClaimLine, units: Decimal) -> None:
    """Count a line as a person says; where that was asked, the answer stands first from now on."""
    line.units_per_quantity = units
    before = asked(line)
    if before is not None:
        answers = [str(one) for one in (units, *(one for one in before if one != units))]
        line.candidates = [
            {**one, ASKED: answers} if one["product_id"] == str(line.product_id) else one
            for one in line.candidates
        ]


def _with_units(candidate: dict[str, Any], line: ClaimLine, *, open_: bool) -> dict[str, Any]:
    if candidate["product_id"] != str(line.product_id):
        return candidate
    rest = {key: value for key, value in candidate.items() if key not in (ASKED, LEARNED)}
    return {**rest, ASKED: []} if open_ else rest
