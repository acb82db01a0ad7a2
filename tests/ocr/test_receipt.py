"""Fiscal slips: items, discounts, sums and letters, head and foot, as tills print them."""

from __future__ import annotations

from dataclasses import replace

import pytest

from tests.ocr.slips import items, proven, read, read_words, shown, words_of

SLIP = """
        HURTOWNIA RURKA SP. Z O.O.
        ul. Składowa 5, 30-002 Kraków
NIP 526-587-76-35                       nr:104233
              PARAGON FISKALNY
RURA PEX 16                100 x4,29      429,00A
KOLANO 16X1/2 GW            10 x8,90       89,00A
GUMA USZCZELN. 3M            2 x10,50      21,00B
  OPUST GUMA                               -1,00B
KLEJ CM11 25KG               4 x32,50     130,00A
OPUSTY ŁĄCZNIE                             -1,00
SPRZEDAŻ OPODATKOWANA A                   648,00
SPRZEDAŻ OPODATKOWANA B                    20,00
PTU A 23%                                 121,17
PTU B 8%                                    1,48
SUMA PTU                                  122,65
SUMA PLN                                  668,00
ROZLICZENIE PŁATNOŚCI
KARTA                                 668,00 PLN
00217 #2 KASJER 02            2026-11-20 14:07
NIP NABYWCY: 123-456-32-18
                 EAZ 2101234567
Nr sys. 3117
"""


def test_a_slip_is_read_whole_and_its_sum_proves_the_figures() -> None:
    reading = read(SLIP)
    assert items(reading) == [
        ("RURA PEX 16", "100", "4.29", "429.00"),
        ("KOLANO 16X1/2 GW", "10", "8.90", "89.00"),
        ("GUMA USZCZELN. 3M", "2", "10.50", "21.00"),
        ("KLEJ CM11 25KG", "4", "32.50", "130.00"),
    ]
    assert all(proven(line.line_gross) and proven(line.quantity) for line in reading.lines)
    assert proven(reading.total_gross)
    assert shown(reading.total_gross) == "668.00"
    assert reading.findings == ()


def test_head_and_foot_give_who_when_and_which_till() -> None:
    reading = read(SLIP)
    assert shown(reading.seller.name) == "HURTOWNIA RURKA SP. Z O.O."
    assert shown(reading.seller.vat_id) == "5265877635"
    assert shown(reading.buyer.vat_id) == "1234563218"
    assert shown(reading.issue_date) == "2026-11-20"
    assert shown(reading.issue_time) == "14:07"
    assert shown(reading.print_number) == "104233"
    assert shown(reading.receipt_number) == "00217"
    assert shown(reading.cash_register_id) == "EAZ2101234567"
    assert shown(reading.system_number) == "3117"


def test_the_letter_of_an_item_becomes_the_rate_that_the_slip_prints_for_it() -> None:
    reading = read(SLIP)
    assert [shown(line.vat_rate) for line in reading.lines] == ["23", "23", "8", "23"]
    by_rate = {row.vat_rate: (shown(row.gross), shown(row.vat)) for row in reading.rate_totals}
    assert by_rate == {"23": ("648.00", "121.17"), "8": ("20.00", "1.48")}


def test_a_discount_belongs_to_the_item_above_it_and_its_sum_is_not_another_one() -> None:
    reading = read(SLIP)
    (cut,) = reading.discounts
    assert (str(cut.amount.value), cut.applies_to, cut.vat_rate) == ("1.00", 3, "8")


def test_a_discount_that_is_already_in_the_price_is_not_taken_off_again() -> None:
    noted = SLIP.replace(
        "KOLANO 16X1/2 GW            10 x8,90       89,00A",
        "KOLANO 16X1/2 GW            10 x8,90       89,00A\n Uwzgl. opust: -4,50 st. c   93,50",
    )
    reading = read(noted)
    assert len(reading.discounts) == 1
    assert proven(reading.total_gross)


