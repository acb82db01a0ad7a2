"""A message to the programme's address becomes claims of the participant who sent it, once."""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from datetime import datetime
from typing import Any
from uuid import UUID

import sqlalchemy as sa
from sqlalchemy.dialects.postgresql import insert
from sqlmodel import Session, col, select

from accounts import people
from accounts.contacts import Contact as Address
from accounts.contacts import ContactInvalid, ContactKind, parse_email
from claims import mail, service
from claims.mail import Mail
from claims.mail_proof import is_proven
from claims.mail_tables import MailMessage, MailOutcome
from claims.service import StoredFile
from claims.tables import Channel
from core.blobs import Blobs
from core.columns import new_id
from core.errors import DomainError
from messages import service as messages
from messages.kinds import MAIL_REFUSED, MAIL_TAKEN, MAIL_UNKNOWN, MAIL_UNPROVEN
from programs import queries
from programs.tables import Participant

MOST_NAMED = 10  # files that were not taken, in the answer
MAILBOX = "mailbox"  # who sent a claim whose sender nobody proved


def take_in(
    session: Session, blobs: Blobs, seen: Mail, *, server: str = "", at: datetime
) -> MailOutcome | None:
    """Make claims of a message's files; `None` when this message was taken in before.

    The sender must be the address of a participant's account. Where the receiving `server` did not
    prove it, the claims wait until the participant confirms them in the app. A stranger is answered
    once, in words that tell nothing; automatic messages are never answered.
    """
    proven = is_proven(seen.results, sender=seen.sender, server=server)
    memberships = _memberships(session, seen)
    participant = _meant(session, memberships, seen, at)
    unsaid = participant is None and bool(memberships)
    if unsaid:
        participant = memberships[0]  # Whom to ask; nothing is claimed for it.
    outcome = _outcome(seen, participant)
    if unsaid and outcome is MailOutcome.CLAIMED:
        outcome = MailOutcome.REFUSED
    message_id = _remember(session, seen, participant, outcome, at)
    if message_id is None:
        return None
    if participant is None:
        if outcome is MailOutcome.UNKNOWN_SENDER:
            _answer_stranger(session, seen, message_id, at)
        return outcome
    numbers: list[str] = []
    if outcome is MailOutcome.CLAIMED:
        try:
            with session.begin_nested():
                numbers = _submit(session, blobs, seen, participant, proven, at)
        except DomainError:
            outcome = MailOutcome.REFUSED
        else:
            outcome = MailOutcome.CLAIMED if proven else MailOutcome.UNPROVEN
    session.execute(
        sa.update(MailMessage)
        .where(col(MailMessage.id) == message_id)
        .values(outcome=outcome, claims=len(numbers), answered=True)
    )
    taken = MAIL_TAKEN if proven else MAIL_UNPROVEN
    kind = taken if numbers else MAIL_REFUSED
    facts: dict[str, Any] = {"reason": outcome.value}
    if unsaid and outcome is MailOutcome.REFUSED:
        facts = {"reason": "which_program", "programs": _choices(session, memberships)}
    if numbers:
        facts = {"claims": len(numbers), "numbers": numbers}
        if seen.left_out:
            facts |= {"left_out": "\n".join(seen.left_out[:MOST_NAMED]), "left": len(seen.left_out)}
    messages.notify(
        session,
        person_id=participant.person_id,
        kind=kind.name,
        event_key=f"mail:{message_id}",
        at=at,
        **facts,
    )
    return outcome


def _outcome(seen: Mail, participant: Participant | None) -> MailOutcome:
    if seen.automatic:
        return MailOutcome.AUTOMATIC
    if participant is None:
        return MailOutcome.UNKNOWN_SENDER
    return MailOutcome.CLAIMED if mail.groups(seen.files) else MailOutcome.NO_FILES


def _memberships(session: Session, seen: Mail) -> list[Participant]:
    """Those of the sender's address, oldest first; none of a stranger or of a machine."""
    if seen.automatic:
        return []
    try:
        person = people.find_by_contact(session, parse_email(seen.sender))
    except ContactInvalid:
        return []
    if person is None or person.disabled_at or person.erased_at:
        return []
    return queries.find_participants_of(session, person.id)


