"""The clerk's desk in a real browser: keys alone, without script, axe, lease and undo."""

from __future__ import annotations

import json
import shutil
import threading
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import timedelta
from decimal import Decimal
from typing import Any
from uuid import UUID

import pytest
import uvicorn
from playwright.sync_api import Browser, Page, Route, expect, sync_playwright
from sqlmodel import select

from accounts import grants, sessions
from accounts.roles import Grant, Role, scope_of
from claims import paper
from claims.purchase_tables import PurchaseLine
from claims.states import ClaimStatus, ReasonCode
from claims.tables import Claim, ClaimLine
from core import clock
from core.runtime import App
from ocr.reading import Proof
from tests import make
from tests.conftest import NOON
from tests.web.look import WEB
from tests.web.partner_world import page_image, unsure
from verification.conversation_tables import FieldCorrection
from verification.tables import Decision, Review, ReviewStatus
from web.app import build
from web.review_boxes import box_text

pytestmark = pytest.mark.browser
AXE = WEB.parent / "node_modules" / "axe-core" / "axe.min.js"


@pytest.fixture(scope="module")
def chromium() -> Iterator[Browser]:
    path = shutil.which("chromium") or shutil.which("chromium-browser")
    if path is None:
        pytest.skip("Chromium is not installed")
    if not (WEB / "static" / "vendor" / "icons.svg").is_file():
        pytest.skip("web/static/vendor is empty: make the assets first")
    with sync_playwright() as playwright:
        started = playwright.chromium.launch(executable_path=path, args=["--no-sandbox"])
        yield started
        started.close()


@pytest.fixture
def site(real_app: App) -> Iterator[str]:
    """The application behind a real socket: redirects and beacons need one."""
    config = uvicorn.Config(build(real_app), host="127.0.0.1", port=0, log_level="error")
    server = uvicorn.Server(config)
    thread = threading.Thread(target=server.run, daemon=True)
    thread.start()
    while not server.started:
        time.sleep(0.02)
    port = server.servers[0].sockets[0].getsockname()[1]
    yield f"http://127.0.0.1:{port}"
    server.should_exit = True
    thread.join(20)


@dataclass(slots=True)
class Desk:
    """A clerk's browser over real data; `keys` counts what was pressed, `said` the console."""

    app: App
    of: make.World
    page: Page
    site: str
    said: list[str]
    keys: int = 0

    def press(self, *keys: str) -> None:
        for key in keys:
            self.keys += 1
            self.page.keyboard.press(key)

    def decide(self) -> None:
        """The main chord, until the next review or the queue is there."""
        before = self.page.url
        self.press("Control+Enter")
        self.page.wait_for_url(lambda url: url != before)
        self.page.locator("doc-review.live, .empty").first.wait_for()

    def open_queue(self) -> None:
        self.page.goto(f"{self.site}/queue")

    def start(self) -> None:
        self.open_queue()
        self.page.locator("hot-keys:defined").wait_for(state="attached")
        self.press("Enter")
        self.page.wait_for_url("**/reviews/**")
        self.page.locator("doc-review.live").wait_for()
        # The keys come in a file of their own, after the page.
        self.page.locator("hot-keys:defined").wait_for(state="attached")


Open = Callable[..., Desk]


