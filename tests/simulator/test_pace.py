"""The story clock."""

import asyncio

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
