"""What orders and parcels know about a participant, to show and to forget."""

from __future__ import annotations

from datetime import datetime
from typing import Any
from uuid import UUID

import sqlalchemy as sa
from sqlmodel import Session, col, select

from logistics.shipment_tables import Shipment
from rewards import queries, service
from rewards.service import shipment_reference
from rewards.states import PARTICIPANT_MAY_CANCEL, RedemptionStatus
from rewards.tables import Redemption

# A parcel that is packed or on its way still needs its address.
ENDED = (RedemptionStatus.DELIVERED, RedemptionStatus.COMPLETED, RedemptionStatus.CANCELLED)


def _orders(session: Session, participant_id: UUID) -> list[Redemption]:
    return list(
        session.exec(
            select(Redemption)
            .where(Redemption.participant_id == participant_id)
            .order_by(col(Redemption.placed_at), col(Redemption.id))
        )
    )


def show(session: Session, *, participant_id: UUID) -> list[dict[str, Any]]:
    """Every order with the address it went to, oldest first."""
    return [
        {
            "number": order.number,
            "status": order.status,
            "placed_at": order.placed_at,
            "delivered_at": order.delivered_at,
            "points": order.points,
            "rewards": [
                {"name": reward.name, "quantity": line.quantity}
                for line, reward in queries.list_lines(session, order.id)
            ],
            "address": {
                "name": order.recipient_name,
                "company": order.recipient_company,
                "street": order.street,
                "postcode": order.postcode,
                "city": order.city,
                "phone": order.phone,
                "point": order.point_code,
            },
            "absence": order.absence,
        }
        for order in _orders(session, participant_id)
    ]


def forget(session: Session, *, participant_id: UUID, actor: str, at: datetime) -> None:
    """Cancel what nobody packs yet; the addresses of everything that has ended go."""
    for known in _orders(session, participant_id):
        order = service.lock(session, known.id)
        if order.status in PARTICIPANT_MAY_CANCEL:
            service.cancel(
                session,
                redemption_id=order.id,
                participant_id=participant_id,
                actor=actor,
                reason="erased",
                at=at,
            )
        if order.status in ENDED:
            _erase_address(session, order)


def _erase_address(session: Session, order: Redemption) -> None:
    gone: dict[str, str | None] = dict.fromkeys(
        ("recipient_name", "recipient_company", "street", "postcode", "city", "phone"), ""
    )
    gone["point_code"] = None
    session.execute(
        sa.update(Redemption).where(col(Redemption.id) == order.id).values(**gone, absence="")
    )
    session.execute(
        sa.update(Shipment).where(col(Shipment.reference) == shipment_reference(order)).values(gone)
    )
    session.refresh(order)


def forget_delivered(session: Session, *, erased: Any, limit: int = 200) -> int:
    """Addresses of parcels that arrived after their person was erased (`erased`: participants)."""
    found = session.exec(
        select(Redemption)
        .where(
            col(Redemption.participant_id).in_(erased),
            col(Redemption.status).in_(ENDED),
            Redemption.street != "",
        )
        .order_by(col(Redemption.id))
        .limit(limit)
    ).all()
    for order in found:
        _erase_address(session, order)
    return len(found)
