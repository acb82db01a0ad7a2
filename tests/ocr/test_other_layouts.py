"""Layouts of programs beyond the usual ones: notes between items, codes below names, states."""

from __future__ import annotations

from ocr import truth_schema
from ocr.reading import Reading
from tests.ocr.drawn import read, rows_of, shown

_TWO_ITEMS = """
 Lp.   Nazwa                     Ilość   Jm    Cena netto   Wartość netto   VAT
 1     Kabel YDYżo 3x2,5           300   m           3,84        1 152,00   23%
 2     Puszka IP55 100x100          25   szt        11,20          280,00   23%
"""


def _named(reading: Reading) -> list[str]:
    return [shown(line.description) for line in reading.lines]


def test_a_delivery_note_between_items_is_no_part_of_their_names() -> None:
    reading = read(
        """
 Lp    Nazwa                     Ilość   Jm    Cena netto   Wartość netto   VAT
 Dokument WZ 000551/2026 z dnia 2026-08-20
 1     Styropian fasada 15 cm       36   m3        198,00        7 128,00   23%
 Dokument WZ 000552/2026 z dnia 2026-08-21
 2     Siatka elewacyjna 145 g      12   rolka     112,00        1 344,00   23%
 odwrotne obciążenie
"""
    )
    assert _named(reading) == ["Styropian fasada 15 cm", "Siatka elewacyjna 145 g"]


def test_an_item_that_only_begins_like_a_note_keeps_its_name() -> None:
    (line,) = read(
        """
 Lp    Nazwa                     Ilość   Jm    Cena netto   Wartość netto   VAT
 1     Zamówienie specjalne nr 5     1   szt       198,00          198,00   23%
"""
    ).lines
    assert shown(line.description) == "Zamówienie specjalne nr 5"


def test_codes_below_all_names_leave_them_though_no_heading_tells() -> None:
    reading = read(
        """
 Lp.   Nazwa                     Ilość   Jm    Cena netto   Wartość netto   VAT
 1     Kabel YDYżo 3x2,5           300   m           3,84        1 152,00   23%
       KAB-325 / 5901234123457
 2     Puszka IP55 100x100          25   szt        11,20          280,00   23%
       PUS-100
"""
    )
    assert _named(reading) == ["Kabel YDYżo 3x2,5", "Puszka IP55 100x100"]
    assert [shown(line.article_no) for line in reading.lines] == ["KAB-325", "PUS-100"]
    assert shown(reading.lines[0].gtin) == "5901234123457"


def test_a_name_that_ends_in_a_size_keeps_it() -> None:
    reading = read(
        """
 Lp.   Nazwa                     Ilość   Jm    Cena netto   Wartość netto   VAT
 1     Zawór kulowy                300   m           3,84        1 152,00   23%
       DN50
 2     Zawór zwrotny                25   szt        11,20          280,00   23%
       DN65
"""
    )
    assert _named(reading) == ["Zawór kulowy DN50", "Zawór zwrotny DN65"]


def test_of_two_columns_of_names_the_one_with_codes_is_the_index() -> None:
    reading = read(
        """
 Pos   Artikel   Bezeichnung                 Menge   ME      Preis   USt       Wert
 10    45012     Fliesen 60x60 anthrazit     22,40   m²      28,90   19%     647,36
 20    45099     Fliesenkreuze                3,00   Pck      4,50   19%      13,50
"""
    )
    assert _named(reading) == ["Fliesen 60x60 anthrazit", "Fliesenkreuze"]
    assert [shown(line.article_no) for line in reading.lines] == ["45012", "45099"]


def test_a_sentence_of_sums_behind_the_items_is_no_item() -> None:
    reading = read(
        _TWO_ITEMS
        + """
 Wartość zamówienia: netto 1 432,00, VAT 329,36, brutto 1 761,36 zł
"""
    )
    assert len(reading.lines) == 2


def test_what_is_paid_names_the_currency_not_the_tax_in_zlotys_nor_a_pallet() -> None:
    reading = read(
        """
 Lp.   Nazwa                     Ilość   Jm    Cena netto   Wartość netto   VAT
 1     PALETA EURO                   2   szt     1 290,00        2 580,00   23%
 Kurs NBP: 1 EUR = 4,2815 PLN
 Kwota VAT w PLN: 2 540,64 PLN
 Wartość netto w PLN: 11 046,27 PLN
 Do zapłaty: 3 173,40 EUR
"""
    )
    assert shown(reading.currency) == "EUR"
    plain = read(_TWO_ITEMS.replace("Puszka IP55", "PALETA EURO") + " Do zapłaty: 1 761,36 PLN\n")
    assert shown(plain.currency) == "PLN"


