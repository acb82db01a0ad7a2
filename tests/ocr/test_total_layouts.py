"""Totals of any design: broken labels, cards, two currencies, and what a customer owes besides."""

from __future__ import annotations

from decimal import Decimal

from ocr.reading import DocumentKind, Proof, Reading
from tests.ocr.drawn import read, shown

_ITEMS = """
  Sprzedawca: Hurtownia Zawór Sp. z o.o., NIP 5265877635
  Faktura FV/12/2026 z dnia 20.11.2026

  Lp.  Nazwa                    Ilość   Jm    Cena netto   Wartość netto   VAT
  1    Rura PEX 16x2,0            100   mb          3,20          320,00   23%
  2    Kolano zaciskowe            12   szt        14,50          174,00   23%

"""


def _totals(reading: Reading) -> list[str]:
    values = (reading.total_net, reading.total_vat, reading.total_gross, reading.amount_due)
    return [shown(v) for v in values]


def test_what_the_customer_owed_before_is_not_due_for_this_document() -> None:
    sums = """
                            Netto                            494,00
                            VAT                              113,62
                            Brutto                           607,62
"""
    for more, due in (
        ("Saldo z poprzedniego okresu      512,80\n  Saldo konta klienta  1 120,42", ""),
        ("Previous balance   318.44\n  Account balance   926.06", ""),
        ("Saldo   512,80", ""),
        ("Saldo   607,62", "607.62"),
        ("Zapłacono   200,00\n   Saldo   407,62", "407.62"),
        ("Do zapłaty z poprzednich faktur  90,00\n   Do zapłaty   607,62", "607.62"),
    ):
        assert _totals(read(f"{_ITEMS}{sums}   {more}\n")) == ["494.00", "113.62", "607.62", due]


def test_labels_and_amounts_that_narrow_cells_break_make_whole_totals() -> None:
    reading = read(
        _ITEMS
        + """
                            Netto              494,00
                                                  PLN
                            VAT            113,62 PLN
                            Razem do           607,62
                            zapłaty               PLN
"""
    )
    assert _totals(reading) == ["494.00", "113.62", "607.62", "607.62"]
    reading = read(
        _ITEMS
        + """
                            Nettobetrag           EUR
                                               494,00
                            Rechnungsbetrag       EUR
                                               607,62
"""
    )
    assert _totals(reading)[:3] == ["494.00", "113.62", "607.62"]


def test_a_sum_to_pay_stands_on_a_card_over_or_under_its_label() -> None:
    sums = """
                            Razem netto                      494,00
                            Kwota VAT                        113,62
                            Razem brutto                     607,62
"""
    under = (
        "\n\n\n   Kraków                      607,62 zł\n                              do zapłaty\n"
    )
    assert _totals(read(_ITEMS + sums + under))[3] == "607.62"
    other = under.replace("607,62", "999,00")
    assert _totals(read(_ITEMS + sums + other))[3] == ""
    over = (
        "   Hurtownia Zawór               TOTAL DUE\n   Kraków                      607,62 zł\n\n"
    )
    assert _totals(read(over + _ITEMS + sums))[3] == "607.62"


def test_sums_stated_in_two_currencies_are_not_added() -> None:
    reading = read(
        _ITEMS
        + """
                            Waluta        Netto          VAT        Brutto
                            EUR          494,00       113,62        607,62
                            PLN        2 110,86       485,50      2 596,36
  Do zapłaty: 607,62 EUR
"""
    )
    assert _totals(reading) == ["494.00", "113.62", "607.62", "607.62"]
    assert shown(reading.currency) == "EUR"


def test_the_sellers_country_guesses_a_currency_that_nothing_prints() -> None:
    reading = read(
        """
  Rechnungssteller: Dachdeckerei Nolte GmbH, 50667 Köln, USt-IdNr. DE120903393
  Rechnung Nr. 4289/2026 vom 09.05.2026

  Pos.  Bezeichnung        Menge    Einzelpreis   MwSt.    Gesamt
  1     Kupferrohr            10          32,00     19%    320,00

                            Summe netto       320,00
                            MwSt.              60,80
                            Gesamtbetrag      380,80
"""
    )
    assert reading.currency is not None
    assert (reading.currency.value, reading.currency.proof) == ("EUR", Proof.GUESSED)


def test_a_delivery_note_that_heads_a_column_is_no_title() -> None:
    reading = read(
        """
  Müller Haustechnik GbR
  Rechnung-Nr     Kunde-Nr    Datum       Lieferschein   Seite
  8877/02/2026    77649       26.02.26    LS4156         1

  Pos.  Bezeichnung        Menge    Einzelpreis   MwSt.    Gesamt
  1     Kupferrohr            10          32,00     19%    320,00
"""
    )
    assert reading.kind is DocumentKind.INVOICE