def test_a_cancelled_item_is_not_bought() -> None:
    cancelled = SLIP.replace(
        "GUMA USZCZELN. 3M ",
        "ŚRUBA M8                     3 x5,00      15,00A\n"
        "STORNO ŚRUBA M8              3 x5,00     -15,00A\nGUMA USZCZELN. 3M ",
    )
    reading = read(cancelled)
    assert "ŚRUBA M8" not in [name for name, *_ in items(reading)]
    assert proven(reading.total_gross)
    assert [finding.code for finding in reading.findings] == ["cancelled-item"]


def test_a_price_misread_in_one_figure_follows_from_an_amount_that_the_sum_proves() -> None:
    reading = read(SLIP.replace("4 x32,50     130,00A", "4 x32,80     130,00A"))
    assert items(reading)[3] == ("KLEJ CM11 25KG", "4", "32.50", "130.00")


def test_amounts_that_do_not_give_the_sum_are_not_proven_and_the_slip_says_so() -> None:
    reading = read(SLIP.replace("x4,29      429,00A", "x4,39      439,00A"))
    assert "sum-differs" in [finding.code for finding in reading.findings]
    assert not proven(reading.lines[2].line_gross) or shown(reading.lines[2].quantity) == "2"
    assert shown(reading.total_gross) == "668.00"


def test_print_beside_the_slip_is_no_part_of_its_rows() -> None:
    beside = SLIP.replace(" 89,00A", " 89,00A     NIGER")
    assert beside != SLIP
    assert items(read(beside)) == items(read(SLIP))


def test_a_misread_letter_is_the_one_that_the_sales_per_letter_leave() -> None:
    reading = read(SLIP.replace("21,00B", "21,008"))
    assert [shown(line.vat_rate) for line in reading.lines] == ["23", "23", "8", "23"]


def test_names_above_their_figures_are_joined_with_them() -> None:
    reading = read("""
Sklep Budowlany Anna Rak
NIP 123-456-32-18
PARAGON FISKALNY
TYNK GIPSOWY MASZYNOWY BIAŁY 30KG
                            12 x24,90     298,80A
GRUNT GŁĘBOKO PENETRUJĄCY 5L
                             2 x31,00      62,00A
SPRZEDAŻ OPODATKOWANA A                   360,80
PTU A 23%                                  67,47
SUMA PLN                                  360,80
""")
    assert items(reading) == [
        ("TYNK GIPSOWY MASZYNOWY BIAŁY 30KG", "12", "24.90", "298.80"),
        ("GRUNT GŁĘBOKO PENETRUJĄCY 5L", "2", "31.00", "62.00"),
    ]


@pytest.mark.parametrize(
    "items_printed",
    [
        """
CHLEB ZWYKŁY 500G
5901234123457
   2 x 3,50                    7,00 C
MASŁO EXTRA 200G
5900076723030
   1 x 8,00                    8,00 C
""",
        """
5901234123457
CHLEB ZWYKŁY 500G     2 x3,50  7,00 C
5900076723030
MASŁO EXTRA 200G      1 x8,00  8,00 C
""",
        """
CHLEB ZWYKŁY 500G     2 x3,50  7,00 C
5901234123457
MASŁO EXTRA 200G      1 x8,00  8,00 C
5900076723030
""",
    ],
    ids=["between name and figures", "over names", "under figures"],
)
def test_a_bar_code_belongs_to_the_item_that_it_is_printed_with(items_printed: str) -> None:
    reading = read(
        f"""
PARAGON FISKALNY
{items_printed.strip()}
SPRZEDAŻ OPODATKOWANA C        15,00
PTU C 5%                        0,71
SUMA PLN                       15,00
"""
    )
    assert [(shown(line.description), shown(line.gtin)) for line in reading.lines] == [
        ("CHLEB ZWYKŁY 500G", "5901234123457"),
        ("MASŁO EXTRA 200G", "5900076723030"),
    ]


