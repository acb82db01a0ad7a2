"""Programs that call the API with a key, and people with a membership."""

from __future__ import annotations

from collections.abc import Sequence
from uuid import UUID

from fastapi import FastAPI

from accounts import keys
from accounts.grants import grant
from accounts.roles import Grant, Role, scope_of
from core import clock
from core.runtime import App
from programs import service as programs
from tests import make
from tests.conftest import NOON
from tests.web.conftest import Browser

EVERYTHING = tuple(
    f"{area}:{what}"
    for area in ("claims", "points", "rewards", "orders", "warehouse")
    for what in ("read", "write")
)


def key_of(
    app: App,
    web: FastAPI,
    person_id: UUID,
    role: Role,
    program_id: UUID,
    permissions: Sequence[str] = EVERYTHING,
) -> Browser:
    """A program with a key of this person for this programme."""
    held = Grant(role, scope_of("program", program_id))
    with app.database.unit_of_work() as session:
        grant(session, person_id=person_id, grant=held, by="test", at=NOON)
        token = keys.create(
            session,
            person_id=person_id,
            grant=held,
            name="ERP",
            permissions=permissions,
            at=clock.now(),
        )
    headers = {"authorization": f"Bearer {token}", "accept-language": "en"}
    return Browser(web, base_url="http://testserver", headers=headers)


def participant(app: App, web: FastAPI, of: make.World) -> Browser:
    """The programme's participant, as a program."""
    return key_of(app, web, of.participant.person_id, Role.PARTICIPANT, of.program.id)


def stranger(app: App, web: FastAPI, of: make.World) -> Browser:
    """Another participant of the same programme."""
    with app.database.unit_of_work() as session:
        person = make.person(session, name="Ewa Lis")
        programs.enrol(
            session,
            program=of.program,
            person_id=person.id,
            company_name="Elektro Ewa",
            nip=make.nip(),
            voivodeship="30",
            at=NOON,
        )
    return key_of(app, web, person.id, Role.PARTICIPANT, of.program.id)


def warehouse(app: App, web: FastAPI, of: make.World) -> Browser:
    """The programme's warehouse system."""
    with app.database.unit_of_work() as session:
        person = make.person(session, name="Jan Magazyn")
    return key_of(app, web, person.id, Role.LOGISTICS, of.program.id)
