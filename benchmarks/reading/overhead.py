"""The command `python -m benchmarks.reading.overhead`: what everything around the engine costs.

Each document is read whole and by the raw engine in turn, in one process with warm models and one
thread, and processor seconds are compared (those of Tesseract's process with them). The raw engine
is the one that the reading chose, on the very picture that the reading gave it (the page after it
was found, turned and freed of ruling lines). A scan has two baselines: *pytesseract* as a user
calls it, `image_to_data` with the two languages, its defaults and one thread, which starts the
program and loads its models for each page; and the *same engine kept warm*, its models loaded
once, as the reading keeps it, so that what is saved by that does not pay for the rest. A photo has
one: the neural engine with its models loaded, one detection at the scale of the last look and one
recognition of the strips of that page. Opening the file, looking for the page, codes, layout,
proofs, the picture that a person is shown and every second look count as overhead.
"""

from __future__ import annotations

import argparse
import os
import resource
import statistics
import sys
import tempfile
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from functools import partial
from pathlib import Path
from typing import Any

import cv2
import pytesseract
from PIL import Image as Picture

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
    print_alone: bool = False  # Tesseract read it all; the other only told which way it lies

    def pages(self, *, warm: bool) -> list[Callable[[], object]]:
        """The raw work: one call for each picture that Tesseract read, two for the others.

        `warm`: by Tesseract as the reading keeps it, not by pytesseract.
        """
        calls: list[Callable[[], object]] = []
        printer, engine = tesseract.shared(), neural.shared()
        for image in self.printed:
            print_read = partial(printer.recognise, image, 1)
            calls.append(print_read if warm else partial(_as_called, image))
        for image, quads in [] if self.print_alone else self._read_whole():
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


def _as_called(image: Image) -> None:
    """One page by pytesseract as a user calls it, but for the threads: a worker has one core."""
    os.environ["OMP_THREAD_LIMIT"] = "1"
    pytesseract.image_to_data(Picture.fromarray(image), lang=tesseract.LANGUAGES)


def main() -> int:
    parser = argparse.ArgumentParser(
        prog="python -m benchmarks.reading.overhead", description=__doc__
    )
    parser.add_argument("--work", type=Path, default=Path(tempfile.gettempdir()) / "bench-reading")
    parser.add_argument("--generated", type=int, default=100, metavar="N")
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--most", type=int, default=8, metavar="N", help="documents of each kind")
    parser.add_argument("--kinds", nargs="*", default=KINDS, choices=KINDS)
    parser.add_argument("--times", type=int, default=2, metavar="N", help="the least of N counts")
    parser.add_argument(
        "--minutes", type=float, default=7.0, help="no other document is begun afterwards"
    )
    parser.add_argument("--out", type=Path, help="write the table there, as Markdown")
    options = parser.parse_args()
    cv2.setNumThreads(1)
    route.warm_up(list(FileKind))
    documents = list(corpora.all_documents(generated_documents(options)))
    rows: dict[str, list[_Cost]] = {}
    ends = time.monotonic() + 60 * options.minutes
    left_out = 0
    for document in _in_turn(documents, options.kinds, options.most):
        if time.monotonic() > ends:
            left_out += 1
            continue
        way, cost = _measured(document, options.times)
        rows.setdefault(f"{document.set_name.split()[-1]}: {way}", []).append(cost)
        told = f"{document.doc_id} {way} {cost.whole:.2f} {cost.raw:.2f} {cost.warm:.2f}"
        print(told, file=sys.stderr, flush=True)
    text = _written(rows, options, left_out)
    print(text)
    if options.out:
        options.out.write_text(text, "utf-8")
    return 0


@dataclass(frozen=True, slots=True)
class _Cost:
    """Processor seconds of a document: read whole, by the raw engine, and by it kept warm.

    `raw` and `warm` differ in scans alone: the neural engine's models are always loaded.
    """

    whole: float
    raw: float
    warm: float


