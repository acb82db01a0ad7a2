"""Equations, proofs, unique repairs and contradictions."""

from __future__ import annotations

from dataclasses import replace
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ocr import equations
from ocr.arithmetic import closes, prove
from ocr.in_words import amount_in_words
from ocr.reading import (
    Box,
    Discount,
    DocumentKind,
    Line,
    Proof,
    RateTotal,
    Reading,
    Value,
    Word,
)
from tests.ocr.drawn import PLAIN, read

SURE, UNSURE = "pdf-text", "rapidocr"


def number(text: str) -> Value[Decimal]:
    """A number read as printed; a blank raw text would mean that it was not printed."""
    return Value(Decimal(text.replace(",", ".")), Proof.READ, 1.0, Box(1, 0, 0, 1, 1), text)


def row(quantity: str, price: str, value: str, *, rate: str = "23", place: int = 1) -> Line:
    return Line(
        place,
        Value("towar"),
        number(quantity),
        unit_price_net=number(price),
        line_net=number(value),
        vat_rate=Value(rate),
    )


def bill(*rows: Line, net: str, vat: str, gross: str, engine: str = SURE) -> Reading:
    word = Word("x", Box(1, 0, 0, 1, 1), 1.0, engine)
    return Reading(
        DocumentKind.INVOICE,
        "pdf-text",
        engine,
        total_net=number(net),
        total_vat=number(vat),
        total_gross=number(gross),
        lines=rows,
        words=(word,),
    )


def test_a_document_whose_equations_close_is_proven() -> None:
    reading = read(PLAIN)
    assert closes(reading)
    for line in reading.lines:
        for value in (line.quantity, line.unit_price_net, line.line_net, line.line_gross):
            assert value is not None
            assert value.proof is Proof.ARITHMETIC
        assert line.vat_rate is not None
        assert line.vat_rate.proof is Proof.ARITHMETIC
        assert line.description is not None
        assert line.description.proof is Proof.READ
    for total in (reading.total_net, reading.total_vat, reading.total_gross):
        assert total is not None
        assert total.proof is Proof.ARITHMETIC
    assert not reading.findings


def test_text_of_a_pdf_is_never_repaired_but_warned_of() -> None:
    reading = prove(bill(row("2", "10.00", "80.00"), net="20.00", vat="4.60", gross="24.60"))
    assert reading.lines[0].line_net is not None
    assert reading.lines[0].line_net.value == Decimal("80.00")
    assert not reading.lines[0].line_net.proof.proven
    assert {f.code for f in reading.findings} == {"line-product-mismatch", "line-sum-mismatch"}


def test_a_misread_digit_is_repaired_when_one_choice_closes_everything() -> None:
    second = row("3", "5.00", "15.00", place=2)
    reading = prove(
        bill(
            row("7", "10.00", "10.00"),
            second,
            net="25.00",
            vat="5.75",
            gross="30.75",
            engine=UNSURE,
        )
    )
    quantity = reading.lines[0].quantity
    assert quantity is not None
    assert (quantity.value, quantity.proof) == (Decimal(1), Proof.ARITHMETIC)


def test_a_difference_that_no_engine_makes_is_not_repaired() -> None:
    # A printed 2 is not misread as 8 by our engines.
    second = row("1", "5.00", "5.00", place=2)
    reading = prove(
        bill(
            row("2", "10.00", "80.00"),
            second,
            net="25.00",
            vat="5.75",
            gross="30.75",
            engine=UNSURE,
        )
    )
    value = reading.lines[0].line_net
    assert value is not None
    assert (value.value, value.proof.proven) == (Decimal("80.00"), False)


def test_a_lost_comma_is_put_back() -> None:
    lines = (row("4", "1250", "50.00"), row("1", "5.00", "5.00", place=2))
    reading = prove(bill(*lines, net="55.00", vat="12.65", gross="67.65", engine=UNSURE))
    price = reading.lines[0].unit_price_net
    assert price is not None
    assert (price.value, price.proof) == (Decimal("12.50"), Proof.ARITHMETIC)


def test_two_possible_repairs_repair_nothing() -> None:
    # Either quantity 8 -> 3 or value 30 -> 80 makes the line hold; no total decides.
    line = row("8", "10.00", "30.00")
    reading = prove(
        replace(bill(line, net="1.00", vat="0.23", gross="1.23", engine=UNSURE), total_net=None)
    )
    assert reading.lines[0].quantity is not None
    assert reading.lines[0].quantity.value == Decimal(8)
    assert not reading.lines[0].quantity.proof.proven


def test_a_misread_total_is_repaired_by_the_lines() -> None:
    reading = prove(
        bill(row("2", "10.00", "20.00"), net="20.00", vat="4.60", gross="21.60", engine=UNSURE)
    )
    assert reading.total_gross is not None
    assert reading.total_gross.value == Decimal("21.60")  # 4 is not among the looks of 1
    reading = prove(
        bill(row("2", "35.00", "70.00"), net="10.00", vat="16.10", gross="86.10", engine=UNSURE)
    )
    assert reading.total_net is not None
    assert (reading.total_net.value, reading.total_net.proof) == (
        Decimal("70.00"),
        Proof.ARITHMETIC,
    )


