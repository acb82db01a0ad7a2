"""Forms of slips that tills of other makers print: codes under names, cancellations, fuel, tips."""

from __future__ import annotations

import pytest

from ocr import receipt
from ocr.reading import Page
from tests.ocr.slips import items, proven, read, shown, words_of


def fiscal(body: str, total: str, *, foot: str = "") -> str:
    """A slip of one rate around the printed items."""
    return f"""
        SKŁAD KORNIK SP. Z O.O.
        ul. Składowa 5, 30-002 Kraków
NIP 526-587-76-35                       nr:104233
              PARAGON FISKALNY
{body.strip(chr(10))}
SPRZEDAŻ OPODATKOWANA A                   {total}
PTU A 23%
SUMA PLN                                  {total}
{foot}
2026-11-20 14:07
"""


def test_a_code_on_a_row_of_its_own_is_the_number_of_its_item() -> None:
    reading = read(
        fiscal(
            """
PŁYTA GK 12,5X1200                    A
 kod: 100233
                     2szt*38,90     77,80
PROFIL CD60 L=3M                      A
 kod: U0871
                     3szt*13,20     39,60
""",
            "117,40",
        )
    )
    assert [name for name, *_ in items(reading)] == ["PŁYTA GK 12,5X1200", "PROFIL CD60 L=3M"]
    assert [shown(line.article_no) for line in reading.lines] == ["100233", "U0871"]


@pytest.mark.parametrize(
    "cancelled",
    [
        "** STORNO **\nKLEJ 25KG\n  1 szt x 24,90            24,90 A",
        "ANULOWANO:\nKLEJ 25KG\n  1 szt x 24,90           -24,90 A",
        "KLEJ 25KG\n -1 szt x 24,90           -24,90 A",
    ],
)
def test_what_is_announced_as_cancelled_is_not_bought(cancelled: str) -> None:
    reading = read(
        fiscal(
            f"""
CEMENT 25KG
  2 szt x 16,00            32,00 A
KLEJ 25KG
  4 szt x 24,90            99,60 A
{cancelled}
""",
            "106,70",
        )
    )
    assert items(reading) == [
        ("CEMENT 25KG", "2", "16.00", "32.00"),
        ("KLEJ 25KG", "3", "24.90", "74.70"),
    ]
    assert all(proven(line.line_gross) for line in reading.lines)


def test_a_row_of_one_amount_is_an_item_where_the_sum_needs_it() -> None:
    body = """
KOŁEK 8X80            8 *   0,39     3,12 A
WIADRO 12L                          13,99 A
FOLIA 4M              4 *   5,49    21,96 A
"""
    assert items(read(fiscal(body, "39,07"))) == [
        ("KOŁEK 8X80", "8", "0.39", "3.12"),
        ("WIADRO 12L", "", "", "13.99"),
        ("FOLIA 4M", "4", "5.49", "21.96"),
    ]
    assert [name for name, *_ in items(read(fiscal(body, "25,08")))] == ["KOŁEK 8X80", "FOLIA 4M"]


def test_an_l_glued_to_litres_is_no_third_decimal() -> None:
    body = """
PB95 (2)
  41,371 x6,45             266,84 A
PŁYN ZIMOWY 5L
  1szt x29,99               29,99 A
"""
    assert items(read(fiscal(body, "296,83")))[0] == ("PB95 (2)", "41.37", "6.45", "266.84")
    without_units = body.replace("1szt", "1")
    assert items(read(fiscal(without_units, "296,83")))[0][1] == "41.371"


@pytest.mark.parametrize(
    ("printed", "number"),
    [
        ("2026-11-20              W000877", "000877"),
        ("2026-11-20 #0012  W.000877", "000877"),
        ("Restauracja Rondo nr 388\n2026-11-20          120418", "120418"),
    ],
)
def test_a_print_number_may_be_marked_by_one_letter(printed: str, number: str) -> None:
    slip = fiscal("CEMENT 25KG     2 szt x 16,00       32,00 A", "32,00")
    slip = slip.replace("nr:104233", "").replace("              PARAGON", f"{printed}\nPARAGON")
    assert shown(read(slip).print_number) == number


