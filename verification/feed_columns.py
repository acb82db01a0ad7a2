"""Which column of a sales export is what: by its heading, else by what stands in it. Pure."""

from __future__ import annotations

import hashlib
import re
import unicodedata
from collections.abc import Callable, Mapping, Sequence
from enum import StrEnum

from ocr import identifiers
from verification.feed_values import is_date, looks_like_document, quantity, tax_number


class Field(StrEnum):
    NUMBER = "number"
    BUYER_NIP = "buyer_nip"
    QUANTITY = "quantity"
    GTIN = "gtin"
    INDEX = "index"
    NAME = "name"
    DATE = "date"
    UNIT = "unit"
    KIND = "kind"  # of the document: an invoice, a correction
    ORIGINAL = "original"  # the number of the invoice that a correction corrects


# Without these a row answers nobody; one of the products' columns is needed besides.
REQUIRED = (Field.NUMBER, Field.BUYER_NIP, Field.QUANTITY)
PRODUCT = (Field.GTIN, Field.INDEX, Field.NAME)

# What wholesalers' systems call their columns, folded; whole headings first, then words in them.
LABELS: Mapping[Field, tuple[str, ...]] = {
    Field.NUMBER: (
        "numer", "nr", "nr dokumentu", "numer dokumentu", "nr faktury", "numer faktury", "faktura",
        "dokument", "numer pelny", "nr dok", "nr fv", "numer fv", "symbol dokumentu", "dok",
        "invoice", "invoice no", "invoice number", "document", "document no", "numer wlasny",
        "numer ksiegowy", "numer faktury sprzedazy", "nr faktury sprzedazy", "fv",
    ),
    Field.BUYER_NIP: (
        "nip", "nip nabywcy", "nip kontrahenta", "nip klienta", "nip odbiorcy", "kontrahent nip",
        "nabywca nip", "klient nip", "nip platnika", "nr nip", "nip ue", "numer nip",
        "tax id", "vat id", "buyer nip", "customer tax id", "vat no", "nip kh", "knt nip",
    ),
    Field.QUANTITY: (
        "ilosc", "ilosc sprzedana", "ilosc sprzedazy", "liczba", "ilosc sztuk", "szt", "il",
        "quantity", "qty", "sprzedaz ilosc", "ilosc w jm", "ilosc wydana", "ilosc faktura",
    ),
    Field.GTIN: (
        "ean", "gtin", "kod ean", "kod kreskowy", "ean13", "ean 13", "kod paskowy", "barcode",
        "towar ean", "kod gtin", "ean towaru",
    ),
    Field.INDEX: (
        "indeks", "index", "kod towaru", "kod produktu", "symbol", "symbol towaru", "indeks towaru",
        "kod", "sku", "nr katalogowy", "numer katalogowy", "kod towarowy", "towar kod",
        "item code", "article no", "indeks handlowy", "kod asortymentu", "nr artykulu",
        "indeks katalogowy", "kod producenta", "symbol producenta",
    ),
    Field.NAME: (
        "nazwa", "nazwa towaru", "nazwa produktu", "towar", "opis", "asortyment", "produkt",
        "towar nazwa", "name", "description", "product", "item", "nazwa towaru lub uslugi",
        "nazwa asortymentu", "artykul", "nazwa artykulu", "opis towaru",
    ),
    Field.DATE: (
        "data", "data wystawienia", "data sprzedazy", "data faktury", "data dokumentu", "date",
        "invoice date", "data dok", "data transakcji", "data fv", "data wyst",
    ),
    Field.KIND: (
        "typ", "typ dokumentu", "typ dok", "rodzaj", "rodzaj dokumentu", "rodzaj dok",
        "typ faktury", "rodzaj faktury", "document type", "doc type", "type",
    ),
    Field.ORIGINAL: (
        "korekta do", "do dokumentu", "do faktury", "dokument zrodlowy", "nr zrodlowy",
        "dokument pierwotny", "dok korygowany", "korygowany", "korygowana", "corrected invoice",
        "original invoice", "nr oryginalu", "numer oryginalu", "dokument bazowy",
    ),
    Field.UNIT: ("jm", "j m", "jednostka", "jednostka miary", "miara", "unit", "uom", "jedn"),
}  # fmt: skip
_CORRECTED = ("korygowan", "pierwotn", "zrodlow")
_PRICES = ("cena", "wartosc", "netto", "brutto", "vat", "kwota", "marza", "rabat", "price", "value")


