"""A reading as the JSON that documents are scored with, plus how each value is known and where."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from decimal import Decimal
from enum import StrEnum
from typing import Any

from ocr import numbers, value_findings
from ocr.equations import PRICE_BASES
from ocr.reading import (
    Box,
    Correction,
    Discount,
    DocumentKind,
    Finding,
    Line,
    Proof,
    RateTotal,
    Reading,
    Unreadable,
    Value,
)
from ocr.xml_source import decimal_in

SCHEMA = 1
Told = Mapping[str, Sequence[str]]  # path of a value → codes of the findings about it
_LINE_FIELDS = (
    "description",
    "quantity",
    "unit",
    "unit_price_net",
    "unit_price_gross",
    "line_net",
    "line_gross",
    "vat_rate",
    "gtin",
    "article_no",
)
_EXTRA_LINE_FIELDS = ("discount",)
_HEADER_FIELDS = (
    "invoice_number",
    "ksef_number",
    "receipt_number",
    "print_number",
    "cash_register_id",
    "system_number",
    "issue_date",
    "sale_date",
    "issue_time",
    "currency",
    "total_net",
    "total_vat",
    "total_gross",
    "amount_due",
)


def from_reading(reading: Reading, *, doc_id: str, file: str = "") -> dict[str, Any]:
    """Schema 1: numbers are decimal strings with a point, dates ISO, null what was not read.

    Beyond the schema: `values` (field → proof, confidence, box, raw, and the codes of the findings
    about it) for the document and for each line and rate, `codes`, `trust`, `findings` (each with
    the paths of the values that it is about, missing ones too), `rate_totals`, `correction`,
    `pages`, `route`, `seconds`.
    A box is [page, x0, y0, x1, y1] with fractions of the shown page. A price that the document
    states for several units is given as stated, with `price_basis`, the number of units.
    """
    values: dict[str, Value[Any] | None] = {
        "seller_name": reading.seller.name,
        "seller_vat_id": reading.seller.vat_id,
        "buyer_name": reading.buyer.name,
        "buyer_vat_id": reading.buyer.vat_id,
    }
    values |= {name: getattr(reading, name) for name in _HEADER_FIELDS}
    told = value_findings.by_path(reading)
    # The schema's receipt number is the one above the lines, which a reading calls print number.
    values["receipt_number"] = reading.print_number or reading.receipt_number
    return {
        "schema": SCHEMA,
        "doc_id": doc_id,
        "file": file,
        "doc_type": _doc_type(reading.kind),
        "kind": reading.kind.value,  # tells an advance from a sale, which the truth does not
        "language": reading.language,
        **{name: _plain(value) for name, value in values.items()},
        "discounts": [_discount(discount) for discount in reading.discounts],
        "lines": [
            _line(line, told, f"lines[{place}].") for place, line in enumerate(reading.lines)
        ],
        "values": _known(values, told),
        "rate_totals": [
            _rate_total(total, told, f"rate_totals[{place}].")
            for place, total in enumerate(reading.rate_totals)
        ],
        "correction": _correction(reading.correction),
        "invoice_type": reading.invoice_type,
        "route": reading.route,
        "engine": reading.engine,
        "seconds": reading.seconds,
        "codes": [
            {"kind": code.kind, "format": code.format, "text": code.text, "box": _box(code.box)}
            for code in reading.codes
        ],
        "trust": {"level": int(reading.trust), "evidence": list(reading.trust_evidence)},
        "document_sha256": reading.document_sha256,
        "findings": [_finding(finding, reading) for finding in reading.findings],
        "pages": [
            {
                "number": page.number,
                "width_px": page.width_px,
                "height_px": page.height_px,
                "turned": page.turned,
                "engine": page.engine,
            }
            for page in reading.pages
        ],
    }


def from_unreadable(error: Unreadable, *, doc_id: str, file: str = "") -> dict[str, Any]:
    """The same for a document that gave no reading: why, and no values."""
    return {
        "schema": SCHEMA,
        "doc_id": doc_id,
        "file": file,
        "lines": [],
        "unreadable": {"reason": error.reason.value, "facts": error.facts},
    }


def _doc_type(kind: DocumentKind) -> str:
    return "invoice" if kind is DocumentKind.ADVANCE_INVOICE else kind.value


def _line(line: Line, told: Told, prefix: str) -> dict[str, Any]:
    values = {name: getattr(line, name) for name in _LINE_FIELDS + _EXTRA_LINE_FIELDS}
    record: dict[str, Any] = {name: _plain(value) for name, value in values.items()}
    if basis := _price_basis(line.unit_price_net):
        assert line.unit_price_net is not None
        record |= {"unit_price_net": _plain(_stated(line.unit_price_net)), "price_basis": basis}
    for name in ("unit_delta", "value_delta"):
        if getattr(line, name) is not None:
            record[name] = _plain(getattr(line, name))
    return record | {
        "position": line.position,
        "values": _known(values, told, prefix),
        "box": _box(line.box),
    }


def _price_basis(price: Value[Decimal] | None) -> str | None:
    """For how many units the document states its price; None for the usual one."""
    stated = _stated(price)
    if price is None or stated is None or stated == price.value:
        return None
    return format((stated / price.value).quantize(Decimal("0.001")).normalize(), "f")


def _stated(price: Value[Decimal] | None) -> Decimal | None:
    """The price as the document states it, where that may be one for several units."""
    if price is None or not price.value:
        return None
    if price.proof is Proof.STRUCTURED:
        return decimal_in(price.raw)
    printed = [price.value * base for base in PRICE_BASES]
    found = (number.value for number in numbers.numbers(price.raw))
    return next((value for value in found if value in printed), None)


def _discount(discount: Discount) -> dict[str, Any]:
    return {
        "applies_to": discount.applies_to,
        "amount": _plain(discount.amount),
        "vat_rate": discount.vat_rate,
        "label": discount.label,
        "values": _known({"amount": discount.amount}, {}),
    }


def _rate_total(total: RateTotal, told: Told, prefix: str) -> dict[str, Any]:
    values = {"net": total.net, "vat": total.vat, "gross": total.gross}
    plain = {name: _plain(value) for name, value in values.items()}
    return {"vat_rate": total.vat_rate, **plain, "values": _known(values, told, prefix)}


def _correction(correction: Correction | None) -> dict[str, Any] | None:
    if correction is None:
        return None
    return {
        "encoding": correction.encoding,
        "reason": correction.reason,
        "needs_person": correction.needs_person,
        "originals": [
            {
                "number": original.number,
                "issue_date": original.issue_date.isoformat() if original.issue_date else None,
                "ksef_number": original.ksef_number,
            }
            for original in correction.originals
        ],
    }


def _finding(finding: Finding, reading: Reading) -> dict[str, Any]:
    return {
        "code": finding.code,
        "severity": finding.severity.value,
        "facts": dict(finding.facts),
        "values": list(value_findings.paths(finding, reading)),
        "box": _box(finding.box),
    }


def _known(values: dict[str, Value[Any] | None], told: Told, prefix: str = "") -> dict[str, Any]:
    return {
        name: {
            "proof": value.proof.value,
            "confidence": round(value.confidence, 4),
            "box": _box(value.box),
            "raw": value.raw,
            "findings": told.get(prefix + name, []),
        }
        for name, value in values.items()
        if value is not None
    }


def _box(box: Box | None) -> list[float] | None:
    if box is None:
        return None
    return [box.page, *_rounded((box.x0, box.y0, box.x1, box.y1))]


def _rounded(fractions: Iterable[float]) -> list[float]:
    return [round(fraction, 5) for fraction in fractions]


def _plain(value: Any) -> Any:
    if isinstance(value, Value):
        value = value.value
    if isinstance(value, Decimal):
        return format(value, "f")
    if isinstance(value, StrEnum):
        return value.value
    if hasattr(value, "isoformat"):
        return value.isoformat()
    return value
