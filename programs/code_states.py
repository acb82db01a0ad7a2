"""The life of a batch of product codes, and what a single code of it is. Pure."""

from __future__ import annotations

from collections.abc import Mapping
from enum import StrEnum
from types import MappingProxyType

from core.errors import IllegalTransition


class BatchStatus(StrEnum):
    PLANNED = "planned"  # so many codes are wanted; none exists yet
    ISSUED = "issued"  # made and handed out once; they do not work before the goods are shipped
    ACTIVE = "active"
    VOID = "void"


class CodeState(StrEnum):
    ISSUED = "issued"
    ACTIVE = "active"
    USED = "used"
    VOID = "void"


S = BatchStatus
TRANSITIONS: Mapping[BatchStatus, frozenset[BatchStatus]] = MappingProxyType(
    {
        S.PLANNED: frozenset({S.ISSUED, S.VOID}),
        S.ISSUED: frozenset({S.ACTIVE, S.VOID}),
        S.ACTIVE: frozenset({S.VOID}),
        S.VOID: frozenset(),
    }
)


def check(current: BatchStatus, target: BatchStatus) -> None:
    """Raise `IllegalTransition` unless the table has the step."""
    if target not in TRANSITIONS[current]:
        raise IllegalTransition(
            f"A batch that is {current} cannot become {target}.", current=current, target=target
        )


def state_of(batch: BatchStatus, *, used: bool) -> CodeState:
    """A used code stays used whatever becomes of its batch."""
    if used:
        return CodeState.USED
    return {
        S.PLANNED: CodeState.ISSUED,
        S.ISSUED: CodeState.ISSUED,
        S.ACTIVE: CodeState.ACTIVE,
        S.VOID: CodeState.VOID,
    }[batch]