def test_article_numbers_and_letters_in_front_of_all_names_are_columns() -> None:
    reading = read("""
NIP 123-456-32-18
PARAGON FISKALNY
340133 R0ZDZ. P/T B0X        4 x120,23    480,92A
235168 YDY ZO 3X1,5        100 x2,10      210,00A
SUMA PLN                                  690,92
""")
    assert items(reading) == [
        ("ROZDZ. P/T BOX", "4", "120.23", "480.92"),
        ("YDY ZO 3X1,5", "100", "2.10", "210.00"),
    ]
    assert [shown(line.article_no) for line in reading.lines] == ["340133", "235168"]
    lettered = read("""
NIP 123-456-32-18
PARAGON FISKALNY
A FARBA AKRYLOWA             4 x20,00      80,00A
C WODA ŹRÓDLANA             10 x2,10       21,00C
SUMA PLN                                  101,00
""")
    assert [name for name, *_ in items(lettered)] == ["FARBA AKRYLOWA", "WODA ŹRÓDLANA"]


def test_a_shop_app_with_headings_over_its_columns_is_read() -> None:
    reading = read("""
Sklep 3218 TARGOWA 4
NIP 526-587-76-35
18.11.2026 16:34
NIEFISKALNY
Nazwa               PTU   Ilość    Cena  Wartość
Zaprawa klejąca 25  A   1.000 x   38,99    38,99
Rabat                                      -4,00
                                           34,99
Wiadro 12l          A   2.000 x   13,99    27,98
Sprzedaż opodatkowana A                    62,97
PTU A 23%                                  11,77
Suma PLN                                   62,97
""")
    assert items(reading) == [
        ("Zaprawa klejąca 25", "1.000", "38.99", "38.99"),
        ("Wiadro 12l", "2.000", "13.99", "27.98"),
    ]
    assert proven(reading.total_gross)
    assert "not-fiscal" in [finding.code for finding in reading.findings]


def test_clipped_amounts_follow_from_quantity_and_price_where_the_sum_agrees() -> None:
    reading = read("""
Market Budowlany sp. z o.o.
2026-11-16
PARAGON FISKALNY
Kołki rozporowe 8       2 * 1,79         3,58 A
Taśma malarska          1 * 2,49...  A
Pianka montażowa       10 * 4,59    45,.. A
Razem                                   51,97
RAZEM PLN                               51,97
""")
    assert items(reading)[1:] == [
        ("Taśma malarska", "1", "2.49", "2.49"),
        ("Pianka montażowa", "10", "4.59", "45.90"),
    ]
    assert proven(reading.total_gross)


PRICED = """
Market Budowlany
Podsumowanie zakupów
                              Cena PLN
Zaprawa klejąca 25kg             38,99
Wiadro 12l                       13,99
Pędzel angielski                  7,10
Ogółem                           60,08
Data: 09.12.2025
"""


def test_a_list_of_names_and_prices_counts_where_it_gives_the_total() -> None:
    reading = read(PRICED)
    assert items(reading) == [
        ("Zaprawa klejąca 25kg", "", "", "38.99"),
        ("Wiadro 12l", "", "", "13.99"),
        ("Pędzel angielski", "", "", "7.10"),
    ]
    assert proven(reading.total_gross)
    assert read(PRICED.replace("7,10", "7,70")).lines == ()


@pytest.mark.parametrize(
    ("head", "number"),
    [
        pytest.param("NIP 5265877635                nr:251870", "251870", id="behind the NIP"),
        pytest.param("nr wydr. 354272/0892", "354272", id="with the day's report"),
        pytest.param("2026-11-20 12:36              1089872", "1089872", id="beside the date"),
        pytest.param("20-11-2026 18:24              W715568", "715568", id="with a W"),
    ],
)
def test_the_number_of_the_print_out_is_found(head: str, number: str) -> None:
    text = f"Market sp. z o.o. Sklep nr 2151\nNIP 5265877635\n{head}\nPARAGON FISKALNY\n"
    reading = read(text + "WODA 1L     1 x2,00   2,00A\nSUMA PLN   2,00\nDo paragonu: 54059\n")
    assert shown(reading.print_number) == number


