"""What is kept of a sale that nobody claimed yet: hashes that only a matching claim can find. Pure.

The key is derived from the installation's secret and stands in no database; without it a list of
hashes says nothing, and with it one can only ask about sales that one knows already.
"""

from __future__ import annotations

import hashlib
import hmac
from collections.abc import Iterator
from decimal import Decimal

from programs.matching import fold, fold_code
from verification.feed_rows import Row

PURPOSE = "sales-feed"
LENGTH = 16


def sale_key(
    key: bytes, *, buyer_nip: str, number_norm: str, kind: str, text: str, quantity: Decimal
) -> bytes:
    """One product on one document: who bought, the number, what it is called, how many."""
    amount = format(quantity.normalize(), "f")
    parts = (buyer_nip, number_norm, kind, text, amount)
    joined = b"".join(len(p := part.encode()).to_bytes(2, "big") + p for part in parts)
    return hmac.digest(key, joined, hashlib.sha256)[:LENGTH]


def document_key(key: bytes, *, buyer_nip: str, number_norm: str) -> bytes:
    """That this buyer has a document of that number at all."""
    return sale_key(
        key, buyer_nip=buyer_nip, number_norm=number_norm, kind="document", text="",
        quantity=Decimal(0),
    )  # fmt: skip


def names_of(*, gtin: str, index: str, name: str) -> Iterator[tuple[str, str]]:
    """The forms in which one product is called, each comparable by itself."""
    if gtin:
        yield "gtin", gtin.lstrip("0")
    if len(code := fold_code(index)) >= 2:
        yield "index", code
    if len(words := fold(name)) >= 4:
        yield "name", words


class KeyRing:
    """Gathers sales row by row and gives their keys: rows of one product on one document add up."""

    def __init__(self, key: bytes) -> None:
        self._key = key
        self._sums: dict[tuple[str, str, str, str], Decimal] = {}
        self._folded: dict[tuple[str, str, str], tuple[tuple[str, str], ...]] = {}

    def add(self, row: Row) -> None:
        called = (row.gtin, row.index, row.name)
        names = self._folded.get(called)
        if names is None:
            names = tuple(names_of(gtin=row.gtin, index=row.index, name=row.name))
            self._folded[called] = names
        for kind, text in names:
            place = (row.buyer_nip, row.number_norm, kind, text)
            self._sums[place] = self._sums.get(place, Decimal(0)) + row.quantity

    def keys(self) -> set[bytes]:
        """All keys of what was added."""
        found = set()
        documents = set()
        for (buyer, number, kind, text), amount in self._sums.items():
            documents.add((buyer, number))
            if amount > 0:
                found.add(
                    sale_key(
                        self._key,
                        buyer_nip=buyer,
                        number_norm=number,
                        kind=kind,
                        text=text,
                        quantity=amount,
                    )
                )
        found.update(
            document_key(self._key, buyer_nip=buyer, number_norm=number)
            for buyer, number in documents
        )
        return found
