"""Which programme a person of several works in: what a form names, the address, then the memory."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Annotated
from uuid import UUID

from fastapi import Depends
from starlette.requests import Request

from programs import queries
from programs.tables import Program
from web import cookies
from web.bodies import is_form

FIELD = "of_program"  # hidden in every form of a page, see components/form.html
ASKED = "program"  # in the address


@dataclass(frozen=True, slots=True)
class Choice:
    """A programme that the shell offers."""

    id: UUID
    name: str


@dataclass(frozen=True, slots=True)
class Scope:
    """The programmes of a person, and the one that the page is about."""

    choices: tuple[Choice, ...]
    chosen: Choice

    @property
    def several(self) -> bool:
        return len(self.choices) > 1


async def _asked(request: Request) -> str:
    """What this very request says of its programme; nothing for most."""
    if is_form(request):
        said = (await request.form()).get(FIELD)
        if isinstance(said, str) and said:
            return said
    return request.query_params.get(ASKED, "")


# A page that was opened for one programme acts on that one, whatever was chosen meanwhile.
Asked = Annotated[str, Depends(_asked)]


def choose(
    request: Request,
    asked: str,
    allowed: Sequence[Program],
    mine: Sequence[Program] = (),
    linked: str = "",
) -> Program:
    """One of `allowed` (oldest first); the page's shell offers `mine`, or `allowed`.

    An address that names an object leads to the object's programme (`linked`), if it is allowed:
    the page then says that the programme was changed (`followed`). What was asked for and is not
    allowed is not found, and so is what the person chose earlier and may look at, but not do this
    with: never does another programme take its place. Raises `ProgramNotFound`.
    """
    mine = mine or allowed
    if not allowed:
        raise queries.ProgramNotFound
    by_id = {str(program.id): program for program in allowed}
    remembered = cookies.read(request, cookies.PROGRAM)
    if asked:
        wanted = asked
    elif remembered in {str(program.id) for program in mine}:
        wanted = remembered
    else:
        wanted = str(allowed[0].id)
    offered = tuple(Choice(program.id, program.name) for program in mine)
    if not asked and linked in by_id and linked != wanted:
        # An object that is not theirs after all must leave no trace of where it was looked for.
        kept = next((choice for choice in offered if str(choice.id) == wanted), None)
        request.state.scope_kept = Scope(offered, kept) if kept else None
        request.state.followed = True
        wanted = linked
    if wanted not in by_id:
        raise queries.ProgramNotFound
    found = by_id[wanted]
    request.state.scope = Scope(offered, Choice(found.id, found.name))
    return found


def scope_of(request: Request, *, failed: bool = False) -> Scope | None:
    """The choice that was made for this request, None on pages of no programme or of all.

    A page that `failed` shows the one that stood before its address was followed.
    """
    kept = failed and getattr(request.state, "followed", False)
    found = getattr(request.state, "scope_kept" if kept else "scope", None)
    return found if isinstance(found, Scope) else None


def followed(request: Request) -> Choice | None:
    """The programme that the address led to instead of the chosen one, from now on the chosen."""
    scope = scope_of(request)
    if scope is None or not getattr(request.state, "followed", False):
        return None
    remember(request, str(scope.chosen.id))
    return scope.chosen


def remember(request: Request, program_id: str) -> None:
    """Keep a choice in the browser; whether it may be had is asked each time it is used."""
    try:
        known = str(UUID(program_id))
    except ValueError:
        return
    cookies.put(request, cookies.PROGRAM, known, max_age_s=cookies.YEAR_S)
