"""Each kind of rule from its row of the form, and back. Faults name the row's field."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from typing import Any, TypeVar

from core.columns import new_id
from core.errors import Invalid
from programs.policy import (
    Bundle,
    BundlePart,
    Campaign,
    Cap,
    Every,
    FirstPurchase,
    Joining,
    Multiplier,
    PerUnit,
    PerValue,
    Rules,
    Stacking,
    Target,
)
from programs.policy_rules import LONGEST_KEY, MOST_BUDGET
from web.rule_fields import LEAST, day, name, number, selection, text, whole
from web.rule_rows import (
    BaseRow,
    BundleRow,
    CampaignRow,
    FirstRow,
    LimitRow,
    MultiplierRow,
    Row,
    TargetRow,
)

R = TypeVar("R", bound=Row)
T = TypeVar("T")


def meant(rows: Sequence[R], make: Callable[[str, R], T]) -> Iterator[T]:
    """The rules of the rows that were filled in; `make` gets the prefix of the row's fields."""
    for position, row in enumerate(rows):
        if not row.empty:
            yield make(f"{row.noun}-{position}", row)


def every(choice: str, field: str) -> Every:
    try:
        return Every(choice)
    except ValueError as error:
        raise Invalid("no such choice", field=field) from error


def _stacking(exclusive: bool) -> Stacking:
    return Stacking.EXCLUSIVE if exclusive else Stacking.ADDS


def _joining(choice: str, field: str) -> Joining:
    try:
        return Joining(choice)
    except ValueError as error:
        raise Invalid("no such choice", field=field) from error


def _key(row: FirstRow | BundleRow | TargetRow) -> str:
    """Which bonus a row means: the one that it was, or a new one that nobody was given yet."""
    if row.key and not row.fresh:
        return row.key[:LONGEST_KEY]
    return new_id().hex


def rate(field: str, row: BaseRow) -> PerUnit | PerValue:
    clause = name(row.clause, f"{field}-clause")
    points = number(row.points, f"{field}-points", least=LEAST)
    amount = number(row.units, f"{field}-units", least=LEAST)
    products = selection(row.families, row.skus)
    if row.per == "value":
        return PerValue(clause=clause, points=points, zloty=amount, products=products)
    return PerUnit(clause=clause, points=points, units=amount, products=products)


def multiplier(field: str, row: MultiplierRow) -> Multiplier:
    return Multiplier(
        clause=name(row.clause, f"{field}-clause"),
        factor=number(row.factor, f"{field}-factor", least=LEAST, most=100),
        products=selection(row.families, row.skus),
        stacking=_joining(row.stacking, f"{field}-stacking"),
    )


def campaign(field: str, row: CampaignRow) -> Campaign:
    starts_on = day(row.starts_on, f"{field}-starts_on")
    ends_on = day(row.ends_on, f"{field}-ends_on")
    if ends_on < starts_on:
        raise Invalid("it ends before it begins", field=f"{field}-ends_on")
    return Campaign(
        clause=name(row.clause, f"{field}-clause"),
        starts_on=starts_on,
        ends_on=ends_on,
        factor=number(row.factor, f"{field}-factor", least=1, most=100),
        bonus_per_unit=number(row.bonus, f"{field}-bonus", least=0),
        products=selection(row.families, row.skus),
        partner_nips=row.partners,
        segments=row.segments,
        tiers=row.tiers,
        stacking=_stacking(row.exclusive),
    )


def first(field: str, row: FirstRow) -> FirstPurchase:
    return FirstPurchase(
        clause=name(row.clause, f"{field}-clause"),
        points=number(row.points, f"{field}-points", least=LEAST),
        products=selection(row.families, row.skus),
        segments=row.segments,
        stacking=_stacking(row.exclusive),
        key=_key(row),
    )


