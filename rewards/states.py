"""The life of a redemption as a table."""

from __future__ import annotations

from collections.abc import Mapping
from enum import StrEnum
from types import MappingProxyType

from core.errors import IllegalTransition


class RedemptionStatus(StrEnum):
    PLACED = "placed"
    CONFIRMED = "confirmed"
    ON_HOLD = "on_hold"
    ALLOCATED = "allocated"
    PARTIALLY_ALLOCATED = "partially_allocated"
    BACKORDERED = "backordered"
    IN_FULFILMENT = "in_fulfilment"
    PARTIALLY_SHIPPED = "partially_shipped"
    SHIPPED = "shipped"
    DELIVERED = "delivered"
    COMPLETED = "completed"
    CANCELLED = "cancelled"


R = RedemptionStatus
TRANSITIONS: Mapping[RedemptionStatus, frozenset[RedemptionStatus]] = MappingProxyType(
    {
        R.PLACED: frozenset({R.CONFIRMED, R.ON_HOLD, R.CANCELLED}),
        R.CONFIRMED: frozenset(
            {R.ALLOCATED, R.PARTIALLY_ALLOCATED, R.BACKORDERED, R.ON_HOLD, R.CANCELLED}
        ),
        R.ON_HOLD: frozenset({R.PLACED, R.CONFIRMED, R.ALLOCATED, R.CANCELLED}),
        R.ALLOCATED: frozenset({R.IN_FULFILMENT, R.ON_HOLD, R.CANCELLED}),
        R.PARTIALLY_ALLOCATED: frozenset({R.ALLOCATED, R.IN_FULFILMENT, R.CANCELLED}),
        R.BACKORDERED: frozenset({R.ALLOCATED, R.CANCELLED}),
        R.IN_FULFILMENT: frozenset({R.SHIPPED, R.PARTIALLY_SHIPPED, R.CANCELLED}),
        R.PARTIALLY_SHIPPED: frozenset({R.SHIPPED}),
        R.SHIPPED: frozenset({R.DELIVERED, R.COMPLETED}),
        R.DELIVERED: frozenset({R.COMPLETED}),
        R.COMPLETED: frozenset(),
        R.CANCELLED: frozenset(),
    }
)
# Before picking begins the participant may still change their mind.
PARTICIPANT_MAY_CANCEL = frozenset(
    {R.PLACED, R.CONFIRMED, R.ON_HOLD, R.ALLOCATED, R.PARTIALLY_ALLOCATED, R.BACKORDERED}
)


def check(current: RedemptionStatus, target: RedemptionStatus) -> None:
    """Raise `IllegalTransition` unless the table has the step."""
    if target not in TRANSITIONS[current]:
        raise IllegalTransition(
            f"A redemption that is {current} cannot become {target}.",
            current=current,
            target=target,
        )
