"""Timers: due once, movable, under a lease; throttles count within their window."""

from datetime import timedelta

from tests.make.moment import AT, at, new_id

from polyphony.store import throttle, timers
from polyphony.store.timers import Timer

LEASE = timedelta(seconds=30)


def timer(key, seconds, kind="x", payload=None):
    return Timer(new_id(), at(seconds), kind, new_id(), key, payload)


async def test_a_timer_is_claimed_when_due_and_by_one_only(session):
    await timers.arm(session, [timer("a", 10), timer("b", 20, payload={"n": 1})])
    assert await timers.claim(session, 10, at(9), LEASE) == []
    found = await timers.claim(session, 10, at(20), LEASE)
    assert [(one.key, one.payload, one.tries) for one in found] == [
        ("a", {}, 1),
        ("b", {"n": 1}, 1),
    ]
    assert await timers.claim(session, 10, at(49), LEASE) == []
    assert len(await timers.claim(session, 10, at(51), LEASE)) == 2
    await timers.done(session, [one.id for one in found])
    assert await timers.claim(session, 10, at(999), LEASE) == []


async def test_setting_a_timer_again_moves_it(session):
    await timers.arm(session, [timer("a", 10)])
    await timers.arm(session, [timer("a", 50)])
    assert await timers.next_due(session) == at(50)
    assert await timers.claim(session, 10, at(49), LEASE) == []
    await timers.disarm(session, ["a"])
    assert await timers.next_due(session) is None


async def test_kinds_are_claimed_apart(session):
    await timers.arm(session, [timer("a", 0, "one"), timer("b", 0, "two")])
    found = await timers.claim(session, 10, AT, LEASE, ["two"])
    assert [one.key for one in found] == ["b"]


async def test_a_throttle_counts_within_its_window_and_begins_anew(session):
    hour = timedelta(hours=1)
    assert [await throttle.count(session, "k", at(n), hour) for n in range(3)] == [1, 2, 3]
    assert await throttle.peek(session, "k", at(10), hour) == 3
    assert await throttle.count(session, "k", at(3600), hour) == 1
    await throttle.clear(session, "k")
    assert await throttle.peek(session, "k", at(3601), hour) == 0
