"""A repeated POST: one effect, one answer; for forms, files and JSON."""

from __future__ import annotations

from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from uuid import uuid4

import pytest
from fastapi import Form, UploadFile
from fastapi.testclient import TestClient
from pydantic import BaseModel
from sqlmodel import Session, select
from starlette.requests import Request
from starlette.responses import PlainTextResponse, Response

from accounts import sessions
from accounts.roles import Role
from accounts.tables import Person
from core import clock
from core.errors import Invalid
from core.idempotency import IdempotentAnswer
from core.runtime import App
from tests.accounts import make
from tests.conftest import NOON
from tests.web.conftest import Browser, SignIn
from web import app as web_app
from web.access import ANYONE_SIGNED_IN, UPLOAD, ApiRouter, Router
from web.app import build
from web.deps import UnitOfWork
from web.idempotent import idempotent


class Wish(BaseModel):
    name: str


class Made(BaseModel):
    name: str


def add(session: Session, name: str) -> None:
    if name == "refused":
        raise Invalid("refused", field="name")
    session.add(Person(name=name, email=f"{uuid4()}@x.pl", created_at=NOON))
    session.flush()


@pytest.fixture
def routes() -> Iterator[None]:
    """Three routes that add a person: a form, a form with files, JSON."""
    pages, api = Router(access=ANYONE_SIGNED_IN), ApiRouter(area="", access=ANYONE_SIGNED_IN)

    @pages.post("/test-form")
    @idempotent
    def form(request: Request, session: UnitOfWork, name: str = Form()) -> Response:
        add(session, name)
        return PlainTextResponse(f"made {name}", 201, headers={"location": f"/people/{name}"})

    @pages.post("/test-files", body=UPLOAD)
    @idempotent
    def files(request: Request, session: UnitOfWork, file: UploadFile) -> Response:
        add(session, f"file{len(file.file.read())}")
        return PlainTextResponse("made")

    @api.post("/test-wishes", status_code=201)
    @idempotent(required=True)
    def wish(request: Request, session: UnitOfWork, wish: Wish) -> Made:
        add(session, wish.name)
        return Made(name=wish.name)

    before = web_app.PAGES
    modules = tuple(type("module", (), {"router": router}) for router in (pages, api))
    web_app.PAGES = (*before, *modules)  # type: ignore[assignment]
    yield
    web_app.PAGES = before


@pytest.fixture
def browser(routes: None, sign_in: SignIn) -> Browser:
    return sign_in(Role.PARTICIPANT)


def made(app: App, *, but: str = "Marek Nowak") -> list[str]:
    with app.database.unit_of_work() as session:
        return sorted(session.exec(select(Person.name).where(Person.name != but)))


def test_a_form_sent_twice_has_one_effect_and_one_answer(app: App, browser: Browser) -> None:
    data: dict[str, object] = {"name": "Ewa", "idempotency_key": "key-0001"}
    answers = [browser.form("/test-form", data) for _ in range(5)]
    assert {(a.status_code, a.text, a.headers["location"]) for a in answers} == {
        (201, "made Ewa", "/people/Ewa")
    }
    assert made(app) == ["Ewa"]


def test_without_a_key_a_form_simply_runs(app: App, browser: Browser) -> None:
    browser.form("/test-form", {"name": "Ewa"})
    browser.form("/test-form", {"name": "Ewa"})
    assert made(app) == ["Ewa", "Ewa"]


def test_the_same_key_with_another_wish_is_a_mistake(app: App, browser: Browser) -> None:
    browser.form("/test-form", {"name": "Ewa", "idempotency_key": "key-0001"})
    answer = browser.form("/test-form", {"name": "Ola", "idempotency_key": "key-0001"})
    assert answer.status_code == 422
    assert made(app) == ["Ewa"]


def test_the_same_key_of_somebody_else_is_another_key(
    app: App, browser: Browser, sign_in: SignIn
) -> None:
    data: dict[str, object] = {"name": "Ewa", "idempotency_key": "key-0001"}
    browser.form("/test-form", data)
    assert sign_in(Role.PARTICIPANT).form("/test-form", data).status_code == 201
    assert made(app) == ["Ewa", "Ewa"]