def _in_turn(documents: Sequence[Document], kinds: Sequence[str], most: int) -> list[Document]:
    """Scans first; of each kind `most` documents from all over the corpus."""
    chosen: list[Document] = []
    for kind in kinds:
        of_kind = [d for d in documents if d.set_name == f"{corpora.GENERATED} {kind}"]
        step = max(1, len(of_kind) // most)
        chosen += of_kind[::step][:most]
    return chosen


def _measured(document: Document, times: int) -> tuple[str, _Cost]:
    """The way it was read, and the least seconds of the whole reading and of the raw engine."""
    source = [SourceFile(document.file.read_bytes(), document.file.name)]
    heard, reading = _listened(source)
    raw_calls, warm_calls = heard.pages(warm=False), heard.pages(warm=True)
    whole, raw, warm = [], [], []
    for _ in range(times):
        whole.append(_cpu(lambda: route.read(source, hints=Hints())))
        raw.append(_cpu(lambda: [call() for call in raw_calls]))
        if heard.printed:
            warm.append(_cpu(lambda: [call() for call in warm_calls]))
    return reading.route, _Cost(min(whole), min(raw), min(warm or raw))


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
    heard.print_alone = result.reading.route == "scan"
    return heard, result.reading


def _cpu(work: Callable[[], object]) -> float:
    before = _used()
    work()
    return _used() - before


def _used() -> float:
    """Processor seconds of this process and of those that it waited for."""
    both = [resource.getrusage(who) for who in (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN)]
    return sum(one.ru_utime + one.ru_stime for one in both)


def _written(rows: dict[str, list[_Cost]], options: argparse.Namespace, left_out: int) -> str:
    lines = [
        "# Overhead over the raw engine, measured",
        "",
        f"Measured on {time.strftime('%Y-%m-%d')}, own documents ({options.generated}, seed"
        f" {options.seed}), up to {options.most} of each kind, one thread, warm models, whole"
        f" reading and raw engine in turn, the least of {options.times}. {versions()}.",
        "",
        "Processor seconds a document; other work ran on the machine meanwhile, which makes both"
        " sides slower. The raw engine is the one that the reading chose, on the picture that the"
        " reading gave it. Opening the file, finding and levelling the page, codes, layout, proof,"
        " the picture for a person and every second look are overhead.",
        "",
        "* Baseline A: on scans pytesseract as a user calls it (`image_to_data`, languages"
        f" {tesseract.LANGUAGES}, its defaults, one thread), which starts the program and loads its"
        " models for each page; on photos one detection and one recognition of the neural engine.",
        "* Baseline B: the same engine kept warm, its models loaded once, as the reading keeps it."
        " On photos it is A.",
        "",
        "| documents: way | documents | whole, median | A, median | overhead over A, median | p95 |"
        " B, median | overhead over B, median | p95 |",
        "| --- | ---: | ---: | ---: | ---: | ---: | ---: | ---: | ---: |",
    ]
    for name, costs in rows.items():
        over_a = [100 * (cost.whole / cost.raw - 1) for cost in costs]
        over_b = [100 * (cost.whole / cost.warm - 1) for cost in costs]
        lines.append(
            f"| {name} | {len(costs)} | {statistics.median(c.whole for c in costs):.2f} |"
            f" {statistics.median(c.raw for c in costs):.2f} |"
            f" {statistics.median(over_a):+.0f} % | {_worst(over_a):+.0f} % |"
            f" {statistics.median(c.warm for c in costs):.2f} |"
            f" {statistics.median(over_b):+.0f} % | {_worst(over_b):+.0f} % |"
        )
    lines += ["", f"Limit: {LIMIT} % on a scan that one engine reads (way `scan`)."]
    if left_out:
        lines.append(f"{left_out} documents were left out when {options.minutes:g} minutes were up")
    return "\n".join([*lines, ""])


def _worst(percents: Sequence[float]) -> float:
    """The 95th percentile."""
    return sorted(percents)[max(0, -(-len(percents) * 95 // 100) - 1)]


if __name__ == "__main__":
    raise SystemExit(main())
