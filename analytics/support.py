"""Finding the person who asks "where are my points?" by whatever they can name."""

from __future__ import annotations

import re
from collections.abc import Collection
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any
from uuid import UUID

import sqlalchemy as sa
from sqlmodel import Session, col
from stdnum.pl import nip as nip_rules

from accounts import contacts
from accounts.contacts import ContactInvalid, ContactKind
from accounts.tables import Person
from claims.states import ClaimStatus
from claims.tables import Claim
from partners.tables import Branch, Partner
from programs.queries import ParticipantNotFound
from programs.tables import Participant, Program
from rewards.states import RedemptionStatus
from rewards.tables import Redemption

_CLAIM = re.compile(r"Z/\d{4}/\d{1,9}")
_ORDER = re.compile(r"N/\d{4}/\d{1,9}")
SHORTEST_WORD = 3


@dataclass(frozen=True, slots=True)
class Hit:
    """A participant that fits; `claim_id` when a claim's number was asked for."""

    participant_id: UUID
    program_id: UUID
    program: str
    firm: str
    nip: str
    person: str
    email: str
    phone: str
    claim_id: UUID | None = None


def find(
    session: Session, *, program_ids: Collection[UUID], text: str, limit: int = 20
) -> list[Hit]:
    """Participants of these programmes by claim or order number, tax number, contact or name.

    A text that is none of these and shorter than three letters finds nobody.
    """
    text = " ".join(text.split())[:120]
    compact = text.upper().replace(" ", "")
    if _CLAIM.fullmatch(compact):
        return _hits(session, program_ids, limit, col(Claim.number) == compact, claim=True)
    if _ORDER.fullmatch(compact):
        orders = sa.select(col(Redemption.participant_id)).where(col(Redemption.number) == compact)
        return _hits(session, program_ids, limit, col(Participant.id).in_(orders))
    if nip_rules.is_valid(text):
        return _hits(session, program_ids, limit, col(Participant.nip) == nip_rules.compact(text))
    try:
        contact = contacts.parse(text)
    except ContactInvalid:
        return _by_name(session, program_ids, text, limit)
    column = Person.email if contact.kind is ContactKind.EMAIL else Person.phone
    return _hits(session, program_ids, limit, col(column) == contact.text)


def _by_name(session: Session, program_ids: Collection[UUID], text: str, limit: int) -> list[Hit]:
    words = [word.replace("%", "").replace("_", "") for word in text.split()]
    words = [word for word in words if len(word) >= SHORTEST_WORD][:5]
    if not words:
        return []
    conditions = [
        sa.or_(
            col(Participant.company_name).ilike(f"%{word}%"), col(Person.name).ilike(f"%{word}%")
        )
        for word in words
    ]
    return _hits(session, program_ids, limit, *conditions)


def _hits(
    session: Session,
    program_ids: Collection[UUID],
    limit: int,
    *conditions: Any,
    claim: bool = False,
) -> list[Hit]:
    query = (
        sa.select(
            col(Participant.id),
            col(Program.id),
            col(Program.name),
            col(Participant.company_name),
            col(Participant.nip),
            col(Person.name),
            sa.func.coalesce(col(Person.email), ""),
            sa.func.coalesce(col(Person.phone), ""),
            col(Claim.id) if claim else sa.null(),
        )
        .select_from(Participant)
        .join(Person, col(Person.id) == col(Participant.person_id))
        .join(Program, col(Program.id) == col(Participant.program_id))
        .where(col(Participant.program_id).in_(list(program_ids)), *conditions)
        .order_by(col(Participant.company_name), col(Participant.id))
        .limit(limit)
    )
    if claim:
        query = query.join(Claim, col(Claim.participant_id) == col(Participant.id))
    return [Hit(*row) for row in session.execute(query)]


def get_participant(
    session: Session, *, program_ids: Collection[UUID], participant_id: UUID
) -> Hit:
    """A participant of these programmes. Raises `ParticipantNotFound` for any other."""
    found = _hits(session, program_ids, 1, col(Participant.id) == participant_id)
    if not found:
        raise ParticipantNotFound
    return found[0]


@dataclass(frozen=True, slots=True)
class LateClaim:
    """A claim whose promised time has passed; `place` is empty when no branch is known."""

    claim_id: UUID
    number: str
    firm: str
    place: str
    due_at: datetime


@dataclass(frozen=True, slots=True)
class LateOrder:
    """An order that was not delivered on the promised day."""

    participant_id: UUID
    number: str
    firm: str
    promised_on: date
    status: RedemptionStatus


def late_claims(
    session: Session, *, program_ids: Collection[UUID], now: datetime, limit: int = 20
) -> list[LateClaim]:
    """What people promised and did not keep, longest first."""
    rows = session.execute(
        sa.select(
            col(Claim.id),
            col(Claim.number),
            col(Participant.company_name),
            sa.func.concat_ws(", ", col(Partner.short_name), col(Branch.name)),
            col(Claim.due_at),
        )
        .select_from(Claim)
        .join(Participant, col(Participant.id) == col(Claim.participant_id))
        .outerjoin(Branch, col(Branch.id) == col(Claim.branch_id))
        .outerjoin(Partner, col(Partner.id) == col(Branch.partner_id))
        .where(
            col(Claim.program_id).in_(list(program_ids)),
            col(Claim.status) == ClaimStatus.AWAITING_PARTNER,
            col(Claim.due_at) < now,
        )
        .order_by(col(Claim.due_at), col(Claim.id))
        .limit(limit)
    )
    return [LateClaim(*row) for row in rows]


def late_orders(
    session: Session, *, program_ids: Collection[UUID], today: date, limit: int = 20
) -> list[LateOrder]:
    """Orders past their promised day that are neither delivered nor cancelled, longest first."""
    ended = (RedemptionStatus.DELIVERED, RedemptionStatus.COMPLETED, RedemptionStatus.CANCELLED)
    rows = session.execute(
        sa.select(
            col(Participant.id),
            col(Redemption.number),
            col(Participant.company_name),
            col(Redemption.promised_on),
            col(Redemption.status),
        )
        .select_from(Redemption)
        .join(Participant, col(Participant.id) == col(Redemption.participant_id))
        .where(
            col(Redemption.program_id).in_(list(program_ids)),
            col(Redemption.promised_on) < today,
            col(Redemption.status).not_in(ended),
        )
        .order_by(col(Redemption.promised_on), col(Redemption.number))
        .limit(limit)
    )
    return [LateOrder(*row) for row in rows]
