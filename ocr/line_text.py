"""Names, article numbers and GTINs of an item, told from details printed under the name."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from itertools import pairwise
from statistics import median

from ocr import numbers
from ocr.entry import Entry
from ocr.grid import Column, Item
from ocr.identifiers import gtin_normalised, gtin_valid
from ocr.labels import squeeze
from ocr.reading import Proof, Value
from ocr.rows import WIDE_GAP, Row, Token
from ocr.token_values import text_of

_BULLET = re.compile(r"^[•▪●◦■►·*]\s*")


_DETAIL = re.compile(
    r"^\(?(\w*brutto ?preis|verpackung|artikelrabatt \d|basisartikel|"
    r"zam[óo]wieni\w*|ean|gtin|gln|pkwiu|cn|indeks|index|kod|sku|s/n|sn|serial|"
    r"serien|seri[ai]|lot|partia|(nr|numer) (kat|art|seryjny|fabryczny|partii)|art\.?[- ]?nr|"
    r"art\.? no|artikel-?n|lieferschein|(ihre )?bestell\w*|p[ée]riode|date (d[ée]but|fin)|zeitraum|"
    r"leistungszeit|berechnungs|herkunft|klassifik|gtu|w tym kaucja|gwarancja|termin|hsn|imei|"
    r"warranty|imei/serial|fsn|sac|upc|isbn|att|blu|aop|afg|nummer|name|anschrift|inhalt|abweichend|"
    r"ref|c_fo|c_ach|origine)\b[^:]{0,28}:",
    re.IGNORECASE,
)


_KEYED = re.compile(
    r"(?P<key>[^:;|]{2,30}?)\s*:\s*(?P<value>[^;|]*?)(?=\s*(?:[;|]|,?\s[A-Z][\w. ]{1,20}:\s|$))"
)
_BEFORE_DATES = frozenset(
    ("dnia", "dn.", "z", "od", "do", "vom", "am", "bis", "from", "of", "du", "le", "au", "and", "i")
)
_OPEN_LABEL = re.compile(r"[^\W\d][\w./()-]*(?: [\w./()-]+){0,2}:")
_LABELLED = re.compile(r"(?P<label>[^\W\d][\w./()-]*(?: [\w./()-]+){0,2}):\s?(?P<value>.*\d.*)")


_SELLER_CODE = frozenset(
    {
        "artnrlieferant",
        "indeks",
        "kod",
        "sku",
        "nrkat",
        "nrkatalogowy",
        "symbol",
        "artnr",
        "cfo",
        "kodtowaru",
        "index",
        "nrart",
        "artikelnr",
        "artno",
        "ref",
        "artikelnummer",
        "kodproduktu",
        "indekstowaru",
        "articleno",
        "itemno",
    }
)


_GTIN_KEYS = frozenset({"ean", "gtin", "kodean", "eangtin", "kodkreskowy", "ean13", "barcode"})


_CODE_KEYS = _SELLER_CODE | _GTIN_KEYS
_KEYED_CODE = re.compile(r"(?P<key>[^\W\d]{2,10})\s?:\s?(?P<value>(?=\S*\d)[\w./-]{3,24})")
_NEXT_LABEL = re.compile(r"\s+(?:PKWiU|CN|GTU|PKOB|EAN|GTIN)\b", re.IGNORECASE)
_GTIN_BEHIND = re.compile(r"(\S+)\s*\((?:GTIN|EAN)\)", re.IGNORECASE)


_LABEL_WORD_END = re.compile(
    r"\s+[-–]\s+(description|bezeichnung|beschreibung|opis|désignation|omschrijving)$",
    re.IGNORECASE,
)


_CODE = re.compile(r"(?=.*\d)[\w./-]{3,24}")
_CAPITALS = re.compile(r"[A-Z0-9][A-Z0-9./-]{2,23}")
_CODE_BEHIND = re.compile(r"\[((?=[^\]]*\d)[\w./-]{3,24})\]")
_LETTERED_CODE = re.compile(r"(?=.*\d)(?:(?=.*[A-Z-])[\w./-]{4,24}|\d{5,14})")
_FEWEST = 2  # items that show how a table is built


_BARE_CODE = re.compile(r"\(?(GTIN|EAN)\)?|\d{12,14}", re.IGNORECASE)


_CLASS = re.compile(r"\(?\d\d\.\d\d\.\d\d\.\d\)?")  # of PKWiU, behind a name
_SMALL = 0.88  # of the height of the name's print
_CODED = re.compile(r"\([A-Z]{2,4}\)\s*:")  # `Lot number (BB): …`: an attribute with its code


_MARKS = frozenset(("(GTIN)", "(EAN)"))


def gtin_proof(code: str) -> Proof:
    return Proof.CHECKSUM if gtin_valid(code) else Proof.READ


def add_codes(entry: Entry, columns: Sequence[Column], meanings: Sequence[str], item: Item) -> None:
    """The seller's index and the GTIN, from their columns or from `label: value` under the name."""
    for index, column in enumerate(columns):
        if column.meaning in ("code", "other") and index in item.cells:
            _marked_gtin(entry, index, item)
        if column.second in ("code", "gtin") and index in item.cells:
            _stacked_code(entry, column.second, index, item)
        if column.second == "over" and index in item.cells:
            _code_over(entry, index, item)
        if column.second == "under" and index in item.cells:
            _codes_under(entry, index, item)
        if column.meaning == "classification" and index in item.cells:
            _gtin_among_classes(entry, item.cells[index])
    for row in item.rows:
        for match in _GTIN_BEHIND.finditer(row.text):
            if entry.gtin is None and sum(c.isdigit() for c in match[1]) >= 8:
                code = text_of(match[1], _holding(row.tokens, match[1]), gtin_proof(match[1]))
                entry.gtin = code
    for index, meaning in enumerate(meanings):
        if meaning not in ("code", "name") or not item.cells.get(index):
            continue
        lines = list(_lines_of([index], item))
        keyed = False
        for n, tokens in enumerate(lines):
            for labelled in _KEYED.finditer(" ".join(t.text for t in tokens)):
                keyed = True
                value, holding = labelled["value"].strip(" ,;)"), tokens
                if not value and n + 1 < len(lines):
                    value = lines[n + 1][0].text if len(lines[n + 1]) == 1 else ""
                    holding = lines[n + 1]
                _keyed_code(entry, labelled["key"].strip(" ,;|"), value, holding)
        tokens = item.cells[index]
        text = " ".join(t.text for t in tokens)
        behind = _CODE_BEHIND.fullmatch(tokens[-1].text) if tokens else None
        if meaning == "name" and behind and len(tokens) > 1:
            entry.article_no = entry.article_no or text_of(behind[1], tokens[-1:])
            item.cells[index] = tokens[:-1]
        before = _CODE_BEHIND.fullmatch(tokens[0].text) if tokens else None
        if meaning == "name" and before and len(tokens) > 1:
            entry.article_no = entry.article_no or text_of(before[1], tokens[:1])
            item.cells[index] = tokens[1:]
        if meaning == "code" and not keyed and "GTIN" not in text and entry.article_no is None:
            bare = "".join(t.text for t in tokens) if is_broken(tokens) else text
            if not bare.startswith("#") and len(bare) <= 40 and not _two_columns(tokens):
                entry.article_no = text_of(bare, tokens)
                if entry.gtin is None and gtin_normalised(bare) and len(bare) >= 12:
                    entry.gtin = text_of(bare, tokens, Proof.CHECKSUM)


