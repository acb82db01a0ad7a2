"""Segments of participants that rules may name, and who holds which level."""

from __future__ import annotations

import re
from collections.abc import Sequence
from datetime import datetime
from typing import Annotated
from uuid import UUID

from fastapi import Form
from pydantic import ValidationError
from sqlmodel import Session
from starlette.requests import Request
from starlette.responses import Response

from accounts.roles import Role
from analytics import groups
from core.clock import local_date
from core.errors import DomainError, Invalid
from programs import segments
from programs.policy import Rules
from programs.policy_segments import Conditions
from programs.segment_tables import Segment
from programs.tables import Program
from web import charts, pages
from web.access import PROGRAM_ANALYST, PROGRAM_MANAGER, Router
from web.deps import CurrentViewer, Now, UnitOfWork
from web.error_texts import N_
from web.idempotent import idempotent
from web.program_people import CurrentProgram, ManagedProgram, holds
from web.routers.products import rules_on
from web.views import segments as views

router = Router(access=PROGRAM_ANALYST)
Text = Annotated[str, Form(max_length=300)]
Long = Annotated[str, Form(max_length=60_000)]
Texts = Annotated[list[str] | None, Form()]
FAULTS = {
    "name": N_("Nadaj nazwę, do 80 znaków."),
    "conditions": N_("Wybierz choć jedną cechę albo zrób listę."),
    "firm_from": N_("Podaj liczbę osób, na przykład 3."),
    "firm_to": N_("Podaj liczbę osób nie mniejszą niż „od”."),
    "nips": N_("Wpisz NIP-y, po jednym w wierszu."),
}


@router.get("/segments")
def list_segments(
    request: Request, session: UnitOfWork, program: CurrentProgram, viewer: CurrentViewer, now: Now
) -> Response:
    _, today = pages.say(request), local_date(now)
    rules = rules_on(session, program.id, today)
    in_segments, on_levels = groups.sizes(session, program.id, today=today)
    context = {
        "scope_label": program.name,
        "rows": views.rows(
            segments.list_segments(session, program.id),
            in_segments,
            rules,
            say=_,
            language=viewer.language,
        ),
        "levels": views.levels(rules, on_levels, say=_, language=viewer.language),
        "may_manage": holds(viewer, program, Role.PROGRAM_MANAGER),
    }
    return pages.render(request, "program/segments.html", context)


def _form(
    session: Session, program: Program, typed: dict[str, object], now: Now
) -> dict[str, object]:
    rules: Rules | None = rules_on(session, program.id, local_date(now))
    ladder = rules.ladder if rules is not None else None
    return {
        "scope_label": program.name,
        "form": typed,
        "voivodeships": sorted(
            ((code, place.name) for code, place in charts.VOIVODESHIPS.items()),
            key=lambda row: row[1],
        ),
        "tiers": [level.name for level in ladder.levels] if ladder else [],
    }


@router.get("/segments/new", access=PROGRAM_MANAGER)
def new_segment(
    request: Request, session: UnitOfWork, program: ManagedProgram, now: Now
) -> Response:
    empty: dict[str, object] = {
        "name": "", "kind": "list", "voivodeships": (), "relations": (), "tiers": (),
        "firm_from": "", "firm_to": "",
    }  # fmt: skip
    return pages.render(request, "program/segment_form.html", _form(session, program, empty, now))


@router.post("/segments", access=PROGRAM_MANAGER)
@idempotent
def create_segment(
    request: Request,
    session: UnitOfWork,
    program: ManagedProgram,
    viewer: CurrentViewer,
    now: Now,
    name: Text = "",
    kind: Text = "list",
    voivodeships: Texts = None,
    relations: Texts = None,
    tiers: Texts = None,
    firm_from: Text = "",
    firm_to: Text = "",
) -> Response:
    """A list, or a segment that attributes describe from now on."""
    _ = pages.say(request)
    typed: dict[str, object] = {
        "name": name, "kind": kind, "voivodeships": tuple(voivodeships or ()),
        "relations": tuple(relations or ()), "tiers": tuple(tiers or ()),
        "firm_from": firm_from, "firm_to": firm_to,
    }  # fmt: skip
    context = _form(session, program, typed, now)
    try:
        conditions = None
        if kind != "list":
            conditions = Conditions(
                voivodeships=tuple(c for c in voivodeships or () if c in charts.VOIVODESHIPS),
                relations=tuple(r for r in relations or () if r in views.RELATIONS),
                tiers=tuple(tiers or ()),
                firm_from=_people(firm_from, "firm_from"),
                firm_to=_people(firm_to, "firm_to"),
            )
        made = segments.create(
            session,
            program_id=program.id,
            name=name,
            conditions=conditions,
            author=viewer.actor,
            at=now,
        )
    except Invalid as error:
        words = _(FAULTS.get(error.field, FAULTS["name"]))
        raise pages.wrong("program/segment_form.html", context, {error.field: words}) from error
    except DomainError as error:
        raise pages.refused(request, "program/segment_form.html", context, error) from error
    return pages.redirect(request, f"/segments/{made.id}", flash=_("Segment utworzony."))


