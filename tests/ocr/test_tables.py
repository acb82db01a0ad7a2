"""Headings, column borders, items over rows and pages."""

import pytest

from ocr.headings import find_headings
from ocr.rows import rows_of, split, tokens_of
from tests.ocr.drawn import PLAIN, read, shown, words_of
from tests.ocr.drawn import rows_of as lines_of


def meanings(*pages: str, engine: str = "pdf-text") -> list[list[str]]:
    words, sheets = words_of(*pages, engine=engine)
    return [[c.meaning for c in h.cells] for h in find_headings(rows_of(tokens_of(words, sheets)))]


def test_a_row_is_cut_into_phrases_where_cells_stand_apart() -> None:
    words, sheets = words_of("Nazwa towaru      Cena netto   23%")
    (row,) = rows_of(tokens_of(words, sheets))
    assert [phrase.text for phrase in split(row)] == ["Nazwa towaru", "Cena netto", "23%"]


def test_a_turned_page_keeps_its_rows() -> None:
    words, sheets = words_of(
        *["\n".join(f"{n:>3}   Kolano        12,50        25,00" for n in range(9))]
    )
    level = rows_of(tokens_of(words, sheets))
    tilted = tuple(
        type(w)(
            w.text,
            type(w.box)(
                1, w.box.x0, w.box.y0 + 0.02 * w.box.x0, w.box.x1, w.box.y1 + 0.02 * w.box.x0
            ),
            0.9,
            "rapidocr",
        )
        for w in words
    )
    again = rows_of(tokens_of(tilted, sheets))
    assert [row.text for row in again] == [row.text for row in level]


def test_headings_over_several_rows_and_broken_words_are_understood() -> None:
    assert meanings(
        """
 Num   Nazwa (rodzaj)       Jedno    Ilość   Cena         Wartość     Stawk
 er    towaru lub usługi    stka             jednostko    sprzedaży   a
 wier                       miary            wa           netto       podatk
 sza                                                                  u
 1     Rura PEX             mb         10        3,20         32,00   23%
"""
    ) == [["no", "name", "unit", "quantity", "price", "net", "vat_rate"]]


def test_a_label_over_another_is_two_facts_of_one_column() -> None:
    reading = read(
        """
 Lp.  Nazwa towaru            Ilość   J.m.   Cena netto   VAT   Wartość netto
      Kod
 1    Wyłącznik B16 1P          12    szt          9,90   23%          118,80
      VX-M-1B16
 2    Ramka podwójna            20    szt          8,61   23%          172,20
      VX-N-R2
"""
    )
    assert lines_of(reading) == [
        ("Wyłącznik B16 1P", "12", "9.90", "118.80"),
        ("Ramka podwójna", "20", "8.61", "172.20"),
    ]
    assert [line.article_no.value for line in reading.lines if line.article_no] == [
        "VX-M-1B16",
        "VX-N-R2",
    ]


def test_headings_in_two_languages_are_one_heading() -> None:
    assert meanings(
        """
 Lp.    Nazwa            Ilość    J.m.    Cena netto     Wartość netto    VAT
 No.    Description      Qty      Unit    Net price      Net value        %
 1      Syfon            4        szt          17,01            68,04     23%
"""
    ) == [["no", "name", "quantity", "unit", "price_net", "net", "vat_rate"]]


def test_prose_is_no_heading() -> None:
    assert (
        meanings(
            "Cena i ilość towaru zostały uzgodnione, netto oraz brutto, zgodnie z umową nr 5\n"
            "Tel. 12 345 67 89    e-mail: biuro@przyklad.example"
        )
        == []
    )


