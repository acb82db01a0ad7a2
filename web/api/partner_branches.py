"""The wholesaler's branches over the API."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from pydantic import BaseModel, ConfigDict, Field
from sqlmodel import Session
from starlette.requests import Request

from partners import places
from partners.places import BranchFacts
from partners.queries import list_branches, list_closed_branches
from partners.tables import Branch
from verification import closing
from web.access import PARTNER_MANAGER, ApiRouter
from web.api.posting import MAY_REPEAT
from web.clerks import CurrentClerk
from web.deps import Now, UnitOfWork
from web.idempotent import idempotent

router = ApiRouter(area="branches", access=PARTNER_MANAGER, prefix="/branches")


class BranchIn(BaseModel):
    """A place of sale; `voivodeship` is its two-digit TERYT code."""

    name: str = Field(max_length=200)
    street: str = Field(max_length=200)
    postcode: str = Field(max_length=10)
    city: str = Field(max_length=200)
    voivodeship: str = Field(max_length=2)
    phone: str = Field("", max_length=40)

    def facts(self) -> BranchFacts:
        return BranchFacts(**self.model_dump())


class BranchOut(BranchIn):
    model_config = ConfigDict(frozen=True, from_attributes=True)

    id: UUID
    waiting: int = Field(description="reviews that are not decided")
    closed_at: datetime | None = Field(None, description="of a closed branch")
    successor_id: UUID | None = Field(None, description="who took a closed branch's work over")

    @classmethod
    def of(cls, branch: Branch, waiting: int) -> BranchOut:
        known = {name: getattr(branch, name) for name in BranchIn.model_fields}
        return cls(
            id=branch.id,
            waiting=waiting,
            closed_at=branch.closed_at,
            successor_id=branch.succeeded_by,
            **known,
        )


class ClosureIn(BaseModel):
    successor_id: UUID = Field(description="the branch that takes people and open reviews over")


@router.get("")
def list_own(session: UnitOfWork, counter: CurrentClerk, closed: bool = False) -> list[BranchOut]:
    """The branches that are open, or those that were closed."""
    if closed:
        found = list_closed_branches(session, counter.partner.id)
        return [BranchOut.of(branch, 0) for branch in found]
    return _open(session, counter.partner.id)


def _open(session: Session, partner_id: UUID) -> list[BranchOut]:
    found = list_branches(session, partner_id)
    return [BranchOut.of(branch, closing.count_waiting(session, branch.id)) for branch in found]


@router.post("", status_code=201, response_model=BranchOut, openapi_extra=MAY_REPEAT)
@idempotent
def add(
    request: Request, session: UnitOfWork, counter: CurrentClerk, now: Now, given: BranchIn
) -> BranchOut:
    """A new place of sale."""
    del request  # The idempotency around this asks for it.
    branch = places.add_branch(session, partner_id=counter.partner.id, facts=given.facts(), at=now)
    return BranchOut.of(branch, 0)


@router.put("/{branch_id}")
def change(
    session: UnitOfWork, counter: CurrentClerk, branch_id: UUID, given: BranchIn
) -> BranchOut:
    """Correct name or address."""
    branch = places.change_branch(
        session, partner_id=counter.partner.id, branch_id=branch_id, facts=given.facts()
    )
    return BranchOut.of(branch, closing.count_waiting(session, branch.id))


@router.post("/{branch_id}/closure", openapi_extra=MAY_REPEAT)
@idempotent
def close(
    request: Request,
    session: UnitOfWork,
    counter: CurrentClerk,
    now: Now,
    branch_id: UUID,
    given: ClosureIn,
) -> list[BranchOut]:
    """Close a branch; answers with those that stay open."""
    del request
    closing.close_branch(
        session,
        partner_id=counter.partner.id,
        branch_id=branch_id,
        successor_id=given.successor_id,
        by=counter.clerk.person_id,
        at=now,
    )
    return _open(session, counter.partner.id)
