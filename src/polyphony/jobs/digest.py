"""Digest: a loop that mails people what they have not read; sending lies between transactions."""

import asyncio
from dataclasses import dataclass

from polyphony.domain.channel import ChannelKind
from polyphony.flows import digest
from polyphony.flows.deliver.claim import opened
from polyphony.flows.post_mail import post_mail
from polyphony.jobs.worker import Loop
from polyphony.ports import Outside
from polyphony.store import accounts, digests
from polyphony.store.database import Database

IDLE_S = 60.0


def loops(database: Database, outside: Outside, address: str) -> list[Loop]:
    """Return the loop; ``address`` is where people open the screens."""
    return [Loop("digest", Digesting(database, outside, address).turn, frozenset(), IDLE_S)]


@dataclass(slots=True)
class Digesting:
    """Gathers, claims, sends, settles."""

    database: Database
    outside: Outside
    address: str

    async def turn(self) -> bool:
        """Write what is due and send what is written."""
        if ChannelKind.EMAIL not in self.outside.channels:
            return False
        at = self.outside.now()
        async with self.database.transaction() as session:
            await digest.gather(session, at, self.address)
        async with self.database.transaction() as session:
            await digest.tidy(session, at)
            mails = await digest.claim(session, at)
            boxes = await accounts.by_ids(session, sorted({one.account_id for one in mails}))
        if not mails:
            return False
        fates = await asyncio.gather(
            *(
                post_mail(
                    digest.outbound(one, at),
                    opened(boxes[one.account_id], self.outside.keys),
                    self.outside,
                    one.sends,
                )
                for one in mails
            )
        )
        async with self.database.transaction() as session:
            for mail, fate in zip(mails, fates, strict=True):
                await digests.settle(session, mail.id, fate.state, fate.why, fate.not_before)
        return len(mails) >= digest.BATCH
