"""The open line over a real socket: handshake, events with a chain of cursors, resume, rights."""

import asyncio
from pathlib import Path
from typing import Any

import orjson
import pytest
import websockets
from tests.make.account import account
from tests.make.agent import agent
from tests.make.case import Case, case
from tests.make.customer import customer
from tests.make.department import Department, department
from tests.make.desk import Person, Running, running
from tests.make.person import person

from polyphony.domain.event import Actor, NewEvent, Op
from polyphony.flows.announce import announce
from polyphony.flows.sign_in import hashed
from polyphony.store import events, feed
from polyphony.store.database import Database
from polyphony.store.projections import audiences


class Line:
    """A client that obeys the rules: one chain of cursors, pings answered."""

    def __init__(self, socket: Any) -> None:
        self.socket = socket
        self.cursor = ""
        self.gap = False
        self.waiting: list[dict[str, Any]] = []

    async def next(self, kind: str, seconds: float = 5) -> dict[str, Any]:
        async with asyncio.timeout(seconds):
            while True:
                frame = orjson.loads(await self.socket.recv())
                if frame["t"] == "ping":
                    await self.socket.send(orjson.dumps({"t": "pong", "n": frame["n"]}).decode())
                if frame["t"] in ("ev", "hb"):
                    self.gap |= frame["prev"] != self.cursor
                    self.cursor = frame["cursor"]
                if frame["t"] in ("welcome", "reset"):
                    self.cursor = frame["cursor"]
                if frame["t"] == kind:
                    return frame

    async def end(self, seconds: float = 5) -> int:
        """Listen until the server closes; return the code."""
        try:
            while True:
                await self.next("never", seconds)
        except websockets.ConnectionClosed as closed:
            return closed.rcvd.code if closed.rcvd else 0

    async def event(self, type_: str, seconds: float = 5) -> dict[str, Any]:
        async with asyncio.timeout(seconds):
            while True:
                while self.waiting:
                    if (one := self.waiting.pop(0))["type"] == type_:
                        return one
                self.waiting += (await self.next("ev", seconds))["events"]


async def dial(desk: Running, who: Person, **hello: Any) -> Line:
    ticket = (await who.post("/v1/stream/ticket")).json()["ticket"]
    socket = await websockets.connect(
        desk.url.replace("http", "ws") + "/v1/stream", origin=desk.url, compression=None
    )
    await socket.send(orjson.dumps({"t": "hello", "ticket": ticket, "schema": 1, **hello}).decode())
    line = Line(socket)
    line.welcome = await line.next("welcome")
    return line


class World:
    """Two departments, an agent in the first, a case of the first."""

    async def build(self, database: Database) -> "World":
        async with database.transaction() as session:
            self.first: Department = await department(session, "First")
            self.second: Department = await department(session, "Second")
            self.agent = await agent(session, self.first.id, status="offline")
            self.other = await agent(session, self.second.id, name="Eva", status="offline")
            self.account = await account(session, self.first.id)
            self.customer = await customer(session)
            self.case: Case = await case(session, self.first, self.account, self.customer)
        return self

    async def touch(self, database: Database, title: str) -> None:
        async with database.transaction() as session:
            await session.execute(
                "UPDATE case_ SET title = %s, version = version + 1 WHERE id = %s",
                [title, self.case.id],
            )
            await announce(session, actor=Actor(), cases=[self.case.id])

    async def move(self, database: Database, to: Department) -> None:
        async with database.transaction() as session:
            was = await audiences(session, [self.case.id])
            await session.execute(
                "UPDATE case_ SET department_id = %s, version = version + 1 WHERE id = %s",
                [to.id, self.case.id],
            )
            await announce(
                session, actor=Actor(), cases=[self.case.id], was=was,
                types={"case": "case.moved"},
            )  # fmt: skip


@pytest.fixture
async def world(database: Database) -> World:
    return await World().build(database)


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


async def test_an_ended_session_loses_its_socket_at_once(
    database: Database, tmp_path: Path, world: World
) -> None:
    async with running(database, tmp_path) as desk:
        jana = await desk.signed_in(world.agent)
        line = await dial(desk, jana)
        began = asyncio.get_running_loop().time()
        assert (await jana.http.delete("/v1/sign_ins/current")).status_code == 204
        assert await line.end() == 4401
        assert asyncio.get_running_loop().time() - began < 5


