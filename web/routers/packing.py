"""One parcel by scanner: pick, slip, label, hand over, and what the carrier says."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Annotated
from uuid import UUID

from fastapi import Form
from sqlmodel import Session
from starlette.requests import Request
from starlette.responses import Response

from core.errors import DomainError
from core.i18n import translations
from logistics import packing_slip, shipments
from logistics.states import ShipmentStatus
from programs.tables import Program
from rewards import fulfilment, queries, service
from rewards.service import shipment_reference
from rewards.slips import slip_of
from rewards.tables import Redemption
from web import pages
from web.access import LOGISTICS, Router
from web.deps import CurrentViewer, Now, Opened, UnitOfWork
from web.idempotent import idempotent
from web.views.warehouse import packing_context
from web.warehouse_people import CurrentProgram

router = Router(access=LOGISTICS)
Text = Annotated[str, Form(max_length=120)]


@router.get("/warehouse/orders/{order_id}")
def showorder_view(
    request: Request, session: UnitOfWork, program: CurrentProgram, order_id: UUID, now: Now
) -> Response:
    return pages.render(
        request, "warehouse/order.html", packing_context(session, program, order_id, now)
    )


def _own(session: Session, program: Program, order_id: UUID) -> Redemption:
    return queries.get_for_program(session, redemption_id=order_id, program_id=program.id)


@router.post("/warehouse/orders/{order_id}/packing")
@idempotent
def startpacking_context(
    request: Request,
    session: UnitOfWork,
    viewer: CurrentViewer,
    program: CurrentProgram,
    order_id: UUID,
    now: Now,
) -> Response:
    _own(session, program, order_id)
    fulfilment.start(session, redemption_id=order_id, actor=viewer.actor, at=now)
    return pages.redirect(request, f"/warehouse/orders/{order_id}")


@router.post("/warehouse/orders/{order_id}/scans")
def scan(
    request: Request,
    session: UnitOfWork,
    viewer: CurrentViewer,
    program: CurrentProgram,
    order_id: UUID,
    now: Now,
    lot: Text = "",
) -> Response:
    _own(session, program, order_id)
    context = packing_context(session, program, order_id, now, lot)
    try:
        fulfilment.scan(session, redemption_id=order_id, lot_number=lot, actor=viewer.actor, at=now)
    except DomainError as error:
        raise pages.refused(request, "warehouse/order.html", context, error) from error
    return pages.redirect(request, f"/warehouse/orders/{order_id}")


@router.post("/warehouse/orders/{order_id}/label")
@idempotent
def label(
    request: Request,
    session: UnitOfWork,
    viewer: CurrentViewer,
    program: CurrentProgram,
    order_id: UUID,
    now: Now,
    carrier_number: Text = "",
) -> Response:
    _own(session, program, order_id)
    context = packing_context(session, program, order_id, now)
    try:
        fulfilment.label(
            session,
            redemption_id=order_id,
            carrier_number=carrier_number,
            actor=viewer.actor,
            at=now,
        )
    except DomainError as error:
        raise pages.refused(request, "warehouse/order.html", context, error) from error
    return pages.redirect(request, f"/warehouse/orders/{order_id}")


@router.get("/warehouse/orders/{order_id}/slip.pdf")
def slip(
    request: Request, app: Opened, session: UnitOfWork, program: CurrentProgram, order_id: UUID
) -> Response:
    """The paper for the parcel, in Polish and in the recipient's language."""
    del request
    order = _own(session, program, order_id)
    shipment = shipments.find_by_reference(session, shipment_reference(order))
    if shipment is None:
        raise shipments.ShipmentNotFound
    facts = slip_of(
        session,
        redemption=order,
        shipment=shipment,
        base_url=app.settings.base_url,
        language=shipment.language,
    )
    second = translations("en").gettext if shipment.language == "pl" else translations("pl").gettext
    data = packing_slip.render(
        facts, gettext=translations(shipment.language).gettext, second=second
    )
    return Response(
        data,
        media_type="application/pdf",
        headers={"Content-Disposition": f'inline; filename="{shipment.number}.pdf"'},
    )


@router.post("/warehouse/orders/{order_id}/hand-over")
@idempotent
def hand_over(
    request: Request,
    session: UnitOfWork,
    viewer: CurrentViewer,
    program: CurrentProgram,
    order_id: UUID,
    now: Now,
) -> Response:
    _own(session, program, order_id)
    fulfilment.hand_over(session, redemption_id=order_id, actor=viewer.actor, at=now)
    _ = pages.say(request)
    return pages.redirect(
        request, f"/warehouse/orders/{order_id}", flash=_("Przekazana kurierowi. Punkty wydane.")
    )


CHOICES: Sequence[ShipmentStatus] = (
    ShipmentStatus.IN_TRANSIT,
    ShipmentStatus.OUT_FOR_DELIVERY,
    ShipmentStatus.READY_FOR_PICKUP,
    ShipmentStatus.DELIVERY_FAILED,
    ShipmentStatus.DELAYED,
    ShipmentStatus.DELIVERED,
)


@router.post("/warehouse/orders/{order_id}/events")
@idempotent
def record_event(
    request: Request,
    session: UnitOfWork,
    viewer: CurrentViewer,
    program: CurrentProgram,
    order_id: UUID,
    now: Now,
    status: Annotated[ShipmentStatus, Form()],
    place: Text = "",
) -> Response:
    """What the carrier told by phone or page, for carriers without a connection."""
    order = _own(session, program, order_id)
    shipment = shipments.find_by_reference(session, shipment_reference(order))
    if shipment is None or status not in CHOICES:
        raise shipments.ShipmentNotFound
    fulfilment.carrier_event(
        session,
        shipment_id=shipment.id,
        raw_code=status,
        status=status,
        event_at=now,
        place=place,
        actor=viewer.actor,
        at=now,
    )
    return pages.redirect(request, f"/warehouse/orders/{order_id}")


@router.get("/warehouse/orders/{order_id}/cancellation")
def ask_cancel(
    request: Request, session: UnitOfWork, program: CurrentProgram, order_id: UUID
) -> Response:
    """The question on a page of its own, for browsers without script."""
    _own(session, program, order_id)
    _ = pages.say(request)
    context = {
        "heading": _("Anulować zamówienie?"),
        "text": _("Towar wróci na stan, a punkty na konto uczestnika."),
        "action": f"/warehouse/orders/{order_id}/cancellation",
        "confirm_label": _("Anuluj zamówienie"),
        "cancel_href": f"/warehouse/orders/{order_id}",
        "fields": {"reason": "staff"},
        "danger": True,
    }
    return pages.render(request, "confirm.html", context)


@router.post("/warehouse/orders/{order_id}/cancellation")
@idempotent
def cancel(
    request: Request,
    session: UnitOfWork,
    viewer: CurrentViewer,
    program: CurrentProgram,
    order_id: UUID,
    now: Now,
    reason: Text = "",
) -> Response:
    _own(session, program, order_id)
    service.cancel(
        session,
        redemption_id=order_id,
        participant_id=None,
        actor=viewer.actor,
        reason=reason,
        at=now,
    )
    _ = pages.say(request)
    return pages.redirect(request, f"/warehouse/orders/{order_id}", flash=_("Anulowane."))
