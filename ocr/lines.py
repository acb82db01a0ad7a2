"""Items of a table to entries: quantities, prices, values, rates; discounts of the document."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import replace

from ocr import multiplied_cells, numbers
from ocr.doubtful_cells import (
    as_percent,
    counted,
    number_rows,
    with_quantity,
    without_lines_behind,
)
from ocr.entry import Entry
from ocr.grid import Column, Item, Table
from ocr.headings import PRICES
from ocr.labels import AFTER, BEFORE, DIFFERENCE, UNITS, squeeze
from ocr.line_columns import meanings_of, name_rows
from ocr.line_states import take_states
from ocr.line_text import (
    add_codes,
    add_description,
    article_numbers,
    codes_below,
    gtin_proof,
    is_broken,
)
from ocr.products import holds
from ocr.reading import Discount, Proof, Value
from ocr.rows import Token, box_of
from ocr.token_values import amount_of, text_of
from ocr.unit_letters import misread

_TRUE = frozenset({"tak", "1", "x", "yes", "t", "ja", "v"})


# What a price is for: `27,36/100`, `18,40 za 100 szt.`, `3,15 zł/m`.
_PRICE_BASE = re.compile(
    r"(?<=\d)\s*(?:zł|eur|pln|€)?\s*(?:/|\b(?:za|pro|per|je)\b|(?=\s10{2,3}\b))\s*(?:10{0,3})?"
    r"\s*[^\W\d]{0,5}\.?$",
    re.IGNORECASE,
)
_STATE_WORDS = re.compile(
    r"(?i)\b(stan\s+)?(przed korekt[ąa]|po korekcie|by[łl]o|winno by[ćc]|powinno by[ćc]|przed|po|"
    r"jest|r[óo][żz]nica|korekta)\b:?"
)


def entries(table: Table, mark: str) -> list[Entry]:
    """The items of an item table as entries, in document order."""
    name_rows(table)
    multiplied_cells.part(table, mark)
    meanings = with_quantity(table, meanings_of(table, mark), mark)
    number_rows(table, meanings)
    take_states(table, meanings)
    numbers_above = article_numbers(table.items, meanings)
    below = codes_below(table.items, meanings)
    found = [_entry(table, meanings, item, mark) for item in table.items]
    for entry, (code, gtin) in zip(found, below, strict=False):
        entry.article_no, entry.gtin = entry.article_no or code, entry.gtin or gtin
    without_lines_behind(found)
    for entry, article in zip(found, numbers_above, strict=False):
        entry.article_no = entry.article_no or article
    name: Value[str] | None = None
    for entry in found:
        state = _state(entry.description.value) if entry.description else None
        if state is None:
            name = entry.description or name
        else:  # `przed korektą` and `po korekcie` stand where names stand elsewhere
            rest = (
                _STATE_WORDS.sub("", entry.description.value).strip() if entry.description else ""
            )
            if rest and entry.description:
                name = replace(entry.description, value=rest)
            entry.section, entry.description = state, name
    return found


def _state(text: str) -> str | None:
    """The state that a row's name is or begins or ends with: before, after, difference."""
    words = text.split()
    for part in (words, words[:2], words[-2:], words[:1], words[-1:]):
        key = squeeze(" ".join(part))
        if len(key) < 4 and len(words) > 1:
            continue
        for state, keys in (("before", BEFORE), ("after", AFTER), ("difference", DIFFERENCE)):
            if key in keys and (len(part) == len(words) or len(key) > 8):
                return state
    return None


def discounts(tables: Sequence[Table], mark: str) -> tuple[Discount, ...]:
    """Discounts and charges on the whole document, printed as rows of their own."""
    found: list[Discount] = []
    for table in tables:
        for row, cells, sort in table.extras:
            for wanted in ("net", "value", "gross"):
                index = next((i for i, c in enumerate(table.columns) if c.meaning == wanted), None)
                tokens = cells.get(index, []) if index is not None else []
                amount = numbers.amount(" ".join(t.text for t in tokens), mark)
                if amount is None:
                    continue
                value = amount_of(abs(amount) if sort == "discount" else -amount, tokens)
                label = " ".join(t.text for t in row.tokens if any(c.isalpha() for c in t.text))
                found.append(Discount(value, None, label))
                break
    return tuple(found)


