"""What invoices of the European standard EN 16931 have in common, whatever their syntax."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from decimal import Decimal

from ocr import identifiers, unit_codes
from ocr.reading import (
    Correction,
    CorrectionReference,
    DocumentKind,
    Line,
    Proof,
    Reading,
    Severity,
    Value,
)
from ocr.xml_source import Node, decimal_in
from ocr.xml_values import Values

MAX_REPEATED = 20
_CENT = Decimal("0.01")

# UNTDID 1001. What is listed nowhere here is no invoice (310 offer, 231 answer to an order …).
_KINDS = {
    "381": DocumentKind.CREDIT_NOTE,
    "81": DocumentKind.CREDIT_NOTE,  # related to goods or services
    "83": DocumentKind.CREDIT_NOTE,  # related to financial adjustments
    "261": DocumentKind.CREDIT_NOTE,  # self-billed
    "262": DocumentKind.CREDIT_NOTE,
    "296": DocumentKind.CREDIT_NOTE,
    "308": DocumentKind.CREDIT_NOTE,
    "396": DocumentKind.CREDIT_NOTE,  # factored
    "420": DocumentKind.CREDIT_NOTE,
    "458": DocumentKind.CREDIT_NOTE,  # reversal of a debit
    "532": DocumentKind.CREDIT_NOTE,  # forwarder's
    "384": DocumentKind.CORRECTED_INVOICE,
    "386": DocumentKind.ADVANCE_INVOICE,
    "325": DocumentKind.OTHER,  # pro forma
    "220": DocumentKind.OTHER,  # order
    "351": DocumentKind.OTHER,  # despatch advice
}
# Invoices of some trade's kind, as the European standard lists them; 386 and 384 are above.
_INVOICES = frozenset(
    str.split(
        "71 80 82 84 102 130 202 203 204 211 218 219 295 326 331 380 382 383 385 387 388 389 390"
        " 393 394 395 456 457 471 472 473 500 501 502 503 527 553 575 623 633 751 780 817 870 875"
        " 876 877 935"
    )
)
_OF_GOODS = frozenset({"381", "81", "261", "396"})  # what such a one lists may have come back
# UNTDID 5305, where a row has a category and no rate.
_CATEGORIES = {"E": "zw", "AE": "oo", "O": "np", "Z": "0", "G": "0 EX", "K": "0 WDT"}


def kind_of(type_code: str, values: Values) -> DocumentKind:
    """What the document is by its type code; self-billing is noted."""
    if type_code in ("389", "261", "527"):
        values.note("self-billing")
    if type_code and type_code not in _INVOICES and type_code not in _KINDS:
        values.note("invoice-type-unknown", Severity.ERROR, value=type_code[:20])
        return DocumentKind.OTHER
    kind = _KINDS.get(type_code, DocumentKind.INVOICE)
    if kind is DocumentKind.ADVANCE_INVOICE:
        values.note("waiting-for-final-invoice", Severity.INFO)
    return kind


def rate_of(tax: Node, names: Sequence[str]) -> str:
    """The rate as stated, without useless zeros (`19`, `5.5`, `0`), else the category's word."""
    for name in names:
        rate = decimal_in(tax.value(name))
        if rate is not None:
            return f"{rate.normalize():f}"
    return _CATEGORIES.get((tax.value("CategoryCode") or tax.value("ID")).upper(), "")


def unit(code: str) -> Value[str] | None:
    """The unit in Polish where the code is known; the code stays in `raw`."""
    return Value(unit_codes.unit_name(code), Proof.STRUCTURED, raw=code) if code else None


def per_unit(amount: Value[Decimal] | None, basis: Value[Decimal] | None) -> Value[Decimal] | None:
    """A price for one unit from a price for `basis` units; the printed price stays in `raw`."""
    if amount is None or basis is None or basis.value in (0, 1):
        return amount
    return Value(amount.value / basis.value, amount.proof, raw=amount.raw)


