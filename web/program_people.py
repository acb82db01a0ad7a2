"""The programme behind a request of the manufacturer's, the operator's or the auditor's people."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Annotated

from fastapi import Depends
from sqlmodel import Session, col, select
from starlette.requests import Request

from accounts.roles import Role
from programs.tables import Program
from web.deps import CurrentViewer, UnitOfWork
from web.error_texts import N_
from web.linked_programs import Linked
from web.scopes import Asked, choose
from web.viewer import Viewer

MANUFACTURER = (Role.ANALYST, Role.PROGRAM_MANAGER)
OVERSIGHT = (*MANUFACTURER, Role.OPERATOR, Role.SUPPORT, Role.AUDITOR)


def programs_of(session: Session, viewer: Viewer, *roles: Role) -> list[Program]:
    """The programmes where the viewer holds one of the roles, oldest first."""
    found = select(Program).order_by(col(Program.created_at), col(Program.id))
    if not viewer.everywhere(*roles):
        found = found.where(col(Program.id).in_(viewer.ids("program", *roles)))
    return list(session.exec(found))


def holds(viewer: Viewer, program: Program, *roles: Role) -> bool:
    """Whether the viewer has one of the roles in this very programme."""
    return viewer.everywhere(*roles) or program.id in viewer.ids("program", *roles)


def _of(*roles: Role) -> Callable[..., Program]:
    """The programme that the person works in, where one of these roles is needed."""

    def chosen(
        request: Request,
        session: UnitOfWork,
        viewer: CurrentViewer,
        asked: Asked,
        linked: Linked,
    ) -> Program:
        mine = programs_of(session, viewer, *OVERSIGHT)
        allowed = [program for program in mine if holds(viewer, program, *roles)]
        return choose(request, asked, allowed, mine, linked)

    return chosen


def label_of(programs: Sequence[Program], gettext: Callable[[str], str]) -> str:
    """What a page about all of these says of its programme."""
    if len(programs) == 1:
        return programs[0].name
    return gettext(N_("Wszystkie programy")) if programs else ""


# The programme of the manufacturer's people.
CurrentProgram = Annotated[Program, Depends(_of(*MANUFACTURER))]

# The programme that somebody runs, supports or audits.
OverseenProgram = Annotated[Program, Depends(_of(*OVERSIGHT))]

# The programme that somebody may change, and the one whose rules somebody may publish: a role
# elsewhere is no role here.
ManagedProgram = Annotated[Program, Depends(_of(Role.PROGRAM_MANAGER))]
PublishedProgram = Annotated[Program, Depends(_of(Role.PROGRAM_MANAGER, Role.OPERATOR))]

# The programme that somebody sets up: its days, settings and wholesalers.
AdministeredProgram = PublishedProgram

# The programme that an auditor looks at.
AuditedProgram = Annotated[Program, Depends(_of(Role.AUDITOR))]
