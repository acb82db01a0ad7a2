"""What the reading process does with one document: files in, `result.json` and page images out."""

from __future__ import annotations

import json
import os
import sys
import tempfile
import traceback
from collections.abc import Iterable
from dataclasses import replace
from pathlib import Path
from typing import Any

from ocr import codec, limits
from ocr.intake import FileKind
from ocr.reading import (
    Finding,
    Hints,
    Reading,
    ReadResult,
    Severity,
    SourceFile,
    Unreadable,
    UnreadableReason,
)
from ocr.stages import Enter, Stage

REQUEST, RESULT, LOG = "request.json", "result.json", "stderr.txt"


def source_name(number: int) -> str:
    """The name under which the starter puts the document's file `number`, counted from 0."""
    return f"{number}.bin"


def image_name(number: int) -> str:
    """The name under which the reader puts the image of page `number`, counted from 0."""
    return f"page-{number}.jpg"


def warm_up(kinds: Iterable[str], *, library: bool = True) -> None:
    """Load what reading files of these kinds needs, models too; a failure shows when reading.

    `library=False`: Tesseract's library is not loaded, its program reads.
    """
    from ocr import route  # noqa: PLC0415  (imported late: the launcher starts small)

    try:
        if not library:
            _keep_to_program()
        route.warm_up({FileKind(kind) for kind in kinds})
    except Exception:
        traceback.print_exc()


def warm_up_schemas(folder: Path) -> None:
    """Compile the schema files of our own folder, once: a document then only uses them."""
    from ocr import ksef_schema  # noqa: PLC0415

    try:
        ksef_schema.warm_up(folder)
    except Exception:
        traceback.print_exc()


def run(enter: Enter, confined: Iterable[str], *, library: bool = True) -> None:
    """Do what `request.json` in the working directory asks, and write the answer beside it.

    `library=False`: an engine inside of this process died of the document before.
    """
    tempfile.tempdir = os.environ["TMPDIR"] = str(Path.cwd())
    enter(Stage.DECODE)
    try:
        answer = _answer(enter, library=library)
    except Unreadable as error:
        answer = _unreadable(error.reason, error.facts)
    except RecursionError:
        answer = _unreadable(UnreadableReason.TOO_COMPLEX, {})
    except Exception as error:
        traceback.print_exc(file=sys.stderr)
        reason = (
            UnreadableReason.TOO_LARGE if _out_of_memory(error) else UnreadableReason.PARSER_CRASHED
        )
        answer = _unreadable(reason, {"error": type(error).__name__})
    answer["confined"] = list(confined)
    text = json.dumps(answer, allow_nan=False, ensure_ascii=False, separators=(",", ":"))
    Path(RESULT).write_text(text, encoding="utf-8", errors="replace")


def _keep_to_program() -> None:
    from ocr import tesseract  # noqa: PLC0415

    tesseract.shared().keep_to_program()


def _answer(enter: Enter, *, library: bool) -> dict[str, Any]:
    from ocr import route  # noqa: PLC0415

    request = json.loads(Path(REQUEST).read_text(encoding="utf-8"))
    files = tuple(
        SourceFile(Path(source_name(number)).read_bytes(), name)
        for number, name in enumerate(request["names"])
    )
    if request["task"] == "preview":
        images = route.preview(files, enter=enter)
        answer: dict[str, Any] = {}
    elif request["task"] == "codes":
        images = ()
        answer = {"codes": list(route.product_codes(files, enter=enter))}
    else:
        hints = codec.decode(Hints, request["hints"])
        folder = request["schema_folder"]
        if not library:
            _keep_to_program()
        result = route.read(
            files,
            hints=hints,
            enter=enter,
            structured=request["structured"],
            schema_folder=Path(folder) if folder else None,
        )
        if not library:
            again = replace(result.reading, route=f"{result.reading.route}+again")
            result = replace(result, reading=again)
        images = result.page_images
        answer = {"reading": _fitting(result)}
        if result.layout is not None:
            answer["layout"] = codec.encode(result.layout)
    for number, image in enumerate(images):
        Path(image_name(number)).write_bytes(image)
    return answer | {"images": len(images)}


def _fitting(result: ReadResult) -> dict[str, Any]:
    """The reading as JSON, without the words of its last pages when it would be too long."""
    reading = result.reading
    encoded: dict[str, Any] = codec.encode(reading)
    words = reading.words
    while words and len(json.dumps(encoded, ensure_ascii=False)) > limits.READING_BYTES:
        last = words[-1].box.page
        words = tuple(word for word in words if word.box.page != last)
        encoded = codec.encode(_without_words(reading, words))
    return encoded


def _without_words(reading: Reading, words: tuple[Any, ...]) -> Reading:
    left_out = Finding(
        "words-left-out",
        Severity.INFO,
        facts=(("words", str(len(reading.words) - len(words))),),
    )
    return replace(reading, words=words, findings=(*reading.findings, left_out))


def _unreadable(reason: UnreadableReason, facts: dict[str, str | int]) -> dict[str, Any]:
    return {"unreadable": reason.value, "facts": facts}


def _out_of_memory(error: Exception) -> bool:
    """Python, OpenCV and onnxruntime each say it in their own words."""
    if isinstance(error, MemoryError):
        return True
    said = str(error).lower()
    return any(word in said for word in ("bad_alloc", "bad allocation", "insufficient memory"))
