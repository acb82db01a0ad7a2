"""Corrections in all seven encodings take back exactly what the returned units brought."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from decimal import Decimal
from uuid import UUID

import pytest
import sqlalchemy as sa
from sqlmodel import Session, select

from claims import proofs as claim_proofs
from claims import queries
from claims.correction_tables import (
    Correction,
    CorrectionLine,
    CorrectionProof,
    CorrectionStatus,
)
from claims.purchase_tables import PurchaseLine as StoredLine
from claims.service import StoredFile
from claims.states import ClaimStatus, ReasonCode, Verdict
from core.errors import Invalid
from demo.documents import corrections as makers
from demo.documents.firms import BUYERS
from messages.kinds import CLAIM_CORRECTED
from messages.tables import Notice
from partners.tables import PartnerRole, PartnerUser
from points import proofs
from points import service as points
from programs.policy import (
    Bundle,
    BundlePart,
    EarningLine,
    FirstPurchase,
    PerUnit,
    Rules,
    Selection,
    Target,
    points_of_units,
)
from programs.rule_tables import RuleVersion
from programs.tables import Program, ProgramPartner
from tests import make
from tests.conftest import NOON
from tests.verification.corrected import (
    SOLD_ON,
    approve,
    before_after,
    only_correction,
    original,
    paid,
    read,
    send,
    spendable,
    stranger,
)
from verification import correction_desk, corrections, counter, decisions, intake, preview, undoing
from verification.judging import LineVerdict
from verification.queue import Clerk
from verification.tables import Decision, Review, ReviewStatus
from web.views import corrections as views


def test_a_rows_before_and_after_take_back_what_came_back(session: Session, of: make.World) -> None:
    invoice = original(of)
    claim = paid(session, of, invoice)
    sent = send(session, of, before_after(invoice, {1: "40", 3: "0"}))
    made = only_correction(session)
    assert (made.encoding, made.status) == ("A", CorrectionStatus.APPLIED)
    sockets, boards, _ = queries.list_lines(session, claim.id)
    assert (sockets.quantity_accepted, sockets.points, boards.points) == (40, 600, 480)
    assert (claim.status, claim.points, spendable(session, of)) == (
        ClaimStatus.APPROVED, 1080, 1080,
    )  # fmt: skip
    assert (sent.status, sent.points) == (ClaimStatus.REJECTED, 0)
    assert proofs.faults(session) == []


def test_a_correction_issued_after_the_programme_s_days_waits_for_a_person(
    session: Session, of: make.World
) -> None:
    session.get_one(Program, of.program.id).settings = {"reversal_days": 30}
    invoice = original(of)
    claim = paid(session, of, invoice)
    late = replace(before_after(invoice, {1: "40"}), issued_on=SOLD_ON + timedelta(days=31))
    send(session, of, late)
    made = only_correction(session)
    assert (made.status, made.doubts) == (CorrectionStatus.NEEDS_PERSON, ["correction-late"])
    assert (claim.points, spendable(session, of)) == (1380, 1380)


def test_b_a_price_difference_takes_nothing(session: Session, of: make.World) -> None:
    invoice = original(of)
    claim = paid(session, of, invoice)
    send(
        session,
        of,
        makers.price_difference(
            invoice, number="KOR/2", issued_on=SOLD_ON, reductions={1: Decimal("60.00")}
        ),
    )
    assert (only_correction(session).encoding, claim.points) == ("B", 1380)
    assert only_correction(session).status is CorrectionStatus.APPLIED


def test_c_negative_quantities_take_back_their_units(session: Session, of: make.World) -> None:
    invoice = original(of)
    claim = paid(session, of, invoice)
    send(
        session,
        of,
        makers.quantity_difference(
            invoice, number="KOR/3", issued_on=SOLD_ON, returned={2: Decimal(1)}
        ),
    )
    assert only_correction(session).encoding == "C"
    # The campaign doubled the boards on the day of the purchase: so does the reversal.
    assert (claim.points, spendable(session, of)) == (1140, 1140)


def test_d_other_data_of_the_same_buyer_takes_nothing(session: Session, of: make.World) -> None:
    invoice = original(of)
    claim = paid(session, of, invoice)
    moved = replace(invoice.buyer, street="ul. Nowa 1")
    send(session, of, makers.buyer_data(invoice, number="KOR/4", issued_on=SOLD_ON, buyer=moved))
    made = only_correction(session)
    assert (made.encoding, made.status, claim.points) == ("D", CorrectionStatus.APPLIED, 1380)


def test_d_another_buyer_goes_to_a_person(session: Session, of: make.World) -> None:
    invoice = original(of)
    claim = paid(session, of, invoice)
    other = BUYERS[1]
    send(session, of, makers.buyer_data(invoice, number="KOR/4", issued_on=SOLD_ON, buyer=other))
    made = only_correction(session)
    assert (made.status, made.doubts) == (
        CorrectionStatus.NEEDS_PERSON, ["correction-other-buyer"],
    )  # fmt: skip
    assert claim.points == 1380


@pytest.mark.parametrize("with_row", [False, True], ids=["e", "f"])
def test_e_and_f_a_discount_over_many_invoices_takes_nothing(
    session: Session, of: make.World, with_row: bool
) -> None:
    first, second = original(of), original(of, "FV/1185/11/2026")
    claim = paid(session, of, first)
    paid(session, of, replace(second, lines=second.lines))
    send(
        session,
        of,
        makers.collective(
            [first, second],
            number="KOR/5",
            issued_on=SOLD_ON + timedelta(days=30),
            period="2026.11",
            percent=Decimal(2),
            with_row=with_row,
        ),
    )
    made = only_correction(session)
    assert (made.encoding, made.status) == ("F" if with_row else "E", CorrectionStatus.APPLIED)
    assert claim.points == 1380


def test_g_a_wrong_buyer_takes_everything_back(session: Session, of: make.World) -> None:
    invoice = original(of)
    claim = paid(session, of, invoice)
    to_zero, _ = makers.wrong_buyer(
        invoice,
        number="KOR/6",
        new_number="FV/1184/11/2026/N",
        issued_on=SOLD_ON + timedelta(days=3),
        right_buyer=BUYERS[1],
    )
    send(session, of, to_zero)
    assert only_correction(session).encoding == "G"
    assert (claim.status, claim.points, spendable(session, of)) == (ClaimStatus.REVERSED, 0, 0)
    lines = [x for x in queries.list_lines(session, claim.id) if x.product_id is not None]
    assert {(x.verdict, x.reason) for x in lines} == {(Verdict.REJECT, ReasonCode.RETURNED_GOODS)}


def test_a_correction_that_comes_first_waits_for_its_original(
    session: Session, of: make.World
) -> None:
    invoice = original(of)
    send(session, of, before_after(invoice, {1: "40", 2: "0"}))
    made = only_correction(session)
    assert made.status is CorrectionStatus.WAITING
    claim = make.submitted(session, of)
    review = make.read(session, claim, read(invoice))
    assert made.status is CorrectionStatus.APPLIED
    approve(session, of, review)
    sockets, boards, _ = queries.list_lines(session, claim.id)
    assert (sockets.quantity_accepted, sockets.points) == (40, 600)
    assert (boards.verdict, boards.reason, boards.points) == (
        Verdict.REJECT, ReasonCode.RETURNED_GOODS, 0,
    )  # fmt: skip
    assert spendable(session, of) == 600


def test_the_same_correction_twice_takes_once(session: Session, of: make.World) -> None:
    invoice = original(of)
    claim = paid(session, of, invoice)
    correction = before_after(invoice, {1: "40"})
    copies = [send(session, of, correction) for _ in range(3)]
    assert only_correction(session).status is CorrectionStatus.APPLIED
    told = [views.brought(session, copy.id) for copy in copies]
    assert told == [{"number": "KOR/1/2026", "originals": invoice.number, "status": "applied"}] * 3
    assert (claim.points, spendable(session, of)) == (1080, 1080)


def test_a_chain_is_applied_in_its_order(session: Session, of: make.World) -> None:
    invoice = original(of)
    claim = paid(session, of, invoice)
    first = before_after(invoice, {1: "40"})
    left = replace(
        invoice, lines=(replace(invoice.lines[0], quantity=Decimal(40)), *invoice.lines[1:])
    )
    second = before_after(left, {1: "10"}, number="KOR/1/2026/2")
    assert second.correction is not None
    both = (makers.reference(invoice), makers.reference(first))
    second = replace(second, correction=replace(second.correction, originals=both))
    send(session, of, second)  # The second comes before the first.
    send(session, of, first)
    assert set(session.exec(select(Correction.status))) == {CorrectionStatus.APPLIED}
    assert (claim.points, spendable(session, of)) == (480 + 150, 480 + 150)


def test_spent_points_become_a_debt_that_the_next_points_pay(
    session: Session, of: make.World
) -> None:
    invoice = original(of)
    claim = paid(session, of, invoice)
    reward = make.stocked_reward(session, of, price=1300)
    make.place(session, of, reward)
    send(session, of, before_after(invoice, {1: "0"}))
    assert claim.points == 480
    assert (spendable(session, of), points.debt(session, participant_id=of.participant.id)) == (
        0,
        820,
    )
    [line] = session.exec(select(CorrectionLine).where(CorrectionLine.points > 0)).all()
    assert (line.points, line.to_debt, line.units) == (900, 820, 60)
    make.give_points(session, of, 1000)
    assert (spendable(session, of), points.debt(session, participant_id=of.participant.id)) == (
        180,
        0,
    )


def test_units_that_nobody_was_paid_for_cover_a_return_first(
    session: Session, of: make.World
) -> None:
    invoice = original(of)
    claim = make.submitted(session, of)
    review = make.read(session, claim, read(invoice))
    sockets, boards, _ = queries.list_lines(session, claim.id)
    decisions.decide(
        session,
        review=review,
        clerk=of.clerk,
        verdicts=[
            LineVerdict(sockets.id, Verdict.APPROVE),
            LineVerdict(boards.id, Verdict.REJECT, ReasonCode.OTHER_BUYER),
        ],
        at=NOON,
    )
    send(session, of, before_after(invoice, {2: "1"}))
    assert (only_correction(session).status, claim.points) == (CorrectionStatus.APPLIED, 900)


def test_what_is_ambiguous_waits_for_a_person_who_says_what_came_back(
    session: Session, of: make.World
) -> None:
    invoice = original(of)
    twice = replace(invoice, lines=(invoice.lines[0], invoice.lines[0], invoice.lines[1]))
    claim = make.submitted(session, of)
    review = make.read(session, claim, read(twice))
    approve(session, of, review)
    assert claim.points == 900 + 900 + 480
    back = makers.quantity_difference(
        twice, number="KOR/8", issued_on=SOLD_ON, returned={1: Decimal(20)}
    )
    back = replace(back, lines=tuple(replace(x, number=9) for x in back.lines))
    send(session, of, back)
    made = only_correction(session)
    assert made.status is CorrectionStatus.NEEDS_PERSON
    assert made.doubts == ["correction-row-ambiguous"]
    assert claim.points == 2280
    assert claim.purchase_id is not None
    with pytest.raises(Invalid):
        corrections.resolve(
            session,
            correction_id=made.id,
            returned={(claim.purchase_id, 2): Decimal(61)},
            person_id=of.clerk.person_id,
            at=NOON,
        )
    corrections.resolve(
        session,
        correction_id=made.id,
        returned={(claim.purchase_id, 2): Decimal(20)},
        person_id=of.clerk.person_id,
        at=NOON,
    )
    assert [x.points for x in queries.list_lines(session, claim.id)] == [900, 600, 480]
    assert (made.status, made.settled_by) == (CorrectionStatus.APPLIED, of.clerk.person_id)
    with pytest.raises(corrections.AlreadySettled):
        corrections.dismiss(session, correction_id=made.id, person_id=of.clerk.person_id, at=NOON)


def test_a_raised_quantity_pays_nothing_but_frees_units(session: Session, of: make.World) -> None:
    invoice = original(of)
    claim = paid(session, of, invoice)
    send(session, of, before_after(invoice, {1: "80"}))
    assert (only_correction(session).status, claim.points) == (CorrectionStatus.APPLIED, 1380)
    again = make.submitted(session, of)
    approve(session, of, make.read(session, again, read(invoice)))
    assert again.points == 20 * 15  # what the correction sold besides, and nothing twice


def test_a_return_of_a_row_that_only_the_second_reading_showed(
    session: Session, of: make.World
) -> None:
    """The photo lost the sockets and numbered the boards first; the XML was paid the sockets."""
    invoice = original(of)
    seen = read(invoice)
    photo = make.submitted(session, of)
    lost = replace(seen, lines=(replace(seen.lines[1], position=1),))
    approve(session, of, make.read(session, photo, lost))
    xml = make.submitted(session, of)
    approve(session, of, make.read(session, xml, seen))
    assert (photo.points, xml.points) == (480, 900)
    send(session, of, before_after(invoice, {1: "40", 2: "1"}))
    assert only_correction(session).status is CorrectionStatus.APPLIED
    assert (photo.points, xml.points) == (240, 600)
    assert spendable(session, of) == 840
    assert proofs.faults(session) == []


def test_a_correction_of_another_programme_s_seller_changes_nothing(
    session: Session, of: make.World
) -> None:
    invoice = original(of)
    claim = paid(session, of, invoice)
    foreign = before_after(invoice, {1: "0"})
    foreign = replace(foreign, seller=replace(foreign.seller, nip=make.nip()))
    assert foreign.correction is not None
    send(session, of, foreign)
    assert (only_correction(session).status, claim.points) == (CorrectionStatus.WAITING, 1380)
    assert session.exec(select(ProgramPartner)).one().program_id == of.program.id


def test_a_correction_with_an_unknown_original_goes_to_a_person_after_three_days(
    session: Session, of: make.World
) -> None:
    invoice = original(of)
    claim = paid(session, of, invoice)
    correction = before_after(invoice, {1: "0"})
    assert correction.correction is not None
    both = (
        makers.reference(invoice),
        replace(makers.reference(invoice), number="FV/9", ksef_number=""),
    )
    send(
        session, of, replace(correction, correction=replace(correction.correction, originals=both))
    )
    made = only_correction(session)
    assert made.status is CorrectionStatus.WAITING
    assert corrections.settle_overdue(session, at=NOON + timedelta(days=2)) == 0
    assert corrections.settle_overdue(session, at=NOON + timedelta(days=4)) == 1
    assert (made.status, made.doubts) == (
        CorrectionStatus.NEEDS_PERSON,
        ["correction-original-missing"],
    )
    assert claim.points == 1380


@pytest.mark.parametrize("own", [False, True], ids=["a stranger's", "one's own"])
@pytest.mark.parametrize("quantity", ["0", "600"], ids=["less", "more"])
def test_an_unproven_correction_changes_nothing_until_the_seller_says_so(
    session: Session, of: make.World, own: bool, quantity: str
) -> None:
    invoice = original(of)
    claim = paid(session, of, invoice)
    by = of.participant if own else stranger(session, of)
    rows = session.exec(select(StoredLine)).all()
    before = [(row.quantity_sold, row.quantity_accepted, row.quantity_raised) for row in rows]
    send(session, of, before_after(invoice, {1: quantity, 2: quantity}), by=by, proven=False)
    made = only_correction(session)
    assert (made.status, made.doubts, made.proof) == (
        CorrectionStatus.NEEDS_PERSON, ["correction-unproven"], None,
    )  # fmt: skip
    for row in rows:
        session.refresh(row)
    after = [(row.quantity_sold, row.quantity_accepted, row.quantity_raised) for row in rows]
    assert (claim.status, claim.points, spendable(session, of)) == (
        ClaimStatus.APPROVED, 1380, 1380,
    )  # fmt: skip
    assert after == before
    assert session.exec(select(CorrectionLine)).all() == []
    told = session.exec(select(Notice).where(Notice.kind == CLAIM_CORRECTED.name)).all()
    assert told == []


def test_a_sender_learns_of_a_correction_only_what_concerns_an_own_invoice(
    session: Session, of: make.World
) -> None:
    """The same words, whether another claimed that invoice, nobody did, or it is settled."""
    invoice = original(of)
    nobodys = original(of, "FV/7/11/2026")
    by = stranger(session, of)
    unknown = send(session, of, before_after(nobodys, {1: "0"}, "K/1"), by=by, proven=False)
    paid(session, of, invoice)
    forged = send(session, of, before_after(invoice, {1: "0"}, "K/2"), by=by, proven=False)
    settled = send(session, of, before_after(invoice, {1: "9"}, "K/3"), by=by)
    told = [views.brought(session, claim.id) for claim in (unknown, forged, settled)]
    assert [one["status"] for one in told if one] == ["waiting"] * 3
    copy = send(session, of, before_after(nobodys, {1: "0"}, "K/3"), by=by, proven=False)
    assert views.brought(session, copy.id) == {
        "number": "K/3",
        "originals": "FV/7/11/2026",
        "status": "waiting",
    }
    assert {claim.status for claim in (unknown, forged, settled)} == {ClaimStatus.REJECTED}


def test_the_real_correction_takes_the_place_of_a_made_up_one_with_its_number(
    session: Session, of: make.World
) -> None:
    """Who expects a correction cannot keep it away by sending a smaller one first."""
    invoice = original(of)
    claim = paid(session, of, invoice)
    send(session, of, before_after(invoice, {1: "59"}), proven=False)
    send(session, of, before_after(invoice, {1: "40"}))
    made = only_correction(session)
    assert (made.status, made.proof) == (CorrectionStatus.APPLIED, CorrectionProof.KSEF_REGISTRY)
    assert (claim.points, spendable(session, of)) == (1080, 1080)
    send(session, of, before_after(invoice, {1: "0"}), by=stranger(session, of), proven=False)
    assert (only_correction(session).status, claim.points) == (CorrectionStatus.APPLIED, 1080)


def test_nobody_settles_a_correction_of_their_own(session: Session, of: make.World) -> None:
    invoice = original(of)
    claim = paid(session, of, invoice)
    by = stranger(session, of)
    session.add(
        PartnerUser(
            person_id=by.person_id, partner_id=of.partner.id, role=PartnerRole.CLERK,
            created_at=NOON,
        )
    )  # fmt: skip
    send(session, of, before_after(invoice, {1: "0"}), by=by, proven=False)
    made = only_correction(session)
    desk = Clerk(by.person_id, of.partner.id, None)
    assert correction_desk.list_open(session, decider=desk) == []
    assert correction_desk.list_open(session, decider=of.clerk) == [made]
    assert claim.purchase_id is not None
    passer_by = make.person(session).id
    for person_id in (by.person_id, of.participant.person_id, passer_by):
        with pytest.raises(sa.exc.IntegrityError), session.begin_nested():
            corrections.resolve(
                session,
                correction_id=made.id,
                returned={(claim.purchase_id, 1): Decimal(60)},
                person_id=person_id,
                at=NOON,
            )
    assert (claim.points, spendable(session, of)) == (1380, 1380)
    line = sa.insert(CorrectionLine).values(
        correction_id=made.id, number=1, purchase_id=claim.purchase_id, position=1,
        printed_quantity=Decimal(-60), units=Decimal(60), points=900, at=NOON,
    )  # fmt: skip
    with pytest.raises(sa.exc.IntegrityError, match="unproven"), session.begin_nested():
        session.execute(line)


def test_what_a_clerk_of_the_seller_enters_settles_itself(session: Session, of: make.World) -> None:
    invoice = original(of)
    claim = paid(session, of, invoice)
    other = make.world(session)
    session.add(
        ProgramPartner(program_id=of.program.id, partner_id=other.partner.id, joined_at=NOON)
    )
    session.flush()
    for number, clerk, left in (("KOR/1", other.clerk, 1380), ("KOR/2", of.clerk, 1080)):
        data = read(before_after(invoice, {1: "40"}, number))
        entered = counter.enter(
            session,
            clerk=clerk,
            who=of.participant.nip,
            files=[StoredFile(data.document_sha256, "k.xml", "application/xml", 1000)],
            at=NOON,
        )
        intake.begin_reading(session, claim_id=entered.id, at=NOON)
        intake.complete_reading(session, claim_id=entered.id, reading=data, pages=[], at=NOON)
        assert claim.points == left


BONUSES = Rules(
    base=(PerUnit(clause="sztuka", points=Decimal(1)),),
    bonuses=(
        Bundle(
            clause="komplet",
            points=Decimal(500),
            parts=(
                BundlePart(products=Selection(families=("Nova",))),
                BundlePart(products=Selection(families=("Box",)), units=Decimal(2)),
            ),
        ),
        Target(
            clause="cel",
            points=Decimal(700),
            units=Decimal(100),
            products=Selection(families=("Nova",)),
        ),
        FirstPurchase(clause="start", points=Decimal(100)),
    ),
)


def test_a_return_takes_back_the_bonuses_that_what_is_left_does_not_earn(session: Session) -> None:
    of = make.world(session, rules=BONUSES)
    first, second = original(of), original(of, "FV/1185/11/2026")
    claims = []
    for invoice in (first, second):
        claim = make.submitted(session, of)
        approve(session, of, make.read(session, claim, read(invoice)))
        claims.append(claim)
    one, other = claims
    assert (one.points, other.points) == (62 + 500 + 100, 62 + 500 + 700)

    # One of two boards of the first invoice: its set is broken, all else stands.
    send(session, of, before_after(first, {2: "1"}, "KOR/1"))
    assert (one.points, other.points) == (61 + 100, 62 + 500 + 700)
    # All of its sockets: the 60 of the other do not reach the target, and the first purchase goes
    # over to the board that is left.
    send(session, of, before_after(first, {1: "0"}, "KOR/2"))
    assert (one.points, other.points) == (1 + 100, 62 + 500)
    assert [line.points for line in queries.list_lines(session, one.id)][:2] == [0, 101]
    # The target's claim is none of the corrected invoice: it is told of it as well.
    told = views.taken(session, other.id)
    assert [(x.number, x.units, x.points, x.bonuses) for x in told] == [("KOR/2", 0, 700, "cel")]
    told = views.taken(session, one.id)
    assert sorted((x.number, x.units, x.points, x.bonuses) for x in told) == [
        ("KOR/1", 0, 500, "komplet"), ("KOR/1", 1, 1, ""), ("KOR/2", 60, 60, ""),
    ]  # fmt: skip
    assert spendable(session, of) == one.points + other.points
    assert [*proofs.faults(session), *claim_proofs.faults(session)] == []
    for claim in claims:
        for line in queries.list_lines(session, claim.id):
            version = session.get_one(RuleVersion, of.rules.id)
            told_line = EarningLine.model_validate(line.rule_facts) if line.rule_facts else None
            if told_line is not None and line.quantity_accepted is not None:
                again = points_of_units(
                    Rules.model_validate(version.rules), told_line, line.quantity_accepted
                )
                assert again == line.points

    # The last board: nothing of the claim is left, and its first purchase is given once more.
    sockets, boards, cable = first.lines
    one_board = replace(first, lines=(sockets, replace(boards, quantity=Decimal(1)), cable))
    send(session, of, before_after(one_board, {2: "0"}, "KOR/3"))
    assert (one.status, one.points, other.points) == (ClaimStatus.REVERSED, 0, 562)
    third = make.submitted(session, of)
    approve(session, of, make.read(session, third, read(original(of, "FV/1186/11/2026"))))
    assert third.points == 62 + 500 + 700 + 100
    assert spendable(session, of) == other.points + third.points
    assert [*proofs.faults(session), *claim_proofs.faults(session)] == []


def test_a_decision_whose_bonus_went_over_to_another_line_can_be_undone(session: Session) -> None:
    of = make.world(session, rules=BONUSES)
    invoice = original(of)
    claim = make.submitted(session, of)
    decision = approve(session, of, make.read(session, claim, read(invoice)))
    send(session, of, before_after(invoice, {1: "0"}))
    assert (claim.points, spendable(session, of)) == (2 + 100, 2 + 100)
    undoing.undo(session, decision_id=decision.id, clerk=of.clerk, note="pomyłka", at=NOON)
    assert (claim.points, spendable(session, of)) == (0, 0)
    assert [*proofs.faults(session), *claim_proofs.faults(session)] == []


def test_an_undone_decision_takes_a_target_back_that_another_claim_reached_with_its_units(
    session: Session,
) -> None:
    of = make.world(session, rules=BONUSES)
    decided = []
    for number in ("FV/1184/11/2026", "FV/1185/11/2026"):
        claim = make.submitted(session, of)
        review = make.read(session, claim, read(original(of, number)))
        decided.append((claim, approve(session, of, review)))
    (one, first), (other, _) = decided
    assert (one.points, other.points) == (62 + 500 + 100, 62 + 500 + 700)
    undoing.undo(session, decision_id=first.id, clerk=of.clerk, at=NOON)
    # 60 sockets alone do not reach the target; the other's own units and set stand.
    assert (one.points, other.points, spendable(session, of)) == (0, 62 + 500, 62 + 500)
    assert [*proofs.faults(session), *claim_proofs.faults(session)] == []
    assert views.lost_bonuses(session, other.id) == [views.LostBonus(one.number, "cel", 700)]
    # Decided again, it reaches the target with both claims' units and bears it; and the first
    # purchase, which nobody has, though other goods were bought before it by now.
    review = session.exec(
        select(Review).where(Review.claim_id == one.id, Review.status != ReviewStatus.DONE)
    ).one()
    wishes = {x.position: preview.wish_of(x) for x in queries.list_lines(session, one.id)}
    shown = preview.points_of(session, review=review, claim=one, wishes=wishes)
    assert approve(session, of, review).points == one.points == 62 + 500 + 700 + 100
    assert sum(shown.values()) == one.points
    # Where too few points are left, nothing is undone: neither claim changes.
    points.hold(
        session,
        participant_id=of.participant.id,
        redemption_id=UUID(int=5),
        points=spendable(session, of) - 1_000,
        at=NOON,
    )
    last = session.exec(select(Decision).where(Decision.claim_id == other.id)).one()
    with pytest.raises(undoing.AlreadySpent), session.begin_nested():
        undoing.undo(session, decision_id=last.id, clerk=of.clerk, note="pomyłka", at=NOON)
    session.expire_all()
    assert (one.points, other.points, spendable(session, of)) == (1362, 562, 1_000)
    assert [*proofs.faults(session), *claim_proofs.faults(session)] == []
