"""What is proven is decided without a person; whatever is not, is left to people."""

from __future__ import annotations

import dataclasses
from datetime import date, timedelta
from decimal import Decimal

import pytest
import sqlalchemy as sa
from sqlmodel import Session, select

from claims import queries
from claims.states import ClaimStatus, ReasonCode, Verdict
from claims.tables import Claim
from messages.tables import Notice
from ocr.reading import Party, Proof, Reading, Value
from partners.tables import PartnerUser
from points import addresses, ledger, proofs
from programs.product_tables import ProductAlias
from tests import make
from tests.conftest import NOON
from verification import automatic, decisions, queue, receipts, sampling, trust
from verification.automatic_tables import AutomaticOpinion, SecondLook
from verification.judging import LineVerdict
from verification.policy import Course, Route
from verification.proof_tables import ProofKind
from verification.proofs import list_proofs, record_proof
from verification.receipts import DecidedBy
from verification.tables import Cause, Decision, Review, ReviewStatus


def set_settings(session: Session, of: make.World, **values: object) -> None:
    of.program.settings = {**of.program.settings, **values}
    session.add(of.program)
    session.flush()


def awaiting(session: Session, of: make.World, number: str) -> Review:
    """Each document has its own sum, so that none looks like another."""
    seen = make.reading(of, number=number, total=f"{1000 + int(number.split('/')[1])}.00")
    return make.read(session, make.submitted(session, of), seen)


def prove(
    session: Session,
    claim_id: object,
    kind: ProofKind = ProofKind.KSEF_REGISTRY,
    **evidence: object,
) -> None:
    record_proof(session, claim_id=claim_id, kind=kind, evidence=evidence, actor="sync", at=NOON)


def living(session: Session, claim_id: object) -> Decision | None:
    return session.exec(
        select(Decision).where(Decision.claim_id == claim_id, Decision.undone_at == None)  # noqa: E711
    ).one_or_none()


def spendable(session: Session, of: make.World) -> int:
    return ledger.balance(session, addresses.active(of.participant.id))


def earn_trust(session: Session, of: make.World) -> None:
    """Two claims that a clerk approved are enough for this programme."""
    set_settings(session, of, trust_claims=2, trust_decisions=2)
    for number in ("FV/1/2026", "FV/2/2026"):
        review = awaiting(session, of, number)
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


def show_evidence(
    session: Session, of: make.World, *, route: Route, looks: int, wrong: int = 0
) -> None:
    """Second looks of earlier claims, as many as the bound needs."""
    claim = make.submitted(session, of)
    opinion = AutomaticOpinion(
        claim_id=claim.id, verdict=Verdict.APPROVE, route=route, points=100, at=NOON
    )
    session.add(opinion)
    session.flush()
    for number in range(looks):
        session.add(
            SecondLook(
                program_id=of.program.id,
                claim_id=claim.id,
                opinion_id=opinion.id,
                route=route,
                draws=1,
                points=100,
                drawn_at=NOON,
                checked_by=of.clerk.person_id,
                checked_at=NOON,
                wrong_points=100 if number < wrong else 0,
            )
        )
    session.flush()


def test_a_proof_from_the_registry_decides_a_waiting_claim_in_its_own_transaction(
    session: Session,
) -> None:
    of = make.world(session)
    review = make.awaiting(session, of)
    prove(session, review.claim_id, ksef_number="1")
    claim = session.get_one(Claim, review.claim_id)
    decision = living(session, claim.id)
    assert decision is not None
    assert (decision.automatic, decision.decided_by) == (True, None)
    assert (claim.status, decision.points, spendable(session, of)) == (
        ClaimStatus.APPROVED,
        1380,
        1380,
    )
    assert queries.list_events(session, claim.id)[-1].actor == "system"
    opinion = automatic.latest_opinion(session, claim.id)
    assert opinion is not None
    assert (opinion.decision_id, opinion.route) == (decision.id, Route.REGISTRY)
    assert {fact["verdict"] for fact in opinion.facts} == {"approve"}
    assert review.status is ReviewStatus.DONE
    assert proofs.faults(session) == []
    # The participant is told and sees the same receipt as after a person's decision.
    assert session.exec(
        select(Notice).where(Notice.event_key == f"decision:{decision.id}")
    ).one_or_none()
    receipt = receipts.receipt_of(session, claim)
    assert receipt.decided_by is DecidedBy.RULES
    assert [line.points for line in receipt.paid] == [900, 480]


