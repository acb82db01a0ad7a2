"""Tables of tax by rate: their rows by rate, and their sums."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from decimal import Decimal

from ocr import numbers
from ocr.equations import rate_of
from ocr.grid import Table
from ocr.labels import TOTAL_LEXICON, squeeze
from ocr.reading import RateTotal, Value
from ocr.rows import WIDE_GAP, Row, Token
from ocr.token_values import amount_of

_SUM_WORD = re.compile(r"(?i)^(razem|suma|w tym|ogółem):?\s*")
_LEADING = re.compile(r"[-−–]?\d{1,3}")
_GROUP = re.compile(r"\d{3}[.,]\d\d-?")  # what stands behind the blank of thousands
_HIGHEST_RATE = 30
_CENT = Decimal("0.01")
_ORDER = ("net", "vat", "gross")


def rate_totals(
    tables: Sequence[Table], mark: str, line_sums: Mapping[str, Decimal] | None = None
) -> tuple[list[RateTotal], list[RateTotal]]:
    """Rows of tax tables by rate, and their sum rows (rate "").

    Of rows that state one sum in several currencies that of the lines counts, whose sums are
    `line_sums`; none of them where no row is theirs.
    """
    rates: list[RateTotal] = []
    sums: list[RateTotal] = []
    for table in tables:
        if table.heading.kind == "rates":
            meanings = _by_rate(table, _rate_meanings(table), mark)
            if same := _by_currency(table, meanings, mark):
                own = (line_sums or {}).get("net")
                sums += [row for row in same if row.net is not None and row.net.value == own]
                continue
            for item in table.items:
                row = _rate_row(meanings, item.anchor, mark, item.cells)
                if row is not None:
                    (rates if row.vat_rate else sums).append(row)
            cells = [c for r, c in table.sums if _is_plain_sum(r)]
        elif table.heading.kind == "items":
            meanings = [c.meaning for c in table.columns]
            cells = []
            for r, c in table.sums:
                row = _rate_row(meanings, c, mark)
                if row is None:
                    continue
                first = squeeze(r.tokens[0].text)
                told = sum(v is not None for v in (row.net, row.vat, row.gross))
                if row.vat_rate and not first.startswith("razem") and told > 1:
                    rates.append(row)
                elif _is_plain_sum(r):
                    cells.append(c)
        else:
            continue
        for c in cells:
            row = _rate_row(meanings, c, mark)
            if row is not None:
                sums.append(RateTotal("", row.net, row.vat, row.gross))
    return rates, sums


def _by_currency(table: Table, meanings: Sequence[str], mark: str) -> list[RateTotal]:
    """The rows of a table that lists its sums by currency, two at least; none of another one."""
    found: dict[str, RateTotal] = {}
    for item in table.items:
        row = item.anchor
        first = min((t for ts in row.values() for t in ts), key=lambda t: t.x0, default=None)
        code = numbers.currency(first.text) if first is not None else None
        if code is None or any("%" in t.text for ts in row.values() for t in ts):
            return []
        read = _rate_row(
            meanings, {i: [t for t in ts if t is not first] for i, ts in row.items()}, mark
        )
        if read is not None:
            found[code] = RateTotal("", read.net, read.vat, read.gross)
    return list(found.values()) if len(found) > 1 else []


def _rate_meanings(table: Table) -> list[str]:
    """Columns of a tax table; of two rate columns the one with amounts is the tax."""
    meanings = [c.meaning for c in table.columns]
    for index, meaning in enumerate(meanings):
        if meaning != "vat_rate":
            continue
        texts = [
            " ".join(t.text for t in item.cells[index])
            for item in table.items
            if index in item.cells
        ]
        amounts = sum("%" not in t and re.search(r"[.,]\d\d$", t) is not None for t in texts)
        second = meanings.count("vat_rate") > 1 and amounts * 2 > len(texts)
        if texts and (second or ("vat" not in meanings and _too_much(texts))):
            meanings[index] = "vat"
    if "net" not in meanings and "price_net" in meanings:
        meanings[meanings.index("price_net")] = "net"
    if "value" in meanings and "gross" not in meanings:
        meanings[meanings.index("value")] = "gross" if "net" in meanings else "net"
    return meanings


def _by_rate(table: Table, meanings: Sequence[str], mark: str) -> list[str]:
    """The columns, where what passes for the net is the gross by every row's own rate and tax.

    The base then stands under a heading that is not known, or nowhere.
    """
    changed = ["gross" if meaning == "net" else meaning for meaning in meanings]
    rows = [
        (item.anchor, _rate_row(meanings, item.anchor, mark, item.cells)) for item in table.items
    ]
    told = [(cells, row) for cells, row in rows if row and row.vat_rate and row.vat and row.net]
    if "gross" in meanings or not told or not all(_taxes_gross(row) for _, row in told):
        return list(meanings)
    for index in range(len(meanings)):
        if meanings[index] in ("net", "vat", "vat_rate"):
            continue
        bases = [_amount_under(cells, index, mark) for cells, _ in told]
        if all(
            base is not None and row.net and row.vat and base == row.net.value - row.vat.value
            for base, (_, row) in zip(bases, told, strict=True)
        ):
            changed[index] = "net"
    return changed


def _taxes_gross(row: RateTotal) -> bool:
    """Whether the tax is the rate's part of a sum that holds it, and not the rate of that sum."""
    rate = rate_of(row.vat_rate)
    if not rate or row.net is None or row.vat is None or not row.vat.value:
        return False
    net, vat = row.net.value, row.vat.value
    return abs(net * rate - vat) > 2 * _CENT and abs((net - vat) * rate - vat) <= _CENT


