"""Keeps the first of several invoices that one file holds one behind another."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from ocr import document_number, fields
from ocr.copies import states_total
from ocr.labels import FIELD_LEXICON, squeeze
from ocr.rows import Row
from ocr.tax_numbers import tax_numbers

_TOP = 8  # rows of a page among which its title stands


def first_document(rows: Sequence[Row]) -> tuple[list[Row], str]:
    """The rows of the first invoice, and the number of the one behind it ("" for none).

    Another one begins on a page whose top gives another number, when a total was stated before it
    and that page names a firm and the document ends with a total as well. What an engine saw tells
    nothing: it may misread the number that heads every page.
    """
    first = ""
    pages = sorted({row.page for row in rows})
    for page in pages if len(pages) > 1 else ():
        here = [row for row in rows if row.page == page]
        if any(t.doubt for row in here for t in row.tokens):
            break
        number = number_at_top(here)
        if not first:
            first = number
            continue
        if not number or squeeze(number) == squeeze(first):
            continue
        if begins(rows, page):
            return [row for row in rows if row.page < page], number
    return list(rows), ""


def begins(rows: Sequence[Row], page: int) -> bool:
    """Whether a page may begin a document: totals before and from it on, and it names a firm."""
    before = [row for row in rows if row.page < page]
    behind = [row for row in rows if row.page >= page]
    here = [row for row in rows if row.page == page]
    return states_total(before) and states_total(behind) and bool(tax_numbers(here))


def number_at_top(rows: Sequence[Row]) -> str:
    """The number that the title at the top of a page gives, "" for none."""
    shown = [replace(row, page=1) for row in rows[:_TOP]]
    titles = document_number.titles(shown)
    titles += [x for x in fields.labels_in(shown, FIELD_LEXICON, frozenset()) if _of_title(x.key)]
    taken = frozenset(squeeze(n.value.value) for n in tax_numbers(rows))
    number = document_number.invoice_number(titles, taken)
    return number.value if number else ""


def _of_title(key: str) -> bool:
    return key.startswith(("faktura", "fakturavat", "invoice", "rechnung"))
