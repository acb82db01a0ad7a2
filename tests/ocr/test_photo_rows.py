"""Rows of photographed pages: level over wide gaps, and read past what engines misread."""

from __future__ import annotations

from decimal import Decimal

import numpy as np

from ocr import image as images
from ocr import numbers
from ocr.engines import Points
from ocr.unit_letters import misread


def _table(bend: float) -> Points:
    """Rows of a table, 24 px apart, on paper that curls more and more to the right."""
    quads = []
    for y in range(60, 900, 24):
        for x0, x1 in ((60, 300), (520, 570), (890, 950)):
            corners = [(x0, y), (x1, y), (x1, y + 18), (x0, y + 18)]
            quads.append([(x, v - bend * (x / 1000) ** 3 * v / 10) for x, v in corners])
    return np.array(quads, np.float32)


def test_amounts_far_from_their_names_come_to_the_level_of_the_row() -> None:
    quads = _table(0.5)
    rows = quads.reshape(-1, 3, 4, 2)[..., 1].mean(axis=2)
    assert np.abs(rows[:, 2] - rows[:, 0]).max() > 18  # more than a row's height
    straight = images.straightened(np.full((1000, 1000), 200, np.uint8), quads)
    level = straight.quads.reshape(-1, 3, 4, 2)[..., 1].mean(axis=2)
    assert np.abs(level[:, 2] - level[:, 0]).max() < 5


def test_a_decimal_comma_read_as_a_point_still_ends_the_thousands() -> None:
    assert numbers.amount("1.730.53") == Decimal("1730.53")
    assert numbers.amount("1.730.530") == Decimal(1730530)


def test_letters_of_a_unit_read_as_figures_are_told_from_figures() -> None:
    assert [misread(text) for text in ("Sz1", "5ZT", "s2t.", "m0", "0p")] == [
        "szt",
        "szt",
        "szt",
        "mb",
        "op",
    ]
    assert [misread(text) for text in ("szt", "921", "3x1", "IP44", "m2")] == [""] * 5
