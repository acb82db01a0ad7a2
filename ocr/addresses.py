"""What a line of an address block looks like: a firm, a street, a town, a number."""

from __future__ import annotations

import re

LEGAL_FORM = re.compile(
    r"(?i)(?<!\w)("
    r"sp\.?\s?z\.?\s?[o0]\.?\s?[o0]\.?|spółka z o\.?\s?o\.?|spółka|s\.\s?a\.|sp\.\s?[jkp]\.?|"
    r"s\.\s?c\.|"
    r"p\.?h\.?u\.?|f\.?h\.?u?\.?|p\.?p\.?h\.?u?\.?|"
    r"gmbh|mbh|ag|kg|ohg|e\.\s?k\.|gbr|ug|e\.v\.|ltd\.?|limited|inc\.?|llc|llp|plc|corp\.?|pvt\.?|"
    r"co\.|s\.?a\.?r\.?l\.?|s\.?a\.?s\.?u?\.?|eurl|b\.?v\.?|n\.?v\.?|s\.?r\.?l\.?|s\.?p\.?a\.?|"
    r"spol\.\s?s\s?r\.\s?o\.?|s\.\s?r\.\s?o\.?|a\.\s?s\.|k\.\s?s\.|v\.\s?o\.\s?s\.|s\.l\.u?\.?|"
    r"d\.\s?o\.\s?o\.?|v\.?o\.?f\.|s\.n\.c\.|s\.a\.s\.|kft\.?|zrt\.?|oyj?|aps|a/s|ab)(?!\w)"
)
POSTCODE = re.compile(
    r"(?<![\d-])(\d{2}-\d{3}|\d{3} \d{2}|[A-Z]{1,2}[- ]?\d{4,5}|\d{4,5}(\s?[A-Z]{2})?)"
    r"\s+[A-ZŁŚŻŹĆÓĘĄŃÄÖÜÉ]"
)
BRITISH_POSTCODE = re.compile(r"(?<!\w)[A-Z]{1,2}\d[A-Z\d]? \d[A-Z]{2}(?!\w)")
_STREET = re.compile(
    r"(?i)(?<!\w)(ul\.|al\.|os\.|pl\.|aleja|plac|rynek|stra(ss|ß)e|str\.|rue|avenue|road|street|"
    r"laan|weg|allee|platz|gasse)(?!\w)|"
    r"\w(stra(ss|ß)e|str\.|weg|allee|platz|gasse|straat|laan|gracht|plein|kade|dijk|singel)\s*\d"
)
# `14 Mill Lane`: the number comes first; `Via Roma 21`, `Calle Mayor 12`: the kind of street does.
_BRITISH_STREET = re.compile(
    r"(?i)^\W*(?:unit|suite|flat) \w+,|^\W*(unit \w+,? )?\d+[a-z]?,?( [\w'.]+){1,3} "
    r"(lane|ln|st|ave|drive|dr|way|close|court|"
    r"square|park|gardens|terrace|row|hill|grove|crescent|place|blvd|boulevard|parkway)\b"
)
_ROMANCE_STREET = re.compile(
    r"(?i)^\W*(via|viale|corso|piazza|vicolo|calle|c/|avda\.?|avenida|plaza|paseo|ronda|bd|boulevard|"
    r"chemin|impasse|allée|place|quai|route|cours|rua|praça)(?!\w)[^\d]{1,40}\d"
)


def is_address(text: str) -> bool:
    """Whether a line is or holds a street or a town with its postcode."""
    return bool(
        POSTCODE.search(text)
        or BRITISH_POSTCODE.search(text)
        or _STREET.search(text)
        or _BRITISH_STREET.match(text)
        or _ROMANCE_STREET.match(text)
        or re.match(r"(?i)\s*(ul|al|os)\.?\s", text)
    )


def is_number(text: str) -> bool:
    letters = sum(c.isalpha() for c in text)
    return sum(c.isdigit() for c in text) > letters or "@" in text or "www." in text or letters < 2


def is_postal(text: str) -> bool:
    """Whether a line begins with a postcode and its town."""
    found = POSTCODE.search(text)
    return found is not None and found.start() < 4
