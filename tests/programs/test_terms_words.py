"""Amounts of units in the terms, in the case and plural that the sentence asks for."""

from __future__ import annotations

from decimal import Decimal

import pytest

from core.i18n import translations
from programs import code_labels
from programs.code_labels import LabelText
from programs.policy import Every, PerUnit, Selection, Target
from programs.terms_words import KnownNames, Wording


def wording(language: str, *units: str) -> Wording:
    products = [(f"VX-{place}", "Nova", unit) for place, unit in enumerate(units)]
    return Wording(language, KnownNames({}, {}, products))


@pytest.mark.parametrize(
    ("language", "units", "number", "said"),
    [
        ("pl", ("m", "szt"), "1", "za każdą jednostkę;"),
        ("pl", ("m", "szt"), "2", "za każde 2 jednostki;"),
        ("pl", ("m", "szt"), "12", "za każde 12 jednostek;"),
        ("pl", ("m", "szt"), "100", "za każde 100 jednostek;"),
        ("pl", ("m", "szt"), "122", "za każde 122 jednostki;"),
        ("pl", ("m", "szt"), "0.5", "za każde 0,5 jednostki;"),
        ("pl", ("m",), "100", "za 100 m;"),
        ("pl", ("szt",), "100", "za 100 szt.;"),
        ("pl", ("kpl",), "5", "za 5 kpl.;"),
        ("pl", ("opak",), "5", "za 5 opak.;"),
        ("en", ("m", "szt"), "100", "for every 100 units;"),
        ("en", ("opak",), "5", "per 5 packs;"),
    ],
)
def test_a_rate_names_its_units_in_the_right_form(
    language: str, units: tuple[str, ...], number: str, said: str
) -> None:
    rate = PerUnit(clause="Nova", points=Decimal(10), units=Decimal(number))
    assert said in wording(language, *units).rate(rate).replace("\u00a0", " ")


@pytest.mark.parametrize(("number", "said"), [("3", "3 jednostki;"), ("50", "50 jednostek;")])
def test_a_target_names_its_units_in_the_right_form(number: str, said: str) -> None:
    target = Target(
        clause="Cel", points=Decimal(10), units=Decimal(number), every=Every.MONTH,
        products=Selection(families=("Nova",)),
    )  # fmt: skip
    assert said in wording("pl", "m", "szt").bonus(target).replace("\u00a0", " ")


@pytest.mark.parametrize(
    ("language", "headings"),
    [
        ("pl", "kod;link;indeks;produkt;partia;na kod"),
        ("en", "code;link;index;product;batch;per code"),
    ],
)
def test_the_table_of_codes_has_headings_of_its_language(language: str, headings: str) -> None:
    text = LabelText("Gniazdo", "VX-1", "Klub", 3, "https://example.pl/k/", language)
    table = code_labels.table(
        ["ABCDEFGHJKLMN"], text, gettext=translations(language).gettext
    ).decode("utf-8-sig")
    assert table.splitlines()[0] == headings