def bundle(field: str, row: BundleRow) -> Bundle:
    parts = [
        BundlePart(
            products=selection(families, skus),
            units=number(units, f"{field}-units{part}", least=LEAST),
        )
        for part, units, families, skus in row.parts
        if families or skus
    ]
    if len(parts) < 2:
        raise Invalid("a set has two parts", field=f"{field}-skus{len(parts) + 1}", fault="parts")
    return Bundle(
        clause=name(row.clause, f"{field}-clause"),
        points=number(row.points, f"{field}-points", least=LEAST),
        parts=tuple(parts),
        most=whole(row.most, f"{field}-most", most=1_000),
        stacking=_stacking(row.exclusive),
        key=_key(row),
    )


def target(field: str, row: TargetRow) -> Target:
    return Target(
        clause=name(row.clause, f"{field}-clause"),
        points=number(row.points, f"{field}-points", least=LEAST),
        units=number(row.units, f"{field}-units", least=LEAST, most=1_000_000_000),
        every=every(row.every, f"{field}-every"),
        products=selection(row.families, row.skus),
        segments=row.segments,
        stacking=_stacking(row.exclusive),
        key=_key(row),
    )


def limit(field: str, row: LimitRow) -> Cap:
    points = whole(row.points, f"{field}-points", most=MOST_BUDGET)
    return Cap(points=points, every=every(row.every, f"{field}-every"))


def rows(rules: Rules) -> dict[str, Any]:
    """The rows that show a version's rules, by the form's fields."""
    return {
        "base": tuple(_rate_row(rule) for rule in rules.base),
        "multipliers": tuple(
            MultiplierRow(r.clause, text(r.factor), r.products.families, _codes(r), r.stacking)
            for r in rules.multipliers
        ),
        "campaigns": tuple(
            CampaignRow(
                clause=r.clause,
                starts_on=r.starts_on.isoformat(),
                ends_on=r.ends_on.isoformat(),
                factor=text(r.factor),
                bonus=text(r.bonus_per_unit),
                families=r.products.families,
                skus=_codes(r),
                partners=r.partner_nips,
                segments=r.segments,
                tiers=r.tiers,
                exclusive=r.stacking is Stacking.EXCLUSIVE,
            )
            for r in rules.campaigns
        ),
        "firsts": tuple(
            FirstRow(
                clause=r.clause,
                points=text(r.points),
                families=r.products.families,
                skus=_codes(r),
                segments=r.segments,
                exclusive=r.stacking is Stacking.EXCLUSIVE,
                key=r.identity,
            )
            for r in rules.bonuses
            if isinstance(r, FirstPurchase)
        ),
        "bundles": tuple(_bundle_row(r) for r in rules.bonuses if isinstance(r, Bundle)),
        "targets": tuple(
            TargetRow(
                clause=r.clause,
                points=text(r.points),
                units=text(r.units),
                every=r.every,
                families=r.products.families,
                skus=_codes(r),
                segments=r.segments,
                exclusive=r.stacking is Stacking.EXCLUSIVE,
                key=r.identity,
            )
            for r in rules.bonuses
            if isinstance(r, Target)
        ),
        "limits": tuple(LimitRow(text(cap.points), cap.every) for cap in rules.participant_caps),
    }


def _codes(rule: PerUnit | PerValue | Multiplier | Campaign | FirstPurchase | Target) -> str:
    return ", ".join(rule.products.skus)


def _rate_row(rule: PerUnit | PerValue) -> BaseRow:
    by_value = isinstance(rule, PerValue)
    return BaseRow(
        clause=rule.clause,
        points=text(rule.points),
        units=text(rule.zloty if isinstance(rule, PerValue) else rule.units),
        per="value" if by_value else "unit",
        families=rule.products.families,
        skus=_codes(rule),
    )


def _bundle_row(rule: Bundle) -> BundleRow:
    parts: dict[str, Any] = {}
    for number_, part in enumerate(rule.parts, start=1):
        parts[f"units{number_}"] = text(part.units)
        parts[f"families{number_}"] = part.products.families
        parts[f"skus{number_}"] = ", ".join(part.products.skus)
    return BundleRow(
        clause=rule.clause,
        points=text(rule.points),
        most=text(rule.most),
        exclusive=rule.stacking is Stacking.EXCLUSIVE,
        key=rule.identity,
        **parts,
    )
