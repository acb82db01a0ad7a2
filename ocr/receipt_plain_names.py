"""Where names stand on slips without a fiscal memory: beside, over or under their figures."""

from __future__ import annotations

import itertools
import re
from collections.abc import Sequence

from ocr.receipt_plain_figures import FEWEST_LETTERS, SIGN, Figures, figures_of
from ocr.receipt_rows import Row
from ocr.receipt_text import AMOUNT, folded, plain

_HEADED = re.compile(
    r"\b(TEL|TE1|FAX|PHONE|DATE|TIME|DATUM|INVOICE|RECEIPT|GST|TAX)\b|(?<!\d)\d{5}\s[A-Z]{3}|:"
)
_WEAK_SIGNS = 4
CODE = re.compile(
    r"\W*(?:(?=[\w-]*\d{4})[\w-]{5,20}|(?=(?:[^\d\s]*\d){4})[A-Z]{0,3}\d+(?:[-/]\d+)+)\W*"
)
# after a discount, or under the amount: `@ 9.85 each`, `à 3,99`
PRICE_ALONE = re.compile(
    rf"\W*[@à]\s*(?:{SIGN}\s?)?(?P<price>{AMOUNT})\s*(?:{SIGN})?\s*(?:each|ea|/\s?\w{{1,5}})?\W*",
    re.I,
)
UNITS_ALONE = re.compile(r"(?:kg|eur|euro|rm|stk|stück|price|preis|[€/()\s])+", re.IGNORECASE)


def names_below(rows: Sequence[Row]) -> bool:
    """Whether figures stand over the names: the first row with figures has none, nor the last."""
    told = [row for row in rows if not PRICE_ALONE.fullmatch(plain(row.text))]
    last = figures_of(told[-1]) if told else None
    while last is not None and last.amount < 0:  # a discount on what stands over it
        told.pop()
        last = figures_of(told[-1]) if told else None
    if last is not None and sum(c.isalpha() for c in last.name) <= FEWEST_LETTERS:
        return False
    if _each_over_a_name(rows):
        return True
    headed = True
    for row in rows:
        figures = figures_of(row)
        if figures is not None and headed:
            letters = sum(c.isalpha() for c in figures.name)
            return letters <= FEWEST_LETTERS or CODE.fullmatch(figures.name) is not None
        if figures is not None:
            return False
        if not UNITS_ALONE.fullmatch(row.text):
            headed = _HEADED.search(folded(row.text)) is not None
    return False


def _each_over_a_name(rows: Sequence[Row]) -> bool:
    """Whether two or more rows of bare figures each stand over a name, also the last of them."""
    bare = 0
    for row, below in itertools.pairwise(rows):
        figures = figures_of(row)
        if figures is None:
            continue
        if sum(c.isalpha() for c in figures.name) > FEWEST_LETTERS:
            return False
        if figures_of(below) is not None or not may_name(below.text):
            return False
        bare += 1
    return bare > 1 and figures_of(rows[-1]) is None


def may_name(text: str, *, weak: bool = False) -> bool:
    """Whether a row without figures may be a name; a `weak` one has two letters: `9 x 13 (10A)`."""
    letters = sum(c.isalpha() for c in plain(text))
    signs = sum(c.isalnum() for c in text)
    return letters > FEWEST_LETTERS or (weak and letters == FEWEST_LETTERS and signs > _WEAK_SIGNS)


def ends_in_figure(figures: Figures, following: Row) -> bool:
    """Whether a name ends in a figure: `SUSHI 1.30` over `10 x 1.80   18.00`."""
    if figures.quantity is not None or figures.mark or figures.amount < 0:
        return False
    below = figures_of(following)
    if below is None or not (below.holds and below.quantity and below.price):
        return False
    bare = sum(c.isalpha() for c in below.name) <= FEWEST_LETTERS
    return bare and sum(c.isalpha() for c in figures.name) > FEWEST_LETTERS


def names_it(figures: Figures) -> bool:
    """Whether a row is a name that ends in a figure, under the figures of its item."""
    letters = sum(c.isalpha() for c in figures.name)
    return figures.quantity is None and letters > FEWEST_LETTERS
