"""Numbers of groups that part a known whole, in words that give no small one away."""

from __future__ import annotations

from collections.abc import Mapping

from analytics import disclosure
from core.formats import Formats


def in_words(sizes: Mapping[str, int], formats: Formats) -> dict[str, str]:
    """Each number; below five only that it is fewer.

    Where one number below five would be what is left of the whole, the smallest other one is only
    said to be large enough.
    """
    kept = disclosure.hidden(disclosure.Group(key, size, size) for key, size in sizes.items())

    def said(key: str, size: int) -> str:
        if 0 < size < disclosure.FEWEST_FIRMS:
            return "<\u00a05"
        return "≥\u00a05" if key in kept else formats.number(size)

    return {key: said(key, size) for key, size in sizes.items()}