async def test_a_session_ended_without_any_event_loses_its_socket_in_five_seconds(
    database: Database, tmp_path: Path, world: World
) -> None:
    async with running(database, tmp_path) as desk:
        jana = await desk.signed_in(world.agent)
        line = await dial(desk, jana)
        async with database.transaction() as session:
            await session.execute(
                "UPDATE sign_in SET ended_at = now() WHERE id = %s", [jana.session_id]
            )
        assert await line.end(5) == 4401


async def test_a_role_that_is_taken_away_stops_the_next_event(
    database: Database, tmp_path: Path, world: World
) -> None:
    async with running(database, tmp_path) as desk:
        async with database.transaction() as session:
            admin = await person(session, "Root", roles=["admin"])
        root = await desk.signed_in(admin)
        line = await dial(desk, root)
        await world.touch(database, "seen")
        await line.event("case.changed")
        async with database.transaction() as session:
            await session.execute("DELETE FROM person_role WHERE person_id = %s", [admin])
            told = NewEvent(
                "person.grants_changed", Op.FACT, "person", admin, None, [f"person:{admin}"]
            )
            await events.append(session, [told])
        await world.touch(database, "hidden")
        reset = await line.next("reset")
        assert reset["reason"] == "grants"
        with pytest.raises(TimeoutError):
            await line.event("case.changed", seconds=1)


async def test_a_membership_that_changes_resets_its_department_and_queues_only(
    database: Database, tmp_path: Path, world: World
) -> None:
    async with running(database, tmp_path) as desk:
        line = await dial(desk, await desk.signed_in(world.agent))

        async def change(*statements: str) -> None:
            async with database.transaction() as session:
                for one in statements:
                    await session.execute(one, {"me": world.agent, "to": world.second.id})
                told = NewEvent(
                    "person.grants_changed", Op.FACT, "person", world.agent, None,
                    [f"person:{world.agent}"],
                )  # fmt: skip
                await events.append(session, [told])

        await change("INSERT INTO member (person_id, department_id) VALUES (%(me)s, %(to)s)")
        reset = await line.next("reset")
        assert (reset["scope"], reset["reason"]) == (f"dept:{world.second.id}", "grants")
        await change("INSERT INTO person_role (person_id, role) VALUES (%(me)s, 'supervisor')")
        assert (await line.next("reset"))["scope"] == "all"
        await change(
            "DELETE FROM member WHERE person_id = %(me)s AND department_id = %(to)s",
            "INSERT INTO member (person_id, department_id) VALUES (%(me)s, %(to)s)",
        )
        assert (await line.next("reset"))["scope"] == "all"  # it was another in between


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


@pytest.mark.parametrize("asleep", [True, False])
async def test_rights_that_went_and_came_back_fetch_anew_what_was_told_to_others_meanwhile(
    database: Database, tmp_path: Path, world: World, *, asleep: bool
) -> None:
    """The same rights as before say nothing about the time between."""
    async with running(database, tmp_path) as desk:
        async with database.transaction() as session:
            admin = await person(session, "Root", roles=["admin"])
        root, told = await desk.signed_in(admin), "person.grants_changed"
        began = await root.get("/v1/bootstrap", view="all")
        place = {"cursor": began["cursor"], "grants": began["grants"]}
        line = None if asleep else await dial(desk, root, **place)
        async with database.transaction() as session:  # at once: a line sees only the end of it
            for seal in ("sealed", "open"):
                await session.execute("UPDATE department SET visibility = %s", [seal])
                event = NewEvent(told, Op.FACT, "person", admin, None, [f"person:{admin}"])
                await events.append(session, [event])
        line = line or await dial(desk, root, **place)
        assert (await line.next("reset"))["reason"] == "grants"


async def test_a_sealed_case_leaves_the_screen_of_an_outsider_who_had_it_open(
    database: Database, tmp_path: Path, world: World
) -> None:
    async with running(database, tmp_path) as desk:
        eva = await desk.signed_in(world.other)
        line = await dial(desk, eva, topics=[f"case:{world.case.id}"])
        await world.touch(database, "open")
        assert (await line.event("case.changed"))["op"] == "upsert"
        async with database.transaction() as session:
            was = await audiences(session, [world.case.id])
            await session.execute(
                "UPDATE case_ SET visibility = 'sealed', version = version + 1 WHERE id = %s",
                [world.case.id],
            )
            await announce(session, actor=Actor(), cases=[world.case.id], was=was)
        assert (await line.event("case.changed"))["op"] == "gone"
        assert (await eva.http.get(f"/v1/cases/{world.case.id}")).status_code == 404
        await world.touch(database, "secret")
        with pytest.raises(TimeoutError):
            await line.event("case.changed", seconds=1)


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
