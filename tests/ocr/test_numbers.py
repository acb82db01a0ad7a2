"""Printed numbers, rates and dates to values."""

from datetime import date
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ocr import numbers


@pytest.mark.parametrize(
    ("text", "mark", "value"),
    [
        ("1 626,01", ",", "1626.01"),
        ("1\u00a0626,01", ",", "1626.01"),
        ("1.005,55", ",", "1005.55"),
        ("16,260.10", ".", "16260.10"),
        ("3.800", ",", "3800"),
        ("3.800", ".", "3.800"),
        ("2,561", ",", "2.561"),
        ("€ 22,50", ",", "22.50"),
        ("280zł", "", "280"),
        ("- 5,00", ",", "-5.00"),
        ("5,00-", ",", "-5.00"),
        ("(246.00)", ".", "246.00"),
        ("0,04415000", ",", "0.04415000"),
        ("246 ,00", ",", "246.00"),
    ],
)
def test_amounts_follow_the_decimal_mark_of_the_document(text: str, mark: str, value: str) -> None:
    assert numbers.amount(text, mark) == Decimal(value)


@pytest.mark.parametrize("text", ["", "abc", "FV/12/2026", "2026-11-20", "12 szt.", "1.2.3"])
def test_what_is_no_amount_stays_none(text: str) -> None:
    assert numbers.amount(text, ",") is None


@pytest.mark.parametrize(
    ("text", "quantity", "unit"),
    [
        ("10 szt.", "10", "szt."),
        ("250m²", "250", "m²"),
        ("-1 Stk", "-1", "Stk"),
        ("2-", "-2", ""),
        ("2- szt.", "-2", "szt."),
        ("2,50 100szt", "2.5", "100szt"),
        ("2,5 mb", "2.5", "mb"),
        ("100", "100", ""),
    ],
)
def test_a_quantity_brings_its_unit(text: str, quantity: str, unit: str) -> None:
    assert numbers.quantity(text, ",") == (Decimal(quantity), unit)


def test_money_is_no_quantity() -> None:
    assert numbers.quantity("100,00 EUR", ",") is None
    assert numbers.quantity("100,00 1234szt", ",") is None


@pytest.mark.parametrize(
    ("text", "rate"),
    [
        ("23%", "23"),
        ("23,00 %", "23"),
        ("8", "8"),
        ("0 %", "0"),
        ("zw.", "zw"),
        ("zwolnione od podatku", "zw"),
        ("np I", "np I"),
        ("np na podstawie art. 100 ust. 1 pkt 4 ustawy", "np II"),
        ("0% - WDT", "0 WDT"),
        ("0% w przypadku eksportu towarów", "0 EX"),
        ("22% lub 23%", "23"),
        ("5,5%", "5.5"),
        ("oo", "oo"),
        ("marża", "marża"),
    ],
)
def test_rates_are_written_one_way(text: str, rate: str) -> None:
    assert numbers.vat_rate(text) == rate


@pytest.mark.parametrize("text", ["100", "8418 21 91", "46.00", "szt.", ""])
def test_what_is_no_rate_stays_none(text: str) -> None:
    assert numbers.vat_rate(text) is None


@pytest.mark.parametrize(
    ("text", "day"),
    [
        ("22.11.2026", date(2026, 11, 22)),
        ("2026-11-22", date(2026, 11, 22)),
        ("22/11/2026", date(2026, 11, 22)),
        ("22 listopada 2026 r.", date(2026, 11, 22)),
        ("22 lis 2026", date(2026, 11, 22)),
        ("22.11.26", date(2026, 11, 22)),
        ("11. Juli 2014", date(2014, 7, 11)),
        ("February 17, 2026", date(2026, 2, 17)),
        ("12 XI 2025", date(2025, 11, 12)),
        ("20181230", date(2018, 12, 30)),
        ("02/17/26", date(2026, 2, 17)),
        ("28 Mar 18 18:32:36", date(2018, 3, 28)),
        ("31-DEC-17", date(2017, 12, 31)),
    ],
)
def test_dates_of_several_countries(text: str, day: date) -> None:
    assert [found.value for found in numbers.dates(text)] == [day]


@pytest.mark.parametrize(
    "text", ["31.02.2026", "1.234.567", "16260.10", "FV/17/11/2026x", "2 MAR 18 SZT"]
)
def test_what_is_no_date_is_not_found(text: str) -> None:
    assert numbers.dates(text) == []


def test_a_date_that_reads_two_ways_keeps_both() -> None:
    (found,) = numbers.dates("01/02/2024")
    assert (found.value, found.swapped) == (date(2024, 2, 1), date(2024, 1, 2))
    (american,) = numbers.dates("01/02/2024", month_first=True)
    assert american.value == date(2024, 1, 2)


def test_the_decimal_mark_is_voted_by_amounts_and_not_by_dates() -> None:
    assert numbers.decimal_mark(["12,50", "3,00", "11.01.2024"]) == ","
    assert numbers.decimal_mark(["12.50", "1,234.00"]) == "."
    assert numbers.decimal_mark(["570", "ul. Leśna 7"]) == ""


@given(st.decimals(min_value=0, max_value=10**9, places=2))
def test_every_printed_amount_reads_back(value: Decimal) -> None:
    polish = f"{value:,.2f}".replace(",", " ").replace(".", ",")
    german = f"{value:,.2f}".translate(str.maketrans(",.", ".,"))
    assert numbers.amount(polish, ",") == numbers.amount(german, ",") == value
    assert numbers.amount(f"-{polish} zł", ",") == -value