def article_numbers(items: Sequence[Item], meanings: Sequence[str]) -> list[Value[str]]:
    """The seller's numbers that every item prints in a row of their own over its name.

    They leave the names; without such a row in each of several items there are none.
    """
    places = [i for i, m in enumerate(meanings) if m == "name"]
    rows = [list(_lines_of(places, item)) for item in items]
    if len(items) < _FEWEST or any(len(r) < 2 or not _is_code(r[0]) for r in rows):
        return []
    for item, lines in zip(items, rows, strict=True):
        for place in places:
            kept = [t for t in item.cells.get(place, []) if t is not lines[0][0]]
            item.cells[place] = kept
    return [text_of(lines[0][0].text, lines[0]) for lines in rows]


def codes_below(
    items: Sequence[Item], meanings: Sequence[str]
) -> list[tuple[Value[str] | None, Value[str] | None]]:
    """The seller's number and GTIN that every item prints in a row of its own under its name.

    No heading told of them, so each of several items must end so, and a GTIN must be right or there
    must be enough items. The rows leave the names.
    """
    if "gtin" in meanings or len(items) < _FEWEST:
        return []
    places = [i for i, m in enumerate(meanings) if m == "name"]
    found: list[tuple[list[Token], list[Token]]] = []
    for item in items:
        lines = list(_lines_of(places, item))
        parts = [t for t in lines[-1] if t.key] if len(lines) > 1 else []
        parts = [t for t in parts if t.key not in _CODE_KEYS]  # `EAN 5901234123457`
        if not 0 < len(parts) < 3 or not all(_LETTERED_CODE.fullmatch(t.text) for t in parts):
            return []
        gtins = [t for t in parts if len(t.text) > 11 and gtin_normalised(t.text)]
        codes = [t for t in parts if t not in gtins]
        if len(codes) > (0 if "code" in meanings else 1):
            return []
        found.append((codes, gtins))
    if not any(gtins for _, gtins in found) and len(items) <= _FEWEST:
        return []
    for item in items:
        last = {id(t) for t in list(_lines_of(places, item))[-1]}
        for place in places:
            item.cells[place] = [t for t in item.cells.get(place, []) if id(t) not in last]
    return [
        (
            text_of(codes[0].text, codes) if codes else None,
            text_of(gtins[0].text, gtins, Proof.CHECKSUM) if gtins else None,
        )
        for codes, gtins in found
    ]


