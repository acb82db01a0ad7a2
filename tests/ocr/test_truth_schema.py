from __future__ import annotations

import json
import re
from dataclasses import replace
from datetime import date
from decimal import Decimal
from pathlib import Path
from typing import Any

from benchmarks.reading import score
from ocr import structured, truth_schema, value_findings
from ocr.finding_codes import MEANINGS
from ocr.reading import (
    Box,
    Code,
    Correction,
    CorrectionReference,
    Discount,
    DocumentKind,
    Finding,
    Line,
    Page,
    Party,
    Proof,
    RateTotal,
    Reading,
    Severity,
    TrustLevel,
    Unreadable,
    UnreadableReason,
    Value,
)
from tests.ocr import fa

BOX = Box(1, 0.1, 0.2, 0.3, 0.4)
READING = Reading(
    kind=DocumentKind.RECEIPT,
    route="photo",
    engine="test",
    seller=Party(
        Value("Sklep"), Value("1234563218", Proof.CHECKSUM, 0.9, BOX, "NIP 123-456-32-18")
    ),
    receipt_number=Value("00217"),
    cash_register_id=Value("EAZ2101234567"),
    issue_date=Value(date(2026, 11, 20)),
    currency=Value("PLN"),
    total_gross=Value(Decimal("26.00"), Proof.ARITHMETIC),
    rate_totals=(RateTotal("23", vat=Value(Decimal("4.86"))),),
    lines=(
        Line(
            1,
            Value("KABEL"),
            Value(Decimal("1E+2")),
            unit_price_gross=Value(Decimal("0.20")),
            line_gross=Value(Decimal("20.00"), Proof.ARITHMETIC, 0.8, BOX, "20,00A"),
            vat_rate=Value("23"),
        ),
        Line(2, Value("PUSZKA"), unit_delta=Decimal("-1")),
    ),
    discounts=(Discount(Value(Decimal("1.50")), applies_to=1, label="OPUST", vat_rate="23"),),
    correction=Correction("A", (CorrectionReference("FV/1", date(2026, 1, 2)),), "zwrot"),
    codes=(Code("https://example.test/x", "QRCode", "other", BOX),),
    trust=TrustLevel.NUMBER,
    pages=(Page(1, 800, 1200, 90, "rapidocr"),),
    findings=(Finding("second-slip", Severity.INFO, (("slips", "2"),), BOX),),
)


def written() -> dict[str, Any]:
    record = truth_schema.from_reading(READING, doc_id="d", file="d.jpg")
    copy: dict[str, Any] = json.loads(json.dumps(record, allow_nan=False))
    assert copy == record
    return copy


def test_values_are_plain_text_and_what_was_not_read_is_null() -> None:
    record = written()

    assert record["doc_type"] == "receipt"
    assert record["issue_date"] == "2026-11-20"
    assert record["total_gross"] == "26.00"
    assert record["total_net"] is None
    assert record["lines"][0]["quantity"] == "100"
    assert record["lines"][0]["line_net"] is None
    assert record["lines"][1]["unit_delta"] == "-1"
    assert record["discounts"][0] | {"values": {}} == {
        "applies_to": 1,
        "amount": "1.50",
        "vat_rate": "23",
        "label": "OPUST",
        "values": {},
    }


def test_every_value_says_how_it_is_known_and_where_it_stands() -> None:
    record = written()

    assert record["values"]["seller_vat_id"] == {
        "proof": "checksum",
        "confidence": 0.9,
        "box": [1, 0.1, 0.2, 0.3, 0.4],
        "raw": "NIP 123-456-32-18",
        "findings": [],
    }
    assert set(record["values"]) == {name for name in record["values"] if record[name] is not None}
    assert record["lines"][0]["values"]["line_gross"]["proof"] == "arithmetic"
    assert "line_net" not in record["lines"][0]["values"]


def test_findings_codes_trust_correction_and_pages_go_along() -> None:
    record = written()

    assert record["findings"] == [
        {
            "code": "second-slip",
            "severity": "info",
            "facts": {"slips": "2"},
            "values": [],
            "box": [1, 0.1, 0.2, 0.3, 0.4],
        }
    ]
    assert record["codes"][0]["text"] == "https://example.test/x"
    assert record["trust"] == {"level": 1, "evidence": []}
    assert record["correction"]["originals"][0]["issue_date"] == "2026-01-02"
    assert record["pages"][0]["turned"] == 90
    assert record["rate_totals"][0]["vat"] == "4.86"


