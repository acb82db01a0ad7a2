"""Tokens to values that know where they stand and how sure the engine was."""

from __future__ import annotations

from collections.abc import Sequence
from decimal import Decimal

from ocr.reading import Proof, Value
from ocr.rows import Token, box_of, confidence_of


def amount_of(value: Decimal, tokens: Sequence[Token]) -> Value[Decimal]:
    """A number with the box, text and confidence of its tokens."""
    raw = " ".join(t.text for t in tokens)
    return Value(value, Proof.READ, confidence_of(tokens), box_of(tokens), raw)


def text_of(text: str, tokens: Sequence[Token], proof: Proof = Proof.READ) -> Value[str]:
    """A text with the box, raw text and confidence of its tokens."""
    raw = " ".join(t.text for t in tokens)
    return Value(text, proof, confidence_of(tokens), box_of(tokens), raw if raw != text else "")
