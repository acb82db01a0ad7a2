"""Rows of a sales export: texts in, sales or named faults out. Pure."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal

from claims.identity import normalise_number
from ocr import identifiers
from verification.feed_columns import Field, fold
from verification.feed_returns import ReturnedRow, kind_is_correction, named_as_correction
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
        self._corrects: dict[str, bool | None] = {}

    def _text(self, cells: Sequence[str], field: Field) -> str:
        at = self._at.get(field)
        return cells[at].strip() if at is not None and at < len(cells) else ""

    def read(self, number: int, cells: Sequence[str]) -> Row | ReturnedRow | Fault | None:
        """A sale, a correction's row, a fault, or None for what is none: blank rows, sums, sales to
        consumers."""
        document = self._text(cells, Field.NUMBER)
        nip = self._text(cells, Field.BUYER_NIP)
        amount = self._text(cells, Field.QUANTITY)
        if not document:
            if not nip or any(fold(cell).startswith(_SUMS) for cell in cells if cell):
                return None
            return Fault(number, Field.NUMBER, "")
        if not nip or nip in ("-", "BRAK", "brak"):
            return self._nameless(cells, document, quantity(amount))
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
        unit, norm = self._text(cells, Field.UNIT), self._norm(document)
        original = self._original(cells, document, norm, value)
        if original is None:
            return Row(number, buyer, norm, value, gtin, index, name, unit)
        if not original:
            return Fault(number, Field.ORIGINAL, document[:60])
        return ReturnedRow(
            document, original, buyer, value, gtin, index, name, unit,
            day=self._text(cells, Field.DATE),
        )  # fmt: skip

    def _nameless(
        self, cells: Sequence[str], document: str, value: Decimal | None
    ) -> ReturnedRow | None:
        """A sale to a consumer is nobody's here; a correction may leave its buyer out."""
        if value is None or not self._text(cells, Field.ORIGINAL):
            return None
        original = self._original(cells, document, self._norm(document), value)
        gtin = identifiers.gtin_normalised(self._text(cells, Field.GTIN)) or ""
        index, name = self._text(cells, Field.INDEX), self._text(cells, Field.NAME)
        if not original or not (gtin or index or name):
            return None
        unit, day = self._text(cells, Field.UNIT), self._text(cells, Field.DATE)
        return ReturnedRow(document, original, "", value, gtin, index, name, unit, day=day)

    def _norm(self, document: str) -> str:
        norm = self._numbers.get(document)
        if norm is None:
            norm = self._numbers[document] = normalise_number(document)
        return norm

    def _original(
        self, cells: Sequence[str], document: str, norm: str, value: Decimal
    ) -> str | None:
        """Which invoice a correction's row is about; None: it is a sale; empty: it does not say."""
        said = self._corrects.get(document)
        if document not in self._corrects:
            said = self._corrects[document] = named_as_correction(document)
        named = self._text(cells, Field.ORIGINAL)
        if named and (named in ("-", "0") or self._norm(named) == norm):
            named = ""
        kind = kind_is_correction(self._text(cells, Field.KIND))
        # A reference alone says nothing: sales name their orders and delivery notes in it too.
        looks = kind or said or value < 0 or (said is None and named)
        if kind is False or not looks:
            return None
        # Under the invoice's own number a row with a minus takes off what another row sold.
        return named or ("" if said or said is None else None)
