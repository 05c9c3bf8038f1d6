"""The model test: whatever happens on the way, state + events equals a fresh bootstrap."""

import asyncio
import copy
import os
import random
from pathlib import Path
from typing import Any
from uuid import UUID

import orjson
import pytest
import websockets
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st
from tests.make.account import account
from tests.make.agent import agent
from tests.make.case import Case, case
from tests.make.customer import customer
from tests.make.department import department
from tests.make.desk import Person, Running, running
from tests.make.person import person

from polyphony.domain.event import Actor
from polyphony.flows import configure
from polyphony.flows.announce import announce
from polyphony.store.database import Database
from polyphony.store.projections import audiences

OPEN = {"open", "wait_customer", "wait_third_party"}


class Client:
    """A screen that obeys the written rules, over a line that loses and doubles."""

    def __init__(self, desk: Running, who: Person, chance: random.Random) -> None:
        self.desk, self.who, self.chance = desk, who, chance
        self.socket: Any = None
        self.cursor = self.grants = ""
        self.cases: dict[str, dict[str, Any]] = {}
        self.tombs: dict[str, int] = {}
        self.listed: set[str] = set()
        self.resets = self.gaps = self.dials = 0
        self.unruly = False

    async def bootstrap(self) -> None:
        told = await self.who.get("/v1/bootstrap", view="all")
        self.cases = {}
        self.tombs = {}
        self.grants = told["grants"]
        self.listed = set(told["me"]["listed"])
        for one in told["list"]["items"]:
            self.put(one["id"], one["version"], one)
        return told["cursor"]

    def put(self, id_: str, version: int, data: dict[str, Any]) -> None:
        known = self.cases.get(id_)
        if version > self.tombs.get(id_, 0) and (known is None or version > known["version"]):
            self.cases[id_] = data

    def apply(self, event: dict[str, Any]) -> None:
        if event.get("entity") != "case":
            return
        id_, version = event["id"], event["v"]
        if event["op"] == "upsert":
            self.put(id_, version, event["data"])
        elif event["op"] == "gone":
            known = self.cases.get(id_)
            if known is None or version >= known["version"]:
                self.cases.pop(id_, None)
                self.tombs[id_] = max(version, self.tombs.get(id_, 0))

    async def dial(self) -> None:
        self.dials += 1
        ticket = (await self.who.post("/v1/stream/ticket")).json()["ticket"]
        self.socket = await websockets.connect(
            self.desk.url.replace("http", "ws") + "/v1/stream", origin=self.desk.url
        )
        hello = {"t": "hello", "ticket": ticket, "schema": 1, "build": "m", "cursor": self.cursor}
        await self.socket.send(orjson.dumps(hello | {"grants": self.grants}).decode())

    async def hang_up(self) -> None:
        if self.socket is not None:
            await self.socket.close()
        self.socket = None

    async def hear(self, seconds: float) -> bool:
        """Take in frames for a while; return whether the line is still good."""
        try:
            return await self._hear(seconds)
        except websockets.ConnectionClosed:
            self.socket = None  # e.g. it did not answer pings while the world went on
            return False

    async def _hear(self, seconds: float) -> bool:
        if self.socket is None:
            await self.dial()
        deadline = asyncio.get_running_loop().time() + seconds
        while (left := deadline - asyncio.get_running_loop().time()) > 0:
            try:
                frame = orjson.loads(await asyncio.wait_for(self.socket.recv(), left))
            except TimeoutError:
                return True
            for one in self._worse(frame):
                if not await self._take(one):
                    await self.hang_up()
                    return False
        return True

    def _worse(self, frame: dict[str, Any]) -> list[dict[str, Any]]:
        """What a bad line makes of a frame: nothing, twice the same, or the frame."""
        dice = self.chance.random() if self.unruly and frame["t"] == "ev" else 1.0
        if dice < 0.15:
            return []
        return [frame, copy.deepcopy(frame)] if dice < 0.3 else [frame]

    async def _take(self, frame: dict[str, Any]) -> bool:
        match frame["t"]:
            case "welcome":
                self.cursor = frame["cursor"]
            case "ping":
                await self.socket.send(orjson.dumps({"t": "pong", "n": frame["n"]}).decode())
            case "reset":
                self.resets += 1
                cursor = frame["cursor"]
                await self.bootstrap()
                self.cursor = cursor
            case "early":
                for event in frame["events"]:
                    self.apply(event)
            case "ev" | "hb":
                if frame["prev"] != self.cursor:
                    self.gaps += 1
                    return False
                for event in frame.get("events", []):
                    self.apply(event)
                self.cursor = frame["cursor"]
        return True

    def shown(self) -> dict[str, dict[str, Any]]:
        return {
            id_: one
            for id_, one in self.cases.items()
            if one["state"] in OPEN and one["department_id"] in self.listed
        }


