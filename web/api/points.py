"""The participant's points for programs: balance, what waits, what expires, every operation."""

from __future__ import annotations

from datetime import date, datetime
from typing import Annotated

from fastapi import Query
from pydantic import BaseModel
from starlette.requests import Request
from starlette.responses import Response

from claims import queries as claim_queries
from points import addresses, ledger, statements
from points import service as points
from points.signed import Signed
from points.tables import TransactionKind
from web import pages
from web.access import PARTICIPANT, ApiRouter
from web.api.paging import Limit, Page
from web.deps import CurrentViewer, Now, Opened, UnitOfWork
from web.members import CurrentMember
from web.routers.points import entries, statement_of

router = ApiRouter(area="points", access=PARTICIPANT, prefix="/points")
# The number of a posting; more digits than a posting can have are no cursor of ours.
Place = Annotated[
    str,
    Query(pattern=r"^[0-9]{0,18}$", description="`next_cursor` of the answer before, or nothing."),
]


class ExpiryOut(BaseModel):
    """The nearest day on which points expire, and how many."""

    on: date
    points: int


class PointsOut(BaseModel):
    """What can be spent, what undecided claims may bring, what is owed, what expires next."""

    balance: int
    pending: int
    debt: int
    next_expiry: ExpiryOut | None


class EntryOut(BaseModel):
    """One operation: `points` is signed, `balance` is what was there after it."""

    at: datetime
    kind: TransactionKind
    label: str
    points: int
    balance: int
    source: str
    source_href: str | None


@router.get("")
def get_points(session: UnitOfWork, member: CurrentMember) -> PointsOut:
    """The participant's balance."""
    participant_id = member.participant.id
    expiry = points.next_expiry(session, participant_id=participant_id)
    return PointsOut(
        balance=ledger.balance(session, addresses.active(participant_id)),
        pending=claim_queries.pending_points(session, participant_id=participant_id),
        debt=points.debt(session, participant_id=participant_id),
        next_expiry=ExpiryOut(on=expiry[0], points=expiry[1]) if expiry else None,
    )


@router.get("/entries")
def list_entries(
    request: Request,
    session: UnitOfWork,
    member: CurrentMember,
    limit: Limit = 50,
    cursor: Place = "",
) -> Page[EntryOut]:
    """Every operation on the balance, newest first, with the claim or order it came from."""
    rows = statements.list_rows(
        session,
        address=addresses.active(member.participant.id),
        before=int(cursor) if cursor else None,
        limit=limit + 1,
    )
    shown = rows[:limit]
    _ = pages.say(request)
    items = [
        EntryOut(
            at=view.at,
            kind=row.kind,
            label=_(view.label),
            points=view.points,
            balance=view.balance,
            source=view.source,
            source_href=f"/api/v1{view.href}" if view.href else None,
        )
        for row, view in zip(shown, entries(session, shown), strict=True)
    ]
    more = len(rows) > limit
    return Page(items=items, next_cursor=str(shown[-1].posting_id) if more else None)


@router.get("/statement", response_model=Signed)
def get_statement(
    app: Opened, session: UnitOfWork, viewer: CurrentViewer, member: CurrentMember, now: Now
) -> Response:
    """The whole history with its chain of hashes under our signature: a file that proves itself.

    `python -m points verify-statement FILE` checks it off-line; `/statement-key` shows the key.
    """
    data = statement_of(app, session, member, language=viewer.language, at=now)
    return Response(data, media_type="application/json")
