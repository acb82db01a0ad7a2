"""A document goes to the branch that sold: by the seller's address, never by the buyer's."""

from __future__ import annotations

from dataclasses import replace

import pytest
from sqlmodel import Session

from ocr.reading import Box, Reading, Value, Word
from partners.tables import Branch
from tests import make
from tests.conftest import NOON


def branch(session: Session, of: make.World, street: str, postcode: str, city: str) -> Branch:
    made = Branch(
        partner_id=of.partner.id,
        name=f"Elmet {city} {street}",
        street=street,
        postcode=postcode,
        city=city,
        voivodeship="12",
        created_at=NOON,
    )
    session.add(made)
    session.flush()
    return made


def words(*texts: str) -> tuple[Word, ...]:
    box = Box(1, 0.1, 0.1, 0.2, 0.12)
    return tuple(Word(text, box, 1.0, "test") for line in texts for text in line.split())


def sold_at(seen: Reading, address: str) -> Reading:
    return replace(seen, seller=replace(seen.seller, address=Value(address)))


@pytest.mark.parametrize(
    ("address", "city"),
    [
        ("ul. Obornicka 12, 60-650 Poznań", "Poznań"),
        ("ul. Wielicka 30, 30-552 Kraków", "Kraków"),
        ("Wielicka 30 Krakow", "Kraków"),
        ("al. Pokoju 7, Kraków", "Kraków al. Pokoju"),
    ],
    ids=["postcode", "other-postcode", "street", "second-of-a-city"],
)
def test_the_sellers_address_names_the_branch(session: Session, address: str, city: str) -> None:
    of = make.world(session)
    known = {
        "Poznań": of.branch,
        "Kraków": branch(session, of, "ul. Wielicka 30", "30-552", "Kraków"),
        "Kraków al. Pokoju": branch(session, of, "al. Pokoju 7", "31-548", "Kraków"),
    }
    # The buyer lives in Poznań, where another branch is.
    page = words("Sprzedawca Elmet", address, "Nabywca Wrona ul. Polna 4 60-650 Poznań")
    seen = sold_at(replace(make.reading(of), words=page), address)
    claim = make.submitted(session, of)
    make.read(session, claim, seen)
    assert claim.branch_id == known[city].id


def test_the_page_without_the_buyers_address_is_asked_next(session: Session) -> None:
    of = make.world(session)
    other = branch(session, of, "ul. Wielicka 30", "30-552", "Kraków")
    page = words("Oddział 30-552 Kraków", "Nabywca Wrona 60-650 Poznań")
    seen = replace(make.reading(of), words=page)
    seen = replace(seen, buyer=replace(seen.buyer, address=Value("ul. Polna 4, 60-650 Poznań")))
    claim = make.submitted(session, of)
    make.read(session, claim, seen)
    assert claim.branch_id == other.id
