"""Layouts of invoicing programs: drawn bars, sums in sentences, one cell for count and price."""

from __future__ import annotations

from dataclasses import replace

from ocr import rows
from ocr.grid import Column, assigned
from ocr.reading import Reading
from tests.ocr.drawn import read, rows_of, shown, words_of

_ROWS = [
    ("Rura karbowana 16", "100", "3.20", "320.00"),
    ("Kolano zaciskowe", "12", "14.50", "174.00"),
]


def _totals(reading: Reading) -> list[str]:
    return [shown(v) for v in (reading.total_net, reading.total_vat, reading.total_gross)]


def test_rules_drawn_with_exclamation_marks_part_the_columns() -> None:
    bars = """
  !Lp.!Nazwa towaru        !Jm   !    Ilosc!Cena netto!  Wart.netto!VAT! Wart.brutto!
  !  1!Rura karbowana 16   !mb   !      100!      3,20!      320,00! 23!      393,60!
  !  2!Kolano zaciskowe    !szt  !       12!     14,50!      174,00! 23!      214,02!
  RAZEM:                                                     494,00           607,62
"""
    assert rows_of(read(bars)) == _ROWS
    assert rows_of(read(bars.replace("!", "│"))) == _ROWS


def test_rates_that_are_spelled_out_row_by_row_make_the_totals_together() -> None:
    reading = read(
        """
  Lp  Nazwa              Jm    Ilość   Cena netto   Wart.netto   VAT   Wart.brutto
  1   Rura karbowana 16  mb      100         3,20       320,00    23        393,60
  2   Kolano zaciskowe   szt      12        14,50       174,00     8        187,92

  stawka 23%: netto   320,00 vat    73,60 brutto   393,60
  stawka  8%: netto   174,00 vat    13,92 brutto   187,92
  Do zapłaty: 581,52 PLN
"""
    )
    assert _totals(reading) == ["494.00", "87.52", "581.52"]
    assert {v.proof.proven for v in (reading.total_net, reading.total_gross) if v} == {True}


def test_a_discount_on_a_row_of_its_own_leaves_the_name_and_explains_the_value() -> None:
    (first, second) = read(
        """
  Poz.    Materiał    Ilość   JM    Cena jedn.   VAT    Wartość netto
          Opis
  000010  DY-5240       100   mb          3,20   23%           288,00
          Rura karbowana 16
          Rabat klienta                10,00- %
  000020  02433          12   szt        14,50   23%           174,00
          Kolano zaciskowe
"""
    ).lines
    assert [shown(line.description) for line in (first, second)] == [name for name, *_ in _ROWS]
    assert shown(first.discount) == "32.00"
    assert [line.quantity.proof.proven for line in (first, second) if line.quantity] == [True, True]
    assert second.discount is None


def test_count_and_price_in_one_cell_are_told_apart_in_either_order() -> None:
    table = """
  Lp.  Opis                 Ilość × cena           VAT      Netto      Brutto
  1    Rura karbowana 16    {}    23%     320,00      393,60
  2    Kolano zaciskowe     {}    23%     174,00      214,02
"""
    for cells in (
        ("100 mb po 3,20 zł ", "12 szt po 14,50 zł"),
        ("3,20 zł/mb × 100  ", "14,50 zł/szt × 12 "),
    ):
        assert rows_of(read(table.format(*cells))) == _ROWS


def test_the_second_price_behind_a_discount_is_the_value_where_it_multiplies() -> None:
    reading = read(
        """
  Označení dodávky     Množství    J.cena   Sleva      Cena   %DPH     DPH   Kč Celkem
  Trubka ohebná 16       100 m       3,20     10%    288,00    21%   60,48      348,48
  Koleno lisovací         12 ks     14,50            174,00    21%   36,54      210,54
"""
    )
    assert [shown(line.line_net) for line in reading.lines] == ["288.00", "174.00"]


def test_a_number_before_a_written_date_and_a_day_beside_a_title_are_told_apart() -> None:
    behind = read(
        """
  Faktura
  Numer / data
  2880/2026/SKL / 1 listopada 2026 r.
"""
    )
    assert shown(behind.invoice_number) == "2880/2026/SKL"
    beside = read(
        """
  TAX INVOICE            Invoice Date           Ardeo Ltd
                         01/09/2026             Unit 3, Trent Park

                         Invoice Number
                         FS-119/09/2026
"""
    )
    assert shown(beside.invoice_number) == "FS-119/09/2026"


def test_the_tax_number_among_number_and_date_is_the_issuer_s() -> None:
    reading = read(
        """
                              Invoice Date           Ardeo Merchants Ltd
  TAX INVOICE                 27.03.2026             51 Station Road
                                                     Derby DE24 8GX
  Sollaro Products plc        Invoice Number
  73 Station Road             VN636354
  Hull HU3 4SA
  VAT: GB229472980            VAT Number
                              GB501686992
"""
    )
    assert shown(reading.seller.vat_id) == "GB501686992"
    assert shown(reading.seller.name) == "Ardeo Merchants Ltd"
    assert shown(reading.buyer.vat_id) == "GB229472980"


