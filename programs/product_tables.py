"""Products of a programme, their codes and the names that sellers give them."""

from __future__ import annotations

from datetime import date, datetime
from decimal import Decimal
from enum import StrEnum
from uuid import UUID

import sqlalchemy as sa
from sqlmodel import Field, SQLModel, col

from core.columns import check, enum_field, key_field, moment, quantity_field, references


class Product(SQLModel, table=True):
    """An eligible product. Without dates it is eligible as long as the programme runs."""

    __tablename__ = "product"
    __table_args__ = (
        sa.UniqueConstraint("program_id", "sku"),
        check(
            "eligible",
            "eligible_to IS NULL OR eligible_from IS NULL OR eligible_from <= eligible_to",
        ),
    )

    id: UUID = key_field()
    program_id: UUID = references("program.id")
    sku: str
    name: str
    family: str = Field(index=True)
    unit: str = "szt"
    eligible_from: date | None = None
    eligible_to: date | None = None
    created_at: datetime = moment()


class ProductGtin(SQLModel, table=True):
    """A GTIN of a product: the unit's, or a carton's with the units inside."""

    __tablename__ = "product_gtin"
    __table_args__ = (
        sa.PrimaryKeyConstraint("program_id", "gtin"),
        check("gtin", "gtin ~ '^([0-9]{8}|[0-9]{12,14})$'"),
        check("units", "units > 0"),
    )

    program_id: UUID = Field(foreign_key="program.id")
    gtin: str
    product_id: UUID = references("product.id")
    units: Decimal = quantity_field(default=Decimal(1))


class CatalogueStamp(SQLModel, table=True):
    """Changed by triggers of the database with every change of a programme's products.

    Nobody else writes it; it tells a process whether the catalogue that it prepared still stands.
    """

    __tablename__ = "catalogue_stamp"

    program_id: UUID = Field(foreign_key="program.id", primary_key=True)
    stamp: UUID


class AliasKind(StrEnum):
    SELLER_INDEX = "seller_index"
    TEXT = "text"


class ProductAlias(SQLModel, table=True):
    """A seller's own index or wording for a product, learned from confirmed decisions."""

    __tablename__ = "product_alias"
    __table_args__ = (
        check("units", "units > 0"),
        check("withdrawn", "(withdrawn_at IS NULL) = (withdrawn_by IS NULL)"),
    )

    id: UUID = key_field()
    program_id: UUID = references("program.id")
    seller_nip: str
    kind: AliasKind = enum_field(AliasKind)
    text: str
    product_id: UUID = references("product.id")
    units: Decimal = quantity_field(default=Decimal(1))
    confirmed_by: str
    confirmed_at: datetime = moment()
    withdrawn_by: str | None = None
    withdrawn_at: datetime | None = moment(default=None)


# One living alias per seller's wording; withdrawn ones stay as history.
sa.Index(
    "uq_product_alias_living",
    col(ProductAlias.program_id),
    col(ProductAlias.seller_nip),
    col(ProductAlias.kind),
    col(ProductAlias.text),
    unique=True,
    postgresql_where=sa.text("withdrawn_at IS NULL"),
)