def test_a_prepaid_document_keeps_its_whole_total() -> None:
    reading = read(
        _ITEMS
        + """
                            Razem netto                      494,00
                            Razem VAT                        113,62
                            Razem brutto                     607,62
                            Wpłacona zaliczka               -200,00
                            Do zapłaty                       407,62 PLN
"""
    )
    assert reading.total_gross is not None
    assert reading.total_gross.value == Decimal("607.62")
    assert shown(reading.amount_due) == "407.62"


def test_a_total_that_includes_its_tax_is_not_the_net() -> None:
    reading = read(
        """
  Harrow Electrical Ltd, 14 Mill Lane, Leeds LS1 4AP
  Invoice No 62618   Date: 24.08.2026

  Product                        Quantity     Unit price        Price
  Plasterboard 12.5mm                  10          12.00       120.00

                            Subtotal                         £120.00
                            Total             £120.00 (includes
                                              £20.00 VAT)
"""
    )
    assert shown(reading.total_gross) == "120.00"
    assert shown(reading.total_vat) == "20.00"
    assert shown(reading.total_net) in ("", "100.00")


def test_differences_that_every_item_of_a_correction_states_are_summed() -> None:
    reading = read(
        """
  Faktura korygująca nr KOR/12/2026
  do faktury nr FV/80/2026 z dnia 2026-05-01

  Lp.  Nazwa                      Ilość  Jm   Cena netto   Wartość netto   VAT    Kwota VAT   Brutto
       Było                           5  op.      154,00          770,00   23%       177,10   947,10
  1    Farba lateksowa    Jest        4  op.      154,00          616,00   23%       141,68   757,68
       Różnica                       -1                          -154,00             -35,42  -189,42
       Było                           5  szt       30,32          151,60   23%        34,87   186,47
  2    Płyta gipsowa      Jest        4  szt       30,32          121,28   23%        27,89   149,17
       Różnica                       -1                           -30,32              -6,98   -37,30
"""
    )
    assert _totals(reading)[:3] == ["-184.32", "-42.40", "-226.72"]


def test_of_sums_before_and_after_a_discount_the_taxed_one_is_net() -> None:
    reading = read(
        _ITEMS
        + """
                            Zwischensumme                    494,00
                            Rabatt 10%                       -49,40
                            Nettobetrag                      444,60
                            Gesamtbetrag                     546,86
"""
    )
    assert _totals(reading)[0] == "444.60"
    assert _totals(reading)[2] == "546.86"


def test_a_label_and_its_amount_may_both_go_on_in_the_next_line() -> None:
    reading = read(
        _ITEMS
        + """
                            Totaal exclusief               €
                            btw                       494,00
                            Totaal btw              € 113,62
                            Totaal inclusief               €
                            btw                       607,62
"""
    )
    assert _totals(reading)[:3] == ["494.00", "113.62", "607.62"]


def test_a_document_in_another_currency_says_so_and_a_guess_does_not() -> None:
    def told(sums: str) -> list[dict[str, str]]:
        found = read(_ITEMS + sums).findings
        return [dict(f.facts) for f in found if f.code == "foreign-currency"]

    assert told("                            Razem brutto      607,62 EUR\n") == [
        {"currency": "EUR", "rate": ""}
    ]
    assert told("                            Razem brutto      607,62 zł\n") == []
    assert told("                            Razem brutto      607,62\n") == []


def test_a_rate_printed_again_in_the_label_of_the_tax_is_not_the_tax() -> None:
    reading = read(
        _ITEMS
        + """
                            Razem:                           494,00 zł
                            VAT 23% @ 23.0:                  113,62 zł
                            Suma końcowa:                    607,62 zł
"""
    )
    assert _totals(reading)[:3] == ["494.00", "113.62", "607.62"]
    assert not reading.findings


def test_who_is_named_a_client_bought() -> None:
    reading = read(
        """
  Nazwa klienta:   Usługi Remontowe Tomasz Wrona         Data:        15.05.2026
  NIP:             5261040828                            Firma:       ELMAT Sp. z o.o.
  Adres:           ul. Polna 12, 05-500 Piaseczno        NIP firmy:   5265877635

  Lp.  Nazwa                    Ilość   Jm    Cena netto   Wartość netto   VAT
  1    Rura PEX 16x2,0            100   mb          3,20          320,00   23%

                            Suma netto                       320,00 zł
                            VAT 23%                           73,60 zł
                            Suma końcowa                     393,60 zł
"""
    )
    assert reading.seller is not None
    assert reading.buyer is not None
    assert shown(reading.buyer.vat_id) == "5261040828"
    assert shown(reading.seller.vat_id) == "5265877635"
