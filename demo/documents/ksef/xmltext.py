"""XML text under full control: prefix, indentation and line ends are part of what is signed."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TypeAlias
from xml.sax.saxutils import escape, quoteattr


@dataclass(frozen=True, slots=True)
class Element:
    """A tag with text or with children; attributes in the order given."""

    tag: str
    content: str | Sequence[Node]
    attributes: tuple[tuple[str, str], ...] = ()


# None stands for an optional element that is left out.
Node: TypeAlias = Element | None


def leaf(tag: str, text: object) -> Element:
    return Element(tag, str(text))


def optional(tag: str, text: object) -> Node:
    """The element, or nothing when there is nothing to say."""
    return None if text is None or text == "" else leaf(tag, text)


def write(
    root: Element,
    *,
    namespaces: Sequence[tuple[str, str]],
    prefix: str = "",
    newline: str = "\n",
    indent: str = "  ",
) -> bytes:
    """The document as UTF-8 without a byte order mark; an empty indent puts all on one line."""
    parts = ['<?xml version="1.0" encoding="UTF-8"?>', newline if indent else ""]
    declared = "".join(f" xmlns{f':{p}' if p else ''}={quoteattr(uri)}" for p, uri in namespaces)
    _write(root, parts, prefix=prefix, newline=newline, indent=indent, depth=0, extra=declared)
    return "".join(parts).encode()


def _write(
    element: Element,
    parts: list[str],
    *,
    prefix: str,
    newline: str,
    indent: str,
    depth: int,
    extra: str = "",
) -> None:
    name = f"{prefix}:{element.tag}" if prefix else element.tag
    margin = indent * depth
    end = newline if indent else ""
    attributes = extra + "".join(f" {k}={quoteattr(v)}" for k, v in element.attributes)
    if isinstance(element.content, str):
        text = escape(element.content)
        parts.append(f"{margin}<{name}{attributes}>{text}</{name}>{end}")
        return
    parts.append(f"{margin}<{name}{attributes}>{end}")
    for child in element.content:
        if child is not None:
            _write(child, parts, prefix=prefix, newline=newline, indent=indent, depth=depth + 1)
    parts.append(f"{margin}</{name}>{end}")
