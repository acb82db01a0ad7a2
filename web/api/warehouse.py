"""The rewards' warehouse for programs: the queue of orders, and one parcel from pick to proof."""

from __future__ import annotations

from datetime import datetime
from typing import Literal
from uuid import UUID

from sqlmodel import Session
from starlette.requests import Request
from starlette.responses import Response

from core.clock import local_date
from core.errors import Invalid
from logistics import shipments
from programs.tables import Program
from rewards import fulfilment, queries
from rewards.service import shipment_reference
from rewards.tables import Redemption
from web import pages
from web.access import LOGISTICS, ApiRouter
from web.api.paging import Cursor, Limit, Page, since, timed_page
from web.api.posting import MAY_REPEAT
from web.api.warehouse_models import (
    CarrierEventIn,
    LabelIn,
    PackingOut,
    ScanIn,
    WarehouseOrderOut,
    packing_out,
    warehouse_order_out,
)
from web.deps import CurrentViewer, Now, Opened, UnitOfWork
from web.idempotent import idempotent
from web.routers import packing
from web.routers.warehouse import QUEUES
from web.views.warehouse import order_view, packing_context
from web.warehouse_people import CurrentProgram

router = ApiRouter(area="warehouse", access=LOGISTICS, prefix="/warehouse/orders")
Queue = Literal["pick", "pack", "sent", "done", "cancelled"]


@router.get("")
def list_orders(
    request: Request,
    session: UnitOfWork,
    program: CurrentProgram,
    now: Now,
    queue: Queue = "pick",
    limit: Limit = 50,
    cursor: Cursor = "",
) -> Page[WarehouseOrderOut]:
    """The orders of a queue; what was placed first comes first."""
    found = queries.list_for_program(
        session,
        program_id=program.id,
        statuses=QUEUES[queue][1],
        after=since(cursor),
        limit=limit + 1,
    )
    _ = pages.say(request)
    today = local_date(now)
    return timed_page(
        found,
        [
            warehouse_order_out(order_view(session, order, today), order.status, _)
            for order in found[:limit]
        ],
        limit=limit,
        place_of=lambda order: (order.placed_at, order.id),
    )


def _own(session: Session, program: Program, order_id: UUID) -> Redemption:
    return queries.get_for_program(session, redemption_id=order_id, program_id=program.id)


def _packing(
    request: Request, session: Session, program: Program, order_id: UUID, now: datetime
) -> PackingOut:
    shown = packing_context(session, program, order_id, now)
    order = _own(session, program, order_id)
    shipment = shipments.find_by_reference(session, shipment_reference(order))
    return packing_out(
        shown,
        status=order.status,
        parcel_status=shipment.status if shipment else None,
        gettext=pages.say(request),
    )


@router.get("/{order_id}")
def get_order(
    request: Request, session: UnitOfWork, program: CurrentProgram, order_id: UUID, now: Now
) -> PackingOut:
    """One order: what to take from where, the step reached, the parcel."""
    return _packing(request, session, program, order_id, now)


@router.post("/{order_id}/packing", openapi_extra=MAY_REPEAT)
@idempotent
def start_packing(
    request: Request,
    session: UnitOfWork,
    viewer: CurrentViewer,
    program: CurrentProgram,
    order_id: UUID,
    now: Now,
) -> PackingOut:
    """Begin to pack and open the parcel; from now on the participant cannot cancel."""
    _own(session, program, order_id)
    fulfilment.start(session, redemption_id=order_id, actor=viewer.actor, at=now)
    return _packing(request, session, program, order_id, now)


@router.post("/{order_id}/scans", openapi_extra=MAY_REPEAT)
@idempotent
def scan(
    request: Request,
    session: UnitOfWork,
    viewer: CurrentViewer,
    program: CurrentProgram,
    order_id: UUID,
    now: Now,
    scanned: ScanIn,
) -> PackingOut:
    """Confirm one pick by the number of its lot; a lot of another order is refused."""
    _own(session, program, order_id)
    fulfilment.scan(
        session, redemption_id=order_id, lot_number=scanned.lot, actor=viewer.actor, at=now
    )
    return _packing(request, session, program, order_id, now)


@router.post("/{order_id}/label", openapi_extra=MAY_REPEAT)
@idempotent
def label(
    request: Request,
    session: UnitOfWork,
    viewer: CurrentViewer,
    program: CurrentProgram,
    order_id: UUID,
    now: Now,
    bought: LabelIn,
) -> PackingOut:
    """Close the box, all of it picked, and store the carrier's number of the parcel."""
    _own(session, program, order_id)
    fulfilment.label(
        session,
        redemption_id=order_id,
        carrier_number=bought.carrier_number,
        actor=viewer.actor,
        at=now,
    )
    return _packing(request, session, program, order_id, now)


@router.get(
    "/{order_id}/slip.pdf",
    response_class=Response,
    responses={200: {"content": {"application/pdf": {}}, "description": "The slip."}},
)
def get_slip(
    request: Request, app: Opened, session: UnitOfWork, program: CurrentProgram, order_id: UUID
) -> Response:
    """The packing slip in Polish and in the recipient's language, once packing has begun."""
    drawn: Response = packing.slip(request, app, session, program, order_id)
    return drawn


@router.post("/{order_id}/hand-over", openapi_extra=MAY_REPEAT)
@idempotent
def hand_over(
    request: Request,
    session: UnitOfWork,
    viewer: CurrentViewer,
    program: CurrentProgram,
    order_id: UUID,
    now: Now,
) -> PackingOut:
    """The carrier took the parcel: stock leaves and the points are spent, both or neither."""
    _own(session, program, order_id)
    fulfilment.hand_over(session, redemption_id=order_id, actor=viewer.actor, at=now)
    return _packing(request, session, program, order_id, now)


@router.post("/{order_id}/events", openapi_extra=MAY_REPEAT)
@idempotent
def record_event(
    request: Request,
    session: UnitOfWork,
    viewer: CurrentViewer,
    program: CurrentProgram,
    order_id: UUID,
    now: Now,
    event: CarrierEventIn,
) -> PackingOut:
    """What the carrier reports; a delivery moves the order too."""
    if event.status not in packing.CHOICES:
        raise Invalid("carriers do not report this", field="status")
    order = _own(session, program, order_id)
    shipment = shipments.find_by_reference(session, shipment_reference(order))
    if shipment is None:
        raise shipments.ShipmentNotFound
    fulfilment.carrier_event(
        session,
        shipment_id=shipment.id,
        raw_code=event.code or event.status,
        status=event.status,
        event_at=now,
        place=event.place,
        actor=viewer.actor,
        at=now,
    )
    return _packing(request, session, program, order_id, now)
