"""Fiscal receipts as tills print them."""

from __future__ import annotations

import zlib

from demo.documents.purchase import Purchase
from demo.documents.receipts.slip import NotAReceipt, slip_rows
from demo.documents.receipts.styles import STYLES, SlipStyle
from demo.documents.receipts.thermal import draw_slip

__all__ = ["STYLES", "NotAReceipt", "SlipStyle", "render_receipt", "slip_rows"]


def render_receipt(purchase: Purchase, *, style: str = "kasa") -> bytes:
    """The purchase as a till slip, PNG. `style` is a key of `STYLES`.

    Raises `NotAReceipt` where the purchase has no till or net prices.
    """
    habits = STYLES[style]
    rows = slip_rows(purchase, habits)
    grain = zlib.crc32(f"{purchase.seller.nip}|{purchase.number}".encode())
    return draw_slip(rows, width=habits.width, font=habits.font, grain=grain)
