"""The row of filters above a dashboard, as links."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from types import MappingProxyType

from analytics.periods import Compare, Preset
from web.charts import VOIVODESHIPS
from web.error_texts import N_
from web.program_filters import PLACES_AND_GOODS, Filters
from web.views.figures import PRESETS, period_words

COMPARED = {
    Compare.PREVIOUS: N_("poprzedni okres"),
    Compare.YEAR: N_("rok temu"),
    Compare.NONE: N_("bez porównania"),
}


@dataclass(frozen=True, slots=True)
class Option:
    label: str
    href: str
    active: bool


@dataclass(frozen=True, slots=True)
class Chip:
    """A filter that is on and the address without it."""

    label: str
    remove_href: str


@dataclass(frozen=True, slots=True)
class Menu:
    """A filter that can be put on."""

    label: str
    options: tuple[Option, ...]


@dataclass(frozen=True, slots=True)
class FilterBar:
    """Everything that the filter row shows; `hidden` are the fields of the form of own dates."""

    path: str
    period_label: str
    period_options: tuple[Option, ...]
    own_first: str
    own_last: str
    hidden: tuple[tuple[str, str], ...]
    compare_label: str
    compare_options: tuple[Option, ...]
    chips: tuple[Chip, ...]
    menus: tuple[Menu, ...]
    clear_href: str


def filter_bar(
    filters: Filters,
    path: str,
    *,
    say: Callable[[str], str],
    language: str,
    compares: bool = True,
    narrows: bool = True,
    kept: Mapping[str, str] = MappingProxyType({}),
) -> FilterBar:
    """The row for a page at `path`; `kept` are parameters of the page itself.

    `compares` and `narrows` say whether the page has a use for comparing and for places and goods.
    """
    presets = tuple(
        Option(
            say(words),
            filters.href(path, period=preset.value, from_=None, to=None, **kept),
            preset is filters.preset,
        )
        for preset, words in PRESETS.items()
        if preset is not Preset.OWN
    )
    days = period_words(filters.period, language)
    own = filters.preset is Preset.OWN
    period_label = days if own else f"{say(PRESETS[filters.preset])}: {days}"
    comparisons = tuple(
        Option(
            say(words), filters.href(path, compare=choice.value, **kept), choice is filters.compare
        )
        for choice, words in COMPARED.items()
    )
    compare_label = say(COMPARED[filters.compare])
    if filters.before is not None:
        compare_label = f"{compare_label}: {period_words(filters.before, language)}"
    taken_off: dict[str, object] = {name: None for name in PLACES_AND_GOODS}
    return FilterBar(
        path=path,
        period_label=period_label,
        period_options=presets,
        own_first=filters.period.first.isoformat(),
        own_last=filters.period.last.isoformat(),
        hidden=tuple(
            (name, value)
            for name, value in {**filters.params, **kept}.items()
            if name not in ("period", "from", "to") and value
        ),
        compare_label=compare_label,
        compare_options=comparisons if compares else (),
        chips=_chips(filters, path, say, kept),
        menus=_menus(filters, path, say, kept) if narrows else (),
        clear_href=filters.href(path, **{**taken_off, **kept}) if filters.narrowed else "",
    )


def _chips(
    filters: Filters, path: str, say: Callable[[str], str], kept: Mapping[str, str]
) -> tuple[Chip, ...]:
    chosen, found = filters.selection, []
    if chosen.partner_id is not None:
        name = next(p.partner_name for p in filters.places if p.partner_id == chosen.partner_id)
        words = say(N_("Hurtownia: %(name)s")) % {"name": name}
        found.append(Chip(words, filters.href(path, partner=None, branch=None, **kept)))
    if chosen.branch_id is not None:
        place = next(p for p in filters.places if p.branch_id == chosen.branch_id)
        words = say(N_("Oddział: %(name)s")) % {"name": f"{place.partner_name}, {place.name}"}
        found.append(Chip(words, filters.href(path, branch=None, **kept)))
    if chosen.family:
        words = say(N_("Rodzina: %(name)s")) % {"name": chosen.family}
        found.append(Chip(words, filters.href(path, family=None, **kept)))
    if chosen.product_id is not None:
        words = say(N_("Produkt: %(name)s")) % {"name": filters.product_name}
        found.append(Chip(words, filters.href(path, product=None, **kept)))
    if chosen.voivodeship:
        words = say(N_("Region: %(name)s")) % {"name": VOIVODESHIPS[chosen.voivodeship].name}
        found.append(Chip(words, filters.href(path, voivodeship=None, **kept)))
    return tuple(found)


def _menus(
    filters: Filters, path: str, say: Callable[[str], str], kept: Mapping[str, str]
) -> tuple[Menu, ...]:
    """Only what is not chosen yet, and only what the programme has."""
    chosen, found = filters.selection, []
    if not chosen.voivodeship:
        codes = sorted(
            {place.voivodeship for place in filters.places}, key=lambda c: VOIVODESHIPS[c].name
        )
        options = tuple(
            Option(VOIVODESHIPS[code].name, filters.href(path, voivodeship=code, **kept), False)
            for code in codes
        )
        found.append(Menu(say(N_("region")), options))
    if chosen.partner_id is None and chosen.branch_id is None:
        partners = {place.partner_id: place.partner_name for place in filters.places}
        options = tuple(
            Option(name, filters.href(path, partner=id, **kept), False)
            for id, name in partners.items()
        )
        found.append(Menu(say(N_("hurtownia")), options))
    elif chosen.branch_id is None:
        options = tuple(
            Option(place.name, filters.href(path, branch=place.branch_id, **kept), False)
            for place in filters.places
            if place.partner_id == chosen.partner_id
        )
        found.append(Menu(say(N_("oddział")), options))
    if not chosen.family and chosen.product_id is None:
        options = tuple(
            Option(name, filters.href(path, family=name, **kept), False)
            for name in filters.families
        )
        found.append(Menu(say(N_("rodzina")), options))
    return tuple(menu for menu in found if menu.options)