@pytest.fixture
def desk(real_app: App, site: str, chromium: Browser) -> Iterator[Open]:
    opened = []

    def begin(*, sure: int = 0, doubtful: int = 0, theme: str = "light", **options: Any) -> Desk:
        with real_app.database.unit_of_work() as session:
            of = make.world(session)
            place = Grant(Role.CLERK, scope_of("branch", of.branch.id))
            grants.grant(session, person_id=of.clerk.person_id, grant=place, by="test", at=NOON)
            for number in range(sure):
                # Each its own number, day's total and pieces: none looks like another.
                name = f"FV/{number + 1}A/2026"
                seen = make.reading(of, number=name, total=f"{1000 + number}.00")
                make.read(session, make.submitted(session, of), seen, pages=[page_image(real_app)])
            for number in range(doubtful):
                name = f"FV/{number + 1}D/2026"
                lines = [unsure(1, quantity="60")]
                seen = make.reading(of, number=name, lines=lines, total=f"{2000 + number}.00")
                make.read(session, make.submitted(session, of), seen, pages=[page_image(real_app)])
            token = sessions.begin(session, person_id=of.clerk.person_id, at=clock.now())
        context = chromium.new_context(
            viewport={"width": 1366, "height": 768},
            reduced_motion="reduce",
            color_scheme="dark" if theme == "dark" else "light",
            **options,
        )
        opened.append(context)
        context.add_cookies([{"name": "zalicz", "value": token, "url": site}])
        page = context.new_page()
        made = Desk(real_app, of, page, site, [])
        page.on("console", lambda line: made.said.append(line.text))
        page.on("pageerror", lambda error: made.said.append(str(error)))
        return made

    yield begin
    for context in opened:
        context.close()


def all_claims(desk: Desk) -> list[Claim]:
    with desk.app.database.unit_of_work() as session:
        return list(session.exec(select(Claim).order_by(Claim.submitted_at)))


def all_decisions(desk: Desk) -> list[Decision]:
    with desk.app.database.unit_of_work() as session:
        return list(session.exec(select(Decision).order_by(Decision.decided_at)))


def test_several_exceptions_are_cleared_by_keys_alone(desk: Open) -> None:
    at = desk(sure=2, doubtful=3)
    at.start()
    for _ in range(5):
        if at.page.locator("[data-doubt]").count():
            at.press("2")  # 80 pieces, as the paper says
        at.decide()
    expect(at.page.locator("h1")).to_have_text("Wszystko sprawdzone")
    assert {claim.status for claim in all_claims(at)} == {ClaimStatus.APPROVED}
    with at.app.database.unit_of_work() as session:
        corrected = session.exec(select(ClaimLine).where(ClaimLine.quantity == 80)).all()
    assert len(corrected) == 3
    # One to start, one for each claim, one for each question.
    assert at.keys == 1 + 5 + 3
    assert at.said == []


def test_a_page_comes_back_as_it_was_when_a_colleague_was_quicker(desk: Open) -> None:
    at = desk(doubtful=2)
    with at.page.expect_response(lambda answer: "x-ahead" in answer.request.headers):
        at.start()
    here = at.page.url
    at.press("2")
    with at.app.database.unit_of_work() as session:
        review = session.exec(select(Review).where(Review.id == UUID(here[-36:]))).one()
        other = make.person(session, name="Ewa Inna")
        review.taken_by, review.taken_at = other.id, clock.now()
        review.taken_until = clock.now() + timedelta(minutes=5)
        session.add(review)
    at.press("Control+Enter")
    expect(at.page.locator("#toasts .toast-bad")).to_be_visible()
    expect(at.page).to_have_url(here)
    expect(at.page.locator("doc-review.live")).to_have_count(1)
    assert all_decisions(at) == []
    # What was answered is there, as it was when it was sent.
    assert at.page.locator("[data-doubt] input:checked").get_attribute("value") == "80"


def test_a_decision_that_the_server_refuses_comes_back_with_the_reason_and_all_answers(
    desk: Open,
) -> None:
    """The pieces went to somebody else while the next review stood on the screen already."""
    at = desk(doubtful=2)
    with at.page.expect_response(lambda answer: "x-ahead" in answer.request.headers):
        at.start()
    here = at.page.url
    at.press("2")
    with at.app.database.unit_of_work() as session:
        review = session.exec(select(Review).where(Review.id == UUID(here[-36:]))).one()
        [line] = session.exec(select(ClaimLine).where(ClaimLine.claim_id == review.claim_id)).all()
        purchase_id = session.get_one(Claim, review.claim_id).purchase_id
        sold = Decimal(60)
        row = paper.open_row(session, purchase_id=purchase_id, line=line, sold=sold)
        taken = session.get_one(PurchaseLine, row)
        taken.quantity_accepted = taken.quantity_sold
        session.add(taken)
    at.press("Control+Enter")
    expect(at.page.locator(".error-summary")).to_be_focused()
    expect(at.page).to_have_url(here)
    assert all_decisions(at) == []
    assert at.page.locator("[data-doubt] input:checked").get_attribute("value") == "80"


