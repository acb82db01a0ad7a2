"""Orders of rewards for programs: place, follow the parcel, confirm, cancel."""

from __future__ import annotations

from uuid import UUID

from fastapi.encoders import jsonable_encoder
from sqlmodel import Session
from starlette.requests import Request
from starlette.responses import JSONResponse, Response

from core.errors import Invalid
from logistics import shipments
from logistics.shipments import Recipient
from programs import tax
from rewards import fulfilment, queries, service
from rewards.service import Wanted, shipment_reference
from rewards.states import PARTICIPANT_MAY_CANCEL
from rewards.tables import Redemption
from web import pages
from web.access import PARTICIPANT, ApiRouter
from web.api.order_models import (
    OrderDetailOut,
    OrderIn,
    OrderLineOut,
    OrderOut,
    RecipientOut,
    order_out,
    parcel_out,
)
from web.api.paging import Cursor, Limit, Page, since, timed_page
from web.api.posting import MAY_REPEAT, MUST_BE_KEYED
from web.deps import CurrentViewer, Now, UnitOfWork
from web.idempotent import idempotent
from web.members import CurrentMember
from web.routers.orders import may_confirm
from web.routers.rewards import carriers, promised_day
from web.views.orders import order_rows, parcel_view

router = ApiRouter(area="orders", access=PARTICIPANT, prefix="/orders")


@router.get("")
def list_orders(
    request: Request,
    session: UnitOfWork,
    member: CurrentMember,
    limit: Limit = 50,
    cursor: Cursor = "",
) -> Page[OrderOut]:
    """The participant's orders, newest first."""
    found = queries.list_for_participant(
        session, participant_id=member.participant.id, before=since(cursor), limit=limit + 1
    )
    _ = pages.say(request)
    shown = found[:limit]
    rows = order_rows(session, shown)
    return timed_page(
        found,
        [order_out(row, order, _) for row, order in zip(rows, shown, strict=True)],
        limit=limit,
        place_of=lambda order: (order.placed_at, order.id),
    )


@router.post("", status_code=201, response_model=OrderDetailOut, openapi_extra=MUST_BE_KEYED)
@idempotent(required=True)
def place_order(
    request: Request,
    session: UnitOfWork,
    viewer: CurrentViewer,
    member: CurrentMember,
    now: Now,
    order: OrderIn,
) -> Response:
    """Order rewards: stock and points are reserved together, or nothing is ordered."""
    carrier = next((c for c in carriers(session) if c.id == order.carrier_id), None)
    if carrier is None:
        raise Invalid("choose how it should come", field="carrier_id")
    to = order.recipient
    placed = service.place(
        session,
        program=member.program,
        participant=member.participant,
        wanted=[Wanted(w.reward_id, w.quantity, w.shown_points) for w in order.lines],
        recipient=Recipient(
            name=to.name,
            company=to.company,
            street=to.street,
            postcode=to.postcode,
            city=to.city,
            phone=to.phone,
            language=viewer.language,
            point_code=to.point_code.strip() or None,
        ),
        carrier=carrier,
        absence=order.absence,
        promised_on=promised_day(member, now),
        actor=viewer.actor,
        at=now,
    )
    return JSONResponse(
        jsonable_encoder(_detail(request, session, placed)),
        201,
        headers={"Location": f"/api/v1/orders/{placed.id}"},
    )


@router.get("/{order_id}")
def get_order(
    request: Request, session: UnitOfWork, member: CurrentMember, order_id: UUID
) -> OrderDetailOut:
    """One order: what was ordered, where it goes, and which step the parcel has reached."""
    order = queries.get_for_participant(
        session, redemption_id=order_id, participant_id=member.participant.id
    )
    return _detail(request, session, order)


def _detail(request: Request, session: Session, order: Redemption) -> OrderDetailOut:
    _, language = pages.say(request), pages.viewer_of(request).language
    [row] = order_rows(session, [order])
    parcel = parcel_view(session, order, _)
    shipment = shipments.find_by_reference(session, shipment_reference(order))
    return OrderDetailOut(
        **order_out(row, order, _).model_dump(),
        lines=[
            OrderLineOut(
                reward_id=reward.id,
                name=reward.name,
                quantity=line.quantity,
                price_points=line.price_points,
            )
            for line, reward in queries.list_lines(session, order.id)
        ],
        recipient=RecipientOut(
            name=order.recipient_name,
            company=order.recipient_company,
            street=order.street,
            postcode=order.postcode,
            city=order.city,
            phone=order.phone,
            point_code=order.point_code or "",
        ),
        absence=order.absence,
        parcel=parcel_out(parcel, shipment.status, _) if parcel and shipment else None,
        may_cancel=order.status in PARTICIPANT_MAY_CANCEL,
        may_confirm=may_confirm(order, parcel),
        tax_mode=order.tax_mode,
        tax_note=list(tax.sentences(order.tax_mode, language=language, ordered=True)),
    )


@router.post("/{order_id}/cancellation", openapi_extra=MAY_REPEAT)
@idempotent
def cancel_order(
    request: Request,
    session: UnitOfWork,
    viewer: CurrentViewer,
    member: CurrentMember,
    order_id: UUID,
    now: Now,
) -> OrderDetailOut:
    """Cancel before packing begins: the points return with their own day of expiry."""
    order = service.cancel(
        session,
        redemption_id=order_id,
        participant_id=member.participant.id,
        actor=viewer.actor,
        at=now,
    )
    return _detail(request, session, order)


@router.post("/{order_id}/delivery", openapi_extra=MAY_REPEAT)
@idempotent
def confirm_delivery(
    request: Request,
    session: UnitOfWork,
    viewer: CurrentViewer,
    member: CurrentMember,
    order_id: UUID,
    now: Now,
) -> OrderDetailOut:
    """The recipient says that the parcel has come: their own proof of delivery."""
    order = fulfilment.confirm_delivery(
        session,
        redemption_id=order_id,
        participant_id=member.participant.id,
        actor=viewer.actor,
        at=now,
    )
    return _detail(request, session, order)
