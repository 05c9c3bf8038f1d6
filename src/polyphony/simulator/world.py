"""The pretended world: seed, pace, control; lets customers write and colleagues work."""

import asyncio
import contextlib
from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass

import httpx

from polyphony.simulator.chatters import Chatters
from polyphony.simulator.colleagues import Desk, Player
from polyphony.simulator.draws import Draws
from polyphony.simulator.pace import Pace
from polyphony.simulator.personas import COLLEAGUES
from polyphony.simulator.writers import Writers

_FIRST_S = 1.2  # story seconds between customers while the list is still empty
_USUAL_S = 14.0
_FIRST_N = 12


@dataclass(frozen=True, slots=True)
class Company:
    """What the pretended world must know of the product it writes to.

    ``mailbox`` is our address; ``passwords`` the secrets of the simulated colleagues by key.
    """

    base: str
    mailbox: str
    passwords: Mapping[str, str]


class World:
    """Everybody outside the product, moved by one seed."""

    def __init__(self, company: Company, draws: Draws, pace: Pace) -> None:
        self._company, self._draws, self._pace = company, draws, pace
        self._tasks: set[asyncio.Task[None]] = set()
        self._acts = 0

    async def live(self, writers: Writers, chatters: Chatters) -> None:
        """Play until cancelled: colleagues sign in, customers come one after the other."""
        for colleague in COLLEAGUES:
            self._spawn(self._employ(colleague.key))
        number = 0
        try:
            while True:
                mean = _FIRST_S if number < _FIRST_N else _USUAL_S
                await self._pace.sleep(self._draws.wait(mean, "gap", number))
                self._spawn(self._one(number, writers, chatters))
                number += 1
        finally:
            await self.close()

    async def _one(self, number: int, writers: Writers, chatters: Chatters) -> None:
        if self._draws.unit("channel", number) < 0.55:
            await writers.write(number, self._company.mailbox)
        else:
            await chatters.chat(number)

    async def act(self, act: str, writers: Writers, chatters: Chatters) -> None:
        """Do now what somebody pressed a button for: mail, chat or vip."""
        self._acts += 1
        number = 1_000_000 + self._acts
        if act == "mail":
            self._spawn(writers.write(number, self._company.mailbox))
        else:
            self._spawn(chatters.chat(number, vip=act == "vip"))

    async def _employ(self, key: str) -> None:
        who = next(c for c in COLLEAGUES if c.key == key)
        timeout = httpx.Timeout(30)
        async with httpx.AsyncClient(
            base_url=self._company.base, timeout=timeout, headers={"Origin": self._company.base}
        ) as http:
            player = Player(who, Desk(http), self._draws, self._pace, self._company.base)
            await player.work(f"{key}@demo.example", self._company.passwords[key])

    def _spawn(self, work: Awaitable[None]) -> None:
        task = asyncio.ensure_future(_forgiving(work))
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)

    async def close(self) -> None:
        """Send everybody home."""
        for task in tuple(self._tasks):
            task.cancel()
        await asyncio.gather(*self._tasks, return_exceptions=True)


async def _forgiving(work: Awaitable[None]) -> None:
    # A customer whose line breaks gives up, as people do; the world goes on without him.
    with contextlib.suppress(httpx.HTTPError, OSError, KeyError, ValueError):
        await work


Control = Callable[[], Awaitable[Mapping[str, object]]]


async def obey(ask: Control, pace: Pace, act: Callable[[str], Awaitable[None]]) -> None:
    """Follow the control bar: ask once a second how fast to play and what was pressed."""
    while True:
        with contextlib.suppress(httpx.HTTPError, OSError, KeyError, ValueError):
            wish = await ask()
            pace.set(speed=float(str(wish["speed"])), paused=bool(wish["paused"]))
            acts = wish["acts"]
            for name in acts if isinstance(acts, list) else []:
                await act(str(name))
        await asyncio.sleep(1)
