"""Products of a programme, their codes and the names that sellers give them."""

from __future__ import annotations

from datetime import date, datetime
from decimal import Decimal
from enum import StrEnum
from typing import Any
from uuid import UUID

import sqlalchemy as sa
from sqlmodel import Field, SQLModel, col

from core.columns import (
    check,
    enum_field,
    json_field,
    key_field,
    moment,
    quantity_field,
    references,
)


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


class ProductPast(SQLModel, table=True):
    """What a product was for purchases until a day, inclusive; nobody changes it afterwards."""

    __tablename__ = "product_past"
    __table_args__ = (
        sa.PrimaryKeyConstraint("product_id", "until"),
        {"info": {"append_only": True}},
    )

    product_id: UUID = Field(foreign_key="product.id")
    until: date
    sku: str
    family: str
    unit: str
    changed_at: datetime = moment()


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


class ProductUnit(SQLModel, table=True):
    """A unit that a product is sold in besides its own: a roll of 100 m, a pack of 10."""

    __tablename__ = "product_unit"
    __table_args__ = (
        sa.PrimaryKeyConstraint("product_id", "name"),
        check("units", "units > 0"),
    )

    product_id: UUID = Field(foreign_key="product.id")
    name: str  # One of `programs.unit_words.PACKS`.
    units: Decimal = quantity_field()


class CatalogueStamp(SQLModel, table=True):
    """Changed by triggers of the database with every change of a programme's products.

    Nobody else writes it; it tells a process whether the catalogue that it prepared still stands.
    """

    __tablename__ = "catalogue_stamp"

    program_id: UUID = Field(foreign_key="program.id", primary_key=True)
    stamp: UUID


class ImportColumns(SQLModel, table=True):
    """Which heading of a programme's files means what: our name → the heading in the file."""

    __tablename__ = "import_columns"

    program_id: UUID = Field(foreign_key="program.id", primary_key=True)
    columns: dict[str, Any] = json_field(default_factory=dict)
    saved_by: str
    saved_at: datetime = moment()


class ImportStatus(StrEnum):
    WAITING = "waiting"
    RUNNING = "running"
    DONE = "done"
    FAILED = "failed"


class ProductImport(SQLModel, table=True):
    """A file of products that a worker writes; the page shows how far it is."""

    __tablename__ = "product_import"
    __table_args__ = (
        check("progress", "done >= 0 AND done <= total"),
        check("finished", "(status IN ('done', 'failed')) = (finished_at IS NOT NULL)"),
    )

    id: UUID = key_field()
    program_id: UUID = references("program.id")
    file_name: str
    file_sha256: str
    columns: dict[str, Any] = json_field(default_factory=dict)
    # It puts mistakes right: its facts hold for earlier purchases too.
    from_start: bool = Field(default=False, sa_column_kwargs={"server_default": sa.false()})
    status: ImportStatus = enum_field(ImportStatus, default=ImportStatus.WAITING)
    total: int
    done: int = 0
    added: int = 0
    changed: int = 0
    left_out: int = 0
    requested_by: str
    requested_at: datetime = moment()
    finished_at: datetime | None = moment(default=None)


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


class SellerUnit(SQLModel, table=True):
    """How many of a product one printed unit of a seller's name is, as a person said at the desk.

    One person's word spares the desk the question; only when a second one confirmed it does the
    system pay by it alone. A change of the product's own units withdraws it (by trigger).
    """

    __tablename__ = "seller_unit"
    __table_args__ = (
        check("units", "units > 0"),
        check("printed", "printed <> ''"),
        check(
            "second",
            "(second_at IS NULL) = (second_by IS NULL)"
            " AND (second_claim_id IS NULL) = (second_by IS NULL)",
        ),
        check("two_people", "second_by IS DISTINCT FROM confirmed_by"),
        check("withdrawn", "(withdrawn_at IS NULL) = (withdrawn_by IS NULL)"),
    )

    id: UUID = key_field()
    program_id: UUID = references("program.id", index=False)
    seller_nip: str
    kind: AliasKind = enum_field(AliasKind)
    text: str
    printed: str  # The unit on the document, folded.
    shown: str  # The same as it stood there.
    product_id: UUID = references("product.id")
    product_unit: str  # What the product was counted in when that was said.
    units: Decimal = quantity_field()
    claim_id: UUID = Field(index=True)  # On which it was said; claims lie above programmes.
    confirmed_by: str
    confirmed_at: datetime = moment()
    second_by: str | None = None
    second_at: datetime | None = moment(default=None)
    second_claim_id: UUID | None = Field(default=None, index=True)
    withdrawn_by: str | None = None
    withdrawn_at: datetime | None = moment(default=None)


# One living answer per seller's name and printed unit; withdrawn ones stay as history.
sa.Index(
    "uq_seller_unit_living",
    col(SellerUnit.program_id),
    col(SellerUnit.seller_nip),
    col(SellerUnit.kind),
    col(SellerUnit.text),
    col(SellerUnit.printed),
    unique=True,
    postgresql_where=sa.text("withdrawn_at IS NULL"),
)
