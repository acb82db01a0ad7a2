"""Printed forms of an e-invoice by name."""

from __future__ import annotations

from collections.abc import Callable

from demo.documents.ksef.print_new import draw_new
from demo.documents.ksef.print_sheet import draw_sheet
from demo.documents.purchase import Purchase
from demo.documents.sheet import Sheet

PRINT_STYLES: dict[str, Callable[[Purchase, int], Sheet]] = {
    "nowy": draw_new,
    "starszy": draw_sheet,
}


def ksef_print(purchase: Purchase, *, style: str = "nowy") -> bytes:
    """The e-invoice as a PDF whose KOD I is the hash of `ksef_xml(purchase)`.

    `style` is a key of `PRINT_STYLES`. Without a KSeF number the code says OFFLINE.
    """
    draw = PRINT_STYLES[style]
    sheet = draw(purchase, 1)
    if sheet.pages > 1:
        sheet.close()  # Drawn again, for the number of pages is printed on each.
        sheet = draw(purchase, sheet.pages)
    return sheet.bytes()
