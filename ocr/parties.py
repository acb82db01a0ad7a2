"""Seller, buyer and others: the blocks under their headings."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field

from ocr import captions, numbers
from ocr.addresses import LEGAL_FORM, is_address, is_number, is_postal
from ocr.labels import (
    ADDRESS_LABELS,
    FIELD_LEXICON,
    NAME_LABELS,
    TOTAL_LEXICON,
    Lexicon,
)
from ocr.party_headings import Heading, apart, captioned, heading_of, left_edge
from ocr.reading import Party, Proof, Value
from ocr.rows import Row, Token
from ocr.tax_numbers import TaxNumber
from ocr.token_values import text_of

_HOUSE = re.compile(r"\s\d{1,4}[a-zA-Z]?(\s?[/-]\s?\d{1,4}[a-zA-Z]?|\s(m|lok)\.?\s?\d+)?$")
_FORM_BEGUN = re.compile(r"(?i)\b(spółka|z|ogr\w*|z ograniczoną|komandytow\w*-)$")
_PERSON = re.compile(r"[A-ZŁŚŻŹĆÓ][a-ząćęłńóśźż]+ [A-ZŁŚŻŹĆÓ][a-ząćęłńóśźż]+(?:-[A-ZŁŚŻŹĆ]\w+)?")
_STREET_BEGINS = re.compile(r"(?i)(ul|al|os|pl)\.|aleja|aleje|plac|osiedle")
_MONEY = re.compile(r"\d[.,]\d\d(?!\d)")
_TOTALS = ("net", "vat", "gross", "due", "sum")
_STRAIGHT = 0.002  # of the page's width: the same left edge
_COLUMN = 0.3  # of the page's width: what begins so far to the right is no part of the block
_EDGE = 0.02
_WIDE = 4.0  # heights: what stands further to the right belongs to another block


@dataclass(slots=True)
class Block:
    """The phrases under one party heading."""

    role: str
    heading: Row
    left: float
    right: float
    lines: list[Row] = field(default_factory=list)
    end: float = 0.0


def find_blocks(rows: Sequence[Row], tables: frozenset[int]) -> list[Block]:
    """Blocks under headings such as `Sprzedawca`; `tables` are row numbers of tables."""
    heads: list[Heading] = []
    for index, row in enumerate(rows):
        if index in tables:
            continue
        for phrase in row.phrases():
            for part in apart(phrase):
                if found := heading_of(part):
                    heads.append((index, part, *found))
    edges = {id(phrase): left_edge(rows, index, phrase, heads) for index, phrase, _, _ in heads}
    under = captioned(rows, [(n, h) for n, h, role, _ in heads if role != "end"], tables)
    blocks: list[Block] = []
    for number, (index, phrase, role, used) in enumerate(heads):
        if role == "end" or "".join(t.key for t in phrase.tokens[used:]).isdigit():
            continue  # `Customer: 2` counts customers
        if numbers.dates(" ".join(t.text for t in phrase.tokens[used:])):
            continue  # `Do: 31.12.2026` ends a period
        near = [
            other
            for other_index, other, _, _ in heads
            if other is not phrase
            and other.page == phrase.page
            and abs(other.middle - phrase.middle) < 0.45
            and other.x0 > max(phrase.x1, phrase.x0 + 0.15)
        ]
        near += [p for p in rows[index].phrases() if p.x0 > phrase.x1 and _is_field(p)]
        right = min((edges.get(id(o), o.x0) for o in near), default=2.0) - 0.01
        left = edges[id(phrase)] - 0.015
        block = Block(role, phrase, left, right)
        rest = phrase.tokens[used:]
        if under:
            block.lines.append(Row(phrase.page, captions.over(rows, index, phrase.tokens)))
            _gather(block, rows, index, heads, number, tables)
            blocks.append(block)
            continue
        if rest:
            block.lines.append(Row(phrase.page, rest))
        elif beside := _beside(rows[index], phrase, right):
            block.lines.append(beside)
        _gather(block, rows, index, heads, number, tables)
        blocks.append(block)
    return blocks


def _is_field(phrase: Row) -> bool:
    """Whether the phrase is the whole label of a header field, whose value stands under it."""
    return "".join(t.key for t in phrase.tokens) in FIELD_LEXICON.exact


def _beside(row: Row, phrase: Row, right: float) -> Row | None:
    for other in row.phrases():
        if phrase.x1 <= other.x0 < min(right, phrase.x1 + 0.35) and heading_of(other) is None:
            return other
    return None


def _gather(
    block: Block,
    rows: Sequence[Row],
    index: int,
    heads: Sequence[Heading],
    number: int,
    tables: frozenset[int],
) -> None:
    stops = [h for n, h in enumerate(heads) if n != number]
    floor = block.heading.middle
    tall = block.heading.height
    for step, row in enumerate(rows[index + 1 :], start=index + 1):
        if row.page != block.heading.page or step in tables:
            break
        phrases = _parted(row.phrases(), [h[1] for h in heads])
        parts = _column([p for p in phrases if block.left <= p.x0 < block.right])
        if parts and parts[0].x0 - block.left > _COLUMN and _goes_on(block, rows[step + 1 :]):
            continue
        if not parts:
            if row.middle - floor > 9 * tall:
                break
            continue
        stop = next(
            (
                h
                for h in stops
                if h[0] == step and any(h[1].tokens[0] is p.tokens[0] for p in parts)
            ),
            None,
        )
        if stop is not None:
            if stop[2] == "end" and not block.lines:
                continue
            break
        if row.middle - floor > (9 if not block.lines else 6.5) * max(tall, row.height):
            break
        if len(block.lines) > 40 or (block.lines and _begins_document(parts[0])):
            break
        block.lines.append(Row(row.page, tuple(t for p in parts for t in p.tokens)))
        floor = row.middle
        block.end = row.y1


def _begins_document(line: Row) -> bool:
    """Whether a line gives the document's number or a total: no party has one."""
    keys = [t.key for t in line.tokens[:5]]
    told = any(map(str.isdigit, line.tokens[-1].text)) and len(keys) > 1
    if not told:
        return False
    if any(_means(FIELD_LEXICON, keys, "number")):
        return True
    money = _MONEY.search(line.text) is not None
    return money and any(_means(TOTAL_LEXICON, keys, *_TOTALS))


