"""One number of a seller may stand on several corrections, and a made-up one stands in no way."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from decimal import Decimal

import pytest
from sqlmodel import Session, col, select

from claims import corrections as stored
from claims.correction_tables import Correction, CorrectionProof, CorrectionStatus
from claims.states import ClaimStatus
from demo.documents import corrections as makers
from tests import make
from tests.conftest import NOON
from tests.verification.corrected import (
    before_after,
    only_correction,
    original,
    paid,
    read,
    send,
    spendable,
)
from verification import corrections
from verification.feed_returns import ReturnedRow, SaleCorrection, gather


def all_corrections(session: Session) -> list[Correction]:
    return list(session.exec(select(Correction).order_by(col(Correction.part))))


def test_a_number_that_begins_anew_every_year_is_another_document(
    session: Session, of: make.World
) -> None:
    first, second = original(of), original(of, "FV/1185/11/2026")
    paid(session, of, first)
    paid(session, of, second)
    send(session, of, before_after(first, {1: "0"}, "KFS/1"))
    next_year = before_after(second, {1: "0"}, "KFS/1")
    next_year = replace(next_year, issued_on=next_year.issued_on.replace(year=2027))
    for _ in range(2):
        send(session, of, next_year)
        assert [one.status for one in all_corrections(session)] == [CorrectionStatus.APPLIED] * 2
        assert spendable(session, of) == 2 * 480
    # The same number again on the same invoice, a year later: misread, or really another one.
    again = before_after(first, {2: "0"}, "KFS/1")
    send(session, of, replace(again, issued_on=again.issued_on.replace(year=2027)))
    last = all_corrections(session)[-1]
    assert (last.status, last.doubts) == (CorrectionStatus.NEEDS_PERSON, [stored.NUMBER_AGAIN])
    assert spendable(session, of) == 2 * 480


def test_a_whole_correction_after_a_part_of_it_is_for_a_person(
    session: Session, of: make.World
) -> None:
    """A sales file told of one original; the register's document names two, and not whose rows."""
    first, second = original(of), original(of, "FV/1185/11/2026")
    paid(session, of, first)
    send(session, of, before_after(first, {1: "0"}))
    whole = before_after(first, {1: "0"})
    assert whole.correction is not None
    both = (makers.reference(first), makers.reference(second))
    whole = replace(whole, correction=replace(whole.correction, originals=both))
    for _ in range(2):
        send(session, of, whole)
        known, rest = all_corrections(session)
        assert (known.status, rest.status) == (CorrectionStatus.APPLIED, CorrectionStatus.WAITING)
    claim = make.submitted(session, of)
    make.read(session, claim, read(second))
    assert (rest.status, rest.doubts) == (CorrectionStatus.NEEDS_PERSON, [stored.PARTLY_SETTLED])
    assert spendable(session, of) == 480


def test_an_original_that_is_claimed_after_the_rest_was_settled_is_asked_for(
    session: Session, of: make.World
) -> None:
    first, second = original(of), original(of, "FV/1185/11/2026")
    claim = paid(session, of, first)
    whole = before_after(first, {1: "0", 2: "0"})
    assert whole.correction is not None
    both = (makers.reference(first), makers.reference(second))
    send(session, of, replace(whole, correction=replace(whole.correction, originals=both)))
    corrections.settle_overdue(session, at=NOON + timedelta(days=4))
    made = only_correction(session)
    assert made.doubts == ["correction-original-missing"]
    assert claim.purchase_id is not None
    person, nothing = of.clerk.person_id, Decimal(0)
    back = {(claim.purchase_id, 1): Decimal(60), (claim.purchase_id, 2): nothing}
    corrections.resolve(session, correction_id=made.id, returned=back, person_id=person, at=NOON)
    assert (made.status, claim.points) == (CorrectionStatus.APPLIED, 480)
    later = paid(session, of, second)
    assert (made.status, made.doubts, made.settled_by) == (
        CorrectionStatus.NEEDS_PERSON, [corrections.CLAIMED_LATER], None,
    )  # fmt: skip
    assert later.purchase_id is not None
    back = {(later.purchase_id, 2): Decimal(2)}
    corrections.resolve(session, correction_id=made.id, returned=back, person_id=person, at=NOON)
    assert (claim.points, later.points, spendable(session, of)) == (480, 900, 1380)
    # Its originals are all known by now: nothing opens it once more.
    make.read(session, make.submitted(session, of), read(second))
    assert made.status is CorrectionStatus.APPLIED


