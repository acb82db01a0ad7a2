"""Judging one line: the product, the units it uses up, the points it brings, what is learned."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from decimal import Decimal
from typing import ClassVar
from uuid import UUID

from sqlmodel import Session, col, select

from claims import earning, line_units, paper, queries
from claims.branches import require_branch
from claims.paper import Short
from claims.purchase_tables import Purchase
from claims.states import ReasonCode, Verdict
from claims.tables import Claim, ClaimLine
from core.clock import local_date
from core.errors import DomainError, Invalid, Kind
from core.money import to_amount, to_grosze
from partners.queries import get_partner
from partners.tables import Partner
from points import service as points_service
from programs import budgets
from programs import queries as program_queries
from programs.policy import Rules
from programs.product_days import takes_part
from programs.product_tables import Product
from programs.rule_tables import RuleVersion
from programs.settings import ProgramSettings
from programs.tables import Program
from verification.budget_notice import tell_budget_ended
from verification.days import DayFact, day_fact
from verification.learning import learn_names
from verification.tables import Decision, Review

MOST_VALUE = Decimal(10_000_000)
SYSTEM = "system"  # the actor of automatic decisions


class TooFewUnits(DomainError):
    """The document line has fewer free units than were to be accepted."""

    kind: ClassVar[Kind] = Kind.CONFLICT
    code = "too-few-units"


class OutsidePeriod(DomainError):
    """Bought before the programme began, or after its end: nobody can approve it."""

    kind: ClassVar[Kind] = Kind.CONFLICT
    code = "purchase-outside-period"


class SentTooLate(DomainError):
    """Sent in after the programme's days for claims: nobody can approve it."""

    kind: ClassVar[Kind] = Kind.CONFLICT
    code = "claim-sent-too-late"


class BoughtLater(DomainError):
    """The day on the document has not come yet: it was misread, or nothing was sold so far."""

    kind: ClassVar[Kind] = Kind.CONFLICT
    code = "purchase-in-future"


class UnitsUnknown(Invalid):
    """Nobody knows how many units of its product one printed unit of the line is: say it."""

    code = "units-unknown"


class ValueUnknown(Invalid):
    """A rate counts złoty and nothing says how many the line costs, as it is or as corrected."""

    code = "value-unknown"


@dataclass(frozen=True, slots=True)
class LineVerdict:
    """What a person says of one line; product, quantity and net value (zł) where they change it.

    `units` are the product's own units in one printed unit: ten in a pack.
    """

    line_id: UUID
    verdict: Verdict
    reason: ReasonCode = ReasonCode.COUNTED
    product_id: UUID | None = None
    quantity: Decimal | None = None
    value: Decimal | None = None
    units: Decimal | None = None


@dataclass(frozen=True, slots=True)
class Case:
    """What every line of one decision is judged with."""

    claim: Claim
    purchase: Purchase | None
    partner: Partner | None
    version: RuleVersion
    rules: Rules
    program: Program
    settings: ProgramSettings
    purchased_on: date
    actor: str
    at: datetime


def open_case(
    session: Session,
    claim: Claim,
    review: Review,
    *,
    actor: str,
    refusing: bool = False,
    at: datetime,
) -> Case:
    """Raises `NoRulesInForce`; a refusal needs no rules of the day, today's are named then."""
    purchase = queries.find_purchase(session, claim)
    bought = (purchase.sale_date or purchase.issue_date) if purchase else None
    purchased_on = bought or local_date(claim.submitted_at)
    try:
        version, rules = program_queries.get_rules_in_force(
            session, program_id=claim.program_id, on=purchased_on
        )
    except program_queries.NoRulesInForce:
        if not refusing:
            raise
        version, rules = program_queries.get_rules_in_force(
            session, program_id=claim.program_id, on=local_date(at)
        )
    program = program_queries.get_program(session, claim.program_id)
    return Case(
        claim=claim,
        purchase=purchase,
        partner=get_partner(session, review.partner_id) if review.partner_id else None,
        version=version,
        rules=rules,
        program=program,
        settings=program_queries.settings_of(program),
        purchased_on=purchased_on,
        actor=actor,
        at=at,
    )