def test_an_approval_is_undone_with_one_chord(desk: Open) -> None:
    at = desk(sure=2)
    at.start()
    at.decide()
    expect(at.page.locator("#toasts form")).to_be_visible()
    at.press("Control+z")
    expect(at.page.get_by_text("Decyzja cofnięta.")).to_be_visible()
    [decision] = all_decisions(at)
    assert decision.undone_at is not None
    assert {claim.points for claim in all_claims(at)} == {0}


def test_a_claim_is_refused_with_x_and_a_number(desk: Open) -> None:
    at = desk(sure=1)
    at.start()
    at.press("x", "4")
    at.page.wait_for_url("**/queue**")
    [decision] = all_decisions(at)
    assert decision.reason is ReasonCode.OTHER_BUYER


def test_a_line_is_refused_with_x_from_its_row(desk: Open) -> None:
    at = desk(sure=1)
    at.start()
    at.press("ArrowDown", "x", "7")
    expect(at.page.locator("#line-1.rv-off")).to_be_visible()
    at.decide()
    [decision] = all_decisions(at)
    assert (decision.outcome, decision.points) == (ClaimStatus.PARTIALLY_APPROVED, 480)


def test_a_question_is_asked_with_q_and_a_number(desk: Open) -> None:
    at = desk(sure=1)
    at.start()
    at.press("q", "4")
    at.page.wait_for_url("**/queue**")
    with at.app.database.unit_of_work() as session:
        [review] = session.exec(select(Review)).all()
    assert review.status is ReviewStatus.WAITING


def test_single_keys_rest_while_somebody_types(desk: Open) -> None:
    at = desk(doubtful=1)
    at.start()
    at.press("F2")
    at.page.keyboard.type("oxe12,5")
    expect(at.page.locator('input[name="quantity-1"]')).to_have_value("oxe12,5")
    with at.app.database.unit_of_work() as session:
        [review] = session.exec(select(Review)).all()
    assert review.status is ReviewStatus.OPEN


def test_typing_keeps_a_draft_that_is_there_after_a_reload(desk: Open) -> None:
    at = desk(doubtful=1)
    at.start()
    at.press("F2")
    at.page.keyboard.type("7")
    expect(at.page.locator("[data-total]")).to_have_text("105")
    at.page.reload()
    expect(at.page.locator('input[name="quantity-1"]')).to_have_value("7")


def test_what_is_typed_outlives_the_session(desk: Open) -> None:
    at = desk(doubtful=1)
    at.start()
    here = at.page.url
    context = at.page.context
    cookies = context.cookies()
    context.clear_cookies(name="zalicz")
    at.press("F2")
    at.page.keyboard.type("7")
    expect(at.page.locator("#toasts")).to_contain_text("Sesja wygasła.")
    at.press("Control+Enter")
    at.page.wait_for_url("**/sign-in?next=%2Freviews%2F*")
    assert all_decisions(at) == []
    context.add_cookies(cookies)
    at.page.goto(here)
    expect(at.page.locator('input[name="quantity-1"]')).to_have_value("7")
    expect(at.page.locator("[data-total]")).to_have_text("105")


def test_a_decision_whose_answer_was_lost_is_sent_again_and_counts_once(desk: Open) -> None:
    at = desk(doubtful=2)
    at.start()
    here = at.page.url

    def lose(route: Route) -> None:
        route.fetch(max_redirects=0)
        route.abort()

    at.page.route("**/decision", lose, times=1)
    at.press("2", "Control+Enter")
    expect(at.page.locator("#toasts")).to_contain_text("nie policzy się dwa razy")
    expect(at.page).to_have_url(here)
    at.decide()
    [decision] = all_decisions(at)
    assert decision.points == 80 * 15
    expect(at.page.locator("#toasts .toast-bad")).to_have_count(0)


