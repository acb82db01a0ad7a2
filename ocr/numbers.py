"""Printed amounts, quantities, rates, dates and currencies to values; nothing is guessed silently.

Numbers follow the document's own decimal mark, because `1.234` is a thousand in one country and a
little over one in the next.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date
from decimal import Decimal, InvalidOperation

from ocr.unit_codes import unit_name

_SPACES = "\u00a0\u202f\u2007\u2009 "
_MINUS = "-−–—‐‑"
_CURRENCY_SIGNS = {
    "€": "EUR",
    "eur": "EUR",
    "euro": "EUR",
    "pln": "PLN",
    "zł": "PLN",
    "zl": "PLN",
    "złoty": "PLN",
    "złotych": "PLN",
    "usd": "USD",
    "$": "USD",
    "gbp": "GBP",
    "£": "GBP",
    "chf": "CHF",
    "czk": "CZK",
    "kč": "CZK",
    "huf": "HUF",
    "ron": "RON",
    "sek": "SEK",
    "nok": "NOK",
    "dkk": "DKK",
    "uah": "UAH",
    "inr": "INR",
    "₹": "INR",
    "rs.": "INR",
    "myr": "MYR",
    "rm": "MYR",
    "bgn": "BGN",
    "jpy": "JPY",
    "¥": "JPY",
    "cny": "CNY",
}
_CURRENCY_WORD = re.compile(
    r"(?<![a-ząćęłńóśźż])("
    + "|".join(re.escape(s) for s in sorted(_CURRENCY_SIGNS, key=len, reverse=True))
    + r")(?![a-ząćęłńóśźż])",
    re.IGNORECASE,
)
_NUMBER = re.compile(
    rf"(?P<sign>[{_MINUS}+]?)[{_SPACES}]?"
    rf"(?P<body>\d{{1,3}}(?:[{_SPACES}.,'’]\d{{3}})+(?:[.,]\d{{1,10}})?(?!\d)|\d+(?:[.,]\d{{1,10}})?)"
    rf"(?P<after>[{_MINUS}](?![\w.]))?"
)
_DECIMAL_VOTE = re.compile(
    rf"(?<![\d.,/{_MINUS}])\d[\d{_SPACES}.,]*([.,])(\d\d|\d{{4}})(?![\d.,/%])"
)
_DATE_LIKE = re.compile(r"\d{1,4}([./-])\d{1,2}\1\d{2,4}")

_MONTHS: dict[str, int] = {}
for _number, _names in enumerate(
    (
        "sty stycznia styczeń jan january januar januari janvier janv gennaio enero",
        "lut lutego luty feb february februar februari février fevrier févr febbraio febrero",
        "mar marca marzec march mär märz maerz maart mars marzo mrz",
        "kwi kwietnia kwiecień apr april avril avr aprile abril",
        "maj maja may mai mei maggio mayo",
        "cze czerwca czerwiec jun june juni juin giugno junio",
        "lip lipca lipiec jul july juli juillet juil luglio julio",
        "sie sierpnia sierpień aug august augustus août aout agosto",
        "wrz września wrzesień sep sept september septembre settembre septiembre",
        "paź października październik oct october okt oktober octobre ottobre octubre paz",
        "lis listopada listopad nov november novembre noviembre",
        "gru grudnia grudzień dec december dez dezember décembre decembre dicembre diciembre déc",
    ),
    start=1,
):
    for _name in _names.split():
        _MONTHS[_name] = _number
_MONTH_NAME = "|".join(sorted((re.escape(m) for m in _MONTHS), key=len, reverse=True))
_ROMAN_NUMERALS = ("I", "II", "III", "IV", "V", "VI", "VII", "VIII", "IX", "X", "XI", "XII")
_ROMAN = {roman: month for month, roman in enumerate(_ROMAN_NUMERALS, start=1)}

_DATES = (
    re.compile(
        r"(?<![\d.,/])(?P<y>(?:19|20)\d\d)\s?(?P<s>[-./])\s?(?P<m>\d{1,2})\s?(?P=s)\s?(?P<d>\d{1,2})(?!\d|/\d)"
    ),
    re.compile(
        r"(?<![\d.,/])(?P<d>\d{1,2})\s?(?P<s>[-./])\s?(?P<m>\d{1,2})\s?(?P=s)\s?(?P<y>(?:19|20)\d\d)(?!\d|/\d)"
    ),
    re.compile(
        rf"(?<!\d)(?P<d>\d{{1,2}})(?:st|nd|rd|th|er)?[.\s-]*\s?(?P<name>{_MONTH_NAME})\.?[,\s-]*(?P<y>(?:19|20)\d\d)(?!\d|/\d)",
        re.IGNORECASE,
    ),
    re.compile(
        rf"(?<!\w)(?P<name>{_MONTH_NAME})\.?\s*(?P<d>\d{{1,2}})(?:st|nd|rd|th)?,?\s*(?P<y>(?:19|20)\d\d)(?!\d|/\d)",
        re.IGNORECASE,
    ),
    # A year of two digits after a month's name: joined by signs, or before the time of day; a
    # name of goods may hold "2 mar 18".
    re.compile(
        rf"(?<!\d)(?P<d>\d{{1,2}})(?P<s>[-/.'])(?P<name>{_MONTH_NAME})\.?(?P=s)(?P<y>\d\d)(?!\d|/\d)",
        re.IGNORECASE,
    ),
    re.compile(
        rf"(?<!\d)(?P<d>\d{{1,2}})\s?(?P<name>{_MONTH_NAME})\.?[\s']?(?P<y>\d\d)(?=,?\s+\d{{1,2}}:\d\d)",
        re.IGNORECASE,
    ),
    re.compile(
        r"(?<!\d)(?P<d>\d{1,2})[.\s/-]+(?P<roman>[IVX]{1,4})[.\s/-]+(?P<y>(?:19|20)\d\d)(?!\d|/\d)"
    ),
    re.compile(
        r"(?<![\d.,/-])(?P<d>\d{1,2})(?P<s>[-./])(?P<m>\d{1,2})(?P=s)(?P<y>\d\d)(?![\d/-]|[.,]\d)"
    ),
    re.compile(r"(?<!\d)(?P<y>20[0-4]\d)(?P<m>0[1-9]|1[0-2])(?P<d>0[1-9]|[12]\d|3[01])(?!\d)"),
)


@dataclass(frozen=True, slots=True)
class FoundDate:
    """A date in a text; `start` and `end` are offsets, `swapped` is its other reading, if any."""

    value: date
    start: int
    end: int
    swapped: date | None = None


@dataclass(frozen=True, slots=True)
class Number:
    """A number as printed: its value, how many decimals were written, offsets in the text."""

    value: Decimal
    decimals: int
    start: int
    end: int


def decimal_mark(texts: Iterable[str]) -> str:
    """The document's decimal mark, "," or "."; "" where nothing tells."""
    votes = {",": 0, ".": 0}
    for text in texts:
        if _DATE_LIKE.search(text):
            continue
        if match := _DECIMAL_VOTE.search(text):
            votes[match[1]] += 1
    if votes[","] == votes["."]:
        return ""
    return max(votes, key=lambda mark: votes[mark])


