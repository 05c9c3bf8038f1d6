"""Fleeting: who looks, who types; across processes in batches, never stored, may be lost."""

import asyncio
import contextlib
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field

import orjson

from polyphony.live.fan import Fan
from polyphony.live.line import Line, frame
from polyphony.store import feed
from polyphony.store.database import Database, Unavailable

BATCH_S = 0.1
NOTICE_BYTES = 7_800
DATA_BYTES = 256

Said = tuple[str, str, str, object]
"""Topic, kind, who (person:<id>, customer …), data."""


@dataclass
class Fleeting:
    """Spreads fleeting news to the lines that hold the topic, here and in other processes.

    ``ears`` hear everything said anywhere (the customers' side adds one).
    """

    database: Database
    fan: Fan
    process: str
    ears: list[Callable[[str, str, str, object], None]] = field(default_factory=list)
    _out: list[Said] = field(default_factory=list)
    _some: asyncio.Event = field(default_factory=asyncio.Event)

    def say(self, topic: str, kind: str, who: str, data: object, by: Line | None = None) -> None:
        """Tell everybody who holds the topic, except the line it comes from."""
        self._hear(topic, kind, who, data, by)
        self._out.append((topic, kind, who, data))
        self._some.set()

    def _hear(self, topic: str, kind: str, who: str, data: object, by: Line | None) -> None:
        told = frame(t="eph", topic=topic, kind=kind, data=data, **{"from": who})
        for line in self.fan.holders(topic):
            if line is not by:
                line.put(told, fleeting=True)
        for ear in self.ears:
            ear(topic, kind, who, data)

    def heard(self, payload: str) -> None:
        """Take in what another process said (our own echo is skipped)."""
        with contextlib.suppress(orjson.JSONDecodeError, KeyError, TypeError, ValueError):
            news: Mapping[str, object] = orjson.loads(payload)
            said = news["said"]
            if news["process"] == self.process or not isinstance(said, list):
                return
            for topic, kind, who, data in said:
                self._hear(str(topic), str(kind), str(who), data, None)

    async def run(self) -> None:
        """Send what was said here to the other processes, ten times a second at most."""
        while True:
            await self._some.wait()
            self._some.clear()
            with contextlib.suppress(Unavailable):
                await self._flush()
            await asyncio.sleep(BATCH_S)

    async def _flush(self) -> None:
        said, self._out = self._out, []
        async with self.database.transaction() as session:
            for payload in _packed(self.process, said):
                await feed.tell(session, payload)


def _packed(process: str, said: list[Said]) -> list[str]:
    """Put as many as fit into one notice."""
    packs: list[str] = []
    batch: list[Said] = []
    for one in [*said, None]:
        trial = [*batch, one] if one is not None else batch
        text = orjson.dumps({"process": process, "said": trial}).decode()
        if one is not None and len(text.encode()) <= NOTICE_BYTES:
            batch = trial
            continue
        if batch:
            packs.append(orjson.dumps({"process": process, "said": batch}).decode())
        batch = [one] if one is not None else []
    return packs
