"""How many of a product's own units one printed unit of a claim's line is, and who says so."""

from __future__ import annotations

from decimal import Decimal
from uuid import UUID

from sqlmodel import Session, select

from claims.tables import ClaimLine
from programs.product_tables import Product, ProductUnit
from programs.unit_words import factor

# A candidate's key: the likely answers of a question that is open, the likeliest first.
ASKED = "units"
MOST = Decimal(1_000_000)


def asked(line: ClaimLine) -> tuple[Decimal, ...] | None:
    """The likely answers where nobody knows the units of a line's product; None where it is known.

    An answer that a person gave stands before the others when the line is judged again.
    """
    for candidate in line.candidates:
        if line.product_id is not None and candidate["product_id"] == str(line.product_id):
            if (likely := candidate.get(ASKED)) is None:
                return None
            return tuple(Decimal(units) for units in likely)
    return None


def known(session: Session, product: Product, printed_unit: str) -> Decimal | None:
    """What one printed unit holds of a product that a person chose; `None` when nobody knows."""
    sold_in = session.exec(select(ProductUnit).where(ProductUnit.product_id == product.id))
    conversions = {one.name: one.units for one in sold_in}
    return factor(printed_unit, own=product.unit, conversions=conversions)


def known_to(session: Session, product_id: UUID, printed_unit: str) -> Decimal | None:
    """The same by the product's id."""
    return known(session, session.get_one(Product, product_id), printed_unit)


def ask(line: ClaimLine, *likely: Decimal) -> None:
    """Leave the units of the line's product open: a person says them before it is paid."""
    line.candidates = [
        {**one, ASKED: [str(units) for units in likely]}
        if one["product_id"] == str(line.product_id)
        else one
        for one in line.candidates
    ]
