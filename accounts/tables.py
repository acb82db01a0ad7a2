"""Tables of people and of their access."""

from __future__ import annotations

from datetime import datetime
from enum import StrEnum
from uuid import UUID

import sqlalchemy as sa
from sqlalchemy.dialects.postgresql import ARRAY
from sqlmodel import Field, SQLModel

from accounts.roles import Role
from core.columns import check, enum_field, key_field, moment, references


class Person(SQLModel, table=True):
    """A human being who can sign in. Contacts are stored normalised (see accounts.contacts)."""

    __tablename__ = "person"
    __table_args__ = (
        check("reachable", "email IS NOT NULL OR phone IS NOT NULL OR erased_at IS NOT NULL"),
        check("email_lower", "email = lower(email)"),
        check("phone_form", "phone ~ '^[+][0-9]{6,15}$'"),
        check("language", "language IN ('pl', 'en', 'uk', 'de')"),
        check("theme", "theme IN ('system', 'light', 'dark')"),
    )

    id: UUID = key_field()
    name: str = Field(default="", max_length=200)
    email: str | None = Field(default=None, max_length=254, unique=True)
    phone: str | None = Field(default=None, max_length=20, unique=True)
    language: str = Field(default="pl", max_length=2)
    theme: str = Field(default="system", max_length=6)
    created_at: datetime = moment()
    disabled_at: datetime | None = moment(default=None)
    erased_at: datetime | None = moment(default=None)


class RoleGrant(SQLModel, table=True):
    """A role somebody holds in a place; ended, never deleted."""

    __tablename__ = "role_grant"
    __table_args__ = (
        sa.Index(
            "uq_role_grant_open",
            "person_id",
            "role",
            "scope",
            unique=True,
            postgresql_where=sa.text("ended_at IS NULL"),
        ),
        sa.Index("ix_role_grant_scope", "scope", "role"),
        check("scope", "scope = '*' OR scope ~ '^[a-z_]+:[0-9a-f-]{36}$'"),
        check("ends_later", "ended_at >= granted_at"),
    )

    id: UUID = key_field()
    person_id: UUID = references("person.id")
    role: Role = enum_field(Role)
    scope: str = Field(max_length=60)
    granted_by: str
    granted_at: datetime = moment()
    ended_at: datetime | None = moment(default=None)
    ended_by: str | None = None


class SessionStage(StrEnum):
    """How far a sign-in has come; only a full session opens anything."""

    FULL = "full"
    SECOND_FACTOR = "second_factor"
    ENROLMENT = "enrolment"


class LoginSession(SQLModel, table=True):
    """A signed-in browser. The cookie holds the token, this row only its hash."""

    __tablename__ = "login_session"
    __table_args__ = (
        check("order_of_times", "seen_at >= created_at AND expires_at > created_at"),
        check("token", "length(token_sha256) = 32"),
    )

    id: UUID = key_field()
    token_sha256: bytes = Field(unique=True)
    person_id: UUID = references("person.id")
    stage: SessionStage = enum_field(SessionStage)
    idle_s: int
    device: str = Field(default="", max_length=80)
    created_at: datetime = moment()
    seen_at: datetime = moment()
    expires_at: datetime = moment(index=True)


class SignInCode(SQLModel, table=True):
    """A one-time code that was asked for. The code itself is derived from `salt` and a key that
    the database does not have, so that neither this row nor a stored message gives it away."""

    __tablename__ = "sign_in_code"
    __table_args__ = (
        check("attempts", "attempts >= 0"),
        check("expiry", "expires_at > created_at"),
    )

    id: UUID = key_field()
    contact: str = Field(index=True, max_length=254)
    visitor_sha256: bytes
    salt: bytes
    attempts: int = 0
    created_at: datetime = moment(index=True)
    expires_at: datetime = moment()
    used_at: datetime | None = moment(default=None)


class Password(SQLModel, table=True):
    __tablename__ = "password"
    __table_args__ = (check("hash", "hash LIKE '$argon2id$%'"),)

    person_id: UUID = Field(foreign_key="person.id", primary_key=True)
    hash: str
    changed_at: datetime = moment()


