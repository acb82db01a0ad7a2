"""What a person has to look at in a claim, as single questions with likely answers. Pure."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import ROUND_HALF_UP, Decimal
from enum import StrEnum
from uuid import UUID


class About(StrEnum):
    """What one question is about."""

    PRODUCT = "product"
    QUANTITY = "quantity"
    UNITS = "units"  # how many of the product one printed unit is
    VALUE = "value"  # what a line cost in zł, where a rate counts złoty
    SAME_PURCHASE = "same_purchase"
    PAPER = "paper"  # whether goods were sold by it at all


class Why(StrEnum):
    """Why a person is asked; each has words on the page."""

    LIKE_SEVERAL = "like_several"  # two products are as like the text
    UNLIKE = "unlike"  # the best product is only somewhat like the text
    UNREAD = "unread"
    UNIT_UNKNOWN = "unit_unknown"  # neither the maker nor the seller says what the unit holds
    UNIT_DIFFERS = "unit_differs"  # the printed unit and a GTIN or a known name contradict
    NOT_COUNTED = "not_counted"  # no sum on the document holds the quantity
    VALUE_UNREAD = "value_unread"
    OTHER_CURRENCY = "other_currency"  # the amounts on the document are no zł
    LOOKS_KNOWN = "looks_known"  # the document looks like an earlier one
    ADVANCE = "advance"  # an advance invoice: the final one shows what was delivered
    NO_SALE = "no_sale"  # pro forma, order, delivery note, a slip that is not fiscal


@dataclass(frozen=True, slots=True)
class SeenLine:
    """What is known of one line before a person looks. `candidates`: product and likeness 0..1."""

    position: int
    product_id: UUID | None
    match_score: Decimal
    candidates: Sequence[tuple[UUID, Decimal]]
    quantity: Decimal | None
    quantity_proven: bool
    unit_price: Decimal | None = None
    line_net: Decimal | None = None
    # Likely answers where the units in one printed unit are in doubt; None where they are known.
    units: tuple[Decimal, ...] | None = None
    asks_value: bool = False  # a rate counts its złoty, and nothing says how many


@dataclass(frozen=True, slots=True)
class Doubt:
    """One question. `products` or `quantities` are its answers, the likeliest first.

    The quantities of a question about units are the product's units in one printed unit.
    """

    about: About
    why: Why
    position: int = 0
    products: tuple[UUID, ...] = ()
    quantities: tuple[Decimal, ...] = ()

    @property
    def likely(self) -> bool:
        """Whether the first answer may stand as chosen until a person looks."""
        return self.why in (Why.UNLIKE, Why.NOT_COUNTED, Why.UNIT_DIFFERS, Why.UNIT_UNKNOWN)


def find_doubts(
    lines: Sequence[SeenLine],
    *,
    threshold: Decimal,
    looks_known: bool,
    unsold: Why | None = None,
    other_currency: bool = False,
) -> tuple[Doubt, ...]:
    """Every single thing in doubt, in the order in which a person meets it."""
    found = [Doubt(About.SAME_PURCHASE, Why.LOOKS_KNOWN)] if looks_known else []
    if unsold is not None:
        found.append(Doubt(About.PAPER, unsold))
    for line in lines:
        if line.product_id is None:
            continue
        if line.match_score < threshold:
            found.append(_product(line))
        if line.quantity is None or not line.quantity_proven:
            found.append(_quantity(line))
        if line.units is not None:
            why = Why.UNIT_DIFFERS if len(line.units) > 1 else Why.UNIT_UNKNOWN
            answers = tuple(Decimal(f"{answer.normalize():f}") for answer in line.units)
            found.append(Doubt(About.UNITS, why, line.position, quantities=answers))
        if line.asks_value:
            why = Why.OTHER_CURRENCY if other_currency else Why.VALUE_UNREAD
            found.append(Doubt(About.VALUE, why, line.position))
    return tuple(found)


CLOSE = Decimal("0.05")
MOST_ANSWERS = 4


def _product(line: SeenLine) -> Doubt:
    scores = sorted((score for _, score in line.candidates), reverse=True)
    # Matching lowers the first of two that are as like, so the second may even lie above it.
    close = len(scores) > 1 and scores[0] - scores[1] < CLOSE
    products = tuple(product for product, _ in line.candidates[:MOST_ANSWERS])
    return Doubt(
        About.PRODUCT, Why.LIKE_SEVERAL if close else Why.UNLIKE, line.position, products=products
    )


def _quantity(line: SeenLine) -> Doubt:
    answers: list[Decimal] = [] if line.quantity is None else [line.quantity]
    counted = counted_quantity(line.line_net, line.unit_price)
    if counted is not None:
        answers.append(counted)
    if line.quantity is not None:
        answers.extend(look_alikes(line.quantity))
    # Without idle zeros, and never as 6E+1.
    distinct = tuple(dict.fromkeys(Decimal(f"{answer.normalize():f}") for answer in answers))
    why = Why.UNREAD if line.quantity is None else Why.NOT_COUNTED
    return Doubt(About.QUANTITY, why, line.position, quantities=distinct[: MOST_ANSWERS - 1])


def counted_quantity(line_net: Decimal | None, unit_price: Decimal | None) -> Decimal | None:
    """Value ÷ price where that gives a whole number to the grosz; it proves nothing by itself."""
    if not line_net or not unit_price or line_net <= 0 or unit_price <= 0:
        return None
    whole = (line_net / unit_price).quantize(Decimal(1), ROUND_HALF_UP)
    if whole > 0 and abs(whole * unit_price - line_net) <= Decimal("0.01"):
        return whole
    return None


# Digits that readers and eyes confuse on prints and photographs, likeliest first.
_ALIKE = {
    "0": "8",
    "1": "7",
    "2": "7",
    "3": "8",
    "4": "9",
    "5": "6",
    "6": "8",
    "7": "1",
    "8": "6",
    "9": "4",
}


def look_alikes(quantity: Decimal) -> tuple[Decimal, ...]:
    """The quantities that differ from a whole one by one confusable first digit."""
    if quantity <= 0 or quantity % 1:
        return ()
    text = str(int(quantity))
    return (Decimal(_ALIKE[text[0]] + text[1:]),)
