"""Line entries: net and gross, discounts, rates, codes, corrections, second tables."""

from decimal import Decimal

import pytest

from tests.ocr.drawn import PLAIN, read, rows_of, shown


def test_lines_carry_unit_rate_gross_value_and_the_sellers_index() -> None:
    first, second, third = read(PLAIN).lines
    assert (shown(first.unit), shown(first.vat_rate), shown(first.line_gross)) == (
        "mb",
        "23",
        "393.60",
    )
    assert [shown(line.article_no) for line in (first, second, third)] == ["R-162", "K-90", "CM11"]
    assert shown(third.vat_rate) == "8"
    assert [line.position for line in (first, second, third)] == [1, 2, 3]
    assert first.box is not None
    assert first.box.page == 1


def test_gross_priced_tables_give_gross_prices_and_no_net_ones() -> None:
    (line,) = read(
        """
 Lp.   Nazwa           Ilość   J.m.   Cena brutto   Wartość brutto   VAT
 1     Wiertarka           2   szt.        123,00           246,00   23%

                              Stawka    Netto      VAT     Brutto
                              23%      200,00    46,00     246,00
 Do zapłaty: 246,00 zł
"""
    ).lines
    assert (shown(line.unit_price_gross), shown(line.line_gross)) == ("123.00", "246.00")
    assert line.unit_price_net is None
    assert line.line_net is None


def test_a_plain_price_and_value_become_net_or_gross_by_the_totals() -> None:
    table = """
 Lp.   Nazwa           Ilość    Cena      Wartość
 1     Wiertarka           2   100,00      200,00
 2     Wiertło             5     4,00       20,00

"""
    net = read(table + "  Razem netto: 220,00\n  VAT 23%: 50,60\n  Razem brutto: 270,60\n")
    gross = read(table + "  Razem netto: 178,86\n  VAT 23%: 41,14\n  Razem brutto: 220,00\n")
    assert [shown(line.line_net) for line in net.lines] == ["200.00", "20.00"]
    assert [shown(line.unit_price_net) for line in net.lines] == ["100.00", "4.00"]
    assert [shown(line.line_gross) for line in gross.lines] == ["200.00", "20.00"]
    assert [shown(line.unit_price_gross) for line in gross.lines] == ["100.00", "4.00"]
    assert all(line.line_net is None for line in gross.lines)


@pytest.mark.parametrize("printed", [" 10%", "-10%"])
def test_a_percentage_becomes_the_money_that_it_takes_off(printed: str) -> None:
    reading = read(
        f"""
 Lp.   Nazwa           Ilość   Cena netto   Rabat    Wartość netto   VAT
 1     Wiertarka           2       100,00    {printed}           180,00   23%
 2     Wiertło             5         4,00                    20,00   23%
"""
    )
    first, second = reading.lines
    assert first.discount is not None
    assert (first.discount.value, first.discount.raw) == (Decimal("20.00"), printed.strip())
    assert second.discount is None
    assert "line-product-mismatch" not in {finding.code for finding in reading.findings}


def test_a_percentage_may_be_taken_off_the_price_which_is_rounded_first() -> None:
    reading = read(
        """
 Lp.   Nazwa           Ilość   Cena netto   Rabat    Wartość netto   VAT
 1     Uchwyt            150         0,38     42%            33,00   23%
"""
    )
    (line,) = reading.lines
    assert line.discount is not None
    assert (line.discount.value, line.discount.raw) == (Decimal("24.00"), "42%")
    assert "line-product-mismatch" not in {finding.code for finding in reading.findings}


def test_of_a_list_price_and_a_price_after_discount_the_one_that_was_charged_is_read() -> None:
    for before, after in (
        ("Cena netto", "Cena po rabacie"),
        ("Cena kat.", "Cena netto"),
        ("Cena netto", "Cena netto"),
    ):
        (line,) = read(
            f"""
 Lp.   Nazwa        Ilość   {before:>10}   Rabat   {after:>15}   Wartość netto   VAT
 1     Wiertarka        2       100,00     10%             90,00          180,00   23%
"""
        ).lines
        assert shown(line.unit_price_net) == "90.00"
        assert line.unit_price_net is not None
        assert line.unit_price_net.proof.proven
        assert line.discount is None
        assert shown(line.line_net) == "180.00"


