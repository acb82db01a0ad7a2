"""Corrections that take a row back and put it down anew change points by what lies between."""

from __future__ import annotations

from collections.abc import Mapping
from decimal import Decimal

from sqlmodel import Session, select

from claims.correction_tables import CorrectionStatus
from claims.purchase_tables import PurchaseLine as StoredLine
from demo.documents import corrections as makers
from tests import make
from tests.verification.corrected import (
    SOLD_ON,
    only_correction,
    original,
    paid,
    send,
    spendable,
)


def settled(
    session: Session, of: make.World, prices: Mapping[int, str], quantities: Mapping[int, str]
) -> tuple[str, CorrectionStatus, int]:
    invoice = original(of)
    claim = paid(session, of, invoice)
    storno = makers.storno(
        invoice,
        number="KOR/77/2026",
        issued_on=SOLD_ON,
        prices={place: Decimal(price) for place, price in prices.items()},
        quantities={place: Decimal(count) for place, count in quantities.items()},
    )
    send(session, of, storno)
    correction = only_correction(session)
    assert spendable(session, of) == claim.points
    return correction.encoding, correction.status, claim.points


def first_line(session: Session) -> StoredLine:
    return session.exec(select(StoredLine).where(StoredLine.position == 1)).one()


def test_a_lower_price_takes_no_points_and_frees_no_units(session: Session, of: make.World) -> None:
    told = settled(session, of, {1: "9.00"}, {})
    assert told == ("H", CorrectionStatus.APPLIED, 1380)
    assert first_line(session).quantity_sold == 60
    assert first_line(session).quantity_returned == 0


def test_what_came_back_between_takes_its_points(session: Session, of: make.World) -> None:
    told = settled(session, of, {1: "9.00"}, {1: "40", 2: "2"})
    assert told == ("H", CorrectionStatus.APPLIED, 1080)
    assert first_line(session).quantity_returned == 20


def test_a_row_that_only_raises_the_price_is_for_a_person(session: Session, of: make.World) -> None:
    invoice = original(of)
    claim = paid(session, of, invoice)
    dearer = makers.price_difference(
        invoice, number="KOR/78/2026", issued_on=SOLD_ON, reductions={1: Decimal("-30.00")}
    )
    send(session, of, dearer)
    correction = only_correction(session)
    assert correction.status is CorrectionStatus.NEEDS_PERSON
    assert correction.doubts == ["correction-price-differs"]
    assert claim.points == 1380
    assert first_line(session).quantity_sold == 60
