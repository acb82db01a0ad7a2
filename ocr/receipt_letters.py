"""Which VAT letter each item has: the sales per letter decide where the print is in doubt."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from decimal import Decimal

from ocr.reading import Proof
from ocr.receipt_entries import Item, Items
from ocr.receipt_rates import Foot, tax_within

# What the usual programming of tills means by a letter; for slips that print no rates.
USUAL_RATES = {"A": "23", "B": "8", "C": "5"}
MOST_CHANGES = 5
MOST_STEPS = 40_000


def settle_letters(items: Items, foot: Foot) -> None:
    """Leaves one letter per item, or none where nothing tells.

    Engines take a letter for a figure and the other way round. Among all choices that give the
    printed sales of every letter, the one that changes least of what was read is right; where two
    change equally little, the items they differ in stay open.
    """
    printed = {letter: row.gross for letter, row in foot.rates.items() if row.gross is not None}
    if len(foot.rates) == 1 and _alone(foot):
        for item in items.items:
            item.letters = tuple(foot.rates)
    elif not printed:
        _by_vote(items)
    else:
        _by_sums(items, printed)
    for cut in items.cuts:
        if cut.item is not None and cut.item < len(items.items):
            cut.letters = items.items[cut.item].letters


def _alone(foot: Foot) -> bool:
    """Whether the one letter that was read is the only one: its sales or its tax are the whole."""
    (row,) = foot.rates.values()
    total = foot.totals[0][0] if foot.totals else None
    if row.gross is not None:
        return total is None or row.gross == total
    whole_tax = foot.vat_total[0] if foot.vat_total else None
    return row.vat is not None and (
        row.vat == whole_tax
        or (row.rate is not None and total is not None and row.vat == tax_within(total, row.rate))
    )


def rate_of(letters: tuple[str, ...], foot: Foot) -> tuple[str, Proof] | None:
    """The rate of a settled letter: as the slip prints it, else as tills usually have it."""
    if len(letters) != 1:
        return None
    printed = foot.rate_of(letters[0])
    if printed is not None:
        return printed, Proof.READ
    if foot.rates or letters[0] not in USUAL_RATES:
        return None
    return USUAL_RATES[letters[0]], Proof.GUESSED


def _by_vote(items: Items) -> None:
    """Without sums a misread letter is the one of its candidates that other items have."""
    seen = Counter(item.letters[0] for item in items.items if item.sure_letter)
    for item in items.items:
        if item.sure_letter or not item.letters:
            continue
        likely = [letter for letter in item.letters if seen[letter]]
        item.letters = (likely[0],) if len(likely) == 1 else ()


def _by_sums(items: Items, printed: dict[str, Decimal]) -> None:
    worths = [_worth(items, place) for place in range(len(items.items))]
    costs = [_costs(item, printed) for item in items.items]
    for allowed in range(MOST_CHANGES + 1):
        found: list[tuple[str, ...]] = []
        budget = [MOST_STEPS]
        _assign(costs, worths, dict(printed), allowed, (), found, budget)
        if found:
            for place, item in enumerate(items.items):
                agreed = {choice[place] for choice in found}
                item.letters = tuple(agreed) if len(agreed) == 1 and budget[0] > 0 else ()
            return
        if budget[0] <= 0:
            break
    for item in items.items:  # The sums do not come out: only what was plainly read stays.
        item.letters = item.letters[:1] if item.sure_letter and item.letters[0] in printed else ()


def _costs(item: Item, printed: dict[str, Decimal]) -> dict[str, int]:
    """What it costs to give the item a letter: nothing for the one that was read."""
    if not item.letters:
        return dict.fromkeys(printed, 0)
    other = 2 if item.sure_letter else 1
    costs = {letter: 0 if letter in item.letters else other for letter in printed}
    return dict(sorted(costs.items(), key=lambda pair: pair[1]))


def _worth(items: Items, place: int) -> Decimal:
    cuts = sum((cut.amount for cut in items.cuts if cut.item == place), Decimal(0))
    return items.items[place].tail.amount - cuts


def _assign(
    costs: Sequence[dict[str, int]],
    worths: Sequence[Decimal],
    left: dict[str, Decimal],
    allowed: int,
    chosen: tuple[str, ...],
    found: list[tuple[str, ...]],
    budget: list[int],
) -> None:
    """Collects the assignments that use up exactly `left` with at most `allowed` changes."""
    budget[0] -= 1
    if budget[0] < 0 or len(found) > 64:
        return
    place = len(chosen)
    if place == len(costs):
        if not any(left.values()):
            found.append(chosen)
        return
    for letter, cost in costs[place].items():
        if cost > allowed:
            break
        if left[letter] >= worths[place]:
            rest = {**left, letter: left[letter] - worths[place]}
            _assign(costs, worths, rest, allowed - cost, (*chosen, letter), found, budget)
