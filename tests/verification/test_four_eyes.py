"""Large sums need two people who say the same; nobody is both of them."""

from __future__ import annotations

from datetime import timedelta
from decimal import Decimal

import pytest
import sqlalchemy as sa
from sqlmodel import Session, select

from claims import queries
from claims.states import ClaimStatus, ReasonCode, Verdict
from claims.tables import Claim
from core.errors import DomainError
from partners.tables import PartnerRole, PartnerUser
from points import addresses, ledger
from programs import setup
from programs.settings import ProgramSettings
from tests import make
from tests.conftest import NOON
from verification import deciding, decisions, queue
from verification.caution_tables import FirstOpinion, OpinionStatus
from verification.four_eyes import OwnFirstOpinion
from verification.judging import LineVerdict
from verification.queue import Clerk, list_open
from verification.tables import Cause, Decision, Review, ReviewStatus


def cautious(session: Session) -> make.World:
    of = make.world(session)
    of.program.settings = {"four_eyes_points": 1000}
    session.flush()
    return of


def colleague(session: Session, of: make.World) -> Clerk:
    person = make.person(session, name="Piotr Drugi")
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


def judge(
    session: Session, review: Review, clerk: queue.Decider, quantity: str | None = None
) -> Decision | FirstOpinion:
    lines = queries.list_lines(session, review.claim_id)
    return deciding.judge(
        session,
        review=review,
        clerk=clerk,
        verdicts=[
            LineVerdict(
                line.id,
                Verdict.APPROVE,
                quantity=Decimal(quantity) if quantity and line.position == 1 else None,
            )
            for line in lines
            if line.product_id is not None
        ],
        at=NOON,
    )


def spendable(session: Session, of: make.World) -> int:
    return ledger.balance(session, addresses.active(of.participant.id))


def test_the_first_person_pays_nothing_and_the_second_pays(session: Session) -> None:
    of = cautious(session)
    second = colleague(session, of)
    review = make.awaiting(session, of)
    first = judge(session, review, of.clerk)
    assert isinstance(first, FirstOpinion)
    assert (first.points, spendable(session, of)) == (1380, 0)
    assert session.get_one(Claim, review.claim_id).status is ClaimStatus.AWAITING_PARTNER
    assert [line.verdict for line in queries.list_lines(session, review.claim_id)] == [None] * 3
    assert (review.cause, review.status) == (Cause.SECOND, ReviewStatus.OPEN)
    # The first person no longer has it in the queue, the second one has.
    assert list_open(session, clerk=of.clerk, at=NOON) == []
    assert [row.id for row, _ in list_open(session, clerk=second, at=NOON)] == [review.id]
    decision = judge(session, review, second)
    assert isinstance(decision, Decision)
    assert (decision.first_by, decision.decided_by) == (of.clerk.person_id, second.person_id)
    assert spendable(session, of) == 1380
    session.refresh(first)
    assert (first.status, first.second_by) == (OpinionStatus.CONFIRMED, second.person_id)


def test_nobody_confirms_their_own_first_decision(session: Session) -> None:
    of = cautious(session)
    colleague(session, of)
    review = make.awaiting(session, of)
    judge(session, review, of.clerk)
    with pytest.raises(OwnFirstOpinion), session.begin_nested():
        judge(session, review, of.clerk)
    assert spendable(session, of) == 0


def test_a_second_person_who_says_something_else_gives_a_new_first_opinion(
    session: Session,
) -> None:
    of = cautious(session)
    second = colleague(session, of)
    review = make.awaiting(session, of)
    judge(session, review, of.clerk)
    other = judge(session, review, second, quantity="50")
    assert isinstance(other, FirstOpinion)
    assert (other.given_by, other.points, spendable(session, of)) == (
        second.person_id,
        750 + 480,
        0,
    )
    decision = judge(session, review, of.clerk, quantity="50")
    assert isinstance(decision, Decision)
    assert spendable(session, of) == 1230


def test_what_stays_below_the_limit_or_is_refused_needs_one_person(session: Session) -> None:
    of = cautious(session)
    review = make.awaiting(session, of)
    decision = judge(session, review, of.clerk, quantity="6")
    assert isinstance(decision, Decision)
    assert decision.first_by is None
    colleague(session, of)
    seen = make.reading(of, number="FV/2/2026", total="7.00")
    refused = make.read(session, make.submitted(session, of), seen)
    judge(session, refused, of.clerk)
    done = deciding.judge(
        session, review=refused, clerk=of.clerk, reason=ReasonCode.OTHER_BUYER, at=NOON
    )
    assert isinstance(done, Decision)
    opinion = session.exec(select(FirstOpinion)).one()
    assert opinion.status is OpinionStatus.REPLACED


