"""Items of a table to line entries: which number is which, names without details, codes."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field, replace
from datetime import date
from decimal import Decimal

from ocr import numbers
from ocr.headings import PRICES
from ocr.identifiers import gtin_normalised, gtin_valid
from ocr.labels import AFTER, BEFORE, DIFFERENCE, squeeze
from ocr.reading import Box, Discount, Proof, Value
from ocr.rows import Token, box_of, confidence_of
from ocr.tables import Column, Item, Table

_PLAIN_TAX = frozenset(
    {"vat", "ust", "mwst", "tva", "btw", "ptu", "podatek", "tax", "podatekvat", "gst", "btwvat"}
)
_BULLET = re.compile(r"^[•▪●◦■►·*]\s*")
_DETAIL = re.compile(
    r"^\(?(brutto ?preis|ean|gtin|gln|pkwiu|cn|indeks|index|kod|sku|s/n|sn|serial|serien|seri[ai]|lot|partia|"
    r"nr (kat|art|seryjny|partii)|art\.?[- ]?nr|art\.? no|artikel-?n|lieferschein|bestell|p[ée]riode|"
    r"date (d[ée]but|fin)|zeitraum|leistungszeit|berechnungs|herkunft|klassifik|gtu|"
    r"w tym kaucja|gwarancja|termin|hsn|imei|warranty|imei/serial|fsn|sac|upc|isbn|att|blu|aop|afg|"
    r"nummer|name|anschrift|inhalt|abweichend|ref|c_fo|c_ach|origine)\b[^:]{0,28}:",
    re.IGNORECASE,
)
_KEYED = re.compile(r"(?P<key>[^:]{2,30}?)\s*:\s*(?P<value>.*)$")
_SELLER_CODE = frozenset(
    {"artnrlieferant", "indeks", "kod", "sku", "nrkat", "nrkatalogowy", "symbol", "artnr", "cfo",
     "kodtowaru", "index", "nrart", "artikelnr", "artno", "ref", "artikelnummer", "kodproduktu",
     "indekstowaru", "articleno", "itemno"}
)
_GTIN_KEYS = frozenset({"ean", "gtin", "kodean", "eangtin", "kodkreskowy", "ean13", "barcode"})
_GTIN_BEHIND = re.compile(r"(\S+)\s*\((?:GTIN|EAN)\)", re.IGNORECASE)
_LABEL_WORD_END = re.compile(
    r"\s+[-–]\s+(description|bezeichnung|beschreibung|opis|désignation|omschrijving)$", re.IGNORECASE
)
_BARE_CODE = re.compile(r"\(?(GTIN|EAN)\)?|\d{12,14}", re.IGNORECASE)
_CODED = re.compile(r"\([A-Z]{2,4}\)\s*:")  # `Lot number (BB): …`: an attribute with its code
_TRUE = frozenset({"tak", "1", "x", "yes", "t", "ja", "v"})


@dataclass(slots=True)
class Entry:
    """What one item of a table says; `price` and `value` are not yet known to be net or gross."""

    position: str = ""
    description: Value[str] | None = None
    quantity: Value[Decimal] | None = None
    unit: Value[str] | None = None
    numbers: dict[str, Value[Decimal]] = field(default_factory=dict)
    percent_discount: bool = False
    vat_rate: Value[str] | None = None
    gtin: Value[str] | None = None
    article_no: Value[str] | None = None
    section: str = ""
    row_id: str = ""
    sold: Value[date] | None = None
    box: Box | None = None


def value_of(value: Decimal, tokens: Sequence[Token]) -> Value[Decimal]:
    """A number with the box, text and confidence of its tokens."""
    raw = " ".join(t.text for t in tokens)
    return Value(value, Proof.READ, confidence_of(tokens), box_of(tokens), raw)


def text_of(text: str, tokens: Sequence[Token], proof: Proof = Proof.READ) -> Value[str]:
    """A text with the box, raw text and confidence of its tokens."""
    raw = " ".join(t.text for t in tokens)
    return Value(text, proof, confidence_of(tokens), box_of(tokens), raw if raw != text else "")


def entries(table: Table, mark: str) -> list[Entry]:
    """The items of an item table as entries, in document order."""
    meanings = _meanings(table, mark)
    found = [_entry(table, meanings, item, mark) for item in table.items]
    name: Value[str] | None = None
    for entry in found:
        state = _state(entry.description.value) if entry.description else None
        if state is None:
            name = entry.description or name
        else:  # `przed korektą` and `po korekcie` stand where names stand elsewhere
            rest = _STATE_WORDS.sub("", entry.description.value).strip() if entry.description else ""
            if rest and entry.description:
                name = replace(entry.description, value=rest)
            entry.section, entry.description = state, name
    return found


_STATE_WORDS = re.compile(
    r"(?i)\b(stan\s+)?(przed korekt[ąa]|po korekcie|by[łl]o|winno by[ćc]|powinno by[ćc]|przed|po|jest|"
    r"r[óo][żz]nica|korekta)\b:?"
)


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
                value = value_of(abs(amount) if sort == "discount" else -amount, tokens)
                label = " ".join(t.text for t in row.tokens if any(c.isalpha() for c in t.text))
                found.append(Discount(value, None, label))
                break
    return tuple(found)


def _meanings(table: Table, mark: str) -> list[str]:
    """The columns' meanings after a look at what stands in them."""
    meanings = [c.meaning for c in table.columns]

    def texts(index: int) -> list[str]:
        found = (i.anchor.get(index) or i.cells.get(index) for i in table.items)
        return [" ".join(t.text for t in tokens) for tokens in found if tokens]

    for index, meaning in enumerate(meanings):
        cells = texts(index)
        if meaning == "vat_rate" and cells:
            as_amount = sum(
                "%" not in c and re.search(r"[.,]\d\d\b", c) is not None and not _round_rate(c, mark)
                for c in cells
            )
            if as_amount * 2 > len(cells) or (
                meanings.count("vat_rate") > 1
                and squeeze(table.columns[index].heading) in _PLAIN_TAX
                and all("%" not in c for c in cells)
            ):
                meanings[index] = "vat"
        if meaning == "no" and "quantity" not in meanings and cells:
            plain = sum(re.fullmatch(r"\d{1,4}\.?", c) is not None for c in cells)
            if plain * 2 < len(cells) and all(numbers.quantity(c, mark) for c in cells):
                meanings[index] = "quantity"
    if "quantity" not in meanings and meanings.count("value") == 2:
        meanings[meanings.index("value")] = "quantity"
    if "name" not in meanings:
        letters = {
            i: sum(c.isalpha() for t in texts(i) for c in t)
            for i, m in enumerate(meanings)
            if m in ("", "code", "other")
        }
        if letters and max(letters.values()):
            meanings[max(letters, key=lambda i: letters[i])] = "name"
    return meanings


