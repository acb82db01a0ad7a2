"""Layouts of invoicing programs that print more than one row for an item or a heading."""

from __future__ import annotations

from datetime import date

from ocr.reading import Reading
from tests.ocr.drawn import read, rows_of, shown


def _codes(reading: Reading) -> list[str]:
    return [shown(line.article_no) for line in reading.lines]


def test_names_that_run_across_the_columns_of_their_figures_are_whole() -> None:
    reading = read(
        """
 Lp    Nazwa towaru/usługi
       Kod            Ilość    Cena przed rab.   Rabat   Cena netto   VAT   Wartość netto
 1     Bloczek betonowy 38x24x12 B20 szary mrozoodporny
       000478        10 szt.              5,67     12%         4,99    8%           49,90
 2     Styropian EPS 100-038 grafit 15 cm
       044-220         12 m3            289,00     12%       254,32   23%        3 051,84
"""
    )
    assert rows_of(reading) == [
        ("Bloczek betonowy 38x24x12 B20 szary mrozoodporny", "10", "4.99", "49.90"),
        ("Styropian EPS 100-038 grafit 15 cm", "12", "254.32", "3051.84"),
    ]
    assert _codes(reading) == ["000478", "044-220"]


def test_a_name_above_the_middle_of_its_heading_does_not_make_two_rows_of_it() -> None:
    reading = read(
        """
       Nazwa towaru/usługi
 Lp.                             Ilość   jm      Cena netto    VAT       Netto
       Kod
 1     Rozdzielnica natynkowa     1,00   szt         107,10    23%      107,10
       VX-B-212-NTT
 2     Przewód płaski            94,00   mb            8,07    23%      758,58
       K20006
"""
    )
    assert [row[0] for row in rows_of(reading)] == ["Rozdzielnica natynkowa", "Przewód płaski"]
    assert _codes(reading) == ["VX-B-212-NTT", "K20006"]


def test_article_numbers_over_the_names_of_all_items_leave_the_names() -> None:
    reading = read(
        """
 Lp    Indeks                    Ilość   Jm    Cena netto   Wartość netto   VAT
       Nazwa towaru
 1     000443                        3   szt       106,83          320,49    23
       Farba lateksowa śnieżnobiała matowa do ścian i sufitów
 2     B0986.12                     12   usł       288,58        3 462,96    23
       Transport z rozładunkiem
"""
    )
    assert rows_of(reading)[0][0] == "Farba lateksowa śnieżnobiała matowa do ścian i sufitów"
    assert _codes(reading) == ["000443", "B0986.12"]


def test_a_number_in_brackets_behind_a_name_is_the_article_number() -> None:
    (line,) = read(
        """
 Lp    Nazwa towaru / Indeks     Ilość   Jm    Cena netto   Wartość netto   VAT
 1     Farba lateksowa matowa        3   szt       106,83          320,49    23
       [EL-00443]
"""
    ).lines
    assert (shown(line.description), shown(line.article_no)) == (
        "Farba lateksowa matowa",
        "EL-00443",
    )


def test_thousands_stay_with_their_number_where_columns_are_narrow() -> None:
    (line,) = read(
        """
 Nazwa                  Jm.   Ilość   Cena netto        Netto   VAT     Kwota VAT        Brutto
 Bateria umywalkowa     kpl.     20    231,83 zł  4 636,60 zł   23%   1 066,42 zł   5 703,02 zł
"""
    ).lines
    assert (shown(line.line_net), shown(line.line_gross)) == ("4636.60", "5703.02")
    assert (shown(line.vat_rate), shown(line.line_vat)) == ("23", "1066.42")


def test_headings_with_a_currency_are_read_whole() -> None:
    (line,) = read(
        """
 Lp.   Nazwa towaru    Ilość   J.m.   Cena jedn. netto EUR   Stawka VAT   Wartość netto EUR
 1     Kabel ziemny        2     mb                  46,64          23%               93,28
"""
    ).lines
    assert (shown(line.unit_price_net), shown(line.line_net)) == ("46.64", "93.28")