class World:
    """Three departments (one sealed), six people, some Cases, and what happens to them."""

    def __init__(self, database: Database) -> None:
        self.database = database
        self.cases: list[Case] = []

    async def build(self) -> "World":
        async with self.database.transaction() as session:
            self.departments = [
                await department(session, f"D{n}", visibility=seal)
                for n, seal in enumerate(("open", "open", "sealed"))
            ]
            ids = [one.id for one in self.departments]
            self.account = await account(session, ids[0])
            self.people = [
                await agent(session, ids[0], name="a0", status="offline"),
                await agent(session, ids[1], name="a1", status="offline"),
                await agent(session, ids[2], name="a2", status="offline"),
                await person(session, "S", roles=["supervisor"], departments=ids[:2]),
                await person(session, "M", roles=["admin"]),
                await person(session, "A", roles=["auditor"], departments=ids[2:]),
            ]
            for where in self.departments:
                for _ in range(2):
                    somebody = await customer(session)
                    self.cases.append(await case(session, where, self.account, somebody))
        return self

    async def act(self, what: str, n: int, m: int) -> None:
        one = self.cases[n % len(self.cases)].id
        match what:
            case "touch":
                await self._change(one, "title = %s", f"title {n}.{m}")
            case "move":
                await self._change(one, "department_id = %s", self.departments[m % 3].id)
            case "seal":
                await self._change(one, "visibility = %s", ("open", "sealed")[m % 2])
            case "state":
                await self._change(one, "state = %s", ("open", "solved", "wait_customer")[m % 3])
            case "born":
                async with self.database.transaction() as session:
                    made = await case(
                        session, self.departments[m % 3], self.account, await customer(session)
                    )
                    await announce(session, actor=Actor(), cases=[made.id])
                self.cases.append(made)
            case "belong":
                await self._belong(self.people[n % 6], self.departments[m % 3].id)
            case "race":
                await asyncio.gather(*(self._change(one, "title = %s", f"r{k}") for k in range(4)))

    async def _change(self, one: UUID, change: str, value: object) -> None:
        async with self.database.transaction() as session:
            was = await audiences(session, [one])
            await session.execute("SELECT FROM case_ WHERE id = %s FOR UPDATE", [one])
            was = await audiences(session, [one])
            await session.execute(
                f"UPDATE case_ SET {change}, version = version + 1 WHERE id = %s", [value, one]
            )
            await announce(session, actor=Actor(), cases=[one], was=was)

    async def _belong(self, who: UUID, where: UUID) -> None:
        """Join the department, or leave it."""
        async with self.database.transaction() as session:
            gone = await session.execute(
                "DELETE FROM member WHERE person_id = %s AND department_id = %s", [who, where]
            )
            if gone.rowcount == 0:
                await session.execute("INSERT INTO member VALUES (%s, %s)", [who, where])
            await configure.tell_rights(session, [who], Actor())


STEP = st.tuples(
    st.sampled_from(
        [
            "touch",
            "touch",
            "move",
            "move",
            "seal",
            "state",
            "born",
            "belong",
            "race",
            "drop",
            "wait",
        ]
    ),
    st.integers(0, 40),
    st.integers(0, 40),
)


async def settle(clients: list[Client]) -> None:
    """Let everybody hear everything: the lines are good again."""
    for one in clients:
        one.unruly = False
    for one in clients:
        for _ in range(8):
            if await one.hear(0.7):
                break


async def play(
    database: Database, folder: Path, script: list[tuple[str, int, int]], seed: int
) -> None:
    chance = random.Random(seed)
    world = await World(database).build()
    async with running(database, folder) as desk:
        clients = [Client(desk, await desk.signed_in(who), chance) for who in world.people]
        for one in clients:
            one.cursor = await one.bootstrap()
            one.unruly = True
        for what, n, m in script:
            if what == "drop":
                await clients[n % len(clients)].hang_up()
            elif what == "wait":
                await clients[n % len(clients)].hear(0.05)
            else:
                await world.act(what, n, m)
        await settle(clients)
        for name, one in zip(["a0", "a1", "a2", "S", "M", "A"], clients, strict=True):
            fresh = Client(desk, one.who, chance)
            await fresh.bootstrap()
            assert one.shown() == fresh.shown(), name
            await one.hang_up()


@settings(
    max_examples=60 if os.environ.get("FULL") else 6,
    deadline=None,
    suppress_health_check=list(HealthCheck),
    phases=[Phase.explicit, Phase.reuse, Phase.generate],
)
@given(st.lists(STEP, min_size=25, max_size=60), st.integers(0, 10**6))
def _scripts(script: list[tuple[str, int, int]], seed: int) -> None:
    FOUND.append((script, seed))


FOUND: list[tuple[list[tuple[str, int, int]], int]] = []


@pytest.mark.timeout(1800)
async def test_state_and_events_equal_a_fresh_fetch_for_every_role(
    server: Any, tmp_path: Path
) -> None:
    FOUND.clear()
    _scripts()  # hypothesis writes the scripts; they are played here, each on its own database
    for n, (script, seed) in enumerate(FOUND):
        name = server.clone()
        try:
            async with Database(server.url(name), size=10, name="model") as database:
                await play(database, tmp_path / str(n), script, seed)
        except AssertionError as wrong:
            raise AssertionError(f"script {script!r} seed {seed}: {wrong}") from wrong
        finally:
            server.drop(name)
