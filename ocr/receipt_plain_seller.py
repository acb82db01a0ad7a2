"""Who sold, on slips without a fiscal memory: the firm's name over its address."""

from __future__ import annotations

import itertools
import re
from collections.abc import Sequence
from dataclasses import replace

from ocr.reading import Proof, Value
from ocr.receipt_plain_brands import settle_brand
from ocr.receipt_rows import Row
from ocr.receipt_text import find_date, folded, says

_HEAD = 12  # rows: the firm's name stands above all else
_COMPANY = re.compile(
    r"\b(SDN|SON|BHD|[S5][/7][B8]|ENTERPRISE|TRADING|COMPANY|LTD|LIMITED|INC|LLC|GMBH|AG|KG|PLC|MBH|OHG|GBR|UG)\b|\bE\.\s?K(FR|FM)?\b|"
    r"\b(RESTAURANT|RESTORAN|PHARMACY|STORES?(?!\s?[:#])|BOOKSTORES|STATIONERY|CARRY|HANDELSGES\W?MBH)\b"
)
_GERMAN_FORM = re.compile(r"\b(GMBH|MBH|KG|OHG|GBR|UG)\b|\bE\.\s?K(FR|FM)?\b")
_NO_NAME = re.compile(
    r"\b(FILIALE|MARKT\s?(NR|\d)|BRANCH|OUTLET|STORE\s?(NO\b|#|\d)|INH\b|INHABER\w*|UST|UID)\b|\bNR\.?\s?\d|"
    r"\b(TEL|FAX|NO\.?|LOT|JALAN|JLN|GST|REG|TAX|DATE|DATUM|CASH|CASHIER|MACHINE)\b|INVOICE|RECEIPT|@|"
    r"WWW|^\W*[\d(]|STRASSE|STR\.|^\W*\S{1,2}\W*$|\d{5}|HIER BIN|WILLKOMMEN|WELCOME|THANK|QUITTUNG"
)
_NUMBERED = re.compile(r"\b(COMPANY|CO|REG|ROC)\W{0,2}\s?(REG\w*\W{0,2}\s?)?NO\b")
_CARRY = re.compile(r"CASH\s?(&|AND)\s?CARRY")
_STREET = re.compile(r"(STR\.|STRASSE|WEG|PLATZ|ALLEE|GASSE|KAMP)\s?\d")
_TOWN = re.compile(r"(?<!\d)\d{5}\s+[A-Z]{3}")
_HOUSE = re.compile(r"[^\W\d]{3}.*\s\d{1,4}\s?[a-zA-Z]?\W*$")  # over a town: `Am Wall 60`
_ADDRESS_ROW = re.compile(
    r"\b(JALAN|JLN|LOT|TAMAN|TMN|BANDAR|LORONG|KAMPUNG|NO\.?\s?\d|ROAD|STREET|AVENUE|RUE|"
    r"ROUTE|AUTOROUTE)\b|^\W*\d"
)
# `(590150-A)`, `JM0325955-V`, `(Co. Reg. No: 123456-X)`: under the name of the firm it belongs to.
_REGISTRATION = re.compile(
    r"^\W*((CO|COMPANY|REG|ROC)[.\s]*(REG\w*[.\s]*)?(NO)?[.:\s]*)?\(?[A-Z]{0,3}\d{5,12}\s?-\s?[A-Z]\W*$"
)
_CONTINUED = re.compile(
    r"\W*((CO|COMPANY)\W*)?(\(M\)\W*)?(SDN|BHD|SON)\b|\W*(&|AND\b|TRADING\b|ENTERPRISE\b)"
)
_REGISTERED_BEHIND = re.compile(
    r"\(?\b[\dA-Z]{0,3}\d{4,}\s?-?\s?[A-Z]?\b\)?.*$|\s\(?(?=\w*\d)[\dOIZSB]{5,9}-[A-Z]\)?\W*$"
)
# Behind or before a name: `(308282-A)`, `(Co. No:20154-T)`, `#000002`.
_REMARK = re.compile(r"\s*\((?:[A-Z. ]{0,20}(?:NO|REG)\W*)?[A-Z]{0,3}\d{4,12}\s?-?\s?[A-Z]?\)?\W*$")
_BRANCH_MARK = re.compile(r"^\W*#\W?\d{2,}\s+(?=\w{2})")
_SLOGAN = re.compile(r"[.!?]\W*$")
# Before the name of the company that keeps a shop or a brand.
_OWNED = re.compile(
    r"^\W*(OWN|OWNED|OPERATED|MANAGED|RUN|DIMILIKI|DIURUSKAN|DIKENDALIKAN|BETRIEBEN)"
    r"(\s(BY|OLEH|VON|DURCH)\b)?\s?:?\s?(?=\S)"
)
_LINE_OF_TRADE = ("TRADING", "STATIONERY", "ENTERPRISE", "RESTAURANT", "HARDWARE", "SUPERMARKET")
_TRADES_ALONE = ("RESTAURANT", "RESTORAN", "PHARMACY", "STORE", "STATIONERY")
# The kind of a shop that bears its keeper's name on the row under it.
_TRADE = re.compile(r"TANKSTELLE\b|APOTHEKE\b|BACKEREI\b|METZGEREI\b|KIOSK\b|FRISEUR\b|GASTHOF\b")
_BRACKETED = re.compile(r"\W*\([A-Z .]{3,}\)\s?(SDN|BHD|LTD|GMBH|LIMITED)\b")  # `(NORTH) SDN BHD`
_BEGINS = re.compile(r"\W?\w")  # `..nd` is a scrap of a logo
_RUNS_ON = re.compile(r"\s(&|AND|UND)\W*$")
_FORM_WORDS = 3  # `STATIONERY SDN. BHD.` is the end of a name that begins on the row above
_STACKED = 3  # rows of one word each: a logo
_REGISTERED_BESIDE = re.compile(r"\s\(?[A-Z]{0,3}\d{5,12}\W{0,2}[A-Z]?\)?\W*$")
_FORM_MISREAD = re.compile(r"\bS[DOI0][NM](\.?\s)[B83]HD\b(\.?)(\W\d.*)?", re.IGNORECASE)


