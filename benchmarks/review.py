"""`python -m benchmarks.review`: a scripted clerk clears a queue of exceptions by keys alone.

Real documents from our generator, read by the real reader, wait at one branch; a headless browser
works them off at a human's pace: 1.35 s of looking before each decision and each open question and
0.28 s a key (Card, Moran and Newell's keystroke-level model). Every few claims it does something
else than to approve: refuses, asks, puts off, hands over, takes back, corrects a line. Prints keys,
times, what became of each claim and whether any mouse event happened; `--write` keeps the table in
benchmarks/review.md.
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
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import uvicorn
from playwright.sync_api import Page, sync_playwright
from playwright.sync_api import TimeoutError as PlaywrightTimeout

from benchmarks.review_deeds import DEEDS, KEY_S, LOOK_S, Shift, arrived, keys, press
from benchmarks.review_queue import LONG, became, fill, waiting
from core import engines, settings
from core.runtime import App, open_app
from migrations.upgrade import upgrade
from web.app import build

PACE_LIMIT_S = 600
NEXT_LIMIT_MS = 300
SETTLE_S = 30
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
            queued, clerk = fill(app, chosen.claims)
            time.sleep(SETTLE_S)  # The load of drawing is not the load of the shift.
            load = os.getloadavg()[0]
            with served(app) as address:
                shift = work_off(address)
            shift.queued, left = queued, waiting(app, clerk)
            outcomes = became(app)
            app.engine.dispose()
    text = table(shift, load, chosen.claims, left, outcomes)
    sys.stdout.write(text)
    if chosen.write:
        TABLE.write_text(text)
    cleared = queued == chosen.claims and left == 0
    return 0 if shift.mouse == 0 and not shift.put_off and cleared else 1


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
        shift.pressed["Enter"] += 1
        number, planned = 0, []
        while arrived(page):
            number += 1
            planned += [DEEDS[number]] if number in DEEDS else []
            if not planned:
                _one(page, shift)
            elif planned[0](page, shift):
                shift.other[planned.pop(0).__name__.strip("_").replace("_", " ")] += 1
        shift.seconds = time.perf_counter() - begun
        shift.mouse = int(page.evaluate("sessionStorage.mouse") or 0)
        browser.close()
    return shift


def _one(page: Page, shift: Shift) -> None:
    """Answer what is asked, decide, and see the next claim."""
    here, used = page.url, 1
    page.locator("doc-review:not([data-waiting])").wait_for(state="attached", timeout=8_000)
    questions = page.locator("[data-doubt]").count()
    shift.lines.append(page.locator(".rv-line").count())
    for _ in range(questions):
        page.wait_for_timeout(LOOK_S * 1000)
        keys(page, shift, "1")
        used += 1
    page.wait_for_timeout(LOOK_S * 1000)
    page.wait_for_timeout(KEY_S * 1000)
    page.keyboard.press("Control+Enter")
    shift.pressed["Control+Enter"] += 1
    try:
        if _seen_next(page, here):
            shift.next_ms.append(float(page.evaluate("window.nextTook")))
            shift.stands_ms.append(float(page.evaluate("window.standsAfter")))
    except PlaywrightTimeout:
        # Something cannot be answered by a suggestion: put it off, and say so.
        keys(page, shift, "o")
        page.wait_for_url(lambda url: url != here)
        used, shift.put_off = used + 1, shift.put_off + 1
    shift.keys.append(used)
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


def _listed(counts: Counter[str]) -> str:
    return ", ".join(f"{name} {number}" for name, number in counts.most_common()) or "–"


def table(shift: Shift, load: float, claims: int, left: int, outcomes: Counter[str]) -> str:
    """The figures beside their limits, as Markdown."""
    clean = [k for k, q in zip(shift.keys, shift.questions, strict=True) if q == 0]
    two = [
        k
        for k, q, n in zip(shift.keys, shift.questions, shift.lines, strict=True)
        if q == 2 and n >= LONG
    ]
    rows = [
        ("claims in the queue", str(shift.queued), str(claims)),
        ("approved at once", str(len(shift.keys) - shift.put_off), "–"),
        ("done otherwise", _listed(shift.other), "–"),
        ("what became of them", _listed(outcomes), "–"),
        ("left in the queue", str(left), "0"),
        ("put off, because no key answered", str(shift.put_off), "0"),
        (
            "seconds at a human's pace",
            f"{shift.seconds:.0f}",
            f"≤ {PACE_LIMIT_S * claims // 60}",
        ),
        ("mouse events", str(shift.mouse), "0"),
        ("keys pressed", _listed(shift.pressed), "–"),
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