def total(parts: Sequence[Decimal]) -> Value[Decimal] | None:
    """The sum, None when there is nothing to sum or nothing remains."""
    amount = sum(parts, Decimal(0))
    return Value(amount, Proof.STRUCTURED) if amount else None


def currency_of(sums: Node) -> str:
    """The one currency that the amounts themselves name."""
    found = {child.attribute("currencyID").upper() for child in sums.children()} - {""}
    return found.pop() if len(found) == 1 else ""


def corrected(
    reading: Reading, type_code: str, originals: tuple[CorrectionReference, ...], values: Values
) -> Reading:
    """The reading with what it changes, where the standard's form says so.

    A credit note of goods lists what is credited, without a minus: encoding C, each row its units
    and value taken back. Rows without a value or with a minus (a credit taken back, or a minus too
    many), financial adjustments and corrected invoices (difference or new state?) do not say how
    to read their quantities: a person decides.
    """
    if not originals:
        values.note("correction-without-original")
    rows = reading.lines
    listed = bool(rows) and type_code in _OF_GOODS and reading.kind is DocumentKind.CREDIT_NOTE
    if not listed or not all(_credited(row) for row in rows) or not _positive(reading):
        if any(_below_nought(row) for row in rows):
            values.note("correction-signs-unclear", line=_first_below(rows))
        elif rows and not listed:
            values.note("correction-units-unknown")
        encoding = "C" if listed else ""
        return replace(
            reading,
            correction=Correction(encoding=encoding, originals=originals, needs_person=True),
        )
    lines = tuple(
        replace(row, unit_delta=-row.quantity.value, value_delta=-row.line_net.value)
        if row.quantity and row.line_net
        else row
        for row in rows
    )
    made = Correction(encoding="C", originals=originals, needs_person=not originals)
    return replace(reading, lines=lines, correction=made)


def _credited(row: Line) -> bool:
    """Whether a row says how many units are credited, and at what price."""
    told = (row.quantity, row.unit_price_net, row.line_net)
    return all(value is not None and value.value > 0 for value in told)


def _below_nought(row: Line) -> bool:
    return any(value is not None and value.value < 0 for value in (row.quantity, row.line_net))


def _first_below(rows: Sequence[Line]) -> int:
    return next(row.position for row in rows if _below_nought(row))


def _positive(reading: Reading) -> bool:
    return reading.total_gross is not None and reading.total_gross.value > 0


def observe(reading: Reading, values: Values) -> None:
    """Note what is missing or does not agree in the header."""
    if reading.invoice_number is None:
        values.note("number-missing", Severity.ERROR)
    if reading.currency is None:
        values.note("currency-missing")
    elif reading.currency.value != "PLN":
        values.note("foreign-currency", Severity.INFO, currency=reading.currency.value, rate="")
    if not reading.lines:
        values.note("no-lines")
    for label, party in (("seller", reading.seller), ("buyer", reading.buyer)):
        vat_id = party.vat_id.value if party.vat_id else ""
        if vat_id.isdigit() and len(vat_id) == 10 and not identifiers.nip_valid(vat_id):
            values.note("nip-checksum", party=label, value=vat_id)
    seller, buyer = reading.seller.vat_id, reading.buyer.vat_id
    if seller is None:
        values.note("seller-without-number")
    elif buyer and seller.value == buyer.value:
        values.note("seller-is-buyer", value=seller.value)
    net, vat, gross = reading.total_net, reading.total_vat, reading.total_gross
    if gross is None:
        values.note("total-missing", Severity.ERROR)
    elif gross.value < 0 and reading.correction is None:
        values.note("total-negative", value=gross.value)
    if gross is not None and net is not None:
        total_found = net.value + (vat.value if vat else 0)
        if abs(total_found - gross.value) > _CENT:
            values.note("total-mismatch", lines=total_found, stated=gross.value)
