"""Sizes of freely chosen groups: nothing that is told gives a small one away."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from analytics import cohorts
from analytics.cohorts import FEW, told

FIRMS = [f"firm {n}" for n in range(24)]
groups = st.dictionaries(
    st.integers(0, 50), st.frozensets(st.sampled_from(FIRMS)), min_size=1, max_size=6
)


def some(*numbers: int) -> frozenset[str]:
    return frozenset(FIRMS[n] for n in numbers)


def test_a_segment_and_nearly_the_same_again_tell_nothing_of_the_difference() -> None:
    everybody = frozenset(FIRMS)
    region, with_three_more = some(*range(12)), some(*range(15))
    assert told({"a": region, "b": with_three_more}, others=[everybody]) == {"a": 10, "b": 5}
    assert told({"b": with_three_more}, others=[everybody]) == {"b": 15}
    # All but three, and all but six of which three come back.
    assert told({"most": some(*range(21))}, others=[everybody]) == {"most": 5}


def test_three_groups_do_not_tell_the_small_one_that_two_of_them_share() -> None:
    # With exact sizes two firms would be half of 9 + 10 - 15.
    small, one, other = some(0, 1), some(*range(2, 9)), some(*range(9, 17))
    shown = told(
        {"x": small | one, "y": small | other, "z": one | other}, others=[frozenset(FIRMS)]
    )
    # The third lacks just those two of the first.
    assert shown == {"x": 5, "y": 10, "z": 5}


@given(groups)
def test_what_is_told_is_true_and_never_a_difference_of_one_to_four(
    chosen: dict[int, frozenset[str]],
) -> None:
    everybody = frozenset(FIRMS)
    shown = told(chosen, others=[everybody])
    assert list(shown) == list(chosen)
    for key, firms in chosen.items():
        if shown[key] == FEW:
            assert 1 <= len(firms) <= 4
        else:
            assert shown[key] % 5 == 0
            assert shown[key] <= len(firms)
            assert (shown[key] == 0) == (not firms)
    # Two groups of which one has a few firms more are never told apart by more than `five or more`.
    kept = list(chosen.items())
    for at, (earlier, old) in enumerate(kept):
        for later, new in kept[at + 1 :]:
            near = any(0 < len(d) < 5 for d in (new - old, old - new))
            if near and len(new) >= 5:
                assert shown[later] == 5, (earlier, later)


def test_everybody_and_nobody_have_bounds_too() -> None:
    assert told({"all": frozenset(FIRMS), "none": frozenset()}, others=[]) == {"all": 20, "none": 0}
    assert cohorts.told({}, others=[]) == {}