def test_a_tax_column_that_holds_amounts_is_not_a_rate() -> None:
    (line,) = read(
        """
 Lp.   Nazwa           Ilość   Cena netto   Wartość netto   VAT (23%)
 1     Syrop               6        14,50           87,00       20,01
"""
    ).lines
    assert (shown(line.line_vat), shown(line.vat_rate)) == ("20.01", "23")


def test_details_under_a_name_are_not_part_of_it_but_codes_are_kept() -> None:
    (line,) = read(
        """
 Lp.   Nazwa towaru                Ilość   Cena netto   Wartość netto   VAT
 1     Wkrętarka 18 V                  1       300,00          300,00   23%
       EAN: 5901234123457
       Nr kat.: 06019H5202
       Numer seryjny: 88123
"""
    ).lines
    assert shown(line.description) == "Wkrętarka 18 V"
    assert shown(line.gtin) == "5901234123457"
    assert line.gtin is not None
    assert line.gtin.proof.proven


def test_a_second_table_of_codes_is_joined_by_its_numbers() -> None:
    reading = read(
        """
 Lp.   Nazwa towaru lub usługi    Cena jedn. netto   Ilość   Miara   Wartość sprzedaży netto
 1     Wiertarka udarowa                    100,00       2   szt.                     200,00
 2     Wiertło do betonu                      4,00       5   szt.                      20,00

 Lp.   GTIN             Indeks
 1     5901234123457    W-100
 2                      B-4
"""
    )
    assert [(shown(line.gtin), shown(line.article_no)) for line in reading.lines] == [
        ("5901234123457", "W-100"),
        ("", "B-4"),
    ]


def test_rows_before_and_after_a_correction_give_the_change() -> None:
    reading = read(
        """
 FAKTURA KORYGUJĄCA nr KOR/5/2026
 do faktury nr FV/1/2026 z dnia 2026-10-01
 Przyczyna korekty: zwrot towaru

 Przed korektą
 Lp.   Nazwa          Ilość   J.m.   Cena netto   Wartość netto   VAT
 1     Rura PEX          10   mb          10,00          100,00   23%

 Po korekcie
 Lp.   Nazwa          Ilość   J.m.   Cena netto   Wartość netto   VAT
 1     Rura PEX           8   mb          10,00           80,00   23%

 Różnica
 Stawka VAT   Wartość netto   Kwota VAT   Brutto
 23%                 -20,00       -4,60   -24,60
"""
    )
    before, after = reading.lines
    assert (before.before, after.before) == (True, False)
    assert (before.unit_delta, after.unit_delta) == (Decimal(0), Decimal(-2))
    assert (before.value_delta, after.value_delta) == (Decimal(0), Decimal("-20.00"))
    assert reading.correction is not None
    assert reading.correction.encoding == "A"
    assert reading.correction.reason == "zwrot towaru"
    assert [o.number for o in reading.correction.originals] == ["FV/1/2026"]
    assert not reading.correction.needs_person
    assert shown(reading.total_gross) == "-24.60"


def test_a_credit_note_with_plain_rows_waits_for_a_person() -> None:
    reading = read(
        """
 CREDIT NOTE No. CN-7

 No.   Description     Qty   Unit price   Amount   VAT %
 1     Drill             2       100.00   200.00   20%

 Total net: 200.00 EUR
 VAT 20%: 40.00 EUR
 Total gross: 240.00 EUR
"""
    )
    assert reading.correction is not None
    assert reading.correction.needs_person
    assert [line.unit_delta for line in reading.lines] == [None]


def test_a_discount_on_the_whole_document_is_no_line() -> None:
    reading = read(
        """
 Lp.   Nazwa          Ilość   Cena netto   Wartość netto   VAT
 1     Wiertarka          2       100,00          200,00   23%
 2     Wiertło            5         4,00           20,00   23%
       RABAT: stały klient                        -20,00   23%

 Razem netto: 200,00
 VAT: 46,00
 Razem brutto: 246,00
"""
    )
    assert len(rows_of(reading)) == 2
    assert [shown(d.amount) for d in reading.discounts] == ["20.00"]
    assert all(line.line_net.proof.proven for line in reading.lines if line.line_net)


def test_a_numbered_row_without_prices_is_kept_without_a_quantity() -> None:
    reading = read(
        """
 Lp.   Nazwa                      Ilość   Cena netto   Wartość netto   VAT
 1     Wiertarka                      2       100,00          200,00   23%
 2     Transport własny odbiorcy
"""
    )
    assert rows_of(reading)[1] == ("Transport własny odbiorcy", "", "", "")
