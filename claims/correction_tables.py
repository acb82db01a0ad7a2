"""Correcting invoices: what they name, what they change, and what they took back."""

from __future__ import annotations

from datetime import date, datetime
from decimal import Decimal
from enum import StrEnum
from typing import Any
from uuid import UUID

import sqlalchemy as sa
from sqlmodel import Field, SQLModel

from core.columns import big_int, check, enum_field, json_field, key_field, moment, references


class CorrectionStatus(StrEnum):
    WAITING = "waiting"  # for an original that was not claimed yet
    NEEDS_PERSON = "needs_person"
    APPLIED = "applied"
    DISMISSED = "dismissed"  # a person said that it changes nothing here


class CorrectionProof(StrEnum):
    """Who stands for a correction, so that it may take effect without a person."""

    KSEF_FETCHED = "ksef_fetched"  # the platform fetched it from the register itself
    KSEF_REGISTRY = "ksef_registry"  # the file's hash stands in the seller's own metadata
    SALES_FEED = "sales_feed"  # the seller's own export names it
    SELLER = "seller"  # a clerk of the wholesaler that sold sent it in
    EARLIER = "earlier"  # settled before anybody asked for a proof


class Correction(SQLModel, table=True):
    """One correcting invoice in one programme; its number takes effect once for each original.

    `part` counts those of one number: a sales file tells of a collective correction original by
    original, and a seller may begin its numbers anew every year.

    `reading` is what was read of it, so that it can be applied when its original comes. Anybody
    can write such a file: without a `proof` it changes nothing until a person of the seller says
    so (`settled_by`), whoever sent it. Its number may be another's, therefore a proven document
    takes the place of an unproven one.
    """

    __tablename__ = "correction"
    __table_args__ = (
        sa.UniqueConstraint("program_id", "seller_nip", "number_norm", "part"),
        sa.Index(
            "uq_correction_ksef",
            "program_id",
            "ksef_number",
            unique=True,
            postgresql_where=sa.text("ksef_number IS NOT NULL"),
        ),
        check("decided", "(status IN ('applied', 'dismissed')) = (settled_at IS NOT NULL)"),
        sa.Index("ix_correction_open", "program_id", "status", "created_at"),
    )

    id: UUID = key_field()
    program_id: UUID = references("program.id", index=False)
    partner_id: UUID | None = references("partner.id", default=None)
    claim_id: UUID | None = references("claim.id", default=None)
    seller_nip: str
    number: str
    number_norm: str
    part: int = Field(default=1, sa_column_kwargs={"server_default": "1"})
    ksef_number: str | None = None
    issue_date: date | None = None
    encoding: str
    reason: str = ""
    proof: CorrectionProof | None = enum_field(CorrectionProof, default=None)
    status: CorrectionStatus = enum_field(CorrectionStatus)
    doubts: list[str] = json_field(default_factory=list)
    reading: dict[str, Any] = json_field()
    created_at: datetime = moment()
    settled_at: datetime | None = moment(default=None)
    settled_by: UUID | None = references("person.id", default=None)


class CorrectionOriginal(SQLModel, table=True):
    """One invoice that a correction names; the purchase once it is known here."""

    __tablename__ = "correction_original"
    __table_args__ = (
        sa.UniqueConstraint("correction_id", "position"),
        sa.Index("ix_correction_original_number", "number_norm"),
        sa.Index("ix_correction_original_ksef", "ksef_number"),
    )

    id: UUID = key_field()
    correction_id: UUID = references("correction.id", index=False)
    position: int
    number: str
    number_norm: str
    ksef_number: str | None = None
    issue_date: date | None = None
    purchase_id: UUID | None = references("purchase.id", default=None)


class CorrectionLine(SQLModel, table=True):
    """What a correction took from one line of one purchase, and the points of one claim for it.

    `printed_quantity` is in the document's unit (negative: returned), said once where one return
    takes from several claims, `units` in the product's own;
    `points` are those taken back, or given back where an earlier one had taken them (`given`).
    Append-only.
    """

    __tablename__ = "correction_line"
    __table_args__ = (
        sa.UniqueConstraint("correction_id", "number"),
        check("number", "number > 0"),
        check("points", "points >= 0 AND units >= 0"),
        {"info": {"append_only": True}},
    )

    id: UUID = key_field()
    correction_id: UUID = references("correction.id", index=False)
    number: int
    purchase_id: UUID = references("purchase.id")
    position: int  # of the original's line
    purchase_line_id: UUID | None = references("purchase_line.id", default=None)
    claim_id: UUID | None = references("claim.id", default=None)  # whose points went back
    printed_quantity: Decimal = Field(sa_type=sa.Numeric(20, 6))
    units: Decimal = Field(default=Decimal(0), sa_type=sa.Numeric(20, 6))
    points: int = big_int(default=0)
    to_debt: int = big_int(default=0)
    given: bool = Field(default=False, sa_column_kwargs={"server_default": sa.false()})
    rule_version_id: UUID | None = references("rule_version.id", default=None)
    at: datetime = moment()
