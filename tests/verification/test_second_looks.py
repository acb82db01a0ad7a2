"""People judge again what the system paid; what they find is put right and counted."""

from __future__ import annotations

from decimal import Decimal

import pytest
from sqlmodel import Session, select

from claims import queries
from claims.states import ClaimStatus, ReasonCode, Verdict
from claims.tables import Claim
from core.errors import IllegalTransition
from points import addresses, ledger, proofs
from tests import make
from tests.conftest import NOON
from verification import deciding, decisions, feed_corrections, sampling, undoing
from verification.automatic_tables import SecondLook
from verification.feed_returns import Returned, SaleCorrection
from verification.judging import LineVerdict
from verification.policy import Course, Route, draws_of
from verification.proof_tables import ProofKind
from verification.proofs import record_proof
from verification.queue import count_queue, list_open, take
from verification.tables import Cause, Decision, Review, ReviewStatus


def drawn(session: Session, of: make.World) -> tuple[Claim, Review, SecondLook]:
    """A claim that the system paid and that was drawn."""
    waiting = make.awaiting(session, of)
    record_proof(
        session,
        claim_id=waiting.claim_id,
        kind=ProofKind.KSEF_REGISTRY,
        evidence={},
        actor="sync",
        at=NOON,
    )
    look = session.exec(select(SecondLook)).one()
    review = session.get_one(Review, look.review_id)
    return session.get_one(Claim, waiting.claim_id), review, look


def as_read(session: Session, claim: Claim) -> list[LineVerdict]:
    return [
        LineVerdict(line.id, Verdict.APPROVE)
        for line in queries.list_lines(session, claim.id)
        if line.product_id is not None
    ]


def spendable(session: Session, of: make.World) -> int:
    return ledger.balance(session, addresses.active(of.participant.id))


def test_a_drawn_claim_stands_in_the_queue_as_its_own_cause(session: Session) -> None:
    of = make.world(session)
    _, review, _ = drawn(session, of)
    assert [row.id for row, _ in list_open(session, clerk=of.clerk, at=NOON)] == [review.id]
    counts = count_queue(session, clerk=of.clerk, at=NOON, today_ends=NOON)
    assert counts.causes == {Cause.AUDIT: 1}


def test_who_judges_as_the_system_did_changes_nothing_and_adds_evidence(session: Session) -> None:
    of = make.world(session)
    claim, review, look = drawn(session, of)
    decision = deciding.judge(
        session, review=review, clerk=of.clerk, verdicts=as_read(session, claim), at=NOON
    )
    assert decision.automatic
    assert (decision.undone_at, claim.status, spendable(session, of)) == (
        None,
        ClaimStatus.APPROVED,
        1380,
    )
    assert (look.wrong_points, look.checked_by) == (0, of.clerk.person_id)
    assert session.get_one(Review, review.id).status is ReviewStatus.DONE
    evidence = sampling.evidence_of(
        session, program_id=of.program.id, route=Route.REGISTRY, at=NOON
    )
    assert (evidence.looked_at, evidence.errors, evidence.waiting) == (3, 0, 0)
    with pytest.raises(IllegalTransition):
        deciding.judge(
            session, review=review, clerk=of.clerk, verdicts=as_read(session, claim), at=NOON
        )


def test_what_a_correction_took_back_since_is_no_mistake_of_the_system(session: Session) -> None:
    of = make.world(session)
    claim, review, look = drawn(session, of)
    said = as_read(session, claim)
    back = Returned("5901234123457", "", "GNIAZDO NOVA P/T Z/U BIAŁE", "", Decimal(-20))
    returned = SaleCorrection("KFS/1", "FV/1184/11/2026", of.participant.nip, "", (back,))
    feed_corrections.take_in(session, partner=of.partner, found=[returned], at=NOON)
    assert (claim.points, spendable(session, of)) == (1080, 1080)
    session.expire_all()
    decision = deciding.judge(session, review=review, clerk=of.clerk, verdicts=said, at=NOON)
    assert (decision.automatic, decision.undone_at, look.wrong_points) == (True, None, 0)
    assert (claim.points, spendable(session, of)) == (1080, 1080)
    evidence = sampling.evidence_of(
        session, program_id=of.program.id, route=Route.REGISTRY, at=NOON
    )
    assert (evidence.looked_at, evidence.errors) == (3, 0)


def test_a_quantity_that_was_wrong_is_paid_right_and_counted(session: Session) -> None:
    of = make.world(session)
    claim, review, look = drawn(session, of)
    sockets, boards = as_read(session, claim)
    decision = deciding.judge(
        session,
        review=review,
        clerk=of.clerk,
        verdicts=[
            LineVerdict(sockets.line_id, Verdict.APPROVE, quantity=Decimal(6)),
            LineVerdict(boards.line_id, Verdict.APPROVE),
        ],
        at=NOON,
    )
    assert (decision.decided_by, decision.points) == (of.clerk.person_id, 90 + 480)
    assert (look.wrong_points, look.taken_back) == (810, True)
    assert spendable(session, of) == 570
    assert session.get_one(Review, review.id).status is ReviewStatus.DONE
    assert proofs.faults(session) == []


