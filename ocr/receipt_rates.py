"""The foot of a fiscal slip: sales and tax per VAT letter, the sum, what is due and paid."""

from __future__ import annotations

import itertools
import re
from collections.abc import Sequence
from dataclasses import dataclass, field
from decimal import ROUND_HALF_UP, Decimal

from ocr.receipt_rows import Row
from ocr.receipt_text import AMOUNT, amounts, folded, plain, says

_CENT = Decimal("0.01")
_PERCENT = re.compile(r"(?<![\d.,])(\d{1,2})(?:\s?[.,]\s?(\d{1,2}))?\s*(?:%|X\b|x\b|℅)")
_TABLE_ROW = re.compile(r"\W*([A-G])\W+(\d{1,2})(?:[.,]0+)?\s*%\s")
_EXEMPT_ROW = re.compile(r"\W*([A-G])\W+(?i:zw(?:ol\w*)?)\b\.?")
_PART_ROW = re.compile(rf"\W*([A-G])\W+(\d{{1,2}})(?:[.,]0+)?\s*%\W*({AMOUNT})\W*(?:ZL|PLN)?\W*")
_TWICE = re.compile(r"\bPTU\s+[A-G]\b|\b(SPRZ\w*|SP)\.?\s*OP\w*\.?\s*(PTU\s+)?[A-G]\b")
_COLON = re.compile(r"(?<=\d):(?=\d\d\W*$)")
_LETTER = re.compile(r"(?:^|[\s.])([A-G8])(?=[\s=:]|$)")
_LETTER_OF = {"8": "B"}


@dataclass(slots=True)
class RateRow:
    """What is printed for one VAT letter; amounts are gross sales and the tax within them."""

    letter: str
    rate: str | None = None
    gross: Decimal | None = None
    vat: Decimal | None = None
    rows: list[Row] = field(default_factory=list)

    @property
    def consistent(self) -> bool:
        """Whether the tax is the rate's share of the gross sales, to a grosz."""
        if self.gross is None or self.vat is None or self.rate is None:
            return False
        return abs(tax_within(self.gross, self.rate) - self.vat) <= _CENT


@dataclass(slots=True)
class Foot:
    """All that is printed under the items, as far as it could be read."""

    rates: dict[str, RateRow]
    totals: list[tuple[Decimal, Row]]  # amounts labelled as the sum, best label first
    due: tuple[Decimal, Row] | None = None
    vat_total: tuple[Decimal, Row] | None = None
    paid: list[Decimal] = field(default_factory=list)
    change: Decimal | None = None
    deposits: Decimal | None = None

    def rate_of(self, letter: str) -> str | None:
        """The rate that the slip prints for a letter."""
        row = self.rates.get(letter)
        return row.rate if row else None

    @property
    def gross_of_rates(self) -> Decimal | None:
        """The sum of the sales of all letters where each was read."""
        found = [row.gross for row in self.rates.values()]
        if not found or any(gross is None for gross in found):
            return None
        return sum((gross for gross in found if gross is not None), Decimal(0))


def tax_within(gross: Decimal, rate: str) -> Decimal:
    """The tax inside a gross amount, rounded half up; zero for exempt sales."""
    if not rate.replace(".", "").isdigit():
        return Decimal(0)
    share = Decimal(rate)
    return (gross * share / (100 + share)).quantize(_CENT, ROUND_HALF_UP)


def opens_foot(text: str) -> bool:
    """Whether a row belongs to the foot, so that no item follows it."""
    if says(text, "PODSUMA", "PODSUMA:", "SUMA CZESCIOWA", "POSREDNIA"):
        return False
    table = _TABLE_ROW.match(text) or _EXEMPT_ROW.match(text)
    if table is not None and len(list(amounts(text[table.end() :]))) == 3:
        return True
    return says(
        text,
        "SPRZEDAZ OPOD*",
        "SPRZED OPOD*",
        "SPRZ OPOD*",
        "SPRZEDAZ ZWOL*",
        "SPRZED ZWOL*",
        "SPRZ ZWOL*",
        "SP OP",
        "SP OPOD*",
        "PTU",
        "KWOTA PTU",
        "SUMA PTU",
        "SUMA",
        "SUMA PLN",
        "RAZEM",
        "RAZEM PLN",
        "OGOLEM",
        "DO ZAPLATY",
    )


