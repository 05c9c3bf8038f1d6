"""Every story of the demo is told in a real demo and comes to the end it promises (FULL=1)."""

import asyncio
import json
import os
import re
import socket
import sys
from pathlib import Path
from typing import Self

import httpx
import pytest

from polyphony.simulator.ledger import marks
from polyphony.simulator.stories import stories

TREE = Path(__file__).resolve().parents[2]
SPEED, LATER = 12, 60
CHATS_S = 180
"""So long the chats go at a pace at which colleagues can answer; mails hours away are hurried."""
PATIENCE_S = 900


def _free_port() -> int:
    with socket.socket() as one:
        one.bind(("127.0.0.1", 0))
        return int(one.getsockname()[1])


class Demo:
    """A demo of its own, and somebody who presses its buttons."""

    def __init__(self, home: Path) -> None:
        self.home, self.port = home, _free_port()
        home.chmod(0o755)
        self.env = os.environ | {
            "POLYPHONY_HOME": str(home), "POLYPHONY_PORT": str(self.port),
            "PYTHONPATH": str(TREE / "src"), "PYTHONUNBUFFERED": "1",
        }  # fmt: skip
        self.base = f"http://127.0.0.1:{self.port}"
        self.ledger = home / "demo-ledger.jsonl"

    def _command(self, *words: str) -> tuple[str, ...]:
        return sys.executable, "-m", "polyphony", *words

    async def __aenter__(self) -> Self:
        pipe = asyncio.subprocess.PIPE
        self.process = await asyncio.create_subprocess_exec(
            *self._command("demo"), env=self.env, stdout=pipe, stderr=asyncio.subprocess.STDOUT
        )
        assert self.process.stdout is not None
        token = ""
        async with asyncio.timeout(240):
            while not token:
                line = (await self.process.stdout.readline()).decode()
                assert line, "the demo ended before it was ready"
                found = re.search(r"#/link/(\S+)", line)
                token = found[1] if found else ""
        self.drain = asyncio.create_task(self.process.stdout.read())
        self.http = httpx.AsyncClient(base_url=self.base, timeout=60, headers={"Origin": self.base})
        answer = await self.http.post("/v1/sign_ins/link", json={"token": token})
        self.http.headers["X-Polyphony-CSRF"] = answer.raise_for_status().json()["csrf"]
        return self

    async def __aexit__(self, *_: object) -> None:
        await self.http.aclose()
        self.process.terminate()
        await self.process.wait()
        self.drain.cancel()

    async def call(self, method: str, path: str, body: object = None) -> httpx.Response:
        return (await self.http.request(method, path, json=body)).raise_for_status()

    def told(self) -> set[str]:
        lines = marks(self.ledger) if self.ledger.exists() else []
        return {str(one["about"]) for one in lines if one["channel"] == "story"}

    async def verified(self) -> dict[str, object]:
        process = await asyncio.create_subprocess_exec(
            *self._command("sim", "verify", "--json"), env=self.env, stdout=asyncio.subprocess.PIPE
        )
        said, _ = await process.communicate()
        found = json.loads(said)
        assert isinstance(found, dict)
        return found


@pytest.mark.alone
@pytest.mark.timeout(1500)
@pytest.mark.full
async def test_every_story_is_told_and_ends_as_it_promises(tmp_path, record_property):
    wanted = {key for key, story in stories().items() if story.expect}
    async with Demo(tmp_path) as demo:
        await demo.call("PUT", "/v1/demo", {"speed": SPEED, "paused": False})
        for key in sorted(wanted):
            await demo.call("POST", "/v1/demo/acts", {"act": f"story:{key}"})
        for second in range(PATIENCE_S):
            if wanted <= demo.told():
                break
            if second == CHATS_S:
                await demo.call("PUT", "/v1/demo", {"speed": LATER})
            await asyncio.sleep(1)
        assert demo.told() >= wanted, f"never told: {sorted(wanted - demo.told())}"
        await demo.call("PUT", "/v1/demo", {"paused": True})
        found = await demo.verified()
    for name in ("acknowledged", "found", "told"):
        record_property(name, found[name])
    assert {name: found[name] for name in ("lost", "doubled", "wrong", "broken")} == {
        "lost": [], "doubled": [], "wrong": [], "broken": [],
    }  # fmt: skip
    assert found["good"]