def read_plain_seller(rows: Sequence[Row]) -> Value[str] | None:
    """The firm: over its registration number, with a company's form, or over its address."""
    named = _over_registration(rows[:_HEAD]) or _named(rows)
    if named is None:
        return None
    return _spelt_out(settle_brand(_run_on(named, rows), rows), rows)


def _run_on(named: Value[str], rows: Sequence[Row]) -> Value[str]:
    """A name whose row ends in `&` goes on in the next one."""
    for row, below in itertools.pairwise(rows[:_HEAD]):
        text = folded(below.text)
        if row.text == named.raw and _RUNS_ON.search(folded(row.text)) and _may_be_name(text):
            return replace(named, value=_tidy(f"{row.text} {below.text}"))
    return named


def _over_registration(rows: Sequence[Row]) -> Value[str] | None:
    for place, row in enumerate(rows[1:], start=1):
        above = folded(rows[place - 1].text)
        if not _REGISTRATION.search(folded(row.text)) or not _may_be_name(above):
            continue
        if _COMPANY.search(above) or not (place > 1 and _ends_address(rows, place - 1)):
            return _joined(rows, place - 1)
    return None


def _ends_address(rows: Sequence[Row], place: int) -> bool:
    """Whether a row is the town or the country of an address that stands over it."""
    above = rows[place - 1].text
    return bool(_ADDRESS_ROW.search(folded(above))) or above.rstrip().endswith(",")


def _named(rows: Sequence[Row]) -> Value[str] | None:
    named: Row | None = None
    for place, row in enumerate(rows[:10]):
        text = _bare(folded(row.text).replace("_", " "))
        if find_date(text):
            break
        if place and _STREET.search(text):
            return _above_address(rows[:place]) or _whole(named)
        if place and _TOWN.search(text):
            first = place
            while first > 1 and _in_address(rows, first - 1):
                first -= 1
            return (_above_address(rows[:first]) if first == place else None) or _whole(named)
        form = _COMPANY.search(text) and not _GERMAN_FORM.search(text)
        if form and text in _TRADES_ALONE and _form_below(rows[place + 1 : place + 3]):
            continue  # over the brand and the company that keeps it
        if form and not _NUMBERED.search(text):
            return _joined(rows, place)
        if named is None and _may_be_name(text):
            named = row
            if logo := _stacked(rows, place):
                return logo
    return _whole(named)


def _form_below(rows: Sequence[Row]) -> bool:
    return any(re.search(r"\b(SDN|BHD|LTD|LIMITED)\b", folded(row.text)) for row in rows)


def _stacked(rows: Sequence[Row], place: int) -> Value[str] | None:
    """A logo that sets each word of the name on a row of its own."""
    words: list[tuple[str, Row]] = []
    for row in rows[place : place + 2 * _STACKED]:
        text = _REGISTERED_BESIDE.sub("", folded(row.text))
        if not text.isalpha() or _NO_NAME.search(text):
            break
        words.append((row.text.split()[0], row))
    if len(words) < _STACKED:
        return None
    if place and (above := rows[place - 1]).text.isalpha():
        words.insert(0, (above.text, above))  # an article
    name, box = " ".join(word for word, _ in words), words[0][1].box.union(words[-1][1].box)
    return Value(name, Proof.READ, min(row.confidence for _, row in words), box, name)


