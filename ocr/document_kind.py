"""What paper it is, and in which language."""

from __future__ import annotations

from collections.abc import Sequence

from ocr.labels import FIELD_LEXICON, KIND_LEXICON, Lexicon, sections, squeeze
from ocr.reading import DocumentKind
from ocr.rows import Row

_KIND_ORDER = ("corrected_invoice", "credit_note", "advance_invoice", "invoice", "receipt", "other")


_STOP_WORDS = sections("languages")


def kind_of(
    rows: Sequence[Row], skip: frozenset[int] = frozenset(), lexicon: Lexicon = KIND_LEXICON
) -> DocumentKind:
    """What paper this is, from headings outside tables; an invoice where none says.

    Where a title stands above the table, what is named below it is another paper: the advances of
    a final invoice, the invoice that a note corrects.
    """
    skip -= {0}  # The first row is a title, whatever its words resemble.
    seen: dict[str, int] = {}  # the first row of each
    for index, row in enumerate(rows):
        if row.page > 1 and seen:
            break
        if index in skip:
            continue
        for phrase in row.phrases():
            tokens = phrase.tokens[:6]
            fuzzy = any(t.doubt for t in tokens)
            for end, key, meaning in lexicon.beginnings([t.key for t in tokens], fuzzy=fuzzy):
                if len(key) < 7 and key != "".join(t.key for t in tokens[:end]):
                    continue
                if (
                    meaning == "other"
                    and "proforma" not in key
                    and (end < len(phrase.tokens) and tokens[end - 1].text.endswith(":"))
                ):
                    break  # `Zamówienie: 123` on an invoice is a reference, not the title
                if meaning == "other" and _is_field(row, phrase):
                    break  # `Lieferschein` heads a column among the document's fields
                seen.setdefault("pro forma" if "proforma" in key else meaning, index)
                break
    if "pro forma" in seen:
        return DocumentKind.OTHER
    table = min(skip, default=len(rows))
    above = {meaning for meaning, index in seen.items() if index < table}
    for meaning in _KIND_ORDER:
        if meaning in (above or seen):
            return DocumentKind(meaning)
    return DocumentKind.INVOICE


def _is_field(row: Row, phrase: Row) -> bool:
    """Whether two further phrases of the row are labels of fields: none of them is a title."""
    keys = ["".join(t.key for t in p.tokens) for p in row.phrases() if p.x0 != phrase.x0]
    return sum(key in FIELD_LEXICON.exact for key in keys) > 1


def language_of(rows: Sequence[Row]) -> str:
    """The document's language by its common words; Polish where nothing tells."""
    words = {squeeze(t.text) for row in rows for t in row.tokens}
    score = {code: sum(squeeze(w) in words for w in common) for code, common in _STOP_WORDS.items()}
    best = max(score, key=lambda code: score[code])
    return best if score[best] else "pl"
