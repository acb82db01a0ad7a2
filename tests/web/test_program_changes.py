"""Changing a programme's products by its pages: one by one, and as an import."""

from __future__ import annotations

import re

import pytest
from sqlmodel import col, select

from accounts.roles import Role
from core import clock, queue
from core.queue import Work
from core.runtime import App
from programs import product_imports
from programs.product_tables import Product, ProductAlias, ProductGtin
from tests.analytics import scene as scenes
from tests.analytics.scene import Scene
from tests.web.conftest import Browser, SignIn
from workers.jobs import HANDLERS
from workers.runtime import run_attempt

PRODUCT = {
    "sku": "VX-500",
    "name": "Czujnik ruchu Nova",
    "family": "Nova",
    "unit": "szt",
    "gtin": ["5901234567893", "", ""],
    "gtin_units": ["1", "1", "1"],
}


def test_a_product_is_added_changed_and_shown_with_its_points(
    app: App, found: Scene, manager: Browser
) -> None:
    made = manager.form("/products", PRODUCT)
    assert made.status_code == 303
    path = made.headers["location"]
    page = manager.get(path).text
    assert "VX-500" in page
    assert "5901234567893" in page
    assert re.search(r'class="num">15</span>', page)
    changed = manager.form(path, PRODUCT | {"name": "Czujnik ruchu 180°", "gtin": ["", "", ""]})
    assert changed.status_code == 303
    with app.database.unit_of_work() as session:
        product = session.exec(select(Product).where(Product.sku == "VX-500")).one()
        assert product.name == "Czujnik ruchu 180°"
        owned = select(ProductGtin).where(ProductGtin.product_id == product.id)
        assert session.exec(owned).all() == []


def test_a_wrong_product_keeps_what_was_typed_and_names_the_field(
    app: App, manager: Browser
) -> None:
    answer = manager.form("/products", PRODUCT | {"gtin": ["5901234567894", "", ""]})
    assert answer.status_code == 422
    assert 'href="#gtin"' in answer.text
    assert 'value="Czujnik ruchu Nova"' in answer.text
    assert 'value="5901234567894"' in answer.text
    with app.database.unit_of_work() as session:
        assert session.exec(select(Product).where(Product.sku == "VX-500")).first() is None


def test_a_taken_code_is_refused(found: Scene, manager: Browser) -> None:
    assert manager.form("/products", PRODUCT | {"sku": "VX-N210"}).status_code == 409


def test_an_analyst_reads_and_does_not_write(place: str, found: Scene, sign_in: SignIn) -> None:
    analyst = sign_in(Role.ANALYST, scope=place)
    assert analyst.get("/products").status_code == 200
    assert "/products/new" not in analyst.get("/products").text
    assert analyst.form("/products", PRODUCT).status_code == 404


CSV = "kod;nazwa;rodzina\nVX-600;Ramka;Nova\n;bez kodu;Nova\nVX-N210;Gniazdo;Nova\n"


def upload(browser: Browser, text: str) -> str:
    answer = browser.form("/products/import", files={"file": ("lista.csv", text.encode())})
    assert answer.status_code == 200, answer.text
    return str(answer.text)


def test_an_import_is_looked_at_and_then_confirmed(
    app: App, found: Scene, manager: Browser
) -> None:
    page = upload(manager, CSV)
    assert "brak kodu albo za długi" in page
    with app.database.unit_of_work() as session:
        assert session.exec(select(Product).where(Product.sku == "VX-600")).first() is None
    fields = dict(re.findall(r'name="(sha256|ticket)" value="([0-9a-f]+)"', page))
    done = manager.form("/products/import/confirmation", fields)
    assert done.status_code == 303
    with app.database.unit_of_work() as session:
        skus = session.exec(
            select(Product.sku)
            .where(Product.program_id == found.world.program.id)
            .order_by(col(Product.sku))
        ).all()
        assert skus == ["VX-600", "VX-B24", "VX-N210"]


def test_only_a_file_that_was_uploaded_here_is_imported(
    app: App, found: Scene, manager: Browser
) -> None:
    sha256 = app.blobs.put(b"kod;nazwa;rodzina\nVX-700;Obcy;Nova\n")
    answer = manager.form("/products/import/confirmation", {"sha256": sha256, "ticket": "0" * 64})
    assert answer.status_code == 422
    with app.database.unit_of_work() as session:
        assert session.exec(select(Product).where(Product.sku == "VX-700")).first() is None


