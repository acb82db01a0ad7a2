"""Rows that print the name over the code and the figures, under a heading of the code alone."""

from __future__ import annotations

from tests.ocr.drawn import read, rows_of, shown

DOCUMENT = """
  FAKTURA VAT nr FV/17/11/2026
  Wadowice, 20.11.2026                              Data wystawienia: 2026-11-20
  Sprzedawca:                                       Nabywca:
  Hurtownia Zawór Sp. z o.o.                        Instalacje Anna Rak

  Lp.   Indeks           Ilość Jm     Cena netto   Wart. netto   VAT    Wart. VAT   Wart. brutto
  1     Obejma do rur dwuczęściowa
        OB-20           10,00 szt.          4,00         40,00   23%         9,20          49,20
  2     Kolano do lutowania 90 st.
        KL90             2,00 szt.          7,00         14,00   23%         3,22          17,22
  3     Montaż w lokalu
        U-MON            1,00 szt.         50,00         50,00   23%        11,50          61,50
                                           Razem:       104,00              23,92         127,92

  Do zapłaty 127,92 PLN
"""


def test_a_figure_in_a_name_over_its_figures_counts_nothing() -> None:
    reading = read(DOCUMENT)
    assert rows_of(reading) == [
        ("Obejma do rur dwuczęściowa", "10.00", "4.00", "40.00"),
        ("Kolano do lutowania 90 st.", "2.00", "7.00", "14.00"),
        ("Montaż w lokalu", "1.00", "50.00", "50.00"),
    ]
    assert [shown(line.article_no) for line in reading.lines] == ["OB-20", "KL90", "U-MON"]
