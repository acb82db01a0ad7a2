"""Rehearsals over all past claims: asked for, watched while they run, read when they are done."""

from __future__ import annotations

from uuid import UUID

from starlette.requests import Request
from starlette.responses import Response

from accounts.roles import Role
from analytics import consent, liability, rehearsals
from programs import rule_drafts
from programs.rehearsal_tables import RehearsalStatus
from web import pages
from web.access import Router
from web.deps import CurrentViewer, Now, UnitOfWork
from web.idempotent import idempotent
from web.program_people import OverseenProgram, PublishedProgram, holds
from web.routers.rules import PUBLISHERS, READERS
from web.views import rehearsals as views

router = Router(access=READERS)


@router.post("/rules/{version_id}/rehearsals", access=PUBLISHERS)
@idempotent
def request_rehearsal(
    request: Request,
    session: UnitOfWork,
    program: PublishedProgram,
    viewer: CurrentViewer,
    version_id: UUID,
    now: Now,
) -> Response:
    """Ask for the replay of a version and go where its progress is."""
    version = rule_drafts.get_version(session, program_id=program.id, version_id=version_id)
    made = rehearsals.request(session, version, actor=viewer.actor, at=now)
    return pages.redirect(request, f"/rehearsals/{made.id}")


@router.get("/rehearsals/{rehearsal_id}")
def show_rehearsal(
    request: Request,
    session: UnitOfWork,
    program: OverseenProgram,
    viewer: CurrentViewer,
    rehearsal_id: UUID,
) -> Response:
    """Progress, then the result; the same fragment is asked for every two seconds."""
    found = rehearsals.get(session, program_id=program.id, rehearsal_id=rehearsal_id)
    version = rule_drafts.find_version(
        session, program_id=program.id, version_id=found.rule_version_id
    )
    result = found.result or {}
    named = [
        UUID(person)
        for name in ("most_gaining", "most_losing")
        for person, _ in result.get(name, [])
    ]
    context = {
        "scope_label": program.name,
        "rehearsal_id": found.id,
        "version_id": version.id if version is not None else None,
        "number": version.number if version is not None else None,
        "changed": version is not None and version.rules != found.rules,
        "may_repeat": holds(viewer, program, Role.PROGRAM_MANAGER, Role.OPERATOR),
        "busy": found.status in (RehearsalStatus.WAITING, RehearsalStatus.RUNNING),
        "failed": found.status is RehearsalStatus.FAILED,
        "done": found.done,
        "total": found.total,
        "seen": views.result(
            found,
            cost_per_point=liability.cost_per_point(session, program_id=program.id),
            firms=consent.firms(session, program_id=program.id, participant_ids=named),
            language=viewer.language,
        )
        if found.result is not None
        else None,
    }
    fragment = pages.is_fragment(request)
    template = "program/_full_rehearsal.html" if fragment else "program/full_rehearsal.html"
    return pages.render(request, template, context)
