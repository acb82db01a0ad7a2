"""Rows of items whose figures and codes stand behind labels, put as tills print them without.

`Cena: 9,99 zł/szt` over `Ilość: 2   19,98 A` is `2 x9,99 19,98 A`; `3 szt x 4,74   art. 47993`
is a row of figures and one of a code.
"""

from __future__ import annotations

import itertools
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace

from ocr.identifiers import gtin_valid
from ocr.reading import Word
from ocr.receipt_rows import Row
from ocr.receipt_tail import UNIT, tail_of
from ocr.receipt_text import amounts, find_date, folded, plain

MOST_ROWS = 3  # that the figures of one item take
_LABELS = {
    "CENA": "price", "ILOSC": "quantity", "ILE": "quantity", "IL": "quantity",
    "WARTOSC": "amount", "KWOTA": "amount",
}  # fmt: skip
_LABELLED = re.compile(rf"({'|'.join(_LABELS)})(?![^\W\d_])\W*")
_FIGURE = re.compile(r"(\d{1,6}(?:[.,]\d{1,4})?)(Z[LKXT1]|PLN)?(/?[A-Z]{1,5}[23]?\.?)?")
_PASSED = re.compile(
    r"(?:JEDN?\w*|J|M|BRUTTO|DET\w*|SZT|Z[LKXT1]|PLN|(?:Z[LKXT1]|PLN)/\w+)\.?:?|[=:x*]"
)
_KINDS = (
    r"(?:KOD|NR|SYMBOL) ?(?:TOW\w*|ART\w*|PROD\w*|KRESK\w*)?|INDE[KX]S?|IND|PLU|EAN|GTIN|ART\w*|"
    r"SKU|REF|KTM"
)
_TOLD = r"(?:KOD|INDEKS|PLU|EAN|GTIN|SKU|KTM|ART\w*)"  # needs no colon
_CODE = re.compile(
    rf"\W*(?:(?:{_KINDS}) ?[:.;]{{1,2}} ?(?P<code>[A-Z]{{0,3}}[\d/.-]{{3,20}})"
    rf"|{_TOLD} (?P<plain>\d{{4,14}}))\W*"
)


_LABEL_OF_CODE = re.compile(rf"(?<!\S)(?:{_KINDS}) ?[:.;]")
_BRACKETED = re.compile(rf"(?:#|[\[(](?=.*[\])]))(\d{{4,13}})[\])]?(?: {UNIT}\.?)?", re.IGNORECASE)
_GROUPED = re.compile(r"\d{2,4}([.-])\d{2,4}\1\d{2,4}(?:\1\d{2,4})?")  # `117.794.21`


@dataclass(frozen=True, slots=True)
class Code:
    """The number of goods on a slip: all sellers' (`gtin`) or the shop's own."""

    digits: str
    gtin: bool


def codes_in(text: str) -> tuple[Code, ...]:
    """`kod: 100233`, `EAN: 5901234123457  Indeks: 100233` or a bar code's digits alone."""
    if (one := _code_in(text)) is not None:
        return (one,)
    begins = [hit.start() for hit in _LABEL_OF_CODE.finditer(folded(text))]
    parts = [folded(text)[a:b] for a, b in itertools.pairwise([*begins, None])]
    told = [_code_in(part) for part in parts] if len(begins) > 1 and begins[0] == 0 else []
    return tuple(code for code in told if code) if all(told) else ()


def _code_in(text: str) -> Code | None:
    digits = re.sub(r"\s", "", plain(text))
    if re.fullmatch(r"\d{8}|\d{12,14}", digits) and gtin_valid(digits):
        return Code(digits, gtin=True)
    if _GROUPED.fullmatch(text.strip()) and find_date(text) is None:
        return Code(text.strip(), gtin=False)
    if bracket := _BRACKETED.fullmatch(text.strip()):
        return Code(bracket[1], gtin=False)
    hit = _CODE.fullmatch(folded(text))
    if hit is None:
        return None
    code = (hit["code"] or hit["plain"]).rstrip(".-/")
    known = re.fullmatch(r"\d{8}|\d{12,14}", code) is not None and gtin_valid(code)
    return Code(code, gtin=known)


def unlabelled(rows: Sequence[Row]) -> list[Row]:
    """The rows of items with figures in the form that all others have, and codes on their own."""
    found: list[Row] = []
    for row in _figures_joined(rows):
        found += _code_apart(_bare_amount(row))
    return found


def _bare_amount(row: Row) -> Row:
    """The row of an amount without its label, as it stands under quantity × price."""
    told = _labelled(row, {})
    if told is None or told.keys() != {"amount"}:
        return row
    return Row(tuple(told["amount"]), row.height)


def _code_apart(row: Row) -> Iterator[Row]:
    """The figures, then the code that stands before or behind them."""
    words = row.words
    if any(True for _ in amounts(row.text)):
        for cut in range(1, len(words)):
            before, behind = Row(words[:cut], row.height), Row(words[cut:], row.height)
            if _labelled_code(behind) and tail_of(before) is not None:
                yield from (before, behind)
                return
            if codes_in(before.text) and _bare_figures(behind):
                yield from (behind, before)
                return
    yield row


def _labelled_code(row: Row) -> bool:
    return _CODE.fullmatch(folded(row.text)) is not None


def _bare_figures(row: Row) -> bool:
    tail = tail_of(row)
    return tail is not None and not row.text[: tail.start].strip()


def _figures_joined(rows: Sequence[Row]) -> Iterator[Row]:
    place = 0
    while place < len(rows):
        figures: dict[str, list[Word]] = {}
        for end in range(place, min(len(rows), place + MOST_ROWS)):
            told = _labelled(rows[end], figures)
            if told is None or told.keys() & figures.keys():
                break
            figures |= told
            if {"price", "quantity", "amount"} <= figures.keys():
                yield _as_figures(figures, rows[place])
                place = end + 1
                break
        else:
            figures = {}
        if {"price", "quantity", "amount"} <= figures.keys():
            continue
        yield rows[place]
        place += 1


def _labelled(row: Row, known: dict[str, list[Word]]) -> dict[str, list[Word]] | None:
    """What a row of labels and figures alone says; an amount may stand there without its label."""
    found: dict[str, list[Word]] = {}
    label = ""
    for word in row.words:
        text = folded(word.text)
        if hit := _LABELLED.match(text):
            label, text = _LABELS[hit[1]], text[hit.end() :]
            if not text:
                continue
        elif not found and not label:
            return None
        figure = _FIGURE.fullmatch(text)
        if figure is None:
            if label in ("amount", "quantity") and label in found and text.strip(".").isalpha():
                found[label].append(word)  # the VAT letter or the unit
            elif _PASSED.fullmatch(text) is None:
                return None
            continue
        named = label if label and label not in found else ""
        if not named and not {"amount"} & (found.keys() | known.keys()):
            named = "amount"
        if not named or named in found:
            return None
        found[named] = [replace(word, text=figure[1])]
        letter = (figure[3] or "").strip("/.")
        if letter and named != "price" and (named == "quantity" or len(letter) == 1):
            found[named].append(
                replace(word, text=letter.lower() if named == "quantity" else letter)
            )
        label = named
    return found or None


def _as_figures(figures: dict[str, list[Word]], first: Row) -> Row:
    (price,) = figures["price"]
    words = (*figures["quantity"], replace(price, text=f"x{price.text}"), *figures["amount"])
    return Row(words, first.height)
