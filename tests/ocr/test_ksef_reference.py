"""Every reference invoice is read to the character."""

import json
from decimal import Decimal
from pathlib import Path

from ocr import codec, structured
from ocr.reading import Reading
from tests.ocr import fa


def manifest(ksef_folder: Path) -> list[dict[str, object]]:
    entries: list[dict[str, object]] = json.loads(
        (ksef_folder / "xml" / "manifest.json").read_text()
    )
    assert len(entries) > 30
    return entries


def codes_of(reading: Reading) -> set[str]:
    return {finding.code for finding in reading.findings}


def test_every_reference_invoice_is_read_exactly(ksef: Path) -> None:
    for entry in manifest(ksef):
        data = (ksef / str(entry["file"])).read_bytes()
        reading = structured.read_xml(data)
        seller, buyer = entry["seller"], entry["buyer"]
        assert isinstance(seller, dict)
        assert isinstance(buyer, dict)
        seen = (
            reading.document_sha256,
            reading.invoice_type,
            reading.invoice_number and reading.invoice_number.value,
            reading.issue_date and reading.issue_date.value.isoformat(),
            reading.total_gross and reading.total_gross.value,
            reading.currency and reading.currency.value,
            reading.seller.vat_id and reading.seller.vat_id.value,
            reading.seller.name and reading.seller.name.value,
            reading.buyer.name and reading.buyer.name.value,
            len(reading.lines),
        )
        expected = (
            entry["sha256_hex"],
            entry["rodzaj"],
            entry["P_2"],
            entry["P_1"],
            Decimal(str(entry["P_15"])),
            entry["waluta"],
            seller["nip"],
            seller["name"],
            buyer["name"],
            entry["fa_wiersz"] or entry["zamowienie_wiersz"],
        )
        assert seen == expected, entry["file"]
        if buyer["nip"]:
            assert reading.buyer.vat_id is not None
            assert reading.buyer.vat_id.value == buyer["nip"]
        assert "value-malformed" not in codes_of(reading), entry["file"]


def test_every_value_of_the_reference_rows_is_the_text_of_the_file(ksef: Path) -> None:
    """Nothing is recomputed or rounded on the way: each printed text is the value's raw text."""
    from defusedxml.ElementTree import fromstring

    fields = {
        "P_8B": "quantity",
        "P_9A": "unit_price_net",
        "P_9B": "unit_price_gross",
        "P_11": "line_net",
        "P_11A": "line_gross",
        "P_12": "vat_rate",
        "GTIN": "gtin",
        "Indeks": "article_no",
        "P_8A": "unit",
    }
    compared = 0
    for entry in manifest(ksef):
        data = (ksef / str(entry["file"])).read_bytes()
        lines = structured.read_xml(data).lines
        rows = fromstring(data).findall(f".//{{{fa.FA3}}}FaWiersz")
        for row, line in zip(rows, lines, strict=False):
            for element, name in fields.items():
                printed, value = row.findtext(f"{{{fa.FA3}}}{element}"), getattr(line, name)
                assert (printed or "").strip() == (value.raw if value else ""), entry["file"]
                compared += bool(printed)
    assert compared > 200


def test_the_reference_schema_is_a_finding_and_never_a_gate(ksef: Path) -> None:
    for entry in manifest(ksef):
        data = (ksef / str(entry["file"])).read_bytes()
        reading = structured.read_xml(data, schema_folder=ksef / "xsd")
        expected = "schema-valid" if entry["xsd_valid"] else "schema-invalid"
        assert expected in codes_of(reading), entry["file"]
        assert reading.invoice_number is not None


def test_a_reading_survives_the_way_through_json(ksef: Path) -> None:
    for entry in manifest(ksef):
        reading = structured.read_xml((ksef / str(entry["file"])).read_bytes())
        assert codec.decode(Reading, json.loads(json.dumps(codec.encode(reading)))) == reading
