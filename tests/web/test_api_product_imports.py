"""A maker's own system sends its catalogue as a file: looked at, confirmed once, followed."""

from __future__ import annotations

import pytest
from fastapi import FastAPI
from sqlmodel import col, select

from accounts.roles import Role
from core import clock, queue
from core.queue import Work
from core.runtime import App
from programs import product_imports
from programs.product_tables import Product, ProductImport
from tests import make
from tests.make import World
from tests.web import callers
from tests.web.conftest import Browser
from workers.jobs import HANDLERS
from workers.runtime import run_attempt

IMPORTS = "/api/v1/product-imports"
LIST = "Nr art.;Opis;Seria\nVX-600;Ramka;Nova\n;bez kodu;Nova\nVX-N210;Gniazdo;Nova\n"
COLUMNS = {"sku": "Nr art.", "name": "Opis", "family": "Seria"}
MAY = ("products:read", "products:write")


@pytest.fixture
def of(app: App) -> World:
    with app.database.unit_of_work() as session:
        return make.world(session)


def key(app: App, web: FastAPI, of: World, may: tuple[str, ...] = MAY) -> Browser:
    with app.database.unit_of_work() as session:
        boss = make.person(session, name="Maria Plik").id
    return callers.key_of(app, web, boss, Role.PROGRAM_MANAGER, of.program.id, may)


@pytest.fixture
def erp(app: App, web: FastAPI, of: World) -> Browser:
    return key(app, web, of)


def sent(text: str = LIST) -> dict[str, tuple[str, bytes]]:
    return {"file": ("lista.csv", text.encode())}


def skus(app: App, of: World) -> list[str]:
    with app.database.unit_of_work() as session:
        wanted = select(Product.sku).where(Product.program_id == of.program.id)
        return list(session.exec(wanted.order_by(col(Product.sku))).all())


def test_a_file_is_looked_at_confirmed_once_and_followed_to_its_end(
    app: App, of: World, erp: Browser
) -> None:
    unread = erp.post(f"{IMPORTS}/previews", files=sent())
    assert (unread.status_code, unread.json()["field"]) == (422, "file")
    assert unread.json()["missing"] == "kod, nazwa"
    assert "kod, nazwa" in unread.json()["problem"]
    lacking = erp.put(f"{IMPORTS}/columns", json={**COLUMNS, "family": ""})
    assert (lacking.status_code, lacking.json()["field"]) == (422, "family")
    assert erp.put(f"{IMPORTS}/columns", json=COLUMNS).json()["sku"] == "Nr art."
    seen = erp.post(f"{IMPORTS}/previews", files=sent()).json()
    assert [seen[name] for name in ("adds", "changes", "same", "bad")] == [1, 1, 0, 1]
    [bad] = seen["bad_rows"]
    assert (bad["row"], bad["field"], bad["name"]) == (3, "sku", "bez kodu")
    assert bad["problem"]
    assert [row["sku"] for row in seen["rows"]] == ["VX-600", "VX-N210"]
    assert [one["new"] for one in seen["rows"][1]["changes"]] == ["Gniazdo"]
    assert skus(app, of) == ["VX-B24", "VX-N210"]

    names = {name: seen[name] for name in ("file_name", "file_sha256", "ticket")}
    asked = [
        erp.post(IMPORTS, json=names, headers={"idempotency-key": "import-1"}) for _ in range(2)
    ]
    assert [answer.status_code for answer in asked] == [202, 202], asked[0].text
    assert asked[0].json() == asked[1].json()
    address = asked[0].headers["location"]
    assert erp.get(address).json()["status"] == "waiting"
    with app.database.unit_of_work() as session:
        [number] = session.exec(
            select(Work.id).where(Work.job == product_imports.IMPORT.name)
        ).all()
        rings = queue.take_due(session, at=clock.now(), queue="default", room=99)
    [ring] = [ring for ring in rings if ring.work_id == number]
    assert run_attempt(app, HANDLERS, work_id=ring.work_id, attempt=ring.attempt)
    done = erp.get(address).json()
    said = [done[name] for name in ("status", "done", "total", "added", "changed", "left_out")]
    assert said == ["done", 2, 2, 1, 1, 1]
    assert skus(app, of) == ["VX-600", "VX-B24", "VX-N210"]


def test_a_file_of_others_is_not_confirmed_and_an_import_of_others_absent(
    app: App, web: FastAPI, of: World, erp: Browser
) -> None:
    seen = erp.post(f"{IMPORTS}/previews", files=sent("kod;nazwa;rodzina\nA;B;Nova\n")).json()
    names = {name: seen[name] for name in ("file_name", "file_sha256", "ticket")}
    with app.database.unit_of_work() as session:
        other = make.world(session)
    foreign = key(app, web, other)
    refused = foreign.post(IMPORTS, json=names)
    assert (refused.status_code, refused.json()["field"]) == (422, "file")
    reader = key(app, web, of, MAY[:1])
    assert reader.post(IMPORTS, json=names).status_code == 403
    assert reader.post(f"{IMPORTS}/previews", files=sent()).status_code == 403
    with app.database.unit_of_work() as session:
        assert session.exec(select(ProductImport)).all() == []
    address = f"{IMPORTS}/{erp.post(IMPORTS, json=names).json()['id']}"
    assert foreign.get(address).status_code == 404
    assert reader.get(address).json()["total"] == 1
