"""The story clock."""

import asyncio

import pytest

from polyphony.simulator.pace import Pace


async def test_speed_shortens_what_is_left_of_a_sleep():
    pace = Pace(1.0)
    loop = asyncio.get_running_loop()
    began = loop.time()
    sleeper = asyncio.create_task(pace.sleep(30))
    await asyncio.sleep(0.05)
    pace.set(speed=60.0, paused=False)
    await asyncio.wait_for(sleeper, 5)
    assert loop.time() - began < 3


async def test_nobody_wakes_while_the_world_is_paused():
    pace = Pace(60.0)
    pace.set(speed=60.0, paused=True)
    sleeper = asyncio.create_task(pace.sleep(3))
    done, _ = await asyncio.wait({sleeper}, timeout=0.2)
    assert not done
    pace.set(speed=60.0, paused=False)
    await asyncio.wait_for(sleeper, 2)


async def test_speed_stays_within_its_range():
    pace = Pace()
    pace.set(speed=1e9, paused=False)
    assert pace.speed == 60.0
    pace.set(speed=0.0, paused=False)
    assert pace.speed == 0.1


async def test_a_jump_goes_to_the_next_act_and_shortens_all_that_wait():
    pace = Pace(1.0)
    ended = []

    async def act(name, after_s, *, is_act):
        await pace.sleep(after_s, act=is_act)
        ended.append(name)

    waiting = [
        asyncio.create_task(act("gap", 50, is_act=False)),
        asyncio.create_task(act("near", 3600, is_act=True)),
        asyncio.create_task(act("far", 7200, is_act=True)),
    ]
    await asyncio.sleep(0)
    assert pace.next_act_s() == pytest.approx(3600, abs=1)
    assert pace.jump() == pytest.approx(3600, abs=1)
    await asyncio.wait(waiting[:2], timeout=2)
    assert sorted(ended) == ["gap", "near"]
    pace.jump()
    await asyncio.wait_for(waiting[2], 2)
    assert pace.next_act_s() is None
    assert pace.jump() == 0


async def test_a_jump_while_the_world_is_paused_still_leads_to_the_next_act():
    pace = Pace(1.0)
    pace.set(speed=1.0, paused=True)
    waiting = asyncio.create_task(pace.sleep(3600, act=True))
    await asyncio.sleep(0)
    pace.jump()
    await asyncio.wait_for(waiting, 2)
