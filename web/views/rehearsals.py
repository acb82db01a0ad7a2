"""A finished rehearsal in words and numbers: gains, losses, cost, and the end of the budget."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any
from uuid import UUID

from analytics import rehearsals
from analytics.liability import in_money
from core.formats import Formats
from core.i18n import translations
from programs.policy import Every, Rules
from programs.policy_reach import CAPS, LEVELS
from programs.rehearsal_tables import Rehearsal
from web.error_texts import N_
from web.views import parts
from web.views.figures import Change, relative
from web.views.sales import month_words

DASH = "–"
# A budget that begins anew with each stretch and that the replay's purchases never use up.
LASTS: Mapping[Every, str] = {
    Every.MONTH: N_("Przy takich zakupach budżetu wystarcza w każdym miesiącu."),
    Every.QUARTER: N_("Przy takich zakupach budżetu wystarcza w każdym kwartale."),
    Every.YEAR: N_("Przy takich zakupach budżetu wystarcza w każdym roku."),
}


@dataclass(frozen=True, slots=True)
class PointsRow:
    """A family or a month: points that it brought and would bring."""

    name: str
    real: str
    then: str
    change: Change


@dataclass(frozen=True, slots=True)
class RehearsalResult:
    """`cost` is in zł, empty while nothing was ordered; `budget` is a sentence or empty.

    Where `withheld` says why, the sums under the draft are not told: `then` is a dash.
    """

    withheld: str

    claims: str
    lines: str
    years: int
    real: str
    then: str
    change: Change
    cost: str
    budget: str
    budget_ended: bool
    cut_lines: str
    gaining: str
    losing: str
    same: str
    most_gaining: tuple[tuple[str, str], ...]
    most_losing: tuple[tuple[str, str], ...]
    families: tuple[PointsRow, ...]
    months: tuple[PointsRow, ...]
    levels: tuple[tuple[str, str], ...]


def result(
    found: Rehearsal,
    *,
    cost_per_point: Decimal | None,
    firms: Mapping[UUID, str],
    language: str,
) -> RehearsalResult:
    """`firms` are the names of those who agreed to be named; the others are only counted."""
    told = rehearsals.told_of(found)
    made, reasons = told.result, told.withheld
    rules, formats = Rules.model_validate(found.rules), Formats(language)
    say = translations(language).gettext
    touched = parts.in_words({name: made[name] for name in ("gaining", "losing", "same")}, formats)
    exact = told.names_exact(sum(person in firms for person in told.people))
    return RehearsalResult(
        withheld=why_withheld(reasons, say),
        claims=formats.number(made["claims"]),
        lines=formats.number(made["lines"]),
        years=found.shifted_years,
        real=formats.number(made["points"]),
        then=DASH if reasons else formats.number(made["points_then"]),
        change=_change(made["points_then"], made["points"], reasons, formats),
        cost=""
        if reasons
        else _money(in_money(made["points_then"] - made["points"], cost_per_point), formats),
        budget="" if reasons else _budget(rules, made, formats, language),
        budget_ended=bool(made["budget_ended"]) and not reasons,
        cut_lines=formats.number(0 if reasons else made["cut_lines"]),
        gaining=touched["gaining"],
        losing=touched["losing"],
        same=touched["same"],
        most_gaining=_people(made["most_gaining"], firms, formats, exact),
        most_losing=_people(made["most_losing"], firms, formats, exact),
        families=_rows(made["families"], reasons, formats, say),
        months=_rows(
            [[_month(name, language) if name else "", *rest] for name, *rest in made["months"]],
            reasons,
            formats,
            say,
        ),
        levels=_levels(rules, made["levels"], say("bez poziomu"), formats, bool(reasons)),
    )


def why_withheld(reasons: Sequence[str], say: Callable[[str], str]) -> str:
    """In words why the sums under a draft are not told; empty where they are."""
    if not reasons:
        return ""
    if not reasons[0]:
        return say(
            "Ta wersja zmienia punkty mniej niż pięciu firm. Sumy zdradziłyby, ile kto dostaje, "
            "więc ich nie pokazujemy."
        )
    return say(
        "Zasada dotyczy albo pomija mniej niż pięć firm: %(rules)s. Sumy zdradziłyby, ile kto "
        "dostaje, więc ich nie pokazujemy."
    ) % {"rules": ", ".join(_rule_name(name, say) for name in reasons)}


def _rule_name(name: str, say: Callable[[str], str]) -> str:
    kind, _sep, rest = name.partition(":")
    if kind == LEVELS and rest:
        return say("poziom %(name)s") % {"name": rest}
    if kind == CAPS and _sep:
        return say("limit albo budżet")
    return say("„%(name)s”") % {"name": name}


def _change(then: int, real: int, reasons: Sequence[str], formats: Formats) -> Change:
    return Change() if reasons else relative(then, real, formats=formats, rising=None)


def _money(difference: int | None, formats: Formats) -> str:
    if difference is None:
        return ""
    sign = "+" if difference > 0 else "−" if difference < 0 else ""
    amount = formats.number(abs(round(difference / 100)))
    say = translations(formats.language).gettext
    return say("%(amount)s\u00a0zł") % {"amount": f"{sign}{amount}"}


def _budget(rules: Rules, made: Mapping[str, Any], formats: Formats, language: str) -> str:
    if rules.budget is None:
        return ""
    say = translations(language).gettext
    if made["budget_ends_on"] is None and rules.budget.every in LASTS:
        return say(LASTS[rules.budget.every])
    if made["budget_ends_on"] is None:
        return say("Budżet nie skończyłby się w ciągu stu lat takich zakupów.")
    day = formats.date(date.fromisoformat(made["budget_ends_on"]))
    if made["budget_ended"]:
        return say("Budżet skończyłby się %(day)s.") % {"day": day}
    return say("W tym tempie budżet skończyłby się około %(day)s.") % {"day": day}


def _people(
    rows: list[list[Any]], firms: Mapping[UUID, str], formats: Formats, exact: bool
) -> tuple[tuple[str, str], ...]:
    """Those who agreed to be named. The points of one without a name are a group of one."""
    return tuple(
        (firms[firm], formats.points(change, signed=True) if exact else "")
        for person, change in rows
        if (firm := UUID(person)) in firms
    )


def _rows(
    rows: list[list[Any]], reasons: Sequence[str], formats: Formats, say: Callable[[str], str]
) -> tuple[PointsRow, ...]:
    return tuple(
        PointsRow(
            name or say("pozostałe (każda u mniej niż 5 firm)"),
            formats.number(real),
            DASH if reasons else formats.number(then),
            _change(then, real, reasons, formats),
        )
        for name, real, then in rows
    )


def _month(name: str, language: str) -> str:
    """`2026-11` as `listopad 2026`."""
    return month_words(date.fromisoformat(f"{name}-01"), language)


def _levels(
    rules: Rules, counts: Mapping[str, int], none: str, formats: Formats, hidden: bool
) -> tuple[tuple[str, str], ...]:
    if rules.ladder is None or hidden:
        return ()
    names = ["", *(level.name for level in rules.ladder.levels)]
    people = parts.in_words({name: counts.get(name, 0) for name in names}, formats)
    return tuple((name or none, people[name]) for name in names)
