"""Signing in through the pages: codes for participants, password and second factor for staff."""

from __future__ import annotations

import re
from datetime import timedelta

import pyotp
import pytest
from fastapi import FastAPI
from sqlmodel import select
from structlog.testing import capture_logs

from accounts import passwords, second_factor
from accounts.roles import Role
from accounts.tables import LoginSession, Person, SignInCode
from core import clock
from core.runtime import App
from messages.queries import list_outbox
from tests.accounts import make
from tests.web.conftest import Browser

PASSWORD = "trzy zielone wiertarki"


def last_code(app: App) -> str:
    """The newest code, read from the message that carries it."""
    with app.database.unit_of_work() as session:
        found = re.search(r"\d{6}", list_outbox(session, settings=app.settings)[0].words.subject)
    assert found
    return found[0]


def ask(browser: Browser, contact: str, *, next: str = "") -> str:
    answer = browser.form("/sign-in", {"contact": contact, "next": next})
    assert answer.status_code == 303, answer.text
    path = str(answer.headers["location"])
    assert path.startswith("/sign-in/code/")
    assert browser.get(path).status_code == 200
    return path.partition("?")[0]


def who(browser: Browser) -> str | None:
    answer = browser.get("/api/v1/me")
    return answer.json()["id"] if answer.status_code == 200 else None


@pytest.fixture
def clerk(app: App) -> Person:
    with app.database.unit_of_work() as session:
        made = make.person(session, Role.CLERK, email="kasia@example.com", name="Kasia Lis")
        passwords.set_password(session, person_id=made.id, password=PASSWORD, at=clock.now())
    return made


def enrol(app: App, clerk: Person) -> pyotp.TOTP:
    key = app.settings.derive_key(second_factor.PURPOSE)
    past = clock.now() - timedelta(minutes=5)
    with app.database.unit_of_work() as session:
        made = second_factor.begin_enrolment(session, key=key, person=clerk)
        totp = pyotp.TOTP(made.secret)
        second_factor.confirm(session, key=key, person_id=clerk.id, given=totp.at(past), at=past)
    return totp


@pytest.mark.parametrize("contact", ["ewa@example.com", "601 234 567"])
def test_a_code_signs_in_and_makes_an_account(app: App, browser: Browser, contact: str) -> None:
    path = ask(browser, contact)
    answer = browser.form(path, {"code": last_code(app)})
    assert answer.status_code == 303
    assert answer.headers["location"] == "/"
    assert who(browser) is not None


def test_the_second_time_it_is_the_same_account(app: App, web: FastAPI, browser: Browser) -> None:
    browser.form(ask(browser, "ewa@example.com"), {"code": last_code(app)})
    with app.database.unit_of_work() as session:
        for row in session.exec(select(SignInCode)):
            row.created_at -= timedelta(minutes=2)  # the pause before another code has passed
    other = Browser(web, base_url="http://testserver")
    other.form(ask(other, "EWA@example.com"), {"code": last_code(app)})
    assert who(other) == who(browser)
    assert who(browser) is not None


def test_known_and_unknown_contacts_get_the_same_answer(
    app: App, web: FastAPI, browser: Browser, clerk: Person
) -> None:
    other = Browser(web, base_url="http://testserver")
    known = browser.form("/sign-in", {"contact": "kasia@example.com"})
    unknown = other.form("/sign-in", {"contact": "nobody@example.com"})
    assert known.status_code == unknown.status_code == 303
    shown = [
        re.sub(r'content="[^"]+"|value="[^"]+"|action="[^"]+"', "", page.text)
        for page in (
            browser.get(known.headers["location"]),
            other.get(unknown.headers["location"]),
        )
    ]
    assert shown[0].replace("k•••@", "") == shown[1].replace("n•••@", "")


def test_five_wrong_codes_end_the_attempt(app: App, browser: Browser) -> None:
    path = ask(browser, "ewa@example.com")
    right = last_code(app)
    wrong = "000000" if right != "000000" else "111111"
    for left in (4, 3, 2, 1):
        answer = browser.form(path, {"code": wrong})
        assert answer.status_code == 422
        assert str(left) in answer.text
    browser.form(path, {"code": wrong})
    answer = browser.form(path, {"code": right})
    assert answer.status_code == 422
    assert "już nie działa" in answer.text or "no longer" in answer.text
    assert who(browser) is None


