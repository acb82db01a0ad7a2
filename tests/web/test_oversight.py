"""Support answers where the points are; an auditor goes from a point to the document."""

from __future__ import annotations

import io
import re
from dataclasses import replace
from datetime import timedelta

import pytest
from PIL import Image
from sqlmodel import select

from accounts.roles import Role, scope_of
from accounts.tables import Person
from claims import queries
from claims.extraction import PageImage
from claims.states import ReasonCode, Verdict
from claims.tables import Claim
from core.runtime import App
from ocr.reading import Box
from tests import make
from tests.analytics import scene as scenes
from tests.analytics.scene import SECRETS, Scene
from tests.conftest import NOON
from tests.web.conftest import Browser, SignIn
from verification import decisions
from verification.judging import LineVerdict


@pytest.fixture
def found(app: App) -> Scene:
    with app.database.unit_of_work() as session:
        made = scenes.scene(session)
        scenes.bought(session, made, sockets=60)
        scenes.bought(session, made, reject=ReasonCode.OTHER_BUYER)
        make.give_points(session, made.world, 1_000)
        make.place(session, made.world, make.stocked_reward(session, made.world))
        return made


@pytest.fixture
def place(found: Scene) -> str:
    return scope_of("program", found.world.program.id)


@pytest.fixture
def support(place: str, sign_in: SignIn) -> Browser:
    return sign_in(Role.SUPPORT, scope=place)


@pytest.fixture
def auditor(place: str, sign_in: SignIn) -> Browser:
    return sign_in(Role.AUDITOR, scope=place)


def test_support_finds_a_person_by_anything_they_can_name(
    app: App, found: Scene, support: Browser
) -> None:
    firm = found.firms[0]
    with app.database.unit_of_work() as session:
        person = session.get_one(Person, firm.person_id)
        person.phone = "+48600100200"
        session.add(person)
        session.flush()
        claim = session.exec(select(Claim).where(Claim.participant_id == firm.id)).first()
        assert claim is not None
        email, number, claim_id = person.email, claim.number, claim.id
    page = f"/support/participants/{firm.id}"
    asked = {
        email: page,
        "600 100 200": page,
        firm.nip: page,
        f"{firm.nip[:3]}-{firm.nip[3:6]}-{firm.nip[6:8]}-{firm.nip[8:]}": page,
        firm.company_name: page,
        number.lower(): f"/support/claims/{claim_id}",
    }
    for text, path in asked.items():
        answer = support.get("/support", params={"q": text}, follow_redirects=False)
        assert answer.headers.get("location") == path, text


def test_several_that_fit_are_listed_and_short_words_find_nobody(
    found: Scene, support: Browser
) -> None:
    several = support.get("/support?q=tajna").text
    assert several.count('href="/support/participants/') == 5
    assert 'href="/support/participants/' not in support.get("/support?q=ta").text


def test_one_page_answers_where_the_points_are(found: Scene, support: Browser) -> None:
    text = support.get(f"/support/participants/{found.firms[0].id}").text.replace("\u00a0", " ")
    assert "1 400" in text  # 900 + 1000 − 500 held for the reward
    assert "Przyznane za zakup" in text
    assert "Odłożone na nagrodę" in text
    assert "Wkrętarka" in text
    assert "Niezaliczone" in text
    assert not [secret for secret in SECRETS if secret in text]


def test_support_sees_why_a_line_was_not_paid_and_no_other_brand(
    found: Scene, support: Browser
) -> None:
    page = support.get(f"/support/participants/{found.firms[0].id}").text
    taken_off = []
    for path in set(re.findall(r"/support/claims/[0-9a-f-]{36}", page)):
        text = support.get(path).text
        assert not [secret for secret in SECRETS if secret in text]
        assert "Pozycje spoza programu: 1." in text
        taken_off += re.findall(r"nie zaliczono [^<]*", text)
    # Only the refused claim lost something.
    assert taken_off
    assert all("inny niż" in words or "nabyw" in words for words in taken_off), taken_off


def test_what_is_late_stands_on_the_first_page(app: App, found: Scene, support: Browser) -> None:
    with app.database.unit_of_work() as session:
        claim = make.submitted(session, found.world, at=NOON - timedelta(days=30))
        make.read(
            session,
            claim,
            make.reading(found.world, number="FV/spozniona"),
            at=NOON - timedelta(days=30),
        )
        number = claim.number
    assert number in support.get("/support").text


