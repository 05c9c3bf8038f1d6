"""A client on a real socket that keeps the rules, and the two departments it looks at."""

import asyncio
from typing import Any

import orjson
import websockets
from tests.make.account import account
from tests.make.agent import agent
from tests.make.case import Case, case
from tests.make.customer import customer
from tests.make.department import Department, department
from tests.make.desk import Person, Running

from polyphony.domain.event import Actor
from polyphony.flows.announce import announce
from polyphony.store.database import Database
from polyphony.store.projections import audiences


class Line:
    """A client that obeys the rules: one chain of cursors, pings answered."""

    def __init__(self, socket: Any) -> None:
        self.socket = socket
        self.cursor = ""
        self.gap = False
        self.waiting: list[dict[str, Any]] = []

    async def next(self, kind: str, seconds: float = 20) -> dict[str, Any]:
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

    async def end(self, seconds: float = 20) -> int:
        """Listen until the server closes; return the code."""
        try:
            while True:
                await self.next("never", seconds)
        except websockets.ConnectionClosed as closed:
            return closed.rcvd.code if closed.rcvd else 0

    async def event(self, type_: str, seconds: float = 20) -> dict[str, Any]:
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