def test_a_title_close_above_the_table_is_no_part_of_its_heading() -> None:
    reading = read(
        """
 Faktura VAT nr 123/26
 Lp. Nazwa towaru lub usługi Indeks  Ilość  Cena netto  VAT  Wart. netto  Kwota VAT  Wart. brutto
 1   Kabel OMY 2x1           K1        100        2,15  23%       215,00      49,45        264,45
 2   Gniazdo podwójne        K2         10        5,50  23%        55,00      12,65         67,65
"""
    )
    assert lines_of(reading) == [
        ("Kabel OMY 2x1", "100", "2.15", "215.00"),
        ("Gniazdo podwójne", "10", "5.50", "55.00"),
    ]


def test_wrapped_names_stay_with_their_item() -> None:
    reading = read(PLAIN)
    assert [line.description.value for line in reading.lines if line.description] == [
        "Rura PEX 16x2,0",
        "Kolano zaciskowe 16 x 1/2 GW",
        "Klej do glazury 25 kg",
    ]


def test_a_line_of_a_wrapped_name_that_begins_like_a_sum_ends_no_table() -> None:
    reading = read(
        """
 Lp.   Nazwa                      Ilość   Jm    Cena netto   Wartość netto   VAT
 1     Zestaw kotew M8 200 szt.       3   kpl        99,99          299,97   23%
       razem 1 500 szt. 12,50
 2     Listwa cokołowa                4   szt        10,00           40,00   23%
       biała

 Razem                                                              339,97
"""
    )
    assert lines_of(reading) == [
        ("Zestaw kotew M8 200 szt. razem 1 500 szt. 12,50", "3", "99.99", "299.97"),
        ("Listwa cokołowa biała", "4", "10.00", "40.00"),
    ]


def test_names_centred_around_their_numbers_stay_together() -> None:
    reading = read(
        """
 Lp.   Nazwa towaru / usługi        Ilość   Cena netto   Wartość netto   VAT
       Szkolenie z zakresu
 1     obsługi systemu                  1       570,00          570,00   23%
       zgodnie z umową 7

       Dojazd do siedziby
 2     zamawiającego                    2        50,00          100,00   23%
       w Krakowie
"""
    )
    assert lines_of(reading) == [
        ("Szkolenie z zakresu obsługi systemu zgodnie z umową 7", "1", "570.00", "570.00"),
        ("Dojazd do siedziby zamawiającego w Krakowie", "2", "50.00", "100.00"),
    ]


HEAD = " Lp.   Nazwa towaru                 Ilość  J.m.   Cena netto   Wartość netto   VAT\n\n"


def items(first: int, last: int) -> str:
    rows = []
    for n in range(first, last + 1):
        value = f"{2.5 * n:.2f}".replace(".", ",")
        rows.append(
            f" {n:<5} Kolano zaciskowe typ {n:<6}{n:>7}  szt.         2,50   {value:>13}   23%"
        )
    return "\n".join(rows) + "\n"


def test_a_table_goes_on_behind_a_page_break_with_its_heading_repeated() -> None:
    reading = read(
        HEAD
        + items(1, 20)
        + "\n Do przeniesienia                                           525,00\n",
        " Z przeniesienia                                            525,00\n\n"
        + HEAD
        + items(21, 24)
        + "\n                                             Razem netto:        750,00\n",
    )
    assert len(reading.lines) == 24
    assert lines_of(reading)[23] == ("Kolano zaciskowe typ 24", "24", "2.50", "60.00")
    assert reading.total_net is not None
    assert str(reading.total_net.value) == "750.00"


def test_a_table_goes_on_behind_a_page_break_without_its_heading() -> None:
    reading = read(HEAD + items(1, 20), items(21, 24))
    assert len(reading.lines) == 24
    assert reading.lines[23].box is not None
    assert reading.lines[23].box.page == 2


@pytest.mark.parametrize("step", [4, -4])
def test_a_page_printed_shifted_keeps_its_figures_under_their_headings(step: int) -> None:
    moved = [
        row[:30] + row[30 - min(step, 0) :] if step < 0 else row[:7] + " " * step + row[7:]
        for row in items(31, 40).splitlines()
    ]
    reading = read(HEAD + items(1, 30), "\n".join(moved))
    told = [(shown(line.quantity), shown(line.line_net)) for line in reading.lines]
    assert told == [(str(n), f"{2.5 * n:.2f}") for n in range(1, 41)]


