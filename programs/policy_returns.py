"""What the lines of one claim keep when units come back, under the version that granted it. Pure.

The units that stay bring what they would have brought alone: rates on what is left, sets that are
still full, a first purchase as long as something of it is left, a target as long as it is reached.
Time sets two bounds. Points are never added by a return: a first purchase or a target that another
claim's units would now earn is still to be given, on the next purchase. And room under a cap that
a return leaves free is there for later purchases, not for those that were cut before.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal

from programs.policy_claim import Judged, Tally, is_part, sets_of, settled
from programs.policy_line import Award, EarningLine, Granted, Room, evaluate
from programs.policy_rules import Bundle, FirstPurchase, Rules, Target

RETURNED = "return"  # the limit of a line that keeps no more than it had before a return


@dataclass(frozen=True, slots=True)
class Standing:
    """A credited line as it was judged, the units that are left of it, and its points by now."""

    line: EarningLine
    left: Decimal
    points: int


def judge_again(
    rules: Rules, lines: Sequence[Standing], *, elsewhere: Tally | None = None
) -> list[Judged]:
    """What each line of one claim keeps, in the order given; together never more than before.

    `elsewhere` is what the participant's other claims are credited with now. A bonus may go over
    to another line of the claim, never to another claim. The lines that come back are to be
    stored as they are: they hold what the next return has to know, their units as first judged.
    """
    now = [_left(one) for one in lines]
    granted: defaultdict[int, list[Granted]] = defaultdict(list)
    gone: defaultdict[int, list[str]] = defaultdict(list)
    for identity, stretch in _bonuses(lines):
        holders = [n for n, one in enumerate(lines) if _held(one.line, identity, stretch)]
        bonus = next((b for b in rules.bonuses if b.identity == identity), None)
        if bonus is None:
            continue
        if isinstance(bonus, Bundle):
            _keep_sets(rules, bonus, holders, lines, now, granted)
            continue
        heir = _heir(rules, bonus, holders, now)
        if heir is not None and _stays(bonus, stretch, now, elsewhere):
            granted[heir].append(_held(lines[holders[0]].line, identity, stretch)[0])
        elif isinstance(bonus, FirstPurchase):
            gone[holders[0]].append(identity)
    moved = {n for n, found in granted.items() if {*found} - {*lines[n].line.granted}}
    judged = []
    for n, one in enumerate(lines):
        full = now[n].model_copy(
            update={"granted": tuple(sorted(granted[n], key=lambda g: (g.kind, g.clause)))}
        )
        found = _within(rules, full, None if n in moved else one.points)
        kept = settled(found.line, found.award)
        displaced = dict.fromkeys((*one.line.displaced, *kept.displaced, *gone[n]))
        judged.append(Judged(kept.model_copy(update={"displaced": tuple(displaced)}), found.award))
    over = sum(one.award.points for one in judged) - sum(one.points for one in lines)
    for n in sorted(moved):
        # Room that a cap leaves now is no reason to give more than there was.
        if over > 0:
            had = judged[n].award.points
            judged[n] = _within(rules, judged[n].line, max(had - over, 0))
            over -= had - judged[n].award.points
    return [
        Judged(x.line.model_copy(update={"units": o.line.units, "value": o.line.value}), x.award)
        for x, o in zip(judged, lines, strict=True)
    ]


def _within(rules: Rules, line: EarningLine, most: int | None) -> Judged:
    """The line's points, at most so many; where that cuts, the line says so like any other cap."""
    if line.units <= 0:
        return Judged(line, Award(points=0))
    award = evaluate(rules, line)
    if most is None or award.points <= most:
        return Judged(line, award)
    rooms = tuple(room for room in line.rooms if room.limit != RETURNED)
    line = line.model_copy(update={"rooms": (*rooms, Room(limit=RETURNED, left=most))})
    return Judged(line, evaluate(rules, line))


def _left(one: Standing) -> EarningLine:
    value = one.line.value
    if value is not None and one.line.units:
        value = value * one.left / one.line.units
    return one.line.model_copy(update={"units": one.left, "value": value, "granted": ()})


def _bonuses(lines: Sequence[Standing]) -> list[tuple[str, str]]:
    return list(dict.fromkeys((g.identity, g.stretch) for one in lines for g in one.line.granted))


def _held(line: EarningLine, identity: str, stretch: str) -> list[Granted]:
    return [g for g in line.granted if (g.identity, g.stretch) == (identity, stretch)]


def _keep_sets(
    rules: Rules,
    bundle: Bundle,
    holders: Sequence[int],
    lines: Sequence[Standing],
    now: Sequence[EarningLine],
    granted: defaultdict[int, list[Granted]],
) -> None:
    """Leave the sets that are still full where they were given, or on another of their lines."""
    given = {n: _held(lines[n].line, bundle.identity, "")[0] for n in holders}
    had = sum((g.points for g in given.values()), Decimal(0))
    rest = min(had, bundle.points * sets_of(rules, bundle, now))
    kept = {}
    for n in holders:
        if now[n].units > 0:
            kept[n] = min(given[n].points, rest)
            rest -= kept[n]
    parts = (n for part in bundle.parts for n, x in enumerate(now) if is_part(rules, part, x))
    heir = next((n for n in (*holders, *parts) if now[n].units > 0), None)
    if heir is not None:
        kept[heir] = kept.get(heir, Decimal(0)) + rest  # Those whose line is gone.
    for n, points in kept.items():
        if points > 0:
            granted[n].append(given[holders[0]].model_copy(update={"points": points}))


def _stays(
    bonus: FirstPurchase | Target, stretch: str, now: Sequence[EarningLine], elsewhere: Tally | None
) -> bool:
    """Whether the bonus is still earned, whoever bears it."""
    if isinstance(bonus, FirstPurchase):
        return True
    here = Tally()
    for line in now:
        here.add(
            sku=line.sku, family=line.family, purchased_on=line.purchased_on,
            units=line.units, points=0,
        )  # fmt: skip
    units = here.units_of(bonus.products, stretch)
    if elsewhere is not None:
        units += elsewhere.units_of(bonus.products, stretch)
    return units >= bonus.units


def _heir(
    rules: Rules, bonus: FirstPurchase | Target, holders: Sequence[int], now: Sequence[EarningLine]
) -> int | None:
    """The line that bears it: the one that had it, or the first other that it speaks of."""
    fitting = (
        n
        for n, line in enumerate(now)
        if bonus.products.covers(sku=line.sku, family=line.family)
        and rules.pays(sku=line.sku, family=line.family)
        and (not bonus.segments or line.segments & set(bonus.segments))
    )
    return next((n for n in (*holders, *fitting) if now[n].units > 0), None)
