"""Which line of a paper another reading of the same paper speaks of, however it numbers them."""

from __future__ import annotations

from collections.abc import Callable, Hashable, Sequence
from dataclasses import dataclass
from decimal import Decimal
from difflib import SequenceMatcher
from uuid import UUID

ALIKE = 0.85  # names that two readers wrote of one printed text
NOT_UNLIKE = 0.6  # enough where place and quantity agree too


@dataclass(frozen=True, slots=True)
class PaperLine:
    """One printed row as somebody read it; `quantity` in the document's own unit."""

    position: int
    product_id: UUID | None
    name: str
    quantity: Decimal | None


def align(known: Sequence[PaperLine], seen: Sequence[PaperLine]) -> dict[int, int]:
    """The place in `known` of each place in `seen` that is the same printed row.

    Rows are joined one to one, the surest agreement first: product with name and quantity down to
    the product alone; then the name alone, because a row that was taken for another product is
    still the same row; at last place and quantity, where the names are not unlike. What is left
    was not read before.
    """
    pairs: dict[int, int] = {}
    for same in _AGREEMENTS:
        _join(known, seen, pairs, same)
    _join_alike(known, seen, pairs, ALIKE, lambda line: line.quantity)
    _join_alike(known, seen, pairs, NOT_UNLIKE, lambda line: (line.position, line.quantity))
    return pairs


def plain(name: str) -> str:
    """A name without what readers write differently."""
    return "".join(sign for sign in name.upper() if sign.isalnum())


def _product(line: PaperLine) -> Hashable:
    return line.product_id


def _name(line: PaperLine) -> Hashable:
    return plain(line.name) or None


_AGREEMENTS: tuple[Callable[[PaperLine], tuple[Hashable, ...]], ...] = (
    lambda line: (_product(line), _name(line), line.quantity, line.position),
    lambda line: (_product(line), _name(line), line.quantity),
    lambda line: (_product(line), line.quantity, line.position),
    lambda line: (_product(line), line.quantity),
    lambda line: (_product(line), _name(line)),
    lambda line: (_product(line),),
    lambda line: (_name(line), line.quantity),
    lambda line: (_name(line),),
)


def _open(lines: Sequence[PaperLine], used: set[int]) -> list[int]:
    return sorted(set(range(len(lines))) - used, key=lambda place: lines[place].position)


def _join(
    known: Sequence[PaperLine],
    seen: Sequence[PaperLine],
    pairs: dict[int, int],
    same: Callable[[PaperLine], tuple[Hashable, ...]],
) -> None:
    """Join open rows of which the same is said, in the order of the paper."""
    waiting: dict[tuple[Hashable, ...], list[int]] = {}
    for place in _open(known, set(pairs.values())):
        said = same(known[place])
        if None not in said:
            waiting.setdefault(said, []).append(place)
    for place in _open(seen, set(pairs)):
        found = waiting.get(same(seen[place]))
        if found:
            pairs[place] = found.pop(0)


def _join_alike(
    known: Sequence[PaperLine],
    seen: Sequence[PaperLine],
    pairs: dict[int, int],
    least: float,
    agree: Callable[[PaperLine], Hashable],
) -> None:
    """Join open rows of one quantity whose names are alike; an unread name is unlike nothing."""
    waiting: dict[Hashable, list[int]] = {}
    for place in _open(known, set(pairs.values())):
        if known[place].quantity is not None:
            waiting.setdefault(agree(known[place]), []).append(place)
    for place in _open(seen, set(pairs)):
        for other in waiting.get(agree(seen[place]), ()):
            if _likeness(known[other].name, seen[place].name) >= least:
                pairs[place] = other
                waiting[agree(seen[place])].remove(other)
                break


def _likeness(one: str, other: str) -> float:
    left, right = plain(one), plain(other)
    if not left or not right:
        return NOT_UNLIKE
    matcher = SequenceMatcher(None, left, right, autojunk=False)
    return matcher.ratio() if matcher.quick_ratio() >= NOT_UNLIKE else 0.0
