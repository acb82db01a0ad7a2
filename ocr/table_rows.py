"""What a single row of a table is: a sum, a discount, a section title, a page mark."""

from __future__ import annotations

import re
from collections.abc import Sequence
from itertools import pairwise

from ocr import numbers
from ocr.grid import POSITION
from ocr.labels import (
    AFTER,
    BEFORE,
    COLUMN_LEXICON,
    DIFFERENCE,
    ITEM_SUM,
    LEGAL,
    NOTE,
    REMARK,
    TOTAL_LEXICON,
    squeeze,
)
from ocr.rows import Row, Token

_ENDING = frozenset({"sum", "net", "vat", "gross", "due", "refund", "paid", "in_words"})
_LEGEND = re.compile(r"(?<!\w)([A-Z]\d?)\s?[=:–-]?\s?(\d{1,2})(?:[.,]0+)?\s?%")
_BOTH_SIDES = frozenset({"netto", "brutto"})
_MONEY_WORDS = ("wartosc", "kwota", "otrzyman", "wplacon", "zaliczk", "pozosta")
_RATE_OFF = re.compile(r"[-−–]?\s?\d{1,2}(?:[.,]\d{1,2})?\s?[-−–]?\s?%")
_NOTE_NUMBER = re.compile(r"[^\W\d]{2,4}[/-]?\d")  # `WZ/12/2026`
_MOST_WORDS = 4  # of one label
_FEWEST_LABELS = 3
_NOTE_WORDS = frozenset({"z", "dnia", "nr", "vom", "of", "dated", "du", "r", "no", "numer", "data"})


def is_sum(row: Row, mark: str) -> bool:
    """Whether the row's first words say that sums begin: `Razem`, `W tym`, `Total` …"""
    fuzzy = any(t.doubt for t in row.tokens)
    keys = [t.key for t in row.tokens[:7]]
    if row.tokens[0].text.startswith("("):
        return False
    if {t.key for t in row.tokens} >= _BOTH_SIDES and any(t.text.endswith(":") for t in row.tokens):
        return True  # `Wartość zamówienia: netto …, VAT …, brutto …`
    if _states_money(row, mark) or _sums_behind(row, mark):
        return True
    for start in range(min(2, len(keys))):
        if start and any(c.isdigit() for c in row.tokens[0].text):
            break
        for count, _, meaning in TOTAL_LEXICON.beginnings(keys[start:], fuzzy=fuzzy):
            if meaning in _ENDING:
                end = start + count
                rest = row.tokens[end:]
                if row.tokens[end - 1].text[-1:] == ":" or (rest and rest[0].text[:1] in ":-€("):
                    return True
                if not rest:  # `netto` alone is the second line of a cell
                    return meaning in ("sum", "due", "refund", "in_words")
                after = numbers.amount(rest[0].text.strip("x%"), mark)
                return after is not None or numbers.currency(rest[0].text) is not None
        if keys[start] and not keys[start].isdigit():
            break
    return _sum_beside(row, mark)


def _sums_behind(row: Row, mark: str) -> bool:
    """Whether the only words behind two amounts say that these are sums: `46,30  10,65  Razem`."""
    words = [t for t in row.tokens if any(map(str.isalpha, t.text))]
    if not words or words[0] is row.tokens[0]:
        return False
    amounts = [t for t in row.tokens if numbers.amount(t.text, mark) is not None]
    known = TOTAL_LEXICON.exact.get("".join(t.key for t in words))
    return len(amounts) > 1 and known in _ENDING


def _states_money(row: Row, mark: str) -> bool:
    """`Wartość całego zamówienia brutto: 15 000,00 zł`: words of money, a colon, an amount."""
    if not row.tokens[0].key.startswith(_MONEY_WORDS):
        return False
    colon = next((n for n, t in enumerate(row.tokens) if t.text.endswith(":")), -1)
    rest = row.tokens[colon + 1 :]
    if colon < 0 or not rest or any(c.isdigit() for t in row.tokens[:colon] for c in t.text):
        return False
    money = rest[-1:] if numbers.currency(rest[-1].text) is not None else ()
    told = " ".join(t.text for t in rest[: len(rest) - len(money)])
    return bool(money) and numbers.amount(told, mark) is not None


def _sum_beside(row: Row, mark: str) -> bool:
    """`Taxe  Base  Montant   Total HT  624,90`: sums begin beside the heading of a tax table."""
    phrases = row.phrases()
    for label, amount in pairwise(phrases):
        if any(c.isdigit() for c in label.text):
            return False
        meaning = TOTAL_LEXICON.exact.get("".join(t.key for t in label.tokens))
        if label is not phrases[0] and meaning in _ENDING and numbers.amount(amount.text, mark):
            return len(label.tokens) > 1
    return False


