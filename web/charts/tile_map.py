"""Map of Poland as sixteen equal tiles, one per voivodeship; needs no geodata."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from markupsafe import Markup

from web.charts.scale import described, number


@dataclass(frozen=True, slots=True)
class Voivodeship:
    """TERYT code, name, the letters on its tile, and its place in the grid."""

    code: str
    name: str
    letters: str
    column: int
    row: int


# Codes: TERYT register of Statistics Poland; places follow the map as far as a grid allows.
VOIVODESHIPS = {
    code: Voivodeship(code, name, letters, column, row)
    for code, name, letters, column, row in (
        ("32", "zachodniopomorskie", "ZP", 0, 0),
        ("22", "pomorskie", "PM", 1, 0),
        ("28", "warmińsko-mazurskie", "WM", 2, 0),
        ("20", "podlaskie", "PD", 3, 0),
        ("08", "lubuskie", "LB", 0, 1),
        ("04", "kujawsko-pomorskie", "KP", 1, 1),
        ("14", "mazowieckie", "MZ", 2, 1),
        ("02", "dolnośląskie", "DŚ", 0, 2),
        ("30", "wielkopolskie", "WP", 1, 2),
        ("10", "łódzkie", "ŁD", 2, 2),
        ("06", "lubelskie", "LU", 3, 2),
        ("16", "opolskie", "OP", 1, 3),
        ("24", "śląskie", "ŚL", 2, 3),
        ("26", "świętokrzyskie", "ŚK", 3, 3),
        ("12", "małopolskie", "MA", 2, 4),
        ("18", "podkarpackie", "PK", 3, 4),
    )
}
WIDTH, HEIGHT, GAP = 88, 64, 5
SHADES = 6
DEEP_FROM = (
    4  # From this shade on, the letters are light in the light theme and dark in the dark one.
)


def tile_map(
    values: Mapping[str, float],
    *,
    title: str,
    hrefs: Mapping[str, str] | None = None,
    chosen: str = "",
    locale: str = "pl",
    unit: str = "",
) -> Markup:
    """Tiles shaded by value, keyed by TERYT code; a missing code counts as no data.

    With `hrefs` each tile is a link and the map is a group of links; without, it is one picture.
    Raises `KeyError` for a code that is not a voivodeship.
    """
    unknown = set(values) - set(VOIVODESHIPS)
    if unknown:
        raise KeyError(f"Not voivodeships: {', '.join(sorted(unknown))}")
    largest = max(values.values(), default=0)
    tiles = Markup("")
    for code, place in VOIVODESHIPS.items():
        value = values.get(code)
        tiles += _tile(
            place, value, largest, (hrefs or {}).get(code, ""), code == chosen, locale, unit
        )
    if hrefs:
        attributes, words = Markup('role="group" aria-label="{}"').format(title), Markup("")
    else:
        attributes, words = described(title, _told(values, locale, unit))
    box = f"0 0 {4 * (WIDTH + GAP) - GAP} {5 * (HEIGHT + GAP) - GAP}"
    return Markup('<svg class="tile-map" viewBox="{}" {}>{}{}</svg>').format(
        box, attributes, words, tiles
    )


def shade(value: float | None, largest: float) -> int:
    """0 for none, else 1 … 5 by equal steps up to the largest value."""
    if value is None or value <= 0 or largest <= 0:
        return 0
    return min(SHADES - 1, 1 + int((SHADES - 1) * value / largest * 0.9999))


def _tile(
    place: Voivodeship,
    value: float | None,
    largest: float,
    href: str,
    chosen: bool,
    locale: str,
    unit: str,
) -> Markup:
    tone = shade(value, largest)
    words = "–" if value is None else number(value, locale=locale, unit=unit)
    x, y = place.column * (WIDTH + GAP), place.row * (HEIGHT + GAP)
    inside = Markup(
        '<title>{}: {}</title><rect class="map-{}" x="{}" y="{}" width="{}" height="{}" rx="9"/>'
        '<text x="{}" y="{}">{}</text> <text class="tile-value-text" x="{}" y="{}">{}</text>'
    ).format(
        place.name,
        words,
        tone,
        x,
        y,
        WIDTH,
        HEIGHT,
        x + WIDTH // 2,
        y + 30,
        place.letters,
        x + WIDTH // 2,
        y + 48,
        "–" if value is None else number(value, locale=locale),
    )
    classes = " ".join(name for name, on in (("deep", tone >= DEEP_FROM), ("chosen", chosen)) if on)
    group = Markup('<g class="{}">{}</g>').format(classes, inside)
    if not href:
        return group
    current = Markup(' aria-current="true"') if chosen else ""
    label = f"{place.letters} {words}, {place.name}"  # Begins with what is seen (WCAG 2.5.3).
    return Markup('<a href="{}" aria-label="{}"{}>{}</a>').format(href, label, current, group)


def _told(values: Mapping[str, float], locale: str, unit: str) -> str:
    ranked = sorted(values.items(), key=lambda item: -item[1])
    return ", ".join(
        f"{VOIVODESHIPS[code].name} {number(value, locale=locale, unit=unit)}"
        for code, value in ranked
    )
