"""Passwords of staff and their second factor."""

from __future__ import annotations

from datetime import timedelta

import pyotp
import pytest
from sqlmodel import Session

from accounts import passwords, second_factor, sessions
from accounts.contacts import parse
from accounts.passwords import LinkEnded, PasswordWeak
from accounts.policy import PasswordFault, password_fault
from accounts.roles import Role
from accounts.tables import Password, Person
from tests.accounts import make
from tests.conftest import NOON

KEY = b"k" * 32
GOOD = "trzy zielone wiertarki"


@pytest.fixture
def clerk(session: Session) -> Person:
    return make.person(session, Role.CLERK, name="Katarzyna Lis", email="kasia@example.com")


def test_a_password_opens_only_its_own_account(session: Session, clerk: Person) -> None:
    passwords.set_password(session, person_id=clerk.id, password=GOOD, at=NOON)
    contact = parse("kasia@example.com")
    found = passwords.check_password(session, contact=contact, password=GOOD)
    assert found is not None
    assert found.id == clerk.id
    for other, typed in ((contact, GOOD + "!"), (parse("x@example.com"), GOOD), (None, GOOD)):
        assert passwords.check_password(session, contact=other, password=typed) is None


def test_it_is_kept_as_argon2id_with_at_least_19_mib(session: Session, clerk: Person) -> None:
    passwords.set_password(session, person_id=clerk.id, password=GOOD, at=NOON)
    stored = session.get_one(Password, clerk.id).hash
    assert stored.startswith("$argon2id$v=19$m=19456,t=2,p=1$")


def test_a_new_password_ends_every_session(session: Session, clerk: Person) -> None:
    token = sessions.begin(session, person_id=clerk.id, at=NOON)
    passwords.set_password(session, person_id=clerk.id, password=GOOD, at=NOON)
    assert sessions.find(session, token=token, at=NOON) is None


@pytest.mark.parametrize(
    ("password", "fault"),
    [
        ("short", PasswordFault.TOO_SHORT),
        ("x" * 201, PasswordFault.TOO_LONG),
        ("aaaaaaaaaaaaaaaaaaaa", PasswordFault.TOO_SIMPLE),
        ("abcabcabcabcabcabc", PasswordFault.TOO_SIMPLE),
        ("qwertyuiopasdfghjkl", PasswordFault.TOO_SIMPLE),
        ("123456789012345678", PasswordFault.TOO_SIMPLE),
        ("password-password-1", PasswordFault.TOO_SIMPLE),
        ("Katarzyna Lis 2026", PasswordFault.ABOUT_YOU),
        ("kasia@example.com!", PasswordFault.ABOUT_YOU),
        (GOOD, None),
        ("Katarzyna ma trzy zielone wiertarki", None),
        ("zażółć gęślą jaźń", None),
    ],
)
def test_a_password_has_to_be_hard_to_guess(password: str, fault: PasswordFault | None) -> None:
    assert password_fault(password, about=["Katarzyna Lis", "kasia@example.com"]) is fault


def test_a_link_sets_a_password_once(session: Session, clerk: Person) -> None:
    link_id = passwords.issue_link(session, person_id=clerk.id, at=NOON)
    token = passwords.reveal_link(session, key=KEY, link_id=link_id)
    with pytest.raises(LinkEnded):
        passwords.use_link(
            session, key=KEY, link_id=link_id, token="x" * 32, password=GOOD, at=NOON
        )
    with pytest.raises(PasswordWeak):
        passwords.use_link(session, key=KEY, link_id=link_id, token=token, password="x", at=NOON)
    session.rollback()


