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
