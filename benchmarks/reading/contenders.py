"""Everyone who reads in the benchmark: the product, and the ways it is compared with."""

from __future__ import annotations

import hashlib
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from benchmarks.reading import baselines, measured
from benchmarks.reading.corpora import PROJECT, Document
from ocr import sandbox, truth_schema
from ocr.reading import SourceFile

Record = dict[str, Any]


@dataclass(frozen=True, slots=True)
class Contender:
    """`read` gives the record (None: no answer) and its usage; `takes` says which documents."""

    name: str
    told: str
    read: Callable[[Document], tuple[Record | None, Record]]
    takes: Callable[[Document], bool]
    start: Callable[[], None] = lambda: None


def all_contenders() -> tuple[Contender, ...]:
    """The product first."""
    return (
        Contender("zalicz", "the product", _product, lambda _: True, sandbox.warm_up),
        Contender(
            "zalicz-without-xml",
            "the product, passing over XML inside of PDF",
            _product_without_xml,
            lambda document: document.set_name == "zugferd",
            sandbox.warm_up,
        ),
        Contender(
            "tesseract",
            "pytesseract (pol+eng) with its defaults, the product's parser",
            _forked(baselines.tesseract),
            lambda document: document.pixels,
        ),
        Contender(
            "rapidocr",
            "rapidocr 3 with its defaults, the product's parser",
            _forked(baselines.neural),
            lambda document: document.pixels,
            baselines.warm_neural,
        ),
        Contender(
            "extract_tables",
            "pdfplumber's tables by ruling lines",
            _forked(baselines.ruled_tables),
            lambda document: document.pdf and not document.pixels,
        ),
        Contender(
            "invoice2data",
            "invoice2data with its own templates",
            _forked(baselines.templates),
            lambda document: document.pdf and not document.pixels,
        ),
    )


def fingerprint() -> str:
    """Of the code that reads: answers of other code are not taken for its own."""
    digest = hashlib.sha256()
    folders = (PROJECT / "ocr", PROJECT / "benchmarks" / "reading")
    for file in sorted(file for folder in folders for file in folder.glob("*.py")):
        digest.update(file.name.encode() + b"\0" + file.read_bytes())
    return digest.hexdigest()[:16]


def _product(document: Document) -> tuple[Record | None, Record]:
    return _limited(document, structured=True)


def _product_without_xml(document: Document) -> tuple[Record | None, Record]:
    return _limited(document, structured=False)


def _limited(document: Document, *, structured: bool) -> tuple[Record | None, Record]:
    source = SourceFile(document.file.read_bytes(), document.file.name)
    outcome = sandbox.measure([source], structured=structured)
    usage: Record = {
        "seconds": outcome.usage.seconds,
        "cpu_s": outcome.usage.cpu_s,
        "peak_bytes": outcome.usage.peak_bytes,
    }
    if outcome.result is None:
        assert outcome.unreadable is not None
        return None, usage | {"unreadable": outcome.unreadable.reason.value}
    return truth_schema.from_reading(outcome.result.reading, doc_id=document.doc_id), usage


def _forked(read: Callable[[Path], Record]) -> Callable[[Document], tuple[Record | None, Record]]:
    return lambda document: measured.in_fork(lambda: read(document.file))
