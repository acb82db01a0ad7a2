"""Rule versions in the trade's words: what holds, what changes, what would have happened."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from uuid import UUID

from analytics.liability import in_money
from analytics.rule_trials import ClaimTrial, PastLine, Rehearsal, Trial
from core.formats import Formats
from programs.policy import Rules
from programs.rule_review import Finding, FindingKind, RateChange
from programs.rule_tables import RuleStatus, RuleVersion
from programs.terms_words import KnownNames, Wording
from web.error_texts import N_
from web.texts.units import unit_word
from web.views import parts
from web.views.figures import Change, period_words, relative
from web.views.rehearsals import DASH, why_withheld
from web.views.rule_steps import steps_in_words

Say = Callable[[str], str]
# State of a version → words, colour and icon of the chip.
CHIPS: Mapping[str, tuple[str, str, str]] = {
    "draft": (N_("szkic"), "plain", "pencil"),
    "planned": (N_("zaplanowana"), "info", "calendar"),
    "in_force": (N_("obowiązuje"), "ok", "check"),
    "replaced": (N_("zastąpiona"), "plain", "history"),
}
FINDINGS: Mapping[FindingKind, str] = {
    FindingKind.NO_PRODUCT: N_("„%(clause)s” nie obejmuje żadnego produktu."),
    FindingKind.SHADOWED: N_(
        "„%(clause)s” nic nie zmieni: wszystkie jej produkty (%(number)s) ma wcześniejsza stawka."
    ),
    FindingKind.OVERLAPS: N_(
        "„%(clause)s”: %(number)s produktów ma już wcześniejsza stawka, liczy się tamta."
    ),
    FindingKind.UNPAID: N_("Produkty bez żadnej stawki: %(number)s. Nie przyniosą punktów."),
    FindingKind.NO_EFFECT: N_("„%(clause)s” nic nie daje: mnożnik 1 i bez dodatkowych punktów."),
    FindingKind.OVER: N_("„%(clause)s” kończy się, zanim ta wersja zacznie obowiązywać."),
    FindingKind.NO_SEGMENT: N_("„%(clause)s” mówi o segmencie, którego program nie ma."),
    FindingKind.NO_LEVEL: N_("„%(clause)s” mówi o poziomie, którego te zasady nie mają."),
    FindingKind.FREE_LEVELS: N_(
        "Poziomy nic nie dają: żaden nie mnoży punktów ani nie ma promocji."
    ),
    FindingKind.MULTIPLIERS_MEET: N_(
        "„%(clause)s”: %(number)s produktów ma też inny mnożnik. Regulamin mówi, jak się łączą."
    ),
    FindingKind.PARTS_MEET: N_(
        "„%(clause)s”: %(number)s produktów pasuje do kilku części kompletu. "
        "Każda sztuka liczy się do jednej z nich."
    ),
    FindingKind.SAME_BONUS: N_(
        "„%(clause)s” ma inny warunek niż dotąd, ale to ta sama premia: kto ją dostał, "
        "nie dostanie jej drugi raz. Jeśli ma być nowa, zaznacz to w szkicu."
    ),
}


@dataclass(frozen=True, slots=True)
class VersionRow:
    version_id: UUID
    number: int
    valid_from: date
    until: date | None
    note: str
    state: str
    label: str
    colour: str
    icon: str
    author: str
    created_at: datetime
    publisher: str
    published_at: datetime | None


@dataclass(frozen=True, slots=True)
class TrialRow:
    """A past line and what it would bring; `change` is beside what it really brought."""

    product: str
    family: str
    claim: str
    units: str
    bought: date
    partner: str
    real: int
    results: tuple[tuple[date, int, str, Change], ...]


@dataclass(frozen=True, slots=True)
class RehearsalView:
    period: str
    moved_to: date
    lines: int
    real: str
    then: str
    change: Change
    cost: str
    families: tuple[tuple[str, str, str, Change], ...]
    gaining: str
    losing: str
    same: str
    withheld: str = ""  # why the sums under the draft are not told


def state_of(version: RuleVersion, in_force: RuleVersion | None, today: date) -> str:
    if version.status is RuleStatus.DRAFT:
        return "draft"
    if in_force is not None and version.id == in_force.id:
        return "in_force"
    return "planned" if version.valid_from > today else "replaced"


def rows(
    versions: Sequence[RuleVersion],
    in_force: RuleVersion | None,
    today: date,
    names: Mapping[str, str],
    *,
    say: Say,
) -> list[VersionRow]:
    """Versions for a table; `until` is the day before the next published one."""
    starts = sorted(v.valid_from for v in versions if v.status is RuleStatus.PUBLISHED)
    made = []
    for version in versions:
        state = state_of(version, in_force, today)
        label, colour, icon = CHIPS[state]
        until = None
        if version.status is RuleStatus.PUBLISHED:
            later = [day for day in starts if day > version.valid_from]
            until = date.fromordinal(later[0].toordinal() - 1) if later else None
        made.append(
            VersionRow(
                version_id=version.id,
                number=version.number,
                valid_from=version.valid_from,
                until=until,
                note=version.note,
                state=state,
                label=say(label),
                colour=colour,
                icon=icon,
                author=names.get(version.created_by, version.created_by),
                created_at=version.created_at,
                publisher=names.get(version.published_by or "", version.published_by or ""),
                published_at=version.published_at,
            )
        )
    return made


def in_words(rules: Rules, known: KnownNames, *, language: str) -> dict[str, list[str]]:
    """The rules as sentences, by what they are."""
    words = Wording(language, known)
    return {
        "base": [words.rate(rule) for rule in rules.base],
        "multipliers": [words.multiplier(rule) for rule in rules.multipliers],
        "campaigns": [words.campaign(rule) for rule in rules.campaigns],
        "bonuses": [words.bonus(rule) for rule in rules.bonuses],
        "levels": words.levels(rules),
        "limits": words.limits(rules),
    }


def findings(found: Sequence[Finding], *, say: Say) -> list[str]:
    return [
        say(FINDINGS[finding.kind]) % {"clause": finding.clause, "number": finding.number}
        for finding in found
    ]


def rate_changes(
    found: Sequence[RateChange], *, language: str
) -> list[tuple[str, str, str, int, Change]]:
    formats = Formats(language)
    return [
        (
            change.family,
            formats.number(change.before),
            formats.number(change.after),
            change.products,
            relative(float(change.after), float(change.before), formats=formats, rising=None),
        )
        for change in found
    ]


def trials(
    found: Sequence[tuple[PastLine, Sequence[Trial]]], *, say: Say, language: str
) -> list[TrialRow]:
    formats = Formats(language)
    return [
        TrialRow(
            product=line.product,
            family=line.family,
            claim=line.claim_number,
            units=f"{formats.quantity(line.units)}\u00a0{unit_word(line.unit, say)}",
            bought=line.purchased_on,
            partner=line.partner,
            real=line.points,
            results=tuple(
                (
                    trial.on,
                    trial.award.points,
                    steps_in_words(
                        [step.model_dump(mode="json") for step in trial.award.steps],
                        formats=formats,
                        say=say,
                    ),
                    relative(trial.award.points, line.points, formats=formats, rising=None),
                )
                for trial in tried
            ),
        )
        for line, tried in found
    ]


@dataclass(frozen=True, slots=True)
class InvoiceTrial:
    """One real invoice under the rules at hand: its own lines, then each day with its sum."""

    claim: str
    bought: date
    partner: str
    lines: tuple[str, ...]
    real: int
    days: tuple[tuple[date, int, Change, tuple[tuple[str, int, str], ...]], ...]


def invoice_trial(
    lines: Sequence[PastLine], tried: Sequence[ClaimTrial], *, say: Say, language: str
) -> InvoiceTrial | None:
    """Units and own products only: what else stands on the invoice is not the manufacturer's."""
    if not lines or not tried:
        return None
    formats = Formats(language)
    goods = [
        f"{formats.quantity(line.units)}\u00a0{unit_word(line.unit, say)} · {line.product}"
        for line in lines
    ]
    real = sum(line.points for line in lines)
    return InvoiceTrial(
        claim=lines[0].claim_number,
        bought=lines[0].purchased_on,
        partner=lines[0].partner,
        lines=tuple(goods),
        real=real,
        days=tuple(
            (
                trial.on,
                trial.points,
                relative(trial.points, real, formats=formats, rising=None),
                tuple(
                    (
                        good,
                        award.points,
                        steps_in_words(
                            [step.model_dump(mode="json") for step in award.steps],
                            formats=formats,
                            say=say,
                        ),
                    )
                    for good, award in zip(goods, trial.awards, strict=True)
                ),
            )
            for trial in tried
        ),
    )


