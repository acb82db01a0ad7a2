"""The participant names a line's product; the estimate follows, the clerk decides."""

from __future__ import annotations

from uuid import uuid4

import pytest
from fastapi import FastAPI

from claims import queries
from claims.states import Verdict
from claims.tables import Claim
from core.runtime import App
from tests import make
from tests.conftest import NOON
from tests.web import callers
from tests.web.conftest import SignIn
from tests.web.test_claim_receipts import browser_of
from verification import asking, decisions, proposals
from verification.judging import LineVerdict
from verification.tables import Review


@pytest.fixture
def of(app: App) -> make.World:
    with app.database.unit_of_work() as session:
        return make.world(session)


def waiting(app: App, of: make.World) -> Review:
    """Its third line matches no product."""
    with app.database.unit_of_work() as session:
        return make.awaiting(session, of)


def test_a_named_product_raises_the_estimate_and_waits_for_the_clerk(
    app: App, sign_in: SignIn, of: make.World
) -> None:
    review = waiting(app, of)
    browser = browser_of(app, sign_in, of)
    path = f"/claims/{review.claim_id}/lines/3/product"
    assert f'href="{path}"' in browser.get(f"/claims/{review.claim_id}").text
    found = browser.get(f"{path}?q=gniazdo nova").text
    assert "VX-N210" in found
    assert "VX-B24" not in found
    assert browser.form(path, {"product": str(of.socket.id)}).status_code == 303
    with app.database.unit_of_work() as session:
        line = queries.list_lines(session, review.claim_id)[2]
        assert (line.product_id, line.match_reason) == (of.socket.id, "proposed")
        assert line.verdict is None
        claim = session.get_one(Claim, review.claim_id)
        # 100 more sockets at 15 points, as an estimate; nothing is paid by it.
        assert (claim.estimate_points, claim.points) == (1380 + 1500, 0)
    page = browser.get(f"/claims/{review.claim_id}").text
    assert "Wskazane przez Ciebie." in page
    assert "Wskazany produkt do pozycji 3" in page


def test_what_is_decided_anothers_or_of_another_programme_cannot_be_named(
    app: App, web: FastAPI, of: make.World
) -> None:
    review = waiting(app, of)
    mine, stranger = callers.participant(app, web, of), callers.stranger(app, web, of)
    path = f"/api/v1/claims/{review.claim_id}/lines/3/product"
    good = {"product_id": str(of.socket.id)}
    assert stranger.post(path, json=good).status_code == 404
    assert mine.post(path, json={"product_id": str(uuid4())}).status_code == 422
    assert mine.post(path.replace("/3/", "/9/"), json=good).status_code == 404
    with app.database.unit_of_work() as session:
        assert queries.list_lines(session, review.claim_id)[2].product_id is None
        lines = queries.list_lines(session, review.claim_id)
        decisions.decide(
            session,
            review=session.get_one(Review, review.id),
            clerk=of.clerk,
            verdicts=[LineVerdict(x.id, Verdict.APPROVE) for x in lines if x.product_id],
            at=NOON,
        )
    late = mine.post(path, json=good)
    assert (late.status_code, late.json()["code"]) == (409, "too-late-to-propose")


def test_a_program_proposes_too(app: App, web: FastAPI, of: make.World) -> None:
    review = waiting(app, of)
    answer = callers.participant(app, web, of).post(
        f"/api/v1/claims/{review.claim_id}/lines/3/product",
        json={"product_id": str(of.board.id)},
    )
    assert answer.status_code == 200, answer.text
    assert [line["name"] for line in answer.json()["lines"]][2] == of.board.name


def test_a_named_product_stays_with_its_row_when_another_page_is_read(
    app: App, of: make.World
) -> None:
    """The new reading found one row more above: the choice moves with the row."""
    review = waiting(app, of)
    with app.database.unit_of_work() as session:
        proposals.propose(
            session, claim_id=review.claim_id, participant_id=of.participant.id, position=3,
            product_id=of.socket.id, at=NOON,
        )  # fmt: skip
        asking.ask(session, review_id=review.id, clerk=of.clerk, text="Brakuje strony.", at=NOON)
        asking.answer(
            session, claim_id=review.claim_id, participant_id=of.participant.id,
            files=[make.StoredFile("b" * 64, "b.jpg", "image/jpeg", 10)], at=NOON,
        )  # fmt: skip
        rows = [
            make.line(1, "Puszka podtynkowa 60", "10"),
            make.line(2, "GNIAZDO NOVA P/T Z/U BIAŁE", "60", gtin="5901234123457"),
            make.line(3, "ROZDZ. BOX 24M P/T VX-B24", "2"),
            make.line(4, "Przewód YDYp 3x2,5", "100"),
        ]
        make.read(session, session.get_one(Claim, review.claim_id), make.reading(of, lines=rows))
        found = queries.list_lines(session, review.claim_id)
        assert [line.proposed_product_id for line in found] == [None, None, None, of.socket.id]
        assert (found[3].product_id, found[3].match_reason) == (of.socket.id, "proposed")
        assert found[0].product_id is None
        claim = session.get_one(Claim, review.claim_id)
        assert claim.estimate_points == 1380 + 1500
