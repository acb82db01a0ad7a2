"""Layouts of German and French programs: values without a known heading, sums beside tax tables."""

from __future__ import annotations

from datetime import date

from tests.ocr.drawn import read, rows_of, shown


def test_amounts_under_an_unknown_heading_are_values_when_they_are_count_times_price() -> None:
    reading = read(
        """
 Pos   Bezeichnung            Menge    Einzelpreis     Zeilengeld
 1     Hutschiene 35 mm       20 Stk          9,90         198,00
 2     Reihenklemme grau      50 Stk          5,50         275,00
"""
    )
    assert rows_of(reading) == [
        ("Hutschiene 35 mm", "20", "9.90", "198.00"),
        ("Reihenklemme grau", "50", "5.50", "275.00"),
    ]


def test_amounts_that_are_not_count_times_price_stay_unknown() -> None:
    reading = read(
        """
 Pos   Bezeichnung            Menge    Einzelpreis     Zeilengeld
 1     Hutschiene 35 mm       20 Stk          9,90         198,00
 2     Reihenklemme grau      50 Stk          5,50         270,00
"""
    )
    assert [row[-1] for row in rows_of(reading)] == ["", ""]


def test_the_second_price_is_the_value_of_a_line_when_count_and_discount_make_it() -> None:
    reading = read(
        """
 Désignation              Quantité   Prix unitaire   Rem.    Prix HT
 Gaine ICTA 20 grise         20,00            4,55    10%      81,90
 Boîte d'encastrement        15,00            3,20             48,00
"""
    )
    assert [(row[2], row[3]) for row in rows_of(reading)] == [("4.55", "81.90"), ("3.20", "48.00")]


def test_sums_beside_the_heading_of_a_tax_table_belong_to_no_line() -> None:
    reading = read(
        """
 Facture FA-2026-0117
 Désignation              Quantité   Prix unitaire   Prix HT
 Gaine ICTA 20 grise         20,00            4,10     82,00
 Boîte d'encastrement        15,00            3,20     48,00
 Taxe              Base    Montant        Total HT    130,00
 TVA 20,0%         82,00     16,40
                                       Total taxes     19,04
 TVA 5,5%          48,00      2,64
                                         Total TTC    149,04
"""
    )
    assert [row[0] for row in rows_of(reading)] == ["Gaine ICTA 20 grise", "Boîte d'encastrement"]
    assert (shown(reading.total_net), shown(reading.total_vat)) == ("130.00", "19.04")
    assert shown(reading.total_gross) == "149.04"


def test_a_date_may_wrap_behind_its_number_and_is_not_that_of_a_version() -> None:
    reading = read(
        """
 Norm-Version: 2.1 vom 24.03.2020
 Gutschrift Nr. 471102 vom
 05.03.2026
"""
    )
    assert reading.issue_date is not None
    assert reading.issue_date.value == date(2026, 3, 5)
