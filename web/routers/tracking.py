"""The parcel's own page behind the code on its slip: how far it is, no names, no address."""

from __future__ import annotations

from sqlmodel import select
from starlette.requests import Request
from starlette.responses import Response

from logistics import shipments
from logistics.shipment_tables import Carrier, Shipment
from logistics.shipments import ShipmentNotFound
from web import pages
from web.access import PUBLIC, Rate, Router
from web.deps import UnitOfWork
from web.views.orders import SHIPMENT_LABELS, STEP_NAMES, step_of

router = Router(access=PUBLIC)


@router.get("/t/{token}", rate=Rate("tracking", per_account=120, per_network=600, window_s=3600))
def track(request: Request, session: UnitOfWork, token: str) -> Response:
    """Whoever holds the token sees the parcel; the recipient signs in to do more."""
    shipment = session.exec(select(Shipment).where(Shipment.tracking_token == token)).first()
    if shipment is None:
        raise ShipmentNotFound
    carrier = session.get_one(Carrier, shipment.carrier_id)
    language = pages.viewer_of(request).language
    _ = pages.say(request)
    number = shipment.carrier_number or ""
    context = {
        "number": shipment.number,
        "status": _(SHIPMENT_LABELS[shipment.status]),
        "step": step_of(shipment.status),
        "steps": [_(name) for name in STEP_NAMES],
        "carrier": carrier.name,
        "carrier_number": number,
        "tracking_href": carrier.tracking_url.replace("{number}", number) if number else "",
        "absence": carrier.absence_text.get(language) or carrier.absence_text["pl"],
        "helpdesk": carrier.helpdesk_phone,
        "promised_on": shipment.promised_on,
        "events": [
            (_(SHIPMENT_LABELS[event.status]), event.place, event.at)
            for event in shipments.list_events(session, shipment.id)[::-1]
            if event.status is not None
        ],
        "order_href": f"/orders/{shipment.reference.removeprefix('redemption:')}",
    }
    return pages.render(request, "public/parcel.html", context)
