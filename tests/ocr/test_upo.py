"""The Ministry's receipt: what it says, and that it is not verified."""

import hashlib
from base64 import b64encode
from datetime import date
from pathlib import Path

import pytest

from ocr import structured, upo
from ocr.reading import DocumentKind, Unreadable
from tests.ocr import drawn

NUMBER = "5265877635-20250826-0100001AF629-AF"
INVOICE = b"<Faktura/>"


def receipt(*numbers: str, digest: str | None = None, signature: str = "") -> bytes:
    digest = digest or b64encode(hashlib.sha256(INVOICE).digest()).decode()
    rows = "".join(
        f"""<Dokument><NipSprzedawcy>5265877635</NipSprzedawcy>
        <NumerKSeFDokumentu>{number}</NumerKSeFDokumentu><NumerFaktury>FV/{i}</NumerFaktury>
        <DataWystawieniaFaktury>2025-08-25</DataWystawieniaFaktury>
        <DataNadaniaNumeruKSeF>2025-08-26T11:05:41.045+02:00</DataNadaniaNumeruKSeF>
        <SkrotDokumentu>{digest}</SkrotDokumentu><TrybWysylki>Offline</TrybWysylki></Dokument>"""
        for i, number in enumerate(numbers, 1)
    )
    return f"""<Potwierdzenie xmlns="http://upo.schematy.mf.gov.pl/KSeF/v4-3">
      <KodFormularza>FA (3)</KodFormularza>{rows}{signature}</Potwierdzenie>""".encode()


def test_a_receipt_names_its_invoice_and_fits_only_its_bytes() -> None:
    found = upo.read_upo(receipt(NUMBER))
    (document,) = found.documents
    assert (document.ksef_number, document.invoice_number) == (NUMBER, "FV/1")
    assert (document.issued_on, document.accepted_on) == (date(2025, 8, 25), date(2025, 8, 26))
    assert document.mode == "Offline"
    assert document.belongs_to(INVOICE)
    assert not document.belongs_to(INVOICE + b"\n")
    assert (found.version, found.form, found.signed) == ("v4-3", "FA (3)", False)


def test_a_signature_is_noticed_but_not_believed() -> None:
    signature = '<x:Signature xmlns:x="http://www.w3.org/2000/09/xmldsig#"/>'
    data = receipt(NUMBER, signature=signature)
    assert upo.read_upo(data).signed
    reading = structured.read_xml(data)
    finding = next(f for f in reading.findings if f.code == "upo-not-verified")
    assert dict(finding.facts) == {"signed": "True"}


def test_a_receipt_is_no_proof_of_purchase_but_gives_its_header() -> None:
    reading = structured.read_xml(receipt(NUMBER))
    assert (reading.kind, reading.route, reading.lines) == (DocumentKind.OTHER, "ksef-upo", ())
    assert reading.ksef_number is not None
    assert reading.ksef_number.value == NUMBER
    assert reading.seller.vat_id is not None
    assert reading.seller.vat_id.value == "5265877635"


def test_a_receipt_for_several_gives_no_header() -> None:
    reading = structured.read_xml(receipt(NUMBER, NUMBER))
    assert reading.ksef_number is None
    assert "upo-of-several" in {f.code for f in reading.findings}


@pytest.mark.parametrize("digest", ["", "xxxx", "A" * 43])
def test_a_malformed_hash_fits_nothing(digest: str) -> None:
    document = upo.read_upo(receipt(NUMBER, digest=digest or "?")).documents[0]
    assert not document.belongs_to(INVOICE)


def test_other_xml_is_a_receipt_of_nothing() -> None:
    assert upo.read_upo(b"<Faktura/>").documents == ()
    with pytest.raises(Unreadable):
        upo.read_upo(b"no xml")


def test_the_reference_receipts_are_read(ksef: Path) -> None:
    for name, count in (("upo-faktura.xml", 1), ("upo-sesja.xml", 2)):
        found = upo.read_upo((ksef / "upo" / name).read_bytes())
        assert len(found.documents) == count
        assert all(d.sha256 and d.accepted_on and d.ksef_number for d in found.documents)
        assert not found.signed


def test_a_printed_receipt_of_the_ministry_is_no_invoice() -> None:
    reading = drawn.read(
        """
 Urzędowe poświadczenie odbioru dokumentu elektronicznego KSeF
 Nazwa pełna podmiotu: Ministerstwo Finansów
 Numer referencyjny sesji: 20260215-SO-2B4F7A9C1D-8E3A5C7F10-4B
 Data otrzymania: 2026-02-15
"""
    )
    assert reading.kind is DocumentKind.OTHER
