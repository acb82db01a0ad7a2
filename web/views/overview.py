"""The first page's tiles, charts and tables, from figures to words."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from uuid import UUID

from markupsafe import Markup

from analytics.breakdown import ProductRow, RegionRow
from analytics.disclosure import FEWEST_FIRMS, enough
from analytics.funnel import Funnel
from analytics.liability import Liability, days_until, in_money
from analytics.overview import Course, Figures
from analytics.periods import Period, steps
from core.formats import Formats
from web import charts
from web.error_texts import N_
from web.program_filters import Filters
from web.views.figures import (
    Change,
    cause,
    duration,
    in_points,
    in_time,
    period_words,
    relative,
    short_day,
)

Say = Callable[[str], str]


@dataclass(frozen=True, slots=True)
class Tile:
    """A figure with its change, what it is laid beside, a small picture and the way behind it."""

    label: str
    value: str
    change: Change
    note: str
    href: str
    picture: Markup


@dataclass(frozen=True, slots=True)
class Money:
    """What is counted for the whole programme, whatever the filters say."""

    liability: Liability
    cost_per_point: Decimal | None
    spent: dict[date, int]
    spent_before: int | None
    expiring: int
    expiring_until: date


@dataclass(frozen=True, slots=True)
class TopProduct:
    product_id: UUID
    name: str
    sku: str
    href: str
    bar: Markup
    units: str
    change: Change
    partners: int


def tiles(
    filters: Filters,
    now: Course,
    before: Course | None,
    money: Money,
    *,
    enrolled: int,
    say: Say,
    language: str,
) -> list[Tile]:
    """The eight tiles, in their order."""
    formats = Formats(language)
    whole, earlier = now.whole, before.whole if before else None
    period = filters.period

    def of(name: str) -> float | None:
        return float(getattr(earlier, name)) if earlier else None

    def spark(read: Callable[[Figures], float | None], title: str) -> Markup:
        values = [
            read(now.by_day[day]) if day in now.by_day else read(Figures()) for day in period.days()
        ]
        return charts.sparkline([value for value in values if value is not None], title=title)

    paid = filters.href("/program/claims", show="paid", moment="decided")
    decided = filters.href("/program/claims", show="decided", moment="decided")
    units = Tile(
        say(N_("Przypisane sztuki")),
        formats.quantity(whole.units),
        relative(float(whole.units), of("units"), formats=formats, rising=True),
        formats.quantity(earlier.units) if earlier else "",
        paid,
        spark(lambda f: float(f.units), say(N_("Przypisane sztuki dzień po dniu"))),
    )
    claims = Tile(
        say(N_("Zgłoszenia")),
        formats.number(whole.submitted),
        relative(whole.submitted, of("submitted"), formats=formats, rising=True),
        formats.number(earlier.submitted) if earlier else "",
        filters.href("/program/claims", moment="submitted"),
        spark(lambda f: float(f.submitted), say(N_("Zgłoszenia dzień po dniu"))),
    )
    approval = Tile(
        say(N_("Zaliczone z rozpatrzonych")),
        formats.percent(whole.approval) if whole.approval is not None else "–",
        in_points(whole.approval, earlier.approval if earlier else None, formats=formats, say=say),
        say(N_("%(paid)s z %(decided)s"))
        % {"paid": formats.number(whole.paid), "decided": formats.number(whole.decided)},
        decided,
        spark(lambda f: f.approval, say(N_("Odsetek zaliczonych dzień po dniu"))),
    )
    points = Tile(
        say(N_("Wydane punkty")),
        formats.number(whole.points),
        relative(whole.points, of("points"), formats=formats, rising=None),
        formats.number(earlier.points) if earlier else "",
        paid,
        spark(lambda f: float(f.points), say(N_("Wydane punkty dzień po dniu"))),
    )
    return [
        units,
        claims,
        approval,
        _decision_time(whole, earlier, decided, spark, say),
        _participants(filters, whole, earlier, enrolled, spark, formats, say),
        points,
        _liability(filters, money, formats, say),
        _rewards_cost(filters, money, formats, say),
    ]


def _decision_time(
    whole: Figures,
    earlier: Figures | None,
    href: str,
    spark: Callable[[Callable[[Figures], float | None], str], Markup],
    say: Say,
) -> Tile:
    note = ""
    if whole.decided:
        note = say(N_("%(share)s bez człowieka")) % {
            "share": f"{round(100 * whole.automatic / whole.decided)}\u00a0%"
        }
    return Tile(
        say(N_("Czas do decyzji, mediana")),
        duration(whole.median_s, say) if whole.median_s is not None else "–",
        in_time(whole.median_s, earlier.median_s if earlier else None, say=say),
        note,
        href,
        spark(lambda f: f.median_s, say(N_("Mediana czasu do decyzji dzień po dniu"))),
    )


def _participants(
    filters: Filters,
    whole: Figures,
    earlier: Figures | None,
    enrolled: int,
    spark: Callable[[Callable[[Figures], float | None], str], Markup],
    formats: Formats,
    say: Say,
) -> Tile:
    label, href = say(N_("Aktywni uczestnicy")), filters.href("/participants")
    if whole.firms and not enough(whole.firms):
        few = say(N_("Grup poniżej %(fewest)s firm nie pokazujemy.")) % {"fewest": FEWEST_FIRMS}
        return Tile(label, f"<\u00a0{FEWEST_FIRMS}", Change(), few, href, Markup(""))
    share = formats.percent(whole.participants / enrolled, 0) if enrolled else "–"
    return Tile(
        label,
        formats.number(whole.participants),
        relative(
            whole.participants,
            earlier.participants if earlier and enough(earlier.firms) else None,
            formats=formats,
            rising=True,
        ),
        say(N_("%(share)s z %(enrolled)s zapisanych"))
        % {"share": share, "enrolled": formats.number(enrolled)},
        href,
        spark(lambda f: float(f.participants), say(N_("Aktywni uczestnicy dzień po dniu"))),
    )


def _liability(filters: Filters, money: Money, formats: Formats, say: Say) -> Tile:
    owed = money.liability
    grosze = in_money(owed.at_end, money.cost_per_point)
    value = formats.points(owed.at_end) if grosze is None else _whole_zloty(grosze, formats, say)
    values = days_until(owed.by_day, owed.at_start, filters.period)
    return Tile(
        say(N_("Zobowiązanie punktowe")),
        value,
        relative(owed.at_end, owed.at_start, formats=formats, rising=None),
        say(N_("%(points)s; do %(day)s wygasa %(expiring)s"))
        % {
            "points": formats.points(owed.at_end),
            "day": formats.short_date(money.expiring_until)[:5],
            "expiring": formats.number(money.expiring),
        },
        filters.href("/program/claims", show="paid", period="all", from_=None, to=None),
        charts.sparkline(values, title=say(N_("Punkty u uczestników dzień po dniu"))),
    )


def _rewards_cost(filters: Filters, money: Money, formats: Formats, say: Say) -> Tile:
    cost = sum(money.spent.values())
    note = _whole_zloty(money.spent_before, formats, say) if money.spent_before is not None else ""
    values = [float(money.spent.get(day, 0)) for day in filters.period.days()]
    return Tile(
        say(N_("Koszt wydanych nagród")),
        _whole_zloty(cost, formats, say),
        relative(cost, money.spent_before, formats=formats, rising=None),
        note,
        filters.href("/rewards-admin"),
        charts.sparkline(values, title=say(N_("Koszt nagród dzień po dniu"))),
    )


def _whole_zloty(grosze: int, formats: Formats, say: Say) -> str:
    return say(N_("%(amount)s\u00a0zł")) % {"amount": formats.number(round(grosze / 100))}


def daily_chart(
    filters: Filters, now: Course, before: Course | None, *, say: Say, language: str
) -> tuple[Markup, Markup, list[tuple[str, str]]]:
    """The chart of units, its table and its legend; weeks when the period is long."""
    points = steps(filters.period)
    labels = [short_day(step.first, language) for step in points]
    current = charts.Series(
        period_words(filters.period, language), [_units(now, step) for step in points]
    )
    previous = None
    if before is not None:
        shift = before.period.first - filters.period.first
        moved = [Period(step.first + shift, step.last + shift) for step in points]
        previous = charts.Series(
            period_words(before.period, language), [_units(before, step) for step in moved]
        )
    title, unit = say(N_("Przypisane sztuki dziennie")), say(N_("szt."))
    if len(points) != filters.period.length:
        title = say(N_("Przypisane sztuki w tygodniach"))
    chart = charts.line(labels, current, previous, title=title, locale=language, unit=unit)
    rows = [current] if previous is None else [current, previous]
    table = charts.series_table(title, say(N_("Od dnia")), labels, rows, locale=language, unit=unit)
    legend = [(current.name, "line")]
    if previous is not None:
        legend.append((previous.name, "dash"))
    return chart, table, legend


def _units(course: Course, step: Period) -> float:
    days = (course.by_day.get(day) for day in step.days())
    return float(sum((found.units for found in days if found), Decimal(0)))


def top_products(
    filters: Filters, rows: Sequence[ProductRow], *, language: str
) -> list[TopProduct]:
    formats = Formats(language)
    largest = max((float(row.units) for row in rows), default=0)
    return [
        TopProduct(
            product_id=row.product_id,
            name=row.name,
            sku=row.sku,
            href=filters.href(
                "/program/claims", product=row.product_id, show="paid", moment="decided"
            ),
            bar=charts.share(float(row.units), largest),
            units=formats.quantity(row.units),
            change=relative(
                float(row.units),
                None if row.before is None else float(row.before),
                formats=formats,
                rising=True,
            ),
            partners=row.partners,
        )
        for row in rows
    ]


def region_map(
    filters: Filters,
    shown: Sequence[RegionRow],
    others: RegionRow | None,
    *,
    say: Say,
    language: str,
) -> tuple[Markup, Markup, str]:
    """The tile map, its table and a note on what is put together."""
    formats = Formats(language)
    values = {row.voivodeship: float(row.units) for row in shown if row.voivodeship}
    hrefs = {
        code: filters.href(
            "/overview", voivodeship=None if code == filters.selection.voivodeship else code
        )
        for code in charts.VOIVODESHIPS
        if code in values
    }
    title = say(N_("Przypisane sztuki według województw"))
    drawn = charts.tile_map(
        values,
        title=title,
        hrefs=hrefs,
        chosen=filters.selection.voivodeship,
        locale=language,
        unit=say(N_("szt.")),
    )
    unknown = say(N_("bez oddziału"))
    rows = [
        [
            charts.VOIVODESHIPS[row.voivodeship].name if row.voivodeship else unknown,
            formats.quantity(row.units),
        ]
        for row in shown
    ]
    note = ""
    if others is not None:
        rows.append([say(N_("pozostałe razem")), formats.quantity(others.units)])
        note = say(
            N_("Pozostałe razem: %(units)s szt. Regionów poniżej %(fewest)s firm nie pokazujemy.")
        ) % {
            "units": formats.quantity(others.units),
            "fewest": FEWEST_FIRMS,
        }
    table = charts.data_table(title, [say(N_("Województwo")), say(N_("Sztuki"))], rows)
    return drawn, table, note


def funnel_chart(filters: Filters, found: Funnel, *, say: Say, language: str) -> Markup:
    """Four stages; each says what was lost before the next one and leads to what reached it."""

    def causes(losses: Sequence[tuple[str, int]]) -> str:
        shown = ", ".join(f"{cause(code, say)} {number}" for code, number in losses[:4])
        return say(N_("Odpadło: %(causes)s")) % {"causes": shown} if shown else ""

    def way(show: str) -> str:
        return filters.href("/program/claims", show=show, moment="submitted")

    unmatched = found.read - found.matched
    without = [("not_in_program", unmatched)] if unmatched else []
    return charts.funnel(
        [
            charts.Stage(say(N_("Wysłane")), found.submitted, way("")),
            charts.Stage(say(N_("Odczytane")), found.read, way("read"), causes(found.unread)),
            charts.Stage(
                say(N_("Z produktem programu")), found.matched, way("matched"), causes(without)
            ),
            charts.Stage(say(N_("Zaliczone")), found.paid, way("paid"), causes(found.refused)),
        ],
        locale=language,
    )
