"""Colours and sizes that sheets and tables share."""

from __future__ import annotations

POINT_MM = 25.4 / 72
LINE_HEIGHT = 1.22  # of the font size
Colour = tuple[int, int, int]
BLACK: Colour = (0, 0, 0)
