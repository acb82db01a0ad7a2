"""A clerk puts aside, asks and escalates through the pages; the programme takes it from there."""

from __future__ import annotations

from datetime import timedelta

import pytest
from sqlmodel import Session

from accounts.roles import Role, scope_of
from accounts.tables import Person
from claims.states import ClaimStatus
from claims.tables import Claim
from core import clock
from core.runtime import App
from tests import make
from tests.web.conftest import Browser, SignIn
from tests.web.partner_world import (
    Counter,
    act,
    balance,
    decisions_of,
    doubtful,
    enter,
    open_counter,
    reload,
    status,
    waiting,
)
from verification.tables import ReviewStatus


@pytest.fixture
def counter(app: App, sign_in: SignIn) -> Counter:
    return open_counter(app, sign_in)


def test_postponing_puts_it_aside_and_can_be_called_back(app: App, counter: Counter) -> None:
    review = waiting(app, counter.of)
    answer = act(counter.clerk, review, "postponement")
    assert answer.headers["location"].startswith("/queue?aside=")  # type: ignore[attr-defined]
    assert "FV/1/11/2026" not in counter.clerk.get("/queue").text
    counter.clerk.form(f"/reviews/{review.id}/call-back")
    assert reload(app, review).status is ReviewStatus.OPEN


def test_a_withdrawn_claim_leaves_the_queue(app: App, session: Session, counter: Counter) -> None:
    review = waiting(app, counter.of)
    session.get_one(Claim, review.claim_id).status = ClaimStatus.CANCELLED
    session.flush()
    assert "FV/1/11/2026" not in counter.clerk.get("/queue").text
    assert (
        "Nic nie czeka"
        in counter.clerk.get(
            counter.clerk.form("/queue/next").headers["location"]  # type: ignore[attr-defined]
        ).text
    )


def test_a_question_stops_the_clock_and_the_answer_starts_it(
    app: App, session: Session, counter: Counter, sign_in: SignIn
) -> None:
    review = waiting(app, counter.of)
    act(counter.clerk, review, "question", question="how_many")
    assert reload(app, review).status is ReviewStatus.WAITING
    assert status(session, review) is ClaimStatus.NEEDS_INFORMATION
    assert "Ile sztuk jest na dokumencie?" in counter.clerk.get("/questions").text
    member = _participant(app, session, counter, sign_in)
    page = member.get(f"/claims/{review.claim_id}").text
    assert "Ile sztuk jest na dokumencie?" in page
    path = f"/claims/{review.claim_id}/answer"
    empty = member.form(path, {"answer": "  "})
    assert empty.status_code == 422  # type: ignore[attr-defined]
    assert status(session, review) is ClaimStatus.NEEDS_INFORMATION
    member.form(path, {"answer": "Sześćdziesiąt, dwa kartony."})
    again = reload(app, review)
    assert again.status is ReviewStatus.OPEN
    assert again.due_at > clock.now() - timedelta(minutes=1)
    assert "Sześćdziesiąt, dwa kartony." in counter.clerk.get(f"/reviews/{review.id}").text


def test_nobody_answers_for_another_participant(
    app: App, session: Session, counter: Counter, sign_in: SignIn
) -> None:
    review = waiting(app, counter.of)
    act(counter.clerk, review, "question", question="how_many")
    elsewhere = Counter(make.world(session), counter.clerk)
    stranger = _participant(app, session, elsewhere, sign_in)
    answer = stranger.form(f"/claims/{review.claim_id}/answer", {"answer": "sto"})
    assert answer.status_code == 404  # type: ignore[attr-defined]
    assert status(session, review) is ClaimStatus.NEEDS_INFORMATION


def _participant(app: App, session: Session, counter: Counter, sign_in: SignIn) -> Browser:
    person = session.get_one(Person, counter.of.participant.person_id)
    scope = scope_of("program", counter.of.program.id)
    return enter(app, sign_in, person, Role.PARTICIPANT, scope)


def test_what_is_escalated_is_decided_by_the_programme_alone(
    app: App, session: Session, counter: Counter, sign_in: SignIn
) -> None:
    review = waiting(app, counter.of)
    organiser = sign_in(Role.OPERATOR)
    assert organiser.get(f"/reviews/{review.id}").status_code == 404
    act(counter.clerk, review, "escalation")
    refused = act(counter.clerk, review, "decision")
    assert refused.status_code == 409  # type: ignore[attr-defined]
    assert "FV/1/11/2026" in organiser.get("/escalations").text
    act(organiser, review, "decision")
    assert balance(session, counter.of) == 1380
    [decision] = decisions_of(session)
    assert decision.decided_by == organiser.person.id  # type: ignore[union-attr]


def test_another_programme_s_manager_sees_nothing_of_it(
    app: App, session: Session, counter: Counter, sign_in: SignIn
) -> None:
    review = waiting(app, counter.of)
    act(counter.clerk, review, "escalation")
    elsewhere = make.world(session)
    stranger = sign_in(Role.PROGRAM_MANAGER, scope=scope_of("program", elsewhere.program.id))
    assert stranger.get(f"/reviews/{review.id}").status_code == 404
    assert "FV/1/11/2026" not in stranger.get("/escalations").text
    answer = stranger.form(f"/reviews/{review.id}/decision")
    assert answer.status_code == 404  # type: ignore[attr-defined]
    assert balance(session, counter.of) == 0


def test_the_manufacturer_sees_an_escalated_document_without_prices(
    app: App, session: Session, counter: Counter, sign_in: SignIn
) -> None:
    review = doubtful(app, counter.of)
    plain = counter.clerk.get(f"/reviews/{review.id}/pages/1").content
    act(counter.clerk, review, "escalation")
    scope = scope_of("program", counter.of.program.id)
    manager = sign_in(Role.PROGRAM_MANAGER, scope=scope)
    masked = manager.get(f"/reviews/{review.id}/pages/1")
    assert masked.status_code == 200
    assert masked.content != plain
    assert manager.get(f"/reviews/{review.id}/words").json() == []
    operator = sign_in(Role.OPERATOR)
    assert operator.get(f"/reviews/{review.id}/pages/1").content == plain
