"""A clerk puts aside, asks and escalates through the pages; the programme takes it from there."""

from __future__ import annotations

import io
from dataclasses import replace
from datetime import timedelta
from decimal import Decimal

import numpy as np
import pytest
from PIL import Image, ImageDraw
from sqlmodel import Session

from accounts.roles import Role, scope_of
from accounts.tables import Person
from claims.extraction import PageImage
from claims.states import ClaimStatus
from claims.tables import Claim
from core import clock
from core.runtime import App
from ocr.reading import Box, Word
from programs.policy import PerValue, Rules
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

ONE = Decimal(1)


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


def test_who_may_not_see_prices_pays_no_unknown_value_and_asks_the_wholesaler(
    app: App, session: Session, sign_in: SignIn
) -> None:
    counter = open_counter(app, sign_in, rules=Rules(base=(PerValue(clause="zł", points=ONE),)))
    of = counter.of
    row = make.line(1, "GNIAZDO NOVA P/T Z/U BIAŁE", "60", gtin="5901234123457")
    row = replace(row, unit_price_net=None, line_net=None)
    review = make.read(session, make.submitted(session, of), make.reading(of, lines=[row]))
    session.flush()
    assert "/return" not in counter.clerk.get(f"/reviews/{review.id}").text  # The clerk is asked.
    act(counter.clerk, review, "escalation")
    manager = sign_in(Role.PROGRAM_MANAGER, scope=scope_of("program", of.program.id))
    page = manager.get(f"/reviews/{review.id}").text
    assert f"/reviews/{review.id}/return" in page
    assert 'name="value-1"' not in page
    refused = act(manager, review, "decision")
    assert refused.status_code == 422  # type: ignore[attr-defined]
    assert "Zapytaj hurtownię" in refused.text  # type: ignore[attr-defined]
    assert balance(session, of) == 0
    act(manager, review, "return")
    assert reload(app, review).status is ReviewStatus.OPEN
    act(counter.clerk, review, "decision", **{"value-1": "149,90"})
    assert balance(session, of) == 150


@pytest.mark.parametrize("agreed", [False, True], ids=["prices are secret", "prices may be seen"])
def test_other_brands_stay_hidden_from_the_manufacturer_whatever_was_agreed_about_prices(
    app: App, session: Session, counter: Counter, sign_in: SignIn, agreed: bool
) -> None:
    """On the picture, in its words, in the lines: what is not the programme's is not shown."""
    of = counter.of
    of.program.settings = {**of.program.settings, "prices_visible": agreed}
    session.add(of.program)
    own, other = Box(1, 0.1, 0.4, 0.9, 0.44), Box(1, 0.1, 0.6, 0.9, 0.64)
    page = Image.new("RGB", (620, 877), "white")
    stripes = ImageDraw.Draw(page)
    for box in (own, other):  # fine print: stripes of one pixel
        for x in range(62, 558, 2):
            stripes.line((x, int(box.y0 * 877), x, int(box.y1 * 877)), fill="black")
    out = io.BytesIO()
    page.save(out, "PNG")
    image = PageImage(app.blobs.put(out.getvalue()), "image/png", 620, 877)
    rows = [
        replace(make.line(1, "GNIAZDO NOVA P/T Z/U BIAŁE", "60", gtin="5901234123457"), box=own),
        replace(make.line(2, "TAJNAMARKA puszka 60", "5"), box=other),
    ]
    rows[0] = replace(rows[0], description=replace(rows[0].description, box=own))
    words = tuple(
        Word(text, box, 0.9, "test") for text, box in (("GNIAZDO", own), ("TAJNAMARKA", other))
    )
    seen = replace(make.reading(of, lines=rows), words=words)
    review = make.read(session, make.submitted(session, of), seen, pages=[image])
    session.flush()
    act(counter.clerk, review, "escalation")
    scope = scope_of("program", of.program.id)
    manager = sign_in(Role.PROGRAM_MANAGER, scope=scope)
    shown = manager.get(f"/reviews/{review.id}/pages/1")
    assert shown.headers["content-type"] == "image/jpeg"
    seen_page = np.asarray(Image.open(io.BytesIO(shown.content)).convert("L")).astype(int)

    def contrast(box: Box) -> float:
        part = seen_page[int(box.y0 * 877) + 4 : int(box.y1 * 877) - 4, 80:540]
        return float(np.abs(np.diff(part, axis=1)).mean())

    assert contrast(own) > 100
    assert contrast(other) < 3
    told = [word[0] for word in manager.get(f"/reviews/{review.id}/words").json()]
    assert told == (["GNIAZDO"] if agreed else [])
    assert "TAJNAMARKA" not in manager.get(f"/reviews/{review.id}").text
    assert manager.get(f"/reviews/{review.id}/earlier/1").status_code == 404