def test_an_amount_converted_at_a_rate_and_a_pallet_of_a_kind_turn_no_currency() -> None:
    reading = read(
        """
 Lp.   Nazwa                     Ilość   Jm    Cena netto   Wartość netto   VAT
 1     PALETA EUR 1200x800           2   szt       290,00          580,00   23%
 Razem netto 580,00
 Razem VAT 133,40
 Razem brutto 713,40
 Do zapłaty w EUR: 165,44 EUR (kurs 4,3120)
"""
    )
    assert shown(reading.currency) == "PLN"
    assert reading.amount_due is None
    assert shown(reading.total_gross) == "713.40"


def test_your_tax_number_is_the_buyers_wherever_it_stands() -> None:
    reading = read(
        """
 Keramik Nord AG, Hafenstr. 1, 20457 Hamburg

 Rechnung Nr. 771204 vom 21.07.2026
 USt-IdNr. DE118619466   Ihre USt-IdNr. DE811193231
"""
    )
    assert shown(reading.seller.vat_id) == "DE118619466"
    assert shown(reading.buyer.vat_id) == "DE811193231"


def test_headings_of_parties_may_lack_their_colon_or_have_a_remark() -> None:
    reading = read(
        """
 e-Faktura nr SKL/10/2026/44
 Sprzedawca OGRÓD I DOM S.A., NIP 5260250274, ul. Kwiatowa 7, 61-001 Poznań
 Nabywca (płatnik):
 RESTAURACJA POD LIPĄ
 NIP 1234563218
"""
    )
    assert shown(reading.seller.name) == "OGRÓD I DOM S.A."
    assert shown(reading.seller.vat_id) == "5260250274"
    assert shown(reading.buyer.vat_id) == "1234563218"


def test_names_of_the_schema_beside_labels_are_passed_over() -> None:
    reading = read(
        """
 Numer faktury (P_2)   12/2026
 Nr   P_7 Nazwa                 P_8A Jm   P_8B Ilość   P_9A Cena netto   P_11 Wartość netto
 1    Kabel YDYżo 3x2,5         m                300              3.84              1152.00
"""
    )
    assert shown(reading.invoice_number) == "12/2026"
    assert rows_of(reading) == [("Kabel YDYżo 3x2,5", "300", "3.84", "1152.00")]


_STATES = """
 Faktura korygująca nr KFS/33/2026
 Data wystawienia: 2026-04-02
 Korekta do faktury: FS/210/2026
 Przed korektą
 Lp.   Nazwa               Ilość   Jm    Cena netto   Wartość netto   VAT   Kwota VAT        Brutto
 1     Grzejnik C22           10   szt       412,00        4 120,00   23%      947,60      5 067,60
 Razem                                                     4 120,00            947,60      5 067,60
 Po korekcie
 Lp.   Nazwa               Ilość   Jm    Cena netto   Wartość netto   VAT   Kwota VAT        Brutto
 1     Grzejnik C22            8   szt       412,00        3 296,00   23%      758,08      4 054,08
 Razem                                                     3 296,00            758,08      4 054,08
"""
_DIFFERENCE = """
 Różnica
                                                              Netto   VAT                    Brutto
                                                            -824,00             -189,52   -1 013,52
"""


def test_a_correction_is_worth_its_difference_printed_or_not() -> None:
    for page in (_STATES, _STATES.rstrip("\n") + _DIFFERENCE):
        reading = read(page + " Do zwrotu: 1 013,52 PLN\n")
        totals = (reading.total_net, reading.total_vat, reading.total_gross)
        assert [shown(value) for value in totals] == ["-824.00", "-189.52", "-1013.52"]
        assert shown(reading.amount_due) == "1013.52"


def test_amounts_that_are_said_to_go_down_are_negative() -> None:
    reading = read(
        """
 KOREKTA FAKTURY VAT nr KOR/0045/05/26
 Kwota zmniejszenia wartości netto: 250,00
 Kwota zmniejszenia podatku: 57,50
 Wartość brutto korekty: -307,50
"""
    )
    totals = (reading.total_net, reading.total_vat, reading.total_gross)
    assert [shown(value) for value in totals] == ["-250.00", "-57.50", "-307.50"]
    assert shown(reading.invoice_number) == "KOR/0045/05/26"


