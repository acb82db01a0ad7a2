"""A slip and an invoice in one file: one of them is read, the other is told."""

from __future__ import annotations

from dataclasses import replace

import pytest

from ocr import invoice, receipt
from ocr.arithmetic import prove
from ocr.picture_mixed import better_of, pages_apart, parts_apart
from ocr.reading import DocumentKind, Hints, Page, Proof, Reading, Word
from tests.ocr import pictured
from tests.ocr.drawn import PLAIN, words_of
from tests.ocr.slips import words_of as slip_words

SLIP = """
        HURTOWNIA ZAWOR
        30-002 KRAKOW UL. SKLADOWA 5
        NIP 676-000-00-08
2026-11-20                   nr wydr. 004211
            PARAGON FISKALNY
KOLANO 22       4 szt. x 5,00          20,00A
TASMA PTFE      2 szt. x 3,50           7,00A
Sprzedaz opodatkowana A                 27,00
PTU A 23%                                5,05
SUMA PLN                                27,00
"""
SHEET = (1240, 1754)


def pages(*texts: str) -> tuple[tuple[Word, ...], tuple[Page, ...]]:
    """Words of drawn pages, slips among them."""
    words: list[Word] = []
    for number, text in enumerate(texts, start=1):
        here = slip_words(text) if text is SLIP else words_of(text, engine="rapidocr")[0]
        words += [replace(word, box=replace(word.box, page=number)) for word in here]
    sheets = tuple(Page(n, *SHEET, 0, "rapidocr") for n in range(1, len(texts) + 1))
    return tuple(words), sheets


def apart(*texts: str, narrow: tuple[bool, ...] = ()) -> list[set[int]] | None:
    words, sheets = pages(*texts)
    found = pages_apart(words, sheets, narrow or [False] * len(texts))
    return [set(numbers) for numbers in found] if found else None


def of_kind(reader: object, text: str) -> Reading:
    words, sheets = pages(text)
    return prove(reader.interpret(words, sheets, hints=Hints()))  # type: ignore[attr-defined]


@pytest.mark.parametrize("first", ["slip", "invoice"])
def test_pages_of_a_slip_and_of_an_invoice_are_told_apart(first: str) -> None:
    if first == "slip":
        assert apart(SLIP, PLAIN) == [{1}, {2}]
    else:
        assert apart(PLAIN, SLIP) == [{2}, {1}]


def test_a_page_that_shows_neither_belongs_to_the_one_before() -> None:
    rest = "\n  4  Uszczelka 1/2  szt  2  1,00  2,00\n"
    assert apart(PLAIN, rest, SLIP) == [{3}, {1, 2}]
    assert apart(SLIP, PLAIN, rest) == [{1}, {2, 3}]


def test_pages_of_one_kind_stay_together() -> None:
    rest = "\n  4  Uszczelka 1/2  szt  2  1,00  2,00\n"
    assert apart(PLAIN, rest, narrow=(False, True)) is None
    assert apart(SLIP, SLIP) is None
    assert apart(PLAIN, PLAIN) is None
    assert apart(SLIP, rest) is None
    assert apart(PLAIN) is None


def test_the_better_proven_is_read_and_the_other_told_by_its_number() -> None:
    slip, bill = of_kind(receipt, SLIP), of_kind(invoice, PLAIN)
    assert (slip.kind, bill.kind) == (DocumentKind.RECEIPT, DocumentKind.INVOICE)
    read = better_of(slip, bill)
    assert read.kind is DocumentKind.INVOICE
    (told,) = (found for found in read.findings if found.code == "slip-beside")
    assert dict(told.facts) == {"number": "004211"}

    assert bill.total_gross is not None
    poor = replace(bill, total_gross=replace(bill.total_gross, proof=Proof.READ), lines=())
    read = better_of(slip, poor)
    assert read.kind is DocumentKind.RECEIPT
    (told,) = (found for found in read.findings if found.code == "invoice-beside")
    assert dict(told.facts) == {"number": "FV/17/11/2026"}


def stacked(upper: str, lower: str) -> tuple[list[Word], tuple[Page, ...]]:
    """Two documents one above the other in one picture."""
    words: list[Word] = []
    for place, text in enumerate((upper, lower)):
        for word in pages(text)[0]:
            y0, y1 = word.box.y0, word.box.y1
            half = replace(word.box, y0=(place + 0.95 * y0) / 2, y1=(place + 0.95 * y1) / 2)
            words.append(replace(word, box=half))
    return words, (Page(1, 1240, 3508, 0, "rapidocr"),)


@pytest.mark.parametrize("texts", [(SLIP, PLAIN), (PLAIN, SLIP)])
def test_a_slip_and_an_invoice_one_above_the_other_are_parted(texts: tuple[str, str]) -> None:
    words, sheets = stacked(*texts)
    parts = parts_apart(words, sheets)
    assert parts is not None
    slip, bill = ({word.text for word in part} for part in parts)
    assert {"PARAGON", "004211"} <= slip
    assert {"FAKTURA", "FV/17/11/2026"} <= bill
    assert not {"FAKTURA", "FV/17/11/2026"} & slip
    assert len(parts[0]) + len(parts[1]) == len(words)


def test_an_invoice_that_speaks_of_a_slip_stays_whole() -> None:
    note = "\n\n  Do faktury dołączono: PARAGON FISKALNY\n"
    assert parts_apart(*pages(PLAIN + note)) is None
    assert parts_apart(*pages(PLAIN + "\n\n  PARAGON FISKALNY\n")) is None
    assert parts_apart(*pages(SLIP)) is None


@pytest.mark.parametrize("turned", [False, True])
def test_of_a_photographed_slip_and_a_scanned_invoice_the_invoice_is_read(turned: bool) -> None:
    made = pictured.made("invoice-pdf", 0)
    images = [pictured.photo("receipt-png", 1), pictured.page_of("invoice-pdf", 0)]
    reading = pictured.read(images[::-1] if turned else images)
    assert pictured.wrong(made, reading) == []
    assert [page.number for page in reading.pages] == [1, 2]
    assert {word.box.page for word in reading.words} == {1, 2}
    assert {line.box.page for line in reading.lines if line.box} == {1 if turned else 2}
    assert "slip-beside" in [found.code for found in reading.findings]
