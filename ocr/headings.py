"""Finds the heading rows of tables and what each column means."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, replace
from itertools import pairwise

from ocr.heading_meaning import meaning_of, ordered
from ocr.heading_words import parted
from ocr.labels import COLUMN_LEXICON, Lexicon, squeeze
from ocr.rows import Row, Token

AMOUNTS = frozenset({"net", "gross", "value", "vat"})
PRICES = frozenset({"price", "price_net", "price_gross", "price_after", "list_price"})

_SECOND = frozenset({"gtin", "classification", "code", "row_id", "before", "date"})
_ABOVE_FIGURES = frozenset({"no", "name", "code", "gtin", "classification"})
_LONG_NUMBER = re.compile(r"\d{7}")  # of taxpayers, accounts and telephones
_DECIMALS = re.compile(r"\d[.,]\d\d(?:\d\d)?(?!\d)(?!.*%)")
_MAX_ABOVE, _MAX_BELOW = 6, 15
_LOOSE, _LOOSE_IN_TEXT = 0.9, 0.6  # heights between words of one heading that need no excuse
_BLANK, _TORN = 0.6, 0.3  # heights of a blank in a font of one width; what parting there costs
_MAX_PIECES = 9  # white-separated parts of one heading
_SURELY = 0.85  # of the letters: so many known ones are a heading, however near they stand
_PROSE = 6  # words: so many unknown ones beside a heading are a sentence
_CLEARLY = 10.0  # more points: a band that leaves the rows above out is the heading
_MIN_KNOWN = 0.55  # of the letters in a heading: less is prose


@dataclass(frozen=True, slots=True)
class Cell:
    """One column's heading: its meaning ("" unknown), the printed words, where they stand.

    `second` is what the column prints on a row below: `Nazwa` over `Kod`; "under" where a heading
    such as `Nazwa / indeks / EAN` does not tell how.
    """

    meaning: str
    text: str
    x0: float
    x1: float
    second: str = ""


@dataclass(frozen=True, slots=True)
class Heading:
    """A table's heading: rows `first` to `last` of the document's rows and its columns.

    `upper` are the headings of the row that each item prints above its figures, right across the
    other columns: `Lp  Nazwa` over `Kod  Ilość  Cena  Wartość`.
    """

    first: int
    last: int
    cells: tuple[Cell, ...]
    score: float
    upper: tuple[Cell, ...] = ()

    @property
    def meanings(self) -> frozenset[str]:
        return frozenset(cell.meaning for cell in (*self.upper, *self.cells) if cell.meaning)

    @property
    def values(self) -> int:
        """How many columns are said to hold values, and not which side of the tax."""
        return sum(cell.meaning == "value" for cell in self.cells)

    def same_as(self, other: Heading) -> bool:
        """Whether this is the other's heading again, printed on a further page."""
        mine, theirs = (
            [c.meaning for c in (*heading.upper, *heading.cells)] for heading in (self, other)
        )
        return mine == theirs

    @property
    def known(self) -> float:
        """The share of the printed letters that the lexicon understands."""
        return known_share((*self.upper, *self.cells))

    @property
    def surely_items(self) -> bool:
        """Whether most headings are known, if not most letters, and name all figures of items."""
        m, cells = self.meanings, self.cells
        known = sum(bool(c.meaning) for c in cells)
        named = "quantity" in m and bool(m & PRICES) and bool(m & AMOUNTS)
        return self.first == self.last and named and 3 * known >= 2 * len(cells)

    @property
    def kind(self) -> str:
        """`items`, `codes` (a second table of the same items), `rates`, or `other`."""
        m = self.meanings
        priced = m & (PRICES | AMOUNTS)
        if "name" in m and (priced or "quantity" in m or "no" in m):
            return "items"
        if "quantity" in m and m & PRICES and m & AMOUNTS:
            return "items"
        if "no" in m and not priced and m & _SECOND:
            return "codes"
        if len(m & {"net", "vat", "gross", "value"}) >= 2 and "quantity" not in m:
            return "rates"
        if {"vat_rate", "vat", "price_net"} <= m and not m & {"quantity", "name"}:
            return "rates"
        return "other"


def known_share(cells: Sequence[Cell]) -> float:
    """The share of the letters in these headings that have a meaning."""
    lengths = [(len(squeeze(c.text)), bool(c.meaning)) for c in cells]
    return sum(n for n, known in lengths if known) / max(1, sum(n for n, _ in lengths))


def find_headings(rows: Sequence[Row], lexicon: Lexicon = COLUMN_LEXICON) -> list[Heading]:
    """All table headings in document order; they do not overlap."""
    found: list[Heading] = []
    start = 0
    rows = [parted(row) for row in rows]
    bands = _Bands(rows, lexicon)
    for index, row in enumerate(rows):
        if index < start or not _may_be_heading(row, lexicon):
            continue
        heading = _trimmed(_best_near(bands, index, start), rows)
        if heading is None or heading.kind == "other":
            continue
        heading = _numbered_once(heading)
        least = 1.0 if heading.kind == "codes" else _MIN_KNOWN
        if heading.known < least and not heading.surely_items:
            continue
        if _runs_on(heading, rows):
            continue
        found.append(heading)
        start = heading.last + 1
    return found


