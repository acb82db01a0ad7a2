"""Which rows are head, items and foot of a slip, and where another slip begins."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import takewhile

from rapidfuzz import fuzz

from ocr import receipt_unsold
from ocr.reading import Finding, Page, Word
from ocr.receipt_entries import DISCOUNTS
from ocr.receipt_head import read_register
from ocr.receipt_items import heads_columns
from ocr.receipt_rates import opens_foot
from ocr.receipt_rows import Row, group
from ocr.receipt_tail import read_tail, tail_of
from ocr.receipt_text import find_date, folded, says
from ocr.receipt_unsold import FOLLOWED, not_fiscal

GUTTER = 0.012  # of the page's width: an empty strip between two slips that lie side by side
FEWEST_WORDS = 12
_LETTER_BEHIND = re.compile(r"\d PTU [A-G]\W*$")  # `3 x 2,24 = 6,72 PTU A` is an item


@dataclass(frozen=True, slots=True)
class Sections:
    """The rows of one slip; `title` is the row that names it, `others` counts further slips."""

    head: list[Row]
    body: list[Row]
    foot: list[Row]
    title: Row | None = None
    others: int = 0

    @property
    def unsold(self) -> Finding | None:
        """What to say where the slip itself says that it is no sale."""
        names = list(takewhile(lambda row: tail_of(row) is None, self.body))
        sold = self.fiscal or self.invoice
        return receipt_unsold.why([*self.head, *names], self.foot, sold=sold)

    @property
    def fiscal(self) -> bool:
        """Whether the title of a fiscal slip or the unique number of a till stands on it."""
        if any(is_title(row.text) for row in (*self.head, *self.body)):
            return True
        return read_register(self.foot) is not None

    @property
    def invoice(self) -> bool:
        """Whether the till printed an invoice in the manner of a slip."""
        return self.title is not None and says(self.title.text, "FAKTURA")


def main_slip(words: Sequence[Word], pages: Sequence[Page]) -> tuple[list[Row], int]:
    """Rows of the slip that matters, and how many others lie beside it.

    Two slips beside each other have an empty strip between them and a title or a tax number each;
    the one with more rows of items counts.
    """
    sides = _side_by_side(words)
    slips = [list(group(side, pages)) for side in sides]
    best = max(slips, key=lambda rows: sum(tail_of(row) is not None for row in rows))
    return best, len(slips) - 1


def _side_by_side(words: Sequence[Word]) -> list[list[Word]]:
    if len({word.box.page for word in words}) != 1:
        return [list(words)]
    covered = sorted((word.box.x0, word.box.x1) for word in words)
    right = 0.0
    for x0, x1 in covered:
        if x0 - right > GUTTER and right > 0:
            middle = (x0 + right) / 2
            left = [word for word in words if word.box.x1 <= middle]
            rest = [word for word in words if word.box.x0 >= middle]
            if min(len(left), len(rest)) >= FEWEST_WORDS and _titled(left) and _titled(rest):
                return [left, *_side_by_side(rest)]
        right = max(right, x1)
    return [list(words)]


def _titled(words: Sequence[Word]) -> bool:
    rows = group(words, ())
    return any(is_title(row.text) or says(row.text, "NIP") for row in rows)


def sections(rows: Sequence[Row]) -> Sections:
    """Head, items and foot of the first slip among the rows."""
    title = next((i for i, row in enumerate(rows) if _opens_items(row.text)), None)
    first_item = next((i for i, row in enumerate(rows) if tail_of(row)), len(rows))
    begin = min(first_item, len(rows))
    if title is not None and title <= first_item + 2:
        begin = title + 1
    end = next((i for i in range(begin, len(rows)) if _ends_items(rows[i].text)), len(rows))
    if title is None and begin > 0 and end < len(rows):
        # The title is not in the picture: names may stand above the first figures.
        begin = max((i + 1 for i in range(begin) if _in_head(rows[i].text)), default=0)
    after = _next_slip(rows, begin, end)
    return Sections(
        list(rows[:begin]),
        list(rows[begin:end]),
        list(rows[end:after]),
        rows[title] if title is not None else None,
        sum(is_title(row.text) for row in rows[after:]),
    )


def is_title(text: str) -> bool:
    """`PARAGON FISKALNY`, also in spaced letters and with a few of them misread.

    Rows that only speak of a receipt (`Do paragonu: 54059`) are none.
    """
    if says(text, "FISKALNY", "FISKALNA") and not says(text, "NIEFISKALNY"):
        return True
    bare = "".join(c for c in folded(text) if c.isalpha())
    if bare == "PARAGON":
        return not any(c.isdigit() for c in text)
    return 12 <= len(bare) <= 20 and fuzz.ratio(bare, "PARAGONFISKALNY") >= 75


def _ends_items(text: str) -> bool:
    """A row of the foot; `GUMA` reads like `SUMA`, but an item has a quantity and a price."""
    if not opens_foot(text) or heads_columns(text):
        return False
    if says(text, *DISCOUNTS):
        return False
    tail = read_tail(text)
    if tail is not None and tail.holds and _LETTER_BEHIND.search(folded(text)):
        return False
    if tail is None or tail.quantity is None or tail.derived:
        return True
    return says(text, "SUMA PLN", "PTU", "DO ZAPLATY", "SPRZEDAZ*", "OPOD*", "SP OP")


def _opens_items(text: str) -> bool:
    """A title, be it of an invoice or of a print-out that proves nothing."""
    return (
        is_title(text) or says(text, "NIEFISKALNY", "FAKTURA") or folded(text).startswith("PARAGON")
    )


def _in_head(text: str) -> bool:
    return says(text, "NIP") or find_date(text) is not None


def _next_slip(rows: Sequence[Row], begin: int, end: int) -> int:
    """Where another slip starts under the first: the seller's NIP again, or another title."""
    sellers = {number for row in rows[:begin] if (number := _nip(row.text))}
    for place in range(end + 3, len(rows)):
        text = rows[place].text
        if not_fiscal(text):
            # A sale ends with its register's number; the foot of another print says little more.
            if read_register(rows[end:place]) or len(rows) - place > FOLLOWED:
                return place
            continue
        if is_title(text):
            return place
        number = _nip(text)
        if number and not says(text, "NABYWC*", "NABYWCA"):
            soon = rows[place + 1 : place + 6]
            if number in sellers or any(is_title(row.text) or not_fiscal(row.text) for row in soon):
                return place
    return len(rows)


def _nip(text: str) -> str:
    """The ten digits of a row that holds a tax number; else nothing."""
    if not says(text, "NIP"):
        return ""
    digits = re.sub(r"\D", "", text)
    return digits if len(digits) == 10 else ""
