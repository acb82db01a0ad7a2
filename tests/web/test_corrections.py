"""Corrections on the pages of those who settle them, and of the participant they touch."""

from __future__ import annotations

import re
from dataclasses import replace
from decimal import Decimal

import pytest
from sqlmodel import select

from accounts.grants import grant
from accounts.roles import Grant, Role, scope_of
from accounts.tables import Person
from claims.correction_tables import Correction, CorrectionStatus
from claims.states import ClaimStatus
from claims.tables import Claim
from core import clock
from core.audit import AuditEntry
from core.runtime import App
from demo.documents import corrections as makers
from ocr.reading import Box
from tests import make
from tests.conftest import NOON
from tests.verification import corrected as scenes
from tests.web.conftest import Browser, SignIn
from tests.web.partner_world import page_image
from tests.web.test_claim_receipts import browser_of
from verification import corrections, feed_corrections, intake
from verification.feed_returns import Returned, SaleCorrection


@pytest.fixture
def of(app: App) -> make.World:
    with app.database.unit_of_work() as session:
        return make.world(session)


def doubtful(app: App, of: make.World) -> tuple[Claim, Correction]:
    """Two lines of one product, and a correction that fits both."""
    with app.database.unit_of_work() as session:
        invoice = scenes.original(of)
        twice = replace(invoice, lines=(invoice.lines[0], invoice.lines[0], invoice.lines[1]))
        claim = make.submitted(session, of)
        scenes.approve(
            session, of, make.read(session, claim, scenes.read(twice), pages=[page_image(app)])
        )
        back = makers.quantity_difference(
            twice, number="KOR/8", issued_on=scenes.SOLD_ON, returned={1: Decimal(20)}
        )
        scenes.send(session, of, replace(back, lines=(replace(back.lines[0], number=9),)))
        return claim, scenes.only_correction(session)


def clerk_browser(app: App, sign_in: SignIn, of: make.World) -> Browser:
    with app.database.unit_of_work() as session:
        person = session.get_one(Person, of.clerk.person_id)
        grant(
            session,
            person_id=person.id,
            grant=Grant(Role.CLERK, scope_of("branch", of.branch.id)),
            by="test",
            at=NOON,
        )
    return sign_in(person=person)


def test_a_clerk_says_what_came_back_and_the_participant_reads_it(
    app: App, sign_in: SignIn, of: make.World
) -> None:
    claim, correction = doubtful(app, of)
    desk = clerk_browser(app, sign_in, of)
    assert "KOR/8" in desk.get("/corrections").text
    page = desk.get(f"/corrections/{correction.id}").text
    assert "pasuje do kilku pozycji" in page
    # The invoice has a picture to compare with, the correction came without one.
    paper = f"/corrections/{correction.id}/invoice/1"
    assert f'src="{paper}"' in page
    assert desk.get(paper).headers["content-type"] == "image/jpeg"
    assert desk.get(f"/corrections/{correction.id}/pages/1").status_code == 404
    field = f"back-{claim.purchase_id}-2"
    assert f'name="{field}"' in page
    path = f"/corrections/{correction.id}/settlement"
    wrong = desk.form(path, {field: "dwa"})
    assert wrong.status_code == 422
    much = desk.form(path, {field: "61"})
    assert much.status_code == 422
    assert "Tyle nie zostało." in much.text
    assert desk.form(path, {field: "20"}).status_code == 303
    with app.database.unit_of_work() as session:
        made = session.exec(select(Correction)).one()
        assert (made.status, made.settled_by) == (CorrectionStatus.APPLIED, of.clerk.person_id)
        assert session.get_one(Claim, claim.id).points == 900 + 600 + 480
    participant = browser_of(app, sign_in, of)
    told = participant.get(f"/claims/{claim.id}").text
    assert "Korekta KOR/8: wróciło 20 z pozycji 2." in told
    assert "Wycofaliśmy 300 punktów." in told
    history = participant.get("/points").text
    assert f'Korekta faktury <a class="small" href="/claims/{claim.id}">KOR/8</a>' in history
    # It was said of the wrong invoice: with a reason all of it is given back.
    desk = clerk_browser(app, sign_in, of)
    assert "Rozliczone przez człowieka" in desk.get("/corrections").text
    back = f"/corrections/{correction.id}/withdrawal"
    settled = desk.get(f"/corrections/{correction.id}").text
    assert f'action="{back}"' in settled
    assert re.search("Rozliczono [0-9]|Rozliczono dziś", settled)
    assert "pasuje do kilku pozycji" not in settled
    assert "Napisz, dlaczego." in desk.form(back, {"note": " "}).text
    assert desk.form(back, {"note": "inna faktura"}).status_code == 303
    assert "Wcześniejsze rozliczenie tej korekty cofnięto." in desk.get("/corrections").text
    participant = browser_of(app, sign_in, of)
    told = participant.get(f"/claims/{claim.id}").text
    assert "Korektę KOR/8 rozliczono pomyłkowo. Cofnęliśmy to. Oddaliśmy 300 punktów." in told
    history = participant.get("/points").text
    assert f'po korekcie faktury <a class="small" href="/claims/{claim.id}">KOR/8</a>' in history