def judge_line(session: Session, case: Case, line: ClaimLine, verdict: LineVerdict) -> None:
    line.verdict, line.reason = verdict.verdict, verdict.reason
    line.quantity_accepted, line.points = Decimal(0), 0
    line.explanation, line.rule_facts, line.granted = [], {}, {}
    as_read = verdict.quantity in (None, line.quantity) and (
        verdict.units in (None, line.units_per_quantity)
    )
    _name(session, case, line, verdict)
    if verdict.quantity is not None:
        if verdict.quantity <= 0:
            raise Invalid("a quantity is above zero", field=f"quantity-{line.position}")
        if verdict.value is None:
            _restate_value(session, case, line, verdict)
        line.quantity = verdict.quantity
    if verdict.value is not None:
        if not 0 <= verdict.value < MOST_VALUE:
            raise Invalid("a value is an amount in zł", field=f"value-{line.position}")
        line.line_net_grosze = to_grosze(verdict.value)
    if verdict.verdict is Verdict.APPROVE:
        require_branch(session, case.claim.id)
        _require_days(case)
        if bar := _bar(session, case, line):
            line.verdict, line.reason = Verdict.REJECT, bar
        else:
            _require_value(session, case, line)
            _use_up(session, case, line, as_read=as_read)
    session.add(line)
    session.flush()


def _name(session: Session, case: Case, line: ClaimLine, verdict: LineVerdict) -> None:
    """The line's product as a person names it, and how many of its units one printed unit is."""
    approved = verdict.verdict is Verdict.APPROVE
    known: Decimal | None = line.units_per_quantity
    if verdict.product_id is not None and verdict.product_id != line.product_id:
        product = _own_product(session, case, verdict.product_id)
        line.product_id = product.id
        known = line_units.known(session, product, line.unit)
    elif line_units.asked(line) is not None:
        known = None
    if verdict.units is not None:
        if not 0 < verdict.units < line_units.MOST:
            raise Invalid("units are above zero", field=f"units-{line.position}")
        line_units.answer(line, verdict.units.quantize(line_units.DIGITS))
        return
    if known is None and approved:
        raise UnitsUnknown(
            "how many units is one?", field=f"units-{line.position}", position=line.position
        )
    if known:
        line.units_per_quantity = known


def _own_product(session: Session, case: Case, product_id: UUID) -> Product:
    product = session.get(Product, product_id)  # Asked of the database once for a decision.
    if product is None or product.program_id != case.claim.program_id:
        raise Invalid("no such product in the programme", field="product_id")
    return product


def _restate_value(session: Session, case: Case, line: ClaimLine, verdict: LineVerdict) -> None:
    """The value goes with a corrected quantity. Raises `ValueUnknown` where a rate needs it."""
    before, now = line.quantity, verdict.quantity
    if line.line_net_grosze is None or before is None or now is None or now == before:
        return
    value = earning.restated_value(line, now)
    if value is None:
        product = _own_product(session, case, line.product_id) if line.product_id else None
        approved = verdict.verdict is Verdict.APPROVE
        if approved and product and _by_value(session, case, product):
            raise ValueUnknown(
                "what does it cost?", field=f"value-{line.position}", position=line.position
            )
        # No rate asks for it now: it may only be less than what was read.
        net = to_amount(line.line_net_grosze)
        value = min(net, net * now / before)
    line.line_net_grosze = to_grosze(value)


def _by_value(session: Session, case: Case, product: Product) -> bool:
    return earning.by_value(session, case.rules, product, on=case.purchased_on)


def _require_value(session: Session, case: Case, line: ClaimLine) -> None:
    """Nothing ends at zero because nobody knew a price. Raises `ValueUnknown`."""
    if line.product_id is None or line.quantity is None or earning.value_of(line) is not None:
        return
    if _by_value(session, case, _own_product(session, case, line.product_id)):
        raise ValueUnknown(
            "what does it cost?", field=f"value-{line.position}", position=line.position
        )


def _bar(session: Session, case: Case, line: ClaimLine) -> ReasonCode | None:
    """Why the line's product brings nothing on the day of the purchase; its units stay free."""
    if line.product_id is None:
        return None  # Asked for where its units are used up.
    product = _own_product(session, case, line.product_id)
    if not takes_part(product, case.purchased_on):
        return ReasonCode.PRODUCT_NOT_IN_DAYS
    if not earning.has_rate(session, case.rules, product, on=case.purchased_on):
        return ReasonCode.NO_RATE
    return None


def _require_days(case: Case) -> None:
    """The day on the document has come, lies in the programme and in the claim's window."""
    purchase = case.purchase
    if purchase is None or (purchase.sale_date or purchase.issue_date) is None:
        return
    fact = day_fact(case.program, case.purchased_on, case.claim, case.settings)
    if fact is DayFact.TOO_LATE:
        raise SentTooLate(days=case.settings.claim_window_days)
    if fact is DayFact.FUTURE and case.purchased_on > local_date(case.at):
        raise BoughtLater
    within = case.program.starts_on <= case.purchased_on <= case.program.ends_on
    if fact is not DayFact.INSIDE and not (fact is DayFact.FUTURE and within):
        raise OutsidePeriod