def _numbered_once(heading: Heading) -> Heading:
    """Rows are numbered once: the `Item no.` beside `Line` is the seller's index."""
    places = [n for n, cell in enumerate(heading.cells) if cell.meaning == "no"]
    if len(places) != 2 or places[1] != places[0] + 1 or "code" in heading.meanings:
        return heading
    cells = list(heading.cells)
    cells[places[1]] = replace(cells[places[1]], meaning="code")
    return replace(heading, cells=tuple(cells))


def _may_be_heading(row: Row, lexicon: Lexicon) -> bool:
    if len(row.tokens) < 2 or not _plausible(row):
        return False
    fuzzy = any(t.doubt for t in row.tokens)
    meanings: set[str] = set()
    tokens = row.tokens
    i = 0
    while i < len(tokens):
        found = lexicon.beginnings([t.key for t in tokens[i : i + 6]], fuzzy=fuzzy)
        if found:
            meanings.add(found[0][2])
        i += found[0][0] if found else 1
    return len(meanings) >= 2


class _Bands:
    """The rows of a document, and the cells of every band of them that was asked for."""

    def __init__(self, rows: Sequence[Row], lexicon: Lexicon) -> None:
        self.rows, self.lexicon = rows, lexicon
        self._known: dict[tuple[int, int], tuple[tuple[Cell, ...], float]] = {}

    def cells(self, top: int, bottom: int) -> tuple[tuple[Cell, ...], float]:
        """As `_cells` of the rows `top` to `bottom`; bands overlap, and each is asked for often."""
        found = self._known.get((top, bottom))
        if found is None:
            found = self._known[top, bottom] = _cells(self.rows[top : bottom + 1], self.lexicon)
        return found


def _best_near(bands: _Bands, index: int, floor: int) -> Heading | None:
    """The best band with the row `index`, or a clearly better one that begins below it.

    `Faktura VAT nr 12` close above the table has two words of headings and is none.
    """
    rows = bands.rows
    best = _best_band(bands, index, floor)
    last = index
    while last < min(len(rows) - 1, index + _MAX_BELOW) and _next_line(rows[last], rows[last + 1]):
        last += 1
    for top in range(index + 1, last + 1):
        if not _may_be_heading(rows[top], bands.lexicon):
            continue
        below = _best_band(bands, top, top)
        if below and (best is None or below.score > best.score + _CLEARLY):
            best = below
    return best


def _best_band(bands: _Bands, index: int, floor: int) -> Heading | None:
    rows = bands.rows
    first = index
    while first > max(floor, index - _MAX_ABOVE) and _next_line(rows[first - 1], rows[first]):
        first -= 1
    last = index
    while last < min(len(rows) - 1, index + _MAX_BELOW) and _next_line(rows[last], rows[last + 1]):
        last += 1
    best: Heading | None = None
    for bottom in range(index, last + 1):
        best = _better(best, bands, index, bottom)
    deepest = best.last if best else index
    for top in range(first, index):
        for bottom in range(max(index, deepest - 1), min(last, deepest + 1) + 1):
            best = _better(best, bands, top, bottom)
    return best


def _better(best: Heading | None, bands: _Bands, top: int, bottom: int) -> Heading | None:
    """The better of a heading and the one that the rows `top` to `bottom` make."""
    cells, score = bands.cells(top, bottom)
    score -= 0.6 * (bottom - top)
    if len({c.meaning for c in cells if c.meaning}) < 2:
        return best
    if best is None or score > best.score:
        best = Heading(top, bottom, cells, score)
    first = bands.rows[bottom + 1] if bottom + 1 < len(bands.rows) else None
    if bottom > top and first is not None and sum(_money(t) for t in first.tokens) < 2:
        upper, over = bands.cells(top, top)
        lower, under = bands.cells(top + 1, bottom)
        score = over + under - 0.6 * (bottom - top)
        if score > best.score and _lies_across(upper, lower):
            return Heading(top, bottom, lower, score, upper)
    return best


def _money(token: Token) -> bool:
    return _DECIMALS.search(token.text) is not None


def _lies_across(upper: Sequence[Cell], lower: Sequence[Cell]) -> bool:
    """Whether items print a name over their figures: its heading stands over other headings."""
    above, below = {c.meaning for c in upper}, {c.meaning for c in lower}
    name = next((c for c in upper if c.meaning == "name"), None)
    return (
        name is not None
        and above <= _ABOVE_FIGURES
        and "" not in below
        and not above & below
        and "quantity" in below
        and bool(below & AMOUNTS)
        and sum(c.x0 < name.x1 and c.x1 > name.x0 for c in lower) > 0
    )


