"""Invitations to a wholesaler's team and the absences of its people."""

from __future__ import annotations

from datetime import date, datetime
from uuid import UUID

import sqlalchemy as sa
from sqlmodel import Field, SQLModel

from core.columns import check, enum_field, key_field, moment, references
from partners.tables import PartnerRole


class PartnerInvitation(SQLModel, table=True):
    """An offer to work for a wholesaler, sent to one address; the link works once."""

    __tablename__ = "partner_invitation"
    __table_args__ = (
        check("accepted", "(accepted_at IS NULL) = (accepted_by IS NULL)"),
        check("one_end", "accepted_at IS NULL OR revoked_at IS NULL"),
        check("clerk_has_branch", "role <> 'clerk' OR branch_id IS NOT NULL"),
        sa.Index(
            "uq_partner_invitation_open",
            "partner_id",
            "email",
            unique=True,
            postgresql_where=sa.text("accepted_at IS NULL AND revoked_at IS NULL"),
        ),
    )

    id: UUID = key_field()
    partner_id: UUID = Field(foreign_key="partner.id")
    branch_id: UUID | None = references("branch.id", default=None)
    role: PartnerRole = enum_field(PartnerRole)
    name: str
    email: str
    invited_by: UUID = references("person.id")
    invited_at: datetime = moment()
    expires_at: datetime = moment()
    accepted_by: UUID | None = references("person.id", default=None)
    accepted_at: datetime | None = moment(default=None)
    revoked_at: datetime | None = moment(default=None)


class PartnerAbsence(SQLModel, table=True):
    """Days on which a person of a wholesaler is away, and who stands in."""

    __tablename__ = "partner_absence"
    __table_args__ = (
        check("days", "first_on <= last_on"),
        check("other", "deputy_id IS NULL OR deputy_id <> partner_user_id"),
    )

    id: UUID = key_field()
    partner_user_id: UUID = references("partner_user.id")
    deputy_id: UUID | None = references("partner_user.id", default=None)
    first_on: date
    last_on: date
    entered_by: UUID = references("person.id")
    entered_at: datetime = moment()
    cancelled_at: datetime | None = moment(default=None)
