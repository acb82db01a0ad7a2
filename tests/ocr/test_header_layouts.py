"""Heads of invoices of any design: labels under, over and beside values, broken and unlabelled."""

from __future__ import annotations

import pytest

from ocr import invoice
from ocr.reading import Box, Hints, Page, Proof, Reading, Word
from ocr.rows import tokens_of
from ocr.tax_numbers import vat_id_in
from tests.ocr.drawn import read, shown

_ITEMS = """
  Lp.  Nazwa                    Ilość   Jm    Cena netto   Wartość netto   VAT
  1    Rura PEX 16x2,0            100   mb          3,20          320,00   23%
  2    Kolano zaciskowe            12   szt        14,50          174,00   23%

                                        Razem netto       494,00
                                        Kwota VAT         113,62
                                        Razem brutto      607,62
"""


def _page(*lines: tuple[float, float, float, str]) -> Reading:
    """A page of phrases: left edge and top in points of A4, size of the letters, text."""
    words = []
    for x, y, size, text in lines:
        at = x
        for piece in text.split():
            wide = 0.55 * size * len(piece)
            box = Box(1, at / 595, y / 842, (at + wide) / 595, (y + size) / 842)
            words.append(Word(piece, box, 1.0, "pdf-text"))
            at += wide + 0.3 * size
    return invoice.interpret(tuple(words), (Page(1, 1654, 2339, 0, "pdf-text"),), hints=Hints())


_GOODS = (
    (40.0, 300.0, 9.0, "Lp."),
    (70.0, 300.0, 9.0, "Nazwa"),
    (250.0, 300.0, 9.0, "Ilość"),
    (320.0, 300.0, 9.0, "Cena netto"),
    (420.0, 300.0, 9.0, "Wartość netto"),
    (40.0, 315.0, 9.0, "1"),
    (70.0, 315.0, 9.0, "Rura PEX 16"),
    (250.0, 315.0, 9.0, "100"),
    (320.0, 315.0, 9.0, "3,20"),
    (420.0, 315.0, 9.0, "320,00"),
)


def test_labels_that_stand_small_under_their_values_name_them() -> None:
    reading = _page(
        (40, 40, 12, "FV/17/2026"),
        (200, 40, 12, "20.11.2026"),
        (360, 40, 12, "18.11.2026"),
        (40, 54, 7, "numer faktury"),
        (200, 54, 7, "data wystawienia"),
        (360, 54, 7, "data sprzedaży"),
        (40, 90, 12, "Hurtownia Zawór Sp. z o.o."),
        (360, 90, 12, "Instalacje Rak Sp. j."),
        (40, 104, 7, "sprzedawca"),
        (360, 104, 7, "nabywca"),
        (40, 120, 12, "ul. Składowa 5, 30-002 Kraków"),
        (360, 120, 12, "ul. Leśna 7, 34-100 Wadowice"),
        (40, 134, 7, "adres"),
        (360, 134, 7, "adres"),
        (40, 150, 12, "526-587-76-35"),
        (360, 150, 12, "123-456-32-18"),
        (40, 164, 7, "NIP"),
        (360, 164, 7, "NIP"),
        *_GOODS,
    )
    assert shown(reading.invoice_number) == "FV/17/2026"
    assert (shown(reading.issue_date), shown(reading.sale_date)) == ("2026-11-20", "2026-11-18")
    assert shown(reading.seller.name) == "Hurtownia Zawór Sp. z o.o."
    assert shown(reading.seller.vat_id) == "5265877635"
    assert shown(reading.buyer.name) == "Instalacje Rak Sp. j."
    assert shown(reading.buyer.vat_id) == "1234563218"


def test_a_small_heading_under_another_block_takes_no_line_of_it() -> None:
    reading = _page(
        (40, 40, 12, "Hurtownia Zawór Sp. z o.o."),
        (40, 56, 10, "ul. Składowa 5, 30-002 Kraków"),
        (40, 68, 10, "NIP 5265877635"),
        (40, 80, 7, "DLA"),
        (360, 80, 7, "NUMER FAKTURY"),
        (40, 90, 10, "Instalacje Rak Sp. j."),
        (360, 90, 10, "FV/17/2026"),
        (40, 102, 10, "ul. Leśna 7, 34-100 Wadowice"),
        (40, 114, 10, "NIP 1234563218"),
        *_GOODS,
    )
    assert shown(reading.seller.vat_id) == "5265877635"
    assert shown(reading.buyer.vat_id) == "1234563218"
    assert shown(reading.buyer.name) == "Instalacje Rak Sp. j."


def test_a_small_label_level_with_larger_letters_has_its_value_there() -> None:
    reading = _page(
        (40, 100, 10, "Hurtownia Zawór Sp. z o.o."),
        (360, 102, 7, "WYSTAWIONA"),
        (40, 116, 10, "30-002 Kraków"),
        (430, 106, 10, "13.05.2026"),
        (360, 120, 7, "DATA SPRZEDAŻY"),
        (430, 122, 10, "04.05.2026"),
        *_GOODS,
    )
    assert shown(reading.issue_date) == "2026-05-13"
    assert shown(reading.sale_date) == "2026-05-04"


