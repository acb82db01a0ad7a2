"""Makes a measured set of documents: which kinds, in which order, each with its truth."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from random import Random
from types import MappingProxyType

from demo.documents import false_kinds, kinds
from demo.documents.kinds import Made


@dataclass(frozen=True, slots=True)
class Kind:
    """A kind of document: how many of every fifty, and who makes it."""

    share: int
    make: Callable[[Random, int, str], Made]


KINDS: MappingProxyType[str, Kind] = MappingProxyType(
    {
        "invoice-pdf": Kind(7, kinds.invoice_pdf),
        "invoice-photo": Kind(7, kinds.invoice_photo),
        "invoice-scan": Kind(3, kinds.invoice_scan),
        "receipt-png": Kind(3, kinds.receipt_png),
        "receipt-photo": Kind(9, kinds.receipt_photo),
        "ksef-xml": Kind(5, kinds.ksef_xml_file),
        "ksef-print": Kind(4, kinds.ksef_print_file),
        "ksef-photo": Kind(2, kinds.ksef_photo),
        "correction-pdf": Kind(2, kinds.correction_pdf),
        "correction-print": Kind(2, kinds.correction_print),
        "correction-xml": Kind(2, kinds.correction_xml),
        "false-xml": Kind(1, false_kinds.false_xml),
        "false-print": Kind(1, false_kinds.false_print),
        "twins": Kind(1, false_kinds.twins),
        "no-proof": Kind(1, false_kinds.no_proof),
    }
)
ROUND = sum(kind.share for kind in KINDS.values())
SOURCE = "demo.documents"


class UnknownKind(Exception):
    """A kind of document that is not in `KINDS`."""


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
    unknown = set(only) - set(KINDS)
    if unknown:
        raise UnknownKind(", ".join(sorted(unknown)))
    order = [name for name, kind in KINDS.items() for _ in range(kind.share)]
    Random(f"{seed}/order").shuffle(order)
    order = [kind for kind in order if not only or kind in only]
    turns: dict[str, int] = {}
    for number in range(1, count + 1):
        kind = order[(number - 1) % len(order)]
        turns[kind] = turns.get(kind, 0) + 1
        yield Item(number=number, kind=kind, turn=turns[kind] - 1, seed=seed)


def make(item: Item) -> Made:
    """Draw one document; the same item gives the same bytes."""
    return KINDS[item.kind].make(item.chance(), item.turn, item.doc_id)


def write(made: Made, out: Path) -> None:
    """Store a document and, beside it under the same name, its truth as JSON."""
    out.mkdir(parents=True, exist_ok=True)
    (out / made.truth["file"]).write_bytes(made.data)
    for name, data in made.companions:
        (out / name).write_bytes(data)
    truth = {**made.truth, "source_path": SOURCE}
    text = json.dumps(truth, ensure_ascii=False, indent=1)
    (out / f"{made.truth['doc_id']}.json").write_text(text + "\n", encoding="utf-8")
