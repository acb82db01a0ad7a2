"""Programmes and who takes part in them."""

from __future__ import annotations

from datetime import date, datetime
from enum import StrEnum
from typing import Any
from uuid import UUID

import sqlalchemy as sa
from sqlmodel import Field, SQLModel

from core.columns import check, enum_field, json_field, key_field, moment, references


class Manufacturer(SQLModel, table=True):
    __tablename__ = "manufacturer"
    __table_args__ = (check("nip", "nip ~ '^[0-9]{10}$'"),)

    id: UUID = key_field()
    name: str
    nip: str = Field(unique=True)
    created_at: datetime = moment()


class Program(SQLModel, table=True):
    """The tenant. `settings` is read through `programs.settings.ProgramSettings`, never bare."""

    __tablename__ = "program"
    __table_args__ = (
        check(
            "period",
            "starts_on <= ends_on AND ends_on <= claim_until AND claim_until <= redeem_until",
        ),
    )

    id: UUID = key_field()
    manufacturer_id: UUID = references("manufacturer.id")
    name: str
    slug: str = Field(unique=True)
    starts_on: date
    ends_on: date
    claim_until: date
    redeem_until: date
    settings: dict[str, Any] = json_field(default_factory=dict)
    created_at: datetime = moment()


class ProgramPartner(SQLModel, table=True):
    """A wholesaler that takes part in a programme: with all its branches, or on the days from
    `chosen_from` until before `chosen_until` with those that `ProgramBranch` lists.

    Purchases count from the day of `joined_at` until before that of `left_at`, and on the earlier
    stretches of `ProgramPartnerPast`.
    """

    __tablename__ = "program_partner"
    __table_args__ = (
        check("chosen", "chosen_until IS NULL OR coalesce(chosen_from <= chosen_until, false)"),
    )

    program_id: UUID = Field(foreign_key="program.id", primary_key=True)
    partner_id: UUID = Field(foreign_key="partner.id", primary_key=True, index=True)
    joined_at: datetime = moment()
    left_at: datetime | None = moment(default=None)
    chosen_from: date | None = None
    chosen_until: date | None = None


class Relation(StrEnum):
    """What the participant is to the firm that buys."""

    OWNER = "owner"
    EMPLOYEE = "employee"


class Participant(SQLModel, table=True):
    """A tradesperson enrolled in a programme, with the firm whose purchases count."""

    __tablename__ = "participant"
    __table_args__ = (
        sa.UniqueConstraint("program_id", "person_id"),
        check("nip", "nip ~ '^[0-9]{10}$'"),
    )

    id: UUID = key_field()
    program_id: UUID = references("program.id")
    person_id: UUID = references("person.id")
    company_name: str
    nip: str = Field(index=True)
    relation: Relation = enum_field(Relation, default=Relation.OWNER)
    voivodeship: str
    enrolled_by_branch_id: UUID | None = references("branch.id", default=None)
    enrolled_at: datetime = moment()
    left_at: datetime | None = moment(default=None)
