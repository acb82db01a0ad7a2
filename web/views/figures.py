"""Numbers of the dashboards in words: changes, durations, days, causes of loss."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date

from babel import Locale, dates

from analytics.periods import Period, Preset
from core.formats import Formats
from web.error_texts import N_

Gettext = Callable[[str], str]

PRESETS: Mapping[Preset, str] = {
    Preset.LAST_7_DAYS: N_("Ostatnie 7 dni"),
    Preset.LAST_30_DAYS: N_("Ostatnie 30 dni"),
    Preset.THIS_MONTH: N_("Ten miesiąc"),
    Preset.LAST_MONTH: N_("Poprzedni miesiąc"),
    Preset.THIS_QUARTER: N_("Ten kwartał"),
    Preset.THIS_YEAR: N_("Ten rok"),
    Preset.ALL: N_("Cały program"),
    Preset.OWN: N_("Własny okres"),
}
# Why a claim brought nothing, as the programme's people say it.
CAUSES: Mapping[str, str] = {
    "in_progress": N_("w trakcie czytania"),
    "unread:empty": N_("pusty plik"),
    "unread:unsupported-type": N_("nieobsługiwany rodzaj pliku"),
    "unread:damaged": N_("uszkodzony plik"),
    "unread:encrypted": N_("plik z hasłem"),
    "unread:too-large": N_("za duży plik"),
    "unread:too-many-pages": N_("za dużo stron"),
    "unread:too-complex": N_("zbyt złożony plik"),
    "unread:too-slow": N_("czytanie trwało za długo"),
    "unread:parser-crashed": N_("nie dało się otworzyć"),
    "unread:forbidden-xml": N_("niedozwolony XML"),
    "unread:code-refused": N_("niewłaściwy kod"),
    "unread:code-already-yours": N_("kod już zaliczony"),
    "unread:code-brings-nothing": N_("kod bez stawki za jednostkę"),
    "unread:too-many-codes": N_("za dużo błędnych kodów"),
    "unread:only-gtin": N_("zwykły kod kreskowy"),
    "unread:gave-up": N_("nie udało się odczytać"),
    "duplicate": N_("duplikat"),
    "unreadable": N_("nieczytelne"),
    "not_our_document": N_("nie dokument hurtowni"),
    "other_buyer": N_("inny nabywca"),
    "outside_period": N_("poza okresem"),
    "not_in_program": N_("poza programem"),
    "returned_goods": N_("zwrot lub korekta"),
    "suspected_forgery": N_("do wyjaśnienia"),
    "other": N_("inny powód"),
    "product_uncertain": N_("niepewny produkt"),
    "quantity_uncertain": N_("niepewna liczba"),
    "value_uncertain": N_("niepewna wartość"),
    "already_claimed": N_("już zgłoszone"),
    "cap_reached": N_("limit punktów"),
    "branch_not_in_program": N_("oddział poza programem"),
    "advance": N_("zaliczka"),
    "no_sale": N_("nie dowód sprzedaży"),
    "product_not_in_days": N_("produkt poza terminem"),
    "no_rate": N_("produkt bez stawki"),
    "awaiting_partner": N_("czeka na hurtownię"),
    "needs_information": N_("czeka na uczestnika"),
    "matching": N_("w trakcie"),
    "reading": N_("w trakcie"),
    "submitted": N_("w trakcie"),
    "cancelled": N_("wycofane przez uczestnika"),
    "expired": N_("wygasłe bez odpowiedzi"),
    "reversed": N_("wycofane po korekcie"),
    "appealed": N_("w odwołaniu"),
    "upheld": N_("odwołanie oddalone"),
    "rejected": N_("odrzucone"),
}


@dataclass(frozen=True, slots=True)
class Change:
    """How a figure moved; an empty text when there is nothing to compare."""

    text: str = ""
    direction: str = "up"
    good: bool | None = None


def direction_of(difference: float) -> str:
    return "up" if difference > 0 else "down" if difference < 0 else "same"


def relative(now: float, before: float | None, *, formats: Formats, rising: bool | None) -> Change:
    """The change in percent; `rising` says whether more is better, `None` that neither is."""
    if not before:
        return Change()
    share = (now - before) / before
    good = None if rising is None or not share else (share > 0) == rising
    # Above tenfold a percentage says less than the two numbers themselves.
    text = formats.percent(abs(share)) if abs(share) < 10 else f"{formats.number(now / before, 0)}×"
    return Change(text, direction_of(share), good)


def in_points(now: float | None, before: float | None, *, formats: Formats, say: Gettext) -> Change:
    """The change of a share in percentage points; more is better."""
    if now is None or before is None:
        return Change()
    moved = round(100 * (now - before), 1)
    text = say(N_("%(number)s\u00a0p.p.")) % {"number": formats.number(abs(moved), 1)}
    return Change(text, direction_of(moved), None if not moved else moved > 0)


def in_time(now: float | None, before: float | None, *, say: Gettext) -> Change:
    """The change of a duration; less is better."""
    if now is None or before is None:
        return Change()
    moved = now - before
    return Change(duration(abs(moved), say), direction_of(moved), None if not moved else moved < 0)


def duration(seconds: float, say: Gettext) -> str:
    """`9 s`, `15 min`, `3 godz. 20 min`, `2 dni 4 godz.`: two units at most."""
    whole = round(seconds)
    if whole < 60:
        return f"{whole}\u00a0s"
    minutes = round(seconds / 60)
    if minutes < 60:
        return f"{minutes}\u00a0min"
    hours, minutes = divmod(minutes, 60)
    days, rest = divmod(hours, 24)
    in_hours, in_days = N_("%(hours)s\u00a0godz."), N_("%(days)s\u00a0d.")
    if not days:
        text = say(in_hours) % {"hours": hours}
        return f"{text} {minutes}\u00a0min" if minutes else text
    text = say(in_days) % {"days": days}
    return f"{text} {say(in_hours) % {'hours': rest}}" if rest else text


def short_day(day: date, language: str) -> str:
    """`3 lis`: a label below a chart."""
    return dates.format_date(day, format="d MMM", locale=_locale(language)).rstrip(".")


def period_words(period: Period, language: str) -> str:
    """`24 paź – 22 lis 2026`, or `listopad 2026` for a whole month."""
    locale = _locale(language)
    first, last = period.first, period.last
    if first == last:
        return dates.format_date(first, format="d MMM y", locale=locale)
    start = "d MMM y" if first.year != last.year else "d MMM"
    return (
        f"{dates.format_date(first, format=start, locale=locale)} – "
        f"{dates.format_date(last, format='d MMM y', locale=locale)}"
    )


def cause(code: str, say: Gettext) -> str:
    """Words for a cause of loss; an unknown one speaks for itself."""
    return say(CAUSES[code]) if code in CAUSES else code.rpartition(":")[2]


def _locale(language: str) -> Locale:
    return Locale.parse("en_GB" if language == "en" else language)
