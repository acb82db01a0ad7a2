"""Who belongs to a segment that attributes describe. Pure."""

from __future__ import annotations

from pydantic import Field

from programs.policy_rules import Frozen


class Person(Frozen):
    """What attributes look at. `colleagues` counts the firm's people in the programme."""

    voivodeship: str
    relation: str
    colleagues: int = Field(ge=1)
    tier: str = ""


class Conditions(Frozen):
    """All that is filled in must hold; within one list any will do."""

    voivodeships: tuple[str, ...] = ()
    relations: tuple[str, ...] = ()
    tiers: tuple[str, ...] = ()
    firm_from: int | None = Field(default=None, ge=1)
    firm_to: int | None = Field(default=None, ge=1)

    @property
    def empty(self) -> bool:
        return self == Conditions()

    def admit(self, person: Person) -> bool:
        return (
            (not self.voivodeships or person.voivodeship in self.voivodeships)
            and (not self.relations or person.relation in self.relations)
            and (not self.tiers or person.tier in self.tiers)
            and (self.firm_from is None or person.colleagues >= self.firm_from)
            and (self.firm_to is None or person.colleagues <= self.firm_to)
        )