def test_tab_goes_from_question_to_question_and_a_box_is_drawn_again_by_keys(desk: Open) -> None:
    at = desk(sure=1)
    with at.app.database.unit_of_work() as session:
        for line in session.exec(select(ClaimLine)).all():
            line.proof = Proof.READ
            session.add(line)
    at.start()
    shown = at.page.locator("[data-doubt]:visible")
    first = shown.get_attribute("data-doubt")
    at.press("Tab")
    assert shown.get_attribute("data-doubt") != first
    at.press("Shift+Tab")
    assert shown.get_attribute("data-doubt") == first
    field = at.page.locator("#box-1")
    before = field.get_attribute("value")
    at.press("b", "ArrowDown", "Escape")
    expect(field).to_have_value(before or "")
    at.press("b", *["ArrowDown"] * 4, "Shift+ArrowDown")
    with at.page.expect_response("**/draft"):
        at.press("Enter")
    after = field.input_value()
    assert after != before
    for _ in range(at.page.locator("[data-doubt]").count()):
        at.press("1")
    at.decide()
    with at.app.database.unit_of_work() as session:
        line = session.exec(select(ClaimLine).where(ClaimLine.position == 1)).one()
        kept = session.exec(
            select(FieldCorrection).where(FieldCorrection.field == "line-1-box")
        ).one()
    assert box_text(line.box) == after
    assert json.loads(kept.after) == line.box


def test_an_unanswered_question_stops_the_main_chord(desk: Open) -> None:
    at = desk(doubtful=1)
    at.start()
    at.press("F2")
    at.page.keyboard.type(" ")
    at.press("Control+Enter")
    expect(at.page.locator("#toasts")).to_contain_text("Najpierw odpowiedz na pytanie.")
    assert all_decisions(at) == []


def test_the_desk_works_without_script(desk: Open) -> None:
    at = desk(doubtful=1, java_script_enabled=False)
    at.open_queue()
    at.page.get_by_role("button", name="Zacznij").click()
    at.page.get_by_label("80 szt").check(force=True)
    at.page.get_by_role("button", name="Zatwierdź i następne").click()
    expect(at.page.locator("h1")).to_have_text("Wszystko sprawdzone")
    [decision] = all_decisions(at)
    assert decision.points == 80 * 15


def test_a_focused_line_shows_its_place_on_the_paper(desk: Open) -> None:
    at = desk(doubtful=1)
    at.start()
    expect(at.page.locator('.rv-box.on[data-target="line-1"]')).to_have_count(1)
    expect(at.page.locator('.rv-value.on[data-target="quantity-1"]')).to_have_count(1)


@pytest.mark.parametrize(
    ("theme", "width"), [("light", 390), ("dark", 900), ("light", 1366), ("dark", 1366)]
)
def test_axe_finds_nothing_at_the_desk(desk: Open, theme: str, width: int) -> None:
    if not AXE.is_file():
        pytest.skip("axe-core is not installed: `npm ci`")
    at = desk(sure=1, doubtful=1, theme=theme, bypass_csp=True)
    at.page.set_viewport_size({"width": width, "height": 800})
    at.open_queue()
    found = {"/queue": _axe(at.page)}
    for address in at.page.locator("tbody a").evaluate_all("all => all.map(a => a.pathname)"):
        at.page.goto(at.site + address)
        at.page.locator("doc-review.live").wait_for()
        found[address] = _axe(at.page)
        at.page.set_viewport_size({"width": width, "height": 360})
        tall = at.page.evaluate("document.documentElement.scrollHeight - innerHeight")
        at.page.set_viewport_size({"width": width, "height": 800})
        assert width < 992 or tall == 0, "the desk fills the window and never scrolls it"
    for address in ("/history", "/questions"):
        at.page.goto(at.site + address)
        found[address] = _axe(at.page)
    assert not {page: faults for page, faults in found.items() if faults}


def _axe(page: Page) -> list[str]:
    page.add_script_tag(path=AXE)
    tags = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa"]
    result = page.evaluate(
        "tags => axe.run(document, {runOnly: {type: 'tag', values: tags}})", tags
    )
    return [
        f"{fault['id']}: {node['html'][:160]}"
        for fault in result["violations"]
        for node in fault["nodes"]
    ]
