"""How many of a product's units one printed unit of a line is, and whether that is sure. Pure.

The printed unit speaks first: the product's own unit is one, a pack holds what its maker says, and
`100m` says it itself. A GTIN and a name that a seller's clerk confirmed say which product it is;
what they say of units was true of one packaging, so it may only confirm the printed unit, or be a
likely answer to a question. What nobody knows is asked, never taken for one; what a person then
said of this seller's name and this printed unit answers the same question the next time, unless
the product or its GTIN says otherwise.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from decimal import Decimal
from uuid import UUID

from programs.matching import (
    Candidate,
    Catalogue,
    LearnedUnit,
    Match,
    MatchReason,
    SoldIn,
    fold,
    fold_code,
)
from programs.unit_words import PACKS, factor, unit_key, unit_name

_ALIASES = (MatchReason.ALIAS_INDEX, MatchReason.ALIAS_TEXT)
# Below any threshold that is in use: a person has to say how many units it is.
_IN_DOUBT = Decimal("0.85")
_ONE = Decimal(1)


@dataclass(frozen=True, slots=True)
class Units:
    """Units in one printed unit, as far as they are known; `likely` are the answers to ask with.

    `sure` is False where a person has to say it: the line must not be paid before. `learned` is
    the answer of earlier people by which it is sure.
    """

    count: Decimal
    sure: bool = True
    likely: tuple[Decimal, ...] = ()
    learned: UUID | None = None


def name_key(*, description: str, seller_index: str | None) -> tuple[str, str] | None:
    """By what a seller's unit is kept: (kind, key) of its index where it has one, else of its text.

    One text may stand for several packagings that only their indexes tell apart.
    """
    for kind, key in (
        ("seller_index", fold_code(seller_index or "")),
        ("text", fold(description)),
    ):
        if len(key) >= 2:
            return kind, key
    return None


def units_of(
    found: Candidate,
    *,
    printed_unit: str,
    catalogue: Catalogue,
    name: tuple[str, str] | None = None,
) -> Units:
    """What one printed unit of a matched line holds of the product's own."""
    sold = catalogue.units.get(found.product_id)
    if sold is None:
        return Units(found.units)
    told = _told(found, printed_unit, sold, catalogue)
    said = catalogue.learned.get(name, {}) if name else {}
    if not printed_unit.strip():
        return _unprinted(told, found, said)
    learned = said.get(unit_key(printed_unit))
    if told.sure or learned is None or learned.product_id != found.product_id:
        return told
    return _with_learned(told, learned, found, printed_unit, sold)


def _unprinted(told: Units, found: Candidate, said: Mapping[str, LearnedUnit]) -> Units:
    """Without a unit a line may mean any in which its seller sells this name."""
    others = {one.units for one in said.values() if one.product_id == found.product_id}
    if not told.sure or others <= {told.count}:
        return told
    return Units(told.count, sure=False, likely=(told.count, *sorted(others - {told.count})))


def _with_learned(
    told: Units, learned: LearnedUnit, found: Candidate, unit: str, sold: SoldIn
) -> Units:
    """A question that was answered before; nothing that the product states now is overridden."""
    stated = factor(unit, own=sold.own, conversions=sold.others)
    if stated is None and found.reason is MatchReason.GTIN and found.units != 1:
        stated = found.units
    if stated in (None, learned.units):
        return Units(learned.units, learned=learned.unit_id)
    answers = dict.fromkeys((told.count, *told.likely, learned.units))
    return Units(told.count, sure=False, likely=tuple(answers))


def _told(found: Candidate, printed_unit: str, sold: SoldIn, catalogue: Catalogue) -> Units:
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


def with_units(
    found: Match,
    *,
    printed_unit: str,
    catalogue: Catalogue,
    name: tuple[str, str] | None = None,
) -> Match:
    """The match with the units of its best candidate; units that are not sure make it a doubt.

    `name` is the line's `name_key`, by which its seller's units are remembered.
    """
    if found.best is None:
        return found
    units = units_of(found.best, printed_unit=printed_unit, catalogue=catalogue, name=name)
    if units.sure:
        best = replace(found.best, units=units.count, learned=units.learned)
        return Match(best, found.others)
    best = replace(
        found.best,
        score=min(found.best.score, _IN_DOUBT),
        units=units.count,
        likeness=found.best.score,
        asks=units.likely,
    )
    return Match(best, found.others)
