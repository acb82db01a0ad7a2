"""Shipments: opened, labelled, handed over, followed by the carrier's events, proven delivered."""

from __future__ import annotations

import secrets
from dataclasses import dataclass
from datetime import date, datetime
from typing import ClassVar
from uuid import UUID

import sqlalchemy as sa
from sqlalchemy.dialects.postgresql import insert
from sqlmodel import Session, col, select

from core.clock import local_date
from core.errors import DomainError, Invalid, Kind, NotFound
from logistics import states
from logistics.shipment_tables import (
    Carrier,
    DeliveryProof,
    ProofKind,
    ProofStatus,
    Shipment,
    ShipmentEvent,
)
from logistics.states import ShipmentStatus

NUMBERS = "shipment_number"


class ShipmentNotFound(NotFound):
    code = "shipment-not-found"


class LabelUsed(DomainError):
    """The carrier's number already stands on another parcel: scanned twice, or mistyped."""

    kind: ClassVar[Kind] = Kind.CONFLICT
    code = "label-used"


@dataclass(frozen=True, slots=True)
class Recipient:
    name: str
    company: str
    street: str
    postcode: str
    city: str
    phone: str
    language: str = "pl"
    point_code: str | None = None


def open_shipment(
    session: Session,
    *,
    reference: str,
    warehouse_id: UUID,
    carrier: Carrier,
    recipient: Recipient,
    weight_g: int,
    promised_on: date,
    at: datetime,
) -> Shipment:
    """Open the parcel of an order. Raises `Invalid` when the carrier is not ready to be used."""
    if not carrier.active or not carrier.absence_text.get("pl") or not carrier.helpdesk_phone:
        raise Invalid("the carrier's settings are incomplete", field="carrier")
    value = session.execute(sa.select(sa.func.nextval(NUMBERS))).scalar_one()
    shipment = Shipment(
        number=f"P{local_date(at):%y%m}{value:06d}",
        reference=reference,
        warehouse_id=warehouse_id,
        carrier_id=carrier.id,
        tracking_token=secrets.token_urlsafe(18),
        recipient_name=recipient.name,
        recipient_company=recipient.company,
        street=recipient.street,
        postcode=recipient.postcode,
        city=recipient.city,
        phone=recipient.phone,
        point_code=recipient.point_code,
        language=recipient.language,
        weight_g=weight_g,
        promised_on=promised_on,
        created_at=at,
    )
    session.add(shipment)
    session.flush()
    return shipment


def lock(session: Session, shipment_id: UUID) -> Shipment:
    shipment = session.exec(
        select(Shipment)
        .where(Shipment.id == shipment_id)
        .with_for_update()
        .execution_options(populate_existing=True)
    ).one_or_none()
    if shipment is None:
        raise ShipmentNotFound
    return shipment


def find_by_reference(session: Session, reference: str) -> Shipment | None:
    """The newest shipment of an order that was not cancelled."""
    return session.exec(
        select(Shipment)
        .where(Shipment.reference == reference, Shipment.status != ShipmentStatus.CANCELLED)
        .order_by(col(Shipment.created_at).desc())
        .limit(1)
    ).first()


def buy_label(
    session: Session, *, shipment: Shipment, carrier_number: str, actor: str, at: datetime
) -> None:
    """Store the carrier's number of a packed parcel."""
    if not carrier_number.strip():
        raise Invalid("the carrier's number is missing", field="carrier_number")
    number = carrier_number.strip()
    taken = session.exec(
        select(Shipment.id).where(
            Shipment.carrier_id == shipment.carrier_id,
            Shipment.carrier_number == number,
            Shipment.id != shipment.id,
        )
    ).first()
    if taken is not None:
        raise LabelUsed(number=number[:60])
    shipment.carrier_number = number
    _advance(session, shipment, ShipmentStatus.LABEL_READY, actor=actor, at=at)


def hand_over(session: Session, *, shipment: Shipment, actor: str, at: datetime) -> None:
    """The carrier took the parcel."""
    shipment.handed_over_at = at
    _advance(session, shipment, ShipmentStatus.HANDED_OVER, actor=actor, at=at)


