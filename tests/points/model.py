"""The ledger of one programme in plain Python: what the database must agree with. No SQL here."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date, timedelta

GRACE = timedelta(days=30)


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
        self._take(person, lot, own, from_expired, others)
        person.debt += owed
        lot.taken += points
        self.reversed += points
        return own + others, from_expired, owed

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

    def _take(self, person: Person, lot: Lot, own: int, from_expired: int, others: int) -> None:
        lot.left -= own
        lot.expired -= from_expired
        self.expired -= from_expired
        person.use(others)

    def adjust(self, who: int, reference: str, points: int, expires_on: date) -> bool:
        if points > 0:
            self.award(who, reference, points, expires_on)
            return True
        if self.people[who].active < -points:
            return False
        self.people[who].use(-points)
        self.reversed -= points
        return True
