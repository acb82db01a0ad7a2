"""Partners, branches and partner users."""

from __future__ import annotations

from datetime import datetime
from enum import StrEnum
from uuid import UUID

import sqlalchemy as sa
from sqlmodel import Field, SQLModel

from core.columns import check, enum_field, key_field, moment, references


class PartnerRole(StrEnum):
    CLERK = "clerk"
    MANAGER = "manager"


class Partner(SQLModel, table=True):
    """A wholesaler: the seller on the documents that it verifies."""

    __tablename__ = "partner"
    __table_args__ = (check("nip", "nip ~ '^[0-9]{10}$'"),)

    id: UUID = key_field()
    name: str
    short_name: str
    nip: str = Field(unique=True)
    created_at: datetime = moment()


class Branch(SQLModel, table=True):
    """A place of sale. `voivodeship` is the two-digit TERYT code."""

    __tablename__ = "branch"
    __table_args__ = (
        check("voivodeship", "voivodeship ~ '^(0[2468]|1[02468]|2[02468]|3[02])$'"),
        sa.UniqueConstraint("partner_id", "name"),
        sa.UniqueConstraint("id", "partner_id"),  # what a programme's list of branches points to
        check("closed", "(closed_at IS NULL) = (succeeded_by IS NULL)"),
        check("successor", "succeeded_by <> id"),
    )

    id: UUID = key_field()
    partner_id: UUID = references("partner.id")
    name: str
    street: str
    postcode: str
    city: str
    voivodeship: str
    phone: str = ""
    created_at: datetime = moment()
    closed_at: datetime | None = moment(default=None)
    # Where the work of a closed branch went.
    succeeded_by: UUID | None = references("branch.id", default=None)


class PartnerUser(SQLModel, table=True):
    """A person at a wholesaler; without a branch the person works for all of them."""

    __tablename__ = "partner_user"
    __table_args__ = (sa.UniqueConstraint("person_id", "partner_id"),)

    id: UUID = key_field()
    person_id: UUID = references("person.id")
    partner_id: UUID = references("partner.id")
    branch_id: UUID | None = references("branch.id", default=None)
    role: PartnerRole = enum_field(PartnerRole)
    # The employee's own tax number and phone make links to a participant visible (self-dealing).
    nip: str | None = None
    created_at: datetime = moment()
    left_at: datetime | None = moment(default=None)
