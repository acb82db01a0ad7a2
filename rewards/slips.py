"""Everything that an order's packing slip says, gathered."""

from __future__ import annotations

from sqlmodel import Session

from logistics.packing_slip import Slip, SlipItem
from logistics.shipment_tables import Carrier, Shipment
from logistics.tables import Warehouse
from programs.tables import Manufacturer, Program
from rewards.fulfilment import pick_list
from rewards.tables import Redemption


def slip_of(
    session: Session, *, redemption: Redemption, shipment: Shipment, base_url: str, language: str
) -> Slip:
    """The slip's facts; carrier texts fall back to Polish, never to nothing."""
    carrier = session.get_one(Carrier, shipment.carrier_id)
    warehouse = session.get_one(Warehouse, shipment.warehouse_id)
    program = session.get_one(Program, redemption.program_id)
    manufacturer = session.get_one(Manufacturer, program.manufacturer_id)
    return Slip(
        program=program.name,
        organiser=manufacturer.name,
        order_number=redemption.number,
        shipment_number=shipment.number,
        recipient=(
            shipment.recipient_name,
            shipment.recipient_company,
            shipment.street,
            f"{shipment.postcode} {shipment.city}",
        ),
        phone=shipment.phone,
        point=shipment.point_code or "",
        items=[
            SlipItem(
                item.name,
                allocation.quantity,
                lot.number,
                lot.expires_on,
            )
            for allocation, lot, item in pick_list(session, redemption.id)
        ],
        carrier=carrier.name,
        absence=carrier.absence_text.get(language) or carrier.absence_text["pl"],
        wish=redemption.absence,
        helpdesk=carrier.helpdesk_phone,
        sender=(
            warehouse.name,
            warehouse.street,
            f"{warehouse.postcode} {warehouse.city}",
            warehouse.phone,
        ),
        tracking_url=f"{base_url}/t/{shipment.tracking_token}",
        language=language,
    )
