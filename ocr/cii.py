"""Reads Cross Industry Invoices: Factur-X, ZUGFeRD 1 and 2, XRechnung in CII."""

from __future__ import annotations

import hashlib
from dataclasses import replace
from datetime import date
from decimal import Decimal

from ocr import cii_rows, en16931, en16931_rates, identifiers, row_checks, xml_source
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

# ZUGFeRD 1.0 names the same things otherwise.
_DOCUMENT = ("ExchangedDocument", "HeaderExchangedDocument")
_TRANSACTION = ("SupplyChainTradeTransaction", "SpecifiedSupplyChainTradeTransaction")
_AGREEMENT = ("ApplicableHeaderTradeAgreement", "ApplicableSupplyChainTradeAgreement")
_DELIVERY = ("ApplicableHeaderTradeDelivery", "ApplicableSupplyChainTradeDelivery")
_SETTLEMENT = ("ApplicableHeaderTradeSettlement", "ApplicableSupplyChainTradeSettlement")
_SUMS = (
    "SpecifiedTradeSettlementHeaderMonetarySummation",
    "SpecifiedTradeSettlementMonetarySummation",
)


def facturx(data: bytes) -> Reading:
    """The reading of a Cross Industry Invoice; `Unreadable` when it is no acceptable XML."""
    return read(xml_source.parse(data), document_sha256=hashlib.sha256(data).hexdigest())


def read(source: Source, *, document_sha256: str) -> Reading:
    """As `facturx`, for a file that is parsed already."""
    values = Values()
    document = cii_rows.pick(source.root, _DOCUMENT)
    transaction = cii_rows.pick(source.root, _TRANSACTION)
    agreement = cii_rows.pick(transaction, _AGREEMENT)
    delivery = cii_rows.pick(transaction, _DELIVERY)
    settlement = cii_rows.pick(transaction, _SETTLEMENT)
    sums = cii_rows.pick(settlement, _SUMS)
    type_code = document.value("TypeCode")
    currency = settlement.value("InvoiceCurrencyCode").upper() or en16931.currency_of(sums)
    kind = en16931.kind_of(type_code, values)
    reading = Reading(
        kind=kind,
        route="facturx",
        engine=_profile(source.root),
        seller=_party(agreement.first("SellerTradeParty"), values),
        buyer=_party(agreement.first("BuyerTradeParty"), values),
        invoice_number=values.text(document.value("ID")),
        issue_date=_day(document, "IssueDateTime", values),
        sale_date=_day(delivery, "ActualDeliverySupplyChainEvent/OccurrenceDateTime", values),
        currency=values.text(currency),
        total_net=values.decimal(sums.value("TaxBasisTotalAmount"), "TaxBasisTotalAmount"),
        total_vat=_tax_total(sums, currency, values),
        total_gross=values.decimal(sums.value("GrandTotalAmount"), "GrandTotalAmount"),
        amount_due=values.decimal(sums.value("DuePayableAmount"), "DuePayableAmount"),
        rate_totals=tuple(
            RateTotal(
                en16931.rate_of(tax, ("RateApplicablePercent", "ApplicablePercent")),
                values.decimal(tax.value("BasisAmount"), "BasisAmount"),
                values.decimal(tax.value("CalculatedAmount"), "CalculatedAmount"),
            )
            for tax in settlement.every("ApplicableTradeTax")
        ),
        lines=cii_rows.lines(transaction, values),
        discounts=_discounts(settlement, values),
        references=_references(agreement, delivery),
        document_sha256=document_sha256,
        language="",
    )
    if kind in (DocumentKind.CREDIT_NOTE, DocumentKind.CORRECTED_INVOICE):
        originals = _originals(settlement, values)
        reading = en16931.corrected(reading, type_code, originals, values)
    line_total = values.decimal(sums.value("LineTotalAmount"), "LineTotalAmount")
    row_checks.plausibility(reading.lines, values)
    row_checks.line_sum(reading.lines, line_total.value if line_total else None, values)
    en16931_rates.compare(reading, _charges(settlement, sums), values)
    en16931.observe(reading, values)
    return replace(reading, findings=values.limited(en16931.MAX_REPEATED))


def _profile(root: Node) -> str:
    name = root.value("ExchangedDocumentContext/GuidelineSpecifiedDocumentContextParameter/ID")
    older = root.value(
        "SpecifiedExchangedDocumentContext/GuidelineSpecifiedDocumentContextParameter/ID"
    )
    return f"CII {name or older}".strip()[:120]


