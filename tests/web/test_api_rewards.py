"""Points, rewards and orders over the API: reserved once, followed, given back."""

from __future__ import annotations

from datetime import timedelta
from typing import Any
from uuid import UUID, uuid4

import pytest
from fastapi import FastAPI
from sqlmodel import Session, select

from claims import queries
from claims.states import Verdict
from core import clock
from core.runtime import App
from logistics.shipment_tables import Carrier, DeliveryProof, ProofStatus
from logistics.tables import Lot
from points import addresses, ledger
from rewards import fulfilment
from rewards.states import RedemptionStatus
from rewards.tables import Redemption, Reward
from tests import make
from tests.conftest import NOON
from tests.web import callers
from tests.web.conftest import Browser
from verification import decisions
from verification.judging import LineVerdict
from web.app import build


@pytest.fixture
def of(app: App) -> make.World:
    with app.database.unit_of_work() as session:
        return make.world(session)


@pytest.fixture
def caller(app: App, web: FastAPI, of: make.World) -> Browser:
    return callers.participant(app, web, of)


@pytest.fixture
def reward(app: App, of: make.World) -> Reward:
    with app.database.unit_of_work() as session:
        return published(session, of)


@pytest.fixture
def carrier(app: App) -> Carrier:
    with app.database.unit_of_work() as session:
        return make.carrier(session)


def published(session: Session, of: make.World, *, units: int = 5, price: int = 500) -> Reward:
    """A reward that is in the catalogue both at noon and now."""
    made = make.stocked_reward(session, of, units=units, price=price)
    made.published_at = min(clock.now(), NOON) - timedelta(days=1)
    session.add(made)
    return made


def wish(reward: Reward, carrier: Carrier, **facts: object) -> dict[str, Any]:
    return {
        "lines": [{"reward_id": str(reward.id), "quantity": 2, "shown_points": 500}],
        "recipient": {
            "name": "Marek Wrona",
            "street": "ul. Polna 4",
            "postcode": "62-300",
            "city": "Września",
            "phone": "+48 600 100 200",
        },
        "carrier_id": str(carrier.id),
        **facts,
    }


def order(caller: Browser, body: dict[str, Any], key: str = "key-0001") -> Any:
    return caller.post("/api/v1/orders", json=body, headers={"idempotency-key": key})


def give(app: App, of: make.World, points: int) -> None:
    with app.database.unit_of_work() as session:
        make.give_points(session, of, points)


def kept(app: App, of: make.World, reward: Reward) -> tuple[int, int, int]:
    """Spendable points, reserved units, orders."""
    with app.database.unit_of_work() as session:
        lot = session.exec(select(Lot).where(Lot.item_id == reward.item_id)).one()
        session.refresh(lot)
        return (
            ledger.balance(session, addresses.active(of.participant.id)),
            lot.reserved,
            len(session.exec(select(Redemption)).all()),
        )


def test_the_balance_says_what_waits_and_what_expires(
    app: App, caller: Browser, of: make.World
) -> None:
    assert caller.get("/api/v1/points").json() == {
        "balance": 0,
        "pending": 0,
        "debt": 0,
        "next_expiry": None,
    }
    give(app, of, 1200)
    with app.database.unit_of_work() as session:
        make.awaiting(session, of)
    assert caller.get("/api/v1/points").json() == {
        "balance": 1200,
        "pending": 1380,
        "debt": 0,
        "next_expiry": {"on": "2027-11-20", "points": 1200},
    }


def test_every_operation_names_where_it_came_from(
    app: App, caller: Browser, of: make.World, reward: Reward, carrier: Carrier
) -> None:
    give(app, of, 700)
    with app.database.unit_of_work() as session:
        review = make.awaiting(session, of)
        claim_id = review.claim_id
        decisions.decide(
            session,
            review=review,
            clerk=of.clerk,
            verdicts=approvals(session, claim_id),
            at=NOON,
        )
    made = order(caller, wish(reward, carrier)).json()
    seen: list[dict[str, Any]] = []
    cursor = ""
    for _ in range(5):
        piece = caller.get("/api/v1/points/entries", params={"limit": 1, "cursor": cursor}).json()
        seen += piece["items"]
        cursor = piece["next_cursor"]
        if cursor is None:
            break
    assert [(e["kind"], e["points"], e["balance"]) for e in seen] == [
        ("hold", -1000, 1080),
        ("award", 480, 2080),
        ("award", 900, 1600),
        ("award", 700, 700),
    ]
    assert seen[0]["source_href"] == f"/api/v1/orders/{made['id']}"
    assert seen[1]["source_href"] == f"/api/v1/claims/{claim_id}"
    assert caller.get(seen[1]["source_href"]).json()["number"] == seen[1]["source"]
    assert seen[2]["source_href"] == seen[1]["source_href"]
    assert seen[3]["source_href"] is None


