"""The vigil: lost lines, silent clients, slow transactions, a database that goes away, goodbye."""

import asyncio
from pathlib import Path
from typing import Any

import orjson
from tests.live.dialling import Line, World, dial
from tests.make.desk import Person, Running, running

from polyphony.domain.permission import SYSTEM
from polyphony.live.line import BYTES_MAX
from polyphony.live.line import Line as Open
from polyphony.store.database import Database
from polyphony.store.feed import Cursor


async def status(database: Database, who: Person) -> str:
    async with database.reads() as session:
        found = await session.execute(
            "SELECT status FROM agent_presence WHERE agent_id = %s", [who.id]
        )
        return (await found.fetchone())[0]


async def becomes(database: Database, who: Person, wanted: str, seconds: float) -> bool:
    async with asyncio.timeout(seconds):
        while await status(database, who) != wanted:  # noqa: ASYNC110 - another connection writes it
            await asyncio.sleep(0.05)
    return True


async def online(desk: Running, who: Person) -> Line:
    line = await dial(desk, who)
    answer = await who.http.put("/v1/presence", json={"status": "online"})
    assert answer.status_code == 200, answer.text
    return line


async def test_a_lost_line_is_seen_at_once_and_a_new_one_brings_the_agent_back(
    database: Database, tmp_path: Path, world: World
) -> None:
    async with running(database, tmp_path) as desk:
        jana = await desk.signed_in(world.agent)
        line = await online(desk, jana)
        second = await dial(desk, jana)
        line.socket.transport.abort()
        await asyncio.sleep(0.5)
        assert await status(database, jana) == "online"  # the other tab is still there
        second.socket.transport.abort()
        assert await becomes(database, jana, "reconnecting", 5)
        await dial(desk, jana)
        assert await becomes(database, jana, "online", 5)


async def test_a_silent_client_counts_as_lost(
    database: Database, tmp_path: Path, world: World
) -> None:
    async with running(database, tmp_path) as desk:
        jana = await desk.signed_in(world.agent)
        await online(desk, jana)
        began = asyncio.get_running_loop().time()
        assert await becomes(database, jana, "reconnecting", 12)  # no pong was ever sent
        assert asyncio.get_running_loop().time() - began > 4


async def test_a_slow_transaction_does_not_hold_the_screen(
    database: Database, tmp_path: Path, world: World
) -> None:
    async with running(database, tmp_path) as desk:
        jana = await desk.signed_in(world.agent)
        line = await dial(desk, jana)
        async with database.transaction() as slow:
            await slow.execute("SELECT pg_current_xact_id()")
            open_xid = (await (await slow.execute("SELECT pg_current_xact_id()::text")).fetchone())[
                0
            ]
            before = line.cursor
            await world.touch(database, "seen early")
            early = await line.next("early", 4)
            assert early["events"][0]["data"]["title"] == "seen early"
            assert line.cursor == before
            assert int(line.cursor.split(".")[1]) <= int(open_xid)
        again = await line.event("case.changed")
        assert again["v"] == early["events"][0]["v"]
        assert not line.gap


async def test_the_stream_goes_on_after_the_database_threw_everybody_out(
    database: Database, tmp_path: Path, world: World
) -> None:
    async with running(database, tmp_path) as desk:
        jana = await desk.signed_in(world.agent)
        line = await dial(desk, jana)
        # The welcome is sent before the line is settled; an answer comes only after it.
        await line.socket.send('{"t":"sub","topics":["case:none"]}')
        await line.next("eph")
        async with database.transaction() as session:
            await session.execute(
                "SELECT pg_terminate_backend(pid) FROM pg_stat_activity"
                " WHERE datname = current_database() AND pid <> pg_backend_pid()"
            )
        await asyncio.sleep(0.2)
        for _ in range(20):
            try:
                await world.touch(database, "after")
                break
            except Exception:  # noqa: BLE001 - the pool finds its dead connections one by one
                await asyncio.sleep(0.2)
        event = await line.event("case.changed", 10)
        assert event["data"]["title"] == "after"
        assert not line.gap


async def test_everybody_hears_goodbye_when_the_process_is_told_to_stop(
    database: Database, tmp_path: Path, world: World
) -> None:
    async with running(database, tmp_path) as desk:
        jana = await desk.signed_in(world.agent)
        line = await dial(desk, jana)
        ending = asyncio.create_task(desk.web.vigil.end())
        bye = await line.next("bye")
        assert bye["code"] == 1012
        assert 0 <= bye["retry_after_ms"] < 5_000
        assert await line.end() == 1012
        await ending
        assert (await jana.http.get("/readyz")).status_code == 503


async def test_the_ninth_line_of_a_person_replaces_the_first(
    database: Database, tmp_path: Path, world: World
) -> None:
    async with running(database, tmp_path) as desk:
        jana = await desk.signed_in(world.agent)
        lines = [await dial(desk, jana) for _ in range(9)]
        assert await lines[0].end() == 4009


async def test_a_flood_and_an_unknown_frame_end_the_line(
    database: Database, tmp_path: Path, world: World
) -> None:
    async with running(database, tmp_path) as desk:
        jana = await desk.signed_in(world.agent)
        flood = await dial(desk, jana)
        for n in range(150):
            await flood.socket.send(orjson.dumps({"t": "pong", "n": n}).decode())
        assert await flood.end() == 4029
        for frame in ('{"t": "write"}', "not json", "[]", '{"t": "sub"}', "x" * 20_000):
            odd = await dial(desk, jana)
            await odd.socket.send(frame)
            assert await odd.end() == 4400, frame[:20]


def line_of() -> Open:
    return Open(SYSTEM, Cursor(1, 1, 0), frozenset(), None)  # type: ignore[arg-type]


def test_a_slow_reader_loses_what_is_fleeting_first_and_then_the_line() -> None:
    line = line_of()
    line.put(b"x" * 10, fleeting=True)
    line.put(b"y" * (BYTES_MAX + 1))
    assert line.crowded
    line.put(b"z", fleeting=True)
    line.put(b"last")
    kept: list[Any] = []
    while (data := line.take()) is not None:
        kept.append(data)
    assert kept == [b"y" * (BYTES_MAX + 1), b"last"]
    line.put(b"y" * (BYTES_MAX + 1))
    assert not line.overdue(100.0, 5.0)
    assert not line.overdue(104.0, 5.0)
    assert line.overdue(105.1, 5.0)
