"""Which product of the programme a line names, how sure that is, and why.

Order: GTIN → the seller's alias → the manufacturer's code in the text → likeness of the text, where
every number and dimension must agree: `3x1,5` is not `3x2,5`. Pure.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from decimal import Decimal
from enum import StrEnum
from functools import cached_property
from uuid import UUID

from stdnum import ean

from programs import matching_text
from programs.matching_index import NamedProduct, Prepared, ProductIndex, looks
from programs.matching_words import fold, fold_code, numbers_of

__all__ = [
    "Candidate",
    "Catalogue",
    "LearnedUnit",
    "Match",
    "MatchReason",
    "NamedProduct",
    "SoldIn",
    "fold",
    "fold_code",
    "match",
    "numbers_of",
]


class MatchReason(StrEnum):
    GTIN = "gtin"
    ALIAS_INDEX = "alias_index"
    ALIAS_TEXT = "alias_text"
    SKU = "sku"
    TEXT = "text"
    CODE = "code"  # from the product itself: a code of its packaging
    NONE = "none"


@dataclass(frozen=True, slots=True)
class Candidate:
    product_id: UUID
    score: Decimal
    reason: MatchReason
    units: Decimal = Decimal(1)
    # Where units are in doubt: how like the product is all the same, and the likely answers.
    likeness: Decimal | None = None
    asks: tuple[Decimal, ...] | None = None
    learned: UUID | None = None  # the seller's remembered unit by which it is counted


@dataclass(frozen=True, slots=True)
class Match:
    """The best candidate, or none; `others` are offered when a person has to choose."""

    best: Candidate | None = None
    others: tuple[Candidate, ...] = ()


@dataclass(frozen=True, slots=True)
class SoldIn:
    """A product's own unit, and how many of it the others hold: `{"krążek": 100}`."""

    own: str
    others: Mapping[str, Decimal] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class LearnedUnit:
    """What people said at the desk that one printed unit of a seller's name holds."""

    unit_id: UUID
    product_id: UUID
    units: Decimal


@dataclass(frozen=True)
class Catalogue:
    """All that matching looks up, for one programme and one seller.

    `learned` has the seller's remembered units: by name (`matching_units.name_key`), then by
    printed unit (`unit_words.unit_key`).
    `prepared` may be shared by catalogues of the same products; without it, it is built on use.
    """

    products: Sequence[NamedProduct]
    gtins: Mapping[str, tuple[UUID, Decimal]] = field(default_factory=dict)
    alias_indexes: Mapping[str, tuple[UUID, Decimal]] = field(default_factory=dict)
    alias_texts: Mapping[str, tuple[UUID, Decimal]] = field(default_factory=dict)
    brands: tuple[str, ...] = ()
    units: Mapping[UUID, SoldIn] = field(default_factory=dict)
    learned: Mapping[tuple[str, str], Mapping[str, LearnedUnit]] = field(default_factory=dict)
    prepared: ProductIndex | None = None

    @cached_property
    def index(self) -> ProductIndex:
        return self.prepared or ProductIndex(self.products, self.brands)


def match(
    *, description: str, seller_index: str | None, gtin: str | None, catalogue: Catalogue
) -> Match:
    """The product that a line names; an empty match when nothing in the programme is like it."""
    if known := _by_gtin(gtin, description, catalogue.gtins):
        return Match(Candidate(known[0], Decimal(1), MatchReason.GTIN, known[1]))
    if seller_index and (known := catalogue.alias_indexes.get(fold_code(seller_index))):
        return Match(Candidate(known[0], Decimal(1), MatchReason.ALIAS_INDEX, known[1]))
    if known := catalogue.alias_texts.get(fold(description)):
        return Match(Candidate(known[0], Decimal("0.99"), MatchReason.ALIAS_TEXT, known[1]))
    likely = _by_text(description, catalogue.index)
    coded, stray = _by_sku(f"{description} {seller_index or ''}", description, catalogue.index)
    if coded is None:
        if likely and stray not in (None, likely[0].product_id):
            # The text names one product, a number in it another.
            likely[0] = replace(likely[0], score=min(likely[0].score, _DENIED))
        return Match(likely[0], tuple(likely[1:4])) if likely else Match()
    others = [c for c in likely if c.product_id != coded.product_id]
    return Match(coded, tuple(others[:3]))


