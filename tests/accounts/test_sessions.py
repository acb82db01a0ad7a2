"""Sessions: made, recognised, idle, ended; and nothing of the token in the database."""

from __future__ import annotations

from datetime import timedelta

import pytest
from sqlmodel import Session, select

from accounts import people, sessions
from accounts.grants import end_grant, grant
from accounts.roles import EVERYWHERE, Grant, Role
from accounts.sessions import SignedIn
from accounts.tables import LoginSession, Person, SessionStage
from tests.accounts import make
from tests.conftest import NOON


def found(session: Session, token: str, **after: float) -> SignedIn | None:
    return sessions.find(session, token=token, at=NOON + timedelta(**after))


def test_a_token_has_at_least_128_random_bits_and_is_stored_as_a_hash(session: Session) -> None:
    who = make.person(session)
    tokens = {sessions.begin(session, person_id=who.id, at=NOON) for _ in range(3)}
    assert len(tokens) == 3
    assert all(len(token) >= 22 for token in tokens)
    rows = session.exec(select(LoginSession)).all()
    assert not any(token.encode() in row.token_sha256 for row in rows for token in tokens)


def test_a_session_says_who_and_with_which_roles(session: Session) -> None:
    who = make.person(session, Role.PARTICIPANT)
    signed_in = found(session, sessions.begin(session, person_id=who.id, at=NOON))
    assert signed_in is not None
    assert signed_in.person_id == who.id
    assert signed_in.grants == {Grant(Role.PARTICIPANT, EVERYWHERE)}
    assert signed_in.stage is SessionStage.FULL


@pytest.mark.parametrize("token", ["", "short", "x" * 32, "x" * 4000])
def test_an_unknown_token_is_nobody(session: Session, token: str) -> None:
    assert found(session, token) is None


def test_staff_are_signed_out_after_half_an_hour_of_silence(session: Session) -> None:
    who = make.person(session, Role.CLERK)
    token = sessions.begin(session, person_id=who.id, at=NOON)
    assert found(session, token, minutes=29) is not None  # seen now: the clock starts again
    session.expire_all()
    assert found(session, token, minutes=58) is not None
    session.expire_all()
    assert found(session, token, minutes=88) is None


def test_staff_sign_in_anew_every_day_however_busy(session: Session) -> None:
    who = make.person(session, Role.CLERK)
    token = sessions.begin(session, person_id=who.id, at=NOON)
    for minutes in range(20, 12 * 60, 20):
        assert found(session, token, minutes=minutes) is not None
        session.expire_all()
    assert found(session, token, hours=12) is None


def test_participants_stay_signed_in_for_weeks(session: Session) -> None:
    who = make.person(session, Role.PARTICIPANT)
    token = sessions.begin(session, person_id=who.id, at=NOON)
    assert found(session, token, days=29) is not None
    session.expire_all()
    assert found(session, token, days=58) is not None
    session.expire_all()
    assert found(session, token, days=89) is None


def test_an_ended_session_is_nobody_at_once(session: Session) -> None:
    who = make.person(session)
    token = sessions.begin(session, person_id=who.id, at=NOON)
    signed_in = found(session, token)
    assert signed_in is not None
    sessions.end(session, session_id=signed_in.session_id)
    assert found(session, token) is None


def test_signing_out_everywhere_may_spare_one(session: Session) -> None:
    who, other = make.person(session), make.person(session)
    kept = sessions.begin(session, person_id=who.id, at=NOON)
    gone = sessions.begin(session, person_id=who.id, at=NOON)
    foreign = sessions.begin(session, person_id=other.id, at=NOON)
    present = found(session, kept)
    assert present is not None
    assert sessions.end_all(session, person_id=who.id, but=present.session_id) == 1
    assert found(session, gone) is None
    assert found(session, kept) is not None
    assert found(session, foreign) is not None


def test_more_power_or_less_begins_with_a_new_sign_in(session: Session) -> None:
    who = make.person(session, Role.PARTICIPANT)
    token = sessions.begin(session, person_id=who.id, at=NOON)
    clerk = Grant(Role.CLERK, EVERYWHERE)
    assert grant(session, person_id=who.id, grant=clerk, by="test", at=NOON)
    assert found(session, token) is None
    token = sessions.begin(session, person_id=who.id, at=NOON)
    assert end_grant(session, person_id=who.id, grant=clerk, by="test", at=NOON)
    assert found(session, token) is None


def test_joining_a_programme_keeps_the_participant_signed_in(session: Session) -> None:
    who = make.person(session)
    token = sessions.begin(session, person_id=who.id, at=NOON)
    joined = Grant(Role.PARTICIPANT, EVERYWHERE)
    assert grant(session, person_id=who.id, grant=joined, by="test", at=NOON)
    assert not grant(session, person_id=who.id, grant=joined, by="test", at=NOON)
    signed_in = found(session, token)
    assert signed_in is not None
    assert joined in signed_in.grants


@pytest.mark.parametrize("act", [people.disable, people.erase])
def test_a_shut_account_is_nobody(session: Session, act: object) -> None:
    who = make.person(session, Role.PARTICIPANT)
    token = sessions.begin(session, person_id=who.id, at=NOON)
    act(session, person_id=who.id, by="test", at=NOON)  # type: ignore[operator]
    assert found(session, token) is None
    token = sessions.begin(session, person_id=who.id, at=NOON)
    assert found(session, token) is None


def test_an_erased_person_leaves_an_id_and_nothing_else(session: Session) -> None:
    who = make.person(session, Role.CLERK, phone="+48601234567")
    people.erase(session, person_id=who.id, by="test", at=NOON)
    session.expire_all()
    left = session.get_one(Person, who.id)
    assert (left.name, left.email, left.phone) == ("", None, None)
    signed_in = found(session, sessions.begin(session, person_id=who.id, at=NOON))
    assert signed_in is None


def test_the_list_of_devices_leaves_out_what_has_ended(session: Session) -> None:
    who = make.person(session, Role.CLERK)
    sessions.begin(session, person_id=who.id, at=NOON, device="Chrome · Android")
    sessions.begin(session, person_id=who.id, at=NOON - timedelta(hours=1), device="Safari · Mac")
    sessions.begin(
        session, person_id=who.id, at=NOON, device="half", stage=SessionStage.SECOND_FACTOR
    )
    listed = sessions.list_open(session, person_id=who.id, at=NOON)
    assert [line.device for line in listed] == ["Chrome · Android"]
    sessions.forget_ended(session, at=NOON)
    assert len(session.exec(select(LoginSession)).all()) == 2
