"""The tax mode on every surface: settings, terms, PDF, rewards, orders and the API say the same."""

from __future__ import annotations

from datetime import timedelta
from uuid import uuid4

import pytest
from fastapi import FastAPI
from sqlmodel import select

from accounts.roles import Role, scope_of
from core import clock
from core.runtime import App
from programs import tax, tax_modes
from programs.tables import Program
from programs.tax import TaxMode
from rewards.tables import Redemption
from tests import make
from tests.web import callers
from tests.web.conftest import SignIn
from tests.web.test_api_rewards import published
from tests.web.test_claim_receipts import browser_of

OPEN = "nie wskazał jeszcze, jak rozliczany jest podatek"


@pytest.fixture
def of(app: App) -> make.World:
    with app.database.unit_of_work() as session:
        return make.world(session)


def test_an_open_question_is_seen_everywhere_and_closed_by_one_choice(
    app: App, web: FastAPI, sign_in: SignIn, of: make.World
) -> None:
    manager = sign_in(Role.PROGRAM_MANAGER, scope=scope_of("program", of.program.id))
    fitter = browser_of(app, sign_in, of)
    with app.database.unit_of_work() as session:
        reward = published(session, of)
        slug = session.get_one(Program, of.program.id).slug
    settings, page = (f"/programs/{of.program.id}/{name}" for name in ("settings", "tax"))
    detail = f"/rewards/{reward.id}"
    assert f'href="{page}"' in manager.get(settings).text
    assert "Nikt jeszcze nie wybrał" in manager.get(settings).text
    assert OPEN in fitter.get(detail).text
    assert OPEN in fitter.get(f"/terms/{slug}").text
    assert "checked" not in manager.get(page).text

    today = clock.local_date(clock.now()).isoformat()
    wrong = manager.form(page, {"mode": "", "since": today, "reason": "opinia"})
    assert wrong.status_code == 422
    assert 'href="#mode"' in wrong.text
    chosen = {"mode": "flat10_with_gross_up", "since": today, "reason": "opinia doradcy"}
    assert manager.form(page, chosen).status_code == 303
    assert "opinia doradcy" in manager.get(page).text
    assert "Nikt jeszcze nie wybrał" not in manager.get(settings).text
    for text in tax.sentences(TaxMode.FLAT10_WITH_GROSS_UP, language="pl"):
        assert text in fitter.get(detail).text
        assert text in fitter.get(f"/terms/{slug}").text
    assert OPEN not in fitter.get(detail).text


def test_another_programme_is_not_there(app: App, sign_in: SignIn, of: make.World) -> None:
    with app.database.unit_of_work() as session:
        other = make.world(session)
    manager = sign_in(Role.PROGRAM_MANAGER, scope=scope_of("program", other.program.id))
    page = f"/programs/{of.program.id}/tax"
    form = {"mode": "pit11", "since": clock.local_date(clock.now()).isoformat(), "reason": "opinia"}
    assert [manager.get(page).status_code, manager.form(page, form).status_code] == [404, 404]
    with app.database.unit_of_work() as session:
        assert tax_modes.list_choices(session, of.program.id) == []


def test_programs_read_and_choose_it_too(app: App, web: FastAPI, of: make.World) -> None:
    with app.database.unit_of_work() as session:
        boss = make.person(session, name="Maria Ustawna").id
        reward, carrier = published(session, of), make.carrier(session)
        make.give_points(session, of, 1_000)
    may = ("program:read", "program:write")
    erp = callers.key_of(app, web, boss, Role.PROGRAM_MANAGER, of.program.id, may)
    fitter = callers.participant(app, web, of)
    assert erp.get("/api/v1/program").json()["tax_mode"] is None
    today = clock.local_date(clock.now())
    given = {"mode": "pit11", "since": today.isoformat(), "reason": "opinia doradcy"}
    told = erp.post("/api/v1/program/tax", json=given).json()
    assert told["mode"] == "pit11"
    assert [(c["mode"], c["chosen_by"]) for c in told["choices"]] == [("pit11", "API key")]
    past = {**given, "mode": "business", "since": (today - timedelta(days=1)).isoformat()}
    assert erp.post("/api/v1/program/tax", json=past).status_code == 422
    assert erp.get("/api/v1/program").json()["tax_mode"] == "pit11"
    detail = fitter.get(f"/api/v1/rewards/{reward.id}").json()
    assert (detail["tax_mode"], detail["tax_note"]) == ("pit11", told["note"])
    order = {
        "lines": [{"reward_id": str(reward.id), "shown_points": 500}],
        "recipient": {
            "name": "Marek Wrona",
            "street": "ul. Polna 4",
            "postcode": "62-300",
            "city": "Września",
            "phone": "+48 600 100 200",
        },
        "carrier_id": str(carrier.id),
    }
    placed = fitter.post("/api/v1/orders", json=order, headers={"Idempotency-Key": str(uuid4())})
    assert placed.status_code == 201, placed.text
    assert (placed.json()["tax_mode"], placed.json()["tax_note"]) == ("pit11", told["note"])
    page = fitter.get(f"/orders/{placed.json()['id']}").text
    assert told["note"][0] in page
    with app.database.unit_of_work() as session:
        assert session.exec(select(Redemption.tax_mode)).all()[-1] is TaxMode.PIT11
