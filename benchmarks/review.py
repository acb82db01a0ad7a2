"""`python -m benchmarks.review`: a scripted clerk clears a queue of exceptions by keys alone.

Real documents from our generator, read by the real reader, wait at one branch; a headless browser
works them off at a human's pace: 1.35 s of looking before each decision and each open question and
0.28 s a key (Card, Moran and Newell's keystroke-level model). Prints keys, times and whether any
mouse event happened; `--write` keeps the table in benchmarks/review.md.
"""

from __future__ import annotations

import argparse
import os
import shutil
import statistics
import sys
import tempfile
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import timedelta
from decimal import Decimal
from pathlib import Path
from random import Random
from uuid import UUID

import uvicorn
from playwright.sync_api import Page, sync_playwright
from playwright.sync_api import TimeoutError as PlaywrightTimeout
from sqlmodel import Session, col, select

from claims.tables import ClaimLine
from core import clock, engines, settings
from core.runtime import App, open_app
from demo import cast, history, papers, world
from demo.papers import Form, Order
from demo.story import Story
from migrations.upgrade import upgrade
from ocr.reading import Proof
from programs.product_tables import Product
from web.app import build

LOOK_S, KEY_S = 1.35, 0.28
PACE_LIMIT_S = 600
NEXT_LIMIT_MS = 300
SETTLE_S = 30
LONG = 5  # lines of a claim that counts as long
MIX = ((Form.PDF, 40), (Form.XML, 25), (Form.KSEF_PRINT, 25), (Form.PHOTO, 10))
TABLE = Path(__file__).with_name("review.md")
# From the chord to the next claim on the screen with its picture decoded, as the page's own clock
# says; then until the server's word that the decision stands.
WATCH_NEXT = """addEventListener('keydown', event => {
  if (event.key !== 'Enter' || !event.ctrlKey) return;
  const [begun, from] = [event.timeStamp, location.pathname];
  const took = () => performance.now() - begun;
  window.nextTook = window.standsAfter = 0;
  const look = async () => {
    const shown = document.querySelector('doc-review.live, .empty');
    if (location.pathname === from || !shown) return requestAnimationFrame(look);
    await document.querySelector('.rv-page image')?.decode?.().catch(() => {});
    requestAnimationFrame(() => setTimeout(() => {
      window.nextTook = took();
      const stands = () => document.querySelector('doc-review[data-waiting]')
        ? setTimeout(stands, 5) : (window.standsAfter = took());
      stands();
    }));
  };
  requestAnimationFrame(look);
}, true)"""
# Counts what a hand on a mouse would cause, over all pages of the run.
WATCH_MOUSE = """for (const kind of ['mousedown', 'click', 'wheel', 'pointerdown'])
  addEventListener(kind, e => { if (e.detail > 0 || kind !== 'click')
    sessionStorage.mouse = 1 + Number(sessionStorage.mouse || 0) }, true)"""


@dataclass(slots=True)
class Shift:
    """What the clerk did: keys by claim, milliseconds from a decision to the next page."""

    keys: list[int] = field(default_factory=list)
    questions: list[int] = field(default_factory=list)
    lines: list[int] = field(default_factory=list)
    next_ms: list[float] = field(default_factory=list)
    stands_ms: list[float] = field(default_factory=list)
    put_off: int = 0
    seconds: float = 0.0
    mouse: int = 0


def main() -> int:
    parser = argparse.ArgumentParser(prog="python -m benchmarks.review", description=__doc__)
    parser.add_argument("--claims", type=int, default=60)
    parser.add_argument("--write", action="store_true", help="keep the table")
    chosen = parser.parse_args()
    with tempfile.TemporaryDirectory(prefix="zalicz-review-") as folder:
        Path(folder).chmod(0o755)
        loaded = settings.load().model_copy(update={"data_dir": Path(folder), "demo": True})
        with engines.running(loaded) as at:
            upgrade(at.migration_database_url, database_url=at.database_url)
            urls = {"database_url": at.database_url, "redis_url": at.redis_url}
            app = open_app(loaded.model_copy(update=urls))
            fill(app, chosen.claims)
            time.sleep(SETTLE_S)  # The load of drawing is not the load of the shift.
            load = os.getloadavg()[0]
            with served(app) as address:
                shift = work_off(address)
            app.engine.dispose()
    text = table(shift, load, chosen.claims)
    sys.stdout.write(text)
    if chosen.write:
        TABLE.write_text(text)
    return 0 if shift.mouse == 0 and not shift.put_off else 1


