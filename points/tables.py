"""Accounts, transactions, postings and lots; triggers own the balances."""

from __future__ import annotations

from datetime import date, datetime
from enum import StrEnum
from uuid import UUID

import sqlalchemy as sa
from sqlmodel import Field, SQLModel

from core.columns import big_int, check, enum_field, key_field, moment, references


class LedgerAccount(SQLModel, table=True):
    """An address and its balance; only postings move it. Collation C sorts as Python does.

    A trigger writes the balance, the programme (no posting crosses programmes) and `head`, the
    newest hash of the account's chain (points.chain).
    """

    __tablename__ = "ledger_account"
    __table_args__ = (
        check("balance", "overdraft OR balance >= 0"),
        check("participants_never_owe", "NOT overdraft OR address NOT LIKE 'participant:%'"),
        check("debts_are_owed", "address NOT LIKE 'debt:%' OR balance <= 0"),
        {"info": {"insert_columns": ["address", "overdraft"]}},
    )

    address: str = Field(primary_key=True, sa_type=sa.String(collation="C"))
    overdraft: bool = False
    balance: int = big_int(sa_column_kwargs={"server_default": "0"})
    program_id: UUID | None = Field(default=None, index=True)
    head: bytes | None = None


class TransactionKind(StrEnum):
    AWARD = "award"
    HOLD = "hold"
    CAPTURE = "capture"
    RELEASE = "release"
    EXPIRY = "expiry"
    CORRECTION = "correction"
    REFUND = "refund"
    ADJUSTMENT = "adjustment"
    PARTNER_REWARD = "partner_reward"
    REVERSAL = "reversal"
    SET_OFF = "set_off"
    RESTORATION = "restoration"


class LedgerTransaction(SQLModel, table=True):
    """One balanced operation; its `reference` posts once for ever."""

    __tablename__ = "ledger_transaction"
    __table_args__ = ({"info": {"append_only": True}},)

    id: int | None = Field(default=None, primary_key=True, sa_type=sa.BigInteger)
    reference: str = Field(unique=True)
    kind: TransactionKind = enum_field(TransactionKind)
    posted_at: datetime = moment()


class Posting(SQLModel, table=True):
    """Points that went from one account to another, with both balances and hashes after it."""

    __tablename__ = "posting"
    __table_args__ = (
        check("positive", "points > 0"),
        check("moves", "source <> destination"),
        # An account's newest rows are read from here, however long its history is.
        sa.Index("ix_posting_source", "source", "id"),
        sa.Index("ix_posting_destination", "destination", "id"),
        {"info": {"append_only": True}},
    )

    id: int | None = Field(default=None, primary_key=True, sa_type=sa.BigInteger)
    transaction_id: int = references("ledger_transaction.id", sa_type=sa.BigInteger)
    source: str = references(
        "ledger_account.address", sa_type=sa.String(collation="C"), index=False
    )
    destination: str = references(
        "ledger_account.address", sa_type=sa.String(collation="C"), index=False
    )
    points: int = big_int()
    # Written by the trigger, whatever an insert says.
    source_balance: int = big_int()
    destination_balance: int = big_int()
    source_hash: bytes
    destination_hash: bytes


class PointLot(SQLModel, table=True):
    """Points of one award with their day of expiry; spending takes the oldest first.

    Each point of a lot is in one place: still there, used, expired or reversed. `taken_back` counts
    what corrections took of this award, wherever they found it.
    """

    __tablename__ = "point_lot"
    __table_args__ = (
        check("remaining", "remaining >= 0 AND remaining <= points AND points > 0"),
        check(
            "whole",
            "points = remaining + used + expired + reversed "
            "AND used >= 0 AND expired >= 0 AND reversed >= 0",
        ),
        check("taken_back", "taken_back >= 0 AND taken_back <= points"),
        # One living award per line: `…:line:<n>:award` and its later turns are one line's.
        sa.Index(
            "uq_point_lot_living",
            sa.text("split_part(reference, ':', 2)"),
            sa.text("split_part(reference, ':', 4)"),
            unique=True,
            postgresql_where=sa.text("reference LIKE 'claim:%' AND taken_back < points"),
        ),
        sa.Index(
            "ix_point_lot_spend",
            "account",
            "expires_on",
            "id",
            postgresql_where=sa.text("remaining > 0"),
        ),
        sa.Index(
            "ix_point_lot_expiry",
            "expires_on",
            "account",
            postgresql_where=sa.text("remaining > 0"),
        ),
    )

    id: UUID = key_field()
    account: str = references("ledger_account.address", sa_type=sa.String(collation="C"))
    reference: str = Field(unique=True)
    points: int = big_int()
    remaining: int = big_int()
    used: int = big_int(default=0, sa_column_kwargs={"server_default": "0"})
    expired: int = big_int(default=0, sa_column_kwargs={"server_default": "0"})
    reversed: int = big_int(default=0, sa_column_kwargs={"server_default": "0"})
    taken_back: int = big_int(default=0, sa_column_kwargs={"server_default": "0"})
    expires_on: date
    # Whether its day was put off once because the house cancelled an order.
    graced: bool = Field(default=False, sa_column_kwargs={"server_default": sa.false()})
    created_at: datetime = moment()