_GTIN_IN_TEXT = re.compile(r"(?<!\d)(\d{8}|\d{12,14})(?!\d)")


def _by_gtin(
    gtin: str | None, description: str, gtins: Mapping[str, tuple[UUID, Decimal]]
) -> tuple[UUID, Decimal] | None:
    """By the GTIN of its own column, else by one in the text with a good check digit."""
    wanted = [gtin] if gtin else []
    wanted += [g for g in _GTIN_IN_TEXT.findall(description) if ean.is_valid(g)]
    for code in wanted:
        # A GTIN-14 with zeros before it is the same GTIN-13; a GTIN-12 lacks its zero.
        for shape in (code, code.lstrip("0").zfill(13), code.zfill(14)):
            if known := gtins.get(shape):
                return known
    return None


_TOKENS_OF_CODE = 6
_LONG_CODE = 6
# The code says one thing and the text another: a person has to look.
_DENIED = Decimal("0.85")
# Goods that go with a product, or stand in for it, carry its code too.
_ABOUT_ANOTHER = re.compile(r"\b(DO|DLA|ZAM|ZAMIENNIK|ZAMIAST|ODPOWIEDNIK|PASUJE|ZGODNY|TYPU)\.?$")


def _by_sku(
    text: str, description: str, index: ProductIndex
) -> tuple[Candidate | None, UUID | None]:
    """By the maker's code in the text; else the product whose code stands there for no reason."""
    stray = None
    for before, code, rest in _codes(text):
        read = index.by_sku.get(code)
        slipped = None if read else index.by_skeleton.get(looks(code))
        found = read or slipped
        if found is None:
            continue
        like = matching_text.likeness_to(description, found, index)
        named = matching_text.names(rest, found, index)
        score = _sku_score(code, like, read=read is not None, named=named)
        if score is None:
            stray = stray or (found.product.product_id if len(code) >= _LONG_CODE else None)
            continue
        if _ABOUT_ANOTHER.search(before):
            score = min(score, Decimal("0.80"))
        elif matching_text.denies(rest, found):
            score = min(score, _DENIED)
        return Candidate(found.product.product_id, score, MatchReason.SKU), None
    return None, stray


def _sku_score(code: str, like: float, *, read: bool, named: bool) -> Decimal | None:
    """A code of digits only may be any number of the row, so the text has to say it too."""
    if read and named and len(code) >= _LONG_CODE:
        return Decimal("0.97")
    if read and not code.isdigit():
        return Decimal("0.98") if len(code) >= 4 else None
    if len(code) < 5 or like < 0.25:
        return None
    return Decimal("0.96") if like >= 0.45 else Decimal("0.85")


def _codes(text: str) -> Iterator[tuple[str, str, str]]:
    """Each run of up to six tokens as one code, longest first, with the text before and around."""
    folded = fold(text)
    tokens = [(m.start(), re.sub(r"[^A-Z0-9]", "", m[0])) for m in re.finditer(r"\S+", folded)]
    for length in range(min(_TOKENS_OF_CODE, len(tokens)), 0, -1):
        for at in range(len(tokens) - length + 1):
            code = "".join(token for _, token in tokens[at : at + length])
            # Without a digit it takes more letters to be a code by no accident.
            if 4 + 2 * code.isalpha() <= len(code) <= 40:
                before = folded[: tokens[at][0]].rstrip()
                after = tokens[at + length][0] if at + length < len(tokens) else len(folded)
                yield before, code, f"{before} {folded[after:]}"


def _by_text(description: str, index: ProductIndex) -> list[Candidate]:
    return [
        Candidate(_id(found.prepared), Decimal(str(round(found.score, 4))), MatchReason.TEXT)
        for found in matching_text.rank(description, index)
        if found.score >= matching_text.LEAST
    ]


def _id(prepared: Prepared) -> UUID:
    return prepared.product.product_id