def approvals(session: Session, claim_id: UUID) -> list[Any]:
    return [
        LineVerdict(line.id, Verdict.APPROVE)
        for line in queries.list_lines(session, claim_id)
        if line.product_id is not None
    ]


@pytest.mark.parametrize("cursor", ["x", "-1", "9" * 30, "1.5"])
def test_a_cursor_that_is_none_of_ours_is_refused(caller: Browser, cursor: str) -> None:
    answer = caller.get("/api/v1/points/entries", params={"cursor": cursor})
    assert (answer.status_code, answer.json()["code"]) == (422, "invalid")


def test_the_catalogue_says_what_is_missing_and_how_it_comes(
    app: App, caller: Browser, of: make.World, carrier: Carrier
) -> None:
    give(app, of, 600)
    with app.database.unit_of_work() as session:
        near = published(session, of, price=500, units=5)
        far = published(session, of, price=900, units=1)
        hidden = make.stocked_reward(session, of)
        hidden.published_at = None
        foreign = published(session, make.world(session))
    first = caller.get("/api/v1/rewards?limit=1").json()
    second = caller.get(
        "/api/v1/rewards", params={"limit": 1, "cursor": first["next_cursor"]}
    ).json()
    found = [*first["items"], *second["items"]]
    assert [(r["id"], r["points"], r["available"], r["missing"]) for r in found] == [
        (str(near.id), 500, 5, 0),
        (str(far.id), 900, 1, 300),
    ]
    assert second["next_cursor"] is None
    shown = caller.get(f"/api/v1/rewards/{near.id}").json()
    assert str(carrier.id) in [c["id"] for c in shown["carriers"]]
    assert shown["promised_on"] > clock.local_date(clock.now()).isoformat()
    for absent in (hidden.id, foreign.id, uuid4()):
        answer = caller.get(f"/api/v1/rewards/{absent}")
        assert (answer.status_code, answer.json()["code"]) == (404, "reward-not-found")


def test_an_order_sent_twice_is_one_order(
    app: App, caller: Browser, of: make.World, reward: Reward, carrier: Carrier
) -> None:
    give(app, of, 1200)
    answers = [order(caller, wish(reward, carrier)) for _ in range(3)]
    assert {(a.status_code, a.text, a.headers["location"]) for a in answers} == {
        (201, answers[0].text, answers[0].headers["location"])
    }
    made = answers[0].json()
    assert answers[0].headers["location"] == f"/api/v1/orders/{made['id']}"
    assert (made["status"], made["points"], made["parcel"]) == ("allocated", 1000, None)
    assert made["lines"] == [
        {
            "reward_id": str(reward.id),
            "name": "Wkrętarka 18 V",
            "quantity": 2,
            "price_points": 500,
        }
    ]
    assert kept(app, of, reward) == (200, 2, 1)
    assert caller.get(answers[0].headers["location"]).json() == made
    assert [o["id"] for o in caller.get("/api/v1/orders").json()["items"]] == [made["id"]]


def test_an_order_that_cannot_be_is_named_and_changes_nothing(
    real_app: App, carrier_of_real: Carrier
) -> None:
    with real_app.database.unit_of_work() as session:
        of = make.world(session)
        make.give_points(session, of, 1200)
        reward = published(session, of, units=3)
    with callers.participant(real_app, build(real_app), of) as caller:
        good = wish(reward, carrier_of_real)
        line = good["lines"][0]
        for body, status, code in (
            ({**good, "lines": [{**line, "shown_points": 400}]}, 409, "price-changed"),
            ({**good, "lines": [{**line, "quantity": 3}]}, 409, "insufficient-points"),
            ({**good, "lines": [{**line, "quantity": 4}]}, 409, "out-of-stock"),
            ({**good, "lines": [line, line]}, 422, "invalid"),
            ({**good, "lines": []}, 422, "invalid"),
            ({**good, "lines": [{**line, "quantity": 0}]}, 422, "invalid"),
            ({**good, "lines": [{**line, "reward_id": str(uuid4())}]}, 404, "reward-not-found"),
            ({**good, "carrier_id": str(uuid4())}, 422, "invalid"),
            ({**good, "recipient": {**good["recipient"], "phone": "1"}}, 422, "invalid"),
            ({**good, "quantity": 1}, 422, "invalid"),
        ):
            answer = order(caller, body)
            assert (answer.status_code, answer.json()["code"]) == (status, code), answer.text
            assert answer.headers["content-type"] == "application/problem+json"
            assert kept(real_app, of, reward) == (1200, 0, 0)
        unkeyed = caller.post("/api/v1/orders", json=good)
        assert unkeyed.json()["code"] == "idempotency-key-missing"
        # A refusal uses no key up.
        assert order(caller, good).status_code == 201
    assert kept(real_app, of, reward) == (200, 2, 1)