def _amount_under(cells: Mapping[int, Sequence[Token]], index: int, mark: str) -> Decimal | None:
    return numbers.amount(" ".join(t.text for t in cells.get(index, ())), mark)


def _too_much(texts: Sequence[str]) -> bool:
    """Whether a column under `VAT` has amounts: no tax is as high as one of them."""
    values = [numbers.amount(text) for text in texts]
    told = all(
        v is not None and re.search(r"[.,]\d\d$", t) for v, t in zip(values, texts, strict=True)
    )
    return told and max(v for v in values if v is not None) > _HIGHEST_RATE


def _is_plain_sum(row: Row) -> bool:
    keys = [t.key for t in row.tokens[:3]]
    return any(TOTAL_LEXICON.exact.get("".join(keys[:n])) in ("sum", "gross") for n in (1, 2, 3))


def _rate_row(
    meanings: Sequence[str],
    cells: dict[int, list[Token]],
    mark: str,
    wrapped: dict[int, list[Token]] | None = None,
) -> RateTotal | None:
    """One row of a tax table; `wrapped` are its cells with the rows that its rate's name takes."""
    rate = ""
    values: dict[str, Value[Decimal]] = {}
    for index, tokens in cells.items():
        if not tokens:
            continue
        text = " ".join(t.text for t in tokens)
        meaning = meanings[index]
        if meaning == "vat_rate" and (net := _net_of_neighbour(meanings, index, cells, mark)):
            values.setdefault("net", net)  # `23%  4 893,76`: a sum is wider than its column
        elif meaning == "vat_rate":
            whole = " ".join(t.text for t in (wrapped or cells).get(index, tokens))
            rate = numbers.vat_rate(whole) or numbers.vat_rate(text) or rate
        elif meaning in _ORDER:
            for phrase in (Row(tokens[0].page, tuple(tokens)), *_phrases(tokens)):
                value = numbers.amount(_SUM_WORD.sub("", phrase.text), mark)
                if value is not None:
                    figures = [t for t in phrase.tokens if any(c.isdigit() for c in t.text)]
                    values.setdefault(meaning, amount_of(value, figures or phrase.tokens))
                    break
    if not values:
        return None
    _with_thousands(values, cells, mark)
    if not rate:
        words = " ".join(t.text for i, ts in cells.items() if meanings[i] not in _ORDER for t in ts)
        match = re.search(r"(?<![\d.,])\d{1,2}(?:[.,]\d{1,2})?\s?%", words)
        rate = (numbers.vat_rate(match[0]) or "") if match else ""
    return RateTotal(rate, values.get("net"), values.get("vat"), values.get("gross"))


def _net_of_neighbour(
    meanings: Sequence[str], index: int, cells: dict[int, list[Token]], mark: str
) -> Value[Decimal] | None:
    """The amount that begins under the heading of rates and belongs to the net column beside it."""
    if index + 1 >= len(meanings) or meanings[index + 1] != "net":
        return None
    percent = any("%" in t.text for i, ts in cells.items() if i != index for t in ts)
    if index + 1 in cells and not percent:  # the only figure that can be the rate
        return None
    tokens = [*cells[index], *cells.get(index + 1, ())]
    text = " ".join(t.text for t in tokens)
    value = numbers.amount(text, mark)
    return amount_of(value, tokens) if value and re.search(r"\d[.,]\d\d$", text) else None


def _with_thousands(
    values: dict[str, Value[Decimal]],
    cells: dict[int, list[Token]],
    mark: str,
) -> None:
    """Give a sum the figure before its blank that was taken for the column left of it.

    `2 090,60` is wider than its column. No amount begins with a nought; another one has its figure
    only where net and tax then make the gross.
    """
    for index, tokens in cells.items():
        text, before = " ".join(t.text for t in tokens), cells.get(index - 1, [])
        meaning = next((m for m, value in values.items() if value.raw == text), None)
        if meaning is None or not before or any(t.text[-1:] != "%" for t in before[-2:-1]):
            continue
        if not _GROUP.fullmatch(tokens[0].text) or not _LEADING.fullmatch(before[-1].text):
            continue
        if tokens[0].x0 - before[-1].x1 > WIDE_GAP * tokens[0].height:
            continue
        joined = [before[-1], *tokens]
        value = numbers.amount(" ".join(t.text for t in joined), mark)
        if value is None:
            continue
        whole = {**values, meaning: amount_of(value, joined)}
        if tokens[0].text[0] == "0" or (_adds_up(whole) and not _adds_up(values)):
            values[meaning] = whole[meaning]


def _adds_up(values: dict[str, Value[Decimal]]) -> bool:
    told = [values[m].value for m in _ORDER if m in values]
    return len(told) == len(_ORDER) and told[0] + told[1] == told[2]


def _phrases(tokens: Sequence[Token]) -> list[Row]:
    """Parts of a cell from the right: what another column's prose left there comes last."""
    return Row(tokens[0].page, tuple(tokens)).phrases()[::-1]
