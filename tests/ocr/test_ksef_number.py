"""KSeF numbers: verdicts, and the one repair."""

import itertools
import json
from datetime import date
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ocr import ksef_number
from ocr.ksef_number import Verdict

DOCUMENTED = "5265877635-20250826-0100001AF629-AF"


def number(technical: str, *, issuer: str = "1234563218", day: str = "20260715") -> str:
    body = f"{issuer}-{day}-{technical}"
    return f"{body}-{ksef_number.crc8(body):02X}"


def test_every_reference_number_gets_the_expected_verdict(ksef: Path) -> None:
    vectors = json.loads((ksef / "ksef_number_vectors.json").read_text())
    assert vectors
    for vector in vectors:
        assert ksef_number.verdict(vector["ksef_number"]) == vector["expect"], vector


def test_every_reference_invoice_has_a_number_that_parses(ksef: Path) -> None:
    for entry in json.loads((ksef / "xml" / "manifest.json").read_text()):
        parsed = ksef_number.parse(entry["synthetic_ksef_number"])
        assert parsed is not None
        assert parsed.issuer == entry["seller"]["nip"]


def test_a_number_gives_issuer_and_day_of_acceptance() -> None:
    parsed = ksef_number.parse(DOCUMENTED)
    assert parsed is not None
    assert parsed.issuer == "5265877635"
    assert parsed.accepted_on == date(2025, 8, 26)


@pytest.mark.parametrize(
    "text",
    [
        DOCUMENTED.lower(),
        DOCUMENTED.replace("20250826", "20251326"),
        DOCUMENTED.replace("20250826", "20250230"),
        f" {DOCUMENTED}",
        f"{DOCUMENTED}\n",
        DOCUMENTED[:-1],
        DOCUMENTED.replace("-", ""),
        "",
    ],
)
def test_another_shape_is_bad_format(text: str) -> None:
    assert ksef_number.verdict(text) is Verdict.BAD_FORMAT
    assert ksef_number.parse(text) is None


@given(st.integers(0, 16**12 - 1), st.integers(0, 11), st.sampled_from("0123456789ABCDEF"))
def test_one_changed_symbol_is_always_noticed(value: int, place: int, symbol: str) -> None:
    right = number(f"{value:012X}")
    at = 20 + place
    changed = right[:at] + symbol + right[at + 1 :]
    expected = Verdict.VALID if changed == right else Verdict.BAD_CHECKSUM
    assert ksef_number.verdict(changed) is expected


@pytest.mark.parametrize(
    "seen",
    [
        "5265877635-2O25O826-O1OOOO1AF629-AF",
        "526587763S-20250826-0I00001AF629-AF",
        "5265877635–20250826–0100001AF629–AF",
        "5265877635-20250826-0100001af629-af",
        "5265877635 - 20250826 - 0100001AF629 - AF",
    ],
)
def test_what_an_engine_makes_of_a_number_is_repaired(seen: str) -> None:
    repaired = ksef_number.repaired(seen)
    assert repaired is not None
    assert repaired.text == DOCUMENTED


def test_confusions_inside_the_hexadecimal_part_are_repaired_by_the_checksum() -> None:
    right = number("0B8D00A6C1B8")
    repaired = ksef_number.repaired(right.replace("B", "8", 1))
    assert repaired is not None
    assert repaired.text == right


def test_a_number_that_no_known_confusion_explains_is_left_alone() -> None:
    assert ksef_number.repaired(DOCUMENTED.replace("F629", "F729")) is None
    assert ksef_number.repaired("5265877635-20250826-0100001AF6-AF") is None


@pytest.mark.parametrize(
    "body",
    [
        "5265877635-20200826-0100001AF629",  # before KSeF
        "5265877636-20250826-0100001AF629",  # no tax number
    ],
)
def test_a_repaired_number_must_be_possible(body: str) -> None:
    whole = f"{body}-{ksef_number.crc8(body):02X}"
    written = ksef_number.repaired(whole)
    assert (written.text if written else None) == whole
    assert ksef_number.repaired(whole.replace("0100001", "O1OOOO1")) is None


def test_several_fits_are_no_fit() -> None:
    """Two readings of one text, both with a right checksum: nothing may be chosen."""
    ambiguous = 0
    for value in range(256):
        text = f"1234563218-20260715-B8D0B8D0B8D0-{value:02X}"
        if ksef_number.parse(text):
            continue
        fits = _fits(text, changes=1) or _fits(text, changes=2)
        repaired = ksef_number.repaired(text)
        if len(fits) > 1:
            ambiguous += 1
            assert repaired is None
        else:
            assert ({repaired.text} if repaired else set()) == fits
    assert ambiguous


def _fits(text: str, *, changes: int) -> set[str]:
    """Every right number that many confusions away."""
    alike = {"B": "8", "8": "B", "0": "D", "D": "0", "5": "S", "1": "I", "6": "G"}
    places = [i for i, char in enumerate(text) if char in alike]
    found = set()
    for chosen in itertools.combinations(places, changes):
        changed = "".join(alike[c] if i in chosen else c for i, c in enumerate(text))
        if ksef_number.parse(changed):
            found.add(changed)
    return found


def test_numbers_are_found_in_running_text_once_each() -> None:
    text = f"Numer KSEF:{DOCUMENTED} strona 1\nnr {DOCUMENTED}; {number('ABCDEF012345')}."
    assert [n.text for n in ksef_number.find(text, misread=True)] == [
        DOCUMENTED,
        number("ABCDEF012345"),
    ]
    assert ksef_number.find("tel. 22 123-45-67, NIP 526-587-76-35", misread=True) == ()


def test_what_was_written_is_never_repaired_what_was_recognised_is() -> None:
    right = ksef_number.find(DOCUMENTED, misread=False)
    assert [n.text for n in right] == [DOCUMENTED]
    place = max(i for i, c in enumerate(DOCUMENTED[:-3]) if c in "08")
    misread = DOCUMENTED[:place] + {"0": "O", "8": "B"}[DOCUMENTED[place]] + DOCUMENTED[place + 1 :]
    assert [n.text for n in ksef_number.find(misread, misread=True)] == [DOCUMENTED]
    assert ksef_number.find(misread, misread=False) == ()
