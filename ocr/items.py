"""Which rows carry the numbers of an item, and which other rows belong to it."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

from ocr import numbers
from ocr.doubtful_cells import is_ruled
from ocr.grid import NUMERIC, Column, Item, Table, assigned, assigned_text, joined_name, position_of
from ocr.headings import AMOUNTS, PRICES
from ocr.item_owners import owners
from ocr.labels import (
    CARRIED,
    COPY_MARKS,
    squeeze,
)
from ocr.rows import Row, Token
from ocr.table_rows import (
    extra_of,
    is_item_sum,
    is_note,
    is_page_mark,
    is_sum,
    rate_off,
    section_of,
)
from ocr.table_titles import group_sums, titles
from ocr.under_headings import goes_on, is_sentence, rest_of_heading

_DETAIL = re.compile(r"[^\W\d][\w ./-]{2,30}\s?:\s?\d[\d.,]*")


def fill(
    table: Table,
    rows: Sequence[Row],
    kept: Sequence[int],
    body: Sequence[int],
    mark: str,
    section: str = "",
    *,
    figures_first: bool = False,
) -> None:
    """Find the anchor rows, hang the other rows on them, and read the sum rows that follow.

    `section` is the state of a correction that the table's title names; `figures_first` is known of
    a table that began on an earlier page: no text stands over an item's figures.
    """
    columns = table.columns
    expected: str | None = None
    unnumbered = False  # whether the last item had no number
    parts: list[tuple[int, dict[int, list[Token]], bool, str]] = []
    offs: dict[int, list[Token]] = {}  # rates of discounts by their part
    settled: dict[int, _Settled] = {}  # by the part with the item's figures
    heading = table.heading
    printed = {squeeze(row.text) for row in rows[heading.first : heading.last + 1]}
    above, sentence = rows[heading.last], None
    for index in kept:
        row = rows[index]
        whole = squeeze(row.text)
        if heading.kind == "items" and not parts:
            if rest_of_heading(heading, above, row):
                above = row
                continue
            if is_sentence(columns, row) or (sentence is not None and goes_on(sentence, row)):
                sentence = row
                continue
        if whole in CARRIED or any(whole.startswith(c) for c in CARRIED if len(c) > 8):
            continue
        if whole in COPY_MARKS or is_page_mark(row) or whole in printed:
            continue
        if mark_of_section := section_of(row):
            section = mark_of_section
            continue
        if table.heading.kind == "items" and is_note(row):
            parts.append((index, {}, False, section))  # it stands between items, and says nothing
            continue
        if table.heading.kind == "items" and parts and (off := rate_off(row)):
            offs[len(parts)] = off
            parts.append((index, {}, False, section))
            continue
        cells = joined_name(columns, row, assigned(columns, row))
        if is_item_sum(row) and (last := _last_anchor(parts)) is not None:
            cuts = [x for x in table.extras if x[0].middle > rows[parts[last][0]].middle]
            cuts = [x for x in cuts if x[0].page == row.page]
            table.extras = [x for x in table.extras if x not in cuts]
            settled[last] = _Settled(row, _values(columns, cells), [c for _, c, _ in cuts])
            continue
        extra = extra_of(row)
        if extra == "charge" and _counted(columns, cells, mark):
            extra = ""  # freight or a drum's deposit that is sold like goods
        if extra and parts and _has_amounts(columns, cells, mark):
            table.extras.append((row, cells, extra))
            continue
        if table.heading.kind == "rates":
            anchor = _is_rate_row(columns, cells, mark)
        else:
            anchor = _is_anchor(columns, cells, mark, expected)
        position = position_of(columns, cells)
        if anchor and position and unnumbered and not _figured(columns, cells, mark):
            anchor, unnumbered = False, False  # the item's above, which is printed a little lower
            expected = position
        anchor = anchor and (position is not None or not _is_detail(columns, row))
        if anchor:
            unnumbered = position is None
            expected = position or expected
        elif table.heading.upper or not _has_amounts(columns, cells, mark):
            cells = assigned_text(table, row)
        parts.append((index, cells, anchor, section))
    anchors = [n for n, part in enumerate(parts) if part[2]]
    if not anchors and table.heading.kind == "items":
        anchors = _numbered_parts(columns, parts)
    if table.heading.kind == "items" and not table.heading.upper:
        named = titles(columns, [rows[p[0]] for p in parts], [p[1] for p in parts], anchors)
        parts = [(p[0], {}, False, p[3]) if n in named else p for n, p in enumerate(parts)]
    if table.heading.kind == "items" and anchors:
        sums = group_sums(columns, [p[1] for p in parts], anchors, mark)
        parts = [(p[0], {}, False, p[3]) if n in sums else p for n, p in enumerate(parts)]
    text = "above" if table.heading.upper else "below" if figures_first else ""
    owner = owners(rows, columns, parts, anchors, text)
    items = {n: Item() for n in anchors}
    for n, (index, cells, _, part_section) in enumerate(parts):
        if owner[n] is None:
            continue
        item = items[owner[n]]  # type: ignore[index]
        item.rows.append(rows[index])
        item.rate_off = offs.get(n, item.rate_off)
        for column, tokens in cells.items():
            item.cells.setdefault(column, []).extend(tokens)
        if n in items:
            item.anchor = cells
            item.section = part_section
        table.last = max(table.last, index)
    for n, final in settled.items():
        if n in items:
            final.into(items[n], columns)
    table.items = [items[n] for n in anchors]
    after = [i for i in body if i > table.last]
    for index in after[:14]:
        row = rows[index]
        if row.page != rows[table.last].page and table.sums:
            break
        cells = assigned(columns, row)
        if is_sum(row, mark) or (table.sums and _has_amounts(columns, cells, mark)):
            table.sums.append((row, cells))
        elif table.sums:
            break


@dataclass(slots=True)
class _Settled:
    """What stands under an item's figures: its discounts and its value after them."""

    row: Row
    values: dict[int, list[Token]]
    cuts: list[dict[int, list[Token]]]

    def into(self, item: Item, columns: Sequence[Column]) -> None:
        for column, tokens in self.values.items():
            item.cells[column] = tokens
            item.anchor[column] = tokens
        told = (t for t in self.row.tokens if not t.text.isdigit() and numbers.vat_rate(t.text))
        item.rate = next(told, None)
        item.cuts = [tokens for cells in self.cuts for tokens in _values(columns, cells).values()]