def read_foot(rows: Sequence[Row]) -> Foot:
    """Reads the rows under the items, in any order that tills print them."""
    foot = Foot({}, [])
    part = ""  # of the table of rates, after its heading
    weighed: list[tuple[int, Decimal, Row]] = []
    for place, row in enumerate(rows):
        text = row.text
        found = [amount.value for amount in amounts(text)]
        if not found:  # `97:52` is how a faint comma is read; a label tells it from a time.
            text = _COLON.sub(",", text)
            found = [amount.value for amount in amounts(text)]
        part = _part_of(text, found) or part
        if part and _row_of_part(foot, row, part):
            continue
        if _rate_rows(foot, row, found):
            continue
        if not found and says(text, "DO ZAPLATY"):
            below = rows[place + 1].text if place + 1 < len(rows) else ""
            found = [amount.value for amount in amounts(below)]
        if not found:
            continue
        last = found[-1]
        if foot.vat_total is None and (taxed := _taxed_sum(text, found)):
            foot.vat_total = (taxed[0], row)
            weighed.append((2, taxed[1], row))
        elif says(text, "RESZTA", "WYDANO") and foot.change is None:
            foot.change = last
        elif says(text, "DO ZAPLATY", "NALEZNOSC"):
            foot.due = foot.due or (last, row)
        elif says(
            text, "SUMA PTU", "RAZEM PTU", "KWOTA PTU", "PODATEK PTU", "PODATEK", "LACZNA KWOTA"
        ):
            foot.vat_total = foot.vat_total or (last, row)
        elif says(text, "KAUCJ*", "OPAKOWAN*", "OPAKOWANIA"):
            foot.deposits = (foot.deposits or Decimal(0)) + last
        elif says(
            text, "GOTOWKA", "KARTA", "KARTY", "KARTA*", "PLATNOSC", "BLIK", "ZAPLACONO", "WPLATA"
        ):
            foot.paid.append(last)
        elif says(text, "SUMA PLN", "SUMAPLN"):
            weighed.append((3, last, row))
        elif says(text, "SUMA", "RAZEM PLN", "RAZEM", "OGOLEM"):
            weighed.append((2, last, row))
    foot.totals = [(value, row) for _, value, row in sorted(weighed, key=lambda w: -w[0])]
    return foot


def _part_of(text: str, found: Sequence[Decimal]) -> str:
    """`SPRZEDAŻ OPODATKOWANA` or `KWOTA PTU` alone, over rows of letter, rate and amount."""
    if found or any(c.isdigit() for c in text):
        return ""
    if says(text, "SPRZEDAZ OPOD*", "SPRZED OPOD*"):
        return "gross"
    return "vat" if says(text, "KWOTA PTU", "KWOTY PTU", "PTU", "PODATEK") else ""


def _row_of_part(foot: Foot, row: Row, part: str) -> bool:
    """Takes `A 23%   12,00` under such a heading."""
    hit = _PART_ROW.fullmatch(folded(plain(row.text)))
    if hit is None:
        return False
    entry = foot.rates.setdefault(hit[1], RateRow(hit[1]))
    entry.rate = entry.rate or hit[2].lstrip("0") or "0"
    value = next(amounts(hit[3])).value
    if part == "gross":
        entry.gross = value if entry.gross is None else entry.gross
    else:
        entry.vat = value if entry.vat is None else entry.vat
    entry.rows.append(row)
    return True


def _taxed_sum(text: str, found: Sequence[Decimal]) -> tuple[Decimal, Decimal] | None:
    """Tax and gross of `SUMA  546,18  125,62  671,80`: net, tax and gross in one row."""
    if len(found) != 3 or not says(text, "SUMA", "RAZEM", "OGOLEM"):
        return None
    low, middle, high = sorted(found)
    return (low, high) if low and low + middle == high else None


