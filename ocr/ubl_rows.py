"""The rows of a UBL invoice or credit note as lines."""

from __future__ import annotations

from decimal import Decimal

from ocr import en16931, identifiers, limits
from ocr.reading import Line, Unreadable, UnreadableReason, Value
from ocr.xml_source import Node
from ocr.xml_values import Values


def lines(root: Node, values: Values) -> tuple[Line, ...]:
    """All rows in document order. `Unreadable` past 10,000 rows."""
    rows = root.every("InvoiceLine") + root.every("CreditNoteLine")
    if len(rows) > limits.XML_LINES:
        raise Unreadable(UnreadableReason.TOO_COMPLEX, lines=len(rows), limit=limits.XML_LINES)
    return tuple(_line(position, row, values) for position, row in enumerate(rows, start=1))


def _line(position: int, row: Node, values: Values) -> Line:
    quantity = row.first("InvoicedQuantity") or row.first("CreditedQuantity")
    category = row.first("Item/ClassifiedTaxCategory")
    rate = en16931.rate_of(category, ("Percent",)) if category else ""
    price = values.decimal(row.value("Price/PriceAmount"), f"PriceAmount/{position}")
    basis = values.decimal(row.value("Price/BaseQuantity"), f"BaseQuantity/{position}")
    net = row.value("LineExtensionAmount")
    return Line(
        position=position,
        description=values.text(row.value("Item/Name") or row.value("Item/Description")),
        quantity=values.decimal(quantity.text, f"Quantity/{position}") if quantity else None,
        unit=en16931.unit(quantity.attribute("unitCode") if quantity else ""),
        unit_price_net=en16931.per_unit(price, basis),
        discount=_discount(row, position, values),
        line_net=values.decimal(net, f"LineExtensionAmount/{position}"),
        vat_rate=values.text(rate),
        gtin=_gtin(row, values),
        article_no=values.text(row.value("Item/SellersItemIdentification/ID")),
        printed_number=row.value("ID"),
    )


def _discount(row: Node, position: int, values: Values) -> Value[Decimal] | None:
    """What is taken off the whole row; surcharges count against it."""
    parts = []
    for node in row.every("AllowanceCharge"):
        amount = values.decimal(node.value("Amount"), f"Amount/{position}")
        if amount is not None:
            charge = node.value("ChargeIndicator").lower() in ("true", "1")
            parts.append(-amount.value if charge else amount.value)
    return en16931.total(parts)


def _gtin(row: Node, values: Values) -> Value[str] | None:
    identifier = row.first("Item/StandardItemIdentification/ID")
    if identifier is None:
        return None
    scheme = identifier.attribute("schemeID").upper()
    if scheme in ("0160", "GTIN") or (not scheme and identifiers.gtin_valid(identifier.text)):
        return values.text(identifier.text)
    return None
