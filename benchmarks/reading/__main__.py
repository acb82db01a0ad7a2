"""The command `python -m benchmarks.reading`: measures reading and writes the table.

Answers are kept in the work folder, so a run that was broken off goes on where it was; answers of
other code are thrown away.
"""

from __future__ import annotations

import argparse
import json
import os
import platform
import shutil
import subprocess
import sys
import tempfile
import time
from pathlib import Path
from typing import Any

from benchmarks.reading import corpora, score, table
from benchmarks.reading.contenders import Contender, all_contenders, fingerprint
from benchmarks.reading.corpora import PROJECT, Document


def main() -> int:
    options = _options()
    generated = _generated(options) if options.generated else None
    documents = _chosen(list(corpora.all_documents(generated)), options)
    if not documents:
        print("no documents: the reference data is not beside the project", file=sys.stderr)
        return 2
    work: Path = options.work
    code = fingerprint()  # The code as it was when we started; it may be edited meanwhile.
    _forget_other_code(work, code, fresh=options.fresh)
    contenders = [c for c in all_contenders() if c.name in options.who]
    results: dict[str, dict[str, table.Measured]] = {}
    for contender in contenders:
        results[contender.name] = _run(contender, documents, work / contender.name)
    told = {contender.name: contender.told for contender in contenders}
    text = (
        _about(documents, options, code)
        + "\n\n"
        + table.written(results, told=told, errors=options.errors)
    )
    print("\n" + text)
    if options.out:
        options.out.write_text("# Reading, measured\n\n" + text, "utf-8")
    return 0


def _options() -> argparse.Namespace:
    names = [contender.name for contender in all_contenders()]
    parser = argparse.ArgumentParser(prog="python -m benchmarks.reading", description=__doc__)
    parser.add_argument("--work", type=Path, default=Path(tempfile.gettempdir()) / "bench-reading")
    parser.add_argument("--who", nargs="*", default=names, choices=names)
    parser.add_argument("--sets", nargs="*", help="only sets with one of these in their name")
    parser.add_argument(
        "--every", type=int, default=1, help="of what has only pixels, each N-th document of a set"
    )
    parser.add_argument("--generated", type=int, default=0, metavar="N", help="N own documents too")
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--fresh", action="store_true", help="forget earlier answers")
    parser.add_argument("--errors", action="store_true", help="list every wrong proven value")
    parser.add_argument("--out", type=Path, help="write the table there, as Markdown")
    return parser.parse_args()


def _chosen(documents: list[Document], options: argparse.Namespace) -> list[Document]:
    chosen: list[Document] = []
    for name in dict.fromkeys(document.set_name for document in documents):
        if not options.sets or any(part in name for part in options.sets):
            ours = [document for document in documents if document.set_name == name]
            pixels = [document for document in ours if document.pixels][:: options.every]
            chosen += [document for document in ours if not document.pixels or document in pixels]
    return chosen


def _generated(options: argparse.Namespace) -> Path:
    """Our own documents, drawn once for each count and seed."""
    folder: Path = options.work / f"generated-{options.generated}-{options.seed}"
    if not (folder / "done").exists():
        shutil.rmtree(folder, ignore_errors=True)
        folder.mkdir(parents=True)
        many = ["--count", str(options.generated), "--seed", str(options.seed)]
        subprocess.run(
            [sys.executable, "-m", "demo.documents", "--out", str(folder), *many],
            cwd=PROJECT,
            check=True,
        )
        (folder / "done").touch()
    return folder


def _forget_other_code(work: Path, code: str, *, fresh: bool) -> None:
    work.mkdir(parents=True, exist_ok=True)
    mark = work / "code"
    if fresh or not mark.exists() or mark.read_text() != code:
        for folder in work.iterdir():
            if folder.is_dir() and not folder.name.startswith("generated-"):
                shutil.rmtree(folder)
        mark.write_text(code)


def _run(
    contender: Contender, documents: list[Document], folder: Path
) -> dict[str, table.Measured]:
    measured: dict[str, table.Measured] = {}
    taken = [document for document in documents if contender.takes(document)]
    started = False
    for number, document in enumerate(taken, start=1):
        file = folder / document.set_name / f"{document.doc_id}.json"
        if not file.exists():
            if not started:
                contender.start()
                started = True
            _read(contender, document, file)
            kept: dict[str, Any] = json.loads(file.read_text("utf-8"))
            seconds = kept["usage"]["seconds"]
            print(
                f"[{contender.name} {number}/{len(taken)}] {document.set_name} "
                f"{document.doc_id} {seconds:.2f} s",
                flush=True,
            )
        kept = json.loads(file.read_text("utf-8"))
        one = measured.setdefault(document.set_name, table.Measured())
        score.add(one.score, document.truth, kept["record"])
        one.add_usage(kept["usage"], pages=max(1, len((kept["record"] or {}).get("pages", ()))))
    return measured


def _read(contender: Contender, document: Document, file: Path) -> None:
    record, usage = contender.read(document)
    file.parent.mkdir(parents=True, exist_ok=True)
    partial = file.with_suffix(".part")
    partial.write_text(json.dumps({"record": record, "usage": usage}, ensure_ascii=False), "utf-8")
    partial.replace(file)


def _about(documents: list[Document], options: argparse.Namespace, code: str) -> str:
    """On what the numbers below were measured, so that nobody takes a sample for the whole."""
    sets: dict[str, int] = {}
    for document in documents:
        sets[document.set_name] = sets.get(document.set_name, 0) + 1
    part = "all documents"
    if options.every > 1:
        part = f"a sample (of what has only pixels, each {options.every}th document)"
    counts = ", ".join(f"{name} {count}" for name, count in sets.items())
    return (
        f"Measured on {time.strftime('%Y-%m-%d')}, {part} of: {counts}. "
        f"{os.cpu_count()} cores of {platform.machine()}, one document at a time, "
        f"Python {platform.python_version()}, code {code}. "
        "Seconds are wall time inside of the reading process and grow with other load; CPU seconds "
        "do not."
    )


if __name__ == "__main__":
    raise SystemExit(main())
