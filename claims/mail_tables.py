"""E-mail that came to a programme's address: each message is taken in once."""

from __future__ import annotations

from datetime import datetime
from enum import StrEnum
from uuid import UUID

import sqlalchemy as sa
from sqlmodel import Field, SQLModel

from core.columns import check, enum_field, key_field, moment, references


class MailOutcome(StrEnum):
    """What became of a message."""

    CLAIMED = "claimed"
    UNPROVEN = "unproven"  # claimed, but whose address it is has to be confirmed in the app
    NO_FILES = "no_files"
    # Beyond a limit, the programme takes no claims today, or nobody knows which one is meant.
    REFUSED = "refused"
    UNKNOWN_SENDER = "unknown_sender"
    AUTOMATIC = "automatic"  # an out-of-office note or a bounce: never answered


class MailMessage(SQLModel, table=True):
    """One message by its Message-ID. A sender that is not ours is kept as a hash only."""

    __tablename__ = "mail_message"
    __table_args__ = (
        check("claims", "claims >= 0 AND (claims > 0) = (outcome IN ('claimed', 'unproven'))"),
        check("known", "(participant_id IS NULL) = (outcome IN ('unknown_sender', 'automatic'))"),
        # A stranger gets one neutral answer, not one for each message.
        sa.Index(
            "uq_mail_message_answered",
            "sender_sha256",
            unique=True,
            postgresql_where=sa.text("answered AND participant_id IS NULL"),
        ),
    )

    id: UUID = key_field()
    message_id: str = Field(unique=True, max_length=998)
    sender_sha256: str
    participant_id: UUID | None = references("participant.id", default=None)
    outcome: MailOutcome = enum_field(MailOutcome)
    claims: int = 0
    answered: bool = False
    received_at: datetime = moment()
