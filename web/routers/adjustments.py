"""Points adjusted by hand: asked for with a reason, above the limit agreed to by two."""

from __future__ import annotations

import dataclasses
from datetime import datetime
from typing import Annotated, Any
from uuid import UUID

from fastapi import Form
from sqlmodel import Session
from starlette.requests import Request
from starlette.responses import Response

from accounts.roles import Role
from accounts.tables import Person
from analytics import support
from core.errors import DomainError, Invalid
from core.i18n import translations
from points import addresses, adjustments, ledger
from points.adjustments import Account
from points.tables import AdjustmentStatus, PointAdjustment
from programs import limits
from programs import queries as program_queries
from programs import service as program_service
from programs.tables import Participant
from verification import self_dealing
from web import pages
from web.access import OPERATOR, PROGRAM_MANAGER, Router
from web.cursors import cursor_of, read_cursor
from web.deps import CurrentViewer, Now, UnitOfWork
from web.error_texts import N_
from web.idempotent import idempotent
from web.program_people import label_of, programs_of
from web.viewer import Viewer
from web.views.claims import by_id
from web.views.nameless import NAMELESS, nameless

router = Router(access=OPERATOR | PROGRAM_MANAGER)
STAFF = (Role.OPERATOR, Role.PROGRAM_MANAGER)
PAGE = 30
CHIPS = {
    AdjustmentStatus.PROPOSED: ("warn", N_("czeka na drugą osobę"), "clock"),
    AdjustmentStatus.POSTED: ("ok", N_("zapisane"), "check"),
    AdjustmentStatus.REFUSED: ("plain", N_("odrzucone"), "x"),
}


def program_ids(session: Session, viewer: Viewer) -> list[UUID]:
    return [program.id for program in programs_of(session, viewer, *STAFF)]


def account_of(session: Session, participant: Participant, at: datetime) -> Account:
    """The participant's account with what its programme says about adjustments at that time."""
    program = program_queries.get_program(session, participant.program_id)
    settings = program_queries.settings_of(program)
    return Account(
        program_id=program.id,
        participant_id=participant.id,
        person_id=participant.person_id,
        chain=program_service.chain(program.id),
        limit=limits.adjustment_limit(session, program.id, settings, at),
        valid_days=settings.points_valid_days,
    )


def participant_within(
    session: Session, viewer: Viewer, participant_id: UUID
) -> tuple[Participant, support.Hit]:
    """A participant of the viewer's programmes. Raises `ParticipantNotFound`."""
    who = support.get_participant(
        session, program_ids=program_ids(session, viewer), participant_id=participant_id
    )
    participant = program_queries.get_participant(session, participant_id)
    if not viewer.has(Role.OPERATOR) and nameless(session, [participant]):
        words = translations(viewer.language).gettext(NAMELESS)
        who = dataclasses.replace(who, person=words, firm="–")
    return participant, who


@router.get("/adjustments")
def list_adjustments(
    request: Request, session: UnitOfWork, viewer: CurrentViewer, now: Now, after: str = ""
) -> Response:
    """What waits for a second person, and what was done."""
    mine = program_ids(session, viewer)
    found = adjustments.list_decided(
        session,
        program_ids=mine,
        before=read_cursor(after) if after else None,
        limit=PAGE + 1,
    )
    more = found[PAGE - 1] if len(found) > PAGE else None
    context = {
        "scope_label": label_of(programs_of(session, viewer, *STAFF), pages.say(request)),
        "waiting": rows(session, adjustments.list_waiting(session, program_ids=mine), viewer),
        "decided": rows(session, found[:PAGE], viewer),
        "next_href": f"/adjustments?after={cursor_of(more.requested_at, more.id)}" if more else "",
        "first_href": "/adjustments" if after else "",
        "now": now,
    }
    return pages.render(request, "operator/adjustments.html", context)


def rows(session: Session, found: list[PointAdjustment], viewer: Viewer) -> list[dict[str, Any]]:
    """Adjustments with the names of who asked and who decided."""
    firms = by_id(session, Participant, [one.participant_id for one in found])
    seen_by_operator = viewer.has(Role.OPERATOR)
    hidden = frozenset() if seen_by_operator else nameless(session, firms.values())
    unnamed = translations(viewer.language).gettext(NAMELESS)
    asked = [one.requested_by for one in found]
    decided = [one.decided_by for one in found if one.decided_by]
    names = {id: person.name for id, person in by_id(session, Person, [*asked, *decided]).items()}
    return [
        {
            "id": one.id,
            "firm": unnamed
            if one.participant_id in hidden
            else firms[one.participant_id].company_name,
            "participant_id": one.participant_id,
            "points": one.points,
            "reason": one.reason,
            "note": one.note,
            "chip": CHIPS[one.status],
            "requested_at": one.requested_at,
            "requested_by": names.get(one.requested_by, ""),
            "decided_at": one.decided_at,
            "decided_by": names.get(one.decided_by, "") if one.decided_by else "",
            "own": one.requested_by == viewer.id,
        }
        for one in found
    ]


