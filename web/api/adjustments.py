"""Points adjusted by hand, for programs of the operator: asked for, agreed to, refused."""

from __future__ import annotations

from datetime import datetime
from typing import Annotated
from uuid import UUID

from fastapi import Query
from pydantic import BaseModel, ConfigDict, Field
from starlette.requests import Request

from points import adjustments
from points.tables import AdjustmentStatus, PointAdjustment
from programs import queries as program_queries
from web.access import OPERATOR, PROGRAM_MANAGER, ApiRouter
from web.api.paging import Cursor, Limit, Page, since, timed_page
from web.api.posting import MAY_REPEAT, MUST_BE_KEYED
from web.deps import CurrentViewer, Now, UnitOfWork
from web.idempotent import idempotent
from web.routers.adjustments import account_of, participant_within, program_ids, refuse_own

router = ApiRouter(area="adjustments", access=OPERATOR | PROGRAM_MANAGER, prefix="/adjustments")


class AdjustmentIn(BaseModel):
    """`points` above zero are added, below zero taken."""

    model_config = ConfigDict(extra="forbid")

    participant_id: UUID
    points: int = Field(ge=-adjustments.MOST, le=adjustments.MOST)
    reason: str = Field(min_length=5, max_length=300)


class RefusalIn(BaseModel):
    model_config = ConfigDict(extra="forbid")

    note: Annotated[str, Field(max_length=300)] = ""


class AdjustmentOut(BaseModel):
    """`proposed` waits for a second person; `needs_second` says whether one is wanted."""

    id: UUID
    participant_id: UUID
    points: int
    reason: str
    status: AdjustmentStatus
    needs_second: bool
    requested_at: datetime
    decided_at: datetime | None
    note: str


def _out(found: PointAdjustment) -> AdjustmentOut:
    return AdjustmentOut.model_validate(found, from_attributes=True)


@router.get("")
def list_adjustments(
    session: UnitOfWork,
    viewer: CurrentViewer,
    waiting: Annotated[
        bool, Query(description="what waits for a second person; else what was decided")
    ] = False,
    cursor: Cursor = "",
    limit: Limit = 50,
) -> Page[AdjustmentOut]:
    """What was decided, newest first; or what waits for a second person, oldest first."""
    mine, place = program_ids(session, viewer), since(cursor)
    found = (
        adjustments.list_waiting(session, program_ids=mine, after=place, limit=limit + 1)
        if waiting
        else adjustments.list_decided(session, program_ids=mine, before=place, limit=limit + 1)
    )
    return timed_page(
        found,
        [_out(one) for one in found[:limit]],
        limit=limit,
        place_of=lambda one: (one.requested_at, one.id),
    )


@router.post("", status_code=201, openapi_extra=MUST_BE_KEYED)
@idempotent(required=True)
def propose(
    request: Request,
    session: UnitOfWork,
    viewer: CurrentViewer,
    now: Now,
    adjustment: AdjustmentIn,
) -> AdjustmentOut:
    """Ask for an adjustment; below the programme's limit it is posted at once."""
    del request
    participant, _ = participant_within(session, viewer, adjustment.participant_id)
    refuse_own(session, viewer, participant)
    return _out(
        adjustments.propose(
            session,
            account=account_of(session, participant, now),
            points=adjustment.points,
            reason=adjustment.reason,
            requested_by=viewer.id,
            actor=viewer.actor,
            at=now,
        )
    )


@router.post("/{adjustment_id}/approval", openapi_extra=MAY_REPEAT)
@idempotent
def approve(
    request: Request, session: UnitOfWork, viewer: CurrentViewer, adjustment_id: UUID, now: Now
) -> AdjustmentOut:
    """Agree as the second person; the points are posted."""
    del request
    found = adjustments.get(
        session, program_ids=program_ids(session, viewer), adjustment_id=adjustment_id
    )
    participant = program_queries.get_participant(session, found.participant_id)
    refuse_own(session, viewer, participant)
    return _out(
        adjustments.approve(
            session,
            account=account_of(session, participant, now),
            adjustment_id=adjustment_id,
            by=viewer.id,
            actor=viewer.actor,
            at=now,
        )
    )


@router.post("/{adjustment_id}/refusal", openapi_extra=MAY_REPEAT)
@idempotent
def refuse(
    request: Request,
    session: UnitOfWork,
    viewer: CurrentViewer,
    adjustment_id: UUID,
    now: Now,
    refusal: RefusalIn,
) -> AdjustmentOut:
    """Say no, or take the own wish back; nothing is posted."""
    del request
    found = adjustments.get(
        session, program_ids=program_ids(session, viewer), adjustment_id=adjustment_id
    )
    participant = program_queries.get_participant(session, found.participant_id)
    return _out(
        adjustments.refuse(
            session,
            account=account_of(session, participant, now),
            adjustment_id=adjustment_id,
            by=viewer.id,
            actor=viewer.actor,
            note=refusal.note,
            at=now,
        )
    )
