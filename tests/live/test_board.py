"""Boards on the stream: one picture for all who may watch, sealed work apart, screens by PIN."""

import asyncio
import contextlib
from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any
from uuid import UUID

import orjson
import websockets
from tests.live.dialling import Line, dial
from tests.make.account import account
from tests.make.agent import agent
from tests.make.case import case
from tests.make.customer import customer
from tests.make.department import department
from tests.make.desk import Running, running
from tests.make.person import person

from polyphony.app import clock
from polyphony.domain.event import SYSTEM
from polyphony.flows.announce import announce
from polyphony.jobs import board
from polyphony.store import wake
from polyphony.store.database import Database


@contextlib.asynccontextmanager
async def counted(database: Database, folder: Path, **changes: Any) -> AsyncIterator[Running]:
    """A web process, and beside it who counts."""
    async with running(database, folder, **changes) as desk:
        beside = [
            asyncio.create_task(board.run(database, clock.now)),
            asyncio.create_task(wake.notify(database)),
        ]
        try:
            yield desk
        finally:
            for task in beside:
                task.cancel()
            await asyncio.gather(*beside, return_exceptions=True)


async def picture(line: Line, topic: str, kind: str = "whole") -> list[dict[str, Any]]:
    """The cells of the next whole picture, or of the next news, of a board."""
    cells: list[dict[str, Any]] = []
    while True:
        frame = await line.next("eph")
        if frame["topic"] != topic or frame["kind"] != kind:
            continue
        cells += frame["data"]["cells"]
        if kind == "whole" and not frame["data"]["last"]:
            continue
        if cells:
            return cells


def waiting(cells: list[dict[str, Any]]) -> int:
    return sum(one.get("now", {}).get("waiting", 0) for one in cells)


class Places:
    """An open department and a sealed one, each with work that waits; who leads where."""

    async def build(self, database: Database) -> "Places":
        async with database.transaction() as session:
            self.desk = await department(session, "Desk")
            self.vault = await department(session, "Vault", visibility="sealed")
            self.box = await account(session, self.desk.id)
            self.agent = await agent(session, self.desk.id, queues=[self.desk.triage])
            both = [self.desk.id, self.vault.id]
            roles = ["supervisor"]
            self.lead = await person(session, "Lead", roles=roles, departments=both)
            self.guest = await person(session, "Guest", roles=roles, departments=[self.desk.id])
            for where, seal in ((self.desk, "open"), (self.desk, "sealed"), (self.vault, "open")):
                await self.arrive(session, where, seal)
        return self

    async def arrive(self, session: Any, where: Any, seal: str = "open") -> None:
        who = await customer(session)
        made = await case(session, where, self.box, who, queue=where.triage, visibility=seal)
        await announce(session, actor=SYSTEM, work_items=[made.work_item])


async def test_a_board_comes_whole_and_then_as_differences(
    database: Database, tmp_path: Path
) -> None:
    places = await Places().build(database)
    topic = f"board:{places.desk.id}"
    async with counted(database, tmp_path) as desk:
        lead = await desk.signed_in(places.lead)
        line = await dial(desk, lead, topics=[topic, "board:house", f"{topic}:sealed"])
        whole = await picture(line, topic)
        assert waiting(whole) == 1
        late = await dial(desk, await desk.signed_in(places.guest), topics=["board:house"])
        assert waiting(await picture(late, "board:house")) == 1  # the vault is nobody's here
        async with database.transaction() as session:
            await places.arrive(session, places.desk)
        for one, where in ((line, topic), (late, "board:house")):
            news = await picture(one, where, "diff")
            while not waiting(news):
                news = await picture(one, where, "diff")
            assert waiting(news) == 2
        assert not any(str(places.agent) in str(cell) for cell in whole)


async def test_boards_are_denied_unless_somebody_may_watch_them(
    database: Database, tmp_path: Path
) -> None:
    places = await Places().build(database)
    async with database.transaction() as session:
        bound = await person(session, "Bound", departments=[places.desk.id])
        await session.execute(
            "INSERT INTO person_role (person_id, role, department_id)"
            " VALUES (%s, 'supervisor', %s)",
            [bound, places.desk.id],
        )
        auditor = await person(session, "Auditor", roles=["auditor"])
    desk_, vault = f"board:{places.desk.id}", f"board:{places.vault.id}"
    every = [
        "board:house", desk_, f"{desk_}:sealed", vault, f"{vault}:sealed",
        "board:house:sealed", f"{desk_}:other", "board:", f"board:{UUID(int=0)}",
    ]  # fmt: skip
    expected = {
        places.lead: every[:5],
        places.guest: every[:3],
        bound: [desk_, f"{desk_}:sealed"],
        places.agent: [],
        auditor: [],
    }
    async with running(database, tmp_path) as desk:
        for who, allowed in expected.items():
            line = await dial(desk, await desk.signed_in(who))
            await line.socket.send(orjson.dumps({"t": "sub", "topics": every}).decode())
            answers = [await line.next("eph") for _ in every]
            given = [one["topic"] for one in answers if one["kind"] == "subscribed"]
            assert given == allowed