def fill(app: App, claims: int) -> None:
    """The demo's programme with that many claims at the demo clerk's branch, none decided."""
    now, rng = clock.now(), Random(7)
    forms = [form for form, _ in MIX]
    orders = [
        Order(
            key=number,
            seed=900_000 + number,
            form=rng.choices(forms, [share for _, share in MIX])[0],
            seller=cast.FITTERS[0].seller,
            buyer=world.party_of(number % len(cast.FITTERS)),
            issued_on=clock.local_date(now) - timedelta(days=rng.randint(0, 5)),
            lines=rng.choice((2, 3, 4, 5, 5, 6, 8)),
        )
        for number in range(claims)
    ]
    drawn = []
    for done, paper in enumerate(papers.make_all(orders), start=1):
        drawn.append(paper)
        sys.stderr.write(f"\rDrawing and reading {done}/{claims}")
    sys.stderr.write("\n")
    with app.database.unit_of_work() as session:
        made = world.build(session, at=now - timedelta(days=30), today=clock.local_date(now))
        story = Story(app, made, now, Random(7))
        desk = made.desks_of(cast.FITTERS[0].seller)[0]
        for number, paper in enumerate(drawn):
            sent = now - timedelta(minutes=30, seconds=-number)
            history.submit_paper(story, paper, number % len(cast.FITTERS), desk, sent)
        story.play(session)
        put_in_doubt(session)


def put_in_doubt(session: Session) -> None:
    """Every second claim of five or more lines keeps two values as a blurred photo leaves them.

    One product is as like the text as another of the programme, one quantity stands in no sum that
    holds: what the reader and the matching say of such a line, written where they write it.
    """
    by_claim: dict[UUID, list[ClaimLine]] = {}
    for line in session.exec(
        select(ClaimLine).order_by(col(ClaimLine.claim_id), col(ClaimLine.position))
    ):
        by_claim.setdefault(line.claim_id, []).append(line)
    products = {product.id: product for product in session.exec(select(Product))}
    long = [lines for lines in by_claim.values() if len(lines) >= LONG]
    for lines in long[::2]:
        matched = [line for line in lines if line.product_id is not None]
        if len(matched) < 2 or any(not Proof(line.proof).proven for line in matched):
            continue
        first, last = matched[0], matched[-1]
        other = next(
            product.id
            for product in products.values()
            if product.id != first.product_id
            and product.family == products[first.product_id or product.id].family
        )
        first.match_score = Decimal("0.71")
        first.candidates = [
            {"product_id": str(first.product_id), "score": "0.71"},
            {"product_id": str(other), "score": "0.69"},
        ]
        last.proof = Proof.READ
        session.add_all([first, last])


@contextmanager
def served(app: App) -> Iterator[str]:
    config = uvicorn.Config(build(app), host="127.0.0.1", port=0, log_level="error")
    server = uvicorn.Server(config)
    thread = threading.Thread(target=server.run, daemon=True)
    thread.start()
    while not server.started:
        time.sleep(0.02)
    yield f"http://127.0.0.1:{server.servers[0].sockets[0].getsockname()[1]}"
    server.should_exit = True
    thread.join(20)


def work_off(address: str) -> Shift:
    """Sign in as the demo's clerk and decide until the queue is empty."""
    shift = Shift()
    with sync_playwright() as playwright:
        path = shutil.which("chromium") or shutil.which("chromium-browser")
        browser = playwright.chromium.launch(executable_path=path, args=["--no-sandbox"])
        page = browser.new_context(viewport={"width": 1366, "height": 768}).new_page()
        page.add_init_script(WATCH_MOUSE)
        page.add_init_script(WATCH_NEXT)
        page.goto(address)
        page.locator('form[action$="/demo/sign-in/clerk"] button').focus()
        page.keyboard.press("Enter")
        page.wait_for_url("**/queue**")
        page.locator("hot-keys:defined").first.wait_for(state="attached")
        page.evaluate("sessionStorage.mouse = 0")
        begun = time.perf_counter()
        press(page, "Enter")
        while _arrived(page):
            _one(page, shift)
        shift.seconds = time.perf_counter() - begun
        shift.mouse = int(page.evaluate("sessionStorage.mouse") or 0)
        browser.close()
    return shift


def press(page: Page, key: str) -> None:
    """A key at a human's pace."""
    page.wait_for_timeout(KEY_S * 1000)
    page.keyboard.press(key)


