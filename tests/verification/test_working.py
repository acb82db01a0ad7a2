"""Taking, putting aside, handing over and asking: whose turn it is, and what the clock says."""

from __future__ import annotations

import threading
from datetime import UTC, datetime, timedelta
from decimal import Decimal

import pytest
from sqlmodel import Session, select

from claims import queries
from claims.service import ClaimNotFound, StoredFile
from claims.states import ClaimStatus
from claims.tables import Claim
from core.db import Database
from core.errors import IllegalTransition, Invalid
from messages.tables import Notice
from partners.tables import Branch, PartnerRole, PartnerUser
from tests import make
from tests.conftest import NOON
from verification import asking, calendar, correcting, decisions, handing, intake, queue
from verification.asking import Question
from verification.conversation_tables import Side
from verification.queue import Chosen, Clerk, Organiser, ReviewNotFound, TakenByAnother
from verification.tables import Cause, Review, ReviewStatus

MIDNIGHT = datetime(2026, 11, 20, 23, 0, tzinfo=UTC)
SOON = NOON + timedelta(minutes=3)


def colleague(session: Session, of: make.World) -> Clerk:
    person = make.person(session, name="Olga Zięba")
    session.add(
        PartnerUser(
            person_id=person.id,
            partner_id=of.partner.id,
            branch_id=of.branch.id,
            role=PartnerRole.CLERK,
            created_at=NOON,
        )
    )
    session.flush()
    return Clerk(person.id, of.partner.id, of.branch.id)


def organiser(session: Session, of: make.World) -> Organiser:
    return make.organiser(session, of.program)


def status(session: Session, review: Review) -> ClaimStatus:
    return session.get_one(Claim, review.claim_id).status


def test_a_lease_keeps_colleagues_out_until_it_ends(session: Session) -> None:
    of = make.world(session)
    review, other = make.awaiting(session, of), colleague(session, of)
    queue.take(session, review_id=review.id, clerk=of.clerk, at=NOON)
    with pytest.raises(TakenByAnother):
        queue.take(session, review_id=review.id, clerk=other, at=NOON + timedelta(minutes=4))
    late = NOON + timedelta(minutes=6)
    taken = queue.take(session, review_id=review.id, clerk=other, at=late)
    assert (taken.taken_by, taken.taken_at) == (other.person_id, late)


def test_renewing_remembers_since_when_it_is_taken(session: Session) -> None:
    of = make.world(session)
    review = make.awaiting(session, of)
    queue.take(session, review_id=review.id, clerk=of.clerk, at=NOON)
    again = queue.take(session, review_id=review.id, clerk=of.clerk, at=SOON)
    assert (again.taken_at, again.taken_until) == (NOON, SOON + queue.LEASE)


def test_eight_clerks_who_take_the_next_get_different_ones(real_database: Database) -> None:
    with real_database.unit_of_work() as session:
        of = make.world(session)
        clerks = [colleague(session, of) for _ in range(8)]
        for number in range(8):
            make.awaiting(session, of, number=f"FV/{number}R/2026")
    got: list[object] = []
    ready = threading.Barrier(8)

    def work(clerk: Clerk) -> None:
        ready.wait()
        with real_database.unit_of_work() as session:
            taken = queue.take_next(session, clerk=clerk, at=NOON)
            got.append(taken.id if taken else None)

    threads = [threading.Thread(target=work, args=(clerk,)) for clerk in clerks]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert None not in got
    assert len(set(got)) == 8


def test_counts_follow_causes_and_promises(session: Session) -> None:
    of = make.world(session)
    review = make.awaiting(session, of)
    late = make.read(
        session,
        make.submitted(session, of),
        make.reading(of, number="FV/2/X", lines=[], total="5.00"),
    )
    late.due_at = NOON - timedelta(minutes=1)
    session.flush()
    counts = queue.count_queue(session, clerk=of.clerk, at=NOON, today_ends=MIDNIGHT)
    assert counts.causes == {Cause.PROOF: 1, Cause.UNREAD: 1}
    assert (counts.overdue, counts.due_today, counts.open) == (1, 1, 2)
    handing.postpone(session, review_id=review.id, clerk=of.clerk, until=SOON, at=NOON)
    after = queue.count_queue(session, clerk=of.clerk, at=NOON, today_ends=MIDNIGHT)
    assert (after.open, after.postponed) == (1, 1)


def test_neighbours_stay_inside_the_chosen_part(session: Session) -> None:
    of = make.world(session)
    first, second = make.awaiting(session, of, number="A/1"), make.awaiting(session, of)
    assert queue.find_neighbours(session, review=first, clerk=of.clerk, at=NOON) == (
        None,
        second.id,
    )
    only = Chosen(causes=(Cause.UNREAD,))
    found = queue.find_neighbours(session, review=first, clerk=of.clerk, at=NOON, chosen=only)
    assert found == (None, None)