def test_a_price_for_a_hundred_becomes_the_price_of_one_and_says_for_how_many_it_was() -> None:
    reading = read(
        """
 Poz.   Materiał     Opis              Ilość   JM    Cena netto   za    Wartość netto
 10     10045512     Śruba M8x40       1.200   SZT        38,50   100          462,00
 20     10088001     Kotwa 300 ml          6   SZT        42,90   1            257,40
"""
    )
    assert [shown(line.unit_price_net) for line in reading.lines] == ["0.385", "42.90"]
    record = truth_schema.from_reading(reading, doc_id="x")
    stated = [(line["unit_price_net"], line.get("price_basis")) for line in record["lines"]]
    assert stated == [("38.50", "100"), ("42.90", None)]


def test_a_sole_traders_own_name_under_the_firms_belongs_to_it() -> None:
    under = read(
        """
 P.H.U. PRĄD
 Jacek Sikora
 ul. Elektronowa 3
 58-100 Świdnica
 NIP 5260250274
"""
    )
    assert shown(under.seller.name) == "P.H.U. PRĄD Jacek Sikora"
    headed = read(
        """
 Sprzedawca
 TARAS-POL
 Michał Jeleń
 ul. Drewniana 17, 10-001 Olsztyn
 Nabywca
 INSTAL Sp. z o.o.
 Jan Nowak
 ul. Leśna 1, 10-002 Olsztyn
"""
    )
    assert shown(headed.seller.name) == "TARAS-POL Michał Jeleń"
    assert shown(headed.buyer.name) == "INSTAL Sp. z o.o."


def test_letters_for_rates_are_read_from_what_explains_them() -> None:
    reading = read(
        """
 Poz   Symbol   Opis                 Ilość    Netto/szt.   Netto razem   PTU   Brutto razem
 1     FA5      Farba akrylowa      6szt.          64,90        389,40     A         478,96
 2     NU10     Nawóz uniwersalny   3worek         38,00        114,00     B         123,12
 A = 23%, B = 8%
"""
    )
    assert [shown(line.vat_rate) for line in reading.lines] == ["23", "8"]
    assert rows_of(reading) == [
        ("Farba akrylowa", "6", "64.90", "389.40"),
        ("Nawóz uniwersalny", "3", "38.00", "114.00"),
    ]


def test_conditions_of_a_price_and_sums_in_words_are_no_part_of_a_name() -> None:
    reading = read(
        """
 Poz.  Nazwa                     Ilość   Jm    Cena netto   Wartość netto   VAT
 10    Kabel H07RN-F 5G2,5         200   M           9,94        1 988,00   23%
       Cena cennikowa 14,20 PLN   Rabat 30,00 %-
 20    Wkładka WT-00 63A            24   SZT        12,94          310,56   23%
       Cena cennikowa 19,90 PLN   Rabat 35,00 %-
 Wartość całego zamówienia brutto: 15 000,00 zł
"""
    )
    assert _named(reading) == ["Kabel H07RN-F 5G2,5", "Wkładka WT-00 63A"]


def test_the_head_of_a_further_page_is_no_item() -> None:
    head = """
 OKUCIA TRYTON Sp. z o.o.    61-248 Poznań, ul. Unii Lubelskiej   3, NIP   5260250274
 Lp.   Nazwa                     Ilość   Jm    Cena netto   Wartość netto   VAT
"""
    first = head + " 1     Zawias                      250   szt        82,11       20 527,50   23%"
    second = (
        head + " 2     Klamka                       10   szt        14,37          143,70   23%"
    )
    assert _named(read(first, second)) == ["Zawias", "Klamka"]


def test_who_alone_receives_is_the_buyer_and_numbers_say_whose_they_are() -> None:
    reading = read(
        """
 Numer faktury        RU/0087/2026
 Wystawca             RUSZTOWANIA POŁUDNIE Adam Gil
 NIP wystawcy         5260250274
 Odbiorca             BUD-TYNK Sp. z o.o.
 NIP odbiorcy         1234563218
"""
    )
    assert shown(reading.seller.vat_id) == "5260250274"
    assert (shown(reading.buyer.name), shown(reading.buyer.vat_id)) == (
        "BUD-TYNK Sp. z o.o.",
        "1234563218",
    )


def test_a_firm_whose_form_stands_on_the_next_row_is_whole() -> None:
    reading = read(
        """
 OGRODEX                           Nabywca
 Sp. z o.o. Sp. k.                 Gmina Krośniewice
 ul. Płotowa 2                     ul. Poznańska 5
 99-300 Kutno                      99-340 Krośniewice
 NIP 5260250274                    NIP 1234563218
"""
    )
    assert shown(reading.seller.name) == "OGRODEX Sp. z o.o. Sp. k."


