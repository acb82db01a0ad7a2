"""The page of automatic decisions shows its arithmetic, and keeps second looks blind."""

from __future__ import annotations

import re

import pytest
from sqlmodel import select

from accounts.roles import Role, scope_of
from accounts.tables import Person
from core.runtime import App
from tests import make
from tests.conftest import NOON
from tests.web.conftest import SignIn
from tests.web.partner_world import enter
from verification.automatic_tables import SecondLook
from verification.proof_tables import ProofKind
from verification.proofs import record_proof
from verification.tables import Review


@pytest.fixture
def of(app: App) -> make.World:
    """A claim that the register proved, paid by the system and drawn for a second look."""
    with app.database.unit_of_work() as session:
        made = make.world(session)
        waiting = make.awaiting(session, made)
        record_proof(
            session,
            claim_id=waiting.claim_id,
            kind=ProofKind.KSEF_REGISTRY,
            evidence={"ksef_number": "1"},
            actor="sync",
            at=NOON,
        )
        make.awaiting(session, made, number="FV/2/2026")
        return made


def plain(html: str) -> str:
    return re.sub(r"\s+", " ", re.sub(r"<[^>]+>", " ", html)).replace("\u00a0", " ")


def test_the_manufacturer_sees_the_arithmetic_of_each_route(
    of: make.World, sign_in: SignIn
) -> None:
    manager = sign_in(Role.ANALYST, scope=scope_of("program", of.program.id))
    shown = plain(manager.get("/automation").text)
    assert "Działa pod kontrolą" in shown
    assert "100,00 % × 1 380 pkt = najwyżej 1 380 pkt" in shown
    assert "Zatrzymane: za mało kontroli" in shown
    assert "uczestnik jeszcze bez zaufania" in shown
    assert "10.00" not in shown  # the wholesaler's price


def test_the_bound_and_what_it_means_follow_the_looks(
    app: App, of: make.World, sign_in: SignIn
) -> None:
    with app.database.unit_of_work() as session:
        look = session.exec(select(SecondLook)).one()
        look.draws, look.wrong_points = 100, 0
        look.checked_at, look.checked_by = NOON, of.clerk.person_id
    manager = sign_in(Role.PROGRAM_MANAGER, scope=scope_of("program", of.program.id))
    shown = plain(manager.get("/automation").text)
    assert "1 − 0,05^(1/100) = 2,95 %" in shown
    assert "2,95 % × 1 380 pkt = najwyżej 41 pkt" in shown
    assert "System zalicza zgłoszenia do 5 000 pkt." in shown


def test_another_programmes_people_do_not_find_it(of: make.World, sign_in: SignIn) -> None:
    stranger = sign_in(Role.CLERK)
    assert stranger.get("/automation").status_code in (403, 404)


def test_a_second_look_does_not_tell_what_the_system_decided(
    app: App, of: make.World, sign_in: SignIn
) -> None:
    with app.database.unit_of_work() as session:
        look = session.exec(select(SecondLook)).one()
        review = session.get_one(Review, look.review_id)
        clerk = session.get_one(Person, of.clerk.person_id)
        review_id = review.id
    browser = enter(app, sign_in, clerk, Role.CLERK, scope_of("branch", of.branch.id))
    queue = plain(browser.get("/queue").text)
    assert "Kontrola" in queue
    page = plain(browser.get(f"/reviews/{review_id}").text)
    assert "Kontrola" in page
    for word in ("automat", "Zaliczone", "system"):
        assert word not in page.replace("zaliczone: 1", "")
    # Nobody waits for an answer: a question has no place here.
    assert "Zapytaj uczestnika" not in page


def test_the_api_gives_the_arithmetic_and_what_second_looks_found(
    app: App, of: make.World, sign_in: SignIn
) -> None:
    manager = sign_in(Role.ANALYST, scope=scope_of("program", of.program.id))
    address = "/api/v1/automation"
    registry = next(r for r in manager.get(address).json()["routes"] if r["route"] == "registry")
    assert (registry["course"], registry["points"], registry["claims"]) == ("watched", 1380, 1)
    assert registry["points_wrong_at_most"] == 1380
    [waiting] = manager.get(f"{address}/second-looks").json()["items"]
    assert (waiting["points"], waiting["wrong_points"], waiting["trial"]) == (1380, None, False)
    with app.database.unit_of_work() as session:
        look = session.exec(select(SecondLook)).one()
        look.wrong_points, look.taken_back = 300, True
        look.checked_at, look.checked_by = NOON, of.clerk.person_id
    [found] = manager.get(f"{address}/second-looks").json()["items"]
    assert (found["wrong_points"], found["taken_back"]) == (300, True)
    assert "Anna" not in manager.get(f"{address}/second-looks").text
    for stranger in (sign_in(Role.CLERK), sign_in(Role.PARTICIPANT)):
        assert stranger.get(address).status_code == 404
        assert stranger.get(f"{address}/second-looks").status_code == 404
