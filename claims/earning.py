"""The facts that rules ask for: who buys, what was credited before, what the budget leaves."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from uuid import UUID

import sqlalchemy as sa
from sqlmodel import Session, col, select

from claims import budget_room
from claims.line_values import restated, worth
from claims.purchase_tables import Purchase
from claims.states import Verdict
from claims.tables import Claim, ClaimLine
from core.money import to_amount
from programs import product_history, segments, tiers
from programs.policy import EarningLine, Judged, PerValue, Rules, Tally, evaluate_claim
from programs.product_tables import Product
from programs.tables import Participant


@dataclass(frozen=True, slots=True)
class Bought:
    """One line as the rules see it before anything else is known; `value` in zł."""

    product: Product
    units: Decimal
    value: Decimal | None = None


def value_of(line: ClaimLine, units: Decimal | None = None) -> Decimal | None:
    """What all or so many of a line's units cost on the document; `None` when that was not read."""
    if units is None:
        units = (line.quantity or Decimal(0)) * line.units_per_quantity
    net = line.line_net_grosze
    return worth(
        units,
        quantity=line.quantity,
        factor=line.units_per_quantity,
        net=to_amount(net) if net is not None else None,
        unit_price=line.unit_price,
    )


def by_value(session: Session, rules: Rules, product: Product, *, on: date) -> bool:
    """Whether some rate counts what a product costs that was bought on a day."""
    known = product_history.of(session, product, on=on)
    return any(
        isinstance(rate, PerValue) and rate.products.covers(sku=known.sku, family=known.family)
        for rate in rules.base
    )


def has_rate(session: Session, rules: Rules, product: Product, *, on: date) -> bool:
    """Whether some rate covers a product as it was on the day of its purchase."""
    known = product_history.of(session, product, on=on)
    return rules.pays(sku=known.sku, family=known.family)


def restated_value(line: ClaimLine, quantity: Decimal) -> Decimal | None:
    """What a line costs once its quantity is corrected; `None` where a person has to say it."""
    if line.quantity is None or quantity == line.quantity or line.line_net_grosze is None:
        return None if line.line_net_grosze is None else to_amount(line.line_net_grosze)
    return restated(
        net=to_amount(line.line_net_grosze),
        unit_price=line.unit_price,
        was=line.quantity,
        now=quantity,
    )


def judge(
    session: Session,
    *,
    participant: Participant,
    rules: Rules,
    purchased_on: date,
    partner_nip: str,
    bought: Sequence[Bought],
    claim_id: UUID | None,
    only: Collection[UUID] | None = None,
    locked: bool = False,
) -> list[Judged]:
    """What every line of one claim brings, in the order given.

    `claim_id` is left out of what was credited earlier: all of it, or `only` these of its lines
    where others of them were paid before and stay so. With `locked` the participant and the
    budget stay locked until the transaction ends: only then may the points be posted.
    """
    if locked and rules.remembers:
        lock_participant(session, participant.id)
    tier, keys = "", frozenset[str]()
    if rules.knows_people:
        tier = tiers.level_on(session, participant.id, purchased_on)
        keys = segments.keys_of(
            session, participant, wanted=rules.segment_keys, on=purchased_on, tier=tier
        )
    tally = None
    if rules.remembers:
        tally = load_tally(session, participant.id, but=claim_id, only=only)
    read = budget_room.lock if locked else budget_room.used
    spent = read(session, program_id=participant.program_id, rules=rules, on=purchased_on)
    known = product_history.on_day(session, [line.product for line in bought], on=purchased_on)
    lines = [
        EarningLine(
            sku=known[line.product.id].sku,
            family=known[line.product.id].family,
            units=line.units,
            purchased_on=purchased_on,
            partner_nip=partner_nip,
            tier=tier,
            value=line.value,
            segments=keys,
        )
        for line in bought
    ]
    beside = _beside(session, claim_id, only) if claim_id is not None and only is not None else []
    return evaluate_claim(rules, lines, earlier=tally, beside=beside, budget_used=spent)


