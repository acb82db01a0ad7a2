"""Browsers and programs that talk to the real application over its real database."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator

import pytest
from fastapi import FastAPI
from starlette.testclient import TestClient

from accounts import sessions
from accounts.roles import EVERYWHERE, Role, scope_of
from accounts.tables import Person
from core import clock, logs
from core.runtime import App
from tests.accounts import make
from tests.analytics import scene as scenes
from tests.analytics.scene import Scene
from web.app import build

SignIn = Callable[..., "Browser"]


class Browser(TestClient):
    """A signed-in (or strange) browser; `form` posts with the token of the page it came from."""

    person: Person | None = None

    def token(self, path: str = "/") -> str:
        """The form token that a page carries."""
        found = re.search(r'name="csrf-token" content="([^"]+)"', self.get(path).text)
        assert found, f"{path} carries no token"
        return found[1]

    def form(self, path: str, data: dict[str, object] | None = None, **options: object) -> object:
        """Post a form the way our own pages do."""
        sent = {"csrf_token": self.csrf, **(data or {})}
        return self.post(path, data=sent, follow_redirects=False, **options)

    @property
    def csrf(self) -> str:
        if not hasattr(self, "_csrf"):
            self._csrf = self.token()
        return self._csrf


@pytest.fixture(autouse=True, scope="session")
def plain_logs() -> None:
    """Short tracebacks: the coloured ones with all variables take seconds each."""
    logs.configure("text", process="test")


@pytest.fixture
def web(app: App) -> FastAPI:
    return build(app)


@pytest.fixture
def browser(web: FastAPI) -> Iterator[Browser]:
    """A stranger's browser."""
    with Browser(web, base_url="http://testserver") as client:
        yield client


@pytest.fixture
def sign_in(app: App, web: FastAPI) -> Iterator[SignIn]:
    """`sign_in(Role.CLERK, scope="branch:…")`: a browser of a new person with these roles."""
    opened: list[Browser] = []

    def begin(*roles: Role, scope: str = EVERYWHERE, person: Person | None = None) -> Browser:
        with app.database.unit_of_work() as session:
            who = person or make.person(session, *roles, scope=scope)
            token = sessions.begin(session, person_id=who.id, at=clock.now())
        client = Browser(web, base_url="http://testserver", cookies={"zalicz": token})
        client.__enter__()
        client.person = who
        opened.append(client)
        return client

    yield begin
    for client in opened:
        client.__exit__(None, None, None)


@pytest.fixture
def found(app: App) -> Scene:
    """A programme in which sixty sockets were bought."""
    with app.database.unit_of_work() as session:
        made = scenes.scene(session)
        scenes.bought(session, made, sockets=60)
        return made


@pytest.fixture
def place(found: Scene) -> str:
    return scope_of("program", found.world.program.id)


@pytest.fixture
def manager(place: str, sign_in: SignIn) -> Browser:
    """Its manager, signed in."""
    return sign_in(Role.PROGRAM_MANAGER, scope=place)
