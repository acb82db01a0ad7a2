"""What filters can be set to: the programme's partners, branches, families and products."""

from __future__ import annotations

from dataclasses import dataclass
from uuid import UUID

import sqlalchemy as sa
from sqlmodel import Session, col, select

from partners.tables import Branch, Partner
from programs.product_tables import Product
from programs.tables import ProgramPartner


@dataclass(frozen=True, slots=True)
class PlaceChoice:
    """A branch with the wholesaler it belongs to."""

    branch_id: UUID
    name: str
    city: str
    voivodeship: str
    partner_id: UUID
    partner_name: str


def places(session: Session, program_id: UUID) -> list[PlaceChoice]:
    """Every branch of every wholesaler that is or was in the programme."""
    rows = session.execute(
        sa.select(
            col(Branch.id),
            col(Branch.name),
            col(Branch.city),
            col(Branch.voivodeship),
            col(Partner.id),
            col(Partner.short_name),
        )
        .select_from(ProgramPartner)
        .join(Partner, col(Partner.id) == col(ProgramPartner.partner_id))
        .join(Branch, col(Branch.partner_id) == col(Partner.id))
        .where(col(ProgramPartner.program_id) == program_id)
        .order_by(col(Partner.short_name), col(Branch.name))
    )
    return [PlaceChoice(*row) for row in rows]


def families(session: Session, program_id: UUID) -> list[str]:
    return list(
        session.exec(
            select(Product.family)
            .where(Product.program_id == program_id)
            .distinct()
            .order_by(Product.family)
        )
    )


def find_product(session: Session, *, program_id: UUID, product_id: UUID) -> Product | None:
    return session.exec(
        select(Product).where(Product.id == product_id, Product.program_id == program_id)
    ).one_or_none()
