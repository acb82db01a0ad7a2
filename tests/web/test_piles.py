"""A pile of files becomes one claim each; a clerk sends a proof in for a customer."""

from __future__ import annotations

import pytest
from fastapi import FastAPI
from sqlmodel import select

from accounts.tables import Person
from claims.tables import Channel, Claim, ClaimBatch
from core.runtime import App
from messages.tables import Notice
from programs import service as programs
from tests import make
from tests.conftest import NOON
from tests.web import callers
from tests.web.conftest import Browser, SignIn
from tests.web.test_claim_receipts import browser_of
from tests.web.test_corrections import clerk_browser


@pytest.fixture
def of(app: App) -> make.World:
    with app.database.unit_of_work() as session:
        return make.world(session)


def upload(count: int) -> list[tuple[str, tuple[str, bytes, str]]]:
    return [
        ("files", (f"{n}.pdf", b"%PDF-1.7 " + str(n).encode(), "application/pdf"))
        for n in range(count)
    ]


def claims_of(app: App) -> list[Claim]:
    with app.database.unit_of_work() as session:
        return list(session.exec(select(Claim)))


def test_a_pile_becomes_one_claim_for_each_file_and_shows_how_far_it_is(
    app: App, sign_in: SignIn, of: make.World
) -> None:
    browser = browser_of(app, sign_in, of)
    answer = browser.form("/piles", {}, files=upload(13))
    assert answer.status_code == 303, answer.text
    assert len(claims_of(app)) == 13
    page = browser.get(answer.headers["location"]).text
    assert "Odczytane: 0 z 13" in page
    assert 'hx-trigger="every 2s"' in page
    with app.database.unit_of_work() as session:
        batch = session.exec(select(ClaimBatch)).one()
        first = session.exec(select(Claim)).first()
        assert first is not None
        make.read(session, first, make.reading(of))
    piece = browser.get(f"/piles/{batch.id}", headers={"hx-request": "true"}).text
    assert "Odczytane: 1 z 13" in piece
    assert "<html" not in piece


def test_a_copy_within_a_pile_is_sent_once_and_said(
    app: App, sign_in: SignIn, of: make.World
) -> None:
    browser = browser_of(app, sign_in, of)
    files = upload(2)
    field, (_name, *content) = files[0]
    answer = browser.form("/piles", {}, files=[*files, (field, ("kopia.pdf", *content))])
    assert len(claims_of(app)) == 2
    page = browser.get(answer.headers["location"]).text
    assert "Pominięte kopie: 1" in page
    assert "kopia.pdf" not in page
    assert browser.get("/piles/abc").status_code == 404


def test_a_pile_too_large_makes_nothing(app: App, sign_in: SignIn, of: make.World) -> None:
    answer = browser_of(app, sign_in, of).form("/piles", {}, files=upload(51))
    assert answer.status_code == 422
    assert "najwyżej 50 plików" in answer.text
    assert claims_of(app) == []


def test_the_pile_of_another_is_not_found(app: App, web: FastAPI, of: make.World) -> None:
    mine, stranger = callers.participant(app, web, of), callers.stranger(app, web, of)
    sent = mine.post("/api/v1/piles", files=upload(2), headers={"idempotency-key": "pile-0001"})
    assert sent.status_code == 201, sent.text
    assert (sent.json()["total"], sent.json()["read"]) == (2, 0)
    address = sent.headers["location"]
    assert mine.get(address).json() == sent.json()
    assert stranger.get(address).status_code == 404
    again = mine.post("/api/v1/piles", files=upload(2), headers={"idempotency-key": "pile-0001"})
    assert again.text == sent.text
    assert len(claims_of(app)) == 2


def at_counter(browser: Browser, who: str) -> object:
    return browser.form("/counter", {"who": who}, files=upload(1))


def test_a_clerk_sends_a_proof_in_and_the_participant_is_told(
    app: App, sign_in: SignIn, of: make.World
) -> None:
    desk = clerk_browser(app, sign_in, of)
    assert at_counter(desk, of.participant.nip).status_code == 303
    [claim] = claims_of(app)
    assert (claim.channel, claim.participant_id) == (Channel.COUNTER, of.participant.id)
    assert claim.number in desk.get("/counter").text
    with app.database.unit_of_work() as session:
        notice = session.exec(select(Notice)).one()
        assert (notice.kind, notice.person_id) == ("claim-entered", of.participant.person_id)


def test_whom_the_wholesaler_does_not_serve_nobody_is(
    app: App, sign_in: SignIn, of: make.World
) -> None:
    with app.database.unit_of_work() as session:
        other = make.world(session)
        stranger = session.get_one(Person, other.participant.person_id).email or ""
        own = session.get_one(Person, of.clerk.person_id).email or ""
    desk = clerk_browser(app, sign_in, of)
    answers = [at_counter(desk, who) for who in (other.participant.nip, stranger, own, "x")]
    assert {a.status_code for a in answers} == {422}
    assert all("Nie znamy takiego uczestnika" in a.text for a in answers)
    assert claims_of(app) == []


def test_a_clerk_enters_no_claim_of_their_own(app: App, sign_in: SignIn, of: make.World) -> None:
    with app.database.unit_of_work() as session:
        mine = programs.enrol(
            session,
            program=of.program,
            person_id=of.clerk.person_id,
            company_name="Po godzinach",
            nip=make.nip(),
            voivodeship="30",
            at=NOON,
        )
    answer = at_counter(clerk_browser(app, sign_in, of), mine.nip)
    assert answer.status_code == 403
    assert claims_of(app) == []
