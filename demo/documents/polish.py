"""Polish ways of writing numbers, dates and amounts in words."""

from __future__ import annotations

from datetime import date
from decimal import Decimal

MONTHS = (
    "stycznia", "lutego", "marca", "kwietnia", "maja", "czerwca",
    "lipca", "sierpnia", "września", "października", "listopada", "grudnia",
)  # fmt: skip
UNITS = (
    "", "jeden", "dwa", "trzy", "cztery", "pięć", "sześć", "siedem", "osiem", "dziewięć",
    "dziesięć", "jedenaście", "dwanaście", "trzynaście", "czternaście", "piętnaście",
    "szesnaście", "siedemnaście", "osiemnaście", "dziewiętnaście",
)  # fmt: skip
TENS = (
    "", "", "dwadzieścia", "trzydzieści", "czterdzieści", "pięćdziesiąt",
    "sześćdziesiąt", "siedemdziesiąt", "osiemdziesiąt", "dziewięćdziesiąt",
)  # fmt: skip
HUNDREDS = (
    "", "sto", "dwieście", "trzysta", "czterysta", "pięćset",
    "sześćset", "siedemset", "osiemset", "dziewięćset",
)  # fmt: skip
THOUSANDS = ("tysiąc", "tysiące", "tysięcy")
MILLIONS = ("milion", "miliony", "milionów")
ZLOTY = ("złoty", "złote", "złotych")
GROSZ = ("grosz", "grosze", "groszy")


def money(value: Decimal, style: str = "1 234,56") -> str:
    """An amount in one of four printed forms: `1 234,56`, `1234,56`, `1.234,56`, `1234.56`."""
    sign = "-" if value < 0 else ""
    whole, cent = f"{abs(value):.2f}".split(".")
    separator = {"1 234,56": " ", "1.234,56": "."}.get(style, "")
    if separator:
        whole = f"{int(whole):,}".replace(",", separator)
    return f"{sign}{whole}{'.' if style == '1234.56' else ','}{cent}"


def quantity(value: Decimal, *, places: int | None = None, comma: bool = True) -> str:
    """`3`, `2,5` or, with fixed places, `3,000`."""
    if places is None:
        text = format(value.normalize(), "f")
        text = text if text != "-0" else "0"
    else:
        text = f"{value:.{places}f}"
    return text.replace(".", ",") if comma else text


def day(value: date, style: str = "iso") -> str:
    """A date as `2026-11-22`, `22.11.2026`, `22-11-2026`, `22/11/2026` or in words."""
    if style == "words":
        return f"{value.day} {MONTHS[value.month - 1]} {value.year} r."
    form = {
        "iso": "%Y-%m-%d", "dots": "%d.%m.%Y", "dashes": "%d-%m-%Y", "slashes": "%d/%m/%Y",
        "iso-dots": "%Y.%m.%d", "short": "%d.%m.%y",
    }[style]  # fmt: skip
    return value.strftime(form)


def nip(value: str, style: str = "3-3-2-2") -> str:
    """A tax number with the dashes of a firm (3-3-2-2), of a person (3-2-2-3), or as it is."""
    groups = {"3-3-2-2": (3, 6, 8), "3-2-2-3": (3, 5, 7)}.get(style, ())
    if not groups or len(value) != 10:
        return f"PL{value}" if style == "PL" else value
    a, b, c = groups
    return f"{value[:a]}-{value[a:b]}-{value[b:c]}-{value[c:]}"


def plural(number: int, forms: tuple[str, str, str]) -> str:
    """The form that Polish wants after a number: 1 złoty, 2 złote, 5 złotych, 22 złote."""
    if number == 1:
        return forms[0]
    if 2 <= number % 10 <= 4 and not 12 <= number % 100 <= 14:
        return forms[1]
    return forms[2]


def words(number: int) -> str:
    """A whole number below a milliard in words."""
    if number == 0:
        return "zero"
    parts = []
    for size, forms in ((1_000_000, MILLIONS), (1_000, THOUSANDS)):
        count, number = divmod(number, size)
        if count:
            parts += ([] if count == 1 else [_below_thousand(count)]) + [plural(count, forms)]
    if number:
        parts.append(_below_thousand(number))
    return " ".join(parts)


def _below_thousand(number: int) -> str:
    hundreds, rest = divmod(number, 100)
    small = UNITS[rest] if rest < 20 else f"{TENS[rest // 10]} {UNITS[rest % 10]}".strip()
    return " ".join(p for p in (HUNDREDS[hundreds], small) if p)


def amount_in_words(value: Decimal, *, currency: str = "PLN", style: str = "hundredths") -> str:
    """`sto dwa złote 05/100`, or with style `words` `sto dwa złote pięć groszy`."""
    whole, cent = divmod(int((abs(value) * 100).to_integral_value()), 100)
    minus = "minus " if value < 0 else ""
    if currency != "PLN":
        return f"{minus}{words(whole)} {currency} {cent:02d}/100"
    zloty = f"{minus}{words(whole)} {plural(whole, ZLOTY)}"
    if style == "words":
        return f"{zloty} {words(cent)} {plural(cent, GROSZ)}"
    return f"{zloty} {cent:02d}/100"
