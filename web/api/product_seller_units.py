"""What one printed unit of a seller's name holds, over the API: what it counted, its withdrawal."""

from __future__ import annotations

from datetime import datetime
from decimal import Decimal
from uuid import UUID

from pydantic import BaseModel, Field
from sqlmodel import Session
from starlette.requests import Request

from analytics import aliases
from programs import products, seller_units
from programs.product_tables import AliasKind, SellerUnit
from web.access import PROGRAM_ANALYST, PROGRAM_MANAGER, ApiRouter
from web.api.posting import MAY_REPEAT
from web.api.product_aliases import TouchedOut
from web.deps import CurrentViewer, Now, UnitOfWork
from web.idempotent import idempotent
from web.program_people import CurrentProgram, ManagedProgram
from web.routers.product_names import MOST_SHOWN

router = ApiRouter(
    area="products", access=PROGRAM_ANALYST, prefix="/products/{product_id}/seller-units"
)


class SellerUnitOut(BaseModel):
    """`units` of the product (in `product_unit`) stand in one `unit` of the seller's name.

    One person's word spares the desk a question; with `second_by` the system may pay by it alone.
    """

    id: UUID
    seller_nip: str
    kind: AliasKind
    text: str
    unit: str
    units: Decimal
    product_unit: str
    confirmed_by: str
    confirmed_at: datetime
    second_by: str | None
    second_at: datetime | None
    withdrawn_by: str | None
    withdrawn_at: datetime | None


class SellerUnitWithClaims(SellerUnitOut):
    """With the lines that were counted by it, or on which it was said."""

    touched_lines: int
    touched: list[TouchedOut] = Field(description=f"the newest {MOST_SHOWN}")


def _facts(one: SellerUnit) -> dict[str, object]:
    return {
        **one.model_dump(include=set(SellerUnitOut.model_fields) - {"unit"}),
        "unit": one.shown,
    }


def _shown(session: Session, unit: SellerUnit) -> SellerUnitWithClaims:
    found = aliases.touched_by_unit(session, unit)
    return SellerUnitWithClaims.model_validate(
        {
            **_facts(unit),
            "touched_lines": len(found),
            "touched": [TouchedOut.model_validate(one) for one in found[:MOST_SHOWN]],
        }
    )


@router.get("")
def list_seller_units(
    session: UnitOfWork, program: CurrentProgram, product_id: UUID
) -> list[SellerUnitOut]:
    """What sellers' units hold of the product, as people said: living answers first."""
    product = products.get_product(session, program_id=program.id, product_id=product_id)
    return [
        SellerUnitOut.model_validate(_facts(one))
        for one in seller_units.list_units(session, product)
    ]


@router.get("/{seller_unit_id}")
def show_seller_unit(
    session: UnitOfWork, program: CurrentProgram, product_id: UUID, seller_unit_id: UUID
) -> SellerUnitWithClaims:
    """Who said it, and the lines that were counted by it."""
    found = seller_units.get(
        session, program_id=program.id, product_id=product_id, unit_id=seller_unit_id
    )
    return _shown(session, found)


@router.post(
    "/{seller_unit_id}/withdrawal",
    access=PROGRAM_MANAGER,
    response_model=SellerUnitWithClaims,
    openapi_extra=MAY_REPEAT,
)
@idempotent
def withdraw_seller_unit(
    request: Request,
    session: UnitOfWork,
    program: ManagedProgram,
    viewer: CurrentViewer,
    product_id: UUID,
    seller_unit_id: UUID,
    now: Now,
) -> SellerUnitWithClaims:
    """Ask for the unit again, also on claims that wait; what was paid is not undone."""
    del request  # The idempotency around this asks for it.
    found = seller_units.withdraw(
        session,
        program_id=program.id,
        product_id=product_id,
        unit_id=seller_unit_id,
        actor=viewer.actor,
        at=now,
    )
    return _shown(session, found)
