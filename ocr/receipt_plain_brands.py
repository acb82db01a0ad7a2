"""Names of shops whose logo an engine misread: what else on the slip tells them."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import replace

from rapidfuzz.distance import Levenshtein

from ocr.reading import Value
from ocr.receipt_rows import Row
from ocr.receipt_text import folded

FORM = re.compile(
    r"\b(GMBH|MBH|AG|KG|OHG|GBR|UG|SE|LTD|LIMITED|PLC|SDN|BHD|S/B)\b|\bE\.\s?K(FR|FM)?\b"
)
# A firm on a row of its own, perhaps with its town: `Muster GmbH & Co. KG, Ulm`.
_FIRM_ROW = re.compile(
    r"^\W*(?P<name>[^\W\d][\w.&'+ -]{1,40}?\s(?:GMBH|AG|KG|SE|OHG|UG)\b"
    r"(?:\s?&\s?CO\W{0,2}\s?(?:KG|OHG)\w*)?)\s*(?:,\s*[A-Z][\w .-]{2,25})?\W*$"
)
# A shop thanks under its own name, and writes where it can be found.
_THANKS = re.compile(
    r"\b(?:EINKAUF|BESUCH|SHOPPING|VISIT\w*)\s+(?:BEI|IM|AT|IN|WITH)\s+(?P<name>.+)"
)
_SITE = re.compile(r"\b(?:WWW|VVVW|WVVW|WWVW)\W{1,2}(?P<name>[A-Z\d-]{3,})\W{1,2}[A-Z]{2,4}\b")
_LEAST = 4  # letters: shorter names are found in anything
_MOST_MORE = 5  # letters that a logo's ornaments may add
_FRAGMENT = re.compile(
    r"(?<=[a-zäöüß]) (?P<rest>[b-df-hj-np-tv-z]{1,3}|(?<=\b[a-z]{2} )[a-z]{2})(?=\s|$)"
)
_SMALL_WORDS = frozenset(
    ("am", "an", "at", "auf", "aus", "by", "da", "de", "dei", "del", "den", "der", "des", "di",
     "die", "do", "du", "el", "et", "for", "im", "in", "is", "la", "las", "le", "les", "los",
     "my", "no", "of", "on", "or", "so", "the", "to", "u", "um", "und", "up", "von", "y", "z",
     "zu", "zum", "zur", "e", "i")
)  # fmt: skip
# Chains whose name is a drawing rather than print.
_CHAINS = (
    "ALDI", "LIDL", "REWE", "EDEKA", "KAUFLAND", "PENNY", "NETTO", "NORMA", "ROSSMANN", "MULLER",
    "HORNBACH", "BAUHAUS", "HAGEBAU", "HELLWEG", "TOOM", "IKEA", "ROLLER", "SATURN", "MEDIAMARKT",
    "TEDI", "KODI", "DEICHMANN", "DECATHLON", "FRESSNAPF", "TESCO", "SAINSBURY'S", "MORRISONS",
    "WAITROSE", "ICELAND", "SCREWFIX", "WICKES", "WALMART", "TARGET", "COSTCO", "SPAR",
)  # fmt: skip


def settle_brand(named: Value[str], rows: Sequence[Row]) -> Value[str]:
    """The name as another row spells it, where the logo was read in pieces or with a letter off."""
    named = _unbroken(named, rows)
    if FORM.search(folded(named.value)):
        return named
    logo = _letters(named.value)
    for told in _told_elsewhere(rows):
        brand = _letters(told.split()[0])
        if len(brand) >= _LEAST and brand not in logo and _hidden(brand, logo):
            return replace(named, value=told)
    return replace(named, value=_chain(named.value))


def _told_elsewhere(rows: Sequence[Row]) -> Iterator[str]:
    """Firms on rows of their own, in thanks and in web addresses, as printed."""
    for row in rows[1:]:
        printed, flat = row.text.split(), folded(row.text)
        for pattern in (_FIRM_ROW, _THANKS, _SITE):
            hit = pattern.search(flat)
            if hit is None or (pattern is _SITE and not hit["name"].isalpha()):
                continue
            first, last = len(flat[: hit.start("name")].split()), len(hit["name"].split())
            name = " ".join(printed[first : first + last]) if pattern is not _SITE else hit["name"]
            yield name.strip(" !.,")


def _hidden(brand: str, logo: str) -> bool:
    """Whether the logo holds the brand's letters in order, or is one letter off."""
    if Levenshtein.distance(brand, logo) <= 1:
        return True
    rest = iter(logo)
    return len(logo) <= len(brand) + _MOST_MORE and all(letter in rest for letter in brand)


def _chain(name: str) -> str:
    """The chain whose name lacks one letter or has one misread."""
    bare = _letters(name)
    if len(name.split()) != 1 or len(bare) < _LEAST - 1:
        return name
    known = [_letters(chain) for chain in _CHAINS]
    if bare in known:
        return name
    near = [c for c in _CHAINS if Levenshtein.distance(bare, _letters(c)) == 1]
    near = [c for c in near if len(_letters(c)) > len(bare) or len(bare) > _LEAST]
    return near[0] if len(near) == 1 else name


def _unbroken(named: Value[str], rows: Sequence[Row]) -> Value[str]:
    """`Kauf land` and `Baumar kt` are how wide letters are read.

    Another row spells the name in one word, or a piece cannot be a word.
    """
    whole = folded(named.value).replace(" ", "")
    if " " not in named.value or len(whole) < _LEAST + 2:
        return named
    for word in (word for row in rows for word in row.words):
        if folded(word.text).strip(".,:;!") == whole:
            return replace(named, value=word.text.strip(".,:;!"))
    return replace(named, value=_FRAGMENT.sub(_glued, named.value))


def _glued(hit: re.Match[str]) -> str:
    return hit[0] if hit["rest"] in _SMALL_WORDS else hit["rest"]


def _letters(text: str) -> str:
    return "".join(c for c in folded(text) if c.isalpha())
