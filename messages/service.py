"""Tell people something once: write the notice, choose the channels, ask for the deliveries."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy.dialects.postgresql import insert
from sqlmodel import Session, col, select

from accounts import people
from accounts.contacts import Contact, ContactKind
from core.columns import new_id
from core.queue import Job, later
from messages.kinds import Category, Channel, NoticeKind, kind_of
from messages.policy import channels_for
from messages.tables import Delivery, Notice, NoticeChoice

DELIVER = Job("messages.deliver", timeout_s=90, lease_s=45, max_starts=4)

Facts = str | int | bool | None | list[Any] | dict[str, Any]


def notify(
    session: Session,
    *,
    person_id: UUID,
    kind: str,
    event_key: str,
    at: datetime,
    **facts: Facts,
) -> bool:
    """Tell a person about one event, after this transaction commits; False: already told.

    `event_key` names the event (`claim:<id>:approved`); with the person it is unique for ever.
    `facts` fill the template of the kind and are stored as JSON: ids, numbers and names of
    things, no more about people than the message needs. Raises `UnknownNotice`, `NotFound`.
    """
    sort = kind_of(kind)
    person = people.get(session, person_id)
    if person.disabled_at or person.erased_at:
        return False
    notice_id = _write(
        session,
        sort,
        event_key=event_key,
        recipient=str(person_id),
        person_id=person_id,
        language=person.language,
        facts=facts,
        at=at,
    )
    if notice_id is None:
        return False
    chosen = channels_for(
        sort,
        has_email=person.email is not None,
        has_phone=person.phone is not None,
        choices=choices_of(session, person_id=person_id).get(sort.category, {}),
    )
    addresses = {Channel.EMAIL: person.email, Channel.SMS: person.phone}
    for channel in sorted(chosen):
        _ask(session, notice_id, channel, addresses[channel] or "", at)
    return True


def notify_contact(
    session: Session,
    *,
    contact: Contact,
    kind: str,
    event_key: str,
    language: str,
    at: datetime,
    **facts: Facts,
) -> bool:
    """Tell whoever reads an address something, known to us or not; False: already told."""
    notice_id = _write(
        session,
        kind_of(kind),
        event_key=event_key,
        recipient=contact.text,
        person_id=None,
        language=language,
        facts=facts,
        at=at,
    )
    if notice_id is None:
        return False
    channel = Channel.EMAIL if contact.kind is ContactKind.EMAIL else Channel.SMS
    _ask(session, notice_id, channel, contact.text, at)
    return True


def _write(
    session: Session,
    kind: NoticeKind,
    *,
    event_key: str,
    recipient: str,
    person_id: UUID | None,
    language: str,
    facts: Mapping[str, Facts],
    at: datetime,
) -> UUID | None:
    made = session.execute(
        insert(Notice)
        .values(
            id=new_id(),
            event_key=event_key,
            recipient=recipient,
            person_id=person_id,
            kind=kind.name,
            language=language,
            context=dict(facts),
            created_at=at,
        )
        .on_conflict_do_nothing(index_elements=["event_key", "recipient"])
        .returning(col(Notice.id))
    ).scalar_one_or_none()
    return made if made is None else UUID(str(made))


def _ask(session: Session, notice_id: UUID, channel: Channel, address: str, at: datetime) -> None:
    delivery = Delivery(notice_id=notice_id, channel=channel, address=address, created_at=at)
    session.add(delivery)
    session.flush()
    later(session, DELIVER, key=f"deliver:{delivery.id}", at=at, delivery_id=str(delivery.id))


def choices_of(session: Session, *, person_id: UUID) -> dict[Category, dict[Channel, bool]]:
    """What a person switched on or off, by category and channel; the rest follows the kinds."""
    found: dict[Category, dict[Channel, bool]] = {}
    rows = session.exec(select(NoticeChoice).where(NoticeChoice.person_id == person_id))
    for row in rows:
        found.setdefault(row.category, {})[row.channel] = row.wanted
    return found


def choose(
    session: Session, *, person_id: UUID, category: Category, channel: Channel, wanted: bool
) -> None:
    """Switch one channel of a category on or off."""
    session.execute(
        insert(NoticeChoice)
        .values(person_id=person_id, category=category, channel=channel, wanted=wanted)
        .on_conflict_do_update(
            index_elements=["person_id", "category", "channel"], set_={"wanted": wanted}
        )
    )
