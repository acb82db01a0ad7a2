"""Whom the rules reach that a draft adds, changes or drops: too few firms are not to be told. Pure.

Two rehearsals that differ in one rule tell, one taken from the other, what that rule means to those
whom it reaches; and to those few whom it leaves out of the purchases that it is about.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Sequence
from uuid import UUID

from programs.policy_claim import Judged
from programs.policy_line import EarningLine
from programs.policy_rules import (
    Bundle,
    Campaign,
    FirstPurchase,
    Multiplier,
    PerUnit,
    PerValue,
    Rules,
    Target,
)

Rule = PerUnit | PerValue | Multiplier | Campaign | FirstPurchase | Bundle | Target
# What the steps of lines say of rules without a name of their own.
LEVELS, CAPS = "levels", "caps"


class Reach:
    """Shown every line of a replay; then says which rules reach, or leave out, too few."""

    def __init__(self, rules: Rules, before: Rules | None) -> None:
        """`before` are the rules in force, or `None`: then every rule of the draft is new."""
        new, old = _rules(rules), _rules(before) if before else []
        added = [rule for rule in new if rule not in old or _aims(rule)]
        self._watched: list[Rule] = [*added, *(rule for rule in old if rule not in new)]
        self._levels = before is None or _ladder(rules) != _ladder(before)
        self._caps = before is None or _limits(rules) != _limits(before)
        self._hit: defaultdict[str, set[UUID]] = defaultdict(set)
        self._near: defaultdict[str, set[UUID]] = defaultdict(set)

    @property
    def knows_segments(self) -> bool:
        """Whether lines have to say which segments their buyer is in."""
        return any(getattr(rule, "segments", ()) for rule in self._watched)

    def see(
        self, participant: UUID, lines: Sequence[EarningLine], judged: Sequence[Judged]
    ) -> None:
        """The lines of one claim with what the draft made of them."""
        for line, one in zip(lines, judged, strict=True):
            for rule in self._watched:
                if _covers(rule, line):
                    self._near[rule.clause].add(participant)
                    if _meets(rule, line):
                        self._hit[rule.clause].add(participant)
            for step in one.award.steps:
                if step.stage == "tier" and self._levels:
                    self._hit[f"{LEVELS}:{step.clause}"].add(participant)
                elif step.stage == "cap" and self._caps:
                    self._hit[f"{CAPS}:{step.limit}"].add(participant)

    def narrow(self, firm_of: Callable[[UUID], str], *, fewest: int) -> list[str]:
        """The names of rules behind which, or beside which, stand some firms but too few."""

        def few(people: set[UUID]) -> bool:
            return 0 < len({firm_of(person) for person in people}) < fewest

        found = {clause for clause, people in self._hit.items() if few(people)}
        aiming = {rule.clause for rule in self._watched if _aims(rule)}
        found |= {
            clause
            for clause, people in self._near.items()
            if clause in aiming and few(people - self._hit[clause])
        }
        return sorted(found)


def _rules(rules: Rules) -> list[Rule]:
    return [*rules.base, *rules.multipliers, *rules.campaigns, *rules.bonuses]


def _ladder(rules: Rules) -> tuple[object, ...]:
    return (rules.ladder, rules.tier_factors)


def _limits(rules: Rules) -> tuple[object, ...]:
    return (rules.cap_per_line, rules.participant_caps, rules.budget)


def _aims(rule: Rule) -> bool:
    """Whether it asks who buys, or where."""
    return any(getattr(rule, name, ()) for name in ("segments", "partner_nips", "tiers"))


def _covers(rule: Rule, line: EarningLine) -> bool:
    if isinstance(rule, Bundle):
        chosen = any(p.products.covers(sku=line.sku, family=line.family) for p in rule.parts)
    else:
        chosen = rule.products.covers(sku=line.sku, family=line.family)
    if isinstance(rule, Campaign):
        return chosen and rule.starts_on <= line.purchased_on <= rule.ends_on
    return chosen


def _meets(rule: Rule, line: EarningLine) -> bool:
    if isinstance(rule, Campaign):
        return (
            (not rule.partner_nips or line.partner_nip in rule.partner_nips)
            and (not rule.segments or not line.segments.isdisjoint(rule.segments))
            and (not rule.tiers or line.tier in rule.tiers)
        )
    if isinstance(rule, FirstPurchase | Target):
        return not rule.segments or not line.segments.isdisjoint(rule.segments)
    return True
