"""The warehouse person behind a request: whose rewards they send."""

from __future__ import annotations

from typing import Annotated

from fastapi import Depends
from starlette.requests import Request

from accounts.roles import Role
from programs.tables import Program
from web.deps import CurrentViewer, UnitOfWork
from web.program_people import programs_of
from web.scopes import Asked, choose


def _program(request: Request, session: UnitOfWork, viewer: CurrentViewer, asked: Asked) -> Program:
    """The programme whose rewards this person sends."""
    return choose(request, asked, programs_of(session, viewer, Role.LOGISTICS))


CurrentProgram = Annotated[Program, Depends(_program)]
