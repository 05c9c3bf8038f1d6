"""The chain of the audit: every line is sealed once, and whatever is done to one is found."""

import asyncio
from datetime import timedelta
from uuid import UUID

import psycopg
import pytest
from tests.databases import Server
from tests.make.moment import AT, new_id

from polyphony.domain.audit_chain import Fault
from polyphony.flows import seal
from polyphony.flows.seal import Verified
from polyphony.store import audit, audit_chain
from polyphony.store.database import Database


async def note(database: Database, n: int) -> list[UUID]:
    entries = [
        audit.Entry(new_id(), "person", new_id(), "customers.read", "customer", new_id(),
                    {"n": one, "word": "žluť", "big": 2**60})
        for one in range(n)
    ]  # fmt: skip
    async with database.transaction() as session:
        await audit.add(session, entries)
    return [one.id for one in entries]


async def sealed(database: Database) -> None:
    more = True
    while more:
        async with database.transaction() as session:
            more = await seal.turn(session)


async def faults(database: Database, known: tuple[int, str] | None = None) -> list[Fault]:
    done = Verified()
    async with database.reads() as session:
        return [one async for one in seal.verify(session, done, known)]


async def test_every_line_is_sealed_once_also_one_that_commits_late(database: Database) -> None:
    await asyncio.gather(*(note(database, 30) for _ in range(5)))
    async with database.transaction() as slow:
        early = audit.Entry(new_id(), "system", None, "early")
        await audit.add(slow, [early])
        await note(database, 3)
        await asyncio.gather(*(sealed(database) for _ in range(4)))
        async with database.reads() as session:
            rest = await seal.state(session, AT + timedelta(days=9_000))
        assert rest.unsealed == 3  # behind the open transaction
        assert rest.unsealed_s > 0
    await sealed(database)
    done = Verified()
    async with database.reads() as session:
        assert [one async for one in seal.verify(session, done)] == []
        assert done.lines == 154
        assert (await seal.state(session, AT)).unsealed == 0


@pytest.mark.parametrize("how", ["changed", "removed", "inserted", "block"])
async def test_what_is_done_to_a_line_is_found_and_named(
    database: Database, database_name: str, server: Server, how: str
) -> None:
    small, seal.BLOCK = seal.BLOCK, 10
    try:
        lines = await note(database, 35)
        await sealed(database)
    finally:
        seal.BLOCK = small
    async with database.reads() as session:
        before = await seal.state(session, AT)
    head = (before.blocks, before.head)
    victim = sorted(lines)[17]
    assert await faults(database, head) == []
    with psycopg.connect(server.url(database_name, "postgres"), autocommit=True) as root:
        if how == "changed":
            root.execute("UPDATE audit SET facts = '{}' WHERE id = %s", [victim])
        elif how == "removed":
            root.execute("DELETE FROM audit WHERE id = %s", [victim])
        elif how == "inserted":
            root.execute(
                "INSERT INTO audit (id, actor_kind, act, xid, epoch)"
                " SELECT %s, 'person', 'x', xid, epoch FROM audit WHERE id = %s",
                [UUID(int=victim.int + 1), victim],
            )
            victim = UUID(int=victim.int + 1)
        else:  # a block is made to fit: then the next one does not
            root.execute("UPDATE audit_block SET leaves = leaves || leaves WHERE no = 2")
    found = await faults(database, head)
    if how == "block":
        assert {one.kind for one in found} >= {"block"}
        assert found[0].block == 2
    else:
        assert [(one.kind, one.line) for one in found] == [(how, victim)]


async def test_a_chain_that_was_built_anew_does_not_hold_the_head_that_left(
    database: Database, database_name: str, server: Server
) -> None:
    lines = await note(database, 5)
    await sealed(database)
    async with database.reads() as session:
        head = await audit_chain.head(session)
    with psycopg.connect(server.url(database_name, "postgres"), autocommit=True) as root:
        root.execute("DELETE FROM audit WHERE id = %s", [lines[2]])
        root.execute("DELETE FROM audit_block")
    await sealed(database)
    assert await faults(database) == []
    assert await faults(database, (head.no, head.hash.hex())) == [Fault("head", 1)]


async def test_what_is_written_in_a_new_epoch_goes_on_behind_the_old_one(
    database: Database,
) -> None:
    await note(database, 3)
    await sealed(database)
    async with database.transaction() as session:
        await session.execute(
            "INSERT INTO log_epoch (epoch, system_identifier, timeline) VALUES (2, 'x', 'x')"
        )
        await session.execute(
            "INSERT INTO audit (id, actor_kind, act, epoch, xid)"
            " VALUES (%s, 'system', 'a', 1, '9'), (%s, 'system', 'b', 2, '5')",
            [new_id(), new_id()],
        )
    await sealed(database)
    found = await faults(database)
    assert [one.kind for one in found] == ["inserted"]  # xid 9 lies within what was sealed
    async with database.reads() as session:
        assert (await audit_chain.head(session)).epoch == 2
