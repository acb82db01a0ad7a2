"""Who may call what: every route stands in access_matrix.txt, and the product obeys it."""

from __future__ import annotations

import re
from pathlib import Path
from uuid import UUID

import pytest
from fastapi import FastAPI
from starlette.responses import PlainTextResponse, Response

from accounts.roles import Role
from tests.web.conftest import Browser, SignIn
from web.access import (
    ANYONE_SIGNED_IN,
    CLERK,
    LOOPBACK,
    PARTICIPANT,
    PUBLIC,
    Access,
    GuardedRoute,
    Router,
    UndeclaredAccess,
    every_route,
)
from web.viewer import Viewer

MATRIX = Path(__file__).parent / "access_matrix.txt"
ABSENT = str(UUID(int=7))


def routes_of(app: FastAPI) -> list[GuardedRoute]:
    return [route for route in app.router.routes if isinstance(route, GuardedRoute)]


def access_of(route: GuardedRoute) -> Access:
    assert route.rules is not None
    return route.rules.access


def as_lines(app: FastAPI) -> list[str]:
    return sorted(
        f"{method} {route.path}  {access_of(route)}"
        for route in routes_of(app)
        for method in sorted(route.methods)
    )


def address(route: GuardedRoute) -> str:
    """The path with something in its placeholders that is nowhere."""
    return re.sub(r"\{[^}]+\}", ABSENT, route.path)


def test_every_route_stands_in_the_matrix_as_it_is_declared(web: FastAPI) -> None:
    written = [
        line
        for line in MATRIX.read_text().splitlines()
        if line.strip() and not line.startswith("#")
    ]
    declared = as_lines(web)
    missing = sorted(set(declared) - set(written))
    stale = sorted(set(written) - set(declared))
    assert not missing, "not in tests/web/access_matrix.txt:\n" + "\n".join(missing)
    assert not stale, "in tests/web/access_matrix.txt, but not so in the product:\n" + "\n".join(
        stale
    )
    assert len(written) == len(set(written)), "a line stands twice"


@pytest.mark.parametrize("role", list(Role))
def test_a_role_finds_nothing_where_it_has_no_access(
    web: FastAPI, sign_in: SignIn, role: Role
) -> None:
    browser = sign_in(role)
    token = browser.csrf
    viewer = Viewer(person_id=UUID(int=1), grants=frozenset())
    assert not PARTICIPANT.admits(viewer)
    for route in routes_of(web):
        access = access_of(route)
        if access.strangers or access.anyone_signed_in or role in access.roles:
            continue
        for method in route.methods:
            answer = browser.request(
                method,
                address(route),
                headers={"x-csrf-token": token},
                follow_redirects=False,
            )
            assert answer.status_code == 404, f"{role} {method} {route.path}"


def test_a_stranger_is_asked_to_sign_in(web: FastAPI, browser: Browser) -> None:
    token = browser.csrf
    for route in routes_of(web):
        access = access_of(route)
        if access.strangers or access.loopback:
            continue
        for method in route.methods:
            answer = browser.request(
                method,
                address(route),
                headers={"x-csrf-token": token},
                follow_redirects=False,
            )
            if route.path.startswith("/api/"):
                assert answer.status_code == 401, f"{method} {route.path}"
                assert answer.json()["code"] == "sign-in-required"
            else:
                assert answer.status_code == 303, f"{method} {route.path}"
                assert answer.headers["location"].startswith("/sign-in")


def test_what_is_foreign_and_what_is_absent_look_the_same(sign_in: SignIn) -> None:
    participant = sign_in(Role.PARTICIPANT)
    foreign = participant.get("/audit/chain")
    absent = participant.get("/account/locks")
    assert foreign.status_code == absent.status_code == 404
    assert foreign.text.replace("/audit/chain", "") == absent.text.replace("/account/locks", "")


def test_a_route_without_access_stops_the_start() -> None:
    router = Router()

    @router.get("/somewhere")
    def somewhere() -> Response:
        return PlainTextResponse("")

    with pytest.raises(UndeclaredAccess, match="/somewhere"):
        every_route(router.routes)


def test_a_route_of_another_make_stops_the_start() -> None:
    app = FastAPI()
    with pytest.raises(UndeclaredAccess):
        every_route(app.router.routes)


def test_access_joins_and_says_its_name() -> None:
    both = CLERK | PARTICIPANT
    assert str(both) == "clerk participant partner_manager"
    assert str(PUBLIC) == "strangers"
    assert str(LOOPBACK | ANYONE_SIGNED_IN) == "anyone_signed_in loopback"
    assert str(Access()) == "nobody"


def test_figures_are_for_this_machine_or_an_operator(sign_in: SignIn, browser: Browser) -> None:
    # The test client is no address of this machine.
    assert browser.get("/metrics").status_code == 404
    assert sign_in(Role.AUDITOR).get("/metrics").status_code == 404
    answer = sign_in(Role.OPERATOR).get("/metrics")
    assert answer.status_code == 200
    assert "zalicz_request_seconds_bucket" in answer.text
