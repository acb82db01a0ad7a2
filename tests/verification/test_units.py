"""A pack is as many units as its maker, its seller, or the person who decides says; never one."""

from __future__ import annotations

from dataclasses import replace
from decimal import Decimal

import pytest
import sqlalchemy as sa
from sqlalchemy.exc import IntegrityError
from sqlmodel import Session, select

from claims import line_units, queries
from claims.states import Verdict
from claims.tables import Claim, ClaimLine
from ocr.reading import Line, Value
from programs import product_units, seller_units
from programs.product_tables import ProductAlias, SellerUnit
from tests import make
from tests.conftest import NOON
from verification import correcting, decisions, preview, proposals
from verification.conversation_tables import FieldCorrection
from verification.doubts import About, Why, find_doubts
from verification.facts import seen
from verification.judging import LineVerdict, UnitsUnknown
from verification.learning import learn_names
from verification.preview import Wish
from verification.tables import Review

TEN = Decimal(10)
POINTS = 15  # of one socket


def sold(quantity: str, unit: str, name: str = "VX-N210 gniazdo") -> Line:
    return replace(make.line(1, name, quantity), unit=Value(unit))


def waiting(session: Session, of: make.World, row: Line, number: str = "FV/1/11/2026") -> Review:
    return make.read(
        session, make.submitted(session, of), make.reading(of, number=number, lines=[row])
    )


def only_line(session: Session, review: Review) -> ClaimLine:
    [line] = queries.list_lines(session, review.claim_id)
    return line


def estimate(session: Session, review: Review) -> int:
    return session.get_one(Claim, review.claim_id).estimate_points


def asked(line: ClaimLine) -> list[tuple[About, Why, tuple[Decimal, ...]]]:
    found = find_doubts([seen(line)], threshold=Decimal("0.92"), looks_known=False)
    return [(doubt.about, doubt.why, doubt.quantities) for doubt in found]


def approve(session: Session, of: make.World, review: Review, **said: Decimal) -> int:
    verdicts = [LineVerdict(only_line(session, review).id, Verdict.APPROVE, **said)]  # type: ignore[arg-type]
    correcting.record(session, review=review, clerk=of.clerk, verdicts=verdicts, at=NOON)
    made = decisions.decide(session, review=review, clerk=of.clerk, verdicts=verdicts, at=NOON)
    return made.points


def test_a_name_that_was_confirmed_for_packs_multiplies_no_pieces(session: Session) -> None:
    of = make.world(session)
    product_units.put(session, {of.socket.id: [("opak", TEN)]})
    packs = waiting(session, of, sold("3", "opak"))
    assert approve(session, of, packs) == 30 * POINTS
    known = session.exec(select(ProductAlias)).one()
    assert (known.product_id, known.units) == (of.socket.id, TEN)
    pieces = waiting(session, of, sold("30", "szt"), "FV/2/11/2026")
    line = only_line(session, pieces)
    assert line.match_reason == "alias_text"
    assert asked(line) == [(About.UNITS, Why.UNIT_DIFFERS, (Decimal(1), TEN))]
    assert estimate(session, pieces) == 30 * POINTS
    with pytest.raises(UnitsUnknown), session.begin_nested():
        approve(session, of, pieces)
    assert only_line(session, pieces).points == 0
    assert approve(session, of, pieces, units=Decimal(1)) == 30 * POINTS


def test_a_unit_that_nobody_knows_is_asked_paid_as_said_and_remembered(session: Session) -> None:
    of = make.world(session)
    review = waiting(session, of, sold("2", "opak"))
    assert asked(only_line(session, review)) == [(About.UNITS, Why.UNIT_UNKNOWN, ())]
    assert estimate(session, review) == 0
    with pytest.raises(UnitsUnknown), session.begin_nested():
        approve(session, of, review)
    claim = session.get_one(Claim, review.claim_id)
    wishes = {1: Wish(of.socket.id, Decimal(2)), 2: Wish(of.socket.id, Decimal(2), TEN)}
    found = preview.count(session, review=review, claim=claim, wishes=wishes)
    assert (found[1].points, found[1].units) == (0, None)
    assert (found[2].points, found[2].units, found[2].unit) == (20 * POINTS, Decimal(20), "szt")
    assert approve(session, of, review, units=TEN) == 20 * POINTS
    kept = session.exec(select(FieldCorrection)).one()
    assert (kept.field, kept.before, kept.after) == ("line-1-units", "1", "10")
    again = waiting(session, of, sold("4", "opak"), "FV/2/11/2026")
    assert asked(only_line(session, again)) == []
    assert estimate(session, again) == 40 * POINTS
    other_unit = waiting(session, of, sold("4", "paczka"), "FV/3/11/2026")
    assert asked(only_line(session, other_unit)) == [(About.UNITS, Why.UNIT_UNKNOWN, (TEN,))]
    assert approve(session, of, again) == 40 * POINTS


def second_of(session: Session) -> str | None:
    session.expire_all()
    return session.exec(select(SellerUnit)).one().second_by