def _means(lexicon: Lexicon, keys: Sequence[str], *meanings: str) -> Iterator[bool]:
    """Whether labels that these words begin with have one of the meanings."""
    return (meaning in meanings for _, _, meaning in lexicon.beginnings(keys))


def _goes_on(block: Block, rows: Sequence[Row]) -> bool:
    """Whether the very next rows have text on the left edge of the block's heading."""
    return any(
        abs(phrase.x0 - block.heading.x0) < _EDGE
        for row in rows[:1]
        if row.page == block.heading.page
        for phrase in row.phrases()
    )


def _parted(phrases: Sequence[Row], headings: Sequence[Row]) -> list[Row]:
    """Phrases cut where a word begins straight under a party's heading: columns may touch."""
    edges = [h.x0 for h in headings]
    parted: list[Row] = []
    for phrase in phrases:
        begin = 0
        for n, token in enumerate(phrase.tokens):
            if n and any(abs(token.x0 - edge) < _STRAIGHT for edge in edges):
                parted.append(Row(phrase.page, phrase.tokens[begin:n]))
                begin = n
        parted.append(Row(phrase.page, phrase.tokens[begin:]))
    return parted


def _column(parts: list[Row]) -> list[Row]:
    """The phrases of one line that belong together: a wide gap separates all but `label: value`."""
    for n in range(1, len(parts)):
        gap = parts[n].x0 - parts[n - 1].x1
        labelled = parts[n - 1].tokens[-1].text.endswith(":")
        if gap > _WIDE * parts[n].height and not labelled:
            return parts[:n]
    return parts


def party_of(block: Block, taxes: Sequence[TaxNumber]) -> Party:
    """Name, tax number and address of a block."""
    inside = [n for n in taxes if any(n.token is t for line in block.lines for t in line.tokens)]
    good = [n for n in inside if n.value.proof is Proof.CHECKSUM] or inside
    vat_id = good[0].value if good else None
    name, used = _name(block.lines)
    address = [
        line for i, line in enumerate(block.lines) if i not in used and is_address(line.text)
    ]
    tokens = [t for line in address[:3] for t in line.tokens]
    return Party(
        name=name,
        vat_id=vat_id,
        address=text_of(" ".join(t.text for t in tokens), tokens) if tokens else None,
        role=block.role,
    )


def _label_of(line: Row) -> tuple[str, int]:
    """The squeezed label at the start of a line (up to its colon) and how many tokens it takes."""
    for end, token in enumerate(line.tokens[:8], start=1):
        if token.text.endswith(":"):
            return "".join(t.key for t in line.tokens[:end]), end
    return "", 0


