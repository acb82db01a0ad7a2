"""The command `python -m benchmarks.reading`: measures reading and writes the table.

Answers are kept in the work folder, so a run that was broken off goes on where it was; answers of
other code are thrown away, what plain engines saw in a picture is not.
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
from importlib.metadata import version
from pathlib import Path
from typing import Any

from benchmarks.reading import corpora, score, speed, table, warm
from benchmarks.reading.bar import Bar
from benchmarks.reading.contenders import Contender, all_contenders, fingerprint
from benchmarks.reading.corpora import PROJECT, Document
from ocr import sandbox

_DRAWN = "seconds.txt"


def main() -> int:
    options = _options()
    generated = generated_documents(options) if options.generated else None
    every = list(corpora.all_documents(generated))
    documents = _chosen(every, options.sets, own=options.every)
    sample = _chosen(
        every, options.sets, own=options.every * options.plain_every, others=options.plain_every
    )
    if not documents:
        print("no documents: the reference data is not beside the project", file=sys.stderr)
        return 2
    work: Path = options.work
    # The code as it was when we started; it may be edited meanwhile.
    code = fingerprint("ocr")
    contenders = [c for c in all_contenders() if c.name in options.who]
    folders = {c.name: _own_folder(work, c, fresh=options.fresh) for c in contenders}
    mine = {
        c.name: [d for d in (documents if c.ours else sample) if c.takes(d)] for c in contenders
    }
    bar = Bar(sum(len(some) for some in mine.values()))
    results: dict[str, dict[str, table.Measured]] = {}
    costs: dict[str, list[speed.Cost]] = {}
    for contender in contenders:
        results[contender.name], costs[contender.name] = _run(
            contender,
            mine[contender.name],
            folders[contender.name],
            bar,
            kept_only=options.kept_only,
        )
    bar.close()
    told = {contender.name: contender.told for contender in contenders}
    sandbox.warm_up()
    costly = speed.written(
        costs, waiting_bytes=sandbox.waiting_bytes(), drawn=_drawn(generated, options)
    )
    text = "\n\n".join(
        [
            _about(documents, options, code),
            table.written(results, told=told, errors=options.errors).rstrip(),
            costly + "\n",
        ]
    )
    if options.memory:
        print("the layout memory", file=sys.stderr)
        text += "\n" + table.warmth(warm.measured(documents))
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
        "--every",
        type=int,
        default=1,
        metavar="N",
        help="of our own pictures read each N-th alone; the reference documents are always read",
    )
    parser.add_argument(
        "--plain-every",
        type=int,
        default=1,
        metavar="N",
        help="of the pictures that the product reads, compare each N-th with the plain engines",
    )
    parser.add_argument(
        "--generated", type=int, default=100, metavar="N", help="own documents (default 100)"
    )
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument(
        "--kept-only", action="store_true", help="write the table of the answers that are there"
    )
    parser.add_argument("--fresh", action="store_true", help="forget earlier answers")
    parser.add_argument(
        "--no-memory", dest="memory", action="store_false", help="leave the layout memory out"
    )
    parser.add_argument("--errors", action="store_true", help="list every wrong proven value")
    parser.add_argument("--out", type=Path, help="write the table there, as Markdown")
    return parser.parse_args()


def _chosen(
    documents: list[Document], sets: list[str] | None, *, own: int, others: int = 1
) -> list[Document]:
    """Of our own pictures each `own`-th, of others each `others`-th; all that is no picture."""
    chosen: list[Document] = []
    for name in dict.fromkeys(document.set_name for document in documents):
        if not sets or any(part in name for part in sets):
            of_set = [document for document in documents if document.set_name == name]
            step = own if name.startswith(corpora.GENERATED) else others
            pixels = [document.doc_id for document in of_set if document.pixels][::step]
            chosen += [d for d in of_set if not d.pixels or d.doc_id in pixels]
    return chosen


def generated_documents(options: argparse.Namespace) -> Path:
    """Our own documents, drawn once for each count, seed and code of the generator."""
    drawn = fingerprint("demo/documents")[:8]
    folder: Path = options.work / f"generated-{options.generated}-{options.seed}-{drawn}"
    if not (folder / "done").exists():
        shutil.rmtree(folder, ignore_errors=True)
        folder.mkdir(parents=True)
        many = ["--count", str(options.generated), "--seed", str(options.seed)]
        started = time.monotonic()
        subprocess.run(
            [sys.executable, "-m", "demo.documents", "--out", str(folder), *many],
            cwd=PROJECT,
            check=True,
        )
        (folder / _DRAWN).write_text(f"{time.monotonic() - started:.1f}", "utf-8")
        (folder / "done").touch()
    return folder


def _drawn(folder: Path | None, options: argparse.Namespace) -> tuple[int, float] | None:
    """How many own documents there are and how long drawing them took."""
    if folder is None or not (folder / _DRAWN).exists():
        return None
    return options.generated, float((folder / _DRAWN).read_text("utf-8"))


def _own_folder(work: Path, contender: Contender, *, fresh: bool) -> Path:
    """Where the answers of this contender's present code are; those of its other code are gone."""
    folder = work / contender.name / contender.code
    for other in (work / contender.name).glob("*"):
        if fresh or other != folder:
            shutil.rmtree(other)
    folder.mkdir(parents=True, exist_ok=True)
    return folder


