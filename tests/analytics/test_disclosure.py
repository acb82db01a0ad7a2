"""No group of fewer than five firms is shown, and none can be found by subtraction."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from analytics.disclosure import FEWEST_FIRMS, Group, enough, hidden

groups = st.lists(
    st.builds(
        lambda firms, size: (firms, size),
        st.integers(0, 12),
        st.floats(0, 1e6, allow_nan=False),
    ),
    max_size=12,
).map(lambda rows: [Group(key, *row) for key, row in enumerate(rows)])


@given(found=groups)
def test_no_small_group_is_shown_and_what_is_put_together_is_not_small(
    found: list[Group[int]],
) -> None:
    together = hidden(found)
    shown = [group for group in found if group.key not in together and group.firms]
    assert all(enough(group.firms) for group in shown)
    firms = sum(group.firms for group in found if group.key in together)
    # Unless all there is are small groups: then nothing is shown beside them.
    assert not together or firms >= FEWEST_FIRMS or not shown


def test_one_small_region_takes_the_smallest_shown_one_along() -> None:
    found = [Group("30", 20, 500.0), Group("22", 9, 300.0), Group("28", 3, 50.0)]
    assert hidden(found) == {"28", "22"}


def test_two_small_regions_that_are_five_firms_hide_nobody_else() -> None:
    found = [Group("30", 20, 500.0), Group("28", 3, 50.0), Group("12", 2, 10.0)]
    assert hidden(found) == {"28", "12"}


def test_large_groups_hide_nothing() -> None:
    assert hidden([Group("30", 5, 1.0), Group("22", 6, 2.0)]) == frozenset()
