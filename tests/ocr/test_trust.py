"""How far a document proves itself, and what is said when it does not."""

import dataclasses
import hashlib
import json
from datetime import date
from pathlib import Path

import pytest

from ocr import code_kinds, kod, ksef, ksef_number, structured, trust
from ocr.reading import (
    Box,
    Code,
    DocumentKind,
    Finding,
    Party,
    Proof,
    Reading,
    Severity,
    TrustLevel,
    Value,
    Word,
)
from tests.ocr import fa

DAY = date(2026, 7, 15)
XML = fa.invoice(fa.goods(), issued=DAY.isoformat(), newline="\r\n")
LINK = kod.kod1_link(seller_nip=fa.SELLER, issued_on=DAY, document=XML)


def number(day: str = "20260716", issuer: str = fa.SELLER) -> str:
    body = f"{issuer}-{day}-0A1B2C3D4E5F"
    return f"{body}-{ksef_number.crc8(body):02X}"


def coded(*texts: str) -> tuple[Code, ...]:
    return tuple(Code(text, "QRCode", code_kinds.kind_of(text, "QRCode")) for text in texts)


def picture(
    *, nip: str | None = fa.SELLER, day: date | None = DAY, ksef: str | None = None
) -> Reading:
    """What a photo of a print gave."""
    return Reading(
        kind=DocumentKind.INVOICE,
        route="photo",
        engine="test",
        seller=Party(vat_id=Value(nip) if nip else None),
        buyer=Party(vat_id=Value(fa.BUYER)),
        issue_date=Value(day) if day else None,
        ksef_number=Value(ksef) if ksef else None,
    )


def assess(reading: Reading, *texts: str, data: bytes | None = None) -> Reading:
    return trust.assess(reading, coded(*texts), reading.document_sha256 or "00", data=data)


def found(reading: Reading) -> dict[str, Severity]:
    return {finding.code: finding.severity for finding in reading.findings}


def test_xml_and_the_code_of_its_print_belong_together() -> None:
    reading = assess(ksef.read_fa(XML), LINK)
    assert reading.trust is TrustLevel.XML_MATCHES_CODE
    assert reading.trust_evidence == (
        "seller-agrees",
        "date-agrees",
        "kod1",
        "xml-matches-kod1",
        "registration-unknown",
    )
    assert found(reading) == {}
    assert reading.codes == coded(LINK)


def test_xml_alone_proves_nothing_more_than_its_rows() -> None:
    reading = assess(ksef.read_fa(XML))
    assert reading.trust is TrustLevel.PICTURE
    assert reading.trust_evidence == ("registration-unknown",)


@pytest.mark.parametrize(
    ("copy", "changed"),
    [
        (XML.replace(b"\r\n", b"\n"), "line-ends"),
        (b"\xef\xbb\xbf" + XML, "byte-order-mark"),
        (XML.rstrip(), "last-line-feed"),
        (b"\xef\xbb\xbf" + XML.replace(b"\r\n", b"\n"), "line-ends,byte-order-mark"),
    ],
)
def test_a_copy_saved_anew_is_not_the_original_file_and_no_fraud(copy: bytes, changed: str) -> None:
    reading = assess(ksef.read_fa(copy), LINK, data=copy)
    assert reading.trust is TrustLevel.NUMBER
    assert "xml-matches-kod1-failed" in reading.trust_evidence
    finding = next(f for f in reading.findings if f.code == "not-original-file")
    assert dict(finding.facts) == {"changed": changed}
    assert "xml-differs-from-code" not in found(reading)


@pytest.mark.parametrize("original", [XML, XML.replace(b"\r\n", b"\n"), b"\xef\xbb\xbf" + XML])
def test_an_unchanged_file_was_not_saved_anew(original: bytes) -> None:
    assert trust.resaved(original, hashlib.sha256(original).digest()) == ()


def test_a_changed_quantity_is_an_error() -> None:
    forged = XML.replace(b"<P_8B>10<", b"<P_8B>90<")
    assert forged != XML
    reading = assess(ksef.read_fa(forged), LINK, data=forged)
    assert reading.trust is TrustLevel.NUMBER
    assert found(reading)["xml-differs-from-code"] is Severity.ERROR


def test_the_reference_copies_are_told_apart(ksef: Path) -> None:
    expected = {"qty.xml": "xml-differs-from-code", "lf.xml": "not-original-file"}
    for entry in json.loads((ksef / "tampered" / "manifest.json").read_text()):
        data = (ksef / entry["file"]).read_bytes()
        reading = assess(structured.read_xml(data), entry["kod1_url_of_original"], data=data)
        assert expected[Path(entry["file"]).name] in found(reading)
        assert reading.trust < TrustLevel.XML_MATCHES_CODE


