"""Correcting invoices made from their originals, in each of the eight encodings."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import date
from decimal import Decimal

from demo.documents.purchase import (
    Correction,
    Encoding,
    InvoiceType,
    Original,
    Party,
    Purchase,
    PurchaseLine,
)

CORRECTING = {
    InvoiceType.VAT: InvoiceType.CORRECTION,
    InvoiceType.SIMPLIFIED: InvoiceType.CORRECTION,
    InvoiceType.CORRECTION: InvoiceType.CORRECTION,
    InvoiceType.FINAL: InvoiceType.FINAL_CORRECTION,
    InvoiceType.ADVANCE: InvoiceType.ADVANCE_CORRECTION,
}


def reference(original: Purchase) -> Original:
    """How a correction names this invoice; outside KSeF there is no KSeF number to give."""
    number = original.ksef.number if original.ksef is not None else ""
    return Original(number=original.number, issued_on=original.issued_on, ksef_number=number)


def _correcting(
    original: Purchase,
    *,
    number: str,
    issued_on: date,
    lines: Sequence[PurchaseLine],
    correction: Correction,
) -> Purchase:
    return replace(
        original,
        type=CORRECTING[original.type],
        number=number,
        issued_on=issued_on,
        due_on=None,
        lines=tuple(lines),
        correction=correction,
        advances=(),
        advance_gross=None,
        delivery_notes=(),
        to_receipt=False,
        ksef=None,
    )


def before_after(
    original: Purchase,
    *,
    number: str,
    issued_on: date,
    quantities: Mapping[int, Decimal],
    reason: str = "zwrot towaru",
) -> Purchase:
    """A: each changed row twice, as it was and as it is now. Positions count from 1.

    A new quantity of nought leaves the row out of the state after.
    """
    lines: list[PurchaseLine] = []
    for position, quantity in sorted(quantities.items()):
        line = replace(original.lines[position - 1], number=position)
        lines.append(replace(line, before=True))
        if quantity:
            lines.append(replace(line, quantity=quantity))
    correction = Correction(
        encoding=Encoding.BEFORE_AFTER,
        originals=(reference(original),),
        reason=reason,
        total_before=original.total_gross if original.type is InvoiceType.FINAL else None,
    )
    return _correcting(
        original, number=number, issued_on=issued_on, lines=lines, correction=correction
    )


def price_difference(
    original: Purchase, *, number: str, issued_on: date, reductions: Mapping[int, Decimal]
) -> Purchase:
    """B: one row per changed price with quantity 1 and the negative difference of the value."""
    lines = [
        replace(
            original.lines[position - 1],
            quantity=Decimal(1),
            unit_price=-amount,
            discount_percent=Decimal(0),
            number=position,
        )
        for position, amount in sorted(reductions.items())
    ]
    correction = Correction(
        encoding=Encoding.PRICE_DIFFERENCE,
        originals=(reference(original),),
        reason="udzielony rabat",
    )
    return _correcting(
        original, number=number, issued_on=issued_on, lines=lines, correction=correction
    )


def quantity_difference(
    original: Purchase, *, number: str, issued_on: date, returned: Mapping[int, Decimal]
) -> Purchase:
    """C: one row per return with a negative quantity at the old price."""
    lines = []
    for position, quantity in sorted(returned.items()):
        line = original.lines[position - 1]
        lines.append(
            replace(
                line,
                quantity=-quantity,
                unit_price=line.price_after_discount,
                discount_percent=Decimal(0),
                number=position,
            )
        )
    correction = Correction(
        encoding=Encoding.QUANTITY_DIFFERENCE,
        originals=(reference(original),),
        reason="zwrot towaru",
    )
    return _correcting(
        original, number=number, issued_on=issued_on, lines=lines, correction=correction
    )


def storno(
    original: Purchase,
    *,
    number: str,
    issued_on: date,
    prices: Mapping[int, Decimal],
    quantities: Mapping[int, Decimal],
) -> Purchase:
    """H: each changed row with a minus, then as it is now; nothing marks the state before."""
    lines: list[PurchaseLine] = []
    for position in sorted({*prices, *quantities}):
        line = replace(original.lines[position - 1], number=None)
        quantity = line.quantity or Decimal(1)
        now = quantities.get(position, quantity)
        price = prices.get(position, line.unit_price)
        lines.append(replace(line, quantity=-quantity))
        if now:
            lines.append(replace(line, quantity=now, unit_price=price))
    correction = Correction(
        encoding=Encoding.STORNO,
        originals=(reference(original),),
        reason="zmiana ceny",
    )
    return _correcting(
        original, number=number, issued_on=issued_on, lines=lines, correction=correction
    )


def buyer_data(original: Purchase, *, number: str, issued_on: date, buyer: Party) -> Purchase:
    """D: nothing but other data of the buyer; no rows, nought to pay."""
    correction = Correction(
        encoding=Encoding.BUYER_DATA,
        originals=(reference(original),),
        reason="błędne dane nabywcy",
        effect=1,
        former_buyer=original.buyer,
    )
    changed = replace(original, buyer=buyer)
    return _correcting(changed, number=number, issued_on=issued_on, lines=(), correction=correction)


def collective(
    originals: Sequence[Purchase],
    *,
    number: str,
    issued_on: date,
    period: str,
    percent: Decimal,
    with_row: bool = False,
) -> Purchase:
    """E: a discount on all invoices of a period without rows; F: with one descriptive row."""
    net: dict[str, Decimal] = {}
    for original in originals:
        for share in original.rate_sums:
            net[share.rate] = net.get(share.rate, Decimal(0)) + share.net
    first = originals[0]
    row = PurchaseLine(
        name=f"Rabat posprzedażny {percent}% za okres {period}",
        quantity=Decimal(1),
        unit="usł.",
        vat_rate=first.lines[0].vat_rate,
    )
    correction = Correction(
        encoding=Encoding.COLLECTIVE_WITH_ROW if with_row else Encoding.COLLECTIVE,
        originals=tuple(reference(o) for o in originals),
        reason="rabat za obrót",
        effect=3,
        period=period,
        net_by_rate=tuple(
            (rate, -(value * percent / 100).quantize(Decimal("0.01")))
            for rate, value in net.items()
        ),
    )
    return _correcting(
        first,
        number=number,
        issued_on=issued_on,
        lines=(row,) if with_row else (),
        correction=correction,
    )


def wrong_buyer(
    original: Purchase,
    *,
    number: str,
    new_number: str,
    issued_on: date,
    right_buyer: Party,
) -> tuple[Purchase, Purchase]:
    """G: the original corrected to nought, and the new invoice to the right buyer."""
    lines: list[PurchaseLine] = []
    for position, line in enumerate(original.lines, 1):
        lines.append(replace(line, before=True, number=position))
        lines.append(replace(line, quantity=Decimal(0), number=position))
    correction = Correction(
        encoding=Encoding.WRONG_BUYER,
        originals=(reference(original),),
        reason="błędny NIP nabywcy",
        effect=1,
    )
    reversal = _correcting(
        original, number=number, issued_on=issued_on, lines=lines, correction=correction
    )
    fresh = replace(original, number=new_number, issued_on=issued_on, buyer=right_buyer, ksef=None)
    return reversal, fresh


def advance_correction(
    original: Purchase, *, number: str, issued_on: date, advance_gross: Decimal
) -> Purchase:
    """KOR_ZAL: the advance became another amount; the order's rows stand before and after."""
    lines = []
    for position, line in enumerate(original.lines, 1):
        lines.append(replace(line, before=True, number=position))
        lines.append(replace(line, number=position))
    after = replace(original, advance_gross=advance_gross)
    now = {row.rate: row.net for row in after.rate_sums}
    correction = Correction(
        encoding=Encoding.BEFORE_AFTER,
        originals=(reference(original),),
        reason="zmiana kwoty zaliczki",
        total_before=original.total_gross,
        net_by_rate=tuple((row.rate, now[row.rate] - row.net) for row in original.rate_sums),
    )
    return _correcting(
        original, number=number, issued_on=issued_on, lines=lines, correction=correction
    )


def unit_delta(purchase: Purchase, line: PurchaseLine) -> Decimal:
    """Units that this row of a correction adds to the original; see the table of encodings."""
    correction = purchase.correction
    if correction is None or line.quantity is None or line.value is None:
        return Decimal(0)
    if purchase.type is InvoiceType.ADVANCE_CORRECTION:
        return Decimal(0)
    if correction.encoding in (Encoding.BEFORE_AFTER, Encoding.WRONG_BUYER):
        return -line.quantity if line.before else line.quantity
    if correction.encoding in (Encoding.QUANTITY_DIFFERENCE, Encoding.STORNO):
        return line.quantity
    return Decimal(0)


def value_delta(purchase: Purchase, line: PurchaseLine) -> Decimal:
    """What the row adds to the original's value, in the row's own pricing."""
    if purchase.correction is None or line.value is None:
        return Decimal(0)
    if purchase.type is InvoiceType.ADVANCE_CORRECTION:
        return Decimal(0)
    return -line.value if line.before else line.value
