"""The documents that reading is measured on, with the truth beside each."""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from ocr import structured, truth_schema

PROJECT = Path(__file__).resolve().parents[2]
SHARED = PROJECT.parent / "shared"
KSEF_XML, KSEF_PRINTS = "ksef_xml", "ksef_prints"
GENERATED = "generated"

_KSEF_HEADER = (
    "seller_vat_id",
    "buyer_vat_id",
    "invoice_number",
    "ksef_number",
    "issue_date",
    "currency",
    "total_gross",
)


@dataclass(frozen=True, slots=True)
class Document:
    """One file, the set it belongs to, and its truth in schema 1."""

    set_name: str
    doc_id: str
    file: Path
    truth: dict[str, Any]

    @property
    def pdf(self) -> bool:
        return self.file.suffix == ".pdf"

    @property
    def pixels(self) -> bool:
        """Whether there is nothing but pixels to read: no text layer, no XML."""
        if self.pdf:
            return self.truth.get("capture") not in (None, "pdf-text")
        return self.file.suffix != ".xml"


def all_documents(generated: Path | None = None) -> Iterator[Document]:
    """Everything that is there: reference documents, e-invoices and their prints, our own."""
    yield from _with_truth_folders(SHARED / "documents")
    yield from _ksef_xml(SHARED / "ksef")
    yield from _ksef_prints(SHARED / "ksef")
    if generated is not None:
        yield from _generated(generated)


def _with_truth_folders(root: Path) -> Iterator[Document]:
    for folder in sorted(root.glob("*/truth")):
        for file in sorted(folder.glob("*.json")):
            truth = json.loads(file.read_text("utf-8"))
            document = folder.parent / truth["file"]
            yield Document(folder.parent.name, truth["doc_id"], document, truth)


def _ksef_xml(root: Path) -> Iterator[Document]:
    """E-invoices; the truth is the header and the number of rows that the manifest counted."""
    listing = root / "xml" / "manifest.json"
    if not listing.is_file():
        return
    for entry in json.loads(listing.read_text("utf-8")):
        truth: dict[str, Any] = {
            "doc_id": Path(entry["file"]).stem,
            "seller_vat_id": entry["seller"].get("nip"),
            "buyer_vat_id": entry["buyer"].get("nip"),
            "invoice_number": entry["P_2"],
            "issue_date": entry["P_1"],
            "currency": entry["waluta"],
            "total_gross": entry["P_15"],
            "line_count": entry["fa_wiersz"] or entry["zamowienie_wiersz"],
        }
        scored = [name for name, value in truth.items() if value is not None and name != "doc_id"]
        yield Document(KSEF_XML, truth["doc_id"], root / entry["file"], truth | {"scored": scored})


def _ksef_prints(root: Path) -> Iterator[Document]:
    """Print-outs; the truth is the XML behind each, read by the structured reader."""
    listing = root / "pdf" / "truth.json"
    if not listing.is_file():
        return
    for entry in json.loads(listing.read_text("utf-8")):
        file = root / entry["pdf"]
        reading = structured.read_xml((root / entry["xml"]).read_bytes())
        truth = truth_schema.from_reading(reading, doc_id=file.stem)
        truth["ksef_number"] = entry["ksef_number"]
        scored = [name for name in _KSEF_HEADER if truth.get(name)]
        yield Document(
            KSEF_PRINTS,
            file.stem,
            file,
            truth | {"scored": scored, "lines_scored": bool(truth["lines"])},
        )


def _generated(root: Path) -> Iterator[Document]:
    """What `python -m demo.documents` wrote: `<number>_<kind>.<ending>` beside its truth."""
    for file in sorted(root.rglob("*.json")):
        truth = json.loads(file.read_text("utf-8"))
        kind = file.stem.partition("_")[2] or file.stem
        yield Document(f"{GENERATED} {kind}", truth["doc_id"], file.parent / truth["file"], truth)
