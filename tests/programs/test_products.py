"""The catalogue: a code is one product, a GTIN has one owner, a file is looked at first."""

from __future__ import annotations

import io
from datetime import date
from decimal import Decimal
from typing import Any

import openpyxl
import pytest
import sqlalchemy as sa
from sqlmodel import Session, select

from analytics import aliases
from core.errors import Invalid
from programs import product_bulk, product_import, product_imports, product_units, products
from programs.product_import import Effect
from programs.product_tables import (
    AliasKind,
    ImportStatus,
    Product,
    ProductAlias,
    ProductGtin,
)
from programs.products import ProductFacts
from tests import make
from tests.analytics import scene as scenes
from tests.conftest import NOON
from tests.make import World

ACTOR = "person:test"
GOOD = "5901234567893"


@pytest.fixture
def of(session: Session) -> World:
    return make.world(session)


def facts(sku: str = "VX-1", **more: object) -> ProductFacts:
    values: dict[str, object] = {"sku": sku, "name": "Łącznik Nova", "family": "Nova"}
    return ProductFacts(**(values | more))  # type: ignore[arg-type]


def create(session: Session, of: World, **more: object) -> Product:
    return products.create(
        session, program_id=of.program.id, facts=facts(**more), actor=ACTOR, at=NOON
    )


def test_a_code_that_is_taken_is_refused_and_nothing_changes(session: Session, of: World) -> None:
    create(session, of)
    with pytest.raises(products.SkuTaken):
        create(session, of, name="Inny")
    names = session.exec(select(Product.name).where(Product.sku == "VX-1")).all()
    assert names == ["Łącznik Nova"]


@pytest.mark.parametrize(
    ("field", "more"),
    [
        ("sku", {"sku": "  "}),
        ("name", {"name": "x" * 201}),
        ("family", {"family": ""}),
        ("unit", {"unit": "wiadro"}),
        ("gtin", {"gtins": (("5901234567894", Decimal(1)),)}),
        ("gtin", {"gtins": ((GOOD, Decimal(0)),)}),
        ("gtin", {"gtins": ((GOOD, Decimal(1)), (GOOD, Decimal(2)))}),
    ],
)
def test_wrong_facts_are_refused_by_field(
    session: Session, of: World, field: str, more: dict[str, object]
) -> None:
    with pytest.raises(Invalid) as refused:
        create(session, of, **({"sku": "VX-9"} | more))
    assert refused.value.field == field


def test_a_gtin_moves_only_by_being_taken_off_first(session: Session, of: World) -> None:
    first = create(session, of, sku="VX-1", gtins=((GOOD, Decimal(1)),))
    second = create(session, of, sku="VX-2")
    wanted = facts("VX-2", gtins=((GOOD, Decimal(1)),))
    with pytest.raises(Invalid):
        products.edit(session, second, facts=wanted, actor=ACTOR, at=NOON)
    products.edit(session, first, facts=facts("VX-1"), actor=ACTOR, at=NOON)
    products.edit(session, second, facts=wanted, actor=ACTOR, at=NOON)
    assert session.get_one(ProductGtin, (of.program.id, GOOD)).product_id == second.id


def test_search_finds_by_words_of_name_code_and_gtin(session: Session, of: World) -> None:
    create(session, of, sku="VX-77", name="Ramka podwójna biała", gtins=((GOOD, Decimal(1)),))

    def found(text: str) -> list[str]:
        rows = products.search(session, program_id=of.program.id, text=text)
        return [row.product.sku for row in rows]

    assert found("biała ramka") == ["VX-77"]
    assert found("vx-77") == ["VX-77"]
    assert found(GOOD[:8]) == ["VX-77"]
    assert found("100%") == []


def test_another_programmes_product_is_not_found(session: Session, of: World) -> None:
    other = make.world(session)
    with pytest.raises(products.ProductNotFound):
        products.get_product(session, program_id=of.program.id, product_id=other.socket.id)