def test_one_times_the_price_proves_nothing_by_itself() -> None:
    reading = prove(bill(row("1", "50.00", "50.00"), net="99.00", vat="0.00", gross="99.00"))
    assert reading.lines[0].quantity is not None
    assert not reading.lines[0].quantity.proof.proven
    assert not reading.total_gross.proof.proven  # type: ignore[union-attr]


def test_net_equal_to_gross_is_no_proof_without_lines() -> None:
    reading = prove(bill(net="99.00", vat="0.00", gross="99.00"))
    assert not reading.total_net.proof.proven  # type: ignore[union-attr]


def test_a_tax_that_was_not_printed_proves_nothing() -> None:
    reading = bill(net="100.00", vat="23.00", gross="123.00")
    derived = replace(reading, total_vat=Value(Decimal("23.00"), Proof.READ))
    assert equations.header_closes(derived) is None
    assert not prove(derived).total_net.proof.proven  # type: ignore[union-attr]


def test_a_spelled_total_proves_the_header_and_contradicts_another() -> None:
    reading = bill(net="100.00", vat="0.00", gross="100.00")
    agreed = prove(reading, in_words=Decimal("100.00"))
    assert agreed.total_gross is not None
    assert agreed.total_gross.proof is Proof.ARITHMETIC
    differs = prove(reading, in_words=Decimal("700.00"))
    assert not differs.total_gross.proof.proven  # type: ignore[union-attr]
    assert [f.code for f in differs.findings] == ["words-mismatch"]


def test_rows_that_add_up_prove_no_total_of_a_header_that_does_not() -> None:
    rows = row("2", "10.00", "20.00"), row("3", "10.00", "30.00", place=2)
    reading = prove(bill(*rows, net="50.00", vat="11.50", gross="65.00"))
    assert not reading.total_net.proof.proven  # type: ignore[union-attr]
    assert [f.code for f in reading.findings] == ["total-mismatch"]
    alone = replace(bill(*rows, net="50.00", vat="11.50", gross="61.50"), total_vat=None)
    assert prove(alone).total_net.proof.proven  # type: ignore[union-attr]
    # 23 % of 50.00 is the tax: with 65.00 one of the two sums is another one.
    doubtful = replace(bill(*rows, net="50.00", vat="11.50", gross="65.00"), total_vat=None)
    assert not prove(doubtful).total_net.proof.proven  # type: ignore[union-attr]


def test_proofs_from_xml_and_checksums_are_kept() -> None:
    line = row("2", "10.00", "20.00")
    line = replace(line, quantity=Value(Decimal(2), Proof.STRUCTURED))
    reading = prove(bill(line, net="20.00", vat="4.60", gross="24.60"))
    assert reading.lines[0].quantity is not None
    assert reading.lines[0].quantity.proof is Proof.STRUCTURED


def test_several_rates_are_proven_by_their_groups() -> None:
    lines = (row("2", "10.00", "20.00"), row("5", "4.00", "20.00", rate="8", place=2))
    rates = (
        RateTotal("23", number("20.00"), number("4.60"), number("24.60")),
        RateTotal("8", number("20.00"), number("1.60"), number("21.60")),
    )
    reading = replace(bill(*lines, net="40.00", vat="6.20", gross="46.20"), rate_totals=rates)
    proven = prove(reading)
    assert all(line.vat_rate.proof is Proof.ARITHMETIC for line in proven.lines if line.vat_rate)
    assert all(r.net.proof is Proof.ARITHMETIC for r in proven.rate_totals if r.net)
    swapped = replace(
        reading,
        lines=tuple(replace(line, vat_rate=Value("23")) for line in lines),
    )
    assert not any(line.vat_rate.proof.proven for line in prove(swapped).lines if line.vat_rate)


def test_a_tax_table_that_lies_is_a_finding() -> None:
    rates = (RateTotal("23", number("100.00"), number("5.00"), number("105.00")),)
    reading = replace(bill(net="100.00", vat="5.00", gross="105.00"), rate_totals=rates)
    found = prove(reading)
    assert [f.code for f in found.findings] == ["rate-tax-mismatch"]
    assert not found.rate_totals[0].vat.proof.proven  # type: ignore[union-attr]


def test_receipts_close_over_gross_lines_less_discounts() -> None:
    lines = tuple(
        Line(n, Value("towar"), number(q), unit_price_gross=number(p), line_gross=number(v))
        for n, (q, p, v) in enumerate((("100", "4.29", "429.00"), ("10", "8.90", "89.00")), 1)
    )
    slip = Reading(
        DocumentKind.RECEIPT,
        "photo",
        UNSURE,
        total_gross=number("509.10"),
        lines=lines,
        discounts=(Discount(number("8.90"), 2, "OPUST"),),
        rate_totals=(RateTotal("23", None, number("95.20"), number("509.10")),),
    )
    proven = prove(slip)
    assert proven.total_gross is not None
    assert proven.total_gross.proof is Proof.ARITHMETIC
    assert all(
        line.line_gross.proof is Proof.ARITHMETIC for line in proven.lines if line.line_gross
    )
    assert not proven.findings


