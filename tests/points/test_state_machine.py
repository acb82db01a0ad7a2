"""Ten thousand steps of everything that moves points, each compared with a model in plain Python.

After every step the rules hold, in the model and, asked in SQL, in the database: issued = active +
held + branches + spent + expired + reversed − debt; nobody below zero; one award, one hold.
"""

from __future__ import annotations

from collections import Counter
from datetime import date, timedelta
from functools import partial
from itertools import count
from math import ceil
from typing import Any
from uuid import UUID

import pytest
import sqlalchemy as sa
from hypothesis import HealthCheck, Phase, Verbosity, settings
from hypothesis import strategies as st
from hypothesis.stateful import (
    initialize,
    invariant,
    precondition,
    rule,
    run_state_machine_as_test,
)
from sqlmodel import Session

from points import addresses, adjustments, expiry, ledger, proofs, restoring, reversals, service
from points.adjustments import Account, NotEnoughToTake
from points.ledger import InsufficientPoints, Move, ReferenceReused
from points.restoring import MoreThanTaken
from points.reversals import MoreThanAwarded
from points.tables import TransactionKind
from tests import make
from tests.conftest import NOON
from tests.points.claiming import CAP, Claiming, Deed
from tests.points.model import Model, Person

PEOPLE, BRANCHES = 3, 2
WANTED, STEPS = 10_000, 100
amounts = st.integers(1, 120)
someone = st.integers(0, PEOPLE - 1)
_worlds = count(1)

# Every account of the programme at once: its balance, its postings added up, what its lots have.
_BOOKS = sa.text(
    """
    SELECT a.address, a.balance,
      coalesce((SELECT sum(points) FROM posting WHERE destination = a.address), 0)::bigint
      - coalesce((SELECT sum(points) FROM posting WHERE source = a.address), 0)::bigint,
      coalesce((SELECT sum(remaining) FROM point_lot WHERE account = a.address), 0)::bigint
    FROM ledger_account a WHERE a.program_id = :program
    """
)


