"""The README's picture: `python scripts/pictures.py [ADDRESS]` takes it from a running demo."""

from __future__ import annotations

import io
import shutil
import sys
from pathlib import Path

from PIL import Image
from playwright.sync_api import Browser, sync_playwright

ROOT = Path(__file__).resolve().parent.parent
TARGET = ROOT / "docs" / "screenshots" / "overview.png"
ADDRESS = "http://127.0.0.1:8000"
PHONE, DESK = (390, 844), (1366, 768)
HEIGHT, MARGIN, GROUND, COLOURS = 560, 22, "#dfe6e2", 160
# A claim that has something to ask: the chip's word on the queue.
IN_DOUBT = "Do sprawdzenia"


def _picture(browser: Browser, address: str, persona: str, size: tuple[int, int]) -> Image.Image:
    """The first page of a persona in Polish and light; of the clerk, the first claim in doubt."""
    page = browser.new_page(
        base_url=address,
        locale="pl-PL",
        color_scheme="light",
        viewport={"width": size[0], "height": size[1]},
    )
    page.goto("/")
    page.locator(f'form[action$="/{persona}"] button').first.click()
    page.wait_for_load_state("networkidle")
    if persona == "clerk":
        page.locator("tbody tr", has_text=IN_DOUBT).locator("a").first.click()
        page.wait_for_selector(".ask")
        page.wait_for_load_state("networkidle")
    picture = Image.open(io.BytesIO(page.screenshot())).convert("RGB")
    page.close()
    return picture.resize((round(size[0] * HEIGHT / size[1]), HEIGHT), Image.Resampling.LANCZOS)


def main(arguments: list[str]) -> int:
    address = arguments[0] if arguments else ADDRESS
    path = shutil.which("chromium") or shutil.which("chromium-browser")
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=path, args=["--no-sandbox"])
        parts = [
            _picture(browser, address, "participant", PHONE),
            _picture(browser, address, "clerk", DESK),
            _picture(browser, address, "manufacturer", DESK),
        ]
        browser.close()
    width = sum(part.width + MARGIN for part in parts) + MARGIN
    sheet = Image.new("RGB", (width, HEIGHT + 2 * MARGIN), GROUND)
    left = MARGIN
    for part in parts:
        sheet.paste(part, (left, MARGIN))
        left += part.width + MARGIN
    sheet.quantize(COLOURS).save(TARGET, optimize=True)
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