def test_original_and_copy_in_one_file_count_once() -> None:
    original = PLAIN.replace("Wadowice,", "ORYGINAŁ  ")
    copy = PLAIN.replace("Wadowice,", "KOPIA     ")
    reading = read(original, copy)
    assert len(reading.lines) == 3
    assert [f.code for f in reading.findings] == ["copy-dropped"]


def test_a_copy_of_two_pages_is_known_though_the_second_says_little() -> None:
    original = PLAIN.replace("Wadowice,", "ORYGINAŁ  ")
    copy = PLAIN.replace("Wadowice,", "KOPIA     ")
    end = "  FV/17/11/2026, strona {} z {}\n  Dziękujemy za zakupy w hurtowni\n"
    reading = read(original, end.format(2, 2), copy, end.format(4, 4))
    assert len(reading.lines) == 3
    assert [f.code for f in reading.findings] == ["copy-dropped"]


def test_a_copy_that_says_more_and_an_annex_with_the_same_goods_count_once() -> None:
    copy = PLAIN.replace("Wadowice,", "KOPIA     ").replace(
        "  Sprzedawca:",
        "  Wydrukowano ponownie 21.11.2026 o godzinie 12:44, stanowisko numer 4, kasa biura\n"
        "  Egzemplarz dla wystawcy; odbiorca niech nie dołącza go do swoich ksiąg ani rejestrów\n\n"
        "  Sprzedawca:",
    )
    goods = PLAIN[PLAIN.index("  Lp.") : PLAIN.index("                        Stawka")]
    for behind in (copy, "  Załączona lista towarów do FV/17/11/2026\n\n" + goods):
        reading = read(PLAIN, behind)
        assert len(reading.lines) == 3
        assert [f.code for f in reading.findings] == ["copy-dropped"]


def test_goods_listed_again_before_the_total_are_more_goods() -> None:
    apart = PLAIN.index("                                        Stawka")
    goods = PLAIN[PLAIN.index("  Lp.") : apart].replace(" 1    Rura PEX", " 4    Rura PEX")
    reading = read(PLAIN[:apart], goods + PLAIN[apart:])
    assert len(reading.lines) == 6


def test_of_two_invoices_in_one_file_the_first_is_read() -> None:
    other = PLAIN.replace("FV/17/11/2026", "FV/18/11/2026").replace("100  mb ", " 90  mb ")
    reading = read(PLAIN, other)
    assert shown(reading.invoice_number) == "FV/17/11/2026"
    assert len(reading.lines) == 3
    (finding,) = reading.findings
    assert (finding.code, finding.facts) == ("second-document", (("number", "FV/18/11/2026"),))


def test_two_like_pages_of_one_invoice_are_not_a_copy() -> None:
    reading = read(HEAD + items(1, 20), HEAD + items(21, 40))
    assert len(reading.lines) == 40


def test_sum_rows_and_texts_behind_the_table_are_no_items() -> None:
    reading = read(PLAIN)
    assert len(reading.lines) == 3
    assert all("Razem" not in line.description.value for line in reading.lines if line.description)


def test_tables_drawn_with_signs_are_read() -> None:
    reading = read(
        """
+---+--------------------------+-----+---------+----------+-----------+----+
| Lp| Nazwa towaru             | Jm  |  Ilosc  |Cena netto|Wart.netto |VAT |
+---+--------------------------+-----+---------+----------+-----------+----+
|  1|RAMKA X4 KREM             |szt  |    25,00|     16,17|     404,25| 23%|
|  2|PRZEWOD YDY 3X1,5         |mb   |   150,00|      0,36|      54,00| 23%|
+---+--------------------------+-----+---------+----------+-----------+----+
"""
    )
    assert lines_of(reading) == [
        ("RAMKA X4 KREM", "25.00", "16.17", "404.25"),
        ("PRZEWOD YDY 3X1,5", "150.00", "0.36", "54.00"),
    ]


