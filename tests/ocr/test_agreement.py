"""Two engines that agree: what they prove, and what the document's own sums forbid."""

from __future__ import annotations

from dataclasses import replace
from decimal import Decimal

from ocr.agreement import agreed
from ocr.arithmetic import prove
from ocr.reading import DocumentKind, Line, Proof, Reading, Value


def _number(text: str) -> Value[Decimal]:
    return Value(Decimal(text), Proof.READ, 0.9, None, text)


def _line(place: int, quantity: str, price: str, value: str) -> Line:
    return Line(
        place,
        Value("towar", Proof.READ),
        _number(quantity),
        unit_price_net=_number(price),
        line_net=_number(value),
    )


def _bill(*lines: Line, net: str, vat: str, gross: str) -> Reading:
    return Reading(
        DocumentKind.INVOICE,
        "scan",
        "tesseract",
        invoice_number=Value("FV/8/2026", Proof.READ),
        total_net=_number(net),
        total_vat=_number(vat),
        total_gross=_number(gross),
        lines=lines,
    )


def test_a_factor_of_a_product_that_fails_is_not_proven_by_two_engines() -> None:
    bill = _bill(
        _line(1, "4", "14.00", "40.00"),
        _line(2, "1", "7.00", "7.00"),
        net="99.00",
        vat="23.00",
        gross="123.00",
    )
    reading = agreed(prove(bill), bill)
    failing, other = reading.lines
    for value in (failing.quantity, failing.unit_price_net, failing.line_net):
        assert value is not None
        assert value.proof is Proof.READ
    assert failing.description is not None
    assert failing.description.proof is Proof.AGREED
    assert other.unit_price_net is not None
    assert other.unit_price_net.proof is Proof.AGREED


def test_totals_that_contradict_each_other_are_not_proven_by_two_engines() -> None:
    bill = _bill(net="100.00", vat="23.00", gross="128.00")
    reading = agreed(prove(bill), bill)
    for value in (reading.total_net, reading.total_vat, reading.total_gross):
        assert value is not None
        assert value.proof is Proof.READ
    assert reading.invoice_number is not None
    assert reading.invoice_number.proof is Proof.AGREED
    whole = replace(bill, total_gross=_number("123.00"))
    total = agreed(prove(whole), whole).total_gross
    assert total is not None
    assert total.proof is Proof.AGREED
