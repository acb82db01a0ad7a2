"""One-time codes: six digits, ten minutes, five tries, one browser, one use."""

from __future__ import annotations

from datetime import timedelta
from uuid import UUID, uuid4

import pytest
from sqlmodel import Session, select

from accounts import codes
from accounts.codes import ATTEMPTS, Checked, CodeTooSoon, Outcome
from accounts.contacts import parse
from accounts.tables import SignInCode
from core.errors import NotFound
from tests.conftest import NOON

KEY = b"k" * 32
CONTACT = parse("ewa@example.com")


def asked(session: Session, *, seconds: float = 0) -> UUID:
    at = NOON + timedelta(seconds=seconds)
    return codes.issue(session, contact=CONTACT, visitor="browser", at=at)


def tried(
    session: Session, code_id: UUID, given: str, *, visitor: str = "browser", seconds: float = 1
) -> Checked:
    at = NOON + timedelta(seconds=seconds)
    return codes.check(session, key=KEY, code_id=code_id, visitor=visitor, given=given, at=at)


def wrong(right: str) -> str:
    return f"{(int(right) + 1) % 1_000_000:06d}"


def test_the_right_code_says_whose_contact_it_proves_and_works_once(session: Session) -> None:
    code_id = asked(session)
    right = codes.reveal(session, key=KEY, code_id=code_id)
    assert len(right) == 6
    assert right.isdecimal()
    assert tried(session, code_id, f" {right[:3]} {right[3:]} ").contact == CONTACT
    assert tried(session, code_id, right).outcome is Outcome.ENDED


def test_five_wrong_tries_end_a_code(session: Session) -> None:
    code_id = asked(session)
    right = codes.reveal(session, key=KEY, code_id=code_id)
    left = [tried(session, code_id, wrong(right)).attempts_left for _ in range(ATTEMPTS)]
    assert left == [4, 3, 2, 1, 0]
    assert tried(session, code_id, right).outcome is Outcome.ENDED


def test_a_code_ends_after_ten_minutes(session: Session) -> None:
    code_id = asked(session)
    right = codes.reveal(session, key=KEY, code_id=code_id)
    assert tried(session, code_id, right, seconds=600).outcome is Outcome.ENDED
    assert tried(session, code_id, right, seconds=599).outcome is Outcome.RIGHT


def test_a_code_is_of_no_use_in_another_browser(session: Session) -> None:
    code_id = asked(session)
    right = codes.reveal(session, key=KEY, code_id=code_id)
    assert tried(session, code_id, right, visitor="thief").outcome is Outcome.ENDED
    assert codes.find_pending(session, code_id=code_id, visitor="thief") is None
    assert tried(session, code_id, right).outcome is Outcome.RIGHT


def test_a_new_code_ends_the_old_one(session: Session) -> None:
    old = asked(session)
    right = codes.reveal(session, key=KEY, code_id=old)
    asked(session, seconds=60)
    assert tried(session, old, right, seconds=61).outcome is Outcome.ENDED


def test_a_second_code_has_to_wait(session: Session) -> None:
    asked(session)
    with pytest.raises(CodeTooSoon) as refused:
        asked(session, seconds=44)
    assert refused.value.facts["retry_after_s"] == 2
    asked(session, seconds=45)


def test_nobody_can_end_the_code_of_another_browser(session: Session) -> None:
    mine = asked(session)
    right = codes.reveal(session, key=KEY, code_id=mine)
    codes.issue(session, contact=CONTACT, visitor="stranger", at=NOON + timedelta(seconds=1))
    assert tried(session, mine, right, seconds=2).outcome is Outcome.RIGHT


def test_no_row_gives_a_code_away(session: Session) -> None:
    code_id = asked(session)
    right = codes.reveal(session, key=KEY, code_id=code_id)
    row = session.exec(select(SignInCode).where(SignInCode.id == code_id)).one()
    assert right not in repr(row.model_dump())
    assert codes.reveal(session, key=b"x" * 32, code_id=code_id) != right


def test_codes_of_the_past_are_forgotten(session: Session) -> None:
    code_id = asked(session)
    codes.forget(session, before=NOON + timedelta(days=2))
    session.expire_all()
    with pytest.raises(NotFound):
        codes.reveal(session, key=KEY, code_id=code_id)
    assert tried(session, uuid4(), "000000").outcome is Outcome.ENDED
