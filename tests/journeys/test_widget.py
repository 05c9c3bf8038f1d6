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
from urllib.parse import urlencode

import httpx
import pytest
import uvicorn
from psycopg.types.json import Jsonb
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import HTMLResponse, JSONResponse, Response
from starlette.routing import Route
from tests.make.agent import agent
from tests.make.chat import Shop, shop, visitor
from tests.make.moment import new_id
from tests.make.outside import NoReader

from polyphony.app import web as role
from polyphony.channels.chat.client import ChatChannel
from polyphony.channels.chat.parse import parse
from polyphony.domain.channel import ChannelKind
from polyphony.flows import chat, confirm, receive, reply, tell_visitor
from polyphony.flows.announce import announce
from polyphony.ports import Outside
from polyphony.settings import Settings
from polyphony.store.database import Database

ROOT = Path(__file__).parents[2]
SCRIPTS = ROOT / "web" / "e2e"
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


FORMER = """
<script nonce=n0nce>
  window.chatwootSettings = {"position":"left","type":"standard","launcherTitle":"Talk to us"};
  (function(d,t) {
    var BASE_URL="https://app.chatwoot.example";
    var g=d.createElement(t),s=d.getElementsByTagName(t)[0];
    g.src=BASE_URL+"/packs/js/sdk.js";
    g.async = true;
    s.parentNode.insertBefore(g,s);
    g.onload=function(){
      window.chatwootSDK.run({ websiteToken: 'OldWebsiteToken', baseUrl: BASE_URL })
    }
  })(document,"script");
</script>
<script nonce=n0nce>
  window.heard = [];
  ["ready","opened","closed","on-message"].forEach(function(name) {
    window.addEventListener("chatwoot:" + name, function(event) {
      window.heard.push(name);
      if (name === "ready") {
        window.$chatwoot.setUser("4711", { name: "Eva", email: "eva@example.org" });
        window.$chatwoot.setCustomAttributes({ plan: "gold" });
        window.$chatwoot.setLocale("cs");
      }
    });
  });
</script>
"""
"""The snippet of Chatwoot as a site has it; only the address of the script is another."""