def test_an_unproven_correction_waits_with_what_was_read_and_keeps_what_a_clerk_changed(
    app: App, sign_in: SignIn, of: make.World
) -> None:
    with app.database.unit_of_work() as session:
        invoice = scenes.original(of)
        claim = scenes.paid(session, of, invoice)
        seen = scenes.read(scenes.before_after(invoice, {1: "40"}))
        place = Box(1, 0.1, 0.4, 0.9, 0.44)
        seen = replace(seen, lines=tuple(replace(line, box=place) for line in seen.lines))
        sent = make.submitted(session, of)
        intake.begin_reading(session, claim_id=sent.id, at=NOON)
        intake.complete_reading(
            session, claim_id=sent.id, reading=seen, pages=[page_image(app)], at=NOON
        )
        correction = scenes.only_correction(session)
    desk = clerk_browser(app, sign_in, of)
    page = desk.get(f"/corrections/{correction.id}").text
    first, second = (f"back-{claim.purchase_id}-{n}" for n in (1, 2))
    assert re.search(f'name="{first}" value="20"', page)
    assert re.search(f'name="{second}" value=""', page)
    assert f'<image href="/corrections/{correction.id}/pages/1"' in page
    with app.database.unit_of_work() as session:  # Nothing is decided by what stands there.
        assert session.get_one(Claim, claim.id).points == 1380
    path = f"/corrections/{correction.id}/settlement"
    assert desk.form(path, {first: "18", second: ""}).status_code == 303
    with app.database.unit_of_work() as session:
        assert session.get_one(Claim, claim.id).points == 1380 - 18 * 15
        kept = session.exec(
            select(AuditEntry).where(AuditEntry.action == "correction.answer")
        ).one()
        assert kept.facts == {"answers": "1: 20 → 18"}


def test_a_correction_that_may_have_two_numbers_is_shown_beside_the_other(
    app: App, sign_in: SignIn, of: make.World
) -> None:
    with app.database.unit_of_work() as session:
        invoice = scenes.original(of)
        scenes.paid(session, of, invoice)
        scenes.send(session, of, scenes.before_after(invoice, {1: "40"}, "FK/900"))
        row = Returned("", "", invoice.lines[0].name, "szt", Decimal(-20))
        buyer = of.participant.nip
        told = SaleCorrection("KFS 12", invoice.number, buyer, "2026-11-19", (row,))
        feed_corrections.take_in(session, partner=of.partner, found=[told], at=NOON)
        second = session.exec(select(Correction).where(Correction.number == "KFS 12")).one()
    desk = clerk_browser(app, sign_in, of)
    page = desk.get(f"/corrections/{second.id}").text
    assert "to ta sama czy druga?" in page
    assert re.search(r'href="/corrections/[^"]+">FK/900</a>.*z KSeF', page)


def test_another_wholesaler_finds_no_such_correction(
    app: App, sign_in: SignIn, of: make.World
) -> None:
    _, correction = doubtful(app, of)
    with app.database.unit_of_work() as session:
        other = make.world(session)
    desk = clerk_browser(app, sign_in, other)
    assert "KOR/8" not in desk.get("/corrections").text
    for path in ("", "/invoice/1", "/settlement", "/dismissal", "/withdrawal"):
        address = f"/corrections/{correction.id}{path}"
        answer = desk.form(address, {}) if path.endswith(("nt", "al")) else desk.get(address)
        assert answer.status_code == 404
    with app.database.unit_of_work() as session:
        assert session.exec(select(Correction.status)).one() is CorrectionStatus.NEEDS_PERSON


