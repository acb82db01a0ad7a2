"""Which bonus of a new version is which of the one before it, whatever they are called. Pure."""

from __future__ import annotations

from programs.policy_rules import Bundle, FirstPurchase, Rules, Target

Bonus = FirstPurchase | Bundle | Target


def carried(rules: Rules, before: Rules | None) -> Rules:
    """The rules with the keys of bonuses that go on under another name.

    A bonus that says no key, whose name is new, and that is in all else exactly one that the rules
    before it had and these have no more, is that one: nobody is given it twice.
    """
    if before is None:
        return rules
    here = {bonus.identity for bonus in rules.bonuses}
    gone = [bonus for bonus in before.bonuses if bonus.identity not in here]
    there = {bonus.identity for bonus in before.bonuses}
    made: list[Bonus] = []
    for bonus in rules.bonuses:
        if not bonus.key and bonus.clause not in there:
            same = [one for one in gone if _renamed(one, bonus) == bonus]
            if len(same) == 1:
                gone.remove(same[0])
                bonus = bonus.model_copy(update={"key": same[0].identity})
        made.append(bonus)
    return rules.model_copy(update={"bonuses": tuple(made)})


def _renamed(one: Bonus, like: Bonus) -> Bonus:
    return one.model_copy(update={"clause": like.clause, "key": like.key})


def repeated(rules: Rules) -> str | None:
    """The name of a bonus that is the same one as another of the version."""
    seen: set[str] = set()
    for bonus in rules.bonuses:
        if bonus.identity in seen:
            return bonus.clause
        seen.add(bonus.identity)
    return None


def changed(rules: Rules, before: Rules | None) -> list[Bonus]:
    """Bonuses that count as the same ones as before though they ask for something else."""
    if before is None:
        return []
    known = {bonus.identity: bonus for bonus in before.bonuses}
    return [
        bonus
        for bonus in rules.bonuses
        if (was := known.get(bonus.identity)) is not None and _asks(was) != _asks(bonus)
    ]


def _asks(bonus: Bonus) -> tuple[object, ...]:
    if isinstance(bonus, Bundle):
        return (bonus.kind, bonus.parts)
    if isinstance(bonus, Target):
        return (bonus.kind, bonus.products, bonus.units, bonus.every)
    return (bonus.kind, bonus.products)
