"""A maker's own system sets its programme up: days, settings, wholesalers."""

from __future__ import annotations

from typing import Any

import pytest
from fastapi import FastAPI
from sqlmodel import select

from accounts.roles import Role
from core.audit import AuditEntry
from core.runtime import App
from tests import make
from tests.make import World
from tests.web import callers
from tests.web.conftest import Browser

PROGRAM = "/api/v1/program"
MAY = ("program:read", "program:write", "partners:read", "partners:write")


@pytest.fixture
def of(app: App) -> World:
    with app.database.unit_of_work() as session:
        return make.world(session)


def key(app: App, web: FastAPI, of: World, may: tuple[str, ...] = MAY) -> Browser:
    with app.database.unit_of_work() as session:
        boss = make.person(session, name="Maria Ustawna").id
    return callers.key_of(app, web, boss, Role.PROGRAM_MANAGER, of.program.id, may)


@pytest.fixture
def erp(app: App, web: FastAPI, of: World) -> Browser:
    return key(app, web, of)


def test_a_day_and_a_setting_change_and_the_rest_stays(app: App, erp: Browser) -> None:
    before = erp.get(PROGRAM).json()
    change = {"redeem_until": "2028-07-31", "settings": {"claim_window_days": 45}}
    answer = erp.patch(PROGRAM, json=change)
    assert answer.status_code == 200, answer.text
    settings = {**before["settings"], "claim_window_days": 45}
    assert answer.json() == {**before, "redeem_until": "2028-07-31", "settings": settings}
    assert erp.get(PROGRAM).json() == answer.json()
    with app.database.unit_of_work() as session:
        subject = f"program:{before['id']}"
        [trace] = session.exec(select(AuditEntry).where(AuditEntry.subject == subject)).all()
    assert trace.facts == {
        "claim_window_days": "60 → 45",
        "redeem_until": "2028-06-30 → 2028-07-31",
    }


@pytest.mark.parametrize(
    ("change", "code", "field"),
    [
        ({"claim_until": "2029-01-01"}, "period-invalid", "redeem_until"),
        ({"name": " "}, "invalid", "name"),
        ({"settings": {"claim_window_days": 0}}, "setting-out-of-bounds", "claim_window_days"),
        ({"settings": {"error_ceiling": "much"}}, "setting-out-of-bounds", "error_ceiling"),
        ({"settings": {"on_silence": "pay"}}, "setting-out-of-bounds", "on_silence"),
        ({"settings": {"claim_days": 3}}, "invalid", "claim_days"),
    ],
)
def test_a_wrong_change_names_its_field_and_changes_nothing(
    erp: Browser, change: dict[str, Any], code: str, field: str
) -> None:
    before = erp.get(PROGRAM).json()
    answer = erp.patch(PROGRAM, json={"ends_on": "2028-01-02", **change})
    assert (answer.status_code, answer.json()["code"]) == (422, code), answer.text
    assert answer.json()["field"] == field
    assert erp.get(PROGRAM).json() == before


def test_a_key_reads_and_changes_its_own_programme_only(
    app: App, web: FastAPI, of: World, erp: Browser
) -> None:
    with app.database.unit_of_work() as session:
        other = make.world(session)
    foreign = key(app, web, other)
    assert foreign.get(PROGRAM).json()["id"] == str(other.program.id)
    asked = {"program": str(of.program.id)}
    assert foreign.get(PROGRAM, params=asked).status_code == 404
    assert foreign.patch(PROGRAM, params=asked, json={"name": "Obcy"}).status_code == 404
    reader = key(app, web, of, ("program:read", "partners:read"))
    assert reader.patch(PROGRAM, json={"name": "Obcy"}).status_code == 403
    assert erp.get(PROGRAM).json()["name"] == "Klub Elektryka"


PARTNERS = "/api/v1/partners"
BRANCH = {
    "name": "Kabel Gdynia",
    "street": "ul. Morska 4",
    "postcode": "81-323",
    "city": "Gdynia",
    "voivodeship": "22",
}


def newcomer(**changed: object) -> dict[str, Any]:
    made = {"nip": make.nip(), "name": "Kabel sp. z o.o.", "short_name": "Kabel", "branch": BRANCH}
    return {**made, "manager": "Ewa Kabel", "email": "ewa.kabel@kabel.example", **changed}


def test_a_wholesaler_is_admitted_once_dismissed_and_admitted_again(
    of: World, erp: Browser
) -> None:
    sent = newcomer()
    made = erp.post(PARTNERS, json=sent, headers={"idempotency-key": "partner-1"})
    again = erp.post(PARTNERS, json=sent, headers={"idempotency-key": "partner-1"})
    assert (made.status_code, again.json()) == (201, made.json()), made.text
    assert [place["city"] for place in made.json()["branches"]] == ["Gdynia"]
    assert erp.post(PARTNERS, json=sent).json()["code"] == "already-in-program"
    known = erp.get(PARTNERS).json()
    assert [one["short_name"] for one in known] == ["Elmet", "Kabel"]
    ending = f"{PARTNERS}/{made.json()['id']}/dismissal"
    assert erp.post(ending).json()["left_at"] is not None
    assert erp.post(ending).status_code == 404
    back = erp.post(PARTNERS, json={"nip": sent["nip"]})
    assert (back.status_code, back.json()["left_at"]) == (201, None), back.text
    assert back.json()["branches"] == made.json()["branches"]


@pytest.mark.parametrize(
    ("wrong", "field"),
    [
        ({"nip": "1234567890"}, "nip"),
        ({"name": ""}, "name"),
        ({"branch": None}, "branch.name"),
        ({"branch": {**BRANCH, "voivodeship": "99"}}, "branch.voivodeship"),
        ({"email": "ewa"}, "email"),
        ({"manager": ""}, "manager"),
    ],
)
def test_a_wrong_wholesaler_is_not_admitted(
    erp: Browser, wrong: dict[str, Any], field: str
) -> None:
    before = erp.get(PARTNERS).json()
    answer = erp.post(PARTNERS, json=newcomer(**wrong))
    assert (answer.status_code, answer.json()["field"]) == (422, field), answer.text
    assert erp.get(PARTNERS).json() == before


def test_another_programmes_wholesaler_is_absent(
    app: App, web: FastAPI, of: World, erp: Browser
) -> None:
    with app.database.unit_of_work() as session:
        other = make.world(session)
    foreign = key(app, web, other)
    ending = f"{PARTNERS}/{of.partner.id}/dismissal"
    assert foreign.post(ending).status_code == 404
    assert str(of.partner.id) not in foreign.get(PARTNERS).text
    reader = key(app, web, of, ("program:read", "partners:read"))
    assert reader.post(ending).status_code == 403
    assert erp.get(PARTNERS).json()[0]["left_at"] is None
