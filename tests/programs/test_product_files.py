"""Lists of products as people send them: other signs, damage, formulas, any writing of numbers."""

from __future__ import annotations

import io
import random
from collections.abc import Callable

import pytest
from openpyxl import Workbook
from openpyxl.worksheet.worksheet import Worksheet

from core.errors import Invalid
from programs import gtins, product_file, product_import
from programs.product_import import Catalogue

GOOD = "5901234567893"
NOTHING = Catalogue({}, {}, {}, {})


@pytest.mark.parametrize(
    "text", ["590-1234-123457", "590\u00a01234123457", "05901234123457", "5901234123457.0"]
)
def test_a_gtin_is_one_number_however_it_is_written(text: str) -> None:
    assert gtins.written(text) == "5901234123457"
    assert gtins.written(text.replace("7", "8")) is None
    assert gtins.written("15901234123454") == "15901234123454"  # A carton's.


def faults(*rows: str) -> list[str]:
    head = "sku;nazwa;rodzina;gtin;gtin kartonu;w kartonie"
    table = product_file.read_table("\n".join((head, *rows)).encode())
    return [row.fault for row in product_import.compare(table, NOTHING).rows]


@pytest.mark.parametrize(
    ("row", "fault"),
    [
        (f"B;Ramka;Nova;0{GOOD}", "foreign_gtin"),
        ("B;Ramka;Nova;;15901234123454;NaN", "carton_units"),
        ("B;Ramka;Nova;;15901234123454;0,0000001", "carton_units"),
        ("vx‑9;Ramka;Nova", "like_sku"),
        ("B;#N/A;Nova", "name"),
        ("B;Ramka;Nova;;;;reszta zdania", "surplus"),
    ],
)
def test_a_row_that_cannot_be_meant_is_named(row: str, fault: str) -> None:
    assert faults(f"VX-9;Puszka;Nova;{GOOD}", row) == ["", fault]


@pytest.mark.parametrize(
    "data",
    [
        b"sep=;\nsku;nazwa;rodzina\nA1;Kabel 3x2,5;F\n",
        b"sku\tnazwa\trodzina\tcena, netto, opis, w z\nA1\tKabel 3x2,5\tF\t1\n",
        b"sku;nazwa;rodzina\rA1;Kabel 3x2,5;F\r",
        b'sku,nazwa,rodzina\nA1,"Kabel 3x2,5",F\n',
    ],
)
def test_columns_are_told_apart_as_their_writer_meant(data: bytes) -> None:
    [(_, row)] = product_file.read_table(data)
    assert (row["sku"], row["name"], row["family"]) == ("A1", "Kabel 3x2,5", "F")


def book(write: Callable[[Workbook, Worksheet], object]) -> bytes:
    made = Workbook()
    sheet = made.worksheets[0]
    write(made, sheet)
    out = io.BytesIO()
    made.save(out)
    return out.getvalue()


def fill(sheet: Worksheet, *rows: tuple[str, ...]) -> None:
    for row in (("sku", "nazwa", "rodzina", "gtin"), *rows):
        sheet.append(row)


def test_the_visible_sheet_is_read_and_empty_rows_that_have_a_format_are_none() -> None:
    def write(made: Workbook, sheet: Worksheet) -> None:
        fill(sheet, ("OLD", "Old", "F"))
        sheet.sheet_state = "hidden"
        seen = made.create_sheet("lista")
        made.active = 1
        fill(seen, ("NEW", "New", "F"))
        for number in range(3, product_file.MOST_ROWS + 9):
            seen.cell(number, 1).number_format = "0.00"

    [(_, row)] = product_file.read_table(book(write))
    assert row["sku"] == "NEW"


def test_a_formula_without_its_result_is_named() -> None:
    data = book(lambda _, sheet: fill(sheet, ("A1", "K", "F", "=5901234123457")))
    with pytest.raises(Invalid) as refused:
        product_file.read_table(data)
    assert refused.value.facts["cell"] == "D2"


def test_a_damaged_workbook_is_refused_and_nothing_else_happens() -> None:
    data = book(lambda _, sheet: fill(sheet, ("A1", "K", "F")))
    dice = random.Random(7)
    refused = 0
    for _ in range(60):
        broken = bytearray(data)
        for _ in range(6):
            broken[dice.randrange(4, len(broken))] ^= 1 << dice.randrange(8)
        try:
            product_file.read_table(bytes(broken))
        except Invalid:
            refused += 1
    assert refused > 30  # Some damage changes nothing that is read.
