"""Rows that are no items of a table, and tables that print little: amounts alone, glued words."""

from __future__ import annotations

from dataclasses import replace
from decimal import Decimal

from ocr import invoice
from ocr.reading import Hints, Reading
from tests.ocr.drawn import read, rows_of, shown, words_of

HEAD = """
  INVOICE No. 31/11/2026                            Invoice date: 2026-11-20
  Seller: Northgate Valves Ltd                      Bill to: Brightspark Ltd

"""
SUMS = """

  Subtotal:   618.00
  VAT 20%:    123.60
  Total due:  741.60 GBP
"""


def document(body: str) -> Reading:
    return read(HEAD + body + SUMS)


def test_services_with_nothing_but_amounts_are_lines_where_these_add_up() -> None:
    body = """
  Description                                           Amount
  Survey of unit 4                                      320.00
  Testing and certification                             174.00
  Waste removal                                         {last}
"""
    reading = document(body.format(last="124.00"))
    assert rows_of(reading) == [
        ("Survey of unit 4", "", "", "320.00"),
        ("Testing and certification", "", "", "174.00"),
        ("Waste removal", "", "", "124.00"),
    ]
    assert all(line.line_net and line.line_net.proof.proven for line in reading.lines)
    assert document(body.format(last="125.00")).lines == ()


def test_labels_under_the_figures_of_every_item_are_no_text_of_it() -> None:
    reading = document("""
  Ball valve 22             4     pcs        80.00      20%        320.00
  Item               Quantity     Unit  Unit price      VAT    Net amount

  Elbow 15                 12     box        14.50      20%        174.00
  Item               Quantity     Unit  Unit price      VAT    Net amount

  Tile adhesive             4     bag        31.00      20%        124.00
  Item               Quantity     Unit  Unit price      VAT    Net amount
""")
    assert [row[0] for row in rows_of(reading)] == ["Ball valve 22", "Elbow 15", "Tile adhesive"]
    assert [shown(line.unit) for line in reading.lines] == ["pcs", "box", "bag"]


def test_a_note_in_small_print_is_no_part_of_the_name_above_it() -> None:
    words, pages = words_of(
        HEAD
        + """
  Description                       Qty    Unit price    Amount
  Ball valve 22                       4         80.00    320.00
  Warranty of two years
  Elbow 15                           12         14.50    174.00
  Tile adhesive                       4         31.00    124.00
  in a paper bag
"""
        + SUMS
    )
    small = {"Warranty", "of", "two", "years"}
    shrunk = [
        replace(w, box=replace(w.box, y1=w.box.y1 - 0.25 * (w.box.y1 - w.box.y0)))
        if w.text in small
        else w
        for w in words
    ]
    reading = invoice.interpret(shrunk, pages, hints=Hints())
    names = [row[0] for row in rows_of(reading)]
    assert names == ["Ball valve 22", "Elbow 15", "Tile adhesive in a paper bag"]


def test_headings_that_touch_each_other_are_parted() -> None:
    reading = read("""
  FAKTURA VAT nr 31/11/2026                         Data wystawienia: 2026-11-20

  Nazwa              Ilość  Jm  Cena netto  VAT  Wartość nettoWartość brutto
  Rura PEX 16x2        100  mb        3,20  23%      320,00         393,60
  Kolano 20             12  szt      14,50  23%      174,00         214,02
  Klej do glazury        4  op       31,00   8%      124,00         133,92

  Razem netto   618,00
  Razem VAT     123,54
  Do zapłaty    741,54 PLN
""")
    assert [shown(line.line_net) for line in reading.lines] == ["320.00", "174.00", "124.00"]
    gross = [line.line_gross.value for line in reading.lines if line.line_gross]
    assert gross == [Decimal("393.60"), Decimal("214.02"), Decimal("133.92")]


def test_the_title_of_a_delivery_with_its_order_is_no_part_of_a_name() -> None:
    reading = document("""
  Description                       Qty    Unit price    Amount
  WZ/927/2026 z dnia 27.02.2026, zamówienie 64573
  Ball valve 22                       4         80.00    320.00
  Elbow 15                           12         14.50    174.00
  WZ/928/2026 z dnia 28.02.2026, zamówienie 64574
  Tile adhesive                       4         31.00    124.00
""")
    assert [row[0] for row in rows_of(reading)] == ["Ball valve 22", "Elbow 15", "Tile adhesive"]


def test_names_with_an_amount_each_need_no_headings_over_their_sum() -> None:
    reading = document("""
  Survey of unit 4                                      320.00
  Testing and certification                             174.00
  Waste removal                                         124.00
""")
    assert [(row[0], row[3]) for row in rows_of(reading)] == [
        ("Survey of unit 4", "320.00"),
        ("Testing and certification", "174.00"),
        ("Waste removal", "124.00"),
    ]


def test_a_return_in_brackets_is_negative() -> None:
    reading = document("""
  Description                       Qty    Unit price    Amount
  Ball valve 22                      10         80.00    800.00
  Elbow 15                           (4)        45.50   (182.00)
""")
    assert rows_of(reading) == [
        ("Ball valve 22", "10", "80.00", "800.00"),
        ("Elbow 15", "-4", "45.50", "-182.00"),
    ]
    assert all(line.line_net and line.line_net.proof.proven for line in reading.lines)


def test_codes_under_item_numbers_are_the_sellers() -> None:
    reading = document("""
  QUANTITY     ITEM #      DESCRIPTION        UNIT PRICE    EXTENDED
  4.00         BV-0022     Ball valve 22           80.00      320.00
  12.00        EL-0015     Elbow 15                14.50      174.00
  4.00         TA-0025     Tile adhesive           31.00      124.00
""")
    assert [row[0] for row in rows_of(reading)] == ["Ball valve 22", "Elbow 15", "Tile adhesive"]
    assert [shown(line.article_no) for line in reading.lines] == ["BV-0022", "EL-0015", "TA-0025"]


def test_numbers_with_points_before_rows_without_headings_are_no_codes() -> None:
    reading = document("""
  1.   Ball valve 22             4     pcs        80.00       320.00
  2.   Elbow 15                 12     box        14.50       174.00
  3.   Tile adhesive             4     bag        31.00       124.00
""")
    assert len(reading.lines) == 3
    assert not any(line.article_no for line in reading.lines)