def test_speaking_of_a_receipt_does_not_begin_another_one() -> None:
    told = SLIP + 'LICZBA PO "Nr sys."\nJEST NR PARAGONU\nMarket: 3761 Paragon: 81288\n'
    assert read(told).findings == ()
    again = SLIP + SLIP
    assert [finding.code for finding in read(again).findings] == ["second-slip"]
    assert items(read(again)) == items(read(SLIP))


def test_of_two_slips_side_by_side_the_longer_one_is_read() -> None:
    short = """
NIP 123-456-32-18
PARAGON FISKALNY
WODA 1L                      1 x2,00        2,00A
SPRZEDAŻ OPODATKOWANA A                     2,00
PTU A 23%                                   0,37
SUMA PLN                                    2,00
"""
    both = words_of(short) + words_of(SLIP, shift=0.95)
    reading = read_words(both)
    assert shown(reading.total_gross) == "668.00"
    assert "second-slip" in [finding.code for finding in reading.findings]


def test_what_is_not_fiscal_proves_nothing() -> None:
    reading = read(SLIP.replace("PARAGON FISKALNY", "NIEFISKALNY"))
    assert reading.kind.value == "other"
    assert "not-fiscal" in [finding.code for finding in reading.findings]


def test_german_and_english_slips_give_date_and_sum() -> None:
    german = read("""
BAUMARKT NORD GmbH
Hauptstr. 12
22041 Hamburg
Schrauben 4x40          EUR
                             7,99 A
Dübel                        3,49 A
SUMME               EUR     11,48
MwSt 19,00%  Netto 9,65      1,83
Bar                         20,00
Rückgeld                     8,52
Datum 14.05.2026   Uhrzeit 12:14
Vielen Dank für Ihren Einkauf
""")
    assert (german.language, shown(german.issue_date)) == ("de", "2026-05-14")
    assert (shown(german.total_gross), shown(german.currency)) == ("11.48", "EUR")
    assert proven(german.total_gross)
    assert items(german) == [("Schrauben 4x40", "", "", "7.99"), ("Dübel", "", "", "3.49")]
    assert all(proven(line.line_gross) for line in german.lines)
    english = read("""
NORTH TOOLS TRADING SDN BHD
TAX INVOICE
Date: 14/05/2026   Time: 12:14
Hammer              1   RM 21.00
Nails               2   RM  4.50
SUBTOTAL                RM 25.50
GST 6%                      1.53
TOTAL                   RM 27.03
CASH                    RM 30.00
CHANGE                      2.97
THANK YOU
""")
    assert (english.language, shown(english.issue_date)) == ("en", "2026-05-14")
    assert shown(english.total_gross) == "27.03"
    assert shown(english.seller.name) == "NORTH TOOLS TRADING SDN BHD"
    bought = [(shown(line.description), shown(line.line_net)) for line in english.lines]
    assert bought == [("Hammer", "21.00"), ("Nails", "4.50")]
    assert (shown(english.total_net), shown(english.total_vat)) == ("25.50", "1.53")


def test_a_sum_before_tax_is_the_total_only_where_the_payment_says_so() -> None:
    slip = """
NORTH HARDWARE LTD
Date: 14/05/2026   Time: 12:14
Hammer                    $21.00
SUBTOTAL                  $21.00
TAX                        $1.68
CARD                      {paid}
THANK YOU, PLEASE COME AGAIN
"""
    paid = read(slip.format(paid="$22.68")).total_gross
    assert (shown(paid), proven(paid)) == ("22.68", False)  # what was paid, not the sum before tax
    whole = read(slip.format(paid="$21.00"))
    assert (shown(whole.total_gross), shown(whole.currency)) == ("21.00", "USD")