def _values(columns: Sequence[Column], cells: dict[int, list[Token]]) -> dict[int, list[Token]]:
    """The cells of columns that hold a line's value."""
    return {i: tokens for i, tokens in cells.items() if columns[i].meaning in ("value", "net")}


def _last_anchor(parts: Sequence[tuple[int, dict[int, list[Token]], bool, str]]) -> int | None:
    return next((n for n in range(len(parts) - 1, -1, -1) if parts[n][2]), None)


def _numbered_parts(
    columns: Sequence[Column], parts: Sequence[tuple[int, dict[int, list[Token]], bool, str]]
) -> list[int]:
    """Rows numbered 1, 2, 3 … with a name, in a table that prints no amounts (simplified)."""
    found: list[int] = []
    for n, (_, cells, _, _) in enumerate(parts):
        position = position_of(columns, cells)
        named = any(columns[i].meaning == "name" for i in cells)
        if position is not None and named and position.strip(".)") == str(len(found) + 1):
            found.append(n)
    return found


def _has_amounts(columns: Sequence[Column], cells: dict[int, list[Token]], mark: str) -> bool:
    return any(
        columns[i].meaning in AMOUNTS
        and numbers.amount(" ".join(t.text for t in tokens), mark) is not None
        for i, tokens in cells.items()
    )


def _figured(columns: Sequence[Column], cells: dict[int, list[Token]], mark: str) -> bool:
    """Whether a row has figures of a quantity, a price or an amount."""
    told = [
        " ".join(t.text for t in ts) for i, ts in cells.items() if columns[i].meaning in NUMERIC
    ]
    return any(
        numbers.amount(text, mark) is not None or numbers.quantity(text, mark) is not None
        for text in told
    )


