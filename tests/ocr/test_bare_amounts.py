"""Names with nothing but an amount each: lines only where their sum is the net that is taxed."""

from __future__ import annotations

import pytest

from ocr.reading import Reading
from tests.ocr.drawn import read, rows_of

HEAD = """
  INVOICE No. 31/11/2026                            Invoice date: 2026-11-20
  Seller: Northgate Valves Ltd                      Bill to: Brightspark Ltd

"""


def statement(*rows: tuple[str, str]) -> Reading:
    return read(HEAD + "\n".join(f"  {name:<50}{amount:>15}" for name, amount in rows) + "\n")


TAXED = (("Subtotal", "618.00"), ("VAT 20%", "123.60"), ("Total due", "741.60"))


def test_names_over_a_net_that_is_taxed_are_lines() -> None:
    reading = statement(("Survey of unit 4", "320.00"), ("Waste removal", "298.00"), *TAXED)
    assert [(row[0], row[3]) for row in rows_of(reading)] == [
        ("Survey of unit 4", "320.00"),
        ("Waste removal", "298.00"),
    ]


@pytest.mark.parametrize(
    "rows",
    [
        (
            ("Abonament", "400,00"),
            ("Podatek od towarów i usług", "92,00"),
            ("Do zapłaty", "492,00"),
        ),
        (("Monthly fee", "100.00"), ("Insurance premium tax", "12.00"), ("Amount due", "112.00")),
        (
            ("Beitrag", "1.000,00"),
            ("Glassteuer 16,34 %", "163,40"),
            ("Rechnungsbetrag", "1.163,40"),
        ),
        (("Balance brought forward", "50.00"), ("Charges", "100.00"), ("Total due", "150.00")),
        (("Saldo okresu", "50,00"), ("Opłaty bieżące", "100,00"), ("Do zapłaty", "150,00")),
        (("Bar", "50,00"), ("EC-Karte", "100,00"), ("Summe", "150,00")),
        (("Sprzedaż opodatkowana A", "50,00"), ("Sprzedaż zwolniona", "10,00"), ("Suma", "60,00")),
        (("Zapłacono zaliczką", "50,00"), ("Pozostało", "100,00"), ("Razem", "150,00")),
        (("Balance of May", "320.00"), ("Waste removal", "298.00"), *TAXED),
    ],
)
def test_statements_that_add_up_are_no_lines(rows: tuple[tuple[str, str], ...]) -> None:
    assert statement(*rows).lines == ()


def test_a_tax_under_headings_is_no_line() -> None:
    reading = statement(
        ("Description", "Amount"),
        ("Monthly fee", "100.00"),
        ("Tax on premiums", "12.00"),
        ("Amount due", "112.00"),
    )
    assert reading.lines == ()
