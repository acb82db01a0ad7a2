"""What stands between the items of a slip and its total: roundings, service, tax, discounts."""

from __future__ import annotations

import itertools
import re
from collections.abc import Iterator, Sequence
from dataclasses import replace
from decimal import Decimal

from ocr.receipt_plain_entries import PlainCut, PlainItem, PlainItems
from ocr.receipt_plain_figures import figures_of
from ocr.receipt_plain_labels import TAX_PART, label_text
from ocr.receipt_rows import Row
from ocr.receipt_text import amounts

CUT_ROW = re.compile(r"\b(RABATT|NACHLASS|DISC|DISCOUNT|LESS|COUPON|GUTSCHEIN|VOUCHER|PROMO\w*)\b")
_ROUNDING = re.compile(r"ROUND|RND\b|RUNDUNG")
_CENTS = re.compile(r"[.,](0[1-9])(?!\d)")  # `.02`, `J.02`: no till rounds off more
_CENTS_ALONE = re.compile(r"^\W*(?:RM\W?)?0?[.,](0[1-9])\W*$")
_SERVICE = re.compile(r"\bSE?RV\w*\s*(CHG|CHARGE|TAX)?|\bSVC\b|BEDIENUNG")
_DELIVERY = re.compile(
    r"\b(DELIVER\w*|SHIPPING|SHIPMENT|POSTAGE|FREIGHT|CARRIAGE|TRANSPORT\w*|HANDLING|PACKAGING|"
    r"VERSAND\w*|LIEFER\w*|ZUSTELL\w*|FRACHT|PORTO)\b"
)
_TAX = re.compile(r"\b(GST|SST|VAT|TAX|G5T|GS7)\b")
_MOST_AHEAD = 2  # rows over the first item that may look like one
_OF_A_RATE = 3  # amounts: net, tax and both


def _adjustments(rows: Sequence[Row]) -> Iterator[tuple[str, Decimal, Row]]:
    """What the foot adds to the items or takes off: roundings, service, tax, discounts.

    A table of taxes divides the sum and takes nothing off it: a coupon in it is none here.
    """
    in_taxes = False
    for row in rows:
        figures = figures_of(row)
        text = label_text(row.text)
        in_taxes = in_taxes or TAX_PART.search(text) is not None
        if _ROUNDING.search(text) or _CENTS_ALONE.search(text):
            if cents := _CENTS.search(text):  # the sign is small and easily lost
                off = Decimal(cents[1]).scaleb(-2)
                yield "rounding", off, row
                yield "rounding", -off, row
        elif figures is None or not figures.amount:
            continue
        elif CUT_ROW.search(text):
            if not in_taxes and not divides(row):
                yield "cut", -abs(figures.amount), row
        elif _SERVICE.search(text):
            yield "service", figures.amount, row
        elif _DELIVERY.search(text) and figures.amount > 0:
            yield "delivery", figures.amount, row
        elif _TAX.search(text) and figures.amount > 0:
            yield "tax", figures.amount, row


def divides(row: Row) -> bool:
    """Whether a row ends in net, tax and both together."""
    found = [amount.value for amount in amounts(row.text)]
    return len(found) >= _OF_A_RATE and found[-3] + found[-2] == found[-1]


def _summed_tax(foot: Sequence[Row], total: Decimal) -> Iterator[tuple[str, Decimal, Row]]:
    """The tax that only the summary prints: `SR @ 6%   30.00   1.80` under a sum of 31.80."""
    for row in foot:
        found = [amount.value for amount in amounts(row.text)]
        if len(found) > 1 and found[-1] > 0 and found[-2] + found[-1] == total:
            yield "tax", found[-1], row


def close(found: PlainItems, foot: Sequence[Row], total: Decimal) -> None:
    """Finds what the slip adds between the items and its total, and takes it over where one fits.

    Rows over the first item and under the last one may look like items: those that are too many
    are left out where the others give the total. What is printed as an item is, with quantity ×
    price or the mark of a tax that the others have as well, stays one. Fewer additions are
    likelier; of each sort the slip makes one.
    """
    options = list(_adjustments(foot))[:10] + list(_summed_tax(foot, total))[:1]
    count = len(found.items)
    for left_out in range(count):
        for ahead in range(min(left_out, _MOST_AHEAD) + 1):
            chosen = found.items[ahead : count - left_out + ahead]
            others = [*found.items[:ahead], *found.items[ahead + len(chosen) :]]
            if any(_like(other, chosen) for other in others):
                continue
            cuts = [
                cut if cut.item is None else replace(cut, item=cut.item - ahead)
                for cut in found.cuts
                if cut.item is None or ahead <= cut.item < ahead + len(chosen)
            ]
            summed = sum((i.amount for i in chosen), Decimal(0)) - sum(c.amount for c in cuts)
            added = _added(options, total - summed, most=4 if not left_out else 1)
            if added is not None:
                found.items, found.cuts, found.closes = chosen, cuts, True
                _take_over(found, added)
                return


def _like(item: PlainItem, others: Sequence[PlainItem]) -> bool:
    """Whether a row is surely an item, because its figures say so or it looks like all others."""
    marked = sum(bool(other.mark) for other in others)
    return item.holds or bool(item.gtin) or (bool(item.mark) and 2 * marked > len(others))


def _added(
    options: Sequence[tuple[str, Decimal, Row]], missing: Decimal, *, most: int
) -> tuple[tuple[str, Decimal, Row], ...] | None:
    """The fewest additions that make up what is missing."""
    for count in range(most + 1):
        for chosen in itertools.combinations(options, count):
            sorts = {sort for sort, _, _ in chosen}
            if len(sorts) == count and sum(amount for _, amount, _ in chosen) == missing:
                return chosen
    return None


def _take_over(found: PlainItems, added: Sequence[tuple[str, Decimal, Row]]) -> None:
    for sort, amount, row in added:
        if sort == "tax":
            found.net = True
            found.tax = amount if len(added) == 1 else None
        else:
            label = figures.name if (figures := figures_of(row)) else row.text
            found.cuts.append(PlainCut(-amount, label.strip(" -:"), row))
