"""Sums of German and English slips where the label's own amount is misread, missing or rounded."""

from __future__ import annotations

import pytest

from tests.ocr.slips import proven, read, shown


def test_a_misread_sum_is_what_taxes_and_payment_agree_on() -> None:
    reading = read(
        """
Nord Markt GmbH
Lange Str. 12
33100 Paderborn
Schraubenset 6x60          3,99 A
Pinsel flach 50            5,47 A
SUMME EUR                  9,16
Bar EUR                    9,46
Mehrwertst.     ohne MwSt   mit MwSt
A 19,0%   1,51    7,95     9,46
15.04.26 16:15 8665 0176
"""
    )
    assert shown(reading.total_gross) == "9.46"
    assert proven(reading.total_gross)


def test_one_witness_alone_does_not_change_the_printed_sum() -> None:
    reading = read(
        """
Nord Markt GmbH
33100 Paderborn
Schraubenset 6x60          3,99 A
SUMME EUR                  9,16
Bar EUR                   10,16
15.04.26 16:15 8665 0176
MwSt Betrag Dank Einkauf
"""
    )
    assert shown(reading.total_gross) == "9.16"


@pytest.mark.parametrize("end", ["Rounding RM 27.30", "Totel Amt Peysbte : 27.30"])
def test_the_sum_after_rounding_is_what_the_customer_pays(end: str) -> None:
    reading = read(
        f"""
SPEED HARDWARE SDN BHD
INVOICE NO: 17714/102
30-06-16 08:10PM
PAINT BRUSH 2 INCH          RM13.58 s
SAND PAPER ROLL             RM13.70 s
Total Sales (Inclusive GST) RM 27.28
Rounding Adjustment         RM .02
{end}
CASH                        RM 27.30
CHANGE                      RM .00
"""
    )
    assert shown(reading.total_gross) == "27.30"


def test_without_a_legible_sum_what_was_paid_less_the_change_is_read() -> None:
    reading = read(
        """
B HARDWARE ENTERPRISE
**TAX INVOICE**
10/02/2026
1 WALL PLUG            7.00
SUB T01                7.00
NET TOTAL
Cash                  10.00
CHANGE                 3.00
"""
    )
    assert shown(reading.total_gross) == "7.00"
    assert not proven(reading.total_gross)
