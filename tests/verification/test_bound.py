"""The bound on errors equals the known tables and is never too low."""

from __future__ import annotations

import math
from fractions import Fraction

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from verification.bound import looks_needed, upper_bound


# Published one-sided 95 % limits in percent; 0 of n follows from 1 - 0.05^(1/n).
@pytest.mark.parametrize(
    ("errors", "looked_at", "percent"),
    [
        (0, 10, 25.887),
        (1, 10, 39.416),
        (2, 10, 50.690),
        (0, 20, 13.911),
        (1, 20, 21.611),
        (0, 59, 4.951),
        (1, 93, 5.0),
        (0, 100, 2.951),
        (1, 100, 4.656),
        (2, 100, 6.162),
        (5, 100, 10.225),
        (10, 100, 16.372),
        (0, 299, 0.997),
    ],
)
def test_the_bound_is_that_of_the_published_tables(
    errors: int, looked_at: int, percent: float
) -> None:
    assert 100 * upper_bound(errors, looked_at) == pytest.approx(percent, abs=0.01)


# Two-sided 95 % intervals use 97.5 % on each side.
@pytest.mark.parametrize(
    ("errors", "looked_at", "percent"), [(0, 10, 30.850), (1, 10, 44.502), (5, 10, 81.291)]
)
def test_the_two_sided_interval_is_met_with_half_the_risk(
    errors: int, looked_at: int, percent: float
) -> None:
    assert 100 * upper_bound(errors, looked_at, confidence=0.975) == pytest.approx(
        percent, abs=0.001
    )


def test_nothing_looked_at_rules_nothing_out() -> None:
    assert upper_bound(0, 0) == 1.0
    assert upper_bound(7, 7) == 1.0
    with pytest.raises(ValueError, match="among"):
        upper_bound(3, 2)


def test_so_many_looks_show_a_ceiling() -> None:
    assert looks_needed(0.05) == 59
    assert looks_needed(0.05, errors=1) == 93
    assert looks_needed(0.01) == 299


@settings(deadline=None, max_examples=50)
@given(looked_at=st.integers(1, 150), data=st.data())
def test_at_the_bound_so_few_errors_have_the_stated_risk(
    looked_at: int, data: st.DataObject
) -> None:
    errors = data.draw(st.integers(0, looked_at - 1))
    share = Fraction(upper_bound(errors, looked_at))
    exact = sum(
        math.comb(looked_at, hits) * share**hits * (1 - share) ** (looked_at - hits)
        for hits in range(errors + 1)
    )
    assert float(exact) == pytest.approx(0.05, abs=1e-6)


@given(st.integers(0, 50), st.integers(51, 500))
def test_more_looks_lower_the_bound_and_more_errors_raise_it(errors: int, looked_at: int) -> None:
    here = upper_bound(errors, looked_at)
    assert upper_bound(errors, looked_at + 1) < here < upper_bound(errors + 1, looked_at)
