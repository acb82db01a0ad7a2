"""Checks and normal forms of identifiers."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ocr import identifiers


@pytest.mark.parametrize("text", ["5260250274", "526-587-76-35", "123-45-63-218", "PL 1234563218"])
def test_a_printed_nip_is_accepted_in_every_usual_form(text: str) -> None:
    assert identifiers.nip_valid(text)
    assert identifiers.nip_normalised(text) == "".join(c for c in text if c.isdigit())


@pytest.mark.parametrize(
    "text", ["1234567890", "0000000000", "1004563218", "123456321", "52602502741", "٥٢٦٠٢٥٠٢٧٤", ""]
)
def test_what_is_no_nip_is_refused(text: str) -> None:
    assert not identifiers.nip_valid(text)


@given(st.integers(0, 999_999_999))
def test_at_most_one_last_digit_makes_a_nip(first_nine: int) -> None:
    right = [d for d in range(10) if identifiers.nip_valid(f"{first_nine:09}{d}")]
    assert len(right) <= 1


@given(st.sampled_from(["5260250274", "5265877635", "1234563218"]), st.integers(0, 9), st.data())
def test_one_changed_digit_never_passes(nip: str, place: int, data: st.DataObject) -> None:
    digit = data.draw(st.sampled_from([d for d in "0123456789" if d != nip[place]]))
    assert not identifiers.nip_valid(nip[:place] + digit + nip[place + 1 :])


@pytest.mark.parametrize(
    ("text", "country", "normal"),
    [
        ("1234563218", "PL", "1234563218"),
        ("PL 123-456-32-18", "", "1234563218"),
        ("DE 136 695 976", "", "DE136695976"),
        ("136695976", "DE", "DE136695976"),
        ("12345", "", None),
        ("DEUTSCHLAND", "", None),
    ],
)
def test_a_vat_number_has_one_form(text: str, country: str, normal: str | None) -> None:
    assert identifiers.vat_id_normalised(text, country) == normal


def test_regon_of_both_lengths_is_checked() -> None:
    assert identifiers.regon_valid("012100784")
    assert identifiers.regon_valid("610188201")
    assert identifiers.regon_valid("01210078400000") is False
    assert not identifiers.regon_valid("999999999")
    assert not identifiers.regon_valid("000000000")


def test_a_fourteen_digit_regon_needs_both_checks() -> None:
    long = [f"0121007840001{d}" for d in range(10)]
    assert sum(identifiers.regon_valid(text) for text in long) == 1
    assert not any(identifiers.regon_valid(f"0121007850001{d}") for d in range(10))


@pytest.mark.parametrize("text", ["5901234123457", "20807474", "036000291452", "15901234123454"])
def test_gtin_of_every_length_is_checked(text: str) -> None:
    assert identifiers.gtin_valid(text)
    wrong = text[:-1] + str((int(text[-1]) + 1) % 10)
    assert not identifiers.gtin_valid(wrong)


def test_lengths_of_one_gtin_compare_equal() -> None:
    assert identifiers.gtin_key("036000291452") == identifiers.gtin_key("0036000291452")
    assert identifiers.gtin_key("5901234123457") == "05901234123457"
    assert identifiers.gtin_key("0000000000000") is None


@pytest.mark.parametrize(
    ("text", "internal"), [("2012345678903", True), ("5901234123457", False), ("123", False)]
)
def test_a_shops_own_number_is_told_from_a_global_one(text: str, internal: bool) -> None:
    assert identifiers.gtin_is_internal(text) is internal


def test_accounts_are_checked_with_and_without_country() -> None:
    assert identifiers.iban_normalised("61 1090 1014 0000 0712 1981 2874") == (
        "PL61109010140000071219812874"
    )
    assert identifiers.iban_valid("DE88 2008 0000 0970 3757 00")
    assert not identifiers.iban_valid("61109010140000071219812875")
    assert not identifiers.iban_valid("PL61")


def test_invoice_numbers_compare_without_case_and_blanks() -> None:
    assert identifiers.folded_number("fv 12 / 2026") == identifiers.folded_number("FV12/2026")
