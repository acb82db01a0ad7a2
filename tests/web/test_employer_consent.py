"""An employee's claim asks once for the employer's word; until then the buyer is in question."""

from __future__ import annotations

import pytest
from sqlmodel import Session

from accounts import consents
from claims.tables import BuyerRelation, Claim
from core.runtime import App
from programs import queries as program_queries
from programs.tables import Participant, Relation
from tests import make
from tests.web.conftest import SignIn
from tests.web.test_claim_receipts import browser_of
from verification import facts
from verification.facts import BuyerFact
from verification.tables import Review


@pytest.fixture
def of(app: App) -> make.World:
    with app.database.unit_of_work() as session:
        made = make.world(session)
        made.participant.relation = Relation.EMPLOYEE
        session.add(made.participant)
        return made


def buyer_of(session: Session, of: make.World, review: Review) -> BuyerFact:
    claim = session.get_one(Claim, review.claim_id)
    assert claim.buyer_relation is BuyerRelation.EMPLOYEE
    return facts.facts_of(
        session,
        review=review,
        claim=claim,
        participant=session.get_one(Participant, of.participant.id),
        program=program_queries.get_program(session, of.program.id),
        lines=[],
    ).buyer


def test_the_word_is_asked_for_once_and_answers_the_question_of_the_buyer(
    app: App, sign_in: SignIn, of: make.World
) -> None:
    with app.database.unit_of_work() as session:
        review = make.awaiting(session, of)
        assert buyer_of(session, of, review) is BuyerFact.NO_CONSENT
    browser = browser_of(app, sign_in, of)
    page = f"/claims/{review.claim_id}"
    assert "Zgoda pracodawcy" in browser.get(page).text
    assert browser.form(f"{page}/employer-consent").status_code == 303
    assert "Zgoda pracodawcy" not in browser.get(page).text
    with app.database.unit_of_work() as session:
        assert buyer_of(session, of, review) is BuyerFact.PARTICIPANT
        assert consents.holds(
            session,
            person_id=of.participant.person_id,
            kind=consents.EMPLOYER,
            scope=f"program:{of.program.id}",
        )


def test_nobody_agrees_on_anothers_claim(app: App, sign_in: SignIn, of: make.World) -> None:
    with app.database.unit_of_work() as session:
        other = make.world(session)
        review = make.awaiting(session, of)
    browser = browser_of(app, sign_in, other)
    assert browser.form(f"/claims/{review.claim_id}/employer-consent").status_code == 404
    with app.database.unit_of_work() as session:
        assert buyer_of(session, of, review) is BuyerFact.NO_CONSENT
