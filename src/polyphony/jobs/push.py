"""Push: a loop that tells sleeping devices; the calls outside lie between two transactions."""

import asyncio
from dataclasses import dataclass

from polyphony.flows import push
from polyphony.jobs.worker import Loop
from polyphony.ports import Outside, Pushed, Pusher
from polyphony.store import web_push
from polyphony.store.database import Database

IDLE_S = 1.0
AT_ONCE = 8


def loops(database: Database, outside: Outside) -> list[Loop]:
    """Return the loop, or none where nothing can be pushed."""
    if outside.pusher is None:
        return []
    return [Loop("push", Pushing(database, outside, outside.pusher).turn, frozenset(), IDLE_S)]


@dataclass(slots=True)
class Pushing:
    """Claims, sends, settles."""

    database: Database
    outside: Outside
    pusher: Pusher

    async def turn(self) -> bool:
        """Push everything that is due."""
        at = self.outside.now()
        async with self.database.transaction() as session:
            private = await push.private_key(session, self.outside.keys)
            if private is None:
                return False
            parcels = await push.claim(session, at)
        if not parcels:
            return False
        gate = asyncio.Semaphore(AT_ONCE)

        async def send(parcel: push.Parcel) -> Pushed:
            async with gate:
                return await self.pusher.push(parcel.to, parcel.payload, private, parcel.ttl_s)

        told = await asyncio.gather(*(send(one) for one in parcels))
        done = {
            fate: [one.device for one, how in zip(parcels, told, strict=True) if how is fate]
            for fate in Pushed
        }
        async with self.database.transaction() as session:
            await web_push.settle(
                session, done[Pushed.SENT], done[Pushed.FAILED], done[Pushed.GONE],
                self.outside.now(),
            )  # fmt: skip
        return len(parcels) >= push.MANY
