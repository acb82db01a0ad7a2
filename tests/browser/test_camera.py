"""Labels held before a camera: read one after another, taken back, sent, paid."""

from __future__ import annotations

import io
import re
import shutil
import zipfile
from collections.abc import Iterator
from pathlib import Path

import numpy as np
import pypdfium2
import pytest
import zxingcpp
from PIL import Image
from playwright.sync_api import Browser, BrowserContext, Page, expect

from tests.browser.conftest import Installation, People
from tests.browser.test_walk import points_of

pytestmark = [pytest.mark.browser, pytest.mark.slow]
WIDE, HIGH = 640, 480


def labels_of(manufacturer: BrowserContext) -> list[Image.Image]:
    """A new batch of two codes by its pages, active; the labels cut from the printed sheet."""
    page = manufacturer.new_page()
    page.goto("/codes/new")
    page.locator("#sku").fill("VX-N-G1U-WH")
    page.locator("#size").fill("2")
    page.locator('main form[action="/codes"] button[type="submit"]').click()
    page.wait_for_url(re.compile(r"/codes/[0-9a-f-]{36}$"))
    with page.expect_download() as download:
        page.locator('form[action$="/issue"] button').click()
    with zipfile.ZipFile(download.value.path()) as packed:
        sheet = packed.read(next(name for name in packed.namelist() if name.endswith(".pdf")))
    page.reload()
    page.locator('form[action$="/activation"] button').click()
    expect(page.locator(".chip", has_text="Aktywna").first).to_be_visible()
    picture = pypdfium2.PdfDocument(io.BytesIO(sheet))[0].render(scale=3).to_pil().convert("L")
    found = zxingcpp.read_barcodes(np.asarray(picture))
    assert len(found) == 2
    cut = []
    for code in found:
        at = code.position
        x = sorted(p.x for p in (at.top_left, at.top_right, at.bottom_left, at.bottom_right))
        y = sorted(p.y for p in (at.top_left, at.top_right, at.bottom_left, at.bottom_right))
        edge = (x[-1] - x[0]) // 6
        cut.append(picture.crop((x[0] - edge, y[0] - edge, x[-1] + edge, y[-1] + edge)))
    return cut


def film(labels: list[Image.Image], path: Path) -> Path:
    """Each label for a second, a bare table between them; a camera shows it again and again."""
    frames = []
    for turn, label in enumerate(labels):
        table = Image.new("L", (WIDE, HIGH), 170)
        frames.append(table)
        seen = label.resize((300, 300)).rotate(8 - 14 * turn, expand=True, fillcolor=235)
        held = table.copy()
        held.paste(seen, ((WIDE - seen.width) // 2, (HIGH - seen.height) // 2))
        frames += [held] * 4
    colour = bytes([128]) * (WIDE * HIGH // 2)
    with path.open("wb") as video:
        video.write(f"YUV4MPEG2 W{WIDE} H{HIGH} F4:1 Ip A1:1 C420jpeg\n".encode())
        for frame in frames:
            video.write(b"FRAME\n" + frame.tobytes() + colour)
    return path


@pytest.fixture
def with_camera(installation: Installation, tmp_path: Path, chromium: Browser) -> Iterator[Browser]:
    """A browser whose camera looks at two new labels of the demo's programme."""
    manufacturer = People(chromium, installation, "pl", 1366).sign_in("manufacturer")
    video = film(labels_of(manufacturer), tmp_path / "labels.y4m")
    manufacturer.close()
    browser = chromium.browser_type.launch(
        executable_path=shutil.which("chromium") or shutil.which("chromium-browser"),
        args=[
            "--no-sandbox",
            "--disable-gpu",
            "--use-fake-ui-for-media-stream",
            "--use-fake-device-for-media-stream",
            f"--use-file-for-fake-video-capture={video}",
        ],
    )
    yield browser
    browser.close()


# Counts the tones instead of the ear.
LISTEN = """() => {
    window.beeps = 0;
    const start = OscillatorNode.prototype.start;
    OscillatorNode.prototype.start = function (...when) {
        window.beeps += 1;
        return start.apply(this, when);
    };
}"""


def test_labels_before_the_camera_are_listed_once_taken_back_and_paid(
    with_camera: Browser, installation: Installation
) -> None:
    context = People(with_camera, installation, "pl", 390).sign_in("participant")
    context.grant_permissions(["camera"])
    page = context.pages[0]
    before = points_of(page)
    foreign: list[str] = []
    page.on("request", lambda r: foreign.append(r.url) if "127.0.0.1" not in r.url else None)
    page.goto("/code/list")
    page.evaluate(LISTEN)
    codes = page.locator("code-scan .scan-list li")
    page.locator('[data-scan="start"]').click()
    expect(codes).to_have_count(2, timeout=20_000)
    assert page.evaluate("window.beeps") == 2
    # The film goes round: what is on the list already is said to be, and added no more.
    expect(page.locator(".scan-said")).to_have_text("Ten kod już jest na liście.", timeout=20_000)
    expect(codes).to_have_count(2)
    page.locator('[data-scan="stop"]').click()
    expect(page.locator(".scan-view")).to_be_hidden()
    taken_back(page)
    page.locator('[data-scan="start"]').click()
    expect(codes).to_have_count(2, timeout=20_000)
    page.locator('[data-scan="stop"]').click()
    page.locator('#code-list button[type="submit"], #code-list > button').last.click()
    expect(page.locator("main")).to_contain_text("Zaliczono 2 kody")
    assert points_of(page) > before
    assert foreign == [], "the reader comes from our own address"
    context.close()


def taken_back(page: Page) -> None:
    codes = page.locator("code-scan .scan-list li")
    kept = codes.first.locator(".num").inner_text()
    codes.last.locator("button").click()
    expect(codes).to_have_count(1)
    expect(page.locator(".scan-count")).to_have_text("Kody na liście: 1")
    assert page.locator("#codes").input_value() == kept
