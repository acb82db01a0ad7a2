"""The warehouse over the API: one parcel from the queue to the proof, in the programme's own."""

from __future__ import annotations

from uuid import UUID, uuid4

import pytest
from fastapi import FastAPI
from sqlmodel import select

from accounts.roles import Role
from core.runtime import App
from logistics.shipment_tables import Shipment
from logistics.tables import Lot
from points import addresses, ledger
from rewards.states import RedemptionStatus
from rewards.tables import Redemption
from tests import make
from tests.web import callers
from tests.web.conftest import Browser

ORDERS = "/api/v1/warehouse/orders"


@pytest.fixture
def of(app: App) -> make.World:
    with app.database.unit_of_work() as session:
        return make.world(session)


@pytest.fixture
def caller(app: App, web: FastAPI, of: make.World) -> Browser:
    return callers.warehouse(app, web, of)


@pytest.fixture
def placed(app: App, of: make.World) -> UUID:
    """An order of one drill, waiting to be packed."""
    with app.database.unit_of_work() as session:
        make.give_points(session, of, 2000)
        return make.place(session, of, make.stocked_reward(session, of)).id


def lot_of(app: App, order_id: UUID) -> str:
    with app.database.unit_of_work() as session:
        return session.exec(select(Lot.number).where(Lot.reserved > 0)).one()


def status_of(app: App, order_id: UUID) -> RedemptionStatus:
    with app.database.unit_of_work() as session:
        return session.get_one(Redemption, order_id).status


def spent(app: App, of: make.World) -> int:
    with app.database.unit_of_work() as session:
        return ledger.balance(session, addresses.spent(of.program.id))


def test_a_parcel_goes_from_the_queue_to_the_proof(
    app: App, caller: Browser, of: make.World, placed: UUID
) -> None:
    [queued] = caller.get(ORDERS).json()["items"]
    assert (queued["id"], queued["status"], queued["title"]) == (
        str(placed),
        "allocated",
        "Wkrętarka 18 V",
    )
    path = f"{ORDERS}/{placed}"
    started = [
        caller.post(f"{path}/packing", headers={"idempotency-key": "key-0001"}) for _ in range(2)
    ]
    assert {(a.status_code, a.text) for a in started} == {(200, started[0].text)}
    packing = started[0].json()
    [pick] = packing["picks"]
    assert (packing["step"], pick["quantity"], pick["picked"]) == (2, 1, False)
    assert packing["address"][0] == "Marek Wrona"
    scanned = caller.post(f"{path}/scans", json={"lot": pick["lot"]}).json()
    assert (scanned["step"], scanned["picks"][0]["picked"]) == (3, True)
    labelled = caller.post(f"{path}/label", json={"carrier_number": "PL123"}).json()
    assert (labelled["step"], labelled["parcel"]["carrier_number"]) == (4, "PL123")
    slip = caller.get(f"{path}/slip.pdf")
    assert slip.headers["content-type"] == "application/pdf"
    assert slip.content.startswith(b"%PDF")
    assert spent(app, of) == 0
    sent = [
        caller.post(f"{path}/hand-over", headers={"idempotency-key": "key-0002"}) for _ in range(2)
    ]
    assert {(a.status_code, a.text) for a in sent} == {(200, sent[0].text)}
    assert (sent[0].json()["step"], spent(app, of)) == (5, 500)
    assert caller.get(ORDERS).json()["items"] == []
    assert len(caller.get(f"{ORDERS}?queue=sent").json()["items"]) == 1
    told = caller.post(
        f"{path}/events", json={"status": "delivered", "code": "DOR", "place": "Września"}
    ).json()
    assert (told["order"]["status"], told["parcel"]["status"]) == ("delivered", "delivered")
    assert told["events"][-1]["place"] == "Września"


