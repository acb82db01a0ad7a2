"""KOD I and KOD II: strict parsing and verdicts."""

import base64
import hashlib
import json
from datetime import date
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ocr import kod
from ocr.kod import Verdict

DAY = date(2026, 7, 15)
DOCUMENT = b"<Faktura/>"
LINK = kod.kod1_link(seller_nip="1234563218", issued_on=DAY, document=DOCUMENT)
DIGEST = hashlib.sha256(DOCUMENT).digest()


def test_every_reference_link_gets_the_expected_verdict(ksef: Path) -> None:
    entries = json.loads((ksef / "xml" / "manifest.json").read_text())
    known = {entry["file"]: entry for entry in entries}
    vectors = json.loads((ksef / "kod1_vectors.json").read_text())
    assert vectors
    for vector in vectors:
        facts = {}
        if vector["xml"]:
            entry = known[vector["xml"]]
            facts = {
                "seller_nip": entry["seller"]["nip"],
                "issued_on": date.fromisoformat(entry["P_1"]),
                "sha256": hashlib.sha256((ksef / vector["xml"]).read_bytes()).digest(),
            }
        assert kod.judge(vector["url"], **facts) == vector["expect"], vector


def test_the_link_of_every_reference_invoice_is_rebuilt_from_its_bytes(ksef: Path) -> None:
    for entry in json.loads((ksef / "xml" / "manifest.json").read_text()):
        link = kod.kod1_link(
            seller_nip=entry["seller"]["nip"],
            issued_on=date.fromisoformat(entry["P_1"]),
            document=(ksef / entry["file"]).read_bytes(),
        )
        assert link == entry["kod1_url"]


@pytest.mark.parametrize("name", ["qty.xml", "lf.xml"])
def test_a_changed_copy_does_not_have_the_hash_of_its_original(ksef: Path, name: str) -> None:
    manifest = json.loads((ksef / "tampered" / "manifest.json").read_text())
    entry = next(e for e in manifest if e["file"].endswith(name))
    digest = hashlib.sha256((ksef / entry["file"]).read_bytes()).digest()
    assert kod.judge(entry["kod1_url_of_original"], sha256=digest) == entry["expect"]
    assert kod.encoded_hash(digest) == entry["sha256_b64url"]


@given(st.binary(min_size=0, max_size=50), st.dates(date(2020, 1, 1), date(2099, 12, 31)))
def test_a_link_that_we_write_is_valid_for_its_document(document: bytes, day: date) -> None:
    link = kod.kod1_link(seller_nip="5265877635", issued_on=day, document=document)
    parsed = kod.parse_kod1(link)
    assert parsed is not None
    assert (parsed.seller_nip, parsed.issued_on) == ("5265877635", day)
    assert parsed.sha256 == hashlib.sha256(document).digest()
    verdict = kod.judge(
        link, seller_nip="5265877635", issued_on=day, sha256=hashlib.sha256(document).digest()
    )
    assert verdict is Verdict.VALID


@given(st.text(max_size=200))
def test_no_text_breaks_the_judge(text: str) -> None:
    assert kod.judge(text) in set(Verdict)
    assert kod.judge(f"https://qr.ksef.mf.gov.pl/{text}") is not Verdict.VALID


@pytest.mark.parametrize(
    ("change", "verdict"),
    [
        (("/invoice/", "/INVOICE/"), Verdict.MALFORMED),
        (("/invoice/", "//invoice/"), Verdict.MALFORMED),
        (("15-07-2026", "31-02-2026"), Verdict.MALFORMED),
        (("15-07-2026", "٠٥-07-2026"), Verdict.MALFORMED),
        (("1234563218", "123456321"), Verdict.MALFORMED),
        (("qr.ksef", "qr.ksef.mf.gov.pl:8443#qr.ksef"), Verdict.FOREIGN_HOST),
        (("gov.pl", "gov.pl."), Verdict.FOREIGN_HOST),
        (("gov.pl", "gov.pl:443"), Verdict.FOREIGN_HOST),
        (("https:", "ftp:"), Verdict.FOREIGN_HOST),
        (("qr.ksef.mf.gov.pl", "ksef.mf.gov.pl"), Verdict.NONSTANDARD),
        (("qr.ksef.mf.gov.pl", "invoices.example.com"), Verdict.FOREIGN_HOST),
    ],
)
def test_a_link_that_is_not_exactly_right_is_not_valid(
    change: tuple[str, str], verdict: Verdict
) -> None:
    assert kod.judge(LINK) is Verdict.VALID
    assert kod.judge(LINK.replace(*change)) is verdict