def test_what_was_postponed_comes_back_when_its_time_came(session: Session) -> None:
    of = make.world(session)
    review = make.awaiting(session, of)
    handing.postpone(session, review_id=review.id, clerk=of.clerk, until=SOON, at=NOON)
    assert queue.list_open(session, clerk=of.clerk, at=NOON) == []
    [(again, _)] = queue.list_open(session, clerk=of.clerk, at=SOON)
    assert (again.id, again.due_at) == (review.id, review.due_at)


def test_an_escalated_review_is_the_organiser_s_alone(session: Session) -> None:
    of = make.world(session)
    review, boss = make.awaiting(session, of), organiser(session, of)
    with pytest.raises(ReviewNotFound):
        queue.get_for_clerk(session, review_id=review.id, clerk=boss)
    handing.escalate(session, review_id=review.id, clerk=of.clerk, at=NOON)
    with pytest.raises(IllegalTransition), session.begin_nested():
        decisions.decide(session, review=review, clerk=of.clerk, verdicts=[], at=NOON)
    foreign = make.world(session)
    stranger = organiser(session, foreign)
    with pytest.raises(ReviewNotFound):
        queue.get_for_clerk(session, review_id=review.id, clerk=stranger)
    taken = queue.take(session, review_id=review.id, clerk=boss, at=NOON)
    assert (taken.status, taken.taken_by) == (ReviewStatus.ESCALATED, boss.person_id)


def test_an_escalation_can_be_called_back_until_somebody_works_on_it(session: Session) -> None:
    of = make.world(session)
    review = make.awaiting(session, of)
    handing.escalate(session, review_id=review.id, clerk=of.clerk, at=NOON)
    queue.take(session, review_id=review.id, clerk=organiser(session, of), at=NOON)
    with pytest.raises(handing.WithOthersNow), session.begin_nested():
        handing.call_back(session, review_id=review.id, clerk=of.clerk, at=SOON)
    later = NOON + timedelta(minutes=6)
    back = handing.call_back(session, review_id=review.id, clerk=of.clerk, at=later)
    assert (back.status, back.escalated_at) == (ReviewStatus.OPEN, None)


def test_the_organiser_s_own_decision_reopens_at_the_organiser(session: Session) -> None:
    from verification import undoing

    of = make.world(session)
    review, boss = make.awaiting(session, of), organiser(session, of)
    handing.escalate(session, review_id=review.id, clerk=of.clerk, at=NOON)
    session.refresh(review)
    decision = decisions.reject(
        session, review=review, clerk=boss, reason=decisions.ReasonCode.OTHER_BUYER, at=NOON
    )
    reopened = undoing.undo(session, decision_id=decision.id, clerk=boss, at=NOON)
    assert reopened.status is ReviewStatus.ESCALATED


def test_an_organiser_of_the_claimant_s_firm_is_refused(session: Session) -> None:
    of = make.world(session)
    review = make.awaiting(session, of)
    handing.escalate(session, review_id=review.id, clerk=of.clerk, at=NOON)
    session.refresh(review)
    own = Organiser(of.participant.person_id, frozenset({of.program.id}))
    with pytest.raises(decisions.SelfDealing), session.begin_nested():
        decisions.reject(
            session, review=review, clerk=own, reason=decisions.ReasonCode.OTHER_BUYER, at=NOON
        )
    assert status(session, review) is ClaimStatus.AWAITING_PARTNER


def test_a_clerk_hands_over_within_the_own_firm_only(session: Session) -> None:
    of, foreign = make.world(session), make.world(session)
    review = make.awaiting(session, of)
    place = Branch(
        partner_id=of.partner.id,
        name="Elmet Gniezno",
        street="ul. Nowa 2",
        postcode="62-200",
        city="Gniezno",
        voivodeship="30",
        created_at=NOON,
    )
    session.add(place)
    session.flush()
    with pytest.raises(Invalid), session.begin_nested():
        handing.hand_to_branch(
            session, review_id=review.id, clerk=of.clerk, branch_id=foreign.branch.id, at=NOON
        )
    moved = handing.hand_to_branch(
        session, review_id=review.id, clerk=of.clerk, branch_id=place.id, at=NOON
    )
    assert (moved.branch_id, moved.status) == (place.id, ReviewStatus.OPEN)
    with pytest.raises(ReviewNotFound):
        queue.get_for_clerk(session, review_id=review.id, clerk=of.clerk)


def ask(session: Session, of: make.World, review: Review) -> None:
    asking.ask(session, review_id=review.id, clerk=of.clerk, question=Question.HOW_MANY, at=NOON)


def test_asking_tells_the_participant_and_stops_the_clock(session: Session) -> None:
    of = make.world(session)
    review = make.awaiting(session, of)
    promised = review.due_at  # Monday noon: eight working hours.
    ask(session, of, review)
    assert (review.status, review.waiting_since) == (ReviewStatus.WAITING, NOON)
    [notice] = session.exec(select(Notice)).all()
    assert (notice.kind, notice.person_id) == ("claim-question", of.participant.person_id)
    wednesday = NOON + timedelta(days=5)
    asking.answer(
        session,
        claim_id=review.claim_id,
        participant_id=of.participant.id,
        text="Sześćdziesiąt.",
        at=wednesday,
    )
    # Four hours of that Friday and four of Monday were left: now Wednesday's and Thursday's.
    assert review.due_at == wednesday + (promised - NOON) - timedelta(days=2)
    assert review.status is ReviewStatus.OPEN
    assert [said.side for said in asking.list_messages(session, review.claim_id)] == [
        Side.PARTNER,
        Side.PARTICIPANT,
    ]