def test_what_the_table_does_not_allow_is_refused_and_changes_nothing(
    app: App, caller: Browser, of: make.World, placed: UUID
) -> None:
    path = f"{ORDERS}/{placed}"
    absent = caller.post(f"{path}/events", json={"status": "delivered"})
    assert (absent.status_code, absent.json()["code"]) == (404, "shipment-not-found")
    assert caller.get(f"{path}/slip.pdf").status_code == 404
    caller.post(f"{path}/packing")
    for step, body, status, code in (
        ("scans", {"lot": "L-nobody"}, 409, "wrong-lot"),
        ("scans", {"lot": ""}, 422, "invalid"),
        ("scans", {"lot": "x" * 121}, 422, "invalid"),
        ("label", {"carrier_number": "PL123"}, 409, "not-all-picked"),
        ("label", {"carrier_number": ""}, 422, "invalid"),
        ("label", {"number": "PL123"}, 422, "invalid"),
        ("events", {"status": "returned"}, 422, "invalid"),
        ("events", {"status": "nonsense"}, 422, "invalid"),
        ("hand-over", None, 409, "illegal-transition"),
    ):
        answer = caller.post(f"{path}/{step}", json=body)
        assert (answer.status_code, answer.json()["code"]) == (status, code), (step, answer.text)
        assert answer.headers["content-type"] == "application/problem+json"
    shown = caller.get(path).json()
    assert (shown["step"], shown["picks"][0]["picked"]) == (2, False)
    assert (status_of(app, placed), spent(app, of)) == (RedemptionStatus.IN_FULFILMENT, 0)
    assert caller.get(f"{ORDERS}?queue=all").status_code == 422


def test_the_queue_comes_in_pieces_oldest_first(app: App, caller: Browser, of: make.World) -> None:
    with app.database.unit_of_work() as session:
        make.give_points(session, of, 2000)
        reward = make.stocked_reward(session, of)
        ids = [str(make.place(session, of, reward).id) for _ in range(3)]
    first = caller.get(f"{ORDERS}?limit=2").json()
    second = caller.get(ORDERS, params={"limit": 2, "cursor": first["next_cursor"]}).json()
    assert [o["id"] for o in [*first["items"], *second["items"]]] == sorted(ids)
    assert second["next_cursor"] is None


def test_another_programmes_warehouse_finds_no_such_order(
    app: App, web: FastAPI, placed: UUID
) -> None:
    with app.database.unit_of_work() as session:
        second = make.world(session)
    other = callers.warehouse(app, web, second)
    assert other.get(ORDERS).json()["items"] == []
    for method, step, body in (
        ("GET", "", None),
        ("GET", "/slip.pdf", None),
        ("POST", "/packing", None),
        ("POST", "/scans", {"lot": lot_of(app, placed)}),
        ("POST", "/label", {"carrier_number": "PL1"}),
        ("POST", "/hand-over", None),
        ("POST", "/events", {"status": "delivered"}),
    ):
        foreign = other.request(method, f"{ORDERS}/{placed}{step}", json=body)
        missing = other.request(method, f"{ORDERS}/{uuid4()}{step}", json=body)
        assert foreign.status_code == missing.status_code == 404, step
        assert foreign.json()["code"] == missing.json()["code"] == "redemption-not-found"
    assert status_of(app, placed) is RedemptionStatus.ALLOCATED
    with app.database.unit_of_work() as session:
        assert session.exec(select(Shipment)).all() == []


def test_a_participant_and_a_key_without_permission_stay_outside(
    app: App, web: FastAPI, of: make.World, placed: UUID
) -> None:
    assert callers.participant(app, web, of).get(ORDERS).status_code == 404
    with app.database.unit_of_work() as session:
        person = make.person(session)
    reader = callers.key_of(app, web, person.id, Role.LOGISTICS, of.program.id, ["warehouse:read"])
    assert reader.get(ORDERS).status_code == 200
    refused = reader.post(f"{ORDERS}/{placed}/packing")
    assert (refused.status_code, refused.json()["permission"]) == (403, "warehouse:write")
    assert status_of(app, placed) is RedemptionStatus.ALLOCATED
