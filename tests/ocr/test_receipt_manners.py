"""Manners in which other tills print items, taxes and heads, Polish and foreign."""

from __future__ import annotations

from dataclasses import replace

import pytest

from ocr import text_layer
from ocr.reading import DocumentKind, Hints, Page, Reading
from tests.ocr.slips import items, proven, read, read_words, shown, words_of
from tests.ocr.test_receipt_forms import fiscal

_KLEJ = ("KLEJ 25KG", "3", "24.90", "74.70")


def _layer(text: str) -> Reading:
    """The same slip as the text of a narrow PDF, by the route that such pages take."""
    words = tuple(replace(word, engine="pdf-text") for word in words_of(text))
    return text_layer.interpret(words, (Page(1, 400, 1500),), (), Hints())[0]


@pytest.mark.parametrize(
    "rows",
    [
        "KLEJ 25KG\n   3 x 24,90 A              74,70",
        "KLEJ 25KG\n   3 szt x 24,90zł/szt = 74,70 zł A",
        "KLEJ 25KG\n   3 szt x 24,90zk/szt = 74,70 zX A",
        "KLEJ 25KG\n   Cena: 24,90 zX/szt\n   Ilość: 3              74,70 A",
        "KLEJ 25KG\n   3 szt x 24,90 zł / szt. = 74,70 zł A",
        "KLEJ 25KG.......3x24,90 74,70A",
        "KLEJ 25KG [szt]\n   3   24,90               74,70A",
        "KLEJ 25KG\n   3 szt a 24,90              74,70 A",
        "KLEJ 25KG\n   3 szt @ 24,90 PLN      74,70 PLN A",
        "KLEJ 25KG /szt/\n   3 x 24,90 = 74,70 PTU A",
        "KLEJ 25KG; szt\n   3 x 24,90              74,70 A",
        "KLEJ 25KG\n  3 SZT X 24,90\n  WARTOŚĆ             74,70 A",
        "KLEJ 25KG\n   ilość 3 szt cena 24,90   74,70 A",
        "KLEJ 25KG\n   (cena regularna 29,90)\n   3 x 24,90   74,70A",
        "KLEJ 25KG\n   Najniższa cena z 30 dni: 22,90\n   3 x 24,90   74,70A",
        "KLEJ 25KG\n   Cena przed obniżką 29,90 A\n   3 x 24,90   74,70A",
    ],
)
def test_an_item_is_the_same_however_it_is_printed(rows: str) -> None:
    reading = read(fiscal(f"{rows}\nGRUNT 5L    1 x79,00   79,00A", "153,70"))
    assert items(reading) == [_KLEJ, ("GRUNT 5L", "1", "79.00", "79.00")]
    assert all(proven(line.line_gross) for line in reading.lines)


@pytest.mark.parametrize(
    "told",
    ["Po rabacie:", "Cena po rabacie", "CENA PO OPUŚCIE", "WARTOŚĆ PO RABACIE", "Cena z kartą"],
)
def test_what_an_item_costs_after_its_discount_is_no_other_discount(told: str) -> None:
    body = f"""
KLEJ 25KG   3 x24,90  74,70A
   RABAT              -5,00A
   {told}             69,70A
GRUNT 5L    1 x79,00  79,00A
"""
    reading = read(fiscal(body, "148,70"))
    assert [str(cut.amount.value) for cut in reading.discounts] == ["5.00"]
    assert len(reading.lines) == 2
    assert proven(reading.lines[0].line_gross)


@pytest.mark.parametrize(
    ("rows", "article"),
    [
        ("SKU 4123306 KLEJ 25KG\n   3 szt x 24,90   74,70 A", "4123306"),
        ("#4123306\nKLEJ 25KG\n   3 szt x 24,90   74,70 A", "4123306"),
        ("KLEJ 25KG\n (4123306) szt\n   3 szt x 24,90   74,70 A", "4123306"),
        ("KLEJ 25KG (4123306)\n   3 szt x 24,90   74,70 A", "4123306"),
        ("KLEJ 25KG\n  117.794.21\n   3 szt x 24,90   74,70 A", "117.794.21"),
    ],
)
def test_the_number_of_goods_behind_or_under_their_name(rows: str, article: str) -> None:
    reading = read(fiscal(rows, "74,70"))
    assert items(reading) == [_KLEJ]
    assert shown(reading.lines[0].article_no) == article


