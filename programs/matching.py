"""Which product of the programme a line names, how sure that is, and why.

Order: GTIN → the seller's alias → the manufacturer's code in the text → likeness of the text, where
every number and dimension must agree: `3x1,5` is not `3x2,5`. Pure.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from decimal import Decimal
from enum import StrEnum
from uuid import UUID

from rapidfuzz import fuzz


class MatchReason(StrEnum):
    GTIN = "gtin"
    ALIAS_INDEX = "alias_index"
    ALIAS_TEXT = "alias_text"
    SKU = "sku"
    TEXT = "text"
    NONE = "none"


@dataclass(frozen=True, slots=True)
class Candidate:
    product_id: UUID
    score: Decimal
    reason: MatchReason
    units: Decimal = Decimal(1)


@dataclass(frozen=True, slots=True)
class Match:
    """The best candidate, or none; `others` are offered when a person has to choose."""

    best: Candidate | None = None
    others: tuple[Candidate, ...] = ()


@dataclass(frozen=True, slots=True)
class NamedProduct:
    product_id: UUID
    sku: str
    name: str


@dataclass(frozen=True, slots=True)
class Catalogue:
    """All that matching looks up, for one programme and one seller."""

    products: Sequence[NamedProduct]
    gtins: Mapping[str, tuple[UUID, Decimal]] = field(default_factory=dict)
    alias_indexes: Mapping[str, tuple[UUID, Decimal]] = field(default_factory=dict)
    alias_texts: Mapping[str, tuple[UUID, Decimal]] = field(default_factory=dict)
    brands: tuple[str, ...] = ()


def fold(text: str) -> str:
    """Upper case, no diacritics, single blanks, `x` for a times sign: how texts compare."""
    text = text.replace("ł", "l").replace("Ł", "L").replace("×", "x")
    plain = unicodedata.normalize("NFKD", text)
    plain = "".join(c for c in plain if not unicodedata.combining(c)).upper()
    return " ".join(re.sub(r"[^A-Z0-9,./+-]+", " ", plain).split())


def fold_code(text: str) -> str:
    """A code without case, blanks and punctuation."""
    return re.sub(r"[^A-Z0-9]", "", fold(text))


_NUMBER = re.compile(r"\d+(?:[.,]\d+)?")


def numbers_of(text: str) -> frozenset[str]:
    """Every number in a text, comma as point, without trailing zeros: what must agree."""
    return frozenset(
        (
            n.replace(",", ".").rstrip("0").rstrip(".")
            if "," in n or "." in n
            else n.lstrip("0") or "0"
        )
        for n in _NUMBER.findall(fold(text))
    )


def match(
    *, description: str, seller_index: str | None, gtin: str | None, catalogue: Catalogue
) -> Match:
    """The product that a line names; an empty match when nothing in the programme is like it."""
    if gtin and gtin in catalogue.gtins:
        product_id, units = catalogue.gtins[gtin]
        return Match(Candidate(product_id, Decimal(1), MatchReason.GTIN, units))
    if seller_index and (known := catalogue.alias_indexes.get(fold_code(seller_index))):
        return Match(Candidate(known[0], Decimal(1), MatchReason.ALIAS_INDEX, known[1]))
    if known := catalogue.alias_texts.get(fold(description)):
        return Match(Candidate(known[0], Decimal("0.99"), MatchReason.ALIAS_TEXT, known[1]))
    words = {fold_code(word) for word in f"{description} {seller_index or ''}".split()}
    for product in catalogue.products:
        code = fold_code(product.sku)
        # A short code of digits only could be any number of the row.
        if code in words and len(code) >= 4 and not code.isdigit():
            return Match(Candidate(product.product_id, Decimal("0.98"), MatchReason.SKU))
    return _by_text(description, catalogue)


_LEAST = Decimal("0.60")


def _by_text(description: str, catalogue: Catalogue) -> Match:
    text, numbers = fold(description), numbers_of(description)
    scored = []
    for product in catalogue.products:
        score = Decimal(str(round(_likeness(text, fold(product.name)), 4)))
        named = numbers_of(product.name)
        if named and numbers and not (named <= numbers or numbers <= named):
            continue
        if named != numbers:
            score = score * Decimal("0.85")
        if score >= _LEAST:
            scored.append(Candidate(product.product_id, score, MatchReason.TEXT))
    scored.sort(key=lambda c: (-c.score, str(c.product_id)))
    if not scored:
        return Match()
    best, *others = scored[:4]
    if others and best.score - others[0].score < Decimal("0.05"):
        # Two products are as like: nobody can be sure which one it is.
        best = Candidate(best.product_id, min(best.score, Decimal("0.80")), best.reason)
    return Match(best, tuple(others[:3]))


def _likeness(text: str, name: str) -> float:
    """Tokens in any order, abbreviations by shared beginnings; 0..1."""
    words, named = text.split(), name.split()
    if not words or not named:
        return 0.0
    shared = sum(max(_word_likeness(w, n) for w in words) for n in named) / len(named)
    back = sum(max(_word_likeness(w, n) for n in named) for w in words) / len(words)
    return 0.6 * shared + 0.25 * back + 0.15 * fuzz.token_sort_ratio(text, name) / 100


def _word_likeness(word: str, name: str) -> float:
    if word == name:
        return 1.0
    bare, full = word.rstrip("."), name.rstrip(".")
    if len(bare) >= 3 and (full.startswith(bare) or (bare.startswith(full) and len(full) >= 3)):
        return 0.95
    return fuzz.ratio(word, name) / 100 if min(len(word), len(name)) >= 4 else 0.0
