"""The golden documents are read as they were when somebody last looked (`make golden`)."""

from __future__ import annotations

from pathlib import Path

import pytest

from benchmarks.reading import golden
from benchmarks.reading.score import field_right
from demo.documents import corpus


@pytest.mark.parametrize("file", golden.documents(), ids=lambda file: file.stem)
def test_a_golden_document_is_read_as_expected(file: Path) -> None:
    assert golden.read(file) == golden.expected(file)


def test_every_golden_document_has_its_reading_and_no_other() -> None:
    names = [item.doc_id for item in golden.items()]
    assert sorted(file.stem for file in golden.documents()) == sorted(names)


def test_the_expected_readings_are_true() -> None:
    """What is expected is the truth of the generator, not only what was read."""
    for item in golden.items():
        truth = corpus.make(item).truth
        record = golden.expected(golden.FOLDER / truth["file"])
        wrong = [name for name in truth["scored"] if not field_right(name, truth, record)]
        assert wrong == [], item.doc_id
        if truth["lines_scored"]:
            assert len(record["lines"]) == len(truth["lines"]), item.doc_id
