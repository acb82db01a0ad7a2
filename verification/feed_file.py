"""A sales export as a file: CSV of any dialect, XLSX, JPK_FA XML; rows of texts out."""

from __future__ import annotations

import csv
import io
import zipfile
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime

import openpyxl

from core.errors import Invalid
from verification import feed_jpk
from verification.feed_columns import header_at

MOST_ROWS = 500_000
MOST_UNPACKED_BYTES = 600_000_000
SAMPLE = 200
_ENCODINGS = ("cp1250", "iso-8859-2", "cp852")
_LETTERS = frozenset("ąćęłńóśźżĄĆĘŁŃÓŚŹŻ")
_SIGNS = frozenset("–—„”§°²³×±µ€½¼®©…•'’ \u00a0")


class UnknownFeed(Invalid):
    """The file is no table that we know how to read."""

    code = "feed-unknown"


@dataclass(frozen=True, slots=True)
class Layout:
    """How to read the file: `csv`, `xlsx` or `jpk`, its dialect, and where the headings stand.

    `first_row` is the number of the first row below the headings, counted from 1.
    """

    kind: str
    headings: tuple[str, ...]
    first_row: int
    encoding: str = ""
    delimiter: str = ""


@dataclass(frozen=True, slots=True)
class Sample:
    layout: Layout
    rows: tuple[tuple[str, ...], ...]


def look(data: bytes) -> Sample:
    """The layout of a file and its first rows. Raises `UnknownFeed`."""
    if data[:2] == b"PK":
        return _sample("xlsx", _xlsx(data))
    if data.lstrip(b"\xef\xbb\xbf \t\r\n")[:1] == b"<":
        headings, rows = feed_jpk.HEADINGS, feed_jpk.rows(data)
        found = tuple(cells for _, cells in zip(range(SAMPLE), rows, strict=False))
        if not found:
            raise UnknownFeed("no invoice rows", field="file")
        return Sample(Layout("jpk", headings, 1), found)
    encoding = encoding_of(data)
    text = data[:400_000].decode(encoding, errors="replace")
    if "\0" in text:
        raise UnknownFeed("bytes that are no text", field="file")
    delimiter = delimiter_of(text)
    return _sample("csv", _csv(data, encoding, delimiter), encoding, delimiter)


def _sample(
    kind: str, rows: Iterator[tuple[str, ...]], encoding: str = "", delimiter: str = ""
) -> Sample:
    first = [cells for _, cells in zip(range(SAMPLE + 30), rows, strict=False)]
    width = max((len(cells) for cells in first), default=0)
    if width < 3:
        raise UnknownFeed("no table of at least three columns", field="file")
    at = header_at(first)
    if at is None:
        headings = tuple(f"{number}" for number in range(1, width + 1))
        below, start = first, 1
    else:
        names = first[at]
        headings = names + tuple(f"{n}" for n in range(len(names) + 1, width + 1))
        below, start = first[at + 1 :], at + 2
    filled = tuple(cells for cells in below if any(cells))[:SAMPLE]
    return Sample(Layout(kind, headings, start, encoding, delimiter), filled)


def rows_of(data: bytes, layout: Layout) -> Iterator[tuple[int, tuple[str, ...]]]:
    """All rows below the headings with their numbers. Raises `UnknownFeed` for endless files."""
    if layout.kind == "jpk":
        found = feed_jpk.rows(data)
    elif layout.kind == "xlsx":
        found = _xlsx(data)
    else:
        found = _csv(data, layout.encoding, layout.delimiter)
    for number, cells in enumerate(found, start=1):
        if number < layout.first_row:
            continue
        if number > MOST_ROWS + layout.first_row:
            raise UnknownFeed("the file has too many rows", field="file", most=MOST_ROWS)
        yield number, cells


def encoding_of(data: bytes) -> str:
    """UTF-8 or UTF-16 by their marks or by fitting; else what gives most Polish letters."""
    if data[:2] in (b"\xff\xfe", b"\xfe\xff"):
        return "utf-16"
    try:
        data.decode("utf-8-sig")
    except UnicodeDecodeError:
        high = bytes(byte for byte in data[:4_000_000] if byte > 127)
        return max(_ENCODINGS, key=lambda name: _polish(high.decode(name, errors="replace")))
    return "utf-8-sig"


def _polish(text: str) -> int:
    """More for each Polish letter, less for each sign that no invoice has."""
    return sum(2 if c in _LETTERS else 0 if c in _SIGNS else -1 for c in text)


def delimiter_of(text: str) -> str:
    """The sign that cuts most rows into the same number (above one) of columns."""
    lines = [line for line in text.splitlines()[:60] if line.strip()]
    best, chosen = 0, ";"
    for sign in ";\t|,":
        try:
            widths = [len(row) for row in csv.reader(lines, delimiter=sign)]
        except csv.Error:
            continue
        common = max(set(widths), key=widths.count, default=0)
        score = widths.count(common) * (common - 1)
        if score > best:
            best, chosen = score, sign
    return chosen


def _csv(data: bytes, encoding: str, delimiter: str) -> Iterator[tuple[str, ...]]:
    # Decoding in a stream: a large file must not stand in memory twice.
    text = io.TextIOWrapper(io.BytesIO(data), encoding=encoding, errors="replace", newline="")
    try:
        for row in csv.reader(text, delimiter=delimiter):
            yield tuple(row)
    except csv.Error as error:
        raise UnknownFeed("the CSV is broken", field="file") from error


def _xlsx(data: bytes) -> Iterator[tuple[str, ...]]:
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as packed:
            if sum(part.file_size for part in packed.infolist()) > MOST_UNPACKED_BYTES:
                raise UnknownFeed("too large when it is unpacked", field="file")
        book = openpyxl.load_workbook(io.BytesIO(data), read_only=True, data_only=True)
        try:
            for row in book.worksheets[0].iter_rows(values_only=True):
                yield _texts(row)
        finally:
            book.close()
    except (zipfile.BadZipFile, KeyError, IndexError, ValueError, OSError) as error:
        raise UnknownFeed("neither CSV, XLSX nor JPK_FA", field="file") from error


def _texts(row: Sequence[object]) -> tuple[str, ...]:
    return tuple(
        cell
        if isinstance(cell, str)
        else ""
        if cell is None
        else str(int(cell))
        if isinstance(cell, float) and cell.is_integer()
        else cell.date().isoformat()
        if isinstance(cell, datetime)
        else cell.isoformat()
        if isinstance(cell, date)
        else str(cell)
        for cell in row
    )