def _name(lines: Sequence[Row]) -> tuple[Value[str] | None, set[int]]:
    for index, line in enumerate(lines):
        label, end = _label_of(line)
        if label in NAME_LABELS:
            tokens = list(line.tokens[end:])
            used = {index}
            for follow in range(index + 1, min(index + 4, len(lines))):
                text = lines[follow].text
                if _label_of(lines[follow])[1] or is_address(text) or _is_label(lines[follow]):
                    break
                tokens.extend(lines[follow].tokens)
                used.add(follow)
            if tokens:
                return text_of(" ".join(t.text for t in tokens), tokens), used
    for index, line in enumerate(lines[:-1]):
        below = lines[index + 1]
        if "".join(t.key for t in line.tokens) in NAME_LABELS and not _is_label(below):
            return text_of(_firm(below.tokens), below.tokens), {index, index + 1}
    tokens = []
    used = set()
    widest = max((line.x1 for line in lines[:8]), default=0.0)
    for index, line in enumerate(lines[:6]):
        text = line.text
        if not tokens and (inline := _before_address(line)):
            return text_of(_firm(inline), inline), set()
        if _label_of(line)[1] or _is_label(line) or is_address(text) or is_number(text):
            if tokens:
                break
            continue
        if tokens and _is_street(text, lines[index + 1] if index + 1 < len(lines) else None):
            break
        if tokens and (
            is_whole_firm(" ".join(t.text for t in tokens))
            or len(used) >= 3
            or (tokens[-1].x1 < 0.97 * widest and not is_owner(lines, index))
        ):
            break
        tokens.extend(line.tokens)
        used.add(index)
    if not tokens:
        return None, used
    return text_of(_firm(tokens), tokens), used


def _is_street(text: str, below: Row | None) -> bool:
    """`Hawajska 16/15` over a postcode."""
    return below is not None and bool(_HOUSE.search(text)) and is_postal(below.text)


def is_owner(lines: Sequence[Row], index: int) -> bool:
    """Whether the line is the sole trader's own name, between the firm's and the address."""
    below = lines[index + 1].text if index + 1 < len(lines) else ""
    return _PERSON.fullmatch(lines[index].text) is not None and is_address(below)


def form_begun(name: str) -> bool:
    """Whether the name ends inside of its legal form: `… spółka z ograniczoną`."""
    return _FORM_BEGUN.search(name) is not None and bool(LEGAL_FORM.search(name))


def is_whole_firm(name: str) -> bool:
    """Whether the name has its legal form, not only the beginning of it, nor only `P.H.U.`."""
    form = LEGAL_FORM.search(name)
    return form is not None and form.start() > 0 and not _FORM_BEGUN.search(name)


def _before_address(line: Row) -> list[Token]:
    """The name in front of its address on one line: `Firm, Street 1, 00-001 Town, NIP …`."""
    name: list[Token] = []
    part: list[Token] = []
    for token in line.tokens:
        part.append(token)
        if not token.text.endswith(","):
            continue
        text = " ".join(t.text for t in part)
        if is_address(text) or is_number(text) or _is_label(Row(line.page, tuple(part))):
            return name or _before_street(line)
        known = " ".join(t.text for t in name)
        if LEGAL_FORM.search(known) and _HOUSE.search(text.rstrip(" ,")):
            return name  # a village has no streets: `Wola Kopcowa 1`
        name += part
        part = []
    if is_address(" ".join(t.text for t in part)):
        return name or _before_street(line)
    return []


def _before_street(line: Row) -> list[Token]:
    """The name in front of `ul.`, `al.` or alike, where no comma parts them."""
    for n, token in enumerate(line.tokens):
        if _STREET_BEGINS.fullmatch(token.text):
            words = list(line.tokens[:n])
            return words if n > 1 and not any(c.isdigit() for t in words for c in t.text) else []
    return []


def _firm(tokens: Sequence[Token]) -> str:
    """The name of a firm; engines read the letters of `z o.o.` as zeros."""
    text = " ".join(t.text for t in tokens).strip(" ,;:")
    text = re.sub(r"(?i)(?<=\bsp\.\s)[z2](?=\s[o0]\.\s?[o0])", "z", text)
    return re.sub(r"(?i)\bz(\.?\s?)[o0](\.?\s?)[o0](\.?)(?!\w)", r"z\1o\2o\3", text)


def _is_label(line: Row) -> bool:
    keys = [t.key for t in line.tokens[:4]]
    for end in range(len(keys), 0, -1):
        key = "".join(keys[:end])
        if key in ADDRESS_LABELS and end == len(line.tokens):
            return True
        meaning = FIELD_LEXICON.exact.get(key)
        if meaning in ("vat_id", "tax_no", "account", "contact", "customer_no", "issue_date"):
            rest = line.tokens[end:]
            if not rest or any(c.isdigit() for c in rest[0].text) or rest[0].text[:1] in ":.":
                return True
    return False
