"""Units as documents write them, and how many of a product's own units one of them holds. Pure."""

from __future__ import annotations

import re
from collections.abc import Mapping
from decimal import Decimal
from types import MappingProxyType

from programs.matching_words import fold

# What documents write → our name: symbols and words of Polish invoices, the codes of UN/ECE
# Recommendations 20 and 21 that e-invoices use, and the trade's own abbreviations.
_NAMES: Mapping[str, tuple[str, ...]] = MappingProxyType(
    {
        "szt": ("SZT", "SZTUKA", "SZTUKI", "SZTUK", "PCS", "PC", "EA", "H87", "C62", "ST"),
        "m": ("M", "MB", "METR", "METRY", "METROW", "MTR"),
        "kpl": ("KPL", "KOMPLET", "KOMPLETY", "SET", "ZEST", "ZESTAW"),
        "opak": ("OPAK", "OP", "OPAKOWANIE", "OPAKOWANIA", "PACZKA", "PACZ", "PK", "XPK", "PAK"),
        "karton": ("KARTON", "KART", "KRT", "CT", "XCT", "BOX", "XBX"),
        "krążek": ("KRAZEK", "KRAZKI", "KRAZ", "KRG", "KRAG", "ZWOJ", "ZW", "ROLKA", "ROLKI", "ROL",
                   "RO", "XRO", "NRL", "CL", "XCL"),
        "bęben": ("BEBEN", "BEB", "BEBNY", "DRUM", "DR", "XDR"),
        "kg": ("KG", "KGM", "KILOGRAM"),
        "l": ("L", "LTR", "LITR", "LITRY"),
    }
)  # fmt: skip
# What a product may be sold in besides its own unit.
PACKS = ("opak", "karton", "krążek", "bęben", "kpl")
_BY_WORD = {word: name for name, words in _NAMES.items() for word in words}
# Thousands and hundreds that wholesalers count cheap things by.
_MULTIPLES = {"TYS": Decimal(1000), "TSZT": Decimal(1000), "SETKA": Decimal(100)}
# Larger units of what is measured: the unit, and how many of it.
_LARGER = {
    "KM": ("m", Decimal(1000)), "KMT": ("m", Decimal(1000)), "KILOMETR": ("m", Decimal(1000)),
    "T": ("kg", Decimal(1000)), "TNE": ("kg", Decimal(1000)), "TONA": ("kg", Decimal(1000)),
}  # fmt: skip
_IN_TEXT = re.compile(r"(\d+(?:[.,]\d+)?)\s*(?:X\s*)?([A-Z]+)$")


def unit_name(printed: str) -> str | None:
    """Our name of a printed unit; `None` for what no list has."""
    word = fold(printed).replace(" ", "").strip(".")
    return _BY_WORD.get(word)


def unit_key(printed: str) -> str:
    """A printed unit without case, blanks and its last dot: what a seller's answer is kept by.

    Two spellings stay two units: a seller's `op` and its `opak` need not hold the same.
    """
    return fold(printed).replace(" ", "").strip(".")


def factor(printed: str, *, own: str, conversions: Mapping[str, Decimal]) -> Decimal | None:
    """How many of the product's own units stand for one printed unit; `None` when nobody knows.

    `conversions` are the product's: `{"krążek": 100}` for a cable sold by the metre. A unit that
    carries its own number needs none: `100m` is a hundred metres, `tys. szt` a thousand pieces.
    An empty unit is taken for the product's own.
    """
    text = fold(printed).strip(".")
    if not text:
        return Decimal(1)
    name = unit_name(printed)
    if name == own:
        return Decimal(1)
    if name is not None and name in conversions:
        return conversions[name]
    first, _, rest = text.replace(".", " ").partition(" ")
    if first in _MULTIPLES and (not rest.strip() or unit_name(rest) == own):
        return _MULTIPLES[first]
    unit, larger = _LARGER.get(text.replace(" ", ""), ("", Decimal(1)))
    if unit == own:
        return larger
    if (counted := _IN_TEXT.match(text)) and unit_name(counted[2]) == own:
        return Decimal(counted[1].replace(",", "."))
    return None
