"""What a clerk answers on the page of a review: doubts, lines, refusals, drafts."""

from __future__ import annotations

import pytest
from sqlmodel import Session, select

from claims.states import ClaimStatus, ReasonCode
from claims.tables import Claim, ClaimLine
from core.runtime import App
from tests import make
from tests.web.conftest import SignIn
from tests.web.partner_world import (
    Counter,
    act,
    balance,
    decisions_of,
    doubtful,
    open_counter,
    reload,
    status,
    waiting,
)
from verification.conversation_tables import FieldCorrection
from verification.tables import ReviewStatus


@pytest.fixture
def counter(app: App, sign_in: SignIn) -> Counter:
    return open_counter(app, sign_in)


def test_one_doubt_is_one_question_and_its_answer_is_paid_and_kept(
    app: App, session: Session, counter: Counter
) -> None:
    review = doubtful(app, counter.of)
    page = counter.clerk.get(f"/reviews/{review.id}").text
    assert "Jedno pytanie: ile sztuk w pozycji 1?" in page
    assert page.count("data-doubt=") == 1
    act(counter.clerk, review, "decision", **{"pick-1": "typed", "quantity-1": "12,5"})
    line = session.exec(select(ClaimLine).where(ClaimLine.claim_id == review.claim_id)).one()
    assert (line.quantity, line.points) == (12.5, 188)
    [kept] = session.exec(select(FieldCorrection)).all()
    assert (kept.field, kept.before, kept.after) == ("line-1-quantity", "60", "12.5")


@pytest.mark.parametrize("typed", ["0", "-3", "dwa", "", "1e9", "NaN"])
def test_a_quantity_that_is_none_shows_the_form_again_and_pays_nothing(
    app: App, session: Session, counter: Counter, typed: str
) -> None:
    review = doubtful(app, counter.of)
    answer = act(counter.clerk, review, "decision", **{"pick-1": "typed", "quantity-1": typed})
    assert answer.status_code == 422  # type: ignore[attr-defined]
    assert "error-summary" in answer.text  # type: ignore[attr-defined]
    assert balance(session, counter.of) == 0
    assert session.exec(select(FieldCorrection)).all() == []


def test_a_product_of_another_programme_is_no_answer(
    app: App, session: Session, counter: Counter
) -> None:
    review = waiting(app, counter.of)
    foreign = make.world(session)
    answer = act(counter.clerk, review, "decision", **{"product-1": str(foreign.socket.id)})
    assert answer.status_code == 422  # type: ignore[attr-defined]
    assert balance(session, counter.of) == 0


def test_a_line_can_be_left_out_of_the_programme(
    app: App, session: Session, counter: Counter
) -> None:
    review = waiting(app, counter.of)
    act(counter.clerk, review, "decision", **{"product-1": "none"})
    assert balance(session, counter.of) == 480


def test_a_line_can_be_refused_with_its_own_reason(
    app: App, session: Session, counter: Counter
) -> None:
    review = waiting(app, counter.of)
    act(counter.clerk, review, "decision", **{"verdict-1": "returned_goods"})
    assert status(session, review) is ClaimStatus.PARTIALLY_APPROVED
    assert balance(session, counter.of) == 480


def test_a_missed_line_is_typed_and_paid(app: App, session: Session, counter: Counter) -> None:
    review = doubtful(app, counter.of)
    act(counter.clerk, review, "decision", **{"new-product-1": "vx-b24", "new-quantity-1": "1"})
    assert balance(session, counter.of) == 900 + 240


def test_a_claim_is_refused_with_a_numbered_reason(
    app: App, session: Session, counter: Counter
) -> None:
    review = waiting(app, counter.of)
    act(counter.clerk, review, "rejection", reason="other_buyer")
    [decision] = decisions_of(session)
    assert (decision.outcome, decision.reason) == (ClaimStatus.REJECTED, ReasonCode.OTHER_BUYER)


def test_another_reason_needs_words(app: App, session: Session, counter: Counter) -> None:
    review = waiting(app, counter.of)
    answer = act(counter.clerk, review, "rejection", reason="other")
    assert answer.status_code == 422  # type: ignore[attr-defined]
    assert decisions_of(session) == []
    act(counter.clerk, review, "rejection", reason="other", why="Faktura pro forma.")
    assert decisions_of(session)[0].note == "Faktura pro forma."


def test_a_suspicion_goes_to_the_organiser_and_tells_the_participant_nothing(
    app: App, session: Session, counter: Counter
) -> None:
    review = waiting(app, counter.of)
    act(counter.clerk, review, "rejection", reason="suspected_forgery")
    assert reload(app, review).status is ReviewStatus.ESCALATED
    assert status(session, review) is ClaimStatus.AWAITING_PARTNER
    assert decisions_of(session) == []


def test_the_same_invoice_asks_whether_it_is_the_same(
    app: App, session: Session, counter: Counter
) -> None:
    first = waiting(app, counter.of)
    second = waiting(app, counter.of)
    page = counter.clerk.get(f"/reviews/{second.id}").text
    assert session.get_one(Claim, first.claim_id).number in page
    unanswered = act(counter.clerk, second, "decision")
    assert unanswered.status_code == 422  # type: ignore[attr-defined]
    act(counter.clerk, second, "decision", same="yes")
    [decision] = decisions_of(session)
    assert (decision.reason, balance(session, counter.of)) == (ReasonCode.DUPLICATE, 0)


def test_units_that_are_paid_already_are_not_paid_again(
    app: App, session: Session, counter: Counter
) -> None:
    first, second = waiting(app, counter.of), waiting(app, counter.of)
    act(counter.clerk, first, "decision")
    answer = act(counter.clerk, second, "decision", same="no", **{"quantity-1": "600"})
    assert answer.status_code == 422  # type: ignore[attr-defined]
    assert "zaliczono już z innego zgłoszenia" in answer.text  # type: ignore[attr-defined]
    assert balance(session, counter.of) == 1380


def test_a_draft_is_kept_and_says_what_it_would_bring(
    app: App, session: Session, counter: Counter
) -> None:
    review = waiting(app, counter.of)
    answer = act(counter.clerk, review, "draft", **{"quantity-1": "10"})
    said = answer.json()  # type: ignore[attr-defined]
    assert said["lines"]["1"] == "150"
    assert balance(session, counter.of) == 0
    assert 'value="10"' in counter.clerk.get(f"/reviews/{review.id}").text
