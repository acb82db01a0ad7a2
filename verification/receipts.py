"""The decision receipt: what was decided per line, why, by which rule, and the remedy."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from decimal import Decimal
from enum import StrEnum
from typing import Any, ClassVar
from uuid import UUID

from sqlmodel import Session, col, select

from claims import queries
from claims.remedies import Remedy, remedy_of
from claims.states import OPEN, ClaimStatus, ReasonCode, Verdict
from claims.tables import Claim, ClaimLine
from core.errors import DomainError, Kind
from partners.queries import find_by_nip, get_partner
from programs import queries as program_queries
from programs.product_tables import Product
from programs.rule_tables import RuleVersion
from verification import appeals
from verification.appeal_tables import AppealStatus
from verification.reduced import Reduced, reduced_of
from verification.tables import Decision, Review


class NotDecided(DomainError):
    """There is no receipt before there is a decision."""

    kind: ClassVar[Kind] = Kind.CONFLICT
    code = "claim-not-decided"


class DecidedBy(StrEnum):
    """Whose decision it was; the person behind it stays unnamed."""

    RULES = "rules"
    PARTNER = "partner"
    PROGRAM = "program"


@dataclass(frozen=True, slots=True)
class ReceiptLine:
    """One line of the proof and everything that explains its points.

    `units` are the product's own units that were paid, `quantity` is what the document says in
    `unit`. `steps` are those of `programs.policy`, in their order. `box` is a fraction of `page`.
    """

    position: int
    name: str
    sku: str
    description: str
    quantity: Decimal | None
    unit: str
    units: Decimal
    product_unit: str
    verdict: Verdict
    reason: ReasonCode
    points: int
    steps: tuple[Mapping[str, Any], ...]
    rule_number: int | None
    rule_valid_from: date | None
    remedy: Remedy
    page: int | None
    box: Mapping[str, Any] | None
    eligible_from: date | None = None  # the first and the last day on which the product counts
    eligible_to: date | None = None
    limit: str = ""  # which cap or budget cut its points
    units_shown: Decimal | None = None  # all that the document shows of it, paid or not


@dataclass(frozen=True, slots=True)
class Receipt:
    """A decided claim in full. `earlier` is set only for an own claim of the same participant.

    `appeal_until` is when the right to appeal ends, None where there is nothing to appeal against;
    `appeal` is what became of an appeal that was made.
    """

    claim_id: UUID
    number: str
    program_name: str
    company_name: str
    status: ClaimStatus
    points: int
    submitted_at: datetime
    decided_at: datetime | None
    decided_by: DecidedBy
    decider: str  # the firm that decided, empty for the rules
    reason: ReasonCode | None
    note: str
    document_number: str
    seller: str
    purchased_on: date | None
    starts_on: date
    ends_on: date
    earlier: Claim | None
    lines: tuple[ReceiptLine, ...]
    reduced: tuple[Reduced, ...] = ()
    appeal_until: datetime | None = None
    appeal: AppealStatus | None = None

    @property
    def paid(self) -> tuple[ReceiptLine, ...]:
        return tuple(line for line in self.lines if line.verdict is Verdict.APPROVE)


def receipt_of(session: Session, claim: Claim) -> Receipt:
    """The receipt of a decided claim. Raises `NotDecided`."""
    decision = session.exec(
        select(Decision).where(Decision.claim_id == claim.id, col(Decision.undone_at).is_(None))
    ).one_or_none()
    if claim.status in OPEN or decision is None:
        raise NotDecided(claim.number, status=claim.status)
    program = program_queries.get_program(session, claim.program_id)
    participant = program_queries.get_participant(session, claim.participant_id)
    purchase = queries.find_purchase(session, claim)
    seller = find_by_nip(session, purchase.seller_nip) if purchase and purchase.seller_nip else None
    by, decider = _decider(session, decision, program_queries.get_manufacturer(session, program))
    earlier = session.get(Claim, claim.held_by_claim_id) if claim.held_by_claim_id else None
    if earlier is not None and earlier.participant_id != claim.participant_id:
        earlier = None  # Another's claim stays unknown.
    lines = queries.list_lines(session, claim.id)
    settings, until = program_queries.settings_of(program), None
    appeal = appeals.find_appeal(session, claim.id)
    if claim.decided_at is not None and appeals.may_appeal(claim, settings, at=claim.decided_at):
        until = claim.decided_at + timedelta(days=settings.appeal_days)
    overturned = appeal is not None and appeal.status is AppealStatus.OVERTURNED
    return Receipt(
        claim_id=claim.id,
        number=claim.number,
        program_name=program.name,
        company_name=participant.company_name,
        status=claim.status,
        points=claim.points,
        submitted_at=claim.submitted_at,
        decided_at=claim.decided_at,
        decided_by=by,
        decider=decider,
        reason=decision.reason,
        note=decision.note,
        document_number=(purchase.number or "") if purchase else "",
        seller=seller.name if seller else "",
        purchased_on=(purchase.sale_date or purchase.issue_date) if purchase else None,
        starts_on=program.starts_on,
        ends_on=program.ends_on,
        earlier=earlier,
        lines=_lines(session, lines),
        reduced=reduced_of(session, claim, lines, overturned=overturned),
        appeal_until=until,
        appeal=appeal.status if appeal else None,
    )


def _decider(session: Session, decision: Decision, manufacturer: Any) -> tuple[DecidedBy, str]:
    if decision.automatic:
        return DecidedBy.RULES, ""
    review = session.get(Review, decision.review_id) if decision.review_id else None
    if review is None or review.partner_id is None or review.escalated_at is not None:
        return DecidedBy.PROGRAM, str(manufacturer.name)
    return DecidedBy.PARTNER, get_partner(session, review.partner_id).name


def _lines(session: Session, found: Sequence[ClaimLine]) -> tuple[ReceiptLine, ...]:
    products = {
        row.id: row
        for row in session.exec(
            select(Product).where(
                col(Product.id).in_([x.product_id for x in found if x.product_id])
            )
        )
    }
    versions = {
        row.id: row
        for row in session.exec(
            select(RuleVersion).where(
                col(RuleVersion.id).in_([x.rule_version_id for x in found if x.rule_version_id])
            )
        )
    }
    return tuple(_line(line, products, versions) for line in found if line.verdict is not None)


def _line(
    line: ClaimLine, products: Mapping[UUID, Product], versions: Mapping[UUID, RuleVersion]
) -> ReceiptLine:
    assert line.verdict is not None
    product = products.get(line.product_id) if line.product_id else None
    version = versions.get(line.rule_version_id) if line.rule_version_id else None
    reason = line.reason or ReasonCode.OTHER
    paid = line.verdict is Verdict.APPROVE
    limit = _limit(line) if paid else ""
    if limit:
        reason = ReasonCode.CAP_REACHED  # As the steps say: a return may have made room.
    elif paid and reason is ReasonCode.CAP_REACHED:
        reason = ReasonCode.COUNTED
    return ReceiptLine(
        position=line.position,
        name=product.name if product else line.description,
        sku=product.sku if product else "",
        description=line.description,
        quantity=line.quantity,
        unit=line.unit,
        units=(line.quantity_accepted or Decimal(0)) if paid else Decimal(0),
        product_unit=product.unit if product else line.unit,
        verdict=line.verdict,
        reason=reason,
        points=line.points,
        steps=tuple(line.explanation),
        rule_number=version.number if version else None,
        rule_valid_from=version.valid_from if version else None,
        remedy=Remedy.NONE if paid and not limit else remedy_of(reason),
        page=int(line.box["page"]) if line.box else None,
        box=line.box,
        eligible_from=product.eligible_from if product else None,
        eligible_to=product.eligible_to if product else None,
        units_shown=line.quantity * line.units_per_quantity if line.quantity else None,
        limit=limit,
    )


def _limit(line: ClaimLine) -> str:
    """Which cap or budget cut the line, the one that left the least: `participant:month`."""
    cuts = [step for step in line.explanation if step.get("stage") == "cap"]
    return str(cuts[-1].get("limit") or "") if cuts else ""
