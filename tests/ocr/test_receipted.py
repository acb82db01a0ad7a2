"""The Ministry's receipt beside an invoice: it gives the number, and proves nothing by itself."""

from __future__ import annotations

import hashlib
from base64 import b64encode

import ocr
from ocr.reading import DocumentKind, Proof, Reading, SourceFile, TrustLevel
from tests.ocr import fa
from tests.ocr.test_upo import receipt

NUMBER = "5265877635-20250826-0100001AF629-AF"


def read(*files: bytes) -> Reading:
    return ocr.read([SourceFile(data) for data in files]).reading


def codes(reading: Reading) -> set[str]:
    return {finding.code for finding in reading.findings}


def invoice(number: str = "FV/1") -> bytes:
    return fa.invoice(fa.goods(), number=number, issued="2025-08-25")


def receipt_for(data: bytes, number: str = NUMBER) -> bytes:
    return receipt(number, digest=b64encode(hashlib.sha256(data).digest()).decode())


def test_an_invoice_and_its_receipt_are_one_document_with_a_number() -> None:
    data = invoice()
    for files in ((data, receipt_for(data)), (receipt_for(data), data)):
        reading = read(*files)
        assert (reading.kind, reading.route) == (DocumentKind.INVOICE, "ksef-xml")
        assert reading.ksef_number is not None
        assert (reading.ksef_number.value, reading.ksef_number.proof) == (NUMBER, Proof.CHECKSUM)
        assert reading.trust is TrustLevel.NUMBER
        assert "upo-unverified" in reading.trust_evidence
        assert "upo-not-verified" in codes(reading)


def test_the_receipt_of_another_invoice_gives_nothing() -> None:
    reading = read(invoice(), receipt_for(invoice("FV/2")))

    assert reading.ksef_number is None
    assert reading.trust is TrustLevel.PICTURE
    assert "upo-of-other-invoice" in codes(reading)
    assert "upo-unverified" not in reading.trust_evidence


def test_a_receipt_whose_number_fails_its_check_gives_none() -> None:
    data = invoice()
    reading = read(data, receipt_for(data, NUMBER[:-1] + "0"))

    assert reading.ksef_number is None
    assert reading.trust is TrustLevel.PICTURE
