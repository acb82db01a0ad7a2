"""Compares an e-invoice with the page that it came inside of, or beside. Pure.

A hybrid PDF shows a person one thing and a program another if its maker wants it so. The XML is
read, the page is what the buyer saw: where they differ, a person has to look.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from datetime import date
from decimal import Decimal

from ocr.reading import DocumentKind, Finding, Reading, Severity, Value, Word

_FEW_WORDS = 40  # less is a stamp, not a print of the invoice
_SHOWN_LINES = 200


def differences(reading: Reading, words: Sequence[Word]) -> tuple[Finding, ...]:
    """A warning `print-differs-from-xml` naming each fact of the XML that the page does not show.

    Facts: `missing` (field names), `lines` (how many amounts of lines are not there). Looked for
    are number, total, seller's tax number and the amounts of lines; nothing is said about pages
    without a text layer, and about documents that are no invoice.
    """
    if len(words) < _FEW_WORDS or reading.kind is DocumentKind.OTHER:
        return ()
    page = _folded("".join(word.text for word in words))
    missing = [
        name
        for name, value in (
            ("invoice_number", reading.invoice_number),
            ("total_gross", reading.total_gross),
            ("seller_vat_id", reading.seller.vat_id),
        )
        if value is not None and not _shown(value, page)
    ]
    amounts = [line.line_net or line.line_gross for line in reading.lines[:_SHOWN_LINES]]
    lines = sum(amount is not None and not _shown(amount, page) for amount in amounts)
    # Some programs print other amounts of a line than they send: gross for net, before a discount.
    hidden_lines = lines * 2 > len(amounts)
    if "invoice_number" not in missing and "total_gross" not in missing and not hidden_lines:
        return ()
    facts = (("missing", " ".join(missing)), ("lines", str(lines)))
    return (Finding("print-differs-from-xml", Severity.WARNING, facts),)


def _shown(value: Value[str] | Value[Decimal] | Value[date], page: str) -> bool:
    """Whether the page's letters and digits, run together, contain the value in a usual writing."""
    known = value.value
    if isinstance(known, Decimal):
        writings = [f"{abs(known):.2f}", format(abs(known).normalize(), "f")]
    else:
        writings = [str(known), re.sub(r"^[A-Z]{2}(?=\d)", "", str(known))]
    return any(_folded(writing) in page for writing in writings)


def _folded(text: str) -> str:
    return re.sub(r"[\W_]", "", text).casefold()
