"""Builds KSeF invoices for tests: valid by default, any fact by name."""

from __future__ import annotations

from collections.abc import Sequence
from xml.sax.saxutils import escape

FA3 = "http://crd.gov.pl/wzor/2025/06/25/13775/"
FA2 = "http://crd.gov.pl/wzor/2023/06/29/12648/"
SELLER = "5265877635"
BUYER = "1234563218"

Item = tuple[str, "str | Sequence[Item]"]

_ROW_ORDER = str.split(
    "NrWierszaFa UU_ID P_6A P_7 Indeks GTIN P_8A P_8B P_9A P_9B P_10 P_11 P_11A P_11Vat P_12"
    " KursWaluty StanPrzed"
)
_ORDER_ROW_ORDER = str.split(
    "NrWierszaZam UU_IDZ P_7Z IndeksZ GTINZ P_8AZ P_8BZ P_9AZ P_11NettoZ P_11VatZ P_12Z StanPrzedZ"
)


def row(**fields: str) -> Item:
    """A `FaWiersz`; every field is optional and stands in the schema's order."""
    return "FaWiersz", [(name, fields[name]) for name in _ROW_ORDER if name in fields]


def order_row(**fields: str) -> Item:
    """A `ZamowienieWiersz` of an advance invoice."""
    return "ZamowienieWiersz", [(name, fields[name]) for name in _ORDER_ROW_ORDER if name in fields]


def goods(quantity: str = "10", price: str = "5.00", value: str = "50.00", **more: str) -> Item:
    """An ordinary net-priced row."""
    fields = {
        "NrWierszaFa": "1",
        "P_7": "Przewód YDYp 3x1,5",
        "P_8A": "m",
        "P_8B": quantity,
        "P_9A": price,
        "P_11": value,
        "P_12": "23",
    }
    return row(**(fields | more))


def firm(nip: str, name: str = "Hurtownia Próbna Sp. z o.o.") -> Item:
    return "DaneIdentyfikacyjne", [("NIP", nip), ("Nazwa", name)]


def third(role: str, nip: str) -> Item:
    return "Podmiot3", [firm(nip, f"Rola {role}"), ("Rola", role)]


def original(number: str = "FV/1/2026", ksef: str = "", day: str = "2026-05-04") -> Item:
    """A `DaneFaKorygowanej`; without a KSeF number the original was issued outside KSeF."""
    flags: list[Item] = (
        [("NrKSeF", "1"), ("NrKSeFFaKorygowanej", ksef)] if ksef else [("NrKSeFN", "1")]
    )
    return "DaneFaKorygowanej", [
        ("DataWystFaKorygowanej", day),
        ("NrFaKorygowanej", number),
        *flags,
    ]


def invoice(
    *rows: Item,
    kind: str = "VAT",
    form: int = 3,
    number: str = "FV/2/2026",
    issued: str = "2026-05-05",
    currency: str = "PLN",
    sums: Sequence[Item] = (("P_13_1", "50.00"), ("P_14_1", "11.50")),
    due: str = "61.50",
    sold: Sequence[Item] = (),
    notes: Sequence[Item] = (),
    annotations: Sequence[Item] = (),
    seller: Item | None = None,
    buyer: Item | None = None,
    parties: Sequence[Item] = (),
    after: Sequence[Item] = (),
    prefix: str = "",
    newline: str = "\n",
    declaration: str = '<?xml version="1.0" encoding="UTF-8"?>',
) -> bytes:
    """The bytes of one invoice. `notes` follow `RodzajFaktury`, `after` stands behind the rows."""
    tree: Item = (
        "Faktura",
        [
            ("Naglowek", [("KodFormularza", "FA"), ("WariantFormularza", str(form))]),
            ("Podmiot1", [seller or firm(SELLER)]),
            ("Podmiot2", [buyer or firm(BUYER, "Instalacje Jan Próba"), ("NrKlienta", "K-77")]),
            *parties,
            (
                "Fa",
                [
                    ("KodWaluty", currency),
                    ("P_1", issued),
                    ("P_2", number),
                    *sold,
                    *sums,
                    ("P_15", due),
                    ("Adnotacje", [("P_16", "2"), *(annotations or [("P_17", "2")])]),
                    ("RodzajFaktury", kind),
                    *notes,
                    *rows,
                    *after,
                ],
            ),
        ],
    )
    namespace = FA3 if form == 3 else FA2
    name = f"xmlns:{prefix}" if prefix else "xmlns"
    body = _drawn(tree, f"{prefix}:" if prefix else "", newline, f' {name}="{namespace}"')
    return (declaration + newline + body + newline).encode()


def _drawn(item: Item, prefix: str, newline: str, attributes: str = "") -> str:
    name, content = item
    inside = (
        escape(content)
        if isinstance(content, str)
        else newline + "".join(_drawn(child, prefix, newline) + newline for child in content)
    )
    return f"<{prefix}{name}{attributes}>{inside}</{prefix}{name}>"
