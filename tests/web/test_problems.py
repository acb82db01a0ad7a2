"""Failures as answers: a code, words in the reader's language, nothing of our inside."""

from __future__ import annotations

import importlib
from collections.abc import Iterator, MutableMapping
from typing import Annotated, Any

import pytest
import sqlalchemy as sa
from fastapi import Form
from pydantic import BaseModel
from starlette.requests import Request
from starlette.responses import PlainTextResponse, Response

from accounts.tables import Person
from core.errors import DomainError, Invalid, Kind, every_domain_error
from core.runtime import App
from core.settings import ROOT
from tests.conftest import NOON
from tests.web.conftest import Browser, SignIn
from web import app as web_app
from web import pages
from web.access import ANYONE_SIGNED_IN, PUBLIC, ApiRouter, Router
from web.deps import UnitOfWork
from web.error_texts import STATUS, TEXTS, describe

PACKAGES = (
    *("core", "accounts", "messages", "partners", "programs", "points", "logistics", "claims"),
    *("verification", "rewards", "engagement", "analytics", "web"),
)


def test_every_code_has_words() -> None:
    for package in PACKAGES:
        for path in sorted((ROOT / package).rglob("*.py")):
            if path.stem != "__main__":
                importlib.import_module(".".join(path.relative_to(ROOT).with_suffix("").parts))
    ours = {
        code: kind
        for code, kind in every_domain_error().items()
        if kind.__module__.partition(".")[0] in PACKAGES
    }
    missing = {code: kind.__module__ for code, kind in ours.items() if code not in TEXTS}
    assert not missing, f"add them to web/texts: {missing}"


def test_every_kind_has_a_status() -> None:
    assert set(STATUS) == set(Kind)


def test_words_are_filled_from_the_facts() -> None:
    title, hint = describe("too-many-attempts", {"retry_after_s": 7}, lambda text: text)
    assert title == "Za dużo prób"
    assert "7 s" in hint


def test_a_fact_that_is_missing_leaves_no_gap() -> None:
    _, hint = describe("too-many-attempts", {}, lambda text: text)
    assert "%(" not in hint


class Refused(DomainError):
    kind = Kind.CONFLICT
    code = "illegal-transition"


class Body(BaseModel):
    number: int
    text: str = ""


@pytest.fixture
def routes() -> Iterator[None]:
    """Routes that fail in every way."""
    pages_, api = Router(access=PUBLIC), ApiRouter(area="", access=ANYONE_SIGNED_IN)

    @pages_.get("/test-broken")
    def broken() -> Response:
        raise RuntimeError("secret of the inside")

    @pages_.get("/test-refused")
    def refused() -> Response:
        raise Refused("secret of the inside", number=7)

    @pages_.post("/test-form")
    def form(request: Request, session: UnitOfWork, name: Annotated[str, Form()] = "") -> Response:
        session.add(Person(name="half-way", email="half@example.com", created_at=NOON))
        session.flush()
        error = Invalid("no", field="contact")
        context = {"contact": name, "next": ""}
        raise pages.refused(request, "accounts/sign_in.html", context, error)

    @api.get("/test-sleep")
    def busy(session: UnitOfWork) -> Response:
        session.execute(sa.text("SET LOCAL statement_timeout = '50ms'"))
        session.execute(sa.text("SELECT pg_sleep(5)"))
        return PlainTextResponse("")

    @api.post("/test-store")
    def store(session: UnitOfWork, body: Body) -> dict[str, int]:
        session.execute(
            sa.text("SELECT CAST(:n AS bigint), CAST(:t AS text)"),
            {"n": body.number, "t": body.text},
        )
        return {"number": body.number}

    before = web_app.PAGES
    modules = tuple(type("module", (), {"router": router}) for router in (pages_, api))
    web_app.PAGES = (*before, *modules)  # type: ignore[assignment]
    yield
    web_app.PAGES = before


def test_what_nobody_foresaw_says_nothing_of_our_inside(routes: None, browser: Browser) -> None:
    answer = browser.get("/test-broken")
    assert answer.status_code == 500
    assert "secret" not in answer.text
    assert "Traceback" not in answer.text
    assert answer.headers["x-request-id"] in answer.text
    assert "default-src 'self'" in answer.headers["content-security-policy"]


def test_a_page_names_the_fact_in_the_readers_language(routes: None, browser: Browser) -> None:
    polish = browser.get("/test-refused", headers={"accept-language": "pl"})
    english = browser.get("/test-refused", headers={"accept-language": "en"})
    assert polish.status_code == english.status_code == 409
    assert "Ktoś był szybszy" in polish.text
    assert "Somebody was faster" in english.text
    assert "secret" not in polish.text + english.text


