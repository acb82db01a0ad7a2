"""The page of automatic decisions in words: what each route may do now, and the arithmetic."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from uuid import UUID

from core.formats import Formats
from verification.automation_figures import Drawn, RouteFigures, Waiting
from verification.policy import Course, Route
from web.error_texts import N_

Say = Callable[[str], str]

ROUTES: Mapping[Route, tuple[str, str]] = {
    Route.REGISTRY: (N_("Rejestr KSeF"), N_("Faktura jest w rejestrze Ministerstwa Finansów.")),
    Route.SALES_FEED: (N_("Sprzedaż hurtowni"), N_("Pozycje są w zestawieniu sprzedaży hurtowni.")),
    Route.SILENCE: (
        N_("Po terminie"),
        N_("Hurtownia nie zdążyła, a uczestnik zasłużył na zaufanie. Każdą wypłatę ktoś sprawdza."),
    ),
    Route.READING: (
        N_("Zaufany odczyt"),
        N_("Rachunki na dokumencie się zgadzają, a uczestnik i hurtownia zasłużyli na zaufanie."),
    ),
}
# Course → chip state, chip words, icon, what it means now.
COURSES: Mapping[Course, tuple[str, str, str, str]] = {
    Course.WITHIN: (
        "ok",
        N_("Działa"),
        "circle-check",
        N_("Górna granica błędu leży pod pułapem. System zalicza zgłoszenia do %(limit)s pkt."),
    ),
    Course.NARROWED: (
        "warn",
        N_("Działa ostrożniej"),
        "adjustments",
        N_("Górna granica zbliża się do pułapu. System zalicza tylko zgłoszenia do %(limit)s pkt."),
    ),
    Course.WATCHED: (
        "info",
        N_("Działa pod kontrolą"),
        "eye",
        N_(
            "Kontroli jest za mało, by pokazać błąd pod pułapem. Dowód daje rejestr albo hurtownia,"
            " więc system zalicza do %(limit)s pkt, ale człowiek sprawdza każde takie zgłoszenie."
        ),
    ),
    Course.THIN: (
        "plain",
        N_("Zatrzymane: za mało kontroli"),
        "player-pause",
        N_(
            "Kontroli jest za mało, by pokazać błąd pod pułapem. Decyduje człowiek, a jego decyzje"
            " liczą się jako próby."
        ),
    ),
    Course.OVER: (
        "bad",
        N_("Zatrzymane: za dużo błędów"),
        "ban",
        N_("Górna granica błędu przekracza pułap. Decyduje człowiek, aż kolejne próby ją obniżą."),
    ),
    Course.BACKLOG: (
        "warn",
        N_("Zatrzymane: zaległe kontrole"),
        "hourglass",
        N_("Zbyt wiele wylosowanych zgłoszeń czeka na kontrolę. System ruszy, gdy ktoś je zbada."),
    ),
    Course.OFF: (
        "plain",
        N_("Wyłączone"),
        "player-pause",
        N_("Program nie korzysta z decyzji automatycznych. Próby liczą się mimo to."),
    ),
}
# Topic and code of a missing fact → words.
MISSING: Mapping[tuple[str, str], str] = {
    ("proof", "xml_alone"): N_("sam plik XML, bez potwierdzenia w rejestrze"),
    ("proof", "participant_unknown"): N_(
        "uczestnik jeszcze bez zaufania, a dowodu z zewnątrz brak"
    ),
    ("proof", "partner_unknown"): N_("hurtownia jeszcze bez zaufania, a dowodu z zewnątrz brak"),
    ("paper", "advance"): N_("faktura zaliczkowa: towaru jeszcze nie wydano"),
    ("paper", "no_sale"): N_("dokument nie potwierdza sprzedaży"),
    ("seller", "other"): N_("sprzedawca spoza programu"),
    ("seller", "branch_out"): N_("oddział poza programem"),
    ("seller", "branch_unknown"): N_("nie wiadomo, który oddział sprzedał"),
    ("seller", "unread"): N_("nieodczytany sprzedawca"),
    ("buyer", "other"): N_("inny nabywca niż uczestnik"),
    ("buyer", "unread"): N_("nieodczytany nabywca"),
    ("day", "before"): N_("zakup przed początkiem programu"),
    ("day", "after"): N_("zakup po końcu programu"),
    ("day", "too_late"): N_("zgłoszone za późno"),
    ("day", "future"): N_("data dokumentu późniejsza niż zgłoszenie"),
    ("day", "unread"): N_("nieodczytana data"),
    ("unique", "looks_known"): N_("podobne do innego zgłoszenia"),
    ("products", "none"): N_("brak produktów programu"),
    ("products", "in_doubt"): N_("niepewny produkt"),
    ("quantities", "in_doubt"): N_("niepewna ilość"),
    ("quantities", "value_unknown"): N_("nie wiadomo, ile pozycja kosztowała w złotych"),
    ("quantities", "sums_fail"): N_("sumy na dokumencie się nie zgadzają"),
    ("limit", "over"): N_("więcej punktów niż limit programu"),
    ("independent", "linked"): N_("uczestnik powiązany z hurtownią"),
}
ON_TRUST = N_("System zalicza zaufanym do %(limit)s pkt, a człowiek sprawdza każdą wypłatę.")
OTHER = N_("inny powód")


@dataclass(frozen=True, slots=True)
class RouteView:
    name: str
    what: str
    chip: tuple[str, str, str]
    meaning: str
    formula: str
    rows: tuple[tuple[str, str], ...]


@dataclass(frozen=True, slots=True)
class DrawnView:
    claim_id: UUID
    number: str
    route: str
    points: int
    draws: int
    trial: bool
    state: str
    label: str
    icon: str


def route_views(
    found: Sequence[RouteFigures], ceiling: float, say: Say, f: Formats
) -> list[RouteView]:
    return [_route_view(figures, ceiling, say, f) for figures in found]


def _percent(share: float, f: Formats) -> str:
    return f.percent(share, 2)


def _route_view(figures: RouteFigures, ceiling: float, say: Say, f: Formats) -> RouteView:
    permit, evidence = figures.permit, figures.evidence
    state, label, icon, meaning = COURSES[permit.course]
    if figures.route is Route.SILENCE and permit.limit_points:
        meaning = ON_TRUST
    name, what = ROUTES[figures.route]
    rows = (
        (
            say(N_("Zaliczone automatycznie, 180 dni")),
            _claims(figures.claims, figures.paid, say, f),
        ),
        (say(N_("Skontrolowane losy (n)")), f.number(evidence.looked_at)),
        (say(N_("w tym błędne (k)")), f.number(evidence.errors)),
        (say(N_("Zgłoszenia skontrolowane, w tym próby")), _looked(figures, say, f)),
        (say(N_("Górna granica błędu, 95 %")), _percent(permit.bound, f)),
        (say(N_("Pułap programu")), _percent(ceiling, f)),
        (say(N_("Potrzebne losy przy tylu błędach")), f.number(permit.needed)),
        (
            say(N_("Błędnie wypłacone najwyżej")),
            say(N_("%(points)s pkt")) % {"points": f.number(figures.wrongly)},
        ),
        (
            say(N_("Błędy, które znaleziono")),
            say(N_("%(points)s pkt")) % {"points": f.number(figures.wrong_points)},
        ),
        (say(N_("Czeka na kontrolę")), f.number(evidence.waiting)),
        (
            say(N_("Limit na zgłoszenie teraz")),
            say(N_("%(points)s pkt")) % {"points": f.number(permit.limit_points)},
        ),
    )
    return RouteView(
        name=say(name),
        what=say(what),
        chip=(state, say(label), icon),
        meaning=say(meaning) % {"limit": f.number(permit.limit_points)},
        formula=_formula(figures, say, f),
        # A value stays on one line, also on a phone.
        rows=tuple((label, _held(value)) for label, value in rows),
    )


def _claims(claims: int, points: int, say: Say, f: Formats) -> str:
    return say(N_("%(claims)s zgł., %(points)s pkt")) % {
        "claims": f.number(claims),
        "points": f.number(points),
    }


def _looked(figures: RouteFigures, say: Say, f: Formats) -> str:
    return say(N_("%(looked)s, w tym %(trials)s")) % {
        "looked": f.number(figures.looked_claims),
        "trials": f.number(figures.trials),
    }


def _formula(figures: RouteFigures, say: Say, f: Formats) -> str:
    """The arithmetic with its numbers, so that anybody can do it again."""
    looked, errors = figures.evidence.looked_at, figures.evidence.errors
    bound = _percent(figures.permit.bound, f)
    paid, wrongly = f.number(figures.paid), f.number(figures.wrongly)
    if looked == 0:
        share = say(N_("Bez kontroli niczego nie można wykluczyć: granica to 100 %."))
    elif errors == 0:
        share = say(N_("k = 0, więc granica = 1 − 0,05^(1/%(n)s) = %(bound)s.")) % {
            "n": f.number(looked),
            "bound": bound,
        }
    else:
        share = say(
            N_(
                "Granica p spełnia P(najwyżej %(k)s błędnych z %(n)s, gdy udział błędów to p) ="
                " 5 %%: p = %(bound)s."
            )
        ) % {"k": f.number(errors), "n": f.number(looked), "bound": bound}
    value = say(N_("%(bound)s × %(paid)s pkt = najwyżej %(wrongly)s pkt błędnie wypłaconych."))
    return f"{share} {value % {'bound': bound, 'paid': paid, 'wrongly': wrongly}}"


def missing_words(found: Sequence[Waiting], say: Say) -> list[tuple[str, int]]:
    return [(say(MISSING.get((row.topic, row.code), OTHER)), row.claims) for row in found]


def drawn_views(found: Sequence[Drawn], say: Say, f: Formats) -> list[DrawnView]:
    return [_drawn_view(row, say, f) for row in found]


def _drawn_view(row: Drawn, say: Say, f: Formats) -> DrawnView:
    if row.wrong_points is None:
        state, label, icon = "info", say(N_("czeka na kontrolę")), "clock"
    elif row.wrong_points == 0:
        state, label, icon = "ok", say(N_("zgodne")), "check"
    else:
        text = N_("błędne %(points)s pkt, poprawione")
        if row.trial:
            text = N_("błędne %(points)s pkt, niewypłacone")
        elif not row.taken_back:
            text = N_("błędne %(points)s pkt, już wydane")
        state, icon = "bad", "alert-triangle"
        label = say(text) % {"points": f.number(row.wrong_points)}
    return DrawnView(
        claim_id=row.claim_id,
        number=row.number,
        route=say(ROUTES[row.route][0]),
        points=row.points,
        draws=row.draws,
        trial=row.trial,
        state=state,
        label=label,
        icon=icon,
    )


def _held(value: str) -> str:
    """A number stays with its unit; two of them may stand on two lines of a phone."""
    return value.replace(" ", "\u00a0").replace(",\u00a0", ", ")
