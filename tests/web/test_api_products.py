"""A maker's own system keeps the catalogue of its programme."""

from __future__ import annotations

import pytest
from fastapi import FastAPI
from sqlmodel import select

from accounts.roles import Role
from core.runtime import App
from programs.product_tables import Product, ProductAlias
from tests import make
from tests.analytics import scene as scenes
from tests.make import World
from tests.web import callers
from tests.web.conftest import Browser

ROLL = {
    "sku": "VX-YDYP-325",
    "name": "Przewód YDYp 3x2,5",
    "family": "Przewody",
    "unit": "m",
    "gtins": [{"gtin": "5900000000008", "units": "100"}],
    "sold_in": [{"unit": "krążek", "units": "100"}],
}


@pytest.fixture
def of(app: App) -> World:
    with app.database.unit_of_work() as session:
        return make.world(session)


@pytest.fixture
def erp(app: App, web: FastAPI, of: World) -> Browser:
    with app.database.unit_of_work() as session:
        boss = make.person(session, name="Maria Katalog").id
    may = ("products:read", "products:write")
    return callers.key_of(app, web, boss, Role.PROGRAM_MANAGER, of.program.id, may)


def test_a_product_is_added_found_changed_and_said_back(erp: Browser) -> None:
    made = erp.post("/api/v1/products", json=ROLL, headers={"idempotency-key": "product-1"})
    again = erp.post("/api/v1/products", json=ROLL, headers={"idempotency-key": "product-1"})
    assert (made.status_code, again.json()) == (201, made.json()), made.text
    assert made.json()["sold_in"] == [{"unit": "krążek", "units": "100.000000"}]
    address = f"/api/v1/products/{made.json()['id']}"
    [found] = erp.get("/api/v1/products", params={"text": "ydyp"}).json()["items"]
    assert (found["sku"], found["gtins"], found["seller_names"]) == ("VX-YDYP-325", 1, 0)
    changed = erp.put(address, json={**ROLL, "name": "Przewód YDYp żo 3x2,5", "gtins": []})
    assert (changed.status_code, changed.json()["gtins"]) == (200, [])
    assert erp.get(address).json() == changed.json()


def test_a_list_goes_on_after_the_last_code(erp: Browser) -> None:
    erp.post("/api/v1/products", json=ROLL)
    first = erp.get("/api/v1/products", params={"limit": 1}).json()
    rest = erp.get("/api/v1/products", params={"after": first["next_after"]}).json()
    codes = [one["sku"] for one in (*first["items"], *rest["items"])]
    assert len(first["items"]) == 1
    assert codes == sorted(set(codes))
    assert ROLL["sku"] in codes
    assert rest["next_after"] is None


@pytest.mark.parametrize(
    ("wrong", "status"),
    [
        ({"sku": "VX-N210"}, 409),
        ({"gtins": [{"gtin": "5900000000001"}]}, 422),
        ({"unit": "wiadro"}, 422),
        ({"sold_in": [{"unit": "krążek", "units": "0"}]}, 422),
        ({"eligible_from": "2026-12-01", "eligible_to": "2026-01-01"}, 422),
        ({"name": ""}, 422),
    ],
)
def test_a_wrong_product_is_refused_and_not_kept(
    app: App, erp: Browser, wrong: dict[str, object], status: int
) -> None:
    with app.database.unit_of_work() as session:
        before = session.exec(select(Product.sku)).all()
    answer = erp.post("/api/v1/products", json={**ROLL, **wrong})
    assert answer.status_code == status, answer.text
    assert answer.headers["content-type"] == "application/problem+json"
    with app.database.unit_of_work() as session:
        assert session.exec(select(Product.sku)).all() == before


def test_another_programmes_product_is_absent(
    app: App, web: FastAPI, of: World, erp: Browser
) -> None:
    address = f"/api/v1/products/{erp.post('/api/v1/products', json=ROLL).json()['id']}"
    with app.database.unit_of_work() as session:
        other = make.world(session)
        boss = make.person(session, name="Jan Obcy").id
    may = ("products:read", "products:write")
    foreign = callers.key_of(app, web, boss, Role.PROGRAM_MANAGER, other.program.id, may)
    assert foreign.get(address).status_code == 404
    assert foreign.put(address, json=ROLL).status_code == 404
    read = callers.key_of(app, web, boss, Role.PROGRAM_MANAGER, other.program.id, may[:1])
    assert read.post("/api/v1/products", json=ROLL).status_code == 403


def test_a_sellers_name_is_withdrawn_once_by_its_own_programme(
    app: App, web: FastAPI, of: World, erp: Browser
) -> None:
    with app.database.unit_of_work() as session:
        scene = scenes.scene(session)
        for sockets in (3, 2):
            scenes.bought(session, scene, sockets=sockets)
        alias = session.exec(
            select(ProductAlias).where(ProductAlias.program_id == scene.world.program.id)
        ).first()
        boss = make.person(session, name="Maria Nazwa").id
    assert alias is not None
    may = ("products:read", "products:write")
    own, reader = (
        callers.key_of(app, web, boss, Role.PROGRAM_MANAGER, scene.world.program.id, may[:last])
        for last in (2, 1)
    )
    address = f"/api/v1/products/{alias.product_id}/aliases/{alias.id}"
    shown = own.get(address).json()
    product = own.get(f"/api/v1/products/{alias.product_id}").json()
    assert str(alias.id) in {one["id"] for one in product["seller_names"]}
    assert shown["touched_lines"] == len(shown["touched"]) > 0
    assert own.get(f"/api/v1/products/{scene.world.board.id}/aliases/{alias.id}").status_code == 404
    assert erp.get(address).status_code == 404
    assert erp.post(f"{address}/withdrawal").status_code == 404
    assert reader.post(f"{address}/withdrawal").status_code == 403
    assert own.get(address).json() == shown
    once = own.post(f"{address}/withdrawal", headers={"idempotency-key": "alias-withdrawn"})
    twice = own.post(f"{address}/withdrawal")
    assert (once.status_code, once.json()["withdrawn_at"] is None) == (200, False), once.text
    assert twice.json() == once.json()
    assert reader.get(address).json() == once.json()
