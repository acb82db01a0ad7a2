"""What two engines say of one document: values that are the same in both are known better."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from ocr.reading import Line, Party, Proof, Reading, Value

_HEADER = (
    "invoice_number",
    "ksef_number",
    "issue_date",
    "sale_date",
    "currency",
    "total_net",
    "total_vat",
    "total_gross",
    "amount_due",
)
_LINE = (
    "description",
    "quantity",
    "unit_price_net",
    "unit_price_gross",
    "line_net",
    "line_gross",
    "vat_rate",
    "article_no",
)


def agreed(reading: Reading, other: Reading) -> Reading:
    """`reading` with AGREED for each value that one engine read and `other` has as well."""
    changes: dict[str, Any] = {
        name: _agreed(getattr(reading, name), getattr(other, name)) for name in _HEADER
    }
    changes["seller"] = _party(reading.seller, other.seller)
    changes["buyer"] = _party(reading.buyer, other.buyer)
    if len(reading.lines) == len(other.lines):
        changes["lines"] = tuple(
            _line(line, twin) for line, twin in zip(reading.lines, other.lines, strict=True)
        )
    return replace(reading, **changes)


def _party(party: Party, other: Party) -> Party:
    return replace(
        party, name=_agreed(party.name, other.name), vat_id=_agreed(party.vat_id, other.vat_id)
    )


def _line(line: Line, other: Line) -> Line:
    changes: dict[str, Any] = {
        name: _agreed(getattr(line, name), getattr(other, name)) for name in _LINE
    }
    return replace(line, **changes)


def _agreed(value: Value[Any] | None, other: Value[Any] | None) -> Value[Any] | None:
    if value is None or other is None or value.value != other.value:
        return value
    return replace(value, proof=Proof.AGREED) if value.proof is Proof.READ else value
