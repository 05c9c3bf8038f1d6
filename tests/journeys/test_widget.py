"""The widget in a real Chromium on a page of somebody else, against the real web role."""

import asyncio
import json
import os
import shutil
import socket
from collections.abc import AsyncIterator, Awaitable, Callable, Mapping
from contextlib import asynccontextmanager, suppress
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

import pytest
import uvicorn
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import HTMLResponse, JSONResponse, Response
from starlette.routing import Route
from tests.make.agent import agent
from tests.make.chat import Shop, shop
from tests.make.moment import new_id
from tests.make.outside import NoReader

from polyphony.app import web as role
from polyphony.channels.chat.client import ChatChannel
from polyphony.channels.chat.parse import parse
from polyphony.domain.channel import ChannelKind
from polyphony.flows import chat, confirm, receive, reply
from polyphony.ports import Outside
from polyphony.settings import Settings
from polyphony.store.database import Database

ROOT = Path(__file__).parents[2]
SCRIPT = ROOT / "web" / "e2e" / "widget.mjs"
CHROMIUM = next(
    (p for p in ("/usr/bin/chromium", "/usr/bin/google-chrome") if Path(p).exists()), ""
)

pytestmark = [
    pytest.mark.browser,
    pytest.mark.alone,
    pytest.mark.timeout(400),
    pytest.mark.skipif(not CHROMIUM, reason="no Chromium on this machine"),
    pytest.mark.skipif(shutil.which("node") is None, reason="no node on this machine"),
    pytest.mark.skipif(
        not (ROOT / "web" / "node_modules" / "playwright-core").exists(),
        reason="web/node_modules is not installed",
    ),
]


def now() -> datetime:
    return datetime.now(UTC)


def free_port() -> int:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        return taken.getsockname()[1]


@asynccontextmanager
async def serving(app: object, port: int) -> AsyncIterator[None]:
    config = uvicorn.Config(
        app, host="127.0.0.1", port=port, log_config=None, access_log=False, lifespan="off"
    )
    server = role.Server(config)
    task = asyncio.create_task(server.serve())
    while not server.started:
        await asyncio.sleep(0.02)
        assert not task.done()
    yield
    server.should_exit = server.force_exit = True
    await task


