"""What the system decides by itself, over the API: routes with their arithmetic, second looks."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from pydantic import BaseModel, ConfigDict, Field

from programs import queries
from verification import automation_figures as figures
from verification.automation_figures import RouteFigures
from verification.policy import Course, Route
from web.access import PROGRAM_ANALYST, ApiRouter
from web.api.paging import Cursor, Limit, Page, since, timed_page
from web.deps import Now, UnitOfWork
from web.program_people import CurrentProgram

router = ApiRouter(area="automation", access=PROGRAM_ANALYST, prefix="/automation")


class RouteOut(BaseModel):
    """One way of deciding in the last half year."""

    model_config = ConfigDict(frozen=True)

    route: Route
    course: Course = Field(description="whether it may decide now, or why not")
    limit_points: int = Field(description="most points it may pay for one claim now")
    bound: float = Field(description="upper 95 % bound of the wrongly paid share")
    claims: int = Field(description="claims that it paid")
    points: int = Field(description="points that it paid")
    points_wrong_at_most: int = Field(description="bound × points")
    looked_claims: int = Field(description="drawn claims that somebody judged again")
    trials: int = Field(description="of these: people's decisions compared with the rules' word")
    wrong_claims: int
    wrong_points: int

    @classmethod
    def of(cls, row: RouteFigures) -> RouteOut:
        return cls(
            route=row.route,
            course=row.permit.course,
            limit_points=row.permit.limit_points,
            bound=row.permit.bound,
            claims=row.claims,
            points=row.paid,
            points_wrong_at_most=row.wrongly,
            looked_claims=row.looked_claims,
            trials=row.trials,
            wrong_claims=row.wrong_claims,
            wrong_points=row.wrong_points,
        )


class AutomationOut(BaseModel):
    error_ceiling: float
    sample_share: float
    routes: list[RouteOut]


class SecondLookOut(BaseModel):
    """One claim that was drawn for a second look, or tried. Nobody's name, no price."""

    model_config = ConfigDict(frozen=True, from_attributes=True)

    id: UUID
    at: datetime
    claim_id: UUID
    number: str
    route: Route
    points: int
    draws: int
    trial: bool = Field(description="a person decided; the rules' word was only compared")
    drawn_at: datetime
    wrong_points: int | None = Field(description="null while nobody has looked")
    taken_back: bool | None = Field(description="null where nothing was wrong")


@router.get("")
def get_automation(session: UnitOfWork, program: CurrentProgram, now: Now) -> AutomationOut:
    """Every route with its evidence and what it may do now."""
    settings = queries.settings_of(program)
    return AutomationOut(
        error_ceiling=float(settings.error_ceiling),
        sample_share=float(settings.sample_share),
        routes=[RouteOut.of(row) for row in figures.routes(session, program, at=now)],
    )


@router.get("/second-looks")
def list_second_looks(
    session: UnitOfWork, program: CurrentProgram, limit: Limit = 50, cursor: Cursor = ""
) -> Page[SecondLookOut]:
    """Drawn and tried claims with what a second person found, the newest first."""
    found = figures.list_drawn(session, program, after=since(cursor), limit=limit + 1)
    items = [SecondLookOut.model_validate(row) for row in found[:limit]]
    return timed_page(found, items, limit=limit, place_of=lambda row: (row.at, row.id))