def _entry(table: Table, meanings: Sequence[str], item: Item, mark: str) -> Entry:
    entry = Entry(section=item.section)
    all_tokens = [t for tokens in item.cells.values() for t in tokens]
    page = all_tokens[0].page if all_tokens else 1
    entry.box = box_of([t for t in all_tokens if t.page == page])
    for index, meaning in enumerate(meanings):
        tokens = item.cells.get(index, [])
        if not tokens:
            continue
        anchor = item.anchor.get(index) or tokens
        if meaning == "vat" and (parts := _rate_and_tax(anchor)):
            entry.vat_rate = entry.vat_rate or text_of(*parts[0])
            anchor = tokens = parts[1]
        text = " ".join(t.text for t in tokens)
        if meaning == "no":
            entry.position = anchor[0].text
        elif meaning == "quantity":
            _quantity(entry, anchor, tokens, mark)
        elif (meaning == "unit" and _priced_unit(entry, table, anchor, mark)) or (
            meaning == "unit" and _unit_and_quantity(entry, anchor, mark)
        ):
            continue
        elif meaning == "unit":
            _unit(entry, anchor, tokens)
        elif meaning in PRICES or meaning in ("net", "gross", "value", "vat", "discount"):
            _number(entry, meaning, anchor, tokens, mark)
            if meaning == "discount" and "%" in table.columns[index].heading:
                entry.percent_discount = True
        elif meaning == "vat_rate":
            rate = numbers.vat_rate(text) or numbers.vat_rate(" ".join(t.text for t in anchor))
            rate = rate or (
                numbers.vat_rate(as_percent(anchor[0].text)) if anchor[0].doubt else None
            )
            rate = rate or numbers.vat_rate(re.sub(r"\([^)]*\)|[A-Z]\b", "", text).strip())
            if rate is not None and entry.vat_rate is None:
                entry.vat_rate = text_of(rate, anchor)
            elif rate is None and re.fullmatch(r"[A-Z]\d?", text):
                entry.rate_code, entry.rate_box = text, box_of(anchor)
        elif meaning == "gtin":
            code = "".join(t.text for t in tokens)
            if re.fullmatch(r"[0-9A-Za-z]{6,18}", code):
                entry.gtin = text_of(code, tokens, gtin_proof(code))
        elif meaning == "before" and squeeze(re.sub(r"^\d\.\s*", "", text)) in _TRUE:
            entry.section = "before"
        elif meaning == "row_id":
            entry.row_id = "".join(t.text for t in tokens) if is_broken(tokens) else text
        elif meaning == "date":
            joined = "".join(t.text for t in tokens)
            if days := numbers.dates(text) or numbers.dates(joined):
                read = text_of(text, tokens)
                entry.sold = Value(days[0].value, Proof.READ, read.confidence, read.box, text)
    if entry.vat_rate is None and item.rate is not None:
        rate = numbers.vat_rate(item.rate.text)
        entry.vat_rate = text_of(rate, [item.rate]) if rate else None
    for tokens in item.cuts:
        off = numbers.amount(" ".join(t.text for t in tokens), mark)
        if off is not None:
            entry.numbers["discount"] = amount_of(abs(off), tokens)
    _rate_off(entry, item.rate_off, mark)
    if entry.vat_rate is None:
        _rate_from_heading(entry, table.columns, meanings)
    add_codes(entry, table.columns, meanings, item)
    add_description(entry, meanings, item)
    return entry


def _rate_off(entry: Entry, tokens: Sequence[Token], mark: str) -> None:
    """Take a discount's rate from its own row, where it makes the value of the printed price."""
    off = numbers.amount(" ".join(t.text for t in tokens).replace("%", "").strip(), mark)
    worth = next((entry.numbers[m] for m in ("net", "value", "gross") if m in entry.numbers), None)
    price = next((value for m, value in entry.numbers.items() if m in PRICES), None)
    if off is None or "discount" in entry.numbers or not (worth and price and entry.quantity):
        return
    if holds(entry.quantity.value, price.value, worth.value, abs(off)):
        entry.numbers["discount"] = amount_of(abs(off), tokens)
        entry.percent_discount = True


def _rate_and_tax(tokens: list[Token]) -> tuple[tuple[str, list[Token]], list[Token]] | None:
    """`23% 13,66` in one cell, where the headings of rate and tax ran into each other."""
    rate = numbers.vat_rate(tokens[0].text) if "%" in tokens[0].text else None
    return ((rate, tokens[:1]), tokens[1:]) if rate and len(tokens) > 1 else None


def _quantity(entry: Entry, anchor: Sequence[Token], tokens: Sequence[Token], mark: str) -> None:
    for group in (counted(anchor), counted(tokens)):
        units = {id(t): misread(t.text) for t in group if t.doubt and t is not group[0]}
        text = " ".join(units.get(id(t)) or t.text for t in group)
        read = numbers.quantity(text, mark)
        if read is None:
            continue
        figures = [
            t
            for t in group
            if any(map(str.isdigit, t.text)) and not units.get(id(t)) and t.text != read[1]
        ]
        entry.quantity = amount_of(read[0], figures or group)
        if read[1] and numbers.currency(read[1]) is None:
            words = [t for t in group if t not in figures] or list(group)
            entry.unit = text_of(read[1], words)
        return