def test_a_correction_of_a_collective_one_speaks_of_all_its_invoices(
    session: Session, of: make.World
) -> None:
    """A sales file told of KFS/7 invoice by invoice; the next correction names KFS/7 alone."""
    first, second = original(of), original(of, "FV/1185/11/2026")
    paid(session, of, first)
    later = paid(session, of, second)
    parts = [before_after(one, {2: "1"}, "KFS/7") for one in (first, second)]
    for part in parts:
        send(session, of, part)
    assert spendable(session, of) == 2 * (1380 - 240)
    following = before_after(second, {1: "40"}, "KFS/8")
    assert following.correction is not None
    named = replace(following.correction, originals=(makers.reference(parts[0]),))
    send(session, of, replace(following, correction=named))
    last = session.exec(select(Correction).where(Correction.number == "KFS/8")).one()
    # Both invoices have sockets: a person tells of which they came back.
    assert (last.status, last.doubts) == (
        CorrectionStatus.NEEDS_PERSON, ["correction-row-ambiguous"],
    )  # fmt: skip
    assert later.purchase_id is not None
    back = {(later.purchase_id, 1): Decimal(20)}
    person = of.clerk.person_id
    corrections.resolve(session, correction_id=last.id, returned=back, person_id=person, at=NOON)
    assert spendable(session, of) == 2 * (1380 - 240) - 300


@pytest.mark.parametrize("dismissed", [True, False], ids=["dismissed", "settled"])
def test_a_made_up_correction_that_a_person_settled_keeps_no_real_one_away(
    session: Session, of: make.World, dismissed: bool
) -> None:
    invoice = original(of)
    claim = paid(session, of, invoice)
    send(session, of, before_after(invoice, {1: "59"}), proven=False)
    made = only_correction(session)
    person = of.clerk.person_id
    if dismissed:
        corrections.dismiss(session, correction_id=made.id, person_id=person, at=NOON)
    else:
        corrections.resolve(session, correction_id=made.id, returned={}, person_id=person, at=NOON)
    send(session, of, before_after(invoice, {1: "0", 2: "0"}))
    made = only_correction(session)
    assert made.proof is CorrectionProof.KSEF_REGISTRY
    if dismissed:
        assert (made.status, claim.status) == (CorrectionStatus.APPLIED, ClaimStatus.REVERSED)
        assert (claim.points, spendable(session, of), made.settled_by) == (0, 0, None)
        return
    # A person said of another document that nothing came back: they are asked of this one.
    assert (made.status, made.doubts) == (
        CorrectionStatus.NEEDS_PERSON, [stored.SETTLED_OTHERWISE],
    )  # fmt: skip
    assert claim.purchase_id is not None
    back = {(claim.purchase_id, 1): Decimal(60), (claim.purchase_id, 2): Decimal(2)}
    corrections.resolve(session, correction_id=made.id, returned=back, person_id=person, at=NOON)
    assert (claim.points, spendable(session, of)) == (0, 0)


def test_what_a_person_settled_stays_so_when_the_register_proves_just_that(
    session: Session, of: make.World
) -> None:
    invoice = original(of)
    claim = paid(session, of, invoice)
    assert claim.purchase_id is not None
    correction = before_after(invoice, {1: "40"})
    send(session, of, correction, proven=False)
    corrections.resolve(
        session,
        correction_id=only_correction(session).id,
        returned={(claim.purchase_id, 1): Decimal(20)},
        person_id=of.clerk.person_id,
        at=NOON,
    )
    send(session, of, correction)
    made = only_correction(session)
    assert (made.status, made.proof) == (CorrectionStatus.APPLIED, CorrectionProof.KSEF_REGISTRY)
    assert (made.settled_by, claim.points) == (of.clerk.person_id, 1080)


def test_a_dismissed_document_that_proves_real_is_looked_at_again(
    session: Session, of: make.World
) -> None:
    invoice = original(of)
    claim = paid(session, of, invoice)
    correction = before_after(invoice, {1: "40"})
    send(session, of, correction, proven=False)
    corrections.dismiss(
        session,
        correction_id=only_correction(session).id,
        person_id=of.clerk.person_id,
        at=NOON,
    )
    send(session, of, correction)
    made = only_correction(session)
    assert (made.status, made.doubts) == (CorrectionStatus.NEEDS_PERSON, [stored.PROVEN_SINCE])
    assert claim.points == 1380


def row(original: str, quantity: str, buyer: str = "5260001246") -> ReturnedRow:
    return ReturnedRow("KFS/7", original, buyer, Decimal(quantity), name="Gniazdo")


def told(found: list[SaleCorrection]) -> list[tuple[str, str, list[Decimal | None]]]:
    return [(one.original, one.buyer_nip, [x.delta for x in one.rows]) for one in found]


def test_one_cell_that_names_several_invoices_leaves_their_shares_to_a_person() -> None:
    found = gather([row("FV/1184/11, FV/1185/11", "-60")])
    assert told(found) == [
        ("FV/1184/11", "5260001246", [None]),
        ("FV/1185/11", "5260001246", [None]),
    ]
    assert all(one.unclear for one in found)
    assert told(gather([row("FV 7, 2", "-1")])) == [("FV 7, 2", "5260001246", [Decimal(-1)])]


def test_rows_that_leave_the_buyer_out_belong_to_the_others() -> None:
    found = gather([row("FV/1184/11", "-20"), row("FV/1184/11", "-5", "")])
    assert told(found) == [("FV/1184/11", "5260001246", [Decimal(-25)])]