def test_a_refused_request_uses_no_key_up(app: App, browser: Browser) -> None:
    key = {"idempotency_key": "key-0001"}
    assert browser.form("/test-form", {"name": "refused", **key}).status_code == 422
    assert browser.form("/test-form", {"name": "Ewa", **key}).status_code == 201
    assert made(app) == ["Ewa"]


def test_files_are_compared_by_what_they_hold(app: App, browser: Browser) -> None:
    def send(content: bytes, key: str) -> int:
        files = {"file": ("a.jpg", content, "image/jpeg")}
        sent = browser.form("/test-files", {"idempotency_key": key}, files=files)
        return sent.status_code

    assert send(b"x" * 3_000_000, "key-0001") == 200
    assert send(b"x" * 3_000_000, "key-0001") == 200  # another boundary, the same file
    assert send(b"y" * 3_000_000, "key-0001") == 422
    assert made(app) == ["file3000000"]


@pytest.mark.parametrize("key", ["short", "x" * 201, "key with \t tab"])
def test_a_key_is_a_key(app: App, browser: Browser, key: str) -> None:
    assert browser.form("/test-form", {"name": "Ewa", "idempotency_key": key}).status_code == 422
    assert made(app) == []


def test_json_may_demand_a_key(app: App, browser: Browser) -> None:
    headers = {"x-csrf-token": browser.csrf}
    missing = browser.post("/api/v1/test-wishes", json={"name": "Ewa"}, headers=headers)
    assert missing.status_code == 422
    assert missing.json()["code"] == "idempotency-key-missing"
    assert made(app) == []
    headers["idempotency-key"] = "key-0001"
    answers = [
        browser.post("/api/v1/test-wishes", json={"name": "Ewa"}, headers=headers) for _ in "123"
    ]
    assert [a.status_code for a in answers] == [201] * 3
    assert len({a.text for a in answers}) == 1
    assert answers[2].json() == {"name": "Ewa"}
    assert made(app) == ["Ewa"]


def test_twenty_at_once_have_one_effect(real_app: App, routes: None) -> None:
    with real_app.database.unit_of_work() as session:
        who = make.person(session, Role.PARTICIPANT)
        token = sessions.begin(session, person_id=who.id, at=clock.now())
    client = Browser(build(real_app), base_url="http://testserver", cookies={"zalicz": token})
    headers = {"x-csrf-token": client.csrf, "idempotency-key": "key-0001"}

    def send(_: int) -> tuple[int, str]:
        answer = client.post("/api/v1/test-wishes", json={"name": "Ewa"}, headers=headers)
        return answer.status_code, answer.text

    with ThreadPoolExecutor(10) as pool:
        answers = list(pool.map(send, range(20)))
    assert len({text for status, text in answers if status == 201}) == 1
    assert {status for status, _ in answers} <= {201, 409}
    assert made(real_app) == ["Ewa"]


def test_without_the_guard_twenty_at_once_have_twenty_effects(real_app: App, routes: None) -> None:
    # The control: the requests above do collide, it is the key that holds them together.
    with real_app.database.unit_of_work() as session:
        who = make.person(session, Role.PARTICIPANT)
        token = sessions.begin(session, person_id=who.id, at=clock.now())
    client = Browser(build(real_app), base_url="http://testserver", cookies={"zalicz": token})
    data = {"name": "Ewa", "csrf_token": client.csrf}

    def send(_: int) -> int:
        return TestClient.post(client, "/test-form", data=data).status_code

    with ThreadPoolExecutor(10) as pool:
        assert list(pool.map(send, range(20))) == [201] * 20
    assert len(made(real_app)) == 20


def test_a_key_that_is_still_at_work_answers_conflict(app: App, browser: Browser) -> None:
    with app.database.unit_of_work() as session:
        assert browser.person is not None
        session.add(
            IdempotentAnswer(
                actor=f"person:{browser.person.id}",
                key="key-0001",
                route="POST /test-form",
                body_sha256="x",
                created_at=NOON,
            )
        )
    answer = browser.form("/test-form", {"name": "Ewa", "idempotency_key": "key-0001"})
    assert answer.status_code in (409, 422)
    assert made(app) == []


def test_a_handler_without_a_transaction_cannot_be_idempotent() -> None:
    def careless(request: Request) -> Response:
        return PlainTextResponse("")

    with pytest.raises(TypeError, match="session"):
        idempotent(careless)
