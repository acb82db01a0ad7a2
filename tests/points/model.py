"""The ledger of one programme in plain Python: what the database must agree with. No SQL here."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date, timedelta
from typing import Any

GRACE = timedelta(days=30)


def sums(one: tuple[int, int, int], other: tuple[int, int, int]) -> tuple[int, int, int]:
    return one[0] + other[0], one[1] + other[1], one[2] + other[2]


@dataclass(slots=True)
class Lot:
    """Points of one award: still there, used, expired; `taken` is what corrections took of it."""

    number: int
    points: int
    expires_on: date
    left: int = 0
    expired: int = 0
    taken: int = 0
    paid_debt: int = 0
    graced: bool = False
    # What corrections found in the account, in what had expired, and as a debt; and which other
    # lots stood in for what of it was spent.
    found: tuple[int, int, int] = (0, 0, 0)
    stood_in: list[list[Any]] = field(default_factory=list)

    def put_off(self, today: date) -> None:
        if self.expires_on <= today:
            self.expires_on, self.graced = today + GRACE, True


@dataclass(slots=True)
class Order:
    points: int
    uses: list[tuple[Lot, int]]
    open: bool = True


@dataclass(slots=True)
class Person:
    """A participant: lots, orders, what is owed."""

    lots: dict[str, Lot] = field(default_factory=dict)
    orders: dict[int, Order] = field(default_factory=dict)
    debt: int = 0

    @property
    def active(self) -> int:
        return sum(lot.left for lot in self.lots.values())

    @property
    def held(self) -> int:
        return sum(order.points for order in self.orders.values() if order.open)

    def good(self, today: date) -> int:
        return sum(lot.left for lot in self.lots.values() if lot.expires_on >= today)

    def oldest(self) -> list[Lot]:
        return sorted(
            (lot for lot in self.lots.values() if lot.left),
            key=lambda lot: (lot.expires_on, lot.number),
        )

    def use(self, points: int, today: date = date.min) -> list[tuple[Lot, int]]:
        """Take points from the oldest lots; the caller looked that they are there."""
        uses = []
        for lot in self.oldest():
            if lot.expires_on < today:
                continue
            part = min(points, lot.left)
            if part:
                lot.left -= part
                points -= part
                uses.append((lot, part))
        assert points == 0
        return uses

    def pay_debt(self, points: int) -> int:
        paid = min(self.debt, points)
        self.debt -= paid
        return paid


@dataclass(slots=True)
class Model:
    """Totals of the programme and its people."""

    people: dict[int, Person]
    issued: int = 0
    spent: int = 0
    expired: int = 0
    reversed: int = 0
    lots: int = 0
    # What each branch has, and what each of its rewards brought: those are in no lots.
    branches: dict[int, int] = field(default_factory=dict)
    rewards: dict[str, tuple[int, int]] = field(default_factory=dict)

    def reward(self, branch: int, reference: str, points: int) -> None:
        self.branches[branch] = self.branches.get(branch, 0) + points
        self.rewards[reference] = (branch, points)
        self.issued += points

    def take_reward_back(self, reference: str) -> None:
        branch, points = self.rewards.pop(reference)
        self.branches[branch] -= points
        self.reversed += points

    def award(self, who: int, reference: str, points: int, expires_on: date) -> None:
        person = self.people[who]
        self.lots += 1
        lot = Lot(self.lots, points, expires_on, left=points)
        person.lots[reference] = lot
        self.issued += points
        lot.paid_debt = person.pay_debt(points)
        lot.left -= lot.paid_debt

    def hold(self, who: int, order: int, points: int, today: date) -> bool:
        person = self.people[who]
        if person.good(today) < points:
            return False
        person.orders[order] = Order(points, person.use(points, today))
        return True

    def capture(self, who: int, order: int) -> None:
        found = self.people[who].orders[order]
        found.open = False
        self.spent += found.points

    def release(self, who: int, order: int, today: date, grace: bool) -> None:
        person = self.people[who]
        found = person.orders[order]
        found.open = False
        for lot, part in found.uses:
            lot.left += part
            if grace and not lot.graced and lot.expires_on <= today:
                lot.expires_on, lot.graced = today + GRACE, True
        person.use(person.pay_debt(found.points))

    def expire(self, who: int, today: date) -> int:
        gone = 0
        for lot in self.people[who].lots.values():
            if lot.expires_on < today:
                gone += lot.left
                lot.expired += lot.left
                lot.left = 0
        self.expired += gone
        return gone

    def reverse(self, who: int, reference: str, points: int) -> tuple[int, int, int] | None:
        """(from active, from expired, to debt), or None when the award gave fewer points."""
        person = self.people[who]
        lot = person.lots[reference]
        if lot.taken + points > lot.points:
            return None
        own, from_expired, others, owed = self._split(person, lot, points)
        uses = self._take(person, lot, own, from_expired, others)
        person.debt += owed
        lot.taken += points
        self.reversed += points
        found = own + others, from_expired, owed
        lot.found = sums(lot.found, found)
        lot.stood_in += [[other, part] for other, part in uses]
        return found

    def restore(
        self, who: int, of: str, reference: str, points: int, today: date
    ) -> tuple[int, int, int] | None:
        """By where it had been found; None when less was taken, or the rest is undone."""
        person = self.people[who]
        lot = person.lots[of]
        active, expired, debt = lot.found
        if points > sum(lot.found) or lot.taken > sum(lot.found):
            return None
        off = min(points, debt)
        back = min(points - off, expired)
        again = points - off - back
        lot.found = (active - again, expired - back, debt - off)
        lot.taken -= points
        self.reversed -= points
        self.expired += back
        lot.expired += back
        left = again
        for use in sorted(lot.stood_in, key=lambda use: (use[0].expires_on, use[0].number))[::-1]:
            part = min(left, use[1])
            if part:
                use[1] -= part
                use[0].left += part
                use[0].put_off(today)
                left -= part
        lot.left += left
        if left:
            lot.put_off(today)
        paid = person.pay_debt(off)
        if off > paid:
            self.lots += 1
            last = max(lot.expires_on, today + GRACE)
            person.lots[reference] = Lot(self.lots, off - paid, last, left=off - paid)
        beside = person.pay_debt(again + off - paid)
        own = min(beside, lot.left)
        lot.left -= own
        lot.paid_debt += own
        person.use(beside - own)
        return again, back, off

    def undo(self, who: int, reference: str) -> bool:
        """Void the rest of an award; False when nothing is left of it, or it was spent."""
        person = self.people[who]
        lot = person.lots[reference]
        rest = lot.points - lot.taken
        own, from_expired, others, owed = self._split(person, lot, rest)
        if rest == 0 or owed > lot.paid_debt:
            return False
        self._take(person, lot, own, from_expired, others)
        person.debt += owed
        lot.taken += rest
        self.issued -= rest
        return True

    def _split(self, person: Person, lot: Lot, points: int) -> tuple[int, int, int, int]:
        own = min(points, lot.left)
        from_expired = min(points - own, lot.expired)
        others = min(points - own - from_expired, person.active - own)
        return own, from_expired, others, points - own - from_expired - others

    def _take(
        self, person: Person, lot: Lot, own: int, from_expired: int, others: int
    ) -> list[tuple[Lot, int]]:
        lot.left -= own
        lot.expired -= from_expired
        self.expired -= from_expired
        return person.use(others)

    def adjust(self, who: int, reference: str, points: int, expires_on: date) -> bool:
        if points > 0:
            self.award(who, reference, points, expires_on)
            return True
        if self.people[who].active < -points:
            return False
        self.people[who].use(-points)
        self.reversed -= points
        return True
