"""Layouts of items on German and English slips: where names, counts and prices stand."""

from __future__ import annotations

import pytest

from tests.ocr.slips import proven, read, shown

Item = tuple[str, str, str]


def listed(body: str, total: str, *, foot: str = "", heading: str = "") -> list[Item]:
    """Name, quantity and amount of the items on a slip around the printed body."""
    reading = read(
        f"""
EAST TOOLS TRADING
TAX INVOICE NO: 12
Date: 14/02/2026  Cashier: 2
{heading}
{body.strip(chr(10))}
{foot}
TOTAL RM                     {total}
CASH                         {total}
CHANGE                       0.00
"""
    )
    assert reading.lines
    assert all(proven(line.line_gross or line.line_net) for line in reading.lines)
    return [
        (shown(line.description), shown(line.quantity), shown(line.line_gross or line.line_net))
        for line in reading.lines
    ]


@pytest.mark.parametrize(
    ("body", "total", "items"),
    [
        # the price of one behind the name, count and amount under it
        (
            "PUTTY GREY 1KG @8.50\nFM4290007  *2   17.00 ZR\nHOOK SET @3.20\n9744112   3.20 ZR",
            "20.20",
            [("PUTTY GREY 1KG", "2", "17.00"), ("HOOK SET", "1", "3.20")],
        ),
        # figures over names, two or more of them
        (
            "8239    1  15.00  15.0C\nSILICONE GUN 11\n9744   3  7.00  21.0C\nPUNCH SET 3PCS",
            "36.00",
            [("SILICONE GUN 11", "1", "15.00"), ("PUNCH SET 3PCS", "3", "21.00")],
        ),
        # a name under its figures that ends in a figure
        (
            "1x 000000388658   2.50SR\nTAPE 1.99\n1x 000000820868   8.00SR\nBRUSH",
            "10.50",
            [("TAPE 1.99", "1", "2.50"), ("BRUSH", "1", "8.00")],
        ),
        # the discount of all or of one beside the price, and the price that is left under it
        ("BOARD 013\n3 UNIT *  4.80  0.40  14.00 SR", "14.00", [("BOARD 013", "3", "14.00")]),
        ("BLEACH\n2 X 5.51 (DISC: 1.53)  7.96 S", "7.96", [("BLEACH", "2", "7.96")]),
        (
            "1x 000000388658   9.00SR\nTAPE\nCARD DISC  -0.45\n@8.55",
            "8.55",
            [("TAPE", "1", "9.00")],
        ),
        ("BADGE (110 x 95mm) 100 SR  58.30", "58.30", [("BADGE (110 x 95mm)", "100", "58.30")]),
        ("809 BADGE CLIP  1 SR  21.20", "21.20", [("809 BADGE CLIP", "1", "21.20")]),
        ('2 1" STEEL ROD   6.00 12.00 SR', "12.00", [('1" STEEL ROD', "2", "12.00")]),
        (
            "CH50514    SR\nJOINT 2PIN\n2 * RM 33.02 UNI ( 3.96)=RM   66.04",
            "66.04",
            [("JOINT 2PIN", "2", "66.04")],
        ),
        ("WALL PLUG   0,89 x     1,78 A", "1.78", [("WALL PLUG", "2", "1.78")]),
        (
            "WALL PLUG   1,99 9 C\nHOOK    1,4D CW",
            "3.39",
            [("WALL PLUG", "", "1.99"), ("HOOK", "", "1.40")],
        ),
        (
            "WALL PLUG   RMB.99 s\nHOOK   50.aC",
            "58.99",
            [("WALL PLUG", "", "8.99"), ("HOOK", "", "50.00")],
        ),
        (
            "MINERAL OIL 6x1.25L\n3068320113784   53.50*1   53.50 S",
            "53.50",
            [("MINERAL OIL 6x1.25L", "1", "53.50")],
        ),
        ("23530028 03   2,00  14,99   29,98 1\nCURTAIN", "29.98", [("CURTAIN", "2.00", "29.98")]),
        (
            "BALANCE BOARD    9.90\nSUMMER PAINT   3.99",
            "13.89",
            [("BALANCE BOARD", "", "9.90"), ("SUMMER PAINT", "", "3.99")],
        ),
        ("MO.-SA. 9.00 Uhr - 20.00 Uhr\nWALL PLUG    9.90", "9.90", [("WALL PLUG", "", "9.90")]),
        (
            "10  10.57 0.00  105.66\nPAPER 70 G\n1  2.70  0.00  2.70\nHOOK",
            "108.36",
            [("PAPER 70 G", "10", "105.66"), ("HOOK", "1", "2.70")],
        ),
    ],
)
def test_items_are_found_in_the_layouts_of_other_tills(
    body: str, total: str, items: list[Item]
) -> None:
    assert listed(body, total) == items