def test_text_that_a_page_break_cuts_off_goes_back_to_its_item() -> None:
    heading = "Lp   Nazwa              Ilość   Jm    Cena netto   Wartość netto   VAT"
    first, second, third = (
        row[0]
        for row in rows_of(
            read(
                f"""
 {heading}
 1    Zawór kulowy           3   szt        10,00           30,00    23
      z motylkiem
 2    Oprawa do sufitów      2   szt        89,00          178,00    23
""",
                f"""
 {heading}
      podwieszanych z zasilaczem
 3    Kolano hamburskie      4   szt         7,00           28,00    23
      ocynkowane
""",
            )
        )
    )
    assert first == "Zawór kulowy z motylkiem"
    assert second == "Oprawa do sufitów podwieszanych z zasilaczem"
    assert third == "Kolano hamburskie ocynkowane"


def test_dates_over_their_labels_are_read_with_the_label_under_them() -> None:
    reading = read(
        """
                                            Kraków
                                            Miejsce wystawienia
                                            2026-02-07
                                            Data wystawienia
                                            2026-02-05
                                            Data dokonania lub zakończenia dostawy
 Faktura VAT FS 12/MAG/2026
 Termin płatności: 2026-02-21
"""
    )
    assert reading.issue_date is not None
    assert reading.sale_date is not None
    assert reading.issue_date.value == date(2026, 2, 7)
    assert reading.sale_date.value == date(2026, 2, 5)


def test_a_party_on_one_line_is_its_name_and_its_address() -> None:
    reading = read(
        """
 Faktura VAT nr 7/11/2026 z dnia 2026-11-20
 Sprzedawca: Tartak Zalesie s.c. M. Lis, P. Lis, ul. Leśna 7, 34-100 Wadowice, NIP 5260250274
 Dla: Remonty Anna Rak, ul. Składowa 5, 30-002 Kraków, NIP 1234563218
"""
    )
    assert shown(reading.seller.name) == "Tartak Zalesie s.c. M. Lis, P. Lis"
    assert shown(reading.buyer.name) == "Remonty Anna Rak"
    assert shown(reading.buyer.vat_id) == "1234563218"


def test_labelled_details_under_a_name_are_no_part_of_it_and_sentences_with_days_are() -> None:
    first, second = read(
        """
 Lp   Towar                                 Ilość   J.m.   Cena   Netto    VAT   Kwota VAT   Brutto
 1    Rura miedziana                            2     mb   10,00   20,00   23%        4,60    24,60
      ID oferty: 12345678
      Indeks: EL-711; EAN: 5901234123457; CN: 8544 49 91
 2    Montaż zgodnie z umową nr 12 z dnia       1    usł   50,00   50,00    8%        4,00    54,00
      01.02.2026, budynek przy ul. Polnej
      Indeks: US-001; EAN: 5900076723030; CN: 8544 49 91
"""
    ).lines
    assert shown(first.description) == "Rura miedziana"
    assert (shown(first.article_no), shown(first.gtin)) == ("EL-711", "5901234123457")
    name = "Montaż zgodnie z umową nr 12 z dnia 01.02.2026, budynek przy ul. Polnej"
    assert shown(second.description) == name


def test_a_rate_and_its_tax_in_one_cell_are_told_apart() -> None:
    (line,) = read(
        """
 Lp   Nazwa               Ilość   Cena netto   Wartość netto     Kwota VAT   Wartość brutto
 1    Rura miedziana          2        10,00           20,00     23%  4,60            24,60
"""
    ).lines
    assert (shown(line.vat_rate), shown(line.line_vat)) == ("23", "4.60")


def test_where_only_the_amount_to_pay_is_printed_net_and_tax_come_from_the_lines() -> None:
    reading = read(
        """
 Lp   Nazwa               Ilość   Cena netto   Wartość netto   VAT   Kwota VAT   Wartość brutto
 1    Rura miedziana          2        10,00           20,00   23%        4,60            24,60
 2    Kolano                  4         5,00           20,00   23%        4,60            24,60

 Do zapłaty: 49,20 zł
"""
    )
    assert (shown(reading.total_net), shown(reading.total_vat)) == ("40.00", "9.20")
    assert shown(reading.total_gross) == "49.20"