def _is_code(tokens: Sequence[Token]) -> bool:
    return len(tokens) == 1 and _CODE.fullmatch(tokens[0].text) is not None


def _stacked_code(entry: Entry, meaning: str, index: int, item: Item) -> None:
    """The code on the last row of a cell that prints it under the name; it leaves the name."""
    lines = list(_lines_of([index], item))
    if len(lines) < 2 or len(lines[-1]) > 2:
        return
    code = "".join(t.text for t in lines[-1])
    if meaning == "gtin" and not code.isdigit():
        return
    item.cells[index] = [t for line in lines[:-1] for t in line]
    if meaning == "gtin":
        entry.gtin = entry.gtin or text_of(code, lines[-1], gtin_proof(code))
    else:
        entry.article_no = entry.article_no or text_of(code, lines[-1])


def _code_over(entry: Entry, index: int, item: Item) -> None:
    """The code on the first row of a cell that prints it over the name; it leaves the name."""
    lines = list(_lines_of([index], item))
    if len(lines) < 2 or len(lines[0]) != 1 or not _CAPITALS.fullmatch(lines[0][0].text):
        return
    item.cells[index] = [t for line in lines[1:] for t in line]
    entry.article_no = entry.article_no or text_of(lines[0][0].text, lines[0])


def _codes_under(entry: Entry, index: int, item: Item) -> None:
    """`0001-00004 EAN: 5901234123457` on the last row of a name's cell; it leaves the name."""
    lines = list(_lines_of([index], item))
    if len(lines) < 2:
        return
    text = " ".join(t.text for t in lines[-1])
    keyed = [hit for hit in _KEYED_CODE.finditer(text) if squeeze(hit["key"]) in _CODE_KEYS]
    bare = _KEYED_CODE.sub(" ", text).strip(" []|,;")
    if bare and not _CODE.fullmatch(bare):
        return
    for hit in keyed:
        _keyed_code(entry, hit["key"], hit["value"], lines[-1])
    if bare and entry.article_no is None:
        entry.article_no = text_of(bare, _holding(lines[-1], bare))
    if bare or keyed:
        item.cells[index] = [t for line in lines[:-1] for t in line]


def _marked_gtin(entry: Entry, index: int, item: Item) -> None:
    """A GTIN with `(GTIN)` under it, in a column of codes: both leave the cell."""
    tokens = item.cells[index]
    marks = [n for n, t in enumerate(tokens) if t.text in _MARKS and n]
    if not marks or not gtin_valid(tokens[marks[0] - 1].text):
        return
    place = marks[0] - 1
    entry.gtin = entry.gtin or text_of(
        tokens[place].text, tokens[place : place + 1], Proof.CHECKSUM
    )
    item.cells[index] = [*tokens[:place], *tokens[place + 2 :]]
    if not item.cells[index]:
        del item.cells[index]


def _gtin_among_classes(entry: Entry, tokens: Sequence[Token]) -> None:
    """`GTIN: 5901234123457` in the column of classifications, broken over its rows."""
    match = re.search(r"(?:GTIN|EAN):?((?:\d+)+)", "".join(t.text for t in tokens))
    if match and entry.gtin is None and gtin_valid(match[1]):
        entry.gtin = text_of(match[1], tokens, Proof.CHECKSUM)


