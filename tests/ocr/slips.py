"""Till slips drawn as text on a grid, turned into the words that an engine gives."""

from __future__ import annotations

import re
from datetime import date
from decimal import Decimal

from ocr import receipt
from ocr.arithmetic import prove
from ocr.reading import Box, Hints, Page, Proof, Reading, Value, Word

COLUMNS = 60
LINES = 60
TODAY = date(2026, 11, 22)


def words_of(text: str, *, shift: float = 0.0) -> tuple[Word, ...]:
    """One word per blank-free piece; `shift` moves all to the right by a fraction of the page."""
    words: list[Word] = []
    for place, row in enumerate(text.strip("\n").splitlines()):
        top, bottom = (place + 0.15) / LINES, (place + 0.85) / LINES
        for piece in re.finditer(r"\S+", row):
            x0, x1 = shift + piece.start() / COLUMNS, shift + piece.end() / COLUMNS
            words.append(Word(piece[0], Box(1, x0, top, x1, bottom), 0.97, "rapidocr"))
    return tuple(words)


def read(text: str) -> Reading:
    """The proven reading of a drawn slip."""
    return read_words(words_of(text))


def read_words(words: tuple[Word, ...]) -> Reading:
    pages = (Page(1, 900, 1500, 0, "rapidocr"),)
    return prove(receipt.interpret(words, pages, hints=Hints(today=TODAY)))


def items(reading: Reading) -> list[tuple[str, str, str, str]]:
    """Name, quantity, unit price and amount of each line, "" for what is not known."""
    return [
        (
            shown(line.description),
            shown(line.quantity),
            shown(line.unit_price_gross),
            shown(line.line_gross),
        )
        for line in reading.lines
    ]


def shown(value: Value[str] | Value[Decimal] | Value[date] | None) -> str:
    return "" if value is None else str(value.value)


def proven(value: Value[Decimal] | None) -> bool:
    return value is not None and value.proof is Proof.ARITHMETIC
