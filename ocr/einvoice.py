"""Finds the structured e-invoice among the files of a document, or inside of one of its PDF."""
# ruff: noqa: PLC0415  (readers are imported when their turn comes)

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass, replace
from decimal import Decimal
from typing import TYPE_CHECKING

from ocr.intake import Accepted, FileKind
from ocr.reading import (
    DocumentKind,
    Finding,
    Reading,
    Severity,
    Unreadable,
    UnreadableReason,
)

if TYPE_CHECKING:
    from pathlib import Path

    from ocr.upo import Upo


@dataclass(frozen=True, slots=True)
class EInvoice:
    """A reading, the raw bytes that it comes from, and whether they sat inside of a PDF."""

    reading: Reading
    xml: bytes
    inside: bool
    receipts: tuple[Upo, ...] = ()  # the Ministry's, sent along with the invoice

    @property
    def is_receipt(self) -> bool:
        """Whether all the XML there is are receipts of the Ministry."""
        return self.reading.route == "ksef-upo"

    @property
    def sha256(self) -> str:
        return hashlib.sha256(self.xml).hexdigest()


@dataclass(frozen=True, slots=True)
class Found:
    """What XML there is: the e-invoice, None when there is none, and findings on what was refused.

    Where an e-invoice is found, the findings are in its reading already.
    """

    invoice: EInvoice | None
    refused: tuple[Finding, ...] = ()


def find(
    accepted: Sequence[Accepted], *, embedded: bool, schema_folder: Path | None = None
) -> Found:
    """The e-invoice of the document; `embedded`: look into PDF too.

    A file of its own comes before what sits inside of a print-out, an invoice before the
    Ministry's receipt for it (UPO), which is handed on beside it. The first that can be read
    counts; what could not be leaves the finding `xml-refused`, several different invoices leave
    `several-invoices`. Raises `Unreadable` when XML was sent and none of it is an invoice.
    """
    found: list[EInvoice] = []
    refused: list[Finding] = []
    error: Unreadable | None = None
    for file in accepted:
        inside = file.kind is FileKind.PDF
        for xml in _xml_of(file, embedded=embedded):
            if any(known.xml == xml for known in found):
                continue
            from ocr import structured

            try:
                reading = structured.read_xml(xml, schema_folder=schema_folder)
            except Unreadable as caught:
                if not inside:
                    error = error or caught
                if not inside or caught.reason is not UnreadableReason.UNSUPPORTED_TYPE:
                    facts = (("reason", caught.reason.value), ("inside", str(inside)))
                    refused.append(Finding("xml-refused", Severity.WARNING, facts))
                continue
            found.append(EInvoice(reading, xml, inside))
    if error is not None and all(known.inside for known in found):
        raise error
    if not found:
        return Found(None, tuple(refused))
    receipts = tuple(_receipt(known.xml) for known in found if known.is_receipt)
    found.sort(key=lambda known: (known.reading.kind is DocumentKind.OTHER, known.inside))
    first = replace(found[0], receipts=receipts)
    if (invoices := _different(found)) > 1:
        refused.append(Finding("several-invoices", facts=(("invoices", str(invoices)),)))
    findings = (*first.reading.findings, *refused)
    return Found(replace(first, reading=replace(first.reading, findings=findings)), tuple(refused))


def _different(found: Sequence[EInvoice]) -> int:
    """How many invoices there are; one of them in two forms, or saved twice, counts once."""
    kept: list[Reading] = []
    for known in found:
        reading = known.reading
        invoice = reading.kind is not DocumentKind.OTHER
        if invoice and not any(_same(reading, other) for other in kept):
            kept.append(reading)
    return len(kept)


def _same(one: Reading, other: Reading) -> bool:
    head, other_head = (
        (
            "".join(r.invoice_number.value.split()).upper() if r.invoice_number else "",
            r.issue_date and r.issue_date.value,
            r.total_gross and r.total_gross.value,
        )
        for r in (one, other)
    )
    if head != other_head or not head[0]:
        return False
    if one.route != other.route or not one.lines or not other.lines:
        return True
    return _amounts(one) == _amounts(other)


def _amounts(reading: Reading) -> list[tuple[Decimal | None, Decimal | None]]:
    told = ((row.quantity, row.line_net or row.line_gross) for row in reading.lines)
    return [
        (count.value if count else None, worth.value if worth else None) for count, worth in told
    ]


def _receipt(xml: bytes) -> Upo:
    from ocr import upo

    return upo.read_upo(xml)


def _xml_of(file: Accepted, *, embedded: bool) -> tuple[bytes, ...]:
    if file.kind is FileKind.XML:
        return (file.data,)
    if file.kind is not FileKind.PDF or not embedded:
        return ()
    from ocr import embedded as attachments

    return attachments.find_all(file.data)