def test_another_programmes_people_are_not_found(app: App, found: Scene, sign_in: SignIn) -> None:
    with app.database.unit_of_work() as session:
        other = scenes.scene(session)
    stranger = sign_in(
        Role.SUPPORT, Role.AUDITOR, scope=scope_of("program", other.world.program.id)
    )
    firm = found.firms[0]
    assert "Nikogo takiego nie ma" in stranger.get(f"/support?q={firm.nip}").text
    for path in (
        f"/support/participants/{firm.id}",
        f"/audit/accounts/{firm.id}",
        "/audit/postings/1",
    ):
        assert stranger.get(path).status_code == 404


def drawn(app: App) -> PageImage:
    out = io.BytesIO()
    Image.new("RGB", (800, 1000), "white").save(out, "PNG")
    return PageImage(app.blobs.put(out.getvalue()), "image/png", 800, 1000)


def test_from_a_point_to_the_crop_in_four_clicks(app: App, found: Scene, auditor: Browser) -> None:
    with app.database.unit_of_work() as session:
        claim = make.submitted(session, found.world)
        line = make.line(1, found.world.socket.name, "7")
        boxed = replace(line, box=Box(page=1, x0=0.1, y0=0.3, x1=0.9, y1=0.34))
        review = make.read(
            session,
            claim,
            make.reading(found.world, number="FV/obraz", lines=[boxed]),
            pages=[drawn(app)],
        )
        decisions.decide(
            session,
            review=review,
            clerk=found.world.clerk,
            verdicts=[
                LineVerdict(x.id, Verdict.APPROVE) for x in queries.list_lines(session, claim.id)
            ],
            at=NOON + timedelta(hours=5),
        )
        number = claim.number
    start = auditor.get("/audit").text  # the auditor's home
    newest = re.findall(r"/audit/postings/(\d+)", start)[0]
    posting = auditor.get(f"/audit/postings/{newest}").text  # click 1
    for fact in (
        number,
        "FV/obraz",
        "Osprzęt Nova",
        "Anna Nowak",
        "Zgadza się",
        "Decyzja o zgłoszeniu",
    ):
        assert fact in posting, fact
    [crop] = re.findall(r'href="(/audit/claims/[^"]+/crop)"', posting)
    picture = auditor.get(crop)
    assert picture.headers["content-type"] == "image/jpeg"
    with Image.open(io.BytesIO(picture.content)) as image:
        assert image.width > 600
    [page] = set(re.findall(r'href="(/audit/claims/[^"]+/pages/1)"', posting))
    assert auditor.get(page).headers["content-type"] == "image/png"  # click 2


def test_an_account_shows_the_balance_after_every_operation(found: Scene, auditor: Browser) -> None:
    firm = found.firms[0]
    answer = auditor.get(f"/audit?q={firm.nip}", follow_redirects=False)
    assert answer.headers["location"] == f"/audit/accounts/{firm.id}"
    text = auditor.get(f"/audit/accounts/{firm.id}").text.replace("\u00a0", " ")
    assert "1 400" in text
    assert "1 900" in text


def test_the_chain_names_what_happened_and_filters_by_subject(
    found: Scene, auditor: Browser
) -> None:
    text = auditor.get("/audit/chain").text
    assert "claim.decide" in text
    assert "redemption.place" in text
    subject = re.findall(r"/audit/chain\?subject=([^\"]+)", text)[0]
    assert 'class="chip chip-info"' in auditor.get(f"/audit/chain?subject={subject}").text


def test_the_proofs_hold_and_a_changed_figure_is_shown(
    app: App, found: Scene, auditor: Browser
) -> None:
    good = auditor.form("/audit/verification")
    assert good.status_code == 200
    assert "Wszystko się zgadza." in good.text
    with app.database.unit_of_work() as session:
        claim = session.exec(select(Claim).where(Claim.points > 0)).first()
        assert claim is not None
        claim.points += 1
        session.add(claim)
    bad = auditor.form("/audit/verification").text
    assert "Coś się nie zgadza." in bad
    assert bad.count("chip-bad") == 1


@pytest.mark.parametrize("path", ["/audit", "/audit/chain", "/audit/verification", "/rules"])
@pytest.mark.parametrize("language", ["pl", "en"])
def test_the_auditors_pages_draw_in_both_languages(
    found: Scene, auditor: Browser, path: str, language: str
) -> None:
    auditor.form("/preferences", {"locale": language, "return_to": "/"})
    answer = auditor.get(path)
    assert answer.status_code == 200
    assert f'<html lang="{language}"' in answer.text
    assert "style=" not in answer.text


def test_support_pages_draw_in_english(found: Scene, support: Browser) -> None:
    support.form("/preferences", {"locale": "en", "return_to": "/"})
    for path in ("/support", f"/support/participants/{found.firms[0].id}"):
        answer = support.get(path)
        assert answer.status_code == 200
        assert '<html lang="en"' in answer.text