CSV = """kod;nazwa;rodzina;jednostka;gtin;gtin kartonu;sztuk w kartonie;od
VX-N210;Gniazdo Nova p/t z uziemieniem białe;Nova;szt;;;;
VX-B24;Rozdzielnica Box 24M natynkowa;Box;szt.;;;;
VX-100;Wyłącznik MCB B16;MCB;;5901234567893;15901234567890;12;01.12.2026
VX-100;Drugi raz;MCB;;;;;
;Bez kodu;MCB;;;;;
VX-101;Zły GTIN;MCB;;5901234567894;;;
VX-102;Zła data;MCB;;;;;wczoraj
VX-103;Cudzy GTIN;MCB;;5901234123457;;;
"""


def test_a_preview_names_every_bad_row_and_writes_nothing(session: Session, of: World) -> None:
    found = product_import.preview(session, program_id=of.program.id, data=CSV.encode("utf-8"))
    assert [(row.number, row.effect, row.fault) for row in found.rows] == [
        (2, Effect.SAME, ""),
        (3, Effect.CHANGES, ""),
        (4, Effect.ADDS, ""),
        (5, Effect.BAD, "repeated"),
        (6, Effect.BAD, "sku"),
        (7, Effect.BAD, "gtin"),
        (8, Effect.BAD, "eligible_from"),
        (9, Effect.BAD, "foreign_gtin"),
    ]
    assert len(session.exec(select(Product).where(Product.program_id == of.program.id)).all()) == 2


def test_the_same_file_twice_is_an_update_never_a_second_product(
    session: Session, of: World
) -> None:
    data = CSV.encode("cp1250")
    first = product_import.apply(session, program_id=of.program.id, data=data, actor=ACTOR, at=NOON)
    again = product_import.apply(session, program_id=of.program.id, data=data, actor=ACTOR, at=NOON)
    assert (first.count(Effect.ADDS), first.count(Effect.CHANGES)) == (1, 1)
    assert (again.count(Effect.ADDS), again.count(Effect.CHANGES)) == (0, 0)
    assert again.count(Effect.SAME) == 3
    skus = session.exec(select(Product.sku).where(Product.program_id == of.program.id)).all()
    assert sorted(skus) == ["VX-100", "VX-B24", "VX-N210"]
    carton = session.get_one(ProductGtin, (of.program.id, "15901234567890"))
    assert carton.units == 12


def test_a_column_that_the_file_lacks_leaves_a_product_as_it_is(
    session: Session, of: World
) -> None:
    first = "kod;nazwa;rodzina;jednostka;od;do;gtin\nVX-9;Przewód;Kable;m;1.10.2026;31.12.2026;\n"
    product_import.apply(
        session, program_id=of.program.id, data=first.encode(), actor=ACTOR, at=NOON
    )

    def planned(text: str) -> tuple[Effect, list[tuple[str, str, str]]]:
        [row] = product_import.preview(session, program_id=of.program.id, data=text.encode()).rows
        return row.effect, [(one.field, one.old, one.new) for one in row.changes]

    assert planned("kod;nazwa;rodzina\nVX-9;Przewód;Kable\n") == (Effect.SAME, [])
    assert planned("kod;nazwa;rodzina;jednostka\nVX-9;Przewód;Kable;\n") == (Effect.SAME, [])
    assert planned("kod;nazwa;rodzina;do\nVX-9;Kabel;Kable;\n") == (
        Effect.CHANGES,
        [("name", "Przewód", "Kabel"), ("eligible_to", "2026-12-31", "")],
    )
    # The day that the file does not tell is before the one it tells.
    assert planned("kod;nazwa;rodzina;do\nVX-9;Przewód;Kable;1.9.2026\n")[0] is Effect.BAD
    renamed = "kod;nazwa;rodzina\nVX-9;Kabel;Kable\n"
    product_import.apply(
        session, program_id=of.program.id, data=renamed.encode(), actor=ACTOR, at=NOON
    )
    product = session.exec(select(Product).where(Product.sku == "VX-9")).one()
    assert (product.name, product.unit) == ("Kabel", "m")
    assert (product.eligible_from, product.eligible_to) == (date(2026, 10, 1), date(2026, 12, 31))


def test_an_xlsx_reads_like_the_csv(session: Session, of: World) -> None:
    book = openpyxl.Workbook()
    assert book.active is not None
    book.active.append(["SKU", "Name", "Family", "EAN"])
    book.active.append(["VX-200", "Plug", "Nova", 5901234567893])
    out = io.BytesIO()
    book.save(out)
    [row] = product_import.preview(session, program_id=of.program.id, data=out.getvalue()).rows
    assert row.facts is not None
    assert (row.effect, row.facts.gtins) == (Effect.ADDS, ((GOOD, Decimal(1)),))


