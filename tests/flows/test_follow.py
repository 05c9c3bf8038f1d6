"""Followers of the log: nothing left out, nothing held up, the place moves with what was done."""

import asyncio
from collections.abc import Sequence
from datetime import timedelta

import pytest
from tests.make.moment import AT, new_id

from polyphony.domain.event import NewEvent, Op
from polyphony.flows import follow
from polyphony.flows.follow import Consumer
from polyphony.store import events, readers
from polyphony.store.database import Database, Session
from polyphony.store.readers import Named


class Heard:
    """What a consumer was told, and how it can fail."""

    def __init__(self, page: int = 3) -> None:
        self.ids: list[object] = []
        self.fails = False
        self.rested = 0
        self.consumer = Consumer("test", frozenset({"message"}), self.take, self.rest, page)

    async def take(self, session: Session, page: Sequence[Named]) -> None:
        if self.fails:
            raise RuntimeError
        await session.execute("SELECT 1")
        self.ids += [one.entity_id for one in page]

    async def rest(self, _: Session) -> bool:
        self.rested += 1
        return False


def happened(entity: str = "message") -> NewEvent:
    return NewEvent("message.changed", Op.TOUCH, entity, new_id(), 1, ["all"])


async def turn(database: Database, heard: Heard) -> bool:
    async with database.transaction() as session:
        return await follow.turn(session, heard.consumer, AT)


async def drained(database: Database, heard: Heard) -> None:
    while await turn(database, heard):
        pass


async def append(database: Database, *batch: NewEvent) -> None:
    async with database.transaction() as session:
        await events.append(session, batch)


async def test_each_change_is_told_once_in_pages_and_a_failure_repeats_it(
    database: Database,
) -> None:
    heard = Heard()
    await drained(database, heard)  # begins at the horizon
    told = [happened() for _ in range(7)]
    await append(database, *told, happened("presence"))
    assert await turn(database, heard)
    assert len(heard.ids) == 3
    heard.fails = True
    with pytest.raises(RuntimeError):
        await turn(database, heard)
    heard.fails = False
    await drained(database, heard)
    assert heard.ids == [one.entity_id for one in told]
    assert heard.rested  # once nothing waits
    async with database.reads() as session:
        assert await readers.unread(session, "test", ["message"]) is None


async def test_what_commits_late_is_not_skipped(database: Database) -> None:
    heard = Heard()
    await drained(database, heard)
    early, late = happened(), happened()
    async with database.transaction() as slow:
        await events.append(slow, [early])
        await append(database, late)
        await drained(database, heard)
        assert heard.ids == []  # an older transaction is open: the horizon waits
        async with database.reads() as session:
            assert await readers.unread(session, "test", ["message"]) is not None
    await drained(database, heard)
    assert heard.ids == [early.entity_id, late.entity_id]


async def test_only_one_process_reads_at_a_time(database: Database) -> None:
    heard = Heard(page=50)
    await drained(database, heard)
    await append(database, *(happened() for _ in range(20)))
    await asyncio.gather(*(turn(database, heard) for _ in range(6)))
    await drained(database, heard)
    assert len(heard.ids) == len({*heard.ids}) == 20


async def test_the_rest_of_an_old_epoch_is_read_before_the_new_one(database: Database) -> None:
    heard = Heard(page=50)
    await drained(database, heard)
    old, new = happened(), happened()
    await append(database, old)
    async with database.transaction() as session:
        await session.execute(
            "INSERT INTO log_epoch (epoch, system_identifier, timeline) VALUES (2, 'x', 'x')"
        )
        await session.execute(
            "INSERT INTO event (epoch, type, op, entity, entity_id, aud)"
            " VALUES (2, 'message.changed', 2, 'message', %s, '{all}')",
            [new.entity_id],
        )
    await drained(database, heard)
    assert heard.ids == [old.entity_id, new.entity_id]


async def test_a_quiet_reader_writes_nothing(database: Database) -> None:
    heard = Heard()
    await drained(database, heard)
    async with database.transaction() as session:
        await session.execute("UPDATE reader_place SET at = %s", [AT - timedelta(seconds=10)])
    async with database.transaction() as session:
        assert not await follow.turn(session, heard.consumer, AT)
        found = await session.execute("SELECT pg_current_xact_id_if_assigned()")
        assert await found.fetchone() == (None,)
