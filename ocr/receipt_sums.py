"""The equations of a fiscal slip: which sum is the sum, and which figures make it right."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from decimal import Decimal

from ocr.reading import Proof, Value
from ocr.receipt_entries import Item, Items
from ocr.receipt_rates import Foot
from ocr.receipt_rows import Row
from ocr.receipt_tail import product
from ocr.receipt_text import says
from ocr.repairs import alternatives

CENT = Decimal("0.01")
MOST_TRIES = 20_000


def net_of_items(items: Items) -> Decimal:
    """Σ amounts − Σ discounts."""
    return sum((item.tail.amount for item in items.items), Decimal(0)) - sum(
        (cut.amount for cut in items.cuts), Decimal(0)
    )


def without_deposits(items: Items, foot: Foot) -> None:
    """Takes deposits out of the items, where the foot sums them up beside the sale.

    Source: tills print `KAUCJA` under the items and add `SUMA KAUCJI` to the sum of the sale.
    """
    asked = [item for item in items.items if says(item.name, "KAUCJ*", "OPAKOWANIA ZWROTNE")]
    if not asked or foot.deposits != sum(item.tail.amount for item in asked):
        return
    for item in reversed(asked):
        items.leave_out(items.items.index(item))


def choose_total(foot: Foot, items: Items) -> tuple[Decimal, Row | None, int] | None:
    """The sum, its row, and how many other figures on the slip say the same.

    A label alone may be misread or stand beside the wrong figure; a sum that the sales per rate,
    the items or the payment give as well is believed first.
    """
    witnesses = [foot.gross_of_rates, net_of_items(items) if items.items else None, items.subtotal]
    if foot.change is not None:
        witnesses += [paid - foot.change for paid in foot.paid]
    else:
        witnesses += foot.paid
    known = [value for value in witnesses if value is not None and value > 0]
    candidates: list[tuple[Decimal, Row | None]] = list(foot.totals)
    if foot.due is not None:
        candidates.append(foot.due)
    scored = [
        (known.count(value), -place, value, row) for place, (value, row) in enumerate(candidates)
    ]
    best = max(scored, key=lambda s: s[:2]) if scored else None
    if best is None or best[0] == 0:
        # Without a label that is right, two independent figures have to agree.
        agreed = [value for value in known if known.count(value) > 1]
        if agreed and not (best and best[3] and best[3].printed):
            return agreed[0], best[3] if best else None, known.count(agreed[0])
    return (best[2], best[3], best[0]) if best else None


def is_repaired(total: Decimal, foot: Foot) -> bool:
    """Whether the sum is another than the labels say, and no single misread figure explains it."""
    named = [value for value, _ in (*foot.totals, *([foot.due] if foot.due else []))]
    like = (number for value in named for number in alternatives(_read(value)))
    return bool(named) and total not in named and total not in like


def _read(value: Decimal) -> Value[Decimal]:
    return Value(value, Proof.READ, raw=f"{value:f}")


def settle_amounts(items: Items, total: Decimal | None) -> bool:
    """Repairs misread rows whose equation fails, where exactly one choice makes the sum right.

    What a PDF prints stays as it is. Returns whether Σ items − Σ discounts is the sum.
    """
    if total is None:
        return False
    if net_of_items(items) == total:
        return True
    doubtful = [
        place
        for place, item in enumerate(items.items)
        if not item.tail.holds and not item.row.printed
    ]
    if not doubtful or len(doubtful) > 8:
        return False
    missing = total - net_of_items(items)
    options = [_options(items.items[place]) for place in doubtful]
    found: list[tuple[Decimal, ...]] = []
    tries = 1
    for option in options:
        tries *= len(option)
    if tries > MOST_TRIES:
        return False
    _search(options, [items.items[place].tail.amount for place in doubtful], missing, (), found)
    if len(found) != 1:
        return False
    for place, amount in zip(doubtful, found[0], strict=True):
        _set_amount(items.items[place], amount)
    return True


def _options(item: Item) -> tuple[Decimal, ...]:
    """Amounts that the row's own figures allow, where the printed one may have been misread."""
    tail = item.tail
    if tail.derived == "amount":  # then the figure that was read may be it
        return tail.amount, tail.price
    due = tail.price if tail.quantity is None else product(tail.quantity, tail.price)
    if due in alternatives(_read(tail.amount)):
        return tail.amount, due
    return (tail.amount,)


def _search(
    options: Sequence[tuple[Decimal, ...]],
    present: Sequence[Decimal],
    missing: Decimal,
    chosen: tuple[Decimal, ...],
    found: list[tuple[Decimal, ...]],
) -> None:
    if len(found) > 1:
        return
    place = len(chosen)
    if place == len(options):
        if missing == 0 and chosen not in found:
            found.append(chosen)
        return
    for amount in options[place]:
        _search(options, present, missing - (amount - present[place]), (*chosen, amount), found)


def _set_amount(item: Item, amount: Decimal) -> None:
    tail = item.tail
    if tail.quantity is not None and product(tail.quantity, tail.price) == amount:
        item.tail = replace(tail, amount=amount, holds=True)
    elif amount == tail.price and tail.quantity in (None, 1):
        derived = tail.derived or ("quantity" if tail.quantity is None else "")
        item.tail = replace(tail, amount=amount, quantity=Decimal(1), holds=True, derived=derived)
    elif amount == tail.price and tail.quantity:
        # The price was not legible, and what was taken for it is the amount.
        price = (amount / tail.quantity).quantize(CENT)
        if product(tail.quantity, price) == amount:
            item.tail = replace(tail, amount=amount, price=price, holds=True, derived="price")
    else:
        item.tail = replace(tail, amount=amount)
