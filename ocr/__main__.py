"""The command `python -m ocr`: reads documents and prints or writes what was read."""

from __future__ import annotations

import argparse
import errno
import io
import json
import os
import re
import stat
import sys
import time
from collections.abc import Sequence
from contextlib import suppress
from hashlib import sha256
from pathlib import Path
from typing import Any

from ocr import sandbox, truth_schema
from ocr.reading import SourceFile, Unreadable, UnreadableReason

_LARGEST_READ = 64 << 20  # enough to be refused by its size
_MISSING = "file-missing"
_WHY_NOT_OPENED = {
    FileNotFoundError: "there is no such file",
    IsADirectoryError: "a folder; name the files in it, as in {name}/*.pdf",
    PermissionError: "no permission to read it",
}
# Control characters, and those that turn the direction of writing; not the ends of our own lines.
_UNSHOWN = re.compile("[\x00-\x08\x0b-\x1f\x7f-\x9f\u200e\u200f\u202a-\u202e\u2066-\u2069]")
_UNSHOWN_NAME = re.compile(f"[\t\n\u2028\u2029]|{_UNSHOWN.pattern}")
_LONGEST_NAME = 230  # bytes; file systems take 255
_STOPPED = 130  # what a shell calls a command that Ctrl-C ended
_EXIT_CODES = (
    "exit codes: 0 every document has its answer, be it that it is unreadable and why; "
    "1 a file could not be opened; 2 the command line or a folder in it is wrong, or an answer "
    "could not be written; 130 stopped with Ctrl-C"
)
_SENTENCES = {
    UnreadableReason.EMPTY: "the file is empty",
    UnreadableReason.UNSUPPORTED_TYPE: (
        "read are JPEG, PNG, WebP, HEIC, PDF and e-invoices in XML; save it as one of them"
    ),
    UnreadableReason.DAMAGED: "the file is damaged; save or export it anew",
    UnreadableReason.ENCRYPTED: "the file needs a password; save it without one",
    UnreadableReason.TOO_LARGE: "the file or its picture is too large",
    UnreadableReason.TOO_MANY_PAGES: "the document has too many pages",
    UnreadableReason.TOO_COMPLEX: "the file is more complex than any invoice",
    UnreadableReason.TOO_SLOW: "reading took too long",
    UnreadableReason.PARSER_CRASHED: "the file broke the program that reads it",
    UnreadableReason.FORBIDDEN_XML: "the XML declares a DTD or entities",
    _MISSING: "the file could not be opened",
}


def main(arguments: Sequence[str] | None = None) -> int:
    """0 when every document got its answer (a typed refusal is one), 1 when a file is missing.

    2 when an answer could not be written, 130 when Ctrl-C ended it.
    """
    options = _options(arguments)
    for stream in (sys.stdout, sys.stderr):
        if isinstance(stream, io.TextIOWrapper):  # A terminal may know fewer letters than we do.
            stream.reconfigure(errors="backslashreplace")
    try:
        code = _answered(options)
        if sys.stdout is not None:  # None where it was closed before we began.
            sys.stdout.flush()
    except KeyboardInterrupt:
        _progress("")
        print("stopped; the documents answered so far keep their answers", file=sys.stderr)
        return _STOPPED
    except BrokenPipeError:  # `… | head` has seen enough
        _close_output()
        return 0
    except OSError as error:  # The output is a file on a full disk.
        print(f"cannot go on: {_shown(error.strerror or str(error))}", file=sys.stderr)
        _close_output()
        return 2
    return code


def _close_output() -> None:
    """What is still to be flushed goes nowhere."""
    os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())


