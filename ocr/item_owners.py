"""Which item of a table the rows without figures belong to: by gaps, or as other items show."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import pairwise

from ocr.grid import NUMERIC, Column
from ocr.line_text import label_of
from ocr.rows import Row, Token


def owners(
    rows: Sequence[Row],
    columns: Sequence[Column],
    parts: Sequence[tuple[int, dict[int, list[Token]], bool, str]],
    anchors: Sequence[int],
    text: str,
) -> list[int | None]:
    """For each part the anchor whose item it belongs to, or None.

    `text` says where text stands that an item prints beside its figures, if it is known: "above"
    or "below" them.
    """
    owner: list[int | None] = [None] * len(parts)
    if not anchors:
        return owner
    middles = [rows[part[0]].middle for part in parts]
    heights = [rows[part[0]].height for part in parts]
    pages = [rows[part[0]].page for part in parts]
    leading = anchors[0]  # rows of text above the first item's numbers
    centred = leading > 0 and not text and all(_texty(columns, p[1]) for p in parts[:leading])
    ends = _last_details(rows, columns, parts, anchors) if centred else frozenset()
    if not leading and not text and _mostly_below(rows, parts, anchors):
        text = "below"
    for position, here in enumerate(anchors):
        owner[here] = here
        following = anchors[position + 1] if position + 1 < len(anchors) else None
        between = list(range(here + 1, following if following is not None else len(parts)))
        cut = len(between)
        if following is not None and text:
            cut = 0 if text == "above" else len(between)
        elif following is not None and ends:
            cut = next(n for n, part in enumerate(between, 1) if part in ends)
        elif following is not None:
            widest = _widest([rows[parts[n][0]] for n in (here, *between, following)])
            if between and widest is not None:
                cut = widest
            elif centred and between:
                cut = len(between) - min(leading, len(between))
        else:
            cut = _tail(middles, heights, pages, here, between, parts, columns)
        for n in between[:cut]:
            owner[n] = here
        for n in between[cut:]:
            owner[n] = following
    if centred or text:
        for n in range(leading):
            owner[n] = anchors[0]
    return owner


def _widest(chain: Sequence[Row]) -> int | None:
    """After which of these rows the widest gap is, where one is clearly wider than the others."""
    gaps = [b.middle - a.middle if a.page == b.page else 0.5 for a, b in pairwise(chain)]
    widest = max(range(len(gaps)), key=lambda i: gaps[i])
    ordinary = sorted(gaps)[len(gaps) // 2] if len(gaps) > 2 else min(gaps)
    return widest if len(gaps) > 1 and gaps[widest] > 1.15 * ordinary + 1e-9 else None


def _mostly_below(
    rows: Sequence[Row],
    parts: Sequence[tuple[int, dict[int, list[Token]], bool, str]],
    anchors: Sequence[int],
) -> bool:
    """Whether text stands under its figures after most items of a table that an engine read.

    Its words stand a little higher or lower than they were printed, so that one gap may mislead.
    """
    if not all(t.doubt for t in rows[parts[anchors[0]][0]].tokens):
        return False
    below = asked = 0
    for here, following in pairwise(anchors):
        if following - here > 1:
            asked += 1
            cut = _widest([rows[parts[n][0]] for n in range(here, following + 1)])
            below += cut is None or cut == following - here - 1
    return asked > 2 and below * 2 > asked


def _last_details(
    rows: Sequence[Row],
    columns: Sequence[Column],
    parts: Sequence[tuple[int, dict[int, list[Token]], bool, str]],
    anchors: Sequence[int],
) -> frozenset[int]:
    """The parts that end items: one `Label: value` between any two anchors, of the same label."""
    found: list[tuple[int, str]] = []
    for here, following in pairwise(anchors):
        labels = [
            (n, label)
            for n in range(here + 1, following)
            if (label := label_of(rows[parts[n][0]].text)) and _texty(columns, parts[n][1])
        ]
        if len(labels) != 1:
            return frozenset()
        found += labels
    alike = len({label for _, label in found}) == 1
    return frozenset(n for n, _ in found) if alike else frozenset()


def _tail(
    middles: Sequence[float],
    heights: Sequence[float],
    pages: Sequence[int],
    here: int,
    between: Sequence[int],
    parts: Sequence[tuple[int, dict[int, list[Token]], bool, str]],
    columns: Sequence[Column],
) -> int:
    """How many rows after the last item's numbers still are its text."""
    previous = here
    count = 0
    for n in between:
        step = (middles[n] - middles[previous]) / heights[previous]
        if pages[n] != pages[previous] or step > 2.2:
            break
        if step > 1.6 and not _texty(columns, parts[n][1]):
            break
        count += 1
        previous = n
    return count


def _texty(columns: Sequence[Column], cells: dict[int, list[Token]]) -> bool:
    """Whether a row holds words under the name or code columns and little elsewhere."""
    inside = outside = 0
    for index, tokens in cells.items():
        letters = sum(len(t.text) for t in tokens)
        if columns[index].meaning in NUMERIC | {"vat_rate"}:
            outside += letters
        else:
            inside += letters
    return inside >= outside