def test_the_foot_of_the_last_page_names_the_seller() -> None:
    first = """
  Grodan spółka jawna                   Faktura
  ul. Leśna 115                         Numer / data
  70-952 Szczecin                       AR763447 / 25-08-2026
                                        NIP nabywcy
                                        5993957609
"""
    foot = "\n  Nivela Polska Sp. z o.o. · ul. Polna 26 · 41-200 Sosnowiec · NIP 8458379322\n"
    reading = read(first, foot)
    assert shown(reading.seller.name) == "Nivela Polska Sp. z o.o."
    assert shown(reading.buyer.vat_id) == "5993957609"


def test_a_numbered_title_of_a_group_is_no_part_of_its_first_item() -> None:
    reading = read(
        """
  Poz.  Opis robót            Ilość   Jm   Cena jedn.    Wartość
  1.    Instalacje
  1.1   Rura karbowana 16       100   mb         3,20     320,00
        Suma 1. Instalacje                                320,00
  2.    Glazura
  2.1   Kolano zaciskowe         12   szt       14,50     174,00
"""
    )
    assert rows_of(reading) == _ROWS


def test_a_number_printed_lower_than_its_figures_makes_no_item_of_its_own() -> None:
    reading = read(
        """
  Pos   Beschreibung          Nettopreis     Menge    Steuersatz    Nettobetrag
  1     Rura karbowana 16         3,2000     100 m          19 %         320,00
        Kolano zaciskowe         14,5000      12            19 %         174,00
  2     Kilometer: 873
  3     Klej                     31,0000       4            19 %         124,00
"""
    )
    assert [shown(line.line_net) for line in reading.lines] == ["320.00", "174.00", "124.00"]


def test_a_price_with_four_decimals_belongs_to_no_heading() -> None:
    reading = read(
        """
  Pos   Beschreibung          Nettopreis     Menge    Steuersatz
  1     Artikel                  50,0000       1           0 %
  2     Zusatz dazu               0,0000       1           0 %
"""
    )
    assert [shown(line.description) for line in reading.lines] == ["Artikel", "Zusatz dazu"]


def test_a_rate_that_begins_under_the_quantities_is_no_part_of_them() -> None:
    columns = (
        Column("quantity", "Menge", 0.0, 0.2),
        Column("vat_rate", "Steuer", 0.2, 0.4),
        Column("net", "Entgelt", 0.4, 1.0),
    )
    words, pages = words_of("  12 Stk    19 % VAT (S)                            174,00")
    (row,) = rows.rows_of(rows.tokens_of(words, pages))
    for edge in (0.1, 0.135, 0.2):  # before the rate, between it and its sign, behind both
        cut = (replace(columns[0], right=edge), replace(columns[1], left=edge), columns[2])
        told = [" ".join(t.text for t in cells) for cells in assigned(cut, row).values()]
        assert sorted(told) == ["12 Stk", "174,00", "19 % VAT (S)"]


def test_a_day_in_brackets_over_a_name_is_no_part_of_it() -> None:
    reading = read(
        """
  Artikel                   Aantal      Prijs     Bedrag
  (Verzenddatum 29-10-2015)
  Beugel verzinkt                2      14,50      29,00
"""
    )
    assert rows_of(reading) == [("Beugel verzinkt", "2", "14.50", "29.00")]


_HEAD = """
  {}

  Rechnung Nr. 2916/2026
  Pos   Bezeichnung           Menge       Preis      Betrag
  1     Rura karbowana 16       100        3,20      320,00
"""


def test_whom_a_paper_greets_has_not_written_it() -> None:
    letter = """                      Krupinex KG
            Bahnhofstr. 33, 28195 Bremen - USt-IdNr. DE158001030
  An
  Linden Großhandel GmbH
  Bahnhofstr. 76
  28195 Bremen
  USt-IdNr. DE799817358"""
    assert shown(read(_HEAD.format(letter)).seller.name) == "Krupinex KG"


def test_a_party_s_heading_may_stand_before_the_firm_without_a_colon() -> None:
    reading = read(_HEAD.format("Sprzedający Baltenko S.A.\n  NIP 7815117191"))
    assert shown(reading.seller.name) == "Baltenko S.A."
    assert shown(reading.seller.vat_id) == "7815117191"
    sentence = read(_HEAD.format("Sprzedawca Baltenko S.A. nie odpowiada za opóźnienia dostawy"))
    assert sentence.seller.name is None or "odpowiada" not in shown(sentence.seller.name)


def test_labelled_details_with_figures_under_an_item_are_no_item() -> None:
    reading = read(
        """
  Pos   Beschreibung            Nettopreis      Menge      USt.     Betrag
  1     Rura karbowana 16             3,20      100 Stk    23 %     320,00
        Bruttopreis : 15,00       Abschlag :      4,50     Rabatt        1
  2     Kolano zaciskowe             14,50       12 Stk    23 %     174,00
"""
    )
    assert rows_of(reading) == _ROWS


