"""Finds the structured e-invoice among the files of a document, or inside of one of its PDF."""
# ruff: noqa: PLC0415  (readers are imported when their turn comes)

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass, replace

from ocr.intake import Accepted, FileKind
from ocr.reading import DocumentKind, Finding, Reading, Unreadable


@dataclass(frozen=True, slots=True)
class EInvoice:
    """A reading, the raw bytes that it comes from, and whether they sat inside of a PDF."""

    reading: Reading
    xml: bytes
    inside: bool

    @property
    def sha256(self) -> str:
        return hashlib.sha256(self.xml).hexdigest()


def find(accepted: Sequence[Accepted], *, embedded: bool) -> EInvoice | None:
    """The e-invoice of the document, None when there is no XML; `embedded`: look into PDF too.

    A file of its own comes before what sits inside of a print-out, an invoice before the
    Ministry's receipt for it (UPO). With several invoices the reading carries the finding
    `several-invoices`. Raises `Unreadable` when XML was sent and none of it is an invoice.
    """
    found: list[EInvoice] = []
    refused: Unreadable | None = None
    for file in accepted:
        xml = _xml_of(file, embedded=embedded)
        if xml is None or any(known.xml == xml for known in found):
            continue
        from ocr import structured

        try:
            reading = structured.read_xml(xml)
        except Unreadable as error:
            if file.kind is FileKind.XML:
                refused = refused or error
            continue  # An attachment that is no invoice does not spoil the page that it is on.
        found.append(EInvoice(reading, xml, file.kind is FileKind.PDF))
    if refused is not None and all(known.inside for known in found):
        raise refused
    found.sort(key=lambda known: (known.reading.kind is DocumentKind.OTHER, known.inside))
    invoices = sum(known.reading.kind is not DocumentKind.OTHER for known in found)
    if invoices > 1:
        several = Finding("several-invoices", facts=(("invoices", str(invoices)),))
        first = found[0]
        reading = replace(first.reading, findings=(*first.reading.findings, several))
        return replace(first, reading=reading)
    return found[0] if found else None


def _xml_of(file: Accepted, *, embedded: bool) -> bytes | None:
    if file.kind is FileKind.XML:
        return file.data
    if file.kind is not FileKind.PDF or not embedded:
        return None
    from ocr import embedded as attachments

    try:
        return attachments.find_xml(file.data)
    except Unreadable:
        return None  # Encrypted or damaged: opening its pages will say so.