def _round_rate(text: str, mark: str) -> bool:
    value = numbers.amount(text, mark)
    return value is not None and value in {Decimal(n) for n in (0, 3, 4, 5, 6, 7, 8, 9, 10, 12, 13, 16, 17, 19, 20, 21, 22, 23, 24, 25, 27)}


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
        text = " ".join(t.text for t in tokens)
        if meaning == "no":
            entry.position = anchor[0].text
        elif meaning == "quantity":
            _quantity(entry, anchor, tokens, mark)
        elif meaning == "unit":
            _unit(entry, anchor, tokens)
        elif meaning in PRICES or meaning in ("net", "gross", "value", "vat", "discount"):
            _number(entry, meaning, anchor, tokens, mark)
        elif meaning == "vat_rate":
            rate = numbers.vat_rate(text) or numbers.vat_rate(" ".join(t.text for t in anchor))
            rate = rate or numbers.vat_rate(re.sub(r"\([^)]*\)|[A-Z]\b", "", text).strip())
            if rate is not None and entry.vat_rate is None:
                entry.vat_rate = text_of(rate, anchor)
        elif meaning == "gtin":
            code = "".join(t.text for t in tokens)
            if re.fullmatch(r"[0-9A-Za-z]{6,18}", code):
                entry.gtin = text_of(code, tokens, _gtin_proof(code))
        elif meaning == "before" and squeeze(re.sub(r"^\d\.\s*", "", text)) in _TRUE:
            entry.section = "before"
        elif meaning == "row_id":
            entry.row_id = "".join(t.text for t in tokens) if _broken(tokens) else text
        elif meaning == "date":
            joined = "".join(t.text for t in tokens)
            if days := numbers.dates(text) or numbers.dates(joined):
                read = text_of(text, tokens)
                entry.sold = Value(days[0].value, Proof.READ, read.confidence, read.box, text)
    if entry.vat_rate is None:
        _rate_from_heading(entry, table.columns, meanings)
    _codes(entry, table.columns, meanings, item)
    _describe(entry, meanings, item)
    return entry


def _quantity(entry: Entry, anchor: Sequence[Token], tokens: Sequence[Token], mark: str) -> None:
    for group in (anchor, tokens):
        read = numbers.quantity(" ".join(t.text for t in group), mark)
        if read is None:
            continue
        figures = [t for t in group if any(c.isdigit() for c in t.text)]
        entry.quantity = value_of(read[0], figures or group)
        if read[1] and numbers.currency(read[1]) is None:
            words = [t for t in group if t not in figures] or list(group)
            entry.unit = text_of(read[1], words)
        return


def _unit(entry: Entry, anchor: Sequence[Token], tokens: Sequence[Token]) -> None:
    text = " ".join(t.text for t in anchor)
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


