"""The customers' socket: right page, fresh ticket, own lines; cut and resumed, nothing missing."""

import asyncio
import json
import socket
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import UTC, datetime
from pathlib import Path
from uuid import uuid4

import httpx
import pytest
from tests.make.chat import PAGE, Shop, Visitor, shop, visitor
from tests.make.desk import NO_TLS
from tests.make.outside import NoReader
from websockets.asyncio.client import ClientConnection, connect
from websockets.exceptions import ConnectionClosed, InvalidStatus

from polyphony.app import web as role
from polyphony.channels.chat.parse import parse
from polyphony.flows import receive
from polyphony.ports import Outside
from polyphony.settings import Settings
from polyphony.store.database import Database

pytestmark = pytest.mark.alone


def now() -> datetime:
    return datetime.now(UTC)


class House:
    """The real web role on a free port."""

    def __init__(self, desk: Shop, port: int, outside: Outside) -> None:
        self.desk, self.base, self.outside = desk, f"http://127.0.0.1:{port}", outside

    async def read(self) -> None:
        async with self.desk.database.transaction() as session:
            taken = await receive.claim(session, 100, now())
        raws = await receive.raws(taken, self.outside)
        async with self.desk.database.transaction() as session:
            batch = [(raw, parse(raw)) for raw in raws]
            await receive.read(session, batch, now(), self.outside)

    @asynccontextmanager
    async def line(
        self, ticket: str, cursor: str | None, origin: str = PAGE
    ) -> AsyncIterator[ClientConnection]:
        url = self.base.replace("http", "ws") + "/v1/chat/stream"
        async with connect(url, origin=origin) as line:
            hello = {"t": "hello", "ticket": ticket, "schema": 1, "build": "", "topics": []}
            await line.send(json.dumps({**hello, **({"cursor": cursor} if cursor else {})}))
            yield line

    async def ticket(self, who: Visitor) -> str:
        return (await who.post("ticket")).json()["ticket"]


async def until(line: ClientConnection, kind: str) -> dict:
    async with asyncio.timeout(30):
        while True:
            told = json.loads(await line.recv())
            if told["t"] == kind:
                return told


async def lines_of(line: ClientConnection, count: int) -> tuple[list[dict], str]:
    """The next so many chat lines, and the cursor behind them; checks the gap rule."""
    found, cursor = [], None
    while len(found) < count:
        told = await until(line, "ev")
        assert cursor in (None, told["prev"])
        cursor = told["cursor"]
        assert {one["entity"] for one in told["events"]} == {"chat_message"}
        found += [one["data"] for one in told["events"]]
    return found, str(cursor)


@pytest.fixture
async def house(database: Database, tmp_path: Path) -> AsyncIterator[House]:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = taken.getsockname()[1]
    desk = await shop(database, tmp_path / "files")
    desk.clock = now  # type: ignore[assignment] # sockets run in real time
    outside = Outside({}, NoReader(), desk.files, desk.keys, now)
    settings = Settings(home=tmp_path, port=port)
    built = role.build(settings, database, outside)
    server = role.Server(role.config(built.app, settings))
    async with built.running():
        serving = asyncio.create_task(server.serve())
        while not (server.started and built.house.feed.alive):  # noqa: ASYNC110 - no event for it
            await asyncio.sleep(0.02)
        yield House(desk, port, outside)
        server.should_exit = server.force_exit = True
        await serving


@pytest.fixture
async def http(house: House) -> AsyncIterator[httpx.AsyncClient]:
    async with httpx.AsyncClient(
        base_url=house.base, headers={"Origin": PAGE}, verify=NO_TLS
    ) as client:
        yield client


async def test_a_line_shows_the_customers_own_lines_and_goes_on_after_a_cut(house, http) -> None:
    eva, petr = await visitor(http, house.desk.key), await visitor(http, house.desk.key)
    async with house.line(eva.body["ticket"], eva.body["cursor"]) as line:
        assert (await until(line, "welcome"))["t"] == "welcome"
        await petr.say("Petrovo tajemství")
        await eva.say("první")
        await house.read()
        (told,), cursor = await lines_of(line, 1)
        assert (told["text"], told["from"]) == ("první", "me")
    for text in ("druhá", "třetí"):
        await eva.say(text)
        await house.read()
    async with house.line(await house.ticket(eva), cursor) as line:
        missed, cursor = await lines_of(line, 2)
        assert [one["text"] for one in missed] == ["druhá", "třetí"]
        await eva.say("čtvrtá")
        await house.read()
        (told,), _ = await lines_of(line, 1)
        assert told["text"] == "čtvrtá"
    polled = await http.get(
        "/v1/chat/poll", params={"cursor": cursor, "wait": "5"}, headers=eva.bearer
    )
    events = [e for f in polled.json()["frames"] if f["t"] == "ev" for e in f["events"]]
    assert [one["data"]["text"] for one in events] == ["čtvrtá"]
    assert polled.headers["access-control-allow-origin"] == PAGE


async def test_a_ticket_opens_one_socket_from_one_of_the_accounts_pages(house, http) -> None:
    eva = await visitor(http, house.desk.key)
    for origin in ("https://evil.example", "null", "https://shop.example.evil.example"):
        with pytest.raises(InvalidStatus) as refused:
            async with house.line(await house.ticket(eva), None, origin):
                pass
        assert refused.value.response.status_code == 403
    once = await house.ticket(eva)
    async with house.line(once, None) as line:
        await until(line, "welcome")
    for ticket in (once, "", "x" * 43, str(uuid4())):
        async with house.line(ticket, None) as line:
            assert (await until(line, "bye"))["code"] == 4403


async def test_the_stranger_account_whose_page_it_is_not_refuses_the_socket(
    house, http, tmp_path: Path
) -> None:
    other = await shop(house.desk.database, tmp_path / "o", {"origins": ["https://other.example"]})
    other.keys = house.desk.keys
    eva = await visitor(http, house.desk.key)
    await asyncio.sleep(0.1)
    async with house.line(await house.ticket(eva), None, "https://other.example") as line:
        assert (await until(line, "bye"))["code"] == 4401


async def test_whatever_a_customer_sends_reaches_nobody_and_garbage_ends_his_line(
    house, http
) -> None:
    eva = await visitor(http, house.desk.key)
    async with house.line(await house.ticket(eva), None) as line:
        await until(line, "welcome")
        eph = {"t": "eph", "topic": "case:1", "kind": "typing", "data": {}}
        await line.send(json.dumps(eph))
        assert (await until(line, "eph"))["kind"] == "denied"
        await line.send(json.dumps({"t": "sub", "topics": [f"case:{uuid4()}", "me"]}))
        assert (await until(line, "eph"))["kind"] == "denied"
        await line.send("{")
        assert (await until(line, "bye"))["code"] == 4400
        with pytest.raises(ConnectionClosed):
            await line.recv()


async def test_an_ended_session_loses_its_line(house, http) -> None:
    eva = await visitor(http, house.desk.key)
    async with house.line(await house.ticket(eva), None) as line:
        await until(line, "welcome")
        assert (await eva.post("end")).status_code == 204
        async with asyncio.timeout(15):
            while json.loads(await line.recv())["t"] != "bye":
                pass
    refused = await http.get("/v1/chat/poll", params={"cursor": "1.1.1"}, headers=eva.bearer)
    assert refused.status_code == 401
