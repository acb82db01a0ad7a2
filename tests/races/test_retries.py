"""A request of the money path that comes again: one effect, the same answer, whoever asks when."""

from __future__ import annotations

from collections import Counter
from concurrent.futures import ThreadPoolExecutor

import pytest
from fastapi import FastAPI
from sqlmodel import Session, select

from accounts.roles import Role
from claims.tables import Claim
from core.runtime import App
from points import addresses, ledger, proofs
from points.tables import PointAdjustment
from rewards import service as rewards
from rewards.tables import Redemption
from tests import make
from tests.web.callers import EVERYTHING, key_of
from tests.web.conftest import Browser
from web.app import build

KEY = {"Idempotency-Key": "order-2026-0001"}


@pytest.fixture
def real_web(real_app: App) -> FastAPI:
    return build(real_app)


@pytest.fixture
def scene(real_app: App) -> tuple[make.World, dict[str, object]]:
    """A participant with points, and the order that they will send again and again."""
    with real_app.database.unit_of_work() as session:
        of = make.world(session)
        make.give_points(session, of, 5_000)
        reward = make.stocked_reward(session, of, units=50, price=100)
        carrier = make.carrier(session)
        carrier.active = True
        session.add(carrier)
    recipient = {
        "name": "Marek Wrona",
        "street": "ul. Polna 4",
        "postcode": "62-300",
        "city": "Września",
        "phone": "+48 600 100 200",
    }
    return of, {
        "lines": [{"reward_id": str(reward.id), "quantity": 1, "shown_points": 100}],
        "recipient": recipient,
        "carrier_id": str(carrier.id),
    }


def caller(app: App, web: FastAPI, of: make.World) -> Browser:
    return key_of(app, web, of.participant.person_id, Role.PARTICIPANT, of.program.id)


def state(app: App, of: make.World) -> tuple[int, int]:
    """What is left on the account, and how many orders there are."""
    with app.database.unit_of_work() as session:
        assert proofs.faults(session) == []
        orders = session.exec(select(Redemption)).all()
        return ledger.balance(session, addresses.active(of.participant.id)), len(orders)


def test_an_order_sent_again_in_turn_and_at_once_is_placed_once(
    real_app: App, real_web: FastAPI, scene: tuple[make.World, dict[str, object]]
) -> None:
    of, order = scene
    client = caller(real_app, real_web, of)

    def send(_: int) -> tuple[int, str]:
        answer = client.post("/api/v1/orders", json=order, headers=KEY)
        return answer.status_code, answer.text

    with ThreadPoolExecutor(10) as pool:
        at_once = list(pool.map(send, range(20)))
    in_turn = [send(n) for n in range(5)]
    assert {status for status, _ in at_once} <= {201, 409}
    assert {status for status, _ in in_turn} == {201}
    assert len({text for status, text in (*at_once, *in_turn) if status == 201}) == 1
    assert state(real_app, of) == (4_900, 1)


def test_without_a_key_each_request_is_an_order_of_its_own(
    real_app: App, real_web: FastAPI, scene: tuple[make.World, dict[str, object]]
) -> None:
    """The negative control: it is the key that makes twenty requests one."""
    of, order = scene
    client = caller(real_app, real_web, of)
    keys = [{"Idempotency-Key": f"another-key-{n}"} for n in range(5)]
    assert [client.post("/api/v1/orders", json=order, headers=k).status_code for k in keys] == [
        201
    ] * 5
    assert state(real_app, of) == (4_500, 5)


def test_the_same_key_with_another_body_is_refused_and_another_persons_key_is_unknown(
    real_app: App, real_web: FastAPI, scene: tuple[make.World, dict[str, object]]
) -> None:
    of, order = scene
    client = caller(real_app, real_web, of)
    first = client.post("/api/v1/orders", json=order, headers=KEY)
    other = client.post("/api/v1/orders", json={**order, "absence": "u sąsiada"}, headers=KEY)
    assert (other.status_code, other.json()["code"]) == (422, "idempotency-key-reused")
    with real_app.database.unit_of_work() as session:
        stranger = make.programs.enrol(
            session,
            program=of.program,
            person_id=make.person(session).id,
            company_name="Elektro",
            nip=make.nip(),
            voivodeship="30",
            at=make.NOON,
        )
    theirs = key_of(real_app, real_web, stranger.person_id, Role.PARTICIPANT, of.program.id)
    answer = theirs.post("/api/v1/orders", json=order, headers=KEY)
    assert (answer.status_code, answer.json()["code"]) == (409, "insufficient-points")
    assert first.status_code == 201
    assert state(real_app, of) == (4_900, 1)


class Killed(Exception):
    """The process ended here."""


@pytest.mark.parametrize("after_commit", [False, True])
def test_killed_between_effect_and_answer_the_first_outcome_stands(
    real_app: App,
    real_web: FastAPI,
    scene: tuple[make.World, dict[str, object]],
    monkeypatch: pytest.MonkeyPatch,
    after_commit: bool,
) -> None:
    of, order = scene
    client = caller(real_app, real_web, of)
    if after_commit:
        # The answer was made and committed, and never reached the caller.
        lost = client.post("/api/v1/orders", json=order, headers=KEY).text
        assert state(real_app, of) == (4_900, 1)
    else:
        placed = rewards.place

        def die(session: Session, **facts: object) -> Redemption:
            placed(session, **facts)  # type: ignore[arg-type]
            raise Killed

        with monkeypatch.context() as patched:
            patched.setattr(rewards, "place", die)
            assert client.post("/api/v1/orders", json=order, headers=KEY).status_code == 500
        assert state(real_app, of) == (5_000, 0)
        lost = ""
    again = client.post("/api/v1/orders", json=order, headers=KEY)
    assert again.status_code == 201
    assert lost in ("", again.text)
    assert state(real_app, of) == (4_900, 1)


def test_an_adjustment_and_a_claim_sent_at_once_happen_once(
    real_app: App, real_web: FastAPI, scene: tuple[make.World, dict[str, object]]
) -> None:
    of, _ = scene
    with real_app.database.unit_of_work() as session:
        staff = make.person(session)
    permissions = (*EVERYTHING, "adjustments:write")
    operator = key_of(
        real_app, real_web, staff.id, Role.OPERATOR, of.program.id, permissions=permissions
    )
    member = caller(real_app, real_web, of)
    wish = {"participant_id": str(of.participant.id), "points": 50, "reason": "Przeprosiny"}
    paper = {"files": ("faktura.pdf", b"%PDF-1.4 one", "application/pdf")}

    def adjust(_: int) -> int:
        return operator.post("/api/v1/adjustments", json=wish, headers=KEY).status_code

    def claim(_: int) -> int:
        return member.post("/api/v1/claims", files=paper, headers=KEY).status_code

    with ThreadPoolExecutor(8) as pool:
        adjusted = Counter(pool.map(adjust, range(16)))
        claimed = Counter(pool.map(claim, range(16)))
    assert set(adjusted) <= {201, 409}
    assert set(claimed) <= {201, 202, 409}
    with real_app.database.unit_of_work() as session:
        assert len(session.exec(select(PointAdjustment)).all()) == 1
        assert len(session.exec(select(Claim)).all()) == 1
    assert state(real_app, of) == (5_050, 0)
