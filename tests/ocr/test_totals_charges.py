"""Nets with charges beside the goods, and taxes that are printed nowhere."""

from __future__ import annotations

from decimal import Decimal

import pytest

from ocr.implied_tax import plausible
from tests.ocr.drawn import read, shown

GOODS = """
 Rechnung Nr. 2026/417                              Rechnungsdatum: 26.10.2026
 Pos.  Art.-Nr.   Bezeichnung                   Menge  Einheit  Preis/Einh €   Gesamt €
 1     BM-12      Bohrhammer                     1,00     Stk.         84,95      84,95
 2     AL-20      Anlegeleiter                   1,00     Stk.        719,40     719,40

"""
TAXES_BY_BASE = """
                                     Positionen netto                          804,35 €
                                     Versandkosten netto                         4,99 €
                                     Positionen USt. 19,00% auf 804,35 €       152,83 €
                                     Versandkosten USt. 19,00% auf 4,99 €        0,95 €
                                     Endsumme                                  963,12 €
"""
TAX_BELOW = """
                                     Summe netto                               804,35 €
                                     Versandkosten                               4,99 €
                                     USt 19 %                                  153,77 €
                                     Endsumme                                  963,11 €
"""
NET_BELOW = """
                                     Zwischensumme                             804,35 €
                                     Versand                                     4,99 €
                                     Nettobetrag                               809,34 €
                                     USt 19 %                                  153,77 €
                                     Endsumme                                  963,11 €
"""
NO_TAX = """
                                     Warenwert netto                           804,35 €
                                     Fracht netto                                4,99 €
                                     Gesamtbetrag                              963,11 €
"""


@pytest.mark.parametrize(
    ("sums", "vat"),
    [
        (TAXES_BY_BASE, "153.78"),
        (TAX_BELOW, "153.77"),
        (NET_BELOW, "153.77"),
        (NO_TAX, "153.77"),
    ],
)
def test_a_charge_beside_the_goods_belongs_to_the_net(sums: str, vat: str) -> None:
    reading = read(GOODS + sums)
    assert (shown(reading.total_net), shown(reading.total_vat)) == ("809.34", vat)
    assert [shown(line.line_net) for line in reading.lines] == ["84.95", "719.40"]
    assert not any(line.line_gross for line in reading.lines)


def test_a_net_that_leaves_no_rate_of_tax_is_not_proven_and_makes_no_tax() -> None:
    sums = """
                                     Summe netto                               804,35 €
                                     Endsumme                                  963,11 €
"""
    reading = read(GOODS + sums)
    assert reading.total_vat is None
    assert reading.total_net is not None
    assert not reading.total_net.proof.proven


def test_a_tax_that_is_made_is_a_guess() -> None:
    sums = """
                                     Summe netto                               804,35 €
                                     Endsumme                                  957,18 €
"""
    reading = read(GOODS + sums)
    assert shown(reading.total_vat) == "152.83"
    assert reading.total_vat is not None
    assert not reading.total_vat.proof.proven
    assert reading.total_net is not None
    assert reading.total_net.proof.proven


@pytest.mark.parametrize(
    ("net", "gross", "rates", "holds"),
    [
        ("100", "123", (), True),
        ("100", "100", (), True),
        ("100", "50", (), False),
        ("4.99", "963.12", (), False),
        ("804.35", "963.12", ("19",), False),
        ("300", "334", ("8", "23"), True),
        ("300", "380", ("8", "23"), False),
        ("-100", "-123", (), True),
        ("100", "123", ("8",), False),
        ("100", "123", ("0", "23"), True),
    ],
)
def test_the_tax_between_net_and_gross_has_a_rate(
    net: str, gross: str, rates: tuple[str, ...], holds: bool
) -> None:
    assert plausible(Decimal(net), Decimal(gross), [Decimal(r) for r in rates]) is holds


@pytest.mark.parametrize("base", ["Grondslag", "Voorwerp "])
def test_a_base_that_its_own_rate_contradicts_is_the_gross(base: str) -> None:
    reading = read(f"""
 Factuur                                        Factuurdatum: 8-9-2026   Factuurnummer: 2026-044

 Artikel       Omschrijving                         Prijs    BTW   Hoeveelheid      Bedrag
 OS-184        Onderhoudsset                        49,99   21 %         1 stuks     49,99
 FD-560        Folder                                0,00   21 %         1 stuks      0,00

 Prijzen zijn inclusief BTW                         Factuur totaal EUR               49,99

                                            BTW %   {base}   BTW bedrag     Totaal
                                             21 %       41,31         8,68      49,99
                                                        41,31         8,68      49,99
""")
    totals = reading.total_net, reading.total_vat, reading.total_gross
    assert [shown(total) for total in totals] == ["41.31", "8.68", "49.99"]
    assert [shown(line.line_gross) for line in reading.lines] == ["49.99", "0.00"]
    assert not any(line.line_net for line in reading.lines)


def test_a_sum_that_excludes_the_tax_in_words_is_the_net() -> None:
    reading = read("""
 Factuurnummer: 2026-288
 Artikel                                          Aantal   Prijs per stuk   BTW  Prijs incl. BTW
 Leren hoes 15 inch                                    2          € 99,99   21%        € 199,98
 Kantoorpakket                                         1         € 124,99   21%        € 124,99
  Exclusief BTW    € 268,57                                    Subtotaal           € 324,97
        BTW 21%     € 56,40                                       Totaal           € 324,97
         Totaal    € 324,97
""")
    assert shown(reading.total_net) == "268.57"


def test_taxes_of_several_rates_in_one_figure_are_the_tax() -> None:
    reading = read(
        """
 Facture FA-2026-0010                              Date de facture 13/11/2026
 Description                       Quantité     Prix unitaire       Prix HT
 Vis à bois 5x60 (boîte)                 20              4,50         90,00
 Colle carrelage 25 kg                   10             15,00        150,00

                                                Total HT             240,00 €
                                                Taxes                 33,00 €
                                                Total TTC            273,00 €
"""
    )
    assert (shown(reading.total_net), shown(reading.total_vat)) == ("240.00", "33.00")