async def tv(desk: Running, ticket: str, topic: str) -> Line:
    address = desk.url.replace("http", "ws") + "/v1/tv/stream"
    socket = await websockets.connect(address, origin=desk.url)
    hello = {"t": "hello", "ticket": ticket, "schema": 1, "topics": [topic, "board:house", "me"]}
    await socket.send(orjson.dumps(hello).decode())
    return Line(socket)


async def test_a_screen_comes_in_by_pin_and_goes_dark_with_its_link(
    database: Database, tmp_path: Path
) -> None:
    places = await Places().build(database)
    async with counted(database, tmp_path) as desk:
        lead = await desk.signed_in(places.lead)
        page = {"kind": "queues", "queues": [str(places.desk.triage)]}
        body = {"name": "Hall", "department_id": str(places.desk.id), "pages": [page]}
        made = (await lead.post("/v1/boards", body)).json()
        link = await lead.post(f"/v1/boards/{made['id']}/links", {"name": "TV", "pin": "482913"})
        assert link.status_code == 201, link.text
        address = "/v1/tv/" + link.json()["address"].rsplit("/", 1)[1]
        wall = desk.browser()
        wrong = await wall.post(address, json={"pin": "000000"})
        assert (wrong.status_code, wrong.json()["code"]) == (403, "board.pin")
        opened = await wall.post(address, json={"pin": "482913"})
        assert opened.status_code == 200, opened.text
        told = opened.json()
        assert "Lead" not in opened.text
        line = await tv(desk, told["ticket"], f"board:{places.desk.id}")
        cells = await picture(line, f"board:{places.desk.id}")
        assert waiting(cells) == 1  # the sealed one is not on a wall
        assert (await wall.post(address, json={"key": told["key"]})).status_code == 200
        change = {"name": "Hall 2"}
        assert (await lead.http.patch(f"/v1/boards/{made['id']}", json=change)).status_code == 200
        assert await line.end() == 1012  # fetch it anew
        again = (await wall.post(address, json={"key": told["key"]})).json()
        line = await tv(desk, again["ticket"], f"board:{places.desk.id}")
        await picture(line, f"board:{places.desk.id}")
        gone = await lead.http.delete(f"/v1/boards/{made['id']}/links/{link.json()['id']}")
        assert gone.status_code == 204
        assert await line.end() == 4401
        assert (await wall.post(address, json={"key": told["key"]})).status_code == 404


async def test_guessing_a_pin_ends_after_five_tries_but_a_known_screen_goes_on(
    database: Database, tmp_path: Path
) -> None:
    places = await Places().build(database)
    async with running(database, tmp_path) as desk:
        lead = await desk.signed_in(places.lead)
        made = (await lead.post("/v1/boards", {"name": "House"})).json()
        link = await lead.post(f"/v1/boards/{made['id']}/links", {"name": "TV", "pin": "482913"})
        address = "/v1/tv/" + link.json()["address"].rsplit("/", 1)[1]
        wall = desk.browser()
        key = (await wall.post(address, json={"pin": "482913"})).json()["key"]
        found = [(await wall.post(address, json={"pin": f"{n:06}"})).status_code for n in range(6)]
        assert found == [403] * 5 + [429]
        assert (await wall.post(address, json={"pin": "482913"})).status_code == 429
        assert (await wall.post(address, json={"key": key})).status_code == 200
        assert (await wall.post(address, json={"key": "f" * 64})).status_code == 429
        async with database.reads() as session:
            rows = await session.execute("SELECT token_hash, pin_mac FROM board_link")
            kept = await rows.fetchone()
        assert b"482913" not in kept[1]
        assert address.encode() not in kept[0]


async def test_boards_belong_to_their_place(database: Database, tmp_path: Path) -> None:
    places = await Places().build(database)
    async with running(database, tmp_path) as desk:
        lead, guest = await desk.signed_in(places.lead), await desk.signed_in(places.guest)
        vault = {"name": "V", "department_id": str(places.vault.id)}
        made = (await lead.post("/v1/boards", vault)).json()
        assert (await guest.get("/v1/boards"))["items"] == []
        assert (
            await guest.http.patch(f"/v1/boards/{made['id']}", json={"name": "X"})
        ).status_code == 404
        assert (await guest.post("/v1/boards", vault)).status_code == 403
        strange = [{"kind": "queues", "queues": [str(places.vault.triage)]}]
        wrong = await guest.post("/v1/boards", {"name": "House", "pages": strange})
        assert (wrong.status_code, wrong.json()["code"]) == (422, "board.queue_unknown")
