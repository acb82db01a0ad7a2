"""Sums of German and English slips where the label's own amount is misread, missing or rounded."""

from __future__ import annotations

import pytest

from ocr.reading import Proof
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
    short = slip.replace("27 032026", "01:34PM 568017 27 03-26")
    assert shown(read(short.format("")).issue_date) == "2026-03-27"


TAXED = """
EAST TOOLS (M) SDN BHD
(GST ID No :000111222333)
TOILET BRUSH HD03-04-06
9067860          1 X 2.70       2.70
WALL PLUG 8MM
9071872          2 X 14.25     28.50
{total}
{tax}
{day} 16:46 SH01 T1 R000115147
THANK YOU
"""


def test_the_day_of_sale_is_no_code_of_an_article_and_has_the_taxes_of_its_time() -> None:
    slip = TAXED.format(total="Total Incl. GST@6% RM 31.20\nCASH RM 31.20", tax="", day="{day}")
    assert shown(read(slip.format(day="15-03-18")).issue_date) == "2018-03-15"
    faded = read(slip.format(day="15-03-13")).issue_date
    assert shown(faded) == "2018-03-15"
    assert faded is not None
    assert faded.proof is Proof.GUESSED
    assert shown(read(slip.replace("GST", "").format(day="15-03-13")).issue_date) == "2013-03-15"


@pytest.mark.parametrize("printed", ["31.20", "81.20", "1.20"])
def test_a_figure_that_was_misread_yields_to_items_and_tax(printed: str) -> None:
    total = f"Total Incl. GST@6% RM {printed}\nEDC RM 31.20"
    tax = "GST @6% included in total RM 1.77"
    assert shown(read(TAXED.format(total=total, tax=tax, day="15-03-18")).total_gross) == "31.20"


def test_a_sum_that_its_tax_confirms_stands_against_two_misread_ones() -> None:
    total = "SubTotal: 21.20\nTotal Inclusive GST: 31.20\nCASH 21.20"
    tax = "GST Summary: Amount Tax\nSR 29.34 1.77"
    reading = read(TAXED.format(total=total, tax=tax, day="15-03-18"))
    assert shown(reading.total_gross) == "31.20"


@pytest.mark.parametrize(
    ("foot", "total"),
    [
        # a tax is added to what is called net
        ("NET TOTAL  16.98\nGST 5.00 %  0.85\nTOTAL  17.83\nCARD  17.83", "17.83"),
        # behind the payment it is the cash that is rounded
        ("TOTAL  7.82\nCASH  8.00\nROUNDED 0.02  (7.80)\nCHANGE  0.20", "7.82"),
        # what was saved is neither sum nor payment
        ("T 0 T AL  9.44\nCARD  9.44\nCard Savings 0.64\nTotal Sa11ings  0.64", "9.44"),
        ("TAX 1.19  BAL  24.94\nCHANGE  .00", "24.94"),
        # the paper was bent: amounts stand a row over or under their labels
        ("RM 48.90\nTOTAL  RM 100.00\nCASH  RM 51.10\nCHANGE", "48.90"),
        ("TOTAL\nCASH  48.90\nCHANGE  100.00\n51.10", "48.90"),
        # the point was seen as a dash, or the first figure of the payment was not seen
        ("(14-85\nNET TOTAL\nCASH", "14.85"),
        ("SUB TOTAL  14.00\nGST 6%  0.84\nROUNDING  0.01\nNET TOTAL\nCASH  4.85", "14.85"),
        # goods came back
        ("SUBTOTAL  -8.99\nGST  -0.45\nTOTAL  -9.44\nGIFT CARD ISSUED  9.40", "-9.44"),
        ("TOTAL 6% SUPPLIES (INC. GST): -5.09\nTOTAL PAYABLE: -5.09", "-5.09"),
        ("TOTAL  -9.44", ""),
    ],
)
def test_the_sum_is_told_from_its_neighbours(foot: str, total: str) -> None:
    reading = read(f"EAST TOOLS TRADING\nRECEIPT\nDate: 14/02/2026  Cashier: 2\nITEMS\n{foot}\n")
    assert shown(reading.total_gross) == total
    negative = any(finding.code == "total-negative" for finding in reading.findings)
    assert negative is total.startswith("-")


WEST = "WEST TOOLS\nTHANK YOU  RECEIPT\n{place}\nTOTAL  $4.80\nCASH  $4.80\n{day}\n"


@pytest.mark.parametrize(
    ("place", "printed", "day"),
    [
        ("EASTVILLE, TX 75001", "02/09/25  10:33", "2025-02-09"),
        ("WESTVILLE AB", "03/04/2025", "2025-03-04"),
        ("WESTVILLE, ON", "13/02/03 20:03", "2013-02-03"),  # no month is the thirteenth
        ("(780) 555-0134", "05/06/2025", "2025-05-06"),
        # elsewhere the day comes first, but for a date that is written twice
        ("Tel 020 7946 0000", "02/09/25  10:33", "2025-09-02"),
        ("Tel 020 7946 0000", "02/09/25  10:33\nPAID 2025-02-09", "2025-02-09"),
        ("Tel 020 7946 0000", "00440010036 25032018 13:11:54 0003", "2018-03-25"),
        ("Tel 020 7946 0000", "DATE: 11/00/2017", "2017-08-11"),
    ],
)
def test_the_order_of_a_date_is_what_the_slip_tells(place: str, printed: str, day: str) -> None:
    assert shown(read(WEST.format(place=place, day=printed)).issue_date) == day