def test_above_the_points_of_two_people_one_is_enough_to_look_again(session: Session) -> None:
    of = make.world(session)
    of.program.settings = {**of.program.settings, "four_eyes_points": 400}
    session.flush()
    claim, review, look = drawn(session, of)
    sockets, boards = as_read(session, claim)
    fewer = [
        LineVerdict(sockets.line_id, Verdict.APPROVE, quantity=Decimal(6)),
        LineVerdict(boards.line_id, Verdict.APPROVE),
    ]
    decision = deciding.judge(session, review=review, clerk=of.clerk, verdicts=fewer, at=NOON)
    assert isinstance(decision, Decision)
    assert (decision.points, look.wrong_points, spendable(session, of)) == (570, 810, 570)
    # Anew, nothing was paid before: so many points need two.
    undoing.undo(session, decision_id=decision.id, clerk=of.clerk, checked=True, at=NOON)
    again = session.exec(
        select(Review).where(Review.claim_id == claim.id, Review.status != ReviewStatus.DONE)
    ).one()
    with pytest.raises(decisions.NeedsSecondPerson):
        decisions.decide(session, review=again, clerk=of.clerk, verdicts=fewer, at=NOON)


def test_a_claim_that_should_not_have_been_paid_is_refused_with_the_persons_reason(
    session: Session,
) -> None:
    of = make.world(session)
    claim, review, look = drawn(session, of)
    deciding.judge(
        session, review=review, clerk=of.clerk, reason=ReasonCode.RETURNED_GOODS, at=NOON
    )
    assert (claim.status, look.wrong_points) == (ClaimStatus.REJECTED, 1380)
    assert spendable(session, of) == 0


def test_points_that_were_spent_stay_with_the_participant_and_are_counted(
    session: Session,
) -> None:
    of = make.world(session)
    claim, review, look = drawn(session, of)
    reward = make.stocked_reward(session, of, price=1000)
    make.place(session, of, reward)
    decision = deciding.judge(
        session, review=review, clerk=of.clerk, reason=ReasonCode.OTHER_BUYER, at=NOON
    )
    assert decision.automatic
    assert (look.wrong_points, look.taken_back) == (1380, False)
    assert (claim.status, spendable(session, of)) == (ClaimStatus.APPROVED, 380)


def test_nobody_looks_again_at_their_own_claim(session: Session) -> None:
    of = make.world(session)
    claim, review, look = drawn(session, of)
    of.participant.nip = of.partner.nip
    session.add(of.participant)
    session.flush()
    with pytest.raises(decisions.SelfDealing), session.begin_nested():
        deciding.judge(
            session, review=review, clerk=of.clerk, verdicts=as_read(session, claim), at=NOON
        )
    assert session.get_one(SecondLook, look.id).checked_at is None


def test_a_decision_that_was_undone_leaves_the_sample(session: Session) -> None:
    of = make.world(session)
    claim, review, look = drawn(session, of)
    assert look.decision_id is not None
    undoing.undo(session, decision_id=look.decision_id, clerk=of.clerk, note="pomyłka", at=NOON)
    session.refresh(look)
    assert look.void
    # The same review goes on as an ordinary one.
    waiting = take(session, review_id=review.id, clerk=of.clerk, at=NOON)
    assert waiting.cause is Cause.PROOF
    decision = deciding.judge(
        session, review=waiting, clerk=of.clerk, verdicts=as_read(session, claim), at=NOON
    )
    assert not decision.automatic
    assert len(session.exec(select(Decision)).all()) == 2


def test_enough_clean_looks_end_the_watch(session: Session) -> None:
    of = make.world(session)
    claim, review, look = drawn(session, of)
    settings = sampling.settings_of_program(session, of.program.id)
    deciding.judge(
        session, review=review, clerk=of.clerk, verdicts=as_read(session, claim), at=NOON
    )

    def course() -> Course:
        return sampling.permit_for(
            session,
            program_id=of.program.id,
            route=Route.REGISTRY,
            settings=settings,
            at=NOON,
        ).course

    look.draws = 58
    session.flush()
    assert course() is Course.WATCHED
    look.draws = 59  # 1 - 0.05^(1/59) is 4.95 %, under the ceiling of 5 %
    session.flush()
    assert course() is Course.WITHIN


def test_too_many_unanswered_looks_stop_the_system(session: Session) -> None:
    of = make.world(session)
    of.program.settings = {"sample_waiting": 1}
    session.flush()
    drawn(session, of)
    permit = sampling.permit_for(
        session,
        program_id=of.program.id,
        route=Route.REGISTRY,
        settings=sampling.settings_of_program(session, of.program.id),
        at=NOON,
    )
    assert (permit.course, permit.limit_points) == (Course.BACKLOG, 0)


def test_a_larger_claim_takes_part_in_the_draw_more_often() -> None:
    assert [draws_of(points, 500) for points in (1, 500, 501, 1380)] == [1, 1, 2, 3]


def test_the_draw_hits_its_share_and_cannot_be_foreseen() -> None:
    hits = [sampling.draw(500, share=0.2, draw_points=500) for _ in range(4000)]
    # Eight standard deviations: one run in a thousand million million fails by chance.
    assert abs(sum(hits) - 800) < 8 * (4000 * 0.2 * 0.8) ** 0.5
    again = [sampling.draw(500, share=0.2, draw_points=500) for _ in range(4000)]
    assert hits != again
    assert sampling.draw(1380, share=1, draw_points=500) == 3
