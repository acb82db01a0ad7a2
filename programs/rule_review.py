"""What rules do to a catalogue: which one wins, who gets nothing, what changes. Pure."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from enum import StrEnum

from programs.policy import Bundle, EarningLine, Rules, Selection, evaluate
from programs.policy_identity import changed


@dataclass(frozen=True, slots=True)
class Named:
    """All that rules know of a product."""

    sku: str
    family: str


class FindingKind(StrEnum):
    NO_PRODUCT = "no_product"  # the rule covers nothing
    SHADOWED = "shadowed"  # an earlier rule covers all of it
    OVERLAPS = "overlaps"  # an earlier rule covers some of it
    UNPAID = "unpaid"  # products that no rule covers
    NO_EFFECT = "no_effect"  # a campaign with factor 1 and no bonus
    OVER = "over"  # a campaign that ends before the version begins
    NO_SEGMENT = "no_segment"  # a rule for a segment that the programme does not have
    NO_LEVEL = "no_level"  # a promotion for a level that nobody can reach
    FREE_LEVELS = "free_levels"  # levels that bring nothing
    MULTIPLIERS_MEET = "multipliers_meet"  # products with several multipliers
    PARTS_MEET = "parts_meet"  # products that fit several parts of one set
    SAME_BONUS = "same_bonus"  # it asks for something else, yet nobody is given it twice


@dataclass(frozen=True, slots=True)
class Finding:
    """Something to look at; `clause` names the rule, `number` the products concerned."""

    kind: FindingKind
    clause: str = ""
    number: int = 0


@dataclass(frozen=True, slots=True)
class RateChange:
    """Points of one unit of some products of a family, before and after."""

    family: str
    before: Decimal
    after: Decimal
    products: int


def findings(
    rules: Rules,
    products: Sequence[Named],
    *,
    valid_from: date,
    segments: Collection[str] | None = None,
    before: Rules | None = None,
) -> list[Finding]:
    """What the author of a version should know before it is published.

    `segments` are the keys that the programme has; without them nothing is said about segments.
    `before` are the rules that these follow: bonuses that go on are named where they change.
    """
    found: list[Finding] = []
    taken: set[str] = set()
    for rule in rules.base:
        covered = _covered(rule.products, products)
        overlapping = covered & taken
        if not covered:
            found.append(Finding(FindingKind.NO_PRODUCT, rule.clause))
        elif overlapping == covered:
            found.append(Finding(FindingKind.SHADOWED, rule.clause, len(covered)))
        elif overlapping:
            found.append(Finding(FindingKind.OVERLAPS, rule.clause, len(overlapping)))
        taken |= covered
    extras = [(rule.clause, rule.products) for rule in rules.multipliers]
    extras += [(rule.clause, rule.products) for rule in rules.campaigns]
    for bonus in rules.bonuses:
        parts = [p.products for p in bonus.parts] if isinstance(bonus, Bundle) else [bonus.products]
        extras += [(bonus.clause, selection) for selection in parts]
    for clause, selection in extras:
        if not _covered(selection, products):
            found.append(Finding(FindingKind.NO_PRODUCT, clause))
    for campaign in rules.campaigns:
        if campaign.factor == 1 and campaign.bonus_per_unit == 0:
            found.append(Finding(FindingKind.NO_EFFECT, campaign.clause))
        if campaign.ends_on < valid_from:
            found.append(Finding(FindingKind.OVER, campaign.clause))
    found += _meeting(rules, products)
    found += [Finding(FindingKind.SAME_BONUS, b.clause) for b in changed(rules, before)]
    found += _people(rules, segments)
    unpaid = len({product.sku for product in products} - taken)
    if unpaid:
        found.append(Finding(FindingKind.UNPAID, number=unpaid))
    return found


def _meeting(rules: Rules, products: Sequence[Named]) -> list[Finding]:
    """Products of several multipliers, and those that fit several parts of one set."""
    found, taken = [], set[str]()
    for rule in rules.multipliers:
        covered = _covered(rule.products, products)
        if covered & taken:
            found.append(Finding(FindingKind.MULTIPLIERS_MEET, rule.clause, len(covered & taken)))
        taken |= covered
    for bundle in rules.bonuses:
        if isinstance(bundle, Bundle):
            parts = [_covered(part.products, products) for part in bundle.parts]
            several = {
                sku for n, one in enumerate(parts) for sku in one & set[str]().union(*parts[:n])
            }
            if several:
                found.append(Finding(FindingKind.PARTS_MEET, bundle.clause, len(several)))
    return found


def _people(rules: Rules, segments: Collection[str] | None) -> list[Finding]:
    """Rules for segments and levels that are not there, and levels that are for nothing."""
    found = []
    levels = {level.name for level in rules.ladder.levels} if rules.ladder else set()
    for campaign in rules.campaigns:
        if not set(campaign.tiers) <= levels:
            found.append(Finding(FindingKind.NO_LEVEL, campaign.clause))
    for rule in (*rules.campaigns, *rules.bonuses):
        if isinstance(rule, Bundle) or segments is None:
            continue
        if not set(rule.segments) <= set(segments):
            found.append(Finding(FindingKind.NO_SEGMENT, rule.clause))
    if levels and not rules.tier_factors and not any(c.tiers for c in rules.campaigns):
        found.append(Finding(FindingKind.FREE_LEVELS))
    return found


def _covered(selection: Selection, products: Sequence[Named]) -> set[str]:
    return {p.sku for p in products if selection.covers(sku=p.sku, family=p.family)}


def rate(rules: Rules, product: Named, *, on: date) -> Decimal:
    """Points before rounding of one unit bought that day from anybody."""
    award = evaluate(
        rules,
        EarningLine(
            sku=product.sku,
            family=product.family,
            units=Decimal(1),
            purchased_on=on,
            partner_nip="",
        ),
    )
    return award.steps[-1].points.normalize() if award.steps else Decimal(0)


def changes(
    before: Rules, after: Rules, products: Sequence[Named], *, on: date
) -> list[RateChange]:
    """How the points of one unit change on a day, products of a family together."""
    grouped: dict[tuple[str, Decimal, Decimal], int] = {}
    for product in products:
        key = (product.family, rate(before, product, on=on), rate(after, product, on=on))
        grouped[key] = grouped.get(key, 0) + 1
    return [
        RateChange(family, old, new, number)
        for (family, old, new), number in sorted(grouped.items())
        if old != new
    ]