def _party(node: Node | None, values: Values) -> Party:
    if node is None:
        return Party()
    registrations = {
        tax.attribute("schemeID"): tax.text for tax in node.every("SpecifiedTaxRegistration/ID")
    }
    vat_id = registrations.get("VA", "")
    normal = identifiers.vat_id_normalised(vat_id) or vat_id
    address = node.first("PostalTradeAddress")
    parts = ("LineOne", "LineTwo", "LineThree", "PostcodeCode", "CityName", "CountryID")
    found = [text for part in parts if (text := address.value(part) if address else "")]
    return Party(
        name=values.text(
            node.value("Name") or node.value("SpecifiedLegalOrganization/TradingBusinessName")
        ),
        vat_id=Value(normal, Proof.STRUCTURED, raw=vat_id) if normal else None,
        address=values.text(", ".join(found)),
        customer_number=values.text(node.value("ID")),
    )


def _day(node: Node, path: str, values: Values) -> Value[date] | None:
    text = node.value(f"{path}/DateTimeString") or node.value(path)
    return values.date(text, path)


def _tax_total(sums: Node, currency: str, values: Values) -> Value[Decimal] | None:
    """The tax in the invoice's currency; a second amount in another one may stand beside it."""
    amounts = sums.every("TaxTotalAmount")
    own = [a for a in amounts if a.attribute("currencyID").upper() in ("", currency)]
    return values.decimal(own[0].text, "TaxTotalAmount") if own else None


def _discounts(settlement: Node, values: Values) -> tuple[Discount, ...]:
    """Allowances on the whole document; charges (freight, packing) are noted as such."""
    found = []
    for node in settlement.every("SpecifiedTradeAllowanceCharge"):
        amount = values.decimal(node.value("ActualAmount"), "ActualAmount")
        if amount is None or not amount.value:
            continue
        if node.value("ChargeIndicator/Indicator").lower() in ("true", "1"):
            values.note(
                "document-charge", Severity.INFO, amount=amount.value, reason=node.value("Reason")
            )
            continue
        tax = node.first("CategoryTradeTax")
        rates = ("RateApplicablePercent", "ApplicablePercent")
        rate = en16931.rate_of(tax, rates) if tax else None
        found.append(Discount(amount, label=node.value("Reason"), vat_rate=rate or None))
    return tuple(found)


def _charges(settlement: Node, sums: Node) -> list[tuple[str, Decimal]]:
    """What is added to the rows, with its rate: charges, and freight as ZUGFeRD 1.0 names it.

    Smaller profiles give only the sum of what is added and taken off: its rate is unknown.
    """
    found = []
    for node in settlement.every("SpecifiedTradeAllowanceCharge"):
        if node.value("ChargeIndicator/Indicator").lower() in ("true", "1"):
            found.append((node.value("ActualAmount"), node.first("CategoryTradeTax")))
    for node in settlement.every("SpecifiedLogisticsServiceCharge"):
        found.append((node.value("AppliedAmount"), node.first("AppliedTradeTax")))
    if not found and settlement.first("SpecifiedTradeAllowanceCharge") is None:
        moved = ("AllowanceTotalAmount", "ChargeTotalAmount")
        found += [(sums.value(name), None) for name in moved]
    rates = ("RateApplicablePercent", "ApplicablePercent")
    return [
        (en16931.rate_of(tax, rates) if tax else "", amount)
        for text, tax in found
        if (amount := xml_source.decimal_in(text))
    ]


def _references(agreement: Node, delivery: Node) -> tuple[Reference, ...]:
    found = []
    for kind, node, name in (
        ("order", agreement, "BuyerOrderReferencedDocument"),
        ("contract", agreement, "ContractReferencedDocument"),
        ("delivery_note", delivery, "DespatchAdviceReferencedDocument"),
        ("delivery_note", delivery, "DeliveryNoteReferencedDocument"),
    ):
        for reference in node.every(name):
            if number := reference.value("IssuerAssignedID") or reference.value("ID"):
                found.append(Reference(kind, number))
    return tuple(found)


def _originals(settlement: Node, values: Values) -> tuple[CorrectionReference, ...]:
    originals = []
    for node in settlement.every("InvoiceReferencedDocument"):
        day = _day(node, "FormattedIssueDateTime", values)
        number = node.value("IssuerAssignedID") or node.value("ID")
        originals.append(CorrectionReference(number, day.value if day else None))
    return tuple(originals)
