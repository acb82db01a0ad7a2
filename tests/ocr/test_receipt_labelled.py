"""Figures and codes behind labels, names on several rows, numbers in front of names."""

from __future__ import annotations

import pytest

from ocr.receipt_labelled import Code, codes_in
from tests.ocr.slips import items, proven, read, shown
from tests.ocr.test_receipt_forms import fiscal


@pytest.mark.parametrize(
    "figures",
    [
        "  Cena: 24,90 zł/szt\n  Ilość: 3                  74,70 A",
        "  Cena jedn.: 24,90 zł\n  Ilość: 3 szt\n  Wartość:               74,70 A",
        "  Ilość: 3 szt  Cena: 24,90  Wartość: 74,70 A",
        "  Ilość: 3 szt\n  Cena: 24,90             74,70A",
    ],
)
def test_figures_behind_labels_are_those_of_the_item_above(figures: str) -> None:
    reading = read(fiscal(f"KLEJ 25KG\n{figures}\nGRUNT 5L    1 x79,00   79,00A", "153,70"))
    assert items(reading) == [
        ("KLEJ 25KG", "3", "24.90", "74.70"),
        ("GRUNT 5L", "1", "79.00", "79.00"),
    ]
    assert all(proven(line.line_gross) for line in reading.lines)


def test_a_price_behind_its_label_that_stands_alone_is_no_figure_of_the_next_item() -> None:
    reading = read(fiscal("KLEJ 25KG\n  Cena: 24,90\nGRUNT 5L    1 x79,00   79,00A", "79,00"))
    assert items(reading)[-1] == ("GRUNT 5L", "1", "79.00", "79.00")


@pytest.mark.parametrize(
    "rows",
    [
        "KLEJ 25KG                 74,70 A\n   3 szt x 24,90   art. 100233",
        "KLEJ 25KG\n  kod: 100233   3 szt x 24,90   74,70 A",
        "KLEJ 25KG\n   3 szt x 24,90   74,70 A   kod: 100233",
        "[100233] KLEJ 25KG\n   3 szt x 24,90   74,70 A",
        "KLEJ 25KG\nIndeks 100233\n   3 szt x 24,90   74,70 A",
    ],
)
def test_a_code_beside_figures_is_the_number_of_their_item(rows: str) -> None:
    reading = read(fiscal(f"{rows}\nGRUNT 5L    1 x79,00   79,00A", "153,70"))
    assert items(reading)[0] == ("KLEJ 25KG", "3", "24.90", "74.70")
    assert [shown(line.article_no) for line in reading.lines] == ["100233", ""]


def test_a_bar_code_in_front_of_figures_is_the_items() -> None:
    body = "KLEJ 25KG\n  5901234123457      3 * 24,90    74,70 A\nGRUNT 5L    1 x79,00   79,00A"
    reading = read(fiscal(body, "153,70"))
    assert [shown(line.gtin) for line in reading.lines] == ["5901234123457", ""]
    assert items(reading)[0] == ("KLEJ 25KG", "3", "24.90", "74.70")


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("EAN: 5901234123457", Code("5901234123457", gtin=True)),
        ("5901234123457", Code("5901234123457", gtin=True)),
        ("EAN: 5901234123458", Code("5901234123458", gtin=False)),  # its check digit is another
        ("Nr art.: U0871", Code("U0871", gtin=False)),
        ("Indeks 10023", Code("10023", gtin=False)),
        ("117.794.21", Code("117.794.21", gtin=False)),
        ("(100233) szt", Code("100233", gtin=False)),
        ("#100233", Code("100233", gtin=False)),
        ("(100233", None),
        ("NR 10023", None),
        ("5901234123458", None),
        ("PLU 3 szt", None),
    ],
)
def test_what_is_a_code_and_whose(text: str, code: Code | None) -> None:
    assert codes_in(text) == ((code,) if code else ())


def test_a_row_may_tell_both_codes() -> None:
    both = (Code("5901234123457", gtin=True), Code("100233", gtin=False))
    assert codes_in("EAN: 5901234123457  Indeks: 100233") == both


