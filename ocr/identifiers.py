"""Checks and normal forms of the identifiers that purchase documents carry."""

from __future__ import annotations

import re

_SEPARATORS = re.compile(r"[\s\-\u2010-\u2015\u2212.\u00a0\u202f]+")
# The pattern of the KSeF schemas: no leading zero, not "00" after the first digit.
_NIP = re.compile(r"[1-9](?:\d[1-9]|[1-9]\d)\d{7}", re.ASCII)
_DIGITS = re.compile(r"\d+", re.ASCII)
_EU_VAT_ID = re.compile(r"[A-Z]{2}[0-9A-Z+*]{2,13}", re.ASCII)

_NIP_WEIGHTS = (6, 5, 7, 2, 3, 4, 5, 6, 7)
_REGON_WEIGHTS = {9: (8, 9, 2, 3, 4, 5, 6, 7), 14: (2, 4, 8, 5, 0, 9, 7, 3, 6, 1, 2, 4, 8)}
_IBAN_LENGTHS = (15, 34)


def _bare(text: str) -> str:
    return _SEPARATORS.sub("", text).upper()


def _digits(text: str, *lengths: int) -> str | None:
    bare = _bare(text)
    return bare if len(bare) in lengths and _DIGITS.fullmatch(bare) else None


def _weighted(digits: str, weights: tuple[int, ...]) -> int:
    return sum(int(digit) * weight for digit, weight in zip(digits, weights, strict=False))


def nip_normalised(text: str) -> str | None:
    """Ten digits of a printed Polish tax number, or None when it has another shape.

    Accepts `123-456-32-18`, blanks, dots and a `PL` prefix. The checksum is not looked at, so that
    a wrong number can be shown to a person; `nip_valid` does that.
    """
    bare = _bare(text).removeprefix("PL")
    return bare if len(bare) == 10 and _DIGITS.fullmatch(bare) else None


def nip_valid(text: str) -> bool:
    """Whether the text is a Polish tax number with a right shape and checksum.

    0000000000 passes the sum and is refused by the shape; test numbers such as 1111111111 and
    9999999999 pass both.
    """
    digits = nip_normalised(text)
    if digits is None or not _NIP.fullmatch(digits):
        return False
    return _weighted(digits, _NIP_WEIGHTS) % 11 == int(digits[9])


def vat_id_normalised(text: str, country: str = "") -> str | None:
    """One form per VAT number: a Polish NIP as ten digits, any other with its country prefix.

    `country` is the two-letter code that stands apart from the number, where there is one. None
    when neither a NIP nor a prefixed number can be read.
    """
    bare = re.sub(r"[/,:]", "", _bare(text))
    country = country.strip().upper()
    if country and not bare.startswith(country):
        bare = country + bare
    if nip := nip_normalised(bare):
        return nip
    return bare if _EU_VAT_ID.fullmatch(bare) and any(c.isdigit() for c in bare) else None


def regon_valid(text: str) -> bool:
    """Whether the text is a REGON of 9 or 14 digits with a right checksum (10 counts as 0)."""
    digits = _digits(text, *_REGON_WEIGHTS)
    if digits is None or not int(digits):
        return False
    if len(digits) == 14 and not regon_valid(digits[:9]):
        return False
    return _weighted(digits, _REGON_WEIGHTS[len(digits)]) % 11 % 10 == int(digits[-1])


def gtin_normalised(text: str) -> str | None:
    """The digits of a valid GTIN-8, -12, -13 or -14 as printed, or None."""
    digits = _digits(text, 8, 12, 13, 14)
    if digits is None or not int(digits):
        return None
    return digits if _gtin_check(digits[:-1]) == int(digits[-1]) else None


def _gtin_check(body: str) -> int:
    weighted = sum(int(d) * (3 if i % 2 == 0 else 1) for i, d in enumerate(reversed(body)))
    return -weighted % 10


def gtin_valid(text: str) -> bool:
    """Whether the text is a GTIN with a right check digit (GS1 General Specifications 7.9)."""
    return gtin_normalised(text) is not None


def gtin_key(text: str) -> str | None:
    """A valid GTIN filled with zeros to 14 digits, so that its lengths compare equal."""
    digits = gtin_normalised(text)
    return digits.zfill(14) if digits else None


def gtin_is_internal(text: str) -> bool:
    """Whether a valid GTIN is for one shop's use only (GS1 prefixes 02, 04, 20-29; GTIN-8 0, 2).

    Such a number names nothing outside the shop that printed it: it must not find a product.
    """
    digits = gtin_normalised(text)
    if digits is None:
        return False
    if len(digits) == 8:
        return digits[0] in "02"
    return digits.zfill(14)[1:3] in {"02", "04"} or digits.zfill(14)[1] == "2"


def iban_normalised(text: str) -> str | None:
    """A valid account with its country (`PL` added to a Polish 26-digit number), or None."""
    bare = _bare(text)
    if len(bare) == 26 and _DIGITS.fullmatch(bare):
        bare = "PL" + bare
    if not re.fullmatch(r"[A-Z]{2}\d{2}[A-Z0-9]+", bare, re.ASCII):
        return None
    if not _IBAN_LENGTHS[0] <= len(bare) <= _IBAN_LENGTHS[1]:
        return None
    if bare.startswith("PL") and not (len(bare) == 28 and _DIGITS.fullmatch(bare[2:])):
        return None
    return bare if int("".join(str(int(c, 36)) for c in bare[4:] + bare[:4])) % 97 == 1 else None


def iban_valid(text: str) -> bool:
    """Whether the text is an IBAN, or a Polish account without its country, that checks out."""
    return iban_normalised(text) is not None


def folded_number(text: str) -> str:
    """An invoice number in the form in which two are compared: upper case, no white space."""
    return re.sub(r"\s+", "", text).upper()
