"""Writing a draft of the rules: rates and promotions, tried on real lines while they are typed."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from uuid import UUID

from sqlmodel import Session
from starlette.requests import Request
from starlette.responses import Response

from analytics import choices
from core.errors import DomainError, Invalid
from programs import queries, rule_drafts, segments
from programs.rule_tables import RuleVersion
from programs.tables import Program
from web import pages, rule_form
from web.access import PROGRAM_MANAGER, Router
from web.deps import CurrentViewer, Now, UnitOfWork
from web.error_texts import N_
from web.idempotent import idempotent
from web.program_people import ManagedProgram
from web.routers.rules import partner_names, product_units, tried_on_purchases
from web.rule_form import RuleForm, SentForm

router = Router(access=PROGRAM_MANAGER)
# The last part of a field's name, or a fault of its own → what is wrong with it.
FAULTS = {
    "clause": N_("Nadaj nazwę, do 80 znaków."),
    "twice": N_("Ta nazwa już jest. Każda zasada ma własną."),
    "points": N_("Podaj punkty, na przykład 12 albo 0,5."),
    "units": N_("Podaj, za ile jednostek, na przykład 1."),
    "starts_on": N_("Podaj pierwszy dzień promocji."),
    "ends_on": N_("Podaj ostatni dzień promocji, nie wcześniejszy niż pierwszy."),
    "factor": N_("Podaj mnożnik od 1 do 100, na przykład 2 albo 1,5."),
    "bonus": N_("Podaj punkty dodatkowe albo 0."),
    "most": N_("Podaj, ile razy najwyżej na dokumencie, na przykład 1."),
    "parts": N_("Komplet ma co najmniej dwie części: wybierz rodzinę albo wpisz kody."),
    "every": N_("Wybierz okres z listy."),
    "measure": N_("Wybierz z listy."),
    "at_least": N_("Podaj próg poziomu, na przykład 5000."),
    "rising": N_("Każdy następny poziom ma wyższy próg niż poprzedni."),
    "window_days": N_("Podaj od 30 do 1830 dni."),
    "cap": N_("Podaj pełną liczbę punktów albo zostaw puste."),
    "budget": N_("Podaj pełną liczbę punktów albo zostaw puste."),
    "valid_from": N_("Podaj dzień, od którego zasady mają obowiązywać."),
    "base": N_("Dodaj choć jedną stawkę."),
    "same": N_("„%(clause)s” to ta sama premia co inna w tych zasadach. Zaznacz, że to nowa."),
    "unknown": N_("Program nie ma produktów o kodach: %(codes)s."),
}
EVERY = {
    "month": N_("w miesiącu"),
    "quarter": N_("w kwartale"),
    "year": N_("w roku"),
    "program": N_("w całym programie"),
}
SINKS = {
    "month": N_("pierwszego dnia miesiąca"),
    "quarter": N_("pierwszego dnia kwartału"),
    "year": N_("pierwszego dnia roku"),
    "program": N_("nigdy"),
}


@router.post("/rules")
@idempotent
def start_first_draft(
    request: Request,
    session: UnitOfWork,
    program: ManagedProgram,
    viewer: CurrentViewer,
    now: Now,
) -> Response:
    """The first draft, where no version stands that it could be copied from."""
    _ = pages.say(request)
    made = rule_drafts.start_first(
        session, program=program, clause=_("Wszystkie produkty"), author=viewer.actor, at=now
    )
    return pages.redirect(request, f"/rules/{made.id}/edit")


@router.post("/rules/{version_id}/drafts")
@idempotent
def start_draft(
    request: Request,
    session: UnitOfWork,
    program: ManagedProgram,
    viewer: CurrentViewer,
    version_id: UUID,
    now: Now,
) -> Response:
    """A draft of one's own as a copy of a version."""
    like = rule_drafts.get_version(session, program_id=program.id, version_id=version_id)
    made = rule_drafts.start(session, like=like, author=viewer.actor, at=now)
    return pages.redirect(request, f"/rules/{made.id}/edit")


@router.get("/rules/{version_id}/edit")
def edit_draft(
    request: Request,
    session: UnitOfWork,
    program: ManagedProgram,
    viewer: CurrentViewer,
    version_id: UUID,
    now: Now,
) -> Response:
    version = _own_draft(session, program, version_id, viewer.actor)
    form = rule_form.shown(
        rule_drafts.rules_of(version), valid_from=version.valid_from, note=version.note
    )
    context = _context(request, session, program, version, form, now, viewer.language)
    return pages.render(request, "program/rule_editor.html", context)


