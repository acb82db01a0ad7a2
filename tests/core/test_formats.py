"""Numbers and times as Polish and English readers write them."""

from __future__ import annotations

import datetime as dt
from decimal import Decimal

import pytest

from core.formats import Formats

PL, EN = Formats("pl"), Formats("en")
MORNING = dt.datetime(2026, 11, 3, 6, 42, tzinfo=dt.UTC)  # 7:42 in Warsaw
MIDNIGHT = dt.datetime(2026, 11, 3, 23, 30, tzinfo=dt.UTC)  # already the 4th in Warsaw


def plain(text: str) -> str:
    """Spaces inside a value never break; here they are written as they look."""
    assert " " not in text, text
    return text.replace("\u00a0", " ")


def test_polish_numbers() -> None:
    assert plain(PL.number(12480)) == "12 480"
    assert plain(PL.number(Decimal("1234.5"))) == "1 234,5"
    assert plain(PL.number(Decimal("12345.5"), 2)) == "12 345,50"
    assert plain(PL.quantity(Decimal("12.000000"))) == "12"
    assert plain(PL.quantity(Decimal("2.500000"))) == "2,5"
    assert PL.quantity(Decimal("0.000000")) == "0"
    assert plain(PL.quantity(Decimal("1200"))) == "1 200"


def test_polish_points_money_and_shares() -> None:
    assert plain(PL.points(12480)) == "12 480 pkt"
    assert plain(PL.points(60, signed=True)) == "+60 pkt"
    assert plain(PL.points(-60, signed=True)) == "−60 pkt"  # U+2212, as pages write it
    assert plain(PL.money(-150)) == "−1,50 zł"
    assert plain(PL.money(1234550)) == "12 345,50 zł"
    assert plain(PL.money(5, "EUR")) == "0,05 €"
    assert plain(PL.percent(Decimal("0.124"))) == "12,4 %"
    assert plain(PL.percent(1, 0)) == "100 %"


def test_english_numbers() -> None:
    assert EN.number(12480) == "12,480"
    assert plain(EN.points(12480)) == "12,480 pts"
    assert EN.percent(0.124) == "12.4%"
    assert "1,234.50" in EN.money(123450)


def test_times_are_those_of_warsaw() -> None:
    assert plain(PL.date(MORNING)) == "3 listopada 2026"
    assert plain(PL.date(MIDNIGHT)) == "4 listopada 2026"
    assert PL.short_date(dt.date(2026, 11, 3)) == "03.11.2026"
    assert PL.time(MORNING) == "7:42"
    assert PL.moment(MORNING).replace("\u00a0", " ") == "3 listopada 2026, 7:42"
    assert plain(EN.date(MORNING)) == "3 November 2026"
    assert EN.short_date(MORNING) == "03/11/2026"


@pytest.mark.parametrize(
    ("day", "said"),
    [
        (dt.date(2026, 11, 3), "dziś"),
        (dt.date(2026, 11, 2), "wczoraj"),
        (dt.date(2026, 11, 4), "jutro"),
        (dt.date(2026, 11, 9), "9 listopada"),
        (dt.date(2027, 1, 9), "9 stycznia 2027"),
    ],
)
def test_near_days_have_names(day: dt.date, said: str) -> None:
    assert plain(PL.day(day, MORNING)) == said


def test_every_language_has_the_same_filters() -> None:
    assert PL.filters().keys() == EN.filters().keys()
