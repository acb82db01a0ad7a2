"""One name that a seller has for a product, over the API: what it touched, its withdrawal."""

from __future__ import annotations

from datetime import datetime
from decimal import Decimal
from uuid import UUID

from pydantic import BaseModel, ConfigDict, Field
from sqlmodel import Session
from starlette.requests import Request

from analytics import aliases
from claims.states import ClaimStatus
from programs import products
from programs.product_tables import AliasKind, ProductAlias
from programs.products import AliasNotFound
from programs.tables import Program
from web.access import PROGRAM_ANALYST, PROGRAM_MANAGER, ApiRouter
from web.api.posting import MAY_REPEAT
from web.deps import CurrentViewer, Now, UnitOfWork
from web.idempotent import idempotent
from web.program_people import CurrentProgram, ManagedProgram
from web.routers.product_names import MOST_SHOWN

router = ApiRouter(
    area="products", access=PROGRAM_ANALYST, prefix="/products/{product_id}/aliases/{alias_id}"
)


class TouchedOut(BaseModel):
    """A line that was matched by the name; `units` and `points` are what it was given."""

    model_config = ConfigDict(frozen=True, from_attributes=True)

    claim_id: UUID
    number: str
    status: ClaimStatus
    submitted_at: datetime
    position: int
    units: Decimal
    points: int


class AliasOut(BaseModel):
    """`units` of the product stand in one unit of the seller's; the newest lines are listed."""

    id: UUID
    seller_nip: str
    kind: AliasKind
    text: str
    units: Decimal
    confirmed_by: str
    confirmed_at: datetime
    withdrawn_at: datetime | None
    touched_lines: int
    touched: list[TouchedOut] = Field(description=f"the newest {MOST_SHOWN}")


def _alias(session: Session, program: Program, product_id: UUID, alias_id: UUID) -> ProductAlias:
    """The programme's name for this very product. Raises `ProductNotFound`, `AliasNotFound`."""
    product = products.get_product(session, program_id=program.id, product_id=product_id)
    alias = products.get_alias(session, program_id=program.id, alias_id=alias_id)
    if alias.product_id != product.id:
        raise AliasNotFound
    return alias


def _shown(session: Session, alias: ProductAlias) -> AliasOut:
    found = aliases.touched(session, alias)
    return AliasOut(
        id=alias.id,
        seller_nip=alias.seller_nip,
        kind=alias.kind,
        text=alias.text,
        units=alias.units,
        confirmed_by=alias.confirmed_by,
        confirmed_at=alias.confirmed_at,
        withdrawn_at=alias.withdrawn_at,
        touched_lines=len(found),
        touched=[TouchedOut.model_validate(one) for one in found[:MOST_SHOWN]],
    )


@router.get("")
def show_alias(
    session: UnitOfWork, program: CurrentProgram, product_id: UUID, alias_id: UUID
) -> AliasOut:
    """Who confirmed the name, and the lines that were matched by it."""
    return _shown(session, _alias(session, program, product_id, alias_id))


@router.post(
    "/withdrawal", access=PROGRAM_MANAGER, response_model=AliasOut, openapi_extra=MAY_REPEAT
)
@idempotent
def withdraw_alias(
    request: Request,
    session: UnitOfWork,
    program: ManagedProgram,
    viewer: CurrentViewer,
    product_id: UUID,
    alias_id: UUID,
    now: Now,
) -> AliasOut:
    """Recognise nothing by the name any more; what it decided before is not undone."""
    del request  # The idempotency around this asks for it.
    alias = _alias(session, program, product_id, alias_id)
    withdrawn = products.withdraw_alias(
        session, program_id=program.id, alias_id=alias.id, actor=viewer.actor, at=now
    )
    return _shown(session, withdrawn)
