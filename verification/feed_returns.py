"""Corrections in a sales export: which rows are of one, and what it takes back. Pure.

A correction is told by its number (`KFS/…`, `FK/…`, `…/KOR/…`), by a column that says the kind of
each document, or by a reference to the invoice it corrects. What comes back is the sum of signed
quantities per product: a difference (`-3`), or the old row taken off and the new one written
(`-10`, `+7`). Where no sign tells which row is the old one, a person has to look.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass, replace
from decimal import Decimal

from programs.matching import fold, fold_code
from verification.feed_columns import fold as fold_words

_PARTS = re.compile(r"[^\W\d_]+")
_SEVERAL = re.compile(r"[,;\n]|\s(?:oraz|i)\s")
_SHORTEST = 4  # signs of an invoice's number in a list of them
# As accounting programs number them; the first letters of a number, or a part of it.
_FIRST = frozenset(
    {
        "KFS", "KFV", "KFA", "KFVS", "KFD", "FKS", "FKV", "FVK", "FSK", "FAK", "FKOR", "FVKOR",
        "KFVAT", "KRS", "ZWS", "RKOR",
    }
)  # fmt: skip
_ANYWHERE = frozenset({"KOR", "KOREKTA", "KORYGUJACA", "KORYG"})
# Other programs call something else so: only believed beside a minus or a reference.
_MAYBE = frozenset({"FK", "KF", "FZK", "ZW", "K", "KO"})
_KINDS = ("kor", "zwrot", "credit", "correction")


@dataclass(frozen=True, slots=True)
class ReturnedRow:
    """One row of a correcting document; `sign` is that of its value where the file tells it."""

    document: str
    original: str
    buyer_nip: str
    quantity: Decimal | None
    gtin: str = ""
    index: str = ""
    name: str = ""
    unit: str = ""
    day: str = ""
    sign: int = 0


@dataclass(frozen=True, slots=True)
class Returned:
    """One product of a correction: by how much its sold quantity changes; None where unclear."""

    gtin: str
    index: str
    name: str
    unit: str
    delta: Decimal | None


@dataclass(frozen=True, slots=True)
class SaleCorrection:
    """A correcting document as a file tells of it: `original` is the number that it names."""

    number: str
    original: str
    buyer_nip: str
    day: str
    rows: tuple[Returned, ...]

    @property
    def unclear(self) -> bool:
        """Whether a person has to say what came back."""
        return not self.rows or any(row.delta is None for row in self.rows)


def named_as_correction(number: str) -> bool | None:
    """Whether a document's number says that it corrects; None where it only might."""
    parts = [part.upper().replace("Ą", "A") for part in _PARTS.findall(number)]
    if not parts:
        return False
    if parts[0] in _FIRST or not _ANYWHERE.isdisjoint(parts):
        return True
    return None if parts[0] in _MAYBE else False


def kind_is_correction(kind: str) -> bool | None:
    """What the column with the kind of document says: `KFS`, `Faktura korygująca`; None: nothing.

    Its word counts more than the number's: a number `FK/…` with the kind `FV` is a sale.
    """
    words = fold_words(kind)
    if not words:
        return None
    return any(word.startswith(_KINDS) for word in words.split()) or bool(
        named_as_correction(words.upper())
    )


def gather(rows: Iterable[ReturnedRow]) -> list[SaleCorrection]:
    """The corrections that these rows are of, in the order of the file; one for each original.

    A row that leaves the buyer out has the one of the others. Where one row names several
    originals, nobody can tell how much came back of which.
    """
    found: dict[tuple[str, str], list[ReturnedRow]] = {}
    for row in rows:
        found.setdefault((row.document, row.original), []).append(row)
    made = []
    for (number, original), every in found.items():
        originals = named_originals(original)
        for buyer, of in _by_buyer(every).items():
            products = tuple(_products(of))
            if len(originals) > 1:
                products = tuple(replace(product, delta=None) for product in products)
            made += [SaleCorrection(number, one, buyer, of[0].day, products) for one in originals]
    return made


def named_originals(text: str) -> list[str]:
    """The invoices that one cell names; the cell itself where its parts are no numbers."""
    parts = [part.strip() for part in _SEVERAL.split(text)]
    if all(len(part) >= _SHORTEST and any(c.isdigit() for c in part) for part in parts):
        return list(dict.fromkeys(parts))
    return [text]


def _by_buyer(rows: Iterable[ReturnedRow]) -> dict[str, list[ReturnedRow]]:
    found: dict[str, list[ReturnedRow]] = {}
    for row in rows:
        found.setdefault(row.buyer_nip, []).append(row)
    if len(found) == 2 and "" in found:
        [buyer] = found.keys() - {""}
        return {buyer: [row for of in found.values() for row in of]}
    return found


def _products(rows: Iterable[ReturnedRow]) -> Iterable[Returned]:
    groups: dict[str, list[ReturnedRow]] = {}
    for row in rows:
        called = row.gtin.lstrip("0") or fold_code(row.index) or fold(row.name)
        groups.setdefault(called, []).append(row)
    for group in groups.values():
        delta = _delta(group)
        if delta != 0:
            first = group[0]
            yield Returned(first.gtin, first.index, first.name, first.unit, delta)


def _delta(rows: list[ReturnedRow]) -> Decimal | None:
    quantities = [row.quantity for row in rows if row.quantity is not None]
    if len(quantities) != len(rows):
        return None
    if not any(quantities) or any(quantity < 0 for quantity in quantities):
        return sum(quantities, Decimal(0))
    # The Ministry's own program leaves the old row's quantity and turns the sign of its value.
    if {row.sign for row in rows} == {-1, 1}:
        return sum((row.sign * (row.quantity or Decimal(0)) for row in rows), Decimal(0))
    return None
