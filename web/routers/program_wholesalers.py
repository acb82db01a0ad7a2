"""Which wholesalers take part in a programme: admitting one, its first branch, its manager."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from uuid import UUID

from sqlmodel import Session
from starlette.requests import Request
from starlette.responses import Response

from core.clock import local_date
from core.errors import DomainError
from partners import queries as partner_queries
from partners.places import BranchFacts
from partners.tables import Partner
from programs import branches, setup
from programs.tables import Program, ProgramPartner
from web import pages
from web.access import Router
from web.charts.tile_map import VOIVODESHIPS
from web.deps import CurrentViewer, Now, UnitOfWork
from web.error_texts import N_
from web.idempotent import idempotent
from web.routers.program_setup import (
    ADMINISTRATORS,
    Texts,
    Typed,
    administered,
    day_of,
    texts_of,
)

router = Router(access=ADMINISTRATORS)
Say = Callable[[str], str]
ONE_DAY = timedelta(days=1)


@dataclass(frozen=True, slots=True)
class Wholesaler:
    """One row of the list; `active` while it takes part, else `until` the last day that counted.

    `earlier` are the first and the last days of the parts before.
    """

    partner_id: UUID
    name: str
    nip: str
    branches: str
    since: datetime
    active: bool
    until: date | None
    earlier: tuple[tuple[date, date], ...]


def _row(
    session: Session, partner: Partner, place: ProgramPartner, now: datetime, say: Say
) -> Wholesaler:
    on = local_date(now)
    parts = branches.list_parts(session, place=place, on=on)
    names = ", ".join(part.branch.name for part in parts if part.counts) or say(N_("żaden"))
    if branches.scope_of(place, on) is branches.Scope.ALL:
        names = say(N_("wszystkie: %(names)s")) % {"names": names}
    return Wholesaler(
        partner.id,
        partner.name,
        partner.nip,
        names,
        place.joined_at,
        place.left_at is None,
        local_date(place.left_at) - ONE_DAY if place.left_at is not None else None,
        tuple(
            (past.joined_on, past.left_on - ONE_DAY)
            for past in setup.list_earlier(session, place)
            if past.left_on > past.joined_on
        ),
    )


def _context(
    request: Request, session: Session, program: Program, now: datetime, typed: Texts | None = None
) -> dict[str, object]:
    say = pages.say(request)
    rows = [_row(session, *found, now, say) for found in setup.list_partners(session, program.id)]
    return {
        "scope_label": program.name,
        "program_id": program.id,
        "rows": rows,
        "typed": typed or Texts(since=local_date(now).isoformat()),
        "voivodeships": sorted(
            ((v.code, v.name) for v in VOIVODESHIPS.values()), key=lambda item: item[1]
        ),
        "tab": "wholesalers",
    }


@router.get("/programs/{program_id}/wholesalers")
def show_wholesalers(
    request: Request, session: UnitOfWork, viewer: CurrentViewer, now: Now, program_id: UUID
) -> Response:
    program = administered(session, viewer, program_id)
    context = _context(request, session, program, now)
    return pages.render(request, "setup/wholesalers.html", context)


@router.post("/programs/{program_id}/wholesalers")
@idempotent
def admit(
    request: Request,
    session: UnitOfWork,
    viewer: CurrentViewer,
    now: Now,
    program_id: UUID,
    form: Typed,
) -> Response:
    """A wholesaler that is new to us brings its first branch and its manager."""
    _ = pages.say(request)
    program = administered(session, viewer, program_id)
    typed = texts_of(form)
    try:
        fields = ("name", "street", "postcode", "city", "voivodeship")
        partner = setup.admit_with_branch(
            session,
            program=program,
            nip=typed.get("nip", ""),
            name=typed.get("name", ""),
            short_name=typed.get("short_name", ""),
            branch=BranchFacts(**{field: typed.get(f"branch_{field}", "") for field in fields}),
            prefix="branch_",
            manager=typed.get("manager", ""),
            email=typed.get("email", ""),
            since=day_of(typed, "since") if typed.get("since") else None,
            actor=viewer.actor,
            at=now,
        )
    except DomainError as error:
        context = _context(request, session, program, now, typed)
        raise pages.refused(request, "setup/wholesalers.html", context, error) from error
    flash = _("%(name)s bierze udział w programie.") % {"name": partner.short_name}
    return pages.redirect(request, f"/programs/{program.id}/wholesalers", flash=flash)


@router.get("/programs/{program_id}/wholesalers/{partner_id}/end")
def ask_end(
    request: Request,
    session: UnitOfWork,
    viewer: CurrentViewer,
    program_id: UUID,
    partner_id: UUID,
) -> Response:
    _ = pages.say(request)
    program = administered(session, viewer, program_id)
    partner = partner_queries.get_partner(session, partner_id)
    context = {
        "heading": _("Zakończyć udział hurtowni?"),
        "text": _(
            "Nowe zakupy w %(name)s nie dadzą punktów. Zgłoszenia, które już czekają, "
            "hurtownia jeszcze rozpatrzy. Udział można przywrócić."
        )
        % {"name": partner.short_name},
        "action": f"/programs/{program.id}/wholesalers/{partner_id}/end",
        "confirm_label": _("Zakończ udział"),
        "cancel_href": f"/programs/{program.id}/wholesalers",
        "danger": True,
    }
    return pages.render(request, "confirm.html", context)


@router.post("/programs/{program_id}/wholesalers/{partner_id}/end")
def end(
    request: Request,
    session: UnitOfWork,
    viewer: CurrentViewer,
    now: Now,
    program_id: UUID,
    partner_id: UUID,
) -> Response:
    _ = pages.say(request)
    program = administered(session, viewer, program_id)
    setup.dismiss_partner(
        session, program=program, partner_id=partner_id, actor=viewer.actor, at=now
    )
    flash = _("Udział zakończony.")
    return pages.redirect(request, f"/programs/{program.id}/wholesalers", flash=flash)
