"""What a seller calls the products, and what its units hold, learned from confirmed lines."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from uuid import UUID

from sqlmodel import Session

from claims import line_units
from claims.tables import ClaimLine
from programs import seller_units
from programs import service as program_service
from programs.matching_units import name_key
from programs.product_tables import AliasKind, Product
from programs.unit_words import unit_key


def learn_names(
    session: Session,
    *,
    program_id: UUID,
    seller_nip: str | None,
    judged: Sequence[tuple[ClaimLine, Product]],
    confirmed_by: str,
    at: datetime,
) -> None:
    """Remember what the seller calls each product, and what a unit holds that was asked about.

    What is known already is asked of the database once.
    """
    if seller_nip is None:
        return
    replaced = {
        line.id
        for line, product in judged
        if _learn_unit(session, program_id, seller_nip, line, product, confirmed_by, at)
    }
    said = [
        (kind, text, line, product)
        for line, product in judged
        for kind, text in (
            (AliasKind.SELLER_INDEX, line.seller_index),
            (AliasKind.TEXT, line.description),
        )
        if text
    ]
    known = program_service.known_aliases(
        session, program_id=program_id, seller_nip=seller_nip,
        names=[(kind, text) for kind, text, _, _ in said],
    )  # fmt: skip
    for kind, text, line, product in said:
        named, units = known.get((kind, text), (None, None))
        # Another unit of the same product is kept by that unit; the name goes on standing for it.
        kept = bool(unit_key(line.unit)) and line.id not in replaced
        if named == product.id and (kept or units == line.units_per_quantity):
            continue
        program_service.learn_alias(
            session,
            program_id=program_id,
            seller_nip=seller_nip,
            kind=kind,
            text=text,
            product_id=product.id,
            units=line.units_per_quantity,
            confirmed_by=confirmed_by,
            at=at,
        )


def _learn_unit(
    session: Session,
    program_id: UUID,
    seller_nip: str,
    line: ClaimLine,
    product: Product,
    confirmed_by: str,
    at: datetime,
) -> bool:
    """Keep what a person said of a unit where the product does not say it; see `seller_units`.

    Whether it contradicts what was kept.
    """
    name = name_key(description=line.description, seller_index=line.seller_index)
    matched = line.candidates[0]["product_id"] if line.candidates else ""
    as_stated = (
        matched == str(product.id)
        and line_units.asked(line) is None
        and line_units.learned(line) is None
    )
    if name is None or as_stated:
        return False
    stated = line_units.known(session, product, line.unit)
    return seller_units.learn(
        session,
        program_id=program_id,
        seller_nip=seller_nip,
        name=name,
        printed=line.unit,
        product=product,
        units=line.units_per_quantity,
        keep=stated in (None, line.units_per_quantity),
        claim_id=line.claim_id,
        confirmed_by=confirmed_by,
        at=at,
    )