def value_of(body: str, mark: str = "") -> Decimal | None:
    """The value of one printed number without its sign; `mark` is the document's decimal mark."""
    for space in _SPACES + "'’":
        body = body.replace(space, "")
    marks = [c for c in body if c in ".,"]
    decimal = ""
    if len(set(marks)) == 2:
        decimal = marks[-1]
        if marks.count(decimal) > 1:
            return None
    elif len(marks) == 1:
        head, tail = re.split(r"[.,]", body)
        grouped = len(tail) == 3 and 1 <= len(head) <= 3 and head[0] != "0"
        if not grouped or marks[0] == mark or (not mark and marks[0] == ","):
            decimal = marks[0]
    elif len(marks) > 1 and len(re.split(r"[.,]", body)[-1]) != 3:
        decimal = marks[-1]  # `1.730.53`: an engine took the decimal mark for the other one
        body = "".join(re.split(r"[.,]", body)[:-1]) + decimal + re.split(r"[.,]", body)[-1]
    for sign in ".,":
        if sign != decimal:
            body = body.replace(sign, "")
    try:
        return Decimal(body.replace(decimal, ".") if decimal else body)
    except InvalidOperation:
        return None


def numbers(text: str, mark: str = "") -> Iterator[Number]:
    """Every number in `text`, left to right, with its sign before or behind."""
    for match in _NUMBER.finditer(text):
        value = value_of(match["body"], mark)
        if value is None:
            continue
        negative = bool(match["sign"] and match["sign"] in _MINUS) or bool(match["after"])
        exponent = value.as_tuple().exponent
        decimals = -exponent if isinstance(exponent, int) and exponent < 0 else 0
        yield Number(-value if negative else value, decimals, match.start(), match.end())


def amount(text: str, mark: str = "") -> Decimal | None:
    """The one number of a cell that holds an amount, with or without a currency; else None."""
    bare = _CURRENCY_WORD.sub(" ", text).strip(" :;|*=()[]\u00a0")
    bare = re.sub(rf"([.,])[{_SPACES}]+(?=\d)|[{_SPACES}]+([.,])(?=\d)", r"\1\2", bare)
    match = _NUMBER.fullmatch(bare)
    if match is None:
        return None
    value = value_of(match["body"], mark)
    if value is None:
        return None
    negative = bool(match["sign"] and match["sign"] in _MINUS) or bool(match["after"])
    return -value if negative else value


def quantity(text: str, mark: str = "") -> tuple[Decimal, str] | None:
    """A quantity and the unit printed with it (`"10 szt."`, `"250m²"`), the unit as printed."""
    bare = text.strip(" :;|x×*")
    match = _NUMBER.match(bare)
    if match is None:
        return None
    value = value_of(match["body"], mark)
    if value is None:
        return None
    unit = bare[match.end() :].strip(" :;|")
    if unit and currency(unit) is not None:
        return None
    many = re.sub(r"^10{1,3} ?(?=[^\W\d])", "", unit)  # `100szt`: by the hundred
    digits = any(c.isdigit() and c not in "23²³" for c in many)
    if unit and (len(unit) > 14 or (digits and unit_name(unit) == unit)):
        return None
    negative = bool(match["sign"] and match["sign"] in _MINUS) or bool(match["after"])
    return (-value if negative else value), unit


