"""Past decisions as the history of a desk shows them."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from uuid import UUID

from sqlmodel import Session

from accounts.tables import Person
from claims import queries
from claims.purchase_tables import Purchase
from claims.states import ReasonCode, Verdict
from claims.tables import Claim
from programs.product_tables import Product
from programs.tables import Participant
from verification.tables import Decision
from web.views.claims import REASONS as READER_REASONS
from web.views.claims import STATUS_CHIPS, by_id
from web.views.nameless import NAMELESS, nameless
from web.views.review_words import REASONS

_REASONS = dict(REASONS)


@dataclass(frozen=True, slots=True)
class DecisionRow:
    id: UUID
    number: str
    document: str
    person: str
    company: str
    chip: tuple[str, str, str]
    reason: str
    points: int
    at: datetime
    decided_by: str
    note: str
    undone: bool


def rows(
    session: Session,
    found: Sequence[tuple[Decision, Claim]],
    *,
    gettext: Callable[[str], str],
    of_manufacturer: bool = False,
) -> list[DecisionRow]:
    """Views of several decisions with few queries."""
    participants = by_id(session, Participant, [claim.participant_id for _, claim in found])
    hidden = nameless(session, participants.values()) if of_manufacturer else frozenset()
    owners = [participant.person_id for participant in participants.values()]
    deciders = [decision.decided_by for decision, _ in found if decision.decided_by]
    people = by_id(session, Person, [*owners, *deciders])
    purchases = by_id(session, Purchase, [c.purchase_id for _, c in found if c.purchase_id])
    made = []
    for decision, claim in found:
        participant = participants[claim.participant_id]
        purchase = purchases.get(claim.purchase_id) if claim.purchase_id else None
        words = _REASONS.get(decision.reason, "") if decision.reason else ""
        made.append(
            DecisionRow(
                id=decision.id,
                number=claim.number,
                document=(purchase.number or "") if purchase else "",
                person=gettext(NAMELESS)
                if participant.id in hidden
                else people[participant.person_id].name,
                company="" if participant.id in hidden else participant.company_name,
                chip=STATUS_CHIPS[decision.outcome],
                reason=gettext(words) if words else "",
                points=decision.points,
                at=decision.decided_at,
                decided_by=people[decision.decided_by].name if decision.decided_by else "",
                note=decision.note,
                undone=decision.undone_at is not None,
            )
        )
    return made


@dataclass(frozen=True, slots=True)
class JudgedLine:
    position: int
    name: str
    paid: bool
    quantity: Decimal
    points: int
    why: str
    outside: bool


def line_rows(
    session: Session, decision: Decision, gettext: Callable[[str], str]
) -> list[JudgedLine]:
    """What a decision said of each line, as it was written down then."""
    named = [UUID(line["product_id"]) for line in decision.lines if line["product_id"]]
    products = by_id(session, Product, named)
    read = {line.position: line for line in queries.list_lines(session, decision.claim_id)}
    made = []
    for line in decision.lines:
        product = products.get(UUID(line["product_id"])) if line["product_id"] else None
        seen = read.get(line["position"])
        paid = line["verdict"] == Verdict.APPROVE
        made.append(
            JudgedLine(
                position=line["position"],
                name=product.name if product else (seen.description if seen else ""),
                paid=paid,
                quantity=Decimal(line["quantity_accepted"] or 0),
                points=line["points"],
                why="" if paid else gettext(READER_REASONS[ReasonCode(line["reason"])]),
                outside=not paid and ReasonCode(line["reason"]) is ReasonCode.NOT_IN_PROGRAM,
            )
        )
    return made