@pytest.mark.parametrize(
    ("printed", "line"),
    [
        ("3x  0,99 RIEGEL           2,97 B", ("RIEGEL", "3", "0.99", "2.97")),
        ("3x 00412233 RIEGEL        2,97 B", ("RIEGEL", "3", "", "2.97")),
        ("RIEGEL *S\nAB33-44-12\n9077712   3 X 0,99    2,97", ("RIEGEL", "3", "0.99", "2.97")),
        ("4455112 RIEGEL\n3@0,99               2,97 B", ("RIEGEL", "3", "0.99", "2.97")),
        ("*ZP 04 DIESEL\n  1,50 l  1,980 EUR/l   2,97 A", ("DIESEL", "1.50", "1.980", "2.97")),
        ("*ZP 04 DIESEL\n  1,50 1  1,980 EUR/1   2,97 A", ("DIESEL", "1.50", "1.980", "2.97")),
        ("RIEGEL\nSKU00112      3 0,99  2,97 A", ("RIEGEL", "3", "0.99", "2.97")),
        ("RIEGEL          2 108,00 A", ("RIEGEL", "2", "", "108.00")),
        ("RIEGEL\n  3 X 0,9900          2,97 A", ("RIEGEL", "3", "0.9900", "2.97")),
        ("RIEGEL\n  3 BAG X EUR 0,99 = EUR 2,97", ("RIEGEL", "3", "0.99", "2.97")),
        ("13446 RIEGEL 80PC\n  3 x 0,99        2,97 A", ("RIEGEL 80PC", "3", "0.99", "2.97")),
        ("PFAND 0,25 EUR     1,50 A\n  6 Stk x 0,25", ("PFAND 0,25 EUR", "6", "0.25", "1.50")),
    ],
)
def test_counts_prices_and_codes_stand_where_a_shop_prints_them(
    printed: str, line: tuple[str, str, str, str]
) -> None:
    reading = read(f"""
MARKT NORD GmbH
22041 Hamburg
TEL.: 040 123456
{printed}
SUMME EUR                  {line[3].replace(".", ",")}
Anzahl Artikel 3
MwSt  NETTO  MwSt  UMSATZ
Datum 14.05.2026   Uhrzeit 12:14
Vielen Dank für Ihren Einkauf
""")
    assert items(reading) == [line]


def test_what_a_shop_adds_for_delivery_makes_the_sum_right() -> None:
    reading = read("""
NORTH TOOLS TRADING LTD
TAX INVOICE
Date: 14/05/2026   Time: 12:14
Hammer        2 x 10.50   21.00
Sub-total                 21.00
Shipping                   4.50
TOTAL                     25.50
VISA                      25.50
THANK YOU
""")
    assert items(reading) == [("Hammer", "2", "10.50", "21.00")]
    assert proven(reading.lines[0].line_gross)
    assert [(str(cut.amount.value), cut.label) for cut in reading.discounts] == [
        ("-4.50", "Shipping")
    ]


@pytest.mark.parametrize(
    ("head", "name"),
    [
        ("werkmarkt Lübeck\nZiegler GmbH & Co. KG\nLohmühle 60\n23554 Lübeck", "werkmarkt Lübeck"),
        ("WERKFIX\nMead Avenue\nStore: Bristol\nTAX NO 12", "WERKFIX"),
        ("werk Baumarkt GmbH\nFiliale 2231 Kassel\nLeipziger Str. 200", "werk Baumarkt GmbH"),
        (
            "Nord Tankstelle\nMüller & Sohn OHG\nLindenweg 14\n86405 Meitingen",
            "Nord Tankstelle Müller & Sohn OHG",
        ),
        (
            "Linden-Apotheke\nPetra Vogel e.K.\nLindenallee 3\n50968 Köln",
            "Linden-Apotheke Petra Vogel e.K.",
        ),
        (
            "Nordwind Tankstelle\nPeter Groß\nLindenweg 14\n86405 Meitingen",
            "Nordwind Tankstelle Peter Groß",
        ),
        ("WERKHAUS &\nGARTEN\nTel. 12 34\nKaufweg 14\n86405 Meitingen", "WERKHAUS & GARTEN"),
        ("WERK HAUS\n(NORD) SDN BHD\n(767841-W)\nNO 24, JALAN BUNGA", "WERK HAUS (NORD) SDN BHD"),
        (
            "THE WERK HAUS\n& SONS (M) SDN. BHD.\nCompany No.:441971-H",
            "THE WERK HAUS & SONS (M) SDN. BHD.",
        ),
        ("WERK 'HAUS'\nSTTIONERY SDN.BHD\nGST ID: 1234", "WERK 'HAUS' STTIONERY SDN.BHD"),
        ("Werk Cafe\nDimiliki oleh: werk cafe sdn bhd 1110645-W", "werk cafe SDN BHD"),
        ("OWN BY: WERK HAUS SDN BHD\nCO.NO. (458593-T)", "WERK HAUS SDN BHD"),
        ("the\nWerk\nman\nshop 000965912.p\n117, Jalan Radin", "the Werk man shop"),
        ("WERK MART 5/8 (519538-X)\nTAMAN BERKAT\n41150 KLANG", "WERK MART S/B"),
        ("we rk Baumar kt GmbH\nLindenweg 14\n86405 Meitingen", "werk Baumarkt GmbH"),
    ],
)
def test_a_branch_is_not_the_seller_and_an_owner_stands_behind_the_shop(
    head: str, name: str
) -> None:
    reading = read(f"""
{head}
HAMMER                     21,00
Endsumme EUR               21,00
Maestro                    21,00
Datum 14.05.2026   Uhrzeit 12:14
MwSt 19%                    3,35
""")
    assert shown(reading.seller.name) == name
    assert shown(reading.total_gross) == "21.00"


