"""The manufacturer says which of a wholesaler's branches take part, on pages and over the API."""

from __future__ import annotations

from datetime import timedelta

import pytest
from fastapi import FastAPI
from sqlmodel import Session, select

from accounts.roles import Role, scope_of
from core import clock
from core.clock import local_date
from core.formats import Formats
from core.runtime import App
from partners.tables import Branch
from programs.place_tables import ProgramBranch
from tests import make
from tests.conftest import NOON
from tests.make import World
from tests.programs.test_branches import second
from tests.web import callers
from tests.web.conftest import Browser, SignIn
from verification import closing

TODAY = local_date(clock.now())


@pytest.fixture
def of(app: App) -> World:
    with app.database.unit_of_work() as session:
        return make.world(session)


@pytest.fixture
def other(app: App, of: World) -> Branch:
    with app.database.unit_of_work() as session:
        return second(session, of)


@pytest.fixture
def manager(of: World, sign_in: SignIn) -> Browser:
    return sign_in(Role.PROGRAM_MANAGER, scope=scope_of("program", of.program.id))


def home(of: World) -> str:
    return f"/programs/{of.program.id}/wholesalers/{of.partner.id}/branches"


def listed(session: Session, of: World) -> list[tuple[str, bool]]:
    """Branch and whether its stretch is open, as the list has them."""
    rows = session.exec(
        select(Branch.name, ProgramBranch.left_on)
        .join(ProgramBranch, ProgramBranch.branch_id == Branch.id)  # type: ignore[arg-type]
        .where(ProgramBranch.program_id == of.program.id)
        .order_by(ProgramBranch.created_at)  # type: ignore[arg-type]
    )
    return [(name, left is None) for name, left in rows]


def test_a_manager_chooses_branches_ends_one_and_brings_it_back(
    app: App, of: World, other: Branch, manager: Browser
) -> None:
    assert "Biorą udział wszystkie oddziały" in manager.get(home(of)).text
    both = {"branches": [str(of.branch.id), str(other.id)], "since": str(TODAY), "reason": "umowa"}
    assert manager.form(home(of), {**both, "idempotency_key": "choose-list"}).status_code == 303
    ending = f"{home(of)}/{other.id}/end"
    assert "Elmet Kraków" in manager.get(ending).text
    late = {"since": str(TODAY - timedelta(days=1)), "idempotency_key": "end-too-late"}
    refused = manager.form(ending, late)
    assert (refused.status_code, 'href="#since"' in refused.text) == (422, True)
    sent = {"since": str(TODAY), "reason": "koniec umowy", "idempotency_key": "end-branch-1"}
    assert manager.form(ending, sent).status_code == 303
    shown = manager.get(home(of)).text
    assert "koniec umowy" in shown
    with app.database.unit_of_work() as session:
        assert listed(session, of) == [("Elmet Poznań", True), ("Elmet Kraków", False)]
    back = {"since": str(TODAY), "idempotency_key": "bring-back-1"}
    assert manager.form(f"{home(of)}/{other.id}/enrolment", back).status_code == 303
    with app.database.unit_of_work() as session:
        assert listed(session, of)[2:] == [("Elmet Kraków", True)]
    everyone = {"since": str(TODAY), "idempotency_key": "take-them-all"}
    assert manager.form(f"{home(of)}/all", everyone).status_code == 303
    assert "Biorą udział wszystkie oddziały" in manager.get(home(of)).text


def test_a_closed_branch_stays_in_sight_of_the_manufacturer(
    app: App, of: World, other: Branch, manager: Browser
) -> None:
    assert "Zamknięte oddziały" not in manager.get(home(of)).text
    with app.database.unit_of_work() as session:
        closing.close_branch(
            session, partner_id=of.partner.id, branch_id=other.id, successor_id=of.branch.id,
            by=of.clerk.person_id, at=NOON,
        )  # fmt: skip
    shown = manager.get(home(of)).text
    after = shown[shown.index("Zamknięte oddziały") :]
    assert other.name in after
    assert f"zamknięty {Formats('pl').short_date(NOON)}" in after


