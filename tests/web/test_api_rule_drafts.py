"""Rules are written over the API by one person and published by another."""

from __future__ import annotations

from datetime import timedelta
from typing import Any
from uuid import UUID

import pytest
from fastapi import FastAPI
from sqlmodel import col, select

from accounts.roles import Role
from core import clock
from core.runtime import App
from programs.rule_tables import RuleVersion
from tests import make
from tests.make import World
from tests.web import callers
from tests.web.conftest import Browser

VERSIONS = "/api/v1/rules/versions"
DAY = (clock.local_date(clock.now()) + timedelta(days=40)).isoformat()
NOVA = {"clause": "Nova", "points": "20", "products": {"families": ["Nova"]}}
NOVA |= {"kind": "per_unit"}
DOUBLE = {
    "clause": "Marzec z Box",
    "starts_on": "2027-03-01",
    "ends_on": "2027-03-31",
    "factor": "2",
    "products": {"skus": ["VX-B24"]},
}
PAIR = {"kind": "bundle", "clause": "Komplet", "points": 50}
PAIR |= {"parts": [{"products": {"families": ["Nova"]}}, {"products": {"families": ["Box"]}}]}
FIRST = {"kind": "first_purchase", "clause": "Pierwszy zakup", "points": 30}
GOOD: dict[str, Any] = {"base": [NOVA], "campaigns": [DOUBLE], "bonuses": [PAIR, FIRST]}


def draft(**changed: Any) -> dict[str, Any]:
    return {"rules": {**GOOD, **changed}, "valid_from": DAY, "note": "Wiosna"}


@pytest.fixture
def of(app: App) -> World:
    with app.database.unit_of_work() as session:
        return make.world(session)


def key(
    app: App,
    web: FastAPI,
    of: World,
    *,
    may: str = "rules:write",
    person_id: UUID | None = None,
) -> Browser:
    with app.database.unit_of_work() as session:
        boss = person_id or make.person(session, name="Maria Zasada").id
    permissions = ("rules:read", may)
    return callers.key_of(app, web, boss, Role.PROGRAM_MANAGER, of.program.id, permissions)


@pytest.fixture
def author(app: App, web: FastAPI, of: World) -> Browser:
    return key(app, web, of)


def stored(app: App, of: World) -> list[tuple[object, ...]]:
    with app.database.unit_of_work() as session:
        wanted = select(RuleVersion).where(RuleVersion.program_id == of.program.id)
        found = session.exec(wanted.order_by(col(RuleVersion.number))).all()
        return [(v.number, v.status, v.valid_from, v.note, str(v.rules)) for v in found]


def test_a_draft_is_written_replaced_and_published_by_a_second_person(
    app: App, web: FastAPI, of: World, author: Browser
) -> None:
    made = author.post(VERSIONS, json=draft(), headers={"idempotency-key": "rules-draft-1"})
    again = author.post(VERSIONS, json=draft(), headers={"idempotency-key": "rules-draft-1"})
    assert (made.status_code, again.json()) == (201, made.json()), made.text
    address = f"{VERSIONS}/{made.json()['id']}"
    assert made.json()["status"] == "draft"
    assert {"kind": "unpaid", "clause": "", "products": 1} in made.json()["findings"]
    everything = {"kind": "per_unit", "clause": "Reszta", "points": 1}
    replaced = author.put(address, json=draft(base=[NOVA, everything]))
    assert (replaced.status_code, replaced.json()["findings"][:1]) == (
        200,
        [{"kind": "overlaps", "clause": "Reszta", "products": 1}],
    )
    with app.database.unit_of_work() as session:
        writer = session.get_one(RuleVersion, UUID(made.json()["id"])).created_by
    # Another key of the same person is no second pair of eyes.
    twin = key(app, web, of, person_id=UUID(writer.removeprefix("person:")))
    for own in (author, twin):
        refused = own.post(f"{address}/publication")
        assert (refused.status_code, refused.json()["code"]) == (403, "own-rules")
    second = key(app, web, of)
    assert second.put(address, json=draft()).json()["code"] == "not-your-draft"
    assert second.delete(address).json()["code"] == "not-your-draft"
    done = second.post(f"{address}/publication")
    assert (done.status_code, done.json()["status"]) == (200, "published"), done.text
    assert author.put(address, json=draft()).json()["code"] == "not-a-draft"
    assert author.get(address).json() == {**replaced.json(), **done.json()}


@pytest.mark.parametrize(
    ("wrong", "field"),
    [
        ({"base": []}, "rules.base"),
        ({"base": [{**NOVA, "clause": " "}]}, "rules.base.0.clause"),
        ({"base": [{**NOVA, "points": "0.0000001"}]}, "rules.base.0.points"),
        ({"base": [NOVA, {**NOVA, "points": 1}]}, "rules.base.1.clause"),
        ({"campaigns": [{**DOUBLE, "ends_on": "2027-02-01"}]}, "rules.campaigns.0.ends_on"),
        (
            {"campaigns": [{**DOUBLE, "products": {"skus": ["NIE-MA"]}}]},
            "rules.campaigns.0.products.skus",
        ),
        ({"bonuses": [PAIR, {**FIRST, "clause": "x" * 81}]}, "rules.bonuses.1.clause"),
        ({"tier_factors": {"Złoty": 2}}, "rules.tier_factors"),
        (
            {"ladder": {"levels": [{"name": "A", "at_least": 9}, {"name": "B", "at_least": 5}]}},
            "rules.ladder.levels.1.at_least",
        ),
    ],
)
def test_wrong_rules_are_refused_by_place_and_not_kept(
    app: App, of: World, author: Browser, wrong: dict[str, Any], field: str
) -> None:
    before = stored(app, of)
    answer = author.post(VERSIONS, json=draft(**wrong))
    assert (answer.status_code, answer.json().get("field")) == (422, field), answer.text
    assert answer.json()["problem"]
    assert stored(app, of) == before


def test_shapes_prices_and_days_are_refused_like_on_the_page(
    app: App, web: FastAPI, of: World, author: Browser
) -> None:
    shape = author.post(VERSIONS, json=draft(base=[{**NOVA, "points": -1}])).json()
    assert shape["errors"][0]["field"] == "rules.base.0.per_unit.points"
    priced = {"kind": "per_value", "clause": "Za złote", "points": 1}
    assert author.post(VERSIONS, json=draft(base=[priced])).json()["code"] == "prices-not-shared"
    past = author.post(VERSIONS, json={**draft(), "valid_from": "2026-01-02"}).json()
    before = stored(app, of)
    second = key(app, web, of)
    early = second.post(f"{VERSIONS}/{past['id']}/publication")
    assert (early.status_code, early.json()["code"]) == (422, "rules-start-too-early")
    assert stored(app, of) == before
    assert author.delete(f"{VERSIONS}/{past['id']}").status_code == 204
    assert author.get(f"{VERSIONS}/{past['id']}").status_code == 404


def test_another_programmes_draft_is_absent_and_a_reader_writes_nothing(
    app: App, web: FastAPI, of: World, author: Browser
) -> None:
    address = f"{VERSIONS}/{author.post(VERSIONS, json=draft()).json()['id']}"
    before = stored(app, of)
    with app.database.unit_of_work() as session:
        other = make.world(session)
    for who, status in ((key(app, web, other), 404), (key(app, web, of, may="rules:read"), 403)):
        assert who.put(address, json=draft()).status_code == status
        assert who.delete(address).status_code == status
        assert who.post(f"{address}/publication").status_code == status
    assert stored(app, of) == before