def _number(
    entry: Entry, meaning: str, anchor: Sequence[Token], tokens: Sequence[Token], mark: str
) -> None:
    for group in (anchor, tokens):
        text = " ".join(t.text for t in group)
        side = re.search(r"(?i)\b(netto|brutto|net|gross)\b", text)
        bare = re.sub(r"(?i)\b(netto|brutto|net|gross|vat)\b", "", text).strip()
        percent = bare.endswith("%")
        value = numbers.amount(bare.rstrip("% "), mark)
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
        entry.numbers.setdefault(meaning, value_of(value, group))
        return
    # Several numbers in one cell, as `(list price) (discount) net price`: the last is the result.
    found = list(numbers.numbers(" ".join(t.text for t in tokens), mark))
    if found and meaning in PRICES:
        last = tokens[-1] if any(c.isdigit() for c in tokens[-1].text) else tokens[0]
        entry.numbers.setdefault(meaning, value_of(found[-1].value, [last]))


def _rate_from_heading(
    entry: Entry, columns: Sequence[Column], meanings: Sequence[str]
) -> None:
    for column, meaning in zip(columns, meanings, strict=True):
        if meaning in ("vat", "vat_rate") and (m := re.search(r"(\d{1,2})\s?%", column.heading)):
            entry.vat_rate = Value(str(int(m[1])), Proof.GUESSED, 1.0, None, column.heading)


def _gtin_proof(code: str) -> Proof:
    return Proof.CHECKSUM if gtin_valid(code) else Proof.READ


def _codes(
    entry: Entry, columns: Sequence[Column], meanings: Sequence[str], item: Item
) -> None:
    """The seller's index and the GTIN, from their columns or from `label: value` under the name."""
    for row in item.rows:
        for match in _GTIN_BEHIND.finditer(row.text):
            if entry.gtin is None and sum(c.isdigit() for c in match[1]) >= 8:
                code = text_of(match[1], _holding(row.tokens, match[1]), _gtin_proof(match[1]))
                entry.gtin = code
    for index, meaning in enumerate(meanings):
        if meaning not in ("code", "name") or index not in item.cells:
            continue
        lines = list(_lines_of([index], item))
        keyed = False
        for n, tokens in enumerate(lines):
            match = _KEYED.match(" ".join(t.text for t in tokens))
            if match is None:
                continue
            keyed = True
            value = match["value"].strip(" ,;)")
            if not value and n + 1 < len(lines):
                value = lines[n + 1][0].text if len(lines[n + 1]) == 1 else ""
                tokens = lines[n + 1]
            _keyed_code(entry, match["key"], value, tokens)
        tokens = item.cells[index]
        text = " ".join(t.text for t in tokens)
        if meaning == "code" and not keyed and "GTIN" not in text and entry.article_no is None:
            bare = "".join(t.text for t in tokens) if _broken(tokens) else text
            if not bare.startswith("#") and len(bare) <= 40:
                entry.article_no = text_of(bare, tokens)
                if entry.gtin is None and gtin_normalised(bare) and len(bare) >= 12:
                    entry.gtin = text_of(bare, tokens, Proof.CHECKSUM)


def _keyed_code(entry: Entry, key: str, value: str, tokens: Sequence[Token]) -> None:
    keys = {squeeze(key), squeeze(key.split()[-1])}
    figures = sum(c.isdigit() for c in value)
    if keys & _GTIN_KEYS and entry.gtin is None and figures >= 8:
        entry.gtin = text_of(value, _holding(tokens, value), _gtin_proof(value))
    elif keys & _SELLER_CODE and entry.article_no is None and figures:
        entry.article_no = text_of(value, _holding(tokens, value))


def _broken(tokens: Sequence[Token]) -> bool:
    """Whether a code was broken over rows of a narrow column."""
    return len({round(t.y0, 4) for t in tokens}) == len(tokens) > 1


def _holding(tokens: Sequence[Token], value: str) -> list[Token]:
    parts = value.split()
    return [t for t in tokens if any(p in t.text for p in parts)] or list(tokens)


def _describe(entry: Entry, meanings: Sequence[str], item: Item) -> None:
    """The name over its rows; details (bullets, `label: value`) end it."""
    places = [i for i, m in enumerate(meanings) if m == "name"]
    lines = list(_lines_of(places, item))
    kept: list[list[Token]] = []
    for tokens in lines:
        text = " ".join(t.text for t in tokens)
        if _BULLET.match(text):
            if kept:
                break
            continue
        if _DETAIL.match(text) or _BARE_CODE.fullmatch(text):
            continue
        if kept and (numbers.dates(text) or _CODED.search(text)):
            break
        if tokens[-1].text in ("(GTIN)", "(EAN)"):
            tokens = tokens[:-1]
        kept.append(tokens)
    tokens = [t for line in kept for t in line]
    if not tokens:
        return
    text = ""
    for line in kept:
        piece = _LABEL_WORD_END.sub("", " ".join(t.text for t in line))
        joined = text.endswith("-") and not text.endswith(" -") and piece[:1].isalnum()
        text = text + piece if joined or not text else f"{text} {piece}"
    text = text.strip()
    if text:
        entry.description = text_of(text, tokens)


def _lines_of(places: Iterable[int], item: Item) -> Iterable[list[Token]]:
    """The tokens of these columns, one list per printed row."""
    cells = {id(t) for place in places for t in item.cells.get(place, [])}
    for row in item.rows:
        if tokens := [t for t in row.tokens if id(t) in cells]:
            yield tokens
