"""The prepared catalogue follows every change of the products, and only those."""

from __future__ import annotations

from decimal import Decimal

import pytest
from sqlmodel import Session

from core.db import Database
from programs import catalogues, products
from programs.matching import match
from programs.product_tables import CatalogueStamp
from programs.products import ProductFacts
from tests import make
from tests.conftest import NOON

ACTOR = "person:test"


def test_an_unchanged_catalogue_is_prepared_once(session: Session) -> None:
    of = make.world(session)
    session.flush()
    first = catalogues.load_catalogue(session, program_id=of.program.id, seller_nip=None)
    again = catalogues.load_catalogue(session, program_id=of.program.id, seller_nip="5260250274")
    assert first.index is again.index


@pytest.mark.parametrize("change", ["product", "gtin", "edit"])
def test_a_change_is_seen_by_the_next_document(session: Session, change: str) -> None:
    of = make.world(session)
    before = catalogues.load_catalogue(session, program_id=of.program.id, seller_nip=None)
    gtin = ("5901234567893", Decimal(3))
    if change == "product":
        facts = ProductFacts("VX-900", "Puszka Nova głęboka", "Nova")
        products.create(session, program_id=of.program.id, facts=facts, actor=ACTOR, at=NOON)
    else:
        name = "Gniazdo inne" if change == "edit" else of.socket.name
        gtins = () if change == "edit" else (gtin,)
        facts = ProductFacts(of.socket.sku, name, of.socket.family, gtins=gtins)
        products.edit(session, of.socket, facts=facts, actor=ACTOR, at=NOON)
    after = catalogues.load_catalogue(session, program_id=of.program.id, seller_nip=None)
    assert after.index is not before.index
    assert (after.products != before.products) or (after.gtins != before.gtins)


def test_what_was_rolled_back_is_never_found_again(database: Database) -> None:
    with database.unit_of_work() as session:
        of = make.world(session)
        stamp = session.get_one(CatalogueStamp, of.program.id).stamp

    def fail() -> None:
        with database.unit_of_work() as session:
            facts = ProductFacts("VX-901", "Puszka Nova VX-901", "Nova")
            products.create(session, program_id=of.program.id, facts=facts, actor=ACTOR, at=NOON)
            seen = catalogues.load_catalogue(session, program_id=of.program.id, seller_nip=None)
            assert any(product.sku == "VX-901" for product in seen.products)
            raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError):
        fail()
    with database.unit_of_work() as session:
        seen = catalogues.load_catalogue(session, program_id=of.program.id, seller_nip=None)
        assert all(product.sku != "VX-901" for product in seen.products)
        assert session.get_one(CatalogueStamp, of.program.id).stamp == stamp


def test_another_programmes_products_are_not_matched(session: Session) -> None:
    of, other = make.world(session), make.world(session)
    facts = ProductFacts("QQ-4711", "Puszka", "Nova")
    products.create(session, program_id=other.program.id, facts=facts, actor=ACTOR, at=NOON)
    seen = catalogues.load_catalogue(session, program_id=of.program.id, seller_nip=None)
    found = match(description="Puszka QQ-4711", seller_index=None, gtin=None, catalogue=seen)
    assert found.best is None
