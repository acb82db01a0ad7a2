"""Points for a code from a product: the code used up, the claim paid and explained, or nothing.

One transaction, so the verdict is there with the answer. Lock order: batch (shared) → code → claim
→ participant → budget → ledger accounts → audit head.
"""

from __future__ import annotations

from datetime import datetime
from decimal import Decimal

from sqlmodel import Session

from claims import code_intake, service
from claims.states import ReasonCode, Verdict, outcome
from claims.tables import Claim
from core import audit
from core.clock import local_date
from core.columns import new_id
from messages import service as messages
from messages.kinds import CLAIM_DECIDED
from programs import code_use
from programs import queries as program_queries
from programs import service as program_service
from programs.tables import Participant, Program
from verification.judging import Case, pay_lines
from verification.tables import Decision

CODES = "codes"  # Who decides: the rules, on the proof of an unused code.


def claim(
    session: Session,
    *,
    program: Program,
    participant: Participant,
    code: str,
    key: bytes,
    actor: str,
    at: datetime,
) -> Claim:
    """Claim the points of one product by its code; they are on the account when this returns.

    Raises `CodeMistyped`, `CodeRefused`, `CodeAlreadyYours`, `ProgramClosed`, `NoRulesInForce`:
    then nothing was written and the code can still be used.
    """
    today = local_date(at)
    service.require_open(program, at)
    version, rules = program_queries.get_rules_in_force(session, program_id=program.id, on=today)
    claim_id = new_id()
    used = code_use.use(
        session,
        code=code,
        key=key,
        participant=participant,
        claim_id=claim_id,
        on=today,
        at=at,
    )
    made, line = code_intake.open_claim(
        session,
        claim_id=claim_id,
        program=program,
        participant=participant,
        product=used.product,
        actor=actor,
        at=at,
    )
    line.verdict, line.reason = Verdict.APPROVE, ReasonCode.COUNTED
    line.quantity_accepted = Decimal(1)
    session.add(line)
    session.flush()
    case = Case(
        claim=made,
        purchase=None,
        partner=None,
        version=version,
        rules=rules,
        settings=program_queries.settings_of(program),
        purchased_on=today,
        actor=CODES,
        at=at,
    )
    pay_lines(session, case, [line])
    made.points, made.estimate_points, made.decided_at = line.points, line.points, at
    status = outcome([Verdict.APPROVE])
    service.advance(session, made, to=status, actor=CODES, at=at, points=made.points)
    decision = Decision(
        claim_id=made.id,
        outcome=status,
        automatic=True,
        submitted_by=participant.person_id,
        decided_at=at,
        points=made.points,
        lines=[
            {
                "position": line.position,
                "verdict": Verdict.APPROVE,
                "reason": ReasonCode.COUNTED,
                "product_id": str(used.product.id),
                "quantity_accepted": "1",
                "points": line.points,
            }
        ],
    )
    session.add(decision)
    session.flush()
    audit.record(
        session,
        chain=program_service.chain(program.id),
        actor=actor,
        action="claim.code",
        subject=f"claim:{made.id}",
        at=at,
        batch=used.batch.number,
        points=made.points,
        rule_version=str(version.id),
    )
    messages.notify(
        session,
        person_id=participant.person_id,
        kind=CLAIM_DECIDED.name,
        event_key=f"decision:{decision.id}",
        at=at,
        number=made.number,
        claim_id=str(made.id),
        points=made.points,
        outcome=status,
    )
    return made
