"""Compares an e-invoice with the page that it came inside of, or beside. Pure.

A hybrid PDF shows a person one thing and a program another if its maker wants it so. The XML is
read, the page is what the buyer saw: where they differ, a person has to look.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from itertools import pairwise

from ocr import identifiers, numbers
from ocr.reading import DocumentKind, Finding, Line, Reading, Severity, Value, Word

_FEW_WORDS = 40  # less may be a stamp, not a print of the invoice
_SHOWN_LINES = 200
_NAMED_LINES = 20
_NEAR = 6  # rows of print above and below an amount that its name may stand in
_CLOSE = 1  # the same for its quantity
_LONG_WORD = 3  # letters; shorter ones stand everywhere
_NAME_WORDS = 12
_ROUNDED = Decimal("0.5")
_NUMBER = re.compile(r"\d+(?:[.,'’]\d+)*")
_MONEY = re.compile(r"[\d.,'’]*\d[.,]\d{2}")
_PLACES = 40  # where an amount may stand; more are a column of equal amounts


def differences(reading: Reading, words: Sequence[Word]) -> tuple[Finding, ...]:
    """A warning `print-differs-from-xml` naming each fact of the XML that the page does not show.

    Facts: `missing` (field names), `lines` (how many lines the page does not show so), `positions`
    (of those whose amount stands beside another quantity or name). Looked for are number, total,
    seller's tax number and of each line its amount, with its quantity and the words of its name
    around it; buyer's tax number and day of issue where the page shows others instead. Of a page of
    few words only what contradicts counts: it may be a stamp. Nothing is said about pages without a
    text layer, and about documents that are no invoice.
    """
    if not words or reading.kind is DocumentKind.OTHER:
        return ()
    page = _folded("".join(word.text for word in words))
    missing = [
        name
        for name, value in (
            ("invoice_number", reading.invoice_number),
            ("total_gross", reading.total_gross),
            ("seller_vat_id", reading.seller.vat_id),
        )
        if value is not None and not _shown(value, page)
    ]
    if len(words) < _FEW_WORDS:
        if not _states_another(reading, words, missing):
            return ()
        facts = (("missing", " ".join(missing)), ("lines", "0"), ("positions", ""))
        return (Finding("print-differs-from-xml", Severity.WARNING, facts),)
    missing += _contradicted(reading, words, page)
    rows = _rows(words)
    lines = [line for line in reading.lines[:_SHOWN_LINES] if line.line_net or line.line_gross]
    amounts = [line for line in lines if not _shown(_amount(line), page)]
    # Some programs print other amounts of a line than they send: gross for net, before a discount.
    hidden = len(amounts) if len(amounts) * 2 > len(lines) else 0
    others = [line for line in lines if line not in amounts and not _told(line, rows)]
    count = hidden + len(others)
    # Some prints have the seller's number in a picture; one that shows another's is no such print.
    alone = missing == ["seller_vat_id"] and not _other_sellers(reading, words)
    if not count and (not missing or alone):
        return ()
    positions = " ".join(str(line.position) for line in others[:_NAMED_LINES])
    facts = (("missing", " ".join(missing)), ("lines", str(count)), ("positions", positions))
    return (Finding("print-differs-from-xml", Severity.WARNING, facts),)


def _states_another(reading: Reading, words: Sequence[Word], missing: Sequence[str]) -> bool:
    """Whether few words are those of an invoice, and of another one or of another amount."""
    if "total_gross" not in missing:
        return False
    if "invoice_number" in missing:
        return "seller_vat_id" in missing and _other_sellers(reading, words)
    return reading.invoice_number is not None and any(_MONEY.fullmatch(w.text) for w in words)


def _other_sellers(reading: Reading, words: Sequence[Word]) -> bool:
    """Whether the page shows Polish tax numbers, and not only the buyer's."""
    buyer = reading.buyer.vat_id
    return bool(_nips(words) - ({_digits(buyer.value)} if buyer else set()))


def _contradicted(reading: Reading, words: Sequence[Word], page: str) -> Iterator[str]:
    """What is not looked for as such, since pages may leave it out, but shows as another."""
    buyer, seller, issued = reading.buyer.vat_id, reading.seller.vat_id, reading.issue_date
    nips = _nips(words)
    own = {_digits(party.value) for party in (buyer, seller) if party}
    if (
        buyer is not None
        and identifiers.nip_valid(_digits(buyer.value))
        # One stranger's number is the seller's where that is missing too.
        and len(nips - own) > (seller is not None and not _shown(seller, page))
        and not _shown(buyer, page)
    ):
        yield "buyer_vat_id"
    if issued is not None:
        days = {day.value for row in _rows(words) for day in numbers.dates(row.text)}
        if days and issued.value not in days and not _shown_day(issued.value, page):
            yield "issue_date"