def _run(
    contender: Contender, documents: list[Document], folder: Path, bar: Bar, *, kept_only: bool
) -> tuple[dict[str, table.Measured], list[speed.Cost]]:
    measured: dict[str, table.Measured] = {}
    costs: list[speed.Cost] = []
    started = False
    for document in documents:
        bar.say(f"{contender.name}: {document.set_name} {document.doc_id}")
        file = folder / document.set_name / f"{document.doc_id}.json"
        if not file.exists() and kept_only:
            bar.step()
            continue
        if not file.exists():
            if not started:
                contender.start()
                started = True
            _read(contender, document, file, folder.parents[1] / "words")
        bar.step()
        kept: dict[str, Any] = json.loads(file.read_text("utf-8"))
        one = measured.setdefault(document.set_name, table.Measured())
        score.add(one.score, document.truth, kept["record"])
        one.add_usage(kept["usage"], pages=max(1, len((kept["record"] or {}).get("pages", ()))))
        costs.append(speed.cost((document.set_name, document.doc_id), kept))
    return measured, costs


def _read(contender: Contender, document: Document, file: Path, words: Path) -> None:
    record, usage = contender.read(document, words)
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
        part = f"all reference documents and every {options.every}th of our own pictures"
    if options.plain_every > 1:
        part += f" (the plain engines: every {options.plain_every}th of these pictures)"
    counts = ", ".join(f"{name} {count}" for name, count in sets.items())
    return (
        f"Measured on {time.strftime('%Y-%m-%d')}, {part} of: {counts}. "
        f"{os.cpu_count()} cores of {platform.machine()}, one document at a time, "
        f"Python {platform.python_version()}, commit {_commit()}, code {code}. {versions()}. "
        "Where another contender has fewer documents than the product, it was not run on them all. "
        "Seconds are wall time inside of the reading process and grow with other load; CPU seconds "
        "do not."
    )


def _commit() -> str:
    """The commit that is checked out, marked when the reader's code differs from it."""
    git = ["git", "-C", str(PROJECT)]
    short = subprocess.run([*git, "rev-parse", "--short", "HEAD"], capture_output=True, text=True)
    changed = subprocess.run([*git, "status", "--porcelain", "ocr"], capture_output=True, text=True)
    if short.returncode != 0:
        return "unknown"
    return short.stdout.strip() + (" with changes" if changed.stdout.strip() else "")


def versions() -> str:
    packages = ("pytesseract", "rapidocr", "onnxruntime", "pdfplumber", "invoice2data", "pypdfium2")
    told = [f"{name} {version(name)}" for name in packages]
    program = subprocess.run(["tesseract", "--version"], capture_output=True, text=True)
    return ", ".join([*program.stdout.splitlines()[:1], *told])


if __name__ == "__main__":
    raise SystemExit(main())
