"""The golden documents: a few of our own with the readings that are expected of them.

`python -m benchmarks.reading.golden` draws them anew and writes what is read now; a difference in
the diff is a change of reading that somebody has to look at.
"""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import ocr
from benchmarks.reading.corpora import PROJECT
from demo.documents import corpus
from ocr import truth_schema
from ocr.reading import SourceFile

FOLDER = PROJECT / "tests" / "ocr" / "golden"
_SEED = 1
_NUMBERS = (6, 7, 18, 29, 31, 34, 41, 55, 64, 66, 76, 100)
# What depends on the machine, or on details of an engine that change no value.
_LEFT_OUT = frozenset({"seconds", "engine", "confidence", "box", "raw", "pages", "file", "text"})


def items() -> Iterator[corpus.Item]:
    """One of most kinds and layouts: text PDF, prints, e-invoices, corrections, slips."""
    for item in corpus.plan(max(_NUMBERS), seed=_SEED):
        if item.number in _NUMBERS:
            yield item


def documents() -> list[Path]:
    """The committed files that are read."""
    return sorted(file for file in FOLDER.iterdir() if file.suffix != ".json")


def read(file: Path) -> dict[str, Any]:
    """What is read from a golden document, without what may differ between machines."""
    result = ocr.read([SourceFile(file.read_bytes(), file.name)])
    record = truth_schema.from_reading(result.reading, doc_id=file.stem)
    expected: dict[str, Any] = _kept(record)
    return expected


def expected(file: Path) -> dict[str, Any]:
    """The reading that was committed."""
    record: dict[str, Any] = json.loads(_reading_of(file).read_text("utf-8"))
    return record


def main() -> None:
    FOLDER.mkdir(parents=True, exist_ok=True)
    for old in FOLDER.iterdir():
        old.unlink()
    for item in items():
        made = corpus.make(item)
        file = FOLDER / made.truth["file"]
        file.write_bytes(made.data)
        text = json.dumps(read(file), ensure_ascii=False, indent=1, sort_keys=True)
        _reading_of(file).write_text(text + "\n", "utf-8")
        print(file.name)


def _reading_of(file: Path) -> Path:
    return file.with_suffix(".json")


def _kept(part: Any) -> Any:
    if isinstance(part, dict):
        return {name: _kept(inner) for name, inner in part.items() if name not in _LEFT_OUT}
    return [_kept(inner) for inner in part] if isinstance(part, list) else part


if __name__ == "__main__":
    main()