def _use_up(session: Session, case: Case, line: ClaimLine, *, as_read: bool) -> None:
    """Take the line's free units of the document; nobody else can be paid for them any more.

    A line of which nothing is left is refused, with the reason.
    """
    if line.product_id is None or line.quantity is None:
        raise Invalid(
            "an approved line needs a product and a quantity", field=f"line-{line.position}"
        )
    if case.purchase is None:
        raise Invalid("nothing was read of this document; enter its number first", field="number")
    _own_product(session, case, line.product_id)
    if not paper.units_of(line):
        raise Invalid("a quantity is above zero", field=f"quantity-{line.position}")
    # A row of which something is paid grows only by what a document shows and a person confirms.
    longer = as_read and case.actor != SYSTEM
    taken = paper.take_units(session, purchase_id=case.purchase.id, line=line, longer=longer)
    line.purchase_line_id, line.quantity_accepted = taken.line_id, taken.units
    if not taken.units:
        line.verdict = Verdict.REJECT
        back = taken.short is Short.RETURNED
        line.reason = ReasonCode.RETURNED_GOODS if back else ReasonCode.ALREADY_CLAIMED
    elif taken.units < taken.wanted and case.actor == SYSTEM:
        raise TooFewUnits(position=line.position)  # A part of a row is a person's to pay.


def require_something_new(lines: Sequence[ClaimLine], approved: Collection[UUID]) -> None:
    """Raise `TooFewUnits` where every unit that was approved had been paid before."""
    wanted = [line for line in lines if line.id in approved]
    gone = [line for line in wanted if line.reason is ReasonCode.ALREADY_CLAIMED]
    if gone and not any(line.verdict is Verdict.APPROVE for line in wanted):
        raise TooFewUnits(position=gone[0].position)


def pay_lines(session: Session, case: Case, lines: Sequence[ClaimLine]) -> None:
    """Evaluate the rules over all approved lines together, post the awards, learn the names.

    The participant and the budget are locked first, so that caps and budgets hold exactly however
    many decisions are made at once.
    """
    paid = [line for line in lines if line.verdict is Verdict.APPROVE and line.quantity_accepted]
    bought = [
        earning.Bought(
            product=_own_product(session, case, line.product_id),
            units=line.quantity_accepted,
            value=earning.value_of(line, line.quantity_accepted),
        )
        for line in paid
        if line.product_id is not None and line.quantity_accepted is not None
    ]
    judged = earning.judge(
        session,
        participant=program_queries.get_participant(session, case.claim.participant_id),
        rules=case.rules,
        purchased_on=case.purchased_on,
        partner_nip=case.partner.nip if case.partner else "",
        bought=bought,
        claim_id=case.claim.id,
        # What an appeal leaves as it is counts for caps, sets and first purchases.
        only=[line.id for line in paid],
        locked=True,
    )
    ended = budgets.spend(
        session,
        program_id=case.claim.program_id,
        rules=case.rules,
        on=case.purchased_on,
        points=sum(one.award.points for one in judged),
        at=case.at,
    )
    turn = _turn(session, case.claim.id)
    for line, one in zip(paid, judged, strict=True):
        line.points = one.award.points
        capped = any(step.stage == "cap" for step in one.award.steps)
        line.reason = ReasonCode.CAP_REACHED if capped else line.reason
        line.rule_version_id = case.version.id
        line.explanation = [step.model_dump(mode="json") for step in one.award.steps]
        line.rule_facts = one.line.model_dump(mode="json")
        session.add(line)
        session.flush()
        if line.points:
            points_service.award(
                session,
                reference=_reference(line, turn),
                program_id=case.claim.program_id,
                participant_id=case.claim.participant_id,
                points=line.points,
                expires_on=local_date(case.at) + timedelta(days=case.settings.points_valid_days),
                at=case.at,
            )
    if case.purchase is not None and case.actor != SYSTEM:  # Names are learned from people only.
        learn_names(
            session,
            program_id=case.claim.program_id,
            seller_nip=case.purchase.seller_nip,
            judged=[(line, thing.product) for line, thing in zip(paid, bought, strict=True)],
            confirmed_by=case.actor,
            at=case.at,
        )
    if ended and case.rules.budget is not None:
        tell_budget_ended(
            session,
            program=case.program,
            budget=case.rules.budget,
            on=case.purchased_on,
            at=case.at,
        )


def award_reference(session: Session, line: ClaimLine) -> str:
    """One living award per line: a decision that was undone gives the line a new turn."""
    return _reference(line, _turn(session, line.claim_id))


def _turn(session: Session, claim_id: UUID) -> str:
    undone = session.exec(
        select(Decision.id).where(
            Decision.claim_id == claim_id, col(Decision.undone_at).is_not(None)
        )
    ).all()
    return f":{len(undone) + 1}" if undone else ""


def _reference(line: ClaimLine, turn: str) -> str:
    return f"claim:{line.claim_id}:line:{line.position}:award{turn}"