def _keyed_code(entry: Entry, key: str, value: str, tokens: Sequence[Token]) -> None:
    keys = {squeeze(key), squeeze(key.split()[-1])}
    value = _NEXT_LABEL.split(value, maxsplit=1)[0].rstrip(" ,")
    if keys & _GTIN_KEYS:
        parts = value.split()
        value = next((p for p in parts[:1] if gtin_valid(p)), value)
        if " " in value and not all(map(str.isdigit, parts)):
            return  # a code and something else: which part is the code is not known
    figures = sum(c.isdigit() for c in value)
    if keys & _GTIN_KEYS and entry.gtin is None and figures >= 8:
        entry.gtin = text_of(value, _holding(tokens, value), gtin_proof(value))
    elif keys & _SELLER_CODE and entry.article_no is None and figures:
        entry.article_no = text_of(value, _holding(tokens, value))


def is_broken(tokens: Sequence[Token]) -> bool:
    """Whether a code was broken over rows of a narrow column."""
    return len({round(t.y0, 4) for t in tokens}) == len(tokens) > 1


def _two_columns(tokens: Sequence[Token]) -> bool:
    """Whether plain numbers stand apart in one cell: two columns whose headings are unknown."""
    if not all(t.text.isdigit() for t in tokens):
        return False
    return any(
        after.x0 - before.x1 > WIDE_GAP * after.height and after.y0 < before.y1
        for before, after in pairwise(tokens)
    )


def _holding(tokens: Sequence[Token], value: str) -> list[Token]:
    parts = value.split()
    return [t for t in tokens if any(p in t.text for p in parts)] or list(tokens)


def add_description(entry: Entry, meanings: Sequence[str], item: Item) -> None:
    """The name over its rows; details (bullets, `label: value`) end it."""
    places = [i for i, m in enumerate(meanings) if m == "name"]
    kept: list[list[Token]] = []
    open_label = False  # a detail's label stood alone: its value is on the next row
    for row in item.rows:
        tokens = next(iter(_lines_of(places, item, [row])), [])
        if not tokens:
            continue
        text = " ".join(t.text for t in tokens)
        if _BULLET.match(text):
            if kept:
                break
            continue
        if _DETAIL.match(text) or _BARE_CODE.fullmatch(text):
            continue
        if not kept and row is not item.rows[-1] and text[0] == "(" and _is_date(text):
            continue  # `(shipped 29-10-2015)` over the name
        if open_label and len(tokens) == 1 and any(c.isdigit() for c in text):
            open_label = False
            continue
        if kept and _keyed(tokens):
            continue
        open_label = bool(kept) and _OPEN_LABEL.fullmatch(text) is not None
        if kept and (open_label or label_of(text)):
            continue
        runs_on = bool(kept) and kept[-1][-1].text.casefold() in _BEFORE_DATES
        if kept and not runs_on and (_is_date(text) or _CODED.search(text)):
            break
        if kept and _small(tokens, kept[0]):
            break  # a note; lines of one name are of one size
        if tokens[-1].text in _MARKS:
            tokens = tokens[:-1]
        kept.append(tokens)
    if kept and len(kept[-1]) > 1 and _CLASS.fullmatch(kept[-1][-1].text):
        kept[-1] = kept[-1][:-1]
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


def _keyed(tokens: Sequence[Token]) -> bool:
    """`nr kat. WZ-5482`: a code behind the word for it, on a row of its own."""
    label = "".join(t.key for t in tokens[:-1])
    return label in _CODE_KEYS and _CODE.fullmatch(tokens[-1].text) is not None


def _small(tokens: Sequence[Token], name: Sequence[Token]) -> bool:
    """Whether words of a text layer are in clearly smaller print than the name over them."""
    if any(t.doubt for t in (*tokens, *name)):
        return False
    return median(t.height for t in tokens) < _SMALL * median(t.height for t in name)


def label_of(text: str) -> str:
    """The squeezed label of a detail such as `ID oferty: 12345`; "" where a text is none."""
    found = _LABELLED.fullmatch(text)
    return squeeze(found["label"]) if found else ""


def _is_date(text: str) -> bool:
    """Whether a row says little more than a date or a period; a sentence may name a day."""
    found = numbers.dates(text)
    rest = text
    for day in reversed(found):
        rest = rest[: day.start] + rest[day.end :]
    return bool(found) and sum(len(word) > 2 for word in re.findall(r"[^\W\d_]+", rest)) < 2


def _lines_of(
    places: Iterable[int], item: Item, rows: Sequence[Row] | None = None
) -> Iterable[list[Token]]:
    """The tokens of these columns, one list per printed row."""
    cells = {id(t) for place in places for t in item.cells.get(place, [])}
    for row in item.rows if rows is None else rows:
        if tokens := [t for t in row.tokens if id(t) in cells]:
            yield tokens
