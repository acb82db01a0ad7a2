"""Advances, pro formas and delivery notes bring nothing until a person says otherwise."""

from __future__ import annotations

from dataclasses import replace

import pytest
from fastapi import FastAPI
from sqlmodel import Session

from accounts.roles import Role, scope_of
from accounts.tables import Person
from claims.states import ClaimStatus, ReasonCode
from claims.tables import Claim
from core.runtime import App
from ocr.reading import DocumentKind
from points import addresses, ledger
from tests import make
from tests.conftest import NOON
from tests.verification.test_automatic import living, prove
from tests.web.conftest import SignIn, plain_logs, sign_in, web  # noqa: F401
from tests.web.partner_world import Counter, act, balance, decisions_of, enter, open_counter
from tests.web.test_api_reviews import APPROVE, caller
from verification import bulk
from verification.proof_tables import ProofKind
from verification.tables import Review

UNSOLD = (DocumentKind.ADVANCE_INVOICE, DocumentKind.OTHER)


def sent(session: Session, of: make.World, kind: DocumentKind) -> Review:
    return make.read(session, make.submitted(session, of), replace(make.reading(of), kind=kind))


@pytest.fixture
def counter(app: App, sign_in: SignIn) -> Counter:  # noqa: F811
    return open_counter(app, sign_in)


@pytest.mark.parametrize("kind", UNSOLD)
@pytest.mark.parametrize("proof", [ProofKind.KSEF_REGISTRY, ProofKind.KSEF_FETCHED])
def test_not_even_the_register_pays_for_it(
    session: Session, kind: DocumentKind, proof: ProofKind
) -> None:
    of = make.world(session)
    review = sent(session, of, kind)
    prove(session, review.claim_id, proof, ksef_number="1", lines=[1, 2, 3])
    claim = session.get_one(Claim, review.claim_id)
    assert (living(session, claim.id), claim.estimate_points) == (None, 0)
    assert claim.status is ClaimStatus.AWAITING_PARTNER
    assert bulk.list_sure(session, clerk=of.clerk, at=NOON) == []
    assert ledger.balance(session, addresses.active(of.participant.id)) == 0


@pytest.mark.parametrize(
    ("kind", "reason"),
    [
        (DocumentKind.ADVANCE_INVOICE, ReasonCode.ADVANCE),
        (DocumentKind.OTHER, ReasonCode.NO_SALE),
    ],
)
def test_the_desk_asks_and_no_refuses_with_the_reason(
    app: App, session: Session, counter: Counter, kind: DocumentKind, reason: ReasonCode
) -> None:
    with app.database.unit_of_work() as inside:
        review = sent(inside, counter.of, kind)
    assert "czy towar został sprzedany?" in counter.clerk.get(f"/reviews/{review.id}").text
    unanswered = act(counter.clerk, review, "decision")
    assert unanswered.status_code == 422  # type: ignore[attr-defined]
    assert decisions_of(session) == []
    act(counter.clerk, review, "decision", sold="no")
    [decision] = decisions_of(session)
    assert (decision.reason, balance(session, counter.of)) == (reason, 0)


def test_the_participant_reads_what_the_paper_lacks(app: App, sign_in: SignIn) -> None:  # noqa: F811
    with app.database.unit_of_work() as inside:
        of = make.world(inside)
        claim_id = sent(inside, of, DocumentKind.ADVANCE_INVOICE).claim_id
        person = inside.get_one(Person, of.participant.person_id)
    scope = scope_of("program", of.program.id)
    browser = enter(app, sign_in, person, Role.PARTICIPANT, scope)
    page = browser.get(f"/claims/{claim_id}").text
    assert "To faktura zaliczkowa. Punkty da faktura końcowa. Sprawdzi to człowiek." in page


def test_who_knows_of_the_delivery_may_credit_it(
    app: App, session: Session, counter: Counter
) -> None:
    with app.database.unit_of_work() as inside:
        review = sent(inside, counter.of, DocumentKind.ADVANCE_INVOICE)
    act(counter.clerk, review, "decision", sold="yes")
    assert balance(session, counter.of) == 1380


def test_a_program_has_to_say_so_too(app: App, web: FastAPI, session: Session) -> None:  # noqa: F811
    with app.database.unit_of_work() as inside:
        of = make.world(inside)
        review = sent(inside, of, DocumentKind.OTHER)
    erp = caller(app, web, of)
    assert erp.get(f"/api/v1/reviews/{review.id}").json()["paper"] == "no_sale"
    refused = erp.post(f"/api/v1/reviews/{review.id}/decision", json=APPROVE)
    assert (refused.status_code, balance(session, of)) == (422, 0)
    said = erp.post(f"/api/v1/reviews/{review.id}/decision", json={**APPROVE, "sold": True})
    assert (said.status_code, said.json()["points"]) == (200, 1380)