@pytest.mark.parametrize(
    ("logo", "told", "name"),
    [
        ("HOFLADEN MEIER", "Werner GmbH & Co. KG, Ulm", "HOFLADEN MEIER"),
        ("Wa L bEn eR", "Waler GmbH & Co. KG, Ulm", "Waler GmbH & Co. KG"),
        ("HOLZMAKT", "Besuchen Sie uns: www.holzmarkt.de", "HOLZMARKT"),
        ("HOLZMARKT NORD", "www.holzmarkt.de", "HOLZMARKT NORD"),
        ("HOLZMAKT", "Danke für Ihren Einkauf bei Holzmarkt!", "Holzmarkt"),
        ("BAUHUS", "", "BAUHAUS"),
        ("BAUH", "", "BAUH"),
    ],
)
def test_a_misread_logo_is_what_the_slip_says_elsewhere(logo: str, told: str, name: str) -> None:
    reading = read(f"""
{logo}
Lindenallee 3
50968 Köln
HAMMER                     21,00
Endsumme EUR               21,00
Maestro                    21,00
Datum 14.05.2026   Uhrzeit 12:14
MwSt 19%                    3,35
{told}
""")
    assert shown(reading.seller.name) == name


def test_money_given_and_change_make_a_wide_picture_a_slip() -> None:
    given = "SOMEBODY LTD\nTOTAL   7.70\nCASH   10.00\nCHANGE   2.30"
    pages = (Page(1, 900, 1500, 0, "rapidocr"),)
    assert receipt.is_fiscal(words_of(given), pages)
    assert not receipt.is_fiscal(words_of("SOMEBODY LTD\nTOTAL   7.70\nCASH   7.70"), pages)
    assert not receipt.is_fiscal(words_of("Change of address\nPayment terms\nTOTAL  7.70"), pages)


@pytest.mark.parametrize(
    ("printed", "day"),
    [
        ("0512 00004 44121 07/14/2508:12 AM", "2025-07-14"),
        ("19-May-25  10:33  Served by: KEV", "2025-05-19"),
        ("14 0ct 2025 07:55", "2025-10-14"),
        ("21 Jan 12:55  Ticket of 03/02/2025", "2025-02-03"),
        ("ul. 3 Maja 18\n2025-02-03", "2025-02-03"),
    ],
)
def test_dates_are_understood_as_tills_abroad_print_them(printed: str, day: str) -> None:
    reading = read(f"""
NORTH TOOLS TRADING INC
TAX INVOICE
{printed}
Hammer                  21.00
TOTAL                  $21.00
CASH                    21.00
""")
    assert shown(reading.issue_date) == day


def test_a_cable_over_its_figures_is_a_name_and_no_price() -> None:
    reading = read(
        fiscal(
            """
OMY 300/300V 2x0,75
                A 25 szt. x2,23     55,75A
PUSZKA N/T 100X100
                          12,00     24,00A
""",
            "79,75",
        )
    )
    assert items(reading) == [
        ("OMY 300/300V 2x0,75", "25", "2.23", "55.75"),
        ("PUSZKA N/T 100X100", "2", "12.00", "24.00"),
    ]


def test_units_that_are_not_known_and_amounts_on_rows_of_their_own_are_read() -> None:
    reading = read(
        fiscal(
            """
PRZEGLĄD KOTŁA
1 rbg.*350,00
                                   350,00 A
USZCZELKA
2 szt.*18,50
                                    37,00 A
""",
            "387,00",
        )
    )
    assert items(reading) == [
        ("PRZEGLĄD KOTŁA", "1", "350.00", "350.00"),
        ("USZCZELKA", "2", "18.50", "37.00"),
    ]


def test_headings_and_numbers_in_front_of_items_are_no_names() -> None:
    reading = read(
        fiscal(
            """
Lp Nazwa            Ilość  Wartość
 1 KLOCKI HAM. P
                    1 kpl. *214,00=     214,00 A
 2 TARCZA 280MM
                    2 szt. *189,50=     379,00 A
""",
            "593,00",
        )
    )
    assert [name for name, *_ in items(reading)] == ["KLOCKI HAM. P", "TARCZA 280MM"]