def test_a_remembered_unit_yields_to_the_product_and_to_whoever_withdraws_it(
    session: Session,
) -> None:
    of = make.world(session)
    review = waiting(session, of, sold("2", "opak"))
    approve(session, of, review, units=TEN)
    learned = session.exec(select(SellerUnit)).one()
    assert (learned.units, learned.shown, learned.second_by) == (TEN, "opak", None)
    assert seller_units.trusted(session, [learned.id]) == frozenset()  # One person's word.

    again = waiting(session, of, sold("4", "opak"), "FV/2/11/2026")
    assert line_units.learned(only_line(session, again)) == learned.id
    assert asked(only_line(session, again)) == []
    # The maker says now what a pack holds: the word of the desk is over, also where it waits.
    product_units.put(session, {of.socket.id: [("opak", Decimal(12))]})
    session.expire_all()
    assert session.get_one(SellerUnit, learned.id).withdrawn_by == "product"
    assert asked(only_line(session, again)) == [(About.UNITS, Why.UNIT_UNKNOWN, (TEN,))]
    with pytest.raises(UnitsUnknown), session.begin_nested():
        approve(session, of, again)
    # Said against the product it pays this line, and is not remembered.
    assert approve(session, of, again, units=TEN) == 40 * POINTS
    assert session.exec(select(SellerUnit)).one().withdrawn_at is not None
    third = waiting(session, of, sold("1", "opak"), "FV/3/11/2026")
    assert asked(only_line(session, third))[0][2] == (Decimal(12), TEN)


def test_the_system_pays_by_a_unit_that_two_people_said_and_forgets_it_with_the_decision(
    session: Session,
) -> None:
    of = make.world(session)
    approve(session, of, waiting(session, of, sold("2", "op"), "FV/1/11/2026"), units=TEN)
    learned = session.exec(select(SellerUnit)).one()
    approve(session, of, waiting(session, of, sold("3", "op"), "FV/2/11/2026"))
    assert second_of(session) is None  # The same person twice is one person.
    second = waiting(session, of, sold("4", "op"), "FV/3/11/2026")
    line = only_line(session, second)
    learn_names(
        session, program_id=of.program.id, seller_nip=of.partner.nip, judged=[(line, of.socket)],
        confirmed_by="person:colleague", at=NOON,
    )  # fmt: skip
    assert second_of(session) == "person:colleague"
    assert seller_units.trusted(session, [learned.id]) == {learned.id}
    with pytest.raises(IntegrityError, match="rewritten"), session.begin_nested():
        session.execute(sa.update(SellerUnit).values(units=Decimal(100)))
    seller_units.withdraw_of_claim(session, claim_id=second.claim_id, actor="person:x", at=NOON)
    assert (second_of(session), learned.withdrawn_at) == (None, None)
    seller_units.withdraw_of_claim(session, claim_id=learned.claim_id, actor="person:x", at=NOON)
    session.refresh(learned)
    assert learned.withdrawn_at == NOON
    session.expire_all()
    assert asked(line)[0][2] == (TEN,)  # A claim that waits is asked about again.


@pytest.mark.parametrize("packed", [True, False])
def test_another_product_that_a_clerk_chooses_is_counted_in_its_own_units(
    session: Session, packed: bool
) -> None:
    of = make.world(session)
    if packed:
        product_units.put(session, {of.socket.id: [("opak", TEN)]})
    # The seller's text is like the other product.
    review = waiting(session, of, sold("2", "opak", "ROZDZ. BOX 24M P/T VX-B24"))
    if not packed:
        with pytest.raises(UnitsUnknown), session.begin_nested():
            approve(session, of, review, product_id=of.socket.id)  # type: ignore[arg-type]
        said = {"product_id": of.socket.id, "units": TEN}
    else:
        said = {"product_id": of.socket.id}
    assert approve(session, of, review, **said) == 20 * POINTS  # type: ignore[arg-type]
    line = only_line(session, review)
    assert (line.units_per_quantity, line.quantity_accepted) == (TEN, Decimal(20))
    known = session.exec(select(ProductAlias)).one()
    assert (known.product_id, known.units) == (of.socket.id, TEN)


@pytest.mark.parametrize(("packed", "points"), [(True, 20 * POINTS), (False, 0)])
def test_a_product_that_the_participant_names_is_counted_in_its_own_units(
    session: Session, packed: bool, points: int
) -> None:
    of = make.world(session)
    if packed:
        product_units.put(session, {of.socket.id: [("opak", TEN)]})
    review = waiting(session, of, sold("2", "opak", "Przewód YDYp 3x2,5"))
    line = proposals.propose(
        session,
        claim_id=review.claim_id,
        participant_id=of.participant.id,
        position=1,
        product_id=of.socket.id,
        at=NOON,
    )
    assert estimate(session, review) == points
    units = [one for one in asked(line) if one[0] is About.UNITS]
    assert units == ([] if packed else [(About.UNITS, Why.UNIT_UNKNOWN, ())])
