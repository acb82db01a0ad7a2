"""Headings of several rows, sentences under them, and cells that print figures over each other."""

from __future__ import annotations

from ocr.grid import Column, assigned
from ocr.reading import Box
from ocr.rows import Row, Token
from ocr.stacked_cells import with_counts
from tests.ocr.drawn import read, rows_of, shown

TOP = """
  RECHNUNG Nr. 31/11/2026                           Rechnungsdatum: 20.11.2026
  Rohrhandel Nord GmbH                              Anlagenbau Klein KG

"""


def test_columns_of_both_sides_codes_keep_their_own_headings() -> None:
    reading = read(
        TOP
        + """
        Unsere    Ihre                               Menge    Meng.-     Preis/
  Pos   Art.Nr.   Art.Nr.    Artikelbeschreibung              einheit    Einheit   Entgelt  USt. %
  Wir erlauben uns Ihnen folgende Positionen aus der letzten Lieferung in Rechnung zu stellen:
  1     KH22      77T01      Kugelhahn 22                    4   Stk.      80,00    320,00      19
  2     BG15      77T02      Bogen 15                       12   Stk.      14,50    174,00      19
  3     FK25      77T03      Fliesenkleber                   4   Stk.      31,00    124,00      19

                             Rechnungssumme Netto                                         618,00
                             zzgl. Umsatzsteuer 19%                                       117,42
                             Rechnungssumme Brutto                                        735,42
"""
    )
    assert rows_of(reading) == [
        ("Kugelhahn 22", "4", "80.00", "320.00"),
        ("Bogen 15", "12", "14.50", "174.00"),
        ("Fliesenkleber", "4", "31.00", "124.00"),
    ]
    assert [shown(line.article_no) for line in reading.lines] == ["KH22", "BG15", "FK25"]


def test_the_last_rows_of_a_heading_and_marks_of_codes_are_no_names() -> None:
    reading = read(
        TOP
        + """
         Art-Nr-Kunde
         Art-Nr-Lief.
  Pos    Art-Nr          Beschreibung              Nettopreis    Menge    Steuersatz    Nettobetrag
         (Art)
  1      KH22            Kugelhahn 22                   80,00    4 Stk          19 %         320,00
         4006381333931
         (GTIN)
                         Bruttopreis : 80,00
  2      BG15            Bogen 15                       14,50   12 Stk          19 %         174,00
         4012345678901
         (GTIN)
                         Bruttopreis : 14,50

                         Rechnungssumme ohne USt.                                            494,00
                         Steuerbetrag                                                         93,86
                         Bruttosumme                                                         587,86
"""
    )
    assert rows_of(reading) == [
        ("Kugelhahn 22", "4", "80.00", "320.00"),
        ("Bogen 15", "12", "14.50", "174.00"),
    ]
    assert [shown(line.gtin) for line in reading.lines] == ["4006381333931", "4012345678901"]
    assert not any("GTIN" in shown(line.article_no) for line in reading.lines)


def test_a_heading_of_position_and_description_is_one_name() -> None:
    reading = read("""
  FAKTURA nr 31/11/2026                             Data wystawienia: 2026-11-20
  Sprzedawca: Hurtownia Zawór Sp. z o.o.            Nabywca: Instalacje Anna Rak

  #   Pozycja i opis                       Ilość      Cena   VAT %   Kwota VAT    Kwota
  1   Zawór kulowy z motylkiem 22           4,00     80,00     23%       73,60   320,00
  2   Kolano do lutowania                  12,00     14,50     23%       40,02   174,00

                                                     Razem netto              494,00
                                                     VAT                      113,62
                                                     Do zapłaty               607,62 zł
""")
    assert [row[0] for row in rows_of(reading)] == [
        "Zawór kulowy z motylkiem 22",
        "Kolano do lutowania",
    ]


def placed(text: str, x0: float, x1: float, middle: float) -> Token:
    top, bottom = middle - 0.005, middle + 0.005
    return Token(text, 1, x0, top, x1, bottom, Box(1, x0, top, x1, bottom))


def test_a_unit_wider_than_the_count_over_it_stays_behind_the_count() -> None:
    """A long name beside them runs on into the counts' column, and is no count."""
    columns = (
        Column("name", "Opis", 0.0, 0.50),
        Column("quantity", "Ilość", 0.50, 0.65),
        Column("price_net", "Cena", 0.65, 0.75),
        Column("net", "Netto", 0.75, 1.0),
    )
    rows = [
        Row(1, (placed("1", 0.62, 0.63, 0.300),)),
        Row(
            1,
            (
                placed("Klej", 0.40, 0.480, 0.308),
                placed("25", 0.485, 0.510, 0.308),
                placed("kg", 0.515, 0.540, 0.308),
                placed("44,81", 0.68, 0.74, 0.308),
                placed("44,81", 0.80, 0.86, 0.308),
            ),
        ),
        Row(1, (placed("worek", 0.58, 0.63, 0.316),)),
    ]
    found, kept = with_counts(rows, range(3), columns, ",")
    assert kept == [1]
    cells = assigned(columns, found[1])
    assert [t.text for t in cells[1]] == ["1", "worek"]
    assert [t.text for t in cells[0]] == ["Klej", "25", "kg"]
