"""Whom a letter is addressed to: the address in the window of its envelope, without a heading."""

from __future__ import annotations

import re
from collections.abc import Sequence

from ocr.addresses import POSTCODE, is_address, is_number
from ocr.labels import FIELD_LEXICON, PARTY_LEXICON, TOTAL_LEXICON, squeeze
from ocr.parties import Block
from ocr.reading import Party, Value
from ocr.rows import Row
from ocr.token_values import text_of

_SALUTATION = re.compile(r"(?i)(an|firma|fa\.?|herrn?|frau|mr\.?|mrs\.?|m\.|mme|sz\.\s?p\.)")
_CONTACT = re.compile(r"(?i)(?<!\w)(tel|fon|phone|fax|mobil\w*|iban|bic|ust|nip|vat)|@|www\.|://")
_LOWEST = 0.45  # of the page: an address further down is no window's
_FARTHEST = 0.35  # of the page's width: windows are on the left
_MOST_LINES = 7
_FEWEST_PARTS = 2
_PARTED = 3.0  # heights between the parts of a sender's line


def addressee(rows: Sequence[Row], tables: frozenset[int], seller: str) -> Block | None:
    """The addressed block that is not the seller's; one under a sender's line comes first."""
    own = squeeze(seller)
    best: tuple[bool, Block] | None = None
    for index, row in enumerate(rows):
        if row.page > 1 or index in tables or row.middle > _LOWEST:
            continue
        for phrase in row.phrases(1.0):
            if phrase.x0 > _FARTHEST or not _may_begin(phrase):
                continue
            above = _aligned(rows, index, phrase, -1)
            sender = above is not None and (_is_sender(above) or _is_parted(rows, index, above))
            value = above is not None and _is_cell(rows, index, above)
            if above is not None and not (sender or value or _SALUTATION.fullmatch(above.text)):
                continue  # the middle of a block
            lines = _lines(rows, index, phrase, tables)
            if lines is None or _names(lines, own):
                continue
            if best is None or (sender and not best[0]):
                block = Block("buyer", phrase, phrase.x0, lines[-1].x1, lines, lines[-1].y1)
                best = sender, block
    return best[1] if best else None


def _is_cell(rows: Sequence[Row], index: int, above: Row) -> bool:
    """Whether what stands over a block is one of several values in a row: a box of fields."""
    row = next((r for r in rows[max(0, index - 2) : index] if above.tokens[0] in r.tokens), above)
    return any(map(str.isdigit, above.text)) and len(row.phrases(1.0)) > 2


def is_greeted(rows: Sequence[Row], index: int, phrase: Row) -> bool:
    """Whether a name stands under `An`, `Firma` or alike: the paper is addressed to it."""
    above = _aligned(rows, index, phrase, -1)
    return above is not None and _SALUTATION.fullmatch(above.text) is not None


def _may_begin(phrase: Row) -> bool:
    text = phrase.text
    if ":" in text or is_address(text) or is_number(text) or _SALUTATION.fullmatch(text):
        return False
    return not _is_labelled(phrase)


def _is_labelled(phrase: Row) -> bool:
    """A label alone or before a value with digits: `Invoice 103767`."""
    keys = [t.key for t in phrase.tokens]
    for end in range(len(keys), 0, -1):
        key = "".join(keys[:end])
        if any(key in lexicon.exact for lexicon in (FIELD_LEXICON, PARTY_LEXICON, TOTAL_LEXICON)):
            rest = phrase.tokens[end:]
            return not rest or any(c.isdigit() for t in rest for c in t.text)
    return False


def _is_parted(rows: Sequence[Row], index: int, above: Row) -> bool:
    """`Firm | Street 1 | 12345 Town`: a sender's line whose strokes were taken for rulings."""
    row = next((r for r in rows[max(0, index - 3) : index] if above.tokens[0] in r.tokens), above)
    parts = [above]
    for part in row.phrases(1.0):
        if 0 < part.x0 - parts[-1].x1 <= _PARTED * above.height:
            parts.append(part)
    text = " ".join(part.text for part in parts)
    named = not any(map(str.isdigit, above.text)) and ":" not in text
    return len(parts) > _FEWEST_PARTS and named and POSTCODE.search(text) is not None


def _is_sender(phrase: Row) -> bool:
    """`Firm, Street 1, 12345 Town` in one line."""
    parts = re.split(r"[·●•|∙,]|\s[-–]\s", phrase.text)
    return len(parts) > 1 and POSTCODE.search(phrase.text) is not None


def _aligned(rows: Sequence[Row], index: int, phrase: Row, step: int) -> Row | None:
    """The phrase straight under (1) or above (-1) on the same left edge."""
    place = index + step
    while 0 <= place < len(rows) and rows[place].page == phrase.page:
        other = rows[place]
        if abs(other.middle - phrase.middle) > 2.4 * phrase.height:
            return None
        for part in other.phrases(1.0):
            if abs(part.x0 - phrase.x0) < 0.012:
                return part
        place += step
    return None


def _lines(
    rows: Sequence[Row], index: int, phrase: Row, tables: frozenset[int]
) -> list[Row] | None:
    """The lines from a name to a town, perhaps with a country; None where it is no address."""
    lines = [phrase]
    for place in range(index + 1, len(rows)):
        row, last = rows[place], lines[-1]
        if row.page != phrase.page or row.middle - last.middle > 3.2 * last.height:
            break
        part = next((p for p in row.phrases(1.0) if abs(p.x0 - phrase.x0) < 0.012), None)
        if part is None:
            continue
        if place in tables or ":" in part.text or _CONTACT.search(part.text):
            return None
        lines.append(part)
        if len(lines) > _MOST_LINES:
            return None
        if POSTCODE.search(part.text):
            break
    town = POSTCODE.search(lines[-1].text)
    return lines if town is not None and town.start() < 4 and len(lines) > 2 else None


def _names(lines: Sequence[Row], own: str) -> bool:
    """Whether the block is the seller's own."""
    key = squeeze("".join(line.text for line in lines[:2]))
    return not own or own in key or squeeze(lines[0].text) in own


def addressed(block: Block, vat_id: Value[str] | None) -> Party:
    """The party of such a block: its first line is the name, the others the address."""
    name, *rest = block.lines
    tokens = [t for line in rest for t in line.tokens]
    return Party(
        name=text_of(name.text.strip(" ,;"), name.tokens),
        vat_id=vat_id,
        address=text_of(" ".join(t.text for t in tokens), tokens),
        role=block.role,
    )
