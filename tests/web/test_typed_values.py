"""The clerk's form asks for a line's value where a rate counts złoty, and nobody else sees it."""

from __future__ import annotations

import pytest
from sqlmodel import Session

from accounts.roles import Role, scope_of
from accounts.tables import Person
from core.runtime import App
from tests import make
from tests.verification.test_line_values import sockets
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
    assert "ile złotych kosztowała pozycja 1?" in page
    empty = act(clerk, review, "decision")
    assert empty.status_code == 422  # type: ignore[attr-defined]
    assert "podaj, ile kosztowała w złotych" in empty.text  # type: ignore[attr-defined]
    assert fields(page)["value-1"] == ""
    wrong = act(clerk, review, "decision", **{"value-1": "dużo"})
    assert wrong.status_code == 422  # type: ignore[attr-defined]
    assert "wartość to kwota w złotych" in wrong.text  # type: ignore[attr-defined]
    assert balance(session, of) == 0
    done = act(clerk, review, "decision", **{"value-1": "1 149,90"})
    assert done.status_code == 303  # type: ignore[attr-defined]
    assert balance(session, of) == 2300


def test_a_value_that_no_price_confirms_any_more_is_asked_and_may_be_the_read_one(
    app: App, session: Session, sign_in: SignIn, of: make.World
) -> None:
    clerk = enter(
        app, sign_in, session.get_one(Person, of.clerk.person_id), Role.CLERK,
        scope_of("branch", of.branch.id),
    )  # fmt: skip
    with app.database.unit_of_work() as own:
        row = sockets("60", price="37.00", net="600.00")
        review = make.read(own, make.submitted(own, of), make.reading(of, lines=[row]))
    refused = act(clerk, review, "decision", **{"quantity-1": "6"})
    assert refused.status_code == 422  # type: ignore[attr-defined]
    page = refused.text  # type: ignore[attr-defined]
    assert "a cena jej nie potwierdza" in page
    sent = fields(page)
    assert (sent["quantity-1"], sent["value-1"], sent["worth-1"]) == ("6", "", "said")
    done = clerk.post(
        f"/reviews/{review.id}/decision", data=sent | {"value-1": "600,00"}, follow_redirects=False
    )
    assert done.status_code == 303
    assert balance(session, of) == 1200


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