def test_every_reference_invoice_matches_the_code_of_its_print_and_of_no_other(ksef: Path) -> None:
    entries = json.loads((ksef / "xml" / "manifest.json").read_text())
    for entry, other in zip(entries, entries[1:] + entries[:1], strict=True):
        reading = structured.read_xml((ksef / entry["file"]).read_bytes())
        assert assess(reading, entry["kod1_url"]).trust is TrustLevel.XML_MATCHES_CODE
        assert assess(reading, other["kod1_url"]).trust < TrustLevel.XML_MATCHES_CODE


def test_a_production_code_that_agrees_with_the_print_reaches_level_one() -> None:
    reading = assess(picture(), LINK)
    assert reading.trust is TrustLevel.NUMBER
    assert {"kod1", "seller-agrees", "date-agrees"} <= set(reading.trust_evidence)
    assert found(reading) == {}


def test_the_hash_of_a_photo_is_never_compared_with_the_code() -> None:
    link = kod.parse_kod1(LINK)
    assert link is not None
    reading = trust.assess(picture(), coded(LINK), link.sha256_hex)
    assert reading.trust is TrustLevel.NUMBER


@pytest.mark.parametrize(
    ("printed", "code"),
    [
        (picture(nip="5260250274"), "kod1-seller-mismatch"),
        (picture(day=date(2026, 7, 16)), "kod1-date-mismatch"),
    ],
)
def test_a_code_of_another_document_proves_nothing(printed: Reading, code: str) -> None:
    reading = assess(printed, LINK)
    assert reading.trust is TrustLevel.PICTURE
    assert found(reading)[code] is Severity.ERROR
    assert "kod1" not in reading.trust_evidence


@pytest.mark.parametrize(
    ("text", "code", "severity"),
    [
        (LINK.replace("qr.ksef", "qr-test.ksef"), "ksef-environment", Severity.ERROR),
        (LINK.replace("qr.ksef", "qr-demo.ksef"), "ksef-environment", Severity.ERROR),
        (LINK.replace("gov.pl", "gov.pl.example.com"), "kod1-not-official", Severity.ERROR),
        (LINK[:-1], "kod1-not-official", Severity.WARNING),
        (LINK.replace("qr.ksef", "ksef"), "kod1-not-official", Severity.INFO),
    ],
)
def test_a_code_that_is_not_official_earns_nothing(
    text: str, code: str, severity: Severity
) -> None:
    reading = assess(ksef.read_fa(XML), text)
    assert reading.trust is TrustLevel.PICTURE
    assert found(reading) == {code: severity}
    assert any(word.startswith("kod1-failed") for word in reading.trust_evidence)


def test_codes_of_two_invoices_on_one_document_are_an_error() -> None:
    other = kod.kod1_link(seller_nip=fa.SELLER, issued_on=DAY, document=b"other")
    reading = assess(ksef.read_fa(XML), other, LINK, LINK)
    assert found(reading)["several-kod1"] is Severity.ERROR


@pytest.mark.parametrize(("seller", "day"), [(fa.SELLER, date(2026, 7, 14)), ("5260250274", DAY)])
def test_one_hash_under_another_day_or_seller_is_a_second_code(seller: str, day: date) -> None:
    other = kod.kod1_link(seller_nip=seller, issued_on=day, document=XML)
    for codes in ((LINK, other), (other, LINK)):
        assert found(assess(ksef.read_fa(XML), *codes))["several-kod1"] is Severity.ERROR
    upper = LINK.replace("https://qr", "HTTPS://QR")
    assert "several-kod1" not in found(assess(ksef.read_fa(XML), LINK, upper))


def test_the_code_fills_in_what_the_print_did_not_give() -> None:
    reading = assess(picture(nip=None, day=None), LINK)
    assert reading.seller.vat_id == Value(fa.SELLER, Proof.CHECKSUM)
    assert reading.issue_date == Value(DAY, Proof.CHECKSUM)
    assert reading.trust is TrustLevel.NUMBER


def test_a_number_that_fits_seller_and_date_reaches_level_one() -> None:
    reading = assess(picture(ksef=number()))
    assert reading.trust is TrustLevel.NUMBER
    assert "ksef-number" in reading.trust_evidence
    assert found(reading) == {}


@pytest.mark.parametrize(
    ("value", "code"),
    [
        (number()[:-2] + "00", "ksef-number-checksum"),
        (number(issuer="5260250274"), "ksef-number-seller-mismatch"),
        (number(day="20260714"), "ksef-number-before-issue"),
    ],
)
def test_a_number_that_does_not_fit_proves_nothing(value: str, code: str) -> None:
    reading = assess(picture(ksef=value))
    assert reading.trust is TrustLevel.PICTURE
    assert code in found(reading)
    assert "ksef-number-failed" in reading.trust_evidence