def _unit_and_quantity(entry: Entry, anchor: Sequence[Token], mark: str) -> bool:
    """`szt. 12` in one cell, where an engine read narrow columns as one; `12 szt.` under `Unit`."""
    if entry.quantity is not None or len(anchor) < 2:
        return False
    for unit, count in ((anchor[:1], anchor[1:]), (anchor[-1:], anchor[:-1])):
        told = numbers.amount(" ".join(t.text for t in count), mark)
        if squeeze(unit[0].text) in UNITS and told is not None:
            entry.unit = text_of(unit[0].text, unit)
            entry.quantity = amount_of(told, count)
            return True
    return False


def _unit(entry: Entry, anchor: Sequence[Token], tokens: Sequence[Token]) -> None:
    text = " ".join((misread(t.text) if t.doubt else "") or t.text for t in anchor)
    if text == "-":
        entry.unit = text_of(text, anchor)
        return
    text = text.strip(" -–")
    # `3 PCE`: how many units one price is for stands before the unit on some forms.
    text = re.sub(r"^\d+\s+(?=[A-Za-z])", "", text)
    if text and len(text) <= 24 and any(c.isalpha() for c in text):
        wrapped = [t for t in tokens if t not in anchor]
        if wrapped and len(text) <= 5 and text.isalpha() and len(wrapped) == 1:
            text += wrapped[0].text if wrapped[0].text.isalpha() else ""
        entry.unit = text_of(text, anchor)


def _priced_unit(entry: Entry, table: Table, anchor: Sequence[Token], mark: str) -> bool:
    """Price and unit in one cell (`60,00 PCE`) where their headings ran into each other."""
    if len(anchor) < 2 or not re.search(r"\d[.,]\d", anchor[0].text):
        return False
    price = next((c.meaning for c in table.columns if c.meaning in PRICES), None)
    value = numbers.amount(anchor[0].text, mark)
    if price is None or value is None or price in entry.numbers:
        return False
    entry.numbers[price] = amount_of(value, anchor[:1])
    _unit(entry, anchor[1:], anchor[1:])
    return True


def _number(
    entry: Entry, meaning: str, anchor: Sequence[Token], tokens: Sequence[Token], mark: str
) -> None:
    for group in (anchor, tokens):
        text = " ".join(t.text for t in group)
        side = re.search(r"(?i)\b(netto|brutto|net|gross)\b", text)
        bare = re.sub(r"(?i)\b(netto|brutto|net|gross|vat)\b", "", text).strip()
        if meaning == "discount" and all(t.doubt for t in group):
            bare = as_percent(bare)
        percent = bare.endswith("%")
        if percent and meaning != "discount":
            continue  # a rate under the wrong heading: no value or price ends so
        if meaning in PRICES:
            bare = _PRICE_BASE.sub("", bare)
        value = numbers.amount(bare.rstrip("% "), mark)
        if value is None and all(t.doubt for t in group):
            value = numbers.amount(_as_printed(bare), mark)
        if value is None:
            continue
        if side is None:
            side = re.search(r"(?i)\b(netto|brutto)\b", " ".join(t.text for t in tokens))
        if side and meaning in ("price", "value"):
            gross = side[1].casefold() in ("brutto", "gross")
            meaning = (
                ("price_gross" if gross else "price_net")
                if meaning == "price"
                else ("gross" if gross else "net")
            )
        if meaning == "discount":
            entry.percent_discount = percent
        entry.numbers.setdefault(meaning, amount_of(value, group))
        return
    # Several numbers in one cell, as `(list price) (discount) net price`: the last is the result.
    text = " ".join(t.text for t in tokens)
    found = [n for n in numbers.numbers(text, mark) if text[n.end :].lstrip()[:1] != "%"]
    if found and meaning in PRICES:
        plain = [t for t in tokens if any(c.isdigit() for c in t.text) and "%" not in t.text]
        last = plain[-1] if plain else tokens[0]
        entry.numbers.setdefault(meaning, amount_of(found[-1].value, [last]))


def _as_printed(text: str) -> str:
    """An amount whose decimal mark was lost (`6 12`), or behind a ruling line (`1 76,55`)."""
    if lost := re.fullmatch(r"(\d{1,3}(?: \d{3})*) (\d\d)", text):
        return f"{lost[1]}.{lost[2]}"
    return re.sub(r"^[1Il|] (?=\d{1,2}[.,]\d\d$)", "", text)


def _rate_from_heading(entry: Entry, columns: Sequence[Column], meanings: Sequence[str]) -> None:
    for column, meaning in zip(columns, meanings, strict=True):
        if meaning in ("vat", "vat_rate") and (m := re.search(r"(\d{1,2})\s?%", column.heading)):
            entry.vat_rate = Value(str(int(m[1])), Proof.GUESSED, 1.0, None, column.heading)