@pytest.mark.parametrize(
    "data", [b"", b"PK\x03\x04 not a zip", b"\x00\xff\x81", b"a;b;c\n1;2;3", b"%PDF-1.7"]
)
def test_a_file_that_is_no_list_of_products_is_refused(
    session: Session, of: World, data: bytes
) -> None:
    with pytest.raises(Invalid) as refused:
        product_import.preview(session, program_id=of.program.id, data=data)
    assert refused.value.field == "file"


def test_a_withdrawn_name_keeps_who_and_lists_what_it_touched(session: Session, of: World) -> None:
    found = scenes.scene(session)
    program_id = found.world.program.id
    scenes.bought(session, found, sockets=3)  # Teaches the seller's wording.
    learned = session.exec(
        select(ProductAlias).where(
            ProductAlias.program_id == program_id, ProductAlias.kind == AliasKind.TEXT
        )
    ).one()
    assert aliases.touched(session, learned) == []
    second = scenes.bought(session, found, sockets=5)
    [touched] = aliases.touched(session, learned)
    assert (touched.claim_id, touched.units) == (second.claim_id, 5)
    for _ in range(2):
        products.withdraw_alias(
            session, program_id=program_id, alias_id=learned.id, actor=ACTOR, at=NOON
        )
    session.refresh(learned)
    assert (learned.withdrawn_by, learned.withdrawn_at) == (ACTOR, NOON)
    assert [claim.claim_id for claim in aliases.touched(session, learned)] == [second.claim_id]


def test_a_name_of_another_programme_is_not_withdrawn(session: Session, of: World) -> None:
    theirs = scenes.scene(session)
    scenes.bought(session, theirs)
    learned = session.exec(
        select(ProductAlias).where(ProductAlias.program_id == theirs.world.program.id)
    ).first()
    assert learned is not None
    with pytest.raises(products.AliasNotFound):
        products.withdraw_alias(
            session, program_id=of.program.id, alias_id=learned.id, actor=ACTOR, at=NOON
        )
    session.refresh(learned)
    assert learned.withdrawn_at is None


OTHER_HEADINGS = "Nr art.;Opis;Seria\nVX-300;Gniazdo Nova;Nova\nVX-301;Ramka Nova;Nova\n"


def test_headings_are_told_once_and_remembered_for_the_programme(
    session: Session, of: World
) -> None:
    data, program_id = OTHER_HEADINGS.encode(), of.program.id
    with pytest.raises(Invalid) as refused:
        product_import.preview(session, program_id=program_id, data=data)
    assert refused.value.facts["missing"]
    told = {"sku": "Nr art.", "name": "Opis", "family": "Seria"}
    product_import.save_columns(session, program_id=program_id, columns=told, actor=ACTOR, at=NOON)
    found = product_import.preview(session, program_id=program_id, data=data)
    assert found.count(Effect.ADDS) == 2
    usual = product_import.preview(session, program_id=program_id, data=CSV.encode())
    assert usual.count(Effect.ADDS) == 1
    other = make.world(session)
    assert product_import.columns_of(session, other.program.id) == {}


@pytest.mark.parametrize(
    ("told", "field"),
    [
        ({"sku": "Nr art.", "name": "Opis"}, "family"),
        ({"sku": "Opis", "name": "Opis", "family": "Seria"}, "columns"),
    ],
)
def test_columns_that_make_no_sense_are_refused(
    session: Session, of: World, told: dict[str, str], field: str
) -> None:
    with pytest.raises(Invalid) as refused:
        product_import.save_columns(
            session, program_id=of.program.id, columns=told, actor=ACTOR, at=NOON
        )
    assert refused.value.field == field
    assert product_import.columns_of(session, of.program.id) == {}


