"""The command `python -m ocr`: reads documents and prints or writes what was read."""

from __future__ import annotations

import argparse
import json
import os
import sys
import time
from collections.abc import Sequence
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
_EXIT_CODES = (
    "exit codes: 0 every document has its answer, be it that it is unreadable and why; "
    "1 a file could not be opened; 2 the command line or a folder in it is wrong"
)
_SENTENCES = {
    UnreadableReason.EMPTY: "the file is empty",
    UnreadableReason.UNSUPPORTED_TYPE: "no picture, PDF or e-invoice, nor a ZIP file of one",
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
    """0 when every document got its answer (a typed refusal is one), 1 when a file is missing."""
    options = _options(arguments)
    try:
        return _answered(options)
    except BrokenPipeError:  # `… | head` has seen enough
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return 0


def _answered(options: argparse.Namespace) -> int:
    documents = [options.files] if options.join else [[file] for file in options.files]
    for directory in (options.json_dir, options.images_dir):
        try:
            if directory:
                directory.mkdir(parents=True, exist_ok=True)
        except OSError as error:
            print(f"{directory}: cannot be a folder for answers: {error.strerror}", file=sys.stderr)
            return 2
    if options.schema_dir and not options.schema_dir.is_dir():
        print(f"{options.schema_dir}: no such folder of schema files", file=sys.stderr)
        return 2
    missing = 0
    for number, (files, doc_id) in enumerate(zip(documents, _ids(documents), strict=True)):
        _progress(f"{number}/{len(documents)} {doc_id}" if len(documents) > 1 else "")
        record, images = _read(files, doc_id=doc_id, options=options)
        _progress("")
        missing += record.get("unreadable", {}).get("reason") == _MISSING
        if options.json_dir:
            _write(options.json_dir / f"{doc_id}.json", record)
            print(_summary(record))
        else:
            print(json.dumps(record, ensure_ascii=False, indent=1))
        if options.images_dir:
            for page, image in enumerate(images, start=1):
                (options.images_dir / f"{doc_id}-{page}.jpg").write_bytes(image)
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
        while doc_id in ids:
            doc_id += "-again"
        ids.append(doc_id)
    return ids


def _read(
    files: Sequence[Path], *, doc_id: str, options: argparse.Namespace
) -> tuple[dict[str, Any], tuple[bytes, ...]]:
    started = time.monotonic()
    names = "+".join(file.name for file in files)
    try:
        sources = [_source(file) for file in files]
    except OSError as error:
        why = _WHY_NOT_OPENED.get(type(error), error.strerror or "it cannot be opened")
        print(f"{error.filename}: {why.format(name=error.filename)}", file=sys.stderr)
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
    with file.open("rb") as opened:
        return SourceFile(opened.read(_LARGEST_READ), file.name)


def _write(path: Path, record: dict[str, Any]) -> None:
    """Whole or not at all, so that a run that was broken off can go on."""
    partial = path.with_name(path.name + ".part")
    partial.write_text(json.dumps(record, ensure_ascii=False, indent=1), encoding="utf-8")
    partial.replace(path)


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
