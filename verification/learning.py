"""What a seller calls the products, learned from the lines that its people confirmed."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from uuid import UUID

from sqlmodel import Session

from claims.tables import ClaimLine
from programs import service as program_service
from programs.product_tables import AliasKind, Product


def learn_names(
    session: Session,
    *,
    program_id: UUID,
    seller_nip: str | None,
    judged: Sequence[tuple[ClaimLine, Product]],
    confirmed_by: str,
    at: datetime,
) -> None:
    """Remember what the seller calls each product; what is known already is asked about once."""
    if seller_nip is None:
        return
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
        if known.get((kind, text)) == (product.id, line.units_per_quantity):
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