def _arrived(page: Page) -> bool:
    page.locator("doc-review.live, .empty").first.wait_for(timeout=15_000)
    return page.locator("doc-review.live").count() > 0


def _one(page: Page, shift: Shift) -> None:
    """Answer what is asked, decide, and see the next claim."""
    here, keys = page.url, 1
    page.locator("doc-review:not([data-waiting])").wait_for(state="attached", timeout=8_000)
    questions = page.locator("[data-doubt]").count()
    shift.lines.append(page.locator(".rv-line").count())
    for _ in range(questions):
        page.wait_for_timeout(LOOK_S * 1000)
        press(page, "1")
        keys += 1
    page.wait_for_timeout(LOOK_S * 1000)
    page.wait_for_timeout(KEY_S * 1000)
    page.keyboard.press("Control+Enter")
    try:
        if _seen_next(page, here):
            shift.next_ms.append(float(page.evaluate("window.nextTook")))
            shift.stands_ms.append(float(page.evaluate("window.standsAfter")))
    except PlaywrightTimeout:
        # Something cannot be answered by a suggestion: put it off, and say so.
        press(page, "o")
        page.wait_for_url(lambda url: url != here)
        keys, shift.put_off = keys + 1, shift.put_off + 1
    shift.keys.append(keys)
    shift.questions.append(questions)


def _seen_next(page: Page, here: str) -> bool:
    """Wait for what follows a decision; whether that is another claim."""
    page.wait_for_url(lambda url: url != here, timeout=8_000)
    until = time.perf_counter() + 8
    while time.perf_counter() < until:
        page.wait_for_timeout(20)
        if "/reviews/" not in page.url:
            return False
        if page.evaluate("window.standsAfter || 0"):
            return True
    raise PlaywrightTimeout("the next claim did not come")


def _p95(times: list[float]) -> float:
    return statistics.quantiles(times, n=20)[-1] if len(times) > 1 else 0.0


def _most(keys: list[int]) -> str:
    return str(max(keys)) if keys else "no such claim in this sample"


def table(shift: Shift, load: float, claims: int) -> str:
    """The figures beside their limits, as Markdown."""
    clean = [k for k, q in zip(shift.keys, shift.questions, strict=True) if q == 0]
    two = [
        k
        for k, q, n in zip(shift.keys, shift.questions, shift.lines, strict=True)
        if q == 2 and n >= LONG
    ]
    rows = [
        ("claims decided", str(len(shift.keys) - shift.put_off), "all"),
        ("put off, because no key answered", str(shift.put_off), "0"),
        (
            "seconds at a human's pace",
            f"{shift.seconds:.0f}",
            f"≤ {PACE_LIMIT_S * claims // 60}",
        ),
        ("mouse events", str(shift.mouse), "0"),
        ("clean exceptions in the sample", str(len(clean)), "–"),
        ("keys for a clean exception, most", _most(clean), "1"),
        ("claims of five or more lines with two questions", str(len(two)), "–"),
        ("keys for five or more lines with two questions, most", _most(two), "≤ 12"),
        ("questions a claim, mean", f"{statistics.fmean(shift.questions):.2f}", "–"),
        ("decision → next claim painted, median ms", f"{statistics.median(shift.next_ms):.0f}", ""),
        (
            "decision → next claim painted, p95 ms",
            f"{_p95(shift.next_ms):.0f}",
            f"≤ {NEXT_LIMIT_MS}",
        ),
        (
            "decision → the server's word, median ms",
            f"{statistics.median(shift.stands_ms):.0f}",
            "–",
        ),
        ("decision → the server's word, p95 ms", f"{_p95(shift.stands_ms):.0f}", "–"),
    ]
    lines = [
        "# Clearing the queue by keys",
        "",
        f"`python -m benchmarks.review --claims {claims} --write`; see its first lines for"
        f" the pace. {os.cpu_count()} cores: web, database, browser and this script, a load"
        f" of {load:.1f} before the shift. Painted means: the next claim stands with its picture"
        " decoded and a frame has passed; drawn ahead, it decides nothing before the server's"
        " word.",
        "",
        "| measure | found | limit |",
        "| --- | --- | --- |",
        *(f"| {name} | {found} | {limit} |" for name, found, limit in rows),
        "",
    ]
    return "\n".join(lines)


if __name__ == "__main__":
    sys.exit(main())