def cancel(session: Session, *, shipment: Shipment, actor: str, at: datetime) -> None:
    """The parcel will not leave; one that left raises `IllegalTransition`."""
    _advance(session, shipment, ShipmentStatus.CANCELLED, actor=actor, at=at)


def _advance(
    session: Session, shipment: Shipment, to: ShipmentStatus, *, actor: str, at: datetime
) -> None:
    states.check_shipment(shipment.status, to)
    shipment.status = to
    session.add(shipment)
    session.add(
        ShipmentEvent(
            shipment_id=shipment.id, at=at, received_at=at, status=to, raw_code=to, actor=actor
        )
    )
    session.flush()


def record_event(
    session: Session,
    *,
    shipment: Shipment,
    raw_code: str,
    status: ShipmentStatus | None,
    event_at: datetime,
    place: str = "",
    actor: str,
    at: datetime,
) -> bool:
    """Store a carrier's event and set the shipment to its latest state by event time.

    False when the event was known. An unknown code (`status` is None) only raises a flag.
    """
    new = session.execute(
        insert(ShipmentEvent)
        .values(
            id=sa.func.uuidv7(),
            shipment_id=shipment.id,
            at=event_at,
            received_at=at,
            status=status,
            raw_code=raw_code[:60],
            place=place[:120],
            actor=actor,
            facts={},
        )
        .on_conflict_do_nothing(index_elements=["shipment_id", "at", "raw_code"])
        .returning(col(ShipmentEvent.id))
    ).scalar_one_or_none()
    if new is None:
        return False
    if status is None:
        shipment.exception_unmapped = True
        session.add(shipment)
        session.flush()
        return True
    latest = session.exec(
        select(ShipmentEvent)
        .where(ShipmentEvent.shipment_id == shipment.id, col(ShipmentEvent.status).is_not(None))
        .order_by(col(ShipmentEvent.at).desc(), col(ShipmentEvent.received_at).desc())
        .limit(1)
    ).one()
    target = latest.status
    if target is not None and target is not shipment.status:
        # The latest fact wins; only a later one ends a terminal state.
        shipment.status = target
        if target is ShipmentStatus.DELIVERED:
            shipment.delivered_at = latest.at
            assert_delivered(session, shipment=shipment, at=latest.at)
        session.add(shipment)
        session.flush()
    return True


def assert_delivered(session: Session, *, shipment: Shipment, at: datetime) -> None:
    """The carrier says it was delivered: a claim, until somebody or something proves it."""
    session.execute(
        insert(DeliveryProof)
        .values(
            id=sa.func.uuidv7(),
            shipment_id=shipment.id,
            kind=ProofKind.CARRIER_EVENT,
            status=ProofStatus.ASSERTED,
            signed_by="",
            source="carrier",
            at=at,
        )
        .on_conflict_do_nothing(index_elements=["shipment_id"])
    )


def prove(
    session: Session,
    *,
    shipment: Shipment,
    kind: ProofKind,
    source: str,
    signed_by: str = "",
    file_sha256: str | None = None,
    at: datetime,
) -> DeliveryProof:
    """Proof that the parcel is in the recipient's hands; the stronger of two proofs stays."""
    proof = session.exec(
        select(DeliveryProof).where(DeliveryProof.shipment_id == shipment.id).with_for_update()
    ).one_or_none()
    if proof is None:
        proof = DeliveryProof(
            shipment_id=shipment.id, kind=kind, status=ProofStatus.PROVEN, source=source, at=at
        )
    if proof.status is not ProofStatus.PROVEN or proof.kind is kind:
        proof.kind, proof.status, proof.source = kind, ProofStatus.PROVEN, source
        proof.signed_by, proof.file_sha256, proof.at = signed_by, file_sha256, at
    session.add(proof)
    session.flush()
    return proof


def list_events(session: Session, shipment_id: UUID) -> list[ShipmentEvent]:
    return list(
        session.exec(
            select(ShipmentEvent)
            .where(ShipmentEvent.shipment_id == shipment_id)
            .order_by(col(ShipmentEvent.at), col(ShipmentEvent.received_at))
        )
    )
