"""What a till printed that is no sale: not fiscal, cancelled, for training, a return, a report.

Source: forms of documents of Polish tills (`NIEFISKALNY` stands on each that is no fiscal one).
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence

from ocr.reading import Finding, Severity
from ocr.receipt_rows import Row
from ocr.receipt_tail import tail_of
from ocr.receipt_text import amounts, folded, says

_NOT_FISCAL = ("NIEFISKALN", "TONIEJESTPARAGON", "NIEJESTPARAGONEM")
_CANCELLED = (
    "PARAGONANULOWAN", "FISKALNYANULOWAN", "TRANSAKCJAANULOWANA", "DOKUMENTANULOWANY",
    "SPRZEDAZANULOWANA", "ANULOWANOPARAGON", "ANULOWANOTRANSAKCJE", "PARAGONANULACJA",
    "FISKALNYANULACJA", "ANULACJAPARAGONU",
)  # fmt: skip
_TITLES = (
    "RAPORTDOBOWY", "RAPORTFISKALNY", "RAPORTOKRESOWY", "RAPORTZMIANOWY", "RACHUNEKKELNERSKI",
    "RACHUNEKWSTEPNY", "TRYBSZKOLENIOWY", "WYDRUKSZKOLENIOWY", "PARAGONSZKOLENIOWY",
    "PARAGONTESTOWY", "WYDRUKTESTOWY", "PARAGONPROBNY", "WYDRUKPROBNY",
)  # fmt: skip
# Of a card's terminal, which tills print under the sale: titles only where no till says it sold.
_PAYMENTS = ("POTWIERDZENIETRANSAKCJI", "POTWIERDZENIEPLATNOSCI", "POTWIERDZENIESPRZEDAZY")
# Over the items; in the foot, `BON ZWROTNY` pays and `Zwrot towaru w ciągu 30 dni` promises.
_HEADINGS = (
    "ZWROTTOWARU", "PROTOKOLZWROTU", "POTWIERDZENIEZWROTU", "DOWODZWROTU", "BONZWROTNY",
    "KOREKTAPARAGONU", "KOREKTADOPARAGONU", "ZWROTDOPARAGONU", "PARAGONZWROTU", "PARAGONKORYG",
    "FAKTURAPROFORMA",
)  # fmt: skip
# Also printed beside a sale, or in an advertisement: titles only where no till says that it sold.
_PAPERS = re.compile(
    r"\W*(?:OFERTA|WYCENA|ZAMOWIENIE|PRO[ -]?FORMA|KOSZTORYS|REZERWACJA|WZ|PZ|RW|MM|KP|CENNIK|"
    r"DOKUMENT (?:WZ|PZ|DOSTAWY|WYDANIA)|DOWOD (?:WYDANIA|DOSTAWY|WPLATY|PRZYJECIA)|POKWITOWANIE|"
    r"WYDANIE ZEWNETRZNE|LIST PRZEWOZOWY|PROTOKOL|KOSZYK|LISTA (?:ZAKUPOW|TOWAROW)|ZESTAWIENIE|"
    r"POTWIERDZENIE (?:ZAMOWIENIA|REZERWACJI|ODBIORU)|UMOWA|ZAPYTANIE|SPECYFIKACJA|KALKULACJA)\b"
)
# Headings of German and English papers, alone on their row over all figures.
_ABROAD = frozenset((
    "CREDITNOTE", "CREDITVOUCHER", "REFUND", "REFUNDRECEIPT", "REFUNDVOUCHER", "SALESREFUND",
    "RETURNRECEIPT", "RETURNNOTE", "PROFORMA", "PROFORMAINVOICE", "QUOTATION", "QUOTE", "ESTIMATE",
    "DELIVERYNOTE", "DELIVERYORDER", "NOTARECEIPT", "TRAININGMODE", "VOIDRECEIPT",
    "GUTSCHRIFT", "WARENGUTSCHEIN", "RETOURE", "RUCKGABEBON", "RETOURENBELEG", "STORNOBELEG",
    "STORNORECHNUNG", "STORNO", "ANGEBOT", "LIEFERSCHEIN", "ZWISCHENRECHNUNG", "KEINERECHNUNG",
    "TRAININGSBON", "PROFORMARECHNUNG", "KOSTENVORANSCHLAG",
))  # fmt: skip
_LONGEST_TITLE = 40
FOLLOWED = 3  # rows under `NIEFISKALNY`: so many are another print, glued to the slip


def letters(text: str) -> str:
    """Only the letters, upper case and without accents: `N I E F I S K A L N Y` is one word."""
    return "".join(c for c in folded(text) if c.isalpha())


def not_fiscal(text: str) -> bool:
    """Whether a row says that its print is not fiscal."""
    return any(word in letters(text) for word in _NOT_FISCAL)


def why(head: Iterable[Row], foot: Sequence[Row], *, sold: bool) -> Finding | None:
    """What to say of a slip that is no sale; `sold` where title or number of a till say it is."""
    head = list(head)
    rows = [row.text for row in (*head, *foot) if tail_of(row) is None]
    if any(not_fiscal(text) for text in rows):
        return Finding("not-fiscal", Severity.ERROR)
    if any(word in letters(text) for text in rows for word in _CANCELLED):
        return Finding("cancelled-slip", Severity.ERROR)
    if any(letters(text) in ("ANULOWANY", "ANULOWANA") for text in rows):
        return Finding("cancelled-slip", Severity.ERROR)
    titles = _TITLES if sold else (*_TITLES, *_PAYMENTS)
    if any(letters(text).startswith(titles) for text in rows):
        return Finding("not-a-sale", Severity.ERROR)
    over = [row.text for row in head if tail_of(row) is None]
    if any(letters(text).startswith(_HEADINGS) and not says(text, "DNI") for text in over):
        return Finding("not-a-sale", Severity.ERROR)
    if not sold and any(_is_paper(text) for text in over):
        return Finding("not-a-sale", Severity.ERROR)
    return None


def why_abroad(rows: Sequence[Row]) -> Finding | None:
    """The same of a German or English slip, by its heading."""
    for row in rows:
        if any(True for _ in amounts(row.text)):
            return None
        if letters(row.text) in _ABROAD:
            return Finding("not-a-sale", Severity.ERROR)
    return None


def _is_paper(text: str) -> bool:
    if len(text) > _LONGEST_TITLE:
        return False
    text = folded(text)
    spaced = re.fullmatch(r"(?:\w ){3,}\w", text)
    return _PAPERS.match(text.replace(" ", "") if spaced else text) is not None
