"""The settings of a programme as fields of a form."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from decimal import Decimal
from enum import StrEnum
from typing import Any

from programs.settings import OnSilence, OtherLines, ProgramSettings, SpentPoints
from web.error_texts import N_


@dataclass(frozen=True, slots=True)
class Words:
    """What a setting is called; `suffix` is its unit, `choices` are the texts of a choice."""

    label: str
    hint: str = ""
    suffix: str = ""
    choices: Mapping[StrEnum, str] | None = None


# Every setting has its words here; the order is the page's.
GROUPS: tuple[tuple[str, Mapping[str, Words]], ...] = (
    (
        N_("Zgłoszenia"),
        {
            "claim_window_days": Words(
                N_("Czas na zgłoszenie zakupu"), N_("Liczony od daty zakupu."), N_("dni")
            ),
            "eligible_segment": Words(
                N_("Kto może zgłaszać zakupy"),
                N_("Segment tworzysz w „Segmenty”. Wcześniejsze zgłoszenia zostają."),
            ),
            "share_documents": Words(
                N_("Kilka osób może zgłosić części jednej faktury"),
                N_("Każda sztuka liczy się i tak tylko raz."),
            ),
            "other_lines": Words(
                N_("Pozycje spoza programu"),
                N_("Na przykład inne marki na tej samej fakturze."),
                choices={
                    OtherLines.KEEP: N_("zapisuj"),
                    OtherLines.MASK: N_("zapisuj bez treści"),
                    OtherLines.DROP: N_("pomijaj"),
                },
            ),
            "needs_information_days": Words(N_("Czas na odpowiedź uczestnika"), "", N_("dni")),
            "match_threshold": Words(
                N_("Próg pewności produktu"),
                N_("Poniżej progu produkt wskazuje człowiek. Od 0 do 1."),
            ),
        },
    ),
    (
        N_("Sprawdzanie"),
        {
            "promise_working_hours": Words(
                N_("Czas hurtowni na decyzję"),
                N_("W godzinach pracy; uczestnik widzi obiecany termin."),
                N_("godz."),
            ),
            "remind_working_hours": Words(
                N_("Przypomnienie przed terminem"), N_("W godzinach pracy."), N_("godz.")
            ),
            "on_silence": Words(
                N_("Gdy hurtownia nie zdąży"),
                "",
                "",
                {
                    OnSilence.ESCALATE: N_("decyduje organizator"),
                    OnSilence.PAY_ON_TRUST: N_("zaufanym zalicza system, potem kontrola"),
                },
            ),
            "silence_points": Words(N_("Najwięcej punktów na zaufanie po terminie"), "", N_("pkt")),
            "late_points": Words(
                N_("Obciążenie hurtowni za spóźnioną decyzję"),
                N_("Do rozliczenia z hurtownią; 0: bez obciążeń."),
                N_("pkt"),
            ),
            "appeal_days": Words(N_("Czas na odwołanie"), "", N_("dni")),
            "four_eyes_points": Words(
                N_("Dwie osoby powyżej"),
                N_("0: zawsze wystarczy jedna. Podwyżka działa po 30 dniach."),
                N_("pkt"),
            ),
            "documents_kept_days": Words(
                N_("Jak długo trzymamy dokumenty"),
                N_("Od decyzji; potem zostaje zgłoszenie bez zdjęć i odczytu."),
                N_("dni"),
            ),
            "appeal_working_days": Words(
                N_("Czas na odpowiedź na odwołanie"), N_("W dniach roboczych."), N_("dni")
            ),
            "undo_seconds": Words(N_("Cofnięcie decyzji od ręki"), "", N_("s")),
            "prices_visible": Words(
                N_("Hurtownie pokazują producentowi wartości"),
                N_("Bez tej zgody producent widzi tylko sztuki i punkty."),
            ),
        },
    ),
    (
        N_("Decyzje automatyczne"),
        {
            "automatic": Words(
                N_("System sam zalicza to, co udowodnione"),
                N_("Samo wysłanie pliku niczego nie dowodzi."),
            ),
            "automatic_points": Words(
                N_("Najwięcej punktów na dowód z KSeF lub sprzedaży"), "", N_("pkt")
            ),
            "automatic_reading_points": Words(
                N_("Najwięcej punktów na zaufany odczyt"), "", N_("pkt")
            ),
            "trust_claims": Words(
                N_("Zaufanie do uczestnika"), N_("Po tylu zaliczonych zgłoszeniach."), N_("zgł.")
            ),
            "trust_decisions": Words(
                N_("Zaufanie do hurtowni"), N_("Po tylu jej decyzjach."), N_("dec.")
            ),
            "sample_share": Words(
                N_("Udział losowych kontroli"), N_("Na przykład 0,05 to co dwudziesta wypłata.")
            ),
            "sample_points": Words(
                N_("Punkty na jeden los"),
                N_("Większe wypłaty częściej trafiają do kontroli."),
                N_("pkt"),
            ),
            "sample_waiting": Words(
                N_("Najwięcej zaległych kontroli"),
                N_("Ponad tyle system przestaje zaliczać sam."),
                N_("zgł."),
            ),
            "error_ceiling": Words(
                N_("Dopuszczalny udział błędnie wypłaconych punktów"),
                N_("Gdy górna granica jest wyżej, decyduje człowiek."),
            ),
        },
    ),
    (
        N_("Punkty i nagrody"),
        {
            "points_valid_days": Words(
                N_("Ważność punktów"), N_("Dotyczy punktów, które dopiero powstaną."), N_("dni")
            ),
            "reversal_days": Words(
                N_("Jak długo korekta cofa punkty"),
                N_("Od zakupu; późniejszą rozlicza człowiek."),
                N_("dni"),
            ),
            "spent_points": Words(
                N_("Gdy korekta cofa wydane punkty"),
                "",
                "",
                {
                    SpentPoints.DEBT: N_("spłacają je następne punkty"),
                    SpentPoints.HOLD: N_("spłacają je następne punkty, a nagrody czekają"),
                },
            ),
            "adjustment_limit": Words(
                N_("Ręczna zmiana punktów bez drugiej osoby"),
                N_("Powyżej tej liczby zgodę daje druga osoba. Podwyżka działa po 30 dniach."),
                N_("pkt"),
            ),
            "branch_points_per_decision": Words(
                N_("Punkty oddziału za decyzję"),
                N_("Za decyzję, która się ostała; 0 wyłącza."),
                N_("pkt"),
            ),
            "branch_points_per_enrolment": Words(
                N_("Punkty oddziału za zapisanego uczestnika"),
                N_("Po jego pierwszym zaliczonym zgłoszeniu; 0 wyłącza."),
                N_("pkt"),
            ),
            "reward_margin_days": Words(
                N_("Obiecany czas dostawy nagrody"), N_("W dniach roboczych."), N_("dni")
            ),
        },
    ),
)


@dataclass(frozen=True, slots=True)
class FormField:
    """One field: `kind` is number, text, tick or choice; `value` is what is shown in it."""

    name: str
    kind: str
    label: str
    hint: str
    suffix: str
    value: str
    choices: tuple[tuple[str, str], ...] = ()


def groups(
    settings: ProgramSettings,
    typed: Mapping[str, str] | None,
    say: Callable[[str], str],
    segments: Sequence[tuple[str, str]] = (),
) -> list[tuple[str, list[FormField]]]:
    """The form with the stored values, or with what somebody typed.

    `segments` are keys and names of those whose people may be the only ones to claim.
    """
    everybody = ("", say(N_("wszyscy uczestnicy programu")))
    made = []
    for title, fields in GROUPS:
        shown = [
            _field(name, words, getattr(settings, name), typed, say)
            for name, words in fields.items()
        ]
        made.append((say(title), [_of_segments(f, (everybody, *segments)) for f in shown]))
    return made


def _of_segments(field: FormField, choices: tuple[tuple[str, str], ...]) -> FormField:
    if field.name != "eligible_segment":
        return field
    return replace(field, kind="choice", choices=choices)


def _field(
    name: str,
    words: Words,
    stored: Any,
    typed: Mapping[str, str] | None,
    say: Callable[[str], str],
) -> FormField:
    if isinstance(stored, bool):
        kind, value = "tick", "1" if stored else ""
    elif words.choices:
        kind, value = "choice", str(stored)
    else:
        kind = "number" if isinstance(stored, int) else "text"
        value = str(stored).replace(".", ",") if isinstance(stored, Decimal) else str(stored)
    if typed is not None:
        value = typed.get(name, "")
    return FormField(
        name,
        kind,
        say(words.label),
        say(words.hint) if words.hint else "",
        say(words.suffix) if words.suffix else "",
        value,
        tuple((key.value, say(text)) for key, text in (words.choices or {}).items()),
    )


def parsed(typed: Mapping[str, str]) -> dict[str, object]:
    """The form as values for `change_program`; an unticked box was not sent."""
    found: dict[str, object] = {}
    for _, fields in GROUPS:
        for name in fields:
            default = ProgramSettings.model_fields[name].default
            text = typed.get(name, "").strip()
            if isinstance(default, bool):
                found[name] = bool(text)
            elif isinstance(default, Decimal):
                found[name] = text.replace(" ", "").replace(",", ".")
            elif isinstance(default, int):
                # A mark in a whole number may part thousands: 1,000 must not become one.
                found[name] = text.replace(" ", "").replace(".", ",")
            else:
                found[name] = text
    return found