def test_a_number_is_taken_from_a_code_unless_it_contradicts_the_print() -> None:
    link = f"https://ksef.mf.gov.pl/web/verify?nr={number()}"
    for text in (link, number()):
        reading = assess(picture(), text)
        assert reading.ksef_number == Value(number(), Proof.CHECKSUM)
        assert reading.trust is TrustLevel.NUMBER
    other = number(day="20260717")
    reading = assess(picture(ksef=other), number())
    assert reading.ksef_number == Value(other)
    assert found(reading)["ksef-numbers-differ"] is Severity.ERROR


def words(*texts: str) -> tuple[Word, ...]:
    return tuple(Word(text, Box(1, 0, 0, 1, 1), 1.0, "test") for text in texts)


def test_the_number_beside_an_xml_is_taken_from_its_print() -> None:
    reading = ksef.read_fa(XML)
    shown = trust.with_printed_number(reading, words("Numer", f"KSEF:{number()}", "Faktura"))
    assert shown.ksef_number == Value(number(), Proof.CHECKSUM)
    assert assess(shown, LINK).trust is TrustLevel.XML_MATCHES_CODE
    kept = trust.with_printed_number(shown, words(number(day="20260717")))
    assert kept.ksef_number == shown.ksef_number


def test_numbers_of_originals_and_of_others_are_not_the_documents_own() -> None:
    original, other = number(day="20260601"), number(issuer="5260250274")
    rows = fa.goods("-1", "5.00", "-5.00")
    data = fa.invoice(rows, kind="KOR", notes=[fa.original("FV/1", original)])
    reading = ksef.read_fa(data)
    assert trust.with_printed_number(reading, words(original, other)).ksef_number is None
    shown = trust.with_printed_number(reading, words(original, other, number()))
    assert shown.ksef_number == Value(number(), Proof.CHECKSUM)
    two = words(number(), number(day="20260718"))
    assert trust.with_printed_number(reading, two).ksef_number is None


def test_a_certificate_code_is_no_registration() -> None:
    digest = kod.encoded_hash(hashlib.sha256(XML).digest())
    link = (
        f"https://qr.ksef.mf.gov.pl/certificate/Nip/{fa.SELLER}/{fa.SELLER}/01AB23CD45EF6789/"
        f"{digest}/{'A' * 86}"
    )
    reading = assess(picture(), link)
    assert reading.trust is TrustLevel.PICTURE
    assert "kod2-unverified" in reading.trust_evidence
    assert "ksef-offline-pending" in found(reading)
    other = assess(picture(nip="5260250274"), link)
    assert found(other)["kod2-seller-mismatch"] is Severity.ERROR


def test_a_firms_invoice_without_a_trace_of_ksef_is_a_reason_to_ask() -> None:
    assert "ksef-number-expected" in found(assess(picture()))
    early = dataclasses.replace(picture(), issue_date=Value(date(2026, 3, 31)))
    assert "ksef-number-expected" not in found(assess(early))
    consumer = dataclasses.replace(picture(), buyer=Party())
    assert "ksef-number-expected" not in found(assess(consumer))
    receipt = dataclasses.replace(picture(), kind=DocumentKind.RECEIPT)
    assert "ksef-number-expected" not in found(assess(receipt))
    wrong = dataclasses.replace(picture(), findings=(Finding("ksef-number-checksum"),))
    assert "ksef-number-expected" not in found(assess(wrong))
    off = trust.assess(picture(), (), "00", required_from=None)
    assert "ksef-number-expected" not in found(off)


def test_payment_and_shop_codes_change_nothing() -> None:
    texts = ("|PL|61109010140000071219812874|012345|Hurtownia|||", "https://sklep.example/", "x")
    reading = assess(ksef.read_fa(XML), *texts)
    assert reading.trust is TrustLevel.PICTURE
    assert found(reading) == {}


def test_the_keys_of_a_document_are_the_hashes_of_its_official_codes() -> None:
    texts = (LINK, LINK, LINK.replace("qr.ksef", "qr-test.ksef"), "https://sklep.example/")
    assert trust.kod1_digests(coded(*texts)) == (hashlib.sha256(XML).hexdigest(),)


def test_a_number_of_a_day_to_come_proves_nothing() -> None:
    reading = picture(ksef=number(day="20260720"))
    for today, late in ((date(2026, 7, 19), True), (date(2026, 7, 20), False), (None, False)):
        judged = trust.assess(reading, (), "00", today=today)
        assert ("ksef-number-in-future" in found(judged)) is late
        assert (judged.trust is TrustLevel.NUMBER) is not late
