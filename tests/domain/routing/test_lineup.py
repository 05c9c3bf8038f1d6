"""A line-up hands out what a sorted list would, whatever comes between."""

from hypothesis import given
from hypothesis import strategies as st

from polyphony.domain.routing.lineup import NEVER, Lineup


@given(st.lists(st.one_of(st.integers(0, 20), st.just("pop"), st.just("sort"))))
def test_the_smallest_comes_first_whenever_it_was_added(moves):
    line, oracle = Lineup(), []
    for one in moves:
        if one == "sort":
            line.sort()
        elif one != "pop":
            line.add(one)
            oracle = sorted([*oracle, one])
        elif oracle:
            assert line.pop() == oracle.pop(0)
        assert line.first == (oracle[0] if oracle else NEVER)
        assert sorted(line) == oracle
