"""Ordering a reward: stock and points are taken together, or neither; cancelling gives both back.

Lock order: order → parcel → stock → ledger accounts; a new order is nobody else's yet.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import ClassVar
from uuid import UUID

import sqlalchemy as sa
from sqlmodel import Session, select

from core import audit
from core.clock import local_date
from core.errors import DomainError, Invalid, Kind
from logistics import shipments, stock
from logistics.shipment_tables import Carrier
from logistics.shipments import Recipient
from messages import service as messages
from messages.kinds import ORDER_PLACED, NoticeKind
from points import service as points
from programs import tax_modes
from programs.service import chain
from programs.tables import Participant, Program
from rewards import queries, states
from rewards.states import PARTICIPANT_MAY_CANCEL, RedemptionStatus
from rewards.tables import Redemption, RedemptionEvent, RedemptionLine

NUMBERS = "redemption_number"
MOST_UNITS = 20


class PriceChanged(DomainError):
    """The reward costs other points than the page showed; nothing was ordered."""

    kind: ClassVar[Kind] = Kind.CONFLICT
    code = "price-changed"


class TooLateToCancel(DomainError):
    kind: ClassVar[Kind] = Kind.CONFLICT
    code = "too-late-to-cancel"


class RedemptionClosed(DomainError):
    """The programme no longer takes orders."""

    kind: ClassVar[Kind] = Kind.CONFLICT
    code = "redemption-closed"


@dataclass(frozen=True, slots=True)
class Wanted:
    """A reward in the basket and the price that was shown."""

    reward_id: UUID
    quantity: int
    shown_points: int


def line_reference(line: RedemptionLine) -> str:
    """How logistics knows a line of an order."""
    return f"redemption:{line.redemption_id}:line:{line.id}"


def shipment_reference(redemption: Redemption) -> str:
    return f"redemption:{redemption.id}"


def place(
    session: Session,
    *,
    program: Program,
    participant: Participant,
    wanted: Sequence[Wanted],
    recipient: Recipient,
    carrier: Carrier,
    absence: str = "",
    promised_on: date,
    actor: str,
    at: datetime,
) -> Redemption:
    """Order rewards: reserve the stock, hold the points, promise a day; all or nothing.

    Raises `OutOfStock`, `InsufficientPoints`, `PriceChanged`, `RedemptionClosed`, `Invalid`. Each
    must roll the transaction back.
    """
    if local_date(at) > program.redeem_until:
        raise RedemptionClosed(redeem_until=program.redeem_until.isoformat())
    _require_address(recipient, carrier)
    if not wanted or any(not 0 < w.quantity <= MOST_UNITS for w in wanted):
        raise Invalid("choose a reward", field="quantity", most=MOST_UNITS)
    if len({w.reward_id for w in wanted}) < len(wanted):
        raise Invalid("name each reward once, with its quantity", field="quantity")
    chosen = [
        (
            w,
            queries.get_published(session, program_id=program.id, reward_id=w.reward_id, at=at),
        )
        for w in wanted
    ]
    for w, reward in chosen:
        if reward.price_points != w.shown_points:
            raise PriceChanged(shown=w.shown_points, now=reward.price_points)
    total = sum(w.quantity * reward.price_points for w, reward in chosen)
    value = session.execute(sa.select(sa.func.nextval(NUMBERS))).scalar_one()
    redemption = Redemption(
        number=f"N/{local_date(at).year}/{value:06d}",
        program_id=program.id,
        participant_id=participant.id,
        points=total,
        recipient_name=recipient.name.strip(),
        recipient_company=recipient.company.strip(),
        street=recipient.street.strip(),
        postcode=recipient.postcode.strip(),
        city=recipient.city.strip(),
        phone=recipient.phone.strip(),
        point_code=recipient.point_code,
        absence=absence.strip()[:300],
        carrier_id=carrier.id,
        promised_on=promised_on,
        placed_at=at,
        tax_mode=tax_modes.hold_mode(session, program_id=program.id, on=local_date(at)),
    )
    session.add(redemption)
    session.flush()
    lines = [
        RedemptionLine(
            redemption_id=redemption.id,
            reward_id=reward.id,
            quantity=w.quantity,
            price_points=reward.price_points,
        )
        for w, reward in chosen
    ]
    session.add_all(lines)
    session.flush()
    _note(session, redemption, RedemptionStatus.PLACED, actor=actor, at=at)
    for line, (w, reward) in sorted(
        zip(lines, chosen, strict=True), key=lambda pair: str(pair[1][1].item_id)
    ):
        stock.reserve(
            session,
            item_id=reward.item_id,
            quantity=w.quantity,
            reference=line_reference(line),
            actor=actor,
            at=at,
        )
    points.hold(
        session,
        participant_id=participant.id,
        redemption_id=redemption.id,
        points=total,
        at=at,
    )
    advance(session, redemption, to=RedemptionStatus.CONFIRMED, actor=actor, at=at)
    advance(session, redemption, to=RedemptionStatus.ALLOCATED, actor=actor, at=at)
    audit.record(
        session,
        chain=chain(program.id),
        actor=actor,
        action="redemption.place",
        subject=f"redemption:{redemption.id}",
        at=at,
        points=total,
    )
    tell(session, redemption, ORDER_PLACED, at=at)
    return redemption


def tell(session: Session, redemption: Redemption, kind: NoticeKind, *, at: datetime) -> None:
    """Tell the participant how far the order is; each step is told once."""
    participant = session.get_one(Participant, redemption.participant_id)
    titles = [reward.name for _, reward in queries.list_lines(session, redemption.id)]
    messages.notify(
        session,
        person_id=participant.person_id,
        kind=kind.name,
        event_key=f"redemption:{redemption.id}:{kind.name}",
        at=at,
        number=redemption.number,
        order_id=str(redemption.id),
        title=", ".join(titles),
        promised_on=redemption.promised_on.isoformat(),
    )


def _require_address(recipient: Recipient, carrier: Carrier) -> None:
    for field in ("name", "street", "city", "phone"):
        if not getattr(recipient, field).strip():
            raise Invalid("the parcel needs it to arrive", field=field)
    digits = recipient.postcode.replace("-", "").strip()
    if len(digits) != 5 or not digits.isdigit():
        raise Invalid("a Polish postcode has five digits", field="postcode")
    if sum(c.isdigit() for c in recipient.phone) < 9:
        raise Invalid("the courier needs a phone number", field="phone")
    if carrier.to_point and not recipient.point_code:
        raise Invalid("choose the pick-up point", field="point_code")


def lock(session: Session, redemption_id: UUID) -> Redemption:
    redemption = session.exec(
        select(Redemption)
        .where(Redemption.id == redemption_id)
        .with_for_update()
        .execution_options(populate_existing=True)
    ).one_or_none()
    if redemption is None:
        raise queries.RedemptionNotFound
    return redemption


def advance(
    session: Session,
    redemption: Redemption,
    *,
    to: RedemptionStatus,
    actor: str,
    at: datetime,
    note: str = "",
    **facts: str | int | None,
) -> None:
    """Move a locked redemption to its next status and record who moved it, when and why."""
    states.check(redemption.status, to)
    redemption.status = to
    session.add(redemption)
    _note(session, redemption, to, actor=actor, at=at, note=note, **facts)
    session.flush()


def _note(
    session: Session,
    redemption: Redemption,
    status: RedemptionStatus,
    *,
    actor: str,
    at: datetime,
    note: str = "",
    **facts: str | int | None,
) -> None:
    session.add(
        RedemptionEvent(
            redemption_id=redemption.id, status=status, actor=actor, at=at, note=note, facts=facts
        )
    )


def cancel(
    session: Session,
    *,
    redemption_id: UUID,
    participant_id: UUID | None,
    actor: str,
    reason: str = "",
    at: datetime,
) -> Redemption:
    """Give points and stock back. A participant (`participant_id`) only before picking begins.

    Points whose last day passed meanwhile stay good for some days only where the house cancels.
    """
    redemption = lock(session, redemption_id)
    if participant_id is not None:
        if redemption.participant_id != participant_id:
            raise queries.RedemptionNotFound
        if redemption.status not in PARTICIPANT_MAY_CANCEL:
            raise TooLateToCancel
    redemption.hold_reason = None
    advance(session, redemption, to=RedemptionStatus.CANCELLED, actor=actor, at=at, note=reason)
    packed = shipments.find_by_reference(session, shipment_reference(redemption))
    if packed is not None:
        shipment = shipments.lock(session, packed.id)
        shipments.cancel(session, shipment=shipment, actor=actor, at=at)
    for line, _ in queries.list_lines(session, redemption.id):
        stock.release(
            session,
            reference=line_reference(line),
            actor=actor,
            reason=reason or "cancelled",
            at=at,
        )
    points.release(
        session,
        participant_id=redemption.participant_id,
        redemption_id=redemption.id,
        points=redemption.points,
        reference=f"redemption:{redemption.id}:release",
        at=at,
        grace=participant_id is None,
    )
    return redemption
