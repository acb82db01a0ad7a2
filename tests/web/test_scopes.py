"""Who has several programmes chooses one, sees which it is, and never acts on another unawares."""

from __future__ import annotations

import re
from dataclasses import replace

import pytest
from sqlmodel import select

from accounts.grants import grant
from accounts.roles import Grant, Role, scope_of
from core.runtime import App
from programs import service as programs
from programs.code_tables import CodeBatch
from programs.tables import Program
from tests import make
from tests.conftest import NOON
from tests.make import World
from tests.web.conftest import Browser, SignIn


@pytest.fixture
def two(app: App) -> tuple[World, World]:
    with app.database.unit_of_work() as session:
        first, second = make.world(session), make.world(session)
        session.get_one(Program, second.program.id).name = "Klub Hydraulika"
        return first, second


def manager_of(app: App, sign_in: SignIn, *worlds: World, role: Role) -> Browser:
    with app.database.unit_of_work() as session:
        person = make.person(session, name="Maria Dwa")
        for of in worlds:
            held = Grant(role, scope_of("program", of.program.id))
            grant(session, person_id=person.id, grant=held, by="test", at=NOON)
    return sign_in(person=person)


def switch(browser: Browser, of: World) -> None:
    chosen = {"program": str(of.program.id), "return_to": "/codes"}
    answer = browser.form("/preferences", chosen)
    assert (answer.status_code, answer.headers["location"]) == (303, "/codes")


def shown(browser: Browser, path: str) -> str:
    """The programme that the shell says the page is about."""
    found = re.search(r'class="scope">(.*?)</(?:summary|span>\n)', browser.get(path).text, re.S)
    assert found, f"{path} does not say which programme it shows"
    text = re.sub(r"<svg.*?</svg>|<[^>]+>", "", found[1], flags=re.S)
    return text.replace("Program:", "").strip()


def batches(app: App, of: World) -> int:
    with app.database.unit_of_work() as session:
        mine = select(CodeBatch).where(CodeBatch.program_id == of.program.id)
        return len(session.exec(mine).all())


PAGES = ("/codes", "/products", "/rules", "/segments", "/overview", "/automation", "/partners")


def test_the_choice_is_remembered_and_every_page_names_it(
    app: App, sign_in: SignIn, two: tuple[World, World]
) -> None:
    first, second = two
    browser = manager_of(app, sign_in, first, second, role=Role.PROGRAM_MANAGER)
    assert {shown(browser, path) for path in PAGES} == {"Klub Elektryka"}
    switch(browser, second)
    assert {shown(browser, path) for path in PAGES} == {"Klub Hydraulika"}
    for path in ("/escalations", "/adjustments", "/programs"):
        assert shown(browser, path) == "Wszystkie programy"
    address = f"/codes?program={first.program.id}"
    assert shown(browser, address) == "Klub Elektryka"  # asked for by name, for this once
    assert shown(browser, "/codes") == "Klub Hydraulika"


def test_a_form_acts_on_the_programme_of_its_page_whatever_was_chosen_meanwhile(
    app: App, sign_in: SignIn, two: tuple[World, World]
) -> None:
    first, second = two
    browser = manager_of(app, sign_in, first, second, role=Role.PROGRAM_MANAGER)
    form = browser.get("/codes/new").text
    assert f'name="of_program" value="{first.program.id}"' in form
    switch(browser, second)  # in another tab
    fields = {"sku": "VX-N210", "size": "2", "of_program": str(first.program.id)}
    assert browser.form("/codes", fields).status_code == 303
    assert (batches(app, first), batches(app, second)) == (1, 0)