class LotUse(SQLModel, table=True):
    """How much of a lot one transaction took, so that a release can give it back."""

    __tablename__ = "lot_use"
    __table_args__ = (
        check("positive", "points > 0"),
        check("returned", "returned >= 0 AND returned <= points"),
    )

    id: UUID = key_field()
    lot_id: UUID = references("point_lot.id")
    reference: str = Field(index=True)
    points: int = big_int()
    returned: int = big_int(default=0)


class PointReversal(SQLModel, table=True):
    """Points of an award that a correction took back, and where they were found. Append-only."""

    __tablename__ = "point_reversal"
    __table_args__ = (
        check(
            "points",
            "points > 0 AND points = from_active + from_expired + to_debt "
            "AND from_active >= 0 AND from_expired >= 0 AND to_debt >= 0",
        ),
        {"info": {"append_only": True}},
    )

    id: UUID = key_field()
    reference: str = Field(unique=True)
    award_reference: str = Field(index=True)
    account: str = references("ledger_account.address", sa_type=sa.String(collation="C"))
    points: int = big_int()
    from_active: int = big_int()
    from_expired: int = big_int()
    to_debt: int = big_int()
    at: datetime = moment()


class PointRestoration(SQLModel, table=True):
    """Points that a reversal had taken of an award and that were given back. Append-only.

    By where they had been found: `to_active` can be spent again, `to_expired` had expired before,
    `off_debt` is no longer owed, or can be spent where other points had paid it since.
    """

    __tablename__ = "point_restoration"
    __table_args__ = (
        check(
            "points",
            "points > 0 AND points = to_active + to_expired + off_debt "
            "AND to_active >= 0 AND to_expired >= 0 AND off_debt >= 0",
        ),
        {"info": {"append_only": True}},
    )

    id: UUID = key_field()
    reference: str = Field(unique=True)
    award_reference: str = Field(index=True)
    account: str = references("ledger_account.address", sa_type=sa.String(collation="C"))
    points: int = big_int()
    to_active: int = big_int()
    to_expired: int = big_int()
    off_debt: int = big_int()
    at: datetime = moment()


class AdjustmentStatus(StrEnum):
    PROPOSED = "proposed"
    POSTED = "posted"
    REFUSED = "refused"


class PointAdjustment(SQLModel, table=True):
    """Points that people add or take by hand, with the reason and who agreed."""

    __tablename__ = "point_adjustment"
    __table_args__ = (
        check("points", "points <> 0"),
        check("reason", "length(reason) >= 5"),
        check(
            "second_person", "status <> 'posted' OR NOT needs_second OR decided_by <> requested_by"
        ),
        check(
            "decided",
            "(status = 'proposed') = (decided_at IS NULL) "
            "AND (decided_by IS NULL) = (decided_at IS NULL)",
        ),
        sa.Index("ix_point_adjustment_participant", "participant_id", "requested_at"),
        sa.Index("ix_point_adjustment_program", "program_id", "status", "requested_at"),
    )

    id: UUID = key_field()
    program_id: UUID
    participant_id: UUID
    points: int = big_int()
    reason: str
    status: AdjustmentStatus = enum_field(AdjustmentStatus, default=AdjustmentStatus.PROPOSED)
    needs_second: bool
    requested_by: UUID = references("person.id")
    requested_at: datetime = moment()
    decided_by: UUID | None = references("person.id", default=None)
    decided_at: datetime | None = moment(default=None)
    note: str = ""