def test_a_gtin_of_another_product_stops_a_bulk_write_whole(session: Session, of: World) -> None:
    owner = create(session, of, sku="VX-1", gtins=((GOOD, Decimal(1)),))
    with pytest.raises(Invalid), session.begin_nested():
        product_bulk.put_many(
            session,
            program_id=of.program.id,
            facts=[facts("VX-2"), facts("VX-3", gtins=((GOOD, Decimal(1)),))],
            actor=ACTOR,
            at=NOON,
        )
    assert session.get_one(ProductGtin, (of.program.id, GOOD)).product_id == owner.id
    assert products.find_by_sku(session, program_id=of.program.id, sku="VX-2") is None


def test_while_a_long_file_is_looked_at_its_transaction_does_not_idle(
    session: Session, of: World
) -> None:
    rows = "".join(f"VX-5{n:04d};Produkt {n};Nova\n" for n in range(2_100))
    data = ("kod;nazwa;rodzina\n" + rows).encode()
    spoken: list[str] = []

    def listen(*call: Any) -> None:
        spoken.append(call[2])

    connection = session.connection()
    sa.event.listen(connection, "before_cursor_execute", listen)
    found = product_import.preview(session, program_id=of.program.id, data=data)
    sa.event.remove(connection, "before_cursor_execute", listen)
    assert found.count(Effect.ADDS) == 2_100
    # Twice while the file is read, the catalogue, and twice while they are compared.
    alive = [number for number, sql in enumerate(spoken) if sql == "SELECT 1"]
    assert len(alive) == 4
    assert alive[2] - alive[1] > 1


def test_a_worker_that_starts_anew_goes_on_where_the_first_one_died(
    session: Session, of: World
) -> None:
    rows = "".join(f"VX-4{n:02d};Produkt {n};Nova\n" for n in range(6))
    data = ("kod;nazwa;rodzina\n" + rows).encode()
    wanted = product_imports.request(
        session, program_id=of.program.id, file_sha256="0" * 64, file_name="lista.csv", total=6,
        actor=ACTOR, at=NOON,
    )  # fmt: skip

    def begun() -> list[ProductFacts]:
        found = product_import.preview(session, program_id=of.program.id, data=data)
        return product_imports.begin(session, import_id=wanted.id, found=found)

    product_imports.write(session, import_id=wanted.id, facts=begun()[:4], at=NOON)
    again = begun()
    assert (wanted.done, [one.sku for one in again]) == (4, ["VX-404", "VX-405"])
    product_imports.write(session, import_id=wanted.id, facts=again, at=NOON)
    product_imports.finish(session, import_id=wanted.id, at=NOON)
    assert (wanted.done, wanted.added, wanted.status) == (6, 6, ImportStatus.DONE)
    assert begun() == []
    assert product_imports.find_asked(session, wanted.id) is None
    product_imports.give_up(session, import_id=str(wanted.id), error="late", at=NOON)
    assert wanted.status is ImportStatus.DONE
    with pytest.raises(product_imports.ImportNotFound):
        product_imports.get(session, program_id=make.world(session).program.id, import_id=wanted.id)


def test_a_roll_is_so_many_metres_until_somebody_says_otherwise(
    session: Session, of: World
) -> None:
    product = create(session, of, sku="VX-YDY", unit="m", sold_in=(("krąż.", Decimal(100)),))
    assert product_units.list_units(session, product) == [("krążek", 100)]
    data = (
        "kod;nazwa;rodzina;jednostka;jednostka zbiorcza;w jednostce zbiorczej\n"
        "VX-YDY;Łącznik Nova;Nova;m;krążek;50\n"
        "VX-YD2;Przewód;Nova;m;wiadro;50\n"
        "VX-YD3;Przewód;Nova;m;bęben;dużo\n"
    ).encode()
    found = product_import.preview(session, program_id=of.program.id, data=data)
    assert [(row.effect, row.fault) for row in found.rows] == [
        (Effect.CHANGES, ""),
        (Effect.BAD, "pack_unit"),
        (Effect.BAD, "pack_units"),
    ]
    for expected in (Effect.CHANGES, Effect.SAME):
        done = product_import.apply(
            session, program_id=of.program.id, data=data, actor=ACTOR, at=NOON
        )
        assert done.rows[0].effect is expected
    assert product_units.list_units(session, product) == [("krążek", 50)]
    products.edit(session, product, facts=facts("VX-YDY", unit="m"), actor=ACTOR, at=NOON)
    assert product_units.list_units(session, product) == []