def test_headings_may_take_two_rows_and_names_be_sizes() -> None:
    heading = "DESCRIPTION  PRICE  Disc  AMOUNT TAX\nQTY    RM   RM  CODE"
    body = "9 x 13 (10A)\n1.00 PKT  0.75   0.75 SR\nLABEL (PLAIN)\n2.00 ROLL  1.50   3.00 SR"
    assert listed(body, "3.75", heading=heading) == [
        ("9 x 13 (10A)", "1.00", "0.75"),
        ("LABEL (PLAIN)", "2.00", "3.00"),
    ]


@pytest.mark.parametrize(
    ("foot", "total"),
    [
        ("Rounding Adj     J.02", "9.88"),
        ("Rounding Adjustment   RM .02", "9.92"),
        ("SERV.CHG.10%   RM0.99\nGST TA AMT  RM10.89\nGST 6%  RM0.65", "11.54"),
        (
            "SUBTOTAL 9.90\nDISCOUNT -2.00\nServ Charge 0.79\nGST 6% 0.52\nRounding Adj: -0.01",
            "9.20",
        ),
    ],
)
def test_what_is_added_to_the_items_makes_the_sum_right(foot: str, total: str) -> None:
    assert listed("WALL PLUG    9.90 S", total, foot=foot) == [("WALL PLUG", "", "9.90")]


def test_a_name_that_ends_in_a_figure_is_no_item_of_its_own() -> None:
    body = "Green Paint\n 2 X  1.00   2.00 SR\nBolt 1.30\n10 x  1.80  18.00 SR S"
    assert listed(body, "20.00") == [("Green Paint", "2", "2.00"), ("Bolt 1.30", "10", "18.00")]


def test_the_tax_of_the_summary_alone_tells_that_prices_are_net() -> None:
    reading = read(
        """
EAST TOOLS TRADING
TAX INVOICE NO: 12
Date: 14/02/2026  Cashier: 2
TAPE @ 2.50  12              30.00 SR
Total Amt Incl. GST @ 6%     31.80
Paid Amount                  31.80
GST Summary  Amount  Tax
SR. @ 6%             30.00    1.80
"""
    )
    (line,) = reading.lines
    assert (shown(line.description), shown(line.line_net)) == ("TAPE", "30.00")
    assert proven(line.line_net)


def test_a_discount_of_nothing_ends_no_list() -> None:
    body = "1 WALL PLUG   3.50  3.50 SR\nItem Discount   0.00\n2 STEEL ROD   5.80  11.60 SR"
    assert [name for name, *_ in listed(body, "15.10")] == ["WALL PLUG", "STEEL ROD"]


def test_an_item_whose_name_was_not_seen_still_counts() -> None:
    body = "1 WALL PLUG   3.50  3.50 SR\n          2  17.50   35.00 SR"
    assert listed(body, "38.50") == [("WALL PLUG", "1", "3.50"), ("", "2", "35.00")]


def test_an_item_that_is_off_by_more_than_the_rounding_proves_nothing() -> None:
    reading = read(
        """
EAST TOOLS TRADING
TAX INVOICE NO: 12
Date: 14/02/2026  Cashier: 2
WALL PLUG                    9.93
Rounding                      .02
TOTAL RM                     9.90
CASH                         9.90
CHANGE                       0.00
"""
    )
    assert not any(proven(line.line_gross) for line in reading.lines)
