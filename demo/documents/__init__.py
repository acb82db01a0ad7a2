"""Our own Polish documents of purchase: drawn, written as XML, photographed, with the truth."""

from demo.documents.camera import photograph, scan_pages, take_photo
from demo.documents.invoices import LAYOUTS, render_invoice_pdf
from demo.documents.ksef.invoice_xml import ksef_xml
from demo.documents.ksef.printout import PRINT_STYLES, ksef_print
from demo.documents.purchase import Party, Purchase, PurchaseLine
from demo.documents.receipts import STYLES, render_receipt

__all__ = [
    "LAYOUTS",
    "PRINT_STYLES",
    "STYLES",
    "Party",
    "Purchase",
    "PurchaseLine",
    "ksef_print",
    "ksef_xml",
    "photograph",
    "render_invoice_pdf",
    "render_receipt",
    "scan_pages",
    "take_photo",
]
