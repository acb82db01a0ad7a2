"""Totals that say in brackets how much tax is in them: `Total £120.00 (includes £20.00 VAT)`."""

from __future__ import annotations

import re
from collections.abc import Sequence

from ocr import numbers
from ocr.rows import Row
from ocr.token_values import amount_of
from ocr.totals import Amount, amounts_in, meaning_of

_INCLUDED = re.compile(
    r"(?i)\(\s*(?:includes|including|incl\.?|inkl\.?|enthält|w tym|zawiera|dont|incluye)\s[^()]*?"
    r"(?P<tax>\d[\d .,'\u00a0]*[.,]\d\d)[^()]*?(?:vat|mwst|ust|tva|tax|podatek|iva|btw)[^()]*\)"
)
_WEIGHT = 3.2
_TOTALS = ("sum", "gross", "due")


def with_included_tax(
    rows: Sequence[Row], amounts: Sequence[Amount], mark: str, skip: frozenset[int]
) -> list[Amount]:
    """The amounts with the tax that a total includes; a sum as high as that total is not net."""
    for index, row in enumerate(rows):
        if index in skip:
            continue
        below = rows[index + 1] if index + 1 < len(rows) and index + 1 not in skip else None
        tokens = (*row.tokens, *(below.tokens if below else ()))
        found = _INCLUDED.search(" ".join(t.text for t in tokens))
        figures = list(amounts_in(row, mark))
        if found is None or not figures:
            continue
        value, start, end, decimals = figures[0]
        meaning, _ = meaning_of(row.tokens[:start])
        tax = numbers.amount(found["tax"], mark)
        if meaning not in _TOTALS or not decimals or tax is None or not 0 < tax < value:
            continue
        told = [t for t in tokens if found["tax"].split()[-1] in t.text]
        kept = [a for a in amounts if not (a.meaning == "net" and a.value.value == value)]
        return [
            *kept,
            Amount("vat", amount_of(tax, told or tokens), _WEIGHT, index),
            Amount("gross", amount_of(value, row.tokens[start:end]), _WEIGHT, index),
        ]
    return list(amounts)
