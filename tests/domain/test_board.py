"""The counters: contributions by version; order, repeats and cuts of the log change nothing."""

from uuid import UUID

from hypothesis import given, settings
from hypothesis import strategies as st

from polyphony.domain import tally
from polyphony.domain.board import BUCKET_MS, BUCKETS, SOON_MS, Board, Part, Place
from polyphony.domain.metric import Wait
from polyphony.domain.service_hours import DAY_MS

NOW = 1_790_000_000_000
DEPARTMENT, QUEUE, OTHER = UUID(int=1), UUID(int=2), UUID(int=3)
PLACES = [
    Place(DEPARTMENT, QUEUE, "email"),
    Place(DEPARTMENT, OTHER, "chat"),
    Place(DEPARTMENT, QUEUE, "email", sealed=True),
]
STATES = ["waiting", "offered", "in_work", "suspended", "wrap_up", "parked", "done", "cancelled"]
moments = st.integers(NOW - 2 * DAY_MS, NOW + 5_000)

items = st.builds(
    tally.Item,
    place=st.sampled_from(PLACES),
    state=st.sampled_from(STATES),
    waiting_since=moments,
    due_at=st.none() | st.integers(NOW - 3_600_000, NOW + 3_600_000),
    answered=st.booleans(),
    kind=st.sampled_from(["interaction", "callback"]),
).map(tally.of_item)
stays = st.builds(
    tally.Stay,
    place=st.sampled_from(PLACES),
    wait=st.builds(
        Wait,
        how=st.sampled_from(["waiting", "taken", "answered", "abandoned", "flow_out", "cancelled"]),
        waited_ms=st.integers(0, 100_000),
        target_ms=st.just(20_000),
    ),
    entered=moments,
    left=st.none() | moments,
    zone=st.sampled_from(["Europe/Prague", "UTC", "Pacific/Auckland"]),
).map(tally.of_stay)
agents = st.builds(
    tally.Present,
    department=st.just(DEPARTMENT),
    status=st.sampled_from(["online", "busy", "break", "offline", "not_responding"]),
    modes=st.dictionaries(st.sampled_from(["email", "chat"]), st.sampled_from(["on", "off"])),
    cap_max=st.just(100),
    used=st.integers(0, 120),
    queues=st.sampled_from(
        [(), ((QUEUE, DEPARTMENT),), ((QUEUE, DEPARTMENT), (OTHER, DEPARTMENT))]
    ),
).map(tally.of_agent)


@st.composite
def histories(draw):
    """Rows with their versions, each with what it adds at that version."""
    found = []
    for entity, adds in (("work_item", items), ("stay", stays), ("agent", agents)):
        for number in range(draw(st.integers(0, 4))):
            versions = draw(st.lists(adds, min_size=1, max_size=4))
            found += [(entity, UUID(int=number), v, one) for v, one in enumerate(versions, 1)]
    return found


@settings(max_examples=150, deadline=None)
@given(
    history=histories(),
    chance=st.randoms(use_true_random=False),
    steps=st.lists(st.integers(1, 900_000), max_size=4),
)
def test_counting_by_steps_equals_counting_everything_at_the_end(history, chance, steps):
    told = history + history[::2]  # some twice,
    chance.shuffle(told)  # in any order
    board = Board(NOW)
    at = NOW
    for number, (entity, id_, version, adds) in enumerate(told):
        board.apply(entity, id_, version, adds)
        if number < len(steps):
            at += steps[number]
            board.advance(at)
            board.tidy() if number % 2 else None
            # what was forgotten comes again, as it would from the tables
            for one in told[: number + 1]:
                board.apply(*one)
    at += 1
    board.advance(at)
    newest = {}
    for entity, id_, version, adds in history:
        newest[entity, id_] = (version, adds)
    fresh = Board(NOW)
    for (entity, id_), (version, adds) in newest.items():
        fresh.apply(entity, id_, version, adds)
    fresh.advance(at)
    late = Board(at)
    for (entity, id_), (version, adds) in newest.items():
        late.apply(entity, id_, version, adds)
    assert board.pictures() == fresh.pictures() == late.pictures()


def only(board):
    (found,) = board.pictures().values()
    return found


def test_an_older_version_changes_nothing():
    board, place = Board(NOW), PLACES[0]
    board.apply(
        "work_item", QUEUE, 2, tally.of_item(tally.Item(place, "in_work", NOW, None, False))
    )
    old = tally.of_item(tally.Item(place, "waiting", NOW, None, False))
    assert not board.apply("work_item", QUEUE, 1, old)
    assert only(board).now == {"in_work": 1}