def test_a_name_that_runs_on_in_the_row_of_its_form_is_whole() -> None:
    slip = fiscal("CEMENT 25KG     2 szt x 16,00       32,00 A", "32,00")
    slip = slip.replace("SKŁAD KORNIK SP. Z O.O.", "KORNIK Narzędzia\n  i Farby Sp. z o.o.")
    assert shown(read(slip).seller.name) == "KORNIK Narzędzia i Farby Sp. z o.o."


def test_the_buyers_number_may_be_glued_to_its_label() -> None:
    body = "CEMENT 25KG     2 szt x 16,00       32,00 A"
    reading = read(fiscal(body, "32,00", foot="NIPNABYWCY:123-456-32-18"))
    assert shown(reading.buyer.vat_id) == "1234563218"


def test_codes_in_front_of_most_names_are_article_numbers() -> None:
    reading = read("""
NORTH TOOLS TRADING LTD
TAX INVOICE
Date: 14/05/2026   Time: 12:14
CEM25 Cement 25kg   6      35.10
DPC30 Sheet 30m     1      16.20
TOTAL                      51.30
CASH                       51.30
""")
    assert [name for name, *_ in items(reading)] == ["Cement 25kg", "Sheet 30m"]
    assert [shown(line.article_no) for line in reading.lines] == ["CEM25", "DPC30"]


def test_a_brand_in_a_wide_logo_is_one_word_where_the_slip_says_so() -> None:
    reading = read("""
Muster markt
Lindenweg 14
50968 Köln
HAMMER                     21,00
Summe EUR                  21,00
Datum 14.05.2026   Uhrzeit 12:14
Ihr Mustermarkt-Team dankt
Mustermarkt
""")
    assert shown(reading.seller.name) == "Mustermarkt"


def test_a_discount_under_all_items_belongs_to_the_one_it_names() -> None:
    body = """
CEMENT 25KG     2 szt x 16,00       32,00 A
KLEJ DO PŁYTEK  1 szt x 24,90       24,90 A
RABAT CEMENT 25KG                   -2,00 A
"""
    (cut,) = read(fiscal(body, "54,90")).discounts
    assert cut.applies_to == 1


@pytest.mark.parametrize(
    "body",
    [
        "A CEMENT 25KG     2 szt x 16,00       32,00 A",
        "A CEMENT 25KG     1 szt x 16,00       16,00 A\nA CEMENT 25KG     1 szt x 16,00   16,000",
    ],
)
def test_the_vat_letter_in_front_of_a_name_is_none_of_it(body: str) -> None:
    reading = read(fiscal(body, "32,00"))
    assert {name for name, *_ in items(reading)} == {"CEMENT 25KG"}
    assert {shown(line.vat_rate) for line in reading.lines} == {"23"}


def test_an_amount_that_a_screen_cuts_off_follows_from_its_factors() -> None:
    body = """
CEMENT 25KG     2 * 16,00       32,00 A
KLEJ DO PŁYTEK  10 * 4,59       45,… A
FUGA SZARA 2KG  1 * 12,49.….         A
"""
    reading = read(fiscal(body, "90,39"))
    assert [line for _, *line in items(reading)] == [
        ["2", "16.00", "32.00"],
        ["10", "4.59", "45.90"],
        ["1", "12.49", "12.49"],
    ]


def test_a_receipt_number_counts_though_the_mark_behind_it_is_misread() -> None:
    slip = fiscal("CEMENT 25KG     2 szt x 16,00       32,00 A", "32,00", foot="{}")
    assert shown(read(slip.format("00033 N07 78765  2026-11-20 14:07")).receipt_number) == "00033"
    assert read(slip.format("00033 KASA 78765  2026-11-20 14:07")).receipt_number is None


def test_the_form_of_a_company_is_spelt_right() -> None:
    slip = fiscal("CEMENT 25KG     2 szt x 16,00       32,00 A", "32,00")
    for misread in ("5p. z o.o.", "Sp, z 0.0.", "Sp. z o.o."):
        named = read(slip.replace("KORNIK SP. Z O.O.", f"KORNIK {misread}")).seller.name
        assert shown(named) == "SKŁAD KORNIK Sp. z o.o."


def test_words_beside_a_slip_are_not_part_of_the_sellers_name() -> None:
    slip = fiscal("CEMENT 25KG     2 szt x 16,00       32,00 A", "32,00", foot="{}")
    slip = slip.replace("        SKŁAD", "kup teraz  SKŁAD")
    assert shown(read(slip.format("")).seller.name) == "kup teraz SKŁAD KORNIK SP. Z O.O."
    again = read(slip.format("SKŁAD KORNIK SP. Z O.O."))
    assert shown(again.seller.name) == "SKŁAD KORNIK SP. Z O.O."
