"""A code is random, checks itself, and reads the same however it is typed."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.errors import IllegalTransition
from ocr import code_kinds
from programs import code_states, codes
from programs.code_states import BatchStatus, CodeState

made_codes = st.text(codes.ALPHABET, min_size=12, max_size=12).map(
    lambda symbols: symbols + codes.check_symbol(symbols)
)


@given(made_codes, st.integers(0, 12), st.sampled_from(codes.ALPHABET))
def test_one_wrong_symbol_is_always_noticed(code: str, place: int, other: str) -> None:
    wrong = code[:place] + other + code[place + 1 :]
    if wrong != code:
        with pytest.raises(codes.CodeMistyped):
            codes.canonical(wrong)


@given(made_codes, st.integers(0, 11), st.integers(0, 11))
def test_two_symbols_that_changed_places_are_always_noticed(code: str, one: int, two: int) -> None:
    symbols = list(code)
    symbols[one], symbols[two] = symbols[two], symbols[one]
    wrong = "".join(symbols)
    if wrong != code:
        with pytest.raises(codes.CodeMistyped):
            codes.canonical(wrong)


@given(made_codes)
def test_however_it_is_typed_a_code_is_the_same(code: str) -> None:
    look_alike = code.replace("0", "O").replace("1", "l").lower()
    for typed in (
        code,
        codes.grouped(code),
        f"  {look_alike} ",
        f"https://zalicz.example/k/{code}",
    ):
        assert codes.canonical(typed) == code


@given(made_codes)
def test_the_reader_of_pictures_knows_our_codes_and_no_other_shape(code: str) -> None:
    link = f"https://zalicz.example/k/{codes.grouped(code)}"
    if any(symbol.isalpha() for symbol in code):
        assert code_kinds.product_code_in(link) == code
    assert code_kinds.product_code_in(code[:-1]) is None


def test_codes_have_sixty_random_bits_and_no_look_alikes() -> None:
    assert len(codes.ALPHABET) ** codes.SYMBOLS == 2**60
    assert not set("ILOU") & set(codes.ALPHABET)
    assert len({codes.new_code() for _ in range(2_000)}) == 2_000


@pytest.mark.parametrize("text", ["", "ABC", "AAAA-AAAA-AAAA", "ŻAAA-AAAA-AAAA-A", "*" * 13])
def test_what_is_no_code_is_refused_before_any_look_up(text: str) -> None:
    with pytest.raises(codes.CodeMistyped):
        codes.canonical(text)


def test_the_digest_depends_on_a_key_that_the_database_does_not_hold() -> None:
    code = codes.new_code()
    assert codes.digest(code, key=b"one") != codes.digest(code, key=b"two")
    assert len(codes.digest(code, key=b"one")) == 32


def test_batches_take_only_the_steps_of_the_table() -> None:
    for current in BatchStatus:
        for target in BatchStatus:
            if target in code_states.TRANSITIONS[current]:
                code_states.check(current, target)
            else:
                with pytest.raises(IllegalTransition):
                    code_states.check(current, target)


def test_a_used_code_stays_used_in_a_withdrawn_batch() -> None:
    assert code_states.state_of(BatchStatus.VOID, used=True) is CodeState.USED
    assert code_states.state_of(BatchStatus.VOID, used=False) is CodeState.VOID
    assert code_states.state_of(BatchStatus.ISSUED, used=False) is CodeState.ISSUED
