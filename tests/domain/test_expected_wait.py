"""What a waiting visitor is promised: his place as the router sees it, minutes only when known."""

from uuid import UUID

import pytest

from polyphony.domain.expected_wait import Stay, Waiting, expected_s, places

MINUTE = 60_000
NOW = 100 * MINUTE


def waits(number: int, since: int, tier: str = "standard", urgency: str = "normal") -> Waiting:
    return Waiting(UUID(int=number), tier, urgency, since, 120_000, 0, 1000)


def took(minutes: float, ended_before: float) -> Stay:
    """A wait of so many minutes that ended so many minutes ago."""
    taken = NOW - int(ended_before * MINUTE)
    return Stay(taken - int(minutes * MINUTE), taken)


def test_who_waits_longest_is_first() -> None:
    line = [waits(1, NOW - MINUTE), waits(2, NOW - 3 * MINUTE), waits(3, NOW)]
    assert places(line, NOW) == {UUID(int=2): 0, UUID(int=1): 1, UUID(int=3): 2}


def test_an_urgent_or_important_customer_goes_before_as_the_router_lets_him() -> None:
    line = [
        waits(1, NOW - 2 * MINUTE),
        waits(2, NOW - MINUTE, tier="vip"),
        waits(3, NOW - 2 * MINUTE, urgency="critical"),
    ]
    assert places(line, NOW)[UUID(int=1)] == 2


def test_equal_ones_keep_a_fixed_order() -> None:
    line = [waits(n, NOW - MINUTE) for n in (3, 1, 2)]
    assert places(line, NOW) == {UUID(int=1): 0, UUID(int=2): 1, UUID(int=3): 2}


def test_with_nobody_before_it_is_what_others_waited_lately() -> None:
    recent = [took(1, 30), took(2, 20), took(9, 10)]
    assert expected_s(recent, 0, 0, NOW) == 120
    assert expected_s(recent, 0, MINUTE, NOW) == 60
    assert expected_s(recent, 0, 3 * MINUTE, NOW) == 0


def test_with_a_line_it_is_the_pace_at_which_it_moves() -> None:
    moving = [took(6, 12), took(6, 10), took(6, 8), took(6, 6)]  # one every two minutes
    assert expected_s(moving, 2, 0, NOW) == 360


@pytest.mark.parametrize(
    ("recent", "before", "waited"),
    [
        ([], 0, 0),
        ([took(1, 5), took(1, 4)], 0, 0),  # too few
        ([took(1, 90), took(1, 80), took(1, 70)], 0, 0),  # too long ago
        ([took(1, 50), took(1, 30), took(1, 10)], 3, 0),  # nobody ever waited behind another
        ([took(1, 30), took(2, 20), took(3, 10)], 0, 5 * MINUTE),  # disproved by his own wait
        ([took(50, 45), took(50, 25), took(50, 5)], 9, 0),  # hours: only the place is honest
    ],
)
def test_what_is_not_known_is_not_told(recent: list[Stay], before: int, waited: int) -> None:
    assert expected_s(recent, before, waited, NOW) is None
