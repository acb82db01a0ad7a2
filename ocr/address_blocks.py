"""Blocks of lines that are a firm with its address or tax number, where no heading says whose."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, replace

from ocr import numbers
from ocr.addresses import is_address, is_number
from ocr.labels import FIELD_LEXICON, PARTY_LEXICON, TOTAL_LEXICON, squeeze
from ocr.parties import Block, party_of
from ocr.reading import Party
from ocr.rows import Row
from ocr.tax_numbers import TaxNumber

_EDGE = 0.006  # of the page's width: the same left or right edge
_GAP = 1.4  # heights between two lines of one block
_WIDER = 1.7  # times the usual distance of its lines
_ALIKE = 1.4  # how much taller the letters of one line may be
_FOOT = 0.8  # of the page's height: what stands below is its writer's
_MOST_LINES = 9
# What a firm tells of itself on its own paper alone: its account and its register.
_REGISTERED = re.compile(r"(?i)(?<!\w)(iban|bic|kvk|hrb|regon|krs|siren|siret|bank|konto)(?!\w)")
_TWO = 2
_FIELDS = frozenset({"number", "issue_date", "sale_date", "due_date", "order_no", "customer_no"})
_TELLING = 12  # letters that tell two names apart; the end of one may be cut off


@dataclass(frozen=True, slots=True)
class AddressBlock:
    """A firm's lines and what they say of it; the edges are in widths of the page."""

    lines: tuple[Row, ...]
    party: Party

    @property
    def y0(self) -> float:
        return self.lines[0].y0

    @property
    def y1(self) -> float:
        return self.lines[-1].y1

    @property
    def foot(self) -> bool:
        return self.lines[0].tokens[0].box.y0 > _FOOT

    def holds(self, number: TaxNumber) -> bool:
        """Whether a tax number stands in the block."""
        return any(number.token is t for line in self.lines for t in line.tokens)


def find(
    rows: Sequence[Row], tables: frozenset[int], taxes: Sequence[TaxNumber]
) -> list[AddressBlock]:
    """The blocks of the first page over its first table and at its foot, top to bottom."""
    end = min((n for n in tables), default=len(rows))
    groups: list[list[Row]] = []
    for index, row in enumerate(rows):
        if row.page > 1 or index in tables:
            continue
        for phrase in row.phrases(1.0):
            if index > end and phrase.tokens[0].box.y0 < _FOOT:
                continue
            _place(phrase, groups)
    found: list[AddressBlock] = []
    for group in groups:
        lines = group if _may_name(group[0]) else _with_name(group, groups)
        begin = next((n for n, line in enumerate(lines) if _may_name(line)), 0)
        lines = lines[begin:]  # a sender's line may stand straight over the window
        numbered = any(n.token is t for n in taxes for line in lines for t in line.tokens)
        postal = any(is_address(line.text) for line in lines[1:])
        if len(lines) < _TWO or not _may_name(lines[0]) or not (numbered or postal):
            continue
        block = Block("", lines[0], lines[0].x0, lines[0].x1, list(lines), lines[-1].y1)
        party = party_of(block, taxes)
        if party.name is not None:
            found.append(AddressBlock(tuple(lines), party))
    return found


def _place(phrase: Row, groups: list[list[Row]]) -> None:
    """Put a phrase under the lines that it goes on with, else begin a block."""
    for group in reversed(groups):
        last = group[-1]
        near = -0.5 * last.height < phrase.y0 - last.y1 < _GAP * last.height
        if len(group) > 1:  # a wider gap than between its own lines ends a block
            near = near and phrase.y0 - last.y0 < _WIDER * (last.y0 - group[-2].y0)
        straight = abs(phrase.x0 - last.x0) < _EDGE or abs(phrase.x1 - last.x1) < _EDGE
        tall = max(phrase.height, last.height) / min(phrase.height, last.height)
        if near and straight and tall < _ALIKE and len(group) < _MOST_LINES:
            if _is_field(phrase):
                break  # the document's own fields begin
            group.append(phrase)
            return
    groups.append([phrase])


def _is_field(phrase: Row) -> bool:
    """Whether a line is a field of the document with its label: `Datum: 01.02.2025`."""
    keys = [t.key for t in phrase.tokens[:5]]
    return any(meaning in _FIELDS for _, _, meaning in FIELD_LEXICON.beginnings(keys))


def _with_name(group: list[Row], groups: Sequence[list[Row]]) -> list[Row]:
    """The block with the name in larger letters over it."""
    first = group[0]
    for other in groups:
        last = other[-1]
        near = 0 <= first.y0 - last.y1 + 0.3 * first.height < _TWO * last.height
        straight = abs(first.x0 - last.x0) < _EDGE or abs(first.x1 - last.x1) < _EDGE
        if near and straight and len(other) == 1 and _may_name(last):
            return [last, *group]
    return group


def _may_name(line: Row) -> bool:
    """Whether a line can be a firm's name: no address, number, date, label or value of one."""
    text = line.text
    if ":" in text or is_address(text) or is_number(text) or numbers.dates(text):
        return False
    keys = [t.key for t in line.tokens[:6]]
    for end in range(len(keys), 0, -1):
        key = "".join(keys[:end])
        if any(key in lexicon.exact for lexicon in (FIELD_LEXICON, PARTY_LEXICON, TOTAL_LEXICON)):
            rest = line.tokens[end:]
            return bool(rest) and not any(c.isdigit() for t in rest for c in t.text)
    return True


def _key(block: AddressBlock) -> str:
    return squeeze(block.party.name.value)[:_TELLING] if block.party.name else ""


def seller_first(blocks: Sequence[AddressBlock]) -> tuple[AddressBlock, AddressBlock] | None:
    """Who writes and who is written to, of two blocks whose places tell; None where they do not.

    The writer's stands in the page's head over the other's, alone at its foot, or twice.
    """
    names = [_key(block) for block in blocks]
    twice = [b for b, name in zip(blocks, names, strict=True) if names.count(name) > 1]
    if twice and len(set(names)) == _TWO:
        writer = min(twice, key=lambda b: b.y0)
        vat_id = next((b.party.vat_id for b in twice if b.party.vat_id), None)
        whole = replace(writer, party=replace(writer.party, vat_id=vat_id))
        return whole, next(b for b in blocks if _key(b) != _key(writer))
    if len(blocks) != _TWO:
        return None
    registered = [b for b in blocks if any(_REGISTERED.search(line.text) for line in b.lines)]
    if len(registered) == 1:
        return registered[0], next(b for b in blocks if b is not registered[0])
    upper, lower = sorted(blocks, key=lambda b: b.y0)
    if lower.foot != upper.foot:
        return lower, upper
    shared = min(upper.y1, lower.y1) - max(upper.y0, lower.y0)
    if shared > 0.3 * min(upper.y1 - upper.y0, lower.y1 - lower.y0):
        numbered = [b for b in blocks if b.party.vat_id is not None]
        if len(numbered) != 1:
            return None
        # Who writes has to give its own number, and need not give the other's.
        return numbered[0], next(b for b in blocks if b is not numbered[0])
    return upper, lower