@pytest.mark.parametrize("engine", ["pdf-text", "rapidocr", "tesseract"])
def test_words_of_every_engine_take_the_same_way(engine: str) -> None:
    assert lines_of(read(PLAIN, engine=engine)) == lines_of(read(PLAIN))


def test_price_and_value_whose_headings_ran_together_are_two_columns() -> None:
    reading = read(
        """
 Lp   Towar                  Ilość   J.m.     Cena Netto     VAT     Kwota VAT       Brutto
 1    Kolano 90 fi 20           25   szt.   31,44    786,00   8%         62,88       848,88
 2    Rura PEX 16x2              4   m       9,40     37,60  23%          8,65        46,25

                                            Razem:  823,60               71,53       895,13
""",
        engine="rapidocr",
    )
    assert lines_of(reading) == [
        ("Kolano 90 fi 20", "25", "31.44", "786.00"),
        ("Rura PEX 16x2", "4", "9.40", "37.60"),
    ]


def test_the_bar_beside_a_heading_and_a_wrong_letter_in_a_double_one_do_not_hide_them() -> None:
    assert meanings(
        """
 Lpl  Nazwa towaru            llość    j.m.    Cena netto     Wartość netto
      Description             Qty      Unit    Net price      Net value
 1    Kolano 90 fi 20            2     szt         12,50             25,00
""",
        engine="rapidocr",
    ) == [["no", "name", "quantity", "unit", "price_net", "net"]]


def test_the_headings_of_the_tax_table_end_the_last_item_whatever_stands_beside_them() -> None:
    reading = read(
        """
 Lp.  Nazwa towaru                 Ilość   j.m.   Cena netto    VAT    Wartość netto
 1    Kolano 90 fi 20                  2   szt         12,50    23%            25,00
      Stawka   Netto    VAT   Brutto                 Razem do zapłaty:     30,75 PLN
      23%      25,00   5,75    30,75
""",
        engine="rapidocr",
    )
    assert [row[0] for row in lines_of(reading)] == ["Kolano 90 fi 20"]


WIDE_SUMS = """
  Lp.  Nazwa towaru            Ilość  J.m.  Cena netto  VAT   Wart. netto  Kwota VAT  Wart. brutto
  1    Pręt żebrowany fi 12        2  t         450,00  23%        900,00     207,00      1 107,00
  2    Drut wiązałkowy           900  kg          4,00  23%      3 600,00     828,00      4 428,00
                                           Razem         4 500,00           1 035,00      5 535,00
                                           w tym 23%     4 500,00           1 035,00      5 535,00
"""


def test_a_sum_wider_than_its_column_is_no_rate() -> None:
    reading = read(WIDE_SUMS)
    (total,) = reading.rate_totals
    assert (total.vat_rate, shown(total.net)) == ("23", "4500.00")
    assert [finding.code for finding in reading.findings] == ["number-missing"]  # it has no title


def test_a_sum_keeps_the_thousands_that_reach_into_the_column_before_it() -> None:
    reading = read(SPLIT_SUMS, engine="rapidocr")
    (total,) = reading.rate_totals
    assert (shown(total.net), shown(total.vat)) == ("2090.60", "480.84")
    assert "rate-tax-mismatch" not in [finding.code for finding in reading.findings]


SPLIT_SUMS = """
  Lp.  Nazwa towaru            Ilość  J.m.  Cena netto  VAT    Wart. netto  Kwota VAT  Wart. brutto
  1    Pręt żebrowany fi 12        2  t         545,30  23%       1090,60     250,84       1341,44
  2    Drut wiązałkowy           250  kg          4,00  23%       1000,00     230,00       1230,00
                                           Razem     2 090,60                 480,84       2571,44
                                           w tym 23% 2 090,60                 480,84       2571,44
"""
