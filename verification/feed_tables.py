"""Sales exports of wholesalers: what came, how it was read, and keyed hashes of what was sold."""

from __future__ import annotations

from datetime import datetime
from enum import StrEnum
from typing import Any
from uuid import UUID

import sqlalchemy as sa
from sqlmodel import Field, SQLModel

from core.columns import big_int, check, enum_field, json_field, key_field, moment, references


class FeedStatus(StrEnum):
    MAPPING = "mapping"  # a person has to say which column is which
    WAITING = "waiting"  # for a worker, or in its hands
    DONE = "done"
    REFUSED = "refused"  # nothing of it was used


class SalesFeed(SQLModel, table=True):
    """One file of a wholesaler. Its bytes are deleted as soon as it was compared."""

    __tablename__ = "sales_feed"
    __table_args__ = (
        # The same file twice is the same feed.
        sa.UniqueConstraint("partner_id", "sha256"),
        check("sha256", "sha256 ~ '^[0-9a-f]{64}$'"),
        check(
            "counts",
            "rows_total >= 0 AND rows_done >= 0 AND rows_bad >= 0 AND rows_used >= 0"
            " AND claims_proven >= 0 AND claims_different >= 0",
        ),
        check("finished", "(status IN ('done', 'refused')) = (finished_at IS NOT NULL)"),
        sa.Index("ix_sales_feed_partner", "partner_id", "created_at"),
    )

    id: UUID = key_field()
    partner_id: UUID = Field(foreign_key="partner.id")
    sent_by: UUID = references("person.id")
    name: str
    sha256: str
    file_bytes: int = big_int()
    status: FeedStatus = enum_field(FeedStatus)
    # How the file is laid out (`verification.feed_file.Layout`) and which column is what.
    layout: dict[str, Any] = json_field(default_factory=dict)
    mapping: dict[str, Any] = json_field(default_factory=dict)
    signature: str = ""
    fault: str = ""
    rows_total: int = 0
    rows_done: int = 0
    rows_bad: int = 0
    rows_used: int = 0
    claims_proven: int = 0
    claims_different: int = 0
    created_at: datetime = moment()
    finished_at: datetime | None = moment(default=None)
    # When the hashes that it left were deleted: no claim can ask for them any more.
    keys_forgotten_at: datetime | None = moment(default=None)


class SalesFeedFault(SQLModel, table=True):
    """A row that could not be used: its number in the file, the column and what stands there."""

    __tablename__ = "sales_feed_fault"

    feed_id: UUID = Field(foreign_key="sales_feed.id", primary_key=True)
    row_number: int = Field(primary_key=True)
    field: str
    value: str = Field(max_length=60)


class SalesFeedMapping(SQLModel, table=True):
    """Which column is what in files of this shape: confirmed once by the wholesaler."""

    __tablename__ = "sales_feed_mapping"

    partner_id: UUID = Field(foreign_key="partner.id", primary_key=True)
    signature: str = Field(primary_key=True)
    mapping: dict[str, Any] = json_field()
    confirmed_by: UUID = references("person.id")
    confirmed_at: datetime = moment()


class SalesKey(SQLModel, table=True):
    """That something was sold, readable only by whoever knows it already and holds our key.

    16 bytes of an HMAC under a key that the database does not have (`verification.feed_keys`).
    """

    __tablename__ = "sales_key"
    __table_args__ = (check("key", "octet_length(key) = 16"),)

    # No foreign keys: a file brings hundreds of thousands of these, and each would be checked.
    partner_id: UUID = Field(primary_key=True)
    key: bytes = Field(primary_key=True)
    feed_id: UUID


class SalesCorrection(SQLModel, table=True):
    """A correction of an invoice that nobody claimed yet, sealed until somebody does.

    `lookup` is asked by a claim on that invoice, `own` keeps one copy of each; both are HMACs like
    those of `SalesKey`. What it says is encrypted under a key that needs the buyer and the number.
    """

    __tablename__ = "sales_correction"
    __table_args__ = (
        sa.UniqueConstraint("partner_id", "own"),
        check("lookup", "octet_length(lookup) = 16"),
        check("own", "octet_length(own) = 16"),
        sa.Index("ix_sales_correction_lookup", "partner_id", "lookup"),
    )

    id: UUID = key_field()
    partner_id: UUID = references("partner.id", index=False)
    feed_id: UUID = references("sales_feed.id")
    lookup: bytes
    own: bytes
    sealed: bytes


class FeedOutcome(StrEnum):
    PROVEN = "proven"
    DIFFERENT = "different"


class FeedAnswer(SQLModel, table=True):
    """What a wholesaler's sales say of one claim; differences never hold a price."""

    __tablename__ = "feed_answer"
    __table_args__ = (sa.UniqueConstraint("claim_id", "feed_id"),)

    id: UUID = key_field()
    claim_id: UUID = Field(foreign_key="claim.id")
    feed_id: UUID = references("sales_feed.id")
    outcome: FeedOutcome = enum_field(FeedOutcome)
    lines: list[dict[str, Any]] = json_field(default_factory=list)
    at: datetime = moment()
