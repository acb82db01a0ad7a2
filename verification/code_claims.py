"""Points for a code from a product: the code used up, the claim paid and explained, or nothing.

One transaction, so the verdict is there with the answer. Lock order: batch (shared) → code → claim
→ participant → budget → ledger accounts → audit head.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from uuid import UUID

from sqlmodel import Session

from claims import code_intake, service
from claims.eligibility import require_eligible
from claims.extraction import PageImage
from claims.states import ReasonCode, Verdict, outcome
from claims.tables import Claim, ClaimLine
from core import audit
from core.clock import local_date
from core.columns import new_id
from messages import service as messages
from messages.kinds import CLAIM_DECIDED
from programs import code_use
from programs import queries as program_queries
from programs import service as program_service
from programs.code_use import Used
from programs.policy import Rules
from programs.rule_tables import RuleVersion
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
    submitted_at: datetime | None = None,
) -> Claim:
    """Claim the points of a product by its code; they are on the account when this returns.

    A code that was sent earlier (`submitted_at`, a picture of it) is judged by that day.

    Raises `CodeMistyped`, `CodeRefused`, `CodeAlreadyYours`, `CodeBringsNothing`, `ProgramClosed`,
    `NotEligible`, `NoRulesInForce`: then nothing was written and the code can still be used.
    """
    service.require_open(program, submitted_at or at)
    require_eligible(session, program=program, participant=participant, at=at)
    ground = _ground(session, program, local_date(submitted_at or at))
    claim_id = new_id()
    used = _use(session, participant, claim_id, ground, code=code, key=key, at=at)
    made, line = code_intake.open_claim(
        session,
        claim_id=claim_id,
        program=program,
        participant=participant,
        product=used.product,
        units=used.batch.units_per_code,
        actor=actor,
        at=at,
        submitted_at=submitted_at,
    )
    _pay(session, made, line, participant, ground, used, actor=actor, at=at)
    return made


def claim_label(
    session: Session,
    made: Claim,
    *,
    code: str,
    key: bytes,
    pages: Sequence[PageImage],
    actor: str,
    at: datetime,
) -> None:
    """Pay a locked claim that is being read by the code on its picture.

    Raises what `claim` raises; then nothing was written.
    """
    program = program_queries.get_program(session, made.program_id)
    participant = program_queries.get_participant(session, made.participant_id)
    ground = _ground(session, program, local_date(made.submitted_at))
    used = _use(session, participant, made.id, ground, code=code, key=key, at=at)
    line = code_intake.take_label(
        session,
        made,
        pages=pages,
        product=used.product,
        units=used.batch.units_per_code,
        actor=actor,
        at=at,
    )
    _pay(session, made, line, participant, ground, used, actor=actor, at=at)


@dataclass(frozen=True, slots=True)
class _Ground:
    """By which rules a code is paid: those of the day it was sent, whenever it is read."""

    program: Program
    version: RuleVersion
    rules: Rules
    sent_on: date


def _ground(session: Session, program: Program, sent_on: date) -> _Ground:
    version, rules = program_queries.get_rules_in_force(session, program_id=program.id, on=sent_on)
    return _Ground(program, version, rules, sent_on)


def _use(
    session: Session,
    participant: Participant,
    claim_id: UUID,
    ground: _Ground,
    *,
    code: str,
    key: bytes,
    at: datetime,
) -> Used:
    return code_use.use(
        session,
        code=code,
        key=key,
        participant=participant,
        claim_id=claim_id,
        rules=ground.rules,
        on=ground.sent_on,
        at=at,
    )


def _pay(
    session: Session,
    made: Claim,
    line: ClaimLine,
    participant: Participant,
    ground: _Ground,
    used: Used,
    *,
    actor: str,
    at: datetime,
) -> None:
    """Approve the line, post its points and write everything down that a decision leaves."""
    program, version = ground.program, ground.version
    line.verdict, line.reason = Verdict.APPROVE, ReasonCode.COUNTED
    line.quantity_accepted = line.quantity
    session.add(line)
    session.flush()
    case = Case(
        claim=made,
        purchase=None,
        partner=None,
        version=version,
        rules=ground.rules,
        program=program,
        settings=program_queries.settings_of(program),
        purchased_on=ground.sent_on,
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
                "quantity_accepted": str(line.quantity_accepted),
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
