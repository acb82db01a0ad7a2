"""The rows of a Cross Industry Invoice as lines."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from decimal import Decimal
from xml.etree.ElementTree import Element

from ocr import en16931, identifiers, limits
from ocr.reading import Line, Severity, Unreadable, UnreadableReason, Value
from ocr.xml_source import Node
from ocr.xml_values import Values

_AGREEMENT = ("SpecifiedLineTradeAgreement", "SpecifiedSupplyChainTradeAgreement")
_DELIVERY = ("SpecifiedLineTradeDelivery", "SpecifiedSupplyChainTradeDelivery")
_SETTLEMENT = ("SpecifiedLineTradeSettlement", "SpecifiedSupplyChainTradeSettlement")
_SUMS = (
    "SpecifiedTradeSettlementLineMonetarySummation",
    "SpecifiedTradeSettlementMonetarySummation",
)
# Sub-invoice lines of the extended profile: a group repeats the sum of its parts, an information
# row has no amount of its own. Counting them would credit goods twice.
_NOT_GOODS = frozenset({"GROUP", "INFORMATION"})
_GTIN_SCHEMES = frozenset({"0160", "GTIN", "EAN"})


def pick(node: Node, names: Sequence[str]) -> Node:
    """The first child of any of these names, an empty element when there is none."""
    for name in names:
        if found := node.first(name):
            return found
    return Node(Element(names[0]))


def lines(transaction: Node, values: Values) -> tuple[Line, ...]:
    """All rows of goods in document order. `Unreadable` past 10,000 rows."""
    rows = transaction.every("IncludedSupplyChainTradeLineItem")
    if len(rows) > limits.XML_LINES:
        raise Unreadable(UnreadableReason.TOO_COMPLEX, lines=len(rows), limit=limits.XML_LINES)
    goods = []
    for row in rows:
        about = row.first("AssociatedDocumentLineDocument")
        status = about.value("LineStatusReasonCode").upper() if about else ""
        if status in _NOT_GOODS or row.first("SpecifiedTradeProduct") is None:
            continue  # a row without a product is a note
        goods.append((about.value("LineID") if about else "", row))
    if left_out := len(rows) - len(goods):
        values.note("rows-left-out", Severity.INFO, rows=left_out)
    return tuple(
        _line(position, number, row, values) for position, (number, row) in enumerate(goods, 1)
    )


def _line(position: int, number: str, row: Node, values: Values) -> Line:
    product = pick(row, ("SpecifiedTradeProduct",))
    agreement, settlement = pick(row, _AGREEMENT), pick(row, _SETTLEMENT)
    tax, sums = pick(settlement, ("ApplicableTradeTax",)), pick(settlement, _SUMS)
    quantity = pick(row, _DELIVERY).first("BilledQuantity")
    rate = en16931.rate_of(tax, ("RateApplicablePercent", "ApplicablePercent"))
    return Line(
        position=position,
        description=values.text(product.value("Name") or product.value("Description")),
        quantity=values.decimal(quantity.text, f"BilledQuantity/{position}") if quantity else None,
        unit=en16931.unit(quantity.attribute("unitCode") if quantity else ""),
        unit_price_net=_price(agreement, position, values),
        discount=_discount(settlement, position, values),
        line_net=values.decimal(sums.value("LineTotalAmount"), f"LineTotalAmount/{position}"),
        vat_rate=values.text(rate),
        gtin=_gtin(product, values),
        article_no=values.text(product.value("SellerAssignedID")),
        printed_number=number,
    )


def _price(agreement: Node, position: int, values: Values) -> Value[Decimal] | None:
    """The price of one unit after discount: a price may be given for 100.

    Where only the price before discount stands there ("gross", yet without tax), its own discount
    is taken off.
    """
    price = agreement.first("NetPriceProductTradePrice")
    before = agreement.first("GrossPriceProductTradePrice")
    if price is None and before is None:
        return None
    told = price or before
    assert told is not None
    amount = values.decimal(told.value("ChargeAmount"), f"ChargeAmount/{position}")
    basis = values.decimal(told.value("BasisQuantity"), f"BasisQuantity/{position}")
    if price is None and amount is not None:
        off = sum(_signed(told, "AppliedTradeAllowanceCharge", position, values), Decimal(0))
        amount = replace(amount, value=amount.value - off) if off else amount
    return en16931.per_unit(amount, basis)


def _discount(settlement: Node, position: int, values: Values) -> Value[Decimal] | None:
    """What is taken off the whole row; surcharges count against it."""
    return en16931.total(_signed(settlement, "SpecifiedTradeAllowanceCharge", position, values))


def _signed(parent: Node, name: str, position: int, values: Values) -> list[Decimal]:
    parts = []
    for node in parent.every(name):
        amount = values.decimal(node.value("ActualAmount"), f"ActualAmount/{position}")
        if amount is not None:
            charge = node.value("ChargeIndicator/Indicator").lower() in ("true", "1")
            parts.append(-amount.value if charge else amount.value)
    return parts


def _gtin(product: Node, values: Values) -> Value[str] | None:
    for node in product.every("GlobalID"):
        scheme = node.attribute("schemeID").upper()
        if scheme in _GTIN_SCHEMES or (not scheme and identifiers.gtin_valid(node.text)):
            return values.text(node.text)
    return None
