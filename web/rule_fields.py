"""What is typed into the rules' form, as names, numbers and days; each fault names its field."""

from __future__ import annotations

import re
from datetime import date
from decimal import Decimal, InvalidOperation

from core.errors import Invalid
from programs.policy import Selection

LONGEST_NAME = 80
LEAST = Decimal("0.000001")


def name(text: str, field: str) -> str:
    if not text.strip() or len(text) > LONGEST_NAME:
        raise Invalid("a rule has a name", field=field)
    return text.strip()


def number(
    text: str, field: str, *, least: Decimal | int, most: int = 1_000_000, whole: bool = False
) -> Decimal:
    """A number as Poles or Britons type it, with at most six decimals."""
    try:
        value = Decimal(text.replace(",", ".").replace("\u00a0", "").replace(" ", ""))
    except InvalidOperation as error:
        raise Invalid("no number", field=field) from error
    if not value.is_finite() or not least <= value <= most:
        raise Invalid("the number is too small or too large", field=field)
    exponent = value.normalize().as_tuple().exponent
    if isinstance(exponent, int) and exponent < (0 if whole else -6):
        raise Invalid("too many decimals", field=field)
    return value


def whole(text: str, field: str, *, least: int = 1, most: int = 1_000_000) -> int:
    if re.search("[.,]", text):  # It may part thousands: 1,000 must not become one.
        raise Invalid("a whole number has no decimal mark", field=field)
    return int(number(text, field, least=least, most=most, whole=True))


def day(text: str, field: str) -> date:
    try:
        return date.fromisoformat(text)
    except ValueError as error:
        raise Invalid("a date is written 2026-11-20", field=field) from error


def selection(families: tuple[str, ...], skus: str) -> Selection:
    return Selection(families=families, skus=codes(skus))


def codes(skus: str) -> tuple[str, ...]:
    """Product codes between commas, each once."""
    return tuple(dict.fromkeys(code.strip() for code in skus.split(",") if code.strip()))


def text(value: Decimal | int | None) -> str:
    """A number as it is typed."""
    if value is None:
        return ""
    return f"{Decimal(value).normalize():f}".replace(".", ",")
