"""JPK_FA, the tax office's XML of a firm's invoices, as rows of texts.

Structure: JPK_FA(3) and (4) of the Ministry of Finance. `Faktura` has `P_2A` number (before
version 4 also `P_2`), `P_1` date, `P_5B` buyer's NIP; `FakturaWiersz` names its invoice in `P_2B`.
Rows carry no code of the product: its name `P_7`, unit `P_8A`, quantity `P_8B`. `RodzajFaktury` is
`VAT`, `KOREKTA`, `ZAL` or `POZ`; a `KOREKTA` has `PrzyczynaKorekty` and `NrFaKorygowanej`, and for
a discount on a period `OkresFaKorygowanej`. Of the amounts only the sign is looked at.
"""

from __future__ import annotations

import io
from collections.abc import Iterator

from lxml import etree

from core.errors import Invalid
from verification.feed_returns import ReturnedRow, SaleCorrection, gather
from verification.feed_values import quantity, tax_number

HEADINGS = ("P_2B", "P_5B", "P_8B", "P_7", "P_8A", "P_1", "RodzajFaktury")


class BrokenJpk(Invalid):
    """The XML is not JPK_FA, or not whole."""

    code = "feed-unknown"


def rows(data: bytes) -> Iterator[tuple[str, ...]]:
    """Number, buyer's NIP, quantity, name, unit, date, kind of each row, as `HEADINGS` say.

    Invoices stand before their rows (the schema's order). Rows of corrections are left out, see
    `corrections`. Raises `BrokenJpk`.
    """
    heads: dict[str, tuple[str, str, str]] = {}
    for name, values in _records(data):
        if name == "Faktura":
            kind = values.get("RodzajFaktury", "") or "VAT"
            heads[_number(values)] = (values.get("P_5B", ""), values.get("P_1", ""), kind)
            continue
        number = values.get("P_2B", "")
        nip, day, kind = heads.get(number, ("", "", ""))
        if not kind.startswith("KOR"):
            yield (
                number, nip, values.get("P_8B", ""), values.get("P_7", ""),
                values.get("P_8A", ""), day, kind,
            )  # fmt: skip


def owner(data: bytes) -> str | None:
    """The tax number of the firm whose invoices these are (`Podmiot1`); None where none is named.

    Raises `BrokenJpk`.
    """
    for name, values in _records(data, ("IdentyfikatorPodmiotu", "Faktura")):
        return tax_number(values.get("NIP", "")) if name == "IdentyfikatorPodmiotu" else None
    return None


def corrections(data: bytes) -> list[SaleCorrection]:
    """The correcting invoices that name their original (`RodzajFaktury`, `NrFaKorygowanej`).

    Raises `BrokenJpk`.
    """
    heads: dict[str, dict[str, str]] = {}
    found: list[ReturnedRow] = []
    for name, values in _records(data):
        if name == "Faktura":
            kind = values.get("RodzajFaktury", "")
            if kind.startswith("KOR") and values.get("NrFaKorygowanej") and _number(values):
                heads[_number(values)] = values
            continue
        head = heads.get(values.get("P_2B", ""))
        if head is not None:
            found.append(
                ReturnedRow(
                    document=_number(head),
                    original=head["NrFaKorygowanej"],
                    buyer_nip=tax_number(head.get("P_5B", "")) or "",
                    quantity=quantity(values.get("P_8B", "")),
                    name=values.get("P_7", ""),
                    unit=values.get("P_8A", ""),
                    day=head.get("P_1", ""),
                    sign=_sign(values),
                )
            )
    return gather(found)


def _sign(row: dict[str, str]) -> int:
    """Whether a row adds value or takes it off: by its net or gross value, else by its price."""
    for name in ("P_11", "P_11A", "P_9A", "P_9B"):
        value = quantity(row.get(name, ""))
        if value:
            return -1 if value < 0 else 1
    return 0


def _number(invoice: dict[str, str]) -> str:
    return invoice.get("P_2A") or invoice.get("P_2", "")


def _records(
    data: bytes, wanted: tuple[str, ...] = ("Faktura", "FakturaWiersz")
) -> Iterator[tuple[str, dict[str, str]]]:
    """Every element of these names with its values, in the order of the file."""
    if b"<!DOCTYPE" in data[:4096] or b"<!ENTITY" in data:
        raise BrokenJpk("document types are refused", field="file")
    try:
        walk = etree.iterparse(
            io.BytesIO(data), events=("start", "end"), resolve_entities=False, no_network=True,
            huge_tree=False, load_dtd=False,
        )  # fmt: skip
        first = True
        for event, element in walk:
            name = etree.QName(element).localname if isinstance(element.tag, str) else ""
            if first:
                if name != "JPK":
                    raise BrokenJpk("no JPK", field="file")
                first = False
            if event == "start" or name not in wanted:
                continue
            yield (
                name,
                {
                    etree.QName(child).localname: (child.text or "").strip()
                    for child in element
                    if isinstance(child.tag, str)
                },
            )
            element.clear()
            while element.getprevious() is not None:
                del element.getparent()[0]
    except etree.XMLSyntaxError as error:
        raise BrokenJpk("broken XML", field="file") from error
