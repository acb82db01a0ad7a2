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


@pytest.mark.parametrize(
    ("foot", "total"),
    [
        # strokes of faint print: letters of the labels are taken for others
        ("SUBIUIAL                  4.80\nIUIAL (GSI INUL)          4.80\nUASH   4.80", "4.80"),
        ("Tatal Sales                4.80\nCASH                       5.00", "4.80"),
        # how many there are, in the row of the sum
        ("Qty : 1  Total RM          4.80\nTax Code  SR   4.53  0.27", "4.80"),
        ("TOTAL: -                   4.80", "4.80"),
        ("Total Payable: - 4.80", "4.80"),
    ],
)
def test_a_label_is_understood_however_it_is_printed(foot: str, total: str) -> None:
    reading = read(
        f"""
EAST TOOLS TRADING
TAX INVOICE
Date: 14/02/2026  Cashier: 2
WALL PLUG 8MM                4.80
{foot}
THANK YOU
"""
    )
    assert shown(reading.total_gross) == total


def test_the_totals_of_net_and_tax_in_the_summary_are_not_the_sum() -> None:
    reading = read(
        """
EAST TOOLS TRADING
TAX INVOICE
Date: 14/02/2026  Cashier: 2
WALL PLUG 8MM               10.94
SUB-TOTAL                   10.94
TOTAL TAX                    0.66
ROUNDING                    -0.01
TOTAL
CASH                       y1.59
GST SUMMARY
TAX CODE   AMOUNT   TAX
SR   6.00   10.94   0.66
TOTAL :     10.94   0.66
"""
    )
    assert shown(reading.total_gross) == "11.59"
    assert not proven(reading.total_gross)


def test_a_sum_nobody_confirms_yields_to_what_payment_and_parts_agree_on() -> None:
    reading = read(
        """
EAST TOOLS TRADING
TAX INVOICE
Date: 14/02/2026  Cashier: 2
WALL PLUG 8MM               31.03
Total Cly  25               32.89
Total Sales (Excluding GST) 31.03
Total GST                    1.65
Rounding                     0.02
CASH                        40.00
CHANGE                       7.30
"""
    )
    assert shown(reading.total_gross) == "32.70"
    assert proven(reading.total_gross)


def test_a_payment_may_stand_under_its_name() -> None:
    reading = read(
        """
EAST TOOLS TRADING
Date: 14/02/2026  Cashier: 2
RECEIPT
DPT.05                  RM 149.00
DPT.04                   RM 21.00
CASH
                        RM 170.00
THANK YOU
"""
    )
    assert shown(reading.total_gross) == "170.00"


def test_a_date_that_lost_a_mark_counts_where_there_is_no_other() -> None:
    slip = """
EAST TOOLS TRADING
Tel: 03 112019
TAX INVOICE
27 032026     No.: CS-20242
WALL PLUG 8MM                4.80
TOTAL                        4.80
{}
"""
    assert shown(read(slip.format("")).issue_date) == "2026-03-27"
    assert shown(read(slip.format("Date 28/03/2026")).issue_date) == "2026-03-28"
    assert shown(read(slip.replace("27 032026", "27032026")).issue_date) == "2026-03-27"
    assert read(slip.replace("27 032026", "Ref 27032026")).issue_date is None
