"""A claim's lines beside what the seller's export holds under the same number. Pure."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from decimal import Decimal
from enum import StrEnum
from uuid import UUID

from verification.feed_keys import names_of
from verification.feed_rows import Row

Resolve = Callable[[Row], tuple[UUID, Decimal] | None]


class Difference(StrEnum):
    QUANTITY = "quantity"
    NOT_SOLD = "not_sold"  # the document is there, this product is not on it
    OTHER_BUYER = "other_buyer"


@dataclass(frozen=True, slots=True)
class ClaimedLine:
    """A line that may bring points; `factor` are the product's units in one of the document's."""

    position: int
    product_id: UUID
    quantity: Decimal | None
    factor: Decimal = Decimal(1)
    gtin: str = ""
    index: str = ""
    name: str = ""

    @property
    def units(self) -> Decimal | None:
        return self.quantity * self.factor if self.quantity is not None else None


@dataclass(frozen=True, slots=True)
class LineAnswer:
    """One product of the claim: what was claimed, what was sold (both in its units), where."""

    positions: tuple[int, ...]
    claimed: Decimal | None
    sold: Decimal | None
    rows: tuple[int, ...] = ()
    difference: Difference | None = None


@dataclass(frozen=True, slots=True)
class Compared:
    lines: tuple[LineAnswer, ...] = ()

    @property
    def proven(self) -> bool:
        """Every claimed product was sold in exactly the claimed quantity."""
        return bool(self.lines) and all(line.difference is None for line in self.lines)


@dataclass(slots=True)
class _Product:
    lines: list[ClaimedLine] = field(default_factory=list)
    sold: Decimal = Decimal(0)
    rows: list[int] = field(default_factory=list)


def compare(
    lines: Sequence[ClaimedLine],
    rows: Iterable[Row],
    *,
    buyers: frozenset[str],
    gtins: Mapping[str, tuple[UUID, Decimal]],
    resolve: Resolve,
) -> Compared | None:
    """What the rows of one document say of the lines of one claim; None when there are no rows.

    A row is the claim's product by its GTIN (`gtins`: normalised without zeros in front), by the
    index or the words that stand on the claim's own line, or else by what `resolve` makes of it.
    """
    rows = list(rows)
    if not rows:
        return None
    products: dict[UUID, _Product] = {}
    names: dict[tuple[str, str], ClaimedLine] = {}
    for line in lines:
        products.setdefault(line.product_id, _Product()).lines.append(line)
        for name in names_of(gtin=line.gtin, index=line.index, name=line.name):
            names.setdefault(name, line)
    theirs = [row for row in rows if row.buyer_nip in buyers]
    for row in theirs:
        found = _product_of(row, names, gtins, resolve)
        if found is not None and found[0] in products:
            product = products[found[0]]
            product.sold += row.quantity * found[1]
            product.rows.append(row.number)
    return Compared(tuple(_answer(product, bool(theirs)) for product in products.values()))


def _product_of(
    row: Row,
    names: Mapping[tuple[str, str], ClaimedLine],
    gtins: Mapping[str, tuple[UUID, Decimal]],
    resolve: Resolve,
) -> tuple[UUID, Decimal] | None:
    if row.gtin and (known := gtins.get(row.gtin.lstrip("0"))):
        return known
    for name in names_of(gtin=row.gtin, index=row.index, name=row.name):
        if line := names.get(name):
            return line.product_id, line.factor
    return resolve(row)


def _answer(product: _Product, buyer_fits: bool) -> LineAnswer:
    claimed: Decimal | None = Decimal(0)
    for line in product.lines:
        claimed = None if claimed is None or line.units is None else claimed + line.units
    sold = product.sold if product.rows else None
    if not buyer_fits:
        difference: Difference | None = Difference.OTHER_BUYER
    elif sold is None:
        difference = Difference.NOT_SOLD
    else:
        difference = None if claimed == sold else Difference.QUANTITY
    return LineAnswer(
        tuple(line.position for line in product.lines),
        claimed,
        sold,
        tuple(product.rows[:20]),
        difference,
    )
