"""Tables whose headings say nothing: their columns are found by arithmetic, or not at all."""

from __future__ import annotations

from decimal import Decimal

from ocr.reading import Proof, Reading
from tests.ocr.drawn import read, rows_of

PARTIES = """
  Sprzedawca:                                       Nabywca:
  Hurtownia Zawór Sp. z o.o.                        Instalacje Anna Rak
  NIP: 526-587-76-35                                NIP 1234563218
  FAKTURA VAT nr FV/17/11/2026                      Data wystawienia: 2026-11-20

"""
LINES = [
    ("Rura PEX 16x2,0", "100", "3.20", "320.00"),
    ("Kolano zaciskowe", "12", "14.50", "174.00"),
    ("Klej do glazury", "4", "31.00", "124.00"),
]
BODY = """
  Rura PEX 16x2,0           100    mb         3,20         320,00   23%    393,60
  Kolano zaciskowe           12    szt.      14,50         174,00   23%    214,02
  Klej do glazury             4    worek     31,00         124,00    8%    133,92

  Razem netto   618,00
  Razem VAT     123,54
  Do zapłaty    741,54 PLN
"""


def document(body: str) -> Reading:
    return read(PARTIES + body)


def test_a_table_without_headings_is_read_by_its_products() -> None:
    reading = document(BODY)
    assert rows_of(reading) == LINES
    assert [line.unit.value for line in reading.lines if line.unit] == ["mb", "szt.", "worek"]
    assert [line.vat_rate.value for line in reading.lines if line.vat_rate] == ["23", "23", "8"]
    assert [line.line_gross.value for line in reading.lines if line.line_gross] == [
        Decimal("393.60"),
        Decimal("214.02"),
        Decimal("133.92"),
    ]
    assert all(line.line_net and line.line_net.proof.proven for line in reading.lines)


def test_headings_that_mean_nothing_to_anybody_do_no_harm() -> None:
    heads = "  Co poszło                Tyle    Czego     Taryfa      Obrót A   St.   Obrót B\n"
    assert rows_of(document(heads + BODY)) == LINES


def test_headings_that_contradict_the_figures_give_way() -> None:
    heads = "  Nazwa                    Ilość    J.m.      Wartość       Cena   VAT   Brutto\n"
    assert rows_of(document(heads + BODY)) == LINES


def test_names_over_and_under_the_figures_belong_to_them() -> None:
    reading = document(
        """
  Rura wielowarstwowa
  PEX 16x2,0                100    mb         3,20         320,00
  Kolano zaciskowe
  z gwintem                  12    szt.      14,50         174,00

  Razem netto   494,00
  Razem VAT     113,62
  Do zapłaty    607,62 PLN
"""
    )
    assert rows_of(reading) == [
        ("Rura wielowarstwowa PEX 16x2,0", "100", "3.20", "320.00"),
        ("Kolano zaciskowe z gwintem", "12", "14.50", "174.00"),
    ]


def test_a_discount_is_known_by_what_it_leaves() -> None:
    reading = document(
        """
  Rura PEX 16x2,0           100    mb         4,00   20    320,00
  Kolano zaciskowe           12    szt.      18,00   10    194,40

  Razem netto   514,40
  Razem VAT     118,31
  Do zapłaty    632,71 PLN
"""
    )
    assert [line.line_net.value for line in reading.lines if line.line_net] == [
        Decimal("320.00"),
        Decimal("194.40"),
    ]
    assert [line.discount.value for line in reading.lines if line.discount] == [
        Decimal("80.00"),
        Decimal("21.60"),
    ]


def test_which_factor_is_the_quantity_is_not_proven_by_their_product() -> None:
    reading = document(
        """
  Rura PEX 16x2,0           100,00        3,20         320,00
  Kolano zaciskowe           12,00       14,50         174,00

  Razem netto   494,00
  Razem VAT     113,62
  Do zapłaty    607,62 PLN
"""
    )
    assert len(reading.lines) == 2
    for line in reading.lines:
        assert line.quantity is None or line.quantity.proof is Proof.GUESSED
        assert line.unit_price_net is None or not line.unit_price_net.proof.proven


def test_figures_of_a_name_are_no_factors() -> None:
    # 5 × the tax of 20 % is the net value as well.
    reading = document(
        """
  1   Angle grinder disc 5 inch      10    pcs    494.00    4,940.00    20%    988.00

  Net total    4,940.00
  VAT            988.00
  Total due    5,928.00
"""
    )
    assert rows_of(reading) == [("Angle grinder disc 5 inch", "10", "494.00", "4940.00")]


def test_one_row_that_no_total_confirms_is_left_alone() -> None:
    assert (
        document(
            """
  Rura PEX 16x2,0           100    mb         3,20         320,00

  Do zapłaty    741,54 PLN
"""
        ).lines
        == ()
    )


def test_a_table_of_rates_is_no_list_of_lines() -> None:
    reading = document(
        """
  Lp.   Stawka   Kwota netto   Kwota VAT   Kwota brutto
  1     zw          4 001,49        0,00       4 001,49

  Do zapłaty    4 001,49 PLN
"""
    )
    assert reading.lines == ()


def test_titles_of_groups_are_no_part_of_a_name() -> None:
    reading = read(
        PARTIES
        + """
  Nazwa                    Ilość   J.m.      Cena      Wartość
  DOSTAWA 1
  Rura PEX 16x2,0           100    mb         3,20         320,00
  Kolano zaciskowe           12    szt.      14,50         174,00
  DOSTAWA 2
  Klej do glazury             4    worek     31,00         124,00
  Razem netto   618,00
  Do zapłaty    741,54 PLN
"""
    )
    assert rows_of(reading) == LINES