def test_a_sent_correction_says_what_it_is(app: App, sign_in: SignIn, of: make.World) -> None:
    with app.database.unit_of_work() as session:
        sent = scenes.send(session, of, scenes.before_after(scenes.original(of), {1: "40"}))
    browser = browser_of(app, sign_in, of)
    page = browser.get(f"/claims/{sent.id}").text
    assert "To korekta faktury FV/1184/11/2026" in page
    assert "Uwzględnimy ją, gdy zgłosisz tę fakturę." in page
    # Nobody refused it: a list says what became of it, and the refused ones are without it.
    listed = browser.get("/claims").text
    assert "Korekta czeka na fakturę" in listed
    assert listed.count("Niezaliczone") == 1  # the filter's own name
    assert f"/claims/{sent.id}" in listed
    assert f"/claims/{sent.id}" not in browser.get("/claims?show=refused").text


def test_nobody_appeals_against_a_correction_unless_a_person_said_that_it_changes_nothing(
    app: App, sign_in: SignIn, of: make.World
) -> None:
    """It asked for no points; what a person dismissed may be an invoice that was taken for one."""
    with app.database.unit_of_work() as session:
        invoice = scenes.original(of)
        scenes.paid(session, of, invoice)
        settled = scenes.send(session, of, scenes.before_after(invoice, {1: "40"}))
        later = scenes.before_after(invoice, {1: "30"}, number="KOR/9/2026")
        waiting = scenes.send(session, of, later, proven=False)
    browser = browser_of(app, sign_in, of)
    for claim in (settled, waiting):
        assert "/appeal" not in browser.get(f"/claims/{claim.id}").text
        told = browser.get(f"/api/v1/claims/{claim.id}").json()
        assert (told["status"], told["may_appeal"]) == ("rejected", False)
        refused = browser.form(f"/claims/{claim.id}/appeal", {"text": "nie zgadzam się"})
        assert refused.status_code == 409
    with app.database.unit_of_work() as session:
        assert session.get_one(Claim, settled.id).status is ClaimStatus.REJECTED
        [open_one] = session.exec(select(Correction).where(Correction.claim_id == waiting.id))
        clerk = of.clerk.person_id
        corrections.dismiss(session, correction_id=open_one.id, person_id=clerk, at=clock.now())
    assert f"/claims/{waiting.id}/appeal" in browser.get(f"/claims/{waiting.id}").text
    sent = browser.form(f"/claims/{waiting.id}/appeal", {"text": "to zwykła faktura"})
    assert sent.status_code == 303


def test_a_correction_from_a_sales_file_is_settled_like_one_that_was_sent(
    app: App, sign_in: SignIn, of: make.World
) -> None:
    with app.database.unit_of_work() as session:
        claim = scenes.paid(session, of, scenes.original(of))
        before = scenes.spendable(session, of)
        told = SaleCorrection(
            number="KFV/3/2026",
            original="FV/1184/11/2026",
            buyer_nip=of.participant.nip,
            day="2026-11-19",
            # Without a sign nobody knows what came back: a person says it.
            rows=(Returned("", "", "GNIAZDO NOVA P/T Z/U BIAŁE", "szt.", None),),
        )
        assert feed_corrections.take_in(session, partner=of.partner, found=[told], at=NOON) == 1
        correction = scenes.only_correction(session)
    desk = clerk_browser(app, sign_in, of)
    assert "KFV/3/2026" in desk.get("/corrections").text
    page = desk.get(f"/corrections/{correction.id}")
    assert page.status_code == 200
    field = f"back-{claim.purchase_id}-1"
    assert f'name="{field}"' in page.text
    done = desk.form(f"/corrections/{correction.id}/settlement", {field: "20"})
    assert done.status_code == 303
    with app.database.unit_of_work() as session:
        assert scenes.only_correction(session).status is CorrectionStatus.APPLIED
        assert scenes.spendable(session, of) == before - 20 * 15
