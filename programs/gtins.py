"""GTINs as a programme keeps them: one writing for each number (GS1 General Specifications 3.3)."""

from __future__ import annotations

import re

from stdnum import ean

# What people and spreadsheets write between the digits: blanks of every kind, hyphens, a dot zero.
_IDLE = re.compile(r"[\s\u200b\ufeff'’\-‐‑–]|\.0+$")


def written(text: str) -> str | None:
    """The digits of a valid GTIN, or None: eight, or thirteen with a UPC's zero, or fourteen.

    A GTIN-14 that begins with a zero is the unit's GTIN-13 and names the same thing.
    """
    digits = _IDLE.sub("", text)
    if not (digits.isascii() and digits.isdigit() and ean.is_valid(digits)) or not int(digits):
        return None
    if len(digits) == 8:
        return digits
    whole = digits.zfill(14)
    if whole.startswith("000000"):
        return whole[6:]  # An EAN-8, filled up.
    return whole[1:] if whole.startswith("0") else whole