class Points(Claiming):
    """One programme, three people; every action goes to the product and to the model."""

    world: make.World
    staff: UUID
    steps = 0

    @initialize()
    def begin(self) -> None:
        self.example = self.session.begin_nested()
        # A programme and people of its own: what the examples before left is not read again.
        self.program = UUID(int=0xDEF0000 + next(_worlds))
        self.owner = self.world.participant.person_id
        self.people = [UUID(int=0xABC0000 + next(_worlds)) for _ in range(PEOPLE)]
        self.model = Model({number: Person() for number in range(PEOPLE)})
        self.today = date(2026, 11, 20)
        self.numbers = count(1)
        self.claims, self.claimed = [], set()
        self.adjusted = 0

    def teardown(self) -> None:
        if hasattr(self, "example"):
            assert proofs.faults(self.session) == []
            self.example.rollback()

    @property
    def at(self) -> Any:
        return NOON + (self.today - NOON.date())

    def _awards(self, who: int) -> list[str]:
        """Those of no claim: a claim's lines lose points by what happens to the claim."""
        return sorted(self.model.people[who].lots.keys() - self.claimed)

    def _taken(self, who: int) -> list[str]:
        lots = self.model.people[who].lots
        return [of for of in self._awards(who) if sum(lots[of].found)]

    def _open(self, who: int) -> list[int]:
        return [n for n, order in self.model.people[who].orders.items() if order.open]

    @rule(who=someone, points=amounts, days=st.integers(1, 90), again=st.booleans())
    def award(self, who: int, points: int, days: int, again: bool) -> None:
        reference = f"claim:{self.people[who]}:line:{next(self.numbers)}:award"
        expires_on = self.today + timedelta(days=days)
        for first in (True, False)[: 1 + again]:  # A retry awards nothing more.
            posted = service.award(
                self.session,
                reference=reference,
                program_id=self.program,
                participant_id=self.people[who],
                points=points,
                expires_on=expires_on,
                at=self.at,
            )
            assert posted is first
        self.model.award(who, reference, points, expires_on)

    def _order_id(self, number: int) -> UUID:
        return UUID(int=(self.people[0].int << 32) + number)

    @rule(who=someone, points=amounts)
    def hold(self, who: int, points: int) -> None:
        number = next(self.numbers)
        act = partial(
            service.hold,
            self.session,
            participant_id=self.people[who],
            redemption_id=self._order_id(number),
            points=points,
            at=self.at,
        )
        self.attempt(self.model.hold(who, number, points, self.today), act, InsufficientPoints)

    @precondition(lambda self: any(self._open(who) for who in range(PEOPLE)))
    @rule(data=st.data(), spend=st.booleans(), grace=st.booleans())
    def close_order(self, data: st.DataObject, spend: bool, grace: bool) -> None:
        who, number = data.draw(
            st.sampled_from([(w, n) for w in range(PEOPLE) for n in self._open(w)])
        )
        points = self.model.people[who].orders[number].points
        order = self._order_id(number)
        if spend:
            service.capture(
                self.session,
                program_id=self.program,
                redemption_id=order,
                points=points,
                reference=f"redemption:{order}:capture",
                at=self.at,
            )
            self.model.capture(who, number)
        else:
            service.release(
                self.session,
                participant_id=self.people[who],
                redemption_id=order,
                points=points,
                reference=f"redemption:{order}:release",
                at=self.at,
                grace=grace,
            )
            self.model.release(who, number, self.today, grace)

    @precondition(lambda self: any(self._awards(who) for who in range(PEOPLE)))
    @rule(data=st.data(), points=amounts, again=st.booleans())
    def correct(self, data: st.DataObject, points: int, again: bool) -> None:
        who, of = data.draw(
            st.sampled_from([(w, ref) for w in range(PEOPLE) for ref in self._awards(w)])
        )
        reference = f"correction:{self.people[0]}:line:{next(self.numbers)}"
        expected = self.model.reverse(who, of, points)
        act = partial(reversals.reverse, self.session, of=of, reference=reference, at=self.at)
        found = self.attempt(expected is not None, partial(act, points=points), MoreThanAwarded)
        if expected is None:
            return
        assert (found.from_active, found.from_expired, found.to_debt) == expected
        if again:
            assert not act(points=points).new
            with pytest.raises(ReferenceReused):
                act(points=points + 1)

    @precondition(lambda self: any(self._taken(who) for who in range(PEOPLE)))
    @rule(data=st.data(), points=amounts, again=st.booleans())
    def give_back(self, data: st.DataObject, points: int, again: bool) -> None:
        """A later correction sells again what an earlier one took."""
        who, of = data.draw(
            st.sampled_from([(w, ref) for w in range(PEOPLE) for ref in self._taken(w)])
        )
        reference = f"correction:{self.people[0]}:line:{next(self.numbers)}"
        expected = self.model.restore(who, of, reference, points, self.today)
        act = partial(restoring.restore, self.session, of=of, reference=reference, at=self.at)
        found = self.attempt(expected is not None, partial(act, points=points), MoreThanTaken)
        if expected is None:
            return
        assert (found.to_active, found.to_expired, found.off_debt) == expected
        if again:
            assert not act(points=points).new
            with pytest.raises(ReferenceReused):
                act(points=points + 1)

    @precondition(lambda self: any(self._awards(who) for who in range(PEOPLE)))
    @rule(data=st.data())
    def undo(self, data: st.DataObject) -> None:
        who, of = data.draw(
            st.sampled_from([(w, ref) for w in range(PEOPLE) for ref in self._awards(w)])
        )
        lot = self.model.people[who].lots[of]
        gone = lot.taken == lot.points
        expected = self.model.undo(who, of)
        act = partial(reversals.take_back, self.session, of=of, reference=f"{of}:undo", at=self.at)
        happened = self.attempt(expected or gone, act, InsufficientPoints)
        assert bool(happened) is expected

    # With its audit and its message the dearest step by far: a few of them in an example.
    @precondition(lambda self: self.adjusted < 5)
    @rule(who=someone, points=st.integers(-80, 80).filter(bool), days=st.integers(1, 60))
    def adjust(self, who: int, points: int, days: int) -> None:
        account = Account(
            program_id=self.program,
            participant_id=self.people[who],
            person_id=self.owner,
            chain=f"program:{self.program}",
            limit=10**6,
            valid_days=days,
        )
        self.adjusted += 1
        number = next(self.numbers)
        expected = self.model.adjust(
            who, f"adjustment-{number}", points, self.today + timedelta(days=days)
        )
        act = partial(
            adjustments.propose,
            self.session,
            account=account,
            points=points,
            reason="Próba modelu",
            requested_by=self.staff,
            actor="person:test",
            at=self.at,
        )
        made = self.attempt(expected, act, NotEnoughToTake)
        if expected and points > 0:
            lots = self.model.people[who].lots
            lots[f"adjustment:{made.id}"] = lots.pop(f"adjustment-{number}")

    @rule(branch=st.integers(0, BRANCHES - 1), points=amounts, again=st.booleans())
    def reward_a_branch(self, branch: int, points: int, again: bool) -> None:
        """For work that a branch verified: a claim that is decided on appeal may bring another."""
        reference = f"partner-reward:decision:{self.people[0]}-{next(self.numbers)}"
        move = Move(addresses.issued(self.program), self._branch(branch), points)
        for first in (True, False)[: 1 + again]:
            assert self._post(reference, move) is first
        if again:
            with pytest.raises(ReferenceReused):
                self._post(reference, Move(move.source, move.destination, points + 1))
        self.model.reward(branch, reference, points)

    @precondition(lambda self: bool(self.model.rewards))
    @rule(data=st.data(), more=st.booleans())
    def take_a_reward_back(self, data: st.DataObject, more: bool) -> None:
        """Its decision was undone; more than the branch has, nobody takes."""
        reference = data.draw(st.sampled_from(sorted(self.model.rewards)))
        branch, points = self.model.rewards[reference]
        account, back = self._branch(branch), addresses.reversed_(self.program)
        if more:
            move = Move(account, back, self.model.branches[branch] + 1)
            act = partial(self._post, f"{reference}:too-many-{next(self.numbers)}", move)
            self.attempt(False, act, InsufficientPoints)
        assert self._post(f"{reference}:back", Move(account, back, points))
        self.model.take_reward_back(reference)

    def _branch(self, branch: int) -> str:
        return addresses.branch(UUID(int=self.people[0].int + (branch + 1 << 64)), self.program)

    def _post(self, reference: str, move: Move) -> bool:
        return ledger.post(
            self.session,
            reference=reference,
            kind=TransactionKind.PARTNER_REWARD,
            moves=[move],
            posted_at=self.at,
        )

    @rule(days=st.integers(1, 25))
    def time_passes(self, days: int) -> None:
        self.today += timedelta(days=days)
        due = dict(expiry.list_due(self.session, on=self.today))
        for who, participant_id in enumerate(self.people):
            account = addresses.active(participant_id)
            gone = 0
            if account in due:
                gone = expiry.expire(
                    self.session,
                    account=account,
                    program_id=self.program,
                    on=self.today,
                    at=self.at,
                )
            assert gone == self.model.expire(who, self.today)

    @invariant()
    def the_books_agree(self) -> None:
        if not hasattr(self, "model"):
            return
        type(self).steps += 1
        model, people = self.model, self.model.people.values()
        totals: dict[str, int] = {}
        active = dict.fromkeys(self.people, 0)
        debts = dict.fromkeys(self.people, 0)
        branches = {}
        for address, balance, added, lots in self.session.execute(
            _BOOKS, {"program": self.program}
        ):
            noun = address.split(":")[0]
            totals[noun] = totals.get(noun, 0) + balance
            assert balance == added
            assert balance >= 0 or noun in ("issued", "debt")
            owner = addresses.participant_of(address)
            if noun == "participant" and owner:
                assert balance == lots
                active[owner] = balance
            elif owner:
                debts[owner] = -balance
            elif noun == "partner":
                assert lots == 0
                branches[address] = balance
        assert list(active.values()) == [person.active for person in people]
        assert list(debts.values()) == [person.debt for person in people]
        assert branches == {self._branch(n): left for n, left in model.branches.items()}
        assert -totals.get("issued", 0) == model.issued
        assert totals.get("held", 0) == sum(person.held for person in people)
        assert totals.get("spent", 0) == model.spent
        assert totals.get("expired", 0) == model.expired
        assert totals.get("reversed", 0) == model.reversed
        # issued = active + held + branches + spent + expired + reversed − debt, by the accounts.
        assert sum(totals.values()) == 0
        # Nobody has more for the purchases of a month than the cap, whoever decided when.
        months: dict[tuple[int, int, int], int] = {}
        for claim in self.claims:
            key = (claim.who, claim.bought.year, claim.bought.month)
            months[key] = months.get(key, 0) + sum(line.points for line in claim.paid)
        assert max(months.values(), default=0) <= CAP


