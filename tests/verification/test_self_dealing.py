"""Nobody approves a claim of their own: not by the service, and not by SQL."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from uuid import UUID

import pytest
import sqlalchemy as sa
from sqlmodel import Session, select

from accounts.tables import Person
from claims import queries
from claims.purchase_tables import Purchase
from claims.states import ClaimStatus, ReasonCode, Verdict
from claims.tables import Claim
from core.db import make_engine
from core.engines import OWNER, EmbeddedPostgres
from partners.tables import Partner, PartnerRole, PartnerUser
from points import addresses, ledger
from programs.tables import Participant
from tests import make
from tests.conftest import NOON
from verification import decisions, self_dealing
from verification.caution_tables import IdentityMark, MarkKind
from verification.judging import LineVerdict
from verification.self_dealing import NotTheSeller, SelfDealing, digest, note_mark
from verification.tables import Decision, Review, ReviewStatus

Link = Callable[[Session, make.World], None]


def same_user(session: Session, of: make.World) -> None:
    of.participant.person_id = of.clerk.person_id
    session.add(of.participant)


def own_tax_number(session: Session, of: make.World) -> None:
    user = session.exec(
        select(PartnerUser).where(PartnerUser.person_id == of.clerk.person_id)
    ).one()
    user.nip = of.participant.nip
    session.add(user)


def employers_own_claim(session: Session, of: make.World) -> None:
    of.participant.nip = of.partner.nip
    session.add(of.participant)


def same_employer(session: Session, of: make.World) -> None:
    session.add(
        PartnerUser(
            person_id=of.participant.person_id,
            partner_id=of.partner.id,
            role=PartnerRole.CLERK,
            created_at=NOON,
        )
    )


def left_since(session: Session, of: make.World) -> None:
    session.add(
        PartnerUser(
            person_id=of.participant.person_id,
            partner_id=of.partner.id,
            role=PartnerRole.CLERK,
            created_at=NOON - timedelta(days=90),
            left_at=NOON - timedelta(days=1),
        )
    )


def same_firm_elsewhere(session: Session, of: make.World) -> None:
    session.add(
        Participant(
            program_id=make.world(session).program.id,
            person_id=of.clerk.person_id,
            company_name="Ta sama firma",
            nip=of.participant.nip,
            voivodeship="30",
            enrolled_at=NOON,
        )
    )


def same_phone(session: Session, of: make.World) -> None:
    clerk = session.get_one(Person, of.clerk.person_id)
    clerk.phone = "+48601200300"
    session.add(clerk)
    session.flush()
    note_mark(
        session,
        person_id=of.participant.person_id,
        kind=MarkKind.PHONE,
        value="601 200 300",
    )


def same_address(session: Session, of: make.World) -> None:
    """Both had a reward sent to one door."""
    other = make.world(session)
    other.participant.person_id = of.clerk.person_id
    session.add(other.participant)
    session.flush()
    reward, theirs = make.stocked_reward(session, of), make.stocked_reward(session, other)
    make.give_points(session, of, 500)
    make.give_points(session, other, 500)
    courier = make.carrier(session)
    make.place(session, of, reward, by=courier)
    make.place(session, other, theirs, by=courier)


def same_account(session: Session, of: make.World) -> None:
    for person_id, value in (
        (of.clerk.person_id, "PL61 1090 1014 0000 0712 1981 2874"),
        (of.participant.person_id, "pl61109010140000071219812874"),
    ):
        note_mark(session, person_id=person_id, kind=MarkKind.BANK_ACCOUNT, value=value)


LINKS: dict[str, Link] = {
    link.__name__: link
    for link in (
        same_user,
        own_tax_number,
        employers_own_claim,
        same_employer,
        left_since,
        same_firm_elsewhere,
        same_phone,
        same_address,
        same_account,
    )
}


def approve(session: Session, of: make.World, review: Review) -> None:
    decisions.decide(
        session,
        review=review,
        clerk=of.clerk,
        verdicts=[
            LineVerdict(line.id, Verdict.APPROVE)
            for line in queries.list_lines(session, review.claim_id)
            if line.product_id is not None
        ],
        at=NOON,
    )


def by_hand(
    session: Session,
    of: make.World,
    review: Review,
    *,
    points: int = 0,
    by: UUID | None = None,
) -> None:
    """A decision that some forgetful code writes without asking any service."""
    session.add(
        Decision(
            claim_id=review.claim_id,
            review_id=review.id,
            outcome=ClaimStatus.APPROVED,
            decided_by=by or of.clerk.person_id,
            submitted_by=session.get_one(Participant, of.participant.id).person_id,
            decided_at=NOON,
            points=points,
        )
    )
    session.flush()


@pytest.mark.parametrize("link", sorted(LINKS))
def test_whoever_is_linked_to_the_claimant_decides_nothing(session: Session, link: str) -> None:
    of = make.world(session)
    review = make.awaiting(session, of)
    LINKS[link](session, of)
    session.flush()
    before = ledger.balance(session, addresses.active(of.participant.id))
    with pytest.raises(SelfDealing), session.begin_nested():
        approve(session, of, review)
    with pytest.raises(SelfDealing), session.begin_nested():
        decisions.reject(
            session, review=review, clerk=of.clerk, reason=ReasonCode.OTHER_BUYER, at=NOON
        )
    with pytest.raises(sa.exc.IntegrityError), session.begin_nested():
        by_hand(session, of, review)
    assert session.exec(select(Decision)).all() == []
    assert ledger.balance(session, addresses.active(of.participant.id)) == before
    assert session.get_one(Claim, review.claim_id).status is ClaimStatus.AWAITING_PARTNER


def test_without_a_link_the_same_service_and_the_same_row_are_accepted(session: Session) -> None:
    of = make.world(session)
    review = make.awaiting(session, of)
    with session.begin_nested() as trial:
        by_hand(session, of, review)
        trial.rollback()
    approve(session, of, review)
    assert ledger.balance(session, addresses.active(of.participant.id)) == 1380


@pytest.mark.parametrize("link", sorted(set(LINKS) - {"same_user"}))
def test_without_the_trigger_the_forgetful_row_would_pass(
    postgres: EmbeddedPostgres, link: str
) -> None:
    """The negative control: it is this trigger that refuses, not something else on the way."""
    engine = make_engine(postgres.url(OWNER))
    with engine.connect() as connection, connection.begin() as transaction:
        with Session(connection, join_transaction_mode="create_savepoint") as session:
            of = make.world(session)
            review = make.awaiting(session, of)
            LINKS[link](session, of)
            session.flush()
            with pytest.raises(sa.exc.IntegrityError), session.begin_nested():
                by_hand(session, of, review)
            session.execute(sa.text("ALTER TABLE decision DISABLE TRIGGER USER"))
            by_hand(session, of, review)
            assert len(session.exec(select(Decision)).all()) == 1
        transaction.rollback()
    engine.dispose()


def test_only_the_seller_on_the_document_pays_it(session: Session) -> None:
    of = make.world(session)
    review = make.awaiting(session, of)
    rival = Partner(name="Rywal", short_name="Rywal", nip=make.nip(), created_at=NOON)
    session.add(rival)
    session.flush()
    purchase = session.get_one(Purchase, session.get_one(Claim, review.claim_id).purchase_id)
    purchase.seller_nip = rival.nip
    session.add(purchase)
    session.flush()
    with pytest.raises(NotTheSeller), session.begin_nested():
        approve(session, of, review)
    with pytest.raises(sa.exc.IntegrityError), session.begin_nested():
        by_hand(session, of, review, points=10)
    assert ledger.balance(session, addresses.active(of.participant.id)) == 0
    # To refuse it as another's document is what they are there for.
    decisions.reject(
        session, review=review, clerk=of.clerk, reason=ReasonCode.NOT_OUR_DOCUMENT, at=NOON
    )


def test_who_decides_works_for_the_seller_or_once_handed_over_for_the_programme(
    session: Session,
) -> None:
    of, elsewhere = make.world(session), make.world(session)
    review, boss = make.awaiting(session, of), make.organiser(session, of.program)
    outsiders = {
        "another wholesaler's clerk": elsewhere.clerk.person_id,
        "another programme's organiser": make.organiser(session, elsewhere.program).person_id,
        "another participant": elsewhere.participant.person_id,
        "nobody of all": make.person(session).id,
    }

    def refused(by: UUID) -> None:
        with (
            pytest.raises(sa.exc.IntegrityError, match="works for the seller"),
            session.begin_nested(),
        ):
            by_hand(session, of, review, by=by)

    for by in (*outsiders.values(), boss.person_id):
        refused(by)
    with session.begin_nested() as trial:
        by_hand(session, of, review)
        trial.rollback()
    review.status, review.escalated_at = ReviewStatus.ESCALATED, NOON
    session.add(review)
    session.flush()
    for by in (*outsiders.values(), of.clerk.person_id):
        refused(by)
    by_hand(session, of, review, by=boss.person_id)


def test_a_decision_is_taken_back_once_and_never_changed(session: Session) -> None:
    of = make.world(session)
    by_hand(session, of, make.awaiting(session, of), points=10)
    other = make.person(session).id
    session.execute(sa.text("UPDATE decision SET undone_at = now(), undone_by = decided_by"))
    for statement in (
        "UPDATE decision SET undone_at = NULL, undone_by = NULL",
        "UPDATE decision SET decided_by = :other",
        "UPDATE decision SET points = 11",
        "DELETE FROM decision",
    ):
        with (
            pytest.raises(sa.exc.IntegrityError, match="taken back, never changed"),
            session.begin_nested(),
        ):
            session.execute(
                sa.text(statement).bindparams(**({"other": other} if ":other" in statement else {}))
            )


def test_marks_are_the_databases_own_digests_and_go_with_the_person(session: Session) -> None:
    person = make.person(session)
    person.phone = "+48601200300"
    session.add(person)
    session.flush()
    mark = session.exec(select(IdentityMark).where(IdentityMark.person_id == person.id)).one()
    assert mark.mark == digest(MarkKind.PHONE, "601-200-300")
    written = session.execute(
        sa.select(sa.func.identity_digest("address", "ul. Łąkowa 5/2 60-650"))
    ).scalar_one()
    assert written == digest(MarkKind.ADDRESS, "UL ŁĄKOWA 52, 60650")
    session.expunge(mark)
    person.erased_at, person.phone, person.email = NOON, None, None
    session.flush()
    assert session.exec(select(IdentityMark)).all() == []


def test_a_link_to_the_seller_keeps_the_rules_from_deciding(session: Session) -> None:
    of = make.world(session)
    assert not self_dealing.is_linked_to_seller(session, of.participant, of.partner.id)
    left_since(session, of)
    session.flush()
    assert self_dealing.is_linked_to_seller(session, of.participant, of.partner.id)
