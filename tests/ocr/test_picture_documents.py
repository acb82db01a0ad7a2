"""Several invoices photographed into one file: the first is read, the next is told."""

from __future__ import annotations

from collections.abc import Sequence

from ocr import invoice, picture_documents
from ocr.arithmetic import prove
from ocr.picture_parts import body_is_proven
from ocr.reading import Hints, Page, Reading, Word
from tests.ocr.drawn import PLAIN, shown, words_of

THIRD = PLAIN[
    PLAIN.index("  3    Klej") : PLAIN.index("\n\n\n                                        Stawka")
]
RATE = "                                        8%            124,00       9,92    133,92\n"
SUM = "Razem         618,00     123,54    741,54"
# The same firms on the same day: without the third item.
OTHER = (
    PLAIN.replace(THIRD, "")
    .replace(RATE, "")
    .replace(SUM, "Razem         494,00     113,62    607,62")
    .replace("741,54 PLN", "607,62 PLN")
    .replace("siedemset czterdzieści jeden złotych 54/100", "sześćset siedem złotych 62/100")
)
HEAD = PLAIN[: PLAIN.index("  1    Rura")]


def interpret(words: Sequence[Word], pages: Sequence[Page]) -> Reading:
    return prove(invoice.interpret(words, pages, hints=Hints()))


def read(*pages: str) -> Reading:
    words, sheets = words_of(*pages, engine="rapidocr")
    return picture_documents.first_alone(interpret(words, sheets), words, sheets, interpret)


def told(reading: Reading) -> tuple[str, int, bool, list[str]]:
    """The number, how many lines there are, whether all is proven, other invoices' numbers."""
    others = [dict(f.facts)["number"] for f in reading.findings if f.code == "second-document"]
    return shown(reading.invoice_number), len(reading.lines), body_is_proven(reading), others


def test_of_two_invoices_whose_sums_close_apart_the_first_is_read() -> None:
    for number in ("FV/18/11/2026", "KRA/0455/B"):
        reading = read(PLAIN, OTHER.replace("FV/17/11/2026", number))

        assert told(reading) == ("FV/17/11/2026", 3, True, [number])
        assert {word.box.page for word in reading.words} == {1, 2}


def test_three_invoices_leave_the_first_and_name_the_next() -> None:
    second, third = (OTHER.replace("FV/17", f"FV/{number}") for number in (18, 19))

    assert told(read(PLAIN, second, third)) == ("FV/17/11/2026", 3, True, ["FV/18/11/2026"])


def test_a_misread_number_over_a_copy_or_a_further_page_begins_no_other_invoice() -> None:
    misread = PLAIN.replace("FV/17/11/2026", "FV/12/11/2026")
    assert told(read(PLAIN, misread)) == ("FV/17/11/2026", 3, True, [])

    first = PLAIN[: PLAIN.index("  3    Klej")]
    rest = HEAD.replace("FV/17", "FV/12") + PLAIN[PLAIN.index("  3    Klej") :]
    assert told(read(first, rest)) == ("FV/17/11/2026", 3, True, [])
    subtotal = first + "\n   Do zapłaty: 607,62 PLN\n"  # the sum of the page, oddly labelled
    assert told(read(subtotal, rest))[3] == []