def test_items_with_a_discount_and_a_sum_of_their_own_keep_their_net_value() -> None:
    reading = read(
        """
 Poz.     Materiał               Ilość     JM        Cena       Wartość
          Opis
 000010   B0262.12              12,500      M        2,85         35,63
          Przewód płaski
          Rabat                                  10,000- %         3,56-
          Wartość netto pozycji  VAT 23%                          32,07
 000020   020-220               25,000    SZT       13,77        344,25
          Gniazdo podwójne
          Rabat                                  10,000- %        34,43-
          Wartość netto pozycji  VAT 23%                         309,82

 Suma pozycji                                                    341,89
 Podatek VAT 23,000 % od 341,89                                   78,63
 Kwota końcowa PLN                                               420,52
"""
    )
    assert rows_of(reading) == [
        ("Przewód płaski", "12.500", "2.85", "32.07"),
        ("Gniazdo podwójne", "25.000", "13.77", "309.82"),
    ]
    assert _codes(reading) == ["B0262.12", "020-220"]
    assert [shown(line.discount) for line in reading.lines] == ["3.56", "34.43"]
    assert [shown(line.vat_rate) for line in reading.lines] == ["23", "23"]
    assert reading.discounts == ()
    totals = reading.total_net, reading.total_vat, reading.total_gross
    assert [shown(total) for total in totals] == ["341.89", "78.63", "420.52"]


def test_the_day_of_a_duplicate_is_not_the_day_of_the_invoice() -> None:
    for engine in ("pdf-text", "tesseract"):
        reading = read(
            """
                                             DUPLIKAT wystawiony dnia 2026-08-06
 Faktura VAT nr FV/12/07/2026 z dnia 2026-07-23
 Sprzedawca: Remonty Anna Rak, ul. Składowa 5, 30-002 Kraków, NIP 1234563218
""",
            engine=engine,
        )
        assert reading.issue_date is not None
        assert reading.issue_date.value == date(2026, 7, 23)


def test_parties_whose_columns_touch_are_parted_under_their_headings() -> None:
    reading = read(
        """
 Faktura VAT nr 7/11/2026                         Data wystawienia: 2026-11-20
 SPRZEDAWCA:                                 NABYWCA:
 Centrum Narzędzi i Elektroniki Volta s.j. M Firma Budowlana Zofia Kurek
 ul. Leśna 7                                 ul. Składowa 5
 34-100 Wadowice                             30-002 Kraków
 NIP: 5260250274                             NIP: 1234563218
"""
    )
    assert shown(reading.seller.name) == "Centrum Narzędzi i Elektroniki Volta s.j. M"
    assert shown(reading.buyer.name) == "Firma Budowlana Zofia Kurek"


def test_a_tax_number_on_the_next_line_of_a_text_is_its_party_s() -> None:
    reading = read(
        """
 Sprzedawca:    Budmax Materiały S.A., ul. Długa 44, 15-003 Białystok, NIP:
                5260250274
 Nabywca:       Remonty Anna Rak, ul. Składowa 5, 30-002 Kraków, NIP: 1234563218
 Faktura nr:    FV-00276/26
"""
    )
    assert shown(reading.seller.vat_id) == "5260250274"
    assert shown(reading.buyer.vat_id) == "1234563218"


def test_labels_and_headings_in_two_languages_are_read_once() -> None:
    reading = read(
        """
 Faktura / Invoice 17/10/2026
 Data wystawienia / Issue date: 2026-10-12
 Nazwa towaru /          Ilość    Cena netto     Wartość netto     VAT %
 usługi / Item           Qty      Net price      Net amount
 Kabel 2m / Cable 2m         4        39,00            156,00         23
 Dostawa / Delivery          1        18,70             18,70         23
 Razem netto / Net total             174,70
 VAT / Tax                            40,18
 Do zapłaty / Total due              214,88
"""
    )
    assert [row[0] for row in rows_of(reading)] == ["Kabel 2m / Cable 2m", "Dostawa / Delivery"]
    assert shown(reading.issue_date) == "2026-10-12"
    assert (shown(reading.total_vat), shown(reading.total_gross)) == ("40.18", "214.88")


