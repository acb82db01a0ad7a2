"""From any posting back to what it came from; and proofs that notice what was changed."""

from __future__ import annotations

from datetime import timedelta
from uuid import UUID

import pytest
from sqlmodel import Session

from analytics import proofs, tracing
from claims import queries
from claims.states import Verdict
from core import audit
from core.db import make_engine
from core.engines import OWNER, EmbeddedPostgres
from points import addresses, statements
from points.tables import TransactionKind
from programs.service import chain
from tests import make
from tests.analytics import scene as scenes
from tests.conftest import NOON
from verification import decisions, undoing
from verification.judging import LineVerdict

KEY = b"k" * 32


def postings_of(session: Session, participant_id: UUID) -> list[statements.StatementRow]:
    return statements.list_rows(session, address=addresses.active(participant_id))


def test_an_award_leads_to_line_decision_rule_and_purchase(session: Session) -> None:
    found = scenes.scene(session)
    decision = scenes.bought(session, found, sockets=12)
    [row] = postings_of(session, found.firms[0].id)
    seen = tracing.trace(session, program_id=found.world.program.id, posting_id=row.posting_id)
    assert seen.claim is not None
    assert seen.claim.id == decision.claim_id
    assert seen.decision is not None
    assert seen.decision.id == decision.id
    assert seen.line is not None
    assert (seen.line.position, seen.line.points) == (1, 180)
    assert seen.product == found.world.socket
    assert seen.version == found.world.rules
    assert seen.recomputed == seen.posting.points == 180
    assert seen.purchase is not None


def test_the_second_decision_of_a_claim_is_not_taken_for_the_first(session: Session) -> None:
    found = scenes.scene(session)
    first = scenes.bought(session, found, sockets=4)
    review = undoing.undo(
        session, decision_id=first.id, clerk=found.world.clerk, at=NOON + timedelta(hours=2)
    )
    lines = queries.list_lines(session, first.claim_id)
    second = decisions.decide(
        session,
        review=review,
        clerk=found.world.clerk,
        verdicts=[LineVerdict(x.id, Verdict.APPROVE) for x in lines if x.product_id],
        at=NOON + timedelta(hours=3),
    )
    program_id = found.world.program.id
    rows = postings_of(session, found.firms[0].id)
    by_kind = {
        (row.kind, row.reference.endswith(":2")): tracing.trace(
            session, program_id=program_id, posting_id=row.posting_id
        ).decision
        for row in rows
    }
    assert by_kind[TransactionKind.AWARD, False] == first
    assert by_kind[TransactionKind.CORRECTION, False] == first
    assert by_kind[TransactionKind.AWARD, True] == second


def test_a_held_reward_leads_to_its_order(session: Session) -> None:
    found = scenes.scene(session)
    make.give_points(session, found.world, 1_000)
    order = make.place(session, found.world, make.stocked_reward(session, found.world))
    hold = next(
        r for r in postings_of(session, found.firms[0].id) if r.kind is TransactionKind.HOLD
    )
    seen = tracing.trace(session, program_id=found.world.program.id, posting_id=hold.posting_id)
    assert seen.redemption == order
    assert seen.claim is None


def test_a_posting_of_another_programme_is_not_found(session: Session) -> None:
    ours, theirs = scenes.scene(session), scenes.scene(session)
    scenes.bought(session, theirs)
    [row] = postings_of(session, theirs.firms[0].id)
    with pytest.raises(tracing.PostingNotFound):
        tracing.trace(session, program_id=ours.world.program.id, posting_id=row.posting_id)
    with pytest.raises(tracing.PostingNotFound):
        tracing.trace(session, program_id=ours.world.program.id, posting_id=10**12)
    assert tracing.list_postings(session, program_id=ours.world.program.id) == []


def test_everything_holds_after_a_day_of_work(session: Session) -> None:
    found = scenes.scene(session)
    for firm in found.firms:
        scenes.bought(session, found, firm, boards=1)
    undone = scenes.bought(session, found)
    undoing.undo(
        session, decision_id=undone.id, clerk=found.world.clerk, at=NOON + timedelta(hours=2)
    )
    make.give_points(session, found.world, 1_000)
    make.place(session, found.world, make.stocked_reward(session, found.world))
    shown = {p.name: p for p in proofs.prove(session, program_id=found.world.program.id, key=KEY)}
    assert all(proof.holds for proof in shown.values()), shown
    # The gift of the test is no decision: it is in the ledger, and in no claim.
    assert shown["where"].left == shown["decisions"].left + 1_000  # type: ignore[operator]


def test_an_event_that_is_missing_breaks_the_chain(session: Session) -> None:
    found = scenes.scene(session)
    scenes.bought(session, found)
    program_id = found.world.program.id
    assert proofs.prove(session, program_id=program_id, key=KEY)[0].holds
    # The head says more than the entries: somebody took the last ones away.
    head = session.get_one(audit.AuditHead, chain(program_id))
    head.seq += 1
    session.add(head)
    session.flush()
    broken = proofs.prove(session, program_id=program_id, key=KEY)[0]
    assert not broken.holds
    assert "the head says" in broken.faults[0]


def test_claims_that_disagree_with_their_lines_are_noticed(session: Session) -> None:
    found = scenes.scene(session)
    decision = scenes.bought(session, found)
    claim = scenes.claim_of(session, decision)
    claim.points += 7
    session.add(claim)
    session.flush()
    shown = {p.name: p for p in proofs.prove(session, program_id=found.world.program.id, key=KEY)}
    assert not shown["lines"].holds
    assert (shown["lines"].left, shown["lines"].right) == (claim.points - 7, claim.points)


def test_a_decision_that_the_ledger_does_not_know_is_noticed(postgres: EmbeddedPostgres) -> None:
    """Only the database's owner can change a decision at all."""
    engine = make_engine(postgres.url(OWNER))
    with engine.connect() as connection, connection.begin() as transaction:
        connection.exec_driver_sql("ALTER TABLE decision DISABLE TRIGGER guard_decided")
        with Session(connection, join_transaction_mode="create_savepoint") as session:
            found = scenes.scene(session)
            decision = scenes.bought(session, found)
            decision.points += 5
            session.add(decision)
            session.flush()
            proven = proofs.prove(session, program_id=found.world.program.id, key=KEY)
            assert not {proof.name: proof for proof in proven}["decisions"].holds
        transaction.rollback()
    engine.dispose()