def test_a_refusal_has_the_same_shape_without_values() -> None:
    error = Unreadable(UnreadableReason.TOO_LARGE, limit_bytes=5)

    record = truth_schema.from_unreadable(error, doc_id="d")

    assert record["lines"] == []
    assert record["unreadable"] == {"reason": "too-large", "facts": {"limit_bytes": 5}}


def test_every_key_of_the_reference_truth_is_written(documents: Path) -> None:
    record = written()
    described = {"note", "source_path", "capture", "country", "layout", "unit_code", "type_code"}
    for folder in ("polish_receipts", "polish_invoices"):
        for file in (documents / folder / "truth").glob("*.json"):
            truth = json.loads(file.read_text("utf-8"))
            labels = {key for key in truth if "scored" in key or "match" in key}
            assert set(truth) - labels - described <= set(record)
            for line in truth["lines"]:
                assert set(line) - {k for k in line if "scored" in k} <= set(record["lines"][0])


def test_an_exact_reading_scores_a_hundred_percent_against_itself(honest: dict[str, bytes]) -> None:
    record = truth_schema.from_reading(structured.read_xml(honest["xml"]), doc_id="d")
    scored = ["seller_vat_id", "buyer_vat_id", "invoice_number", "issue_date", "total_gross"]
    own = score.Score()

    score.add(own, record | {"scored": scored, "lines_scored": True}, record)

    assert own.straight_through == 1
    assert own.f1 == 1.0
    assert own.proven_values > 5
    assert own.proven_wrong == []


def test_a_price_for_a_hundred_is_given_as_it_is_stated() -> None:
    price = Value(Decimal("0.5252"), Proof.STRUCTURED, raw="52.52")
    reading = replace(READING, lines=(Line(1, Value("A"), unit_price_net=price), READING.lines[0]))
    stated, plain = truth_schema.from_reading(reading, doc_id="d")["lines"]
    assert (stated["unit_price_net"], stated["price_basis"]) == ("52.52", "100")
    assert "price_basis" not in plain


def test_every_value_carries_the_findings_about_it() -> None:
    data = fa.invoice(
        fa.goods("10", "5.00", "50.00"),
        fa.goods("3", "7.00", "99.00", P_7="Puszka", GTIN="5901234123458"),
        fa.row(P_7="Gratis", P_8B="x", P_11="1.00", P_12="23"),
        currency="EUR",
        due="-5",
        seller=fa.firm("5265877636"),
    )
    record = truth_schema.from_reading(structured.read_xml(data), doc_id="d")
    values, (first, second, third) = record["values"], record["lines"]
    assert values["invoice_number"]["findings"] == []
    assert values["currency"]["findings"] == ["foreign-currency"]
    assert values["total_gross"]["findings"] == ["total-negative", "total-mismatch"]
    assert values["total_net"]["findings"] == ["total-mismatch"]
    assert {c for value in first["values"].values() for c in value["findings"]} == set()
    for name in ("quantity", "unit_price_net", "line_net"):
        assert second["values"][name]["findings"] == ["line-product-mismatch"]
    assert second["values"]["gtin"]["findings"] == ["gtin-checksum"]
    assert second["values"]["description"]["findings"] == []
    assert record["rate_totals"][0]["values"]["net"]["findings"] == ["rate-sum-mismatch"]
    assert third["quantity"] is None
    about = {finding["code"]: finding["values"] for finding in record["findings"]}
    assert about["value-malformed"] == ["lines[2].quantity"]
    assert about["line-without-quantity"] == ["lines[2].quantity"]
    assert about["schema-not-checked"] == []


def test_every_finding_is_about_values_or_known_to_be_about_the_whole() -> None:
    groups = (value_findings.HEADER, value_findings.LINE, value_findings.RATE)
    named = [code for group in groups for code in group] + list(value_findings.BY_FACT)
    assert len(named) == len(set(named))
    assert set(named) <= set(MEANINGS)
    about_fields = re.compile(r"(?i)total|sum-|mismatch|line-with|checksum|-missing$|currency")
    whole = {code for code in MEANINGS if about_fields.search(code)} - set(named)
    # Numbers of other documents, of a party that a reading does not carry, and marks of a slip.
    assert whole == {
        "regon-checksum",
        "fiscal-marks-missing",
        "referenced-number-checksum",
        "correction-original-missing",
    } & set(MEANINGS)
