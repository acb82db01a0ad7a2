"""Rows of a picture whose names and figures came apart: sums prove figures, not whose they are.

Across a fold a row's figures may stand beside the name of its neighbour. Then each row still closes
in itself and with the total; but somewhere a name is left without figures, or figures without a
name. Where that is seen, which name the figures around belong to is not known.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Any

from ocr.reading import Line, Proof, Reading

_FIGURES = ("quantity", "unit_price_net", "unit_price_gross", "line_net", "line_gross")
_TOLD = (*_FIGURES, "discount", "line_vat", "vat_rate")


def unproven(reading: Reading) -> Reading:
    """The reading with the figures of rows in doubt as they were read, no longer proven by sums.

    Beside a name without figures the rows next to it are in doubt; where figures without a name are
    there as well, they may all have moved on by one between the two. A table none of whose rows has
    figures, or none a name, is printed so.
    """
    bare = [i for i, line in enumerate(reading.lines) if not _figures(line)]
    nameless = [i for i, line in enumerate(reading.lines) if line.description is None]
    some = len(reading.lines)
    if len(bare) == some or len(nameless) == some or not (bare or nameless):
        return reading
    doubted = {i + step for i in bare for step in (-1, 0, 1)} | set(nameless)
    if bare and nameless:
        torn = sorted([*bare, *nameless])
        doubted |= set(range(torn[0], torn[-1] + 1))
    lines = tuple(_doubted(x) if i in doubted else x for i, x in enumerate(reading.lines))
    return replace(reading, lines=lines)


def _figures(line: Line) -> Sequence[str]:
    return [name for name in _FIGURES if getattr(line, name) is not None]


def _doubted(line: Line) -> Line:
    changes: Mapping[str, Any] = {
        name: replace(value, proof=Proof.READ)
        for name in _TOLD
        if (value := getattr(line, name)) is not None and value.proof is Proof.ARITHMETIC
    }
    return replace(line, **changes)
