"""Only our own pages change anything: origin and token are both asked for."""

from __future__ import annotations

import pytest
from sqlmodel import Session

from accounts import people
from core.runtime import App
from tests.web.conftest import Browser, SignIn


def name_of(app: App, browser: Browser) -> str:
    assert browser.person is not None
    with app.database.unit_of_work() as session:
        return people.get_profile(session, person_id=browser.person.id).name


def test_a_form_of_our_own_page_is_taken(app: App, sign_in: SignIn) -> None:
    browser = sign_in()
    answer = browser.form("/account/name", {"name": "Ewa Mróz"})
    assert answer.status_code == 303
    assert name_of(app, browser) == "Ewa Mróz"


@pytest.mark.parametrize("token", [None, "", "wrong"])
def test_without_its_token_a_form_changes_nothing(
    app: App, sign_in: SignIn, token: str | None
) -> None:
    browser = sign_in()
    data = {"name": "Ewa Mróz"} | ({} if token is None else {"csrf_token": token})
    answer = browser.post("/account/name", data=data, follow_redirects=False)
    assert answer.status_code == 403
    assert name_of(app, browser) == "Marek Nowak"


def test_a_token_of_another_session_changes_nothing(app: App, sign_in: SignIn) -> None:
    browser, other = sign_in(), sign_in()
    answer = browser.form("/account/name", {"name": "Ewa Mróz", "csrf_token": other.csrf})
    assert answer.status_code == 403
    assert name_of(app, browser) == "Marek Nowak"


def test_the_token_may_come_in_the_header(app: App, sign_in: SignIn) -> None:
    browser = sign_in()
    answer = browser.post(
        "/account/name",
        data={"name": "Ewa Mróz"},
        headers={"x-csrf-token": browser.csrf},
        follow_redirects=False,
    )
    assert answer.status_code == 303
    assert name_of(app, browser) == "Ewa Mróz"


@pytest.mark.parametrize(
    "headers",
    [
        {"sec-fetch-site": "cross-site"},
        {"sec-fetch-site": "same-site"},
        {"origin": "https://elsewhere.example"},
        {"origin": "null"},
    ],
)
def test_another_site_cannot_send_our_form(
    app: App, sign_in: SignIn, headers: dict[str, str]
) -> None:
    browser = sign_in()
    answer = browser.form("/account/name", {"name": "Ewa Mróz"}, headers=headers)
    assert answer.status_code == 403
    assert name_of(app, browser) == "Marek Nowak"


def test_our_own_origin_may_send_it(sign_in: SignIn) -> None:
    headers = {"origin": "http://testserver", "sec-fetch-site": "same-origin"}
    answer = sign_in().form("/account/name", {"name": "Ewa Mróz"}, headers=headers)
    assert answer.status_code == 303


def test_a_strangers_form_needs_the_token_of_that_browser(browser: Browser, web: object) -> None:
    foreign = Browser(web, base_url="http://testserver")  # type: ignore[arg-type]
    answer = browser.form("/sign-in", {"contact": "a@example.com", "csrf_token": foreign.csrf})
    assert answer.status_code == 403


def test_a_session_cookie_alone_changes_nothing_through_the_api(
    session: Session, sign_in: SignIn
) -> None:
    # The API takes cookies too: what comes with a cookie needs the token in the header.
    browser = sign_in()
    answer = browser.post("/account/notices", json={}, follow_redirects=False)
    assert answer.status_code == 403
