"""Lines written as sentences, without columns: `480 szt x 3,15 zł = 1 512,00 zł`, or no `=`."""

from __future__ import annotations

import re
from collections.abc import Sequence

from ocr import numbers
from ocr.entry import Entry
from ocr.equations import multiplies
from ocr.products import holds
from ocr.rows import Row, Token, box_of
from ocr.token_values import amount_of, text_of

_MONEY = r"\d{1,3}(?:,\d{3})+\.\d\d|\d{1,3}(?:[ .\u00a0]\d{3})*[.,]\d{2,4}|\d+[.,]\d{2,4}"
_SIGN = r"(?:\s?(?:zł|PLN|EUR|€))?"
_CUT = r"(?:[-–]?\s?(?P<cut>\d{1,2}(?:[.,]\d{1,2})?)\s?%)?"
_PRODUCT = re.compile(
    r"(?P<count>(?<![\d.,])\d{1,3}(?:[ \u00a0]\d{3})*(?:[.,]\d{1,4})?)"
    r"\s?(?P<unit>[^\W\d]{1,7}[23²³]?\.?)?"
    rf"\s*(?:[x×*]|\bpo\b|à)\s*(?P<price>{_MONEY}){_SIGN}(?:\s?/\s?[^\W\d]{{1,5}}\.?)?\s*{_CUT}\s*(?P<sign>=?)\s*"
    rf"(?P<value>{_MONEY}){_SIGN}(?!\s?%|\d)",
    re.IGNORECASE,
)
_POSITION = re.compile(r"^\W*\d{1,3}[.)]?\s+(?=\S)")
_RATE = re.compile(r"(?:VAT|st\.)\s*:?\s*(\d{1,2}\s?%|zw)", re.IGNORECASE)


def sentences(rows: Sequence[Row], mark: str) -> list[Entry]:
    """An entry for each row whose quantity × price is the value it states."""
    found: list[Entry] = []
    for index, row in enumerate(rows):
        hit = _PRODUCT.search(row.text)
        if hit is None:
            continue
        count = numbers.amount(hit["count"], mark)
        price, value = numbers.amount(hit["price"], mark), numbers.amount(hit["value"], mark)
        if count is None or price is None or value is None:
            continue
        cut = numbers.amount(hit["cut"], mark) if hit["cut"] else None
        if not hit["sign"] and hit.end() < len(row.text):
            continue  # without a sign the value ends its row
        exact = cut is not None or not hit["sign"]
        if not (holds(count, price, value, cut) if exact else multiplies(count, price, value)):
            continue
        entry = Entry()
        entry.quantity = amount_of(count, _at(row, hit.span("count")))
        entry.numbers["price"] = amount_of(price, _at(row, hit.span("price")))
        if cut is not None:
            entry.numbers["discount"] = amount_of(cut, _at(row, hit.span("cut")))
            entry.percent_discount = True
        entry.numbers["value"] = amount_of(value, _at(row, hit.span("value")))
        if hit["unit"]:
            entry.unit = text_of(hit["unit"], _at(row, hit.span("unit")))
        if rate := _RATE.search(row.text):
            told = numbers.vat_rate(rate[1])
            entry.vat_rate = text_of(told, _at(row, rate.span(1))) if told else None
        named = _named(row, _at(row, (0, hit.start())))
        if not named and index and not _PRODUCT.search(rows[index - 1].text):
            named = _named(rows[index - 1], rows[index - 1].tokens)
        if not named:
            continue
        name = _POSITION.sub("", " ".join(t.text for t in named)).strip(" ,;:-–")
        entry.description = text_of(name, named)
        entry.box = box_of([*named, *row.tokens])
        found.append(entry)
    return found


def _named(row: Row, tokens: Sequence[Token]) -> Sequence[Token]:
    """The tokens, if they say a name."""
    near = [t for t in tokens if t in row.tokens]
    return near if sum(c.isalpha() for t in near for c in t.text) > 2 else ()


def _at(row: Row, span: tuple[int, int]) -> list[Token]:
    """The tokens that a part of the row's text touches."""
    found: list[Token] = []
    at = 0
    for token in row.tokens:
        if at < span[1] and span[0] < at + len(token.text):
            found.append(token)
        at += len(token.text) + 1
    return found
