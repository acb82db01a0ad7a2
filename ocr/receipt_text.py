"""How slips print labels, amounts and dates, and how engines misread them."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from functools import lru_cache

from rapidfuzz.distance import Levenshtein

from ocr.numbers import dates

_SIGNS = str.maketrans(
    {"×": "x", "✕": "x", "–": "-", "—": "-", "−": "-", "~": "-", "‚": ",", "’": "'"}
)
_LETTERS = str.maketrans({"0": "O", "1": "I", "5": "S", "8": "B", "6": "G", "|": "I", "!": "I"})
# Inside a number O and l are 0 and 1; the text keeps its length, so offsets stay true.
_ZERO = re.compile(
    r"(?<=[\d.,])[OoQ](?=[\d.,\s]|$)|(?<![A-Za-z])[OoQ](?=[.,]\d)|(?<=\d)[.,][Oo](?=\d)"
)
_ONE = re.compile(r"(?<=[\d.,])[lI|](?=[\d.,])|(?<![A-Za-z\d])[lI|](?=[.,]\d\d)")

AMOUNT = r"\d{1,3}(?:[ .]\d{3})+,\d{2}|\d{1,3}(?:[ ,]\d{3})+\.\d{2}|\d{1,7}\s?[.,]\s?\d{2}"
# What is glued to a word, as in `50m2 139,00`, is not its thousands.
_GLUED = r"(?!(?<=[^\W\d_])\d{1,3} )"
_AMOUNT = re.compile(rf"(?<![\d.,])(-\s?)?{_GLUED}({AMOUNT})(?![\d])(?![.,]\d)(-(?!\S))?")
_GLUED_DATE = (
    re.compile(r"(?<!\d)(?P<y>20\d\d)(?P<s>[-./])(?P<m>[01]\d)(?P=s)(?P<d>[0-3]\d)"),
    re.compile(r"(?<!\d)(?P<d>[0-3]?\d)(?P<s>[-./,])(?P<m>[01]?\d)(?:(?P=s)|[.,])(?P<y>20\d\d)"),
)
_SPACED = re.compile(r"(?<!\S)(?:[A-Z] ){3,}[A-Z](?!\S)")  # `S U M A`
_YEAR_R = re.compile(r"(?<!\d)(?:20)?(?P<y>\d\d)r\.?(?P<m>[01]\d)\.(?P<d>[0-3]\d)(?!\d)", re.I)
_SHORT_GLUED = re.compile(
    r"(?<![\d/.-])(?P<d>[0-3]?\d)(?P<s>[-./])(?P<m>[0-3]?\d)(?P=s)(?P<y>\d\d)(?=\s?\d{1,2}:\d\d)"
)
_NAMED_GLUED = re.compile(r"(?<=\d)[/](?=[A-Za-z]{3,9}/)|(?<=[A-Za-z])/(?=(?:19|20)\d\d)")
# `19-May-25`; with blanks, as in `ul. 3 Maja 18`, it may be a street.
_NAMED_SHORT = re.compile(r"(?<!\d)(\d{1,2})([-/])([A-Za-z]{3,9})\2(\d\d)(?![\d:.,])")
# `14MMay/2017`: the month's first letter read twice
_DOUBLED = re.compile(
    r"(?<=\d)([JFMASOND])(?=\1(?:an|eb|ar|pr|ay|un|ul|ug|ep|ct|ov|ec)[a-z]*\W?\d)", re.IGNORECASE
)
_OCTOBER = re.compile(r"(?<![\d.,])0(?=[CK]T)", re.IGNORECASE)  # `14 0ct 2025`
# A mark was too faint: `27 032018`; where a row begins with the date, both were.
_FAINT = re.compile(
    r"(?:^\W*|(?<![\d.,/-])(?=\d\d(?:\d\d)?[ ./-]\d))"
    r"(?P<d>[0-3]\d)[ ./-]?(?P<m>0[1-9]|1[0-2])[ ./-]?(?P<y>20\d\d)(?![\d.,/-])"
)
# `05 02-18  13:34`: a mark was too faint, and a time stands beside it.
_FAINT_SHORT = re.compile(
    r"(?<![\d.,/:-])(?P<d>[0-3]\d)[ ./-](?P<m>0[1-9]|1[0-2])[ ./-](?P<y>[012]\d)(?![\d.,/:-])"
)
_TIME = re.compile(r"(?<![\d:.,])([01]?\d|2[0-3])\s?[:;]\s?([0-5]\d)(?:\s?[:;.]\s?[0-5]\d)?(?!\d)")


@dataclass(frozen=True, slots=True)
class Amount:
    """An amount with two decimals as printed; offsets are those of the text it was found in."""

    value: Decimal
    start: int
    end: int


@lru_cache(maxsize=4096)
def folded(text: str) -> str:
    """Upper case without diacritics, blanks single: what labels are compared in."""
    text = unicodedata.normalize("NFD", text.upper().replace("Ł", "L"))
    return " ".join("".join(c for c in text if not unicodedata.combining(c)).split())


@lru_cache(maxsize=4096)
def _tokens(text: str) -> tuple[str, ...]:
    found = []
    text = _SPACED.sub(lambda hit: hit[0].replace(" ", ""), folded(text))
    for token in re.findall(r"[^\s:;,.()*/]+", text):
        letters = sum(c.isalpha() for c in token)
        found.append(token.translate(_LETTERS) if letters * 2 > len(token) else token)
    return tuple(token.strip(".-_'\"") for token in found if token.strip(".-_'\""))


def _alike(wanted: str, token: str) -> bool:
    """Equal but for the confusions of an engine: one letter in four or five, two in eight.

    Of four letters the first has to be right: `GUMA` is sold in every shop, `SUMA` is not.
    """
    allowed = 0 if len(wanted) < 4 else 1 if len(wanted) < 8 else 2
    if len(wanted) == 4 and token[:1] != wanted[0]:
        return False
    if abs(len(wanted) - len(token)) > allowed:
        return False
    return Levenshtein.distance(wanted, token, score_cutoff=allowed) <= allowed


def says(text: str, *labels: str) -> bool:
    """Whether one of the labels (folded, upper case, one or more words) stands in `text`.

    A label that ends in `*` matches the beginning of a longer word.
    """
    tokens = _tokens(text)
    return any(_stands(label.split(), tokens) for label in labels)


def _stands(wanted: list[str], tokens: tuple[str, ...]) -> bool:
    for start in range(len(tokens) - len(wanted) + 1):
        for word, token in zip(wanted, tokens[start:], strict=False):
            if word.endswith("*"):
                if not _alike(word[:-1], token[: len(word) - 1]):
                    break
            elif not _alike(word, token):
                break
        else:
            return True
    return False


def plain(text: str) -> str:
    """The text with signs unified and letters inside numbers made digits; same length."""
    text = text.translate(_SIGNS)
    return _ONE.sub("1", _ZERO.sub(lambda hit: re.sub("[OoQ]", "0", hit[0]), text))


def money(text: str) -> Decimal:
    """The value of a text that `AMOUNT` matched: its last mark is the decimal one."""
    digits = re.sub(r"[^\d-]", "", text)
    return Decimal(digits).scaleb(-2)


def amounts(text: str) -> Iterator[Amount]:
    """Amounts with two decimals, left to right; a minus may stand before or behind."""
    for hit in _AMOUNT.finditer(plain(text)):
        value = money(hit[2])
        yield Amount(-value if hit[1] or hit[3] else value, hit.start(), hit.end())


def find_date(text: str, today: date | None = None) -> date | None:
    """The first plausible date, day before month, also where a time is glued to it."""
    bare = plain(text)
    for pattern in _GLUED_DATE:
        if hit := pattern.search(bare):
            try:
                return _sane(date(int(hit["y"]), int(hit["m"]), int(hit["d"])), today)
            except ValueError:
                continue
    for pattern in (_SHORT_GLUED, _YEAR_R):
        if hit := pattern.search(bare):
            day, month = int(hit["d"]), int(hit["m"])
            if month > 12 and "/" in hit[0]:  # as Americans write it
                day, month = month, day
            try:
                return _sane(date(2000 + int(hit["y"]), month, day), today)
            except ValueError:
                pass
    bare = _DOUBLED.sub("", bare)
    named = _NAMED_SHORT.sub(r"\1 \3 20\4", _OCTOBER.sub("O", bare))
    for found in dates(_NAMED_GLUED.sub(" ", named)):
        if sane := _sane(found.value, today):
            return sane
    return None


def find_faint_date(text: str, today: date | None = None) -> date | None:
    """A date of which a mark was lost; other numbers look alike, so only where no date is found."""
    hit = _FAINT.search(plain(text))
    if hit is None and find_time(plain(text)):
        hit = _FAINT_SHORT.search(plain(text))
    if hit is None:
        return None
    year = int(hit["y"]) if len(hit["y"]) == 4 else 2000 + int(hit["y"])
    try:
        return _sane(date(year, int(hit["m"]), int(hit["d"])), today)
    except ValueError:
        return None


def _sane(found: date, today: date | None) -> date | None:
    """Tills with a memory are younger than 1995; a slip is not from the future."""
    latest = today.toordinal() + 1 if today else date(2099, 12, 31).toordinal()
    return found if found.year >= 1995 and found.toordinal() <= latest else None


def find_time(text: str) -> str | None:
    """The last time of day in `text` as HH:MM, 24 hours as printed."""
    found = None
    for hit in _TIME.finditer(text):
        found = f"{int(hit[1]):02d}:{hit[2]}"
    return found
