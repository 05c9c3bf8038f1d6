"""MicroBatch: one commit for many, poison found by halving, nobody answered before the commit."""

import asyncio

import pytest

from polyphony.domain.errors import Invalid, RateLimited
from polyphony.store.batch import MicroBatch
from polyphony.store.database import Unavailable


async def test_requests_of_one_moment_share_one_batch():
    sizes = []

    async def work(items):
        sizes.append(len(items))
        return [item * 2 for item in items]

    batch = MicroBatch(work)
    assert await asyncio.gather(*(batch.add(i) for i in range(50))) == [2 * i for i in range(50)]
    assert sizes == [50]


async def test_a_full_batch_leaves_at_once_and_order_is_kept():
    seen = []

    async def work(items):
        seen.append(list(items))
        return items

    batch = MicroBatch(work, size=10, wait_s=60)
    await asyncio.gather(*(batch.add(i) for i in range(30)))
    assert seen == [list(range(10)), list(range(10, 20)), list(range(20, 30))]


async def test_poison_is_found_and_the_others_pass():
    async def work(items):
        if 13 in items:
            raise Invalid("poison")
        return items

    batch = MicroBatch(work)
    answers = await asyncio.gather(*(batch.add(i) for i in range(40)), return_exceptions=True)
    assert isinstance(answers[13], Invalid)
    assert [a for i, a in enumerate(answers) if i != 13] == [i for i in range(40) if i != 13]


async def test_a_dead_database_is_told_to_all_without_halving():
    calls = []

    async def work(items):
        calls.append(len(items))
        raise Unavailable("gone")

    batch = MicroBatch(work)
    answers = await asyncio.gather(*(batch.add(i) for i in range(8)), return_exceptions=True)
    assert calls == [8]
    assert all(isinstance(answer, Unavailable) for answer in answers)


async def test_a_crowd_above_the_room_is_refused_early():
    gate = asyncio.Event()

    async def work(items):
        await gate.wait()
        return items

    batch = MicroBatch(work, size=1, parallel=1, room=3)
    waiting = [asyncio.create_task(batch.add(i)) for i in range(5)]
    await asyncio.sleep(0.05)
    for i in range(9):
        waiting.append(asyncio.create_task(batch.add(i)))
        await asyncio.sleep(0)
    with pytest.raises(RateLimited):
        await batch.add(99)
    gate.set()
    await asyncio.gather(*waiting, return_exceptions=True)
    await batch.drain()
