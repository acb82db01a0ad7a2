"""Steps of claims for the state machine: decided, appealed, undone, returned, all under a cap.

The points come from the rules of the product, and from one line of arithmetic; the ledger gets
them by the same calls, and under the same references, as from decisions.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from datetime import date, timedelta
from decimal import Decimal
from enum import StrEnum
from typing import Any, ClassVar
from uuid import UUID

import pytest
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, precondition, rule
from sqlmodel import Session

from points import reversals, service
from points.ledger import InsufficientPoints, ReferenceReused
from programs.policy import (
    Cap,
    EarningLine,
    PerUnit,
    Rules,
    Standing,
    Tally,
    evaluate_claim,
    judge_again,
)
from tests.points.model import Model

RATE, CAP, VALID = 3, 100, timedelta(days=45)
RULES = Rules(
    base=(PerUnit(clause="sztuka", points=Decimal(RATE)),), participant_caps=(Cap(points=CAP),)
)


class Deed(StrEnum):
    """What is counted, so that a run without it is noticed."""

    PAID_ON_APPEAL = "paid on appeal"
    CAPPED_ON_APPEAL = "cut by the cap on appeal"
    RETURNED_AFTER_APPEAL = "returned after an appeal"
    UNDONE = "undone"


@dataclass(slots=True)
class Paid:
    """A line that a decision or an appeal paid: the units that are left of it, and its points."""

    facts: EarningLine
    units: int
    points: int
    reference: str


@dataclass(slots=True)
class Claim:
    """One claim of `read` units, bought on one day; `rest` are those that nobody counted."""

    id: UUID
    who: int
    bought: date
    read: int
    rest: int = 0
    paid: list[Paid] = field(default_factory=list)
    turn: int = 1
    decided: bool = False
    appealed: bool = False

    def reference(self) -> str:
        turn = f":{self.turn}" if self.turn > 1 else ""
        return f"claim:{self.id}:line:{len(self.paid) + 1}:award{turn}"


class Claiming(RuleBasedStateMachine):
    """What claims add to the machine of points, which says who takes part and what day it is."""

    session: Session
    program: UUID
    people: list[UUID]
    model: Model
    today: date
    at: Any
    numbers: Iterator[int]
    claims: list[Claim]
    claimed: set[str]
    done: ClassVar[Counter[Deed]] = Counter()

    def attempt(self, expected: bool, act: Callable[[], Any], refusal: type[Exception]) -> Any:
        """Do it, or see it refused; what a refusal did is rolled back, as a request's would be."""
        if expected:
            return act()
        with pytest.raises(refusal), self.session.begin_nested():
            act()
        return None

    def claims_that(self, fits: Callable[[Claim], object]) -> list[Claim]:
        return [claim for claim in self.claims if fits(claim)]

    def _lines(self, who: int) -> list[tuple[Claim, Paid]]:
        return [(c, line) for c in self.claims if c.who == who for line in c.paid if line.units]

    def _tally(self, who: int, but: Claim | None = None) -> Tally:
        tally = Tally()
        for claim, line in self._lines(who):
            if claim is not but:
                tally.add(
                    sku="A",
                    family="Nova",
                    purchased_on=claim.bought,
                    units=Decimal(line.units),
                    points=line.points,
                )
        return tally

    def _pay(self, claim: Claim, units: int, again: bool) -> None:
        """Units of a claim that were paid by no decision before, as one line of its own."""
        asked = EarningLine(
            sku="A",
            family="Nova",
            units=Decimal(units),
            purchased_on=claim.bought,
            partner_nip="",
        )
        [judged] = evaluate_claim(
            RULES,
            [asked],
            earlier=self._tally(claim.who),
            beside=[line.facts for line in claim.paid if line.units],
        )
        month = (claim.bought.year, claim.bought.month)
        had = sum(
            line.points
            for other, line in self._lines(claim.who)
            if (other.bought.year, other.bought.month) == month
        )
        points = judged.award.points
        assert points == min(units * RATE, CAP - had)
        reference, expires_on = claim.reference(), self.today + VALID
        claim.paid.append(Paid(judged.line, units, points, reference))
        if not points:
            return
        for first in (True, False)[: 1 + again]:
            posted = service.award(
                self.session,
                reference=reference,
                program_id=self.program,
                participant_id=self.people[claim.who],
                points=points,
                expires_on=expires_on,
                at=self.at,
            )
            assert posted is first
        self.model.award(claim.who, reference, points, expires_on)
        self.claimed.add(reference)

    def awards_agree(self, claim: Claim) -> None:
        """What is left of a claim's awards is what its lines have."""
        left = reversals.list_left(self.session, [line.reference for line in claim.paid])
        assert [left.get(line.reference, 0) for line in claim.paid] == [
            line.points for line in claim.paid
        ]

    @rule(
        who=st.integers(0, 2),
        read=st.integers(1, 40),
        accepted=st.integers(0, 40),
        data=st.data(),
        again=st.booleans(),
    )
    def decide(self, who: int, read: int, accepted: int, data: st.DataObject, again: bool) -> None:
        """A new claim, or one whose decision was undone; some of its units may be refused."""
        undone = self.claims_that(lambda claim: not claim.decided)
        if undone:
            claim = data.draw(st.sampled_from(undone))
        else:
            id = UUID(int=self.people[0].int + (next(self.numbers) << 96))
            claim = Claim(id, who, self.today, read)
            self.claims.append(claim)
        counted = min(accepted, claim.read)
        claim.decided, claim.rest = True, claim.read - counted
        if counted:
            self._pay(claim, counted, again)
            self.awards_agree(claim)

    @precondition(lambda self: self.claims_that(_may_appeal))
    @rule(data=st.data(), again=st.booleans(), wins=st.booleans())
    def appeal(self, data: st.DataObject, again: bool, wins: bool) -> None:
        """Once for a claim; what was paid stays, the rest is paid under the same cap."""
        claim = data.draw(st.sampled_from(self.claims_that(_may_appeal)))
        claim.appealed = True
        if wins:
            before = [(line.reference, line.points) for line in claim.paid]
            self._pay(claim, claim.rest, again)
            paid = claim.paid[-1]
            self.done[Deed.PAID_ON_APPEAL] += paid.points > 0
            self.done[Deed.CAPPED_ON_APPEAL] += paid.points < paid.units * RATE
            claim.rest = 0
            assert [(x.reference, x.points) for x in claim.paid[:-1]] == before
            self.awards_agree(claim)

    @precondition(lambda self: self.claims_that(_has_units))
    @rule(data=st.data(), units=st.integers(1, 12), again=st.booleans())
    def goods_return(self, data: st.DataObject, units: int, again: bool) -> None:
        """Units of a line come back, before an appeal or after it, of the line that it brought."""
        claim = data.draw(st.sampled_from(self.claims_that(_has_units)))
        line = data.draw(st.sampled_from([line for line in claim.paid if line.units]))
        line.units -= min(units, line.units)
        kept = judge_again(
            RULES,
            [Standing(x.facts, Decimal(x.units), x.points) for x in claim.paid],
            elsewhere=self._tally(claim.who, but=claim),
        )
        for each, judged in zip(claim.paid, kept, strict=True):
            fall, each.facts = each.points - judged.award.points, judged.line
            each.points = judged.award.points
            assert each.points == min(each.points + fall, each.units * RATE)
            if not fall:
                continue
            self.done[Deed.RETURNED_AFTER_APPEAL] += claim.appealed
            expected = self.model.reverse(claim.who, each.reference, fall)
            reference = f"correction:{self.people[0]}:line:{next(self.numbers)}"
            for first in (True, False)[: 1 + again]:
                found = reversals.reverse(
                    self.session, of=each.reference, reference=reference, points=fall, at=self.at
                )
                assert (found.from_active, found.from_expired, found.to_debt) == expected
                assert found.new is first
            if again:
                with pytest.raises(ReferenceReused):
                    reversals.reverse(
                        self.session,
                        of=each.reference,
                        reference=reference,
                        points=fall + 1,
                        at=self.at,
                    )
        self.awards_agree(claim)

    @precondition(lambda self: self.claims_that(_may_be_undone))
    @rule(data=st.data())
    def undo_decision(self, data: st.DataObject) -> None:
        """Until the points are spent; the next decision's award has a turn of its own."""
        claim = data.draw(st.sampled_from(self.claims_that(_may_be_undone)))
        [line] = claim.paid
        had = line.points
        expected = not had or self.model.undo(claim.who, line.reference)
        happened = self.attempt(
            expected,
            lambda: reversals.take_back(
                self.session, of=line.reference, reference=f"{line.reference}:undo", at=self.at
            ),
            InsufficientPoints,
        )
        if not expected:
            return
        self.done[Deed.UNDONE] += 1
        assert happened is bool(had)
        line.points = 0
        self.awards_agree(claim)
        claim.paid, claim.rest, claim.decided = [], 0, False
        claim.turn += 1


def _may_appeal(claim: Claim) -> object:
    return claim.rest and not claim.appealed


def _has_units(claim: Claim) -> object:
    return any(line.units for line in claim.paid)


def _may_be_undone(claim: Claim) -> object:
    """Without an appeal there is one line; what came back of it stays back."""
    return len(claim.paid) == 1 and not claim.appealed and claim.paid[0].units
