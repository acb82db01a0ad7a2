"""Who works for a programme, over the API: listed, invited, given another role, ended."""

from __future__ import annotations

from collections import defaultdict
from datetime import datetime
from enum import StrEnum
from uuid import UUID

from pydantic import BaseModel, Field
from sqlmodel import Session
from starlette.requests import Request

from accounts import people, staff
from accounts.contacts import parse
from accounts.roles import Grant, Role, scope_of
from accounts.staff import Member
from core.errors import Invalid, NotFound
from messages.sign_in import invite_staff
from programs.tables import Program
from web.access import ApiRouter
from web.api.paging import Cursor, Limit, Page, after, page
from web.api.posting import MAY_REPEAT
from web.deps import CurrentViewer, Now, UnitOfWork
from web.idempotent import idempotent
from web.program_people import AdministeredProgram
from web.routers.program_setup import ADMINISTRATORS
from web.routers.program_team import ROLE_WORDS

router = ApiRouter(area="team", access=ADMINISTRATORS, prefix="/team")


class TeamRole(StrEnum):
    """What somebody does for a programme."""

    PROGRAM_MANAGER = "program_manager"
    ANALYST = "analyst"
    LOGISTICS = "logistics"
    SUPPORT = "support"
    AUDITOR = "auditor"


assert {role.value for role in ROLE_WORDS} == {role.value for role in TeamRole}


class HeldRole(BaseModel):
    role: TeamRole
    since: datetime


class PersonOut(BaseModel):
    """Somebody of the team; `invited` until they have set their first password."""

    person_id: UUID
    name: str
    email: str
    invited: bool
    roles: list[HeldRole]


class InvitationIn(BaseModel):
    name: str = Field(max_length=300)
    email: str = Field(max_length=300)
    role: TeamRole


class RoleChange(BaseModel):
    role: TeamRole = Field(description="what the person does from now on instead")


def _people(session: Session, program: Program) -> list[PersonOut]:
    held: defaultdict[UUID, list[Member]] = defaultdict(list)
    for member in staff.list_members(session, scope=scope_of("program", program.id)):
        if member.role in ROLE_WORDS:
            held[member.person_id].append(member)
    return [
        PersonOut(
            person_id=person_id,
            name=roles[0].name,
            email=roles[0].email,
            invited=not roles[0].active,
            roles=[HeldRole(role=TeamRole(one.role.value), since=one.since) for one in roles],
        )
        for person_id, roles in sorted(held.items())
    ]


def _one(session: Session, program: Program, person_id: UUID) -> PersonOut:
    for person in _people(session, program):
        if person.person_id == person_id:
            return person
    raise NotFound("nobody of this team")


@router.get("")
def list_team(
    session: UnitOfWork, program: AdministeredProgram, limit: Limit = 50, cursor: Cursor = ""
) -> Page[PersonOut]:
    """The people of the programme and those who were invited."""
    last = after(cursor)
    rows = [one for one in _people(session, program) if last is None or one.person_id > last]
    return page(
        rows[: limit + 1], limit=limit, id_of=lambda one: one.person_id, item=lambda one: one
    )


@router.post("", status_code=201, response_model=PersonOut, openapi_extra=MAY_REPEAT)
@idempotent
def invite(
    request: Request,
    session: UnitOfWork,
    program: AdministeredProgram,
    viewer: CurrentViewer,
    given: InvitationIn,
    now: Now,
) -> PersonOut:
    """Give a role; somebody without a password gets the link for their first one."""
    del request  # The idempotency around this asks for it.
    if not given.name.strip():
        raise Invalid("a person has a name", field="name")
    person_id = invite_staff(
        session,
        contact=parse(given.email, field="email"),
        name=given.name.strip(),
        grant=Grant(Role(given.role.value), scope_of("program", program.id)),
        by=viewer.actor,
        at=now,
    )
    return _one(session, program, person_id)


@router.put("/{person_id}/roles/{role}")
def change_role(
    session: UnitOfWork,
    program: AdministeredProgram,
    viewer: CurrentViewer,
    person_id: UUID,
    role: TeamRole,
    given: RoleChange,
    now: Now,
) -> PersonOut:
    """Another role instead of this one; the person signs in again."""
    staff.change_role(
        session,
        person_id=people.get(session, person_id).id,
        scope=scope_of("program", program.id),
        old=Role(role.value),
        new=Role(given.role.value),
        keep_one=Role.PROGRAM_MANAGER,
        by=viewer.actor,
        at=now,
    )
    return _one(session, program, person_id)


@router.delete("/{person_id}/roles/{role}", status_code=204)
def end_role(
    session: UnitOfWork,
    program: AdministeredProgram,
    viewer: CurrentViewer,
    person_id: UUID,
    role: TeamRole,
    now: Now,
) -> None:
    """End a person's work in this role; never that of the last manager."""
    staff.end_membership(
        session,
        person_id=people.get(session, person_id).id,
        grant=Grant(Role(role.value), scope_of("program", program.id)),
        keep_one=Role.PROGRAM_MANAGER,
        by=viewer.actor,
        at=now,
    )