def test_rows_of_rates_that_all_begin_with_the_tax_are_no_sums() -> None:
    reading = read(
        """
  Umsatzsteueraufschlüsselung:
  Art (Kategorie)      Warenwert    Basisbetrag    USt. %    Steuerbetrag
  Umsatzsteuer (S)                       320,00        19           60,80
  Umsatzsteuer (S)                       174,00         7           12,18

  Positionssumme                                                   500,00
  Rechnungssumme ohne USt.                                         494,00
  Bruttosumme                                                      566,98
"""
    )
    assert [shown(row.vat_rate) for row in reading.rate_totals] == ["19", "7"]
    assert _totals(reading) == ["494.00", "72.98", "566.98"]


def test_which_of_two_tax_numbers_is_the_seller_s_is_not_proven_by_its_digits() -> None:
    letter = """{}                     {}
  Industrieweg 12                       Kade 4
  5611 AZ Eindhoven                     9711 LM Groningen
  BTW-nr. NL123456782B90                BTW-nr. NL004495445B01"""
    named = read(_HEAD.format(letter.format("Salvia Techniek", "Rudnik Techniek B.V.")))
    assert shown(named.seller.vat_id) == "NL004495445B01"
    nameless = read(_HEAD.format(letter.format("Industriehal   ", "Loods            ")))
    assert nameless.seller.vat_id is None or not nameless.seller.vat_id.proof.proven


def test_a_bare_number_beside_a_bare_title_is_the_document_s() -> None:
    head = "Nr: FS-617/03/2026\n  {}\n  Data wystawienia: 16-03-2026"
    for title, number in (("Faktura", "FS-617/03/2026"), ("Magazyn", "")):
        page = _HEAD.replace("Rechnung Nr. 2916/2026", "").format(head.format(title))
        assert shown(read(page).invoice_number) == number


def test_a_number_stands_under_its_title_or_over_it_whatever_lies_between() -> None:
    for head, number in (
        ("FAKTURA VAT\n  ORYGINAŁ\n  nr FV/12/11/2026/A-1", "FV/12/11/2026/A-1"),
        ("FAKTURA VAT\n  Data: 16-03-2026     Nr: FV/12/11/2026     Strona 1/1", "FV/12/11/2026"),
        ("Dokument: FS-12/MAG/2026\n  Faktura VAT", "FS-12/MAG/2026"),
        ("Faktura VAT Nr FV / 12 / 11 / 2026", "FV / 12 / 11 / 2026"),
        ("FAKTURA VAT\n  Magazyn\n  nr 17", ""),
    ):
        reading = read(_HEAD.replace("Rechnung Nr. 2916/2026", "").format(head))
        assert shown(reading.invoice_number) == number
        told = "number-missing" in [finding.code for finding in reading.findings]
        assert told == (number == "")


def test_the_day_of_a_contract_or_of_a_certificate_is_no_day_of_issue() -> None:
    page = _HEAD.replace("Rechnung Nr. 2916/2026", "").format("Faktura nr 12/2026\n  {}")
    for printed, day in (
        ("Umowa z dnia 2024-01-15", ""),
        ("Certyfikat ISO ważny od 2020-01-01 do 2027-01-01\n  2026-11-05", "2026-11-05"),
        ("Umowa z dnia 2024-01-15\n  Kraków, dnia 2026-11-05", "2026-11-05"),
        ("do umowy, faktura z dnia 2026-11-05", "2026-11-05"),
    ):
        assert shown(read(page.format(printed)).issue_date) == day


def test_a_gtin_ends_where_another_label_begins_and_two_columns_make_no_code() -> None:
    reading = read(
        """
 Lp.   Nazwa                     Ilość   Jm    Cena netto   Wartość netto   VAT
 1     Kabel YDYżo 3x2,5           300   m           3,84        1 152,00   23%
       EAN: 5901234123457 PKWiU 27.32.13
 2     Puszka IP55 100x100          25   szt        11,20          280,00   23%
       EAN: 5900000000015 paleta 3
"""
    )
    assert [shown(line.gtin) for line in reading.lines] == ["5901234123457", "5900000000015"]
    columns = read(
        """
 Lp.   Nazwa                     Kod          Ilość   Jm    Cena netto   Wartość netto   VAT
 1     Kabel YDYżo 3x2,5         2      2       300   m           3,84        1 152,00   23%
 2     Puszka IP55 100x100       5      5        25   szt        11,20          280,00   23%
"""
    )
    assert [line.article_no for line in columns.lines] == [None, None]


def test_a_code_behind_its_word_under_a_name_is_no_part_of_it() -> None:
    reading = read(
        """
  Produkt              Ilość      Cena    Wartość
  Rura karbowana 16      100      3,20     320,00
  nr kat. WZ-5482
  Kolano zaciskowe        12     14,50     174,00
  nr kat. WZ-5274
"""
    )
    assert rows_of(reading) == _ROWS