def test_a_link_ends_by_use_by_time_and_by_a_newer_one(session: Session, clerk: Person) -> None:
    def use(link_id: object, token: str, *, hours: float = 0) -> None:
        passwords.use_link(
            session,
            key=KEY,
            link_id=link_id,  # type: ignore[arg-type]
            token=token,
            password=GOOD,
            at=NOON + timedelta(hours=hours),
        )

    first = passwords.issue_link(session, person_id=clerk.id, at=NOON)
    first_token = passwords.reveal_link(session, key=KEY, link_id=first)
    second = passwords.issue_link(session, person_id=clerk.id, at=NOON)
    second_token = passwords.reveal_link(session, key=KEY, link_id=second)
    session.expire_all()
    with pytest.raises(LinkEnded):
        use(first, first_token)
    with pytest.raises(LinkEnded):
        use(second, second_token, hours=24)
    use(second, second_token)
    session.expire_all()
    with pytest.raises(LinkEnded):
        use(second, second_token)


def enrolled(session: Session, who: Person) -> tuple[pyotp.TOTP, list[str]]:
    made = second_factor.begin_enrolment(session, key=KEY, person=who)
    assert made == second_factor.begin_enrolment(session, key=KEY, person=who)
    totp = pyotp.TOTP(made.secret)
    codes = second_factor.confirm(session, key=KEY, person_id=who.id, given=totp.at(NOON), at=NOON)
    assert codes is not None
    session.expire_all()
    return totp, codes


def test_enrolment_needs_a_right_code(session: Session, clerk: Person) -> None:
    second_factor.begin_enrolment(session, key=KEY, person=clerk)
    wrong = second_factor.confirm(
        session, key=KEY, person_id=clerk.id, given="000000", at=NOON + timedelta(days=3)
    )
    assert wrong is None
    assert not second_factor.is_enrolled(session, person_id=clerk.id)


def test_a_code_is_accepted_once(session: Session, clerk: Person) -> None:
    totp, _ = enrolled(session, clerk)
    later = NOON + timedelta(seconds=60)

    def check(given: str) -> bool:
        return second_factor.check(session, key=KEY, person_id=clerk.id, given=given, at=later)

    assert not check(totp.at(NOON))  # used for the enrolment, and too old
    assert check(totp.at(later))
    session.expire_all()
    assert not check(totp.at(later))
    assert not check(totp.at(later - timedelta(seconds=30)))  # older than the one just used


def test_a_code_of_the_neighbouring_half_minute_is_taken(session: Session, clerk: Person) -> None:
    totp, _ = enrolled(session, clerk)
    later = NOON + timedelta(minutes=5)
    early = totp.at(later + timedelta(seconds=30))
    assert second_factor.check(session, key=KEY, person_id=clerk.id, given=early, at=later)


def test_a_recovery_code_works_once(session: Session, clerk: Person) -> None:
    _, codes = enrolled(session, clerk)
    assert len(set(codes)) == 10
    typed = codes[3].upper()
    assert second_factor.check(session, key=KEY, person_id=clerk.id, given=typed, at=NOON)
    assert not second_factor.check(session, key=KEY, person_id=clerk.id, given=typed, at=NOON)
    assert second_factor.count_recovery_codes(session, person_id=clerk.id) == 9
    second_factor.new_recovery_codes(session, key=KEY, person_id=clerk.id, at=NOON)
    assert not second_factor.check(session, key=KEY, person_id=clerk.id, given=codes[4], at=NOON)


def test_a_recovery_code_of_somebody_else_is_worthless(session: Session, clerk: Person) -> None:
    _, codes = enrolled(session, clerk)
    other = make.person(session, Role.CLERK)
    assert not second_factor.check(session, key=KEY, person_id=other.id, given=codes[0], at=NOON)


def test_a_reset_factor_is_enrolled_again(session: Session, clerk: Person) -> None:
    totp, _ = enrolled(session, clerk)
    second_factor.reset(session, person_id=clerk.id, by="person:operator", at=NOON)
    session.expire_all()
    assert not second_factor.is_enrolled(session, person_id=clerk.id)
    made = second_factor.begin_enrolment(session, key=KEY, person=clerk)
    assert made.secret != totp.secret
