"""The open line over a real socket: handshake, events with a chain of cursors, resume, builds."""

from pathlib import Path

import orjson
import pytest
import websockets
from tests.live.dialling import Line, World, dial
from tests.make.desk import running

from polyphony.domain.event import Actor
from polyphony.flows.announce import announce
from polyphony.flows.sign_in import hashed
from polyphony.store import feed
from polyphony.store.database import Database


async def test_a_change_reaches_the_screen_with_its_whole_row(
    database: Database, tmp_path: Path, world: World
) -> None:
    async with running(database, tmp_path) as desk:
        jana = await desk.signed_in(world.agent)
        began = await jana.get("/v1/bootstrap", view="all")
        assert [one["id"] for one in began["list"]["items"]] == [str(world.case.id)]
        line = await dial(desk, jana, cursor=began["cursor"])
        await world.touch(database, "Parcel lost")
        event = await line.event("case.changed")
        assert event["data"]["title"] == "Parcel lost"
        assert event["v"] == 2
        fresh = await jana.get(f"/v1/cases/{world.case.id}")
        assert fresh["case"] == event["data"]
        assert not line.gap


async def test_a_case_that_leaves_is_gone_and_arrives_whole_elsewhere(
    database: Database, tmp_path: Path, world: World
) -> None:
    async with running(database, tmp_path) as desk:
        jana, eva = await desk.signed_in(world.agent), await desk.signed_in(world.other)
        here, there = await dial(desk, jana), await dial(desk, eva)
        await world.move(database, world.second)
        left, came = await here.event("case.moved"), await there.event("case.moved")
        assert left["op"] == "gone"
        assert "data" not in left
        assert came["op"] == "upsert"
        assert came["data"]["department_id"] == str(world.second.id)


async def test_a_client_resumes_where_it_was(
    database: Database, tmp_path: Path, world: World
) -> None:
    async with running(database, tmp_path) as desk:
        jana = await desk.signed_in(world.agent)
        line = await dial(desk, jana)
        await world.touch(database, "one")
        await line.event("case.changed")
        await line.socket.close()
        for n in range(5):
            await world.touch(database, f"missed {n}")
        again = await dial(desk, jana, cursor=line.cursor)
        titles = [(await again.event("case.changed"))["data"]["title"] for _ in range(5)]
        assert titles == [f"missed {n}" for n in range(5)]
        assert not again.gap


async def test_the_end_of_a_job_over_very_many_rows_has_the_lists_of_its_person_fetched_again(
    database: Database, tmp_path: Path, world: World
) -> None:
    async with running(database, tmp_path) as desk:
        mine = await dial(desk, await desk.signed_in(world.agent))
        other = await dial(desk, await desk.signed_in(world.other))

        async def job(done: int, state: str, undo: str) -> None:
            async with database.transaction() as session:
                made = await session.execute(
                    "INSERT INTO bulk_job (id, person_id, action, total, done, state, undo,"
                    " created_at) VALUES (gen_random_uuid(), %s, 'tags', 6000, %s, %s, %s, now())"
                    " RETURNING id",
                    [world.agent, done, state, undo],
                )
                await announce(session, actor=Actor(), bulk_jobs=[(await made.fetchone())[0]])

        for few in ((5_000, "done", "offered"), (6_000, "running", "no"), (6_000, "done", "asked")):
            await job(*few)
        await job(6_000, "done", "offered")
        reset = await mine.next("reset")
        assert (reset["scope"], reset["reason"]) == ("view", "bulk")
        with pytest.raises(TimeoutError):
            await mine.next("reset", 0.5)
        with pytest.raises(TimeoutError):
            await other.next("reset", 0.5)


async def test_screens_of_another_build_are_told_once_and_go_on(
    database: Database, tmp_path: Path, world: World
) -> None:
    async with running(database, tmp_path) as desk:
        jana = await desk.signed_in(world.agent)
        build = (await jana.get("/v1/bootstrap", view="all"))["build"]
        line = await dial(desk, jana, build="of yesterday")
        reset = await line.next("reset")
        assert (reset["scope"], reset["reason"]) == ("none", "build")
        same = await dial(desk, jana, build=build)
        await world.touch(database, "Parcel")
        for one in (line, same):
            assert (await one.event("case.changed"))["data"]["title"] == "Parcel"


ORIGINS = {
    "null": False,
    "http://127.0.0.1": False,
    "http://127.0.0.1:{port}": True,
    "http://localhost:{port}": True,
    "https://127.0.0.1:{port}": False,
    "http://127.0.0.1:{port}.evil.example": False,
    "http://evil.127.0.0.1:{port}": False,
    "http://127.0.0.1:{port}/": False,
    "http://user@127.0.0.1:{port}": False,
    "http://evil.example": False,
    "http://127.0.0.1:1": False,
    "HTTP://127.0.0.1:{port}": False,
}


async def test_only_the_exact_origins_open_a_socket(
    database: Database, tmp_path: Path, world: World
) -> None:
    async with running(database, tmp_path) as desk:
        port = desk.url.rpartition(":")[2]
        found = {}
        for origin in ORIGINS:
            try:
                async with websockets.connect(
                    desk.url.replace("http", "ws") + "/v1/stream",
                    additional_headers={"Origin": origin.format(port=port)},
                ):
                    found[origin] = True
            except websockets.InvalidStatus as refused:
                found[origin] = refused.response.status_code != 403
        assert found == ORIGINS


@pytest.mark.parametrize("how", ["used", "late", "foreign", "none"])
async def test_a_bad_ticket_opens_nothing(
    database: Database, tmp_path: Path, world: World, how: str
) -> None:
    async with running(database, tmp_path) as desk:
        jana = await desk.signed_in(world.agent)
        token = (await jana.post("/v1/stream/ticket")).json()["ticket"]
        headers = {}
        if how == "used":
            async with database.transaction() as session:
                assert await feed.take_ticket(session, hashed(token), desk.web.desk.now())
        if how == "late":
            async with database.transaction() as session:
                await session.execute("UPDATE stream_ticket SET expires_at = now() - interval '1s'")
        if how == "foreign":
            eva = await desk.signed_in(world.other)
            headers["Cookie"] = f"polyphony={eva.token}"
        if how == "none":
            token = "x" * 43
        socket = await websockets.connect(
            desk.url.replace("http", "ws") + "/v1/stream",
            origin=desk.url,
            additional_headers=headers,
        )
        await socket.send(orjson.dumps({"t": "hello", "ticket": token}).decode())
        assert await Line(socket).end() in (4401, 4403)


async def test_typing_is_heard_by_those_who_look_at_the_same_case_only(
    database: Database, tmp_path: Path, world: World
) -> None:
    async with running(database, tmp_path) as desk:
        jana, eva = await desk.signed_in(world.agent), await desk.signed_in(world.other)
        topic = f"case:{world.case.id}"
        a = await dial(desk, jana, topics=[topic])
        b = await dial(desk, eva)
        await b.socket.send(orjson.dumps({"t": "sub", "topics": [topic, "case:nonsense"]}).decode())
        kinds = {(f := await b.next("eph"))["topic"]: f["kind"] for _ in range(2)}
        assert kinds == {topic: "subscribed", "case:nonsense": "denied"}
        told = {"t": "eph", "topic": topic, "kind": "typing", "data": {"mode": "reply"}}
        await a.socket.send(orjson.dumps(told).decode())
        heard = await b.next("eph")
        assert heard["kind"] == "typing"
        assert heard["from"] == f"person:{world.agent}"
