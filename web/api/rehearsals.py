"""Rehearsals of rule versions over the API: asked for, watched, read."""

from __future__ import annotations

from datetime import date, datetime
from uuid import UUID

from pydantic import BaseModel, Field
from sqlmodel import Session
from starlette.requests import Request

from analytics import consent, liability, rehearsals
from analytics.disclosure import FEWEST_FIRMS
from analytics.liability import in_money
from core.i18n import translations
from programs import rule_drafts
from programs.rehearsal_tables import Rehearsal, RehearsalStatus
from programs.tables import Program
from web.access import ApiRouter
from web.api.paging import Cursor, Limit, Page, after, page
from web.api.posting import MAY_REPEAT
from web.deps import CurrentViewer, Now, UnitOfWork
from web.idempotent import idempotent
from web.program_people import OverseenProgram, PublishedProgram
from web.routers.rules import PUBLISHERS, READERS
from web.views.rehearsals import why_withheld

router = ApiRouter(area="rules", access=READERS, prefix="/rules")


class PartOut(BaseModel):
    """Points of a family or month; `name` is empty for those of fewer than five firms together."""

    name: str
    points: int
    points_then: int | None


class ChangeOut(BaseModel):
    """Somebody who agreed to be named, and the points more or less."""

    participant_id: UUID
    firm: str
    change: int | None


class ResultOut(BaseModel):
    """What the version would have made of all past claims.

    `withheld` says why the sums under the version are `null`: they would give away what fewer than
    five firms get. Numbers of people below five are `null` too.
    """

    claims: int
    lines: int
    first_day: date | None
    last_day: date | None
    withheld: str
    points: int
    points_then: int | None
    cost_grosze: int | None = Field(description="what the difference costs in rewards, if known")
    budget_ended: bool | None
    budget_ends_on: date | None
    cut_lines: int | None
    gaining: int | None
    losing: int | None
    same: int | None
    most_gaining: list[ChangeOut]
    most_losing: list[ChangeOut]
    families: list[PartOut]
    months: list[PartOut]


class RehearsalRow(BaseModel):
    """A rehearsal and how far it is: `done` of `total` claims."""

    id: UUID
    version_id: UUID
    status: RehearsalStatus
    done: int
    total: int
    requested_at: datetime
    finished_at: datetime | None


class RehearsalOut(RehearsalRow):
    """`shifted_years`: by so many years the purchases were moved onto the version's days."""

    shifted_years: int
    changed_since: bool = Field(description="the draft is not what it was when this was asked for")
    result: ResultOut | None


def _facts(found: Rehearsal) -> dict[str, object]:
    return {
        "id": found.id,
        "version_id": found.rule_version_id,
        "status": found.status,
        "done": found.done,
        "total": found.total,
        "requested_at": found.requested_at,
        "finished_at": found.finished_at,
    }


def _row(found: Rehearsal) -> RehearsalRow:
    return RehearsalRow.model_validate(_facts(found))


def _count(size: int) -> int | None:
    return size if size == 0 or size >= FEWEST_FIRMS else None


def _result(session: Session, program: Program, found: Rehearsal, language: str) -> ResultOut:
    told = rehearsals.told_of(found)
    made = told.result
    named = consent.firms(session, program_id=program.id, participant_ids=told.people)
    exact = told.names_exact(len(named))
    cost = liability.cost_per_point(session, program_id=program.id)

    def changes(rows: list[list[object]]) -> list[ChangeOut]:
        return [
            ChangeOut(
                participant_id=UUID(str(person)),
                firm=named[UUID(str(person))],
                change=int(str(change)) if exact else None,
            )
            for person, change in rows
            if UUID(str(person)) in named
        ]

    def parts(rows: list[list[object]]) -> list[PartOut]:
        return [
            PartOut(
                name=str(name),
                points=int(str(real)),
                points_then=None if told.withheld else int(str(then)),
            )
            for name, real, then in rows
        ]

    sums = not told.withheld
    touched = told.numbers
    return ResultOut(
        claims=made["claims"],
        lines=made["lines"],
        first_day=made["first_day"],
        last_day=made["last_day"],
        withheld=why_withheld(told.withheld, translations(language).gettext),
        points=made["points"],
        points_then=made["points_then"] if sums else None,
        cost_grosze=in_money(made["points_then"] - made["points"], cost) if sums else None,
        budget_ended=made["budget_ended"] if sums else None,
        budget_ends_on=made["budget_ends_on"] if sums else None,
        cut_lines=made["cut_lines"] if sums else None,
        gaining=touched["gaining"],
        losing=touched["losing"],
        same=touched["same"],
        most_gaining=changes(made["most_gaining"]),
        most_losing=changes(made["most_losing"]),
        families=parts(made["families"]),
        months=parts(made["months"]),
    )


def _shown(session: Session, program: Program, found: Rehearsal, language: str) -> RehearsalOut:
    version = rule_drafts.find_version(
        session, program_id=program.id, version_id=found.rule_version_id
    )
    return RehearsalOut.model_validate(
        {
            **_facts(found),
            "shifted_years": found.shifted_years,
            "changed_since": version is None or version.rules != found.rules,
            "result": _result(session, program, found, language)
            if found.result is not None
            else None,
        }
    )


@router.get("/versions/{version_id}/rehearsals")
def list_rehearsals(
    session: UnitOfWork,
    program: OverseenProgram,
    version_id: UUID,
    limit: Limit = 20,
    cursor: Cursor = "",
) -> Page[RehearsalRow]:
    """The rehearsals of a version, newest first."""
    version = rule_drafts.get_version(session, program_id=program.id, version_id=version_id)
    rows = rehearsals.list_of(session, version.id, before=after(cursor), limit=limit + 1)
    return page(rows, limit=limit, id_of=lambda row: row.id, item=_row)


@router.post(
    "/versions/{version_id}/rehearsals",
    status_code=202,
    access=PUBLISHERS,
    response_model=RehearsalOut,
    openapi_extra=MAY_REPEAT,
)
@idempotent
def request_rehearsal(
    request: Request,
    session: UnitOfWork,
    program: PublishedProgram,
    viewer: CurrentViewer,
    version_id: UUID,
    now: Now,
) -> RehearsalOut:
    """Replay the version over all past claims; one that waits or runs already is answered with."""
    del request  # The idempotency around this asks for it.
    version = rule_drafts.get_version(session, program_id=program.id, version_id=version_id)
    made = rehearsals.request(session, version, actor=viewer.actor, at=now)
    return _shown(session, program, made, viewer.language)


@router.get("/rehearsals/{rehearsal_id}")
def show_rehearsal(
    session: UnitOfWork, program: OverseenProgram, viewer: CurrentViewer, rehearsal_id: UUID
) -> RehearsalOut:
    """Its progress, then its result: who gains, who loses, the cost, the budget's end."""
    found = rehearsals.get(session, program_id=program.id, rehearsal_id=rehearsal_id)
    return _shown(session, program, found, viewer.language)
