"""The warehouse person behind a request: whose rewards they send."""

from __future__ import annotations

from typing import Annotated

from fastapi import Depends

from accounts.roles import Role
from programs import queries as program_queries
from programs.tables import Program
from web.deps import CurrentViewer, UnitOfWork


def _program(session: UnitOfWork, viewer: CurrentViewer) -> Program:
    """The programme whose rewards this person sends."""
    ids = sorted(viewer.ids("program", Role.LOGISTICS))
    if not ids:
        raise program_queries.ProgramNotFound
    return program_queries.get_program(session, ids[0])


CurrentProgram = Annotated[Program, Depends(_program)]