def _answered(options: argparse.Namespace) -> int:
    documents = [options.files] if options.join else [[file] for file in options.files]
    for directory in (options.json_dir, options.images_dir):
        try:
            if directory:
                directory.mkdir(parents=True, exist_ok=True)
        except OSError as error:
            print(
                f"{_shown(str(directory))}: cannot be a folder for answers: {error.strerror}",
                file=sys.stderr,
            )
            return 2
    if options.schema_dir and not options.schema_dir.is_dir():
        print(f"{_shown(str(options.schema_dir))}: no such folder of schema files", file=sys.stderr)
        return 2
    missing = unwritten = 0
    sources = _places(options.files)
    for number, (files, doc_id) in enumerate(zip(documents, _ids(documents), strict=True)):
        _progress(f"{number}/{len(documents)} {_shown(doc_id)}" if len(documents) > 1 else "")
        record, images = _read(files, doc_id=doc_id, options=options)
        _progress("")
        missing += record.get("unreadable", {}).get("reason") == _MISSING
        if not options.json_dir:
            print(_UNSHOWN.sub(_escaped, json.dumps(record, ensure_ascii=False, indent=1)))
        elif _written(options.json_dir / f"{doc_id}.json", _json(record), sources):
            print(_shown(_summary(record)))
        else:
            unwritten += 1
        if options.images_dir:
            for page, image in enumerate(images, start=1):
                if not _written(options.images_dir / f"{doc_id}-{page}.jpg", image, sources):
                    unwritten += 1
                    break
    if unwritten:
        return 2
    return 1 if missing else 0


def _options(arguments: Sequence[str] | None) -> argparse.Namespace:
    parser = argparse.ArgumentParser(
        prog="python -m ocr", description="Reads invoices and receipts: picture, PDF, e-invoice."
    )
    commands = parser.add_subparsers(required=True)
    read = commands.add_parser(
        "read",
        help="read documents; each in a limited process of its own",
        epilog=_EXIT_CODES,
    )
    read.add_argument("files", nargs="+", type=Path, metavar="FILE")
    read.add_argument(
        "--json-dir",
        type=Path,
        metavar="DIR",
        help="write DIR/<name>.json for each document and print one line for it",
    )
    read.add_argument(
        "--images-dir", type=Path, metavar="DIR", help="write the upright page images there"
    )
    read.add_argument(
        "--join", action="store_true", help="the files are the pages of one document, in order"
    )
    read.add_argument(
        "--without-xml",
        action="store_true",
        help="pass over the e-invoice inside of a PDF and read its page instead",
    )
    read.add_argument(
        "--schema-dir",
        type=Path,
        metavar="DIR",
        default=os.environ.get("KSEF_SCHEMA_DIR") or None,
        help="schema files to check KSeF invoices with (default: KSEF_SCHEMA_DIR)",
    )
    return parser.parse_args(arguments)


def _progress(told: str) -> None:
    """How far we are, on a terminal only; the next text takes this one's place."""
    if sys.stderr.isatty():
        sys.stderr.write(f"\r\x1b[K{told[:78]}")
        sys.stderr.flush()


def _ids(documents: Sequence[Sequence[Path]]) -> list[str]:
    """File names without their ending; those that would fall together keep it."""
    stems = [files[0].stem for files in documents]
    ids: list[str] = []
    for files, stem in zip(documents, stems, strict=True):
        doc_id = stem if stems.count(stem) == 1 else files[0].name
        doc_id = _short(doc_id)
        while doc_id in ids:
            doc_id += "-again"
        ids.append(doc_id)
    return ids


def _short(doc_id: str) -> str:
    """The name cut where a file system would not take it with what is put behind it."""
    data = os.fsencode(doc_id)
    if len(data) <= _LONGEST_NAME:
        return doc_id
    return f"{data[: _LONGEST_NAME - 9].decode(errors='ignore')}-{sha256(data).hexdigest()[:8]}"


