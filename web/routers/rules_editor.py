"""Writing a draft of the rules: rates and promotions, tried on real lines while they are typed."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from sqlmodel import Session
from starlette.requests import Request
from starlette.responses import Response

from analytics import choices, rule_trials
from core.clock import local_date
from core.errors import DomainError, Invalid
from programs import rule_drafts, rule_review
from programs.rule_tables import RuleVersion
from programs.tables import Program
from web import pages, rule_form
from web.access import PROGRAM_MANAGER, Router
from web.deps import CurrentViewer, Now, UnitOfWork
from web.error_texts import N_
from web.idempotent import idempotent
from web.program_people import ManagedProgram
from web.routers.rules import named_products, partner_names
from web.rule_form import RuleForm, SentForm
from web.views import rules as views

router = Router(access=PROGRAM_MANAGER)
# The last part of a field's name → what is wrong with it.
FAULTS = {
    "clause": N_("Nadaj nazwę, do 80 znaków."),
    "points": N_("Podaj punkty, na przykład 12 albo 0,5."),
    "units": N_("Podaj, za ile jednostek, na przykład 1."),
    "starts_on": N_("Podaj pierwszy dzień promocji."),
    "ends_on": N_("Podaj ostatni dzień promocji, nie wcześniejszy niż pierwszy."),
    "factor": N_("Podaj mnożnik od 1 do 100, na przykład 2 albo 1,5."),
    "bonus": N_("Podaj punkty dodatkowe albo 0."),
    "cap": N_("Podaj pełną liczbę punktów albo zostaw puste."),
    "valid_from": N_("Podaj dzień, od którego zasady mają obowiązywać."),
    "base": N_("Dodaj choć jedną stawkę."),
}


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
    partners = partner_names(session, program.id)
    return {
        "scope_label": program.name,
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
    _ = pages.say(request)
    try:
        rules, valid_from = form.rules(), form.day()
    except Invalid:
        # Half-typed: the example waits, the form itself says what is missing when it is saved.
        return {"trials": [], "findings": [], "half_typed": True}
    products = named_products(session, program.id)
    tried = [
        (line, rule_trials.try_on(rules, line, valid_from=valid_from))
        for line in rule_trials.past_lines(session, program.id, today=local_date(now))
    ]
    return {
        "trials": views.trials(tried, say=_, language=language),
        "findings": views.findings(
            rule_review.findings(rules, products, valid_from=valid_from), say=_
        ),
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
    form = rule_form.typed(sent, kept=rule_drafts.rules_of(version))
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
    form = rule_form.typed(sent, kept=rule_drafts.rules_of(version))
    context = _context(request, session, program, version, form, now, viewer.language)
    if sent.get("add"):
        return pages.render(request, "program/rule_editor.html", context)
    try:
        rule_drafts.save(
            session,
            version,
            rules=form.rules(),
            valid_from=form.day(),
            note=form.note,
            editor=viewer.actor,
        )
    except Invalid as error:
        words = _(FAULTS.get(error.field.rpartition("-")[2], FAULTS["clause"]))
        raise pages.wrong("program/rule_editor.html", context, {error.field: words}) from error
    except DomainError as error:
        raise pages.refused(request, "program/rule_editor.html", context, error) from error
    return pages.redirect(request, f"/rules/{version_id}", flash=_("Szkic zapisany."))


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
