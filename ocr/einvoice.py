"""Finds the structured e-invoice among the files of a document, or inside of one of its PDF."""
# ruff: noqa: PLC0415  (readers are imported when their turn comes)

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from ocr.intake import Accepted, FileKind
from ocr.reading import DocumentKind, Finding, Reading, Unreadable

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


def find(
    accepted: Sequence[Accepted], *, embedded: bool, schema_folder: Path | None = None
) -> EInvoice | None:
    """The e-invoice of the document, None when there is no XML; `embedded`: look into PDF too.

    A file of its own comes before what sits inside of a print-out, an invoice before the
    Ministry's receipt for it (UPO), which is handed on beside it. With several invoices the
    reading carries the finding `several-invoices`. Raises `Unreadable` when XML was sent and none
    of it is an invoice.
    """
    found: list[EInvoice] = []
    refused: Unreadable | None = None
    for file in accepted:
        xml = _xml_of(file, embedded=embedded)
        if xml is None or any(known.xml == xml for known in found):
            continue
        from ocr import structured

        try:
            reading = structured.read_xml(xml, schema_folder=schema_folder)
        except Unreadable as error:
            if file.kind is FileKind.XML:
                refused = refused or error
            continue  # An attachment that is no invoice does not spoil the page that it is on.
        found.append(EInvoice(reading, xml, file.kind is FileKind.PDF))
    if refused is not None and all(known.inside for known in found):
        raise refused
    receipts = tuple(_receipt(known.xml) for known in found if known.is_receipt)
    found = [replace(known, receipts=receipts) for known in found]
    found.sort(key=lambda known: (known.reading.kind is DocumentKind.OTHER, known.inside))
    invoices = sum(known.reading.kind is not DocumentKind.OTHER for known in found)
    if invoices > 1:
        several = Finding("several-invoices", facts=(("invoices", str(invoices)),))
        first = found[0]
        reading = replace(first.reading, findings=(*first.reading.findings, several))
        return replace(first, reading=reading)
    return found[0] if found else None


def _receipt(xml: bytes) -> Upo:
    from ocr import upo

    return upo.read_upo(xml)


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
