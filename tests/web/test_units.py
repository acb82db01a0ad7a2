"""The desk asks how many units a pack holds, shows what it comes to, and takes another answer."""

from __future__ import annotations

from decimal import Decimal

import pytest
from fastapi import FastAPI
from sqlmodel import Session

from accounts.roles import Role, scope_of
from accounts.tables import Person
from core.runtime import App
from programs import product_units
from tests import make
from tests.verification.test_units import POINTS, sold
from tests.verification.test_units import waiting as packs
from tests.web.conftest import Browser, SignIn
from tests.web.partner_world import act, balance, enter, fields
from tests.web.test_api_reviews import caller
from verification.tables import Review


@pytest.fixture
def of(app: App) -> make.World:
    with app.database.unit_of_work() as session:
        return make.world(session)


@pytest.fixture
def clerk(app: App, session: Session, sign_in: SignIn, of: make.World) -> Browser:
    return enter(
        app, sign_in, session.get_one(Person, of.clerk.person_id), Role.CLERK,
        scope_of("branch", of.branch.id),
    )  # fmt: skip


def review_of(app: App, of: make.World, name: str = "VX-N210 gniazdo") -> Review:
    with app.database.unit_of_work() as session:
        return packs(session, of, sold("2", "opak", name))


def drafted(clerk: Browser, review: Review, **said: str) -> dict[str, dict[str, str]]:
    sent = fields(clerk.get(f"/reviews/{review.id}").text) | said
    answer: dict[str, dict[str, str]] = clerk.post(f"/reviews/{review.id}/draft", data=sent).json()
    return answer


def test_an_unknown_unit_is_asked_and_the_answer_kept_shown_and_paid(
    app: App, session: Session, clerk: Browser, of: make.World
) -> None:
    review = review_of(app, of)
    page = clerk.get(f"/reviews/{review.id}").text
    assert "1 opak w pozycji 1 to ile szt.?" in page
    assert (fields(page)["per-1"], fields(page)["units-1"]) == ("typed", "")
    unanswered = act(clerk, review, "decision")
    assert unanswered.status_code == 422  # type: ignore[attr-defined]
    assert "podaj, ile jednostek produktu" in unanswered.text  # type: ignore[attr-defined]
    wrong = act(clerk, review, "decision", **{"units-1": "dużo"})
    assert wrong.status_code == 422  # type: ignore[attr-defined]
    assert balance(session, of) == 0
    said = drafted(clerk, review, **{"units-1": "10"})
    assert said["units"] == {"1": "× 10 = 20 szt."}
    assert said["lines"] == {"1": "300"}
    page = clerk.get(f"/reviews/{review.id}").text
    assert "× 10 = 20 szt." in page
    assert fields(page)["units-1"] == "10"
    assert act(clerk, review, "decision").status_code == 303  # type: ignore[attr-defined]
    assert balance(session, of) == 20 * POINTS


def test_another_product_is_counted_in_its_own_packs_unless_the_clerk_says_more(
    app: App, session: Session, clerk: Browser, of: make.World
) -> None:
    with app.database.unit_of_work() as own:
        product_units.put(own, {of.socket.id: [("opak", Decimal(10))]})
        product_units.put(own, {of.board.id: [("opak", Decimal(4))]})
    review = review_of(app, of, "ROZDZ. BOX 24M P/T VX-B24")
    assert "× 4 = 8 szt." in clerk.get(f"/reviews/{review.id}").text
    other = {"product-1": "other", "other-1": "VX-N210"}
    assert drafted(clerk, review, **other)["units"] == {"1": "× 10 = 20 szt."}
    typed = drafted(clerk, review, **other, **{"units-1": "12"})
    assert typed["units"] == {"1": "× 12 = 24 szt."}
    assert act(clerk, review, "decision").status_code == 303  # type: ignore[attr-defined]
    assert balance(session, of) == 24 * POINTS


def test_programs_are_asked_for_the_units_and_may_say_them(
    app: App, web: FastAPI, session: Session, of: make.World
) -> None:
    review, erp = review_of(app, of), caller(app, web, of)
    seen = erp.get(f"/api/v1/reviews/{review.id}").json()
    assert seen["review_lines"][0]["units_per_quantity"] is None
    assert [doubt["about"] for doubt in seen["doubts"]] == ["units"]
    path, line = f"/api/v1/reviews/{review.id}/decision", {"position": 1, "verdict": "approve"}
    silent = erp.post(path, json={"lines": [line]})
    assert (silent.status_code, silent.json()["code"]) == (422, "units-unknown")
    assert balance(session, of) == 0
    said = erp.post(path, json={"lines": [line | {"units": 10}]})
    assert (said.status_code, said.json()["points"]) == (200, 20 * POINTS)