def _beside(session: Session, claim_id: UUID, only: Collection[UUID]) -> list[EarningLine]:
    """The lines of a claim that were paid before, as they were judged, with the units they keep."""
    found = session.exec(
        select(ClaimLine).where(
            ClaimLine.claim_id == claim_id,
            col(ClaimLine.id).not_in(list(only)),
            col(ClaimLine.quantity_accepted) > 0,
            col(ClaimLine.rule_facts) != {},
        )
    )
    return [
        EarningLine.model_validate(line.rule_facts).model_copy(
            update={"units": line.quantity_accepted}
        )
        for line in found
    ]


def lock_participant(session: Session, participant_id: UUID) -> None:
    """One decision at a time for a participant; new claims that name them may come in meanwhile."""
    session.execute(
        sa.select(col(Participant.id))
        .where(col(Participant.id) == participant_id)
        .with_for_update(key_share=True)
    )


def load_tally(
    session: Session,
    participant_id: UUID,
    *,
    but: UUID | None = None,
    only: Collection[UUID] | None = None,
) -> Tally:
    """Everything that is credited to a participant now, but one claim's lines or some of them."""
    bought_on = purchase_day()
    left_out: sa.ColumnElement[bool] = sa.true()
    if only is not None:
        left_out = col(ClaimLine.id).not_in(list(only))
    elif but is not None:
        left_out = col(Claim.id) != but
    theirs = (col(Claim.participant_id) == participant_id, left_out)
    paid = (
        *theirs,
        col(ClaimLine.verdict) == Verdict.APPROVE,
        col(ClaimLine.quantity_accepted) > 0,
        # A line that no rate covered counts for nothing, on whichever document it stands.
        sa.or_(col(ClaimLine.rule_facts) == {}, col(ClaimLine.explanation) != []),
    )
    # As they were judged: what a product was called later changes nothing of what was bought.
    facts = col(ClaimLine.rule_facts)
    sku = sa.func.coalesce(facts["sku"].astext, col(Product.sku))
    family = sa.func.coalesce(facts["family"].astext, col(Product.family))
    tally = Tally()
    rows = session.execute(
        sa.select(
            sku,
            family,
            bought_on,
            sa.func.sum(col(ClaimLine.quantity_accepted)),
            sa.func.sum(col(ClaimLine.points)),
        )
        .select_from(ClaimLine)
        .join(Claim, col(Claim.id) == col(ClaimLine.claim_id))
        .join(Product, col(Product.id) == col(ClaimLine.product_id))
        .outerjoin(Purchase, col(Purchase.id) == col(Claim.purchase_id))
        .where(*paid)
        .group_by(sku, family, bought_on)
    )
    for code, group, day, units, points in rows:
        tally.add(sku=code, family=group, purchased_on=day, units=units, points=int(points))
    # A line that is gone grants nothing; a first purchase that went with it is still to be given.
    given = session.execute(
        sa.select(col(ClaimLine.rule_facts), col(ClaimLine.quantity_accepted))
        .join(Claim, col(Claim.id) == col(ClaimLine.claim_id))
        .where(
            *theirs,
            sa.or_(
                col(ClaimLine.rule_facts)["granted"].astext != "[]",
                col(ClaimLine.rule_facts)["displaced"].astext != "[]",
            ),
        )
    )
    for told, units in given:
        if units:
            tally.granted.update(
                (g.get("key") or g["clause"], g.get("stretch", "")) for g in told["granted"]
            )
        tally.displaced.update(told.get("displaced", ()))
    return tally


def purchase_day() -> sa.ColumnElement[date]:
    """The day of a claim's purchase in SQL; needs `Purchase` joined from the outside."""
    submitted = sa.cast(
        sa.func.timezone(sa.literal_column("'Europe/Warsaw'"), col(Claim.submitted_at)), sa.Date
    )
    return sa.func.coalesce(col(Purchase.sale_date), col(Purchase.issue_date), submitted)
