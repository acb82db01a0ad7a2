"""Numbers, points, money and times as readers of a language write them (CLDR by Babel)."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from babel import Locale, dates, numbers

from core import clock
from core.i18n import translations
from core.money import to_amount

MINUS = "\u2212"
NBSP = "\u00a0"


@dataclass(frozen=True, slots=True)
class Formats:
    """All writing habits of one language. Spaces inside a value never break over a line."""

    language: str

    @property
    def _locale(self) -> Locale:
        # British English: day before month, as Polish firms expect it.
        return Locale.parse("en_GB" if self.language == "en" else self.language)

    def number(self, value: int | Decimal | float, digits: int | None = None) -> str:
        """`12 480`, `−1 234,5`; `digits` fixes the decimals."""
        pattern = None if digits is None else "#,##0" + ("." + "0" * digits if digits else "")
        text = numbers.format_decimal(value, format=pattern, locale=self._locale)
        return _signed(text)

    def quantity(self, value: Decimal) -> str:
        """Units of goods without idle zeros: `12`, `2,5`."""
        return self.number(value.normalize() if value else Decimal(0))

    def typed(self, text: str) -> str:
        """A number in a field of a form, with the language's own decimal mark: `0,05`, `0.05`."""
        return text.replace(",", ".") if self.language == "en" else text

    def points(self, value: int, signed: bool = False) -> str:
        """`1 240 pkt`, `+1 240 pkt`."""
        sign = "+" if signed and value > 0 else ""
        _ = translations(self.language).gettext
        return f"{sign}{self.number(value)}{NBSP}{_('pkt')}"

    def money(self, minor: int, currency: str = "PLN") -> str:
        """Minor units (grosze): `1 234,50 zł`."""
        return _signed(numbers.format_currency(to_amount(minor), currency, locale=self._locale))

    def percent(self, share: float | Decimal, digits: int = 1) -> str:
        """A share of one: `12,4 %` in Polish."""
        pattern = "#,##0" + ("." + "0" * digits if digits else "") + "%"
        text = numbers.format_percent(share, format=pattern, locale=self._locale)
        if self.language == "pl" and text.endswith("%"):
            text = f"{text[:-1]}{NBSP}%"
        return _signed(text)

    def date(self, value: dt.datetime | dt.date | str) -> str:
        """`3 listopada 2026`, the day in Poland; facts of messages hold it as `2026-11-03`."""
        day = dt.date.fromisoformat(value) if isinstance(value, str) else _day(value)
        return _unbroken(dates.format_date(day, format="d MMMM y", locale=self._locale))

    def short_date(self, value: dt.datetime | dt.date) -> str:
        """`03.11.2026`, for columns."""
        pattern = "dd/MM/y" if self.language == "en" else "dd.MM.y"
        return dates.format_date(_day(value), format=pattern, locale=self._locale)

    def time(self, value: dt.datetime) -> str:
        """`7:42`, the time in Poland."""
        return dates.format_time(clock.local(value).time(), format="H:mm", locale=self._locale)

    def moment(self, value: dt.datetime) -> str:
        """`3 listopada 2026, 7:42`."""
        return f"{self.date(value)}, {self.time(value)}"

    def day(self, value: dt.datetime | dt.date, now: dt.datetime) -> str:
        """`dziś`, `wczoraj`, `jutro`, else `3 listopada`, with the year when it is another one."""
        day, today = _day(value), clock.local_date(now)
        _ = translations(self.language).gettext
        near = {0: _("dziś"), -1: _("wczoraj"), 1: _("jutro")}.get((day - today).days)
        if near:
            return near
        pattern = "d MMMM" if day.year == today.year else "d MMMM y"
        return _unbroken(dates.format_date(day, format=pattern, locale=self._locale))

    def filters(self) -> dict[str, Callable[..., Any]]:
        """The filters that templates know, by name."""
        return {
            "number": self.number,
            "quantity": self.quantity,
            "typed": self.typed,
            "points": self.points,
            "money": self.money,
            "percent": self.percent,
            "date": self.date,
            "short_date": self.short_date,
            "time": self.time,
            "moment": self.moment,
            "day": self.day,
        }


def _day(value: dt.datetime | dt.date) -> dt.date:
    return clock.local_date(value) if isinstance(value, dt.datetime) else value


def _signed(text: str) -> str:
    """A number with a real minus, as wide as a plus; Babel writes a hyphen."""
    return _unbroken(text.replace("-", MINUS))


def _unbroken(text: str) -> str:
    return text.replace("\u202f", NBSP).replace(" ", NBSP)
