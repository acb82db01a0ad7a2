"""The currency of a document's own totals, apart from amounts that were only converted."""

from __future__ import annotations

import re
from collections.abc import Sequence
from decimal import Decimal
from itertools import pairwise

from ocr import numbers
from ocr.fields import Label
from ocr.reading import Finding, Proof, Severity, Value
from ocr.rows import Row, Token
from ocr.token_values import text_of
from ocr.totals import Totals, amounts_in

_PAID = frozenset({"zaplaty", "due", "naleznosc", "payable", "zuzahlen", "rechnungsbetrag"})
_MONEY = re.compile(r"[-−–]?\d[\d .,']*[.,]\d{2,4}-?")
_RATE_WORDS = ("kurs", "wechselkurs", "exchange", "przeliczen", "tabela", "tabeli")
_EURO = ("AT", "BE", "CY", "DE", "EE", "EL", "ES", "FI", "FR", "HR", "IE", "IT", "LT", "LU", "LV")
_MONEY_OF = {
    **dict.fromkeys((*_EURO, "MT", "NL", "PT", "SI", "SK"), "EUR"),
    **{"GB": "GBP", "CZ": "CZK", "DK": "DKK", "SE": "SEK", "HU": "HUF", "RO": "RON", "PL": "PLN"},
}
_PAID_WEIGHT, _TOTAL_WEIGHT = 8, 16  # votes beside an amount to pay, and beside a total


def currency(
    rows: Sequence[Row],
    labels: Sequence[Label],
    language: str,
    items: frozenset[int] = frozenset(),
    totals: Totals | None = None,
) -> Value[str] | None:
    """The document's currency: labelled, else that of its totals, else the one printed most.

    `items` are the numbers of rows that list what was sold, without headings. What is to be
    paid in another currency at a stated rate (`Do zapłaty w EUR: … (kurs 4,31)`) turns nothing.
    """
    totals = totals or Totals()
    own = {abs(v.value) for v in (totals.net, totals.vat, totals.gross) if v is not None}
    for label in labels:
        if label.meaning == "currency":
            for tokens in label.values:
                if code := numbers.currency(" ".join(t.text for t in tokens[:4])):
                    return text_of(code, tokens[:2])
    votes: dict[str, list[Token]] = {}
    for index, row in enumerate(rows):
        converted = None
        for place, token in enumerate(row.tokens):
            code = numbers.currency(token.text)
            if code is None or (index in items and _in_name(row, token)):
                continue
            if converted is None:
                converted = _is_converted(row, own)
            if converted:
                continue
            near = row.tokens[max(0, place - 1) : place + 2]
            weight = 2 if any(c.isdigit() for t in near for c in t.text) else 1
            if _PAID & {t.key for t in row.tokens[:place]}:
                weight += _PAID_WEIGHT  # a tax in zlotys may stand beside it
            alone = len(_currencies(row)) == 1 and not _says_in(row)
            if index not in items and alone and own & _amounts(row):
                weight += _TOTAL_WEIGHT
            votes.setdefault(code, []).extend([token] * weight)
    if votes:
        best = max(votes, key=lambda code: len(votes[code]))
        return text_of(best, votes[best][:1])
    return Value("PLN", Proof.GUESSED, 0.5) if language == "pl" else None


def of_country(vat_id: Value[str] | None) -> Value[str] | None:
    """The money of the seller's country, where a document prints none at all: a guess."""
    code = _MONEY_OF.get(vat_id.value[:2]) if vat_id is not None else None
    return Value(code, Proof.GUESSED, 0.5) if code else None


def foreign(money: Value[str] | None) -> list[Finding]:
    """That the document is not in zlotys, as it says itself; a guess tells nobody so."""
    if money is None or money.value == "PLN" or money.proof is Proof.GUESSED:
        return []
    facts = (("currency", money.value), ("rate", ""))
    return [Finding("foreign-currency", Severity.INFO, facts, money.box)]


def own_due(rows: Sequence[Row], totals: Totals, money: Value[str] | None) -> Value[Decimal] | None:
    """What is to be paid, unless only its worth in another currency is printed."""
    due = totals.due
    if due is None or due.box is None or money is None:
        return due
    own = {abs(v.value) for v in (totals.net, totals.vat, totals.gross) if v is not None}
    for row in rows:
        if row.page == due.box.page and any(_inside(t, due) for t in row.tokens):
            foreign = _currencies(row) - {money.value}
            return None if foreign and _is_converted(row, own) else due
    return due


def _is_converted(row: Row, own: set[Decimal]) -> bool:
    """Whether a row states an amount at a rate of exchange, or `w EUR`, that is no own total."""
    if not own or not _PAID & {t.key for t in row.tokens} or own & _amounts(row):
        return False
    return _says_in(row) or any(t.key.startswith(_RATE_WORDS) for t in row.tokens)


def _says_in(row: Row) -> bool:
    """`Kwota VAT w PLN: …`: a currency that the label must name is not the usual one."""
    return any(
        word.key in ("w", "in", "en") and numbers.currency(behind.text) is not None
        for word, behind in pairwise(row.tokens)
    )


def _in_name(row: Row, token: Token) -> bool:
    """Whether a currency's letters are a word of a name (`PALETA EUR 1`): no amount is beside."""
    phrase = next(p for p in row.phrases() if token in p.tokens).tokens
    if len(phrase) == 1:
        return len(token.key) > 3  # `EUR` under a heading of its own, `EURO` in a name
    place = phrase.index(token)
    near = phrase[max(0, place - 1) : place] + phrase[place + 1 : place + 2]
    if any(_MONEY.fullmatch(t.text) for t in near):
        return False
    others = [t for t in phrase if t is not token and numbers.currency(t.text) is None]
    return not all(any(map(str.isdigit, t.text)) for t in others) and not any(
        map(str.isdigit, token.text)
    )


def _amounts(row: Row) -> set[Decimal]:
    mark = numbers.decimal_mark(t.text for t in row.tokens)
    return {abs(value) for value, _, _, _ in amounts_in(row, mark)}


def _currencies(row: Row) -> set[str]:
    return {code for t in row.tokens if (code := numbers.currency(t.text))}


def _inside(token: Token, value: Value[Decimal]) -> bool:
    box = value.box
    return box is not None and (
        box.x0 <= (token.box.x0 + token.box.x1) / 2 <= box.x1
        and box.y0 <= (token.box.y0 + token.box.y1) / 2 <= box.y1
    )
