"""Amounts of units in the terms, in the case and plural that the sentence asks for."""

from __future__ import annotations

from datetime import date
from decimal import Decimal

import pytest

from core.i18n import translations
from programs import code_labels, terms
from programs.code_labels import LabelText
from programs.policy import (
    Campaign,
    EarningLine,
    Every,
    PerUnit,
    Rules,
    Selection,
    Stacking,
    Target,
    evaluate_claim,
)  # fmt: skip
from programs.settings import ProgramSettings
from programs.terms import TermsFacts
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


@pytest.mark.parametrize(
    ("language", "alone", "parts", "back"),
    [
        ("pl", "zastępuje na pozycji inne promocje i premie", "proporcjonalnie", "Cofa też premie"),
        ("en", "replaces the other promotions and bonuses", "proportional", "takes bonuses back"),
    ],
)
def test_the_terms_promise_no_bonus_that_a_promotion_replaces(
    language: str, alone: str, parts: str, back: str
) -> None:
    day = date(2026, 5, 1)

    def said(rules: Rules) -> list[str]:
        facts = TermsFacts(
            program_name="P", organiser="O", starts_on=day, ends_on=day, claim_until=day,
            redeem_until=day, settings=ProgramSettings(), number=1, valid_from=day, rules=rules,
            partners={},
        )  # fmt: skip
        chapters = [" ".join(c.points) for c in terms.chapters(facts, language=language)]
        return [" ".join(chapters), " ".join(terms.rates(facts, language=language, on=day))]

    rate, per_hundred = (
        PerUnit(clause="A", points=Decimal(1), units=Decimal(units)) for units in (1, 100)
    )
    promotion = Campaign(
        clause="X", starts_on=day, ends_on=day, factor=Decimal(3), stacking=Stacking.EXCLUSIVE
    )
    target = Target(clause="T", points=Decimal(70), units=Decimal(10))
    line = EarningLine(sku="V", family="N", units=Decimal(50), purchased_on=day, partner_nip="1")
    both = Rules(base=(per_hundred,), campaigns=(promotion,), bonuses=(target,))
    adds = Rules(base=(per_hundred,), bonuses=(target,))
    assert evaluate_claim(Rules(base=(per_hundred,)), [line])[0].award.points == 1  # of one half
    [chapters, card] = said(both)
    assert (alone in chapters, alone in card, parts in chapters, parts in card) == (True,) * 4
    assert back in chapters
    assert not any(alone in text for text in said(adds))
    for single in (Rules(base=(rate,), campaigns=(promotion,)), Rules(base=(rate,))):
        assert not any(alone in t or parts in t or back in t for t in said(single))
