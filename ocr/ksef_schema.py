"""Checks a KSeF invoice against the Ministry's schema files where a folder of them is given.

Nothing is ever fetched: an import by address is answered from the folder by its file name.
"""

from __future__ import annotations

import dataclasses
import re
from functools import lru_cache
from pathlib import Path
from typing import Any

from lxml import etree

from ocr.reading import Finding, Reading, Severity

_TARGET = re.compile(rb"targetNamespace\s*=\s*[\"']([^\"']+)[\"']")
_MAX_REPORTED = 5
_INVOICES = "http://crd.gov.pl/wzor/"


class _Offline(etree.Resolver):
    """Answers every address with the file of that name beside the schema, or with nothing."""

    def __init__(self, folder: Path) -> None:
        super().__init__()
        self.folder = folder

    def resolve(  # type: ignore[override]  # the stubs leave the context out
        self,
        system_url: str,
        public_id: str,  # noqa: ARG002
        context: Any,
    ) -> Any:
        file = self.folder / (system_url or "").rsplit("/", 1)[-1]
        if file.suffix == ".xsd" and file.is_file():
            return self.resolve_string(file.read_bytes(), context, base_url=str(file))
        return self.resolve_string(b"", context, base_url=system_url)


def checked(reading: Reading, data: bytes, namespace: str, folder: Path | None) -> Reading:
    """The reading with one finding about the schema: not checked, valid, or what is wrong."""
    schema = _schema(folder, namespace) if folder else None
    if schema is None:
        return _with(reading, Finding("schema-not-checked", Severity.INFO))
    parser = etree.XMLParser(resolve_entities=False, no_network=True, huge_tree=False)
    try:
        valid = schema.validate(etree.fromstring(data.strip(), parser))
    except etree.LxmlError:
        return _with(reading, Finding("schema-not-checked", Severity.INFO))
    if valid:
        return _with(reading, Finding("schema-valid", Severity.INFO))
    errors = [error for error in schema.error_log][:_MAX_REPORTED]
    facts = tuple((f"line {error.line}", error.message[:200]) for error in errors)
    return _with(reading, Finding("schema-invalid", Severity.WARNING, facts))


def warm_up(folder: Path) -> None:
    """Compile the invoice schemas of a folder, so that processes forked from here have them."""
    for namespace in _namespaces(folder):
        if namespace.startswith(_INVOICES):
            _schema(folder, namespace)


@lru_cache(maxsize=4)
def _namespaces(folder: Path) -> tuple[str, ...]:
    found = (_TARGET.search(file.read_bytes()[:4000]) for file in sorted(folder.glob("*.xsd")))
    return tuple(target[1].decode("utf-8", "replace") for target in found if target)


@lru_cache(maxsize=4)
def _schema(folder: Path, namespace: str) -> Any:
    """The compiled schema of a namespace, None when the folder has none or it does not compile."""
    for file in sorted(folder.glob("*.xsd")):
        target = _TARGET.search(file.read_bytes()[:4000])
        if target is None or target[1].decode("utf-8", "replace") != namespace:
            continue
        parser = etree.XMLParser(resolve_entities=False, no_network=True)
        parser.resolvers.add(_Offline(folder))
        try:
            return etree.XMLSchema(etree.parse(str(file), parser))
        except etree.LxmlError:
            return None
    return None


def _with(reading: Reading, finding: Finding) -> Reading:
    return dataclasses.replace(reading, findings=(*reading.findings, finding))