def test_a_bracket_behind_one_name_of_many_belongs_to_it() -> None:
    body = "KLEJ (25000)\n   3 szt x 24,90   74,70 A\nGRUNT 5L    1 x79,00   79,00A"
    assert items(read(fiscal(body, "153,70")))[0][0] == "KLEJ (25000)"


def test_a_row_that_begins_with_a_small_letter_continues_the_name() -> None:
    body = """
Gniazdo podwójne białe kolor
antracyt mat RAL 7016
                  1 x 27,49 = 27,49 A
Dachówka karpiówka
                  2 x 31,60 = 63,20 A
"""
    names = [name for name, *_ in items(read(fiscal(body, "90,69")))]
    assert names == ["Gniazdo podwójne białe kolor antracyt mat RAL 7016", "Dachówka karpiówka"]


def test_figures_over_their_names_keep_their_counts() -> None:
    body = """
3 szt x 24,90              74,70 A
     KLEJ 25KG
   RABAT                   -4,70 A
1 rol x 79,00              79,00 A
     SIATKA 145G
12 m x 5,00                60,00 A
     KABEL YDYP
"""
    reading = read(fiscal(body, "209,00"))
    assert items(reading) == [
        _KLEJ,
        ("SIATKA 145G", "1", "79.00", "79.00"),
        ("KABEL YDYP", "12", "5.00", "60.00"),
    ]
    assert proven(reading.total_gross)


def test_the_count_of_items_in_a_column_of_its_own_is_no_part_of_names() -> None:
    body = """
 1 KLEJ 25KG
   3 szt x 24,90 zł      74,70 zł  A
 2 GRUNT 5L
   1 szt x 79,00 zł      79,00 zł  A
 3 KABEL YDYP
   12 m x 5,00 zł        60,00 zł  A
"""
    expected = ["KLEJ 25KG", "GRUNT 5L", "KABEL YDYP"]
    slip = fiscal(body, "213,70")
    assert [name for name, *_ in items(read(slip))] == expected
    assert [name for name, *_ in items(_layer(slip))] == expected


@pytest.mark.parametrize(
    "taxes",
    [
        "SPRZEDAŻ OPODATKOWANA\n  A 23%   79,00\n  B 8%    35,70\n"
        "KWOTA PTU\n  A 23%   14,77\n  B 8%     2,64\nSUMA KWOT PTU   17,41",
        "Sprz. opod. A: 79,00 zł\nPTU 23%: 14,77\nSprz. opod. B: 35,70 zł\nPTU 8%: 2,64\n"
        "Suma PTU: 17,41",
        "Sprzedaż opodatk. A = 23 %  79,00\nSprzedaż opodatk. B = 8 %  35,70\n"
        "Podatek PTU A  14,77\nPodatek PTU B  2,64",
        "Stawka    Brutto   Netto   VAT\nA 23%  79,00  64,23  14,77\nB 8%  35,70  33,06  2,64",
    ],
)
def test_rates_in_tables_with_headings_or_without_their_letter(taxes: str) -> None:
    slip = fiscal("CIĘCIE PŁYT   3 x11,90  35,70B\nGRUNT 5L    1 x79,00   79,00A", "114,70")
    begin, end = slip.index("SPRZEDAŻ"), slip.index("SUMA PLN")
    reading = read(f"{slip[:begin]}{taxes}\n{slip[end:]}")
    assert [shown(line.vat_rate) for line in reading.lines] == ["8", "23"]
    assert {shown(rate.vat) for rate in reading.rate_totals} == {"14.77", "2.64"}


def test_a_spaced_label_and_a_greeting_hide_neither_number_nor_seller() -> None:
    slip = fiscal("KLEJ 25KG\n   3 szt x 24,90   74,70 A", "74,70")
    slip = slip.replace("NIP 526-587-76-35 ", "N I P  5265877635").replace(
        "SKŁAD KORNIK SP. Z O.O.", "* * * WITAMY * * *\n        Ogrody Maria Bąk"
    )
    reading = read(slip)
    assert shown(reading.seller.vat_id) == "5265877635"
    assert shown(reading.seller.name) == "Ogrody Maria Bąk"


