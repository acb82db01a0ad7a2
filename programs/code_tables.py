"""Codes printed on products, in batches; of a code itself only its HMAC is here."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

import sqlalchemy as sa
from sqlmodel import Field, SQLModel, col

from core.columns import check, enum_field, key_field, moment, references
from programs.code_states import BatchStatus


class CodeBatch(SQLModel, table=True):
    """So many codes of one product, made, activated and withdrawn together."""

    __tablename__ = "code_batch"
    __table_args__ = (
        sa.UniqueConstraint("program_id", "number"),
        check("size", "size BETWEEN 1 AND 5000"),
        check("units", "units_per_code BETWEEN 1 AND 10000"),
        check("issued", "status IN ('planned', 'void') OR issued_at IS NOT NULL"),
        check("active", "status <> 'active' OR activated_at IS NOT NULL"),
        check("void", "(status = 'void') = (voided_at IS NOT NULL)"),
    )

    id: UUID = key_field()
    program_id: UUID = references("program.id")
    number: int
    product_id: UUID = references("product.id")
    size: int
    # How many units of the product one code stands for: the label of a box of ten says ten.
    units_per_code: int = Field(default=1, sa_column_kwargs={"server_default": "1"})
    note: str = ""
    status: BatchStatus = enum_field(BatchStatus, default=BatchStatus.PLANNED)
    created_by: str
    created_at: datetime = moment()
    issued_by: str | None = None
    issued_at: datetime | None = moment(default=None)
    activated_by: str | None = None
    activated_at: datetime | None = moment(default=None)
    voided_by: str | None = None
    voided_at: datetime | None = moment(default=None)
    void_reason: str = ""


class ProductCode(SQLModel, table=True):
    """One code. It works once: the database lets nobody use it again, change it or delete it.

    A single one can be withdrawn before it is used; then nobody uses it any more.
    `claim_id` names the claim that it paid, without a foreign key: claims lie above programmes.
    """

    __tablename__ = "product_code"
    __table_args__ = (
        check("hmac", "octet_length(code_hmac) = 32"),
        check(
            "used",
            "num_nulls(claim_id, used_by, used_at) IN (0, 3)",
        ),
        check("void", "num_nulls(voided_by, voided_at) IN (0, 2)"),
        check("void_unused", "voided_at IS NULL OR claim_id IS NULL"),
    )

    code_hmac: bytes = Field(primary_key=True)
    batch_id: UUID = references("code_batch.id")
    claim_id: UUID | None = Field(default=None, unique=True)
    used_by: UUID | None = references("participant.id", default=None)
    used_at: datetime | None = moment(default=None)
    voided_by: str | None = None
    voided_at: datetime | None = moment(default=None)
    void_reason: str = Field(default="", sa_column_kwargs={"server_default": ""})


# How many codes of a batch are used and withdrawn is asked on every page of it.
sa.Index(
    "ix_product_code_used",
    col(ProductCode.batch_id),
    postgresql_where=sa.text("claim_id IS NOT NULL"),
)
sa.Index(
    "ix_product_code_voided",
    col(ProductCode.batch_id),
    postgresql_where=sa.text("voided_at IS NOT NULL"),
)
