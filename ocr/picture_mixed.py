"""A slip and an invoice photographed into one file: the one of which more is proven is read.

Read together, the rows of one would be taken for rows of the other, or one would vanish without a
word. What is left out is told by its number.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from ocr import receipt
from ocr.copies import states_total
from ocr.headings import find_headings
from ocr.picture_parts import body_is_proven
from ocr.reading import DocumentKind, Finding, Page, Proof, Reading, Word
from ocr.receipt_sections import is_title
from ocr.rows import Row, rows_of, tokens_of
from ocr.second_document import number_at_top
from ocr.tax_numbers import tax_numbers

_SURE = frozenset({Proof.ARITHMETIC, Proof.CHECKSUM, Proof.STRUCTURED})
_TITLE = 4  # rows of an invoice's title, with its number
_OF_SLIPS = ("paragon", "fiskaln")
_TOLD = ("quantity", "unit_price_net", "unit_price_gross", "line_net", "line_gross")


def pages_apart(
    words: Sequence[Word], pages: Sequence[Page], narrow: Sequence[bool]
) -> tuple[frozenset[int], frozenset[int]] | None:
    """Numbers of the pages of the slip and of the invoice; None where all are of one kind.

    `narrow` says for each page whether it is as wide as a slip. A page that shows neither belongs
    to the one before it, as the rest of a table does.
    """
    if len(pages) < 2:
        return None
    rows = rows_of(tokens_of(words, pages))
    kinds = []
    for page, thin in zip(pages, narrow, strict=True):
        own = [word for word in words if word.box.page == page.number]
        kinds.append(_kind([row for row in rows if row.page == page.number], own, page, thin))
    known = [kind for kind in kinds if kind]
    if len(set(known)) < 2:
        return None
    apart: dict[str, set[int]] = {"slip": set(), "invoice": set()}
    last = known[0]
    for page, kind in zip(pages, kinds, strict=True):
        last = kind or last
        apart[last].add(page.number)
    return frozenset(apart["slip"]), frozenset(apart["invoice"])


def parts_apart(
    words: Sequence[Word], pages: Sequence[Page]
) -> tuple[tuple[Word, ...], tuple[Word, ...]] | None:
    """Words of a slip and of an invoice that lie one above the other in one picture, or None.

    Each has its title. They are parted where most room is between the titles, and each part must
    then be what its title says.
    """
    said = "".join(word.text for word in words).casefold()
    if len(pages) != 1 or "faktura" not in said or not any(mark in said for mark in _OF_SLIPS):
        return None  # in most pictures: without the rows that only this needs
    rows = rows_of(tokens_of(words, pages))
    slips = [i for i, row in enumerate(rows) if is_title(_text(row))]
    bills = [
        i for i in range(len(rows)) if _titled(rows[i]) and number_at_top(rows[i : i + _TITLE])
    ]
    if not slips or not bills:
        return None
    first, last = sorted((slips[0], bills[0]))
    if first == last:
        return None
    between = range(first + 1, last + 1)
    edge = _top(rows[max(between, key=lambda i: _top(rows[i]) - max(map(_bottom, rows[:i])))])
    above = tuple(word for word in words if _middle(word) < edge)
    below = tuple(word for word in words if _middle(word) >= edge)
    slip, bill = (above, below) if slips[0] < bills[0] else (below, above)
    printed = rows_of(tokens_of(bill, pages))
    # An invoice may speak of a slip; a slip's taxes and sums stand under its title.
    title = rows[slips[0]]
    rest = [word for word in slip if not _top(title) <= _middle(word) <= _bottom(title)]
    if not receipt.is_fiscal(rest, pages) or receipt.is_fiscal(bill, pages):
        return None
    return (slip, bill) if find_headings(printed) and tax_numbers(printed) else None


def better_of(slip: Reading, invoice: Reading) -> Reading:
    """The reading of which more is proven, the invoice where both are, with the other's number."""
    if _worth(slip) > _worth(invoice):
        number = invoice.invoice_number
        facts = (("number", number.value if number else "?"),)
        return replace(slip, findings=(*slip.findings, Finding("invoice-beside", facts=facts)))
    number = slip.print_number or slip.receipt_number
    facts = (("number", number.value if number else "?"),)
    return replace(invoice, findings=(*invoice.findings, Finding("slip-beside", facts=facts)))


def _middle(word: Word) -> float:
    return (word.box.y0 + word.box.y1) / 2


def _top(row: Row) -> float:
    return min(token.box.y0 for token in row.tokens)


def _bottom(row: Row) -> float:
    return max(token.box.y1 for token in row.tokens)


def _text(row: Row) -> str:
    return " ".join(token.text for token in row.tokens)


def _titled(row: Row) -> bool:
    return any(token.key.startswith("faktura") for token in row.tokens)


def _kind(rows: Sequence[Row], words: Sequence[Word], page: Page, narrow: bool) -> str:
    """ "invoice" for its first page, "slip" for a slip, "" where the page tells neither."""
    if receipt.is_fiscal(words, [page]):
        return "slip"
    if number_at_top(rows) and tax_numbers(rows):
        return "invoice"
    return "slip" if narrow and states_total(rows) else ""


def _worth(reading: Reading) -> tuple[bool, int]:
    total = reading.total_gross
    whole = total is not None and total.proof in _SURE
    if reading.kind is DocumentKind.INVOICE:
        whole = whole and body_is_proven(reading)
    values = [getattr(line, name) for line in reading.lines for name in _TOLD]
    return whole, sum(value is not None and value.proof in _SURE for value in values)
