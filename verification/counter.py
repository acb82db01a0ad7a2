"""A wholesaler's clerk sends a proof in at the counter, on behalf of a participant."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import ClassVar
from uuid import UUID

from sqlmodel import Session, col, select

from accounts import people
from accounts.contacts import ContactInvalid, parse
from claims import service
from claims.service import StoredFile
from claims.states import ClaimStatus
from claims.tables import Channel, Claim, ClaimEvent
from core.clock import local_date
from core.errors import Invalid
from messages import service as messages
from messages.kinds import CLAIM_ENTERED
from ocr import identifiers
from partners.queries import get_partner
from programs import branches, joining
from programs import queries as program_queries
from programs.tables import Participant, Program
from verification.decisions import SelfDealing
from verification.queue import Clerk


class NobodyThere(Invalid):
    """No participant of the programmes of this place of sale has that number or address."""

    code: ClassVar[str] = "participant-unknown"


class SeveralThere(Invalid):
    """Several people of one firm take part: the person's own address is needed."""

    code: ClassVar[str] = "participant-ambiguous"


class SeveralPrograms(Invalid):
    """The person takes part in several programmes that count here: somebody has to say which."""

    code: ClassVar[str] = "program-ambiguous"


def find_participant(
    session: Session, *, clerk: Clerk, who: str, program_id: UUID | None = None, at: datetime
) -> Participant:
    """By the firm's NIP, or the person's e-mail or telephone. Nothing can be listed this way.

    Raises `NobodyThere`, `SeveralThere`, and without `program_id` also `SeveralPrograms`.
    """
    nip = identifiers.nip_normalised(who)
    if nip is not None and identifiers.nip_valid(nip):
        found = session.exec(
            select(Participant).where(Participant.nip == nip, col(Participant.left_at).is_(None))
        ).all()
    else:
        try:
            person = people.find_by_contact(session, parse(who))
        except ContactInvalid as error:
            raise NobodyThere("not a number or an address", field="who") from error
        found = program_queries.find_participants_of(session, person.id) if person else []
    ours = [
        one
        for one in found
        if program_id in (None, one.program_id) and _counts_here(session, clerk, one.program_id, at)
    ]
    if not ours:
        raise NobodyThere("nobody there", field="who")
    if len({participant.person_id for participant in ours}) > 1:
        raise SeveralThere("several people", field="who")
    if len(ours) > 1:
        raise SeveralPrograms("several programmes", field="program_id")
    return ours[0]


def _counts_here(session: Session, clerk: Clerk, program_id: UUID, at: datetime) -> bool:
    """Whether sales at the clerk's branch count in a programme today."""
    if not program_queries.takes_part(
        session, program_id=program_id, partner_id=clerk.partner_id, on=local_date(at)
    ):
        return False
    return clerk.branch_id is None or branches.takes_part(
        session, program_id=program_id, branch_id=clerk.branch_id, on=local_date(at)
    )


def list_counting(session: Session, *, clerk: Clerk, at: datetime) -> list[Program]:
    """The programmes in which today's sales at the clerk's branch count."""
    return [
        program
        for program in joining.list_programs(session, partner_id=clerk.partner_id)
        if _counts_here(session, clerk, program.id, at)
    ]


def enter(
    session: Session,
    *,
    clerk: Clerk,
    who: str,
    files: Sequence[StoredFile],
    program_id: UUID | None = None,
    note: str = "",
    at: datetime,
) -> Claim:
    """Take in one proof for somebody else; they are told who sent it.

    Nobody enters a claim of their own: at the counter they would be both sides. Raises
    `SelfDealing`, the errors of `find_participant` and of `claims.service.submit`.
    """
    participant = find_participant(session, clerk=clerk, who=who, program_id=program_id, at=at)
    partner = get_partner(session, clerk.partner_id)
    if participant.person_id == clerk.person_id or participant.nip == partner.nip:
        raise SelfDealing
    claim = service.submit(
        session,
        program=program_queries.get_program(session, participant.program_id),
        participant=participant,
        files=files,
        channel=Channel.COUNTER,
        actor=f"person:{clerk.person_id}",
        note=note,
        at=at,
    )
    messages.notify(
        session,
        person_id=participant.person_id,
        kind=CLAIM_ENTERED.name,
        event_key=f"claim:{claim.id}:entered",
        at=at,
        number=claim.number,
        claim_id=str(claim.id),
        partner=partner.short_name,
    )
    return claim


def list_entered(session: Session, *, clerk: Clerk, limit: int = 20) -> list[Claim]:
    """What this person sent in, newest first."""
    return list(
        session.exec(
            select(Claim)
            .join(ClaimEvent, col(ClaimEvent.claim_id) == col(Claim.id))
            .where(
                Claim.channel == Channel.COUNTER,
                ClaimEvent.status == ClaimStatus.SUBMITTED,
                ClaimEvent.actor == f"person:{clerk.person_id}",
            )
            .order_by(col(Claim.submitted_at).desc(), col(Claim.id).desc())
            .limit(limit)
        )
    )
