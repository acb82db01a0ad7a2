"""The catalogue of a programme over the API: listed, added to, changed."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from typing import Annotated
from uuid import UUID

from fastapi import Query
from pydantic import BaseModel, ConfigDict, Field
from sqlmodel import Session
from starlette.requests import Request

from programs import product_units, products
from programs.product_tables import AliasKind, Product
from programs.products import LONGEST_CODE, LONGEST_FAMILY, LONGEST_NAME, ProductFacts
from web.access import PROGRAM_ANALYST, PROGRAM_MANAGER, ApiRouter
from web.api.paging import Limit
from web.api.posting import MAY_REPEAT
from web.deps import CurrentViewer, Now, UnitOfWork
from web.idempotent import idempotent
from web.program_people import CurrentProgram, ManagedProgram

router = ApiRouter(area="products", access=PROGRAM_ANALYST, prefix="/products")
Units = Annotated[
    Decimal, Field(gt=0, le=1_000_000, max_digits=13, decimal_places=6, description="of `unit`")
]


class GtinUnits(BaseModel):
    """A GTIN and how many units of the product it stands for: 1 on a piece, 10 on a carton."""

    gtin: str = Field(max_length=14)
    units: Units = Decimal(1)


class SoldIn(BaseModel):
    """Another unit of invoices, with how many units of the product it holds."""

    unit: str = Field(max_length=40)
    units: Units


class ProductIn(BaseModel):
    """All that is kept of a product; what is left out is taken off it."""

    sku: str = Field(max_length=LONGEST_CODE)
    name: str = Field(max_length=LONGEST_NAME)
    family: str = Field(max_length=LONGEST_FAMILY)
    unit: str = Field("szt", description=", ".join(products.UNITS))
    eligible_from: date | None = None
    eligible_to: date | None = None
    gtins: list[GtinUnits] = Field(default=[], max_length=20)
    sold_in: list[SoldIn] = Field(default=[], max_length=20)

    def facts(self) -> ProductFacts:
        return ProductFacts(
            sku=self.sku,
            name=self.name,
            family=self.family,
            unit=self.unit,
            eligible_from=self.eligible_from,
            eligible_to=self.eligible_to,
            gtins=tuple((one.gtin, one.units) for one in self.gtins),
            sold_in=tuple((one.unit, one.units) for one in self.sold_in),
        )


class ListedProductOut(BaseModel):
    """A product in the list; `gtins` and `seller_names` are how many it has."""

    model_config = ConfigDict(frozen=True)

    id: UUID
    sku: str
    name: str
    family: str
    unit: str
    gtins: int
    seller_names: int


class ProductList(BaseModel):
    """By code; `next_after` asks for the rest, `null` ends the list."""

    items: list[ListedProductOut]
    next_after: str | None


class SellerName(BaseModel):
    """What a seller calls the product, who confirmed it, and whether it was withdrawn."""

    id: UUID
    seller_nip: str
    kind: AliasKind
    text: str
    units: Decimal
    confirmed_by: str
    withdrawn: bool


class ProductOut(BaseModel):
    id: UUID
    sku: str
    name: str
    family: str
    unit: str
    eligible_from: date | None
    eligible_to: date | None
    gtins: list[GtinUnits]
    sold_in: list[SoldIn]
    seller_names: list[SellerName]


def _shown(session: Session, product: Product) -> ProductOut:
    return ProductOut(
        id=product.id,
        sku=product.sku,
        name=product.name,
        family=product.family,
        unit=product.unit,
        eligible_from=product.eligible_from,
        eligible_to=product.eligible_to,
        gtins=[
            GtinUnits(gtin=row.gtin, units=row.units)
            for row in products.list_gtins(session, product)
        ],
        sold_in=[
            SoldIn(unit=name, units=units)
            for name, units in product_units.list_units(session, product)
        ],
        seller_names=[
            SellerName(
                id=row.id,
                seller_nip=row.seller_nip,
                kind=row.kind,
                text=row.text,
                units=row.units,
                confirmed_by=row.confirmed_by,
                withdrawn=row.withdrawn_at is not None,
            )
            for row in products.list_aliases(session, product)
        ],
    )


@router.get("")
def list_products(
    session: UnitOfWork,
    program: CurrentProgram,
    limit: Limit = 50,
    text: Annotated[str, Query(max_length=100, description="words of name, code, GTIN")] = "",
    family: Annotated[str, Query(max_length=LONGEST_FAMILY)] = "",
    after: Annotated[str, Query(max_length=LONGEST_CODE, description="`next_after`")] = "",
) -> ProductList:
    """The programme's products."""
    found = products.search(
        session, program_id=program.id, text=text, family=family, after_sku=after, limit=limit + 1
    )
    items = [
        ListedProductOut(
            id=row.product.id,
            sku=row.product.sku,
            name=row.product.name,
            family=row.product.family,
            unit=row.product.unit,
            gtins=row.gtins,
            seller_names=row.aliases,
        )
        for row in found[:limit]
    ]
    return ProductList(items=items, next_after=items[-1].sku if len(found) > limit else None)


@router.post(
    "", access=PROGRAM_MANAGER, status_code=201, response_model=ProductOut, openapi_extra=MAY_REPEAT
)
@idempotent
def create_product(
    request: Request,
    session: UnitOfWork,
    program: ManagedProgram,
    viewer: CurrentViewer,
    given: ProductIn,
    now: Now,
) -> ProductOut:
    """Add a product; a code that is taken is refused."""
    del request  # The idempotency around this asks for it.
    made = products.create(
        session, program_id=program.id, facts=given.facts(), actor=viewer.actor, at=now
    )
    return _shown(session, made)


@router.get("/{product_id}")
def show_product(session: UnitOfWork, program: CurrentProgram, product_id: UUID) -> ProductOut:
    """One product with its GTINs, units and what sellers call it."""
    return _shown(
        session, products.get_product(session, program_id=program.id, product_id=product_id)
    )


@router.put("/{product_id}", access=PROGRAM_MANAGER)
def change_product(
    session: UnitOfWork,
    program: ManagedProgram,
    viewer: CurrentViewer,
    product_id: UUID,
    given: ProductIn,
    now: Now,
    from_start: Annotated[
        bool, Query(description="a mistake is put right: for earlier purchases too")
    ] = False,
) -> ProductOut:
    """Change a product; what was decided before keeps its units and points.

    Code, family and unit change for purchases from tomorrow on.
    """
    product = products.get_product(session, program_id=program.id, product_id=product_id)
    products.edit(
        session,
        product,
        facts=given.facts(),
        actor=viewer.actor,
        from_start=from_start,
        at=now,
    )
    return _shown(session, product)
