"""The clerk's form asks for a line's value where a rate counts złoty, and nobody else sees it."""

from __future__ import annotations

import pytest
from sqlmodel import Session

from accounts.roles import Role, scope_of
from accounts.tables import Person
from core.runtime import App
from tests import make
from tests.verification.test_typed_values import BY_VALUE, unpriced
from tests.web.conftest import SignIn
from tests.web.partner_world import act, balance, enter, fields, waiting


@pytest.fixture
def of(app: App) -> make.World:
    with app.database.unit_of_work() as session:
        return make.world(session, rules=BY_VALUE)


def test_a_clerk_types_the_value_that_was_not_read(
    app: App, session: Session, sign_in: SignIn, of: make.World
) -> None:
    clerk = enter(
        app, sign_in, session.get_one(Person, of.clerk.person_id), Role.CLERK,
        scope_of("branch", of.branch.id),
    )  # fmt: skip
    with app.database.unit_of_work() as own:
        review = unpriced(own, of)
    page = clerk.get(f"/reviews/{review.id}").text
    assert "Wartość pozycji, zł" in page
    assert fields(page)["value-1"] == ""
    wrong = act(clerk, review, "decision", **{"value-1": "dużo"})
    assert wrong.status_code == 422  # type: ignore[attr-defined]
    assert "wartość to kwota w złotych" in wrong.text  # type: ignore[attr-defined]
    assert balance(session, of) == 0
    done = act(clerk, review, "decision", **{"value-1": "1 149,90"})
    assert done.status_code == 303  # type: ignore[attr-defined]
    assert balance(session, of) == 2300


def test_no_value_is_asked_from_those_who_may_not_see_prices(
    app: App, session: Session, sign_in: SignIn, of: make.World
) -> None:
    clerk = enter(
        app, sign_in, session.get_one(Person, of.clerk.person_id), Role.CLERK,
        scope_of("branch", of.branch.id),
    )  # fmt: skip
    review = waiting(app, of)
    assert 'value="600,00"' in clerk.get(f"/reviews/{review.id}").text
    act(clerk, review, "escalation")
    manager = sign_in(Role.PROGRAM_MANAGER, scope=scope_of("program", of.program.id))
    page = manager.get(f"/reviews/{review.id}").text
    assert "value-1" not in page
    assert "600,00" not in page
