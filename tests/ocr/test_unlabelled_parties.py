"""Who sold to whom where no heading says it: by where the blocks of both firms stand."""

from __future__ import annotations

from ocr.reading import Proof, Reading
from tests.ocr.drawn import read, shown

_ITEMS = """

  Lp.  Nazwa                    Ilość   Jm    Cena netto   Wartość netto   VAT
  1    Rura PEX 16x2,0            100   mb          3,20          320,00   23%
  2    Kolano zaciskowe            12   szt        14,50          174,00   23%

                                        Razem netto       494,00
                                        Kwota VAT         113,62
                                        Razem brutto      607,62
"""


def _parties(reading: Reading) -> list[str]:
    seller, buyer = reading.seller, reading.buyer
    return [shown(v) for v in (seller.name, seller.vat_id, buyer.name, buyer.vat_id)]


_EXPECTED = [
    "Hurtownia Zawór Sp. z o.o.",
    "5265877635",
    "Usługi Remontowe Tomasz Bąk",
    "1234563218",
]


def test_the_block_in_the_head_of_the_page_sold_to_the_one_under_it() -> None:
    reading = read(
        """
                          Hurtownia Zawór Sp. z o.o.          ul. Składowa 5
                          NIP: 5265877635                     30-002 Kraków
                          biuro@zawor.example

  FAKTURA

  Numer faktury       8076/2025/MAG       Usługi Remontowe Tomasz Bąk
  Data wystawienia    2025-09-20          NIP: 1234563218
  Termin płatności    2025-10-20          ul. Polna 12/3
                                          05-500 Piaseczno
"""
        + _ITEMS
    )
    assert _parties(reading) == _EXPECTED
    for party in (reading.seller, reading.buyer):
        assert party.vat_id is not None
        assert party.vat_id.proof is Proof.READ  # its digits are right; whose it is, was guessed


def test_a_number_among_addresses_of_mail_and_web_at_the_foot_is_the_writers() -> None:
    reading = read(
        """
  Hurtownia Zawór Sp. z o.o.
  ul. Składowa 5
  30-002 Kraków

                                                  Usługi Remontowe Tomasz Bąk
                                                  ul. Polna 12/3
                                                  05-500 Piaseczno
                                                  NIP: 1234563218

  Faktura FV/389/03/2025
  Data faktury: 05.03.2025
"""
        + _ITEMS
        + "\n" * 20
        + "   +48 12 796 37 66 biuro@zawor.example http://www.zawor.example 5265877635\n"
    )
    assert _parties(reading) == _EXPECTED


def test_the_firm_that_stands_twice_wrote_the_letter() -> None:
    reading = read(
        """
                                                              Hurtownia Zawór Sp. z o.o.
                                                              ul. Składowa 5
                                                              30-002 Kraków


  Usługi Remontowe Tomasz Bąk
  ul. Polna 12/3
  05-500 Piaseczno
  NIP: 1234563218

  Faktura FV/389/03/2025
  Data faktury: 05.03.2025
"""
        + _ITEMS
        + "\n" * 28
        + "  Hurtownia Zawór Sp. z o.o.\n  NIP: 5265877635\n  Urząd Skarbowy Kraków\n"
    )
    assert _parties(reading) == _EXPECTED


def test_headings_in_the_middle_of_their_columns_own_blocks_that_begin_lower() -> None:
    reading = read(
        """
                SPRZEDAWCA                                  NABYWCA

  Hurtownia Zawór Sp. z o.o.
  ul. Składowa 5                               Usługi Remontowe Tomasz Bąk
  30-002 Kraków                                ul. Polna 12/3
  NIP: 526-587-76-35                           05-500 Piaseczno
                                               NIP: 123-456-32-18
  Faktura nr FV/389/03/2025
  Data wystawienia: 2025-03-05
"""
        + _ITEMS
    )
    assert _parties(reading) == _EXPECTED


def test_short_headings_name_parties_but_no_period() -> None:
    page = """
  Faktura FV/389/03/2025        Data: 05.03.2025
  Do: Usługi Remontowe Tomasz Bąk
      NIP: 1234563218
      ul. Polna 12/3
      05-500 Piaseczno

  Od: Hurtownia Zawór Sp. z o.o.
      NIP: 5265877635
      ul. Składowa 5
      30-002 Kraków
"""
    assert _parties(read(page + _ITEMS)) == _EXPECTED
    period = "  Od: 01.02.2025        Do: 28.02.2025\n\n"
    labelled = page.replace("Do: U", "Nabywca: U").replace("Od: H", "Sprzedawca: H")
    assert _parties(read(labelled + period + _ITEMS)) == _EXPECTED