def test_a_choice_gives_no_right_and_no_other_programme_takes_its_place(
    app: App, sign_in: SignIn, two: tuple[World, World]
) -> None:
    first, second = two
    browser = manager_of(app, sign_in, first, role=Role.PROGRAM_MANAGER)
    assert 'name="of_program"' not in browser.get("/codes/new").text  # one: nothing to choose
    switch(browser, second)
    assert shown(browser, "/codes") == "Klub Elektryka"
    fields = {"sku": "VX-N210", "size": "2", "of_program": str(second.program.id)}
    assert browser.form("/codes", fields).status_code == 404
    assert browser.get(f"/codes?program={second.program.id}").status_code == 404
    with app.database.unit_of_work() as session:
        assert browser.person is not None
        held = Grant(Role.ANALYST, scope_of("program", second.program.id))
        grant(session, person_id=browser.person.id, grant=held, by="test", at=NOON)
    browser = sign_in(person=browser.person)  # A new role ends the sessions that had it not.
    switch(browser, second)
    assert shown(browser, "/codes") == "Klub Hydraulika"
    assert browser.get("/codes/new").status_code == 404  # an analyst there plans no batch
    assert browser.form("/codes", {"sku": "VX-N210", "size": "2"}).status_code == 404
    assert (batches(app, first), batches(app, second)) == (0, 0)


def test_a_participant_of_two_programmes_sees_the_chosen_one(
    app: App, sign_in: SignIn, two: tuple[World, World]
) -> None:
    _, second = two
    with app.database.unit_of_work() as session:
        person = make.person(session, name="Ola Obie")
        for of in two:
            programs.enrol(
                session,
                program=of.program,
                person_id=person.id,
                company_name="Instalacje Ola",
                nip=make.nip(),
                voivodeship="30",
                at=NOON,
            )
            held = Grant(Role.PARTICIPANT, scope_of("program", of.program.id))
            grant(session, person_id=person.id, grant=held, by="test", at=NOON)
    browser = sign_in(person=person)
    assert shown(browser, "/start").startswith("Klub Elektryka")
    switch(browser, second)
    assert shown(browser, "/start").startswith("Klub Hydraulika")


def test_a_link_leads_to_the_programme_of_what_it_names(
    app: App, sign_in: SignIn, two: tuple[World, World]
) -> None:
    first, second = two
    browser = manager_of(app, sign_in, first, second, role=Role.PROGRAM_MANAGER)
    assert shown(browser, "/products") == "Klub Elektryka"
    link = f"/products/{second.socket.id}"
    page = browser.get(link).text
    assert "Przełączyliśmy na program „Klub Hydraulika”" in page
    assert shown(browser, "/products") == "Klub Hydraulika"  # and there it stays
    assert "Przełączyliśmy" not in browser.get(link).text
    assert browser.get(f"{link}?program={first.program.id}").status_code == 404


def test_what_is_not_theirs_in_another_programme_is_like_what_never_was(
    app: App, sign_in: SignIn, two: tuple[World, World]
) -> None:
    _, second = two
    with app.database.unit_of_work() as session:
        person = make.person(session, name="Ola Obie")
        mine = [
            programs.enrol(
                session, program=of.program, person_id=person.id, company_name="Instalacje Ola",
                nip=make.nip(), voivodeship="30", at=NOON,
            )
            for of in two
        ]  # fmt: skip
        for of in two:
            held = Grant(Role.PARTICIPANT, scope_of("program", of.program.id))
            grant(session, person_id=person.id, grant=held, by="test", at=NOON)
        others = make.submitted(session, second).id
        elsewhere = make.submitted(session, make.world(session)).id
        second = replace(second, participant=mine[1])
        own = make.submitted(session, second).id
    browser = sign_in(person=person)
    absent = "00000000-0000-7000-8000-000000000000"
    answers = [browser.get(f"/claims/{name}") for name in (others, elsewhere, absent)]
    assert {answer.status_code for answer in answers} == {404}
    said = {
        re.sub(rf"{name}|csrf[^>]*|nonce-[^\"']*", "", answer.text)
        for name, answer in zip((others, elsewhere, absent), answers, strict=True)
    }
    assert len(said) == 1
    assert not [answer for answer in answers if "program=" in answer.headers.get("set-cookie", "")]
    assert shown(browser, "/start").startswith("Klub Elektryka")
    assert "Przełączyliśmy na program" in browser.get(f"/claims/{own}").text
    assert shown(browser, "/start").startswith("Klub Hydraulika")
