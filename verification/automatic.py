"""Deciding what is proven without a person, in the transaction of the reading or of the proof."""

from __future__ import annotations

import dataclasses
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlmodel import Session, col, select

from claims import line_units, queries, service
from claims.states import ClaimStatus, ReasonCode, Verdict
from claims.tables import Claim, ClaimLine
from core.errors import DomainError, Invalid
from ocr.reading import Proof, Reading, Severity
from partners import places
from programs import queries as program_queries
from programs import seller_units
from programs.settings import ProgramSettings
from verification import decisions, policy, preview, sampling, self_dealing, trust
from verification.automatic_tables import AutomaticOpinion
from verification.facts import facts_of
from verification.judging import LineVerdict, TooFewUnits
from verification.policy import Course, Fact, Opinion, Permit, Seen, Topic
from verification.proof_tables import ClaimProof, ProofKind
from verification.tables import Cause, Decision, Review, ReviewStatus

_OWN_WAY = (Cause.APPEAL, Cause.AUDIT, Cause.SECOND)


def decide_at_once(
    session: Session, claim: Claim, *, reading: Reading, at: datetime
) -> Decision | None:
    """Judge a locked claim that was just matched; `None` leaves it to people."""
    place = places.standing(session, claim.branch_id) if claim.branch_id else None
    review = Review(
        claim_id=claim.id,
        program_id=claim.program_id,
        partner_id=place.partner_id if place else None,
        branch_id=place.id if place else None,
        cause=Cause.PROOF,
        due_at=at,
        created_at=at,
    )
    return _consider(session, claim, review, reading=reading, at=at)


def reconsider(session: Session, *, claim_id: UUID, at: datetime) -> Decision | None:
    """Judge a waiting claim again after something new was proven.

    What a person holds, was asked about, or judges for another reason is left to them.
    """
    claim = service.lock(session, claim_id)
    if claim.status is not ClaimStatus.AWAITING_PARTNER:
        return None
    review = session.exec(
        select(Review)
        .where(Review.claim_id == claim_id, col(Review.status) != ReviewStatus.DONE)
        .with_for_update()
        .execution_options(populate_existing=True)
    ).one_or_none()
    if review is None or review.cause in _OWN_WAY or review.status is ReviewStatus.WAITING:
        return None
    if review.taken_until is not None and review.taken_until >= at:
        return None
    reading = queries.find_reading(session, claim_id)
    return _consider(session, claim, review, reading=reading, at=at)


def pay_on_silence(session: Session, *, review: Review, at: datetime) -> Decision | None:
    """The promised time passed: pay a trusted participant's claim, or `None` when facts lack.

    The review is locked and nobody holds it. Every such payment gets a second look.
    """
    claim = service.lock(session, review.claim_id)
    if claim.status is not ClaimStatus.AWAITING_PARTNER or review.cause in _OWN_WAY:
        return None
    reading = queries.find_reading(session, claim.id)
    return _consider(session, claim, review, reading=reading, silence=True, at=at)


def _consider(
    session: Session,
    claim: Claim,
    review: Review,
    *,
    reading: Reading | None,
    silence: bool = False,
    at: datetime,
) -> Decision | None:
    program = program_queries.get_program(session, claim.program_id)
    settings = program_queries.settings_of(program)
    lines = queries.list_lines(session, claim.id)
    seen = _see(session, claim, review, lines, settings, reading=reading, at=at)
    weigh = policy.weigh_silence if silence else policy.weigh
    opinion = weigh(seen, sampling.limits_of(settings))
    allowed = None
    if opinion.route is not None:
        allowed = sampling.permit_for(
            session, program_id=program.id, route=opinion.route, settings=settings, at=at
        )
    decision = None
    if allowed is not None and _is_allowed(opinion, allowed, seen.points):
        try:
            with session.begin_nested():
                decision = _carry_out(session, claim, review, opinion, lines, at)
        except (TooFewUnits, Invalid, program_queries.NoRulesInForce) as error:
            opinion = _stopped_by(opinion, error)
    stored = _keep(session, claim, opinion, allowed, decision, points=seen.points, at=at)
    if decision is not None and allowed is not None:
        sampling.drop_trials(session, claim_id=claim.id)
        if decision.points:
            sampling.draw_for_second_look(
                session,
                opinion=stored,
                review=review,
                settings=settings,
                share=float(allowed.sample_share),
                at=at,
            )
    elif opinion.verdict is Verdict.APPROVE:
        sampling.begin_trial(
            session, program_id=program.id, opinion=stored, settings=settings, at=at
        )
    return decision


