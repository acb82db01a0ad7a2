"""What an error looks like in the log: where, never what somebody typed."""

from __future__ import annotations

import pytest
from sqlalchemy.exc import IntegrityError
from sqlmodel import Session

from accounts.tables import Person
from core.logs import described
from tests.conftest import NOON


def test_a_refused_row_leaves_its_constraint_and_not_its_values(session: Session) -> None:
    session.add(Person(name="Ewa Mróz", email="Ewa@example.com", created_at=NOON))
    with pytest.raises(IntegrityError) as refused:
        session.flush()
    session.rollback()
    told = described(refused.value)
    assert told["constraint_name"] == "ck_person_email_lower"
    assert told["sqlstate"] == "23514"
    assert "test_logs.py" in told["places"]
    assert "Ewa" not in repr(told)


def test_mistakes_of_ours_are_quoted_and_what_was_typed_is_not() -> None:
    def fail() -> None:
        try:
            int("ewa@example.com")
        except ValueError as error:
            raise AttributeError("no attribute 'naem'") from error

    with pytest.raises(AttributeError) as failure:
        fail()
    told = described(failure.value)
    assert told["error"] == "AttributeError"
    assert told["says"] == "no attribute 'naem'"
    assert "ValueError at" in told["places"]
    assert "ewa@" not in repr(told)
