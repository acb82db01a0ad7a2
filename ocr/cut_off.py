"""Tells from what a slip lacks that the picture ends before the slip does.

Where the edge of a picture runs between two rows no letter touches it. But every till prints its
title and tax number over the items and the sum under them.
"""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import replace

from ocr.reading import DocumentKind, Finding, Page, Proof, Reading, Severity, Word
from ocr.receipt_rows import group
from ocr.receipt_sections import is_title
from ocr.receipt_text import says

CODE = "photo-cut-off"


def missing_sides(reading: Reading) -> tuple[str, ...]:
    """Which of "top" and "bottom" of a fiscal slip are not in its picture."""
    if reading.language != "pl" or reading.kind is DocumentKind.OTHER or not reading.lines:
        return ()
    sides = ("top",) if _lacks_head(reading.words, reading.pages) else ()
    return (*sides, "bottom") if not _prints_sum(reading) else sides


def unproven(reading: Reading, sides: Collection[str]) -> Reading:
    """The reading with a total that nothing proves where its printed sum is missing.

    A discount, a deposit or more items may stand where the picture ends.
    """
    total = reading.total_gross
    if "bottom" not in sides or total is None:
        return reading
    return replace(reading, total_gross=replace(total, proof=Proof.READ))


def hints(found: Sequence[Finding], sides: Sequence[str], page: int) -> tuple[Finding, ...]:
    """The hints on photos, with one that names the missing sides of the slip as well."""
    if not sides:
        return tuple(found)
    seen = [side for one in found if one.code == CODE for side in dict(one.facts)["sides"].split()]
    if "left" in seen:  # There the label of the sum may have gone, and not below.
        sides = [side for side in sides if side != "bottom"]
    every = " ".join(dict.fromkeys((*seen, *sides)))
    hint = Finding("photo-cut-off", Severity.WARNING, (("page", str(page)), ("sides", every)))
    return (*(one for one in found if one.code != CODE), hint)


def names_leave(hint: Finding) -> bool:
    """Whether a hint says that rows begin outside of the picture: cut names add up all the same."""
    return hint.code == CODE and "left" in dict(hint.facts)["sides"].split()


def _prints_sum(reading: Reading) -> bool:
    """Whether the total was read where it is printed, not only summed up."""
    return reading.total_gross is not None and reading.total_gross.box is not None


def _lacks_head(words: Sequence[Word], pages: Sequence[Page]) -> bool:
    return not any(
        is_title(row.text)
        or says(row.text, "NIEFISKALNY", "FAKTURA", "PARAGON")
        or (says(row.text, "NIP") and not says(row.text, "NABYWC*", "NABYWCA", "NABYWCY"))
        for row in group(words, pages)
    )
