"""What a decoded QR or bar code means to us, from its text and symbology alone."""

from __future__ import annotations

import re
from urllib.parse import parse_qs, urlsplit

from ocr import identifiers, kod, ksef_number

KSEF_KOD1 = "ksef_kod1"  # well-formed KOD I of any environment; `ocr.kod.judge` says its worth
KSEF_KOD2 = "ksef_kod2"
KSEF_LINK = "ksef_link"  # another link to the Ministry: no proof, sometimes a number
KSEF_NUMBER = "ksef_number"
PRODUCT_CODE = "product_code"  # looks like a code of our own labels; only a look-up decides
GTIN = "gtin"
PAYMENT = "payment"
OTHER = "other"

_RETAIL = frozenset({"EAN13", "EAN8", "UPCA", "UPCE", "ITF14"})
# Thirteen symbols of an alphabet without look-alikes, in groups or in one.
_PRODUCT_CODE = re.compile(r"(?=.*[A-Z])(?:[0-9A-HJKMNP-TV-Z]-?){12}[0-9A-HJKMNP-TV-Z]", re.ASCII)
_BANK_TRANSFER = re.compile(r"\d{0,10}\|(?:PL)?\|\d{0,26}\|", re.ASCII)
_PAYMENT_HINTS = ("bcd\n", "bcd\r", "bezahlcode:", "bank://", "spd*1.0*")
_GS1_LINK = re.compile(r"/01/(\d{14}|\d{8}|\d{12,13})(?:/|$)", re.ASCII)
_GS1_ELEMENT = re.compile(r"^(?:\(01\)|\x1d?01)(\d{14})", re.ASCII)


def kind_of(text: str, symbology: str) -> str:
    """One of the kinds above. `symbology` is the name that `ocr.codes` gives, such as QRCode."""
    text = text.strip()
    if symbology in _RETAIL:
        return GTIN if identifiers.gtin_valid(text) else OTHER
    verdict = kod.judge(text)
    if verdict in (kod.Verdict.VALID, kod.Verdict.WRONG_ENVIRONMENT):
        return KSEF_KOD1
    if verdict is kod.Verdict.NOT_KOD1 and kod.parse_kod2(text):
        return KSEF_KOD2
    if verdict is not kod.Verdict.NOT_KSEF:
        return KSEF_LINK if verdict is kod.Verdict.NONSTANDARD else OTHER
    if ksef_number.parse(text):
        return KSEF_NUMBER
    if _BANK_TRANSFER.match(text) or text.casefold().startswith(_PAYMENT_HINTS):
        return PAYMENT
    if gtin_in(text):
        return GTIN
    return PRODUCT_CODE if product_code_in(text) else OTHER


def product_code_in(text: str) -> str | None:
    """The code of one of our labels, bare or as the last part of a link; without hyphens."""
    candidates = [text.strip()]
    if "://" in text:
        try:
            url = urlsplit(text.strip())
        except ValueError:
            return None
        candidates = [url.path.rstrip("/").rpartition("/")[2], url.fragment]
        candidates += [value for values in parse_qs(url.query).values() for value in values]
    for candidate in candidates:
        if _PRODUCT_CODE.fullmatch(candidate):
            return candidate.replace("-", "")
    return None


def gtin_in(text: str) -> str | None:
    """The GTIN of a bare retail code, a GS1 element string or a GS1 Digital Link, else None."""
    text = text.strip()
    if match := _GS1_LINK.search(text) if "://" in text else _GS1_ELEMENT.match(text):
        return identifiers.gtin_normalised(match[1])
    if text.isascii() and text.isdigit() and len(text) in (13, 14):
        return identifiers.gtin_normalised(text)
    return None
