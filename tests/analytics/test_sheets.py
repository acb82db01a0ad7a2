"""Files that open right in a spreadsheet, and never run anything there."""

from __future__ import annotations

import csv
import io
from datetime import UTC, date, datetime
from decimal import Decimal

import openpyxl
import pytest
from hypothesis import given
from hypothesis import strategies as st

from analytics.sheets import Column, Kind, Sheet, harmless, to_csv, to_xlsx

COLUMNS = [
    Column("Produkt", width=30),
    Column("Sztuki", Kind.QUANTITY),
    Column("Punkty", Kind.WHOLE),
    Column("Zakup", Kind.DAY),
    Column("Decyzja", Kind.MOMENT),
]
ROW = [
    "Gniazdo; białe",
    Decimal("2.500000"),
    1440,
    date(2026, 11, 20),
    datetime(2026, 11, 20, 11, 30, tzinfo=UTC),
]
SHEET = Sheet("Sprzedaż: test", COLUMNS, [ROW, ["=1+1", None, -3, None, None]], "Klub")


def test_csv_is_what_polish_excel_opens() -> None:
    data = to_csv(SHEET, language="pl")
    assert data.startswith(b"\xef\xbb\xbf")
    rows = list(csv.reader(io.StringIO(data.decode("utf-8-sig")), delimiter=";"))
    assert rows[0] == ["Produkt", "Sztuki", "Punkty", "Zakup", "Decyzja"]
    assert rows[1] == ["Gniazdo; białe", "2,5", "1440", "2026-11-20", "2026-11-20 12:30"]
    # Our own negative number is a number; a stranger's formula is a text.
    assert rows[2] == ["'=1+1", "", "-3", "", ""]


def test_csv_for_english_readers_has_a_decimal_point() -> None:
    assert b";2.5;" in to_csv(SHEET, language="en")


def test_xlsx_holds_numbers_dates_and_texts_as_such() -> None:
    book = openpyxl.load_workbook(io.BytesIO(to_xlsx(SHEET)))
    assert book.sheetnames == ["Sprzedaż- test", "Info"]
    sheet = book.worksheets[0]
    assert [cell.value for cell in sheet[1]] == [column.label for column in COLUMNS]
    name, units, points, bought, decided = sheet[2]
    assert (name.value, units.value, points.value) == ("Gniazdo; białe", 2.5, 1440)
    assert (units.data_type, points.data_type) == ("n", "n")
    assert bought.is_date
    assert bought.value.isoformat() == "2026-11-20T00:00:00"
    assert decided.value.isoformat() == "2026-11-20T12:30:00"
    assert sheet.freeze_panes == "A2"
    formula = sheet["A3"]
    assert (formula.value, formula.data_type) == ("=1+1", "s")


@pytest.mark.parametrize("start", ["=", "+", "-", "@", "\t", "\r", "\n", "\0", "＝", "＠"])
def test_a_text_that_a_spreadsheet_would_run_is_marked(start: str) -> None:
    assert harmless(f"{start}cmd|' /C calc'!A0") == f"'{start}cmd|' /C calc'!A0"


@given(text=st.text(st.characters(exclude_categories=["Cs", "Cc"]), max_size=40))
def test_no_written_text_begins_like_a_formula(text: str) -> None:
    data = to_csv(Sheet("x", [Column("a")], [[text]]), language="pl").decode("utf-8-sig")
    [_, *rows] = csv.reader(io.StringIO(data, newline=""), delimiter=";")
    written = rows[0][0] if rows and rows[0] else ""
    assert not written.startswith(("=", "+", "-", "@"))
    assert written.removeprefix("'") == text.removeprefix("'")