@pytest.mark.parametrize("seen", ["26.25", "26-25", ".26-25", "26 25", "..26-25"])
def test_a_point_of_the_total_may_be_seen_as_a_dash_behind_leaders(seen: str) -> None:
    slip = f"""
NORTH TOOLS TRADING SDN BHD
Date: 14/05/2026   Time: 12:14
Hammer                    21.00
Nails                      5.25
TOTAL                     {seen}
CASH                      26.25
CHANGE                     0.00
THANK YOU, PLEASE COME AGAIN
"""
    assert shown(read(slip).total_gross) == "26.25"


def test_a_part_of_an_item_may_be_taken_back_and_a_charge_may_be_added() -> None:
    reading = read("""
        SKLEP U EWY, ul. Mokra 3
NIP 526-587-76-35                         DN.26r01.17
              PARAGON FISKALNY
REKLAMÓWKA_A               3 x0,70         2,10A
STORNO REKLAMÓWKA          1 x0,70        -0,70A
RURA MIEDZIANA             2 x30,00       60,00A
  NARZUT 2,00%                            +1,20A
ZUPA DNIA                  2 x10,00       20,00B
RABAT                                     -6,14
  A                                       -4,14
  B                                       -2,00
SPRZEDAŻ OPOD. A   58,46   SPRZEDAŻ OPOD. B   18,00
PTU A 23%  10,93   PTU B 8%   1,33
RAZEM PTU                                 12,26
S U M A  PLN                              76,46
NR UNIKATOWY: EBF 2201334455
""")
    assert items(reading) == [
        ("REKLAMÓWKA", "2", "0.70", "1.40"),
        ("RURA MIEDZIANA", "2", "30.00", "60.00"),
        ("ZUPA DNIA", "2", "10.00", "20.00"),
    ]
    assert all(proven(line.line_gross) for line in reading.lines)
    assert [str(cut.amount.value) for cut in reading.discounts] == ["-1.20", "6.14"]
    assert [shown(line.vat_rate) for line in reading.lines] == ["23", "23", "8"]
    assert (shown(reading.total_vat), shown(reading.issue_date)) == ("12.26", "2026-01-17")
    assert shown(reading.cash_register_id) == "EBF2201334455"


def test_a_name_on_two_rows_is_whole_and_a_remark_behind_its_letter_is_no_part_of_it() -> None:
    reading = read("""
        STACJA PALIW SP. Z O.O.
NIP 526-587-76-35                       nr:104233
              PARAGON FISKALNY
KURTKA ROBOCZA OCIEPLANA NA
ZAMEK XL 8545321 A
                           1 x129,00      129,00A
OLEJ NAPĘDOWY A
(CN 27102011) Dystr.5
                        9,87 1. x6,08      60,01A
SPRZEDAŻ OPODATKOWANA A                   189,01
PTU A 23%                                  35,34
SUMA PLN                                  189,01
""")
    assert shown(reading.lines[1].quantity) == "9.87"
    assert [name for name, *_ in items(reading)] == [
        "KURTKA ROBOCZA OCIEPLANA NA ZAMEK XL 8545321",
        "OLEJ NAPĘDOWY",
    ]
    assert reading.findings == ()


def test_where_the_sum_differs_not_even_a_product_proves_its_row() -> None:
    reading = read(SLIP.replace("100 x4,29      429,00A", " 10 x4,29       42,90A"))
    assert "sum-differs" in [finding.code for finding in reading.findings]
    assert not any(proven(line.line_gross) or proven(line.quantity) for line in reading.lines)


