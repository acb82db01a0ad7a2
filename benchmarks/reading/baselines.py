"""Simpler ways to read the same documents, so that the gain of ours can be seen.

The text engines as they come, with the layout code of ours behind them; and two libraries that
read text PDF: tables by their ruling lines, and templates.
"""

from __future__ import annotations

import logging
import tempfile
from collections.abc import Sequence
from functools import lru_cache
from pathlib import Path
from typing import Any

from benchmarks.reading.engine_words import Engine
from benchmarks.reading.score import number
from ocr import truth_schema
from ocr.engines import Image
from ocr.reading import Box, Word

_COLUMNS = {
    "description": (
        "nazwa",
        "description",
        "bezeichnung",
        "beschreibung",
        "product",
        "désignation",
    ),
    "quantity": ("ilość", "ilosc", "quantity", "qty", "menge", "quantité"),
    "unit_price_net": ("cena netto", "cena jedn", "price", "einzelpreis", "nettopreis", "prix"),
    "line_net": ("wartość netto", "wartosc netto", "nettobetrag", "gesamt", "total", "montant"),
    "line_gross": ("wartość brutto", "wartosc brutto", "gross", "brutto"),
    "vat_rate": ("vat", "stawka", "steuersatz", "mwst", "ust", "tva"),
}


def tesseract_words(image: Image, page: int) -> list[Word]:
    """pytesseract with its defaults on the picture as it is."""
    import pytesseract  # noqa: PLC0415

    data = pytesseract.image_to_data(image, lang="pol+eng", output_type=pytesseract.Output.DICT)
    height, width = image.shape[:2]
    words = []
    for text, conf, x, y, w, h in zip(
        *(data[key] for key in ("text", "conf", "left", "top", "width", "height")), strict=True
    ):
        if text.strip():
            box = Box(page, x / width, y / height, (x + w) / width, (y + h) / height)
            words.append(Word(text.strip(), box, max(0.0, float(conf)) / 100, "tesseract"))
    return words


def neural_words(image: Image, page: int) -> list[Word]:
    """The rapidocr package with its defaults on the picture as it is."""
    found = _rapidocr()(image[:, :, ::-1])
    height, width = image.shape[:2]
    words: list[Word] = []
    if found.boxes is None:
        return words
    for corners, text, score in zip(found.boxes, found.txts, found.scores, strict=True):
        x0, y0 = (float(edge) for edge in corners.min(axis=0))
        x1, y1 = (float(edge) for edge in corners.max(axis=0))
        step = (x1 - x0) / max(1, len(text))
        at = 0
        for part in text.split(" "):
            if part:
                left, right = x0 + at * step, x0 + (at + len(part)) * step
                box = Box(page, left / width, y0 / height, right / width, y1 / height)
                words.append(Word(part, box, float(score), "rapidocr"))
            at += len(part) + 1
    return words


TESSERACT = Engine("pytesseract", tesseract_words)
NEURAL = Engine("rapidocr", neural_words)


def warm_neural() -> None:
    """Load the models before forks are made, as the product does."""
    import numpy as np  # noqa: PLC0415

    _rapidocr()(np.full((64, 200, 3), 255, np.uint8))


def ruled_tables(file: Path) -> dict[str, Any]:
    """`pdfplumber.extract_tables`, columns named by their headings; no header fields at all."""
    import pdfplumber  # noqa: PLC0415

    lines: list[dict[str, Any]] = []
    with pdfplumber.open(file) as pdf:
        for page in pdf.pages:
            for table in page.extract_tables():
                lines += _table_lines(table)
    return {"schema": truth_schema.SCHEMA, "doc_id": file.stem, "lines": lines}


def templates(file: Path) -> dict[str, Any]:
    """invoice2data with the templates that it brings."""
    import invoice2data  # noqa: PLC0415

    logging.disable(logging.CRITICAL)
    with tempfile.TemporaryDirectory() as folder:
        copy = Path(folder) / file.name
        copy.write_bytes(file.read_bytes())
        found = invoice2data.extract_data(str(copy), templates=_templates())
    issued = found.get("date")
    return {
        "schema": truth_schema.SCHEMA,
        "doc_id": file.stem,
        "seller_name": found.get("issuer"),
        "seller_vat_id": found.get("vat") or found.get("partner_vat"),
        "invoice_number": found.get("invoice_number"),
        "issue_date": issued.date().isoformat() if issued else None,
        "currency": found.get("currency"),
        "total_gross": _text(found.get("amount")),
        "total_net": _text(found.get("amount_untaxed")),
        "total_vat": _text(found.get("amount_tax")),
        "lines": [
            {
                "description": line.get("name") or line.get("description"),
                "quantity": _text(line.get("qty") or line.get("quantity")),
                "unit_price_net": _text(line.get("price_unit")),
                "line_net": _text(line.get("price_subtotal") or line.get("line_total")),
            }
            for line in found.get("lines") or []
            if isinstance(line, dict)
        ],
    }


@lru_cache(maxsize=1)
def _rapidocr() -> Any:
    from rapidocr import RapidOCR  # noqa: PLC0415

    logging.disable(logging.INFO)
    return RapidOCR(
        params={
            "EngineConfig.onnxruntime.intra_op_num_threads": 1,
            "EngineConfig.onnxruntime.inter_op_num_threads": 1,
        }
    )


@lru_cache(maxsize=1)
def _templates() -> Any:
    from invoice2data.extract.loader import read_templates  # noqa: PLC0415

    return read_templates()


def _table_lines(table: Sequence[Sequence[str | None]]) -> list[dict[str, Any]]:
    columns: dict[str, int] = {}
    lines = []
    for row in table:
        cells = [(cell or "").replace("\n", " ").strip() for cell in row]
        named = {
            name: next(
                (
                    place
                    for place, cell in enumerate(cells)
                    if any(word in cell.casefold() for word in words)
                ),
                None,
            )
            for name, words in _COLUMNS.items()
        }
        found = {name: place for name, place in named.items() if place is not None}
        if {"description", "quantity"} <= set(found):
            columns = found
        elif columns and max(columns.values()) < len(cells):
            line: dict[str, Any] = {name: cells[place] for name, place in columns.items()}
            if number(line.get("quantity")) is not None:
                lines.append(line)
    return lines


def _text(value: object) -> str | None:
    return None if value in (None, "") else str(value)
