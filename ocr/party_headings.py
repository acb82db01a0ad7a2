"""Headings of the blocks of seller, buyer and others: which words are one, and where it stands."""

from __future__ import annotations

from collections.abc import Sequence

from ocr import captions, fields
from ocr.addresses import LEGAL_FORM, is_address
from ocr.labels import PARTY_LEXICON
from ocr.rows import Row, Token

_ONLY_PARTIES = frozenset({"sprzedawca", "nabywca", "kupujacy", "sprzedajacy", "wystawca"})
_LONG_NAME = 9  # words: more are a sentence
_LOOKED = 4  # rows under a heading
_SAME = 0.01  # of the page's width: one left edge
Heading = tuple[int, Row, str, int]  # row, phrase, role, how many words the heading takes


def captioned(
    rows: Sequence[Row], heads: Sequence[tuple[int, Row]], tables: frozenset[int]
) -> bool:
    """Whether headings stand small under the names of the parties, as on forms of such labels."""
    if not heads or not all(captions.is_caption(rows, index, phrase) for index, phrase in heads):
        return False
    return captions.captioned(rows, fields.labels_in(rows, skip=tables))


def apart(phrase: Row) -> list[Row]:
    """Headings whose columns touch: `Nabywca: Adres dostawy:`."""
    tokens = phrase.tokens
    for n in range(1, len(tokens)):
        if not tokens[n - 1].text.endswith(":"):
            continue
        for end, _, _ in PARTY_LEXICON.beginnings([t.key for t in tokens[n : n + 7]]):
            if tokens[n + end - 1].text.endswith(":"):
                return [Row(phrase.page, tokens[:n]), *apart(Row(phrase.page, tokens[n:]))]
    return [phrase]


def left_edge(rows: Sequence[Row], index: int, phrase: Row, heads: Sequence[Heading]) -> float:
    """Where the column of a heading begins: a heading may be set in the middle over it."""
    others = [h for n, h, _, _ in heads if n == index and h is not phrase]
    if not others:
        return phrase.x0
    floor = max((o.x1 for o in others if o.x0 < phrase.x0), default=0.0)
    edges: list[float] = []
    for row in rows[index + 1 : index + 1 + _LOOKED]:
        if row.page != phrase.page:
            break
        edges += [p.x0 for p in row.phrases() if p.x0 > floor]
    if any(phrase.x0 - _SAME < edge <= phrase.x1 for edge in edges):
        return phrase.x0
    before = [e for e in edges if e < phrase.x0 and sum(abs(e - x) < _SAME for x in edges) > 1]
    return max(before, default=phrase.x0)


def heading_of(phrase: Row) -> tuple[str, int] | None:
    """Role and how many tokens the heading takes, if the phrase is or begins with one."""
    tokens = phrase.tokens
    if len(tokens) > 1 and fields.ENUMERATOR.fullmatch(tokens[0].text):
        found = heading_of(Row(phrase.page, tokens[1:]))
        return (found[0], found[1] + 1) if found else None
    fuzzy = any(t.doubt for t in tokens)
    keys = [t.key for t in tokens[:7]]
    if "/" in [t.text for t in tokens[1:-1]]:
        return _bilingual(tokens)
    if tokens[-1].text.startswith("(") and keys[-1].isdigit() and len(keys) == len(tokens) == 2:
        found = heading_of(Row(phrase.page, tokens[:1]))  # with the customer's number
        return (found[0], 2) if found else None
    if keys[-1].isdigit() and len(keys) == len(tokens) > 1:
        tokens, keys = tokens[:-1], keys[:-1]  # `Podmiot inny 1`
    if tokens[-1].text.rstrip(":").endswith(")") and tokens[0].text[0] != "(":
        opened = next((n for n, t in enumerate(tokens) if t.text.startswith("(")), 0)
        bare = heading_of(Row(phrase.page, tokens[:opened])) if opened else None
        if bare and bare[1] == opened:
            return bare[0], len(tokens)  # `Nabywca (wystawca faktury):`
    for end, label, role in PARTY_LEXICON.beginnings(keys, fuzzy=fuzzy):
        if label == "firma" and not tokens[end - 1].text.endswith(":"):
            continue  # German letters are addressed so
        whole = end == len(tokens)
        colon = tokens[end - 1].text.endswith(":") or (
            end < len(tokens) and tokens[end].text == ":"
        )
        inline = label in _ONLY_PARTIES and _whole_party(tokens[end:])
        if whole or colon or inline:
            if role == "end" and not whole:
                return None
            end += end < len(tokens) and tokens[end].text == ":"
            return role, end
    return None


def _whole_party(tokens: Sequence[Token]) -> bool:
    """Whether the words behind a heading without a colon are a party: `… Firm, NIP …, ul. …`."""
    text = " ".join(t.text for t in tokens)
    first = tokens[0].text if tokens else ""
    told = is_address(text) or any(t.key == "nip" for t in tokens[1:]) or _is_firm(text)
    return bool(first) and first[0].isupper() and told and ":" not in first


def _is_firm(text: str) -> bool:
    """Whether a text is a short name that ends in its legal form: `Sprzedawca Firma Sp. z o.o.`"""
    forms = list(LEGAL_FORM.finditer(text))
    ended = bool(forms) and forms[-1].start() > 0 and not text[forms[-1].end() :].strip(" .,")
    return ended and len(text.split()) < _LONG_NAME


def _bilingual(tokens: Sequence[Token]) -> tuple[str, int] | None:
    """`Sprzedawca / Seller`, also with a colon."""
    cut = next(n for n, t in enumerate(tokens) if t.text == "/")
    end = next((n for n, t in enumerate(tokens, 1) if t.text.endswith(":")), len(tokens))
    roles = {
        PARTY_LEXICON.exact.get("".join(t.key for t in part))
        for part in (tokens[:cut], tokens[cut + 1 : end])
    }
    role = next(iter(roles)) if len(roles) == 1 else None
    return (role, end) if role else None
