"""Uploaded proofs: files as sent, pages as shown, readings as made."""

from __future__ import annotations

from datetime import datetime
from enum import StrEnum
from typing import Any
from uuid import UUID

import sqlalchemy as sa
from sqlalchemy.dialects.postgresql import ARRAY, BIT
from sqlmodel import Field, SQLModel

from core.columns import big_int, check, enum_field, json_field, key_field, moment, references


class DocumentKind(StrEnum):
    INVOICE = "invoice"
    RECEIPT = "receipt"
    ADVANCE = "advance"  # paid before anything was delivered: the final invoice shows the goods
    NO_SALE = "no_sale"  # pro forma, order, delivery note, non-fiscal slip: nothing is sold by it
    CODE_PHOTO = "code_photo"
    UNKNOWN = "unknown"


# Papers that by themselves prove no sale; a person may know more.
UNSOLD = frozenset({DocumentKind.ADVANCE, DocumentKind.NO_SALE})


class Document(SQLModel, table=True):
    """The proof of one claim: one or more files in the order of their pages."""

    __tablename__ = "document"

    id: UUID = key_field()
    claim_id: UUID = references("claim.id", unique=True)
    program_id: UUID = references("program.id")
    kind: DocumentKind = enum_field(DocumentKind, default=DocumentKind.UNKNOWN)
    created_at: datetime = moment()
    # When its pictures and readings were deleted: the programme's time for keeping them was over.
    forgotten_at: datetime | None = moment(default=None)


class DocumentFile(SQLModel, table=True):
    """One file exactly as it was sent; never shown to others."""

    __tablename__ = "document_file"
    __table_args__ = (
        sa.UniqueConstraint("document_id", "position"),
        check("file_bytes", "file_bytes > 0"),
        check("sha256", "sha256 ~ '^[0-9a-f]{64}$'"),
    )

    id: UUID = key_field()
    document_id: UUID = references("document.id")
    position: int
    sha256: str = Field(index=True)
    name: str
    media_type: str
    file_bytes: int = big_int()


class DocumentPage(SQLModel, table=True):
    """One page re-rendered upright, without EXIF: what people see and boxes refer to."""

    __tablename__ = "document_page"
    __table_args__ = (
        sa.UniqueConstraint("document_id", "number"),
        check("likeness", "(likeness IS NULL) = (likeness_bands IS NULL)"),
        sa.Index("ix_document_page_likeness", "likeness_bands", postgresql_using="gin"),
    )

    id: UUID = key_field()
    document_id: UUID = references("document.id")
    number: int
    image_sha256: str
    media_type: str
    width_px: int
    height_px: int
    # What the picture looks like (claims.likeness): bits, and their bands for the index.
    likeness: str | None = Field(default=None, sa_type=BIT(256))
    likeness_bands: list[int] | None = Field(default=None, sa_type=ARRAY(sa.Integer))


class Extraction(SQLModel, table=True):
    """One reading of a document; the newest one counts, the others stay for comparison."""

    __tablename__ = "extraction"
    __table_args__ = ({"info": {"append_only": True}},)

    id: UUID = key_field()
    document_id: UUID = references("document.id")
    route: str
    engine: str
    trust: int
    reading: dict[str, Any] = json_field()
    seconds: float
    created_at: datetime = moment()
