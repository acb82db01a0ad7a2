"""Reads purchase documents: bytes in, a `Reading` out. Knows no database and no queue.

`read` works in this process and trusts the bytes to be harmless; `ocr.sandbox.read_limited` is the
same with walls around it, and is what anything that takes files from strangers calls.
"""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from ocr.reading import Hints, ReadResult, SourceFile, Unreadable, UnreadableReason

__all__ = ["Hints", "ReadResult", "SourceFile", "Unreadable", "UnreadableReason", "read"]

_NO_HINTS = Hints()


def read(
    files: Sequence[SourceFile], *, hints: Hints = _NO_HINTS, schema_folder: Path | None = None
) -> ReadResult:
    """Read one document from its files, which are its pages in order: any of the accepted kinds.

    A structured e-invoice among the files is the document; the rest is its print-out, or the
    Ministry's receipt for it. `schema_folder` holds schema files to check KSeF invoices with. What
    the document taught about its seller's layout is in the result's `layout`; give it back in the
    hints of the next one. Raises `Unreadable` with a typed reason for files that cannot be read.
    """
    from ocr import route  # noqa: PLC0415  (the models of a reading need no reader)

    return route.read(files, hints=hints, schema_folder=schema_folder)