def _see(
    session: Session,
    claim: Claim,
    review: Review,
    lines: list[ClaimLine],
    settings: ProgramSettings,
    *,
    reading: Reading | None,
    at: datetime,
) -> Seen:
    participant = program_queries.get_participant(session, claim.participant_id)
    facts = facts_of(
        session,
        review=review,
        claim=claim,
        participant=participant,
        program=program_queries.get_program(session, claim.program_id),
        lines=lines,
    )
    proofs = {
        proof.kind: proof
        for proof in session.exec(select(ClaimProof).where(ClaimProof.claim_id == claim.id))
    }
    of_participant, of_partner = trust.earned(
        session,
        program_id=claim.program_id,
        participant_id=claim.participant_id,
        partner_id=review.partner_id,
        settings=settings,
        at=at,
    )
    findings = reading.findings if reading else ()
    valueless = preview.valueless_lines(session, claim, lines)
    learned = [unit for line in lines if (unit := line_units.learned(line)) is not None]
    trusted = seller_units.trusted(session, learned)
    return Seen(
        paper=facts.paper,
        seller=facts.seller,
        buyer=facts.buyer,
        day=facts.day,
        looks_known=claim.held_reason is not None,
        errors_found=any(finding.severity is Severity.ERROR for finding in findings),
        lines=[
            _seen_line(
                line,
                settings,
                units_known=line_units.learned(line) in (None, *trusted),
                value_known=line.position not in valueless,
            )
            for line in lines
            if line.product_id is not None
        ],
        registry=ProofKind.KSEF_REGISTRY in proofs,
        feed_lines=_feed_lines(proofs.get(ProofKind.SALES_FEED), lines),
        fetched_lines=_feed_lines(proofs.get(ProofKind.KSEF_FETCHED), lines),
        participant_earned=of_participant,
        partner_earned=of_partner,
        linked=self_dealing.is_linked_to_seller(session, participant, review.partner_id),
        points=claim.estimate_points,
    )


def _seen_line(
    line: ClaimLine, settings: ProgramSettings, *, units_known: bool, value_known: bool
) -> policy.SeenLine:
    """One line; a remembered unit counts only when two people have said it."""
    proof = Proof(line.proof)
    return policy.SeenLine(
        position=line.position,
        product_sure=line.match_score >= settings.match_threshold
        and line_units.asked(line) is None
        and units_known,
        quantity_known=line.quantity is not None,
        quantity_proven=proof in (Proof.STRUCTURED, Proof.ARITHMETIC),
        structured=proof is Proof.STRUCTURED,
        value_known=value_known,
    )


def _feed_lines(proof: ClaimProof | None, lines: list[ClaimLine]) -> frozenset[int] | None:
    if proof is None:
        return None
    named = proof.evidence.get("lines")
    return frozenset(line.position for line in lines) if named is None else frozenset(named)


def _is_allowed(opinion: Opinion, allowed: Permit, points: int) -> bool:
    if opinion.verdict is Verdict.REJECT:
        return allowed.course is not Course.OFF
    return opinion.verdict is Verdict.APPROVE and 0 < points <= allowed.limit_points


def _carry_out(
    session: Session,
    claim: Claim,
    review: Review,
    opinion: Opinion,
    lines: list[ClaimLine],
    at: datetime,
) -> Decision:
    session.add(review)
    session.flush()
    if opinion.verdict is Verdict.REJECT:
        return decisions.decide_automatically(
            session,
            claim=claim,
            review=review,
            verdicts=(),
            reason=_why_not(opinion),
            at=at,
        )
    verdicts = [
        LineVerdict(line.id, Verdict.APPROVE) for line in lines if line.product_id is not None
    ]
    return decisions.decide_automatically(
        session, claim=claim, review=review, verdicts=verdicts, at=at
    )


def _why_not(opinion: Opinion) -> ReasonCode:
    """The reason of a refusal; the day is the plainer one where both stand against it."""
    refusing = {fact.topic for fact in opinion.facts if fact.verdict is Verdict.REJECT}
    if Topic.DAY in refusing:
        return ReasonCode.OUTSIDE_PERIOD
    return ReasonCode.BRANCH_NOT_IN_PROGRAM


def _stopped_by(opinion: Opinion, error: DomainError) -> Opinion:
    fact = Fact(Topic.UNITS, Verdict.ABSTAIN, error.code)
    return dataclasses.replace(opinion, verdict=Verdict.ABSTAIN, facts=(*opinion.facts, fact))


def _keep(
    session: Session,
    claim: Claim,
    opinion: Opinion,
    allowed: Permit | None,
    decision: Decision | None,
    *,
    points: int,
    at: datetime,
) -> AutomaticOpinion:
    facts: list[dict[str, Any]] = [dataclasses.asdict(fact) for fact in opinion.facts]
    stored = AutomaticOpinion(
        claim_id=claim.id,
        decision_id=decision.id if decision else None,
        verdict=opinion.verdict,
        route=opinion.route,
        course=allowed.course if allowed else None,
        facts=facts,
        points=decision.points if decision else points,
        limit_points=allowed.limit_points if allowed else 0,
        at=at,
    )
    session.add(stored)
    session.flush()
    return stored


def latest_opinion(session: Session, claim_id: UUID) -> AutomaticOpinion | None:
    """What the system thought of a claim last."""
    return session.exec(
        select(AutomaticOpinion)
        .where(AutomaticOpinion.claim_id == claim_id)
        .order_by(col(AutomaticOpinion.at).desc(), col(AutomaticOpinion.id).desc())
        .limit(1)
    ).first()
