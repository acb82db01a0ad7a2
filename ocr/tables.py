"""Cuts a table's body into cells: column borders from white space, items from anchor rows."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, field

from ocr import numbers
from ocr.headings import AMOUNTS, PRICES, Cell, Heading
from ocr.labels import AFTER, BEFORE, CARRIED, COPY_MARKS, DIFFERENCE, PARTY_LEXICON, TOTAL_LEXICON, squeeze
from ocr.rows import Row, Token

NUMERIC = PRICES | AMOUNTS | {"quantity", "discount"}

_POSITION = re.compile(r"\d{1,6}(?:[.\-]\d{1,4})*[.)]?")
_ENDING = frozenset({"sum", "net", "vat", "gross", "due", "paid", "in_words"})
_FAR = 7.0  # row heights without anything: the table is over


@dataclass(frozen=True, slots=True)
class Column:
    """A column of a table between two borders; meaning and heading as in `Cell`."""

    meaning: str
    heading: str
    left: float
    right: float


@dataclass(slots=True)
class Item:
    """One entry of a table: the tokens of each column by column index, and all its rows."""

    cells: dict[int, list[Token]] = field(default_factory=dict)
    anchor: dict[int, list[Token]] = field(default_factory=dict)  # of the row with the numbers
    rows: list[Row] = field(default_factory=list)
    section: str = ""  # "before", "after" or "difference" of a correction


@dataclass(slots=True)
class Table:
    """A table as printed: heading, columns, items, sum rows, rows of "discount" and "charge"."""

    heading: Heading
    columns: tuple[Column, ...]
    items: list[Item] = field(default_factory=list)
    sums: list[tuple[Row, dict[int, list[Token]]]] = field(default_factory=list)
    extras: list[tuple[Row, dict[int, list[Token]], str]] = field(default_factory=list)
    last: int = 0  # index of the last row that belongs to it


def read_tables(rows: Sequence[Row], headings: Sequence[Heading], mark: str) -> list[Table]:
    """All tables with their items; a heading repeated on a further page continues its table."""
    tables: list[Table] = []
    for number, heading in enumerate(headings):
        stop = headings[number + 1].first if number + 1 < len(headings) else len(rows)
        body = list(range(heading.last + 1, stop))
        previous = tables[-1] if tables else None
        if (
            previous is not None
            and heading.kind in ("items", "codes")
            and heading.same_as(previous.heading)
            and rows[heading.first].page > rows[previous.heading.first].page
            and not previous.sums
        ):
            # The columns of each page are measured on that page.
            part = _read(rows, heading, body, mark)
            shifted = [c.meaning for c in part.columns] == [c.meaning for c in previous.columns]
            if shifted:
                previous.items.extend(part.items)
                previous.sums.extend(part.sums)
                previous.extras.extend(part.extras)
                previous.last = part.last
                continue
        tables.append(_read(rows, heading, body, mark))
    return tables


def _read(rows: Sequence[Row], heading: Heading, body: Sequence[int], mark: str) -> Table:
    kept = _extent(rows, heading, body, mark)
    full = [row for row in (rows[i] for i in kept) if _figures(row) >= 2]
    columns = _columns(heading.cells, full or [rows[i] for i in kept[:6]], mark)
    table = Table(heading, columns, last=heading.last)
    _fill(table, rows, kept, body, mark)
    return table


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
        if kept and is_sum(row, mark) and not _numbered(row, heading):
            break
        if kept and PARTY_LEXICON.exact.get(squeeze(row.text)) == "end":
            break
        if row.x1 < left - 0.02 or row.x0 > right + 0.05:
            continue
        kept.append(index)
        previous = row
    return kept


def is_sum(row: Row, mark: str) -> bool:
    """Whether the row's first words say that sums begin: `Razem`, `W tym`, `Total` …"""
    fuzzy = any(t.doubt for t in row.tokens)
    keys = [t.key for t in row.tokens[:7]]
    if row.tokens[0].text.startswith("("):
        return False
    for start in range(min(2, len(keys))):
        if start and any(c.isdigit() for c in row.tokens[0].text):
            break
        for end in range(len(keys), start, -1):
            meaning = TOTAL_LEXICON.find("".join(keys[start:end]), fuzzy=fuzzy)
            if meaning in _ENDING:
                rest = row.tokens[end:]
                if row.tokens[end - 1].text[-1:] == ":" or (rest and rest[0].text[:1] in ":-€("):
                    return True
                if not rest:  # `netto` alone is the second line of a cell
                    return meaning in ("sum", "due", "in_words")
                after = numbers.amount(rest[0].text.strip("x%"), mark)
                return after is not None or numbers.currency(rest[0].text) is not None
        if keys[start] and not keys[start].isdigit():
            break
    return False


def _numbered(row: Row, heading: Heading) -> bool:
    """Whether the row begins with a position number under the heading's number column."""
    first = heading.cells[0]
    token = row.tokens[0]
    return (
        first.meaning == "no"
        and _POSITION.fullmatch(token.text) is not None
        and token.x0 < first.x1 + 0.02
        and len(row.tokens) > 2
    )


