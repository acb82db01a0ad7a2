"""Tables as files that a spreadsheet opens as they are: CSV for Polish Excel, XLSX with real types.

A text that begins like a formula could run on the reader's machine (OWASP, CSV injection): in CSV
it gets an apostrophe, in XLSX it is stored as a text.
"""

from __future__ import annotations

import csv
import io
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from enum import StrEnum
from typing import Any

import xlsxwriter

from core.clock import local

BOM = "\ufeff"  # Without it Excel reads UTF-8 as the local code page.
Cell = str | int | Decimal | date | datetime | None
_FORMULA = ("=", "+", "-", "@", "\t", "\r", "\n", "\0", "＝", "＋", "－", "＠")


class Kind(StrEnum):
    TEXT = "text"
    WHOLE = "whole"
    QUANTITY = "quantity"
    DAY = "day"
    MOMENT = "moment"


@dataclass(frozen=True, slots=True)
class Column:
    """A heading and what stands below it; `width` in characters."""

    label: str
    kind: Kind = Kind.TEXT
    width: int = 16


@dataclass(frozen=True, slots=True)
class Sheet:
    """A table with its name; `note` says of what period and selection it is."""

    name: str
    columns: Sequence[Column]
    rows: Iterable[Sequence[Cell]]
    note: str = ""


def harmless(text: str) -> str:
    """The text, with an apostrophe before it when a spreadsheet would take it for a formula."""
    return f"'{text}" if text.startswith(_FORMULA) else text


def _written(value: Cell, decimal_sign: str) -> str:
    match value:
        case None:
            return ""
        case datetime():
            return local(value).strftime("%Y-%m-%d %H:%M")
        case date():
            return value.isoformat()
        case Decimal():
            return f"{value.normalize():f}".replace(".", decimal_sign)
        case int():
            return str(value)
        case _:
            return harmless(value)


def to_csv(sheet: Sheet, *, language: str) -> bytes:
    """UTF-8 with BOM, semicolons; a decimal comma where the language writes one."""
    out = io.StringIO()
    writer = csv.writer(out, delimiter=";", lineterminator="\r\n")
    writer.writerow([harmless(column.label) for column in sheet.columns])
    sign = "." if language == "en" else ","
    for row in sheet.rows:
        writer.writerow([_written(value, sign) for value in row])
    return (BOM + out.getvalue()).encode()


def to_xlsx(sheet: Sheet) -> bytes:
    """One sheet with a frozen, filterable head; numbers and dates are numbers and dates."""
    out = io.BytesIO()
    book = xlsxwriter.Workbook(out, {"in_memory": True, "default_date_format": "yyyy-mm-dd"})
    page = book.add_worksheet(_sheet_name(sheet.name))
    bold = book.add_format({"bold": True, "bottom": 1, "text_wrap": True, "valign": "top"})
    formats = {
        Kind.TEXT: None,
        Kind.WHOLE: book.add_format({"num_format": "#,##0"}),
        Kind.QUANTITY: book.add_format({"num_format": "#,##0.######"}),
        Kind.DAY: book.add_format({"num_format": "yyyy-mm-dd"}),
        Kind.MOMENT: book.add_format({"num_format": "yyyy-mm-dd hh:mm"}),
    }
    for place, column in enumerate(sheet.columns):
        page.set_column(place, place, column.width, formats[column.kind])
        page.write_string(0, place, column.label, bold)
    last = 0
    for last, row in enumerate(sheet.rows, start=1):
        for place, (column, value) in enumerate(zip(sheet.columns, row, strict=True)):
            _write(page, last, place, value, formats[column.kind])
    page.freeze_panes(1, 0)
    if sheet.columns:
        page.autofilter(0, 0, last, len(sheet.columns) - 1)
    if sheet.note:
        about = book.add_worksheet("Info")
        about.set_column(0, 0, 100)
        for number, text in enumerate(sheet.note.splitlines()):
            about.write_string(number, 0, text)
    book.close()
    return out.getvalue()


def _write(page: Any, row: int, place: int, value: Cell, form: Any) -> None:
    match value:
        case None:
            return
        case datetime():
            # Spreadsheets know no time zones: the time in Poland.
            page.write_datetime(row, place, local(value).replace(tzinfo=None), form)
        case date():
            page.write_datetime(row, place, value, form)
        case Decimal() | int():
            page.write_number(row, place, float(value), form)
        case _:
            page.write_string(row, place, value, form)


def _sheet_name(name: str) -> str:
    """Excel allows 31 characters and none of these."""
    return "".join("-" if c in "[]:*?/\\'" else c for c in name)[:31] or "Zalicz"
