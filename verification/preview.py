"""What a decision would bring, line by line, without writing anything."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from uuid import UUID

from sqlmodel import Session, col, select

from claims import earning, queries
from claims.tables import Claim, ClaimLine
from core.clock import local_date
from partners.queries import get_partner
from programs import queries as program_queries
from programs.policy import PerValue, Rules
from programs.product_tables import Product
from verification.tables import Review


@dataclass(frozen=True, slots=True)
class Wish:
    """What a person means to accept of one line; without product or quantity it brings nothing."""

    product_id: UUID | None
    quantity: Decimal | None
    units_per_quantity: Decimal = Decimal(1)
    value: Decimal | None = None  # typed, in zł; else what was read


def wish_of(line: ClaimLine) -> Wish:
    """The line as it was read."""
    return Wish(line.product_id, line.quantity, line.units_per_quantity)


def points_of(
    session: Session, *, review: Review, claim: Claim, wishes: Mapping[int, Wish]
) -> dict[int, int]:
    """Points by line position under the rules of the purchase's day; zero where none are given."""
    rules = _rules(session, claim)
    if rules is None:
        return dict.fromkeys(wishes, 0)
    purchased_on = _purchased_on(session, claim)
    wanted = {wish.product_id for wish in wishes.values() if wish.product_id}
    products = {
        product.id: product
        for product in session.exec(
            select(Product).where(
                col(Product.id).in_(wanted), Product.program_id == claim.program_id
            )
        )
    }
    found = dict.fromkeys(wishes, 0)
    wanted_lines: dict[int, earning.Bought] = {}
    lines = {line.position: line for line in queries.list_lines(session, claim.id)}
    for position, wish in sorted(wishes.items()):
        product = products.get(wish.product_id) if wish.product_id else None
        if product is not None and wish.quantity is not None and wish.quantity > 0:
            units = wish.quantity * wish.units_per_quantity
            line = lines.get(position)
            value = wish.value
            if value is None and line is not None:
                value = earning.value_of(line)
            wanted_lines[position] = earning.Bought(product, units, value)
    judged = earning.judge(
        session,
        participant=program_queries.get_participant(session, claim.participant_id),
        rules=rules,
        purchased_on=purchased_on,
        partner_nip=get_partner(session, review.partner_id).nip if review.partner_id else "",
        bought=list(wanted_lines.values()),
        claim_id=claim.id,
    )
    found.update(
        (position, one.award.points) for position, one in zip(wanted_lines, judged, strict=True)
    )
    return found


def pays_by_value(session: Session, claim: Claim) -> bool:
    """Whether some rate of the purchase's day counts złoty, so that a line's value matters."""
    rules = _rules(session, claim)
    return rules is not None and any(isinstance(rate, PerValue) for rate in rules.base)


def _purchased_on(session: Session, claim: Claim) -> date:
    purchase = queries.find_purchase(session, claim)
    bought = (purchase.sale_date or purchase.issue_date) if purchase else None
    return bought or local_date(claim.submitted_at)


def _rules(session: Session, claim: Claim) -> Rules | None:
    on = _purchased_on(session, claim)
    try:
        _, rules = program_queries.get_rules_in_force(session, program_id=claim.program_id, on=on)
    except program_queries.NoRulesInForce:
        return None
    return rules
