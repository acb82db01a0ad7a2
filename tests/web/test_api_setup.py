"""An operator's system founds programmes; a maker's keeps its team and rehearses its rules."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from uuid import UUID

import pytest
from fastapi import FastAPI
from sqlmodel import Session, select

from accounts import grants
from accounts.roles import Grant, Role, scope_of
from accounts.tables import RoleGrant
from core.runtime import App
from messages.tables import Notice
from programs import rule_drafts, segments
from programs.policy import Campaign
from programs.tables import Program
from tests import make
from tests.analytics import scene as scenes
from tests.analytics.test_rehearsals import attempt
from tests.conftest import NOON
from tests.make import World
from tests.web import callers
from tests.web.conftest import Browser, SignIn
from workers import rehearsals as work
from workers.runtime import Handler

PROGRAMS, TEAM = "/api/v1/programs", "/api/v1/team"
MAY = ("program:read", "program:write", "team:read", "team:write", "rules:read", "rules:write")


@pytest.fixture
def of(app: App) -> World:
    with app.database.unit_of_work() as session:
        return make.world(session)


def key(app: App, web: FastAPI, role: Role, program_id: UUID) -> Browser:
    with app.database.unit_of_work() as session:
        boss = make.person(session, name="Maria Ustawna").id
    return callers.key_of(app, web, boss, role, program_id, MAY)


@pytest.fixture
def erp(app: App, web: FastAPI, of: World) -> Browser:
    return key(app, web, Role.PROGRAM_MANAGER, of.program.id)


def programme(**changed: object) -> dict[str, object]:
    made = {
        "manufacturer": "Lumen S.A.",
        "nip": make.nip(),
        "name": "Klub Lumen",
        "starts_on": "2027-01-01",
        "ends_on": "2027-12-31",
        "claim_until": "2028-01-31",
        "redeem_until": "2028-06-30",
        "manager": "Olga Lumen",
        "email": "olga.lumen@lumen.example",
    }
    return {**made, **changed}


def test_an_operators_key_founds_a_programme_once_and_its_manager_is_invited(
    app: App, web: FastAPI, of: World
) -> None:
    operator, sent = key(app, web, Role.OPERATOR, of.program.id), programme()
    made = operator.post(PROGRAMS, json=sent, headers={"idempotency-key": "programme-1"})
    again = operator.post(PROGRAMS, json=sent, headers={"idempotency-key": "programme-1"})
    assert (made.status_code, again.json()) == (201, made.json()), made.text
    founded = UUID(made.json()["id"])
    with app.database.unit_of_work() as session:
        assert session.get_one(Program, founded).slug == "klub-lumen"
        [held] = session.exec(
            select(RoleGrant).where(RoleGrant.scope == scope_of("program", founded))
        ).all()
        assert held.role == Role.PROGRAM_MANAGER
        told = session.exec(select(Notice.kind).where(Notice.person_id == held.person_id)).all()
        assert "password-link" in told


@pytest.mark.parametrize(
    ("change", "field"),
    [({"ends_on": "2026-12-31"}, "ends_on"), ({"email": "olga"}, "email"), ({"nip": "1"}, "nip"),
     ({"manager": " "}, "manager")],
)  # fmt: skip
def test_a_wrong_programme_names_its_field_and_is_not_founded(
    app: App, web: FastAPI, of: World, change: dict[str, str], field: str
) -> None:
    operator = key(app, web, Role.OPERATOR, of.program.id)
    answer = operator.post(PROGRAMS, json=programme(**change))
    assert (answer.status_code, answer.json()["field"]) == (422, field), answer.text
    with app.database.unit_of_work() as session:
        assert session.exec(select(Program.id)).all() == [of.program.id]


def test_a_managers_key_lists_its_programmes_and_founds_none(
    app: App, of: World, erp: Browser
) -> None:
    with app.database.unit_of_work() as session:
        make.world(session)
    [mine] = erp.get(PROGRAMS).json()["items"]
    assert mine["id"] == str(of.program.id)
    assert erp.post(PROGRAMS, json=programme()).status_code == 404
    with app.database.unit_of_work() as session:
        assert session.exec(select(Program).where(Program.name == "Klub Lumen")).all() == []


def test_somebody_is_invited_gets_another_role_and_leaves(erp: Browser) -> None:
    [boss] = erp.get(TEAM).json()["items"]
    sent = {"name": "Ola Liczy", "email": "ola@voltex.example", "role": "analyst"}
    made = erp.post(TEAM, json=sent, headers={"idempotency-key": "invite-1"})
    again = erp.post(TEAM, json=sent, headers={"idempotency-key": "invite-1"})
    assert (made.status_code, again.json()) == (201, made.json()), made.text
    ola = made.json()
    assert (ola["invited"], [one["role"] for one in ola["roles"]]) == (True, ["analyst"])
    first = erp.get(TEAM, params={"limit": 1}).json()
    rest = erp.get(TEAM, params={"limit": 1, "cursor": first["next_cursor"]}).json()
    both = {one["person_id"] for one in (*first["items"], *rest["items"])}
    assert (both, rest["next_cursor"]) == ({boss["person_id"], ola["person_id"]}, None)
    role = f"{TEAM}/{ola['person_id']}/roles"
    changed = erp.put(f"{role}/analyst", json={"role": "support"}).json()
    assert [one["role"] for one in changed["roles"]] == ["support"]
    assert erp.put(f"{role}/analyst", json={"role": "auditor"}).status_code == 404
    assert erp.delete(f"{role}/support").status_code == 204
    assert [one["person_id"] for one in erp.get(TEAM).json()["items"]] == [boss["person_id"]]


def test_the_last_manager_stays(erp: Browser) -> None:
    [boss] = erp.get(TEAM).json()["items"]
    role = f"{TEAM}/{boss['person_id']}/roles/program_manager"
    for answer in (erp.put(role, json={"role": "analyst"}), erp.delete(role)):
        assert (answer.status_code, answer.json()["code"]) == (409, "last-one")
    assert erp.get(TEAM).json()["items"] == [boss]


def test_another_programmes_people_are_not_there(app: App, web: FastAPI, erp: Browser) -> None:
    with app.database.unit_of_work() as session:
        other = make.world(session)
        somebody = make.person(session, name="Obcy Analityk").id
        held = Grant(Role.ANALYST, scope_of("program", other.program.id))
        grants.grant(session, person_id=somebody, grant=held, by="test", at=NOON)
    role = f"{TEAM}/{somebody}/roles/analyst"
    assert erp.put(role, json={"role": "support"}).status_code == 404
    assert erp.delete(role).status_code == 404
    with app.database.unit_of_work() as session:
        found = session.exec(select(RoleGrant).where(RoleGrant.person_id == somebody)).one()
        assert found.ended_at is None


def draft_for(session: Session, of: scenes.Scene, *, only: str = "") -> UUID:
    """A draft that doubles the Nova points of next November, for everybody or one segment."""
    doubled = Campaign(
        clause="Listopad",
        starts_on=date(2027, 11, 1),
        ends_on=date(2027, 11, 30),
        factor=Decimal(2),
        segments=(only,) if only else (),
    )
    draft = rule_drafts.start(session, like=of.world.rules, author="person:a", at=NOON)
    rules = rule_drafts.rules_of(of.world.rules).model_copy(update={"campaigns": (doubled,)})
    rule_drafts.save(
        session, draft, rules=rules, valid_from=date(2026, 12, 1), note="", editor="person:a"
    )
    return draft.id


def test_a_rehearsal_is_asked_for_watched_and_read(app: App, web: FastAPI) -> None:
    with app.database.unit_of_work() as session:
        of = scenes.scene(session)
        for firm in of.firms:
            scenes.bought(session, of, firm, sockets=10)
        draft = draft_for(session, of)
    erp = key(app, web, Role.PROGRAM_MANAGER, of.world.program.id)
    path = f"/api/v1/rules/versions/{draft}/rehearsals"
    made = erp.post(path, headers={"idempotency-key": "rehearse-1"})
    assert (made.status_code, made.json()["status"], made.json()["result"]) == (
        202,
        "waiting",
        None,
    ), made.text
    attempt(app, Handler(work.rehearse))
    seen = erp.get(f"/api/v1/rules/rehearsals/{made.json()['id']}").json()
    assert (seen["status"], seen["done"], seen["total"]) == ("done", 6, 6)
    result = seen["result"]
    assert (result["withheld"], result["points_then"] - result["points"]) == ("", 900)
    assert (result["gaining"], result["losing"]) == (6, 0)
    # Four of six agreed to be named: beside the sum their points would tell those of the two.
    assert len(result["most_gaining"]) == 4
    assert {one["change"] for one in result["most_gaining"]} == {None}
    assert [one["id"] for one in erp.get(path).json()["items"]] == [seen["id"]]
    with app.database.unit_of_work() as session:
        other = make.world(session)
    foreign = key(app, web, Role.PROGRAM_MANAGER, other.program.id)
    assert foreign.get(f"/api/v1/rules/rehearsals/{seen['id']}").status_code == 404
    assert foreign.post(path).status_code == 404


def test_a_rehearsal_aimed_at_one_firm_tells_why_it_tells_no_sum(
    app: App, web: FastAPI, sign_in: SignIn
) -> None:
    with app.database.unit_of_work() as session:
        of = scenes.scene(session)
        for firm in of.firms:
            scenes.bought(session, of, firm, sockets=10)
        one = segments.create(
            session, program_id=of.world.program.id, name="Jedna", author="person:a", at=NOON
        )
        segments.add_members(session, one, nips=[of.firms[0].nip], author="person:a", at=NOON)
        draft = draft_for(session, of, only=one.key)
    erp = key(app, web, Role.PROGRAM_MANAGER, of.world.program.id)
    made = erp.post(f"/api/v1/rules/versions/{draft}/rehearsals").json()
    attempt(app, Handler(work.rehearse))
    result = erp.get(f"/api/v1/rules/rehearsals/{made['id']}").json()["result"]
    assert "Listopad" in result["withheld"]
    assert {
        result[name] for name in ("points_then", "cost_grosze", "budget_ends_on", "gaining")
    } == {None}
    assert {part["points_then"] for part in (*result["families"], *result["months"])} == {None}
    manager = sign_in(Role.PROGRAM_MANAGER, scope=scope_of("program", of.world.program.id))
    assert (
        "dotyczy albo pomija mniej niż pięć firm" in manager.get(f"/rehearsals/{made['id']}").text
    )
