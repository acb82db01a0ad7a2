"""Who enters a claim at the counter does not decide on it: not by the service, and not by SQL."""

from __future__ import annotations

import pytest
import sqlalchemy as sa
from sqlmodel import Session, select

from claims import queries
from claims.service import StoredFile
from claims.states import ClaimStatus, ReasonCode, Verdict
from claims.tables import Claim
from core.db import make_engine
from core.engines import OWNER, EmbeddedPostgres
from partners.tables import PartnerRole, PartnerUser
from points import addresses, ledger
from programs import service as programs
from programs.tables import ProgramPartner
from tests import make
from tests.conftest import NOON
from verification import bulk, counter, decisions, four_eyes, queue
from verification.caution_tables import FirstOpinion, OpinionStatus
from verification.entries import OwnEntry
from verification.judging import LineVerdict
from verification.queue import Clerk
from verification.tables import Decision, Review, ReviewStatus


def colleague(session: Session, of: make.World) -> Clerk:
    person = make.person(session, name="Ewa Kowal")
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


def entered(session: Session, of: make.World) -> Review:
    """A claim that the world's clerk sent in at the counter, read."""
    claim = counter.enter(
        session,
        clerk=of.clerk,
        who=of.participant.nip,
        files=[StoredFile("7" * 64, "faktura.pdf", "application/pdf", 1000)],
        at=NOON,
    )
    return make.read(session, claim, make.reading(of))


def approve(session: Session, review: Review, clerk: Clerk) -> object:
    verdicts = [
        LineVerdict(line.id, Verdict.APPROVE)
        for line in queries.list_lines(session, review.claim_id)
        if line.product_id is not None
    ]
    return four_eyes.decide(session, review=review, clerk=clerk, verdicts=verdicts, at=NOON)


def _write(session: Session, row: object) -> None:
    session.add(row)
    session.flush()


def by_hand(session: Session, of: make.World, review: Review) -> None:
    """Decisions that some forgetful code writes without asking any service."""
    decision = Decision(
        claim_id=review.claim_id,
        review_id=review.id,
        outcome=ClaimStatus.APPROVED,
        decided_by=of.clerk.person_id,
        submitted_by=of.participant.person_id,
        decided_at=NOON,
    )
    _write(session, decision)


def test_whoever_entered_a_claim_decides_nothing_on_it(session: Session) -> None:
    of = make.world(session)
    another = colleague(session, of)
    review = entered(session, of)
    with pytest.raises(OwnEntry), session.begin_nested():
        approve(session, review, of.clerk)
    with pytest.raises(OwnEntry), session.begin_nested():
        decisions.reject(
            session, review=review, clerk=of.clerk, reason=ReasonCode.OTHER_BUYER, at=NOON
        )
    with pytest.raises(sa.exc.IntegrityError, match="who entered"), session.begin_nested():
        by_hand(session, of, review)
    opinion = FirstOpinion(
        review_id=review.id,
        given_by=of.clerk.person_id,
        given_at=NOON,
        points=1,
        lines=[],
        status=OpinionStatus.WAITING,
    )
    with pytest.raises(sa.exc.IntegrityError, match="who entered"), session.begin_nested():
        _write(session, opinion)
    assert session.exec(select(Decision)).all() == []
    assert session.get_one(Claim, review.claim_id).status is ClaimStatus.AWAITING_PARTNER
    approve(session, review, another)
    assert ledger.balance(session, addresses.active(of.participant.id)) == 1380


def test_the_queue_offers_it_to_the_others_only(session: Session) -> None:
    of = make.world(session)
    another = colleague(session, of)
    review = entered(session, of)
    assert review.status is ReviewStatus.OPEN
    assert queue.list_open(session, clerk=of.clerk, at=NOON) == []
    assert queue.take_next(session, clerk=of.clerk, at=NOON) is None
    assert queue.is_for_another(session, review, of.clerk)
    assert bulk.approve_sure(session, clerk=of.clerk, review_ids=[review.id], at=NOON) == []
    [(offered, _)] = queue.list_open(session, clerk=another, at=NOON)
    assert offered.id == review.id


def test_what_the_only_clerk_entered_goes_to_the_programme(session: Session) -> None:
    of = make.world(session)
    review = entered(session, of)
    assert (review.status, review.escalated_at) == (ReviewStatus.ESCALATED, NOON)


def test_what_a_participant_sent_stays_with_the_only_clerk(session: Session) -> None:
    of = make.world(session)
    review = make.awaiting(session, of)
    assert review.status is ReviewStatus.OPEN
    approve(session, review, of.clerk)
    assert ledger.balance(session, addresses.active(of.participant.id)) == 1380


def test_without_the_trigger_the_forgetful_row_would_pass(postgres: EmbeddedPostgres) -> None:
    """The negative control: it is this trigger that refuses, not something else on the way."""
    engine = make_engine(postgres.url(OWNER))
    with engine.connect() as connection, connection.begin() as transaction:
        with Session(connection, join_transaction_mode="create_savepoint") as session:
            of = make.world(session)
            colleague(session, of)
            review = entered(session, of)
            session.execute(sa.text("ALTER TABLE decision DISABLE TRIGGER guard_entry"))
            by_hand(session, of, review)
            assert len(session.exec(select(Decision)).all()) == 1
        transaction.rollback()
    engine.dispose()


def test_a_person_of_two_programmes_is_entered_where_somebody_says(session: Session) -> None:
    of, other = make.world(session), make.world(session)
    session.add(
        ProgramPartner(program_id=other.program.id, partner_id=of.partner.id, joined_at=NOON)
    )
    session.flush()
    also = programs.enrol(
        session,
        program=other.program,
        person_id=of.participant.person_id,
        company_name="Wrona Instalacje",
        nip=of.participant.nip,
        voivodeship="30",
        at=NOON,
    )
    clerk = Clerk(of.clerk.person_id, of.partner.id, None)
    assert {p.id for p in counter.list_counting(session, clerk=clerk, at=NOON)} == {
        of.program.id,
        other.program.id,
    }
    who = of.participant.nip
    with pytest.raises(counter.SeveralPrograms):
        counter.find_participant(session, clerk=clerk, who=who, at=NOON)
    found = counter.find_participant(
        session, clerk=clerk, who=who, program_id=other.program.id, at=NOON
    )
    assert found.id == also.id
