"""Notices: told once per event, over the channels that the person wants."""

from __future__ import annotations

import re
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from uuid import UUID

import pytest
import sqlalchemy as sa
from jinja2 import meta
from sqlmodel import Session, select

from accounts import passwords, people
from accounts.contacts import ContactInvalid, parse
from accounts.grants import list_grants
from accounts.roles import EVERYWHERE, Grant, Role
from core.db import Database
from core.errors import NotFound
from core.queue import Work
from core.settings import Settings
from core.templating import environment
from messages import personal, queries, service, sign_in
from messages.kinds import KINDS, Category, Channel, NoticeKind, UnknownNotice
from messages.policy import channels_for
from messages.render import TEMPLATES
from messages.service import DELIVER
from messages.tables import Delivery, Notice
from tests.accounts import make
from tests.conftest import NOON

KIND = "password-changed"


def count(session: Session, table: type) -> int:
    return session.exec(select(sa.func.count()).select_from(table)).one()


def tell(session: Session, person_id: object, key: str = "event:1") -> bool:
    return service.notify(
        session,
        person_id=person_id,  # type: ignore[arg-type]
        kind=KIND,
        event_key=key,
        at=NOON,
    )


def test_one_event_is_told_once(session: Session) -> None:
    who = make.person(session)
    assert tell(session, who.id)
    assert not tell(session, who.id)
    assert count(session, Notice) == count(session, Delivery) == 1
    work = session.exec(select(Work).where(Work.job == DELIVER.name)).all()
    assert len(work) == 1


def test_the_same_event_reaches_each_person(session: Session) -> None:
    one, other = make.person(session), make.person(session)
    assert tell(session, one.id)
    assert tell(session, other.id)
    assert tell(session, one.id, "event:2")
    assert count(session, Notice) == 3


def test_sixteen_at_once_tell_one_event_once(real_database: Database) -> None:
    with real_database.unit_of_work() as session:
        who = make.person(session)

    def attempt(_: int) -> bool:
        with real_database.unit_of_work() as session:
            return tell(session, who.id)

    with ThreadPoolExecutor(8) as pool:
        assert sum(pool.map(attempt, range(16))) == 1
    with real_database.unit_of_work() as session:
        assert count(session, Delivery) == 1


def test_what_is_rolled_back_is_not_told(real_database: Database) -> None:
    with real_database.unit_of_work() as session:
        who = make.person(session)

    def fail() -> None:
        with real_database.unit_of_work() as session:
            tell(session, who.id)
            raise RuntimeError

    with pytest.raises(RuntimeError):
        fail()
    with real_database.unit_of_work() as session:
        assert count(session, Notice) == count(session, Work) == 0


@pytest.mark.parametrize("act", [people.disable, people.erase])
def test_nobody_is_told_after_they_left(session: Session, act: object) -> None:
    who = make.person(session)
    act(session, person_id=who.id, by="test", at=NOON)  # type: ignore[operator]
    assert not tell(session, who.id)
    assert count(session, Notice) == 0


def test_an_unlisted_kind_is_a_mistake(session: Session) -> None:
    who = make.person(session)
    with pytest.raises(UnknownNotice):
        service.notify(session, person_id=who.id, kind="gossip", event_key="x", at=NOON)


NEWS = NoticeKind("t", Category.NEWS)
URGENT = NoticeKind("t", Category.CLAIMS, urgent=True)
GUARD = NoticeKind("t", Category.SECURITY)
EMAIL, SMS = Channel.EMAIL, Channel.SMS


@pytest.mark.parametrize(
    ("kind", "email", "phone", "choices", "chosen"),
    [
        (NEWS, True, True, {}, {EMAIL}),
        (NEWS, True, True, {EMAIL: False}, set()),
        (NEWS, True, True, {SMS: True}, {EMAIL, SMS}),
        (NEWS, True, False, {SMS: True}, {EMAIL}),
        (NEWS, False, True, {}, set()),
        (URGENT, False, True, {}, {SMS}),
        (URGENT, False, True, {SMS: False}, set()),
        (URGENT, True, True, {}, {EMAIL}),
        (URGENT, False, False, {}, set()),
        (GUARD, True, True, {EMAIL: False}, {EMAIL}),
    ],
)
def test_channels_follow_the_person_within_the_kind(
    kind: NoticeKind,
    email: bool,
    phone: bool,
    choices: dict[Channel, bool],
    chosen: set[Channel],
) -> None:
    found = channels_for(kind, has_email=email, has_phone=phone, choices=choices)
    assert found == chosen


def test_a_choice_is_kept_and_changed(session: Session) -> None:
    who = make.person(session)
    for wanted in (False, True, False):
        service.choose(
            session, person_id=who.id, category=Category.NEWS, channel=EMAIL, wanted=wanted
        )
    assert service.choices_of(session, person_id=who.id) == {Category.NEWS: {EMAIL: False}}