def fold(text: str) -> str:
    """A heading for comparison: lower case, no diacritics, no punctuation."""
    plain = unicodedata.normalize("NFKD", text.casefold().replace("ł", "l"))
    letters = "".join(c if c.isalnum() else " " for c in plain if not unicodedata.combining(c))
    return " ".join(letters.split())


_BY_LABEL = {label: field for field, labels in LABELS.items() for label in labels}


def by_heading(heading: str) -> Field | None:
    """What a heading names, or None. Prices are nobody's business and never recognised."""
    folded = fold(heading)
    if folded in _BY_LABEL:
        return _BY_LABEL[folded]
    words = set(folded.split())
    if not words or (words & set(_PRICES)) - {"vat"}:
        return None
    if any(word.startswith(_CORRECTED) for word in words) and "data" not in words:
        return Field.ORIGINAL  # `Nr faktury korygowanej` is another number than the row's own.
    if "nip" in words and not words & {"sprzedawcy", "sprzedawca", "dostawcy", "nasz"}:
        return Field.BUYER_NIP
    if words & {"ean", "gtin"}:
        return Field.GTIN
    if "ilosc" in words:
        return Field.QUANTITY
    if re.search(r"\b(nr|numer)\b.*\b(dok\w*|fakt\w*|fv|fs)\b", folded):
        return Field.NUMBER
    return None


def header_at(rows: Sequence[Sequence[str]]) -> int | None:
    """The row with the headings among the first ones: the one that names most columns."""
    best, found = 1, None
    for at, row in enumerate(rows[:30]):
        named = len({field for cell in row if (field := by_heading(cell))})
        if named > best:
            best, found = named, at
    return found


def _gtin(text: str) -> bool:
    return len(text) >= 12 and identifiers.gtin_valid(text)


_CONTENT: tuple[tuple[Field, Callable[[str], bool], float], ...] = (
    (Field.BUYER_NIP, lambda text: tax_number(text) is not None, 0.6),
    (Field.GTIN, _gtin, 0.6),
    (Field.DATE, is_date, 0.8),
    (Field.NUMBER, looks_like_document, 0.7),
    (Field.NAME, lambda text: " " in text and len(text) > 12 and text.count(" ") > 1, 0.6),
)


def recognise(headings: Sequence[str], rows: Sequence[Sequence[str]]) -> dict[Field, int]:
    """The column of each field that can be recognised; each column serves one field.

    `rows` are some rows of texts below the headings. A heading that the content contradicts
    (a NIP column with names in it) is not believed.
    """
    columns = [
        [row[at] for row in rows if at < len(row) and row[at]] for at in range(len(headings))
    ]
    found: dict[Field, int] = {}
    for at, heading in enumerate(headings):
        field = by_heading(heading)
        if field is None or field in found or not _plausible(field, columns[at]):
            continue
        if _is_price(heading):
            continue
        found[field] = at
    for field, fits, share in _CONTENT:
        if field in found:
            continue
        scores = [
            (sum(map(fits, cells)) / len(cells), -at)
            for at, cells in enumerate(columns)
            if cells and at not in found.values() and not _is_price(headings[at])
        ]
        score, at = max(scores, default=(0.0, 0))
        if score >= share:
            found[field] = -at
    return found


def _is_price(heading: str) -> bool:
    words = set(fold(heading).split())
    return bool(words & set(_PRICES)) and not words & {"nip", "vat id", "id"}


def _plausible(field: Field, cells: Sequence[str]) -> bool:
    if not cells:
        return True
    if field is Field.QUANTITY:
        return sum(quantity(text) is not None for text in cells) * 2 >= len(cells)
    if field is Field.BUYER_NIP:
        return sum(identifiers.nip_normalised(text) is not None for text in cells) * 4 >= len(cells)
    return True


def missing(mapping: Mapping[Field, int]) -> list[Field]:
    """The fields without which nothing can be matched; a product may be named in three ways."""
    lacking = [field for field in REQUIRED if field not in mapping]
    return lacking if any(f in mapping for f in PRODUCT) else [*lacking, Field.NAME]


def signature(headings: Sequence[str], *, kind: str) -> str:
    """The same for every file of the same shape, whatever stands in it."""
    text = "\x1f".join((kind, *(fold(heading) for heading in headings)))
    return hashlib.sha256(text.encode()).hexdigest()[:32]
