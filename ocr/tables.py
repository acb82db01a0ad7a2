"""Reads every table of a document: its extent, columns and items, over page breaks."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import replace

from ocr import numbers
from ocr.columns import find_columns
from ocr.grid import NOWHERE, POSITION, Column, Table
from ocr.headings import AMOUNTS, Cell, Heading
from ocr.items import fill
from ocr.labels import COLUMN_LEXICON, PARTY_LEXICON, squeeze
from ocr.page_shift import aligned
from ocr.products import figures_of, products_of
from ocr.rows import Row, Token, with_minus, with_whole_numbers
from ocr.stacked_cells import with_counts
from ocr.table_rows import is_sum, section_of
from ocr.totals_above import begin_stacked, over_their_labels

_FAR = 7.0  # row heights without anything: the table is over
_GROUP = 4  # rows: so near to the sum of a group its next item begins
_MONEY = re.compile(r"\d[\d ]*[.,]\d\d\d?\d?")
_CODE = re.compile(r"(?=.*\d)(?=.*[A-Za-z])[\w./-]{3,24}")
_RATE_HEADINGS = 3  # `Stawka Netto VAT`: rows of items do not begin so


def read_tables(rows: Sequence[Row], headings: Sequence[Heading], mark: str) -> list[Table]:
    """All tables with their items; a heading repeated on a further page continues its table."""
    tables: list[Table] = []
    rows = [with_minus(with_whole_numbers(row)) for row in rows]
    section = ""
    for number, heading in enumerate(headings):
        stop = headings[number + 1].first if number + 1 < len(headings) else len(rows)
        body = list(range(heading.last + 1, stop))
        if number + 1 < len(headings) and heading.same_as(headings[number + 1]):
            # What stands over the same heading on a further page is that page's head.
            page = rows[stop].page
            body = [i for i in body if rows[i].page < page or page == rows[heading.first].page]
        previous = tables[-1] if tables else None
        if (
            previous is not None
            and heading.kind in ("items", "codes")
            and heading.same_as(previous.heading)
            and rows[heading.first].page > rows[previous.heading.first].page
            and not previous.sums
        ):
            # The columns of each page are measured on that page.
            part = _read(rows, heading, body, mark, section, previous)
            shifted = [c.meaning for c in part.columns] == [c.meaning for c in previous.columns]
            if shifted:
                _across_the_break(previous, part)
                previous.items.extend(part.items)
                previous.sums.extend(part.sums)
                previous.extras.extend(part.extras)
                previous.last = part.last
                continue
        section = _section_above(rows, heading, tables[-1].last if tables else -1) or section
        tables.append(_read(rows, heading, body, mark, section))
    return tables


def _across_the_break(before: Table, after: Table) -> None:
    """Rows of an item that a page break cut off from its figures go back to it.

    Which side they belong to is what the other items show: their figures stand on the first row
    of each, or on the last.
    """
    inner = [*before.items[:-1], *after.items[1:]]
    if not before.items or not after.items or not inner:
        return
    last, first = before.items[-1], after.items[0]
    if before.figures_first:
        for row in first.rows[: first.place]:
            last.take(row, first)
    elif all(item.place == len(item.rows) - 1 for item in inner):
        for row in reversed(last.rows[last.place + 1 :]):
            first.take(row, last, front=True)


def _section_above(rows: Sequence[Row], heading: Heading, floor: int) -> str:
    """The state of a correction that stands as a title over the table."""
    for index in range(heading.first - 1, max(floor, heading.first - 4), -1):
        if found := section_of(rows[index]):
            return found
    return ""


def _read(
    rows: Sequence[Row],
    heading: Heading,
    body: Sequence[int],
    mark: str,
    section: str,
    before: Table | None = None,
) -> Table:
    """One table of one page; `before` is its part on the page before."""
    kept = _extent(rows, heading, body, mark)
    if heading.kind == "items":
        rows = aligned(rows, kept, heading.cells[0].meaning == "no")
    full = [row for row in (rows[i] for i in kept) if _figures(row) >= 2]
    heading = _codes_for_numbers(heading, full)
    heading = _with_price_and_value_apart(heading, rows[heading.first : heading.last + 1], full)
    columns = find_columns(heading.cells, _typical(heading, full, [rows[i] for i in kept]), mark)
    columns += tuple(Column(c.meaning, c.text, NOWHERE, NOWHERE) for c in heading.upper)
    if heading.kind == "items":
        rows, kept = with_counts(rows, kept, columns, mark)
    table = Table(heading, columns, last=heading.last)
    figures_first = before is not None and before.figures_first
    fill(table, rows, kept, body, mark, section, figures_first=figures_first)
    return table


def _codes_for_numbers(heading: Heading, full: Sequence[Row]) -> Heading:
    """`Item #` over codes numbers no rows."""
    places = [n for n, cell in enumerate(heading.cells) if cell.meaning == "no"]
    if len(places) != 1 or "code" in heading.meanings or not full:
        return heading
    cell = heading.cells[places[0]]
    under = [t for row in full for t in row.tokens if t.x0 < cell.x1 and t.x1 > cell.x0]
    coded = sum(_CODE.fullmatch(t.text) is not None for t in under)
    if coded < len(full) or coded < len(under):
        return heading
    cells = list(heading.cells)
    cells[places[0]] = replace(cell, meaning="code")
    return replace(heading, cells=tuple(cells))


def _with_price_and_value_apart(
    heading: Heading, printed: Sequence[Row], full: Sequence[Row]
) -> Heading:
    """`Cena Netto` as two headings where most rows have two amounts under it: a blank was lost."""
    for number, cell in enumerate(heading.cells[1:-1], start=1):
        words = [t for row in printed for t in row.tokens if cell.x0 <= t.middle <= cell.x1]
        if len(words) != 2 or not words[0].doubt:
            continue
        meanings = [COLUMN_LEXICON.find(t.key, fuzzy=True) for t in words]
        if meanings[0] != "price" or meanings[1] not in AMOUNTS - heading.meanings:
            continue
        left, right = heading.cells[number - 1].x1, heading.cells[number + 1].x0
        under = [
            sum(
                left < t.middle < right and _MONEY.fullmatch(t.text) is not None for t in row.tokens
            )
            for row in full
        ]
        if 2 * under.count(2) > len(under) - under.count(0):
            apart = [
                Cell(str(meaning), t.text, t.x0, t.x1)
                for t, meaning in zip(words, meanings, strict=True)
            ]
            cells = (*heading.cells[:number], *apart, *heading.cells[number + 1 :])
            return replace(heading, cells=cells)
    return heading


def _typical(heading: Heading, full: Sequence[Row], kept: Sequence[Row]) -> Sequence[Row]:
    """The rows that show where the columns are: those with figures, where names stand beside them.

    On a scan the names may stand a little higher than their figures and be rows of their own.
    """
    name = next((cell for cell in heading.cells if cell.meaning == "name"), None)
    if not full or name is None:
        return full or kept[:6]
    named = [row for row in full if any(t.middle < name.x1 and _is_word(t) for t in row.tokens)]
    return full if 2 * len(named) >= len(full) else kept


def _is_word(token: Token) -> bool:
    return sum(c.isalpha() for c in token.text) >= 3


def _figures(row: Row) -> int:
    """How many tokens are plain numbers, not dates or long codes."""
    return sum(
        len(t.text) < 12
        and not numbers.dates(t.text)
        and numbers.amount(t.text.rstrip("%")) is not None
        for t in row.tokens
    )


def _extent(rows: Sequence[Row], heading: Heading, body: Sequence[int], mark: str) -> list[int]:
    """Rows that can belong to the body: until sums begin, a wide white gap, or other sections."""
    kept: list[int] = []
    left = min(c.x0 for c in heading.cells)
    right = max(c.x1 for c in heading.cells)
    previous = rows[heading.last]
    for index in body:
        row = rows[index]
        if row.page == previous.page:
            if row.middle - previous.middle > _FAR * max(row.height, previous.height) and kept:
                break
        elif row.page > previous.page + 1:
            break
        again = heading.kind == "rates" and kept and _begins_alike(rows[kept[-1]], row)
        if kept and not again and is_sum(row, mark) and not _numbered(row, heading):
            if _in_a_name(rows, index, heading, mark):
                kept.append(index)
                previous = row
                continue
            if not _items_follow(rows, index, heading, mark):
                break
            continue
        if kept and _heads_rates(row):
            break
        if kept and (over_their_labels(rows, index) or begin_stacked(rows, index)):
            break
        if kept and PARTY_LEXICON.exact.get(squeeze(row.text)) == "end":
            break
        if row.x1 < left - 0.02 or row.x0 > right + 0.05:
            continue
        kept.append(index)
        previous = row
    return kept


def _begins_alike(above: Row, row: Row) -> bool:
    """`Umsatzsteuer (S) …  7` under `Umsatzsteuer (S) …  19`: a further rate, and no sum."""
    return above.tokens[0].key == row.tokens[0].key and _figures(above) == _figures(row) > 1


def _items_follow(rows: Sequence[Row], place: int, heading: Heading, mark: str) -> bool:
    """Whether a row of a sum ends a group only: an item that multiplies comes next to it."""
    here = rows[place]
    if heading.kind != "items" or not {"quantity"} & heading.meanings:
        return False
    if len(figures_of(here, mark)) != 1:
        return False
    for row in rows[place + 1 : place + _GROUP]:
        if row.page != here.page or row.middle - here.middle > _FAR * here.height:
            return False
        if is_sum(row, mark) or _heads_rates(row):
            return False
        if any(not p.trivial and p.cut is None for p in products_of(figures_of(row, mark))):
            return True
    return False


def _in_a_name(rows: Sequence[Row], place: int, heading: Heading, mark: str) -> bool:
    """Whether words of a sum are a line of a wrapped name: `razem 1 500 szt.` under its column.

    Nothing stands beside it, the item's other lines are nearer than what follows, and the table
    goes on behind it.
    """
    row, cells = rows[place], heading.cells
    names = [n for n, cell in enumerate(cells) if cell.meaning == "name"]
    if heading.kind != "items" or len(names) != 1 or not 0 < place < len(rows) - 1:
        return False
    left = cells[names[0] - 1].x1 if names[0] else cells[0].x0 - row.height
    right = cells[names[0] + 1].x0 if names[0] + 1 < len(cells) else cells[-1].x1
    if row.x0 < left or row.x1 > right:
        return False
    behind = row.tokens[-1].text
    if len(figures_of(row, mark)) == 1 and _MONEY.fullmatch(behind):
        return False  # the sum of a group
    above, below = rows[place - 1], rows[place + 1]
    if above.page != row.page or below.page != row.page:
        return False
    if row.middle - above.middle > below.middle - row.middle + 0.05 * row.height:
        return False
    for follower in rows[place + 1 : place + _GROUP]:
        if is_sum(follower, mark) or _heads_rates(follower) or follower.page != row.page:
            return False
        if any(not p.trivial and p.cut is None for p in products_of(figures_of(follower, mark))):
            return True
    return False


def _heads_rates(row: Row) -> bool:
    """Whether the row begins with the headings of a table of rates, whatever stands beside them."""
    fuzzy = row.tokens[0].doubt
    first = [COLUMN_LEXICON.find(t.key, fuzzy=fuzzy) for t in row.tokens[:_RATE_HEADINGS]]
    alike = len(first) < _RATE_HEADINGS or len(set(first)) < 2
    return not alike and set(first) <= AMOUNTS | {"vat_rate"}


def _numbered(row: Row, heading: Heading) -> bool:
    """Whether the row begins with a position number under the heading's number column."""
    first = heading.cells[0]
    token = row.tokens[0]
    return (
        first.meaning == "no"
        and POSITION.fullmatch(token.text) is not None
        and token.x0 < first.x1 + 0.02
        and len(row.tokens) > 2
    )
