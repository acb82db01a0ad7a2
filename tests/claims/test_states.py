"""The table of a claim's life is complete, and nothing outside it happens."""

from __future__ import annotations

import threading
from concurrent.futures import ThreadPoolExecutor
from itertools import product

import pytest

from claims import service, states
from claims.states import DECIDED, OPEN, ClaimStatus, Verdict
from claims.tables import Claim
from core.db import Database
from core.errors import DomainError, IllegalTransition
from tests import make
from tests.conftest import NOON

PAIRS = list(product(ClaimStatus, ClaimStatus))


@pytest.mark.parametrize(("current", "target"), PAIRS)
def test_only_the_steps_of_the_table_are_allowed(current: ClaimStatus, target: ClaimStatus) -> None:
    if target in states.TRANSITIONS[current]:
        states.check(current, target)
    else:
        with pytest.raises(IllegalTransition):
            states.check(current, target)


def test_every_status_has_its_row_and_is_open_decided_or_ended() -> None:
    assert set(states.TRANSITIONS) == set(ClaimStatus)
    ended = {ClaimStatus.CANCELLED, ClaimStatus.EXPIRED}
    assert OPEN | DECIDED | ended == set(ClaimStatus)
    assert not OPEN & DECIDED


@pytest.mark.parametrize(
    ("verdicts", "expected"),
    [
        ([Verdict.APPROVE, Verdict.APPROVE], ClaimStatus.APPROVED),
        ([Verdict.APPROVE, Verdict.REJECT], ClaimStatus.PARTIALLY_APPROVED),
        ([Verdict.REJECT, Verdict.REJECT], ClaimStatus.REJECTED),
        ([Verdict.ABSTAIN, Verdict.APPROVE], ClaimStatus.PARTIALLY_APPROVED),
    ],
)
def test_a_claim_becomes_what_its_lines_became(
    verdicts: list[Verdict], expected: ClaimStatus
) -> None:
    assert states.outcome(verdicts) is expected


def withdraw(database: Database, *, guarded: bool) -> int:
    """Eight withdrawals of one claim at once; how many believe that they did it."""
    with database.unit_of_work() as session:
        of = make.world(session)
        claim = make.submitted(session, of)
    together = threading.Barrier(8)

    def act(_: int) -> bool:
        together.wait()
        try:
            with database.unit_of_work() as session:
                if guarded:
                    service.cancel(
                        session,
                        claim_id=claim.id,
                        participant_id=of.participant.id,
                        actor="person:test",
                        at=NOON,
                    )
                else:
                    # A row that was read without its lock says nothing about now.
                    seen = session.get_one(Claim, claim.id)
                    naive.wait(10)
                    states.check(seen.status, ClaimStatus.CANCELLED)
        except DomainError:
            return False
        return True

    naive = threading.Barrier(8)
    with ThreadPoolExecutor(8) as pool:
        return list(pool.map(act, range(8))).count(True)


def test_of_eight_withdrawals_at_once_one_is_accepted(real_database: Database) -> None:
    assert withdraw(real_database, guarded=True) == 1


def test_without_the_lock_all_eight_would_be(real_database: Database) -> None:
    assert withdraw(real_database, guarded=False) == 8
