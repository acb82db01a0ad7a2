"""Reads UBL 2 invoices and credit notes: PEF, Peppol, XRechnung in UBL."""

from __future__ import annotations

import hashlib
from dataclasses import replace
from decimal import Decimal

from ocr import en16931, en16931_rates, identifiers, row_checks, ubl_rows, xml_source
from ocr.reading import (
    CorrectionReference,
    Discount,
    DocumentKind,
    Party,
    Proof,
    RateTotal,
    Reading,
    Reference,
    Severity,
    Value,
)
from ocr.xml_source import Node, Source
from ocr.xml_values import Values

_PEF = "efaktura.gov.pl"  # the Polish platform of public procurement; such invoices pass KSeF too


def read_ubl(data: bytes) -> Reading:
    """The reading of a UBL document; `Unreadable` when the bytes are no acceptable XML."""
    return read(xml_source.parse(data), document_sha256=hashlib.sha256(data).hexdigest())


def read(source: Source, *, document_sha256: str) -> Reading:
    """As `read_ubl`, for a file that is parsed already."""
    values = Values()
    root = source.root
    credit = root.name == "CreditNote"
    type_code = root.value("InvoiceTypeCode") or root.value("CreditNoteTypeCode")
    kind = en16931.kind_of(type_code or ("381" if credit else "380"), values)
    if credit and kind is DocumentKind.INVOICE:
        kind = DocumentKind.CREDIT_NOTE
    currency = root.value("DocumentCurrencyCode").upper()
    totals = root.first("LegalMonetaryTotal") or root
    taxes = _taxes(root, currency)
    line_total = values.decimal(totals.value("LineExtensionAmount"), "LineExtensionAmount")
    reading = Reading(
        kind=kind,
        route="ubl",
        engine=f"UBL {root.value('CustomizationID')}".strip()[:120],
        seller=_party(root.first("AccountingSupplierParty/Party"), values),
        buyer=_party(root.first("AccountingCustomerParty/Party"), values),
        invoice_number=values.text(root.value("ID")),
        issue_date=values.date(root.value("IssueDate"), "IssueDate"),
        sale_date=values.date(
            root.value("Delivery/ActualDeliveryDate") or root.value("TaxPointDate"), "sale date"
        ),
        currency=values.text(currency or en16931.currency_of(totals)),
        total_net=values.decimal(totals.value("TaxExclusiveAmount"), "TaxExclusiveAmount"),
        total_vat=values.decimal(taxes.value("TaxAmount"), "TaxAmount") if taxes else None,
        total_gross=values.decimal(totals.value("TaxInclusiveAmount"), "TaxInclusiveAmount"),
        amount_due=values.decimal(totals.value("PayableAmount"), "PayableAmount"),
        rate_totals=_rates(taxes, values),
        lines=ubl_rows.lines(root, values),
        discounts=_discounts(root, values),
        references=_references(root),
        document_sha256=document_sha256,
        language="",
    )
    if kind in (DocumentKind.CREDIT_NOTE, DocumentKind.CORRECTED_INVOICE):
        code = type_code or ("381" if credit else "")
        reading = en16931.corrected(reading, code, _originals(root, values), values)
    if _PEF in root.value("CustomizationID"):
        values.note("public-procurement")
    row_checks.plausibility(reading.lines, values)
    row_checks.line_sum(reading.lines, line_total.value if line_total else None, values)
    en16931_rates.compare(reading, _charges(root), values)
    en16931.observe(reading, values)
    return replace(reading, findings=values.limited(en16931.MAX_REPEATED))


def _taxes(root: Node, currency: str) -> Node | None:
    """The tax total in the document's currency; a second one in the tax currency may follow."""
    found = root.every("TaxTotal")
    for node in found:
        amount = node.first("TaxAmount")
        if amount and amount.attribute("currencyID").upper() in ("", currency):
            return node
    return None


def _rates(taxes: Node | None, values: Values) -> tuple[RateTotal, ...]:
    if taxes is None:
        return ()
    return tuple(
        RateTotal(
            en16931.rate_of(node.first("TaxCategory") or node, ("Percent",)),
            values.decimal(node.value("TaxableAmount"), "TaxableAmount"),
            values.decimal(node.value("TaxAmount"), "TaxAmount"),
        )
        for node in taxes.every("TaxSubtotal")
    )


def _party(node: Node | None, values: Values) -> Party:
    if node is None:
        return Party()
    number = ""
    for scheme in node.every("PartyTaxScheme"):
        # A second scheme carries local tax numbers; without a name the only one counts.
        if scheme.value("TaxScheme/ID").upper() in ("", "VAT"):
            number = scheme.value("CompanyID")
            break
    normal = identifiers.vat_id_normalised(number) or number
    address = node.first("PostalAddress")
    parts = ("StreetName", "AdditionalStreetName", "PostalZone", "CityName")
    found = [text for part in parts if (text := address.value(part) if address else "")]
    return Party(
        name=values.text(
            node.value("PartyLegalEntity/RegistrationName") or node.value("PartyName/Name")
        ),
        vat_id=Value(normal, Proof.STRUCTURED, raw=number) if normal else None,
        address=values.text(", ".join(found)),
        customer_number=values.text(node.value("PartyIdentification/ID")),
    )


def _discounts(root: Node, values: Values) -> tuple[Discount, ...]:
    """Allowances on the whole document; charges (freight, packing) are noted as such."""
    found = []
    for node in root.every("AllowanceCharge"):
        amount = values.decimal(node.value("Amount"), "Amount")
        if amount is None or not amount.value:
            continue
        reason = node.value("AllowanceChargeReason")
        if node.value("ChargeIndicator").lower() in ("true", "1"):
            values.note("document-charge", Severity.INFO, amount=amount.value, reason=reason)
            continue
        category = node.first("TaxCategory")
        rate = en16931.rate_of(category, ("Percent",)) if category else ""
        found.append(Discount(amount, label=reason, vat_rate=rate or None))
    return tuple(found)


def _charges(root: Node) -> list[tuple[str, Decimal]]:
    """What is added to the rows, with its rate."""
    found = [
        (node.first("TaxCategory"), xml_source.decimal_in(node.value("Amount")))
        for node in root.every("AllowanceCharge")
        if node.value("ChargeIndicator").lower() in ("true", "1")
    ]
    return [
        (en16931.rate_of(tax, ("Percent",)) if tax else "", amount)
        for tax, amount in found
        if amount
    ]


def _references(root: Node) -> tuple[Reference, ...]:
    return tuple(
        Reference(kind, node.text)
        for kind, path in (
            ("order", "OrderReference/ID"),
            ("contract", "ContractDocumentReference/ID"),
            ("delivery_note", "DespatchDocumentReference/ID"),
        )
        for node in root.every(path)
        if node.text
    )


def _originals(root: Node, values: Values) -> tuple[CorrectionReference, ...]:
    originals = []
    for node in root.every("BillingReference/InvoiceDocumentReference"):
        day = values.date(node.value("IssueDate"), "BillingReference/IssueDate")
        originals.append(CorrectionReference(node.value("ID"), day.value if day else None))
    return tuple(originals)
