"""What a waiting visitor is promised: his place as the router sees it, minutes only when known."""

from collections import deque
from heapq import heappop, heappush
from random import Random
from statistics import median
from uuid import UUID

import pytest
from hypothesis import given
from hypothesis import strategies as st

from polyphony.domain.expected_wait import (
    BANDS,
    LONGER,
    Lately,
    Told,
    Waiting,
    band,
    edge_s,
    expected_ms,
    honest,
    places,
    tell,
)

MINUTE = 60_000
NOW = 100 * MINUTE


def waits(number: int, since: int, tier: str = "standard", urgency: str = "normal") -> Waiting:
    return Waiting(UUID(int=number), tier, urgency, since, 120_000, 0, 1000)


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


def test_it_is_half_the_last_wait_and_half_what_the_line_takes() -> None:
    lately = Lately(starts=5, starts_hour=20, last_ms=6 * MINUTE)  # one every two minutes
    assert expected_ms(lately, 0) == 4 * MINUTE
    assert expected_ms(lately, 2) == 6 * MINUTE
    assert expected_ms(lately, 2, waited_ms=4 * MINUTE) == 4 * MINUTE
    assert expected_ms(lately, 2, waited_ms=40 * MINUTE) == 3 * MINUTE


def test_people_who_give_up_make_the_line_shorter() -> None:
    patient = Lately(5, 20, 0)
    leaving = Lately(5, 20, 0, gave_up=100, waited_ms=100 * 3 * MINUTE)
    seldom = Lately(5, 20, 0, gave_up=1, waited_ms=MINUTE)  # too little to go by
    assert expected_ms(leaving, 9) < expected_ms(patient, 9)  # type: ignore[operator] # both known
    assert expected_ms(seldom, 9) == expected_ms(patient, 9)


def test_with_few_starts_in_an_hour_nobody_knows() -> None:
    assert expected_ms(Lately(2, 4, MINUTE), 0) is None


@pytest.mark.parametrize(
    ("seconds", "told"),
    [(0, 0), (30, 0), (31, 1), (60, 1), (61, 2), (301, 10), (1_800, 30), (1_801, LONGER)],
)
def test_a_wait_is_told_in_bands_rounded_up(seconds: int, told: int) -> None:
    assert band(seconds * 1000) == told
    assert edge_s(told) >= min(seconds, 1_800)


steps = st.lists(
    st.tuples(
        st.integers(0, 40),
        st.one_of(st.none(), st.integers(0, 4_000_000)),
        st.integers(0, 600_000),
    ),
    min_size=1,
    max_size=30,
)


@given(steps)
def test_what_is_told_never_grows(news: list[tuple[int, int | None, int]]) -> None:
    told: Told | None = None
    shown_bands, shown_places, waited = [], [], 0
    for before, wait, passed in news:
        waited += passed
        told = tell(told, before, wait, waited)
        shown_places.append(told.before)
        shown = honest(told, waited, known=wait is not None)
        if shown is not None:
            shown_bands.append(shown)
            assert shown in (*BANDS, LONGER)
    assert shown_bands == sorted(shown_bands, reverse=True)
    assert shown_places == sorted(shown_places, key=lambda one: one or 0, reverse=True)


def test_who_waited_twice_as_long_as_he_was_told_is_told_no_more() -> None:
    told = tell(None, 3, 4 * MINUTE, 0)
    assert told == Told(3, 5, 300)
    assert honest(told, 9 * MINUTE, known=True) == 5
    assert honest(told, 11 * MINUTE, known=True) is None


def _day(seed: int) -> list[tuple[float, float]]:
    """Return (real, told) waits in minutes of all who waited 30 s and more, on one busy day.

    Forty people serve; more come at noon than they can, and who waits too long leaves.
    """
    chance, clock = Random(seed), 0.0
    line: deque[tuple[float, float, float]] = deque()  # came, gives up, was told (ms; < 0: not)
    busy: list[float] = []
    starts: deque[tuple[float, float]] = deque()
    gave_up = waited = 0.0
    found = []
    while clock < 10 * 60 * MINUTE:
        noon = 1 - abs(clock / MINUTE - 300) / 300
        clock += chance.expovariate((5 + 6 * noon) / MINUTE)
        while busy and busy[0] <= clock:
            free = heappop(busy)
            while line:
                came, until, told = line.popleft()
                if until < free:
                    gave_up, waited = gave_up + 1, waited + until - came
                    continue
                heappush(busy, free + chance.expovariate(1 / (5 * MINUTE)))
                starts.append((free, free - came))
                waited += free - came
                if free - came >= 30_000 and told >= 0:
                    found.append(((free - came) / MINUTE, told / MINUTE))
                break
        here = [one for one in line if one[1] >= clock]
        while starts and starts[0][0] < clock - 60 * MINUTE:
            starts.popleft()
        lately = Lately(
            sum(at > clock - 10 * MINUTE for at, _ in starts),
            len(starts),
            round(starts[-1][1]) if starts else 0,
            round(gave_up),
            round(waited),
        )
        told = expected_ms(lately, len(here))
        until = clock + chance.expovariate(1 / (8 * MINUTE))
        if len(busy) < 40:
            heappush(busy, clock + chance.expovariate(1 / (5 * MINUTE)))
            starts.append((clock, 0.0))
        else:
            line.append((clock, until, -1.0 if told is None else float(told)))
    return found


def test_on_busy_days_the_error_stays_within_the_limits_of_the_design() -> None:
    days = [one for seed in range(2) for one in _day(seed)]
    off = [abs(told - real) / real for real, told in days]
    assert len(days) > 1_000
    assert median(off) <= 0.35
    assert sum(one <= 0.5 for one in off) / len(off) >= 0.68