def _is_anchor(
    columns: Sequence[Column], cells: dict[int, list[Token]], mark: str, before: str | None
) -> bool:
    """Whether the row carries an item's numbers."""
    read: set[str] = set()
    for index, tokens in cells.items():
        meaning = columns[index].meaning
        text = " ".join(t.text for t in tokens)
        if meaning == "quantity":
            if numbers.quantity(text, mark) is not None:
                read.add(meaning)
        elif meaning in NUMERIC and not is_ruled(tokens):
            bare = re.sub(r"(?i)\b(netto|brutto|net|gross)\b", "", text)
            if numbers.amount(bare, mark) is not None:
                read.add(meaning)
    values, prices = read & AMOUNTS, read & PRICES
    present = {c.meaning for c in columns}
    position = position_of(columns, cells)
    if "quantity" in read and (values or prices):
        return True
    if not present & NUMERIC:
        return position is not None
    if not present & (PRICES | {"quantity", "no"}) and "name" in present:
        named = any(columns[i].meaning == "name" for i in cells)
        return named and bool(values)  # services: what was done, and what it is worth
    if position is None:
        if "quantity" in present and "quantity" not in read and not _lost_figure(columns, cells):
            return _is_lump_sum(columns, cells, mark)
        return bool(values and prices)
    named = any(columns[i].meaning == "name" for i in cells)
    if before is not None and named and _next(before, position):
        return True  # a numbered row that says something without a price
    if "no" in present and (values or prices or "quantity" in read):
        return "quantity" not in present or "quantity" in read or _follows(before, position)
    return False


def _is_detail(columns: Sequence[Column], row: Row) -> bool:
    """`Bruttopreis : 15,00   Abschlag : 4,50` under an item of a table that numbers its items."""
    numbered = any(c.meaning == "no" for c in columns)
    return numbered and _DETAIL.fullmatch(row.phrases()[0].text) is not None


def _counted(columns: Sequence[Column], cells: dict[int, list[Token]], mark: str) -> bool:
    """Whether a row has a quantity and a price of its own."""
    told = {columns[i].meaning: " ".join(t.text for t in tokens) for i, tokens in cells.items()}
    priced = any(numbers.amount(told[m], mark) is not None for m in PRICES & told.keys())
    return priced and numbers.quantity(told.get("quantity", ""), mark) is not None


def _is_lump_sum(columns: Sequence[Column], cells: dict[int, list[Token]], mark: str) -> bool:
    """`Transport  Pauschal  120,00  120,00`: a word for the count, and its price is its value."""
    told = {columns[i].meaning: " ".join(t.text for t in tokens) for i, tokens in cells.items()}
    counted = told.get("quantity", "")
    prices = {numbers.amount(told[m], mark) for m in PRICES & told.keys()}
    values = {numbers.amount(told[m], mark) for m in AMOUNTS & told.keys()}
    worded = any(map(str.isalpha, counted)) and not any(map(str.isdigit, counted))
    return worded and "name" in told and bool(prices & values - {None})


def _lost_figure(columns: Sequence[Column], cells: dict[int, list[Token]]) -> bool:
    """Whether an engine may have missed a single figure in a row that has a name."""
    return any(columns[i].meaning == "name" and tokens[0].doubt for i, tokens in cells.items())


def _is_rate_row(columns: Sequence[Column], cells: dict[int, list[Token]], mark: str) -> bool:
    """Whether a row of a tax table carries amounts of one rate."""
    amounts = rates = 0
    for index, tokens in cells.items():
        text = " ".join(t.text for t in tokens)
        meaning = columns[index].meaning
        if meaning in AMOUNTS or meaning == "vat_rate":
            amounts += "%" not in text and numbers.amount(text, mark) is not None
            rates += numbers.vat_rate(text) is not None
    return amounts >= 2 or (amounts == 1 and rates >= 1)


def _next(before: str, position: str) -> bool:
    here, last = re.sub(r"\D", "", position), re.sub(r"\D", "", before)
    return bool(here) and bool(last) and int(here) == int(last) + 1 and len(here) <= 4


def _follows(before: str | None, position: str) -> bool:
    digits = re.sub(r"\D", "", position)
    last = re.sub(r"\D", "", before or "0")
    return bool(digits) and bool(last) and int(digits) in (int(last), int(last) + 1)