def _own_draft(session: Session, program: Program, version_id: UUID, actor: str) -> RuleVersion:
    version = rule_drafts.get_version(session, program_id=program.id, version_id=version_id)
    rule_drafts.require_own_draft(version, actor)
    return version


def _context(
    request: Request,
    session: Session,
    program: Program,
    version: RuleVersion,
    form: RuleForm,
    now: datetime,
    language: str,
) -> dict[str, object]:
    _ = pages.say(request)
    partners = partner_names(session, program.id)
    named = {segment.key: segment.name for segment in segments.list_segments(session, program.id)}
    return {
        "scope_label": program.name,
        "segments": list(named.items()),
        "tiers": [(row.clause, row.clause) for row in form.levels if row.clause],
        "every": [(key, _(text)) for key, text in EVERY.items()],
        "sinks": [(key, _(text)) for key, text in SINKS.items()],
        "prices_visible": queries.settings_of(program).prices_visible,
        "version_id": version.id,
        "number": version.number,
        "form": form,
        "families": choices.families(session, program.id),
        "partners": list(partners.items()),
        **_example(request, session, program, form, now, language),
    }


def _example(
    request: Request,
    session: Session,
    program: Program,
    form: RuleForm,
    now: datetime,
    language: str,
) -> dict[str, object]:
    """Real past lines under what is typed, and what the rules would leave out."""
    try:
        rules, valid_from = form.rules(), form.day()
    except Invalid:
        # Half-typed: the example waits, the form itself says what is missing when it is saved.
        return {"trials": [], "invoice": None, "findings": [], "half_typed": True}
    return {
        **tried_on_purchases(request, session, program, rules, valid_from, now, language),
        "half_typed": False,
    }


@router.post("/rules/{version_id}/example")
def show_example(
    request: Request,
    session: UnitOfWork,
    program: ManagedProgram,
    viewer: CurrentViewer,
    version_id: UUID,
    sent: SentForm,
    now: Now,
) -> Response:
    """What is typed, tried on past lines; nothing is saved."""
    version = _own_draft(session, program, version_id, viewer.actor)
    form = rule_form.typed(sent)
    if pages.is_fragment(request):
        context = _example(request, session, program, form, now, viewer.language)
        return pages.render(request, "program/_trials.html", context)
    context = _context(request, session, program, version, form, now, viewer.language)
    return pages.render(request, "program/rule_editor.html", context)


@router.post("/rules/{version_id}")
@idempotent
def save_draft(
    request: Request,
    session: UnitOfWork,
    program: ManagedProgram,
    viewer: CurrentViewer,
    version_id: UUID,
    sent: SentForm,
    now: Now,
) -> Response:
    """Save, or show the form again with one row more."""
    _ = pages.say(request)
    version = _own_draft(session, program, version_id, viewer.actor)
    form = rule_form.typed(sent)
    context = _context(request, session, program, version, form, now, viewer.language)
    if sent.get("add"):
        return pages.render(request, "program/rule_editor.html", context)
    try:
        require_known_codes(session, program, form)
        rule_drafts.save(
            session,
            version,
            rules=form.rules(),
            valid_from=form.day(),
            note=form.note,
            editor=viewer.actor,
        )
    except Invalid as error:
        raise pages.wrong(
            "program/rule_editor.html", context, {error.field: fault_of(error, _)}
        ) from error
    except DomainError as error:
        raise pages.refused(request, "program/rule_editor.html", context, error) from error
    return pages.redirect(request, f"/rules/{version_id}", flash=_("Szkic zapisany."))


def fault_of(error: Invalid, say: Callable[[str], str]) -> str:
    """What is wrong with a field, in words that say what to type instead."""
    part = error.field.rpartition("-")[2].rstrip("123")
    found = FAULTS.get(str(error.facts.get("fault", "")) or part, FAULTS["clause"])
    return say(found) % error.facts


def require_known_codes(session: Session, program: Program, form: RuleForm) -> None:
    """Raises `Invalid` with the first field whose product codes the programme does not have."""
    known = {sku for sku, _, _ in product_units(session, program.id)}
    if (unknown := form.unknown_codes(known)) is not None:
        field, codes = unknown
        raise Invalid("no such product", field=field, fault="unknown", codes=", ".join(codes))


@router.post("/rules/{version_id}/removal")
@idempotent
def discard_draft(
    request: Request,
    session: UnitOfWork,
    program: ManagedProgram,
    viewer: CurrentViewer,
    version_id: UUID,
) -> Response:
    _ = pages.say(request)
    version = _own_draft(session, program, version_id, viewer.actor)
    rule_drafts.discard(session, version, editor=viewer.actor)
    return pages.redirect(request, "/rules", flash=_("Szkic usunięty."))
