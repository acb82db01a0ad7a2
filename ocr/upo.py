"""Reads the UPO, the Ministry's receipt for an invoice that KSeF accepted.

Its seal is not verified here, so a UPO alone proves nothing yet: it says so in a finding.
"""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from datetime import date

from ocr import identifiers, kod, ksef_number, xml_source
from ocr.reading import DocumentKind, Party, Proof, Reading, Severity, Value
from ocr.xml_source import Node, Source, date_in
from ocr.xml_values import Values

_NAMESPACE = "http://upo.schematy.mf.gov.pl/KSeF/"
_SIGNATURE = "{http://www.w3.org/2000/09/xmldsig#}Signature"


@dataclass(frozen=True, slots=True)
class Receipted:
    """One invoice on the receipt; `sha256` is of the XML as it was sent, None when malformed."""

    ksef_number: str
    seller_nip: str
    invoice_number: str
    issued_on: date | None
    accepted_on: date | None
    sha256: bytes | None
    mode: str  # Online, Offline

    def belongs_to(self, document: bytes) -> bool:
        """Whether these raw bytes are the invoice that was accepted."""
        return self.sha256 is not None and hashlib.sha256(document).digest() == self.sha256


@dataclass(frozen=True, slots=True)
class Upo:
    """The receipt. `signed` says that a signature is there, not that it is the Ministry's."""

    documents: tuple[Receipted, ...]
    form: str  # "FA (3)"
    signed: bool
    version: str  # of the receipt's schema: "v4-3"


def read_upo(data: bytes) -> Upo:
    """The receipt in raw bytes; `Unreadable` when they are no acceptable XML."""
    return read(xml_source.parse(data))


def read(source: Source) -> Upo:
    """As `read_upo`, for a file that is parsed already. Other XML gives a receipt of nothing."""
    namespace = source.root.own_namespace
    root = Node(source.root.element, namespace)
    return Upo(
        documents=tuple(
            Receipted(
                ksef_number=node.value("NumerKSeFDokumentu"),
                seller_nip=node.value("NipSprzedawcy"),
                invoice_number=node.value("NumerFaktury"),
                issued_on=date_in(node.value("DataWystawieniaFaktury")),
                accepted_on=date_in(node.value("DataNadaniaNumeruKSeF")),
                sha256=kod.decoded_hash(node.value("SkrotDokumentu")),
                mode=node.value("TrybWysylki"),
            )
            for node in root.every("Dokument")
        ),
        form=root.value("KodFormularza"),
        signed=source.root.element.find(f".//{_SIGNATURE}") is not None,
        version=namespace.removeprefix(_NAMESPACE) if namespace.startswith(_NAMESPACE) else "",
    )


def as_reading(receipt: Upo, *, document_sha256: str) -> Reading:
    """No proof of purchase by itself; the header of its invoice where it names exactly one."""
    values = Values()
    values.note("upo-not-verified", Severity.INFO, signed=receipt.signed)
    if not receipt.version:
        values.note("form-unknown")
    one = receipt.documents[0] if len(receipt.documents) == 1 else None
    if one is None:
        values.note("upo-of-several", Severity.INFO, documents=len(receipt.documents))
    number = ksef_number.parse(one.ksef_number) if one else None
    nip = identifiers.nip_normalised(one.seller_nip) if one else None
    return Reading(
        kind=DocumentKind.OTHER,
        route="ksef-upo",
        engine=f"UPO {receipt.version}".strip(),
        seller=Party(vat_id=Value(nip, Proof.STRUCTURED) if nip else None),
        invoice_number=values.text(one.invoice_number) if one else None,
        ksef_number=Value(number.text, Proof.CHECKSUM) if number else None,
        issue_date=Value(one.issued_on, Proof.STRUCTURED) if one and one.issued_on else None,
        document_sha256=document_sha256,
        findings=tuple(values.findings),
    )
