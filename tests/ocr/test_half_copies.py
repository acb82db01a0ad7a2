"""Original and copy on one sheet."""

from __future__ import annotations

from ocr.half_copies import without_half_copies
from ocr.reading import Reading
from ocr.rows import rows_of, tokens_of
from tests.ocr.drawn import COLUMNS, PLAIN, read, words_of


def _marked(mark: str, text: str = PLAIN) -> str:
    return text.replace("Wadowice,", mark.ljust(9)).strip("\n")


def _beside(one: str, other: str) -> str:
    """Two pages of half the width, drawn on the grid of one."""
    left, right = one.splitlines(), other.splitlines()
    assert len(left) == len(right)
    return "\n".join(a.ljust(COLUMNS) + b for a, b in zip(left, right, strict=True))


def _dropped(text: str) -> tuple[int, int]:
    """How many words are kept, and how many halves dropped."""
    words, pages = words_of(text)
    rows, halves = without_half_copies(rows_of(tokens_of(words, pages)))
    return sum(len(row.tokens) for row in rows), halves


def _codes(reading: Reading) -> list[str]:
    return [finding.code for finding in reading.findings]


def test_a_copy_under_its_original_counts_once() -> None:
    reading = read(_marked("ORYGINAŁ") + "\n\n\n" + _marked("KOPIA"))
    assert len(reading.lines) == 3
    assert _codes(reading) == ["copy-dropped"]


def test_a_copy_beside_its_original_is_left_out_and_may_count_its_print() -> None:
    alone, _ = _dropped(_marked("ORYGINAŁ"))
    assert _dropped(_beside(_marked("ORYGINAŁ"), _marked("KOPIA"))) == (alone, 1)
    assert _dropped(_beside(_marked("Egz. 1"), _marked("Egz. 2")))[1] == 1


def test_two_invoices_of_the_same_goods_on_one_sheet_are_no_copies() -> None:
    other = _marked("ORYGINAŁ").replace("FV/17/11/2026", "FV/18/11/2026")
    for sheet in (
        _marked("ORYGINAŁ") + "\n\n\n" + other,
        _beside(_marked("ORYGINAŁ"), other),
    ):
        assert _dropped(sheet)[1] == 0


def test_goods_bought_twice_under_one_heading_are_no_copy() -> None:
    goods = "".join(
        f"  {place}    Rura PEX {size}x2,0    R-{size}   100  mb    {size},20    {size}20,00  23%\n"
        for place, size in enumerate(range(16, 40), start=1)
    )
    head = PLAIN[: PLAIN.index("  1    Rura")]
    assert _dropped(head + goods + goods)[1] == 0