def _rate_rows(foot: Foot, row: Row, found: list[Decimal]) -> bool:
    """Takes a row of the VAT part, or both of one: `PTU A 23% 4,25   PTU B 8% 1,48`."""
    text = row.text
    begins = [hit.start() for hit in _TWICE.finditer(plain(text).upper())]
    if len(begins) < 2:
        return _rate_row(foot, row, text, found)
    parts = [text[a:b] for a, b in itertools.pairwise([*begins, len(text)])]
    if any(len(list(amounts(part))) != 1 for part in parts):
        return _rate_row(foot, row, text, found)
    for part in parts:
        _rate_row(foot, row, part, [amount.value for amount in amounts(part)])
    return True


def _rate_row(foot: Foot, row: Row, text: str, found: list[Decimal]) -> bool:
    """Takes a row of the VAT part: `SPRZEDAŻ OPODATK. A 41,60`, `PTU A 23,00 % 7,78` and kin."""
    text = plain(text)
    percent = _PERCENT.search(text)
    taxed = says(text, "SPRZEDAZ*", "SPRZED*", "SPRZ", "SP OP", "OPOD*", "ZWOLNION*", "ZWOL*")
    taxed = taxed or says(text, "SP ZW")
    if hit := _TABLE_ROW.match(text):
        return _table_row(foot, row, hit, [amount.value for amount in amounts(text[hit.end() :])])
    if (hit := _EXEMPT_ROW.match(text)) and found and set(found) <= {max(found), Decimal(0)}:
        foot.rates[hit[1]] = RateRow(hit[1], "zw", max(found), Decimal(0), [row])
        return True
    about = taxed or says(text, "PTU", "KWOTA", "PODATEK", "VAT")
    if not about or says(text, "SUMA", "LACZNA", "RAZEM"):
        return False
    upto = percent.start() if percent else len(text)
    letters = _LETTER.findall(folded(text[:upto]))
    if not letters:
        return _without_letter(foot, row, percent, found)
    letter = _LETTER_OF.get(letters[-1], letters[-1])
    entry = foot.rates.setdefault(letter, RateRow(letter))
    if percent:
        entry.rate = entry.rate or _rate(percent)
        sales = [abs(a.value) for a in amounts(text[: percent.start()])]
        if sales and entry.gross is None:
            entry.gross = sales[-1]
        found = [abs(a.value) for a in amounts(text[percent.end() :])]
        if len(found) == 2 and entry.gross is None:
            entry.gross = found[0]
        sale = taxed and not sales and not says(text, "PTU", "KWOTA", "PODATEK")
        if len(found) == 1 and sale and entry.gross is None:  # `Sprzedaż opodatk. A = 23 %  12,00`
            entry.gross = found[0]
        elif found and entry.vat is None:
            entry.vat = found[-1]
    elif found and not taxed and entry.vat is None and (entry.gross or entry.rate):
        entry.vat = abs(found[-1])
    elif found and entry.gross is None:
        entry.gross = abs(found[-1])
        if says(text, "ZWOLNION*", "ZWOL*", "SP ZW"):
            entry.rate = "zw"
    entry.rows.append(row)
    return True


def _without_letter(
    foot: Foot, row: Row, percent: re.Match[str] | None, found: Sequence[Decimal]
) -> bool:
    """Takes `PTU 23%: 5,98` under the sales of its letter."""
    last = next(reversed(foot.rates.values()), None)
    if percent is None or len(found) != 1 or last is None or last.gross is None or last.rate:
        return False
    if tax_within(last.gross, rate := _rate(percent)) != found[0]:
        return False
    last.rate, last.vat = rate, found[0]
    last.rows.append(row)
    return True


def _table_row(foot: Foot, row: Row, hit: re.Match[str], found: list[Decimal]) -> bool:
    """`C 5 % 91,60 87,24 4,36`: gross, net and tax of a letter, in whatever order adds up."""
    if len(found) != 3:
        return False
    low, middle, high = sorted(found)
    if low + middle != high:
        return False
    entry = foot.rates.setdefault(hit[1], RateRow(hit[1]))
    entry.rate, entry.gross, entry.vat = hit[2].lstrip("0") or "0", high, low
    entry.rows.append(row)
    return True


def _rate(hit: re.Match[str]) -> str:
    whole, part = hit[1].lstrip("0") or "0", (hit[2] or "").rstrip("0")
    return f"{whole}.{part}" if part else whole
