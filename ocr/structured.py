"""Reads an e-invoice in XML: finds out which of the known forms it is and asks that reader."""

from __future__ import annotations

import hashlib
from dataclasses import replace
from pathlib import Path

from ocr import cii, ksef, ksef_schema, ubl, upo, xml_source
from ocr.reading import DocumentKind, Finding, Reading, Severity, Unreadable, UnreadableReason
from ocr.xml_source import Source

_CII_ROOTS = frozenset({"CrossIndustryInvoice", "CrossIndustryDocument"})
_UBL_ROOTS = frozenset({"Invoice", "CreditNote"})
_ENVELOPE = "StandardBusinessDocument"  # what Peppol sends a UBL document in


def read_xml(data: bytes, *, schema_folder: Path | None = None) -> Reading:
    """The reading of a KSeF invoice, a Factur-X/ZUGFeRD or a UBL invoice, exact to the character.

    `document_sha256` is the digest of the raw bytes, taken before anything else. `schema_folder`
    holds the Ministry's schema files, where there are any: validity is only ever a finding.
    Raises `Unreadable` for anything that is not an invoice in plain XML.
    """
    digest = hashlib.sha256(data).hexdigest()
    source = xml_source.parse(data)
    if source.root.name == _ENVELOPE:
        source = _unwrapped(source)
    name = source.root.name
    if name == "Faktura":
        return _faktura(source, data, digest, schema_folder)
    if name in _CII_ROOTS:
        return cii.read(source, document_sha256=digest)
    if name in _UBL_ROOTS and "oasis" in source.root.own_namespace:
        return ubl.read(source, document_sha256=digest)
    if name == "Potwierdzenie":
        return upo.as_reading(upo.read(source), document_sha256=digest)
    raise Unreadable(UnreadableReason.UNSUPPORTED_TYPE, root=name[:60])


def _unwrapped(source: Source) -> Source:
    """The one invoice inside of an envelope; the source as it is when there is none or several."""
    inside = [child for child in source.root.children() if child.name in _CII_ROOTS | _UBL_ROOTS]
    return replace(source, root=inside[0]) if len(inside) == 1 else source


def _faktura(source: Source, data: bytes, digest: str, schema_folder: Path | None) -> Reading:
    root = xml_source.Node(source.root.element, source.root.own_namespace)
    code = root.first("Naglowek/KodFormularza")
    system = code.attribute("kodSystemowy") if code else ""
    if system.startswith("FA_RR"):
        # An invoice of a farmer: another form of another law. A person decides.
        return Reading(
            kind=DocumentKind.OTHER,
            route="ksef-xml",
            engine=system,
            document_sha256=digest,
            findings=(Finding("form-unsupported", Severity.WARNING, (("form", system),)),),
        )
    return ksef_schema.checked(
        ksef.read(source, document_sha256=digest), data, source.root.own_namespace, schema_folder
    )
