"""The participant's orders: list, parcel, proof of delivery, cancellation."""

from __future__ import annotations

from uuid import UUID

from starlette.requests import Request
from starlette.responses import Response

from points import service as points
from programs import tax
from rewards import fulfilment, holding, queries, service
from rewards.states import PARTICIPANT_MAY_CANCEL, RedemptionStatus
from rewards.tables import Redemption
from web import pages
from web.access import PARTICIPANT, Router
from web.cursors import cursor_of, read_cursor
from web.deps import CurrentViewer, Now, UnitOfWork
from web.idempotent import idempotent
from web.members import CurrentMember
from web.views.orders import STEP_NAMES, ParcelView, order_rows, parcel_view

router = Router(access=PARTICIPANT)
PAGE = 20
ON_THE_WAY = (RedemptionStatus.SHIPPED, RedemptionStatus.DELIVERED)


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


def may_confirm(order: Redemption, parcel: ParcelView | None) -> bool:
    """Whether the recipient's own word is still worth asking for."""
    return order.status in ON_THE_WAY and not (parcel is not None and parcel.proven)


@router.get("/orders/{order_id}")
def show_order(
    request: Request,
    session: UnitOfWork,
    viewer: CurrentViewer,
    member: CurrentMember,
    order_id: UUID,
    now: Now,
) -> Response:
    order = queries.get_for_participant(
        session, redemption_id=order_id, participant_id=member.participant.id
    )
    [row] = order_rows(session, [order])
    parcel = parcel_view(session, order, pages.say(request))
    context = {
        "scope_label": member.scope_label,
        "order": row,
        "address": f"{order.street}, {order.postcode} {order.city}",
        "name": order.recipient_name,
        "phone": order.phone,
        "absence": order.absence,
        "promised_on": order.promised_on,
        "owed": points.debt(session, participant_id=order.participant_id)
        if order.hold_reason == holding.DEBT
        else 0,
        "parcel": parcel,
        "steps": STEP_NAMES,
        "taxes": tax.sentences(order.tax_mode, language=viewer.language, ordered=True),
        "may_cancel": order.status in PARTICIPANT_MAY_CANCEL,
        "may_confirm": may_confirm(order, parcel),
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
