"""The queue over the API: a wholesaler's program decides what is theirs, once, and no more."""

from __future__ import annotations

import pytest
from fastapi import FastAPI
from sqlmodel import Session, select

from accounts import grants, keys
from accounts.roles import Grant, Role, scope_of
from claims.states import ClaimStatus
from claims.tables import Claim
from core import clock
from core.runtime import App
from tests import make
from tests.conftest import NOON
from tests.web.conftest import Browser
from tests.web.partner_world import balance, doubtful, waiting
from verification.tables import Decision, Review, ReviewStatus

BOTH = ("reviews:read", "reviews:write")


@pytest.fixture
def of(app: App) -> make.World:
    with app.database.unit_of_work() as session:
        return make.world(session)


def caller(app: App, web: FastAPI, of: make.World, permissions: tuple[str, ...] = BOTH) -> Browser:
    """A program with a key of the branch's clerk."""
    held = Grant(Role.CLERK, scope_of("branch", of.branch.id))
    with app.database.unit_of_work() as session:
        grants.grant(session, person_id=of.clerk.person_id, grant=held, by="test", at=NOON)
        token = keys.create(
            session,
            person_id=of.clerk.person_id,
            grant=held,
            name="ERP",
            permissions=permissions,
            at=clock.now(),
        )
    headers = {"authorization": f"Bearer {token}", "accept-language": "en"}
    return Browser(web, base_url="http://testserver", headers=headers)


APPROVE = {"lines": [{"position": 1, "verdict": "approve"}, {"position": 2, "verdict": "approve"}]}


def test_the_queue_is_listed_in_pieces(app: App, web: FastAPI, of: make.World) -> None:
    erp = caller(app, web, of)
    first, second = waiting(app, of), doubtful(app, of)
    answer = erp.get("/api/v1/reviews?limit=1").json()
    rest = erp.get("/api/v1/reviews", params={"cursor": answer["next_cursor"]}).json()
    ids = [item["id"] for item in answer["items"] + rest["items"]]
    assert ids == [str(first.id), str(second.id)]
    assert rest["next_cursor"] is None
    only = erp.get("/api/v1/reviews?cause=doubt").json()["items"]
    assert [item["id"] for item in only] == [str(second.id)]


def test_a_review_says_what_is_in_doubt(app: App, web: FastAPI, of: make.World) -> None:
    erp, review = caller(app, web, of), doubtful(app, of)
    found = erp.get(f"/api/v1/reviews/{review.id}").json()
    assert (found["seller"], found["buyer"], found["day"]) == (
        "our_branch",
        "participant",
        "inside",
    )
    [doubt] = found["doubts"]
    assert (doubt["about"], doubt["position"], doubt["quantities"]) == ("quantity", 1, ["60", "80"])
    assert found["review_lines"][0]["points"] == 900


def test_a_decision_sent_twice_pays_once(
    app: App, web: FastAPI, session: Session, of: make.World
) -> None:
    erp, review = caller(app, web, of), waiting(app, of)
    path = f"/api/v1/reviews/{review.id}/decision"
    headers = {"idempotency-key": "decision-0001"}
    first = erp.post(path, json=APPROVE, headers=headers)
    second = erp.post(path, json=APPROVE, headers=headers)
    assert (first.status_code, second.status_code) == (200, 200)
    assert first.json() == second.json()
    assert (first.json()["outcome"], first.json()["points"]) == ("approved", 1380)
    assert balance(session, of) == 1380
    again = erp.post(path, json=APPROVE)
    assert again.status_code == 409
    assert balance(session, of) == 1380


