"""Which branches of a wholesaler count in a programme: all, or those that its people list."""

from __future__ import annotations

from datetime import timedelta
from uuid import UUID

from sqlmodel import Session
from starlette.requests import Request
from starlette.responses import Response

from core.clock import local_date
from core.errors import DomainError
from partners.places import get_branch
from partners.queries import PartnerNotFound, get_partner, list_branches
from partners.tables import Partner
from programs import branches
from programs.branches import Scope
from programs.tables import Program, ProgramPartner
from web import pages
from web.access import Router
from web.deps import CurrentViewer, Now, UnitOfWork
from web.idempotent import idempotent
from web.routers.partner_branches import closed_branches
from web.routers.program_setup import ADMINISTRATORS, Texts, Typed, administered, day_of, texts_of
from web.viewer import Viewer

router = Router(access=ADMINISTRATORS)
PAGE, ENDING = "setup/branches.html", "setup/branch_end.html"


def _part(
    session: Session, viewer: Viewer, program_id: UUID, partner_id: UUID
) -> tuple[Program, Partner, ProgramPartner]:
    """The programme that the viewer sets up and a wholesaler's part in it.

    Raises `ProgramNotFound`, `PartnerNotFound`.
    """
    program = administered(session, viewer, program_id)
    place = session.get(ProgramPartner, (program.id, partner_id))
    if place is None or place.left_at is not None:
        raise PartnerNotFound
    return program, get_partner(session, partner_id), place


def _home(program_id: UUID, partner_id: UUID) -> str:
    return f"/programs/{program_id}/wholesalers/{partner_id}/branches"


def _context(
    session: Session,
    found: tuple[Program, Partner, ProgramPartner],
    now: Now,
    typed: Texts | None = None,
    ticked: list[str] | None = None,
) -> dict[str, object]:
    program, partner, place = found
    today = local_date(now)
    parts = branches.list_parts(session, place=place, on=today)
    coming = place.chosen_from is not None and place.chosen_from > today
    return {
        "scope_label": program.name,
        "program_id": program.id,
        "partner_name": partner.name,
        "base": _home(program.id, partner.id),
        "listed": coming or branches.scope_of(place, today) is Scope.CHOSEN,
        "begins_on": place.chosen_from if coming else None,
        "all_from": place.chosen_until
        if place.chosen_until is not None and place.chosen_until > today
        else None,
        "parts": parts,
        "closed": closed_branches(session, partner.id),
        "today": today,
        "one_day": timedelta(days=1),
        "typed": typed or Texts(since=today.isoformat()),
        "ticked": ticked if ticked is not None else [str(part.branch.id) for part in parts],
        "tab": "wholesalers",
    }


@router.get("/programs/{program_id}/wholesalers/{partner_id}/branches")
def show_branches(
    request: Request,
    session: UnitOfWork,
    viewer: CurrentViewer,
    now: Now,
    program_id: UUID,
    partner_id: UUID,
) -> Response:
    found = _part(session, viewer, program_id, partner_id)
    return pages.render(request, PAGE, _context(session, found, now))


@router.post("/programs/{program_id}/wholesalers/{partner_id}/branches")
@idempotent
def choose(
    request: Request,
    session: UnitOfWork,
    viewer: CurrentViewer,
    now: Now,
    program_id: UUID,
    partner_id: UUID,
    form: Typed,
) -> Response:
    """From a day on only the ticked branches count."""
    _ = pages.say(request)
    found = _part(session, viewer, program_id, partner_id)
    typed = texts_of(form)
    ticked = [value for value in form.getlist("branches") if isinstance(value, str)]
    own = {str(branch.id): branch.id for branch in list_branches(session, partner_id)}
    try:
        branches.choose(
            session,
            program=found[0],
            partner_id=partner_id,
            branch_ids=[own[value] for value in ticked if value in own],
            since=day_of(typed, "since"),
            reason=typed["reason"],
            actor=viewer.actor,
            at=now,
        )
    except DomainError as error:
        context = _context(session, found, now, typed, ticked)
        raise pages.refused(request, PAGE, context, error) from error
    return pages.redirect(request, _home(program_id, partner_id), flash=_("Lista zapisana."))


