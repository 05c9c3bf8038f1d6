"""The widget in a real Chromium on a page of somebody else, against the real web role."""

import asyncio
import json
import os
import shutil
from collections.abc import AsyncIterator
from contextlib import suppress
from pathlib import Path

import httpx
import pytest
from tests.journeys.foreign_page import free_port, host, serving
from tests.journeys.stage import Stage, now
from tests.make.agent import agent
from tests.make.chat import shop
from tests.make.outside import NoReader

from polyphony.app import web as role
from polyphony.channels.chat.client import ChatChannel
from polyphony.domain.channel import ChannelKind
from polyphony.flows import reply
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
    pytest.mark.timeout(900),
    pytest.mark.skipif(not CHROMIUM, reason="no Chromium on this machine"),
    pytest.mark.skipif(shutil.which("node") is None, reason="no node on this machine"),
    pytest.mark.skipif(
        not (ROOT / "web" / "node_modules" / "playwright-core").exists(),
        reason="web/node_modules is not installed",
    ),
]


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
        serving(host(found), page_port),
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
    out, err = await asyncio.wait_for(process.communicate(), 800)
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