@pytest.mark.parametrize(
    "lines",
    [
        [],
        [{"position": 1, "verdict": "approve"}],
        [{"position": 9, "verdict": "approve"}],
        [{"position": 1, "verdict": "reject"}, {"position": 2, "verdict": "approve"}],
        [{"position": 1, "verdict": "approve", "quantity": "0"}],
        [{"position": 1, "verdict": "approve", "price": "1"}],
    ],
)
def test_a_decision_that_says_too_little_or_nonsense_changes_nothing(
    app: App, web: FastAPI, session: Session, of: make.World, lines: list[dict[str, object]]
) -> None:
    erp, review = caller(app, web, of), waiting(app, of)
    answer = erp.post(f"/api/v1/reviews/{review.id}/decision", json={"lines": lines})
    assert answer.status_code == 422
    assert balance(session, of) == 0
    assert session.exec(select(Decision)).all() == []
    assert session.get_one(Claim, review.claim_id).status is ClaimStatus.AWAITING_PARTNER


def test_another_wholesaler_s_program_finds_nothing(
    app: App, web: FastAPI, session: Session, of: make.World
) -> None:
    review = waiting(app, of)
    foreign = caller(app, web, make.world(session))
    assert foreign.get("/api/v1/reviews").json()["items"] == []
    for path, body in (
        ("decision", APPROVE),
        ("rejection", {"reason": "duplicate"}),
        ("question", {"text": "?"}),
        ("escalation", {}),
        ("lease", None),
    ):
        answer = foreign.post(f"/api/v1/reviews/{review.id}/{path}", json=body)
        assert answer.status_code == 404, path
    assert foreign.get(f"/api/v1/reviews/{review.id}").status_code == 404
    assert session.get_one(Review, review.id).status is ReviewStatus.OPEN
    assert balance(session, of) == 0


def test_a_key_that_may_only_read_decides_nothing(
    app: App, web: FastAPI, session: Session, of: make.World
) -> None:
    erp, review = caller(app, web, of, ("reviews:read",)), waiting(app, of)
    assert erp.get(f"/api/v1/reviews/{review.id}").status_code == 200
    answer = erp.post(f"/api/v1/reviews/{review.id}/decision", json=APPROVE)
    assert (answer.status_code, answer.json()["code"]) == (403, "permission-missing")
    assert balance(session, of) == 0


def test_a_decision_is_undone_and_names_the_open_review(
    app: App, web: FastAPI, session: Session, of: make.World
) -> None:
    erp, review = caller(app, web, of), waiting(app, of)
    made = erp.post(f"/api/v1/reviews/{review.id}/decision", json=APPROVE).json()
    answer = erp.post(f"/api/v1/decisions/{made['id']}/undo", json={})
    assert (answer.status_code, answer.json()["status"]) == (200, "open")
    assert balance(session, of) == 0
    assert erp.get(f"/api/v1/reviews/{answer.json()['id']}").status_code == 200


def test_a_document_that_looks_known_is_left_to_a_person(
    app: App, web: FastAPI, session: Session, of: make.World
) -> None:
    erp = caller(app, web, of)
    waiting(app, of)
    second = waiting(app, of)
    answer = erp.post(f"/api/v1/reviews/{second.id}/decision", json=APPROVE)
    assert answer.status_code == 422
    refused = erp.post(f"/api/v1/reviews/{second.id}/rejection", json={"reason": "duplicate"})
    assert (refused.status_code, refused.json()["points"]) == (200, 0)
    assert balance(session, of) == 0


def test_asking_postponing_and_escalating_say_where_the_review_is(
    app: App, web: FastAPI, of: make.World
) -> None:
    erp = caller(app, web, of)
    first, second = waiting(app, of, number="A/1"), doubtful(app, of)
    path = f"/api/v1/reviews/{first.id}"
    naive = erp.post(f"{path}/postponement", json={"until": "2030-01-01T10:00:00"})
    assert naive.status_code == 422
    aside = erp.post(f"{path}/postponement", json={"until": "2030-01-01T10:00:00Z"})
    assert aside.json()["status"] == "postponed"
    up = erp.post(f"{path}/escalation", json={"note": "nie nasz kod"})
    assert up.json()["status"] == "escalated"
    asked = erp.post(f"/api/v1/reviews/{second.id}/question", json={"question": "how_many"})
    assert asked.json()["status"] == "waiting"
