"""Segments and levels in words."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from uuid import UUID

from analytics import cohorts
from analytics.groups import Group
from core.formats import Formats
from programs import segments
from programs.policy import Rules
from programs.policy_segments import Conditions
from programs.segment_tables import Segment
from web import charts
from web.error_texts import N_
from web.views import parts

Say = Callable[[str], str]
RELATIONS: Mapping[str, str] = {"owner": N_("właściciele"), "employee": N_("pracownicy")}


@dataclass(frozen=True, slots=True)
class SegmentRow:
    """A segment; `firms` is a bound in steps of five, so that no small one can be subtracted."""

    segment_id: UUID
    name: str
    who: str
    firms: str
    used: bool


@dataclass(frozen=True, slots=True)
class LevelRow:
    """A level with its threshold and what it brings; `firms` hides groups below five.

    Levels part all firms, and their total is known: the one that would give a small one away by
    subtraction is only said to be large enough.
    """

    name: str
    threshold: str
    factor: str
    firms: str


def conditions_in_words(conditions: Conditions | None, *, say: Say) -> str:
    """`województwo: śląskie; poziom: Złoty`; a list says so."""
    if conditions is None:
        return say(N_("lista firm"))
    parts = []
    if conditions.voivodeships:
        names = ", ".join(
            charts.VOIVODESHIPS[code].name if code in charts.VOIVODESHIPS else code
            for code in conditions.voivodeships
        )
        parts.append(say(N_("województwo: %(names)s")) % {"names": names})
    if conditions.relations:
        names = ", ".join(say(RELATIONS.get(name, name)) for name in conditions.relations)
        parts.append(names)
    if conditions.tiers:
        parts.append(say(N_("poziom: %(names)s")) % {"names": ", ".join(conditions.tiers)})
    if conditions.firm_from is not None:
        parts.append(say(N_("co najmniej %(num)s osób z firmy")) % {"num": conditions.firm_from})
    if conditions.firm_to is not None:
        parts.append(say(N_("najwyżej %(num)s osób z firmy")) % {"num": conditions.firm_to})
    return "; ".join(parts)


def at_least_in_words(firms: int, formats: Formats) -> str:
    """What may be told of a segment's firms, as `cohorts.told` says it."""
    if firms == cohorts.FEW:
        return "<\u00a05"
    return f"≥\u00a0{formats.number(firms)}" if firms else formats.number(0)


def rows(
    found: Sequence[Segment],
    sizes: Mapping[str, int],
    rules: Rules | None,
    *,
    say: Say,
    language: str,
) -> list[SegmentRow]:
    formats = Formats(language)
    used = rules.segment_keys if rules is not None else frozenset()
    return [
        SegmentRow(
            segment_id=segment.id,
            name=segment.name,
            who=conditions_in_words(segments.conditions_of(segment), say=say),
            firms=at_least_in_words(sizes.get(segment.key, 0), formats),
            used=segment.key in used,
        )
        for segment in found
    ]


def levels(
    rules: Rules | None, sizes: Sequence[Group], *, say: Say, language: str
) -> list[LevelRow]:
    """The ladder's levels, the lowest first, then those without one."""
    if rules is None or rules.ladder is None:
        return []
    formats = Formats(language)
    names = ["", *(level.name for level in rules.ladder.levels)]
    on_levels = {group.key: group.firms for group in sizes}
    firms = parts.in_words({name: on_levels.get(name, 0) for name in names}, formats)
    unit = say(N_("pkt")) if rules.ladder.measure == "points" else say(N_("zł"))
    made = [
        LevelRow(
            name=level.name,
            threshold=f"{formats.quantity(level.at_least)}\u00a0{unit}",
            factor=formats.quantity(rules.tier_factors[level.name])
            if level.name in rules.tier_factors
            else "1",
            firms=firms[level.name],
        )
        for level in rules.ladder.levels
    ]
    none = LevelRow(say(N_("bez poziomu")), "", "1", firms[""])
    return [none, *made]
