"""Compares a document with the Ministry's receipts (UPO) that were sent along with it. Pure.

No seal is verified here: a receipt that fits gives the KSeF number, never proof of registration.
"""

from __future__ import annotations

import hashlib
import re
from collections.abc import Sequence
from dataclasses import replace

from ocr import identifiers, kod, ksef_number
from ocr.reading import Finding, Proof, Reading, Severity, Value
from ocr.upo import Receipted, Upo


def compared(reading: Reading, receipts: Sequence[Upo], *, data: bytes | None) -> Reading:
    """The reading with the number that a receipt for it names, and what does not fit.

    `data` is the invoice's XML, where that was sent: then the receipt's digest decides. For a print
    the digest in its KOD I does, else seller and number together.
    """
    if not receipts:
        return reading
    for receipt in receipts:
        for one in receipt.documents:
            if _is_for(one, reading, data):
                return _numbered(reading, one, signed=receipt.signed)
    other = Finding("upo-of-other-invoice", Severity.WARNING)
    return replace(reading, findings=(*reading.findings, other))


def _numbered(reading: Reading, one: Receipted, *, signed: bool) -> Reading:
    facts = (("signed", str(signed)),)
    findings = [*reading.findings, Finding("upo-not-verified", Severity.INFO, facts)]
    number = ksef_number.parse(one.ksef_number)
    if number is not None and reading.ksef_number is None:
        reading = replace(reading, ksef_number=Value(number.text, Proof.CHECKSUM))
    elif reading.ksef_number is not None and reading.ksef_number.value != one.ksef_number:
        told = ", ".join(sorted((reading.ksef_number.value, one.ksef_number[:40])))
        findings.append(Finding("ksef-numbers-differ", Severity.ERROR, (("numbers", told),)))
    return replace(reading, findings=tuple(findings))


def _is_for(one: Receipted, reading: Reading, data: bytes | None) -> bool:
    if one.sha256 is None:
        return False
    if data is not None:
        return hashlib.sha256(data).digest() == one.sha256
    links = [link for code in reading.codes if (link := kod.parse_kod1(code.text))]
    if links:
        return any(link.sha256 == one.sha256 for link in links)
    seller, number = reading.seller.vat_id, reading.invoice_number
    return (
        seller is not None
        and number is not None
        and seller.value == identifiers.nip_normalised(one.seller_nip)
        and _folded(number.value) == _folded(one.invoice_number)
    )


def _folded(number: str) -> str:
    return re.sub(r"\s", "", number).upper()
