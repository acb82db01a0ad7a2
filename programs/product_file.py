"""A list of products as a file: CSV or XLSX in, rows of texts under our names out."""

from __future__ import annotations

import csv
import io
import re
import zipfile
from collections.abc import Callable, Iterator, Mapping, Sequence
from datetime import date, datetime
from types import MappingProxyType
from typing import Any

import openpyxl

from core.errors import Invalid

Table = list[tuple[int, dict[str, str]]]  # numbers in the file, texts by our names
MOST_ROWS = 20_000
MOST_WALKED = 200_000  # with empty rows that only have a colour
PULSE_ROWS = 1_000
MOST_UNPACKED_BYTES = 100_000_000
# What a heading may be called; the first word is ours.
HEADINGS: Mapping[str, tuple[str, ...]] = {
    "sku": ("sku", "kod", "kod produktu", "indeks", "index", "code", "symbol"),
    "name": ("nazwa", "name", "produkt", "product"),
    "family": ("rodzina", "family", "grupa", "seria", "group"),
    "unit": ("jednostka", "unit", "jm", "j.m."),
    "gtin": ("gtin", "ean", "kod kreskowy"),
    "carton_gtin": ("gtin kartonu", "ean kartonu", "carton gtin", "carton_gtin"),
    "carton_units": ("sztuk w kartonie", "units per carton", "carton_units", "w kartonie"),
    "pack_unit": ("jednostka zbiorcza", "pack unit", "pack_unit", "jm zbiorcza"),
    "pack_units": ("w jednostce zbiorczej", "units per pack", "pack_units", "w zbiorczej"),
    "eligible_from": ("od", "from", "eligible_from", "ważny od", "wazny od"),
    "eligible_to": ("do", "to", "eligible_to", "ważny do", "wazny do"),
}
REQUIRED = ("sku", "name", "family")
SURPLUS = "surplus"  # the name under which a row has what stands beyond the last heading
# What spreadsheets show in a cell whose formula fails.
ERRORS = frozenset(
    {
        *("#N/A", "#N/D!", "#REF!", "#VALUE!", "#ARG!", "#NAME?", "#NAZWA?"),
        *("#DIV/0!", "#NUM!", "#LICZBA!", "#NULL!"),
    }
)
# A formula that nobody calculated: the file was written by a program and never opened.
_UNCALCULATED = re.compile(
    rb'<c r="([A-Z]+[0-9]+)"(?![^>]*t="str")[^>]*>\s*'
    rb"<f[^>]*>[^<]*</f>\s*(?:<v\s*/>|<v></v>)?\s*</c>"
)


def headings_of(data: bytes) -> list[str]:
    """The texts of a file's first row, as they stand there. Raises `Invalid`, also without any."""
    return _first(_raw(data))


def _first(raw: Iterator[Sequence[Any]]) -> list[str]:
    found = [_text(cell) for cell in next(raw, [])]
    if not any(found):
        raise Invalid("the first row is empty", field="file", empty=True)
    return found


def places_of(headings: Sequence[str], columns: Mapping[str, str]) -> dict[str, int]:
    """Where each of our names stands: as somebody once told, else by what a heading may be called.

    `columns` maps our names to headings; what it names and the file lacks is looked for anew.
    """
    head = [heading.strip().casefold() for heading in headings]
    found = {}
    for ours, names in HEADINGS.items():
        told = columns.get(ours, "").strip().casefold()
        for name in (told, *names) if told else names:
            if name in head:
                found[ours] = head.index(name)
                break
    return found


