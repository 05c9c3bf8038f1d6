"""Transactions commit or vanish, faults of the server are told apart, outages end by themselves."""

import asyncio
import os
import signal
import time
from dataclasses import dataclass

import pytest
from psycopg import errors
from psycopg.types.json import Jsonb

from polyphony.store.database import (
    Busy,
    Database,
    Limits,
    TooSlow,
    Unavailable,
    after_commit,
    row,
    rows,
)


@dataclass(frozen=True, slots=True)
class Pair:
    key: str
    value: dict[str, object]


async def _put(database: Database, key: str) -> None:
    async with database.transaction() as session:
        await session.execute(
            "INSERT INTO setting (key, value) VALUES (%s, %s)", [key, Jsonb({"text": "žluť"})]
        )


async def test_a_transaction_is_there_for_others_after_it_ended(database):
    await _put(database, "one")
    async with database.reads() as session:
        found = await rows(session, "SELECT key, value FROM setting", None, Pair)
    assert found == [Pair("one", {"text": "žluť"})]


async def test_a_transaction_that_raises_leaves_nothing(database):
    with pytest.raises(RuntimeError, match="changed my mind"):  # noqa: PT012 - the block is the test
        async with database.transaction() as session:
            await session.execute("INSERT INTO setting (key, value) VALUES ('x', '1')")
            raise RuntimeError("changed my mind")
    async with database.reads() as session:
        assert await row(session, "SELECT key, value FROM setting", None, Pair) is None


async def test_what_was_promised_for_after_the_commit_happens_only_after_it(database):
    done: list[str] = []
    async with database.transaction() as session:
        after_commit(session, lambda: done.append("kept"))
        assert done == []
    assert done == ["kept"]
    with pytest.raises(RuntimeError):  # noqa: PT012 - the block is the test
        async with database.transaction() as session:
            after_commit(session, lambda: done.append("lost"))
            raise RuntimeError
    await _put(database, "same connection again")
    assert done == ["kept"]


async def test_reads_cannot_write_and_leave_the_connection_writable(database):
    for _ in range(3):
        with pytest.raises(errors.ReadOnlySqlTransaction):
            async with database.reads() as session:
                await session.execute("INSERT INTO setting (key, value) VALUES ('x', '1')")
        await _put(database, f"k{time.monotonic_ns()}")


async def test_a_lock_held_by_somebody_else_is_busy_after_the_limit(server, database_name):
    async with Database(server.url(database_name), limits=Limits(lock=100)) as database:
        await _put(database, "one")
        async with database.transaction() as holder:
            await holder.execute("SELECT 1 FROM setting FOR UPDATE")
            with pytest.raises(Busy):
                async with database.transaction() as other:
                    await other.execute("SELECT 1 FROM setting FOR UPDATE")


async def test_a_statement_over_the_limit_is_too_slow(server, database_name):
    async with Database(server.url(database_name), limits=Limits(statement=80)) as database:
        with pytest.raises(TooSlow):
            async with database.reads() as session:
                await session.execute("SELECT pg_sleep(3)")


async def test_when_all_connections_are_taken_the_next_caller_hears_it_soon(server, database_name):
    async with Database(server.url(database_name), size=1) as database:
        async with database.transaction():
            begin = time.monotonic()
            with pytest.raises(Unavailable):
                async with database.transaction():
                    pytest.fail("there is only one connection")
            assert time.monotonic() - begin < 15  # the pool's own limit is thirty
        await _put(database, "again")


async def test_killed_connections_fail_once_and_are_replaced(server, database):
    await asyncio.gather(*(_put(database, f"k{n}") for n in range(8)))
    async with database.direct() as other:
        found = await other.execute(
            "SELECT pg_terminate_backend(pid) FROM pg_stat_activity"
            " WHERE datname = current_database() AND pid <> pg_backend_pid()"
        )
        assert await found.fetchall()
    failed = 0
    for n in range(30):
        try:
            await _put(database, f"after{n}")
        except Unavailable:
            failed += 1
            await asyncio.sleep(0.05)
    assert failed <= 3
    await _put(database, "at last")


async def test_the_application_may_add_to_log_and_audit_but_not_change_them(database):
    async with database.transaction() as session:
        await session.execute(
            "INSERT INTO audit (id, actor_kind, act) VALUES (gen_random_uuid(), 'system', 'test')"
        )
        await session.execute("INSERT INTO event (type, op, aud) VALUES ('case.opened', 3, '{}')")
    for forbidden in (
        "UPDATE audit SET act = 'x'",
        "DELETE FROM audit",
        "UPDATE event SET type = 'x'",
        "DELETE FROM event",
        "TRUNCATE event",
        "DELETE FROM event_rest",
        "CREATE TABLE mine (a int)",
        "DELETE FROM migration",
    ):
        with pytest.raises(errors.InsufficientPrivilege):
            async with database.transaction() as session:
                await session.execute(forbidden)


async def test_the_first_answer_after_a_crash_of_the_server_comes_by_itself(server, database):
    await _put(database, "before")
    os.kill(server.postgres.pid, signal.SIGQUIT)  # all sessions break off, recovery at the start
    while server.postgres.alive():  # noqa: ASYNC110 - a process has no event to wait for
        await asyncio.sleep(0.02)
    begin = time.monotonic()
    with pytest.raises(Unavailable):
        await _put(database, "while it is down")
    assert time.monotonic() - begin < 15
    await asyncio.to_thread(server.postgres.restart)
    back = time.monotonic()
    while True:
        try:
            await _put(database, "after")
            break
        except Unavailable:
            assert time.monotonic() - back < 30
            await asyncio.sleep(0.05)
