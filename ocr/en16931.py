"""What invoices of the European standard EN 16931 have in common, whatever their syntax."""

from __future__ import annotations

from collections.abc import Sequence
from decimal import Decimal

from ocr import identifiers, unit_codes
from ocr.reading import (
    Correction,
    CorrectionReference,
    DocumentKind,
    Proof,
    Reading,
    Severity,
    Value,
)
from ocr.xml_source import Node, decimal_in
from ocr.xml_values import Values

MAX_REPEATED = 20
_CENT = Decimal("0.01")

# UNTDID 1001. What is not listed is an invoice of some trade's kind (875, 877, 326, 389 …).
_KINDS = {
    "381": DocumentKind.CREDIT_NOTE,
    "261": DocumentKind.CREDIT_NOTE,
    "262": DocumentKind.CREDIT_NOTE,
    "296": DocumentKind.CREDIT_NOTE,
    "308": DocumentKind.CREDIT_NOTE,
    "384": DocumentKind.CORRECTED_INVOICE,
    "386": DocumentKind.ADVANCE_INVOICE,
    "325": DocumentKind.OTHER,  # pro forma
    "220": DocumentKind.OTHER,  # order
    "351": DocumentKind.OTHER,  # despatch advice
}
# UNTDID 5305, where a row has a category and no rate.
_CATEGORIES = {"E": "zw", "AE": "oo", "O": "np", "Z": "0", "G": "0 EX", "K": "0 WDT"}


def kind_of(type_code: str, values: Values) -> DocumentKind:
    """What the document is by its type code; self-billing is noted."""
    if type_code in ("389", "261"):
        values.note("self-billing")
    if type_code and not (type_code.isascii() and type_code.isdigit()):
        values.note("invoice-type-unknown", Severity.ERROR, value=type_code[:20])
        return DocumentKind.OTHER
    kind = _KINDS.get(type_code, DocumentKind.INVOICE)
    if kind is DocumentKind.ADVANCE_INVOICE:
        values.note("waiting-for-final-invoice", Severity.INFO)
    return kind


def rate_of(tax: Node, names: Sequence[str]) -> str:
    """The rate without useless zeros (`19`, `5.5`), else the category's word, else nothing."""
    for name in names:
        rate = decimal_in(tax.value(name))
        if rate is not None:
            return f"{rate.normalize():f}"
    return _CATEGORIES.get(tax.value("CategoryCode") or tax.value("ID"), "")


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


def correction(originals: tuple[CorrectionReference, ...], values: Values) -> Correction:
    """A correction under the standard does not say how to read its quantities: a person decides."""
    if not originals:
        values.note("correction-without-original")
    return Correction(encoding="", originals=originals, needs_person=True)


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
    elif net is not None:
        total_found = net.value + (vat.value if vat else 0)
        if abs(total_found - gross.value) > _CENT:
            values.note("total-mismatch", lines=total_found, stated=gross.value)
