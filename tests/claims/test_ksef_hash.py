"""A print with its KOD I and the XML that the code stands for are one purchase."""

from __future__ import annotations

import hashlib
from base64 import urlsafe_b64encode
from dataclasses import replace

from sqlmodel import Session

from claims import queries
from claims.tables import Claim
from ocr import trust
from ocr.reading import Code, Reading
from tests import make

XML = b"<Faktura/>"


def printed(of: make.World, *, seller: str) -> Reading:
    digest = urlsafe_b64encode(hashlib.sha256(XML).digest()).decode().rstrip("=")
    link = f"https://qr.ksef.mf.gov.pl/invoice/{seller}/18-11-2026/{digest}"
    reading = make.reading(of)
    return trust.assess(reading, [Code(link, "QRCode", "ksef_kod1")], "")


def hash_of(session: Session, of: make.World, reading: Reading) -> str | None:
    review = make.read(session, make.submitted(session, of), reading)
    purchase = queries.find_purchase(session, session.get_one(Claim, review.claim_id))
    return purchase.ksef_hash if purchase else None


def test_the_code_on_a_print_gives_the_hash_of_its_xml(session: Session) -> None:
    of = make.world(session)
    found = hash_of(session, of, printed(of, seller=of.partner.nip))
    assert found == hashlib.sha256(XML).hexdigest()


def test_a_code_that_names_another_seller_gives_none(session: Session) -> None:
    of = make.world(session)
    assert hash_of(session, of, printed(of, seller="5265877635")) is None


def test_two_different_codes_give_none(session: Session) -> None:
    of = make.world(session)
    reading = printed(of, seller=of.partner.nip)
    other = replace(reading.codes[0], text=reading.codes[0].text[:-3] + "AAA")
    assert hash_of(session, of, replace(reading, codes=(*reading.codes, other))) is None
