"""Cells of a sales export as values: tax numbers, quantities, document numbers. Pure."""

from __future__ import annotations

import re
from decimal import Decimal, InvalidOperation

from ocr import identifiers

_SPACES = re.compile(r"[\s\u00a0\u202f']+")
_QUANTITY = re.compile(
    r"([+-]?)(\d{1,3}(?:\.\d{3})+,\d+|\d{1,3}(?:,\d{3})+\.\d+|\d+(?:[.,]\d*)?|[.,]\d+)(-?)",
    re.ASCII,
)
_UNIT = re.compile(r"[^\W\d_]+[.²³23]?$")
MOST = Decimal(10) ** 9


def quantity(text: str) -> Decimal | None:
    """`1 234,50`, `1.234,50`, `1234.5`, `12 szt.`, `3,000-`; None for what is no number.

    A minus may stand behind, as accounting prints it. `1.234` is one and a bit: exports write
    thousands with a decimal part or with blanks, and a quantity of three decimals is common.
    """
    bare = _SPACES.sub("", text)
    bare = _UNIT.sub("", bare) if bare and not bare[0].isalpha() else bare
    found = _QUANTITY.fullmatch(bare)
    if found is None:
        return None
    front, digits, behind = found.groups()
    if "," in digits and "." in digits:
        thousands = "." if digits.rindex(",") > digits.rindex(".") else ","
        digits = digits.replace(thousands, "")
    try:
        value = Decimal(digits.replace(",", ".").rstrip(".") or "0")
    except InvalidOperation:
        return None
    if value >= MOST:
        return None
    return -value if "-" in (front, behind) else value


def tax_number(text: str) -> str | None:
    """Ten digits with the right checksum, also from a number cell that lost nothing."""
    digits = identifiers.nip_normalised(text.removesuffix(".0"))
    return digits if digits and identifiers.nip_valid(digits) else None


def looks_like_document(text: str) -> bool:
    """Whether a cell may be a document's number: digits with letters or separators, no date."""
    return (
        bool(re.search(r"\d", text))
        and bool(re.search(r"[A-Za-z/]", text))
        and " " not in text.strip()
        and len(text) <= 60
        and not is_date(text)
    )


_DATE = re.compile(
    r"\d{4}[-./]\d{1,2}[-./]\d{1,2}(?:[T ].*)?|\d{1,2}[-./]\d{1,2}[-./]\d{2,4}(?: .*)?"
    r"|\d{1,2} [^\W\d]+\.? \d{4}(?: r\.?)?",
)


def is_date(text: str) -> bool:
    """`22.11.2026`, `2026-11-22`, `22/11/26`, `22 lis 2026`, also with a time behind."""
    return _DATE.fullmatch(text.strip()) is not None
