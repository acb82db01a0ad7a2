"""What a plain engine sees in a picture, kept: it never changes; the parser behind it does."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Callable
from dataclasses import dataclass
from importlib.metadata import version
from pathlib import Path
from typing import Any

from benchmarks.reading import measured
from ocr import arithmetic, codec, intake, invoice, pages, receipt, truth_schema
from ocr.engines import Image
from ocr.reading import Hints, Page, Reading, SourceFile, Word
from ocr.stages import unwatched
from ocr.text_layer import worth

Record = dict[str, Any]


@dataclass(frozen=True, slots=True)
class Engine:
    """`words_of` takes an upright RGB page and its number; `package` is what a release means."""

    package: str
    words_of: Callable[[Image, int], list[Word]]

    @property
    def release(self) -> str:
        return f"{self.package}-{version(self.package)}"


def read(engine: Engine, file: Path, kept: Path) -> tuple[Record | None, Record]:
    """The record that the product's parsers make of the engine's words, and what both took."""
    words, usage = _words(engine, file, kept)
    if words is None:
        return None, usage
    record, more = measured.in_fork(lambda: _parsed(words, file.stem))
    return record, {
        "seconds": usage["seconds"] + more["seconds"],
        "cpu_s": usage["cpu_s"] + more["cpu_s"],
        "peak_bytes": max(usage["peak_bytes"], more["peak_bytes"]),
    }


def _words(engine: Engine, file: Path, kept: Path) -> tuple[Record | None, Record]:
    digest = hashlib.sha256(file.read_bytes()).hexdigest()[:24]
    place = kept / engine.release / f"{digest}.json"
    if place.exists():
        known = json.loads(place.read_text("utf-8"))
        return known["words"], known["usage"]
    words, usage = measured.in_fork(lambda: _recognised(engine, file))
    place.parent.mkdir(parents=True, exist_ok=True)
    partial = place.with_suffix(".part")
    partial.write_text(json.dumps({"words": words, "usage": usage}), "utf-8")
    partial.replace(place)
    return words, usage


def _recognised(engine: Engine, file: Path) -> Record:
    accepted = intake.accept([SourceFile(file.read_bytes(), file.name)])
    words: list[Word] = []
    sizes: list[Page] = []
    with pages.opened(accepted, enter=unwatched) as images:
        for index in range(len(images)):
            image = images[index]
            words += engine.words_of(image, index + 1)
            sizes.append(Page(index + 1, image.shape[1], image.shape[0], engine=engine.package))
    return {"words": codec.encode(words), "pages": codec.encode(sizes)}


def _parsed(recognised: Record, doc_id: str) -> Record:
    """By the parsers that the product puts behind its own engines, the one that explains more."""
    words = [codec.decode(Word, word) for word in recognised["words"]]
    sizes = [codec.decode(Page, page) for page in recognised["pages"]]
    slip: Reading = arithmetic.prove(receipt.interpret(words, sizes, hints=Hints()))
    page = invoice.interpret(words, sizes, hints=Hints())
    chosen = page if worth(page) > worth(slip) else slip
    return truth_schema.from_reading(chosen, doc_id=doc_id)
