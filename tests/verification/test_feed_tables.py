"""Sales exports: read in any dialect, or refused."""

from __future__ import annotations

import io
from decimal import Decimal

import openpyxl
import pytest

from tests.verification.feed_files import HEAD, export, sale
from verification.feed_columns import Field, header_at, recognise
from verification.feed_file import UnknownFeed, encoding_of, look, rows_of
from verification.feed_jpk import BrokenJpk
from verification.feed_returns import named_as_correction
from verification.feed_values import quantity


@pytest.mark.parametrize(
    "encoding", ["utf-8", "utf-8-sig", "utf-16", "cp1250", "iso-8859-2", "cp852"]
)
@pytest.mark.parametrize("sign", [";", ",", "\t", "|"])
def test_every_encoding_and_sign_gives_the_same_table(encoding: str, sign: str) -> None:
    row = ("FV/1/11/2026", "18.11.2026", "1234563218", "Żarówka ćma łóżko", "12")
    text = export(row, head=("Numer", "Data", "NIP", "Nazwa", "Ilość"), sign=sign)
    seen = look(text.encode(encoding))
    assert seen.layout.headings == ("Numer", "Data", "NIP", "Nazwa", "Ilość")
    assert seen.rows == (row,)
    assert list(rows_of(text.encode(encoding), seen.layout)) == [(2, row)]


def test_upper_case_polish_letters_alone_tell_two_code_pages_apart() -> None:
    for encoding in ("cp1250", "iso-8859-2"):
        assert encoding_of("ŹRÓDŁO ŚWIATŁA ĄĘ".encode(encoding)) == encoding


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("12", "12"), ("1 234,50", "1234.50"), ("1\u00a0234,5", "1234.5"), ("1.234,50", "1234.50"),
        ("1,234.50", "1234.50"), ("12 szt.", "12"), ("3,000-", "-3"), ("-2", "-2"), (",5", "0.5"),
    ],
)  # fmt: skip
def test_quantities_are_read_as_wholesalers_write_them(text: str, value: str) -> None:
    assert quantity(text) == Decimal(value)


@pytest.mark.parametrize("text", ["", "abc", "12,3,4", "1e5", "--2", "12/2026", "9" * 12])
def test_what_is_no_quantity_is_none(text: str) -> None:
    assert quantity(text) is None


def test_columns_are_found_by_content_when_nothing_is_named() -> None:
    rows = [
        ("1", "FV/7/2026", "5260250274", "5901234123457", "Gniazdo podwójne z uziemieniem", "3"),
        ("2", "FV/8/2026", "1234563218", "5901234123457", "Łącznik schodowy biały Nova", "10"),
    ]
    assert header_at(rows) is None
    assert recognise(["1", "2", "3", "4", "5", "6"], rows) == {
        Field.NUMBER: 1, Field.BUYER_NIP: 2, Field.GTIN: 3, Field.NAME: 4,
    }  # fmt: skip


def test_headings_below_a_title_are_found_and_prices_are_never_a_column() -> None:
    text = "Zestawienie sprzedaży\r\nOddział Poznań;;;\r\n" + export(sale("1234563218"))
    seen = look(text.encode("cp1250"))
    assert seen.layout.headings == HEAD
    assert seen.layout.first_row == 4
    found = recognise(seen.layout.headings, seen.rows)
    assert HEAD.index("Cena") not in found.values()
    assert found[Field.QUANTITY] == HEAD.index("Ilość")


def test_a_spreadsheet_is_read_with_its_numbers() -> None:
    book = openpyxl.Workbook()
    sheet = book.active
    assert sheet is not None
    sheet.append(["Numer faktury", "NIP", "EAN", "Ilość"])
    sheet.append(["FV/1/2026", 1234563218, 5901234123457, 2.5])
    out = io.BytesIO()
    book.save(out)
    seen = look(out.getvalue())
    assert seen.layout.kind == "xlsx"
    assert seen.rows == (("FV/1/2026", "1234563218", "5901234123457", "2.5"),)


def test_files_that_are_no_table_are_refused() -> None:
    for data in (
        b"\x89PNG\r\n\x1a\n\0\0\0",
        b"PK\x03\x04 broken",
        b"<html></html>",
        b"a;b\r\n1;2\r\n",
    ):
        with pytest.raises(UnknownFeed if data[:1] != b"<" else Exception, match=r"."):
            look(data)


@pytest.mark.parametrize(
    ("number", "says"),
    [
        ("KFS/12/11/2026", True),
        ("KFV 7/2026", True),
        ("FV/12/KOR/2026", True),
        ("Korekta 4/2026", True),
        ("FK/3/2026", None),
        ("FV/1184/11/2026", False),
        ("FS-KORAL/1/2026", False),
        ("11/2026", False),
    ],
)
def test_the_number_of_a_document_says_whether_it_corrects(number: str, says: bool | None) -> None:
    assert named_as_correction(number) is says


def test_the_column_with_the_corrected_number_is_never_taken_for_the_number() -> None:
    heads = ("Nr faktury korygowanej", "Numer faktury", "NIP", "Ilość", "Indeks", "Rodzaj dok.")
    found = recognise(heads, [("", "FV/1/2026", "1234563218", "2", "A1", "FV")])
    assert (found[Field.ORIGINAL], found[Field.NUMBER], found[Field.KIND]) == (0, 1, 5)


def test_a_jpk_with_entities_is_refused() -> None:
    with pytest.raises(BrokenJpk):
        look(b'<!DOCTYPE JPK [<!ENTITY a "b">]><JPK>&a;</JPK>')
