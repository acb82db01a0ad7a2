"""What a decision would bring, line by line, without writing anything."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from decimal import Decimal
from uuid import UUID

from sqlmodel import Session, col, select

from claims import earning, line_units, queries
from claims.tables import Claim, ClaimLine
from core.clock import local_date
from partners.queries import get_partner
from programs import product_history
from programs import queries as program_queries
from programs.policy import PerValue, Rules
from programs.product_days import takes_part
from programs.product_tables import Product
from verification.appealed_units import units_more, value_of, was_paid
from verification.tables import Cause, Review


@dataclass(frozen=True, slots=True)
class Wish:
    """What a person means to accept of one line; without product or quantity it brings nothing.

    `units` are the product's own in one printed unit, where a person said so.
    """

    product_id: UUID | None
    quantity: Decimal | None
    units: Decimal | None = None
    value: Decimal | None = None  # typed, in zł; else what was read


@dataclass(frozen=True, slots=True)
class Counted:
    """The units that a wish comes to, as far as they are known, and the points that they bring.

    `factor` is how many of the product's own `unit` one printed unit is.
    """

    points: int = 0
    factor: Decimal | None = None
    units: Decimal | None = None
    unit: str = ""
    in_days: bool = True  # the product takes part on the day of the purchase
    has_rate: bool = True  # the rules of that day have points for it


def wish_of(line: ClaimLine) -> Wish:
    """The line as it was read."""
    return Wish(line.product_id, line.quantity)


def points_of(
    session: Session, *, review: Review, claim: Claim, wishes: Mapping[int, Wish]
) -> dict[int, int]:
    """Points by line position under the rules of the purchase's day; zero where none are given."""
    found = count(session, review=review, claim=claim, wishes=wishes)
    return {position: one.points for position, one in found.items()}


def count(
    session: Session, *, review: Review, claim: Claim, wishes: Mapping[int, Wish]
) -> dict[int, Counted]:
    """Units and points of every wish; nothing is written.

    On an appeal: what it would add. What was paid brings nothing twice, but counts under caps.
    """
    appealed = review.cause is Cause.APPEAL
    purchased_on = _purchased_on(session, claim)
    products = _products(session, claim, wishes)
    rules = _rules(session, claim)
    known = product_history.on_day(session, products.values(), on=purchased_on)
    lines = {line.position: line for line in queries.list_lines(session, claim.id)}
    found = dict.fromkeys(wishes, Counted())
    wanted: dict[int, earning.Bought] = {}
    longer: dict[int, earning.Bought] = {}
    for position, wish in sorted(wishes.items()):
        product = products.get(wish.product_id) if wish.product_id else None
        if product is None:
            continue
        line = lines.get(position)
        factor = wish.units or _factor(session, line, product)
        units = wish.quantity * factor if wish.quantity and factor else None
        in_days = takes_part(product, purchased_on)
        fact = known[product.id]
        rated = rules is None or rules.pays(sku=fact.sku, family=fact.family)
        found[position] = Counted(
            factor=factor, units=units, unit=product.unit, in_days=in_days, has_rate=rated
        )
        if appealed and line is not None and was_paid(session, line):
            # A row of its own, as the decision makes it.
            more = units_more(session, line, quantity=wish.quantity, product_id=wish.product_id)
            if more is not None and in_days:
                longer[position] = earning.Bought(
                    product, more.payable * line.units_per_quantity, value_of(line, more.payable)
                )
        elif units is not None and units > 0 and in_days:
            value = wish.value
            if value is None and line is not None:
                value = _value(line, wish.quantity)
            wanted[position] = earning.Bought(product, units, value)
    if rules is None:
        return found
    fresh = [lines[position].id for position in wanted if position in lines]
    wanted |= longer  # Last, as the decision adds them.
    judged = earning.judge(
        session,
        participant=program_queries.get_participant(session, claim.participant_id),
        rules=rules,
        purchased_on=purchased_on,
        partner_nip=get_partner(session, review.partner_id).nip if review.partner_id else "",
        bought=list(wanted.values()),
        claim_id=claim.id,
        only=fresh if appealed else None,
    )
    for position, one in zip(wanted, judged, strict=True):
        found[position] = replace(found[position], points=one.award.points)
    return found


def _products(session: Session, claim: Claim, wishes: Mapping[int, Wish]) -> dict[UUID, Product]:
    wanted = {wish.product_id for wish in wishes.values() if wish.product_id}
    found = session.exec(
        select(Product).where(col(Product.id).in_(wanted), Product.program_id == claim.program_id)
    )
    return {product.id: product for product in found}


def _value(line: ClaimLine, quantity: Decimal | None) -> Decimal | None:
    if quantity is None or quantity == line.quantity or line.line_net_grosze is None:
        return earning.value_of(line, (quantity or Decimal(0)) * line.units_per_quantity)
    return earning.restated_value(line, quantity)


def _factor(session: Session, line: ClaimLine | None, product: Product) -> Decimal | None:
    """What the decision would take where nobody says more; `None` where a person has to say it."""
    if line is None:
        return Decimal(1)
    if product.id != line.product_id:
        return line_units.known(session, product, line.unit)
    return line.units_per_quantity if line_units.asked(line) is None else None


def pays_by_value(session: Session, claim: Claim) -> bool:
    """Whether some rate of the purchase's day counts złoty, so that a line's value matters."""
    rules = _rules(session, claim)
    return rules is not None and any(isinstance(rate, PerValue) for rate in rules.base)


def valueless_lines(session: Session, claim: Claim, lines: Sequence[ClaimLine]) -> frozenset[int]:
    """Positions of lines whose points depend on a value that nothing says."""
    open_lines = [
        line for line in lines if line.product_id is not None and earning.value_of(line) is None
    ]
    rules = _rules(session, claim) if open_lines else None
    on = _purchased_on(session, claim) if open_lines else date.min
    return frozenset(
        line.position
        for line in open_lines
        if rules is not None
        and line.product_id is not None
        and earning.by_value(session, rules, session.get_one(Product, line.product_id), on=on)
    )


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
