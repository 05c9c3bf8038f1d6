"""The loopback door: what is sent to an address of the house arrives there, in this process."""

import asyncio
from collections import defaultdict
from collections.abc import AsyncIterator, Mapping
from uuid import UUID

from polyphony.channels.loopback import MANIFEST
from polyphony.channels.loopback.render import render
from polyphony.domain.channel import Manifest
from polyphony.domain.errors import Invalid
from polyphony.domain.message import Outbound
from polyphony.ports import Account, Collected, Health, Rendered, Sent


class LoopbackChannel:
    """A provider in memory: repeated keys are accepted once, lines wait until collected."""

    def __init__(self) -> None:
        """Begin with empty lines."""
        self._lines: dict[str, dict[UUID, bytes]] = defaultdict(dict)
        self._news = asyncio.Event()

    @property
    def manifest(self) -> Manifest:
        """What the door is and can carry."""
        return MANIFEST

    def render(self, outbound: Outbound, account: Account) -> Rendered:
        """Return the line; raise Invalid when it cannot leave like this."""
        return render(outbound, account)

    def compose(self, html: str) -> tuple[str, str]:
        """Refuse: this door carries plain words."""
        raise Invalid("reply.no_html", {"field": "html", "length": len(html)})

    async def send(self, account: Account, rendered: Rendered, key: UUID) -> Sent:
        """Put the line before its recipient; the same key again changes nothing."""
        del account
        self._lines[rendered.recipient].setdefault(key, rendered.body)
        self._news.set()
        return Sent(str(key))

    async def collect(
        self, account: Account, mark: Mapping[str, object]
    ) -> AsyncIterator[Collected]:
        """Yield what came since the mark (a count), for ever."""
        position = mark.get("position", 0)
        taken = position if isinstance(position, int) else 0
        while True:
            self._news.clear()
            waiting = list(self._lines[account.address].values())[taken:]
            if waiting:
                taken += len(waiting)
                yield Collected(waiting, {"position": taken})
            else:
                await self._news.wait()

    async def check(self, account: Account) -> Health:
        """Say that it works: there is nothing that could be broken."""
        del account
        return Health("working")
