"""The state machines of allocations and shipments, as tables."""

from __future__ import annotations

from collections.abc import Mapping
from enum import StrEnum
from types import MappingProxyType

from core.errors import IllegalTransition


class AllocationStatus(StrEnum):
    RESERVED = "reserved"
    PICKED = "picked"
    CONSUMED = "consumed"
    RELEASED = "released"


A = AllocationStatus
ALLOCATION: Mapping[AllocationStatus, frozenset[AllocationStatus]] = MappingProxyType(
    {
        A.RESERVED: frozenset({A.PICKED, A.RELEASED}),
        A.PICKED: frozenset({A.CONSUMED, A.RELEASED}),
        A.CONSUMED: frozenset(),
        A.RELEASED: frozenset(),
    }
)


class ShipmentStatus(StrEnum):
    DRAFT = "draft"
    LABEL_READY = "label_ready"
    HANDED_OVER = "handed_over"
    IN_TRANSIT = "in_transit"
    OUT_FOR_DELIVERY = "out_for_delivery"
    DELIVERY_FAILED = "delivery_failed"
    READY_FOR_PICKUP = "ready_for_pickup"
    PICKUP_EXPIRED = "pickup_expired"
    DELAYED = "delayed"
    DELIVERED = "delivered"
    RETURNING = "returning"
    RETURNED = "returned"
    LOST_DAMAGED = "lost_damaged"
    CANCELLED = "cancelled"


Z = ShipmentStatus
MOVING = frozenset(
    {
        Z.HANDED_OVER,
        Z.IN_TRANSIT,
        Z.OUT_FOR_DELIVERY,
        Z.DELIVERY_FAILED,
        Z.READY_FOR_PICKUP,
        Z.PICKUP_EXPIRED,
        Z.DELAYED,
        Z.RETURNING,
    }
)
# Carriers report late and in any order: among moving states every step is possible.
SHIPMENT: Mapping[ShipmentStatus, frozenset[ShipmentStatus]] = MappingProxyType(
    {
        Z.DRAFT: frozenset({Z.LABEL_READY, Z.CANCELLED}),
        Z.LABEL_READY: frozenset({Z.HANDED_OVER, Z.CANCELLED}),
        **{
            state: (MOVING - {state, Z.HANDED_OVER}) | {Z.DELIVERED, Z.RETURNED, Z.LOST_DAMAGED}
            for state in sorted(MOVING)
        },
        Z.DELIVERED: frozenset({Z.RETURNED}),
        Z.RETURNED: frozenset(),
        Z.LOST_DAMAGED: frozenset(),
        Z.CANCELLED: frozenset(),
    }
)
# The five steps that a participant sees.
STEPS: tuple[frozenset[ShipmentStatus], ...] = (
    frozenset({Z.DRAFT}),
    frozenset({Z.LABEL_READY}),
    frozenset({Z.HANDED_OVER, Z.IN_TRANSIT, Z.DELAYED}),
    frozenset({Z.OUT_FOR_DELIVERY, Z.READY_FOR_PICKUP, Z.DELIVERY_FAILED}),
    frozenset({Z.DELIVERED}),
)


def check_shipment(current: ShipmentStatus, target: ShipmentStatus) -> None:
    if target not in SHIPMENT[current]:
        raise IllegalTransition(
            f"A shipment that is {current} cannot become {target}.", current=current, target=target
        )


def check_allocation(current: AllocationStatus, target: AllocationStatus) -> None:
    if target not in ALLOCATION[current]:
        raise IllegalTransition(
            f"An allocation that is {current} cannot become {target}.",
            current=current,
            target=target,
        )
