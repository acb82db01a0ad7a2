"""Which of the dates on a fiscal slip is the sale's: by its place and what stands beside it."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date

from ocr.reading import Finding, Proof, Severity, Value
from ocr.receipt_rows import Row
from ocr.receipt_text import find_date, find_time, plain, says

_ADVERTISED = (
    "PROMOCJ*", "OFERT*", "REGULAMIN*", "WAZNE", "WAZNA", "WAZNY", "WAZNOSC*", "KONKURS*",
    "LOTERI*", "ANKIET*", "KUPON*", "BON", "BONU", "VOUCHER*", "GAZETK*", "WYPRZEDAZ*", "AKCJA",
    "AKCJI", "RABAT*", "TERMIN", "TERMINIE", "GWARANCJ*", "ZWROT*", "WYMIAN*", "REKLAMACJ*",
    "UMOW*", "CENNIK*", "NAGROD*", "PUNKTY", "PUNKTOW", "ZAPRASZ*", "OBOWIAZUJ*", "URODZ*",
    "USTAW*", "ROZPORZADZ*", "DO PARAGONU", "DOTYCZY",
)  # fmt: skip
_DATE = re.compile(r"(?<!\d)(?:20\d\d[-./]\d\d[-./]\d\d|\d\d[-./]\d\d[-./](?:20)?\d\d)(?!\d)")
_IN_A_NUMBER = re.compile(r"(?<!\w)[^\W\d_]{1,5}/\d[\d/]*")  # `FP/12/05/2026`
_LIMIT = re.compile(r"(?:^|\s)(?:od|do|od dnia|do dnia)\W*$", re.IGNORECASE)
_COUNTER = re.compile(r"(?<![\d.,:/#-])[WU]?\d{3,9}(?![\d.,:/-])")
_OF_A_TILL = ("KASJER", "KASA", "NR", "WYDR*", "DATA", "GODZ*", "CZAS", "#")
_FEW_LETTERS = 3  # besides the date: the row says nothing else
# How well a row tells the date of a sale.
_ISSUED, _BESIDE, _ALONE, _AMONG_WORDS, _AMONG_ITEMS = range(4, -1, -1)


@dataclass(frozen=True, slots=True)
class _Told:
    rank: int
    day: date
    row: Row


def advertises(text: str) -> bool:
    """Whether the dates of a row are those of an offer, a term or a rule, or a range of days."""
    if says(text, *_ADVERTISED):
        return True
    found = list(_DATE.finditer(bare := plain(text)))
    return len({hit[0] for hit in found}) > 1 or any(
        _LIMIT.search(bare[: hit.start()]) for hit in found
    )


def read_date(
    head: Sequence[Row], body: Sequence[Row], foot: Sequence[Row], today: date | None, *, ends: int
) -> tuple[Value[date] | None, tuple[Finding, ...]]:
    """The day of the sale; with a finding where rows that tell it equally well name several days.

    It stands alone or beside the number of the print-out or the time over the items, or in the foot
    beside the till's number; `ends` rows of the foot are the sale's, what follows is another print.
    No slip is younger than the day it was sent on.
    """
    told = [*_told(head, today), *_told(foot, today)]
    over = [*_told(head, today), *_told(foot[:ends], today)]
    if any(one.rank >= _BESIDE for one in over):
        told = over
    told += [_Told(min(one.rank, _AMONG_ITEMS), one.day, one.row) for one in _told(body, today)]
    if not told:
        return None, ()
    best = max(one.rank for one in told)
    first = next(one for one in told if one.rank == best)
    # What stands alone is as good as what stands beside a number that another slip may lack.
    rivals = {one.day for one in told if one.rank == best or min(one.rank, best) >= _ALONE}
    if best == _ISSUED:
        rivals = {one.day for one in told if one.rank == best}
    row = first.row
    if len(rivals) == 1:
        return Value(first.day, Proof.READ, row.confidence, row.box, row.text), ()
    days = ", ".join(sorted(day.isoformat() for day in rivals))
    finding = Finding("dates-unclear", Severity.ERROR, facts=(("dates", days),))
    return Value(first.day, Proof.GUESSED, row.confidence, row.box, row.text), (finding,)


def _told(rows: Sequence[Row], today: date | None) -> Iterator[_Told]:
    for row in rows:
        day = find_date(_IN_A_NUMBER.sub(" ", row.text), today)
        if day is None or (today is not None and day > today) or advertises(row.text):
            continue
        yield _Told(_rank(row.text), day, row)


def _rank(text: str) -> int:
    if says(text, "WYSTAWIENIA", "WYSTAWIONO"):
        return _ISSUED
    bare = plain(text)
    rest = _DATE.sub(" ", bare)
    if find_time(rest) or "#" in rest or says(rest, *_OF_A_TILL) or _COUNTER.search(rest):
        return _BESIDE
    return _ALONE if sum(c.isalpha() for c in rest) < _FEW_LETTERS else _AMONG_WORDS
