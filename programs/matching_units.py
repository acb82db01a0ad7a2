"""How many of a product's units one printed unit of a line is, and whether that is sure. Pure.

The printed unit speaks first: the product's own unit is one, a pack holds what its maker says, and
`100m` says it itself. A GTIN and a name that a seller's clerk confirmed say which product it is;
what they say of units was true of one packaging, so it may only confirm the printed unit, or be a
likely answer to a question. What nobody knows is asked, never taken for one.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from decimal import Decimal

from programs.matching import Candidate, Catalogue, Match, MatchReason, SoldIn
from programs.unit_words import PACKS, factor, unit_name

_ALIASES = (MatchReason.ALIAS_INDEX, MatchReason.ALIAS_TEXT)
# Below any threshold that is in use: a person has to say how many units it is.
_IN_DOUBT = Decimal("0.85")
_ONE = Decimal(1)


@dataclass(frozen=True, slots=True)
class Units:
    """Units in one printed unit, as far as they are known; `likely` are the answers to ask with.

    `sure` is False where a person has to say it: the line must not be paid before.
    """

    count: Decimal
    sure: bool = True
    likely: tuple[Decimal, ...] = ()


def units_of(found: Candidate, *, printed_unit: str, catalogue: Catalogue) -> Units:
    """What one printed unit of a matched line holds of the product's own."""
    sold = catalogue.units.get(found.product_id)
    if sold is None:
        return Units(found.units)
    if found.reason is MatchReason.GTIN:
        return _with_gtin(found, printed_unit, sold, catalogue)
    if found.reason in _ALIASES:
        return _with_alias(found.units, printed_unit, sold)
    printed = factor(printed_unit, own=sold.own, conversions=sold.others)
    return Units(printed) if printed is not None else Units(_ONE, sure=False)


def _with_gtin(found: Candidate, unit: str, sold: SoldIn, catalogue: Catalogue) -> Units:
    """Shops print the GTIN of their article card, whatever they sold of it."""
    told = found.units
    if not unit.strip():
        return Units(told) if told == 1 else _doubt(told, _ONE)
    printed = factor(unit, own=sold.own, conversions=sold.others)
    if printed is not None:
        # The GTIN of the piece itself says which product it is, and nothing of packs.
        return Units(printed) if told in (_ONE, printed) else _doubt(printed, told)
    if told != 1 and unit_name(unit) in PACKS and _packings(found, sold, catalogue) == {told}:
        return Units(told)  # A pack by its word and by its GTIN, and the maker has only this one.
    return Units(_ONE, sure=False, likely=() if told == 1 else (told,))


def _packings(found: Candidate, sold: SoldIn, catalogue: Catalogue) -> set[Decimal]:
    """How many units the packagings hold that the maker names, by GTIN or by word."""
    coded = {units for product, units in catalogue.gtins.values() if product == found.product_id}
    return (coded | set(sold.others.values())) - {_ONE}


def _with_alias(told: Decimal, unit: str, sold: SoldIn) -> Units:
    if not unit.strip():
        return Units(told) if told == 1 else _doubt(told, _ONE)
    printed = factor(unit, own=sold.own, conversions=sold.others)
    if printed is None:
        return Units(told, sure=False, likely=(told,))
    return Units(printed) if told == printed else _doubt(printed, told)


def _doubt(first: Decimal, second: Decimal) -> Units:
    return Units(first, sure=False, likely=(first, second))


def with_units(found: Match, *, printed_unit: str, catalogue: Catalogue) -> Match:
    """The match with the units of its best candidate; units that are not sure make it a doubt."""
    if found.best is None:
        return found
    units = units_of(found.best, printed_unit=printed_unit, catalogue=catalogue)
    if units.sure:
        return Match(replace(found.best, units=units.count), found.others)
    best = replace(
        found.best,
        score=min(found.best.score, _IN_DOUBT),
        units=units.count,
        likeness=found.best.score,
        asks=units.likely,
    )
    return Match(best, found.others)