@pytest.mark.parametrize("language", ["pl", "en"])
@pytest.mark.parametrize("kind", sorted(KINDS))
def test_every_kind_has_words_in_every_language(
    session: Session, settings: Settings, kind: str, language: str
) -> None:
    who = make.person(session, language=language)
    if kind == "sign-in-code":
        sign_in.send_code(
            session, contact=parse("a@b.pl"), visitor="v" * 20, language=language, at=NOON
        )
    elif kind == "password-link":
        sign_in.send_password_link(session, person_id=who.id, at=NOON)
    else:
        service.notify(
            session, person_id=who.id, kind=kind, event_key="x", at=NOON, **facts_of(kind)
        )
    [line] = queries.list_outbox(session, settings=settings)
    for text in (line.words.subject, line.words.body, line.words.sms):
        assert text.strip()
        assert "%(" not in text
    assert "\n" not in line.words.subject + line.words.sms


def facts_of(kind: str) -> dict[str, service.Facts]:
    """Something for every name that the kind's template wants."""
    source = (TEMPLATES / f"{kind}.txt").read_text()
    names = meta.find_undeclared_variables(environment(TEMPLATES, "pl").parse(source))
    known: dict[str, service.Facts] = {
        "numbers": ["Z/2026/000001"],
        "invitation_id": str(UUID(int=7)),
        "promised_on": "2026-11-27",
        "day": "2026-11-27",
    }
    return {name: known.get(name, 7) for name in names if name not in ("base_url", "_", "ngettext")}


def test_no_stored_notice_holds_a_secret(session: Session, settings: Settings) -> None:
    who = make.person(session)
    sign_in.send_code(session, contact=parse("a@b.pl"), visitor="v" * 20, language="pl", at=NOON)
    sign_in.send_password_link(session, person_id=who.id, at=NOON)
    stored = repr([notice.model_dump() for notice in session.exec(select(Notice))])
    stored += repr([work.model_dump() for work in session.exec(select(Work))])
    [link, code] = queries.list_outbox(session, settings=settings)
    digits = re.search(r"\d{6}", code.words.subject)
    token = re.search(r"/password/[0-9a-f-]+/(\S+)", link.words.body)
    assert digits
    assert token
    assert digits[0] not in stored
    assert token[1] not in stored


def test_a_swept_secret_shows_dots(session: Session, settings: Settings) -> None:
    sign_in.send_code(session, contact=parse("a@b.pl"), visitor="v" * 20, language="pl", at=NOON)
    session.execute(sa.text("DELETE FROM sign_in_code"))
    session.expire_all()
    [line] = queries.list_outbox(session, settings=settings)
    assert "••••••" in line.words.subject


def test_a_persons_list_is_their_own(session: Session, settings: Settings) -> None:
    who, other = make.person(session), make.person(session)
    tell(session, who.id)
    assert queries.count_new(session, person_id=who.id) == 1
    assert queries.list_notices(session, settings=settings, person_id=other.id) == []
    [line] = queries.list_notices(session, settings=settings, person_id=who.id)
    assert line.is_new
    queries.mark_read(session, person_id=who.id, at=NOON + timedelta(minutes=1))
    assert queries.count_new(session, person_id=who.id) == 0


def test_personal_data_is_shown_and_forgotten(session: Session) -> None:
    who, other = make.person(session), make.person(session)
    tell(session, who.id)
    tell(session, other.id)
    [shown] = personal.show(session, person_id=who.id)
    assert shown["sent_to"] == [who.email]
    personal.forget(session, person_id=who.id, at=NOON)
    assert personal.show(session, person_id=who.id) == []
    assert session.exec(select(Delivery.address)).all() == [other.email]


def test_staff_are_invited_with_a_role_and_a_link(session: Session, settings: Settings) -> None:
    clerk = Grant(Role.CLERK, EVERYWHERE)
    contact = parse("kasia@example.com")
    facts = {"contact": contact, "name": "Kasia Lis", "grant": clerk, "by": "test", "at": NOON}
    person_id = sign_in.invite_staff(session, **facts)  # type: ignore[arg-type]
    assert clerk in list_grants(session, person_id=person_id)
    [line] = queries.list_outbox(session, settings=settings)
    assert (line.kind, line.address) == ("password-link", "kasia@example.com")
    with pytest.raises(ContactInvalid):
        sign_in.invite_staff(session, **(facts | {"contact": parse("601234567")}))  # type: ignore[arg-type]
    assert count(session, Notice) == 1


def test_a_link_that_never_was_cannot_be_revealed(session: Session) -> None:
    with pytest.raises(NotFound):
        passwords.reveal_link(session, key=b"k" * 32, link_id=make.person(session).id)
