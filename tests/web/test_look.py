"""The look keeps its promises: contrast, weight, no inline styles, icons that exist."""

from __future__ import annotations

import gzip
import re

import pytest

from tests.web.look import CSS, WEB, contrast, tokens

# Text on its ground, with the ratios that the design states for the light and the dark theme.
TEXT = {
    ("ink", "ground"): (14.5, 15.5),
    ("ink", "surface"): (15.9, 13.9),
    ("muted", "ground"): (5.9, 8.2),
    ("muted", "surface"): (6.5, 7.4),
    ("muted", "sunken"): (5.5, 8.5),
    ("primary-ink", "primary"): (7.9, 9.0),
    ("primary", "surface"): (7.9, 8.8),
    ("primary", "ground"): (7.2, 9.7),
    ("coin-ink", "coin"): (6.5, 10.5),
    ("ok", "ok-soft"): (7.7, 9.2),
    ("warn", "warn-soft"): (7.6, 9.8),
    ("bad", "bad-soft"): (7.3, 8.9),
    ("info", "info-soft"): (7.7, 9.0),
    ("ink", "coin-soft"): (14.1, 11.7),
    ("muted", "coin-soft"): (5.7, 6.2),
    ("ok", "surface"): (9.1, 10.6),
    ("bad", "surface"): (8.9, 9.4),
    ("ink", "primary-soft"): (13.3, 10.8),
}
BORDERS = {("line-strong", "surface"): (4.8, 5.3), ("focus", "ground"): (4.9, 10.1)}
# Pairs that the shells and components add; only the limit is stated.
MORE_TEXT = [
    ("primary", "primary-soft"),
    ("ink", "sunken"),
    ("muted", "bad-soft"),
    ("muted", "warn-soft"),
    ("warn", "surface"),
    ("info", "surface"),
    ("surface", "bad"),
    ("ground", "ink"),
    ("band-ink", "band"),
    ("band-muted", "band"),
    ("band-muted", "band-deep"),
    ("band-muted", "primary-deep"),
    ("paper-ink", "paper"),
    ("paper-ink", "marked"),
    *[("map-ink", f"map-{n}") for n in range(4)],
    *[("map-ink-deep", f"map-{n}") for n in (4, 5)],
]
MORE_BORDERS = [
    ("focus", "surface"),
    ("focus-band", "band"),
    ("focus-band", "band-deep"),
    ("focus-band", "primary-deep"),
    ("line-strong", "ground"),
    ("line-strong", "coin-soft"),
    ("primary", "sunken"),
]


@pytest.mark.parametrize(("place", "theme"), [(0, "light"), (1, "dark")])
@pytest.mark.parametrize("pair", TEXT)
def test_text_keeps_the_contrast_that_the_design_states(
    pair: tuple[str, str], place: int, theme: str
) -> None:
    colours = tokens(theme)
    ratio = contrast(colours[pair[0]], colours[pair[1]])
    assert ratio >= 4.5
    assert ratio == pytest.approx(TEXT[pair][place], abs=0.06)


@pytest.mark.parametrize(("place", "theme"), [(0, "light"), (1, "dark")])
@pytest.mark.parametrize("pair", BORDERS)
def test_borders_and_focus_can_be_seen(pair: tuple[str, str], place: int, theme: str) -> None:
    colours = tokens(theme)
    ratio = contrast(colours[pair[0]], colours[pair[1]])
    assert ratio >= 3
    assert ratio == pytest.approx(BORDERS[pair][place], abs=0.06)


@pytest.mark.parametrize("theme", ["light", "dark"])
def test_pairs_added_by_components_are_readable(theme: str) -> None:
    colours = tokens(theme)
    weak = {
        pair: round(contrast(colours[pair[0]], colours[pair[1]]), 2)
        for pairs, limit in ((MORE_TEXT, 4.5), (MORE_BORDERS, 3))
        for pair in pairs
        if contrast(colours[pair[0]], colours[pair[1]]) < limit
    }
    assert weak == {}


def test_the_contrast_formula_gives_the_known_extremes() -> None:
    assert contrast("#000000", "#ffffff") == pytest.approx(21)
    assert contrast("#767676", "#ffffff") == pytest.approx(4.54, abs=0.01)


def test_following_the_device_gives_the_same_dark_as_choosing_dark() -> None:
    assert tokens("system") == tokens("dark")
    assert tokens("dark") != tokens("light")


def test_the_style_sheet_stays_light() -> None:
    assert len(gzip.compress(CSS.read_bytes(), 9)) <= 9 * 1024


def test_the_script_of_every_page_stays_light() -> None:
    assert (WEB / "static" / "app.js").stat().st_size <= 10 * 1024


def test_old_phones_find_no_colour_functions_that_they_do_not_know() -> None:
    text = CSS.read_text(encoding="utf-8")
    assert not re.findall(r"oklch|color-mix|light-dark\(", text)


def test_amber_marks_only_points_and_the_one_question() -> None:
    text = CSS.read_text(encoding="utf-8").split("/* ── Bootstrap", 1)[1]
    rules = re.findall(r"([^{}]+)\{[^{}]*var\(--coin(?:-soft)?\)[^{}]*\}", text)
    allowed = r"coin|\.act|badge-n|\.ask"
    assert [rule for rule in rules if not re.search(allowed, rule)] == []


def templates() -> list[str]:
    return sorted(str(path.relative_to(WEB)) for path in (WEB / "templates").rglob("*.html"))


@pytest.mark.parametrize("name", templates())
def test_no_template_carries_inline_style_script_or_handler(name: str) -> None:
    text = (WEB / name).read_text(encoding="utf-8")
    assert not re.search(r"\sstyle=|<style|\son[a-z]+=|javascript:|hx-on|\|\s*safe\b", text)
    assert not re.search(r"<script(?![^>]*\bsrc=)", text)


def test_every_icon_that_a_template_names_is_in_the_sprite_list() -> None:
    listed = {
        line.split("#")[0].strip()
        for line in (WEB / "icons.txt").read_text(encoding="utf-8").splitlines()
    }
    missing = []
    for name in templates():
        text = (WEB / name).read_text(encoding="utf-8")
        named = re.findall(r"\b_?icon(?:_button)?\(\"([\w-]+)\"", text)
        named += re.findall(r"\bicon(?:_end)?=\"([\w-]+)\"", text)
        missing += [(name, icon) for icon in named if icon not in listed]
    assert missing == []
