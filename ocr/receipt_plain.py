"""Slips without a fiscal memory, as German and English speaking shops print them: date and sum."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from ocr.reading import Proof, Value
from ocr.receipt_plain_dates import read_plain_date
from ocr.receipt_plain_items import goods_of
from ocr.receipt_plain_seller import read_plain_seller
from ocr.receipt_plain_sums import read_total
from ocr.receipt_rows import Row
from ocr.receipt_text import find_date, find_time, folded, plain, says

_GERMAN = (
    "MWST", "SUMME", "UST", "EUR", "EURO", "GMBH", "STEUERNUMMER", "UHRZEIT", "DATUM", "BELEG*",
    "EINKAUF", "DANK", "RUCKGELD", "BAR", "STR", "STRASSE", "KASSE", "BETRAG", "NETTO", "ZAHLEN",
)  # fmt: skip
_ENGLISH = (
    "TOTAL", "CASH", "CHANGE", "INVOICE", "TAX", "GST", "VAT", "DATE", "QTY", "AMOUNT", "THANK",
    "RECEIPT", "CASHIER", "SUBTOTAL", "RM", "TEL", "ITEM", "PRICE", "TIME", "GOODS",
)  # fmt: skip
_POLISH = (
    "PARAGON", "FISKALNY", "PTU", "NIP", "SPRZEDAZ*", "SUMA", "OPODATK*", "GOTOWKA", "KASJER",
    "RESZTA", "UL", "SP", "PLN", "SZT", "RABAT", "OPUST", "RAZEM", "PLATNOSC", "KARTA",
)  # fmt: skip


# `CHE-459.123.651 MWST` is a tax number of Switzerland.
_SWISS = re.compile(r"\bCHF\b|\bSFR\b|\bCHE-?\d{3}")
_OTHER_DOLLAR = re.compile(r"\b(S|A|C|CA|AU|NZ|HK|SG)\$|\b(SGD|AUD|CAD|NZD|HKD|ABN|GST|HST)\b")


@dataclass(frozen=True, slots=True)
class Plain:
    """What can be said of such a slip."""

    seller: Value[str] | None
    when: Value[date] | None
    time: Value[str] | None
    total: Value[Decimal] | None
    currency: Value[str] | None


def language_of(rows: Sequence[Row]) -> str:
    """ "pl", "de" or "en" by the words of the trade; Polish where nothing tells."""
    counts = {"pl": 0, "de": 0, "en": 0}
    for row in rows:
        for name, labels in (("pl", _POLISH), ("de", _GERMAN), ("en", _ENGLISH)):
            counts[name] += says(row.text, *labels)
    best = max(counts, key=lambda name: counts[name])
    return best if counts[best] > counts["pl"] + 1 else "pl"


def read_plain(rows: Sequence[Row], today: date | None, language: str) -> Plain:
    """Seller, date, time, sum and currency."""
    currency = _currency(rows, language)
    return Plain(
        read_plain_seller(rows),
        read_plain_date(rows, today, ringgit=currency is not None and currency.value == "MYR"),
        _time(rows),
        read_total(rows, goods_of(rows)),
        currency,
    )


def _time(rows: Sequence[Row]) -> Value[str] | None:
    for row in rows:
        if (says(row.text, "TIME", "UHRZEIT", "ZEIT") or find_date(row.text)) and (
            found := find_time(plain(row.text))
        ):
            return Value(found, Proof.READ, row.confidence, row.box, row.text)
    return None


def _currency(rows: Sequence[Row], language: str) -> Value[str] | None:
    texts = [folded(row.text) for row in rows]
    if any(_SWISS.search(text) for text in texts):
        return Value("CHF", Proof.READ)
    if language == "de" or any(re.search(r"€|\bEUR\b|\bEURO\b", text) for text in texts):
        return Value("EUR", Proof.READ)
    if any(re.search(r"\(RM\)|\bRM\s?\d|\bRM\b|\bMYR\b|\bSDN\b", text) for text in texts):
        return Value("MYR", Proof.READ)
    if any("£" in text for text in texts):
        return Value("GBP", Proof.READ)
    if any("$" in text for text in texts) and not any(_OTHER_DOLLAR.search(t) for t in texts):
        return Value("USD", Proof.READ)
    return None
