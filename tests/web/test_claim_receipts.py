"""The decision receipt explains every line on the page, on paper and to programs."""

from __future__ import annotations

import io
from dataclasses import replace
from decimal import Decimal

import pdfplumber
import pytest
from fastapi import FastAPI
from PIL import Image

from accounts.grants import grant
from accounts.roles import Grant, Role, scope_of
from accounts.tables import Person
from claims import queries
from claims.extraction import PageImage
from claims.states import ReasonCode, Verdict
from claims.tables import Claim
from core.runtime import App
from ocr.reading import Box
from tests import make
from tests.conftest import NOON
from tests.web import callers
from tests.web.conftest import Browser, SignIn
from verification import correcting, decisions
from verification.judging import LineVerdict


@pytest.fixture
def of(app: App) -> make.World:
    with app.database.unit_of_work() as session:
        return make.world(session)


def picture(app: App) -> PageImage:
    out = io.BytesIO()
    Image.new("RGB", (800, 1100), "white").save(out, "PNG")
    return PageImage(app.blobs.put(out.getvalue()), "image/png", 800, 1100)


def decided(app: App, of: make.World) -> Claim:
    """Sixty sockets paid, the boards refused as returned, the cable outside the programme."""
    with app.database.unit_of_work() as session:
        seen = make.reading(of)
        lines = [replace(x, box=Box(1, 0.1, 0.2, 0.9, 0.24)) for x in seen.lines]
        claim = make.submitted(session, of)
        review = make.read(session, claim, replace(seen, lines=tuple(lines)), pages=[picture(app)])
        sockets, boards, _ = queries.list_lines(session, claim.id)
        decisions.decide(
            session,
            review=review,
            clerk=of.clerk,
            verdicts=[
                LineVerdict(sockets.id, Verdict.APPROVE),
                LineVerdict(boards.id, Verdict.REJECT, ReasonCode.QUANTITY_UNCERTAIN),
            ],
            at=NOON,
        )
        return claim


def browser_of(app: App, sign_in: SignIn, of: make.World) -> Browser:
    with app.database.unit_of_work() as session:
        person = session.get_one(Person, of.participant.person_id)
        grant(
            session,
            person_id=person.id,
            grant=Grant(Role.PARTICIPANT, scope_of("program", of.program.id)),
            by="test",
            at=NOON,
        )
    return sign_in(person=person)


def test_a_receipt_names_the_sum_the_rule_the_reason_and_the_remedy(
    app: App, web: FastAPI, of: make.World
) -> None:
    claim = decided(app, of)
    told = callers.participant(app, web, of).get(f"/api/v1/claims/{claim.id}/receipt").json()
    sockets, boards, cable = told["lines"]
    assert (told["points"], told["decided_by"], told["decider"]) == (
        900,
        "partner",
        of.partner.name,
    )
    assert (sockets["verdict"], sockets["points"], sockets["units"]) == ("paid", 900, "60.000000")
    assert sockets["sum_text"] == "60\u00a0pcs × 15\u00a0pts"
    assert (sockets["rule_version"], sockets["rule_valid_from"]) == (1, "2026-01-01")
    assert "Osprzęt Nova" in sockets["rule_text"]
    assert (boards["reason"], boards["remedy"]) == ("quantity_uncertain", "count_units")
    assert boards["remedy_text"]
    assert (cable["verdict"], cable["remedy"]) == ("outside", "name_product")


def test_the_page_and_the_paper_say_the_same(
    app: App, web: FastAPI, sign_in: SignIn, of: make.World
) -> None:
    claim = decided(app, of)
    browser = browser_of(app, sign_in, of)
    page = browser.get(f"/claims/{claim.id}").text
    paper = browser.get(f"/claims/{claim.id}/receipt.pdf")
    assert paper.headers["content-type"] == "application/pdf"
    with pdfplumber.open(io.BytesIO(paper.content)) as pdf:
        text = " ".join((p.extract_text() or "") for p in pdf.pages).replace("\n", " ")
        assert len(pdf.pages[0].images) == 2  # the crops of the two lines of the programme
        middles = [(w["top"] + w["bottom"]) / 2 for w in pdf.pages[0].extract_words()]
        for crop in pdf.pages[0].images:
            assert not [y for y in middles if crop["top"] < y < crop["bottom"]], "under a crop"
    for words in ("Osprzęt Nova", "wersja 1", "widać ilość", of.partner.name):
        assert words in page.replace("\u00a0", " ")
        assert words in text.replace("\u00a0", " ")


