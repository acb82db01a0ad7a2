"""Whether day, month or year comes first in a date of figures alone: what else the slip tells."""

from __future__ import annotations

import re
from collections.abc import Sequence
from datetime import date

from ocr.receipt_rows import Row
from ocr.receipt_text import find_date, folded, plain

_TRIPLE = re.compile(
    r"(?<![\d./-])(\d{4}|\d{1,2})\s?([-./])\s?(\d{1,2})\s?\2\s?(\d{4}|\d{1,2}(?=\d\d:\d\d)|\d\d)(?![\d/])"
)
_NAMED = re.compile(r"(?:^|[\d\W])(?:JAN|FEB|MAR|APR|MAY|JUN|JUL|AUG|SEP|OCT|NOV|DEC)", re.I)
_YEAR_DIGITS = 4
_CENTURY = 2000
_SEVERAL = 2

_STATES = (
    "AL|AK|AZ|AR|CA|CO|CT|DE|FL|GA|HI|IA|ID|IL|IN|KS|KY|LA|MA|MD|ME|MI|MN|MO|MS|MT|NC|ND|NE|NH|NJ|"
    "NM|NV|NY|OH|OK|OR|PA|RI|SC|SD|TN|TX|UT|VA|VT|WA|WI|WV|WY|DC"
)
_PROVINCES = "AB|BC|MB|NB|NL|NS|ON|PE|QC|SK"
# What only shops of the United States and Canada print: town and ZIP code, town and province, a
# postal code, a tax and the number of a business for it.
_AMERICAN = re.compile(
    rf"[A-Z]{{3}}\W{{1,3}}({_STATES})\W{{1,3}}\d{{5}}(?:-\d{{4}})?\W*$|"
    rf"[A-Z]{{3}}\s?[,.]\s?({_PROVINCES})(?:\W|$)(?!.*\d{{5}})|"
    r"[A-Z]{4}\s(AB|BC|MB|NB|NS|QC|SK)\W*$|"
    r"\b[ABCEGHJ-NPRSTVXY]\d[A-Z]\s?\d[A-Z]\d\b|\bHST\b|\bCAD\b|\d\s?RT\s?0{3}\d\b"
)
# Telephone numbers of three, three and four figures, which others may write as well.
_PHONE = re.compile(
    r"(?<![\d-])(?:1\s?-?\s?)?\(?\s?[2-9]\d\d\s?[). -]\s?-?\s?\d{3}\s?[. -]\s?\d{4}(?![\d-])"
)
_DOLLARS = re.compile(r"(?<![A-Z])\$\s?\d|\bUSD\b|\bCAD\b")
_ELSEWHERE = re.compile(r"€|£|\bEUR\b|\bGBP\b|\bRM\s?\d|\bSDN\b|\bBHD\b|\b(SGD|AUD|NZD|HKD|ABN)\b")


def ordered(
    found: Sequence[tuple[str, date]], rows: Sequence[Row], today: date | None
) -> list[date]:
    """The days as the slip means them; `found` are texts of rows and the days read day first.

    A day that is written twice in different ways is the one that both mean. Where nothing tells,
    shops of North America put the month first, or the year, all others the day.
    """
    american = _american(rows)
    sure = {day for text, day in found if len(_readings(text, today)) < _SEVERAL}
    days = []
    for text, day in found:
        readings = _readings(text, today)
        if day not in readings or len(readings) < _SEVERAL:
            days.append(day)
            continue
        agreed = [r for r in readings if r in sure]
        usual = readings[0] if american else day
        days.append(agreed[0] if len(agreed) == 1 else usual)
    return days


def _readings(text: str, today: date | None) -> list[date]:
    """All days that the first date of a row may mean: month first, year first, day first."""
    if _NAMED.search(text) and find_date(_TRIPLE.sub(" ", text), today):
        return []
    hit = _TRIPLE.search(plain(text))
    if hit is None:
        return []
    a, b, c = hit[1], hit[3], hit[4]
    if len(a) == _YEAR_DIGITS:
        orders = [(a, b, c)]
    else:
        orders = [(c, a, b), (c, b, a)]
        if len(c) < _YEAR_DIGITS and len(a) == len(b) == len(c):
            orders.insert(1, (a, b, c))
    days = []
    for year, month, day in orders:
        full = int(year) + (0 if len(year) == _YEAR_DIGITS else _CENTURY)
        told = find_date(f"{full}-{int(month):02d}-{int(day):02d}", today)
        if told is not None and told not in days:
            days.append(told)
    return days


def _american(rows: Sequence[Row]) -> bool:
    texts = [folded(row.text) for row in rows]
    if any(_ELSEWHERE.search(text) for text in texts):
        return False
    if any(_AMERICAN.search(text) for text in texts):
        return True
    return all(any(sign.search(text) for text in texts) for sign in (_DOLLARS, _PHONE))
