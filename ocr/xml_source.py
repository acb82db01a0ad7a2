"""Parses an XML file that a stranger sent, within limits, into a tree that is easy to ask."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from functools import lru_cache
from typing import Any
from xml.etree.ElementTree import Element, ParseError, TreeBuilder

from defusedxml.common import DefusedXmlException
from defusedxml.ElementTree import XMLParser

from ocr import limits
from ocr.reading import Unreadable, UnreadableReason

_ELEMENTS = 400_000  # ten thousand full lines and an attachment need less than half of it
_DECLARED = re.compile(rb"^\s*<\?xml[^>]*?encoding\s*=\s*[\"']([^\"'>]{1,40})[\"']")
_ENCODING = re.compile(r"""^(\s*<\?xml[^>]{0,80}?)\s+encoding\s*=\s*["'][^"'>]{1,40}["']""")
# What programs write there by habit; other names are refused, as they may hide letters.
_MISTAKEN = re.compile(
    rb"(?i)utf-?8.{1,20}|utf-?16(?:le|be)?|(?:windows-|cp)125\d|iso-8859-\d{1,2}"
)
_BAR = " | "
_UTF16 = {b"\xff\xfe": "utf-16", b"\xfe\xff": "utf-16", b"<\0": "utf-16-le", b"\0<": "utf-16-be"}
_DECIMAL = re.compile(r"[+-]?(?:\d{1,18}(?:\.\d{0,12})?|\.\d{1,12})", re.ASCII)
_DATE = re.compile(r"(\d{4})-(\d{2})-(\d{2})(?:Z|[+-]\d{2}:\d{2}|T[0-9:.Z+-]*)?", re.ASCII)
_COMPACT_DATE = re.compile(r"(\d{4})(\d{2})(\d{2})(?:\d{4,6})?", re.ASCII)


@dataclass(frozen=True, slots=True)
class Node:
    """One element; children are asked for by local name, in the namespaces that count."""

    element: Element
    namespace: str | None = None  # None: any namespace

    @property
    def name(self) -> str:
        return _split(self.element.tag)[1]

    @property
    def own_namespace(self) -> str:
        return _split(self.element.tag)[0]

    @property
    def text(self) -> str:
        """The element's own text without white space around it."""
        return (self.element.text or "").strip()

    def attribute(self, name: str) -> str:
        """An attribute by local name, trimmed; empty when absent."""
        for key, value in self.element.attrib.items():
            if _split(key)[1] == name:
                return value.strip()
        return ""

    def children(self) -> Iterator[Node]:
        for child in self.element:
            if self.namespace in (None, _split(child.tag)[0]):
                yield Node(child, self.namespace)

    def every(self, path: str) -> list[Node]:
        """All elements at a path of local names such as `Fa/FaWiersz`, in document order."""
        elements = [self.element]
        for step in path.split("/"):
            elements = [child for parent in elements for child in self._named(parent, step)]
        return [Node(element, self.namespace) for element in elements]

    def _named(self, parent: Element, name: str) -> list[Element]:
        if self.namespace:
            return parent.findall(f"{{{self.namespace}}}{name}")
        return [
            child
            for child in parent
            if _split(child.tag)[1] == name and self.namespace in (None, _split(child.tag)[0])
        ]

    def first(self, path: str) -> Node | None:
        found = self.every(path)
        return found[0] if found else None

    def value(self, path: str) -> str:
        """The trimmed text at a path, empty when the element is absent or empty."""
        return next((text for node in self.every(path) if (text := node.text)), "")

    def only(self, name: str) -> str:
        """The trimmed text of the one child of a name; of several that differ as in `fields`."""
        return _BAR.join(dict.fromkeys(text for node in self.every(name) if (text := node.text)))

    def fields(self) -> dict[str, str]:
        """Texts of the direct children by local name, for forms whose children stand once.

        Where one stands again with another text, both are given with a bar between them: whoever
        takes the first would be as wrong as who takes the last, and no number or day reads so.
        """
        found: dict[str, str] = {}
        for child in self.element:
            namespace, name = _split(child.tag)
            if self.namespace in (None, namespace) and (text := (child.text or "").strip()):
                if name not in found:
                    found[name] = text
                elif text not in found[name].split(_BAR):
                    found[name] += _BAR + text
        return found