def read_table(
    data: bytes,
    columns: Mapping[str, str] = MappingProxyType({}),
    *,
    pulse: Callable[[], object] | None = None,
) -> Table:
    """The rows below the heading, with their numbers in the file, as texts by our names.

    CSV in UTF-8 or Windows-1250 with `;`, `,` or tab; or the first sheet of an XLSX. `columns`
    maps our names to the file's headings where those are not the usual ones. `pulse` is called
    every `PULSE_ROWS` rows: a long file takes seconds, and a database waits for nobody so long.
    Raises `Invalid` for files that are neither, without the needed headings, or endless.
    """
    raw = _raw(data)
    headings = _first(raw)
    places = places_of(headings, columns)
    missing = [HEADINGS[name][1 if name == "sku" else 0] for name in REQUIRED if name not in places]
    if missing:
        raise Invalid("the file lacks a column", field="file", missing=", ".join(missing))
    found: Table = []
    for number, row in enumerate(raw, start=2):
        if pulse is not None and number % PULSE_ROWS == 0:
            pulse()
        if (len(found) >= MOST_ROWS and any(row)) or number > MOST_WALKED:
            raise Invalid("the file has too many rows", field="file", most=MOST_ROWS)
        texts = {ours: _text(row[at]) if at < len(row) else "" for ours, at in places.items()}
        if surplus := " ".join(filter(None, map(_text, row[len(headings) :]))):
            texts[SURPLUS] = surplus
        if any(texts.values()):
            found.append((number, texts))
    return found


def _raw(data: bytes) -> Iterator[Sequence[Any]]:
    return _xlsx(data) if data[:2] == b"PK" else _csv(data)


def _csv(data: bytes) -> Iterator[Sequence[Any]]:
    try:
        text = data.decode("utf-8-sig")
    except UnicodeDecodeError:
        try:
            text = data.decode("cp1250")
        except UnicodeDecodeError as error:
            raise Invalid("neither CSV nor XLSX", field="file") from error
    if "\0" in text or data.lstrip()[:1] == b"<" or data[:5] == b"%PDF-":
        # A page of the web or a PDF is text too, and has no columns to be asked about.
        raise Invalid("neither CSV nor XLSX", field="file")
    if "\n" not in text:
        text = text.replace("\r", "\n")
    if named := re.match(r"sep=(.)\r?\n", text):  # A line for Excel alone.
        text = text[named.end() :]
    first = text.split("\n", 1)[0]
    # The sign between which most of our headings stand: a heading may hold the others.
    sign = named[1] if named else max(";,\t", key=lambda s: (_known(first, s), first.count(s)))
    try:
        yield from csv.reader(io.StringIO(text), delimiter=sign)
    except csv.Error as error:
        raise Invalid("the CSV is broken", field="file") from error


def _known(first: str, sign: str) -> int:
    try:
        return len(places_of(next(csv.reader([first], delimiter=sign), []), {}))
    except csv.Error:
        return 0


def _xlsx(data: bytes) -> Iterator[Sequence[Any]]:
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as packed:
            if sum(part.file_size for part in packed.infolist()) > MOST_UNPACKED_BYTES:
                raise Invalid("the file is too large when it is unpacked", field="file")
        book = openpyxl.load_workbook(io.BytesIO(data), read_only=True, data_only=True)
        try:
            sheet = next(one for one in book.worksheets if one.sheet_state == "visible")
            _require_calculated(data, sheet)
            yield from sheet.iter_rows(values_only=True)
        finally:
            book.close()
    except Invalid:
        raise
    except Exception as error:
        # The library meets damage in a dozen ways, from zlib's to the XML parser's errors.
        raise Invalid("neither CSV nor XLSX", field="file") from error


def _require_calculated(data: bytes, sheet: Any) -> None:
    """Raises `Invalid` with the cell where a formula has no result: it would be read as empty."""
    path = str(sheet._worksheet_path).removeprefix("/")
    with zipfile.ZipFile(io.BytesIO(data)) as packed:
        found = _UNCALCULATED.search(packed.read(path))
    if found is not None:
        raise Invalid("a formula has no result", field="file", cell=found[1].decode())


def _text(cell: object) -> str:
    """A cell as a person reads it: a number without `.0`, a date as written in ISO 8601."""
    if isinstance(cell, datetime):
        return cell.date().isoformat()
    if isinstance(cell, date):
        return cell.isoformat()
    if isinstance(cell, float) and cell.is_integer():
        return str(int(cell))
    return "" if cell is None else str(cell).strip()
