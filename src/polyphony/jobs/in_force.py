"""In force: the rules routing goes by; other content is another version, the same is the same."""

import asyncio
from dataclasses import replace

from polyphony.domain.routing.digest import DECISION_VERSION
from polyphony.domain.routing.facts import Policy, SeenClass
from polyphony.store import journal, levers, queues
from polyphony.store.database import Database

POLICY_S = 60.0
"""How often the rules are read anew even if nobody told of a change."""
END_S = 0.01
"""So long after a lever's end the rules are read: then it is over for the database too."""
SEEN_S = 3600.0
"""How often the requirement classes of the last weeks are gathered: it reads all work of them."""


class InForce:
    """Reads the rules; a version is a row found by content, so a new owner goes on with it."""

    def __init__(self, database: Database) -> None:
        self._database = database
        self._name = b""
        self._policy = Policy(0)
        self._seen: tuple[SeenClass, ...] | None = None
        self._read_at = 0.0
        self._gathered_at = float("-inf")
        self._ends_at = float("inf")

    @property
    def old(self) -> bool:
        """Tell whether it is time to read them again: a while has passed, or a lever has ended."""
        return asyncio.get_running_loop().time() - self._read_at > POLICY_S or self.ends_in <= 0

    @property
    def ends_in(self) -> float:
        """Seconds until the next lever ends; the database said so, whatever our own clock says."""
        return self._ends_at - asyncio.get_running_loop().time()

    async def read(self) -> Policy:
        """Return the rules as they are now: the very same object while nothing changed."""
        now = self._read_at = asyncio.get_running_loop().time()
        async with self._database.reads() as session:
            first = self._seen is None
            if first:  # a takeover does not wait until all work of weeks is read
                last = await journal.newest_rules(session)
                if last is not None and last.decision_version == DECISION_VERSION:
                    self._seen = last.policy.seen
            gather = self._seen is None or (not first and now - self._gathered_at > SEEN_S)
            if self._seen is None or gather:
                self._seen = await queues.seen(session)
                self._gathered_at = now
            ends = await levers.next_end(session)
            self._ends_at = float("inf") if ends is None else now + ends + END_S
            found = await queues.policy(session, 0, self._seen)
        body, name = journal.body_of(found)
        if name != self._name or gather:
            async with self._database.single() as session:
                version = await journal.version_of(session, body, name)
            if name != self._name:
                self._name, self._policy = name, replace(found, version=version)
        return self._policy