def test_part_of_a_block_that_a_further_row_contradicts_is_nothing() -> None:
    # The first two rows add up to a printed amount too, with the value taken for the price.
    rows = [
        ("Rura PEX 16x2,0", "1", "szt.", "47,27", "47,27", "12", "5,67", "52,94"),
        ("Kolano zaciskowe", "1", "szt.", "586,63", "586,63", "12", "70,40", "657,03"),
        ("Klej do glazury", "10", "kg", "115,13", "1151,30", "21", "241,77", "1393,07"),
        ("Gniazdo podwójne", "100", "kg", "55,86", "5586,00", "21", "1173,06", "6759,06"),
    ]
    table = "".join(
        f"  {name:20}{count:>6}  {unit:6}{price:>10}{net:>12}{rate:>6}{tax:>12}{gross:>12}\n"
        for name, count, unit, price, net, rate, tax, gross in rows
    )
    reading = document(
        f"""
{table}
  Stawka   Netto       VAT        Brutto
  12%        633,90     76,07       709,97
  21%       6737,30   1414,83      8152,13
  Do zapłaty   8862,10 PLN
"""
    )
    assert [line.quantity.value for line in reading.lines if line.quantity] == [1, 1, 10, 100]


def test_a_tax_beside_its_value_is_not_taken_for_the_net() -> None:
    reading = document(
        """
  Leistung                 Stück   Einh.   Preis/E      Summe   St.-Betrag   Endwert
  Steckdose doppelt            3   Stk      189,95     569,85       108,27    678,12
  Schalter Serie S3            2   Stk      282,79     565,58        39,59    605,17

  Zwischensumme   1135,43
  zzgl. MwSt.      147,86
  Endbetrag       1283,29
"""
    )
    assert [line.line_net.value for line in reading.lines if line.line_net] == [
        Decimal("569.85"),
        Decimal("565.58"),
    ]
    assert [line.line_gross.value for line in reading.lines if line.line_gross] == [
        Decimal("678.12"),
        Decimal("605.17"),
    ]


def test_sums_of_groups_under_their_items_are_no_items() -> None:
    groups = """
  Lp  Oznaczenie  Rodzaj towaru         Ilość     Cena       Razem
  Instalacja
  1   K-10        Rura PEX 16x2,0         100     3,20      320,00
  2   K-11        Kolano zaciskowe         12    14,50      174,00
  Razem grupa                                               494,00
  Glazura
  3   K-20        Klej do glazury           4    31,00      124,00
  Razem:                                                    124,00
  4   K-21        Fuga szara                2    11,00       22,00
"""
    assert rows_of(document(groups + ENDING)) == [*LINES, ("Fuga szara", "2", "11.00", "22.00")]


ENDING = """
  Wartość netto      Podatek VAT      Suma do zapłaty
  640,00             147,20           787,20 PLN
"""


def test_labels_of_sums_may_stand_over_their_figures_or_under_them() -> None:
    body = BODY.split("  Razem netto")[0]
    over = "  Wartość netto     Podatek VAT     Suma do zapłaty\n"
    sums = "  618,00            123,54          741,54 PLN\n"
    stacked = "  Netto\n  618,00\n  Podatek\n  123,54\n  Należność\n  741,54 PLN\n"
    for foot in (over + sums, sums + over, stacked):
        reading = document(body + "\n" + foot)
        told = (reading.total_net, reading.total_vat, reading.total_gross)
        assert [str(total.value) for total in told if total] == ["618.00", "123.54", "741.54"]
        assert rows_of(reading) == LINES


def test_prices_with_tax_make_the_value_with_tax_though_no_rate_is_printed() -> None:
    reading = document(
        """
  Kod       Towar                  Ile    Brutto/jm      Suma           B
  P-1       Rura PEX 16x2,0         10       4,92       40,00       49,20
  P-2       Klej do glazury          2      27,00       50,00       54,00

  Netto   90,00
  VAT     13,20
  Razem brutto   103,20 PLN
"""
    )
    told = [(line.line_net, line.line_gross) for line in reading.lines]
    assert [(str(n.value), str(g.value)) for n, g in told if n and g] == [
        ("40.00", "49.20"),
        ("50.00", "54.00"),
    ]


def test_rows_that_multiply_in_words_need_neither_columns_nor_a_sign() -> None:
    reading = document(
        """
  Rura PEX 16x2,0               100 mb x 3,20              320,00
  Kolano zaciskowe          12 szt. x 14,50                174,00
  Klej do glazury             4 worki x 31,00              124,00

  Razem netto   618,00
  Razem VAT     142,14
  Do zapłaty    760,14 PLN
"""
    )
    assert rows_of(reading) == LINES


def test_names_over_their_figures_end_where_stacked_sums_or_remarks_begin() -> None:
    reading = document(
        """
  Towar                                             Kwota
  Rura PEX 16x2,0
  100 mb po 3,20                                   320,00
  Kolano zaciskowe
  12 szt. po 14,50                                 174,00
  Klej do glazury
  4 worki po 31,00                                 124,00
  Uwaga: towar wydano z magazynu
  Netto
  618,00
  Podatek
  142,14
  Należność
  760,14 PLN
"""
    )
    assert rows_of(reading) == LINES
    assert reading.total_gross is not None
    assert reading.total_gross.value == Decimal("760.14")


def test_a_heading_printed_again_on_the_page_is_no_part_of_a_name() -> None:
    heads = "  Wyrób                    Tyle    Czego     Taryfa      Obrót A   St.   Obrót B\n"
    first, second, *rest = BODY.lstrip("\n").split("\n")
    body = "\n".join(["", heads.rstrip("\n"), first, second, heads.rstrip("\n"), *rest])
    assert rows_of(document(body)) == LINES
