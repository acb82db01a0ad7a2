"""Slips typed as text, turned into the words that an engine would return for them."""

from __future__ import annotations

import re

from ocr import receipt
from ocr.reading import Box, Hints, Page, Reading, Word

COLUMNS = 50


def words_of(slip: str) -> tuple[tuple[Word, ...], tuple[Page, ...]]:
    """One word per blank-free piece, placed on the grid of the till's font."""
    rows = [row for row in slip.splitlines() if row.strip()]
    words = []
    for place, row in enumerate(rows):
        top, bottom = (place + 0.1) / len(rows), (place + 0.9) / len(rows)
        for piece in re.finditer(r"\S+", row):
            box = Box(1, piece.start() / COLUMNS, top, piece.end() / COLUMNS, bottom)
            words.append(Word(piece[0], box, 0.98, "typed"))
    return tuple(words), (Page(1, 600, 30 * len(rows)),)


def read(slip: str, hints: Hints | None = None) -> Reading:
    """The reading of a typed slip."""
    words, pages = words_of(slip)
    return receipt.interpret(words, pages, hints=hints or Hints())


def rows_of(reading: Reading) -> list[tuple[str, str, str, str, str]]:
    """Name, quantity, price, amount and rate of each line, as text."""

    def shown(value: object) -> str:
        return "" if value is None else str(getattr(value, "value", value))

    return [
        (
            shown(line.description),
            shown(line.quantity),
            shown(line.unit_price_gross),
            shown(line.line_gross),
            shown(line.vat_rate),
        )
        for line in reading.lines
    ]
