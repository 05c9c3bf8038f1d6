"""Load: open-loop traffic at a given rate; who is slow is not waited for."""

import asyncio
from dataclasses import dataclass

import httpx

from polyphony.simulator.chatters import Chatters
from polyphony.simulator.draws import Draws
from polyphony.simulator.writers import Writers


@dataclass(frozen=True, slots=True)
class Loaded:
    """What became of the load: begun, refused by the product, and how far behind the plan we were.

    ``late_s`` is the largest delay of a start against the plan: it must stay small, or this
    machine and not the product was measured.
    """

    begun: int
    refused: int
    late_s: float


async def load(
    writers: Writers, chatters: Chatters, draws: Draws, plan: tuple[float, float], mailbox: str
) -> Loaded:
    """Begin ``plan[0]`` matters a second for ``plan[1]`` seconds, half by mail, half by chat."""
    rate, for_s = plan
    loop = asyncio.get_running_loop()
    began, due, late, refused = loop.time(), 0.0, 0.0, 0
    running: set[asyncio.Task[None]] = set()
    number = 2_000_000
    while True:
        due += draws.wait(1 / rate, "load", number)
        if due > for_s:
            break
        await asyncio.sleep(max(0.0, began + due - loop.time()))
        late = max(late, loop.time() - began - due)
        number += 1
        mail = draws.unit("load channel", number) < 0.5
        work = writers.write(number, mailbox) if mail else chatters.chat(number)
        running.add(asyncio.ensure_future(work))
    done = await asyncio.gather(*running, return_exceptions=True)
    refused = sum(isinstance(one, httpx.HTTPError | OSError) for one in done)
    return Loaded(len(running), refused, round(late, 3))