@pytest.fixture
def carrier_of_real(real_app: App) -> Carrier:
    with real_app.database.unit_of_work() as session:
        return make.carrier(session)


def test_cancelling_gives_points_and_stock_back_once(
    app: App, caller: Browser, of: make.World, reward: Reward, carrier: Carrier
) -> None:
    give(app, of, 1200)
    made = order(caller, wish(reward, carrier)).json()
    assert made["may_cancel"] is True
    path = f"/api/v1/orders/{made['id']}/cancellation"
    answers = [caller.post(path, headers={"idempotency-key": "key-0002"}) for _ in range(2)]
    assert {(a.status_code, a.text) for a in answers} == {(200, answers[0].text)}
    assert answers[0].json()["status"] == "cancelled"
    assert kept(app, of, reward) == (1200, 0, 1)
    assert caller.post(path).status_code == 409
    assert kept(app, of, reward) == (1200, 0, 1)


def test_the_parcel_is_followed_and_its_arrival_confirmed(
    app: App, caller: Browser, of: make.World, reward: Reward, carrier: Carrier
) -> None:
    give(app, of, 1200)
    made = order(caller, wish(reward, carrier)).json()
    path = f"/api/v1/orders/{made['id']}"
    early = caller.post(f"{path}/delivery")
    assert (early.status_code, early.json()["code"]) == (409, "not-yet-shipped")
    with app.database.unit_of_work() as session:
        send(session, UUID(made["id"]), reward)
    shown = caller.get(path).json()
    assert (shown["status"], shown["may_confirm"], shown["may_cancel"]) == ("shipped", True, False)
    parcel = shown["parcel"]
    assert (parcel["status"], parcel["step"], parcel["proven"]) == ("handed_over", 3, False)
    assert [s["reached"] for s in parcel["steps"]] == [True, True, True, False, False]
    assert parcel["steps"][2]["name"] == "On its way"
    assert parcel["tracking_href"] == "https://kurier.example/PL123"
    late = caller.post(f"{path}/cancellation")
    assert (late.status_code, late.json()["code"]) == (409, "too-late-to-cancel")
    answers = [
        caller.post(f"{path}/delivery", headers={"idempotency-key": "key-0002"}) for _ in range(2)
    ]
    assert {(a.status_code, a.text) for a in answers} == {(200, answers[0].text)}
    done = answers[0].json()
    assert (done["status"], done["may_confirm"]) == ("delivered", False)
    assert (done["parcel"]["step"], done["parcel"]["proven"]) == (5, True)
    with app.database.unit_of_work() as session:
        [proof] = session.exec(select(DeliveryProof)).all()
        assert proof.status is ProofStatus.PROVEN


def send(session: Session, order_id: UUID, reward: Reward) -> None:
    lot = session.exec(select(Lot).where(Lot.item_id == reward.item_id)).one()
    facts: dict[str, Any] = {"redemption_id": order_id, "actor": "person:x", "at": clock.now()}
    fulfilment.start(session, **facts)
    fulfilment.scan(session, lot_number=lot.number, **facts)
    fulfilment.label(session, carrier_number="PL123", **facts)
    fulfilment.hand_over(session, **facts)


def test_the_order_of_another_looks_like_one_that_is_not_there(
    app: App, web: FastAPI, of: make.World, reward: Reward
) -> None:
    give(app, of, 500)
    with app.database.unit_of_work() as session:
        placed = make.place(session, of, reward)
    other = callers.stranger(app, web, of)
    for method, path in (
        ("GET", "/api/v1/orders/{}"),
        ("POST", "/api/v1/orders/{}/cancellation"),
        ("POST", "/api/v1/orders/{}/delivery"),
    ):
        foreign = other.request(method, path.format(placed.id))
        missing = other.request(method, path.format(uuid4()))
        assert foreign.status_code == missing.status_code == 404
        told = [
            {k: v for k, v in a.json().items() if k not in ("instance", "request_id")}
            for a in (foreign, missing)
        ]
        assert told[0] == told[1]
    assert other.get("/api/v1/orders").json()["items"] == []
    assert other.get("/api/v1/points").json()["balance"] == 0
    with app.database.unit_of_work() as session:
        assert session.get_one(Redemption, placed.id).status is RedemptionStatus.ALLOCATED