def test_the_same_proof_again_changes_nothing(session: Session) -> None:
    of = make.world(session)
    review = make.awaiting(session, of)
    prove(session, review.claim_id)
    prove(session, review.claim_id)
    assert len(list_proofs(session, review.claim_id)) == 1
    assert spendable(session, of) == 1380


def test_an_uploaded_xml_alone_never_pays_not_even_the_trusted(session: Session) -> None:
    of = make.world(session)
    earn_trust(session, of)
    show_evidence(session, of, route=Route.READING, looks=200)
    before = spendable(session, of)
    seen = exact(make.reading(of, number="FV/9/2026", total="9.00"))
    review = make.read(session, make.submitted(session, of), seen)
    assert session.get_one(Claim, review.claim_id).status is ClaimStatus.AWAITING_PARTNER
    opinion = automatic.latest_opinion(session, review.claim_id)
    assert opinion is not None
    assert opinion.facts[0]["code"] == "xml_alone"
    assert spendable(session, of) == before
    prove(session, review.claim_id)
    assert spendable(session, of) == before + 1380


def exact(seen: Reading) -> Reading:
    lines = tuple(
        dataclasses.replace(line, quantity=Value(line.quantity.value, Proof.STRUCTURED))
        for line in seen.lines
        if line.quantity
    )
    return dataclasses.replace(seen, route="ksef-xml", lines=lines)


def test_a_reading_pays_only_with_trust_of_both_and_enough_evidence(session: Session) -> None:
    of = make.world(session)
    first = awaiting(session, of, "FV/7/2026")
    opinion = automatic.latest_opinion(session, first.claim_id)
    assert opinion is not None
    assert opinion.facts[0]["code"] == "participant_unknown"

    earn_trust(session, of)
    second = awaiting(session, of, "FV/8/2026")
    thin = automatic.latest_opinion(session, second.claim_id)
    assert thin is not None
    assert (thin.verdict, thin.course, thin.decision_id) == (Verdict.APPROVE, Course.THIN, None)

    show_evidence(session, of, route=Route.READING, looks=200)
    before = spendable(session, of)
    claim = make.submitted(session, of)
    make.read(session, claim, make.reading(of, number="FV/9/2026", total="9.00"))
    assert session.get_one(Claim, claim.id).status is ClaimStatus.APPROVED
    assert spendable(session, of) == before + 1380


def test_a_claim_over_the_limit_waits_for_a_person(session: Session) -> None:
    of = make.world(session)
    set_settings(session, of, automatic_points=1379)
    review = make.awaiting(session, of)
    prove(session, review.claim_id)
    assert living(session, review.claim_id) is None
    assert spendable(session, of) == 0


def test_a_programme_that_wants_no_automation_gets_none(session: Session) -> None:
    of = make.world(session)
    set_settings(session, of, automatic=False)
    review = make.awaiting(session, of)
    prove(session, review.claim_id)
    assert living(session, review.claim_id) is None


@pytest.mark.parametrize("what", ["buyer", "number", "quantity", "product"])
def test_one_fact_in_doubt_is_enough_to_abstain(session: Session, what: str) -> None:
    of = make.world(session)
    seen = make.reading(of)
    if what == "buyer":
        seen = dataclasses.replace(seen, buyer=Party(vat_id=None))
    elif what == "number":
        make.awaiting(session, of)  # the same document a second time
    elif what == "quantity":
        line = make.line(1, "GNIAZDO NOVA P/T Z/U BIAŁE", "60", gtin="5901234123457")
        assert line.quantity is not None
        unsure = dataclasses.replace(line, quantity=Value(line.quantity.value, Proof.READ))
        seen = dataclasses.replace(seen, lines=(unsure,))
    else:
        seen = dataclasses.replace(seen, lines=(make.line(1, "GNIAZDO NOVA", "60"),))
        set_settings(session, of, match_threshold="1.0")
    review = make.read(session, make.submitted(session, of), seen)
    prove(session, review.claim_id)
    assert living(session, review.claim_id) is None
    assert session.get_one(Claim, review.claim_id).status is ClaimStatus.AWAITING_PARTNER


