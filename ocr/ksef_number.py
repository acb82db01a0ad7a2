"""KSeF numbers: their shape, their checksum, and the one repair that a misread number allows."""

from __future__ import annotations

import itertools
import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from ocr import identifiers

# TNumerKSeF of the FA(3) schema; the hyphen inside the technical part is the KSeF 1.0 layout.
_SHAPE = re.compile(
    r"(?P<issuer>[1-9](?:\d[1-9]|[1-9]\d)\d{7}|M\d{9}|[A-Z]{3}\d{7})"
    r"-(?P<day>\d{8})-(?P<technical>[0-9A-F]{6}-?[0-9A-F]{6})-(?P<crc>[0-9A-F]{2})",
    re.ASCII,
)
# What engines print where a digit or a hexadecimal letter stood.
_LOOSE = re.compile(
    r"(?<![0-9A-Za-z])"
    r"[0-9A-Za-z|]{10}\s?[-–—]\s?[0-9A-Za-z|]{8}\s?[-–—]\s?[0-9A-Za-z|]{6}[-–—]?[0-9A-Za-z|]{6}"
    r"\s?[-–—]\s?[0-9A-Za-z|]{2}(?![0-9A-Za-z])",
    re.ASCII,
)
_CONFUSED = ("O0DQ", "B8", "S5", "I1L|", "G6")
_LIKE = {c: tuple(x for x in group if x != c) for group in _CONFUSED for c in group}
_YEARS = range(2022, 2040)  # since KSeF began; no clock is asked
_MAX_DOUBTFUL = 2  # more changed places than this would fit the eight checksum bits by chance


class Verdict(StrEnum):
    """What can be said about a KSeF number from its characters alone."""

    VALID = "valid"
    BAD_CHECKSUM = "bad_checksum"
    BAD_FORMAT = "bad_format"


@dataclass(frozen=True, slots=True)
class KsefNumber:
    """A number of right shape and checksum; `issuer` is the seller's NIP in almost every case."""

    text: str
    issuer: str
    accepted_on: date


def crc8(text: str) -> int:
    """CRC-8 with polynomial 0x07, initial 0, no reflection, no final xor."""
    crc = 0
    for byte in text.encode("ascii"):
        crc ^= byte
        for _ in range(8):
            crc = (crc << 1 ^ 0x07) & 0xFF if crc & 0x80 else crc << 1
    return crc


def verdict(text: str) -> Verdict:
    """Judge the text exactly as it stands; lower case is bad format (fold it before for OCR)."""
    match = _SHAPE.fullmatch(text)
    if match is None or _day(match["day"]) is None:
        return Verdict.BAD_FORMAT
    right = crc8(text[:-3]) == int(match["crc"], 16)
    return Verdict.VALID if right else Verdict.BAD_CHECKSUM


def parse(text: str) -> KsefNumber | None:
    """The number when shape and checksum are right, else None."""
    if verdict(text) is not Verdict.VALID:
        return None
    day = _day(text[11:19])
    return KsefNumber(text, text[:10], day) if day else None


def repaired(text: str) -> KsefNumber | None:
    """The one number that a recognised text can mean, or None when none or several fit.

    Upper-cases, straightens hyphens and drops blanks; then letters that cannot stand in their place
    become the digit they look like. Only if the checksum still fails are the confusions O/0, B/8,
    S/5, I/1, D/0, G/6 tried, first one place, then two; the fewest changes win only when unique.
    One checksum in 256 fits by chance, so a changed number must also name a tax number that holds
    and a day on which KSeF may have accepted it.
    """
    folded = _folded(text)
    places = [_choices(c, allowed) for c, allowed in _template(folded)]
    if not places or not all(places):
        return None
    for changes in range(_MAX_DOUBTFUL + 1):
        numbers = (parse(text) for text in _changed(places, changes))
        found = {n.text: n for n in numbers if n and (n.text == folded or _possible(n))}
        if found:
            return next(iter(found.values())) if len(found) == 1 else None
    return None


def _possible(number: KsefNumber) -> bool:
    return identifiers.nip_valid(number.issuer) and number.accepted_on.year in _YEARS


def find(text: str, *, misread: bool) -> tuple[KsefNumber, ...]:
    """Every distinct KSeF number in a text, repaired where one reading is left.

    Only what an engine recognised (`misread`) is repaired: characters of a text layer are those
    that were written, and an invented number must not become one that passes the check.
    """
    found = {number.text: number for _, _, number in places(text, misread=misread)}
    return tuple(found.values())


def places(text: str, *, misread: bool) -> Iterator[tuple[int, int, KsefNumber]]:
    """As `find`, with where each number begins and ends; the same number may stand twice."""
    for match in _LOOSE.finditer(text):
        number = repaired(match[0]) if misread else parse(_folded(match[0]))
        if number:
            yield match.start(), match.end(), number


def failed(text: str) -> str:
    """The first piece of a text that is laid out as a KSeF number and is none, "" for none."""
    pieces = (match[0] for match in _LOOSE.finditer(text))
    return next((piece for piece in pieces if parse(_folded(piece)) is None), "")


def _folded(text: str) -> str:
    return re.sub(r"[–—−]", "-", re.sub(r"\s", "", text).upper())


def _day(text: str) -> date | None:
    try:
        return date(int(text[:4]), int(text[4:6]), int(text[6:8])) if text >= "2020" else None
    except ValueError:
        return None


def _template(text: str) -> list[tuple[str, str]]:
    """Pairs of character and what may stand in its place, empty when the layout is another."""
    digits, hexadecimal = "0123456789", "0123456789ABCDEF"
    groups = text.split("-")
    if [len(group) for group in groups] == [10, 8, 12, 2]:
        kinds = [digits, digits, hexadecimal, hexadecimal]
    elif [len(group) for group in groups] == [10, 8, 6, 6, 2]:
        kinds = [digits, digits, hexadecimal, hexadecimal, hexadecimal]
    else:
        return []
    pairs: list[tuple[str, str]] = []
    for group, kind in zip(groups, kinds, strict=True):
        pairs += [("-", "-")] * bool(pairs) + [(c, kind) for c in group]
    return pairs


def _choices(char: str, allowed: str) -> tuple[str, ...]:
    """The character first where it may stand, then its look-alikes that may."""
    return tuple(c for c in (char, *_LIKE.get(char, ())) if c in allowed)


def _changed(places: list[tuple[str, ...]], changes: int) -> list[str]:
    doubtful = [i for i, choices in enumerate(places) if len(choices) > 1]
    texts = []
    for chosen in itertools.combinations(doubtful, changes):
        options = [places[i][1:] if i in chosen else places[i][:1] for i in range(len(places))]
        texts += ["".join(option) for option in itertools.product(*options)]
    return texts