@pytest.mark.parametrize("tail", ["//", "?x=1", "#x", "/x", " x", "%20"])
def test_nothing_may_follow_the_hash(tail: str) -> None:
    assert kod.judge(LINK + tail) is not Verdict.VALID


def test_a_hash_in_another_writing_of_the_same_bytes_is_malformed() -> None:
    alphabet = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_"
    twin = LINK[:-1] + alphabet[alphabet.index(LINK[-1]) + 1]
    assert base64.urlsafe_b64decode(twin[-43:] + "=") == DIGEST
    assert kod.judge(twin) is Verdict.MALFORMED


def test_another_environment_earns_nothing_whatever_it_says() -> None:
    test_link = LINK.replace("qr.ksef", "qr-test.ksef")
    assert kod.judge(test_link, sha256=DIGEST) is Verdict.WRONG_ENVIRONMENT
    assert kod.judge(test_link, sha256=DIGEST, environment="test") is Verdict.VALID
    assert kod.judge(LINK, sha256=DIGEST, environment="test") is Verdict.WRONG_ENVIRONMENT


@pytest.mark.parametrize(
    ("facts", "verdict"),
    [
        ({"seller_nip": "5265877635"}, Verdict.NIP_MISMATCH),
        ({"issued_on": date(2026, 7, 16)}, Verdict.DATE_MISMATCH),
        ({"sha256": hashlib.sha256(b"other").digest()}, Verdict.HASH_MISMATCH),
    ],
)
def test_what_differs_from_the_document_is_named(
    facts: dict[str, str | date | bytes], verdict: Verdict
) -> None:
    assert kod.judge(LINK, **facts) is verdict  # type: ignore[arg-type]


def test_a_certificate_link_is_parsed_but_is_no_kod_1() -> None:
    digest = kod.encoded_hash(DIGEST)
    link = (
        "https://qr.ksef.mf.gov.pl/certificate/Nip/1234563218/1234563218/01AB23CD45EF6789/"
        f"{digest}/{'A' * 86}"
    )
    parsed = kod.parse_kod2(link)
    assert parsed is not None
    assert (parsed.context_kind, parsed.certificate_serial) == ("Nip", "01AB23CD45EF6789")
    assert parsed.sha256 == DIGEST
    assert kod.judge(link) is Verdict.NOT_KOD1
    assert kod.parse_kod2(link.replace("/Nip/", "/Other/")) is None


def test_the_certificate_link_of_the_reference_print_is_parsed(ksef: Path) -> None:
    truth = json.loads((ksef / "pdf" / "truth.json").read_text())
    links = [entry["kod2_url"] for entry in truth if entry["kod2_url"]]
    assert links
    for link in links:
        assert kod.parse_kod2(link) is not None, link


def test_a_number_is_read_from_a_nonstandard_link_and_from_no_other() -> None:
    number = "5265877635-20250826-0100001AF629-AF"
    for link in (
        f"https://ksef.mf.gov.pl/web/verify/{number}/abc",
        f"https://ksef.mf.gov.pl/web/verify?nr={number}",
    ):
        found = kod.number_in_link(link)
        assert found is not None
        assert found.text == number
    assert kod.number_in_link(f"https://example.com/{number}") is None
    assert kod.number_in_link(LINK) is None


@pytest.mark.parametrize("encode", [base64.b64encode, base64.urlsafe_b64encode])
def test_every_writing_of_a_hash_gives_the_same_bytes(encode: object) -> None:
    written = encode(b"\xfb\xff" + DIGEST[:30])  # type: ignore[operator]
    assert kod.decoded_hash(written.decode()) == b"\xfb\xff" + DIGEST[:30]
    assert kod.decoded_hash(written.decode().rstrip("=")) == b"\xfb\xff" + DIGEST[:30]


@pytest.mark.parametrize("text", ["", "AAAA", DIGEST.hex(), "!" * 43, "ą" * 43])
def test_what_is_no_hash_has_no_bytes(text: str) -> None:
    assert kod.decoded_hash(text) is None
