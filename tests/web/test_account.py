"""A person's own account, preferences, keys and data."""

from __future__ import annotations

import json
import re

import pytest
from fastapi import FastAPI

from accounts import consents, people
from accounts.roles import Role
from core import clock
from core.runtime import App
from core.settings import Environment, Settings
from messages import service
from messages.kinds import Category, Channel
from tests.web.conftest import Browser, SignIn
from web.app import build
from web.views.permissions import AREAS, name_of


def test_language_and_look_are_remembered_for_a_stranger(browser: Browser) -> None:
    answer = browser.form("/preferences", {"locale": "en", "return_to": "/help"})
    assert answer.headers["location"] == "/help"
    browser.form("/preferences", {"theme": "dark"})
    page = browser.get("/help").text
    assert '<html lang="en" data-bs-theme="dark">' in page


def test_language_and_look_belong_to_the_person(app: App, sign_in: SignIn) -> None:
    browser = sign_in(Role.PARTICIPANT)
    browser.form("/preferences", {"locale": "en", "theme": "light"})
    assert browser.person is not None
    assert (
        '<html lang="en" data-bs-theme="light">'
        in sign_in(person=browser.person).get("/account").text
    )


@pytest.mark.parametrize("data", [{"locale": "xx"}, {"theme": "pink"}, {"return_to": "//evil"}])
def test_what_is_not_offered_changes_nothing(browser: Browser, data: dict[str, object]) -> None:
    answer = browser.form("/preferences", data)
    assert answer.status_code == 303
    assert answer.headers["location"] == "/"
    assert 'lang="pl" data-bs-theme="system"' in browser.get("/help").text


def test_messages_are_switched_off_and_on(app: App, sign_in: SignIn) -> None:
    browser = sign_in(Role.PARTICIPANT)
    assert browser.person is not None
    browser.form("/account/notices", {"wanted": ["points:sms"]})
    with app.database.unit_of_work() as session:
        chosen = service.choices_of(session, person_id=browser.person.id)
    assert chosen[Category.POINTS] == {Channel.EMAIL: False, Channel.SMS: True}
    assert Category.SECURITY not in chosen
    page = browser.get("/account").text
    assert re.search(r'value="points:sms" checked', page)
    assert not re.search(r'value="points:email" checked', page)


def test_the_list_of_messages_is_the_persons_own(app: App, sign_in: SignIn) -> None:
    browser, other = sign_in(Role.PARTICIPANT), sign_in(Role.PARTICIPANT)
    assert browser.person is not None
    with app.database.unit_of_work() as session:
        service.notify(
            session,
            person_id=browser.person.id,
            kind="password-changed",
            event_key="x",
            at=clock.now(),
        )
    assert "Hasło do Zalicz zostało zmienione" in browser.get("/account/notices").text
    assert "Hasło do Zalicz zostało zmienione" not in other.get("/account/notices").text


def test_a_consent_is_withdrawn_and_given_again(app: App, sign_in: SignIn) -> None:
    browser = sign_in(Role.PARTICIPANT)
    assert browser.person is not None
    kind = consents.MARKETING_EMAIL
    with app.database.unit_of_work() as session:
        consents.record(
            session,
            person_id=browser.person.id,
            kind=kind,
            version="1",
            given=True,
            at=clock.now(),
        )

    def holds() -> bool:
        assert browser.person is not None
        with app.database.unit_of_work() as session:
            return consents.holds(session, person_id=browser.person.id, kind=kind)

    browser.form("/account/consents", {"kind": kind, "scope": "*", "given": "0"})
    assert not holds()
    browser.form("/account/consents", {"kind": kind, "scope": "*", "given": "1"})
    assert holds()


def test_nobody_agrees_to_what_was_never_asked(app: App, sign_in: SignIn) -> None:
    browser = sign_in(Role.PARTICIPANT)
    assert browser.person is not None
    data = {"kind": consents.KSEF_ACCESS, "scope": "*", "given": "1"}
    assert browser.form("/account/consents", data).status_code == 422
    with app.database.unit_of_work() as session:
        assert consents.list_standing(session, person_id=browser.person.id) == []


def make_key(browser: Browser, **facts: object) -> str | None:
    data = {"name": "ERP", "grant": "operator *", "permissions": [PERMISSION], **facts}
    answer = browser.form("/account/keys", data)
    found = re.search(r"<code>(zal_\S+)</code>", answer.text)
    return found[1] if found else None


PERMISSION = "adjustments:read"


@pytest.fixture
def operator(sign_in: SignIn) -> Browser:
    return sign_in(Role.OPERATOR)


def test_a_key_speaks_for_its_maker_until_it_is_revoked(web: FastAPI, operator: Browser) -> None:
    token = make_key(operator)
    assert token is not None
    program = Browser(
        web, base_url="http://testserver", headers={"authorization": f"Bearer {token}"}
    )
    me = program.get("/api/v1/me").json()
    assert (me["name"], me["permissions"]) == ("ERP", [PERMISSION])
    assert me["grants"] == [{"role": "operator", "scope": "*"}]
    assert token not in operator.get("/account/keys").text
    path = re.search(
        r'action="(/account/keys/[^"]+/revocation)"', operator.get("/account/keys").text
    )
    assert path
    operator.form(path[1])
    assert program.get("/api/v1/me").status_code == 401


