"""The reader against invoices that another hand writes: the demo's own generator and its truth."""

from collections import defaultdict
from decimal import Decimal
from random import Random

import pytest

from demo.documents import false_kinds, kinds
from ocr import code_kinds, structured, trust
from ocr.reading import Code, Reading, TrustLevel, Value

FIELDS = {
    "description": "description",
    "quantity": "quantity",
    "unit": "unit",
    "unit_price_net": "unit_price_net",
    "unit_price_gross": "unit_price_gross",
    "line_net": "line_net",
    "line_gross": "line_gross",
    "vat_rate": "vat_rate",
    "gtin": "gtin",
    "article_no": "article_no",
}


def plain(value: Value[object] | None) -> object:
    return value.value if value else None


def same(true: object, seen: object) -> bool:
    return (Decimal(str(true)) if isinstance(seen, Decimal) and true is not None else true) == seen


def read(made: kinds.Made) -> Reading:
    reading = structured.read_xml(made.data)
    for name in ("invoice_number", "currency", "total_net", "total_vat", "total_gross"):
        assert same(made.truth[name], plain(getattr(reading, name))), name
    assert reading.seller.vat_id is not None
    assert reading.seller.vat_id.value == made.truth["seller_vat_id"]
    assert plain(reading.buyer.vat_id) == made.truth["buyer_vat_id"]
    assert reading.invoice_type == made.truth["invoice_type"]
    assert len(reading.lines) == len(made.truth["lines"])
    for true, line in zip(made.truth["lines"], reading.lines, strict=True):
        for name, attribute in FIELDS.items():
            assert same(true[name], plain(getattr(line, attribute))), name
    return reading


@pytest.mark.parametrize("turn", range(35))
def test_every_kind_of_e_invoice_is_read_exactly(turn: int) -> None:
    read(kinds.ksef_xml_file(Random(turn), turn, "x"))


@pytest.mark.parametrize("turn", range(27))
def test_every_kind_of_correction_changes_what_it_was_made_to_change(turn: int) -> None:
    made = kinds.correction_xml(Random(turn), turn, "x")
    reading = read(made)
    assert reading.correction is not None
    assert reading.correction.encoding == made.truth["correction"]["encoding"]
    assert not reading.correction.needs_person
    meant: defaultdict[str, Decimal] = defaultdict(Decimal)
    seen: defaultdict[str, Decimal] = defaultdict(Decimal)
    for true, line in zip(made.truth["lines"], reading.lines, strict=True):
        assert line.unit_delta is not None
        meant[true["description"]] += Decimal(true["unit_delta"])
        seen[true["description"]] += line.unit_delta
    assert seen == meant


@pytest.mark.parametrize("turn", range(9))
def test_a_false_xml_is_told_from_one_that_was_saved_anew(turn: int) -> None:
    made = false_kinds.false_xml(Random(turn), turn, "x")
    link = made.truth["ksef_link"]
    code = Code(link, "QRCode", code_kinds.kind_of(link, "QRCode"))
    reading = structured.read_xml(made.data)
    judged = trust.assess(reading, (code,), reading.document_sha256, data=made.data)
    found = {finding.code for finding in judged.findings}
    assert judged.trust is TrustLevel.NUMBER
    assert ("xml-differs-from-code" in found) is (made.truth["falsity"] == "quantity")
    assert ("not-original-file" in found) is (made.truth["falsity"] != "quantity")