def test_a_lonely_clerks_opinion_goes_to_the_programme(session: Session) -> None:
    of = cautious(session)
    review = make.awaiting(session, of)
    judge(session, review, of.clerk)
    assert review.status is ReviewStatus.ESCALATED
    organiser = make.organiser(session, of.program)
    decision = judge(session, review, organiser)
    assert isinstance(decision, Decision)
    assert spendable(session, of) == 1380


def test_the_database_refuses_one_person_alone(session: Session) -> None:
    of = cautious(session)
    review = make.awaiting(session, of)

    def insert(first_by: object) -> None:
        session.add(
            Decision(
                claim_id=review.claim_id,
                review_id=review.id,
                outcome=ClaimStatus.APPROVED,
                decided_by=of.clerk.person_id,
                first_by=first_by,
                submitted_by=of.participant.person_id,
                decided_at=NOON,
                points=1380,
            )
        )
        session.flush()

    passer_by = make.person(session).id
    for first_by in (None, of.clerk.person_id, passer_by):
        with pytest.raises(sa.exc.IntegrityError), session.begin_nested():
            insert(first_by)
    colleague = PartnerUser(
        person_id=passer_by, partner_id=of.partner.id, role=PartnerRole.CLERK, created_at=NOON
    )
    session.add(colleague)
    session.flush()
    insert(passer_by)  # two people of the seller: the same row is welcome


def test_the_trigger_knows_the_same_default_as_the_settings(session: Session) -> None:
    program_id = make.world(session).program.id
    stored = sa.func.two_people_above(program_id, NOON), sa.func.adjusted_alone(program_id, NOON)
    defaults = ProgramSettings().four_eyes_points, ProgramSettings().adjustment_limit
    assert session.execute(sa.select(*stored)).one() == defaults


def test_whoever_raises_the_limit_cannot_use_it_past_the_service_either(session: Session) -> None:
    of = cautious(session)
    review = make.awaiting(session, of)
    setup.change_program(
        session,
        program_id=of.program.id,
        facts=setup.ProgramFacts(
            name=of.program.name,
            starts_on=of.program.starts_on,
            ends_on=of.program.ends_on,
            claim_until=of.program.claim_until,
            redeem_until=of.program.redeem_until,
        ),
        settings={"four_eyes_points": 0, "adjustment_limit": 90_000},
        actor="person:x",
        at=NOON,
    )

    def alone(days: int) -> None:
        with session.begin_nested():
            facts: dict[str, object] = {
                "of": review.claim_id,
                "review": review.id,
                "by": of.clerk.person_id,
            }
            facts |= {"claimant": of.participant.person_id, "at": NOON + timedelta(days=days)}
            session.execute(
                sa.text(
                    "INSERT INTO decision (id, claim_id, review_id, outcome, automatic, decided_by,"
                    " submitted_by, decided_at, points, note, lines) VALUES (gen_random_uuid(),"
                    " :of, :review, 'approved', false, :by, :claimant, :at, 1380, '', '[]')"
                ),
                facts,
            )

    def adjusted(days: int) -> None:
        with session.begin_nested():
            facts: dict[str, object] = {"program": of.program.id, "who": of.participant.id}
            facts |= {"by": of.clerk.person_id, "at": NOON + timedelta(days=days)}
            session.execute(
                sa.text(
                    "INSERT INTO point_adjustment (id, program_id, participant_id, points, reason,"
                    " status, needs_second, requested_by, requested_at, note) VALUES ("
                    "gen_random_uuid(), :program, :who, 300, 'prezent', 'proposed', false, :by, :at"
                    ", '')"
                ),
                facts,
            )

    adjusted(0)
    for act in (alone, adjusted):
        for days in (0, 29):
            with pytest.raises(sa.exc.IntegrityError, match="need two people"):
                act(days)
        act(30)


def test_calling_the_plain_service_alone_changes_nothing(session: Session) -> None:
    of = cautious(session)
    review = make.awaiting(session, of)
    lines = queries.list_lines(session, review.claim_id)
    with pytest.raises(DomainError) as refused, session.begin_nested():
        decisions.decide(
            session,
            review=review,
            clerk=of.clerk,
            verdicts=[LineVerdict(line.id, Verdict.APPROVE) for line in lines if line.product_id],
            at=NOON,
        )
    assert refused.value.code == "needs-second-person"
    assert spendable(session, of) == 0
