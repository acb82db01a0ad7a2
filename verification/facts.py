"""What is known around a claim before its lines: seller, buyer, day, earlier claim, standing."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from enum import StrEnum
from uuid import UUID

import sqlalchemy as sa
from sqlmodel import Session, col, select

from accounts import consents
from claims import extraction, line_units, queries
from claims.branches import Bar, bar_of
from claims.buyers import OURS
from claims.document_tables import DocumentKind
from claims.line_values import in_own_currency
from claims.states import ClaimStatus
from claims.tables import BuyerRelation, Claim, ClaimLine
from core.money import to_amount
from ocr.reading import Proof
from partners.queries import get_partner
from programs import queries as program_queries
from programs.tables import Participant, Program
from verification.days import DayFact as DayFact
from verification.days import day_fact
from verification.doubts import Doubt, SeenLine, Why, find_doubts
from verification.preview import valueless_lines
from verification.queue import Clerk, Decider, scope
from verification.tables import Decision, Review


class PaperFact(StrEnum):
    SALE = "sale"
    ADVANCE = "advance"  # its final invoice will show what was delivered
    NO_SALE = "no_sale"


_WHY = {PaperFact.ADVANCE: Why.ADVANCE, PaperFact.NO_SALE: Why.NO_SALE}
_PAPERS = {DocumentKind.ADVANCE: PaperFact.ADVANCE, DocumentKind.NO_SALE: PaperFact.NO_SALE}


class SellerFact(StrEnum):
    OUR_BRANCH = "our_branch"
    OUR_FIRM = "our_firm"  # ours, but the paper names no branch
    BRANCH_OUT = "branch_out"  # ours, but this branch took no part on the day of purchase
    BRANCH_UNKNOWN = "branch_unknown"  # ours; only some branches take part, and which one sold?
    OTHER = "other"
    UNREAD = "unread"


class BuyerFact(StrEnum):
    PARTICIPANT = "participant"
    NO_CONSENT = "no_consent"  # bought for the firm, whose word is not recorded
    OTHER = "other"
    UNREAD = "unread"


@dataclass(frozen=True, slots=True)
class Standing:
    """How a participant's decided claims of this programme went."""

    approved: int
    refused: int

    @property
    def trusted(self) -> bool:
        """Ten paid claims and hardly a refused one: at most one of twenty."""
        return self.approved >= 10 and self.refused * 20 <= self.approved


@dataclass(frozen=True, slots=True)
class Facts:
    """All of it for one review. `earlier` is the claim that this one looks like."""

    paper: PaperFact
    seller: SellerFact
    buyer: BuyerFact
    day: DayFact
    seller_nip: str
    buyer_nip: str
    purchased_on: date | None
    standing: Standing
    earlier: Claim | None
    doubts: tuple[Doubt, ...]


def facts_of(
    session: Session,
    *,
    review: Review,
    claim: Claim,
    participant: Participant,
    program: Program,
    lines: Sequence[ClaimLine],
) -> Facts:
    """The facts beside the lines; nothing is decided by them alone."""
    purchase = queries.find_purchase(session, claim)
    seller_nip = (purchase.seller_nip or "") if purchase else ""
    buyer_nip = (purchase.buyer_nip or "") if purchase else ""
    bought = (purchase.sale_date or purchase.issue_date) if purchase else None
    settings = program_queries.settings_of(program)
    valueless = valueless_lines(session, claim, lines)
    paper = _PAPERS.get(extraction.get_document(session, claim.id).kind, PaperFact.SALE)
    return Facts(
        paper=paper,
        seller=_seller(session, review, claim, seller_nip),
        buyer=_buyer(session, claim, participant, buyer_nip),
        day=day_fact(program, bought, claim, settings),
        seller_nip=seller_nip,
        buyer_nip=buyer_nip,
        purchased_on=bought,
        standing=standing(session, participant.id),
        earlier=session.get(Claim, claim.held_by_claim_id) if claim.held_by_claim_id else None,
        doubts=find_doubts(
            [seen(line, asks_value=line.position in valueless) for line in lines],
            threshold=settings.match_threshold,
            looks_known=claim.held_reason is not None,
            unsold=None if paper is PaperFact.SALE else _WHY[paper],
            other_currency=purchase is not None and not in_own_currency(purchase.currency),
        ),
    )


