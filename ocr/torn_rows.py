"""Rows of a picture whose names and figures came apart: sums prove figures, not whose they are.

Across a fold a row's figures may stand beside the name of its neighbour. Then each row still closes
in itself and with the total; but somewhere a name is left without figures, or figures without a
name. Where that is seen, which name the figures around belong to is not known.
"""

from __future__ import annotations

import re
from dataclasses import replace
from typing import Any

from ocr.reading import Line, Proof, Reading, Value

_FIGURES = ("quantity", "unit_price_net", "unit_price_gross", "line_net", "line_gross")
_TOLD = (*_FIGURES, "discount", "line_vat", "vat_rate")
_TOTALS = ("total_net", "total_vat", "total_gross")
_DECIMALS = re.compile(r"\d[.,]\d")  # a lone figure is a ruling line as likely as a number


def unproven(reading: Reading) -> Reading:
    """The reading with the figures of rows in doubt as they were read, no longer proven by sums.

    Beside a name without figures the rows next to it are in doubt; where figures without a name are
    there as well, they may all have moved on by one between the two. A table none of whose rows has
    figures, or none a name, is printed so. Totals of one rate that were read for those of all hold
    in themselves too: rows that add up to something else put them in doubt.
    """
    reading = _with_doubted_totals(reading)
    bare = [i for i, line in enumerate(reading.lines) if not _has_figures(line)]
    nameless = [i for i, line in enumerate(reading.lines) if line.description is None]
    some = len(reading.lines)
    if len(bare) == some or len(nameless) == some or not (bare or nameless):
        return reading
    doubted = {i + step for i in bare for step in (-1, 0, 1)} | set(nameless)
    if bare and nameless:
        torn = sorted([*bare, *nameless])
        doubted |= set(range(torn[0], torn[-1] + 1))
    lines = [
        replace(line, **_as_read(line, _TOLD)) if i in doubted else line
        for i, line in enumerate(reading.lines)
    ]
    return replace(reading, lines=tuple(lines))


def _has_figures(line: Line) -> bool:
    known = [value for name in _FIGURES if (value := getattr(line, name)) is not None]
    return any(v.proof.proven or _DECIMALS.search(v.raw) for v in known)


def _with_doubted_totals(reading: Reading) -> Reading:
    if not any(finding.code == "line-sum-mismatch" for finding in reading.findings):
        return reading
    gross, due = reading.total_gross, reading.amount_due
    other = gross is not None and due is not None and due.value != gross.value
    values = [line.line_net or line.line_gross for line in reading.lines]
    if other or all(value is not None and value.proof.proven for value in values):
        return replace(reading, **_as_read(reading, _TOTALS))
    return reading


def _as_read(of: Line | Reading, names: tuple[str, ...]) -> dict[str, Any]:
    """The values of these names that sums proved, known by reading alone."""
    known: dict[str, Value[Any]] = {
        name: value for name in names if (value := getattr(of, name)) is not None
    }
    return {
        name: replace(value, proof=Proof.READ)
        for name, value in known.items()
        if value.proof is Proof.ARITHMETIC
    }