def test_a_file_without_the_needed_columns_says_so(manager: Browser) -> None:
    answer = manager.form("/products/import", files={"file": ("x.csv", b"a;b\n1;2\n")})
    assert answer.status_code == 422
    assert "Kod producenta, Nazwa, Rodzina" in answer.text


@pytest.mark.parametrize(
    ("data", "said"),
    [
        (b"", "nazwy kolumn"),
        (b"\n\n", "nazwy kolumn"),
        (b"%PDF-1.7 not a list", "nie umiemy"),
        (b"<!doctype html><table>", "nie umiemy"),
        (b"kod;nazwa;rodzina\n" + b"A;B;C\n" * 20_001, "20000"),
    ],
)
def test_a_file_that_cannot_be_a_list_is_told_apart_and_asks_no_columns(
    manager: Browser, data: bytes, said: str
) -> None:
    answer = manager.form("/products/import", files={"file": ("lista.csv", data)})
    assert answer.status_code == 422
    assert said in answer.text
    assert "/products/import/columns" not in answer.text


def test_a_sellers_name_is_withdrawn_by_its_page(app: App, found: Scene, manager: Browser) -> None:
    with app.database.unit_of_work() as session:
        scenes.bought(session, found, sockets=3)
        alias = session.exec(
            select(ProductAlias).where(ProductAlias.product_id == found.world.socket.id)
        ).first()
        assert alias is not None
    path = f"/products/{found.world.socket.id}/aliases/{alias.id}"
    page = manager.get(path).text
    assert "/program/claims/" in page
    assert manager.form(f"{path}/withdrawal").status_code == 303
    assert "/withdrawal" not in manager.get(path).text
    with app.database.unit_of_work() as session:
        assert session.get_one(ProductAlias, alias.id).withdrawn_at is not None


def test_columns_with_other_headings_are_told_once(
    app: App, found: Scene, manager: Browser
) -> None:
    data = b"Nr art.;Opis;Seria\nVX-800;Gniazdo;Nova\n"
    asked = manager.form("/products/import", files={"file": ("lista.csv", data)})
    assert asked.status_code == 422
    fields = dict(re.findall(r'name="(sha256|ticket)" value="([0-9a-f]+)"', asked.text))
    told = {"sku": "Nr art.", "name_column": "Opis"}
    again = manager.form("/products/import/columns", fields | told)
    assert again.status_code == 422
    assert 'href="#family"' in again.text
    shown = manager.form("/products/import/columns", fields | told | {"family": "Seria"})
    assert shown.status_code == 200
    assert "VX-800" in shown.text
    assert "VX-800" in upload(manager, data.decode())
    with app.database.unit_of_work() as session:
        assert session.exec(select(Product).where(Product.sku == "VX-800")).first() is None


def test_a_long_list_goes_to_a_worker_and_shows_its_progress(
    app: App, found: Scene, manager: Browser
) -> None:
    rows = "".join(f"VY-{n:04d};Produkt {n};Nova\n" for n in range(601))
    page = upload(manager, "kod;nazwa;rodzina\n" + rows)
    fields = dict(re.findall(r'name="(sha256|ticket)" value="([0-9a-f]+)"', page))
    sent = manager.form("/products/import/confirmation", fields | {"name": "lista.csv"})
    assert sent.status_code == 303
    path = sent.headers["location"]
    assert "z 601" in manager.get(path).text
    with app.database.unit_of_work() as session:
        own = select(Work.id).where(Work.job == product_imports.IMPORT.name)
        [number] = session.exec(own).all()
        rings = queue.take_due(session, at=clock.now(), queue="default", room=99)
    [ring] = [ring for ring in rings if ring.work_id == number]
    assert run_attempt(app, HANDLERS, work_id=ring.work_id, attempt=ring.attempt)
    assert "Dodane: 601" in manager.get(path).text
    with app.database.unit_of_work() as session:
        skus = select(Product.sku).where(col(Product.sku).startswith("VY-"))
        assert len(session.exec(skus).all()) == 601
