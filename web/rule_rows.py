"""The rows of the rules' form as they were typed: one class per kind of rule."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, fields
from typing import Any, ClassVar, TypeVar

MOST_ROWS = 40
LONGEST = 2_000
Sent = Mapping[str, Sequence[str]]


@dataclass(frozen=True, slots=True)
class Row:
    """A row; its fields are sent as `<noun>-<number>-<field>`."""

    noun: ClassVar[str]

    @property
    def empty(self) -> bool:
        return self == type(self)()


@dataclass(frozen=True, slots=True)
class BaseRow(Row):
    """So many points for so many units or zł (`per`)."""

    noun: ClassVar[str] = "base"
    clause: str = ""
    points: str = ""
    units: str = "1"
    per: str = "unit"
    families: tuple[str, ...] = ()
    skus: str = ""


@dataclass(frozen=True, slots=True)
class MultiplierRow(Row):
    noun: ClassVar[str] = "multiplier"
    clause: str = ""
    factor: str = ""
    families: tuple[str, ...] = ()
    skus: str = ""
    stacking: str = "adds"


@dataclass(frozen=True, slots=True)
class CampaignRow(Row):
    noun: ClassVar[str] = "campaign"
    clause: str = ""
    starts_on: str = ""
    ends_on: str = ""
    factor: str = "1"
    bonus: str = "0"
    families: tuple[str, ...] = ()
    skus: str = ""
    partners: tuple[str, ...] = ()
    segments: tuple[str, ...] = ()
    tiers: tuple[str, ...] = ()
    exclusive: bool = False


@dataclass(frozen=True, slots=True)
class FirstRow(Row):
    noun: ClassVar[str] = "first"
    clause: str = ""
    points: str = ""
    families: tuple[str, ...] = ()
    skus: str = ""
    segments: tuple[str, ...] = ()
    exclusive: bool = False
    key: str = ""  # which bonus it is; a new row is a new one
    fresh: bool = False


@dataclass(frozen=True, slots=True)
class BundleRow(Row):
    """Up to three parts; a part without products is not there."""

    noun: ClassVar[str] = "bundle"
    clause: str = ""
    points: str = ""
    most: str = "1"
    units1: str = "1"
    families1: tuple[str, ...] = ()
    skus1: str = ""
    units2: str = "1"
    families2: tuple[str, ...] = ()
    skus2: str = ""
    units3: str = "1"
    families3: tuple[str, ...] = ()
    skus3: str = ""
    exclusive: bool = False
    key: str = ""  # which bonus it is; a new row is a new one
    fresh: bool = False

    @property
    def parts(self) -> tuple[tuple[str, str, tuple[str, ...], str], ...]:
        """Number, units, families and codes of each part."""
        return (
            ("1", self.units1, self.families1, self.skus1),
            ("2", self.units2, self.families2, self.skus2),
            ("3", self.units3, self.families3, self.skus3),
        )


@dataclass(frozen=True, slots=True)
class TargetRow(Row):
    noun: ClassVar[str] = "target"
    clause: str = ""
    points: str = ""
    units: str = ""
    every: str = "month"
    families: tuple[str, ...] = ()
    skus: str = ""
    segments: tuple[str, ...] = ()
    exclusive: bool = False
    key: str = ""  # which bonus it is; a new row is a new one
    fresh: bool = False


@dataclass(frozen=True, slots=True)
class LevelRow(Row):
    noun: ClassVar[str] = "level"
    clause: str = ""
    at_least: str = ""
    factor: str = "1"


@dataclass(frozen=True, slots=True)
class LimitRow(Row):
    """What one participant gets at most in a stretch of days."""

    noun: ClassVar[str] = "limit"
    points: str = ""
    every: str = "month"


KINDS: tuple[type[Row], ...] = (
    BaseRow,
    MultiplierRow,
    CampaignRow,
    FirstRow,
    BundleRow,
    TargetRow,
    LevelRow,
    LimitRow,
)
R = TypeVar("R", bound=Row)


def one(sent: Sent, name: str) -> str:
    """The first value of a field, without spaces around it."""
    return next(iter(sent.get(name, ())), "").strip()[:LONGEST]


def read(kind: type[R], sent: Sent) -> tuple[R, ...]:
    """The rows of a kind, without those whose box "remove" is ticked; one more where asked for."""
    noun, first = kind.noun, fields(kind)[0].name
    rows = [
        kind(**_values(kind, sent, f"{noun}-{number}-"))
        for number in range(MOST_ROWS)
        if f"{noun}-{number}-{first}" in sent and not one(sent, f"{noun}-{number}-removed")
    ]
    if one(sent, "add") == noun:
        rows.append(kind())
    return tuple(rows[:MOST_ROWS])


def _values(kind: type[R], sent: Sent, prefix: str) -> dict[str, Any]:
    found: dict[str, Any] = {}
    for field in fields(kind):
        name = prefix + field.name
        if isinstance(field.default, tuple):
            found[field.name] = tuple(sent.get(name, ()))
        elif isinstance(field.default, bool):
            found[field.name] = bool(one(sent, name))
        else:
            found[field.name] = one(sent, name) or field.default
    return found
