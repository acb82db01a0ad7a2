"""Finds the e-invoice in XML that a hybrid PDF (PDF/A-3: Factur-X, ZUGFeRD) carries inside."""

from __future__ import annotations

import re

import pypdfium2 as pdfium

from ocr import limits

_MAX_ATTACHMENTS = 50
# The names that the standards give, best first; the newer form wins when a file carries both.
_NAMES = ("factur-x.xml", "xrechnung.xml", "zugferd-invoice.xml")
_ROOT = re.compile(
    rb"<(?:[A-Za-z_][\w.-]*:)?(Faktura|CrossIndustryInvoice|CrossIndustryDocument|Invoice|CreditNote)"
    rb"[\s>/]"
)
_HEAD_BYTES = 20_000  # licence texts in comments stand before the root


def find_xml(pdf: bytes) -> bytes | None:
    """The invoice's XML exactly as it was attached, or None; never an error for a sound PDF.

    A damaged or encrypted PDF gives None too: whoever renders it reports the reason.
    """
    try:
        document = pdfium.PdfDocument(pdf)
    except pdfium.PdfiumError:
        return None
    try:
        return _best(document)
    finally:
        document.close()


def _best(document: pdfium.PdfDocument) -> bytes | None:
    found: list[tuple[int, bytes]] = []
    for index in range(min(document.count_attachments(), _MAX_ATTACHMENTS)):
        try:
            attachment = document.get_attachment(index)
            name = attachment.get_name().lower()
            if not name.endswith(".xml"):
                continue
            data = bytes(attachment.get_data())
        except (pdfium.PdfiumError, ValueError, UnicodeError):
            continue
        if len(data) <= limits.XML_BYTES and _ROOT.search(data[:_HEAD_BYTES]):
            rank = _NAMES.index(name) if name in _NAMES else len(_NAMES)
            # A KSeF invoice inside a print is the document itself.
            found.append((-1 if _is_faktura(data) else rank, data))
    return min(found, key=lambda item: item[0])[1] if found else None


def _is_faktura(data: bytes) -> bool:
    match = _ROOT.search(data[:_HEAD_BYTES])
    return match is not None and match[1] == b"Faktura"
