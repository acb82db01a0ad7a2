"""Notices in words: one template per kind, in the language of the person who reads it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from core.templating import environment, render_blocks

TEMPLATES = Path(__file__).parent / "templates"


@dataclass(frozen=True, slots=True)
class Words:
    """A notice in words: `subject` one line, `body` plain text, `sms` one short text."""

    subject: str
    body: str
    sms: str


def words(kind: str, *, language: str, context: Mapping[str, Any], base_url: str = "") -> Words:
    """Fill `templates/<kind>.txt`, which has the blocks subject, body and sms.

    The template knows the facts of the notice and `base_url` for links. A missing fact is an error.
    """
    blocks = render_blocks(
        TEMPLATES, f"{kind}.txt", language=language, context={"base_url": base_url, **context}
    )
    return Words(
        subject=" ".join(blocks["subject"].split()),
        body=blocks["body"].strip() + "\n",
        sms=" ".join(blocks["sms"].split()),
    )


def html(said: Words, *, language: str, base_url: str) -> str:
    """The body as a simple HTML letter: paragraphs, and links that can be clicked."""
    paragraphs = [_pieces(text) for text in said.body.strip().split("\n\n")]
    template = environment(TEMPLATES, language).get_template("letter.html")
    return template.render(
        subject=said.subject, paragraphs=paragraphs, language=language, base_url=base_url
    )


def _pieces(paragraph: str) -> list[tuple[str, bool]]:
    """Words of a paragraph with a mark on those that are addresses."""
    return [(word, word.startswith(("https://", "http://"))) for word in paragraph.split()]
