"""From a posting of points to what it came from: line, claim, document, decision, rule."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

import sqlalchemy as sa
from sqlmodel import Session, col, select

from claims.purchase_tables import Purchase
from claims.service import ClaimNotFound
from claims.tables import Claim, ClaimLine
from core.clock import local_date
from core.errors import NotFound
from points import addresses
from points.tables import LedgerTransaction, PointLot, Posting, TransactionKind
from programs import rule_drafts
from programs.policy import EarningLine, evaluate, points_of_units
from programs.product_tables import Product
from programs.rule_tables import RuleVersion
from programs.tables import Participant
from rewards.tables import Redemption
from verification.tables import Decision

_AWARD = re.compile(
    r"claim:(?P<claim>[0-9a-f-]{36}):line:(?P<line>\d+):award(?::(?P<turn>\d+))?(:undo)?"
)


class PostingNotFound(NotFound):
    code = "posting-not-found"


@dataclass(frozen=True, slots=True)
class ListedPosting:
    """One move of points with the operation that it is part of."""

    posting_id: int
    at: datetime
    kind: TransactionKind
    reference: str
    source: str
    destination: str
    points: int


@dataclass(frozen=True, slots=True)
class Trace:
    """What stands behind a posting; parts that it does not have are `None`.

    `recomputed` is what the stored rule version gives for the line today: it must equal its points.
    """

    posting: ListedPosting
    moves: tuple[ListedPosting, ...]
    claim: Claim | None = None
    line: ClaimLine | None = None
    product: Product | None = None
    purchase: Purchase | None = None
    decision: Decision | None = None
    version: RuleVersion | None = None
    recomputed: int | None = None
    redemption: Redemption | None = None
    award_reference: str = ""


def program_of(session: Session, address: str) -> UUID | None:
    """The programme that an account belongs to; branches belong to several and so to none."""
    noun, _, rest = address.partition(":")
    try:
        id = UUID(rest.split(":")[0])
    except ValueError:
        return None
    if noun in ("issued", "spent", "expired", "reversed"):
        return id
    if noun in ("participant", "debt"):
        participant = session.get(Participant, id)
        return participant.program_id if participant else None
    if noun == "held":
        redemption = session.get(Redemption, id)
        return redemption.program_id if redemption else None
    return None


def list_postings(
    session: Session, *, program_id: UUID, before: int | None = None, limit: int = 50
) -> list[ListedPosting]:
    """Points that came into the programme or left it, newest first."""
    ends = [
        addresses.issued(program_id),
        addresses.spent(program_id),
        addresses.expired(program_id),
        addresses.reversed_(program_id),
    ]
    query = _postings().where(
        sa.or_(col(Posting.source).in_(ends), col(Posting.destination).in_(ends))
    )
    if before is not None:
        query = query.where(col(Posting.id) < before)
    rows = session.execute(query.order_by(col(Posting.id).desc()).limit(limit))
    return [ListedPosting(*row) for row in rows]


def _postings() -> Any:
    return sa.select(
        col(Posting.id),
        col(LedgerTransaction.posted_at),
        col(LedgerTransaction.kind),
        col(LedgerTransaction.reference),
        col(Posting.source),
        col(Posting.destination),
        col(Posting.points),
    ).join_from(Posting, LedgerTransaction)


def trace(session: Session, *, program_id: UUID, posting_id: int) -> Trace:
    """Everything behind one posting. Raises `PostingNotFound` for another programme's."""
    row = session.execute(_postings().where(col(Posting.id) == posting_id)).first()
    if row is None:
        raise PostingNotFound
    posting = ListedPosting(*row)
    owners = {program_of(session, a) for a in (posting.source, posting.destination)} - {None}
    if owners != {program_id}:
        raise PostingNotFound
    moves = tuple(
        ListedPosting(*move)
        for move in session.execute(
            _postings()
            .where(col(LedgerTransaction.reference) == posting.reference)
            .order_by(col(Posting.id))
        )
    )
    reference = posting.reference
    if reference.startswith("expiry:"):
        lot = session.get(PointLot, UUID(reference.split(":")[1]))
        reference = lot.reference if lot else ""
    if reference.startswith("redemption:"):
        redemption = session.get(Redemption, UUID(reference.split(":")[1]))
        return Trace(posting, moves, redemption=redemption)
    return _of_award(session, posting, moves, reference)


def _of_award(
    session: Session, posting: ListedPosting, moves: tuple[ListedPosting, ...], reference: str
) -> Trace:
    found = _AWARD.fullmatch(reference)
    claim = session.get(Claim, UUID(found["claim"])) if found else None
    if found is None or claim is None:
        return Trace(posting, moves)
    line = session.exec(
        select(ClaimLine).where(
            ClaimLine.claim_id == claim.id, ClaimLine.position == int(found["line"])
        )
    ).one_or_none()
    decisions = session.exec(
        select(Decision)
        .where(Decision.claim_id == claim.id)
        .order_by(col(Decision.decided_at), col(Decision.id))
    ).all()
    # The first award has no number; each decision that was undone gives the next one.
    turn = int(found["turn"] or 1)
    decision = decisions[turn - 1] if turn <= len(decisions) else None
    version = (
        session.get(RuleVersion, line.rule_version_id) if line and line.rule_version_id else None
    )
    product = session.get(Product, line.product_id) if line and line.product_id else None
    purchase = session.get(Purchase, claim.purchase_id) if claim.purchase_id else None
    return Trace(
        posting,
        moves,
        claim=claim,
        line=line,
        product=product,
        purchase=purchase,
        decision=decision,
        version=version,
        recomputed=_recompute(claim, line, product, purchase, version),
        award_reference=reference.removesuffix(":undo"),
    )


def _recompute(
    claim: Claim,
    line: ClaimLine | None,
    product: Product | None,
    purchase: Purchase | None,
    version: RuleVersion | None,
) -> int | None:
    """The line's points by the stored version; `None` when something for it is missing."""
    if line is None or product is None or version is None or line.quantity_accepted is None:
        return None
    if line.rule_facts:
        told = EarningLine.model_validate(line.rule_facts)
        return points_of_units(rule_drafts.rules_of(version), told, line.quantity_accepted)
    bought = (purchase.sale_date or purchase.issue_date) if purchase else None
    return evaluate(
        rule_drafts.rules_of(version),
        EarningLine(
            sku=product.sku,
            family=product.family,
            units=line.quantity_accepted,
            purchased_on=bought or local_date(claim.submitted_at),
            partner_nip=(purchase.seller_nip or "") if purchase else "",
        ),
    ).points


def get_claim(session: Session, *, program_id: UUID, claim_id: UUID) -> Claim:
    """A claim of the programme. Raises `ClaimNotFound` for any other."""
    claim = session.get(Claim, claim_id)
    if claim is None or claim.program_id != program_id:
        raise ClaimNotFound
    return claim
