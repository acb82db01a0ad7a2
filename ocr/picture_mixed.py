"""A slip and an invoice photographed into one file: the one of which more is proven is read.

Read together, the rows of one would be taken for rows of the other, or one would vanish without a
word. What is left out is told by its number.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from ocr import receipt
from ocr.copies import states_total
from ocr.picture_parts import body_is_proven
from ocr.reading import DocumentKind, Finding, Page, Proof, Reading, Word
from ocr.rows import Row, rows_of, tokens_of
from ocr.second_document import number_at_top
from ocr.tax_numbers import tax_numbers

_SURE = frozenset({Proof.ARITHMETIC, Proof.CHECKSUM, Proof.STRUCTURED})
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


def better_of(slip: Reading, invoice: Reading) -> Reading:
    """The reading of which more is proven, the invoice where both are, with the other's number."""
    if _worth(slip) > _worth(invoice):
        number = invoice.invoice_number
        facts = (("number", number.value if number else "?"),)
        return replace(slip, findings=(*slip.findings, Finding("invoice-beside", facts=facts)))
    number = slip.print_number or slip.receipt_number
    facts = (("number", number.value if number else "?"),)
    return replace(invoice, findings=(*invoice.findings, Finding("slip-beside", facts=facts)))


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