def test_codes_cannot_be_guessed_over_many_attempts(app: App, browser: Browser) -> None:
    refused = 0
    for _ in range(8):
        answer = browser.form("/sign-in", {"contact": "ewa@example.com"})
        if answer.status_code == 429:
            refused += 1
        with app.database.unit_of_work() as session:
            for row in session.exec(select(SignInCode)):
                row.created_at -= timedelta(minutes=2)
    assert refused >= 2
    assert "ewa@example.com" in answer.text


def test_another_browser_cannot_use_the_code(app: App, web: FastAPI, browser: Browser) -> None:
    path = ask(browser, "ewa@example.com")
    thief = Browser(web, base_url="http://testserver")
    answer = thief.form(path, {"code": last_code(app)})
    assert answer.headers["location"] == "/sign-in"
    assert who(thief) is None


def test_after_signing_in_people_go_where_they_wanted(app: App, browser: Browser) -> None:
    sent = browser.get("/account/notices", follow_redirects=False)
    assert sent.headers["location"] == "/sign-in?next=%2Faccount%2Fnotices"
    path = ask(browser, "ewa@example.com", next="/account/notices")
    answer = browser.form(path, {"code": last_code(app), "next": "/account/notices"})
    assert answer.headers["location"] == "/account/notices"


@pytest.mark.parametrize(
    "next", ["https://evil.example", "//evil.example", "/\\evil.example", "javascript:x", "/a\nb"]
)
def test_nobody_is_sent_to_another_site(app: App, browser: Browser, next: str) -> None:
    path = ask(browser, "ewa@example.com", next=next)
    answer = browser.form(path, {"code": last_code(app), "next": next})
    assert answer.headers["location"] == "/"


@pytest.mark.parametrize("contact", ["", "nobody", "12", "a@b"])
def test_what_is_no_contact_comes_back_with_a_word(browser: Browser, contact: str) -> None:
    answer = browser.form("/sign-in", {"contact": contact})
    assert answer.status_code == 422
    assert 'aria-invalid="true"' in answer.text


def test_signing_in_gives_a_new_session_and_ends_the_old(app: App, browser: Browser) -> None:
    browser.form(ask(browser, "ewa@example.com"), {"code": last_code(app)})
    first = browser.cookies["zalicz"]
    del browser._csrf
    browser.form("/sign-out")
    assert who(browser) is None
    browser.cookies.set("zalicz", first, domain="testserver.local")
    assert who(browser) is None, "the old token must be dead on the server"


def test_staff_need_more_than_a_mailbox(app: App, browser: Browser, clerk: Person) -> None:
    answer = browser.form(ask(browser, "kasia@example.com"), {"code": last_code(app)})
    assert answer.headers["location"].startswith("/sign-in/password")
    assert who(browser) is None


def test_password_and_factor_open_the_session(app: App, browser: Browser, clerk: Person) -> None:
    totp = enrol(app, clerk)
    answer = browser.form(
        "/sign-in/password", {"contact": "kasia@example.com", "password": PASSWORD}
    )
    assert answer.headers["location"].startswith("/sign-in/second-factor")
    assert who(browser) is None, "one factor opens nothing"
    half = browser.cookies["zalicz"]
    browser._csrf = browser.token("/sign-in/second-factor")
    refused = browser.form("/sign-in/second-factor", {"code": "000000"})
    assert refused.status_code == 422
    assert who(browser) is None
    answer = browser.form("/sign-in/second-factor", {"code": totp.now()})
    assert answer.status_code == 303
    assert who(browser) == str(clerk.id)
    assert browser.cookies["zalicz"] != half


def test_the_first_sign_in_enrols_a_factor(app: App, browser: Browser, clerk: Person) -> None:
    answer = browser.form(
        "/sign-in/password", {"contact": "kasia@example.com", "password": PASSWORD}
    )
    assert answer.headers["location"].startswith("/sign-in/enrolment")
    page = browser.get("/sign-in/enrolment")
    secret = re.search(r"<code>([A-Z2-7 ]+)</code>", page.text)
    assert secret
    assert b"<svg" in browser.get("/sign-in/enrolment/code.svg").content
    browser._csrf = browser.token("/sign-in/enrolment")
    code = pyotp.TOTP(secret[1].replace(" ", "")).now()
    answer = browser.form("/sign-in/enrolment", {"code": code})
    assert answer.status_code == 200
    assert len(re.findall(r"<code>[2-9a-z]{5}-[2-9a-z]{5}</code>", answer.text)) == 10
    assert who(browser) == str(clerk.id)