def test_labels_and_dates_that_narrow_columns_break_are_read_whole() -> None:
    reading = read(
        """
  Invoice      August 14,
  Date         2026
  Seller: Northgate Pipes Limited, 14 Mill Lane, Leeds LS1 4AP
"""
        + _ITEMS
    )
    assert shown(reading.issue_date) == "2026-08-14"
    reading = read(
        """
  Faktura / Invoice No. FV/8510/2026
  Data wystawienia / Issue date: 2026-06-       Data sprzedaży / Date of sale: 2026-06-
  13                                            07
"""
        + _ITEMS
    )
    assert shown(reading.issue_date) == "2026-06-13"
    assert shown(reading.sale_date) == "2026-06-07"


def test_values_in_touching_columns_belong_to_the_label_over_each() -> None:
    reading = read(
        """
  Facture
  Numéro          Date        Échéance    Client
  INV-2026-07858  25/03/2026  08/04/2026  C0341
"""
        + _ITEMS
    )
    assert shown(reading.invoice_number) == "INV-2026-07858"
    assert shown(reading.issue_date) == "2026-03-25"
    boxed = read(
        """
  Hurtownia Zawór Sp. z o.o.
  Rechnung-Nr     Kunde-Nr    Datum       Seite
  8877/02/2026    77649       26.02.26    1
"""
        + _ITEMS
    )
    assert shown(boxed.invoice_number) == "8877/02/2026"


def test_a_number_without_label_stands_over_its_day_beside_a_bare_title() -> None:
    reading = read(
        """
                                                                        4783/11/2026
                                                                     5 November 2026
  Invoice
  From                                      To
  Harrow Pipe Supplies Ltd                  The Tile Loft
  9 Quarry Road, Leeds LS1 4AP              6 Kings Park, London SE1 9GF
  GB602258570                               GB420619675
"""
        + _ITEMS
    )
    assert shown(reading.invoice_number) == "4783/11/2026"
    assert shown(reading.seller.vat_id) == "GB602258570"
    assert shown(reading.buyer.vat_id) == "GB420619675"


def test_a_lone_tax_point_dates_the_document() -> None:
    reading = read("  Invoice No   A/3583/2026\n  Tax Point    12 Feb 2026\n" + _ITEMS)
    assert shown(reading.issue_date) == "2026-02-12"


def test_both_parties_in_one_table_have_their_own_columns_under_centred_headings() -> None:
    reading = read(
        """
  FAKTURA
  numer FV/3561/2026
                            SPRZEDAWCA                          NABYWCA
  Nazwa           Hurtownia Zawór Sp. z o.o.         Instalacje Rak Sp. j.
  Ulica           ul. Składowa 5                     ul. Leśna 7
  Miejscowość     30-002 Kraków                      34-100 Wadowice
  NIP             5265877635                         1234563218
  data wystawienia 2026-10-02 r., data sprzedaży 2026-09-23 r.
"""
        + _ITEMS
    )
    assert shown(reading.seller.name) == "Hurtownia Zawór Sp. z o.o."
    assert shown(reading.seller.vat_id) == "5265877635"
    assert shown(reading.buyer.name) == "Instalacje Rak Sp. j."
    assert shown(reading.buyer.vat_id) == "1234563218"


def test_headings_of_touching_columns_part_their_blocks() -> None:
    reading = read(
        """
  FAKTURA VAT NR: FV/3322/2026
  Odbiorca:             Nabywca / Płatnik: Adres dostawy:              Sprzedawca:
  Ceramika Północ Sp.j. Instalacje Rak     Budowa Osiedle              Zawór Kraków
  os. Słoneczne 7       ul. Leśna 7        os. Słoneczne 7             ul. Składowa 5
  60-123 Poznań         34-100 Wadowice    60-123 Poznań               30-002 Kraków
                        NIP: 1234563218                                NIP: 5265877635
"""
        + _ITEMS
    )
    assert shown(reading.buyer.name) == "Instalacje Rak"
    assert shown(reading.buyer.vat_id) == "1234563218"
    assert shown(reading.seller.vat_id) == "5265877635"


def test_a_label_with_a_possessive_is_no_firm() -> None:
    reading = read(
        """
  Pemberton Heating
  14 Mill Lane, York YO10 5DD
  Invoice No            A/3583/2026
  Our VAT Reg No        GB812390060
  Invoice to
  Cobalt Tools Inc.
  220 High Street
  London SE1 9GF
"""
        + _ITEMS
    )
    assert shown(reading.seller.name) == "Pemberton Heating"
    assert shown(reading.buyer.name) == "Cobalt Tools Inc."


@pytest.mark.parametrize(
    ("printed", "value", "proof"),
    [
        ("B27932227", "B27932227", Proof.CHECKSUM),
        ("GB602258570", "GB602258570", Proof.CHECKSUM),
        ("GB602258571", "GB602258571", Proof.READ),
    ],
)
def test_tax_numbers_of_spain_and_britain_are_checked(
    printed: str, value: str, proof: Proof
) -> None:
    reading = read(f"  VAT: {printed}\n")
    token = [word for word in reading.words if word.text == printed]
    assert token
    found = vat_id_in(tokens_of(token, reading.pages))
    assert found is not None
    assert (found[0].value, found[0].proof) == (value, proof)
