"""The pretended world: seed, pace, control; the crowd writes, the cast plays, colleagues work."""

import asyncio
import contextlib
from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass

import httpx

from polyphony.simulator import backstage
from polyphony.simulator.chatters import Chatters
from polyphony.simulator.colleagues import Desk, Player
from polyphony.simulator.draws import Draws
from polyphony.simulator.pace import Pace
from polyphony.simulator.personas import COLLEAGUES
from polyphony.simulator.stories import Step, Story, seconds, stories
from polyphony.simulator.theatre import Theatre
from polyphony.simulator.writers import Writers

_FIRST_S = 1.2  # story seconds between customers while the list is still empty
_USUAL_S = 14.0
_FIRST_N = 12
_BY_BUTTON = {"vip": "vip_chat", "vip_mail": "vip_mail", "incident": "outage"}
"""Buttons that play a story; the others let one of the crowd come."""


@dataclass(frozen=True, slots=True)
class Company:
    """What the pretended world must know of the product it writes to.

    ``mailbox`` is our address; ``passwords`` the secrets of the simulated colleagues by key.
    """

    base: str
    mailbox: str
    passwords: Mapping[str, str]


@dataclass(frozen=True, slots=True)
class Troupe:
    """Everybody who writes to the company."""

    writers: Writers
    chatters: Chatters
    theatre: Theatre


class World:
    """Everybody outside the product, moved by one seed."""

    def __init__(self, company: Company, troupe: Troupe, draws: Draws, pace: Pace) -> None:
        self._company, self._troupe, self._draws, self._pace = company, troupe, draws, pace
        self._tasks: set[asyncio.Task[None]] = set()
        self._players: dict[str, Player] = {}
        self._acts = 0
        troupe.theatre.crowd = self._rush
        troupe.theatre.desk = self._backstage

    async def live(self) -> None:
        """Play until cancelled: colleagues sign in, stories begin, the crowd comes."""
        for colleague in COLLEAGUES:
            self._spawn(self._employ(colleague.key))
        for story in stories().values():
            if story.starts_s >= 0:
                self._spawn(self._tell(story))
        number = 0
        try:
            while True:
                mean = _FIRST_S if number < _FIRST_N else _USUAL_S
                await self._pace.sleep(self._draws.wait(mean, "gap", number))
                self._spawn(self._one(number))
                number += 1
        finally:
            await self.close()

    async def _tell(self, story: Story) -> None:
        """Tell a story when its time comes, and again as often as it comes round."""
        await self._pace.sleep(story.starts_s, act=True)
        number = 0
        while True:
            self._spawn(self._troupe.theatre.play(story, number))
            if not story.every_s:
                return
            number += 1
            await self._pace.sleep(story.every_s, act=True)

    async def _one(self, number: int, matter: str = "") -> None:
        if self._draws.unit("channel", number) < 0.55:
            await self._troupe.writers.write(number, self._company.mailbox, matter=matter)
        else:
            await self._troupe.chatters.chat(number, matter=matter)

    async def _rush(self, step: Step, mark: object) -> None:
        """Let many of the crowd come with one matter within the time of the step."""
        people, within = int(str(step.facts["people"])), seconds(step.facts["within"])
        for turn in range(people):
            number = 3_000_000 + int(1e6 * self._draws.unit(mark, turn))
            self._spawn(self._one(number, str(step.facts["matter"])))
            await self._pace.sleep(self._draws.wait(within / people, mark, "gap", turn))

    async def _backstage(self, step: Step, words: str) -> Mapping[str, object]:
        players = list(self._players.values())
        if step.do == "desk.race":
            return await backstage.race(players, step, words)
        return await backstage.die(players, self._pace, step, words)

    async def act(self, act: str) -> None:
        """Do now what somebody pressed a button for."""
        self._acts += 1
        number = 1_000_000 + self._acts
        told = act.removeprefix("story:") if act.startswith("story:") else _BY_BUTTON.get(act, "")
        if act == "jump":
            self._pace.jump()
        elif told in stories():
            story = stories()[told]
            stand_in = self._acts % 3 if told.startswith("vip_") else 0
            self._spawn(self._troupe.theatre.play(story, number, stand_in))
        elif act == "mail":
            self._spawn(self._troupe.writers.write(number, self._company.mailbox))
        else:
            self._spawn(self._troupe.chatters.chat(number))

    async def _employ(self, key: str) -> None:
        who = next(c for c in COLLEAGUES if c.key == key)
        timeout = httpx.Timeout(30)
        async with httpx.AsyncClient(
            base_url=self._company.base, timeout=timeout, headers={"Origin": self._company.base}
        ) as http:
            player = Player(who, Desk(http), self._draws, self._pace, self._company.base)
            self._players[key] = player
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