def test_what_the_verifier_took_off_is_listed_with_its_reason_and_the_way_to_appeal(
    app: App, web: FastAPI, sign_in: SignIn, of: make.World
) -> None:
    """20 of the 60 sockets, the boards called foreign: nothing of it hides behind the sum."""
    with app.database.unit_of_work() as session:
        review = make.awaiting(session, of)
        sockets, boards, _ = queries.list_lines(session, review.claim_id)
        said = [
            LineVerdict(sockets.id, Verdict.APPROVE, quantity=Decimal(20)),
            LineVerdict(boards.id, Verdict.REJECT, ReasonCode.NOT_IN_PROGRAM),
        ]
        correcting.record(session, review=review, clerk=of.clerk, verdicts=said, at=NOON)
        decisions.decide(session, review=review, clerk=of.clerk, verdicts=said, at=NOON)
        claim_id = review.claim_id
    caller = callers.participant(app, web, of)
    told = caller.get(f"/api/v1/claims/{claim_id}/receipt").json()
    assert [(x["position"], x["how"], x["read"], x["accepted"]) for x in told["reduced"]] == [
        (1, "shortened", "60", "20.000000"),
        (2, "foreign", "2.000000", "0"),
    ]
    assert told["appeal_until"] is not None
    assert [line["verdict"] for line in told["lines"]] == ["paid", "rejected", "outside"]
    browser = browser_of(app, sign_in, of)
    page = browser.get(f"/claims/{claim_id}").text.replace("\u00a0", " ")
    with pdfplumber.open(io.BytesIO(browser.get(f"/claims/{claim_id}/receipt.pdf").content)) as pdf:
        paper = " ".join((p.extract_text() or "") for p in pdf.pages).replace("\u00a0", " ")
    for words in (
        "Czego nie zaliczono",
        "zaliczono 20 z 60 szt.",
        "Sprawdzający poprawił ilość odczytaną z dokumentu.",
        "Sprawdzający uznał, że to nie jest produkt programu.",
    ):
        assert words in page
        assert words in paper.replace("\n", " ")
    assert '<a href="#appeal">' in page
    assert "Odwołaj się do" in paper
    appealed = caller.post(f"/api/v1/claims/{claim_id}/appeal", json={"text": "Było 60."})
    assert appealed.status_code == 200, appealed.text
    told = caller.get(f"/api/v1/claims/{claim_id}/receipt").json()
    assert (told["appeal"], told["appeal_until"]) == ("open", None)
    assert '<a href="#appeal">' not in browser.get(f"/claims/{claim_id}").text


def test_an_open_claim_has_no_receipt_and_anothers_is_not_found(
    app: App, web: FastAPI, of: make.World
) -> None:
    with app.database.unit_of_work() as session:
        claim = make.submitted(session, of)
    refused = callers.participant(app, web, of).get(f"/api/v1/claims/{claim.id}/receipt")
    assert (refused.status_code, refused.json()["code"]) == (409, "claim-not-decided")
    decided_claim = decided(app, of)
    stranger = callers.stranger(app, web, of)
    for path in ("receipt", "receipt.pdf"):
        answer = stranger.get(f"/api/v1/claims/{decided_claim.id}/{path}")
        assert (answer.status_code, answer.json()["code"]) == (404, "claim-not-found")


def test_a_suspicion_is_never_named_to_the_participant(
    app: App, web: FastAPI, of: make.World
) -> None:
    with app.database.unit_of_work() as session:
        review = make.awaiting(session, of)
        decisions.reject(
            session, review=review, clerk=of.clerk, reason=ReasonCode.SUSPECTED_FORGERY, at=NOON
        )
        claim_id = review.claim_id
    answer = callers.participant(app, web, of).get(f"/api/v1/claims/{claim_id}/receipt")
    assert {line["reason"] for line in answer.json()["lines"]} == {"other"}
    assert "forg" not in answer.text


def test_the_swapped_piece_carries_the_heading_that_changed(
    app: App, sign_in: SignIn, of: make.World
) -> None:
    browser = browser_of(app, sign_in, of)
    with app.database.unit_of_work() as session:
        claim = make.submitted(session, of)
    before = browser.get(f"/claims/{claim.id}").text
    assert f'<span id="claim-title">Zgłoszenie {claim.number}</span>' in before
    with app.database.unit_of_work() as session:
        make.read(session, session.get_one(Claim, claim.id), make.reading(of))
    piece = browser.get(f"/claims/{claim.id}", headers={"hx-request": "true"}).text
    assert '<span id="claim-title" hx-swap-oob="true">FV/1184/11/2026</span>' in piece
    assert 'id="claim-lead" hx-swap-oob="true"' in piece


def test_a_row_of_which_a_part_was_paid_before_says_so(
    app: App, sign_in: SignIn, of: make.World
) -> None:
    """The photo showed 40 of the 60 sockets; the XML brings the rest, and tells the sum."""
    with app.database.unit_of_work() as session:
        for shown in ("40", "60"):
            row = make.line(1, "GNIAZDO NOVA P/T Z/U BIAŁE", shown, gtin="5901234123457")
            claim = make.submitted(session, of)
            review = make.read(session, claim, make.reading(of, lines=[row]))
            [line] = queries.list_lines(session, claim.id)
            said = [LineVerdict(line.id, Verdict.APPROVE)]
            decisions.decide(session, review=review, clerk=of.clerk, verdicts=said, at=NOON)
    page = browser_of(app, sign_in, of).get(f"/claims/{claim.id}").text.replace("\u00a0", " ")
    assert "20 szt. × 15 pkt · z 60 szt.; resztę zaliczono lub zwrócono wcześniej" in page
