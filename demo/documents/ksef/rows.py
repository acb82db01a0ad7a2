"""Rows of a structured invoice: delivered goods, or the order behind an advance."""

from __future__ import annotations

from collections.abc import Iterable
from decimal import Decimal

from demo.documents.ksef.xmltext import Element, leaf, optional
from demo.documents.purchase import KsefRecord, Purchase, PurchaseLine

NAME_LENGTH = {3: 512, 2: 256}


def decimal_text(value: Decimal, *, places: int = 0) -> str:
    """A number without exponent; trailing noughts go unless `places` asks for them."""
    if places:
        return f"{value:.{places}f}"
    text = format(value.normalize(), "f")
    return "0" if text in ("-0", "0") else text


def schema_rate(rate: str | None, form: int) -> str | None:
    """The rate as the form writes it: FA(2) knows only `0` and `np`, FA(3) splits both."""
    if rate is None:
        return None
    if form == 2:
        return {"0 KR": "0", "0 WDT": "0", "0 EX": "0", "np I": "np", "np II": "np"}.get(rate, rate)
    return {"0": "0 KR", "np": "np I"}.get(rate, rate)


def _quantity(line: PurchaseLine, record: KsefRecord) -> str | None:
    if line.quantity is None:
        return None
    return decimal_text(line.quantity, places=4 if record.decimals == "fixed" else 0)


def _money(value: Decimal | None, record: KsefRecord) -> str | None:
    if value is None:
        return None
    return decimal_text(value, places=2 if record.decimals == "fixed" else 0)


def _discount(line: PurchaseLine) -> Decimal | None:
    """P_10: per unit where the unit price was lowered, else of the whole line."""
    if line.discount_percent and line.unit_price is not None:
        after = line.price_after_discount
        return line.unit_price - after if after is not None else None
    return line.discount_amount or None


def invoice_rows(purchase: Purchase, record: KsefRecord) -> Iterable[Element]:
    """`FaWiersz` for every line."""
    for position, line in enumerate(purchase.lines, 1):
        net = None if line.gross_priced else line.value
        gross = line.value if line.gross_priced else None
        price = _money(line.unit_price, record)
        yield Element(
            "FaWiersz",
            [
                leaf("NrWierszaFa", line.number or position),
                optional("UU_ID", line.uu_id),
                optional("P_6A", line.delivered_on),
                leaf("P_7", line.name[: NAME_LENGTH[record.form]]),
                optional("Indeks", line.index),
                optional("GTIN", line.gtin),
                optional("PKWiU", line.pkwiu),
                optional("P_8A", line.unit if line.quantity is not None else ""),
                optional("P_8B", _quantity(line, record)),
                optional("P_9B" if line.gross_priced else "P_9A", price),
                optional("P_10", _money(_discount(line), record)),
                optional("P_11", _money(net, record)),
                optional("P_11A", _money(gross, record)),
                optional("P_12", schema_rate(line.vat_rate, record.form)),
                optional(
                    "KursWaluty",
                    decimal_text(purchase.rate_to_pln)
                    if purchase.currency != "PLN" and purchase.rate_to_pln is not None
                    else "",
                ),
                optional("StanPrzed", "1" if line.before else ""),
            ],
        )


def order(purchase: Purchase, record: KsefRecord) -> Element:
    """`Zamowienie`: what the buyer of an advance invoice has ordered."""
    worth = sum(
        ((line.gross or Decimal(0)) for line in purchase.lines if not line.before), Decimal(0)
    )
    rows = [
        Element(
            "ZamowienieWiersz",
            [
                leaf("NrWierszaZam", line.number or position),
                optional("UU_IDZ", line.uu_id),
                leaf("P_7Z", line.name[: NAME_LENGTH[record.form]]),
                optional("IndeksZ", line.index),
                optional("GTINZ", line.gtin),
                optional("P_8AZ", line.unit),
                optional("P_8BZ", _quantity(line, record)),
                optional("P_9AZ", _money(line.unit_price, record)),
                optional("P_11NettoZ", _money(line.net, record)),
                optional("P_11VatZ", _money(line.vat, record)),
                optional("P_12Z", schema_rate(line.vat_rate, record.form)),
                optional("StanPrzedZ", "1" if line.before else ""),
            ],
        )
        for position, line in enumerate(purchase.lines, 1)
    ]
    return Element("Zamowienie", [leaf("WartoscZamowienia", decimal_text(worth)), *rows])
