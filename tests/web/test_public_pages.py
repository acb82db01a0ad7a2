"""What strangers see: the start page, help, the demo's personas, the outbox."""

from __future__ import annotations

import pytest

from accounts import demo
from accounts.roles import Role
from core.runtime import App
from tests.accounts import make
from tests.web.conftest import Browser, SignIn

PATHS = ["/", "/help", "/privacy", "/accessibility", "/sign-in", "/sign-in/password"]
PATHS += ["/sign-in/forgotten", "/outbox", "/styleguide"]


@pytest.mark.parametrize("path", PATHS)
@pytest.mark.parametrize("language", ["pl", "en"])
def test_a_page_for_everybody_draws(browser: Browser, path: str, language: str) -> None:
    answer = browser.get(path, headers={"accept-language": language})
    assert answer.status_code == 200
    assert f'<html lang="{language}"' in answer.text
    assert answer.text.count("<h1") == 1
    assert "style=" not in answer.text
    assert "<script>" not in answer.text


def test_the_demo_offers_its_personas_and_lets_anybody_in(browser: Browser, app: App) -> None:
    with app.database.unit_of_work() as session:
        who = make.person(session, Role.CLERK, name="Kasia Lis")
        demo.offer_demo_signin(
            session,
            persona="clerk",
            person_id=who.id,
            title="Sprzedawca",
            description="Sprawdza zgłoszenia.",
            position=1,
        )
    assert "Sprzedawca" in browser.get("/").text
    answer = browser.form("/demo/sign-in/clerk")
    assert answer.status_code == 303
    assert browser.get("/api/v1/me").json()["name"] == "Kasia Lis"


@pytest.mark.parametrize("role", list(Role))
def test_the_account_page_draws_for_every_role(sign_in: SignIn, role: Role) -> None:
    answer = sign_in(role).get("/account")
    assert answer.status_code == 200
    assert answer.text.count("<h1") == 1
    assert "style=" not in answer.text
