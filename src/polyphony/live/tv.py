"""Tv: screens on walls hold the line to one board; no person is behind them, and none on them."""

import asyncio
import contextlib
from collections.abc import Collection
from dataclasses import dataclass, field
from uuid import UUID

from starlette.requests import HTTPConnection
from starlette.websockets import WebSocket

from polyphony.domain.ids import DepartmentId
from polyphony.domain.permission import Scope
from polyphony.live.entry import Door, Guest, House, origin_in
from polyphony.live.line import ENDED, RESTART, Line
from polyphony.live.socket import serve
from polyphony.live.staff import BOARD
from polyphony.store import boards
from polyphony.store.boards import Shown
from polyphony.store.database import Session, Unavailable
from polyphony.store.feed import Ticket

KIND = "screen"
SWEEP_S = 3.0
LINES = 8
"""Lines of one link at once: a screen that comes back does not wait for its old one."""


@dataclass
class Screens:
    """The door of screens of one process."""

    house: House
    _tasks: list[asyncio.Task[None]] = field(default_factory=list)

    def begin(self) -> None:
        """Start to look whether links still hold."""
        self._tasks.append(asyncio.create_task(self._sweeping()))

    async def end(self) -> None:
        """Stop."""
        for task in self._tasks:
            task.cancel()
        await asyncio.gather(*self._tasks, return_exceptions=True)

    async def stream(self, websocket: WebSocket) -> None:
        """Serve one socket of /v1/tv/stream."""
        door = Door(self.admit, topics, origin_in(self.house.origins), pinged=False, says=())
        await serve(websocket, self.house, door)

    async def admit(
        self, session: Session, ticket: Ticket, connection: HTTPConnection
    ) -> Guest | None:
        """Let in who holds a ticket of a living link."""
        del connection  # a screen carries nothing else
        kind, _, id_ = ticket.principal.partition(":")
        if kind != BOARD or id_ != str(ticket.session_id):
            return None
        found = await boards.shown(session, [ticket.session_id], self.house.now())
        shown = found.get(ticket.session_id)
        if shown is None:
            return None
        mine = sorted(self._lines(shown.id), key=lambda line: line.born)
        for old in mine[: max(0, len(mine) - LINES + 1)]:
            old.close(4009, "replaced")
        return Guest(scope_of(shown), frozenset(), shown.id, str(shown.version))

    def _lines(self, link: UUID | None = None) -> list[Line]:
        return [
            line
            for line in self.house.fan.lines
            if line.scope.kind == KIND and link in (None, line.session_id)
        ]

    async def _sweeping(self) -> None:
        while True:
            await asyncio.sleep(SWEEP_S)
            with contextlib.suppress(Unavailable):
                await self.sweep()

    async def sweep(self) -> None:
        """End the lines of links that are gone; send those of a changed board to fetch it anew."""
        lines = self._lines()
        if not lines:
            return
        links = {line.session_id for line in lines}
        async with self.house.database.transaction() as session:
            shown = await boards.shown(session, links, self.house.now())
            await boards.seen(session, shown, self.house.now())
        for line in lines:
            now = shown.get(line.session_id)
            if now is None:
                line.close(ENDED, "link removed")
                self.house.fan.remove(line)
            elif str(now.version) != line.grants:
                line.close(RESTART, "board changed", retry_after_ms=0)
                self.house.fan.remove(line)


def scope_of(shown: Shown) -> Scope:
    """A screen has no rights but to its one board; without a department it is the house's."""
    home = shown.department_id
    return Scope(KIND, departments=frozenset() if home is None else frozenset({DepartmentId(home)}))


async def topics(_: Session, scope: Scope, wanted: Collection[str]) -> Collection[str]:
    """Return the one board this screen may watch, if it asks for it."""
    places = [str(one) for one in scope.departments] or ["house"]
    return {f"{BOARD}:{place}" for place in places} & set(wanted)
