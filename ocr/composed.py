"""Headings that no lexicon lists, understood from the words they are put together from."""

from __future__ import annotations

from collections.abc import Sequence
from functools import lru_cache

_PRICE = ("cena", "price", "preis", "prix", "prijs")
_VALUE = (
    "wartosc", "wart", "kwota", "amount", "betrag", "montant", "bedrag", "suma", "summe",
    "total", "value", "naleznosc", "razem", "worth", "gesamt",
)  # fmt: skip
_NET = ("netto", "net", "bezvat", "bezpodatku", "horstaxe", "excl", "exvat", "withoutvat", "ohne")
_GROSS = ("brutto", "gross", "zvat", "zpodatkiem", "ttc", "incl", "withvat", "inkl")
_TAX = ("vat", "podatk", "mwst", "steuer", "tva", "btw", "tax")
_WHOLE = ("calkowit", "laczn", "total", "gesamt", "razem", "ogolem", "wartosc")
_DISCOUNT = ("rabat", "discount", "remise", "nachlass", "upust", "opust", "korting", "bonifikat")
_AFTER = ("porab", "poupu", "poopu", "afterdisc", "zrabatem", "poznizce")
_QUANTITY = ("ilosc", "quantity", "qty", "menge", "anzahl", "quantite", "aantal")
_NAME = (
    "nazwa", "description", "bezeichnung", "beschreibung", "designation", "omschrijving",
)  # fmt: skip


# Words that say nothing about the meaning but belong to such headings: whole, or their beginnings.
_FILLERS = frozenset(
    (
        "po",
        "z",
        "za",
        "w",
        "of",
        "per",
        "pro",
        "zl",
        "i",
        "%",
        "in",
        "in%",
        "st",
        "ht",
        "pln",
        "eur",
        "usd",
    )
)
_BEGINNINGS = (
    "jedn", "unit", "einzel", "stuck", "towar", "uslug", "produkt", "artykul", "lub", "sprzedaz",
    "szt", "lacznie", "przed", "rabatem", "rabacie",
)  # fmt: skip


def composed(keys: Sequence[str]) -> str | None:
    """The meaning of a heading from its squeezed words; None when a word is none of ours."""
    return _composed(tuple(keys))


@lru_cache(maxsize=4096)
def _composed(keys: tuple[str, ...]) -> str | None:
    known = (*_PRICE, *_VALUE, *_NET, *_GROSS, *_TAX, *_WHOLE, *_DISCOUNT, *_QUANTITY, *_NAME)
    for word in keys:
        filler = word in _FILLERS or word.startswith(_BEGINNINGS)
        if not filler and not any(part in word for part in known):
            return None
    key = "".join(keys)

    def has(parts: tuple[str, ...]) -> bool:
        return any(part in key for part in parts)

    net, gross = has(_NET), has(_GROSS)
    if has(_PRICE):
        if has(_AFTER):
            return "price_after"
        sort = "value" if has(_WHOLE) else "price"
        side = "gross" if gross else "net" if net else ""
        if sort == "value":
            return side or "value"
        return f"price_{side}" if side else "price"
    if has(_QUANTITY):
        return "quantity"
    if has(_VALUE):
        if has(_DISCOUNT) and not has(_AFTER):
            return "discount"
        if net != gross:
            return "net" if net else "gross"
        return "vat" if has(_TAX) else "value"
    if has(_DISCOUNT):
        return "discount"
    return "name" if has(_NAME) else None
