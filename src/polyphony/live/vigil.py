"""Vigil: pings, heartbeats, beats; closes lines of ended sessions and of readers too slow."""

import asyncio
import random
from collections.abc import Awaitable, Callable, Coroutine
from dataclasses import dataclass, field
from uuid import UUID

import structlog

from polyphony.live.entry import HEARTBEAT_S, House
from polyphony.live.line import ENDED, RESTART, SLOW, Line, frame
from polyphony.live.staff import Rights
from polyphony.store import feed, people
from polyphony.store.database import Unavailable

PING_S = 2.0
SILENCE_S = 5.0
SWEEP_S = 2.0
DRAIN_S = 5.0
SLOW_S = 5.0
BEAT_S, ALONE_S = 1.0, 10.0
"""How often a process says that it lives: while it holds lines of agents, and while it does not."""

Attend = Callable[[list[UUID]], Awaitable[None]]
"""Tells the flow that agents lost their line, or are back."""

_log = structlog.stdlib.get_logger("polyphony.live.vigil")


@dataclass
class Vigil:
    """Watches over the lines of one process; ``lost`` and ``back`` move the presence of agents."""

    house: House
    rights: Rights
    process: str
    lost: Attend
    back: Attend
    _n: int = 0
    _beaten: float = -ALONE_S
    _tasks: list[asyncio.Task[None]] = field(default_factory=list)

    def begin(self) -> None:
        """Start watching, and hear of lines that open and close."""
        self.house.opened, self.house.closed = self.opened, self.closed
        self.house.pong = self.pong
        for period, act in (
            (BEAT_S, self.beat),
            (PING_S, self.ping),
            (SWEEP_S, self.sweep),
            (HEARTBEAT_S, self.heartbeat),
        ):
            self._tasks.append(asyncio.create_task(_every(period, act)))

    async def end(self) -> None:
        """Say goodbye to everybody and stop."""
        self.house.draining = True
        for task in self._tasks:
            task.cancel()
        for line in tuple(self.house.fan.lines):
            line.close(RESTART, "restart", retry_after_ms=random.randrange(5_000))  # noqa: S311 - spreads reconnects
        deadline = asyncio.get_running_loop().time() + DRAIN_S
        while self.house.fan.lines and asyncio.get_running_loop().time() < deadline:  # noqa: ASYNC110 - lines end by themselves, each in its own task
            await asyncio.sleep(0.05)

    # ── agents ──────────────────────────────────────────────────────────────────────────────────

    async def opened(self, line: Line) -> None:
        """A line opened: its agent is back, and this process answers for him."""
        line.heard_at = asyncio.get_running_loop().time()
        if line.scope.agent and line.scope.id is not None:
            await self._beat(BEAT_S)
            async with self.house.database.single() as session:
                await feed.unseen(session, [line.scope.id], self.process)
            await self._tell(self.back, [line.scope.id])

    async def closed(self, line: Line) -> None:
        """A line closed: when it was the agent's last one here, his line is lost."""
        if self.house.draining or not line.scope.agent or line.scope.id is None:
            return
        if not self.house.fan.of(line.scope.id):
            await self._tell(self._lost_here, [line.scope.id])

    async def _lost_here(self, agents: list[UUID]) -> None:
        """Lose the lines of those who have not come back by another process already."""
        async with self.house.database.reads() as session:
            here = await feed.attended(session, agents, self.process)
        if here:
            await self.lost(sorted(here))

    def pong(self, line: Line) -> None:
        """The client answered: it is alive."""
        line.heard_at = asyncio.get_running_loop().time()

    async def ping(self) -> None:
        """Ask the agents' lines for a sign of life; close those that have given none."""
        self._n += 1
        now, ping = asyncio.get_running_loop().time(), frame(t="ping", n=self._n)
        for line in tuple(self.house.fan.lines):
            if not line.scope.agent:
                continue
            if now - line.heard_at > SILENCE_S:
                line.close(RESTART, "silent")
                self.house.fan.remove(line)
                await self.closed(line)
            else:
                line.put(ping, fleeting=True)

    async def _tell(self, flow: Attend, agents: list[UUID]) -> None:
        try:
            await flow(agents)
        except Unavailable:
            _log.warning("presence not written: database away")

    # ── everybody ───────────────────────────────────────────────────────────────────────────────

    async def beat(self) -> None:
        """Say that this process lives; close readers that have been too slow for too long."""
        now = asyncio.get_running_loop().time()
        for line in tuple(self.house.fan.lines):
            if line.overdue(now, SLOW_S):
                line.close(SLOW, "slow")
                self.house.fan.tally["slow_closes_total"] += 1
                self.house.fan.remove(line)
        alone = not any(line.scope.agent for line in self.house.fan.lines)
        await self._beat(ALONE_S if alone else 0.0)

    async def _beat(self, after_s: float) -> None:
        """Beat unless that was done less than so long ago: only agents' presence hangs on it."""
        now = asyncio.get_running_loop().time()
        if now - self._beaten < after_s:
            return
        self._beaten = now
        async with self.house.database.single() as session:
            await feed.beat(session, self.process)

    async def sweep(self) -> None:
        """Compare the sessions of all lines with the database: no event is needed to end one."""
        lines = [line for line in self.house.fan.lines if line.scope.kind == "person"]
        if not lines:
            return
        async with self.house.database.reads() as session:
            over = await people.over(
                session, sorted({line.session_id for line in lines}), self.house.now()
            )
        for line in lines:
            if line.session_id in over:
                line.close(ENDED, "session ended")
                self.house.fan.remove(line)

    async def heartbeat(self) -> None:
        """Move every line's cursor, so that gaps show and resumes stay short."""
        now = self.house.now().isoformat()
        lag = int(self.house.feed.lag.total_seconds() * 1000)
        for line in tuple(self.house.fan.lines):
            line.heartbeat(max(line.cursor, self.house.feed.position), now, lag)
        await self.rights.refresh(list(self.house.fan.lines))


async def _every(period: float, act: Callable[[], Coroutine[None, None, None]]) -> None:
    while True:
        await asyncio.sleep(period)
        try:
            await act()
        except Unavailable:
            continue
