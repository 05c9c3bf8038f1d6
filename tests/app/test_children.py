"""Children of `up`: a dead one comes back, one that keeps dying stops all, draining has an end."""

import asyncio
import os
import signal
import sys
import time

import pytest

from polyphony.app import children
from polyphony.app.children import Child, KeepsDying, drain


def child(code: str, said: list[str]) -> Child:
    return Child("worker", [sys.executable, "-uc", code], dict(os.environ), said.append)


async def until(condition, seconds: float = 20.0) -> None:
    end = time.monotonic() + seconds
    while not condition():
        assert time.monotonic() < end
        await asyncio.sleep(0.02)


@pytest.fixture(autouse=True)
def quick(monkeypatch):
    monkeypatch.setattr(children, "STEPS_S", (0.02, 0.04, 0.08))


async def test_a_killed_child_is_started_again_and_the_reason_is_told():
    said: list[str] = []
    one = child("import time; time.sleep(60)", said)
    task = asyncio.create_task(one.run())
    await until(lambda: one.pid)
    first = one.pid
    os.kill(first, signal.SIGKILL)
    await until(lambda: one.pid not in (None, first))
    assert "SIGKILL" in said[0]
    await drain([one], [task])
    assert one.pid is None


async def test_a_child_that_dies_five_times_in_a_minute_ends_everything_with_its_last_lines():
    one = child("print('the disk is on fire'); raise SystemExit(7)", [])
    with pytest.raises(KeepsDying, match="the disk is on fire"):
        await one.run()


async def test_pauses_between_deaths_grow_and_an_orderly_stop_is_no_death():
    said: list[str] = []
    one = child("raise SystemExit(1)", said)
    with pytest.raises(KeepsDying):
        await one.run()
    assert [line.rpartition(" in ")[2] for line in said] == ["0.02 s", "0.04 s", "0.08 s", "0.08 s"]


async def test_draining_asks_in_order_and_kills_what_does_not_end(monkeypatch):
    monkeypatch.setattr(children, "DRAIN_S", 1.0)
    stubborn = child("import signal, time; signal.signal(15, lambda *_: None); time.sleep(60)", [])
    polite = child("import time; time.sleep(60)", [])
    tasks = [asyncio.create_task(one.run()) for one in (polite, stubborn)]
    await until(lambda: polite.pid and stubborn.pid)
    await asyncio.sleep(0.5)
    begin = time.monotonic()
    await drain([polite, stubborn], tasks)
    assert time.monotonic() - begin < 30  # the stubborn one sleeps a minute
    assert polite.pid is stubborn.pid is None


async def test_a_child_waiting_for_its_next_start_can_be_stopped_at_once(monkeypatch):
    monkeypatch.setattr(children, "STEPS_S", (30,))
    one = child("raise SystemExit(1)", [])
    task = asyncio.create_task(one.run())
    await asyncio.sleep(0.6)
    begin = time.monotonic()
    await drain([one], [task])
    assert time.monotonic() - begin < 15  # its next start is thirty seconds away


async def test_a_very_long_line_of_a_child_does_not_stop_the_listening():
    one = child("print('x' * 5_000_000); print('end'); raise SystemExit(1)", [])
    with pytest.raises(KeepsDying, match="end"):
        await one.run()
