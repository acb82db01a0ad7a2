"""Slips without a fiscal memory, as German and English speaking shops print them: date and sum."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from ocr.reading import Proof, Value
from ocr.receipt_plain_seller import read_plain_seller
from ocr.receipt_rows import Row
from ocr.receipt_text import amounts, find_date, find_time, folded, plain, says

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


def _any(*parts: str) -> re.Pattern[str]:
    return re.compile("|".join(parts))


# How surely a label names what the customer pays, best first.
LABELS = (
    (
        6,
        _any(
            r"GRAND\s?TOTAL|NETT?\s?TOTAL|AFTER\s?ROUND|ROUNDED|BALANCE\s?DUE|AMOUNT\s?DUE",
            r"TOTAL\s?DUE|PAYABLE|ZU\s?ZAHLEN|GESAMT(?!.*(NETTO|MWST))",
        ),
    ),
    (
        5,
        _any(
            r"^\W*(END|KAUF)?SUMME(?!.*(NETTO|MWST|UST))|^\W*TOTAL\s?EUR",
            r"^\W*(END|RECHNUNGS)BETRAG(?!.*(NETTO|MWST))",
            r"^\W*.?UE\b|^\W*NET\b",
        ),
    ),
    (
        4,
        _any(
            r"TOTA[L1I].*(INC|NCL|W/TAX)|(TOTAL|AMOUNT)\s?(SALES\s?)?\(?RM|BILL\s?TOTAL",
            r"TOTAL\s?AMOUNT|TOTAL\s?AMT|\bTL\b",
        ),
    ),
    (3, _any(r"[TLI]OTA[L1I]\b|[TLI]OTA[L1I]\W*RM|^\W*BETRAG|^\W*TOTAL")),
    (1, _any(r"^\W*(BETRAG|AMOUNT|NETTO-?BETRAG|NET)\b")),
)
SUBTOTAL = _any(r"SUB\s?-?\s?TO?TAL|ZWISCHENSUMME")
NOT_THE_SUM = _any(
    r"QTY|QUANTITY|EXC[LI]|TAX\s?TOTAL|(GST|TAX)\s?PAYABLE|SAVING|DISCOUNT|ACCEPTED|SUPPLIES",
    r"TOTAL\s?(GST|TAX|SAVING|DISC|ITEM|QTY|PAID|\d\s?%)|PUNKTE|UMSATZ\s?VON|TENDER|\bITEMS\b",
    r"ITEM\(S\)|TYPE|POINT|SERV",
)
TAX_PART = _any(
    r"(GST|SST|TAX|VAT|G[S5]T|CST|GUT)\s*(SUMMARY|ANALYSIS|MARY)|^\W*MWST\b.*NETTO",
    r"STEUER\s*%|MWST.CODE",
)
PAID = _any(
    r"^\W*(CASH|VISA|MASTER|DEBIT|CREDIT|PAID|PAY\b|PAYMENT|TENDER|RECEIVED|RECSIVED|GEGEBEN|BAR\b",
    r"EC[\s-]?(KARTE|CASH)|EC\b|MAESTRO|AMEX|V\s?-?PAY|PAYPAL|KREDITKARTE|GIROCARD|KARTE|MASTERCARD|ECC|EUROCARD|KARTENZAHLUNG|NETS|CARD)",
)
CHANGE = _any(r"CHANGE|CHANG|RUCKGELD|ZURUCK")
_OTHER_DOLLAR = re.compile(r"\b(S|A|C|CA|AU|NZ|HK|SG)\$|\b(SGD|AUD|CAD|NZD|HKD|ABN|GST|HST)\b")
# `78 10`, `.78-10`: the point was seen as a dash, leaders before it as a point.
_SPLIT = re.compile(r"(?<!\d)(?<!\d[.,])(\d{1,6})[ -](\d{2})\s*$")
_MONEY_SIGN = re.compile(r"(?<=RM)[O0](?=[.,])|(?<=RM)O")
_ROUNDING = re.compile(r"ROUND")
_CENTS = re.compile(r"(?<!\d)0?[.,](0\d)(?!\d)")
_ROWS_BEHIND = 2
_NOT_A_SALE = _any(r"GULTIG|EXP|VALID|PRN ON|PRINTED|BIRTH|MEMBER SINCE")


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
    when = _date(rows, today)
    return Plain(
        read_plain_seller(rows), when, _time(rows), _total(rows), _currency(rows, language)
    )


def _date(rows: Sequence[Row], today: date | None) -> Value[date] | None:
    """The first date that says it is one, else the first; expiry and print dates come last."""
    best: tuple[int, Row, date] | None = None
    for row in rows:
        found = find_date(row.text, today)
        if found is None:
            continue
        text = folded(row.text)
        rank = 0 if _NOT_A_SALE.search(text) else 2 if says(text, "DATE", "DATUM") else 1
        if best is None or rank > best[0]:
            best = (rank, row, found)
    if best is None:
        return None
    _, row, found = best
    return Value(found, Proof.READ, row.confidence, row.box, row.text)


def _time(rows: Sequence[Row]) -> Value[str] | None:
    for row in rows:
        if (says(row.text, "TIME", "UHRZEIT", "ZEIT") or find_date(row.text)) and (
            found := find_time(plain(row.text))
        ):
            return Value(found, Proof.READ, row.confidence, row.box, row.text)
    return None


def _total(rows: Sequence[Row]) -> Value[Decimal] | None:
    """What the customer pays: the best label, unless payments and taxes agree on another amount."""
    sums = _Sums()
    for place in range(len(rows)):
        sums.look_at(rows, place)
    witnesses = sums.witnesses
    # A sum before tax is what the customer pays only where payment or taxes say so.
    candidates = sums.candidates or [s for s in sums.subtotals if s[2] in (*witnesses, *sums.taxed)]
    if not candidates:
        return sums.paid_exactly()
    _, place, value, row = max(
        candidates,
        key=lambda c: (
            c[0] + 2 * (c[2] in witnesses) + (sum(o[2] == c[2] for o in candidates) > 1),
            c[1],
        ),
    )
    if place < sums.off_at and (rounded := sums.rounded(value)) is not None:
        value, row = rounded
    told = sums.told_again(value, row)
    proof = Proof.ARITHMETIC if told != value or value in witnesses else Proof.READ
    return Value(told, proof, row.confidence, row.box, row.text)


class _Sums:
    """Amounts of a slip by what they say of its sum."""

    def __init__(self) -> None:
        self.candidates: list[tuple[int, int, Decimal, Row]] = []  # rank, place, amount
        self.subtotals: list[tuple[int, int, Decimal, Row]] = []
        self.taxed: list[Decimal] = []  # net and tax of one rate together
        self.gross: list[Decimal] = []  # of one rate, on rows where net + tax = gross
        self.paid: list[Decimal] = []
        self.paid_on: Row | None = None
        self.change = Decimal(0)
        self.off: Decimal | None = None  # how much was rounded off or up
        self.off_at = 0
        self.behind: list[tuple[Decimal, Row]] = []  # on the rows under the rounding
        self._in_taxes = False

    def look_at(self, rows: Sequence[Row], place: int) -> None:
        row = rows[place]
        text = folded(_MONEY_SIGN.sub("0", row.text))
        found = _money_of(text)
        if TAX_PART.search(text):
            self._in_taxes = True
            return
        if CHANGE.search(text):
            self.change = abs(found[-1]) if found else self.change
            return
        if self._in_taxes and len(found) == 2:
            self.taxed.append(found[0] + found[1])
        if "%" in text and len(found) > 2 and found[-3] + found[-2] == found[-1]:
            self.gross.append(found[-1])
        if _ROUNDING.search(text) and (cents := _CENTS.search(text)):
            self.off = Decimal(cents[1]).scaleb(-2)
            self.off_at = place
        elif self.off is not None and found and len(self.behind) < _ROWS_BEHIND:
            # Cash is rounded where the total is not.
            self.behind += [] if PAID.search(text) else [(found[-1], row)]
        other = NOT_THE_SUM.search(text)
        rank = 0 if other else next((r for r, p in LABELS if p.search(text)), 0)
        if rank and found and SUBTOTAL.search(text):
            self.subtotals.append((0, place, found[-1], row))
            return
        if rank and not found and place + 1 < len(rows):
            found = _alone(rows[place + 1]) or (_alone(rows[place - 1]) if place else [])
        if rank and found and found[-1] > 0:
            self.candidates.append((rank - 3 * self._in_taxes, place, found[-1], row))
        elif found and (PAID.search(text) or says(text, "CASH", "VISA", "MASTERCARD")):
            self.paid.append(abs(found[-1]))
            self.paid_on = row

    @property
    def witnesses(self) -> list[Decimal]:
        """Amounts that were paid, with and without the change, and the gross sums of all rates."""
        paid = [amount - self.change for amount in self.paid] + self.paid
        return [*paid, sum(self.gross, Decimal(0))] if self.gross else paid

    def rounded(self, value: Decimal) -> tuple[Decimal, Row] | None:
        """The sum after rounding, where it is printed again as such or was paid."""
        if not self.off:
            return None
        ends = (value - self.off, value + self.off)
        told = [(a, r) for a, r in self.behind if a in ends]
        told += [(c[2], c[3]) for c in self.candidates if c[2] in ends and c[1] > self.off_at]
        return told[0] if told and value not in self.witnesses else None

    def paid_exactly(self) -> Value[Decimal] | None:
        """What was paid less the change, where the sum itself could not be read."""
        if len(self.paid) != 1 or self.paid_on is None or self.paid[0] <= self.change:
            return None
        row = self.paid_on
        return Value(self.paid[0] - self.change, Proof.READ, row.confidence, row.box, row.text)

    def told_again(self, value: Decimal, row: Row) -> Decimal:
        """The amount that taxes and payment, or two other labels, agree on, one figure away."""
        kinds = [
            {sum(self.gross, Decimal(0))},
            {amount - self.change for amount in self.paid} | set(self.paid),
            {c[2] for c in self.candidates if c[3] is not row},
        ]
        if any(value in kind for kind in kinds):
            return value
        near = [
            other
            for other in set().union(*kinds)
            if _one_figure_apart(value, other) and sum(other in kind for kind in kinds) > 1
        ]
        return near[0] if len(near) == 1 else value


def _one_figure_apart(one: Decimal, other: Decimal) -> bool:
    a, b = f"{one:.2f}", f"{other:.2f}"
    return len(a) == len(b) and sum(x != y for x, y in zip(a, b, strict=True)) == 1


def _money_of(text: str) -> list[Decimal]:
    found = [a.value for a in amounts(re.sub(r"(?<=[A-Z€$])(?=\d)", " ", text))]
    if not found and (hit := _SPLIT.search(text)):
        found = [Decimal(f"{hit[1]}.{hit[2]}")]
    return found


def _alone(row: Row) -> list[Decimal]:
    """The amount of a row that holds nothing else: its label stands on the row beside it."""
    if re.search(r"[A-Za-z](?<!R)(?<!RM)", row.text):
        return []
    found = [a.value for a in amounts(row.text)]
    return found if len(found) == 1 else []


def _currency(rows: Sequence[Row], language: str) -> Value[str] | None:
    texts = [folded(row.text) for row in rows]
    if language == "de" or any(re.search(r"€|\bEUR\b|\bEURO\b", text) for text in texts):
        return Value("EUR", Proof.READ)
    if any(re.search(r"\(RM\)|\bRM\s?\d|\bRM\b|\bMYR\b|\bSDN\b", text) for text in texts):
        return Value("MYR", Proof.READ)
    if any("£" in text for text in texts):
        return Value("GBP", Proof.READ)
    if any("$" in text for text in texts) and not any(_OTHER_DOLLAR.search(t) for t in texts):
        return Value("USD", Proof.READ)
    return None