@dataclass
class Stage:
    """The shop, its agent, and the page the widget stands on."""

    shop: Shop
    outside: Outside
    staff: reply.Staff
    web: role.Web
    base: str
    page: str

    async def read_for_ever(self) -> None:
        """Read what arrives, as the worker does."""
        while True:
            async with self.shop.database.transaction() as session:
                taken = await receive.claim(session, 100, now())
            if taken.rows:
                raws = await receive.raws(taken, self.outside)
                batch = [(raw, parse(raw)) for raw in raws]
                async with self.shop.database.transaction() as session:
                    await receive.read(session, batch, now(), self.outside)
            await asyncio.sleep(0.05)

    async def rows(self, query: str, *values: object) -> list[tuple[object, ...]]:
        async with self.shop.database.reads() as session:
            return await (await session.execute(query, values or None)).fetchall()

    async def answer(self, given: Mapping[str, str]) -> object:
        ((interaction, last),) = await self.rows(
            "SELECT i.id, c.last_item FROM interaction i JOIN case_ c ON c.id = i.case_id"
            " WHERE i.state <> 'ended' ORDER BY c.last_customer DESC LIMIT 1"
        )
        said = reply.Answer(interaction, given["text"], new_id(), last, undo_s=0, anyway=True)
        async with self.shop.database.transaction() as session:
            await reply.send(session, said, self.staff, now(), self.outside)
        return {}

    async def typing(self, given: Mapping[str, str]) -> object:
        ((case,),) = await self.rows(
            "SELECT case_id FROM interaction ORDER BY opened_at DESC LIMIT 1"
        )
        await self.web.visitors.find_places()
        who = f"person:{self.staff.id}"
        self.web.house.fleeting.say(f"case:{case}", "typing", who, {"mode": given["mode"]})
        return {}

    async def seen(self, given: Mapping[str, str]) -> object:
        """One of us reads everything there is."""
        cases = await self.rows("SELECT id, last_item FROM case_")
        async with self.shop.database.transaction() as session:
            for case, last in cases:
                await session.execute(
                    "INSERT INTO case_read (case_id, person_id, position) VALUES (%s, %s, %s)"
                    " ON CONFLICT (case_id, person_id) DO UPDATE SET position = excluded.position",
                    [case, self.staff.id, last],
                )
                await chat.staff_read(session, case, 0, last)
        return {}

    async def drop(self, given: Mapping[str, str]) -> object:
        """Break every socket, as a proxy does."""
        for line in tuple(self.web.house.fan.lines):
            line.close(1012, "dropped")
        return {}

    async def code(self, given: Mapping[str, str]) -> object:
        async with self.shop.database.transaction() as session:
            mails = await confirm.claim(session, now())
        return {"code": self.shop.keys.unseal(mails[-1].sealed, f"code:{mails[-1].id}")}

    async def hours(self, given: Mapping[str, str]) -> object:
        async with self.shop.database.transaction() as session:
            await session.execute(
                "UPDATE calendar SET always = %s, frames = '{}'", [given["open"] == "yes"]
            )
        return {}

    async def state(self, given: Mapping[str, str]) -> object:
        lines = await self.rows(
            "SELECT kind, text, delivery_state, (SELECT count(*) FROM message_file f"
            " WHERE f.message_id = m.id) FROM message m ORDER BY position"
        )
        ((sessions,),) = await self.rows("SELECT count(*) FROM chat_session")
        ((arrivals,),) = await self.rows("SELECT count(*) FROM arrival")
        return {"lines": lines, "sessions": sessions, "arrivals": arrivals}

    def host(self) -> Starlette:
        """The page of somebody else: strict policy, the one line of script, and our levers."""

        async def page(request: Request) -> Response:
            language = request.query_params.get("lang", "en")
            socket_ = self.base.replace("http", "ws", 1)
            policy = (
                f"default-src 'none'; script-src {self.base}; connect-src {self.base} {socket_};"
                " base-uri 'none'; form-action 'none'"
            )
            body = (
                f"<!doctype html><html lang={language}><meta charset=utf-8>"
                "<meta name=viewport content='width=device-width,initial-scale=1'>"
                f"<title>Shop</title><main><h1>Shop</h1><p>{'Lorem ipsum ' * 200}</p></main>"
                f'<script async src="{self.base}/w.js" data-key="{self.shop.key}"></script></html>'
            )
            return HTMLResponse(body, headers={"Content-Security-Policy": policy})

        async def pull(request: Request) -> Response:
            levers: Mapping[str, Callable[[Mapping[str, str]], Awaitable[object]]] = {
                "answer": self.answer,
                "typing": self.typing,
                "seen": self.seen,
                "drop": self.drop,
                "code": self.code,
                "hours": self.hours,
                "state": self.state,
            }
            given = await request.json()
            return JSONResponse(await levers[request.path_params["lever"]](given))

        return Starlette(routes=[Route("/", page), Route("/pull/{lever}", pull, methods=["POST"])])


@pytest.fixture
async def stage(database: Database, tmp_path: Path) -> AsyncIterator[Stage]:
    if not (role.STATIC / "widget" / "w.js").is_file():
        pytest.skip("the widget is not built: run `npm run build:widget` in web/")
    port, page_port = free_port(), free_port()
    page = f"http://localhost:{page_port}"
    made = await shop(database, tmp_path / "files", {"origins": [page], "title": "Shop"})
    async with database.transaction() as session:
        jana = await agent(session, made.department.id)
    settings = Settings(home=tmp_path, port=port, host="127.0.0.1")
    door = {ChannelKind.CHAT: ChatChannel()}
    outside = Outside(door, NoReader(), made.files, made.keys, now)
    built = role.build(settings, database, outside)
    base = f"http://127.0.0.1:{port}"
    found = Stage(made, outside, reply.Staff(jana, "Jana"), built, base, page)
    async with (
        built.running(),
        serving(built.app, port),
        serving(found.host(), page_port),
    ):
        reading = asyncio.create_task(found.read_for_ever())
        yield found
        reading.cancel()
        with suppress(asyncio.CancelledError):
            await reading


async def test_the_widget_on_a_foreign_page(stage: Stage, tmp_path: Path) -> None:
    """All checks of the script; each failure is named."""
    environment = {
        **os.environ,
        "PAGE": stage.page,
        "BASE": stage.base,
        "CHROMIUM": CHROMIUM,
        "SHOTS": str(tmp_path),
    }
    process = await asyncio.create_subprocess_exec(
        "node", str(SCRIPT), stdout=-1, stderr=-1, env=environment, cwd=SCRIPT.parents[1]
    )
    out, err = await asyncio.wait_for(process.communicate(), 360)
    print(out.decode())  # noqa: T201 - shown by pytest -s and beside a failure
    assert process.returncode == 0, out.decode() + err.decode()
    report = json.loads(out.decode().splitlines()[-1])
    assert report["failed"] == []
    assert report["passed"] >= 12