def test_of_two_values_the_greater_one_has_the_tax() -> None:
    (line,) = read(
        """
 Lp    Nazwa             Jm    Ilość     Cena    Wartość    VAT    Wartość
 1     Papa 5,2 mm       rol      24   148,70    3568,80    23%    4389,62
"""
    ).lines
    assert (shown(line.line_net), shown(line.line_gross)) == ("3568.80", "4389.62")


def test_a_legal_form_that_goes_on_in_the_next_row_is_whole() -> None:
    reading = read(
        """
 SERWIS24 SPÓŁKA Z OGRANICZONĄ
 ODPOWIEDZIALNOŚCIĄ
 ul. Techniczna 4
 35-959 Rzeszów
 NIP 5260250274
"""
    )
    assert shown(reading.seller.name) == "SERWIS24 SPÓŁKA Z OGRANICZONĄ ODPOWIEDZIALNOŚCIĄ"


def test_items_that_are_counted_under_a_heading_of_names_are_numbered() -> None:
    reading = read(
        """
 Item   Part no.   Details                 Qty   U/M   Unit price   VAT %   Line total ex VAT
 1      AB12       Anchor bolt M12x110     300   pcs       0.8400      20              252.00
 2      ER400      Epoxy resin 400ml        24   pcs      11.2500      20              270.00
"""
    )
    assert rows_of(reading) == [
        ("Anchor bolt M12x110", "300", "0.8400", "252.00"),
        ("Epoxy resin 400ml", "24", "11.2500", "270.00"),
    ]


def test_a_summary_of_rates_under_the_items_ends_them() -> None:
    reading = read(
        """
 Lp.   Produkt                   Ilość    Cena netto   Wartość netto   VAT [%]   Wartość brutto
 1     Stacja USB-C             2 szt.        599,00        1 198,00        23         1 473,54
       S/N: X28821
 Podsumowanie                               Netto           VAT        Brutto
 23%                                     1 198,00        275,54      1 473,54
"""
    )
    assert _named(reading) == ["Stacja USB-C"]


def test_a_label_beside_a_partys_heading_is_not_its_name() -> None:
    reading = read(
        """
 Nazwa i adres sprzedawcy:         Nr faktury           Data wystawienia
 KLINKIER DOM Wojciech Gajda       124/2026/KD          11-05-2026
 Kościelna 8, 62-300 Września
 NIP 5260250274
"""
    )
    assert shown(reading.seller.name) == "KLINKIER DOM Wojciech Gajda"
    assert shown(reading.invoice_number) == "124/2026/KD"


def test_a_seller_that_stands_only_beside_its_account_is_found() -> None:
    reading = read(
        """
 Customer
 Galten Plus Supplies Limited
 40 Mill Lane
 VAT No: GB206963904
 TAX INVOICE No. 202664758

 Total VAT   350.27
 Amount payable   2,101.61 GBP
 Bank: Northern Bank plc
 Account name: Instalia plc
 23 Mill Lane, Leeds LS9 8AG
 VAT No GB617797788
"""
    )
    assert shown(reading.seller.name) == "Instalia plc"
    assert shown(reading.seller.vat_id) == "GB617797788"
    assert shown(reading.buyer.vat_id) == "GB206963904"


def test_a_total_of_vat_over_an_account_is_no_tax_number() -> None:
    reading = read(
        """
 Verkäufer: Rohr Meister GmbH
 USt-IdNr. DE136695976
 Netto  3,342.48   VAT total: 668.50
 Bank   99 4149 7503 5442
"""
    )
    assert shown(reading.seller.vat_id) == "DE136695976"


def test_the_buyer_with_a_long_name_does_not_become_the_seller() -> None:
    reading = read(
        """
 Kunde
 Termax Systems Handels GmbH & Co. KG
 Industriestraße 178
 20095 Hamburg
 USt-IdNr.: DE961034095
 Rechnung Nr. INV/00833/2026


 Galten Serwis AG        USt-IdNr.      Bankverbindung
 Industriestraße 48      DE939623450    22 7353 7119
 20095 Hamburg
"""
    )
    assert shown(reading.seller.name) == "Galten Serwis AG"


def test_a_sum_of_gross_prices_over_its_tax_is_not_the_net_total() -> None:
    reading = read(
        """
 Verkäufer: Rohr Meister GmbH    USt-IdNr. DE136695976
 Rechnung Nr. 4711
 Zwischensumme      717,97 EUR
 MwSt.              124,61 EUR
 Gesamtbetrag       717,97 EUR
"""
    )
    assert reading.total_gross is not None
    assert str(reading.total_gross.value) == "717.97"
    assert reading.total_net is None