def test_a_name_hangs_under_the_code_that_opens_it() -> None:
    body = """
7862422  Grunt penetrujący 5l
         kolor biały mat
         3,000 szt * 48,13  144,39 A
815950   Ziemia ogrodowa 50l
         1,000 szt * 21,99   21,99 A
"""
    reading = read(fiscal(body, "166,38"))
    names = [name for name, *_ in items(reading)]
    assert names == ["Grunt penetrujący 5l kolor biały mat", "Ziemia ogrodowa 50l"]
    assert [shown(line.article_no) for line in reading.lines] == ["7862422", "815950"]


def test_a_short_row_over_a_name_that_stands_further_right_is_not_its_beginning() -> None:
    body = """
FARBY
  Grunt penetrujący kolorowy
         3,000 szt * 48,13  144,39 A
  Ziemia ogrodowa workowana 50l
         1,000 szt * 21,99   21,99 A
"""
    assert items(read(fiscal(body, "166,38")))[0][0] == "Grunt penetrujący kolorowy"


def test_the_count_of_items_is_no_part_of_their_names_where_one_is_missing() -> None:
    body = """
1. Klej 25kg
    3 szt x 24,90 PLN    74,70 PLN A
3. Wkręt 4x40 200szt
    1 op x 18,49 PLN     18,49 PLN A
"""
    names = [name for name, *_ in items(read(fiscal(body, "93,19")))]
    assert names == ["Klej 25kg", "Wkręt 4x40 200szt"]
    alone = read(fiscal("1. Klej 25kg\n    3 szt x 24,90 PLN    74,70 PLN A", "74,70"))
    assert items(alone)[0][0] == "Klej 25kg"


@pytest.mark.parametrize(
    ("name", "amount"), [("Siatka 50m2", "139,00"), ("Silikon bezb. 280", "139,00")]
)
def test_a_figure_at_the_end_of_a_name_is_not_the_thousands_of_its_amount(
    name: str, amount: str
) -> None:
    body = f"{name} {amount} A\n   1 rol x 139,00\nGRUNT 5L    1 x79,00   79,00A"
    reading = read(fiscal(body, "218,00"))
    assert items(reading)[0] == (name, "1", "139.00", "139.00")
    assert all(proven(line.line_gross) for line in reading.lines)


def test_a_cancelled_item_whose_count_stands_under_its_amount_is_not_bought() -> None:
    kept = "CEMENT 25KG            32,00 A\n   2 szt x 16,00"
    taken = "KLEJ 25KG              24,90 A\n   1 szt x 24,90"
    back = "STORNO\nKLEJ 25KG             -24,90 A\n   1 szt x 24,90"
    reading = read(fiscal(f"{kept}\n{taken}\n{back}", "32,00"))
    assert items(reading) == [("CEMENT 25KG", "2", "16.00", "32.00")]
    assert [finding.code for finding in reading.findings] == ["cancelled-item"]


@pytest.mark.parametrize(
    "taxes",
    [
        "Sp.op.A 79,00     PTU 23%= 14,77\nSp.zw.E 35,70",
        "A 23,00%  64,23  14,77  79,00\nE zw.      35,70   0,00  35,70",
        "SPRZEDAŻ OPODATKOWANA A   79,00\nPTU A 23%   14,77\nSPRZEDAŻ ZWOLNIONA E  35,70",
    ],
)
def test_goods_without_tax_are_exempt(taxes: str) -> None:
    slip = fiscal("CIĘCIE PŁYT   3 x11,90  35,70E\nGRUNT 5L    1 x79,00   79,00A", "114,70")
    begin, end = slip.index("SPRZEDAŻ"), slip.index("SUMA PLN")
    reading = read(f"{slip[:begin]}{taxes}\n{slip[end:]}")
    assert [shown(line.vat_rate) for line in reading.lines] == ["zw", "23"]


def test_a_date_in_the_form_of_a_grouped_code_is_none() -> None:
    assert codes_in("117.794.21")
    assert codes_in("2026-03-04") == ()
    assert codes_in("04.03.2026") == ()
