"""Slips that are paid in part with a voucher, or whose table of taxes names one."""

from __future__ import annotations

from ocr.reading import Proof, Reading
from tests.ocr.slips import shown
from tests.ocr.typed import read, rows_of

_ITEMS = """
       BAUHOF LINDE OHG
   Am Ring 4, 50667 Koeln
                                   EUR
WINKEL 40X40                      1,80 B
DUEBEL 8MM                        2,60 B
LEIM WEISS                       14,90 B
PINSEL BREIT                      6,00 A
Clubrabatt 5%                    -0,30 A
Clubrabatt 5%                    -1,10 B
-----------------------------------------
SUMME                   EUR      23,90
Geg. Gutschein          EUR       {given}
Geg. EC-Cash            EUR      {card}
11.08.2026            16:09
Steuer  %      Netto   Steuer   Brutto
A= 19,0%        4,79     0,91     5,70
B=  7,0%       17,01     1,19    18,20
{taxes}
"""
_TAXES = """
Coupon 19,0%   -0,25    -0,05    -0,30
Coupon  7,0%   -1,68    -0,12    -1,80
Gesamtbetrag   19,87     1,93    21,80
"""


def _slip(taxes: str = _TAXES, given: str = "2,10", card: str = "21,80") -> Reading:
    return read(_ITEMS.format(given=given, card=card, taxes=taxes.strip("\n")))


def test_a_coupon_in_the_table_of_taxes_takes_nothing_off() -> None:
    reading = _slip()
    assert shown(reading.total_gross) == "23.90"
    assert [row[0] for row in rows_of(reading)] == [
        "WINKEL 40X40",
        "DUEBEL 8MM",
        "LEIM WEISS",
        "PINSEL BREIT",
    ]
    assert [(str(cut.amount.value), cut.label) for cut in reading.discounts] == [
        ("0.30", "Clubrabatt 5%"),
        ("1.10", "Clubrabatt 5%"),
    ]


def test_an_item_with_a_mark_as_all_others_is_never_left_out() -> None:
    reading = _slip(_TAXES, "0,00", "22,10").lines
    assert len(reading) == 4


def test_what_is_left_to_pay_is_not_proven_beside_the_sum_of_the_items() -> None:
    reading = read(
        """
       BAUHOF LINDE OHG
WINKEL 40X40                      1,80 B
DUEBEL 8MM                        2,60 B
-----------------------------------------
SUMME                   EUR       4,40
Treueherzen             EUR       1,00
Gesamtbetrag            EUR       3,40
Geg. EC-Cash            EUR       3,40
11.08.2026            16:09
"""
    )
    assert reading.total_gross is not None
    assert shown(reading.total_gross) == "4.40" or reading.total_gross.proof is Proof.READ
    assert len(reading.lines) == 2


def test_a_discount_of_another_rate_than_the_item_over_it_is_of_the_whole() -> None:
    assert [cut.applies_to for cut in _slip().discounts] == [4, None]


def test_a_deposit_that_comes_first_counts_among_the_items() -> None:
    reading = read(
        """
       BAUHOF LINDE OHG
                                   EUR
LEERGUT                          -0,25 A
WINKEL 40X40                      1,80 B
DUEBEL 8MM                        2,60 B
-----------------------------------------
SUMME                   EUR       4,15
Geg. BAR                EUR       4,15
11.08.2026            16:09
Steuer  %      Netto   Steuer   Brutto
Gesamtbetrag    3,88     0,27     4,15
"""
    )
    assert reading.findings == ()
    assert [line.line_gross and line.line_gross.proof for line in reading.lines] == [
        Proof.ARITHMETIC,
        Proof.ARITHMETIC,
    ]


def test_the_heading_of_a_table_of_taxes_names_no_item() -> None:
    reading = read(
        """
       TANKHOF LINDE
    Am Ring 4, 50667 Koeln
Beleg-Nr. 599/018      07.09.26 16:52
Super bleifrei
        Gesamtbetrag      34,00 EUR
Typ       Netto    Mwst   Brutto
A:19,00%  28,57    5,43   34,00
  Kartenzahlung
Betrag:      EUR 34,00
"""
    )
    assert all("Netto" not in row[0] for row in rows_of(reading))
    assert shown(reading.total_gross) == "34.00"


def test_signs_behind_the_mark_of_a_tax_hide_no_amount() -> None:
    reading = read(
        """
       TANKHOF LINDE
Beleg-Nr. 599/018      07.09.26 16:52
*000005 Super bleifrei  34,00 EUR A #*
        Gesamtbetrag      34,00 EUR
Typ       Netto    Mwst   Brutto
A:19,00%  28,57    5,43   34,00
"""
    )
    assert [row[0] for row in rows_of(reading)] == ["Super bleifrei"]
    assert [row[3] for row in rows_of(reading)] == ["34.00"]
