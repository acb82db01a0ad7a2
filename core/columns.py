"""Column types and defaults that every table shares.

A SQLModel table class validates nothing and stores enum member *names* by default; the helpers here
store the values as text under a CHECK, keep every time aware, and number rows in order of birth.
"""

from __future__ import annotations

import secrets
import time
from enum import StrEnum
from typing import Any
from uuid import UUID

import sqlalchemy as sa
from sqlalchemy.dialects.postgresql import JSONB
from sqlmodel import Field, SQLModel

SQLModel.metadata.naming_convention = {
    "ix": "ix_%(table_name)s_%(column_0_N_name)s",
    "uq": "uq_%(table_name)s_%(column_0_N_name)s",
    "ck": "ck_%(table_name)s_%(constraint_name)s",
    "fk": "fk_%(table_name)s_%(column_0_N_name)s",
    "pk": "pk_%(table_name)s",
}


def new_id() -> UUID:
    """A UUID version 7 (RFC 9562): 48 bits of milliseconds, then 74 random bits."""
    milliseconds = time.time_ns() // 1_000_000
    value = (milliseconds & 0xFFFF_FFFF_FFFF) << 80 | 0x7 << 76 | secrets.randbits(12) << 64
    return UUID(int=value | 0b10 << 62 | secrets.randbits(62))


def key_field() -> Any:
    """The primary key of a table: a UUID that sorts by time of birth."""
    return Field(default_factory=new_id, primary_key=True)


def text_enum(kind: type[StrEnum]) -> Any:
    """A text column that holds the enum's values, with a CHECK, not a native type."""
    return sa.Enum(
        kind,
        native_enum=False,
        create_constraint=True,
        length=40,
        values_callable=lambda members: [member.value for member in members],
        # Snake case of the class name; the naming convention puts the table before it.
        name="".join("_" + c.lower() if c.isupper() else c for c in kind.__name__).lstrip("_"),
    )


def enum_field(kind: type[StrEnum], **options: Any) -> Any:
    return Field(sa_type=text_enum(kind), **options)


def moment(**options: Any) -> Any:
    """An aware timestamp."""
    return Field(sa_type=sa.DateTime(timezone=True), **options)


def json_field(**options: Any) -> Any:
    """A JSONB document."""
    return Field(sa_type=JSONB, **options)


def big_int(**options: Any) -> Any:
    """Points, money in minor units, bytes."""
    return Field(sa_type=sa.BigInteger, **options)


def quantity_field(**options: Any) -> Any:
    """Units of goods: fourteen digits before the point, six behind it (as in FA(3))."""
    return Field(sa_type=sa.Numeric(20, 6), **options)


def references(target: str, **options: Any) -> Any:
    """A foreign key by text with its index, so that no package imports another's tables for it."""
    options.setdefault("index", True)
    return Field(foreign_key=target, **options)


def check(name: str, condition: str) -> sa.CheckConstraint:
    return sa.CheckConstraint(condition, name=name)