def test_a_tax_number_ends_before_the_next_label() -> None:
    reading = read(
        "  Pennine Traders Ltd\n  14 Mill Lane, Leeds LS1 4AP\n"
        "  Invoice no 17/2026 dated 05.03.2026\n"
        + _ITEMS
        + "\n  VAT: GB602258570 - Tel: +44 113 55\n"
    )
    assert shown(reading.seller.vat_id) == "GB602258570"


def test_numbers_of_fields_are_no_part_of_their_labels() -> None:
    reading = read(
        """
  5. Numer faktury      6. Data wystawienia    7. Data dostawy
  FV/4383/2026          2026-10-12             2026-10-10
"""
        + _ITEMS
    )
    assert shown(reading.invoice_number) == "FV/4383/2026"
    assert shown(reading.issue_date) == "2026-10-12"


def test_a_number_over_its_own_day_needs_no_title() -> None:
    reading = read(
        """
  Elektrotechnik Huber GmbH                                           RE-2025-00287
  6020 Innsbruck                                         Rechnungsdatum: 18.03.2025
"""
        + _ITEMS
    )
    assert shown(reading.invoice_number) == "RE-2025-00287"


def test_two_blocks_in_one_column_are_parted_by_their_distance() -> None:
    reading = read(
        """
  Hurtownia Zawór Sp. z o.o.                                   FAKTURA
  ul. Składowa 5                                               Nr: FV/4908/2026
  30-002 Kraków                                                2026-09-03
  NIP: 5265877635

  Usługi Remontowe Tomasz Bąk
  ul. Polna 12/3
  05-500 Piaseczno
  NIP: 1234563218
"""
        + _ITEMS
    )
    assert _parties(reading) == _EXPECTED


def test_the_name_under_a_heading_of_the_buyer_is_nobodys_else() -> None:
    reading = read(
        """
  Termo-Bud Anna Lis
  ul. Polna 4A, 31-545 Kraków
  NIP: 526-587-76-35

  FAKTURA Nr 2026117962
  Data wystawienia: 14.11.2026
  Nabywca:
  Ceramika Północ Sp. j., ul. Składowa 12, 60-123 Poznań
  NIP: 123-456-32-18
"""
        + _ITEMS
    )
    assert shown(reading.seller.name) == "Termo-Bud Anna Lis"
    assert shown(reading.buyer.name) == "Ceramika Północ Sp. j."


def test_a_band_of_cards_over_the_items_gives_number_and_parties_below() -> None:
    reading = read(
        """
  Faktura          Data             Netto          VAT            Do zapłaty
  A/7227/2026      03.05.2026       494,00 zł      113,62 zł      607,62 zł
  Sprzedawca                                   Nabywca
  Hurtownia Zawór Sp. z o.o.                   Usługi Remontowe Tomasz Bąk
  ul. Składowa 5, 30-002 Kraków                ul. Polna 12/3, 05-500 Piaseczno
  NIP 5265877635                               NIP 1234563218

  Lp.  Nazwa                    Ilość   Jm    Cena netto   Wartość netto   VAT
  1    Rura PEX 16x2,0            100   mb          3,20          320,00   23%
  2    Kolano zaciskowe            12   szt        14,50          174,00   23%
"""
    )
    assert shown(reading.invoice_number) == "A/7227/2026"
    assert _parties(reading) == _EXPECTED


def test_the_block_with_an_account_or_a_register_is_the_writers_wherever_it_stands() -> None:
    reading = read(
        """
  Usługi Remontowe Tomasz Bąk
  ul. Polna 12/3
  05-500 Piaseczno

  Hurtownia Zawór Sp. z o.o.
  ul. Składowa 5, 30-002 Kraków KRS: 0000123456
  NIP: 5265877635 Bank: 61 1090 1014 0000 0712 1981 2874

  Faktura FV/4908/2026 z dnia 2026-09-03
"""
        + _ITEMS
    )
    assert _parties(reading)[:3] == _EXPECTED[:3]
