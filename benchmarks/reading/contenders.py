"""Everyone who reads in the benchmark: the product, and the ways it is compared with."""

from __future__ import annotations

import hashlib
import shutil
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from benchmarks.reading import baselines, engine_words, measured
from benchmarks.reading.corpora import PROJECT, Document
from benchmarks.reading.engine_words import Engine
from ocr import sandbox, truth_schema
from ocr.reading import SourceFile

Record = dict[str, Any]


@dataclass(frozen=True, slots=True)
class Contender:
    """`read` gives the record (None: no answer) and its usage; `takes` says which documents.

    Its second argument is a folder for what never changes. `depends_on` names the folders and files
    of code that the answers hang on: they are thrown away when one of them changes.
    """

    name: str
    told: str
    read: Callable[[Document, Path], tuple[Record | None, Record]]
    takes: Callable[[Document], bool]
    start: Callable[[], None] = lambda: None
    depends_on: tuple[str, ...] = ("ocr",)

    @property
    def ours(self) -> bool:
        """Whether it is the product and not a way to compare it with."""
        return self.name.startswith("zalicz")

    @property
    def code(self) -> str:
        """Of the code that makes its answers."""
        return fingerprint(*self.depends_on, "benchmarks/reading/baselines.py")


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
            _parsed(baselines.TESSERACT),
            lambda document: document.pixels,
        ),
        Contender(
            "rapidocr",
            "rapidocr 3 with its defaults, the product's parser",
            _parsed(baselines.NEURAL),
            lambda document: document.pixels,
            baselines.warm_neural,
        ),
        Contender(
            "extract_tables",
            "pdfplumber's tables by ruling lines",
            _forked(baselines.ruled_tables),
            lambda document: document.pdf and not document.pixels,
            depends_on=(),
        ),
        Contender(
            "invoice2data",
            "invoice2data with its own templates"
            + ("" if shutil.which("pdftotext") else ", without Poppler on this machine"),
            _forked(baselines.templates),
            lambda document: document.pdf and not document.pixels,
            depends_on=(),
        ),
    )


def fingerprint(*paths: str) -> str:
    """Of Python files and folders of them: answers of other code are not taken for its own."""
    digest = hashlib.sha256()
    for path in paths:
        place = PROJECT / path
        files = [place] if place.is_file() else sorted(place.rglob("*"))
        for file in files:
            if file.suffix in (".py", ".txt"):
                digest.update(file.name.encode() + b"\0" + file.read_bytes())
    return digest.hexdigest()[:16]


def _product(document: Document, _: Path) -> tuple[Record | None, Record]:
    return _limited(document, structured=True)


def _product_without_xml(document: Document, _: Path) -> tuple[Record | None, Record]:
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


def _forked(
    read: Callable[[Path], Record],
) -> Callable[[Document, Path], tuple[Record | None, Record]]:
    return lambda document, _: measured.in_fork(lambda: read(document.file))


def _parsed(engine: Engine) -> Callable[[Document, Path], tuple[Record | None, Record]]:
    return lambda document, kept: engine_words.read(engine, document.file, kept)
