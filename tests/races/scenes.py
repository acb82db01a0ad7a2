"""Many people at once at the same scarce thing: the races of the money path, in any size.

Each scene answers what happened. As a negative control `unlocked` takes the row locks away from
the very same services; tests.races.unguarded takes the walls that are no row locks.
"""

from __future__ import annotations

import threading
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from datetime import date
from functools import partial
from unittest import mock
from uuid import UUID

import sqlalchemy as sa
from sqlalchemy.exc import OperationalError
from sqlmodel import Session, col, select
from sqlmodel.sql.expression import Select as SelectOfRows
from sqlmodel.sql.expression import SelectOfScalar

from claims import queries as claim_queries
from claims import service as claims
from claims.service import QUOTA_FILES_A_DAY
from claims.states import ReasonCode, Verdict
from core.db import Database
from core.errors import DomainError
from logistics.shipment_tables import Carrier
from points import addresses, ledger, proofs, service
from points.tables import LedgerTransaction, TransactionKind
from programs.tables import Participant, Program
from rewards import service as rewards
from rewards.service import Wanted
from rewards.tables import Redemption, Reward
from tests import make
from tests.conftest import NOON
from verification import decisions
from verification.judging import LineVerdict
from verification.queue import Clerk
from verification.tables import Review


@dataclass(frozen=True, slots=True)
class Outcome:
    """How many won, how many were refused in words, what else was said, what `verify` says."""

    won: int
    refused: int
    errors: tuple[str, ...]
    faults: tuple[str, ...]


@contextmanager
def unlocked() -> Iterator[None]:
    """Our services as they are, only that no SELECT locks the rows that it reads."""

    def as_it_is(statement: object, **_: object) -> object:
        return statement

    with (
        mock.patch.object(SelectOfScalar, "with_for_update", as_it_is),
        mock.patch.object(SelectOfRows, "with_for_update", as_it_is),
    ):
        yield


def at_once(jobs: Sequence[Callable[[], str]], *, threads: int) -> Counter[str]:
    """Run jobs by many threads that begin together; what each answered, counted."""
    together = threading.Barrier(min(threads, len(jobs)))
    started = threading.local()

    def run(job: Callable[[], str]) -> str:
        if not getattr(started, "yes", False):
            started.yes = True
            with suppress(threading.BrokenBarrierError):
                together.wait(30)
        return job()

    with ThreadPoolExecutor(min(threads, len(jobs))) as pool:
        return Counter(pool.map(run, jobs))


def attempt(database: Database, act: Callable[[Session], object]) -> str:
    """One request: its transaction, tried again when the database was busy, and what came of it."""
    for _ in range(40):
        try:
            with database.unit_of_work() as session:
                act(session)
            return "won"
        except DomainError as error:
            return f"refused:{error.code}"
        except OperationalError as error:
            # A lock that was waited for too long is answered 503 with Retry-After: they try again.
            if getattr(error.orig, "sqlstate", "") not in ("55P03", "57014", "40P01"):
                return f"error:{error.orig!r}"
        except Exception as error:
            return f"error:{error!r}"
    return "error:never got through"


def outcome(database: Database, answers: Counter[str]) -> Outcome:
    with database.unit_of_work() as session:
        faults = tuple(proofs.faults(session))
    return Outcome(
        won=answers["won"],
        refused=sum(n for answer, n in answers.items() if answer.startswith("refused:")),
        errors=tuple(sorted(answer for answer in answers if answer.startswith("error:"))),
        faults=faults,
    )