def _meant(
    session: Session, memberships: Sequence[Participant], seen: Mail, at: datetime
) -> Participant | None:
    """The membership of the programme that a recipient names (`+slug`), or the only possible one.

    `None` where nobody can know: several take claims and none is named, or the sender is not in
    the one that is. Words behind a plus that are no programme's name say nothing.
    """
    programs = {one.id: queries.get_program(session, one.program_id) for one in memberships}
    named = {address.split("@")[0].partition("+")[2] for address in seen.recipients} - {""}
    for one in memberships:
        if programs[one.id].slug.lower() in named:
            return one
    if queries.has_slug(session, named):
        return None
    running = [one for one in memberships if service.is_open(programs[one.id], at)]
    possible = running or memberships[:1]  # Where none is open, the oldest one says so.
    return possible[0] if len(possible) == 1 else None


def _choices(session: Session, memberships: Sequence[Participant]) -> str:
    """Each programme with what its address has before the @, one in a line."""
    found = (queries.get_program(session, one.program_id) for one in memberships)
    return "\n".join(f"{program.name}: +{program.slug}" for program in found)


def _remember(
    session: Session,
    seen: Mail,
    participant: Participant | None,
    outcome: MailOutcome,
    at: datetime,
) -> UUID | None:
    """The row of a message that is new; two that take it in at once make one."""
    claimed = outcome is MailOutcome.CLAIMED
    made = session.execute(
        insert(MailMessage)
        .values(
            id=new_id(),
            message_id=seen.identity,
            sender_sha256=hashlib.sha256(seen.sender.encode()).hexdigest(),
            participant_id=participant.id if participant else None,
            # Counted when the claims are made: a CHECK ties the two together.
            outcome=MailOutcome.NO_FILES if claimed else outcome,
            claims=0,
            answered=False,
            received_at=at,
        )
        .on_conflict_do_nothing(index_elements=["message_id"])
        .returning(col(MailMessage.id))
    ).scalar_one_or_none()
    return made if made is None else UUID(str(made))


def _submit(
    session: Session,
    blobs: Blobs,
    seen: Mail,
    participant: Participant,
    proven: bool,
    at: datetime,
) -> list[str]:
    """One claim for each document of the message, all of them or none."""
    program = queries.get_program(session, participant.program_id)
    numbers = []
    for group in mail.groups(seen.files):
        claim = service.submit(
            session,
            program=program,
            participant=participant,
            files=_stored(blobs, group),
            channel=Channel.EMAIL,
            actor=f"person:{participant.person_id}" if proven else MAILBOX,
            confirmed=proven,
            at=at,
        )
        numbers.append(claim.number)
    return numbers


def _stored(blobs: Blobs, group: Sequence[mail.Attached]) -> list[StoredFile]:
    return [
        StoredFile(blobs.put(file.data), file.name, file.media_type[:100], len(file.data))
        for file in group
    ]


def _answer_stranger(session: Session, seen: Mail, message_id: UUID, at: datetime) -> None:
    """One neutral answer to an address, whatever else it sends."""
    sender = hashlib.sha256(seen.sender.encode()).hexdigest()
    known = session.exec(
        select(MailMessage.id).where(
            MailMessage.sender_sha256 == sender,
            col(MailMessage.answered),
            col(MailMessage.participant_id).is_(None),
        )
    ).first()
    if known is not None:
        return
    try:
        address = parse_email(seen.sender)
    except ContactInvalid:
        return
    session.execute(
        sa.update(MailMessage).where(col(MailMessage.id) == message_id).values(answered=True)
    )
    messages.notify_contact(
        session,
        contact=Address(ContactKind.EMAIL, address.text),
        kind=MAIL_UNKNOWN.name,
        event_key=f"mail-stranger:{sender}",
        language="pl",
        at=at,
    )
