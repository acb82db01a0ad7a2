"""Accounts, transactions, postings and lots; triggers own the balances."""

from __future__ import annotations

from datetime import date, datetime
from enum import StrEnum
from uuid import UUID

import sqlalchemy as sa
from sqlmodel import Field, SQLModel

from core.columns import big_int, check, enum_field, key_field, moment, references


class LedgerAccount(SQLModel, table=True):
    """An address and its balance; only postings move it. Collation C sorts as Python does."""

    __tablename__ = "ledger_account"
    __table_args__ = (
        check("balance", "overdraft OR balance >= 0"),
        check("participants_never_owe", "NOT overdraft OR address NOT LIKE 'participant:%'"),
        {"info": {"insert_columns": ["address", "overdraft"]}},
    )

    address: str = Field(primary_key=True, sa_type=sa.String(collation="C"))
    overdraft: bool = False
    balance: int = big_int(sa_column_kwargs={"server_default": "0"})


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


class LedgerTransaction(SQLModel, table=True):
    """One balanced operation; its `reference` posts once for ever."""

    __tablename__ = "ledger_transaction"
    __table_args__ = ({"info": {"append_only": True}},)

    id: int | None = Field(default=None, primary_key=True, sa_type=sa.BigInteger)
    reference: str = Field(unique=True)
    kind: TransactionKind = enum_field(TransactionKind)
    posted_at: datetime = moment()


class Posting(SQLModel, table=True):
    """Points that went from one account to another."""

    __tablename__ = "posting"
    __table_args__ = (
        check("positive", "points > 0"),
        check("moves", "source <> destination"),
        {"info": {"append_only": True}},
    )

    id: int | None = Field(default=None, primary_key=True, sa_type=sa.BigInteger)
    transaction_id: int = references("ledger_transaction.id", sa_type=sa.BigInteger)
    source: str = references("ledger_account.address", sa_type=sa.String(collation="C"))
    destination: str = references("ledger_account.address", sa_type=sa.String(collation="C"))
    points: int = big_int()


class PointLot(SQLModel, table=True):
    """Points of one award with their day of expiry; spending takes the oldest first."""

    __tablename__ = "point_lot"
    __table_args__ = (
        check("remaining", "remaining >= 0 AND remaining <= points AND points > 0"),
        sa.Index(
            "ix_point_lot_spend",
            "account",
            "expires_on",
            "id",
            postgresql_where=sa.text("remaining > 0"),
        ),
    )

    id: UUID = key_field()
    account: str = references("ledger_account.address", sa_type=sa.String(collation="C"))
    reference: str = Field(unique=True)
    points: int = big_int()
    remaining: int = big_int()
    expires_on: date
    created_at: datetime = moment()


class LotUse(SQLModel, table=True):
    """How much of a lot one transaction took, so that a release can give it back."""

    __tablename__ = "lot_use"
    __table_args__ = (check("positive", "points > 0"),)

    id: UUID = key_field()
    lot_id: UUID = references("point_lot.id")
    reference: str = Field(index=True)
    points: int = big_int()
    returned: int = big_int(default=0)