def approvals(database: Database, *, claims: int, times: int, threads: int) -> tuple[Outcome, int]:
    """A2: each of `claims` approved `times` times at once; also how many awards were posted."""
    with database.unit_of_work() as session:
        of = make.world(session)
        # One person may send so many files a day.
        people = [_buyer(session, of, 1) for _ in range(-(-claims // QUOTA_FILES_A_DAY))]
        reviews = [
            make.read(
                session,
                make.submitted(session, of, participant=people[n % len(people)]),
                make.reading(of, number=f"FV/{n}/26"),
            ).id
            for n in range(claims)
        ]

    def approve(review_id: UUID) -> str:
        return attempt(database, lambda session: _approve(session, of.clerk, review_id))

    jobs = [lambda r=review: approve(r) for review in reviews for _ in range(times)]
    answers = at_once(jobs, threads=threads)
    with database.unit_of_work() as session:
        awards = session.exec(
            select(sa.func.count())
            .select_from(LedgerTransaction)
            .where(
                LedgerTransaction.kind == TransactionKind.AWARD,
                col(LedgerTransaction.reference).not_like("start:%"),
            )
        ).one()
    return outcome(database, answers), int(awards)


def _approve(session: Session, clerk: Clerk, review_id: UUID) -> None:
    review = session.get_one(Review, review_id)
    lines = claim_queries.list_lines(session, review.claim_id)
    decisions.decide(
        session,
        review=review,
        clerk=clerk,
        verdicts=[LineVerdict(x.id, Verdict.APPROVE) for x in lines if x.product_id],
        at=NOON,
    )


def last_rewards(database: Database, *, units: int, people: int, threads: int) -> Outcome:
    """A4: `people` order one piece each of a reward of which there are `units`."""
    with database.unit_of_work() as session:
        of = make.world(session)
        reward = make.stocked_reward(session, of, units=units, price=100)
        carrier = make.carrier(session)
        buyers = [_buyer(session, of, 100) for _ in range(people)]

    def order(buyer: Participant) -> str:
        return attempt(database, lambda session: place(session, of.program, buyer, reward, carrier))

    return outcome(database, at_once([lambda b=b: order(b) for b in buyers], threads=threads))


def _buyer(session: Session, of: make.World, points: int) -> Participant:
    participant = make.programs.enrol(
        session,
        program=of.program,
        person_id=make.person(session).id,
        company_name="Elektro",
        nip=make.nip(),
        voivodeship="30",
        at=NOON,
    )
    service.award(
        session,
        reference=f"start:{participant.id}",
        program_id=of.program.id,
        participant_id=participant.id,
        points=points,
        expires_on=date(2027, 11, 20),
        at=NOON,
    )
    return participant


def place(
    session: Session, program: Program, buyer: Participant, reward: Reward, carrier: Carrier
) -> Redemption:
    return rewards.place(
        session,
        program=program,
        participant=buyer,
        wanted=[Wanted(reward.id, 1, reward.price_points)],
        recipient=make.RECIPIENT,
        carrier=carrier,
        promised_on=date(2026, 11, 27),
        actor="person:test",
        at=NOON,
    )


def spending(
    database: Database, *, points: int, price: int, orders: int, threads: int
) -> tuple[Outcome, int]:
    """A5: one person orders `orders` times at once; also the balance that is left."""
    with database.unit_of_work() as session:
        of = make.world(session)
        reward = make.stocked_reward(session, of, units=orders, price=price)
        carrier = make.carrier(session)
        buyer = _buyer(session, of, points)
    account = addresses.active(buyer.id)

    def order() -> str:
        return attempt(database, lambda session: place(session, of.program, buyer, reward, carrier))

    found = outcome(database, at_once([order] * orders, threads=threads))
    with database.unit_of_work() as session:
        return found, ledger.balance(session, account)


def one_decision(database: Database, *, rounds: int) -> tuple[list[int], Outcome]:
    """A9: approve, reject and cancel the same claim at once; winners of each round."""
    winners = []
    answers: Counter[str] = Counter()
    for number in range(rounds):
        with database.unit_of_work() as session:
            of = make.world(session)
            review = make.awaiting(session, of, number=f"FV/{number}/26")
            acts = _decisions(of, review.id, review.claim_id)
        found = at_once([partial(attempt, database, act) for act in acts], threads=3)
        winners.append(found["won"])
        answers += found
    return winners, outcome(database, answers)


def _decisions(
    of: make.World, review_id: UUID, claim_id: UUID
) -> list[Callable[[Session], object]]:
    """The three that want to decide the same claim."""
    return [
        lambda session: _approve(session, of.clerk, review_id),
        lambda session: _reject(session, of.clerk, review_id),
        lambda session: claims.cancel(
            session,
            claim_id=claim_id,
            participant_id=of.participant.id,
            actor="person:test",
            at=NOON,
        ),
    ]


def _reject(session: Session, clerk: Clerk, review_id: UUID) -> None:
    review = session.get_one(Review, review_id)
    decisions.reject(
        session, review=review, clerk=clerk, reason=ReasonCode.NOT_OUR_DOCUMENT, at=NOON
    )