def test_the_longest_wait_is_the_next_one_when_the_first_is_over():
    board, place = Board(NOW), PLACES[0]
    for number, since in enumerate((NOW - 9_000, NOW - 5_000, NOW - 5_000)):
        one = tally.of_item(tally.Item(place, "waiting", since, None, False))
        board.apply("work_item", UUID(int=number), 1, one)
    assert only(board).since == NOW - 9_000
    board.apply("work_item", UUID(int=0), 2, ())
    assert only(board).since == NOW - 5_000
    board.apply("work_item", UUID(int=1), 2, ())
    assert only(board).since == NOW - 5_000
    board.apply("work_item", UUID(int=2), 2, ())
    assert board.pictures() == {}


def test_what_is_due_comes_near_and_passes_by_time_alone():
    board, place = Board(NOW), PLACES[0]
    one = tally.Item(place, "waiting", NOW, NOW + SOON_MS + 1_000, False)
    board.apply("work_item", QUEUE, 1, tally.of_item(one))
    assert (only(board).breached, only(board).soon) == (0, 0)
    board.changed.clear()
    board.advance(NOW + 1_000)
    assert board.changed == {place}
    assert (only(board).breached, only(board).soon) == (0, 1)
    board.changed.clear()
    board.advance(NOW + SOON_MS + 1_000)
    assert board.changed == {place}
    assert (only(board).breached, only(board).soon) == (1, 0)


def test_a_quarter_minute_leaves_the_half_hour_after_half_an_hour():
    board, place = Board(NOW), PLACES[0]
    stay = tally.Stay(place, Wait("abandoned", 6_000, 20_000), NOW, NOW + 6_000, "UTC")
    board.apply("stay", QUEUE, 1, tally.of_stay(stay))
    assert only(board).half == {"entered": 1, "abandoned": 1, "abandoned_within": 1}
    assert board.series(DEPARTMENT, sealed=False)["entered"][-1] == 1
    board.advance(NOW + (BUCKETS - 1) * BUCKET_MS)
    assert only(board).half
    board.advance(NOW + BUCKETS * BUCKET_MS)
    assert not only(board).half
    assert only(board).day == {"entered": 1, "abandoned": 1, "abandoned_within": 1}


def test_days_end_at_the_midnight_of_the_queue_also_when_the_clock_is_changed():
    hour = 3_600_000
    spring = 1_774_738_800_000  # 2026-03-29 00:00 in Prague: 23 hours follow
    autumn = 1_792_879_200_000  # 2026-10-25 00:00 in Prague: 25 hours follow
    assert tally.day_end(spring, "Europe/Prague") == spring + 23 * hour
    assert tally.day_end(autumn, "Europe/Prague") == autumn + 25 * hour
    board, place = Board(autumn), PLACES[0]
    stay = tally.Stay(place, Wait("waiting", 0, 1), autumn + 1, None, "Europe/Prague")
    board.apply("stay", QUEUE, 1, tally.of_stay(stay))
    board.advance(autumn + 25 * hour - 1)
    assert only(board).day == {"entered": 1}
    board.advance(autumn + 25 * hour)
    assert board.pictures() == {}


def test_an_agent_counts_at_home_once_and_in_every_queue_served():
    board = Board(NOW)
    home, queues = UUID(int=7), ((QUEUE, DEPARTMENT), (OTHER, DEPARTMENT))
    here = tally.Present(home, "online", {"email": "on", "chat": "off"}, 100, 50, queues)
    board.apply("agent", UUID(int=9), 1, tally.of_agent(here))
    at_home = board.picture(Place(home, None, ""))
    assert at_home.now == {"free": 50, "online": 1, "ready": 1, "units": 100}
    assert board.picture(Place(DEPARTMENT, QUEUE, "email")).now == {"ready": 1}
    assert board.picture(Place(DEPARTMENT, OTHER, "chat")).now == {}
    full = tally.Present(home, "online", {"email": "on"}, 100, 60, queues)
    board.apply("agent", UUID(int=9), 2, tally.of_agent(full))
    assert "ready" not in board.picture(Place(DEPARTMENT, QUEUE, "")).now


def test_rows_that_count_no_more_are_forgotten():
    board = Board(NOW)
    part = Part(PLACES[0], day=(("entered", 1),), day_end=NOW + 10)
    board.apply("stay", QUEUE, 1, (part,))
    assert board.tidy() == 0
    board.advance(NOW + 10)
    assert board.tidy() == 1
    assert board.known("stay") == set()
