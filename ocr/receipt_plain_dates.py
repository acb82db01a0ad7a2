"""The day of a sale on slips without a fiscal memory, by all that the slip says of it."""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from datetime import date

from ocr.reading import Proof, Value
from ocr.receipt_plain_order import ordered
from ocr.receipt_rows import Row
from ocr.receipt_text import find_date, find_faint_date, find_time, folded, plain, says

_NOT_A_SALE = re.compile(r"GULTIG|EXP|VALID|PRN ON|PRINTED|BIRTH|MEMBER SINCE")
_NOT_A_DATE = re.compile(
    r"TEL|FAX|PHONE|MOBIL|GST|REG|\bCO\b|ROC|UST|STEUER|IBAN|KARTE|CARD|TERMINAL"
)
# `HD03-04-06`: the number of an article.
_IN_A_CODE = re.compile(
    r"(?<![A-Z])(?!DATE|DT|DATUM|ON)[A-Z]{1,4}\d{1,2}([-./])\d{1,2}\1\d\d(?!\d)"
)
_CLOCK = re.compile(r"\d\s?:\s?[0-5]\d")  # also glued to the date
# `25032026 13:11:54`: eight figures, and a time behind them
_UNMARKED = re.compile(r"(?<!\d)([0-3]\d)([01]\d)(20\d\d)(?=\s{1,3}\d\d:\d\d)")
# `11/00/2026`: there is no such month, and an 8 is all that fades to a 0.
_NO_MONTH = re.compile(r"(?<![\d.,/-])([0-3]?\d)([-./])00\2(20\d\d)(?![\d.,/-])")
_EIGHT = 8
_GST = re.compile(r"\bG[S5]T\b")
# Malaysia taxed goods and services (GST) from this day to the end of August 2018.
_TAXED_FROM, _TAXED_TO = date(2015, 4, 1), date(2018, 8, 31)
_FADED = {"3": "8", "1": "7", "2": "7"}  # what is left of a figure, and the figure
_LOOSE, _TIMED, _LABELLED = 1, 2, 3


@dataclass(frozen=True, slots=True)
class _Found:
    day: date
    row: Row
    rank: int


def read_plain_date(
    rows: Sequence[Row], today: date | None, *, ringgit: bool
) -> Value[date] | None:
    """The best of the slip's dates: that says it is one, or stands beside a time, or comes first.

    A date that the slip states again, also inside of a number, is better than its neighbours of
    the same rank. Dates of expiry and print come last. `ringgit` tells that prices are Malaysian.
    """
    found = _dates(rows, today, find_date)
    if not any(f.rank > 0 for f in found):
        others = [row for row in rows if not _NOT_A_DATE.search(folded(row.text))]
        found = _dates(others, today, find_faint_date) or _dates(rows, today, _unmarked) or found
    if not found:
        return _without_month(rows, today)
    order = ordered([(f.row.text, f.day) for f in found], rows, today)
    found = [replace(f, day=day) for f, day in zip(found, order, strict=True)]
    if len({f.day for f in found}) > 1:
        found = [replace(f, rank=2 * f.rank + _told_again(f, rows, found)) for f in found]
    best = max(found, key=lambda f: f.rank)  # of equal ones the first
    day = _within_tax(best.day, rows) if ringgit else best.day
    proof = Proof.READ if day == best.day else Proof.GUESSED
    return Value(day, proof, best.row.confidence, best.row.box, best.row.text)


def _dates(
    rows: Sequence[Row], today: date | None, find: Callable[[str, date | None], date | None]
) -> list[_Found]:
    found: list[_Found] = []
    for row in rows:
        day = find(row.text, today)
        if day is None:
            continue
        text = folded(row.text)
        if _NOT_A_SALE.search(text) or _IN_A_CODE.search(text):
            rank = 0
        elif says(row.text, "DATE", "DATUM"):
            rank = _LABELLED
        else:
            rank = _TIMED if _CLOCK.search(row.text) else _LOOSE
        found.append(_Found(day, row, rank))
    return found


def _unmarked(text: str, today: date | None) -> date | None:
    hit = _UNMARKED.search(plain(text))
    return find_date(f"{hit[1]}/{hit[2]}/{hit[3]}", today) if hit and find_time(text) else None


def _without_month(rows: Sequence[Row], today: date | None) -> Value[date] | None:
    """The date whose month was read as 00, where there is no other; a guess."""
    for row in rows:
        if hit := _NO_MONTH.search(plain(row.text)):
            day = find_date(f"{hit[1]}/{_EIGHT:02d}/{hit[3]}", today)
            if day is not None and day.month == _EIGHT:
                return Value(day, Proof.GUESSED, row.confidence, row.box, row.text)
    return None


def _told_again(one: _Found, rows: Sequence[Row], found: Sequence[_Found]) -> bool:
    """Whether another row states the same day, as a date or as a part of a number."""
    if any(f.row is not one.row and f.day == one.day for f in found):
        return True
    forms = [one.day.strftime(form) for form in ("%Y%m%d", "%d%m%Y", "%y%m%d", "%d%m%y")]
    numbers = (hit for row in rows for hit in re.findall(r"\d{6,}", row.text))
    return any(number.startswith(form) for number in numbers for form in forms)


def _within_tax(day: date, rows: Sequence[Row]) -> date:
    """The day, or the one that its faded year meant: no slip states a tax before there was one."""
    if day >= _TAXED_FROM or not any(_GST.search(folded(row.text)) for row in rows):
        return day
    year = str(day.year)
    meant = _FADED.get(year[-1])
    if year[:3] != "201" or meant is None:
        return day
    told = day.replace(year=int(year[:3] + meant))
    return told if _TAXED_FROM <= told <= _TAXED_TO else day
