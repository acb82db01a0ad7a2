"""Whose KSeF number a page prints: its own, an advance's, an original's."""

from __future__ import annotations

import pytest

from tests.ocr.drawn import PLAIN, read, shown

OWN, OTHER = "5265877635-20250826-0100001AF629-AF", "6159700086-20260407-0F9B163A1AAF-26"


def printed(*rows: str) -> tuple[str, set[str]]:
    """The number that was read, and codes of what was found about KSeF numbers."""
    reading = read(PLAIN.replace("  Do zapłaty:", "\n".join((*rows, "  Do zapłaty:"))))
    return shown(reading.ksef_number), {f.code for f in reading.findings if "ksef" in f.code}


@pytest.mark.parametrize(
    "label",
    [
        "Numer KSeF faktury zaliczkowej:",
        "Rozliczenie faktury zaliczkowej o numerze KSeF:",
        "Numer KSeF dokumentu pierwotnego:",
        "Poprzednia faktura (KSeF)",
        "Duplikat do: KSeF",
    ],
)
def test_a_number_of_another_paper_is_not_the_document_s_own(label: str) -> None:
    assert printed(f"  {label} {OTHER}")[0] == ""
    assert printed(f"  {label} {OTHER}", f"  Numer KSeF: {OWN}")[0] == OWN
    assert printed(f"  Numer KSeF: {OWN}", f"  {label} {OTHER}")[0] == OWN


def test_a_number_may_end_in_the_row_below() -> None:
    assert printed("  Numer KSeF:", f"  {OWN[:20]}", f"  {OWN[20:]}")[0] == OWN


def test_own_and_corrected_number_may_share_a_row() -> None:
    row = f"  Numer KSeF: {OWN} Numer KSeF faktury korygowanej: {OTHER}"
    assert printed(row)[0] == OWN


def test_two_numbers_that_both_look_own_are_a_person_s_to_compare() -> None:
    assert "ksef-numbers-differ" in printed(f"  Numer KSeF: {OWN}", f"  Nr KSeF: {OTHER}")[1]
