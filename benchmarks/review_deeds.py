"""What the scripted clerk does besides approving, by keys alone, and the shift that counts it."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass, field

from playwright.sync_api import Page

LOOK_S, KEY_S = 1.35, 0.28


@dataclass(slots=True)
class Shift:
    """What the clerk did: keys by claim, milliseconds from a decision to the next page.

    Claims that were merely approved are in the lists; `other` counts what else was done.
    """

    queued: int = 0
    other: Counter[str] = field(default_factory=Counter)
    pressed: Counter[str] = field(default_factory=Counter)
    keys: list[int] = field(default_factory=list)
    questions: list[int] = field(default_factory=list)
    lines: list[int] = field(default_factory=list)
    next_ms: list[float] = field(default_factory=list)
    stands_ms: list[float] = field(default_factory=list)
    put_off: int = 0
    seconds: float = 0.0
    mouse: int = 0


def press(page: Page, key: str) -> None:
    """A key at a human's pace."""
    page.wait_for_timeout(KEY_S * 1000)
    page.keyboard.press(key)


def keys(page: Page, shift: Shift, *names: str) -> None:
    """Keys at a human's pace, counted."""
    for name in names:
        press(page, name)
        shift.pressed[name if len(name) > 1 or not name.isdigit() else "1–9"] += 1


def _ready(page: Page) -> str:
    """Look at a review that is the clerk's own; where it is."""
    page.locator("doc-review:not([data-waiting])").wait_for(state="attached", timeout=8_000)
    page.wait_for_timeout(LOOK_S * 1000)
    return page.url


def _leave(page: Page, shift: Shift, *names: str) -> None:
    """Keys that lead to another page."""
    here = page.url
    keys(page, shift, *names)
    page.wait_for_url(lambda url: url.partition("?")[0] != here.partition("?")[0], timeout=8_000)


def _answer(page: Page, shift: Shift) -> None:
    for _ in range(page.locator("[data-doubt]").count()):
        keys(page, shift, "1")


def _refused(page: Page, shift: Shift) -> bool:
    _ready(page)
    _leave(page, shift, "x", "4")
    return True


def _asked(page: Page, shift: Shift) -> bool:
    _ready(page)
    _leave(page, shift, "q", "1")
    return True


def _handed_over(page: Page, shift: Shift) -> bool:
    _ready(page)
    _leave(page, shift, "e")
    return True


def _put_off_and_called_back(page: Page, shift: Shift) -> bool:
    here = _ready(page)
    _leave(page, shift, "o")
    arrived(page)
    keys(page, shift, "Control+z")
    page.wait_for_url(here, timeout=8_000)
    arrived(page)
    _ready(page)
    _answer(page, shift)
    _leave(page, shift, "Control+Enter")
    return True


def _approved_taken_back_and_approved(page: Page, shift: Shift) -> bool:
    _ready(page)
    _answer(page, shift)
    _leave(page, shift, "Control+Enter")
    page.locator("#toasts form, .full-notes .notice").first.wait_for(timeout=8_000)
    if not page.locator("#toasts form").count():
        shift.other["waits for a second person"] += 1
        return False  # So many points: there is nothing yet to take back.
    keys(page, shift, "Control+z")
    page.get_by_text("Decyzja cofnięta.").wait_for(timeout=8_000)
    arrived(page)
    _ready(page)
    _answer(page, shift)
    _leave(page, shift, "Control+Enter")
    return True


def _with_a_line_corrected_and_one_refused(page: Page, shift: Shift) -> bool:
    _ready(page)
    _answer(page, shift)
    rows = page.locator(".rv-lines:not(.rv-outside *) .rv-line").count()
    keys(page, shift, "ArrowDown", "F2", "7", "Enter")
    if rows > 1:
        page.keyboard.press("Escape")
        keys(page, shift, "ArrowDown", "x", "7")
    _leave(page, shift, "Control+Enter")
    return True


def _looked_at_from_all_sides(page: Page, shift: Shift) -> bool:
    here = _ready(page)
    keys(page, shift, "?", "Escape", "z", "Shift+Z", "r", "r", "r", "r", "PageDown", "PageUp")
    if page.locator(".doc-tools [data-do=box]").is_visible():
        keys(page, shift, "b", "ArrowDown", "Shift+ArrowDown", "Enter")
    if page.locator("a[data-key='Ctrl+ArrowRight']").count():
        _leave(page, shift, "Control+ArrowRight")
        arrived(page)
        keys(page, shift, "Control+ArrowLeft")
        page.wait_for_url(here, timeout=8_000)
        arrived(page)
    _ready(page)
    _answer(page, shift)
    _leave(page, shift, "Control+Enter")
    return True


# What is done with the claim of this number instead of approving it at once; where it could not be
# done (False), with the next one.
DEEDS: dict[int, Callable[[Page, Shift], bool]] = {
    6: _refused,
    12: _asked,
    18: _put_off_and_called_back,
    24: _approved_taken_back_and_approved,
    30: _handed_over,
    36: _with_a_line_corrected_and_one_refused,
    42: _looked_at_from_all_sides,
    48: _refused,
    54: _asked,
}


def arrived(page: Page) -> bool:
    page.locator("doc-review.live, .empty").first.wait_for(timeout=15_000)
    return page.locator("doc-review.live").count() > 0
