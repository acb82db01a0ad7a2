"""Finds e-invoices in XML that a hybrid PDF (PDF/A-3: Factur-X, ZUGFeRD, KSeF) carries inside."""

from __future__ import annotations

import re

import pypdfium2 as pdfium

from ocr import limits

_MAX_ATTACHMENTS = 50
_MAX_INVOICES = 8  # tried one after the other; honest files carry one, or one in two forms
# The names that the standards give, best first; the newer form wins when a file carries both.
_NAMES = ("factur-x.xml", "xrechnung.xml", "zugferd-invoice.xml")
_FAKTURA, _OTHER, _RECEIPT = -1, len(_NAMES), len(_NAMES) + 1
_ROOTS = {
    "Faktura": _FAKTURA,  # a KSeF invoice inside a print is the document itself
    "CrossIndustryInvoice": _OTHER,
    "CrossIndustryDocument": _OTHER,
    "Invoice": _OTHER,
    "CreditNote": _OTHER,
    "StandardBusinessDocument": _OTHER,
    "Potwierdzenie": _RECEIPT,  # the Ministry's, for the invoice beside it
}
_ROOT = re.compile(r"<(?:[A-Za-z_][\w.-]*:)?([A-Za-z_][\w.-]*)[\s/>]")
_LONGEST_TAG = 300


def find_xml(pdf: bytes) -> bytes | None:
    """The best of `find_all`, or None."""
    return next(iter(find_all(pdf)), None)


def find_all(pdf: bytes) -> tuple[bytes, ...]:
    """What is an e-invoice or a receipt for one by its root, exactly as attached, best first.

    The name of an attachment only ranks it. Never an error for a sound PDF; a damaged or encrypted
    one gives nothing too: whoever renders it reports the reason.
    """
    try:
        document = pdfium.PdfDocument(pdf)
    except pdfium.PdfiumError:
        return ()
    try:
        return _ranked(document)
    finally:
        document.close()


def root_name(data: bytes) -> str:
    """The root's local name behind declarations and comments of any length; empty when none."""
    text = _text(data)
    at = 0
    while True:
        while at < len(text) and text[at].isspace():
            at += 1
        end = _past(text, at)
        if end is None:
            match = _ROOT.match(text[at : at + _LONGEST_TAG])
            return match[1] if match else ""
        if end < 0:
            return ""
        at = end


def _past(text: str, at: int) -> int | None:
    """Behind what may precede a root; None when something else stands there, -1 when unended."""
    for opening, closing in (("<?", "?>"), ("<!--", "-->")):
        if text.startswith(opening, at):
            end = text.find(closing, at + len(opening))
            return end + len(closing) if end >= 0 else -1
    if not text.startswith("<!DOCTYPE", at):
        return None
    inner, end = text.find("[", at), text.find(">", at)
    if 0 <= inner < end:
        end = text.find("]", inner)
        end = text.find(">", end) if end >= 0 else -1
    return end + 1 if end >= 0 else -1


def _text(data: bytes) -> str:
    for mark, encoding in ((b"\xff\xfe", "utf-16-le"), (b"\xfe\xff", "utf-16-be")):
        if data.startswith(mark):
            return data[2:].decode(encoding, "ignore")
    for start, encoding in ((b"<\0", "utf-16-le"), (b"\0<", "utf-16-be")):
        if data.startswith(start):
            return data.decode(encoding, "ignore")
    return data.removeprefix(b"\xef\xbb\xbf").decode("latin-1")


def _ranked(document: pdfium.PdfDocument) -> tuple[bytes, ...]:
    found: dict[bytes, int] = {}
    for index in range(min(document.count_attachments(), _MAX_ATTACHMENTS)):
        try:
            attachment = document.get_attachment(index)
            name = attachment.get_name().lower()
            data = bytes(attachment.get_data())
        except (pdfium.PdfiumError, ValueError, UnicodeError):
            continue
        if len(data) > limits.XML_BYTES:
            continue
        rank = _ROOTS.get(root_name(data))
        if rank is not None:
            if rank == _OTHER and name in _NAMES:
                rank = _NAMES.index(name)
            found[data] = min(rank, found.get(data, rank))
    return tuple(sorted(found, key=lambda data: found[data])[:_MAX_INVOICES])