def _seller(session: Session, review: Review, claim: Claim, nip: str) -> SellerFact:
    if not nip:
        return SellerFact.UNREAD
    if review.partner_id is None or get_partner(session, review.partner_id).nip != nip:
        return SellerFact.OTHER
    bar = bar_of(session, claim.id)
    if bar is not None:
        return SellerFact.BRANCH_OUT if bar is Bar.OUT else SellerFact.BRANCH_UNKNOWN
    return SellerFact.OUR_BRANCH if claim.branch_id else SellerFact.OUR_FIRM


def _buyer(session: Session, claim: Claim, participant: Participant, nip: str) -> BuyerFact:
    """The participant's firm as buyer or additional buyer, or their employer that agreed."""
    if claim.buyer_relation is BuyerRelation.EMPLOYEE:
        agreed = consents.holds(
            session,
            person_id=participant.person_id,
            kind=consents.EMPLOYER,
            scope=f"program:{claim.program_id}",
        )
        return BuyerFact.PARTICIPANT if agreed else BuyerFact.NO_CONSENT
    if claim.buyer_relation in OURS:
        return BuyerFact.PARTICIPANT
    if not nip:
        return BuyerFact.UNREAD
    return BuyerFact.PARTICIPANT if nip == participant.nip else BuyerFact.OTHER


def seen(line: ClaimLine, *, asks_value: bool = False) -> SeenLine:
    """A stored line as the questions see it."""
    units = line_units.asked(line)
    return SeenLine(
        position=line.position,
        product_id=line.product_id,
        match_score=line.match_score if units is None else line_units.likeness(line),
        candidates=[(UUID(c["product_id"]), Decimal(c["score"])) for c in line.candidates],
        quantity=line.quantity,
        quantity_proven=Proof(line.proof).proven,
        units=units,
        asks_value=asks_value,
        unit_price=line.unit_price,
        line_net=to_amount(line.line_net_grosze) if line.line_net_grosze is not None else None,
    )


def standing(session: Session, participant_id: UUID) -> Standing:
    approved, refused = session.execute(
        sa.select(
            sa.func.count().filter(
                col(Claim.status).in_([ClaimStatus.APPROVED, ClaimStatus.PARTIALLY_APPROVED])
            ),
            sa.func.count().filter(col(Claim.status).in_([ClaimStatus.REJECTED])),
        ).where(col(Claim.participant_id) == participant_id)
    ).one()
    return Standing(int(approved), int(refused))


def count_decided(session: Session, *, clerk: Decider, since: datetime) -> int:
    """Living decisions of this desk since a moment: the whole branch's for a clerk."""
    query = (
        sa.select(sa.func.count())
        .select_from(Decision)
        .where(col(Decision.decided_at) >= since, col(Decision.undone_at).is_(None))
    )
    if isinstance(clerk, Clerk):
        query = query.join(Review, col(Review.id) == col(Decision.review_id)).join(
            Claim, col(Claim.id) == col(Review.claim_id)
        )
        return int(session.execute(query.where(scope(clerk))).scalar_one())
    return int(
        session.execute(query.where(col(Decision.decided_by) == clerk.person_id)).scalar_one()
    )


def find_decision(session: Session, *, decision_id: UUID, clerk: Decider) -> Decision | None:
    """A decision of the desk that this decider may see."""
    return session.exec(
        select(Decision)
        .join(Review, col(Review.id) == col(Decision.review_id))
        .join(Claim, col(Claim.id) == col(Review.claim_id))
        .where(Decision.id == decision_id, scope(clerk))
    ).one_or_none()
