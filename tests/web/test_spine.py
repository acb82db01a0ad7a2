"""The spine of the web application: health, headers, problems, static files."""

from __future__ import annotations

from tests.web.conftest import Browser, SignIn


def test_alive(browser: Browser) -> None:
    answer = browser.get("/health/live")
    assert answer.status_code == 200
    assert "script-src 'self' 'wasm-unsafe-eval'" in answer.headers["content-security-policy"]
    assert "set-cookie" not in answer.headers


def test_me_needs_somebody(browser: Browser, sign_in: SignIn) -> None:
    refused = browser.get("/api/v1/me")
    assert refused.status_code == 401
    assert refused.headers["content-type"] == "application/problem+json"
    assert refused.json()["code"] == "sign-in-required"
    mine = sign_in().get("/api/v1/me")
    assert mine.status_code == 200, mine.text
    assert mine.json()["name"] == "Marek Nowak"


def test_what_is_absent_is_a_page_in_polish(browser: Browser) -> None:
    answer = browser.get("/nothing-here", headers={"accept-language": "pl"})
    assert answer.status_code == 404
    assert "Nie ma takiej strony" in answer.text
