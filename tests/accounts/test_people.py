"""People, consents, keys: one person per contact, the newest word holds, keys die with roles."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from uuid import uuid4

import pytest
import sqlalchemy as sa
from sqlalchemy.exc import ProgrammingError
from sqlmodel import Session, select

from accounts import consents, keys, people
from accounts.contacts import parse
from accounts.grants import end_grant, list_holders
from accounts.people import ContactTaken
from accounts.roles import EVERYWHERE, Grant, Role, scope_of
from accounts.tables import ApiKey, Person
from core.db import Database
from core.errors import Invalid, NotFound
from tests.accounts import make
from tests.conftest import NOON


def test_first_sign_ins_at_once_make_one_person(real_database: Database) -> None:
    contact = parse("ewa@example.com")

    def arrive(_: int) -> object:
        with real_database.unit_of_work() as session:
            return people.get_or_create(session, contact=contact, language="pl", at=NOON).id

    with ThreadPoolExecutor(8) as pool:
        assert len(set(pool.map(arrive, range(16)))) == 1


def test_a_contact_belongs_to_one_account(session: Session) -> None:
    ewa = make.person(session, email="ewa@example.com")
    other = make.person(session)
    with pytest.raises(ContactTaken):
        people.add_contact(session, person_id=other.id, contact=parse("ewa@example.com"))
    people.add_contact(session, person_id=other.id, contact=parse("601234567"))
    assert people.find_by_contact(session, parse("601 234 567")) == other
    assert people.find_by_contact(session, parse("ewa@example.com")) == ewa


@pytest.mark.parametrize("name", ["", "   ", "x" * 201, "a\x00b", "a\x07b"])
def test_a_name_is_a_name(session: Session, name: str) -> None:
    who = make.person(session)
    with pytest.raises(Invalid):
        people.rename(session, person_id=who.id, name=name)
    assert people.get_profile(session, person_id=who.id).name == "Marek Nowak"


def test_what_is_not_offered_is_no_preference(session: Session) -> None:
    who = make.person(session)
    people.prefer(session, person_id=who.id, language="xx", theme="pink")
    people.prefer(session, person_id=who.id, theme="dark")
    profile = people.get_profile(session, person_id=who.id)
    assert (profile.language, profile.theme) == ("pl", "dark")


def test_the_newest_word_about_a_text_holds(session: Session) -> None:
    who = make.person(session)

    def say(given: bool, *, version: str = "1", minutes: int = 0) -> None:
        consents.record(
            session,
            person_id=who.id,
            kind=consents.MARKETING_EMAIL,
            version=version,
            given=given,
            at=NOON + timedelta(minutes=minutes),
        )

    def holds(version: str | None = None) -> bool:
        return consents.holds(
            session, person_id=who.id, kind=consents.MARKETING_EMAIL, version=version
        )

    assert not holds()
    say(True)
    say(True, minutes=1)
    assert holds()
    assert holds("1")
    assert not holds("2")
    say(False, minutes=2)
    assert not holds()
    [standing] = consents.list_standing(session, person_id=who.id)
    assert (standing.given, standing.at) == (False, NOON + timedelta(minutes=2))


def test_what_was_agreed_to_cannot_be_rewritten(session: Session) -> None:
    who = make.person(session)
    consents.record(
        session, person_id=who.id, kind=consents.TERMS, version="1", given=True, at=NOON
    )
    for statement in ("UPDATE consent SET given = false", "DELETE FROM consent"):
        with pytest.raises(ProgrammingError), session.begin_nested():
            session.execute(sa.text(statement))
    assert consents.holds(session, person_id=who.id, kind=consents.TERMS)


def a_key(session: Session, who: Person, role: Role = Role.OPERATOR, **facts: object) -> str:
    values: dict[str, object] = {"name": "ERP", "permissions": ["claims:read"], "at": NOON}
    return keys.create(
        session,
        person_id=who.id,
        grant=Grant(role, EVERYWHERE),
        **(values | facts),  # type: ignore[arg-type]
    )


def test_a_key_acts_with_one_grant_of_its_maker(session: Session) -> None:
    who = make.person(session, Role.OPERATOR, Role.AUDITOR)
    holder = keys.find(session, token=a_key(session, who), at=NOON)
    assert holder is not None
    assert holder.grant == Grant(Role.OPERATOR, EVERYWHERE)
    assert holder.permissions == {"claims:read"}


def test_a_key_is_stored_as_a_hash(session: Session) -> None:
    token = a_key(session, make.person(session, Role.OPERATOR))
    row = session.exec(select(ApiKey)).one()
    assert token not in repr(row.model_dump())
    assert len(token) >= 36


def test_a_key_dies_with_the_role_it_acts_with(session: Session) -> None:
    who = make.person(session, Role.OPERATOR)
    token = a_key(session, who)
    end_grant(session, person_id=who.id, grant=Grant(Role.OPERATOR, EVERYWHERE), by="test", at=NOON)
    assert keys.find(session, token=token, at=NOON) is None


def test_a_key_ends_by_time_by_hand_and_with_its_maker(session: Session) -> None:
    who = make.person(session, Role.OPERATOR)
    timed = a_key(session, who, expires_at=NOON + timedelta(days=1))
    assert keys.find(session, token=timed, at=NOON) is not None
    assert keys.find(session, token=timed, at=NOON + timedelta(days=1)) is None
    held = a_key(session, who)
    holder = keys.find(session, token=held, at=NOON)
    assert holder is not None
    stranger = make.person(session, Role.OPERATOR)
    with pytest.raises(NotFound):
        keys.revoke(session, key_id=holder.key_id, person_id=stranger.id, at=NOON)
    assert keys.find(session, token=held, at=NOON) is not None
    keys.revoke(session, key_id=holder.key_id, person_id=who.id, at=NOON)
    assert keys.find(session, token=held, at=NOON) is None
    last = a_key(session, who)
    people.disable(session, person_id=who.id, by="test", at=NOON)
    assert keys.find(session, token=last, at=NOON) is None


@pytest.mark.parametrize(
    "facts", [{"name": " "}, {"permissions": []}, {"grant": Grant(Role.AUDITOR, EVERYWHERE)}]
)
def test_a_key_without_name_permission_or_role_is_not_made(
    session: Session, facts: dict[str, object]
) -> None:
    who = make.person(session, Role.OPERATOR)
    values: dict[str, object] = {
        "name": "ERP",
        "permissions": ["claims:read"],
        "grant": Grant(Role.OPERATOR, EVERYWHERE),
    }
    with pytest.raises(Invalid):
        keys.create(session, person_id=who.id, at=NOON, **(values | facts))  # type: ignore[arg-type]
    assert keys.list_keys(session, person_id=who.id) == []


def test_holders_of_a_place_are_found(session: Session) -> None:
    branch = scope_of("branch", uuid4())
    clerk = make.person(session, Role.CLERK, scope=branch)
    make.person(session, Role.CLERK)
    assert list(list_holders(session, role=Role.CLERK, scope=branch)) == [clerk.id]


@pytest.mark.parametrize(
    "scope",
    ["", "branch", "branch:x", "Branch:01a20128-6be1-7262-ab11-964c24b2027f", "* "],
)
def test_a_place_is_a_noun_and_an_id(scope: str) -> None:
    with pytest.raises(ValueError, match="names no place"):
        Grant(Role.CLERK, scope)