@given(
    quantity=st.integers(1, 500),
    cents=st.integers(1, 200_000),
    others=st.lists(st.integers(1, 90_000), min_size=1, max_size=4),
)
def test_right_documents_are_always_proven_and_never_changed(
    quantity: int, cents: int, others: list[int]
) -> None:
    price = Decimal(cents) / 100
    lines = [row(str(quantity), str(price), str(quantity * price))]
    for place, other in enumerate(others, start=2):
        value = str(Decimal(other) / 100)
        lines.append(row("1", value, value, place=place))
    net = sum((line.line_net.value for line in lines if line.line_net), Decimal(0))
    vat = equations.cents(net * Decimal("0.23"))
    reading = bill(*lines, net=str(net), vat=str(vat), gross=str(net + vat), engine=UNSURE)
    proven = prove(reading)
    assert [(line.quantity, line.line_net) for line in lines] == [
        (replace(q, proof=Proof.READ), replace(v, proof=Proof.READ))
        for line in proven.lines
        if (q := line.quantity) and (v := line.line_net)
    ]
    assert all(line.line_net.proof is Proof.ARITHMETIC for line in proven.lines if line.line_net)
    assert not proven.findings


@pytest.mark.parametrize(
    ("text", "amount"),
    [
        ("siedemset czterdzieści jeden złotych 54/100", "741.54"),
        ("dwa tysiące pięćdziesiąt jeden złotych 00/100", "2051"),
        ("sto dwadzieścia trzy złote czterdzieści pięć groszy", "123.45"),
        ("tysiąc dwieście PLN, 34/100", "1200.34"),
        ("jeden milion dwieście tysięcy trzysta zł 5/100", "1200300.05"),
        ("stodwadzieściatrzy zł 00/100", "123"),
        ("cztery tyslące zł", "4000"),
    ],
)
def test_spelled_amounts(text: str, amount: str) -> None:
    assert amount_in_words(text) == Decimal(amount)


@pytest.mark.parametrize(
    "text", ["", "do zapłaty", "sto xyzabc dwa złote", "słownie: uwadcieścia osiem złotych 14/100"]
)
def test_what_is_not_understood_is_no_amount(text: str) -> None:
    assert amount_in_words(text) is None


def test_a_quantity_divided_out_of_price_and_value_is_not_proven_by_them() -> None:
    derived = Value(Decimal(2), Proof.GUESSED, 0.0, None, "")
    line = replace(row("2", "12.50", "25.00"), quantity=derived)
    other = row("3", "5.00", "15.00", place=2)
    reading = prove(bill(line, other, net="40.00", vat="9.20", gross="49.20", engine=UNSURE))
    quantity, value = reading.lines[0].quantity, reading.lines[0].line_net
    assert quantity is not None
    assert value is not None
    assert (quantity.proof, value.proof) == (Proof.GUESSED, Proof.ARITHMETIC)
    assert reading.lines[1].quantity is not None
    assert reading.lines[1].quantity.proof is Proof.ARITHMETIC


def test_a_value_repaired_to_close_the_sum_is_not_proven_by_the_sum() -> None:
    alone = replace(row("1", "1.00", "75.00"), quantity=None, unit_price_net=None, vat_rate=None)
    other = row("3", "5.00", "15.00", place=2)
    reading = prove(bill(alone, other, net="30.00", vat="6.90", gross="36.90", engine=UNSURE))
    value = reading.lines[0].line_net
    assert value is not None
    assert not value.proof.proven


def test_words_prove_the_amount_that_they_spell_and_no_other() -> None:
    other = row("2", "12.50", "25.00")
    reading = bill(other, net="99.00", vat="5.75", gross="99.00", engine=UNSURE)
    due = Value(Decimal("30.75"), Proof.READ, 0.9, None, "30,75")
    proven = prove(replace(reading, amount_due=due), in_words=Decimal("30.75"))
    assert proven.total_gross is not None
    assert proven.amount_due is not None
    assert not proven.total_gross.proof.proven
    assert proven.amount_due.proof is Proof.ARITHMETIC


def test_a_ruling_line_read_as_a_figure_is_taken_off_though_the_gross_side_closes() -> None:
    rows = []
    for place, (count, price, value, gross) in enumerate(
        (("100", "2.17", "1217.00", "266.91"), ("4", "95.04", "1380.16", "467.60")), 1
    ):
        line = row(count, price, value, place=place)
        rows.append(replace(line, line_gross=number(gross)))
    reading = prove(bill(*rows, net="597.16", vat="137.35", gross="734.51", engine=UNSURE))
    assert [line.line_net and line.line_net.value for line in reading.lines] == [
        Decimal("217.00"),
        Decimal("380.16"),
    ]