@dataclass
class Stage:
    """The shop, its agent, and the page the widget stands on."""

    shop: Shop
    outside: Outside
    staff: reply.Staff
    web: role.Web
    base: str
    page: str
    http: httpx.AsyncClient

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
            " WHERE i.state <> 'ended'"
            " ORDER BY i.state = 'with_agent' DESC, c.last_customer DESC LIMIT 1"
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

    async def take(self, given: Mapping[str, str]) -> object:
        """Jana takes the oldest chat that waits; its visitor reads who is here for him."""
        async with self.shop.database.transaction() as session:
            found = await session.execute(
                "WITH w AS (UPDATE work_item SET state = 'in_work', agent_id = %(jana)s"
                "   WHERE id = (SELECT id FROM work_item WHERE state = 'waiting'"
                "                ORDER BY created_at, id LIMIT 1) RETURNING interaction_id)"
                " UPDATE interaction i SET state = 'with_agent', agent_id = %(jana)s,"
                "   first_human_reply_at = now() FROM w WHERE i.id = w.interaction_id"
                " RETURNING i.id",
                {"jana": self.staff.id},
            )
            ((talk,),) = await found.fetchall()
            said = await tell_visitor.joined(session, talk, self.staff.id, now())
            await announce(session, actor=self.staff.actor, messages=said)
        return {}

    async def finish(self, given: Mapping[str, str]) -> object:
        """Jana ends the newest chat she talks in."""
        async with self.shop.database.transaction() as session:
            found = await session.execute(
                "UPDATE interaction SET state = 'ended', ended_at = now(), ended_by = 'agent'"
                " WHERE id = (SELECT id FROM interaction WHERE state = 'with_agent'"
                "              ORDER BY opened_at DESC LIMIT 1) RETURNING id"
            )
            ((talk,),) = await found.fetchall()
            await session.execute(
                "UPDATE work_item SET state = 'done' WHERE interaction_id = %s", [talk]
            )
            said = await tell_visitor.ended(session, [talk], now())
            await announce(session, actor=self.staff.actor, messages=said)
        return {}

    async def line(self, given: Mapping[str, str]) -> object:
        """So many others wait before everybody, and chats were taken at a steady pace lately."""
        others = [await visitor(self.http, self.shop.key) for _ in range(int(given["before"]))]
        for one in others:
            await one.say("Waiting too")
        await asyncio.sleep(0.5)
        async with self.shop.database.transaction() as session:
            await session.execute(
                "UPDATE work_item SET waiting_since = waiting_since - interval '5 minutes'"
                " WHERE state = 'waiting' AND id <> (SELECT min(id::text)::uuid FROM work_item"
                "                                     WHERE state = 'waiting')"
            )
            await session.execute(
                "INSERT INTO queue_member (queue_id, agent_id) SELECT triage_queue, %s"
                " FROM department WHERE triage_queue IS NOT NULL ON CONFLICT DO NOTHING",
                [self.staff.id],
            )
            await session.execute(
                "INSERT INTO agent_presence (agent_id, status) VALUES (%s, 'online')"
                " ON CONFLICT (agent_id) DO UPDATE SET status = 'online'",
                [self.staff.id],
            )
            await session.execute(
                "INSERT INTO queue_stay (id, work_item_id, queue_id, entered_at, left_at, how)"
                " SELECT gen_random_uuid(), w.id, w.queue_id, now() - interval '1 hour'"
                "        + n * interval '1 minute' - interval '8 minutes',"
                "        now() - interval '1 hour' + n * interval '1 minute', 'taken'"
                "   FROM (SELECT id, queue_id, row_number() OVER () AS n FROM work_item) w"
                "  WHERE NOT EXISTS (SELECT FROM queue_stay s"
                "                     WHERE s.work_item_id = w.id AND s.left_at IS NOT NULL)",
            )
        return {}

    async def clear(self, given: Mapping[str, str]) -> object:
        """Nobody waits any more, nobody serves chats, nothing is known of lately."""
        async with self.shop.database.transaction() as session:
            await session.execute("UPDATE work_item SET state = 'cancelled', cancel_why = 'test'")
            await session.execute("UPDATE interaction SET state = 'ended' WHERE state <> 'ended'")
            await session.execute("DELETE FROM queue_stay")
            await session.execute("UPDATE agent_presence SET status = 'offline'")
        return {}

    async def style(self, given: Mapping[str, object]) -> object:
        """Change how the account looks; the caches of the process forget."""
        async with self.shop.database.transaction() as session:
            await session.execute(
                "UPDATE channel_account SET settings = settings || %s WHERE kind = 'chat'",
                [Jsonb(dict(given))],
            )
        return {}

    async def article(self, given: Mapping[str, object]) -> object:
        """Publish an article for everybody, customers too."""
        async with self.shop.database.transaction() as session:
            await session.execute(
                "INSERT INTO article (id, scope, titles, bodies, url)"
                " VALUES (gen_random_uuid(), 'all', %s, '{}', %s)",
                [Jsonb(given["titles"]), given["url"]],
            )
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
        ratings = await self.rows("SELECT score, words FROM rating")
        mailed = await self.rows(
            "SELECT to_address, m.subject, m.text FROM delivery v JOIN message m"
            " ON m.id = v.message_id WHERE v.account_id = %s",
            self.shop.mailbox,
        )
        told = await self.rows("SELECT facts->'told' FROM message WHERE facts ? 'told'")
        return {
            "lines": lines,
            "sessions": sessions,
            "arrivals": arrivals,
            "ratings": ratings,
            "mailed": mailed,
            "told": [one for (one,) in told],
        }

    def host(self) -> Starlette:
        """The page of somebody else: strict policy, the one line of script, and our levers."""

        async def page(request: Request) -> Response:
            asked = request.query_params
            language = asked.get("lang", "en")
            socket_ = self.base.replace("http", "ws", 1)
            framed = asked.get("mode") == "iframe"
            nonce = "'nonce-n0nce'" if "former" in asked else ""
            policy = (
                f"default-src 'none'; script-src {self.base} {nonce};"
                f" connect-src {self.base} {socket_}; base-uri 'none'; form-action 'none'"
            )
            if framed:
                policy = f"default-src 'none'; script-src {self.base}; frame-src {self.base}"
            if "before" in asked:
                policy = policy.replace("script-src", f"script-src {self.page}")
            body = (
                f"<!doctype html><html lang={language}><meta charset=utf-8>"
                "<meta name=viewport content='width=device-width,initial-scale=1'>"
                f"<title>Shop</title><main><h1>Shop</h1><p>{'Lorem ipsum ' * 200}</p></main>"
                f"{self.scripts(asked)}</html>"
            )
            return HTMLResponse(body, headers={"Content-Security-Policy": policy})

        async def before(request: Request) -> Response:
            return Response(request.query_params["js"], media_type="text/javascript")

        async def pull(request: Request) -> Response:
            levers: Mapping[str, Callable[[Mapping[str, str]], Awaitable[object]]] = {
                "answer": self.answer,
                "typing": self.typing,
                "seen": self.seen,
                "drop": self.drop,
                "code": self.code,
                "hours": self.hours,
                "state": self.state,
                "take": self.take,
                "finish": self.finish,
                "line": self.line,
                "clear": self.clear,
                "style": self.style,
                "article": self.article,
            }
            given = await request.json()
            return JSONResponse(await levers[request.path_params["lever"]](given))

        return Starlette(
            routes=[
                Route("/", page),
                Route("/before.js", before),
                Route("/pull/{lever}", pull, methods=["POST"]),
            ]
        )

    def scripts(self, asked: Mapping[str, str]) -> str:
        """The scripts of the page: ours, nothing, or a former product's snippet as it was."""
        if "blank" in asked:
            return ""
        if "former" in asked:
            return FORMER.replace("https://app.chatwoot.example", self.base)
        before = ""
        if "before" in asked:
            before = f'<script src="/before.js?{urlencode({"js": asked["before"]})}"></script>'
        mode = f' data-mode="{asked["mode"]}"' if "mode" in asked else ""
        ours = f'src="{self.base}/w.js" data-key="{self.shop.key}"{mode}'
        return f"{before}<script async {ours}></script>"


