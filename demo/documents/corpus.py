"""Makes a measured set of documents: which kinds, in which order, each with its truth."""

from __future__ import annotations

import json
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from random import Random

from demo.documents import kinds
from demo.documents.kinds import Made

# How many of every fifty documents are of each kind.
SHARES: dict[str, int] = {
    "invoice-pdf": 9,
    "invoice-photo": 8,
    "invoice-scan": 3,
    "receipt-png": 3,
    "receipt-photo": 9,
    "ksef-xml": 5,
    "ksef-print": 4,
    "ksef-photo": 2,
    "correction-pdf": 2,
    "correction-print": 2,
    "correction-xml": 2,
    "false-xml": 1,
}
ROUND = sum(SHARES.values())
SOURCE = "demo.documents"


class UnknownKind(Exception):
    """A kind of document that is not in `SHARES`."""


@dataclass(frozen=True, slots=True)
class Item:
    """One document to be made: its place in the set, its kind and its own source of chance."""

    number: int
    kind: str
    turn: int  # the how-many-th of its kind
    seed: int

    @property
    def doc_id(self) -> str:
        return f"{self.number:04d}_{self.kind.replace('-', '_')}"

    def chance(self) -> Random:
        return Random(f"{self.seed}/{self.number}/{self.kind}")


def plan(count: int, *, seed: int, only: Sequence[str] = ()) -> Iterator[Item]:
    """The first `count` documents. A longer plan begins with a shorter one of the same seed."""
    unknown = set(only) - set(SHARES)
    if unknown:
        raise UnknownKind(", ".join(sorted(unknown)))
    order = [kind for kind, share in SHARES.items() for _ in range(share)]
    Random(f"{seed}/order").shuffle(order)
    order = [kind for kind in order if not only or kind in only]
    turns: dict[str, int] = {}
    for number in range(1, count + 1):
        kind = order[(number - 1) % len(order)]
        turns[kind] = turns.get(kind, 0) + 1
        yield Item(number=number, kind=kind, turn=turns[kind] - 1, seed=seed)


def make(item: Item) -> Made:
    """Draw one document; the same item gives the same bytes."""
    return kinds.MAKERS[item.kind](item.chance(), item.turn, item.doc_id)


def write(made: Made, out: Path) -> None:
    """Store a document and, beside it under the same name, its truth as JSON."""
    out.mkdir(parents=True, exist_ok=True)
    (out / made.truth["file"]).write_bytes(made.data)
    for name, data in made.companions:
        (out / name).write_bytes(data)
    truth = {**made.truth, "source_path": SOURCE}
    text = json.dumps(truth, ensure_ascii=False, indent=1)
    (out / f"{made.truth['doc_id']}.json").write_text(text + "\n", encoding="utf-8")
