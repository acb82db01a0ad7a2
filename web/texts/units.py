"""Units of products as people write them: signs stay, abbreviations are said in the language."""

from __future__ import annotations

from collections.abc import Callable

from programs.terms_words import ABBREVIATED


def unit_word(unit: str, say: Callable[[str], str]) -> str:
    """`szt.` or `pcs` for `szt`, `m` for `m`; the unit of a document may pass through too."""
    return say(ABBREVIATED[unit]) if unit in ABBREVIATED else unit