@pytest.mark.parametrize(
    "facts",
    [{"grant": "auditor *"}, {"permissions": ["all:write"]}, {"name": ""}, {"grant": "x"}],
)
def test_a_key_gets_no_more_than_its_maker_has(operator: Browser, facts: dict[str, object]) -> None:
    assert make_key(operator, **facts) is None
    assert "zal_" not in operator.get("/account/keys").text


@pytest.mark.parametrize(
    ("role", "own", "foreign"),
    [
        (Role.PARTICIPANT, "claims:write", "warehouse:write"),
        (Role.LOGISTICS, "warehouse:write", "claims:read"),
    ],
)
def test_participants_and_the_warehouse_make_keys_for_what_they_do_themselves(
    web: FastAPI, sign_in: SignIn, role: Role, own: str, foreign: str
) -> None:
    browser = sign_in(role)
    page = browser.get("/account/keys").text
    assert own in page
    assert foreign not in page
    grant = f"{role.value} *"
    assert make_key(browser, grant=grant, permissions=[foreign]) is None
    token = make_key(browser, grant=grant, permissions=[own])
    headers = {"authorization": f"Bearer {token}"}
    program = Browser(web, base_url="http://testserver", headers=headers)
    assert program.get("/api/v1/me").json()["permissions"] == [own]


def test_every_permission_of_a_route_has_words(app: App) -> None:
    named = {
        rules.permission
        for route in build(app).router.routes
        if (rules := getattr(route, "rules", None)) is not None and rules.permission
    }
    assert {area for area, _sep, _action in (one.partition(":") for one in named)} == set(AREAS)
    assert name_of("claims:read", str) == "Zgłoszenia: odczyt"


def test_whoever_only_looks_has_no_keys(sign_in: SignIn) -> None:
    browser = sign_in(Role.AUDITOR)
    assert browser.get("/account/keys").status_code == 404
    assert browser.form("/account/keys", {"name": "x"}).status_code == 404


@pytest.mark.parametrize("header", ["Bearer zal_nothing", "Bearer ", "Basic x", "bearer  x y"])
def test_a_wrong_key_is_nobody(browser: Browser, header: str) -> None:
    answer = browser.get("/api/v1/me", headers={"authorization": header})
    assert answer.status_code == 401
    assert "set-cookie" not in answer.headers


def test_a_person_takes_their_data_home(sign_in: SignIn) -> None:
    browser = sign_in(Role.PARTICIPANT)
    answer = browser.get("/account/data")
    assert answer.headers["content-disposition"].startswith("attachment")
    known = json.loads(answer.text)
    assert browser.person is not None
    assert known["account"]["profile"]["email"] == browser.person.email
    assert known["messages"] == []


def test_a_person_is_forgotten_in_two_clicks(app: App, sign_in: SignIn) -> None:
    browser = sign_in(Role.PARTICIPANT)
    assert browser.person is not None
    assert browser.get("/account/erasure").status_code == 200
    assert browser.form("/account/erasure").status_code == 303
    assert browser.get("/api/v1/me").status_code == 401
    with app.database.unit_of_work() as session:
        profile = people.get_profile(session, person_id=browser.person.id)
    assert (profile.name, profile.email, profile.phone) == ("", "", "")


def test_outside_the_demo_its_doors_do_not_exist(app: App) -> None:
    real = app.settings.model_copy(update={"demo": False})
    outside = App(real, app.engine, app.database, app.blobs)
    browser = Browser(build(outside), base_url="http://testserver")
    assert browser.get("/outbox").status_code == 404
    assert browser.form("/demo/sign-in/clerk").status_code in (404, 405)
    assert "/outbox" not in browser.get("/").text


def test_production_has_no_demo_whatever_the_settings_say(app: App) -> None:
    # Settings refuse this pair at the start; the application does not rely on it.
    forged = app.settings.model_copy(update={"environment": Environment.PRODUCTION, "demo": True})
    paths = {
        getattr(route, "path", "")
        for route in build(App(forged, app.engine, app.database, app.blobs)).routes
    }
    assert "/outbox" not in paths
    assert not any(path.startswith("/demo") for path in paths)


def test_over_https_cookies_belong_to_this_host_only(app: App) -> None:
    settings: Settings = app.settings.model_copy(update={"public_url": "https://testserver"})
    secure = build(App(settings, app.engine, app.database, app.blobs))
    browser = Browser(secure, base_url="https://testserver")
    answer = browser.get("/")
    cookie = answer.headers["set-cookie"]
    assert cookie.startswith("__Host-visitor=")
    for part in ("Secure", "HttpOnly", "SameSite=Lax", "Path=/"):
        assert part in cookie
    assert "Domain" not in cookie
    assert answer.headers["strict-transport-security"].startswith("max-age=31536000")