def _trimmed(heading: Heading | None, rows: Sequence[Row]) -> Heading | None:
    """The heading without prose that stands beside it, apart by more than a blank."""
    if heading is None:
        return None
    heading = _without_text_above(heading, rows)
    cells = heading.cells
    wide = 1.5 * rows[heading.first].height
    for cut in range(len(cells) - 3, 0, -1):
        if cells[cut].x0 - cells[cut - 1].x1 > wide and _is_prose(cells[:cut]):
            cells = cells[cut:]
            break
    for cut in range(3, len(cells)):
        if cells[cut].x0 - cells[cut - 1].x1 > wide and _is_prose(cells[cut:]):
            cells = cells[:cut]
            break
    return replace(heading, cells=cells)


def _without_text_above(heading: Heading, rows: Sequence[Row]) -> Heading:
    """The heading without rows over it that have nothing to do with its columns."""
    cell = heading.cells[0]
    if cell.meaning not in ("", "other") or len(heading.cells) < 4:
        return heading
    first = heading.first
    while first < heading.last and rows[first].x1 < heading.cells[1].x0:
        first += 1
    if first == heading.first or rows[first].x0 < cell.x1:
        return heading
    return replace(heading, first=first, cells=heading.cells[1:])


def _runs_on(heading: Heading, rows: Sequence[Row]) -> bool:
    """Whether a single row runs on like a sentence: headings stand apart from each other."""
    if heading.first != heading.last or len(heading.cells) < 4 or heading.known > _SURELY:
        return False
    return len(rows[heading.first].phrases()) < len(heading.cells) / 2


def _is_prose(cells: Sequence[Cell]) -> bool:
    words = sum(len(c.text.split()) for c in cells)
    return words >= _PROSE and known_share(cells) < _MIN_KNOWN


def _next_line(upper: Row, lower: Row) -> bool:
    """Whether both rows may belong to one heading: near, and neither holds amounts."""
    if upper.page != lower.page:
        return False
    if not _plausible(upper) or not _plausible(lower):
        return False
    tall = max(upper.height, lower.height)
    return lower.middle - upper.middle < 2.1 * tall


def _plausible(row: Row) -> bool:
    """Headings hold neither amounts nor long numbers nor a label with its value behind a colon."""
    last = row.tokens[-1]
    return not any(
        _money(t) or _LONG_NUMBER.search(t.text) or (t.text.endswith(":") and t is not last)
        for t in row.tokens
    )


def _cells(band: Sequence[Row], lexicon: Lexicon) -> tuple[tuple[Cell, ...], float]:
    """The best division of the band's words into headings, and how well the lexicon knows them."""
    placed = sorted(
        ((token, line) for line, row in enumerate(band) for token in row.tokens),
        key=lambda pair: pair[0].x0,
    )
    tall = max(row.height for row in band)
    atoms: list[list[tuple[Token, int]]] = []
    edge = -1.0
    for token, line in placed:
        # Boxes of recognised words reach into the blank; in a text layer a touch is a broken word.
        apart = -0.15 if token.doubt else 0.1
        if atoms and (token.x0 - edge < apart * tall or token.text == "/"):
            atoms[-1].append((token, line))
        else:
            atoms.append([(token, line)])
        edge = max(edge, token.x1)
    gaps = [
        (min(t.x0 for t, _ in right) - max(t.x1 for t, _ in left)) / tall
        for left, right in pairwise(atoms)
    ]
    fuzzy = any(t.doubt for t, _ in placed)
    loose = _LOOSE if fuzzy else _LOOSE_IN_TEXT
    # best[i]: score of the first i atoms, where their last heading begins, its meaning
    best: list[tuple[float, int, str]] = [(0.0, 0, "")]
    for end in range(1, len(atoms) + 1):
        options: list[tuple[float, int, str]] = []
        for begin in range(end - 1, max(-1, end - 1 - _MAX_PIECES), -1):
            inner = gaps[begin : end - 1]
            if any(gap > 2.5 for gap in inner):
                break
            meaning, score = meaning_of(atoms[begin:end], lexicon, fuzzy)
            score -= sum(2.0 * (gap - loose) for gap in inner if gap > loose)
            if begin > 0:
                stroke = atoms[begin - 1][-1][0].text.endswith("/")
                if stroke and gaps[begin - 1] < loose:
                    score -= 3.0  # both sides of a stroke are one heading
                # Of equal readings (`VAT | Kwota VAT`, `VAT Kwota | VAT`) the wider gap divides.
                if not meaning and gaps[begin - 1] < _BLANK:
                    score -= _TORN  # an unknown word behind a blank belongs to the heading before
                score += 0.1 * min(gaps[begin - 1], 2.0) - (gaps[begin - 1] < 0.5)
            options.append((best[begin][0] + score, begin, meaning))
        best.append(max(options))
    cells: list[Cell] = []
    end = len(atoms)
    while end > 0:
        _, begin, meaning = best[end]
        tokens = ordered(atoms[begin:end])
        text = " ".join(t.text for t in tokens)
        first, _, second = meaning.partition("+")
        x0, x1 = min(t.x0 for t in tokens), max(t.x1 for t in tokens)
        cells.append(Cell(first, text, x0, x1, second))
        end = begin
    return tuple(reversed(cells)), best[-1][0]
