"""What a drawn document says, field by field: the truth a reader is measured against.

The keys are those of the measuring schema (numbers as decimal strings with a point, ISO dates);
null means that the document does not show the value. Keys beyond it describe the making.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from decimal import Decimal
from typing import Any

from demo.documents import corrections
from demo.documents.invoices import LAYOUTS, korekta
from demo.documents.invoices.cells import SHOWS
from demo.documents.ksef import printed
from demo.documents.ksef.code import verification_link
from demo.documents.ksef.rows import decimal_text
from demo.documents.purchase import InvoiceType, Purchase, PurchaseLine
from demo.documents.receipts.slip import printed_name, value_before_discount
from demo.documents.receipts.styles import SlipStyle

Truth = dict[str, Any]
LINE_FIELDS = (
    "description", "quantity", "unit", "unit_price_net", "line_net", "vat_rate", "gtin",
    "article_no", "unit_price_gross", "line_gross",
)  # fmt: skip
HEADER = (
    "seller_name", "seller_vat_id", "buyer_vat_id", "invoice_number", "issue_date", "currency",
    "total_net", "total_vat", "total_gross",
)  # fmt: skip
# Layouts that print the VAT per rate but no sum of it.
NO_VAT_TOTAL = ("arkusz", "dwujezyczna", "warunki", "nowy", "starszy")
NO_NET_TOTAL = ("nowy", "starszy")
PRINTED_FIELDS = {
    "name": ("description",), "price": ("unit_price_net",), "price_gross": ("unit_price_gross",),
    "quantity": ("quantity",), "unit": ("unit",), "rate": ("vat_rate",), "net": ("line_net",),
    "gross": ("line_gross",), "gtin": ("gtin",), "index": ("article_no",),
}  # fmt: skip


def text(value: Decimal | None) -> str | None:
    return None if value is None else decimal_text(value)


def money(value: Decimal | None) -> str | None:
    return None if value is None else f"{value:.2f}"


def _line(purchase: Purchase, line: PurchaseLine, fields: Iterable[str]) -> Truth:
    gross = line.gross_priced
    known = {
        "description": " ".join(line.name.split()),
        "quantity": text(line.quantity),
        "unit": line.unit if line.quantity is not None and line.unit else None,
        "unit_price_net": None if gross else text(line.unit_price),
        "unit_price_gross": text(line.unit_price) if gross else None,
        "line_net": money(line.net),
        "line_gross": money(line.gross),
        "vat_rate": line.vat_rate,
        "gtin": line.gtin or None,
        "article_no": line.index or None,
    }
    shown = set(fields)
    row: Truth = {k: known[k] if k in shown else None for k in LINE_FIELDS}
    if line.discount_percent:
        row["discount_percent"] = text(line.discount_percent)
    if line.sku:
        row["sku"] = line.sku
    if purchase.correction is not None:
        row["before"] = line.before
        row["unit_delta"] = text(corrections.unit_delta(purchase, line))
        row["value_delta"] = money(corrections.value_delta(purchase, line))
    return row


def _head(purchase: Purchase, *, doc_id: str, file: str, capture: str, layout: str) -> Truth:
    record = purchase.ksef
    return {
        "schema": 1,
        "doc_id": doc_id,
        "file": file,
        "doc_type": "corrected_invoice" if purchase.type.corrects else "invoice",
        "capture": capture,
        "layout": layout,
        "language": "pl",
        "country": "PL",
        "seller_name": purchase.seller.name,
        "seller_vat_id": purchase.seller.nip,
        "buyer_vat_id": purchase.buyer.nip or None,
        "invoice_number": purchase.number,
        "ksef_number": (record.number or None) if record else None,
        "receipt_number": None,
        "cash_register_id": None,
        "system_number": None,
        "discounts": [],
        "issue_date": purchase.issued_on.isoformat(),
        "sale_date": purchase.sold_on.isoformat() if purchase.sold_on else None,
        "currency": purchase.currency,
        "total_net": money(purchase.total_net),
        "total_vat": money(purchase.total_vat),
        "total_gross": money(purchase.total_gross),
        "invoice_type": purchase.type.value,
        "rate_totals": [
            {"vat_rate": s.rate, "net": money(s.net), "vat": money(s.vat), "gross": money(s.gross)}
            for s in purchase.rate_sums
        ],
        "ksef_link": verification_link(purchase) if record else None,
        **_correction(purchase),
    }


def _correction(purchase: Purchase) -> Truth:
    correction = purchase.correction
    if correction is None:
        return {}
    return {
        "correction": {
            "encoding": correction.encoding.value,
            "reason": correction.reason,
            "originals": [
                {
                    "number": o.number,
                    "issue_date": o.issued_on.isoformat(),
                    "ksef_number": o.ksef_number or None,
                }
                for o in correction.originals
            ],
        }
    }


def _scored(truth: Truth, layout: str, rates: int) -> list[str]:
    """Header fields that can be seen: a single rate's sums are the totals themselves."""
    hidden = set()
    if rates != 1:
        hidden |= {"total_vat"} if layout in NO_VAT_TOTAL else set()
        hidden |= {"total_net"} if layout in NO_NET_TOTAL else set()
    fields = [k for k in HEADER if truth[k] is not None and k not in hidden]
    return [*fields, "ksef_number"] if truth["ksef_number"] else fields