def test_codes_under_a_name_prices_for_a_hundred_and_freight_with_a_price_are_read() -> None:
    reading = read(
        """
 Poz.  Nazwa / indeks / EAN            Ilość   JM    Cena netto    VAT%    Wart. netto
 1     Przewód YDYp 3x2,5 żo biały       500    m    259,78/100      23       1 298,90
       0001-52781 EAN: 5901234123457
 2     Bęben kablowy 8 - kaucja            1  szt        180,00      23         180,00
       BEBEN-08
 3     Fracht                              1  szt         80,00      23          80,00
       FR-01
"""
    )
    assert rows_of(reading) == [
        ("Przewód YDYp 3x2,5 żo biały", "500", "2.5978", "1298.90"),
        ("Bęben kablowy 8 - kaucja", "1", "180.00", "180.00"),
        ("Fracht", "1", "80.00", "80.00"),
    ]
    assert _codes(reading) == ["0001-52781", "BEBEN-08", "FR-01"]
    assert shown(reading.lines[0].gtin) == "5901234123457"


def test_taxes_of_several_rates_on_rows_of_their_own_make_the_tax_together() -> None:
    reading = read(
        """
 Lp    Towar              Ilość   J.m.    Cena netto    VAT    Wartość netto
 1     Bateria                2   szt         189,00    23%           378,00
 2     Montaż                 1   usł         300,00     8%           300,00

                                                 Suma netto           678,00
                                                 VAT 8%                24,00
                                                 VAT 23%               86,94
                                                 Do zapłaty       788,94 PLN
"""
    )
    assert (shown(reading.total_vat), shown(reading.total_gross)) == ("110.94", "788.94")
    assert "total-mismatch" not in [finding.code for finding in reading.findings]


def test_lines_written_as_sentences_are_read_where_their_products_hold() -> None:
    reading = read(
        """
 FAKTURA nr 88/C/2026
 1. Cegła klinkierowa 25x12x6,5
    480 szt x 3,15 zł = 1 512,00 zł netto, VAT 23%
 2. Transport do 20 km
    1 usł x 180,00 zł = 180,00 zł netto, VAT 23%
 Oferta: 2 szt x 3,00 zł = 7,00 zł
 Razem netto: 1 692,00 zł
 VAT 23%: 389,16 zł
 Razem brutto: 2 081,16 zł
"""
    )
    assert rows_of(reading) == [
        ("Cegła klinkierowa 25x12x6,5", "480", "3.15", "1512.00"),
        ("Transport do 20 km", "1", "180.00", "180.00"),
    ]


def test_a_column_of_states_without_a_heading_tells_before_after_and_difference() -> None:
    reading = read(
        """
 FAKTURA KORYGUJĄCA nr KFS 7/05/2026
 do faktury nr FS 233/04/2026 z dnia 2026-04-22
 Lp.               Nazwa                Jm    Ilość   Cena netto   VAT    Wartość netto
 1     było        Zawór grzejnikowy    szt      20        35,00   23%           700,00
       powinno     Zawór grzejnikowy    szt      15        35,00   23%           525,00
       być
       korekta     Zawór grzejnikowy    szt      -5         0,00   23%          -175,00

                                  Netto          VAT         Brutto
            Przed korektą        700,00       161,00         861,00
            Po korekcie          525,00       120,75         645,75
            Różnica             -175,00       -40,25        -215,25
 Do zwrotu: 215,25 PLN
"""
    )
    assert [(shown(line.description), line.before) for line in reading.lines] == [
        ("Zawór grzejnikowy", True),
        ("Zawór grzejnikowy", False),
    ]
    assert (shown(reading.total_net), shown(reading.total_gross)) == ("-175.00", "-215.25")


def test_of_what_was_ordered_and_what_was_issued_the_issued_counts() -> None:
    (line,) = read(
        """
 VAT ID PL5252248481
 Lp   Indeks   Nazwa               Zam.   Wyd.   Jm    Cena netto   VAT   Wartość netto
 1    ZZ1      Zawór zwrotny 1"      10      8   szt        24,50   23%          196,00
"""
    ).lines
    assert (shown(line.quantity), shown(line.line_net)) == ("8", "196.00")


def test_the_headings_of_a_correction_say_what_is_corrected() -> None:
    reading = read(
        """
 FAKTURA KORYGUJĄCA nr KOR 3/26
 Lp    Nazwa            Ilość        Jm    Cena     VAT    Wartość korekty   Wartość korekty
                        korygowana         netto           netto             brutto
 1     Zawór zwrotny             -3  szt   24,50    23%            -73,50            -90,41
"""
    )
    assert rows_of(reading) == [("Zawór zwrotny", "-3", "24.50", "-73.50")]
