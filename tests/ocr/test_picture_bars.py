"""Bars of tables that were read as figures."""

from __future__ import annotations

from ocr.picture_bars import without_bars
from tests.ocr.drawn import words_of


def texts(page: str) -> list[str]:
    words, sheets = words_of(page, engine="rapidocr")
    return [word.text for word in without_bars(words, sheets)]


def test_a_wrapped_name_between_bars_that_were_read_as_ones_is_no_item() -> None:
    page = """
 7  VOLTEX NOVA LACZ. SCHOD.   szt   50,00    21,98   1   1099,00   23%   1351,77
    10AX KREM               1     1        1       1   1         1     1         1
"""
    assert texts(page)[-2:] == ["10AX", "KREM"]
    assert "1" in texts(page)


def test_ones_that_are_figures_stay() -> None:
    page = """
 1  Kolano 90 fi 20    1   szt   1   1,00   23%   1,23
 2  Rura PEX           1   m     1
"""
    words, _ = words_of(page, engine="rapidocr")
    assert texts(page) == [word.text for word in words]