@router.get("/adjustments/new/{participant_id}")
def new_adjustment(
    request: Request, session: UnitOfWork, viewer: CurrentViewer, participant_id: UUID, now: Now
) -> Response:
    """The form: how many points, and why."""
    context = _form(session, viewer, participant_id, now, points="", reason="", direction="add")
    return pages.render(request, "operator/adjustment.html", context)


def _form(
    session: Session,
    viewer: Viewer,
    participant_id: UUID,
    at: datetime,
    *,
    points: str,
    reason: str,
    direction: str,
) -> dict[str, Any]:
    participant, who = participant_within(session, viewer, participant_id)
    return {
        "scope_label": who.program,
        "who": who,
        "participant_id": participant_id,
        "balance": ledger.balance(session, addresses.active(participant_id)),
        "limit": account_of(session, participant, at).limit,
        "points": points,
        "reason": reason,
        "direction": direction,
        "may_support": viewer.has(Role.OPERATOR),
    }


@router.post("/adjustments/new/{participant_id}")
@idempotent
def propose(
    request: Request,
    session: UnitOfWork,
    viewer: CurrentViewer,
    participant_id: UUID,
    now: Now,
    points: Annotated[str, Form(max_length=20)] = "",
    direction: Annotated[str, Form(max_length=10)] = "",
    reason: Annotated[str, Form(max_length=400)] = "",
) -> Response:
    participant, _who = participant_within(session, viewer, participant_id)
    try:
        digits = "".join(points.split())
        if not digits.isdecimal() or direction not in ("add", "take"):
            raise Invalid("points are a number that is not zero", field="points")
        refuse_own(session, viewer, participant)
        made = adjustments.propose(
            session,
            account=account_of(session, participant, now),
            points=int(digits) * (1 if direction == "add" else -1),
            reason=reason,
            requested_by=viewer.id,
            actor=viewer.actor,
            at=now,
        )
    except DomainError as error:
        context = _form(
            session, viewer, participant_id, now, points=points, reason=reason, direction=direction
        )
        raise pages.refused(request, "operator/adjustment.html", context, error) from error
    _ = pages.say(request)
    done = made.status is AdjustmentStatus.POSTED
    flash = _("Punkty zapisane.") if done else _("Czeka na zgodę drugiej osoby.")
    return pages.redirect(request, "/adjustments", flash=flash)


@router.post("/adjustments/{adjustment_id}/approval")
@idempotent
def approve(
    request: Request, session: UnitOfWork, viewer: CurrentViewer, adjustment_id: UUID, now: Now
) -> Response:
    participant = _adjusted(session, viewer, adjustment_id)
    refuse_own(session, viewer, participant)
    adjustments.approve(
        session,
        account=account_of(session, participant, now),
        adjustment_id=adjustment_id,
        by=viewer.id,
        actor=viewer.actor,
        at=now,
    )
    _ = pages.say(request)
    return pages.redirect(request, "/adjustments", flash=_("Punkty zapisane."))


@router.post("/adjustments/{adjustment_id}/refusal")
@idempotent
def refuse(
    request: Request,
    session: UnitOfWork,
    viewer: CurrentViewer,
    adjustment_id: UUID,
    now: Now,
    note: Annotated[str, Form(max_length=300)] = "",
) -> Response:
    adjustments.refuse(
        session,
        account=account_of(session, _adjusted(session, viewer, adjustment_id), now),
        adjustment_id=adjustment_id,
        by=viewer.id,
        actor=viewer.actor,
        note=note,
        at=now,
    )
    _ = pages.say(request)
    return pages.redirect(request, "/adjustments", flash=_("Wyrównanie odrzucone."))


def refuse_own(session: Session, viewer: Viewer, participant: Participant) -> None:
    """Nobody adjusts points of their own firm, or of whom they are linked to. `SelfDealing`."""
    self_dealing.refuse(session, person_id=viewer.id, participant=participant, for_program=True)


def _adjusted(session: Session, viewer: Viewer, adjustment_id: UUID) -> Participant:
    found = adjustments.get(
        session, program_ids=program_ids(session, viewer), adjustment_id=adjustment_id
    )
    return program_queries.get_participant(session, found.participant_id)
