"""The participant behind a request: which programme, which firm."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Annotated

from fastapi import Depends

from accounts.roles import Role
from programs import queries
from programs.tables import Participant, Program
from web.deps import CurrentViewer, UnitOfWork


@dataclass(frozen=True, slots=True)
class Member:
    participant: Participant
    program: Program
    scope_label: str


def _member(session: UnitOfWork, viewer: CurrentViewer) -> Member:
    found = queries.find_participants_of(session, viewer.id)
    if viewer.api_key_id is not None and not viewer.everywhere(Role.PARTICIPANT):
        # A key was made for one programme and opens no other of its maker's.
        within = viewer.ids("program", Role.PARTICIPANT)
        found = [participant for participant in found if participant.program_id in within]
    if not found:
        raise queries.ParticipantNotFound
    program = queries.get_program(session, found[0].program_id)
    manufacturer = queries.get_manufacturer(session, program)
    short = manufacturer.name.removesuffix(" S.A.").removesuffix(" sp. z o.o.")
    return Member(found[0], program, f"{program.name} · {short}")


CurrentMember = Annotated[Member, Depends(_member)]