@pytest.fixture
async def stage(database: Database, tmp_path: Path) -> AsyncIterator[Stage]:
    if not (role.STATIC / "widget" / "w.js").is_file():
        pytest.skip("the widget is not built: run `npm run build:widget` in web/")
    port, page_port = free_port(), free_port()
    page = f"http://localhost:{page_port}"
    made = await shop(
        database,
        tmp_path / "files",
        {"origins": [page], "title": "Shop", "former_key": "OldWebsiteToken"},
    )
    async with database.transaction() as session:
        jana = await agent(session, made.department.id)
    settings = Settings(home=tmp_path, port=port, host="127.0.0.1")
    door = {ChannelKind.CHAT: ChatChannel()}
    outside = Outside(door, NoReader(), made.files, made.keys, now)
    built = role.build(settings, database, outside)
    base = f"http://127.0.0.1:{port}"
    http = httpx.AsyncClient(base_url=base, headers={"Origin": page})
    found = Stage(made, outside, reply.Staff(jana, "Jana"), built, base, page, http)
    async with (
        http,
        built.running(),
        serving(built.app, port),
        serving(found.host(), page_port),
    ):
        reading = asyncio.create_task(found.read_for_ever())
        yield found
        reading.cancel()
        with suppress(asyncio.CancelledError):
            await reading


async def run(script: Path, stage: Stage, tmp_path: Path) -> dict[str, object]:
    """Run one script of the browser against the stage; return its last line, a report."""
    environment = {
        **os.environ,
        "PAGE": stage.page,
        "BASE": stage.base,
        "CHROMIUM": CHROMIUM,
        "SHOTS": os.environ.get("POLYPHONY_SHOTS", str(tmp_path)),
    }
    process = await asyncio.create_subprocess_exec(
        "node", str(script), stdout=-1, stderr=-1, env=environment, cwd=SCRIPTS.parent
    )
    out, err = await asyncio.wait_for(process.communicate(), 360)
    print(out.decode())  # noqa: T201 - shown by pytest -s and beside a failure
    assert process.returncode == 0, out.decode() + err.decode()
    return json.loads(out.decode().splitlines()[-1])


async def test_the_widget_on_a_foreign_page(stage: Stage, tmp_path: Path) -> None:
    """All checks of the script; each failure is named."""
    report = await run(SCRIPTS / "widget.mjs", stage, tmp_path)
    assert report["failed"] == []
    assert report["passed"] >= 25


async def test_what_the_widget_costs_a_page(stage: Stage, tmp_path: Path) -> None:
    """The same blank page with and without it: nothing moves, nothing blocks, nothing is stored."""
    report = await run(SCRIPTS / "cost.mjs", stage, tmp_path)
    assert report == {"passed": 4, "failed": []}
