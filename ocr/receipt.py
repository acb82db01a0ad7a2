"""Till slips: words of a slip to a reading."""

from __future__ import annotations

import re
from collections.abc import Sequence
from datetime import date
from decimal import Decimal

from ocr.identifiers import nip_valid
from ocr.reading import (
    Code,
    DocumentKind,
    Hints,
    Line,
    Page,
    Party,
    Proof,
    Reading,
    Value,
    Word,
)
from ocr.receipt_rows import Row, group

AMOUNT = r"\d{1,6}[.,]\d{2}"
ITEM = re.compile(
    rf"^(?P<name>.*?)\s*(?P<quantity>\d+(?:[.,]\d+)?)?\s*(?:szt\.?)?\s*[x×X*]\s*(?P<price>{AMOUNT})"
    rf"\s*=?\s*(?P<amount>{AMOUNT})\s*(?P<letter>\S)?$"
)
TOTAL = re.compile(rf"(?:SUMA|RAZEM|TOTAL|SUMME)\b(?!.*PTU).*?(?P<amount>{AMOUNT})", re.IGNORECASE)
DATE = re.compile(r"(20\d\d)[-./](\d\d)[-./](\d\d)|(\d\d)[-./](\d\d)[-./](20\d\d)")


def interpret(
    words: Sequence[Word],
    pages: Sequence[Page],
    *,
    hints: Hints,
    codes: tuple[Code, ...] = (),
) -> Reading:
    """The reading of one slip; what is not on it stays empty."""
    del hints
    rows = group(words, pages)
    lines: list[Line] = []
    total: Value[Decimal] | None = None
    for row in rows:
        if (hit := TOTAL.search(row.text)) and total is None:
            total = _value(_decimal(hit["amount"]), row)
        elif (hit := ITEM.match(row.text)) and total is None:
            lines.append(_line(len(lines) + 1, hit, row))
    return Reading(
        kind=DocumentKind.RECEIPT,
        route="photo",
        engine="",
        seller=Party(vat_id=_nip(rows)),
        issue_date=_date(rows),
        total_gross=total,
        lines=tuple(lines),
        codes=codes,
        pages=tuple(pages),
        words=tuple(words),
    )


def _decimal(text: str) -> Decimal:
    return Decimal(text.replace(",", "."))


def _value(value: Decimal, row: Row) -> Value[Decimal]:
    return Value(value, Proof.READ, row.confidence, row.box, row.text)


def _line(position: int, hit: re.Match[str], row: Row) -> Line:
    price, amount = _decimal(hit["price"]), _decimal(hit["amount"])
    quantity = _decimal(hit["quantity"]) if hit["quantity"] else amount / price if price else None
    return Line(
        position=position,
        description=Value(hit["name"], Proof.READ, row.confidence, row.box, hit["name"]),
        quantity=None if quantity is None else _value(quantity, row),
        unit_price_gross=_value(price, row),
        line_gross=_value(amount, row),
        box=row.box,
    )


def _nip(rows: Sequence[Row]) -> Value[str] | None:
    for row in rows:
        if hit := re.search(r"NIP\D{0,3}([\d -]{10,13})", row.text):
            digits = re.sub(r"\D", "", hit[1])
            if nip_valid(digits):
                return Value(digits, Proof.CHECKSUM, row.confidence, row.box, row.text)
    return None


def _date(rows: Sequence[Row]) -> Value[date] | None:
    for row in rows:
        if hit := DATE.search(row.text):
            year, month, day = (hit[1], hit[2], hit[3]) if hit[1] else (hit[6], hit[5], hit[4])
            try:
                found = date(int(year), int(month), int(day))
            except ValueError:
                continue
            return Value(found, Proof.READ, row.confidence, row.box, row.text)
    return None