class PasswordLink(SQLModel, table=True):
    """A link that lets its owner set a password; its token is derived like a sign-in code."""

    __tablename__ = "password_link"
    __table_args__ = (check("expiry", "expires_at > created_at"),)

    id: UUID = key_field()
    person_id: UUID = references("person.id")
    salt: bytes
    created_at: datetime = moment()
    expires_at: datetime = moment()
    used_at: datetime | None = moment(default=None)


class SecondFactor(SQLModel, table=True):
    """Time-based codes (RFC 6238). The shared secret is derived from `salt` and our key."""

    __tablename__ = "second_factor"
    __table_args__ = (check("last_step", "last_step >= 0"),)

    person_id: UUID = Field(foreign_key="person.id", primary_key=True)
    salt: bytes
    confirmed_at: datetime | None = moment(default=None)
    # The newest time step that was used: a code that was seen over a shoulder is worth nothing.
    last_step: int = Field(default=0, sa_type=sa.BigInteger)


class RecoveryCode(SQLModel, table=True):
    __tablename__ = "recovery_code"

    id: UUID = key_field()
    person_id: UUID = references("person.id")
    code_hmac: bytes = Field(unique=True)
    created_at: datetime = moment()
    used_at: datetime | None = moment(default=None)


class ApiKey(SQLModel, table=True):
    """A key of a program. It acts with one grant of its maker and dies with that grant."""

    __tablename__ = "api_key"
    __table_args__ = (
        check("scope", "scope = '*' OR scope ~ '^[a-z_]+:[0-9a-f-]{36}$'"),
        check("permissions", "cardinality(permissions) > 0"),
        check("secret", "length(secret_sha256) = 32"),
        check("expiry", "expires_at > created_at"),
    )

    id: UUID = key_field()
    person_id: UUID = references("person.id")
    name: str = Field(max_length=100)
    role: Role = enum_field(Role)
    scope: str = Field(max_length=60)
    permissions: list[str] = Field(sa_type=ARRAY(sa.Text))
    secret_sha256: bytes = Field(unique=True)
    created_at: datetime = moment()
    expires_at: datetime | None = moment(default=None)
    used_at: datetime | None = moment(default=None)
    revoked_at: datetime | None = moment(default=None)


class Consent(SQLModel, table=True):
    """One yes or no to one version of one text; the newest row of a kind and place holds."""

    __tablename__ = "consent"
    __table_args__ = (
        sa.Index("ix_consent_newest", "person_id", "kind", "scope", "at"),
        check("scope", "scope = '*' OR scope ~ '^[a-z_]+:[0-9a-f-]{36}$'"),
        {"info": {"append_only": True}},
    )

    id: UUID = key_field()
    person_id: UUID = references("person.id")
    kind: str = Field(max_length=60)
    scope: str = Field(max_length=60)
    version: str = Field(max_length=60)
    given: bool
    source: str = Field(default="", max_length=60)
    at: datetime = moment()


class RateCount(SQLModel, table=True):
    """How often something happened in a window of time; old windows are swept."""

    __tablename__ = "rate_count"
    __table_args__ = (check("count", "count > 0"),)

    key: str = Field(primary_key=True, max_length=120)
    window_start: datetime = moment(primary_key=True)
    count: int


class RateMoments(SQLModel, table=True):
    """When something happened within the last window, for limits that slide; old rows are swept."""

    __tablename__ = "rate_moments"
    __table_args__ = (check("moments", "cardinality(moments) > 0"),)

    key: str = Field(primary_key=True, max_length=120)
    moments: list[datetime] = Field(sa_type=ARRAY(sa.DateTime(timezone=True)))
    last_at: datetime = moment()


class DemoSignIn(SQLModel, table=True):
    """A persona of the demo whom anybody may become with one click; empty outside the demo."""

    __tablename__ = "demo_sign_in"

    persona: str = Field(primary_key=True, max_length=40)
    person_id: UUID = references("person.id")
    title: str = Field(max_length=120)
    description: str = Field(max_length=300)
    position: int