def currency(text: str) -> str | None:
    """The ISO code of the first currency named in `text`, or None."""
    match = _CURRENCY_WORD.search(text)
    return _CURRENCY_SIGNS.get(match[1].casefold()) if match else None


_RATE = re.compile(r"(?<![\d.,])(\d{1,2})(?:[.,]([05])0?0?)?\s?%?(?![\d.,])")
_HIGHEST_RATE = 30  # no country of the EU taxes more
_RATE_WORDS = (
    (re.compile(r"^0\s?%?\s*[-–]?\s*(kr(aj\w*)?\b|.*terytorium kraju)", re.I), "0 KR"),
    (re.compile(r"^0\s?%?\s*[-–]?\s*(wdt\b|.*wewn[ąa]trzwsp)", re.I), "0 WDT"),
    (re.compile(r"^0\s?%?\s*[-–]?\s*(ex(port)?\b|.*eksport)", re.I), "0 EX"),
    (re.compile(r"^np\.?\s*(na podstawie|II)\b|^npII$", re.I), "np II"),
    (re.compile(r"^np\.?\s*(z wy[łl][ąa]czeniem|z wyj[ąa]tkiem|I)\b|^npI$", re.I), "np I"),
    (re.compile(r"^rycza[łl]t", re.I), "4"),
    (re.compile(r"^OSS\b", re.I), "OSS"),
    (re.compile(r"^(zw\b|zwol)", re.I), "zw"),
    (re.compile(r"^(oo\b|o\.o|odwr)", re.I), "oo"),
    (re.compile(r"^(np\b|n\.p|nie podl|niepodl)", re.I), "np"),
    (re.compile(r"^mar[żz]a", re.I), "marża"),
)


# `VAT 23 %`, `19% USt`: the tax's name stands in the cell of its rate.
_NAMED_RATE = re.compile(
    r"(?:(?:vat|ust|mwst|tax|tva|btw|dph|iva|ptu)\.?\s+)?(?P<rate>\d{1,2}(?:[.,]\d{1,2})?\s?%)"
    r"(?:\s+(?:vat|ust|mwst|tax|tva|btw|dph|iva|ptu)\.?)?",
    re.IGNORECASE,
)


def vat_rate(text: str) -> str | None:
    """A tax rate in our writing: "23", "5.5", "zw", "oo", "np", "0 WDT" …; None when it is none."""
    bare = " ".join(text.split()).strip(" :;|()")
    if named := _NAMED_RATE.fullmatch(bare):
        bare = named["rate"]
    for pattern, rate in _RATE_WORDS:
        if pattern.search(bare) or (rate[:2] == "0 " and pattern.search(bare.replace(" ", ""))):
            return rate
    if either := re.match(r"(\d{1,2})\s?%?\s*lub\s*(\d{1,2})\s?%", bare):
        return str(max(int(either[1]), int(either[2])))  # KSeF prints the old rate beside the new
    match = _RATE.match(bare)
    if match is None or (
        match.end() < len(bare) and not re.match(r"[\s%(/;]|lub", bare[match.end() :])
    ):
        return None
    whole = int(match[1])
    if whole > _HIGHEST_RATE:
        return None
    return f"{whole}.5" if match[2] == "5" else str(whole)


def _year(text: str) -> int:
    return int(text) if len(text) == 4 else 2000 + int(text)


def dates(text: str, *, month_first: bool = False) -> list[FoundDate]:
    """The dates written in `text`, left to right; `month_first` for 02/17/2026."""
    found: list[FoundDate] = []
    taken: list[tuple[int, int]] = []
    for pattern in _DATES:
        for match in pattern.finditer(text):
            if any(match.start() < end and start < match.end() for start, end in taken):
                continue
            groups = match.groupdict()
            if groups.get("name"):
                month = _MONTHS[groups["name"].casefold()]
            elif groups.get("roman"):
                if groups["roman"] not in _ROMAN:
                    continue
                month = _ROMAN[groups["roman"]]
            else:
                month = int(groups["m"])
            day, year = int(groups["d"]), _year(groups["y"])
            numeric = groups.get("m") is not None and groups.get("s") in ("/", "-", ".")
            year_first = match.start("y") < match.start("d")
            day_month, month_day = _date(year, month, day), _date(year, day, month)
            if not numeric or year_first:
                best, other = day_month, None
            elif month_first and groups["s"] == "/":
                best, other = (month_day or day_month), day_month
            else:
                best, other = (day_month or month_day), month_day
            if best is None:
                continue
            found.append(
                FoundDate(best, match.start(), match.end(), other if other != best else None)
            )
            taken.append(match.span())
    return sorted(found, key=lambda d: d.start)


def _date(year: int, month: int, day: int) -> date | None:
    try:
        return date(year, month, day)
    except ValueError:
        return None
