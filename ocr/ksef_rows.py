"""The rows of a KSeF invoice, and of the order on an advance invoice, as lines."""

from __future__ import annotations

import re
from decimal import Decimal

from ocr import limits
from ocr.reading import Line, Proof, Unreadable, UnreadableReason, Value
from ocr.xml_source import Node
from ocr.xml_values import Values

OSS = "OSS"  # in the raw text of a rate of another country of the Union (P_12_XII)
_WHOLE_RATE = re.compile(r"\d{1,3}", re.ASCII)
# The order's rows carry the same facts under names with a Z; their net and VAT are written out.
_ORDER_NAMES = {
    "NrWierszaFa": "NrWierszaZam",
    "UU_ID": "UU_IDZ",
    "P_7": "P_7Z",
    "Indeks": "IndeksZ",
    "GTIN": "GTINZ",
    "P_8A": "P_8AZ",
    "P_8B": "P_8BZ",
    "P_9A": "P_9AZ",
    "P_11": "P_11NettoZ",
    "P_11Vat": "P_11VatZ",
    "P_12": "P_12Z",
    "P_12_XII": "P_12Z_XII",
    "StanPrzed": "StanPrzedZ",
}


def lines(invoice: Node, values: Values) -> tuple[Line, ...]:
    """All rows in document order; every field but the position may be missing.

    An advance invoice has its goods in the order (`Zamowienie`); where rows stand beside the order
    they win, because the order repeats them. `Unreadable` past 10,000 rows.
    """
    rows = invoice.every("FaWiersz")
    order = [] if rows else invoice.every("Zamowienie/ZamowienieWiersz")
    if len(rows) + len(order) > limits.XML_LINES:
        raise Unreadable(
            UnreadableReason.TOO_COMPLEX, lines=len(rows) + len(order), limit=limits.XML_LINES
        )
    return tuple(
        _line(position, row.fields(), values, in_order=bool(order))
        for position, row in enumerate(rows or order, start=1)
    )


def _line(position: int, printed: dict[str, str], values: Values, *, in_order: bool) -> Line:
    def field(name: str) -> str:
        return printed.get(_ORDER_NAMES.get(name, name) if in_order else name, "")

    def number(name: str) -> Value[Decimal] | None:
        return values.decimal(field(name), f"{name}/{position}")

    rate, abroad = field("P_12"), field("P_12_XII")
    raw = rate or (f"{OSS} {abroad}" if abroad else "")
    rate = rate or abroad
    rate = str(int(rate)) if _WHOLE_RATE.fullmatch(rate) else rate
    return Line(
        position=position,
        description=values.text(field("P_7")),
        quantity=number("P_8B"),
        unit=values.text(field("P_8A")),
        unit_price_net=number("P_9A"),
        unit_price_gross=number("P_9B"),
        discount=number("P_10"),
        line_net=number("P_11"),
        line_gross=number("P_11A"),
        line_vat=number("P_11Vat"),
        vat_rate=Value(rate, Proof.STRUCTURED, raw=raw) if rate else None,
        gtin=values.text(field("GTIN")),
        article_no=values.text(field("Indeks")),
        sale_date=values.date(field("P_6A"), f"P_6A/{position}"),
        before=field("StanPrzed") == "1",
        printed_number=field("NrWierszaFa"),
        row_id=field("UU_ID"),
    )
