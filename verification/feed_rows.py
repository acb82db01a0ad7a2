"""Rows of a sales export: texts in, sales or named faults out. Pure."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal

from claims.identity import normalise_number
from ocr import identifiers
from verification.feed_columns import Field, fold
from verification.feed_values import quantity, tax_number

_SUMS = ("razem", "suma", "podsumowanie", "ogolem", "total", "sum")


@dataclass(frozen=True, slots=True)
class Row:
    """One sold line: who, on which document, what, how many. No price ever gets here."""

    number: int  # of the row in the file, as a spreadsheet shows it
    buyer_nip: str
    number_norm: str
    quantity: Decimal
    gtin: str = ""
    index: str = ""
    name: str = ""
    unit: str = ""


@dataclass(frozen=True, slots=True)
class Fault:
    """A row that cannot be used: which column, and what stands there."""

    number: int
    field: Field
    value: str


class RowReader:
    """Turns rows of texts into sales. Remembers what it has parsed: exports repeat themselves."""

    def __init__(self, mapping: Mapping[Field, int]) -> None:
        self._at = mapping
        self._nips: dict[str, str | None] = {}
        self._numbers: dict[str, str] = {}

    def _text(self, cells: Sequence[str], field: Field) -> str:
        at = self._at.get(field)
        return cells[at].strip() if at is not None and at < len(cells) else ""

    def read(self, number: int, cells: Sequence[str]) -> Row | Fault | None:
        """A sale, a fault, or None for what is none: blank rows, sums, sales to consumers."""
        document = self._text(cells, Field.NUMBER)
        nip = self._text(cells, Field.BUYER_NIP)
        amount = self._text(cells, Field.QUANTITY)
        if not document:
            if not nip or any(fold(cell).startswith(_SUMS) for cell in cells if cell):
                return None
            return Fault(number, Field.NUMBER, "")
        if not nip or nip in ("-", "BRAK", "brak"):
            return None
        buyer = self._nips.get(nip)
        if nip not in self._nips:
            buyer = self._nips[nip] = tax_number(nip)
        if buyer is None:
            # A foreign buyer's number is no fault: it only cannot be anybody enrolled here.
            foreign = identifiers.vat_id_normalised(nip)
            if foreign and foreign[:2].isalpha() and not foreign.startswith("PL"):
                return None
            return Fault(number, Field.BUYER_NIP, nip[:60])
        value = quantity(amount)
        if value is None:
            return Fault(number, Field.QUANTITY, amount[:60])
        gtin = identifiers.gtin_normalised(self._text(cells, Field.GTIN)) or ""
        index, name = self._text(cells, Field.INDEX), self._text(cells, Field.NAME)
        if not (gtin or index or name):
            return Fault(number, Field.NAME, "")
        norm = self._numbers.get(document)
        if norm is None:
            norm = self._numbers[document] = normalise_number(document)
        return Row(number, buyer, norm, value, gtin, index, name, self._text(cells, Field.UNIT))