def _in_address(rows: Sequence[Row], place: int) -> bool:
    """Whether a row over a town belongs to its address: a street, or what runs on."""
    row, above = rows[place].text, rows[place - 1].text
    streets = [bool(_ADDRESS_ROW.search(folded(text))) for text in (row, above)]
    if _HOUSE.search(row) and _TOWN.search(folded(rows[place + 1].text)):
        return True
    return any(streets) or row.rstrip().endswith(",")


def _joined(rows: Sequence[Row], place: int) -> Value[str]:
    """The name of a row, with the rows above in which it begins, and the end of its bracket."""
    row = rows[place]
    name, box = row.text, row.box
    if name.count("(") > name.count(")") and place + 1 < len(rows):
        below = rows[place + 1]
        if ")" in below.text.split("(")[0]:
            name, box = f"{name} {below.text}", box.union(below.box)
    while place and _begun_above(name) and _BEGINS.match(rows[place - 1].text):
        place -= 1
        name, box = f"{rows[place].text} {name}", rows[place].box.union(box)
    return Value(_tidy(name), Proof.READ, row.confidence, box, row.text)


def _begun_above(name: str) -> bool:
    """Whether a row begins with a company's form or trade, or closes a bracket of another row."""
    closes = 0 <= name.find(")") < (name.find("(") if "(" in name else len(name))
    closes = closes or _BRACKETED.match(folded(name)) is not None
    if closes or _CONTINUED.match(folded(name)) is not None:
        return True
    return any(says(word, *_LINE_OF_TRADE) for word in name.split()[:1]) and (
        _COMPANY.search(folded(name)) is not None and len(name.split()) <= _FORM_WORDS
    )


def _above_address(rows: Sequence[Row]) -> Value[str] | None:
    """The one or two rows over the street: brand and company."""
    near = [row for row in rows[-2:] if _may_be_name(_bare(folded(row.text)))]
    if not near or near[-1] is not rows[-1]:
        return None
    first = folded(near[0].text).split()[0] if len(near) == 2 else ""
    if len(near) == 2 and (
        first in folded(near[1].text)
        or not (_COMPANY.search(folded(near[1].text)) or _TRADE.search(folded(near[0].text)))
        or (_SLOGAN.search(near[0].text) and not _COMPANY.search(folded(near[0].text)))
    ):
        near = near[1:]
    name = " ".join(row.text for row in near)
    return Value(_tidy(name), Proof.READ, near[-1].confidence, near[-1].box, name)


def _spelt_out(named: Value[str], rows: Sequence[Row]) -> Value[str]:
    """The company behind a brand, where another row begins with the brand and has its form."""
    brand = folded(named.value)
    if _COMPANY.search(brand) or len(brand) < 4:
        return named
    for row in rows:
        text = folded(row.text)
        if text.startswith(f"{brand} ") and re.search(r"\b(SDN|LTD|LIMITED|S/B)\b", text):
            return Value(_tidy(row.text), Proof.READ, row.confidence, row.box, row.text)
    return named


def _bare(text: str) -> str:
    """A row without the number of its branch before it and of its registration behind it."""
    return _REMARK.sub("", _BRANCH_MARK.sub("", text))


def _may_be_name(text: str) -> bool:
    if _NUMBERED.search(text):
        return False
    return sum(c.isalpha() for c in text) >= 2 and not _NO_NAME.search(_CARRY.sub("", text))


def _whole(row: Row | None) -> Value[str] | None:
    if row is None:
        return None
    return Value(_tidy(row.text), Proof.READ, row.confidence, row.box, row.text)


def _tidy(name: str) -> str:
    """Without a registration number behind the name; `SON 3HD` is how engines read `SDN BHD`."""
    name = _BRANCH_MARK.sub("", " ".join(name.replace("_", " ").split()))
    if owned := _OWNED.match(folded(name)):
        name = name[owned.end() :]
    name = _REGISTERED_BEHIND.sub("", re.sub(r"(?i)\s*\((co|company|reg|roc)\b.*$", "", name))
    name = re.sub(r"\b[S5][/7][B8]\b", "S/B", name)
    return _FORM_MISREAD.sub(r"SDN\1BHD\2", name).strip(" ,;-(")
