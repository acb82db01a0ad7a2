"""Reads purchase documents: bytes in, a `Reading` out. Knows no database and no queue.

`read` works in this process and trusts the bytes to be harmless; `ocr.sandbox.read_limited` is the
same with walls around it, and is what anything that takes files from strangers calls.
"""

from __future__ import annotations

from collections.abc import Sequence

from ocr.reading import Hints, ReadResult, SourceFile, Unreadable, UnreadableReason

__all__ = ["Hints", "ReadResult", "SourceFile", "Unreadable", "UnreadableReason", "read"]

_NO_HINTS = Hints()


def read(files: Sequence[SourceFile], *, hints: Hints = _NO_HINTS) -> ReadResult:
    """Read one document from its files, which are its pages in order: any of the accepted kinds.

    A structured e-invoice among the files is the document; the rest is its print-out. Raises
    `Unreadable` with a typed reason for files that cannot be read.
    """
    from ocr import route  # noqa: PLC0415  (the models of a reading need no reader)

    return route.read(files, hints=hints)