def extra_of(row: Row) -> str:
    """Whether the row is a discount or charge on the whole document: `RABAT: …  -5,00`."""
    words = [t for t in row.tokens if any(c.isalpha() for c in t.text)][:3]
    if POSITION.fullmatch(row.tokens[0].text) and len(row.tokens[0].text) < 3:
        return ""
    for end in range(len(words), 0, -1):
        meaning = TOTAL_LEXICON.exact.get("".join(t.key for t in words[:end]))
        if meaning in ("discount", "charge"):
            after = row.tokens[row.tokens.index(words[end - 1]) + 1 :]
            if (
                words[end - 1].text.endswith(":")
                or not after
                or after[0].text[:1] in ":-/0123456789"
            ):
                return meaning
    return ""


def rate_off(row: Row) -> list[Token]:
    """The rate of a discount that a row states for the item above it: `Rabat klienta 10,00- %`."""
    keys = [t.key for t in row.tokens[:3]]
    told = any(TOTAL_LEXICON.exact.get("".join(keys[:n])) == "discount" for n in (1, 2, 3))
    figures = [n for n, t in enumerate(row.tokens) if any(map(str.isdigit, t.text))]
    if not told or not figures:
        return []
    tokens = row.tokens[figures[0] :]
    return list(tokens) if _RATE_OFF.fullmatch(" ".join(t.text for t in tokens)) else []


def is_item_sum(row: Row) -> bool:
    """Whether the row states the value of the item above it, after its discounts."""
    keys = [t.key for t in row.tokens[:4]]
    return any("".join(keys[:n]) in ITEM_SUM for n in range(2, len(keys) + 1))


def is_note(row: Row) -> bool:
    """Whether the row is no item's text: `Dokument WZ 51/2026 z dnia …`, `odwrotne obciążenie`."""
    if squeeze(row.text) in LEGAL or is_legend(row) or is_labels(row):
        return True
    first = row.tokens[0]
    if first.key in REMARK and first.text.endswith(":"):
        return True
    keys = [t.key for t in row.tokens[:4]]
    if any(COLUMN_LEXICON.exact.get("".join(keys[:n])) == "list_price" for n in (2, 3)):
        return True  # `Cena katalogowa 14,20 PLN  Rabat 30 %` under the item that it explains
    for end in range(len(keys), 0, -1):
        numbered = end == 1 and _NOTE_NUMBER.match(first.text) is not None
        begun = keys[0].rstrip("0123456789") if numbered else "".join(keys[:end])
        if begun in NOTE:
            rest = row.tokens[end:]
            told = [any(c.isdigit() for c in t.text) for t in rest]
            plain = (t.key in _NOTE_WORDS or t.key in NOTE or not t.key for t in rest)
            named = numbered or any(told)
            return named and all(a or b for a, b in zip(told, plain, strict=True))
    return False


def is_labels(row: Row) -> bool:
    """Whether the row is nothing but labels of an item's figures, printed under or over each."""
    keys = [t.key for t in row.tokens if t.key]
    place, meanings = 0, []
    while place < len(keys):
        for count in range(min(_MOST_WORDS, len(keys) - place), 0, -1):
            meaning = COLUMN_LEXICON.exact.get("".join(keys[place : place + count]))
            if meaning:
                meanings.append(meaning)
                place += count
                break
        else:
            return False
    return len(set(meanings)) >= _FEWEST_LABELS


def is_legend(row: Row) -> bool:
    """Whether the row tells the rates behind letters: `A = 23%, B = 8%`."""
    return bool(row.tokens) and not _LEGEND.sub("", row.text).strip(" ,;.:")


def rates_of_letters(rows: Sequence[Row]) -> dict[str, str]:
    """The rates that letters or codes of this document stand for; a letter said twice is left out.

    `A = 23%, B = 8%` in words, `A 23%` or `A1 | 23%` in the table of rates.
    """
    found: dict[str, set[str]] = {}
    for row in rows:
        for match in _LEGEND.finditer(row.text):
            found.setdefault(match[1], set()).add(match[2])
    return {letter: next(iter(told)) for letter, told in found.items() if len(told) == 1}


def section_of(row: Row) -> str:
    key = squeeze(row.text).rstrip("0123456789")
    if key in BEFORE:
        return "before"
    if key in AFTER:
        return "after"
    return "difference" if key in DIFFERENCE else ""


def is_page_mark(row: Row) -> bool:
    text = row.text.casefold()
    return (
        re.fullmatch(
            r"(str(ona|\.)?|page|seite|pagina)?\s*:?\s*\d{1,3}\s*(z|/|of|von|van|sur|de)\s*\d{1,3}",
            text,
        )
        is not None
    )