@pytest.mark.parametrize(
    ("contact", "password"),
    [("kasia@example.com", "wrong"), ("nobody@example.com", PASSWORD), ("", ""), ("x", PASSWORD)],
)
def test_a_wrong_password_and_an_unknown_person_look_the_same(
    browser: Browser, clerk: Person, contact: str, password: str
) -> None:
    answer = browser.form("/sign-in/password", {"contact": contact, "password": password})
    assert answer.status_code == 422
    assert who(browser) is None
    assert password not in answer.text or not password


def test_passwords_cannot_be_tried_for_ever(browser: Browser, clerk: Person) -> None:
    data = {"contact": "kasia@example.com", "password": "wrong"}
    statuses = [browser.form("/sign-in/password", data).status_code for _ in range(17)]
    assert statuses[:15] == [422] * 15
    assert statuses[15:] == [429, 429]


def test_a_link_sets_the_password_and_a_notice_tells(
    app: App, browser: Browser, clerk: Person
) -> None:
    browser.form("/sign-in/forgotten", {"contact": "kasia@example.com"})
    with app.database.unit_of_work() as session:
        said = list_outbox(session, settings=app.settings)[0].words.body
    found = re.search(r"http://testserver(/password/\S+)", said)
    assert found
    path = found[1]
    assert browser.get(path).status_code == 200
    new = "cztery nowe drabiny aluminiowe"
    weak = browser.form(path, {"password": "kot", "repeated": "kot"})
    assert weak.status_code == 422
    differ = browser.form(path, {"password": new, "repeated": new + "x"})
    assert differ.status_code == 422
    assert browser.form(path, {"password": new, "repeated": new}).status_code == 303
    assert browser.get(path).status_code == 404
    with app.database.unit_of_work() as session:
        kinds = [line.kind for line in list_outbox(session, settings=app.settings)]
    assert kinds[0] == "password-changed"


def test_nobody_learns_who_has_a_password(app: App, browser: Browser, clerk: Person) -> None:
    answers = [
        browser.form("/sign-in/forgotten", {"contact": contact})
        for contact in ("kasia@example.com", "nobody@example.com")
    ]
    assert [answer.status_code for answer in answers] == [200, 200]
    texts = [answer.text for answer in answers]
    assert texts[0].replace("kasia@", "") == texts[1].replace("nobody@", "")
    with app.database.unit_of_work() as session:
        lines = list_outbox(session, settings=app.settings)
    assert [line.address for line in lines] == ["kasia@example.com"]


def test_signing_out_everywhere_ends_the_other_devices(
    app: App, web: FastAPI, sign_in: object
) -> None:
    first: Browser = sign_in(Role.PARTICIPANT)  # type: ignore[operator]
    second: Browser = sign_in(person=first.person)  # type: ignore[operator]
    assert who(second) is not None
    first.form("/account/sign-out-everywhere")
    assert who(first) is None
    assert who(second) is None


def test_a_disabled_person_gets_no_session(app: App, browser: Browser) -> None:
    with app.database.unit_of_work() as session:
        made = make.person(session, email="ewa@example.com")
        made.disabled_at = clock.now()
    browser.form(ask(browser, "ewa@example.com"), {"code": last_code(app)})
    assert who(browser) is None
    with app.database.unit_of_work() as session:
        assert session.exec(select(LoginSession)).all() == []


def test_the_log_knows_no_names_addresses_or_codes(
    app: App, browser: Browser, clerk: Person
) -> None:
    with capture_logs() as lines:
        path = ask(browser, "ewa.mroz@example.com")
        code = last_code(app)
        browser.form(path, {"code": code})
        browser.get("/account?secret=word")
        browser.get("/no/such/ewa.mroz@example.com")
        other = {"contact": "kasia@example.com", "password": PASSWORD}
        browser.form("/sign-in/password", other)
    told = repr(lines)
    assert len(lines) >= 6
    for secret in ("ewa", "kasia", code, PASSWORD, "secret", path.rpartition("/")[2]):
        assert secret not in told


def test_a_code_for_a_new_phone_proves_it_first(app: App, sign_in: object) -> None:
    browser: Browser = sign_in(Role.PARTICIPANT)  # type: ignore[operator]
    sent = browser.form("/account/contact", {"contact": "601 234 567"})
    path = sent.headers["location"]
    assert browser.get(path).status_code == 200
    assert browser.form(path, {"code": "000000x"}).status_code == 422
    assert browser.form(path, {"code": last_code(app)}).status_code == 303
    assert "+48601234567" in browser.get("/account").text
    with app.database.unit_of_work() as session:
        told = list_outbox(session, settings=app.settings)[0]
    assert browser.person is not None
    assert (told.kind, told.address) == ("contact-changed", browser.person.email)
