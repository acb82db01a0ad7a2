"""Invoices of the reference data, read from their text: print-outs of KSeF and real PDFs."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from datetime import date
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest

from ocr.invoice import interpret, interpret_and_learn
from ocr.pdf_text import read_words
from ocr.reading import Hints, Reading, Value
from ocr.structured import read_xml

Truth = dict[str, Any]

_HEADER = (
    "seller_name",
    "seller_vat_id",
    "buyer_vat_id",
    "invoice_number",
    "issue_date",
    "currency",
    "total_net",
    "total_vat",
    "total_gross",
)
_LINE = (
    "description",
    "quantity",
    "unit",
    "unit_price_net",
    "unit_price_gross",
    "line_net",
    "line_gross",
    "vat_rate",
    "gtin",
    "article_no",
)
_DOUBTFUL_LINES = {"zf_mustang_20151008_504", "zf_mustang_20201121_508"}  # truths that disagree


def _read(pdf: Path) -> Reading:
    words, pages = read_words(pdf.read_bytes())
    return interpret(words, pages, hints=Hints())


def _of(value: object) -> object:
    plain = value.value if isinstance(value, Value) else value
    return "".join(plain.split()).casefold() if isinstance(plain, str) else plain


def _header(reading: Reading) -> dict[str, Any]:
    parties = {
        "seller_name": reading.seller.name,
        "seller_vat_id": reading.seller.vat_id,
        "buyer_vat_id": reading.buyer.vat_id,
    }
    return {name: _of(parties.get(name, getattr(reading, name, None))) for name in _HEADER}


def _same(true: str, read: object) -> bool:
    if isinstance(read, Decimal):
        return Decimal(true) == read
    if isinstance(read, date):
        return true == read.isoformat()
    letters = re.compile(r"[\W_]+")
    return letters.sub("", true.casefold()) == letters.sub("", str(read or "").casefold())


def _documents(folder: Path) -> Iterator[tuple[Path, dict[str, Any]]]:
    for path in sorted((folder / "truth").glob("*.json")):
        truth = json.loads(path.read_text(encoding="utf-8"))
        pdf = folder / truth["file"]
        if pdf.suffix == ".pdf" and pdf.is_file():
            yield pdf, truth


def test_print_outs_say_what_their_xml_says(ksef: Path) -> None:
    for one in json.loads((ksef / "pdf/truth.json").read_text(encoding="utf-8")):
        source, printed = read_xml((ksef / one["xml"]).read_bytes()), _read(ksef / one["pdf"])
        assert printed.kind is source.kind, one["pdf"]
        assert _of(printed.ksef_number) == _of(one["ksef_number"] or None), one["pdf"]
        stated = {name: value for name, value in _header(source).items() if value is not None}
        read = {name: value for name, value in _header(printed).items() if name in stated}
        assert read == stated, one["pdf"]
        assert len(printed.lines) == len(source.lines), one["pdf"]
        for theirs, ours in zip(source.lines, printed.lines, strict=True):
            for name in _LINE:
                if _of(getattr(theirs, name)) not in (None, ""):
                    told = (one["pdf"], theirs.position, name)
                    assert _of(getattr(ours, name)) == _of(getattr(theirs, name)), told


@pytest.fixture(scope="module", params=["zugferd", "polish_invoices"])
def read_before(request: pytest.FixtureRequest, documents: Path) -> list[tuple[Truth, Reading]]:
    """The real invoices of one group, each with what is true of it."""
    return [(truth, _read(pdf)) for pdf, truth in _documents(documents / request.param)]


def test_header_fields_of_real_invoices_are_right(read_before: list[tuple[Truth, Reading]]) -> None:
    wrong: list[tuple[str, str, object]] = []
    asked = 0
    for truth, reading in read_before:
        read = _header(reading)
        for name in _HEADER:
            if truth.get(name) and name in truth["scored"] and name != "seller_name":
                asked += 1
                if not _same(truth[name], read[name]):
                    wrong.append((truth["doc_id"], name, read[name]))
    assert asked > 0
    assert len(wrong) <= 0.02 * asked, wrong


def test_values_proven_on_real_invoices_are_right(read_before: list[tuple[Truth, Reading]]) -> None:
    wrong: list[tuple[str, str, object]] = []
    for truth, reading in read_before:
        for name in ("total_net", "total_vat", "total_gross"):
            value = getattr(reading, name)
            if name not in truth["scored"] or value is None or not value.proof.proven:
                continue
            if not _same(truth[name], value.value):
                wrong.append((truth["doc_id"], name, value.value))
    assert wrong == []


def test_lines_of_real_invoices_are_complete(read_before: list[tuple[Truth, Reading]]) -> None:
    for truth, reading in read_before:
        if truth["doc_id"] in _DOUBTFUL_LINES or not truth.get("lines_scored", True):
            continue
        lines = reading.lines
        assert len(lines) == len(truth["lines"]), truth["doc_id"]
        for true, line in zip(truth["lines"], lines, strict=True):
            if true["quantity"] and line.quantity is not None:
                assert Decimal(true["quantity"]) == line.quantity.value, truth["doc_id"]


def test_a_layout_that_was_learned_reads_the_same_document_alike(documents: Path) -> None:
    pdf, _ = next(_documents(documents / "polish_invoices"))
    words, pages = read_words(pdf.read_bytes())
    first, layout = interpret_and_learn(words, pages, hints=Hints())
    hints = Hints(layouts=(layout,)) if layout is not None else Hints()
    again = interpret(words, pages, hints=hints)
    assert _header(again) == _header(first)
    assert again.lines == first.lines
