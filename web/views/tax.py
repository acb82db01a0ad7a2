"""How a programme's rewards are taxed, as its people choose it and its participants read it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime

from sqlmodel import Session

from core.clock import local_date
from programs import tax, tax_modes
from programs.tables import Program
from programs.tax import TaxMode
from web.error_texts import N_
from web.views.claims import Gettext
from web.views.products import person_names


@dataclass(frozen=True, slots=True)
class ChoiceRow:
    """One choice; `state` is `now`, `later` or `past` on the day of reading."""

    mode: TaxMode
    label: str
    since: date
    reason: str
    chosen_by: str
    chosen_at: datetime
    state: str


@dataclass(frozen=True, slots=True)
class TaxView:
    """What holds today (`mode` is none while nobody chose), in words, and how it came about."""

    mode: TaxMode | None
    label: str
    sentences: tuple[str, ...]
    rows: tuple[ChoiceRow, ...]


def options(language: str) -> list[tuple[str, str]]:
    """The modes for a form; none stands first chosen."""
    return [(mode.value, tax.label(mode, language=language)) for mode in TaxMode]


def sentences_on(session: Session, program: Program, *, on: date, language: str) -> tuple[str, ...]:
    """The note beside a reward that is ordered on that day."""
    mode = tax_modes.mode_on(session, program_id=program.id, on=on)
    return tax.sentences(mode, language=language)


def view(
    session: Session, program: Program, *, now: datetime, language: str, say: Gettext
) -> TaxView:
    found = tax_modes.list_choices(session, program.id)
    names = person_names(session, [choice.chosen_by for choice in found])
    today = local_date(now)
    current = next((choice for choice in found if choice.since <= today), None)
    system = say(N_("system"))
    rows: Sequence[ChoiceRow] = [
        ChoiceRow(
            mode=choice.mode,
            label=tax.label(choice.mode, language=language),
            since=choice.since,
            reason=choice.reason,
            chosen_by=names.get(
                choice.chosen_by,
                say(N_("klucz API")) if choice.chosen_by.startswith("api_key:") else system,
            ),
            chosen_at=choice.chosen_at,
            state="later" if choice.since > today else "now" if choice is current else "past",
        )
        for choice in found
    ]
    mode = current.mode if current is not None else None
    return TaxView(
        mode=mode,
        label=tax.label(mode, language=language) if mode is not None else "",
        sentences=tax.sentences(mode, language=language),
        rows=tuple(rows),
    )