@pytest.mark.parametrize(
    ("printed", "line"),
    [
        ("3 X  0,99\nRIEGEL                    2,97 B", ("RIEGEL", "3", "0.99", "2.97")),
        ("RIEGEL                    2,97 B\n3 Stk x 0,99", ("RIEGEL", "3", "0.99", "2.97")),
        ("RIEGEL     0,330 kg x 9,00  2,97*B", ("RIEGEL", "0.330", "9.00", "2.97")),
        ("4078500873307 RIEGEL\n3 STK          2,97 B", ("RIEGEL", "3", "", "2.97")),
        ("4078500873307             2,97 B\nRIEGEL", ("RIEGEL", "", "", "2.97")),
    ],
)
def test_items_of_slips_without_a_fiscal_memory_are_read(
    printed: str, line: tuple[str, str, str, str]
) -> None:
    reading = read(f"""
MARKT NORD GmbH
22041 Hamburg
TEL.: 040 123456
{printed}
PFAND                      0,25 C
LEERGUT                   -0,50 C
SUMME EUR                  2,72
MwSt  NETTO  MwSt  UMSATZ
B 7%   2,78  0,19  2,97
C 19% -0,21 -0,04 -0,25
Datum 14.05.2026   Uhrzeit 12:14
Vielen Dank für Ihren Einkauf
""")
    assert items(reading)[0] == line
    assert shown(reading.lines[0].vat_rate) == "7"
    assert all(proven(line.line_gross) for line in reading.lines)
    assert [str(cut.amount.value) for cut in reading.discounts] == ["0.50"]


def test_items_that_do_not_give_the_total_are_not_proven() -> None:
    reading = read("""
NORTH TOOLS TRADING SDN BHD
TAX INVOICE
Date: 14/05/2026   Time: 12:14
Hammer        2 x 10.50   RM 21.00
TOTAL                     RM 27.03
CASH                      RM 27.03
THANK YOU
""")
    assert items(reading) == [("Hammer", "2", "10.50", "21.00")]
    assert not proven(reading.lines[0].line_gross)
    assert not proven(reading.lines[0].quantity)
    assert "sum-differs" in [finding.code for finding in reading.findings]


@pytest.mark.parametrize(
    ("head", "name"),
    [
        ("Cele R\nKEDAI PAKU RUMAH\n(0005583085-K)\nLOT 2 JALAN DUA", "KEDAI PAKU RUMAH"),
        ("KEDAI PAKU RUMAH\n3, JALAN DUA,\nBANDAR TIGA\n81750 PLENTONG", "KEDAI PAKU RUMAH"),
        ("PAKU CASH & CARRY SON 3HD\n(590150-A)\n1 JALAN DUA", "PAKU CASH & CARRY SDN BHD"),
        ("PAKU RUMAH SDN BHD 8OZTZ5-U\n1 JALAN DUA", "PAKU RUMAH SDN BHD"),
        ("PAKU & CAT\n19, JALAN DUA,\n55100 IPOH\nMALAYSIA\nReg No.:75495-W", "PAKU & CAT"),
        ("#000002 PAKU (M) Sdn Bhd\nCOMPANY NO(814198-X)\nPAKU JAYA MALL", "PAKU (M) SDN BHD"),
        ("Best Paku Malaysia (308282-A)\nLot LG 26, Jalan Dua", "Best Paku Malaysia"),
        ("Paku Sdn Bhd (Co. No:20154-T)\nMenara Dua Level 2,", "Paku SDN BHD"),
        (
            "AIK PAKU\nENTERPRISE (TIGA\nDUA) SDN BHD\n1 JALAN DUA",
            "AIK PAKU ENTERPRISE (TIGA DUA) SDN BHD",
        ),
    ],
)
def test_a_firm_is_named_over_its_registration_number_or_address(head: str, name: str) -> None:
    reading = read(f"""
{head}
TAX INVOICE
Date: 14/05/2026   Time: 12:14
Hammer                    RM 21.00
TOTAL                     RM 21.00
CASH                      RM 21.00
THANK YOU
""")
    assert shown(reading.seller.name) == name


def test_a_word_with_a_taller_box_stays_between_its_neighbours() -> None:
    body = SLIP.replace("KOLANO 16X1/2 GW ", "PAPIER ŚCIERNY P120")
    words = [
        replace(word, box=replace(word.box, y0=word.box.y0 - 0.0004)) if "Ś" in word.text else word
        for word in words_of(body)
    ]
    words.sort(key=lambda word: (word.box.y0, word.box.x0))
    assert items(read_words(tuple(words)))[1] == ("PAPIER ŚCIERNY P120", "10", "8.90", "89.00")
