"""The journal: rules by content, steps under the fence of the epoch, whole days that go."""

from dataclasses import replace
from datetime import timedelta

import psycopg
import pytest
from tests.make.department import department
from tests.make.moment import at

from polyphony.store import journal, queues
from polyphony.store.journal import Cycle


def cycle(no, epoch=0, when=None):
    body = journal.packed(b"[]")
    return Cycle(when or at(no), epoch, no, "step", 1, body, body, 0, 0, bytes([no]) * 16)


async def version(database):
    async with database.reads() as session:
        body, name = journal.body_of(await queues.policy(session, 0))
    async with database.single() as session:
        return await journal.version_of(session, body, name)


async def test_rules_keep_their_version_until_they_say_something_else(database):
    async with database.transaction() as session:
        made = await department(session)
    first = await version(database)
    assert await version(database) == first
    async with database.transaction() as session:
        await session.execute("UPDATE queue SET version = version + 1")
    assert await version(database) == first, "a row written anew says the same"
    async with database.transaction() as session:
        await session.execute("UPDATE queue SET weight_milli = 2000 WHERE id = %s", [made.triage])
    assert await version(database) == first + 1
    async with database.transaction() as session:
        await session.execute("UPDATE queue SET weight_milli = 1000 WHERE id = %s", [made.triage])
    assert await version(database) == first, "what came back is what it was"
    async with database.reads() as session:
        newest = await journal.newest_rules(session)
    assert newest.version == first
    assert newest.policy.queues[made.triage].weight_milli == 1000


async def test_an_owner_without_the_epoch_adds_nothing(session):
    await journal.append(session, [cycle(1), cycle(2)], 0)
    await journal.append(session, [cycle(3, epoch=7)], 7)
    assert await journal.last(session) == (at(2), bytes([2]) * 16)
    found = [one.no async for page in journal.cycles(session, at(0), None) for one in page]
    assert found == [1, 2]


async def test_a_beginning_is_found_before_a_moment_else_the_first(session):
    assert await journal.beginning(session, at(5)) is None
    begins = [(3, at(3)), (6, at(6))]
    for no, when in begins:
        one = cycle(no, when=when)
        await journal.append(session, [replace(one, kind="begin")], 0)
    assert await journal.beginning(session, at(5)) == at(3)
    assert await journal.beginning(session, at(1)) == at(3)
    assert await journal.beginning(session, None) == at(3)


async def test_what_was_kept_is_only_added_to(session):
    await journal.append(session, [cycle(1)], 0)
    with pytest.raises(psycopg.errors.InsufficientPrivilege):
        await session.execute("UPDATE routing_cycle SET no = 9")


async def test_old_days_go_as_a_whole_and_young_ones_stay_whatever_is_asked(database):
    async with database.transaction() as session:
        found = await session.execute("SELECT now()")
        now = (await found.fetchone())[0]
        old, young = now - timedelta(days=40), now - timedelta(days=2)
        await session.execute("SELECT ensure_cycle_days(%s::date, 3)", [old.date()])
        await session.execute("SELECT ensure_cycle_days(%s::date, 3)", [young.date()])
        await journal.append(session, [cycle(1, when=old), cycle(2, when=young)], 0)
    async with database.transaction() as session:
        await journal.prune(session, now)
    async with database.reads() as session:
        kept = [one.no async for page in journal.cycles(session, old, None) for one in page]
    assert kept == [2]