def test_a_list_without_branches_is_refused_at_its_place(
    app: App, of: World, manager: Browser
) -> None:
    answer = manager.form(home(of), {"since": str(TODAY), "idempotency_key": "choose-none"})
    assert (answer.status_code, 'href="#branches"' in answer.text) == (422, True)
    with app.database.unit_of_work() as session:
        assert listed(session, of) == []


def test_the_rules_say_where_to_buy_and_the_posters_follow(
    app: App, of: World, other: Branch, manager: Browser, sign_in: SignIn
) -> None:
    terms = f"/terms/{of.program.slug}"
    assert "ul. Wielicka 30" in manager.get(terms).text
    chosen = {"branches": [str(of.branch.id)], "since": str(TODAY), "idempotency_key": "just-one"}
    assert manager.form(home(of), chosen).status_code == 303
    shown = manager.get(terms).text
    assert ("ul. Obornicka 12" in shown, "ul. Wielicka 30" in shown) == (True, False)


@pytest.fixture
def erp(app: App, web: FastAPI, of: World) -> Browser:
    with app.database.unit_of_work() as session:
        boss = make.person(session, name="Maria Ustawna").id
    may = ("partners:read", "partners:write")
    return callers.key_of(app, web, boss, Role.PROGRAM_MANAGER, of.program.id, may)


def test_a_makers_system_keeps_the_list(
    app: App, web: FastAPI, of: World, other: Branch, erp: Browser
) -> None:
    base = f"/api/v1/partners/{of.partner.id}/branches"
    assert erp.get(base).json()["scope"] == "all"
    day = {"since": str(TODAY), "reason": "umowa"}
    choice = {**day, "branch_ids": [str(of.branch.id)]}
    made = erp.post(f"{base}/choice", json=choice, headers={"idempotency-key": "choice-1"})
    again = erp.post(f"{base}/choice", json=choice, headers={"idempotency-key": "choice-1"})
    assert (made.status_code, again.json()) == (200, made.json()), made.text
    assert {one["branch"]["name"]: one["counts"] for one in made.json()["branches"]} == {
        "Elmet Kraków": False,
        "Elmet Poznań": True,
    }
    assert erp.post(f"{base}/choice", json=choice).json()["code"] == "branch-takes-part"
    added = erp.post(f"{base}/{other.id}/enrolment", json=day).json()
    assert [one["counts"] for one in added["branches"]] == [True, True]
    early = {"since": str(TODAY - timedelta(days=1))}
    late = erp.post(f"{base}/{other.id}/end", json=early)
    assert (late.status_code, late.json()["code"]) == (422, "day-passed")
    ended = erp.post(f"{base}/{other.id}/end", json=day).json()
    assert ended["branches"][0]["until"] == str(TODAY)
    assert erp.post(f"{base}/{other.id}/end", json=day).json()["code"] == "branch-takes-no-part"
    assert erp.post(f"{base}/all", json=day).json()["scope"] == "all"
    assert erp.post(f"{base}/all", json=day).json()["code"] == "all-branches-take-part"


def test_another_programmes_key_sees_and_changes_no_list(app: App, web: FastAPI, of: World) -> None:
    with app.database.unit_of_work() as session:
        stranger = make.world(session)
        boss = make.person(session, name="Obcy Szef").id
    may = ("partners:read", "partners:write")
    foreign = callers.key_of(app, web, boss, Role.PROGRAM_MANAGER, stranger.program.id, may)
    base = f"/api/v1/partners/{of.partner.id}/branches"
    assert foreign.get(base).status_code == 404
    choice = {"since": str(TODAY), "branch_ids": [str(of.branch.id)]}
    assert foreign.post(f"{base}/choice", json=choice).status_code == 404
    with app.database.unit_of_work() as session:
        assert listed(session, of) == []