def invoice_truth(
    purchase: Purchase, *, doc_id: str, file: str, capture: str, layout: str
) -> Truth:
    """Of an invoice drawn in one of `LAYOUTS`."""
    truth = _head(purchase, doc_id=doc_id, file=file, capture=capture, layout=layout)
    shown = [f for c in LAYOUTS[layout].columns(purchase) for f in SHOWS.get(c.kind, ())]
    # Where a form prints a price after discount, that one was charged; the other is the list's.
    reduced = "unit_price_net_after_discount" in shown
    rows = []
    for line in _printed_order(purchase):
        row = _line(purchase, line, [*shown, "unit_price_net"] if reduced else shown)
        if reduced:
            if "unit_price_net" in shown:
                row["list_price_net"] = row["unit_price_net"]
            row["unit_price_net"] = text(line.price_after_discount)
        rows.append(row)
    truth["lines"] = rows
    truth["scored"] = _scored(truth, layout, len(purchase.rate_sums))
    truth["lines_scored"] = purchase.correction is None
    return truth


def _printed_order(purchase: Purchase) -> Sequence[PurchaseLine]:
    if purchase.correction is None:
        return purchase.lines
    if not any(line.before for line in purchase.lines):
        return purchase.lines
    first = [line for line in purchase.lines if line.before]
    assert len(first) == len(korekta.sections(purchase)[0][1])
    return [*first, *(line for line in purchase.lines if not line.before)]


def ksef_print_truth(
    purchase: Purchase, *, doc_id: str, file: str, capture: str, style: str
) -> Truth:
    """Of a printed e-invoice; both tables together where there are two."""
    truth = _head(purchase, doc_id=doc_id, file=file, capture=capture, layout=style)
    fields: list[str] = []
    first, second = printed.column_sets(purchase)
    for column in (*first, *second):
        fields += PRINTED_FIELDS.get(column.kind, ())
    if style == "starszy":
        fields += ["article_no", "gtin"]
    truth["lines"] = [_line(purchase, line, fields) for line in purchase.lines]
    truth["scored"] = _scored(truth, style, len(purchase.rate_sums))
    truth["lines_scored"] = bool(purchase.lines)
    return truth


def xml_truth(purchase: Purchase, *, doc_id: str, file: str) -> Truth:
    """Of the structured invoice itself: everything that a row states."""
    truth = _head(purchase, doc_id=doc_id, file=file, capture="xml", layout=f"FA{_form(purchase)}")
    truth["ksef_number"] = None  # The number is given on receipt; the file cannot carry it.
    rows = []
    ordered = purchase.type in (InvoiceType.ADVANCE, InvoiceType.ADVANCE_CORRECTION)
    for line in purchase.lines:
        hidden = {"line_gross"} if not line.gross_priced else {"line_net"}
        if ordered:
            hidden = {"line_gross"}
        row = _line(purchase, line, [f for f in LINE_FIELDS if f not in hidden])
        rows.append(row)
    truth["lines"] = rows
    truth["scored"] = [k for k in HEADER if truth[k] is not None]
    truth["lines_scored"] = bool(rows) and all(line.value is not None for line in purchase.lines)
    return truth


def _form(purchase: Purchase) -> int:
    return purchase.ksef.form if purchase.ksef else 3


def receipt_truth(
    purchase: Purchase, *, doc_id: str, file: str, capture: str, style: SlipStyle
) -> Truth:
    """Of a till slip: gross prices before discount rows, names as the till cuts them."""
    till = purchase.till
    assert till is not None
    truth = _head(purchase, doc_id=doc_id, file=file, capture=capture, layout=style.name)
    rows, discounts = [], []
    for line in purchase.lines:
        index = f"{line.index} " if style.index_in_name and line.index else ""
        name = printed_name(line, style).removeprefix(index)
        row: Truth = dict.fromkeys(LINE_FIELDS)
        row |= {
            "description": name,
            "quantity": text(line.quantity),
            "unit": line.unit if style.prints_unit else None,
            "unit_price_gross": money(line.unit_price),
            "line_gross": money(value_before_discount(line)),
            "vat_rate": line.vat_rate,
            "gtin": line.gtin if style.gtin_row and line.gtin else None,
            "article_no": line.index if index or style.index_after_name else None,
            "sku": line.sku,
        }
        rows.append(row)
        if line.discount_amount:
            amount = money(line.discount_amount)
            discounts.append({"applies_to": name, "amount": amount, "vat_rate": line.vat_rate})
    truth |= {
        "doc_type": "receipt",
        "invoice_number": None,
        "invoice_type": None,
        "buyer_vat_id": till.buyer_nip or None,
        "receipt_number": till.print_number,
        "fiscal_receipt_number": till.receipt_number,
        "cash_register_id": till.register_id,
        "system_number": till.system_number or None,
        "issue_time": till.time,
        "sale_date": None,
        "total_net": None,
        "amount_due": None,
        "discounts": discounts,
        "lines": rows,
        "lines_scored": True,
    }
    truth["scored"] = [
        k
        for k in (
            "seller_name", "seller_vat_id", "buyer_vat_id", "receipt_number", "cash_register_id",
            "issue_date", "currency", "total_gross",
        )
        if truth[k] is not None
    ]  # fmt: skip
    return truth
