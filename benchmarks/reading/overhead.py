"""The command `python -m benchmarks.reading.overhead`: what everything around the engine costs.

Each document is read whole and by the raw engine in turn, in one process with warm models and one
thread, and processor seconds are compared (those of Tesseract's process with them). The raw engine
gets the picture that the reading handed to it (the page after it was found, turned and evened) and
the same settings: Tesseract on the whole page; the neural engine one detection at the scale of the
last look and one recognition of the strips of that page. Opening the file, looking for the page,
codes, layout, proofs and every second look count as overhead.
"""

from __future__ import annotations

import argparse
import resource
import statistics
import sys
import tempfile
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from functools import partial
from pathlib import Path
from typing import Any

import cv2

from benchmarks.reading import corpora
from benchmarks.reading.__main__ import generated_documents, versions
from benchmarks.reading.corpora import Document
from ocr import neural, route, tesseract
from ocr.engines import Image, Points
from ocr.intake import FileKind
from ocr.reading import Hints, Reading, SourceFile

KINDS = ("invoice_scan", "invoice_photo", "receipt_photo")
LIMIT = 15  # percent, on a scan that one engine reads


@dataclass
class Heard:
    """What the engines were given while a document was read."""

    printed: list[Image] = field(default_factory=list)
    looks: list[tuple[Image, int]] = field(default_factory=list)  # with the detector's side
    strips: list[tuple[Image, Points]] = field(default_factory=list)

    def pages(self) -> list[Callable[[], object]]:
        """The raw work: one call for each picture that Tesseract read, two for the others."""
        calls: list[Callable[[], object]] = []
        printer, engine = tesseract.shared(), neural.shared()
        for image in self.printed:
            calls.append(partial(printer.recognise, image, 1))
        for image, quads in self._read_whole():
            side = max((side for seen, side in self.looks if seen is image), default=0)
            if not side:  # the coarse look was near enough
                side = max(image.shape[:2])
            calls.append(partial(engine.detect, image, side=side))
            calls.append(partial(engine.read, image, quads))
        return calls

    def _read_whole(self) -> list[tuple[Image, Points]]:
        """Of each picture the call that read most of it; not samples and second looks."""
        most: dict[int, tuple[Image, Points]] = {}
        for image, quads in self.strips:
            known = most.get(id(image))
            if known is None or len(quads) > len(known[1]):
                most[id(image)] = (image, quads)
        largest = max((len(quads) for _, quads in most.values()), default=0)
        return [pair for pair in most.values() if 4 * len(pair[1]) > largest]


def main() -> int:
    parser = argparse.ArgumentParser(
        prog="python -m benchmarks.reading.overhead", description=__doc__
    )
    parser.add_argument("--work", type=Path, default=Path(tempfile.gettempdir()) / "bench-reading")
    parser.add_argument("--generated", type=int, default=100, metavar="N")
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--most", type=int, default=12, metavar="N", help="documents of each kind")
    parser.add_argument("--times", type=int, default=2, metavar="N", help="the least of N counts")
    parser.add_argument("--out", type=Path, help="write the table there, as Markdown")
    options = parser.parse_args()
    cv2.setNumThreads(1)
    route.warm_up(list(FileKind))
    documents = list(corpora.all_documents(generated_documents(options)))
    rows: dict[str, list[tuple[float, float]]] = {}
    for kind in KINDS:
        of_kind = [d for d in documents if d.set_name == f"{corpora.GENERATED} {kind}"]
        step = max(1, len(of_kind) // options.most)
        for document in of_kind[::step][: options.most]:
            way, whole, raw = _measured(document, options.times)
            rows.setdefault(f"{kind}: {way}", []).append((whole, raw))
            print(f"{document.doc_id} {way} {whole:.2f} {raw:.2f}", file=sys.stderr, flush=True)
    text = _written(rows, options)
    print(text)
    if options.out:
        options.out.write_text(text, "utf-8")
    return 0


def _measured(document: Document, times: int) -> tuple[str, float, float]:
    """The way it was read, and the least seconds of the whole reading and of the raw engine."""
    source = [SourceFile(document.file.read_bytes(), document.file.name)]
    heard, reading = _listened(source)
    calls = heard.pages()
    whole, raw = [], []
    for _ in range(times):
        whole.append(_cpu(lambda: route.read(source, hints=Hints())))
        raw.append(_cpu(lambda: [call() for call in calls]))
    return reading.route, min(whole), min(raw)


def _listened(source: list[SourceFile]) -> tuple[Heard, Reading]:
    """Reads once to hear what the engines are given; not timed."""
    heard = Heard()
    engine, printer = neural.NeuralEngine, tesseract.TesseractEngine
    detect, read, recognise = engine.detect, engine.read, printer.recognise

    def heard_detect(self: Any, image: Image, *, side: int = 1280) -> Points:
        heard.looks.append((image, side))
        return detect(self, image, side=side)

    def heard_read(self: Any, image: Image, quads: Points) -> Any:
        heard.strips.append((image, quads))
        return read(self, image, quads)

    def heard_recognise(self: Any, image: Image, page: int) -> Any:
        heard.printed.append(image)
        return recognise(self, image, page)

    engine.detect, engine.read = heard_detect, heard_read  # type: ignore[method-assign]
    printer.recognise = heard_recognise  # type: ignore[method-assign]
    try:
        result = route.read(source, hints=Hints())
    finally:
        engine.detect, engine.read = detect, read  # type: ignore[method-assign]
        printer.recognise = recognise  # type: ignore[method-assign]
    return heard, result.reading


def _cpu(work: Callable[[], object]) -> float:
    before = _used()
    work()
    return _used() - before


def _used() -> float:
    """Processor seconds of this process and of those that it waited for."""
    both = [resource.getrusage(who) for who in (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN)]
    return sum(one.ru_utime + one.ru_stime for one in both)


def _written(rows: dict[str, list[tuple[float, float]]], options: argparse.Namespace) -> str:
    lines = [
        "# Overhead over the raw engine, measured",
        "",
        f"Measured on {time.strftime('%Y-%m-%d')}, own documents ({options.generated}, seed"
        f" {options.seed}), up to {options.most} of each kind, one thread, warm models, whole"
        f" reading and raw engine in turn, the least of {options.times}. {versions()}.",
        "",
        "Processor seconds a document. The raw engine gets the picture that the reading gave it"
        " (after the page was found) and the same settings; opening the file, finding the page,"
        " codes, layout, proof and every second look are overhead.",
        "",
        "| documents: way | documents | whole, median | raw, median | overhead, median | p95 |",
        "| --- | ---: | ---: | ---: | ---: | ---: |",
    ]
    for name, pairs in rows.items():
        more = sorted(100 * (whole / raw - 1) for whole, raw in pairs)
        worst = more[max(0, -(-len(more) * 95 // 100) - 1)]
        whole_s, raw_s = (statistics.median(pair[side] for pair in pairs) for side in (0, 1))
        lines.append(
            f"| {name} | {len(pairs)} | {whole_s:.2f} | {raw_s:.2f} |"
            f" {statistics.median(more):+.0f} % | {worst:+.0f} % |"
        )
    lines += ["", f"Limit: {LIMIT} % on a scan that one engine reads (way `scan`).", ""]
    return "\n".join(lines)


if __name__ == "__main__":
    raise SystemExit(main())