def _read(
    files: Sequence[Path], *, doc_id: str, options: argparse.Namespace
) -> tuple[dict[str, Any], tuple[bytes, ...]]:
    started = time.monotonic()
    names, doc_id = "+".join(_plain(file.name) for file in files), _plain(doc_id)
    try:
        sources = [_source(file) for file in files]
    except OSError as error:
        why = _WHY_NOT_OPENED.get(type(error), error.strerror or "it cannot be opened")
        name = _shown(str(error.filename))
        print(f"{name}: {why.format(name=name)}", file=sys.stderr)
        record = truth_schema.from_unreadable(
            Unreadable(UnreadableReason.EMPTY), doc_id=doc_id, file=names
        )
        return record | {"unreadable": {"reason": _MISSING, "facts": {}}}, ()
    measured = sandbox.measure(
        sources, structured=not options.without_xml, schema_folder=options.schema_dir
    )
    if measured.result is None:
        assert measured.unreadable is not None
        record = truth_schema.from_unreadable(measured.unreadable, doc_id=doc_id, file=names)
        images: tuple[bytes, ...] = ()
    else:
        record = truth_schema.from_reading(measured.result.reading, doc_id=doc_id, file=names)
        images = measured.result.page_images
    record["usage"] = {
        "seconds": round(time.monotonic() - started, 3),
        "cpu_s": round(measured.usage.cpu_s, 3),
        "peak_bytes": measured.usage.peak_bytes,
    }
    return record, images


def _source(file: Path) -> SourceFile:
    # A pipe that nobody writes to would be waited for, a device may never end.
    descriptor = os.open(file, os.O_RDONLY | os.O_NONBLOCK)
    mode = os.fstat(descriptor).st_mode
    if stat.S_ISREG(mode):
        with os.fdopen(descriptor, "rb") as opened:
            return SourceFile(opened.read(_LARGEST_READ), _plain(file.name))
    os.close(descriptor)
    if stat.S_ISDIR(mode):
        raise IsADirectoryError(errno.EISDIR, os.strerror(errno.EISDIR), str(file))
    raise OSError(errno.EINVAL, "no ordinary file, but a pipe or a device", str(file))


def _json(record: dict[str, Any]) -> bytes:
    return json.dumps(record, ensure_ascii=False, indent=1).encode("utf-8", errors="replace")


def _places(files: Sequence[Path]) -> frozenset[tuple[int, int]]:
    """Which files these are, by whatever names."""
    found = []
    for file in files:
        with suppress(OSError):
            known = file.stat()
            found.append((known.st_dev, known.st_ino))
    return frozenset(found)


def _written(path: Path, data: bytes, sources: frozenset[tuple[int, int]]) -> bool:
    """Whole or not at all, so that a run that was broken off can go on; False is told and why.

    No document that is read is written over.
    """
    if _places([path]) & sources:
        print(f"{_shown(str(path))}: is a document to read, not written over", file=sys.stderr)
        return False
    partial = path.with_name(f".{os.getpid()}.part")
    try:
        partial.write_bytes(data)
        partial.replace(path)
    except OSError as error:
        with suppress(OSError):
            partial.unlink(missing_ok=True)
        print(f"{_shown(str(path))}: cannot be written: {error.strerror}", file=sys.stderr)
        return False
    return True


def _plain(name: str) -> str:
    """A file's name as text, whatever bytes it is made of."""
    return os.fsencode(name).decode("utf-8", errors="replace")


def _shown(text: str) -> str:
    """Text of strangers as one line: what would end it or move the cursor is spelt out."""
    return _UNSHOWN_NAME.sub(_escaped, _plain(text))


def _escaped(match: re.Match[str]) -> str:
    return f"\\u{ord(match[0]):04x}"


def _summary(record: dict[str, Any]) -> str:
    seconds = record.get("usage", {}).get("seconds", 0)
    if "unreadable" in record:
        reason = record["unreadable"]["reason"]
        told = f"unreadable: {reason}, {_SENTENCES[reason]}"
    else:
        number = record["invoice_number"] or record["receipt_number"] or "no number"
        total = f"{record['total_gross'] or '?'} {record['currency'] or ''}".strip()
        told = f"{record['doc_type']} {number}, {total}, {len(record['lines'])} lines"
    return f"{record['doc_id']}: {told} ({seconds:.2f} s)"


if __name__ == "__main__":
    sys.exit(main())
