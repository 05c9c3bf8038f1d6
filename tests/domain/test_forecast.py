"""The service level to come: by hand for small lines, never better with less, inside its band."""

from hypothesis import given
from hypothesis import strategies as st

from polyphony.domain.forecast import HORIZON_MS, STARTS_MIN, Stand, forecast

MINUTE = 60_000


def test_a_line_is_served_at_its_pace_and_what_is_late_by_then_counts():
    """Six starts in half an hour: the first waits 0, then 5 minutes more each; nobody new."""
    found = forecast(Stand([4 * MINUTE] * 8, 0, 6, MINUTE))
    assert found is not None
    # begun at 0, 5, 10, … 30: seven of the eight; only the first in four minutes; the last is late
    assert (found.in_time, found.judged) == (1, 8)


def test_what_is_late_already_is_never_in_time():
    found = forecast(Stand([-1, -1], 0, 30, MINUTE))
    assert found is not None
    assert (found.in_time, found.judged, found.per_mille) == (0, 2, 0)


def test_where_nothing_waits_new_work_finds_somebody():
    found = forecast(Stand([], 20, 10, MINUTE))
    assert found is not None
    assert (found.in_time, found.judged) == (20, 20)


def test_with_too_few_starts_nobody_knows():
    assert forecast(Stand([MINUTE] * 9, 9, STARTS_MIN - 1, MINUTE)) is None
    assert forecast(Stand([], 0, 50, MINUTE)) is None


stands = st.builds(
    Stand,
    st.lists(st.integers(-MINUTE, HORIZON_MS), max_size=40).map(sorted),
    st.integers(0, 120),
    st.integers(STARTS_MIN, 120),
    st.integers(MINUTE, HORIZON_MS),
)


@given(stands)
def test_the_band_holds_the_forecast(now):
    found = forecast(now)
    if found is not None:
        assert 0 <= found.low <= found.per_mille <= found.high <= 1000
        assert found.in_time <= found.judged


@given(stands, st.integers(0, 60))
def test_more_hands_never_make_it_worse(now, more):
    with_more = Stand(now.left, now.arrivals, now.starts + more, now.target_ms)
    few, many = forecast(now), forecast(with_more)
    if few is not None and many is not None:
        assert many.in_time >= few.in_time
