"""What the layout memory is worth: the same text documents read cold and warm.

Per seller, the first document is confirmed with its truth and the others are read without and with
what it taught. Beside the documents as they are there is a second form of each, whose headings are
words of the house that no lexicon knows: what a new seller with a form of its own looks like.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, field, replace

from benchmarks.reading import score
from benchmarks.reading.corpora import Document
from benchmarks.reading.score import Score, number
from ocr import pdf_text, truth_schema
from ocr.confirmed import Confirmed, ConfirmedLine, learned_from
from ocr.headings import find_headings
from ocr.invoice import interpret
from ocr.labels import squeeze
from ocr.reading import Hints, LayoutMemory, Page, Word
from ocr.rows import rows_of, tokens_of

_NUMBERS = ("quantity", "unit_price_net", "unit_price_gross", "line_net", "line_gross")
_RENAMED = frozenset({"quantity", "price_net", "price_gross", "price", "net", "gross", "value"})
PRINTED = "as printed"
Words = tuple[tuple[Word, ...], tuple[Page, ...]]


@dataclass
class Warmth:
    """Scores of later documents of sellers, by form: cold, warm."""

    scores: dict[str, tuple[Score, Score]] = field(default_factory=dict)
    lessons: dict[str, int] = field(default_factory=dict)
    sellers: dict[str, int] = field(default_factory=dict)


def measured(documents: Sequence[Document]) -> Warmth:
    """Of sellers with two text documents or more of one form, and lines in them.

    The Ministry's prints are left out: their form is nobody's own.
    """
    result = Warmth()
    for form in (PRINTED, "unknown"):
        for papers in _by_seller(documents).values():
            _one_seller(papers, form, result)
    return result


def _by_seller(documents: Sequence[Document]) -> dict[tuple[str, ...], list[Document]]:
    """By tax number and form: samples of several makers name the same invented seller."""
    sellers: dict[tuple[str, ...], list[Document]] = {}
    for document in documents:
        truth = document.truth
        own = document.pdf and not document.pixels and "print" not in document.set_name
        if own and truth.get("lines_scored") and truth.get("seller_vat_id"):
            maker = document.doc_id.split("_")[0] if document.set_name == "zugferd" else ""
            key = (truth["seller_vat_id"], maker, truth.get("layout") or "")
            sellers.setdefault(key, []).append(document)
    return {key: papers for key, papers in sellers.items() if len(papers) > 1}


def _one_seller(papers: Sequence[Document], form: str, result: Warmth) -> None:
    pages = [_words(document, form) for document in papers]
    memory = learned_from(*pages[0], _confirmed(papers[0]))
    result.sellers[form] = result.sellers.get(form, 0) + 1
    result.lessons[form] = result.lessons.get(form, 0) + (memory is not None)
    cold, warm = result.scores.setdefault(form, (Score(), Score()))
    for document, words in zip(papers[1:], pages[1:], strict=True):
        _add(cold, document, words, ())
        _add(warm, document, words, (memory,) if memory else ())


def _add(total: Score, document: Document, words: Words, layouts: tuple[LayoutMemory, ...]) -> None:
    reading = interpret(*words, hints=Hints(layouts=layouts))
    record = truth_schema.from_reading(reading, doc_id=document.doc_id)
    score.add(total, document.truth, record)


def _confirmed(document: Document) -> Confirmed:
    truth = document.truth
    return Confirmed(
        re.sub(r"^PL(?=\d{10}$)", "", str(truth["seller_vat_id"])),
        truth.get("invoice_number") or "",
        None,
        tuple(
            ConfirmedLine(
                line.get("description") or "",
                {name: n for name in _NUMBERS if (n := number(line.get(name))) is not None},
            )
            for line in truth["lines"]
        ),
    )


def _words(document: Document, form: str) -> Words:
    words, pages = pdf_text.read_words(document.file.read_bytes())
    return (words, pages) if form == PRINTED else (_renamed(words, pages), pages)


def _renamed(words: tuple[Word, ...], pages: tuple[Page, ...]) -> tuple[Word, ...]:
    """The headings of numbers in words that mean nothing, the same for the same heading."""
    rows = rows_of(tokens_of(words, pages))
    changed: dict[object, str] = {}
    for heading in find_headings(rows):
        for row in rows[heading.first : heading.last + 1]:
            for token in row.tokens:
                cell = next((c for c in heading.cells if c.x0 <= token.middle <= c.x1), None)
                if cell is not None and cell.meaning in _RENAMED:
                    changed[token.box] = _house_word(f"{cell.meaning}{squeeze(token.text)}")
    return tuple(
        replace(word, text=changed[word.box]) if word.box in changed else word for word in words
    )


def _house_word(text: str) -> str:
    """Syllables made of the letters: pronounceable, and in no lexicon."""
    seed = sum(ord(letter) * (place + 3) for place, letter in enumerate(text))
    syllables = ("bru", "zok", "kwi", "fur", "dże", "myl", "pla", "cho", "wyr", "gni", "tre")
    return "".join(syllables[seed // 7**turn % len(syllables)] for turn in range(3)).title()
