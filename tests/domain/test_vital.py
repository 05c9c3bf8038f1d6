"""Figures of the running system are judged by fixed bounds."""

import pytest

from polyphony.domain.vital import BOUNDS, State, judge, worst


@pytest.mark.parametrize(
    ("name", "value", "state"),
    [
        *(("outbox_lag", 0, "good"), ("outbox_lag", 60, "warn"), ("outbox_lag", 601, "bad")),
        *(("disk_free", 9e9, "good"), ("disk_free", 4e9, "warn"), ("disk_free", 1e8, "bad")),
        *(("web_processes", 1, "good"), ("web_processes", 0, "bad")),
        *(("connections", 0.5, "good"), ("connections", 0.95, "bad")),
    ],
)
def test_a_figure_is_judged_by_its_bounds(name: str, value: float, state: str) -> None:
    assert [one.state for one in judge({name: value})] == [state]


def test_what_could_not_be_measured_is_left_out_and_the_worst_counts() -> None:
    found = judge({"stream_lag": 0.1, "outbox_lag": 61, "nobody_knows": 1})
    assert [one.name for one in found] == ["outbox_lag", "stream_lag"]
    assert worst(found) is State.WARN
    assert worst([]) is State.GOOD
    assert len({one.name for one in BOUNDS}) == len(BOUNDS)
