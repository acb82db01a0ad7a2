"""The arithmetic behind every drawn document."""

from dataclasses import replace
from decimal import Decimal
from random import Random

import pytest
from hypothesis import given
from hypothesis import strategies as st

from demo.documents import polish, scenario
from demo.documents.purchase import PurchaseLine, cents, rate_percent, row_sums, tax_within

D = Decimal
seeds = st.integers(0, 10**6)


def test_a_discount_lowers_the_rounded_unit_price_first():
    line = PurchaseLine(
        name="x", quantity=D(3), unit_price=D("10.99"), discount_percent=D(15), vat_rate="23"
    )
    assert line.price_after_discount == D("9.34")
    assert (line.net, line.vat, line.gross) == (D("28.02"), D("6.44"), D("34.46"))


def test_a_gross_price_contains_its_tax():
    line = PurchaseLine(
        name="x", quantity=D(2), unit_price=D("12.30"), gross_priced=True, vat_rate="23"
    )
    assert (line.gross, line.net, line.vat) == (D("24.60"), D("20.00"), D("4.60"))


def test_a_row_without_quantity_has_no_value():
    line = PurchaseLine(name="x", quantity=None, unit_price=D(5))
    assert (line.value, line.net, line.vat, line.gross) == (None, None, None, None)


@pytest.mark.parametrize(
    ("rate", "percent"), [("23", 23), ("8", 8), ("zw", 0), ("0 WDT", 0), ("np I", 0), (None, 0)]
)
def test_rates_without_a_number_carry_no_tax(rate, percent):
    assert rate_percent(rate) == percent


@given(seeds)
def test_the_vat_table_follows_from_the_rows(seed):
    purchase = scenario.invoice(Random(seed))
    for row in purchase.rate_sums:
        lines = [line for line in purchase.lines if line.vat_rate == row.rate]
        if purchase.vat_by_line:
            assert row.net == sum(line.net for line in lines)
            assert row.vat == sum(line.vat for line in lines)
        elif purchase.gross_priced:
            assert row.gross == sum(line.gross for line in lines)
            assert row.vat == tax_within(row.gross, row.rate)
        else:
            assert row.net == sum(line.net for line in lines)
            assert row.vat == cents(row.net * rate_percent(row.rate) / 100)
    assert purchase.total_gross == purchase.total_net + purchase.total_vat


@given(seeds)
def test_an_advance_and_its_final_invoice_add_up_to_the_order(seed):
    rng = Random(seed)
    paid = scenario.advance(rng)
    rest = scenario.final(rng, paid)
    order = sum(row.gross for row in row_sums(paid))
    assert paid.total_gross == paid.advance_gross
    assert paid.total_gross + rest.total_gross == order
    assert rest.lines == paid.lines


@given(seeds)
def test_receipts_add_up_with_the_discount_rows_taken_off(seed):
    purchase = scenario.receipt(Random(seed))
    rows = sum(line.quantity * line.unit_price for line in purchase.lines)
    off = sum(line.discount_amount for line in purchase.lines)
    assert purchase.total_gross == cents(rows) - off
    assert purchase.till.cash_given is None or purchase.till.cash_given >= purchase.total_gross


def test_the_same_seed_buys_the_same():
    assert scenario.invoice(Random(7)) == scenario.invoice(Random(7))
    assert scenario.invoice(Random(7)) != scenario.invoice(Random(8))


@pytest.mark.parametrize(
    ("amount", "words"),
    [
        ("0.00", "zero złotych 00/100"),
        ("1.01", "jeden złoty 01/100"),
        ("2.00", "dwa złote 00/100"),
        ("12.50", "dwanaście złotych 50/100"),
        ("22.05", "dwadzieścia dwa złote 05/100"),
        ("1000.00", "tysiąc złotych 00/100"),
        ("2345.67", "dwa tysiące trzysta czterdzieści pięć złotych 67/100"),
        ("112013.00", "sto dwanaście tysięcy trzynaście złotych 00/100"),
        ("1000001.00", "milion jeden złotych 00/100"),
        ("-3.10", "minus trzy złote 10/100"),
    ],
)
def test_amounts_in_words(amount, words):
    assert polish.amount_in_words(D(amount)) == words


def test_amounts_in_words_with_grosze_in_words():
    assert polish.amount_in_words(D("102.22"), style="words") == (
        "sto dwa złote dwadzieścia dwa grosze"
    )
    assert polish.amount_in_words(D("5.20"), currency="EUR") == "pięć EUR 20/100"


@pytest.mark.parametrize(
    ("style", "text"),
    [
        ("1 234,56", "-1 234 567,80"),
        ("1234,56", "-1234567,80"),
        ("1.234,56", "-1.234.567,80"),
        ("1234.56", "-1234567.80"),
    ],
)
def test_money_in_four_forms(style, text):
    assert polish.money(D("-1234567.8"), style) == text


def test_quantities_have_no_exponent_and_no_negative_nought():
    assert polish.quantity(D("100")) == "100"
    assert polish.quantity(D("1E+2")) == "100"
    assert polish.quantity(D("2.50")) == "2,5"
    assert polish.quantity(D("-0.0")) == "0"
    assert polish.quantity(D("3"), places=3) == "3,000"


@pytest.mark.parametrize(
    ("style", "text"),
    [
        ("3-3-2-2", "526-025-02-74"),
        ("3-2-2-3", "526-02-50-274"),
        ("PL", "PL5260250274"),
        ("none", "5260250274"),
    ],
)
def test_tax_numbers_in_four_forms(style, text):
    assert polish.nip("5260250274", style) == text


def test_changing_a_copy_leaves_the_purchase_alone():
    purchase = scenario.invoice(Random(1))
    copy = purchase.with_(number="X")
    assert copy.number == "X"
    assert purchase == replace(copy, number=purchase.number)
