"""Words of statements under a sum that name nothing sold: taxes, balances, payments, sums."""

from __future__ import annotations

from collections.abc import Sequence

from ocr.labels import squeeze
from ocr.rows import Token

_STEMS = (
    *("podat", "akcyz", "opodatk", "zwolnion", "umsatz", "besteuer", "belasting", "spotrebn"),
    *("saldo", "balance", "solde", "ubertrag", "vortrag", "przeniesien", "zaleglos"),
    *("zalicz", "zaplac", "wplac", "wplat", "pozosta", "przedplat", "nadplat", "niedoplat"),
    *("anzahl", "bezahl", "gezahl", "restbetrag", "prepaid", "payment", "acompte", "paiement"),
    *("gesamt", "zwischens", "subtotal", "soustotal", "mezisoucet", "turnover"),
    *("gotowk", "przelew", "eckarte", "girocard", "kreditkart", "debitkart", "mastercard"),
)
_ENDS = ("steuer", "karte")
_WORDS = frozenset(
    (
        *("vat", "ust", "mwst", "tax", "taxes", "taxe", "tva", "btw", "iva", "dph", "dan", "gst"),
        *("netto", "brutto", "net", "gross", "suma", "razem", "total", "summe", "somme", "sum"),
        *("bar", "cash", "card", "ec", "karta", "blik", "visa", "carte", "especes", "paid", "due"),
    )
)


def names_nothing_sold(tokens: Sequence[Token]) -> bool:
    """Whether a name holds a rate, or a word of taxes, balances, payments or sums."""
    for token in tokens:
        if "%" in token.text:
            return True
        for key in {token.key, *map(squeeze, token.text.split("-"))}:
            if key in _WORDS or key.startswith(_STEMS) or key.endswith(_ENDS):
                return True
    return False
