"""Labels and values that a narrow column breaks over two lines."""

from __future__ import annotations

from collections.abc import Sequence

from ocr.rows import Row, Token

_STRAIGHT = 0.003  # of the page's width: the same left edge
_CLOSE = 1.75  # heights from the middle of one line of a text to the next
_ALIKE = 0.2  # of a height: letters of one text are as tall


def line_below(rows: Sequence[Row], index: int, phrase: Row, *, right: bool = False) -> Row | None:
    """The phrase that goes on with this one in the next line: close under it, on one left edge.

    `right`: text set to the right may go on under its right edge.
    """
    for row in rows[index + 1 : index + 3]:
        if row.page != phrase.page or row.y0 - phrase.y0 > (_CLOSE + 0.5) * phrase.height:
            break
        for other in row.phrases():
            left = abs(other.x0 - phrase.x0) < _STRAIGHT
            edge = left or (right and abs(other.x1 - phrase.x1) < _STRAIGHT)
            below = 0.6 * phrase.height < other.middle - phrase.middle < _CLOSE * phrase.height
            alike = abs(other.height - phrase.height) < _ALIKE * phrase.height
            if edge and below and alike:
                return other
    return None


def is_broken(tokens: Sequence[Token]) -> bool:
    """Whether a value ends where a line breaks: `2026-06-`, `August 14,`."""
    return bool(tokens) and tokens[-1].text[-1:] in "-/," and any(map(str.isdigit, tokens[-1].text))


def joined(tokens: Sequence[Token]) -> str:
    """The text of a value whose parts a line break tore after a hyphen or a stroke."""
    text = ""
    for n, token in enumerate(tokens):
        torn = text[-1:] in ("-", "/") and token.y0 > (tokens[n - 1].y0 + tokens[n - 1].y1) / 2
        text += token.text if torn else f" {token.text}"
    return text.strip()
