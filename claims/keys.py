"""The natural keys that a reading gives a purchase: as columns, and as unique texts."""

from __future__ import annotations

from collections.abc import Mapping
from enum import StrEnum
from typing import Any

from claims.identity import normalise_number, skeleton
from claims.purchase_tables import PurchaseKind
from core.money import to_grosze
from ocr import identifiers
from ocr.reading import DocumentKind as ReadKind
from ocr.reading import Reading, Value


class HeldReason(StrEnum):
    """What made a document look like an earlier one, strongest first."""

    SAME_FILE = "same_file"
    SAME_KSEF = "same_ksef"
    SAME_NUMBER = "same_number"
    SAME_RECEIPT = "same_receipt"
    RECEIPT_INVOICE = "receipt_invoice"  # an invoice to a receipt, and that receipt
    SIMILAR_NUMBER = "similar_number"
    SAME_TOTAL = "same_total"
    SIMILAR_PICTURE = "similar_picture"


def text_of(value: Value[str] | None) -> str | None:
    """What was read, or `None` for nothing but blanks."""
    return value.value.strip() or None if value is not None else None


def nip_of(value: Value[str] | None) -> str | None:
    """A Polish tax number that holds its checksum, or `None`."""
    if value is None:
        return None
    compact = identifiers.nip_normalised(value.value)
    return compact if compact and identifiers.nip_valid(compact) else None


def keys_of(reading: Reading, *, file_sha256: str | None, ksef_hash: str | None) -> dict[str, Any]:
    """The columns of a purchase that a reading fills. What was only guessed is left out."""
    number = text_of(reading.invoice_number)
    kind = PurchaseKind.RECEIPT if reading.kind is ReadKind.RECEIPT else PurchaseKind.INVOICE
    if kind is PurchaseKind.RECEIPT:
        number = text_of(reading.receipt_number)
    seller = nip_of(reading.seller.vat_id)
    date = reading.issue_date.value if reading.issue_date else None
    gross = reading.total_gross.value if reading.total_gross else None
    number_norm = normalise_number(number) if number else None
    if kind is PurchaseKind.RECEIPT and number_norm is not None:
        # A till's counter starts again and each till has its own: the day belongs to the key.
        number_norm = f"{number_norm}@{date.isoformat()}" if date else None
    return {
        "kind": kind,
        "seller_nip": seller,
        "buyer_nip": nip_of(reading.buyer.vat_id),
        "number": number,
        "number_norm": number_norm if seller else None,
        "number_skeleton": skeleton(number) if number and seller else None,
        "ksef_number": text_of(reading.ksef_number),
        "ksef_hash": ksef_hash,
        "cash_register_id": text_of(reading.cash_register_id),
        "print_number": text_of(reading.print_number),
        "file_sha256": file_sha256,
        "issue_date": date,
        "sale_date": reading.sale_date.value if reading.sale_date else None,
        "total_gross_grosze": to_grosze(gross) if gross is not None else None,
        "currency": text_of(reading.currency) or "PLN",
        "trust": int(reading.trust),
        "of_receipt": any(finding.code == "receipt-invoice" for finding in reading.findings),
    }


def key_texts(keys: Mapping[str, Any]) -> list[tuple[HeldReason, str]]:
    """The texts of `PurchaseKey`, strongest first; the migration writes the same ones."""
    wanted: tuple[tuple[HeldReason, str, tuple[Any, ...]], ...] = (
        (HeldReason.SAME_FILE, "file", (keys["file_sha256"],)),
        (HeldReason.SAME_KSEF, "ksef", (keys["ksef_number"],)),
        (HeldReason.SAME_KSEF, "hash", (keys["ksef_hash"],)),
        (
            HeldReason.SAME_NUMBER,
            "number",
            (keys["seller_nip"], str(keys["kind"]), keys["number_norm"]),
        ),
        (HeldReason.SAME_RECEIPT, "receipt", (keys["cash_register_id"], keys["print_number"])),
    )
    return [
        (reason, ":".join((name, *parts))[:300])
        for reason, name, parts in wanted
        if all(part is not None for part in parts)
    ]


def number_key(seller_nip: str, number: str) -> str:
    """The key of an invoice that another document names."""
    return f"number:{seller_nip}:{PurchaseKind.INVOICE}:{normalise_number(number)}"[:300]


def ksef_key(number: str) -> str:
    return f"ksef:{number}"