def test_more_pages_are_read_before_anybody_looks_and_the_review_goes_on(
    session: Session,
) -> None:
    of = make.world(session)
    review = make.awaiting(session, of)
    ask(session, of, review)
    asking.answer(
        session,
        claim_id=review.claim_id,
        participant_id=of.participant.id,
        files=[StoredFile("ab" * 32, "strona2.jpg", "image/jpeg", 900)],
        at=SOON,
    )
    assert status(session, review) is ClaimStatus.READING
    intake.complete_reading(
        session,
        claim_id=review.claim_id,
        reading=make.reading(of, lines=[make.line(1, "X", "5", gtin="5901234123457")]),
        pages=[],
        at=SOON,
    )
    [only] = session.exec(select(Review).where(Review.claim_id == review.claim_id)).all()
    assert (only.id, only.status) == (review.id, ReviewStatus.OPEN)
    assert len(queries.list_lines(session, review.claim_id)) == 1


def test_an_answer_needs_words_or_pages_and_its_own_participant(session: Session) -> None:
    of, foreign = make.world(session), make.world(session)
    review = make.awaiting(session, of)
    claim_id = review.claim_id
    with pytest.raises(IllegalTransition), session.begin_nested():
        asking.answer(
            session, claim_id=claim_id, participant_id=of.participant.id, text="x", at=NOON
        )
    ask(session, of, review)
    with pytest.raises(Invalid), session.begin_nested():
        asking.answer(
            session, claim_id=claim_id, participant_id=of.participant.id, text=" ", at=NOON
        )
    with pytest.raises(ClaimNotFound), session.begin_nested():
        asking.answer(
            session, claim_id=claim_id, participant_id=foreign.participant.id, text="x", at=NOON
        )
    assert status(session, review) is ClaimStatus.NEEDS_INFORMATION
    assert review.status is ReviewStatus.WAITING


def test_a_question_nobody_answers_ends_the_claim_after_the_programme_s_days(
    session: Session,
) -> None:
    of = make.world(session)
    review = make.awaiting(session, of)
    ask(session, of, review)
    assert asking.expire_unanswered(session, at=NOON + timedelta(days=13)) == 0
    assert asking.expire_unanswered(session, at=NOON + timedelta(days=15)) == 1
    assert status(session, review) is ClaimStatus.EXPIRED
    assert review.status is ReviewStatus.DONE
    assert asking.expire_unanswered(session, at=NOON + timedelta(days=16)) == 0


def test_asking_nothing_is_refused_and_nothing_changes(session: Session) -> None:
    of = make.world(session)
    review = make.awaiting(session, of)
    with pytest.raises(Invalid), session.begin_nested():
        asking.ask(session, review_id=review.id, clerk=of.clerk, text="  ", at=NOON)
    assert status(session, review) is ClaimStatus.AWAITING_PARTNER
    assert session.exec(select(Notice)).all() == []


def test_a_typed_number_that_is_known_holds_the_claim(session: Session) -> None:
    of = make.world(session)
    first = make.awaiting(session, of, number="FV/1184/11/2026")
    claim = make.submitted(session, of)
    intake.begin_reading(session, claim_id=claim.id, at=NOON)
    intake.give_up_reading(session, claim_id=str(claim.id), error="crash", at=NOON)
    review = make.review_of(session, claim.id)
    collision = correcting.identify(
        session,
        review=review,
        number="fv/1184/11/2026",
        issued_on=NOON.date(),
        seller_nip=of.partner.nip,
        at=NOON,
    )
    assert collision is not None
    assert collision.claim_id == first.claim_id
    assert (review.cause, claim.held_by_claim_id) == (Cause.HELD, first.claim_id)


def test_a_missed_line_needs_a_product_of_the_programme(session: Session) -> None:
    of, foreign = make.world(session), make.world(session)
    review = make.awaiting(session, of)
    before = len(queries.list_lines(session, review.claim_id))
    for product, quantity in ((foreign.socket.id, "1"), (of.socket.id, "0")):
        with pytest.raises(Invalid), session.begin_nested():
            correcting.add_line(
                session,
                review=review,
                clerk=of.clerk,
                product_id=product,
                quantity=Decimal(quantity),
                at=NOON,
            )
    assert len(queries.list_lines(session, review.claim_id)) == before


def test_working_time_counts_open_hours_only() -> None:
    friday = datetime(2026, 11, 20, 14, 0, tzinfo=UTC)  # 15:00 in Warsaw
    monday = datetime(2026, 11, 23, 8, 0, tzinfo=UTC)  # 9:00 in Warsaw
    assert calendar.working_time_between(friday, monday) == timedelta(hours=2)
    assert calendar.working_time_between(monday, friday) == timedelta(0)
