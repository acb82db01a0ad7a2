"""A claim from an e-mail that no server proved: the participant says in the app whose it is."""

from __future__ import annotations

import pytest
from fastapi import FastAPI
from sqlmodel import select

from claims import service
from claims.states import ClaimStatus
from claims.tables import Channel, Claim
from core.queue import Work
from core.runtime import App
from tests import make
from tests.web import callers
from tests.web.conftest import SignIn
from tests.web.test_claim_receipts import browser_of


@pytest.fixture
def of(app: App) -> make.World:
    with app.database.unit_of_work() as session:
        return make.world(session)


def draft(app: App, of: make.World) -> Claim:
    with app.database.unit_of_work() as session:
        return service.submit(
            session,
            program=of.program,
            participant=of.participant,
            files=[make.StoredFile("c" * 64, "faktura z poczty.xml", "application/xml", 900)],
            channel=Channel.EMAIL,
            actor="mailbox",
            confirmed=False,
            at=make.NOON,
        )


def status(app: App, claim: Claim) -> ClaimStatus:
    with app.database.unit_of_work() as session:
        return session.get_one(Claim, claim.id).status


def readings(app: App) -> int:
    with app.database.unit_of_work() as session:
        return len(session.exec(select(Work).where(Work.job == service.READ.name)).all())


def test_one_tap_makes_a_draft_a_claim_that_is_read(
    app: App, sign_in: SignIn, of: make.World
) -> None:
    claim = draft(app, of)
    browser = browser_of(app, sign_in, of)
    assert "Do potwierdzenia" in browser.get("/claims").text
    page = browser.get(f"/claims/{claim.id}").text
    for said in ("Czy ten e-mail jest od Ciebie?", "faktura z poczty.xml", "Przyszło e-mailem"):
        assert said in page
    assert readings(app) == 0
    answer = browser.form(f"/claims/{claim.id}/confirmation")
    assert (answer.status_code, status(app, claim)) == (303, ClaimStatus.SUBMITTED)
    again = browser.form(f"/claims/{claim.id}/confirmation")
    assert (again.status_code, readings(app)) == (409, 1)


def test_whose_e_mail_it_was_not_withdraws_it(app: App, sign_in: SignIn, of: make.World) -> None:
    claim = draft(app, of)
    browser = browser_of(app, sign_in, of)
    assert f"/claims/{claim.id}/cancellation" in browser.get(f"/claims/{claim.id}").text
    browser.form(f"/claims/{claim.id}/cancellation")
    assert (status(app, claim), readings(app)) == (ClaimStatus.CANCELLED, 0)


def test_a_stranger_confirms_nothing_and_a_program_may(
    app: App, web: FastAPI, of: make.World
) -> None:
    claim = draft(app, of)
    path = f"/api/v1/claims/{claim.id}/confirmation"
    stranger, mine = callers.stranger(app, web, of), callers.participant(app, web, of)
    assert stranger.post(path).status_code == 404
    assert status(app, claim) is ClaimStatus.DRAFT
    answer = mine.post(path)
    assert (answer.status_code, answer.json()["status"]) == (200, "submitted"), answer.text
