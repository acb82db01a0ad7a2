"""The programme behind a request of the manufacturer's, the operator's or the auditor's people."""

from __future__ import annotations

from typing import Annotated

from fastapi import Depends
from sqlmodel import Session, col, select

from accounts.roles import Role
from programs import queries
from programs.tables import Program
from web.deps import CurrentViewer, UnitOfWork
from web.viewer import Viewer

MANUFACTURER = (Role.ANALYST, Role.PROGRAM_MANAGER)
OVERSIGHT = (*MANUFACTURER, Role.OPERATOR, Role.SUPPORT, Role.AUDITOR)


def programs_of(session: Session, viewer: Viewer, *roles: Role) -> list[Program]:
    """The programmes where the viewer holds one of the roles, oldest first."""
    found = select(Program).order_by(col(Program.created_at), col(Program.id))
    if not viewer.everywhere(*roles):
        found = found.where(col(Program.id).in_(viewer.ids("program", *roles)))
    return list(session.exec(found))


def _first(session: Session, viewer: Viewer, *roles: Role) -> Program:
    found = programs_of(session, viewer, *roles)
    if not found:
        raise queries.ProgramNotFound
    return found[0]


def holds(viewer: Viewer, program: Program, *roles: Role) -> bool:
    """Whether the viewer has one of the roles in this very programme."""
    return viewer.everywhere(*roles) or program.id in viewer.ids("program", *roles)


def _manufacturers(session: UnitOfWork, viewer: CurrentViewer) -> Program:
    return _first(session, viewer, *MANUFACTURER)


def _managed(session: UnitOfWork, viewer: CurrentViewer) -> Program:
    return _first(session, viewer, Role.PROGRAM_MANAGER)


def _published(session: UnitOfWork, viewer: CurrentViewer) -> Program:
    return _first(session, viewer, Role.PROGRAM_MANAGER, Role.OPERATOR)


def _overseen(session: UnitOfWork, viewer: CurrentViewer) -> Program:
    return _first(session, viewer, *OVERSIGHT)


# The programme of the manufacturer's people.
CurrentProgram = Annotated[Program, Depends(_manufacturers)]

# The programme that somebody runs, supports or audits.
OverseenProgram = Annotated[Program, Depends(_overseen)]

# The programme that somebody may change, and the one whose rules somebody may publish: a role
# elsewhere is no role here.
ManagedProgram = Annotated[Program, Depends(_managed)]
PublishedProgram = Annotated[Program, Depends(_published)]
