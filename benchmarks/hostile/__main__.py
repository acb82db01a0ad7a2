"""The command `python -m benchmarks.hostile`: reads hostile files and counts what happens.

Ends with 1 when a file broke a promise: an answer that is not typed, a wall that did not hold, a
grown parent, an ordinary document that suffered.
"""

from __future__ import annotations

import argparse
import statistics
import subprocess
import sys
import time
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path

from benchmarks.hostile import bombs, mutations, seeds
from ocr import limits, sandbox
from ocr.reading import SourceFile

_ORDINARY_EVERY = 20
_SLACK_S = 3.0  # starting and clearing up, beyond the wall of a document
_PARENT_GROWTH_BYTES = 50 << 20


@dataclass
class Tally:
    """What was seen so far."""

    answers: Counter[str] = field(default_factory=Counter)
    seconds: list[tuple[float, str]] = field(default_factory=list)
    peaks: list[tuple[int, str]] = field(default_factory=list)
    ordinary_s: list[float] = field(default_factory=list)
    broken: list[str] = field(default_factory=list)


def main() -> int:
    options = _options()
    tally = Tally()
    ordinary = SourceFile(seeds.text_pdf(), "ordinary.pdf")
    sandbox.warm_up()
    _read_ordinary(ordinary, Tally())  # The first one pays for what is loaded once.
    for _ in range(5):
        _read_ordinary(ordinary, tally)
    before = statistics.median(tally.ordinary_s)
    tally.ordinary_s.clear()
    grown_from = _resident_bytes()
    for number, (name, data) in enumerate(_files(options), start=1):
        _read_hostile(name, data, tally, options)
        if number % _ORDINARY_EVERY == 0:
            _read_ordinary(ordinary, tally)
            print(f"{number} files, {len(tally.broken)} broken", file=sys.stderr, flush=True)
    grown = _resident_bytes() - grown_from
    if grown > _PARENT_GROWTH_BYTES:
        tally.broken.append(f"the parent grew by {grown >> 20} MB")
    told = _report(tally, before, grown)
    print("\n" + told)
    if options.out:
        options.out.write_text(f"# Hostile files, read\n\n{_about(options)}\n\n{told}\n", "utf-8")
    return 1 if tally.broken else 0


def _options() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="python -m benchmarks.hostile", description=__doc__)
    parser.add_argument("--count", type=int, default=500, help="damaged files (default 500)")
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--only", default="", help="only files with this in their name")
    parser.add_argument("--keep", type=Path, help="write files that broke a promise there")
    parser.add_argument("--out", type=Path, help="write the report there, as Markdown")
    parser.add_argument("--verbose", action="store_true", help="print each file's answer")
    return parser.parse_args()


def _files(options: argparse.Namespace) -> Iterator[tuple[str, bytes]]:
    for name, make in bombs.all_bombs():
        if options.only in name:
            yield name, make()
    for name, data in mutations.mutated(options.count, seed=options.seed):
        if options.only in name:
            yield name, data


def _read_hostile(name: str, data: bytes, tally: Tally, options: argparse.Namespace) -> None:
    started = time.monotonic()
    broken = len(tally.broken)
    try:
        measured = sandbox.measure([SourceFile(data, name)])
    except Exception as error:  # Anything but a typed answer is what we look for.
        tally.broken.append(f"{name}: raised {error!r}")
        tally.answers["raised"] += 1
    else:
        answer = "read" if measured.unreadable is None else measured.unreadable.reason.value
        tally.answers[answer] += 1
        tally.peaks.append((measured.usage.peak_bytes, name))
        if measured.unreadable and measured.unreadable.facts.get("error") == "invalid-answer":
            tally.broken.append(f"{name}: an answer of a wrong form")
        if measured.usage.peak_bytes > limits.MEMORY_BYTES:
            tally.broken.append(f"{name}: took {measured.usage.peak_bytes >> 20} MB")
    seconds = time.monotonic() - started
    tally.seconds.append((seconds, name))
    if seconds > limits.DOCUMENT_WALL_S + _SLACK_S:
        tally.broken.append(f"{name}: took {seconds:.0f} s")
    if options.verbose:
        print(f"{name}: {answer} {seconds:.2f} s, {measured.usage.peak_bytes >> 20} MB", flush=True)
    if options.keep and len(tally.broken) > broken:
        options.keep.mkdir(parents=True, exist_ok=True)
        (options.keep / name).write_bytes(data)


def _read_ordinary(file: SourceFile, tally: Tally) -> None:
    started = time.monotonic()
    measured = sandbox.measure([file])
    tally.ordinary_s.append(time.monotonic() - started)
    if measured.result is None:
        tally.broken.append("an ordinary document was not read")


def _resident_bytes() -> int:
    return int(Path("/proc/self/statm").read_text().split()[1]) * 4096


def _about(options: argparse.Namespace) -> str:
    git = ["git", "-C", str(Path(__file__).parents[2]), "rev-parse", "--short", "HEAD"]
    commit = subprocess.run(git, capture_output=True, text=True).stdout.strip() or "unknown"
    return (
        f"Measured on {time.strftime('%Y-%m-%d')} at commit {commit}: every bomb of"
        f" `benchmarks/hostile/bombs.py` and {options.count} damaged files (seed {options.seed})."
        f" Each document may take {limits.DOCUMENT_WALL_S} s in all, {limits.DOCUMENT_CPU_S} s of"
        f" processor time and {limits.MEMORY_BYTES >> 20} MB. Written by"
        ' `make bench-hostile ARGS="--out benchmarks/hostile.md"`.'
    )


def _report(tally: Tally, before: float, grown: int) -> str:
    """What happened, in Markdown."""
    answers = [f"| {answer} | {count} |" for answer, count in tally.answers.most_common()]
    times = sorted(seconds for seconds, _ in tally.seconds)
    slowest = ", ".join(f"{name} {s:.1f} s" for s, name in sorted(tally.seconds)[:-6:-1])
    largest = ", ".join(f"{name} {p >> 20} MB" for p, name in sorted(tally.peaks)[:-6:-1])
    lines = [
        f"**Broken promises: {len(tally.broken)}**",
        *(f"* {promise}" for promise in tally.broken),
        "",
        "| answer | files |",
        "| --- | ---: |",
        *answers,
        f"| all | {sum(tally.answers.values())} |",
        "",
        f"* Seconds: median {statistics.median(times):.2f}, most {times[-1]:.1f}.",
        f"* Slowest: {slowest}.",
        f"* Largest: {largest}.",
        f"* The process that asked grew by {grown / (1 << 20):.1f} MB.",
    ]
    if tally.ordinary_s:
        after = statistics.median(tally.ordinary_s)
        lines.append(
            f"* An ordinary document: {before:.3f} s before, {after:.3f} s in between (median)."
        )
    return "\n".join(lines)


if __name__ == "__main__":
    raise SystemExit(main())