@router.post("/programs/{program_id}/wholesalers/{partner_id}/branches/all")
@idempotent
def take_all(
    request: Request,
    session: UnitOfWork,
    viewer: CurrentViewer,
    now: Now,
    program_id: UUID,
    partner_id: UUID,
    form: Typed,
) -> Response:
    """From a day on every branch counts again, new ones too."""
    _ = pages.say(request)
    found = _part(session, viewer, program_id, partner_id)
    typed = texts_of(form)
    try:
        branches.take_all(
            session,
            program=found[0],
            partner_id=partner_id,
            since=day_of(typed, "since"),
            reason=typed["reason"],
            actor=viewer.actor,
            at=now,
        )
    except DomainError as error:
        context = _context(session, found, now, typed)
        raise pages.refused(request, PAGE, context, error) from error
    flash = _("Udział biorą wszystkie oddziały.")
    return pages.redirect(request, _home(program_id, partner_id), flash=flash)


@router.post("/programs/{program_id}/wholesalers/{partner_id}/branches/{branch_id}/enrolment")
@idempotent
def enrol(
    request: Request,
    session: UnitOfWork,
    viewer: CurrentViewer,
    now: Now,
    program_id: UUID,
    partner_id: UUID,
    branch_id: UUID,
    form: Typed,
) -> Response:
    """Put a branch on the list, also again."""
    _ = pages.say(request)
    found = _part(session, viewer, program_id, partner_id)
    typed = texts_of(form)
    try:
        branches.enrol(
            session,
            program=found[0],
            partner_id=partner_id,
            branch_id=branch_id,
            since=day_of(typed, "since"),
            reason=typed["reason"],
            actor=viewer.actor,
            at=now,
        )
    except DomainError as error:
        context = _context(session, found, now, typed)
        raise pages.refused(request, PAGE, context, error) from error
    return pages.redirect(request, _home(program_id, partner_id), flash=_("Oddział dopisany."))


def _ending(
    session: Session,
    found: tuple[Program, Partner, ProgramPartner],
    branch_id: UUID,
    typed: Texts,
) -> dict[str, object]:
    program, partner, _ = found
    branch = get_branch(session, partner_id=partner.id, branch_id=branch_id)
    base = _home(program.id, partner.id)
    return {
        "scope_label": program.name,
        "program_id": program.id,
        "partner_name": partner.short_name,
        "branch": branch,
        "action": f"{base}/{branch_id}/end",
        "back": base,
        "typed": typed,
        "tab": "wholesalers",
    }


@router.get("/programs/{program_id}/wholesalers/{partner_id}/branches/{branch_id}/end")
def ask_end(
    request: Request,
    session: UnitOfWork,
    viewer: CurrentViewer,
    now: Now,
    program_id: UUID,
    partner_id: UUID,
    branch_id: UUID,
) -> Response:
    """The question first: from what day, and why."""
    found = _part(session, viewer, program_id, partner_id)
    typed = Texts(since=local_date(now).isoformat())
    return pages.render(request, ENDING, _ending(session, found, branch_id, typed))


@router.post("/programs/{program_id}/wholesalers/{partner_id}/branches/{branch_id}/end")
@idempotent
def end(
    request: Request,
    session: UnitOfWork,
    viewer: CurrentViewer,
    now: Now,
    program_id: UUID,
    partner_id: UUID,
    branch_id: UUID,
    form: Typed,
) -> Response:
    """Take a branch off the list from a day on."""
    _ = pages.say(request)
    found = _part(session, viewer, program_id, partner_id)
    typed = texts_of(form)
    try:
        branches.end(
            session,
            program=found[0],
            partner_id=partner_id,
            branch_id=branch_id,
            since=day_of(typed, "since"),
            reason=typed["reason"],
            actor=viewer.actor,
            at=now,
        )
    except DomainError as error:
        context = _ending(session, found, branch_id, typed)
        raise pages.refused(request, ENDING, context, error) from error
    flash = _("Udział oddziału zakończony. Można go przywrócić.")
    return pages.redirect(request, _home(program_id, partner_id), flash=flash)
