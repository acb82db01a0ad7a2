"""Every page of every menu fits phones and tablets, with nothing in the console."""

from __future__ import annotations

import pytest
from playwright.sync_api import Browser

from tests.browser.conftest import Installation, People

pytestmark = [pytest.mark.browser, pytest.mark.slow]

PERSONAS = (
    "participant",
    "partner_manager",
    "manufacturer",
    "logistics",
    "operator",
    "auditor",
)
# What hangs over the edge of the window, and tables that have to be pushed sideways.
TOO_WIDE = """() => [
    document.documentElement.scrollWidth - document.documentElement.clientWidth,
    [...document.querySelectorAll(".table-wrap:has(.table-cards)")]
        .filter(table => table.scrollWidth > table.clientWidth + 1)
        .map(table => table.getAttribute("aria-label")),
]"""


@pytest.mark.parametrize("persona", PERSONAS)
def test_no_page_of_a_menu_is_wider_than_the_window(
    chromium: Browser, installation: Installation, persona: str
) -> None:
    context = People(chromium, installation, "pl", 820).sign_in(persona)
    page = context.pages[0]
    said: list[str] = []
    page.on(
        "console", lambda message: said.append(message.text) if message.type == "error" else None
    )
    links = page.locator("nav a[href^='/']").evaluate_all("all => all.map(a => a.pathname)")
    assert len(set(links)) >= 3
    wide = []
    for path in dict.fromkeys(links):
        answer = page.goto(path)
        assert answer is not None
        assert answer.status == 200, path
        for width in (820, 320):
            page.set_viewport_size({"width": width, "height": 800})
            seen = page.evaluate(TOO_WIDE)
            if seen != [0, []]:
                wide.append((path, width, *seen))
    assert wide == []
    assert said == []
    context.close()