def test_a_refused_form_comes_back_with_what_was_typed_and_leaves_nothing(
    app: App, routes: None, browser: Browser
) -> None:
    answer = browser.form("/test-form", {"name": "<b>typed"})
    assert answer.status_code == 422
    assert "&lt;b&gt;typed" in answer.text
    assert 'href="#contact"' in answer.text
    with app.database.unit_of_work() as session:
        assert session.execute(sa.text("SELECT count(*) FROM person")).scalar_one() == 0


def test_who_leaves_before_the_body_has_come_is_no_failure_of_ours(browser: Browser) -> None:
    token = browser.token()
    cookies = "; ".join(f"{name}={value}" for name, value in browser.cookies.items())
    headers = {
        "content-type": "application/x-www-form-urlencoded",
        "content-length": "400",
        "cookie": cookies,
        "x-csrf-token": token,
        "host": "testserver",
    }
    said: list[MutableMapping[str, Any]] = []

    async def left() -> dict[str, Any]:
        return {"type": "http.disconnect"}

    async def hear(message: MutableMapping[str, Any]) -> None:
        said.append(message)

    scope = {
        "type": "http",
        "http_version": "1.1",
        "method": "POST",
        "scheme": "http",
        "path": "/preferences",
        "raw_path": b"/preferences",
        "query_string": b"",
        "root_path": "",
        "client": ("testclient", 50_000),
        "server": ("testserver", 80),
        "headers": [(name.encode(), value.encode()) for name, value in headers.items()],
    }
    assert browser.portal is not None
    browser.portal.call(browser.app, scope, left, hear)
    assert said[0]["status"] == 400


def test_htmx_gets_a_toast_and_keeps_what_it_has(routes: None, browser: Browser) -> None:
    answer = browser.get("/test-refused", headers={"hx-request": "true"})
    assert answer.status_code == 409
    assert answer.headers["hx-reswap"] == "none"
    assert "<html" not in answer.text
    assert 'hx-swap-oob="beforeend:#toasts"' in answer.text


def test_htmx_is_sent_to_sign_in_by_its_own_header(browser: Browser) -> None:
    answer = browser.get("/account", headers={"hx-request": "true"}, follow_redirects=False)
    assert answer.status_code == 204
    assert answer.headers["hx-redirect"] == "/sign-in?next=%2Faccount"


def test_programs_get_a_problem_document(sign_in: SignIn) -> None:
    answer = sign_in().get("/api/v1/nothing")
    body = answer.json()
    assert answer.status_code == body["status"] == 404
    assert answer.headers["content-type"] == "application/problem+json"
    assert body["type"] == "/problems/not-found"
    assert body["code"] == "not-found"
    assert body["instance"] == "/api/v1/nothing"
    assert body["request_id"] == answer.headers["x-request-id"]


def test_a_wrong_method_is_named(browser: Browser) -> None:
    answer = browser.delete("/sign-in")
    assert answer.status_code == 405
    assert answer.headers["allow"]


def test_a_busy_database_asks_to_come_back(routes: None, sign_in: SignIn) -> None:
    answer = sign_in().get("/api/v1/test-sleep")
    assert answer.status_code == 503
    assert answer.json()["code"] == "busy"
    assert answer.headers["retry-after"] == "1"


@pytest.mark.parametrize(
    "body",
    [
        b'{"number": 99999999999999999999}',
        b'{"number": 1, "text": "a\\u0000b"}',
        b'{"number": 1, "text": "\\ud800"}',
        b'{"number": "x"}',
        b'{"number": 1',
        b"[]",
        b"",
    ],
)
def test_what_no_column_can_hold_is_refused(routes: None, sign_in: SignIn, body: bytes) -> None:
    browser = sign_in()
    headers = {"x-csrf-token": browser.csrf, "content-type": "application/json"}
    answer = browser.post("/api/v1/test-store", content=body, headers=headers)
    assert answer.status_code == 422, answer.text
    assert answer.json()["code"] == "invalid"


def test_validation_names_the_field_and_not_the_value(routes: None, sign_in: SignIn) -> None:
    browser = sign_in()
    answer = browser.post(
        "/api/v1/test-store",
        json={"number": "secret"},
        headers={"x-csrf-token": browser.csrf},
    )
    assert answer.json()["errors"] == [{"field": "number", "problem": "int_parsing"}]
    assert "secret" not in answer.text


@pytest.mark.parametrize("path", ["/account/keys/%00", "/sign-in/code/%00", "/%00", "/?next=%00"])
def test_a_nul_in_an_address_breaks_nothing(browser: Browser, path: str) -> None:
    assert browser.get(path, follow_redirects=False).status_code < 500
