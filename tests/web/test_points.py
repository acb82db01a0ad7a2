"""Points on pages and for programs: statements that prove themselves, debts, adjustments."""

from __future__ import annotations

import pytest
from sqlmodel import select

from accounts import grants
from accounts.roles import Grant, Role, scope_of
from accounts.tables import Person
from core.runtime import App
from points import addresses, ledger, paper, reversals, signed
from points.tables import AdjustmentStatus, PointAdjustment
from programs import service as programs
from tests import make
from tests.conftest import NOON
from tests.web.conftest import Browser, SignIn


@pytest.fixture
def world(app: App) -> make.World:
    with app.database.unit_of_work() as session:
        of = make.world(session)
        make.give_points(session, of, 600)
        return of


@pytest.fixture
def participant(app: App, world: make.World, sign_in: SignIn) -> Browser:
    with app.database.unit_of_work() as session:
        person = session.get_one(Person, world.participant.person_id)
        grants.grant(
            session,
            person_id=person.id,
            grant=Grant(Role.PARTICIPANT, scope_of("program", world.program.id)),
            by="person:test",
            at=NOON,
        )
    return sign_in(person=person)


def staff(world: make.World, sign_in: SignIn) -> Browser:
    return sign_in(Role.OPERATOR, scope=scope_of("program", world.program.id))


def balance(app: App, world: make.World) -> int:
    with app.database.unit_of_work() as session:
        return ledger.balance(session, addresses.active(world.participant.id))


def test_page_file_paper_and_api_give_the_same_signed_statement(
    participant: Browser, browser: Browser
) -> None:
    page = participant.get("/points")
    assert page.status_code == 200
    assert "/points/statement.pdf" in page.text
    key = browser.get("/statement-key").text.strip()
    file = participant.get("/points/statement.json")
    assert signed.check(file.content, key=key) == []
    pdf = participant.get("/points/statement.pdf")
    assert pdf.headers["content-type"] == "application/pdf"
    assert paper.check(pdf.content, key=key) == []
    api = participant.get("/api/v1/points/statement")
    assert signed.check(api.content, key=key) == []
    heads = {signed.read(data).closing.hash for data in (file.content, api.content)}
    assert heads == {signed.read(paper.extract(pdf.content)).closing.hash}
    assert next(iter(heads))[:12] in page.text


def test_a_debt_is_said_in_plain_words_and_never_as_a_negative_balance(
    app: App, world: make.World, participant: Browser
) -> None:
    with app.database.unit_of_work() as session:
        award = session.exec(select(reversals.PointLot.reference)).one()
        make.place(session, world, make.stocked_reward(session, world, price=500))
        reversals.reverse(
            session,
            of=award,
            reference=f"correction:{world.program.id}:line:1",
            points=300,
            at=NOON,
        )
    page = participant.get("/points").text
    assert "Do oddania: 200 pkt." in page
    api = participant.get("/api/v1/points").json()
    assert (api["balance"], api["debt"]) == (0, 200)
    # The next points pay it first: the way to the reward of 500 is that much longer.
    start = participant.get("/start").text.replace("\u00a0", " ")
    assert "Do oddania: 200 pkt." in start
    assert "brakuje 700" in start


def test_an_operator_adds_points_and_above_the_limit_a_colleague_agrees(
    app: App, world: make.World, sign_in: SignIn
) -> None:
    one, two = staff(world, sign_in), staff(world, sign_in)
    form = f"/adjustments/new/{world.participant.id}"
    assert one.get(form).status_code == 200
    sent = {"points": "100", "direction": "add", "reason": "Przeprosiny za zwłokę"}
    assert one.form(form, sent).status_code == 303
    assert balance(app, world) == 700
    assert one.form(form, {**sent, "points": "900"}).status_code == 303
    assert balance(app, world) == 700
    with app.database.unit_of_work() as session:
        waiting = session.exec(
            select(PointAdjustment).where(PointAdjustment.status == AdjustmentStatus.PROPOSED)
        ).one()
    own = one.form(f"/adjustments/{waiting.id}/approval")
    assert own.status_code == 403
    assert balance(app, world) == 700
    assert "Przeprosiny" in two.get("/adjustments").text
    assert two.form(f"/adjustments/{waiting.id}/approval").status_code == 303
    assert balance(app, world) == 1600
    assert two.form(f"/adjustments/{waiting.id}/approval").status_code == 409
    assert balance(app, world) == 1600
    with app.database.unit_of_work() as session:  # From now on a colleague of the same firm.
        programs.enrol(
            session,
            program=world.program,
            person_id=one.person.id,
            company_name="Kolega",
            nip=world.participant.nip,
            voivodeship="30",
            at=NOON,
        )
    refused = one.form(form, sent)
    assert refused.status_code == 403
    assert sent["reason"] in refused.text
    assert balance(app, world) == 1600


def test_a_wrong_adjustment_keeps_what_was_typed_and_moves_nothing(
    app: App, world: make.World, sign_in: SignIn
) -> None:
    one = staff(world, sign_in)
    form = f"/adjustments/new/{world.participant.id}"
    for wrong, status in (
        ({"points": "0"}, 422),
        ({"points": "-5"}, 422),
        ({"reason": "x"}, 422),
        ({"direction": "sideways"}, 422),
        ({"direction": "take", "points": "601"}, 409),
    ):
        sent = {"points": "10", "direction": "add", "reason": "Powód z pomyłki"} | wrong
        answer = one.form(form, sent)
        assert answer.status_code == status
        assert sent["reason"] in answer.text
    assert balance(app, world) == 600


def test_another_programmes_operator_finds_neither_person_nor_adjustment(
    app: App, world: make.World, sign_in: SignIn
) -> None:
    with app.database.unit_of_work() as session:
        other = make.world(session)
    stranger = staff(other, sign_in)
    assert stranger.get(f"/adjustments/new/{world.participant.id}").status_code == 404
    sent = {"points": "10", "direction": "add", "reason": "Powód z pomyłki"}
    assert stranger.form(f"/adjustments/new/{world.participant.id}", sent).status_code == 404
    assert balance(app, world) == 600


def test_programs_adjust_with_a_key_that_may(app: App, world: make.World, sign_in: SignIn) -> None:
    one = staff(world, sign_in)
    body = {"participant_id": str(world.participant.id), "points": -100, "reason": "Zwrot towaru"}
    headers = {"Idempotency-Key": "adjust-1-2-3", "X-CSRF-Token": one.csrf}
    first = one.post("/api/v1/adjustments", json=body, headers=headers)
    again = one.post("/api/v1/adjustments", json=body, headers=headers)
    assert (first.status_code, first.json()["status"]) == (201, "posted")
    assert again.json() == first.json()
    assert balance(app, world) == 500
    decided = one.get("/api/v1/adjustments").json()
    assert ([row["points"] for row in decided["items"]], decided["next_cursor"]) == ([-100], None)
    assert one.get("/api/v1/adjustments", params={"waiting": True}).json()["items"] == []