def _columns(cells: Sequence[Cell], body: Sequence[Row], mark: str) -> tuple[Column, ...]:
    """Borders between neighbouring headings, at the white strip that suits both columns best."""
    tokens = [t for row in body for t in row.tokens]
    borders = [-1.0]
    for number, (here, there) in enumerate(zip(cells, cells[1:], strict=False)):
        low, high = here.x1, there.x0
        if high <= low:
            borders.append((low + high) / 2)
            continue
        inside = [t for t in tokens if t.x1 > low and t.x0 < high]
        options = _strips(inside, low, high)
        if len(options) == 1:
            borders.append(sum(options[0][:2]) / 2)
            continue
        edge = cells[number + 2].x0 if number + 2 < len(cells) else 9.0
        def worth(strip: tuple[float, float, int]) -> tuple[float, float]:
            x = (strip[0] + strip[1]) / 2
            fit = 0.0
            for row in body:
                left = [t for t in row.tokens if borders[-1] <= t.middle < x]
                right = [t for t in row.tokens if x <= t.middle < edge]
                fit += _fits(here.meaning, left, mark) + _fits(there.meaning, right, mark)
            return (fit - 0.5 * strip[2], strip[1] - strip[0])

        best = max(options, key=worth)
        borders.append((best[0] + best[1]) / 2)
    borders.append(9.0)
    return tuple(
        Column(cell.meaning, cell.text, borders[i], borders[i + 1]) for i, cell in enumerate(cells)
    )


def _strips(tokens: Sequence[Token], low: float, high: float) -> list[tuple[float, float, int]]:
    """Parts of [low, high] with how many tokens cover each; only the least covered are kept."""
    edges = sorted({low, high, *(x for t in tokens for x in (t.x0, t.x1) if low < x < high)})
    strips: list[tuple[float, float, int]] = []
    for a, b in zip(edges, edges[1:], strict=False):
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
        good = _POSITION.fullmatch(text) is not None
    elif meaning == "unit":
        good = len(text) <= 12 and any(c.isalpha() for c in text)
    elif meaning == "name":
        good = any(c.isalpha() for c in text)
    else:
        return 0.2
    return 1.0 if good else -1.0


def assigned(columns: Sequence[Column], row: Row) -> dict[int, list[Token]]:
    """The row's tokens by column: each goes where most of it stands."""
    cells: dict[int, list[Token]] = {}
    for token in row.tokens:
        best = max(
            range(len(columns)),
            key=lambda i: min(columns[i].right, token.x1) - max(columns[i].left, token.x0),
        )
        cells.setdefault(best, []).append(token)
    return cells


def _fill(
    table: Table, rows: Sequence[Row], kept: Sequence[int], body: Sequence[int], mark: str
) -> None:
    """Find the anchor rows, hang the other rows on them, and read the sum rows that follow."""
    columns = table.columns
    section = ""
    expected: str | None = None
    parts: list[tuple[int, dict[int, list[Token]], bool, str]] = []
    for index in kept:
        row = rows[index]
        whole = squeeze(row.text)
        if whole in CARRIED or any(whole.startswith(c) for c in CARRIED if len(c) > 8):
            continue
        if whole in COPY_MARKS or _is_page_mark(row):
            continue
        if mark_of_section := _section(row):
            section = mark_of_section
            continue
        cells = assigned(columns, row)
        extra = _extra(row)
        if extra and parts and _has_amounts(columns, cells, mark):
            table.extras.append((row, cells, extra))
            continue
        if table.heading.kind == "rates":
            anchor = _is_rate_row(columns, cells, mark)
        else:
            anchor = _is_anchor(columns, cells, mark, expected)
        if anchor:
            expected = _position(columns, cells) or expected
        parts.append((index, cells, anchor, section))
    anchors = [n for n, part in enumerate(parts) if part[2]]
    if not anchors and table.heading.kind == "items":
        anchors = _numbered_parts(columns, parts)
    owner = _owners(rows, columns, parts, anchors)
    items = {n: Item() for n in anchors}
    for n, (index, cells, _, part_section) in enumerate(parts):
        if owner[n] is None:
            continue
        item = items[owner[n]]  # type: ignore[index]
        item.rows.append(rows[index])
        for column, tokens in cells.items():
            item.cells.setdefault(column, []).extend(tokens)
        if n in items:
            item.anchor = cells
            item.section = part_section
        table.last = max(table.last, index)
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


def _numbered_parts(
    columns: Sequence[Column], parts: Sequence[tuple[int, dict[int, list[Token]], bool, str]]
) -> list[int]:
    """Rows numbered 1, 2, 3 … with a name, in a table that prints no amounts (simplified)."""
    found: list[int] = []
    for n, (_, cells, _, _) in enumerate(parts):
        position = _position(columns, cells)
        named = any(columns[i].meaning == "name" for i in cells)
        if position is not None and named and position.strip(".)") == str(len(found) + 1):
            found.append(n)
    return found


