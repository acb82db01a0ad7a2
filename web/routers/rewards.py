"""The participant's side of rewards: catalogue, order, parcel."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import Annotated
from uuid import UUID

from fastapi import Form
from sqlmodel import Session, col, select
from starlette.requests import Request
from starlette.responses import Response

from core.clock import local_date
from core.errors import DomainError, Invalid
from logistics import shipments
from logistics.shipment_tables import Carrier, DeliveryProof, ProofStatus
from logistics.shipments import Recipient
from logistics.states import ShipmentStatus
from points import addresses, ledger
from programs.queries import settings_of
from rewards import fulfilment, queries, service
from rewards.service import Wanted, shipment_reference
from rewards.states import PARTICIPANT_MAY_CANCEL, RedemptionStatus
from rewards.tables import Redemption, Reward
from verification.calendar import add_working_days
from web import pages
from web.access import PARTICIPANT, Router
from web.cursors import cursor_of, read_cursor
from web.deps import CurrentViewer, Now, UnitOfWork
from web.error_texts import N_
from web.idempotent import idempotent
from web.members import CurrentMember, Member
from web.routers.participant import STEP_NAMES, step_of

router = Router(access=PARTICIPANT)
PAGE = 20
Text = Annotated[str, Form(max_length=200)]

R = RedemptionStatus
ORDER_CHIPS: Mapping[RedemptionStatus, tuple[str, str, str]] = {
    R.PLACED: (N_("Przyjęte"), "info", "clock"),
    R.CONFIRMED: (N_("Przyjęte"), "info", "clock"),
    R.ON_HOLD: (N_("Wstrzymane"), "warn", "player-pause"),
    R.ALLOCATED: (N_("Czeka na spakowanie"), "info", "package"),
    R.PARTIALLY_ALLOCATED: (N_("Część czeka na dostawę"), "warn", "package"),
    R.BACKORDERED: (N_("Czeka na dostawę"), "warn", "package"),
    R.IN_FULFILMENT: (N_("Pakujemy"), "info", "package"),
    R.PARTIALLY_SHIPPED: (N_("Część w drodze"), "info", "truck-delivery"),
    R.SHIPPED: (N_("W drodze"), "info", "truck-delivery"),
    R.DELIVERED: (N_("Doręczone"), "ok", "check"),
    R.COMPLETED: (N_("Zakończone"), "ok", "check"),
    R.CANCELLED: (N_("Anulowane"), "plain", "x"),
}
SHIPMENT_LABELS: Mapping[ShipmentStatus, str] = {
    ShipmentStatus.DRAFT: N_("W przygotowaniu"),
    ShipmentStatus.LABEL_READY: N_("Etykieta gotowa"),
    ShipmentStatus.HANDED_OVER: N_("Przekazana kurierowi"),
    ShipmentStatus.IN_TRANSIT: N_("W drodze"),
    ShipmentStatus.OUT_FOR_DELIVERY: N_("Dziś dostawa"),
    ShipmentStatus.DELIVERY_FAILED: N_("Nieudana próba / awizo"),
    ShipmentStatus.READY_FOR_PICKUP: N_("Czeka na odbiór"),
    ShipmentStatus.PICKUP_EXPIRED: N_("Minął czas odbioru"),
    ShipmentStatus.DELAYED: N_("Opóźniona"),
    ShipmentStatus.DELIVERED: N_("Doręczona"),
    ShipmentStatus.RETURNING: N_("Wraca do nas"),
    ShipmentStatus.RETURNED: N_("Wróciła"),
    ShipmentStatus.LOST_DAMAGED: N_("Zaginiona / zniszczona"),
    ShipmentStatus.CANCELLED: N_("Anulowana"),
}


@dataclass(frozen=True, slots=True)
class RewardView:
    id: UUID
    name: str
    description: str
    category: str
    points: int
    picture: str
    available: int
    missing: int


@dataclass(frozen=True, slots=True)
class OrderRow:
    id: UUID
    number: str
    title: str
    placed_at: datetime
    points: int
    label: str
    colour: str
    icon: str


def _view(reward: Reward, *, available: int, balance: int) -> RewardView:
    return RewardView(
        id=reward.id,
        name=reward.name,
        description=reward.description,
        category=reward.category,
        points=reward.price_points,
        picture=reward.picture,
        available=available,
        missing=max(0, reward.price_points - balance),
    )


@router.get("/rewards")
def catalogue(
    request: Request,
    session: UnitOfWork,
    member: CurrentMember,
    now: Now,
    show: str = "",
    category: str = "",
) -> Response:
    found = queries.list_published(session, program_id=member.program.id, at=now)
    balance = ledger.balance(session, addresses.active(member.participant.id))
    stock = queries.available(session, found, on=local_date(now))
    views = [_view(r, available=stock[r.id], balance=balance) for r in found]
    categories = sorted({view.category for view in views})
    if show == "affordable":
        views = [view for view in views if not view.missing and view.available]
    if category in categories:
        views = [view for view in views if view.category == category]
    context = {
        "scope_label": member.scope_label,
        "balance": balance,
        "rewards": views,
        "categories": categories,
        "show": show,
        "category": category,
    }
    return pages.render(request, "participant/rewards.html", context)


def _carriers(session: Session) -> list[Carrier]:
    return list(
        session.exec(select(Carrier).where(col(Carrier.active)).order_by(col(Carrier.to_point)))
    )


def _detail(
    session: Session, member: Member, reward_id: UUID, now: datetime, typed: dict[str, str]
) -> dict[str, object]:
    reward = queries.get_published(
        session, program_id=member.program.id, reward_id=reward_id, at=now
    )
    balance = ledger.balance(session, addresses.active(member.participant.id))
    stock = queries.available(session, [reward], on=local_date(now))
    margin = settings_of(member.program).reward_margin_days
    return {
        "scope_label": member.scope_label,
        "balance": balance,
        "reward": _view(reward, available=stock[reward.id], balance=balance),
        "promised_on": add_working_days(local_date(now), margin),
        "carriers": [(str(c.id), c.name) for c in _carriers(session)],
        "typed": typed,
    }


def _last_address(session: Session, member: Member, name: str) -> dict[str, str]:
    """What was typed for the last parcel, so that nobody types it again."""
    before = queries.list_for_participant(session, participant_id=member.participant.id, limit=1)
    typed = {"recipient_name": name, "company": member.participant.company_name}
    fields = ("street", "postcode", "city", "phone", "absence", "point_code")
    if before:
        typed |= {field: getattr(before[0], field) or "" for field in fields}
        typed["recipient_name"] = before[0].recipient_name
        typed["carrier"] = str(before[0].carrier_id)
        return typed
    return typed | dict.fromkeys((*fields, "carrier"), "")


@router.get("/rewards/{reward_id}")
def show_reward(
    request: Request,
    session: UnitOfWork,
    viewer: CurrentViewer,
    member: CurrentMember,
    reward_id: UUID,
    now: Now,
) -> Response:
    typed = _last_address(session, member, viewer.name)
    context = _detail(session, member, reward_id, now, typed)
    return pages.render(request, "participant/reward.html", context)


@router.post("/orders")
@idempotent
def place_order(
    request: Request,
    session: UnitOfWork,
    viewer: CurrentViewer,
    member: CurrentMember,
    now: Now,
    reward_id: Annotated[UUID, Form()],
    shown_points: Annotated[int, Form(gt=0)],
    recipient_name: Text = "",
    company: Text = "",
    street: Text = "",
    postcode: Text = "",
    city: Text = "",
    phone: Text = "",
    carrier: Text = "",
    point_code: Text = "",
    absence: Annotated[str, Form(max_length=300)] = "",
) -> Response:
    typed = {
        "recipient_name": recipient_name,
        "company": company,
        "street": street,
        "postcode": postcode,
        "city": city,
        "phone": phone,
        "carrier": carrier,
        "point_code": point_code,
        "absence": absence,
    }
    context = _detail(session, member, reward_id, now, typed)
    try:
        chosen = next((c for c in _carriers(session) if str(c.id) == carrier), None)
        if chosen is None:
            raise Invalid("choose how it should come", field="carrier")
        redemption = service.place(
            session,
            program=member.program,
            participant=member.participant,
            wanted=[Wanted(reward_id, 1, shown_points)],
            recipient=Recipient(
                name=recipient_name,
                company=company,
                street=street,
                postcode=postcode,
                city=city,
                phone=phone,
                language=viewer.language,
                point_code=point_code.strip() or None,
            ),
            carrier=chosen,
            absence=absence,
            promised_on=add_working_days(
                local_date(now), settings_of(member.program).reward_margin_days
            ),
            actor=viewer.actor,
            at=now,
        )
    except DomainError as error:
        raise pages.refused(request, "participant/reward.html", context, error) from error
    _ = pages.say(request)
    return pages.redirect(
        request,
        f"/orders/{redemption.id}",
        flash=_("Zamówione. Nagroda i punkty są zarezerwowane."),
    )


def order_rows(session: Session, orders: list[Redemption]) -> list[OrderRow]:
    made = []
    for order in orders:
        label, colour, icon = ORDER_CHIPS[order.status]
        title = ", ".join(reward.name for _, reward in queries.list_lines(session, order.id))
        made.append(
            OrderRow(
                order.id,
                order.number,
                title,
                order.placed_at,
                order.points,
                label,
                colour,
                icon,
            )
        )
    return made


@router.get("/orders")
def list_orders(
    request: Request, session: UnitOfWork, member: CurrentMember, now: Now, after: str = ""
) -> Response:
    found = queries.list_for_participant(
        session,
        participant_id=member.participant.id,
        before=read_cursor(after) if after else None,
        limit=PAGE + 1,
    )
    last = found[PAGE - 1] if len(found) > PAGE else None
    context = {
        "scope_label": member.scope_label,
        "orders": order_rows(session, found[:PAGE]),
        "next_href": f"/orders?after={cursor_of(last.placed_at, last.id)}" if last else "",
        "first_href": "/orders" if after else "",
        "now": now,
    }
    return pages.render(request, "participant/orders.html", context)


@dataclass(frozen=True, slots=True)
class ParcelView:
    number: str
    carrier: str
    carrier_number: str
    tracking_href: str
    step: int
    promised_on: date
    events: list[tuple[str, str, datetime]]
    proven: bool


def _parcel(
    session: Session, order: Redemption, gettext: Callable[[str], str]
) -> ParcelView | None:
    shipment = shipments.find_by_reference(session, shipment_reference(order))
    if shipment is None:
        return None
    carrier = session.get_one(Carrier, shipment.carrier_id)
    proof = session.exec(
        select(DeliveryProof.status).where(DeliveryProof.shipment_id == shipment.id)
    ).first()
    events = [
        (gettext(SHIPMENT_LABELS[event.status]), event.place, event.at)
        for event in shipments.list_events(session, shipment.id)
        if event.status is not None
    ]
    number = shipment.carrier_number or ""
    return ParcelView(
        number=shipment.number,
        carrier=carrier.name,
        carrier_number=number,
        tracking_href=carrier.tracking_url.replace("{number}", number) if number else "",
        step=step_of(shipment.status),
        promised_on=shipment.promised_on,
        events=events[::-1],
        proven=proof is ProofStatus.PROVEN,
    )


@router.get("/orders/{order_id}")
def show_order(
    request: Request, session: UnitOfWork, member: CurrentMember, order_id: UUID, now: Now
) -> Response:
    order = queries.get_for_participant(
        session, redemption_id=order_id, participant_id=member.participant.id
    )
    [row] = order_rows(session, [order])
    parcel = _parcel(session, order, pages.say(request))
    context = {
        "scope_label": member.scope_label,
        "order": row,
        "address": f"{order.street}, {order.postcode} {order.city}",
        "name": order.recipient_name,
        "phone": order.phone,
        "absence": order.absence,
        "promised_on": order.promised_on,
        "parcel": parcel,
        "steps": STEP_NAMES,
        "may_cancel": order.status in PARTICIPANT_MAY_CANCEL,
        "may_confirm": order.status in (R.SHIPPED, R.DELIVERED)
        and not (parcel is not None and parcel.proven),
        "now": now,
    }
    return pages.render(request, "participant/order.html", context)


@router.post("/orders/{order_id}/delivery")
@idempotent
def confirm(
    request: Request,
    session: UnitOfWork,
    viewer: CurrentViewer,
    member: CurrentMember,
    order_id: UUID,
    now: Now,
) -> Response:
    """ "Odebrałem": the recipient's own proof of delivery."""
    fulfilment.confirm_delivery(
        session,
        redemption_id=order_id,
        participant_id=member.participant.id,
        actor=viewer.actor,
        at=now,
    )
    _ = pages.say(request)
    return pages.redirect(request, f"/orders/{order_id}", flash=_("Dziękujemy za potwierdzenie."))


@router.get("/orders/{order_id}/cancellation")
def ask_cancel(
    request: Request, session: UnitOfWork, member: CurrentMember, order_id: UUID
) -> Response:
    order = queries.get_for_participant(
        session, redemption_id=order_id, participant_id=member.participant.id
    )
    _ = pages.say(request)
    return pages.render(
        request,
        "confirm.html",
        {
            "heading": _("Anulować zamówienie?"),
            "text": _("Punkty wrócą na Twoje konto z ich własnym terminem ważności."),
            "action": f"/orders/{order.id}/cancellation",
            "confirm_label": _("Anuluj zamówienie"),
            "cancel_href": f"/orders/{order.id}",
            "danger": True,
        },
    )


@router.post("/orders/{order_id}/cancellation")
@idempotent
def cancel(
    request: Request,
    session: UnitOfWork,
    viewer: CurrentViewer,
    member: CurrentMember,
    order_id: UUID,
    now: Now,
) -> Response:
    service.cancel(
        session,
        redemption_id=order_id,
        participant_id=member.participant.id,
        actor=viewer.actor,
        at=now,
    )
    _ = pages.say(request)
    return pages.redirect(request, f"/orders/{order_id}", flash=_("Anulowane. Punkty wróciły."))