def rehearsal(
    found: Rehearsal, cost_per_point: Decimal | None, *, say: Say, language: str
) -> RehearsalView:
    formats = Formats(language)
    difference = in_money(found.points_then - found.points, cost_per_point)
    cost = ""
    if difference is not None:
        sign = "+" if difference > 0 else "−" if difference < 0 else ""
        amount = f"{sign}{formats.number(abs(round(difference / 100)))}"
        cost = say(N_("%(amount)s\u00a0zł")) % {"amount": amount}
    touched = parts.in_words(
        {"gaining": found.gaining, "losing": found.losing, "same": found.same}, formats
    )
    reasons = found.withheld
    if reasons:
        cost = ""
    return RehearsalView(
        period=period_words(found.period, language),
        moved_to=found.moved_to,
        lines=found.lines,
        real=formats.number(found.points),
        then=DASH if reasons else formats.number(found.points_then),
        change=Change()
        if reasons
        else relative(found.points_then, found.points, formats=formats, rising=None),
        cost=cost,
        families=tuple(
            (
                family.family or say(N_("pozostałe (każda u mniej niż 5 firm)")),
                formats.number(family.points),
                DASH if reasons else formats.number(family.points_then),
                Change()
                if reasons
                else relative(family.points_then, family.points, formats=formats, rising=None),
            )
            for family in found.families
        ),
        gaining=touched["gaining"],
        losing=touched["losing"],
        same=touched["same"],
        withheld=why_withheld(reasons, say),
    )
