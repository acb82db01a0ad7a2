"""Borders between columns: the white strip that suits both neighbours best."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import pairwise

from ocr import numbers
from ocr.grid import POSITION, Column
from ocr.headings import AMOUNTS, PRICES, Cell
from ocr.labels import UNITS, squeeze
from ocr.rows import Row, Token

_TEXTS = frozenset({"name", "code", "row_id", "other", ""})


def find_columns(cells: Sequence[Cell], body: Sequence[Row], mark: str) -> tuple[Column, ...]:
    """Borders between neighbouring headings, at the white strip that suits both columns best."""
    tokens = [t for row in body for t in row.tokens]
    borders = [-1.0]
    for number, (here, there) in enumerate(pairwise(cells)):
        low, high = here.x1, there.x0
        if high <= low:
            borders.append((low + high) / 2)
            continue
        inside = [t for t in tokens if t.x1 > low and t.x0 < high]
        options = _strips(inside, low, high)
        if len(options) == 1:
            borders.append(_place(options[0], here.meaning))
            continue
        edge = cells[number + 2].x0 if number + 2 < len(cells) else 9.0
        reach = (borders[-1], edge)
        pair = (here.meaning, there.meaning)
        worths = [_worth(option, pair, reach, body, mark) for option in options]
        best = options[worths.index(max(worths))]
        borders.append(_place(best, here.meaning))
    borders.append(9.0)
    return tuple(
        Column(cell.meaning, cell.text, borders[i], borders[i + 1], cell.second)
        for i, cell in enumerate(cells)
    )


def _place(strip: tuple[float, float, int], meaning: str) -> float:
    """Where in a white strip the border stands.

    Texts are written from the left: a longer one on a further row reaches towards the next column.
    """
    width = strip[1] - strip[0]
    if meaning in _TEXTS:
        return strip[1] - min(0.15 * width, 0.004)
    return strip[0] + width / 2


def _worth(
    strip: tuple[float, float, int],
    meanings: tuple[str, str],
    reach: tuple[float, float],
    body: Sequence[Row],
    mark: str,
) -> tuple[float, float]:
    """How well a border in this strip suits the columns on both sides; then how wide it is."""
    x = (strip[0] + strip[1]) / 2
    fit = 0.0
    for row in body:
        left = [t for t in row.tokens if reach[0] <= t.middle < x]
        right = [t for t in row.tokens if x <= t.middle < reach[1]]
        fit += _fits(meanings[0], left, mark) + _fits(meanings[1], right, mark)
    return (fit - 0.5 * strip[2], strip[1] - strip[0])


def _strips(tokens: Sequence[Token], low: float, high: float) -> list[tuple[float, float, int]]:
    """Parts of [low, high] with how many tokens cover each; only the least covered are kept."""
    edges = sorted({low, high, *(x for t in tokens for x in (t.x0, t.x1) if low < x < high)})
    strips: list[tuple[float, float, int]] = []
    for a, b in pairwise(edges):
        count = sum(t.x0 < b and t.x1 > a for t in tokens)
        if strips and strips[-1][2] == count and strips[-1][1] == a:
            strips[-1] = (strips[-1][0], b, count)
        else:
            strips.append((a, b, count))
    least = min(count for _, _, count in strips)
    return [s for s in strips if s[2] == least]


def _fits(meaning: str, tokens: Sequence[Token], mark: str) -> float:
    """How well the words suit a column: 1 they do, 0 nothing there, below 0 they do not."""
    if not tokens:
        return 0.0
    text = " ".join(t.text for t in tokens)
    if meaning in PRICES or meaning in AMOUNTS or meaning == "discount":
        good = numbers.amount(text.rstrip("%"), mark) is not None
    elif meaning == "quantity":
        good = numbers.quantity(text, mark) is not None
    elif meaning == "vat_rate":
        good = numbers.vat_rate(text) is not None or numbers.amount(text, mark) is not None
    elif meaning == "no":
        good = POSITION.fullmatch(text) is not None
    elif meaning == "unit":
        if squeeze(text) in UNITS:
            return 1.0
        return 0.3 if len(text) <= 12 and any(c.isalpha() for c in text) else -1.0
    elif meaning == "name":
        good = any(c.isalpha() for c in text)
    else:
        return 0.2
    return 1.0 if good else -1.0
