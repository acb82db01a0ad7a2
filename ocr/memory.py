"""What earlier documents of a seller taught: its headings and labels that our lexicon lacks.

The memory is plain data that the caller keeps per seller. It only adds words to the lexicon for
documents that carry that seller's tax number; a page always decides over it.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence

from ocr.headings import Heading
from ocr.labels import COLUMN_LEXICON, FIELD_LEXICON, squeeze
from ocr.reading import Hints, LayoutMemory, Reading

# Our meanings of columns and the fields of a `Line` that people know.
_FIELDS: Mapping[str, str] = {
    "name": "description",
    "quantity": "quantity",
    "unit": "unit",
    "price_net": "unit_price_net",
    "price_gross": "unit_price_gross",
    "discount": "discount",
    "net": "line_net",
    "gross": "line_gross",
    "vat": "line_vat",
    "vat_rate": "vat_rate",
    "gtin": "gtin",
    "code": "article_no",
    "date": "sale_date",
    "no": "printed_number",
}
_MEANINGS = {field: meaning for meaning, field in _FIELDS.items()}
_HEADER = frozenset({"number", "issue_date", "sale_date", "currency", "ksef_number", "vat_id"})
_MOST = 60  # words kept per seller


def recalled(hints: Hints, tax_numbers: Iterable[str]) -> tuple[LayoutMemory, ...]:
    """The memories whose tax number stands on the page: its seller's, and maybe its buyer's."""
    present = set(tax_numbers)
    return tuple(m for m in hints.layouts if m.seller_vat_id in present)


def column_labels(memory: LayoutMemory | None) -> dict[str, str]:
    """Remembered headings as squeezed label → our meaning of the column."""
    if memory is None:
        return {}
    return {key: _MEANINGS[name] for key, name in memory.columns if name in _MEANINGS}


def field_labels(memory: LayoutMemory | None) -> dict[str, str]:
    """Remembered header labels as squeezed label → meaning."""
    if memory is None:
        return {}
    return {key: name for key, name in memory.labels if name in _HEADER}


def learned(
    reading: Reading, headings: Sequence[Heading], before: LayoutMemory | None = None
) -> LayoutMemory | None:
    """The memory after this document: what its tables' headings meant, as the sums confirmed it.

    None when the seller has no tax number or nothing in the reading is proven: a guess must not
    teach the next guess.
    """
    seller = reading.seller.vat_id
    proven = any(
        value is not None and value.proof.proven
        for line in reading.lines
        for value in (line.line_net, line.line_gross)
    )
    if seller is None or not proven:
        return before
    columns = dict(before.columns) if before else {}
    for heading in headings:
        if heading.kind != "items":
            continue
        for cell in heading.cells:
            key, name = squeeze(cell.text), _FIELDS.get(cell.meaning)
            if key and name and COLUMN_LEXICON.exact.get(key) != cell.meaning:
                columns[key] = name
    return LayoutMemory(
        seller_vat_id=seller.value,
        columns=tuple(sorted(columns.items())[:_MOST]),
        labels=before.labels if before else (),
        documents_seen=(before.documents_seen if before else 0) + 1,
    )


def taught(
    memory: LayoutMemory | None,
    seller_vat_id: str,
    *,
    columns: Mapping[str, str] | None = None,
    labels: Mapping[str, str] | None = None,
) -> LayoutMemory:
    """The memory with what a person confirmed: heading → `Line` field, label → header field.

    Raises `ValueError` for a field that no column or header has. Words that our lexicon already
    understands that way are not stored.
    """
    known_columns = dict(memory.columns) if memory else {}
    known_labels = dict(memory.labels) if memory else {}
    for printed, name in (columns or {}).items():
        if name not in _MEANINGS:
            raise ValueError(f"no column of a line is called {name!r}")
        if COLUMN_LEXICON.exact.get(squeeze(printed)) != _MEANINGS[name]:
            known_columns[squeeze(printed)] = name
    for printed, name in (labels or {}).items():
        if name not in _HEADER:
            raise ValueError(f"no header field is called {name!r}")
        if FIELD_LEXICON.exact.get(squeeze(printed)) != name:
            known_labels[squeeze(printed)] = name
    return LayoutMemory(
        seller_vat_id,
        tuple(sorted(known_columns.items())[:_MOST]),
        tuple(sorted(known_labels.items())[:_MOST]),
        memory.documents_seen if memory else 0,
    )