def settle(session: Session) -> None:
    """One world for all examples; each is rolled back."""
    Points.session, Points.steps, Points.done = session, 0, Counter()
    Points.world, Points.staff = make.world(session), make.person(session).id


def test_ten_thousand_steps_agree_with_the_model(session: Session) -> None:
    """The number of steps is counted, not assumed."""
    settle(session)
    while Points.steps < WANTED:
        run_state_machine_as_test(
            Points,
            settings=settings(
                # An example ends early now and then: what is missing is run once more.
                max_examples=ceil((WANTED - Points.steps) / STEPS) + 1,
                stateful_step_count=STEPS,
                deadline=None,
                database=None,
                phases=[Phase.explicit, Phase.generate],
                verbosity=Verbosity.quiet,
                suppress_health_check=list(HealthCheck),
            ),
        )
    assert Points.steps >= WANTED
    assert Points.done.keys() == set(Deed)  # The rare ones came about as well.


def test_a_ledger_that_loses_a_point_is_noticed(session: Session) -> None:
    """The negative control: a model that keeps one point less disagrees within a few steps."""
    honest = Model.award

    def careless(self: Model, who: int, reference: str, points: int, expires_on: date) -> None:
        honest(self, who, reference, points, expires_on)
        self.issued -= 1

    settle(session)
    with pytest.MonkeyPatch.context() as patched:
        patched.setattr(Model, "award", careless)
        with pytest.raises(AssertionError):
            run_state_machine_as_test(
                Points,
                settings=settings(
                    max_examples=20,
                    stateful_step_count=10,
                    deadline=None,
                    database=None,
                    phases=[Phase.generate],
                    suppress_health_check=list(HealthCheck),
                ),
            )
