"""A new programme comes with the person who runs it."""

from __future__ import annotations

from datetime import datetime

from sqlmodel import Session

from accounts.contacts import parse
from accounts.roles import Grant, Role, scope_of
from core.errors import Invalid
from messages.sign_in import invite_staff
from programs import setup
from programs.setup import ProgramFacts
from programs.tables import Program


def found_with_manager(
    session: Session,
    *,
    manufacturer: str,
    nip: str,
    facts: ProgramFacts,
    manager: str,
    email: str,
    actor: str,
    at: datetime,
) -> Program:
    """Found a programme and send its manager the way in.

    Raises `Invalid` with the field, `PeriodInvalid`, `ContactInvalid`.
    """
    program = setup.found_program(
        session, manufacturer=manufacturer, nip=nip, facts=facts, actor=actor, at=at
    )
    if not manager.strip():
        raise Invalid("a person has a name", field="manager")
    invite_staff(
        session,
        contact=parse(email, field="email"),
        name=manager.strip(),
        grant=Grant(Role.PROGRAM_MANAGER, scope_of("program", program.id)),
        by=actor,
        at=at,
    )
    return program
