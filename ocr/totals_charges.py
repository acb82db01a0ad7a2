"""Nets made of parts: goods with named charges and reductions, and taxes that name their bases."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import replace
from decimal import Decimal
from typing import TYPE_CHECKING

from ocr.implied_tax import plausible
from ocr.reading import Value

if TYPE_CHECKING:
    from ocr.totals import Amount

_CENT = Decimal("0.01")
_FEWEST = 2
Options = Mapping[str, Sequence[tuple[float, Value[Decimal] | None]]]


def by_base(amounts: Sequence[Amount]) -> Iterator[tuple[str, Value[Decimal], float]]:
    """Tax and net of several taxes that say what they are of: `Shipping VAT 19% of 4.99: 0.95`.

    Each is a meaning, the sum and the weight of its telling.
    """
    told = {(a.base, a.value.value, a.rate): a for a in amounts if a.base is not None}
    if len(told) < _FEWEST or len({base for base, _, _ in told}) < len(told):
        return
    first = next(iter(told.values())).value
    net = sum((base for base, _, _ in told if base is not None), Decimal(0))
    tax = sum((value for _, value, _ in told), Decimal(0))
    yield "vat", replace(first, value=tax, box=None, raw="Σ"), 3.2
    yield "net", replace(first, value=net, box=None, raw="Σ"), 2.6


def charges(amounts: Sequence[Amount]) -> set[Decimal]:
    """What named charges and reductions may add to the goods' worth, taken together or by kind."""
    found = {
        kind: {a.value.value for a in amounts if a.meaning == kind}
        for kind in ("charge", "discount")
    }
    added = sum(map(abs, found["charge"]), Decimal(0))
    taken = sum(map(abs, found["discount"]), Decimal(0))
    return {added, -taken, added - taken} - {Decimal(0)}


def with_charges(
    options: Options, extras: Collection[Decimal], percents: Collection[Decimal]
) -> list[Value[Decimal]]:
    """Nets that are not printed: goods with what is charged beside them, where the gross says so.

    That is where they and a printed tax make the gross, or they alone at a rate that fits.
    """
    nets, taxes, grosses = (
        [v for _, v in options[m] if v is not None] for m in ("net", "vat", "gross")
    )
    known = {net.value for net in nets}
    found: list[Value[Decimal]] = []
    for net in nets:
        for extra in extras:
            whole = net.value + extra
            if whole in known or whole <= 0:
                continue
            by_tax = any(abs(whole + t.value - g.value) <= _CENT for t in taxes for g in grosses)
            by_rate = not taxes and any(
                g.value != whole and plausible(whole, g.value, percents) for g in grosses
            )
            fits_alone = any(plausible(net.value, g.value, percents) for g in grosses)
            if by_tax or (by_rate and not fits_alone):
                known.add(whole)
                found.append(replace(net, value=whole, box=None, raw="Σ"))
    return found
