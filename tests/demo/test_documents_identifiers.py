"""Fictitious numbers pass the checks that real ones pass."""

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from demo.documents import firms
from demo.documents.goods import GOODS, VOLTEX
from demo.documents.identifiers import (
    crc8,
    gtin_check_digit,
    make_account,
    make_gtin,
    make_ksef_number,
    make_nip,
    make_regon,
    nip_is_valid,
)


@pytest.mark.parametrize("nip", ["5260250274", "5265877635", "1234563218"])
def test_known_good_tax_numbers_pass(nip):
    assert nip_is_valid(nip)


@pytest.mark.parametrize("nip", ["1234567890", "0000000000", "526025027", "52602502741", "x"])
def test_known_bad_tax_numbers_fail(nip):
    assert not nip_is_valid(nip)


@given(st.integers(0, 30_000), st.integers(0, 30_000))
def test_serials_give_valid_tax_numbers_and_different_ones_differ(one, other):
    assert nip_is_valid(make_nip(one))
    assert (make_nip(one) == make_nip(other)) == (one == other)


@given(st.integers(0, 99_999))
def test_article_numbers_carry_their_check_digit(item):
    gtin = make_gtin(item)
    assert len(gtin) == 13
    assert gtin.startswith("590")
    assert gtin_check_digit(gtin[:-1]) == gtin[-1]


def test_the_check_digit_of_known_article_numbers_is_reproduced():
    assert gtin_check_digit("590123412345") == "7"
    assert gtin_check_digit("2080747") == "4"


@given(st.integers(0, 10_000))
def test_accounts_pass_modulo_97_and_registers_their_weights(serial):
    account, regon = make_account(serial), make_regon(serial)
    assert int(account[2:] + "2521" + account[:2]) % 97 == 1
    weights = (8, 9, 2, 3, 4, 5, 6, 7)
    total = sum(w * int(d) for w, d in zip(weights, regon, strict=False))
    assert total % 11 % 10 == int(regon[8])


def test_ksef_numbers_end_with_the_checksum_of_the_published_example():
    assert f"{crc8(b'5265877635-20250826-0100001AF629'):02X}" == "AF"
    number = make_ksef_number("5265877635", date(2026, 5, 4), "FV/1")
    assert len(number) == 35
    assert number.startswith("5265877635-20260504-")
    assert f"{crc8(number[:32].encode()):02X}" == number[33:]


def test_ksef_numbers_depend_on_the_document():
    day = date(2026, 5, 4)
    assert make_ksef_number("5265877635", day, "FV/1") != make_ksef_number(
        "5265877635", day, "FV/2"
    )


def test_every_firm_has_its_own_valid_tax_number():
    parties = [w.party for w in firms.WHOLESALERS] + [*firms.SHOPS, *firms.BUYERS]
    numbers = [party.nip for party in parties]
    assert all(nip_is_valid(nip) for nip in numbers)
    assert len(set(numbers)) == len(numbers)


def test_the_catalogue_is_large_and_nothing_in_it_is_ambiguous():
    assert len(GOODS) >= 300
    for key in ("short", "name", "sku", "gtin"):
        values = [getattr(good, key) for good in GOODS]
        assert len(set(values)) == len(values), key
    assert {good.family for good in VOLTEX} == {"Nova", "Box", "MCB"}
    assert all("VOLTEX" in good.short.upper() for good in VOLTEX)
    assert all(gtin_check_digit(good.gtin[:-1]) == good.gtin[-1] for good in GOODS)


def test_sellers_number_the_same_article_differently_and_always_alike():
    good = GOODS[0]
    by_own_number = [w for w in firms.WHOLESALERS if w.index_form in ("digits", "letters")]
    numbers = [w.index_of(good) for w in by_own_number]
    assert len(set(numbers)) == len(numbers)
    assert numbers == [w.index_of(good) for w in by_own_number]
