"""What German and English slips call their sums, payments and taxes."""

from __future__ import annotations

import re
from functools import lru_cache

from rapidfuzz.distance import Levenshtein

from ocr.receipt_text import folded


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
            r"^\W*(END|KAUF|RECHNUNGS|BON)?SUMME(?!R|.*(NETTO|MWST|UST))|^\W*TOTAL\s?EUR",
            r"^\W*(END|RECHNUNGS)BETRAG(?!.*(NETTO|MWST))",
            r"^\W*.?UE\b|^\W*NET\b",
        ),
    ),
    (
        4,
        _any(
            r"TOTA[L1I].*(INC|NCL|W/TAX)|(TOTAL|AMOUNT)\s?(SALES\s?)?\(?RM|BILL\s?TOTAL",
            r"TOTAL\s?AMOUNT|TOTAL\s?AMT|\bTL\b|\bTAX\b.*\bBAL(ANCE)?\b",
        ),
    ),
    (3, _any(r"[TLI]OTA[L1I]\b|[TLI]OTA[L1I]\W*RM|^\W*BETRAG|^\W*TOTAL|^\W*TOT\b")),
    (1, _any(r"^\W*(BETRAG|AMOUNT|NETTO-?BETRAG|NET)\b")),
)
SUBTOTAL = _any(r"SUB\s?-?\s?TO?TAL|ZWISCHENSUMME")
NOT_THE_SUM = _any(
    r"QTY|QUANTITY|EXC[LI]|TAX\s?TOTAL|(GST|TAX)\s?PAYABLE|SA\S{1,4}INGS?\b|SAVED|DISCOUNT|ACCEPTED|SUPPLIES",
    r"TOTAL\s?(GST|TAX|SAVING|DISC|ITEM|QTY|PAID|\d\s?%)|PUNKTE|UMSATZ\s?VON|TENDER|\bITEMS\b",
    r"ITEM\(S\)|TYPE|POINT|SERV|\bSV\W{0,2}(CHG|CHARGE|TAX)|^\W*(GST|SST|TAX|VAT|G5T)\b.*\bINCLUDED\b.*TOTAL",
    r"TOTAL\s*INCLUDES\W*\d{1,2}\s?%\s*(GST|SST|TAX|VAT)",
)
TAX_PART = _any(
    r"(GST|SST|TAX|VAT|G[S5]T|CST|GUT)\s*(SUMMARY|ANALYSIS|MARY)|^\W*MWST\b.*NETTO",
    r"STEUER\s*%|MWST.CODE|^(?!.*\d[.,]\d\d).*\bNETTO\b.*\b(MWST|UST|STEUER)\b.*\bBRUTTO\b",
    r"^(?!.*\d[.,]\d\d).*\b(MWST|UST|STEUER)\b.*\bNETTO\b.*\bBRUTTO\b",
)
PAID = _any(
    r"^\W*(GEG\b|CASH|VISA|MASTER|DEBIT|CREDIT|PAID|PAY\b|PAYMENT|TENDER|RECEIVED|RECSIVED|GEGEBEN|BAR\b",
    r"EC[\s-]?(KARTE|CASH)|EC\b|MAESTRO|AMEX|V\s?-?PAY|PAYPAL|KREDITKARTE|GIROCARD|KARTE|MASTERCARD|ECC|EUROCARD|KARTENZAHLUNG|NETS|CARD|EDC)",
)
CHANGE = _any(r"CHANGE|CHANG|RUCKGELD|ZURUCK")
SAVED = _any(r"\bSAV(ED|INGS?)\b|\bSA\S{1,4}INGS?\b|GESPART")
ROUNDING = re.compile(r"ROUND|RUNDUNG")
BEFORE_TAX = _any(r"TOTAL.{0,12}\bEXC|\bEXC\w*\W.*\bTOTAL")
TAX = _any(r"\b(GST|SST|VAT|TAX|MWST|UST)\b")
SERVICE = _any(r"\bSERV\w*\W{0,3}(CHG|CHARGE|TAX)?|\bSVC\b")
CUT = _any(r"DISCOUNT|\bDISC\b|RABATT|NACHLASS|VOUCHER|COUPON")

# Faint or narrow print loses strokes: these letters are taken for each other.
_ALIKE = str.maketrans("TL1|!OUQ0C856", "IIIIIOOOOOBSG")
_SPELT = {
    word.translate(_ALIKE): word
    for word in ("TOTAL", "SUBTOTAL", "CASH", "CHANGE", "ROUNDING", "DISCOUNT", "AMOUNT")
}
_ONE_OFF = ("TOTAL", "SUBTOTAL", "ROUNDING")  # no other word of a slip is so near to them
_WIDE = re.compile(r"(?<!\S)(?:T [O0] ?T ?A ?L|T ?[O0] ?T ?A L|S U M M E)(?!\S)")  # in large print
_WORD = re.compile(r"[A-Z\d|!]{4,}")


@lru_cache(maxsize=4096)
def label_text(text: str) -> str:
    """`text` folded, with the words of sums spelt right where only such letters differ."""
    return _WORD.sub(_spelt, _WIDE.sub(lambda hit: hit[0].replace(" ", ""), folded(text)))


def _spelt(hit: re.Match[str]) -> str:
    word = hit[0]
    if 2 * sum(c.isalpha() for c in word) <= len(word):
        return word
    if told := _SPELT.get(word.translate(_ALIKE)):
        return told
    near = (known for known in _ONE_OFF if len(known) == len(word))
    return next((known for known in near if Levenshtein.distance(known, word) == 1), word)
