"""The participant behind a request: which programme, which firm."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Annotated

from fastapi import Depends
from starlette.requests import Request

from accounts.roles import Role
from programs import queries
from programs.tables import Participant, Program
from web.deps import CurrentViewer, UnitOfWork
from web.linked_programs import Linked
from web.scopes import Asked, choose


@dataclass(frozen=True, slots=True)
class Member:
    participant: Participant
    program: Program
    scope_label: str


def _member(
    request: Request,
    session: UnitOfWork,
    viewer: CurrentViewer,
    asked: Asked,
    linked: Linked,
) -> Member:
    found = queries.find_participants_of(session, viewer.id)
    if viewer.api_key_id is not None and not viewer.everywhere(Role.PARTICIPANT):
        # A key was made for one programme and opens no other of its maker's.
        within = viewer.ids("program", Role.PARTICIPANT)
        found = [participant for participant in found if participant.program_id in within]
    if not found:
        raise queries.ParticipantNotFound
    mine = {one.program_id: one for one in found}
    programs = [queries.get_program(session, program_id) for program_id in mine]
    program = choose(request, asked, programs, linked=linked)
    manufacturer = queries.get_manufacturer(session, program)
    short = manufacturer.name.removesuffix(" S.A.").removesuffix(" sp. z o.o.")
    return Member(mine[program.id], program, f"{program.name} · {short}")


CurrentMember = Annotated[Member, Depends(_member)]