@dataclass(frozen=True, slots=True)
class Source:
    """A parsed file and what is unusual about its bytes."""

    root: Node
    file_bytes: int
    byte_order_mark: bool
    encoding: str  # as declared, upper case; "UTF-8" when nothing is declared
    instructions: int  # processing instructions


class _TooDeep(Exception):
    pass


class _TooMany(Exception):
    pass


class _LimitedBuilder(TreeBuilder):
    """Stops at the first element too deep or too many, so that nothing is built past the limit."""

    def __init__(self) -> None:
        super().__init__()
        self.depth = 0
        self.elements = 0
        self.instructions = 0

    def start(self, tag: Any, attrs: Any) -> Element:
        self.depth += 1
        self.elements += 1
        if self.depth > limits.XML_DEPTH:
            raise _TooDeep
        if self.elements > _ELEMENTS:
            raise _TooMany
        return super().start(tag, attrs)

    def end(self, tag: Any) -> Element:
        self.depth -= 1
        return super().end(tag)

    def pi(self, target: Any, text: Any = None) -> Any:  # noqa: ARG002
        self.instructions += 1
        return None


def parse(data: bytes) -> Source:
    """Parse raw bytes; `Unreadable` with a typed reason for anything that is not plain XML.

    No DTD, no entity of its own, no remote reference; at most 3 MB and 64 levels.
    """
    if not data.strip():
        raise Unreadable(UnreadableReason.EMPTY)
    if len(data) > limits.XML_BYTES:
        raise Unreadable(
            UnreadableReason.TOO_LARGE, file_bytes=len(data), limit_bytes=limits.XML_BYTES
        )
    builder = _LimitedBuilder()
    parser = XMLParser(target=builder, forbid_dtd=True, forbid_entities=True, forbid_external=True)
    try:
        parser.feed(_readable(data.lstrip()))
        root = parser.close()
    except DefusedXmlException as error:
        raise Unreadable(UnreadableReason.FORBIDDEN_XML) from error
    except _TooDeep as error:
        raise Unreadable(UnreadableReason.TOO_COMPLEX, limit_depth=limits.XML_DEPTH) from error
    except _TooMany as error:
        raise Unreadable(UnreadableReason.TOO_COMPLEX, limit_elements=_ELEMENTS) from error
    except (ParseError, LookupError, ValueError, AssertionError) as error:
        raise Unreadable(UnreadableReason.DAMAGED) from error
    declared = _DECLARED.match(data.removeprefix(b"\xef\xbb\xbf"))
    told = declared[1].decode("ascii", "replace").upper() if declared else "UTF-8"
    return Source(
        root=Node(root),
        file_bytes=len(data),
        byte_order_mark=data.startswith((b"\xef\xbb\xbf", b"\xff\xfe", b"\xfe\xff")),
        encoding="UTF-16" if data.lstrip()[:2] in _UTF16 else told,
        instructions=builder.instructions,
    )


def _readable(data: bytes) -> bytes:
    """The bytes without a declaration that lies about their encoding; others as they are.

    Programs declare UTF-16 or the letters of Windows and write UTF-8, or the other way round; some
    name no encoding at all (`UTF-8-W/O-BOM`). Text of several bytes a letter is never by chance
    right UTF-8.
    """
    wide = _UTF16.get(data[:2])
    declared = _DECLARED.match(data.removeprefix(b"\xef\xbb\xbf"))
    if wide is None and (declared is None or not _MISTAKEN.fullmatch(declared[1])):
        return data
    try:
        text = data.decode(wide or "utf-8-sig")
    except UnicodeDecodeError:
        return data  # in the encoding that is declared, or damaged
    return _ENCODING.sub(r"\1", text.removeprefix("\ufeff"), count=1).encode()


def decimal_in(text: str) -> Decimal | None:
    """A number as XML schema writes it (`-1234.5`), trimmed; None for any other writing."""
    text = text.strip()
    return Decimal(text) if _DECIMAL.fullmatch(text) else None


def date_in(text: str) -> date | None:
    """A day as XML schema or CII writes it (`2026-02-15`, with zone or time, `20260215`)."""
    match = _DATE.fullmatch(text.strip()) or _COMPACT_DATE.fullmatch(text.strip())
    if match is None:
        return None
    try:
        return date(int(match[1]), int(match[2]), int(match[3]))
    except ValueError:
        return None


@lru_cache(maxsize=1024)
def _split(tag: str) -> tuple[str, str]:
    if tag.startswith("{"):
        namespace, _, name = tag[1:].partition("}")
        return namespace, name
    return "", tag
