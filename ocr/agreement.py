"""What two engines say of one document: values that are the same in both are known better.

Not so where the document contradicts them: one equation that fails says that a part of it is no
such value, however well it was seen.
"""

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
# What a finding of a contradiction casts doubt on: in the header, and in the line that it names.
_DOUBTED = {
    "total-mismatch": ("total_net", "total_vat", "total_gross"),
    "words-mismatch": ("total_gross",),
    "line-sum-mismatch": ("total_net", "total_gross"),
}
_DOUBTED_IN_LINE = {
    "line-product-mismatch": (
        "quantity",
        "unit_price_net",
        "unit_price_gross",
        "line_net",
        "line_gross",
    ),
    "line-tax-mismatch": ("line_net", "vat_rate"),
}


def agreed(reading: Reading, other: Reading) -> Reading:
    """`reading` with AGREED for each value that one engine read and `other` has as well.

    `reading` carries the findings of its own equations; values of those that fail stay as read.
    """
    doubted = {name for f in reading.findings for name in _DOUBTED.get(f.code, ())}
    changes: dict[str, Any] = {
        name: _agreed(getattr(reading, name), getattr(other, name))
        for name in _HEADER
        if name not in doubted
    }
    changes["seller"] = _party(reading.seller, other.seller)
    changes["buyer"] = _party(reading.buyer, other.buyer)
    if len(reading.lines) == len(other.lines):
        changes["lines"] = tuple(
            _line(line, twin, _doubted_in(line, reading))
            for line, twin in zip(reading.lines, other.lines, strict=True)
        )
    return replace(reading, **changes)


def _party(party: Party, other: Party) -> Party:
    return replace(
        party, name=_agreed(party.name, other.name), vat_id=_agreed(party.vat_id, other.vat_id)
    )


def _doubted_in(line: Line, reading: Reading) -> frozenset[str]:
    place = ("line", str(line.position))
    return frozenset(
        name
        for finding in reading.findings
        if place in finding.facts
        for name in _DOUBTED_IN_LINE.get(finding.code, ())
    )


def _line(line: Line, other: Line, doubted: frozenset[str]) -> Line:
    changes: dict[str, Any] = {
        name: _agreed(getattr(line, name), getattr(other, name))
        for name in _LINE
        if name not in doubted
    }
    return replace(line, **changes)


def _agreed(value: Value[Any] | None, other: Value[Any] | None) -> Value[Any] | None:
    if value is None or other is None or value.value != other.value:
        return value
    return replace(value, proof=Proof.AGREED) if value.proof is Proof.READ else value
