"""Random but repeatable purchases: one door to invoices and receipts."""

from demo.documents.firms import BUYERS, WHOLESALERS
from demo.documents.shopping import receipt, slip_style, till_name
from demo.documents.trading import (
    NET_SELLERS,
    advance,
    day,
    decorated,
    final,
    invoice,
    invoice_number,
    line_of,
    pick_goods,
    send,
    simplified,
)

__all__ = [
    "BUYERS",
    "NET_SELLERS",
    "WHOLESALERS",
    "advance",
    "day",
    "decorated",
    "final",
    "invoice",
    "invoice_number",
    "line_of",
    "pick_goods",
    "receipt",
    "send",
    "simplified",
    "slip_style",
    "till_name",
]
