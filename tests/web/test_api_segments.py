"""Segments over the API: made once, lists by consent, sizes that give nobody away."""

from __future__ import annotations

from typing import Any

import pytest
from fastapi import FastAPI
from sqlmodel import select

from accounts.roles import Role
from core.runtime import App
from programs.segment_tables import Segment, SegmentMember
from programs.tables import Participant
from tests import make
from tests.analytics import scene as scenes
from tests.analytics.scene import Scene
from tests.make import World
from tests.web import callers
from tests.web.conftest import Browser

SEGMENTS = "/api/v1/segments"
MAY = ("segments:read", "segments:write")


@pytest.fixture
def found(app: App) -> Scene:
    with app.database.unit_of_work() as session:
        return scenes.scene(session)


def key(app: App, web: FastAPI, of: World, may: tuple[str, ...] = MAY) -> Browser:
    with app.database.unit_of_work() as session:
        boss = make.person(session, name="Maria Segment").id
    return callers.key_of(app, web, boss, Role.PROGRAM_MANAGER, of.program.id, may)


@pytest.fixture
def erp(app: App, web: FastAPI, found: Scene) -> Browser:
    return key(app, web, found.world)


def test_a_list_is_made_once_and_takes_only_firms_that_agreed(
    app: App, found: Scene, erp: Browser
) -> None:
    sent = {"name": "Wybrani"}
    made = erp.post(SEGMENTS, json=sent, headers={"idempotency-key": "segment-1"})
    again = erp.post(SEGMENTS, json=sent, headers={"idempotency-key": "segment-1"})
    assert (made.status_code, again.json()) == (201, made.json()), made.text
    assert erp.post(SEGMENTS, json=sent).json()["code"] == "segment-name-taken"
    address = f"{SEGMENTS}/{made.json()['id']}"
    agreed, silent = found.firms[0], found.firms[-1]
    numbers = [agreed.nip, silent.nip, "1234567890"]
    added = erp.post(f"{address}/members", json={"nips": numbers}).json()
    # The one who takes part without consent is named together with the stranger.
    assert added["left_out"] == [silent.nip, "1234567890"]
    [listed] = erp.get(address).json()["members"]
    assert (listed["firm"], listed["participant_id"]) == (agreed.company_name, str(agreed.id))
    assert erp.delete(f"{address}/members/{agreed.id}").status_code == 204
    assert erp.get(address).json()["members"] == []
    assert erp.post(f"{address}/archival").json()["archived"] is True
    assert erp.get(SEGMENTS).json() == []


def test_a_segment_by_attributes_says_its_size_as_coarsely_as_the_page(
    app: App, found: Scene, erp: Browser
) -> None:
    with app.database.unit_of_work() as session:
        people = session.exec(
            select(Participant).where(Participant.program_id == found.world.program.id)
        ).all()
        firms = sorted({one.nip for one in people})
        for one in people:
            one.voivodeship = "02" if one.nip == firms[0] else "30"
            session.add(one)
    assert len(firms) >= 6, "one firm apart from five or more"
    said = {}
    for name, places in (("Zachód", ["30"]), ("Wszyscy", ["30", "02"]), ("Reszta", ["02"])):
        facts = {"name": name, "conditions": {"voivodeships": places}}
        made = erp.post(SEGMENTS, json=facts).json()
        assert (made["kind"], made["members"]) == ("conditions", [])
        said[name] = made["firms_at_least"]
    assert said["Reszta"] is None
    # One firm less than everybody is not told from everybody.
    assert said["Zachód"] == 5
    assert {one["name"]: one["firms_at_least"] for one in erp.get(SEGMENTS).json()} == said


@pytest.mark.parametrize(
    ("wrong", "field"),
    [
        ({"name": " "}, "name"),
        ({"name": "Wszyscy", "conditions": {}}, "conditions"),
        ({"name": "Nigdzie", "conditions": {"voivodeships": ["99"]}}, "voivodeships"),
        ({"name": "Duże", "conditions": {"firm_from": 5, "firm_to": 2}}, "firm_to"),
        ({"name": "Duże", "conditions": {"firm_from": 0}}, "conditions.firm_from"),
    ],
)
def test_a_wrong_segment_names_its_field_and_is_not_made(
    app: App, erp: Browser, wrong: dict[str, Any], field: str
) -> None:
    answer = erp.post(SEGMENTS, json=wrong)
    said = answer.json()
    assert answer.status_code == 422
    assert said.get("field") == field or said["errors"][0]["field"] == field, answer.text
    with app.database.unit_of_work() as session:
        assert session.exec(select(Segment)).all() == []


def test_another_programmes_segment_is_absent_and_a_reader_changes_none(
    app: App, web: FastAPI, found: Scene, erp: Browser
) -> None:
    address = f"{SEGMENTS}/{erp.post(SEGMENTS, json={'name': 'Nasi'}).json()['id']}"
    nips = {"nips": [found.firms[0].nip]}
    with app.database.unit_of_work() as session:
        other = make.world(session)
    foreign = key(app, web, other)
    assert foreign.get(address).status_code == 404
    reader = key(app, web, found.world, MAY[:1])
    for who, status in ((foreign, 404), (reader, 403)):
        assert who.post(f"{address}/members", json=nips).status_code == status
        assert who.post(f"{address}/archival").status_code == status
    assert reader.post(SEGMENTS, json={"name": "Inni"}).status_code == 403
    with app.database.unit_of_work() as session:
        assert session.exec(select(SegmentMember)).all() == []
    assert [one["name"] for one in erp.get(SEGMENTS).json()] == ["Nasi"]
