"""Purchases: one row per real-world document and programme; it carries what may be paid once."""

from __future__ import annotations

from datetime import date, datetime
from decimal import Decimal
from enum import StrEnum
from uuid import UUID

import sqlalchemy as sa
from sqlmodel import Field, SQLModel

from core.columns import big_int, check, enum_field, key_field, moment, quantity_field, references


class PurchaseKind(StrEnum):
    INVOICE = "invoice"
    RECEIPT = "receipt"
    CODE = "code"


class Purchase(SQLModel, table=True):
    """A document's natural keys, each unique in its programme across all participants."""

    __tablename__ = "purchase"
    __table_args__ = (
        sa.Index(
            "uq_purchase_number",
            "program_id",
            "seller_nip",
            "kind",
            "number_norm",
            unique=True,
            postgresql_where=sa.text("number_norm IS NOT NULL"),
        ),
        sa.Index(
            "uq_purchase_ksef",
            "program_id",
            "ksef_number",
            unique=True,
            postgresql_where=sa.text("ksef_number IS NOT NULL"),
        ),
        sa.Index(
            "uq_purchase_ksef_hash",
            "program_id",
            "ksef_hash",
            unique=True,
            postgresql_where=sa.text("ksef_hash IS NOT NULL"),
        ),
        sa.Index(
            "uq_purchase_receipt",
            "program_id",
            "cash_register_id",
            "print_number",
            unique=True,
            postgresql_where=sa.text("cash_register_id IS NOT NULL AND print_number IS NOT NULL"),
        ),
        sa.Index(
            "uq_purchase_file",
            "program_id",
            "file_sha256",
            unique=True,
            postgresql_where=sa.text("file_sha256 IS NOT NULL"),
        ),
        sa.Index("ix_purchase_skeleton", "program_id", "seller_nip", "number_skeleton"),
        sa.Index(
            "ix_purchase_total", "program_id", "seller_nip", "issue_date", "total_gross_grosze"
        ),
    )

    id: UUID = key_field()
    program_id: UUID = references("program.id")
    kind: PurchaseKind = enum_field(PurchaseKind)
    seller_nip: str | None = None
    buyer_nip: str | None = None
    number: str | None = None
    number_norm: str | None = None
    number_skeleton: str | None = None
    ksef_number: str | None = None
    ksef_hash: str | None = None
    cash_register_id: str | None = None
    print_number: str | None = None
    file_sha256: str | None = None
    issue_date: date | None = None
    sale_date: date | None = None
    total_gross_grosze: int | None = big_int(default=None)
    currency: str = "PLN"
    trust: int = Field(default=0, ge=0, le=5)
    # An invoice to a receipt (FP): the same purchase also exists as a receipt.
    of_receipt: bool = Field(default=False, sa_column_kwargs={"server_default": "false"})
    created_at: datetime = moment()


class PurchaseKey(SQLModel, table=True):
    """One natural key of a purchase, unique in its programme.

    A purchase gathers keys: a print gives the number, the XML of the same invoice its KSeF number,
    an invoice to a receipt the receipt. Whatever comes later with any of them is the same purchase.
    """

    __tablename__ = "purchase_key"

    program_id: UUID = Field(foreign_key="program.id", primary_key=True)
    key: str = Field(primary_key=True, max_length=300)
    purchase_id: UUID = references("purchase.id")


class PurchaseLine(SQLModel, table=True):
    """Units of one printed row: sold, returned, accepted, free. No unit is ever paid twice.

    `position`, `name` and `printed_quantity` are those of the reading that spoke of it first;
    other readings find the row by what it says (`claims.alignment`). A trigger holds the units of
    a product on all rows of a paper to the most that one reading shows (`paper_bound`).
    `printed_returned` is the same return in the document's own unit: it stands when a person
    corrects the product and with it the factor between the two.
    """

    __tablename__ = "purchase_line"
    __table_args__ = (
        sa.UniqueConstraint("purchase_id", "position"),
        check(
            "accepted",
            "quantity_accepted >= 0 AND quantity_returned >= 0 AND printed_returned >= 0"
            " AND quantity_accepted + quantity_returned <= quantity_sold",
        ),
        check("raised", "quantity_raised >= 0 AND quantity_raised <= quantity_sold"),
    )

    id: UUID = key_field()
    purchase_id: UUID = references("purchase.id")
    position: int
    product_id: UUID | None = references("product.id", default=None)
    name: str = Field(default="", sa_column_kwargs={"server_default": ""})
    printed_quantity: Decimal | None = quantity_field(default=None)
    quantity_sold: Decimal = quantity_field()
    quantity_accepted: Decimal = quantity_field(default=Decimal(0))
    quantity_returned: Decimal = quantity_field(
        default=Decimal(0), sa_column_kwargs={"server_default": "0"}
    )
    printed_returned: Decimal = quantity_field(
        default=Decimal(0), sa_column_kwargs={"server_default": "0"}
    )
    # What corrections sold besides: no reading of the document shows these units.
    quantity_raised: Decimal = quantity_field(
        default=Decimal(0), sa_column_kwargs={"server_default": "0"}
    )