def _people(text: str, field: str) -> int | None:
    if not text.strip():
        return None
    if not text.strip().isdecimal() or not 1 <= int(text) <= 100_000:
        raise Invalid("a number of people", field=field)
    return int(text)


@router.get("/segments/{segment_id}")
def show_segment(
    request: Request,
    session: UnitOfWork,
    program: CurrentProgram,
    viewer: CurrentViewer,
    segment_id: UUID,
    now: Now,
) -> Response:
    context = _segment(request, session, program, viewer, segment_id, now)
    return pages.render(request, "program/segment.html", context)


def _segment(
    request: Request,
    session: Session,
    program: Program,
    viewer: CurrentViewer,
    segment_id: UUID,
    now: Now,
) -> dict[str, object]:
    segment = segments.get(session, program_id=program.id, segment_id=segment_id)
    [row] = views.rows(
        [segment],
        groups.sizes(session, program.id, today=local_date(now))[0],
        rules_on(session, program.id, local_date(now)),
        say=pages.say(request),
        language=viewer.language,
    )
    return {
        "scope_label": program.name,
        "segment": row,
        "listed": groups.listed(session, segment) if segment.conditions is None else [],
        "is_list": segment.conditions is None,
        "archived": segment.archived_at is not None,
        "may_manage": holds(viewer, program, Role.PROGRAM_MANAGER),
        "nips": "",
    }


def add_firms(
    session: Session, segment: Segment, nips: Sequence[str], *, author: str, at: datetime
) -> tuple[int, list[str]]:
    """Put firms that agreed on a list; how many people, and the numbers that were left out.

    Raises `Invalid` without a number, or for a segment that attributes describe.
    """
    typed = [re.sub(r"\D", "", part) for part in nips if part.strip()]
    agreed = groups.nips_that_agreed(session, segment.program_id, typed)
    if not typed:
        raise Invalid("no numbers", field="nips")
    made, _missing = segments.add_members(
        session, segment, nips=sorted(agreed), author=author, at=at
    )
    return made, [nip for nip in dict.fromkeys(typed) if nip not in agreed]


@router.post("/segments/{segment_id}/members", access=PROGRAM_MANAGER)
@idempotent
def add_members(
    request: Request,
    session: UnitOfWork,
    program: ManagedProgram,
    viewer: CurrentViewer,
    segment_id: UUID,
    now: Now,
    nips: Long = "",
) -> Response:
    """Firms by tax number; those that are not there, or did not agree, are named together."""
    _ = pages.say(request)
    segment = segments.get(session, program_id=program.id, segment_id=segment_id)
    try:
        made, left_out = add_firms(
            session, segment, re.split(r"[\s,;]+", nips), author=viewer.actor, at=now
        )
    except (Invalid, ValidationError) as error:
        context = _segment(request, session, program, viewer, segment_id, now) | {"nips": nips}
        fault = FAULTS["nips"]
        raise pages.wrong("program/segment.html", context, {"nips": _(fault)}) from error
    flash = _("Dodane osoby: %(number)s.") % {"number": made}
    if left_out:
        words = _("Bez uczestnictwa albo zgody na nazwę: %(nips)s.")
        flash = f"{flash} {words % {'nips': ', '.join(left_out[:20])}}"
    kind = "ok" if made else "warn"
    return pages.redirect(request, f"/segments/{segment_id}", flash=flash, kind=kind)


@router.post("/segments/{segment_id}/members/{participant_id}/removal", access=PROGRAM_MANAGER)
@idempotent
def remove_member(
    request: Request,
    session: UnitOfWork,
    program: ManagedProgram,
    segment_id: UUID,
    participant_id: UUID,
    now: Now,
) -> Response:
    _ = pages.say(request)
    segment = segments.get(session, program_id=program.id, segment_id=segment_id)
    segments.remove_member(session, segment, participant_id=participant_id, at=now)
    return pages.redirect(request, f"/segments/{segment_id}", flash=_("Usunięto z listy."))


@router.post("/segments/{segment_id}/archival", access=PROGRAM_MANAGER)
@idempotent
def archive_segment(
    request: Request, session: UnitOfWork, program: ManagedProgram, segment_id: UUID, now: Now
) -> Response:
    """No new rule may name it; rules in force go on with it."""
    _ = pages.say(request)
    segment = segments.get(session, program_id=program.id, segment_id=segment_id)
    try:
        segments.archive(session, segment, at=now)
    except segments.SegmentInUse:
        told = _("Ten segment mówi, kto może zgłaszać zakupy. Najpierw zmień to w ustawieniach.")
        return pages.redirect(request, f"/segments/{segment_id}", flash=told, kind="bad")
    return pages.redirect(request, "/segments", flash=_("Segment odłożony do archiwum."))