def _extra(row: Row) -> str:
    """Whether the row is a discount or charge on the whole document: `RABAT: …  -5,00`."""
    words = [t for t in row.tokens if any(c.isalpha() for c in t.text)][:3]
    if _POSITION.fullmatch(row.tokens[0].text) and len(row.tokens[0].text) < 3:
        return ""
    for end in range(len(words), 0, -1):
        meaning = TOTAL_LEXICON.exact.get("".join(t.key for t in words[:end]))
        if meaning in ("discount", "charge"):
            after = row.tokens[row.tokens.index(words[end - 1]) + 1 :]
            if words[end - 1].text.endswith(":") or not after or after[0].text[:1] in ":-0123456789":
                return meaning
    return ""


def _section(row: Row) -> str:
    key = squeeze(row.text).rstrip("0123456789")
    if key in BEFORE:
        return "before"
    if key in AFTER:
        return "after"
    return "difference" if key in DIFFERENCE else ""


def _is_page_mark(row: Row) -> bool:
    text = row.text.casefold()
    return re.fullmatch(
        r"(str(ona|\.)?|page|seite|pagina)?\s*:?\s*\d{1,3}\s*(z|/|of|von|van|sur|de)\s*\d{1,3}", text
    ) is not None


def _position(columns: Sequence[Column], cells: dict[int, list[Token]]) -> str | None:
    for index, column in enumerate(columns):
        if column.meaning == "no" and index in cells:
            text = "".join(t.text for t in cells[index])
            return text if _POSITION.fullmatch(text) else None
    return None


def _has_amounts(columns: Sequence[Column], cells: dict[int, list[Token]], mark: str) -> bool:
    return any(
        columns[i].meaning in AMOUNTS
        and numbers.amount(" ".join(t.text for t in tokens), mark) is not None
        for i, tokens in cells.items()
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
        elif meaning in NUMERIC:
            bare = re.sub(r"(?i)\b(netto|brutto|net|gross)\b", "", text)
            if numbers.amount(bare, mark) is not None:
                read.add(meaning)
    values, prices = read & AMOUNTS, read & PRICES
    present = {c.meaning for c in columns}
    position = _position(columns, cells)
    if "quantity" in read and (values or prices):
        return True
    if not present & NUMERIC:
        return position is not None
    if position is None:
        if "quantity" in present and "quantity" not in read:
            return False
        return bool(values and prices)
    if "no" in present and (values or prices or "quantity" in read):
        return "quantity" not in present or "quantity" in read or _follows(before, position)
    return False


def _is_rate_row(
    columns: Sequence[Column], cells: dict[int, list[Token]], mark: str
) -> bool:
    """Whether a row of a tax table carries amounts of one rate."""
    amounts = rates = 0
    for index, tokens in cells.items():
        text = " ".join(t.text for t in tokens)
        meaning = columns[index].meaning
        if meaning in AMOUNTS or meaning == "vat_rate":
            amounts += "%" not in text and numbers.amount(text, mark) is not None
            rates += numbers.vat_rate(text) is not None
    return amounts >= 2 or (amounts == 1 and rates >= 1)


def _follows(before: str | None, position: str) -> bool:
    digits = re.sub(r"\D", "", position)
    last = re.sub(r"\D", "", before or "0")
    return bool(digits) and bool(last) and int(digits) in (int(last), int(last) + 1)


def _owners(
    rows: Sequence[Row],
    columns: Sequence[Column],
    parts: Sequence[tuple[int, dict[int, list[Token]], bool, str]],
    anchors: Sequence[int],
) -> list[int | None]:
    """For each part the anchor whose item it belongs to, or None."""
    owner: list[int | None] = [None] * len(parts)
    if not anchors:
        return owner
    middles = [rows[part[0]].middle for part in parts]
    heights = [rows[part[0]].height for part in parts]
    pages = [rows[part[0]].page for part in parts]
    leading = anchors[0]  # rows of text above the first item's numbers
    centred = leading > 0 and all(_texty(columns, parts[n][1]) for n in range(leading))
    for position, here in enumerate(anchors):
        owner[here] = here
        following = anchors[position + 1] if position + 1 < len(anchors) else None
        between = list(range(here + 1, following if following is not None else len(parts)))
        cut = len(between)
        if following is not None:
            chain = [here, *between, following]
            gaps = [
                middles[b] - middles[a] if pages[a] == pages[b] else 0.5
                for a, b in zip(chain, chain[1:], strict=False)
            ]
            widest = max(range(len(gaps)), key=lambda i: gaps[i])
            ordinary = sorted(gaps)[len(gaps) // 2] if len(gaps) > 2 else min(gaps)
            if between and gaps[widest] > 1.15 * ordinary + 1e-9 and len(gaps) > 1:
                cut = widest
            elif centred and between:
                cut = len(between) - min(leading, len(between))
        else:
            cut = _tail(middles, heights, pages, here, between, parts, columns)
        for n in between[:cut]:
            owner[n] = here
        for n in between[cut:]:
            owner[n] = following
    if centred:
        for n in range(leading):
            owner[n] = anchors[0]
    return owner


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
