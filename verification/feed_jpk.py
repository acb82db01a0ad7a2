"""JPK_FA, the tax office's XML of a firm's invoices, as rows of texts.

Structure: JPK_FA(3) and (4) of the Ministry of Finance. `Faktura` has `P_2A` number (before
version 4 also `P_2`), `P_1` date, `P_5B` buyer's NIP; `FakturaWiersz` names its invoice in `P_2B`.
Rows carry no code of the product: its name `P_7`, unit `P_8A`, quantity `P_8B`.
"""

from __future__ import annotations

import io
from collections.abc import Iterator
from dataclasses import dataclass

from lxml import etree

from core.errors import Invalid

HEADINGS = ("P_2B", "P_5B", "P_8B", "P_7", "P_8A", "P_1")


class BrokenJpk(Invalid):
    """The XML is not JPK_FA, or not whole."""

    code = "feed-unknown"


@dataclass(frozen=True, slots=True)
class JpkRow:
    name: str
    quantity: str
    unit: str


@dataclass(frozen=True, slots=True)
class JpkCorrection:
    """A correcting invoice as the file lists it: `original` is the number that it names."""

    number: str
    original: str
    buyer_nip: str
    day: str
    rows: tuple[JpkRow, ...]


def rows(data: bytes) -> Iterator[tuple[str, ...]]:
    """Number, buyer's NIP, quantity, name, unit, date of each row, in the order of `HEADINGS`.

    Invoices stand before their rows (the schema's order). Raises `BrokenJpk`.
    """
    heads: dict[str, tuple[str, str]] = {}
    for name, values in _records(data):
        if name == "Faktura":
            heads[_number(values)] = (values.get("P_5B", ""), values.get("P_1", ""))
            continue
        number = values.get("P_2B", "")
        nip, day = heads.get(number, ("", ""))
        yield (
            number, nip, values.get("P_8B", ""), values.get("P_7", ""), values.get("P_8A", ""), day,
        )  # fmt: skip


def corrections(data: bytes) -> list[JpkCorrection]:
    """The correcting invoices that name their original (`RodzajFaktury`, `NrFaKorygowanej`).

    Raises `BrokenJpk`.
    """
    heads: dict[str, dict[str, str]] = {}
    lines: dict[str, list[JpkRow]] = {}
    for name, values in _records(data):
        number = _number(values) if name == "Faktura" else values.get("P_2B", "")
        if name == "Faktura":
            if values.get("RodzajFaktury", "").startswith("KOR") and values.get("NrFaKorygowanej"):
                heads[number] = values
        elif number in heads:
            row = JpkRow(values.get("P_7", ""), values.get("P_8B", ""), values.get("P_8A", ""))
            lines.setdefault(number, []).append(row)
    return [
        JpkCorrection(
            number=number,
            original=head["NrFaKorygowanej"],
            buyer_nip=head.get("P_5B", ""),
            day=head.get("P_1", ""),
            rows=tuple(lines.get(number, ())),
        )
        for number, head in heads.items()
        if number
    ]


def _number(invoice: dict[str, str]) -> str:
    return invoice.get("P_2A") or invoice.get("P_2", "")


def _records(data: bytes) -> Iterator[tuple[str, dict[str, str]]]:
    """Every `Faktura` and `FakturaWiersz` with its values, in the order of the file."""
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
            if event == "start" or name not in ("Faktura", "FakturaWiersz"):
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
