"""What a till printed that is no sale: not fiscal, cancelled, for training, a return, a report.

Source: forms of documents of Polish tills (`NIEFISKALNY` stands on each that is no fiscal one).
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from ocr.reading import Finding, Severity
from ocr.receipt_rows import Row
from ocr.receipt_tail import read_tail
from ocr.receipt_text import folded

_NOT_FISCAL = ("NIEFISKALN", "TONIEJESTPARAGON", "NIEJESTPARAGONEM")
_CANCELLED = (
    "PARAGONANULOWAN", "FISKALNYANULOWAN", "TRANSAKCJAANULOWANA", "DOKUMENTANULOWANY",
    "SPRZEDAZANULOWANA", "ANULOWANOPARAGON", "ANULOWANOTRANSAKCJE",
)  # fmt: skip
_TITLES = (
    "ZWROTTOWARU", "PROTOKOLZWROTU", "POTWIERDZENIEZWROTU", "RAPORTDOBOWY", "RAPORTFISKALNY",
    "RAPORTOKRESOWY", "RAPORTZMIANOWY", "RACHUNEKKELNERSKI", "RACHUNEKWSTEPNY", "TRYBSZKOLENIOWY",
    "WYDRUKSZKOLENIOWY", "PARAGONSZKOLENIOWY", "POTWIERDZENIETRANSAKCJI", "POTWIERDZENIEPLATNOSCI",
)  # fmt: skip
FOLLOWED = 3  # rows under `NIEFISKALNY`: so many are another print, glued to the slip


def letters(text: str) -> str:
    """Only the letters, upper case and without accents: `N I E F I S K A L N Y` is one word."""
    return "".join(c for c in folded(text) if c.isalpha())


def not_fiscal(text: str) -> bool:
    """Whether a row says that its print is not fiscal."""
    return any(word in letters(text) for word in _NOT_FISCAL)


def why(head: Iterable[Row], foot: Sequence[Row]) -> Finding | None:
    """What to say of a slip that is no sale."""
    rows = [row.text for row in (*head, *foot) if read_tail(row.text) is None]
    if any(not_fiscal(text) for text in rows):
        return Finding("not-fiscal", Severity.ERROR)
    if any(word in letters(text) for text in rows for word in _CANCELLED):
        return Finding("cancelled-slip", Severity.ERROR)
    if any(letters(text) in ("ANULOWANY", "ANULOWANA") for text in rows):
        return Finding("cancelled-slip", Severity.ERROR)
    if any(letters(text).startswith(_TITLES) for text in rows):
        return Finding("not-a-sale", Severity.ERROR)
    return None
