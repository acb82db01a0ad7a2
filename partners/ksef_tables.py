"""A wholesaler's connection to KSeF and the metadata of its invoices that was synced."""

from __future__ import annotations

from datetime import date, datetime
from enum import StrEnum
from uuid import UUID

import sqlalchemy as sa
from sqlmodel import Field, SQLModel

from core.columns import big_int, check, enum_field, key_field, moment, references


class ConnectionStatus(StrEnum):
    ACTIVE = "active"
    REFUSED = "refused"  # KSeF refused the token: somebody has to connect anew
    REVOKED = "revoked"


class KsefConnection(SQLModel, table=True):
    """One token of a wholesaler, sealed with a key outside the database; forgotten when revoked.

    `cursor_at` and `page_offset` say where the sync goes on; `busy_until` is KSeF's own wish.
    """

    __tablename__ = "ksef_connection"
    __table_args__ = (
        sa.Index(
            "uq_ksef_connection_living",
            "partner_id",
            unique=True,
            postgresql_where=sa.text("status <> 'revoked'"),
        ),
        check("revoked", "(status = 'revoked') = (revoked_at IS NOT NULL)"),
        check("forgotten", "status <> 'revoked' OR token_sealed IS NULL"),
    )

    id: UUID = key_field()
    partner_id: UUID = references("partner.id")
    nip: str
    environment: str
    token_sealed: bytes | None = None
    status: ConnectionStatus = enum_field(ConnectionStatus, default=ConnectionStatus.ACTIVE)
    connected_by: UUID = references("person.id")
    connected_at: datetime = moment()
    revoked_by: UUID | None = references("person.id", default=None)
    revoked_at: datetime | None = moment(default=None)
    cursor_at: datetime = moment()
    page_offset: int = 0
    busy_until: datetime | None = moment(default=None)
    synced_at: datetime | None = moment(default=None)
    invoices: int = big_int(default=0)
    last_error: str = ""


class KsefInvoice(SQLModel, table=True):
    """Metadata of an invoice to an enrolled firm; of all others only a keyed hash is kept."""

    __tablename__ = "ksef_invoice"
    __table_args__ = (
        check("hash", "octet_length(invoice_hash) = 32"),
        check("corrects", "octet_length(corrects) = 32"),
        sa.Index("ix_ksef_invoice_hash", "partner_id", "invoice_hash"),
        sa.Index(
            "ix_ksef_invoice_corrects",
            "partner_id",
            "corrects",
            postgresql_where=sa.text("corrects IS NOT NULL"),
        ),
    )

    partner_id: UUID = Field(foreign_key="partner.id", primary_key=True)
    ksef_number: str = Field(primary_key=True)
    invoice_number: str
    invoice_hash: bytes
    seller_nip: str
    buyer_nip: str
    issued_on: date
    kind: str
    gross_grosze: int | None = big_int(default=None)
    stored_at: datetime = moment()
    corrects: bytes | None = None  # the hash of the invoice that this one corrects


class KsefKey(SQLModel, table=True):
    """That an invoice to a firm we do not know stands in KSeF: 16 bytes of an HMAC."""

    __tablename__ = "ksef_key"
    __table_args__ = (check("key", "octet_length(key) = 16"),)

    partner_id: UUID = Field(foreign_key="partner.id", primary_key=True)
    key: bytes = Field(primary_key=True)
    stored_at: datetime = moment()