def test_the_sellers_export_proves_the_lines_that_it_names(session: Session) -> None:
    of = make.world(session)
    part = awaiting(session, of, "FV/1/2026")
    prove(session, part.claim_id, ProofKind.SALES_FEED, lines=[1])
    assert living(session, part.claim_id) is None
    whole = awaiting(session, of, "FV/2/2026")
    prove(session, whole.claim_id, ProofKind.SALES_FEED, lines=[1, 2])
    assert living(session, whole.claim_id) is not None


def test_a_proven_purchase_outside_the_programme_is_refused_with_its_reason(
    session: Session,
) -> None:
    of = make.world(session)
    seen = make.reading(of, issue_date=date(2025, 12, 30))
    review = make.read(session, make.submitted(session, of), seen)
    prove(session, review.claim_id)
    claim = session.get_one(Claim, review.claim_id)
    decision = living(session, claim.id)
    assert decision is not None
    assert (claim.status, decision.reason) == (ClaimStatus.REJECTED, ReasonCode.OUTSIDE_PERIOD)
    assert (decision.automatic, decision.points, spendable(session, of)) == (True, 0, 0)


def test_a_participant_who_works_for_the_seller_is_never_decided_automatically(
    session: Session,
) -> None:
    of = make.world(session)
    session.add(
        PartnerUser(
            person_id=of.participant.person_id,
            partner_id=of.partner.id,
            role="clerk",
            created_at=NOON,
            left_at=NOON,
        )
    )
    session.flush()
    review = make.awaiting(session, of)
    prove(session, review.claim_id)
    assert living(session, review.claim_id) is None
    assert spendable(session, of) == 0


def test_what_a_clerk_holds_is_left_to_the_clerk(session: Session) -> None:
    of = make.world(session)
    review = make.awaiting(session, of)
    queue.take(session, review_id=review.id, clerk=of.clerk, at=NOON)
    prove(session, review.claim_id)
    assert living(session, review.claim_id) is None


def test_the_system_learns_no_names_from_itself(session: Session) -> None:
    of = make.world(session)
    review = make.awaiting(session, of)
    prove(session, review.claim_id)
    assert session.execute(sa.select(sa.func.count()).select_from(ProductAlias)).scalar_one() == 0


def test_without_evidence_every_proven_payment_is_looked_at_again(session: Session) -> None:
    of = make.world(session)
    review = make.awaiting(session, of)
    prove(session, review.claim_id)
    look = session.exec(select(SecondLook)).one()
    again = session.get_one(Review, look.review_id)
    # 1380 points are three chances of 500, and all of them hit while evidence is thin.
    assert (look.draws, look.points, again.cause) == (3, 1380, Cause.AUDIT)
    assert again.partner_id == of.partner.id


def test_errors_stop_a_route_and_only_its_own(session: Session) -> None:
    of = make.world(session)
    settings = sampling.settings_of_program(session, of.program.id)
    show_evidence(session, of, route=Route.REGISTRY, looks=60, wrong=3)

    def course(route: Route) -> Course:
        return sampling.permit_for(
            session, program_id=of.program.id, route=route, settings=settings, at=NOON
        ).course

    assert course(Route.REGISTRY) is Course.OVER
    assert course(Route.SALES_FEED) is Course.WATCHED
    review = make.awaiting(session, of)
    prove(session, review.claim_id)
    assert living(session, review.claim_id) is None
    # What was found half a year ago no longer counts.
    later = sampling.permit_for(
        session,
        program_id=of.program.id,
        route=Route.REGISTRY,
        settings=settings,
        at=NOON + timedelta(days=181),
    )
    assert later.course is Course.WATCHED


def test_a_person_who_decides_a_withheld_claim_is_its_second_look(session: Session) -> None:
    of = make.world(session)
    earn_trust(session, of)
    review = awaiting(session, of, "FV/8/2026")
    sockets, boards, _ = queries.list_lines(session, review.claim_id)
    decisions.decide(
        session,
        review=review,
        clerk=of.clerk,
        verdicts=[
            LineVerdict(sockets.id, Verdict.APPROVE, quantity=Decimal(6)),
            LineVerdict(boards.id, Verdict.APPROVE),
        ],
        at=NOON,
    )
    trial = session.exec(select(SecondLook).where(SecondLook.claim_id == review.claim_id)).one()
    assert (trial.decision_id, trial.points, trial.wrong_points) == (None, 1380, 900 - 90)
    record = trust.participant_record(session, of.participant.id, at=NOON)
    assert record.wrong_looks == 1
    assert not record.earned(at_least=2)