def _nips(words: Sequence[Word]) -> set[str]:
    """Numbers of ten figures on the page whose check digit is a tax number's."""
    found: set[str] = set()
    for row in _rows(words):
        text = re.sub(r"(?<=\d)[ -](?=\d)", "", row.text)
        found |= {n for n in re.findall(r"(?<!\d)\d{10}(?!\d)", text) if identifiers.nip_valid(n)}
    return found


def _digits(text: str) -> str:
    return re.sub(r"\D", "", text)


def _shown_day(day: date, page: str) -> bool:
    """Whether the page has the day in figures run together, in any of the usual orders."""
    return any(day.strftime(form) in page for form in ("%d%m%Y", "%Y%m%d", "%m%d%Y", "%d%m%y"))


@dataclass(frozen=True, slots=True)
class _Row:
    page: int
    text: str
    folded: str

    def numbers(self) -> set[Decimal]:
        return {number for text in self.writings() for number in _values(text)}

    def writings(self) -> Iterator[str]:
        found = _NUMBER.findall(self.text)
        yield from found
        # A blank parts thousands, and columns.
        yield from ("".join(pair) for pair in pairwise(found))


def _rows(words: Sequence[Word]) -> list[_Row]:
    """The rows of print, page by page from the top."""
    found: list[list[Word]] = []
    for word in sorted(words, key=lambda w: (w.box.page, w.box.y0 + w.box.y1)):
        last = found[-1][-1] if found else None
        middle, height = (word.box.y0 + word.box.y1) / 2, word.box.y1 - word.box.y0
        if (
            last is not None
            and last.box.page == word.box.page
            and middle - (last.box.y0 + last.box.y1) / 2 < 0.5 * height
        ):
            found[-1].append(word)
        else:
            found.append([word])
    return [_row(row) for row in found]


def _row(words: Sequence[Word]) -> _Row:
    text = " ".join(w.text for w in sorted(words, key=lambda w: w.box.x0))
    return _Row(words[0].box.page, text, _folded(text))


def _told(line: Line, rows: Sequence[_Row]) -> bool:
    """Whether around one of the places of its amount stand its quantity and its name."""
    places = [i for i, row in enumerate(rows) if _shown(_amount(line), row.folded)]
    if not places or len(places) > _PLACES:
        return True  # The amount is broken over rows, or everywhere.
    return any(_counted(line, _around(rows, i, _CLOSE)) for i in places) and any(
        _named(line, _around(rows, i, _NEAR)) for i in places
    )


def _around(rows: Sequence[_Row], place: int, reach: int) -> Sequence[_Row]:
    return rows[max(0, place - reach) : place + reach + 1]


def _counted(line: Line, near: Sequence[_Row]) -> bool:
    """Whether the quantity stands there, be it rounded; a single piece goes without saying."""
    if line.quantity is None or line.quantity.value == 1:
        return True
    count = abs(line.quantity.value)
    shown = {number for row in near for number in row.numbers()}
    if count in shown:
        return True
    return count % 1 != 0 and any(abs(count - number) <= _ROUNDED for number in shown)


def _named(line: Line, near: Sequence[_Row]) -> bool:
    name = _name_words(line)
    text = "".join(row.folded for row in near)
    return 2 * sum(word in text for word in name) >= len(name)


def _name_words(line: Line) -> list[str]:
    if line.description is None:
        return []
    words = [_folded(word) for word in re.split(r"[\s/,;-]+", line.description.value)]
    return [word for word in words if len(word) >= _LONG_WORD][:_NAME_WORDS]


def _values(text: str) -> Iterator[Decimal]:
    """What a number may mean: its last mark parts decimals, or thousands as the others."""
    whole = re.sub(r"[.,'’]", "", text)
    yield Decimal(whole)
    parts = re.split(r"[.,'’]", text)
    if len(parts) > 1:
        yield Decimal("".join(parts[:-1]) + "." + parts[-1])


def _amount(line: Line) -> Value[Decimal]:
    amount = line.line_net or line.line_gross
    assert amount is not None
    return amount


def _shown(value: Value[str] | Value[Decimal] | Value[date], page: str) -> bool:
    """Whether the page's letters and digits, run together, contain the value in a usual writing."""
    known = value.value
    if isinstance(known, Decimal):
        writings = [f"{abs(known):.2f}", format(abs(known).normalize(), "f")]
    else:
        writings = [str(known), re.sub(r"^[A-Z]{2}(?=\d)", "", str(known))]
    return any(_folded(writing) in page for writing in writings)


def _folded(text: str) -> str:
    plain = unicodedata.normalize("NFKC", text)
    return re.sub(r"[\W_]", "", plain).casefold()