_ABROAD = """
       Eisenwaren Muster KG
       Hauptstrasse 12
       8004 Zürich
    CHE-459.123.651 MWST
Malerkrepp 50m            1 x 6.79     6.79 A
{rows}
TOTAL CHF                        {total}
Bar CHF                          {total}
inkl. 8.1% MwSt                    0.51
20.10.2026   20:25   Bon 6048  Kasse 2
    Vielen Dank für Ihren Einkauf!
       * * Kundenbeleg * *
Datum: 20.10.2026
Beleg-Nr. 4711
"""


def test_a_swiss_slip_is_rounded_and_in_francs() -> None:
    text = _ABROAD.format(rows="Rundung              0.01", total="6.80")
    for reading in (read(text), _layer(text)):
        assert shown(reading.currency) == "CHF"
        assert shown(reading.total_gross) == "6.80"
        assert [name for name, *_ in items(reading)] == ["Malerkrepp 50m"]
        assert reading.kind is DocumentKind.RECEIPT


def test_the_price_of_one_under_its_amount() -> None:
    text = _ABROAD.format(
        rows="6 x Handschuhe\n                 23.94 A\n     à 3.99", total="30.73"
    )
    assert items(read(text))[1] == ("Handschuhe", "6", "3.99", "23.94")


def test_the_net_part_of_a_sum_is_not_the_sum() -> None:
    reading = read(
        """
GREEN LANE SUPPLIES
14 High Street
Dublin 8
Cement 25kg                  5.60
Total EUR                    5.60
Contactless                  5.60
VAT @ 23%                    1.05
Net                          4.55
20 Oct 2026  18:17   #6501
THANK YOU  CASHIER 2  RECEIPT
"""
    )
    assert shown(reading.total_gross) == "5.60"


def test_a_price_for_each_stands_under_the_items() -> None:
    reading = read(
        """
THE TOOL HUT
22 High Street
6 Plasterboard 2400x1200               59.10
   @ 9.85 each
Bananas Loose                           1.13
   1.141 kg NET @ 0.99/kg
TOTAL                                 £60.23
CASH                                  £60.23
CHANGE                                 £0.00
20 Oct 2026  18:17   #6501
THANK YOU  RECEIPT
"""
    )
    assert items(reading) == [
        ("Plasterboard 2400x1200", "6", "9.85", "59.10"),
        ("Bananas Loose", "1.141", "0.99", "1.13"),
    ]


def test_what_narrow_paper_shows_without_the_number_of_an_invoice_is_a_slip() -> None:
    reading = _layer(
        """
CORNER STORE
22 High Street
Item            Qty   Price   Total
Masking Tape      2    2.99    5.98
Work Gloves       1    4.25    4.25
Total                         10.23
VISA DEBIT                    10.23
13 Jan 2026  20:02   #2285
THANK YOU
"""
    )
    assert reading.kind is DocumentKind.RECEIPT
    assert shown(reading.issue_date) == "2026-01-13"
    assert items(reading)[0] == ("Masking Tape", "2", "2.99", "5.98")


def test_words_at_the_left_of_names_are_no_figures() -> None:
    slip = fiscal("KLEJ 25KG   3 x24,90  74,70A\nGRUNT 5L    1 x79,00   79,00A", "153,70")
    assert items(read_words(words_of(slip, shift=0.1)))[0] == _KLEJ


def test_the_day_on_a_cards_print_under_the_tills_number_is_no_rival() -> None:
    slip = fiscal("KLEJ 25KG\n   3 szt x 24,90   74,70 A", "74,70").rstrip()
    reading = read(f"{slip}\nEAZ2101234567\nKOPIA DLA KLIENTA\nDATA 26-11-20 GODZ 14:08")
    assert shown(reading.issue_date) == "2026-11-20"
    assert reading.findings == ()


def test_figures_behind_german_labels() -> None:
    rows = "2. Wandfarbe\n   Menge 3  EP 4.00              12.00"
    assert items(read(_ABROAD.format(rows=rows, total="18.79")))[1] == (
        "Wandfarbe", "3", "4.00", "12.00",
    )  # fmt: skip
