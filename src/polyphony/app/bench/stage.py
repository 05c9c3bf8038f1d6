"""The stage of a bench: a durable cluster of its own, a founded organisation, the real roles."""

import asyncio
import contextlib
import hashlib
import json
import os
import secrets
import socket
import sys
import tempfile
from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path

import httpx

from polyphony.app.clock import now
from polyphony.app.postgres import Postgres
from polyphony.integrations import keyring
from polyphony.store import company
from polyphony.store.database import Database
from polyphony.store.keys import key
from polyphony.store.migrate import migrate

READY_S = 60.0


class StageFailed(Exception):
    """A role did not come up; the text holds the end of its log."""


@dataclass(slots=True)
class Stage:
    """Everything a bench needs to know of the running product; ``pids`` = role → process."""

    home: Path
    postgres: Postgres
    database: Database
    environment: Mapping[str, str]
    base: str
    found: company.Found
    processes: dict[str, asyncio.subprocess.Process]

    @property
    def pids(self) -> dict[str, int]:
        """The product's processes by role."""
        return {role: process.pid for role, process in self.processes.items()}

    async def start(self, *roles: str) -> None:
        """Start roles with the ordinary command and wait until the web role says it is ready."""
        for role in roles:
            log = (self.home / f"{role}.log").open("ab")
            self.processes[role] = await asyncio.create_subprocess_exec(
                sys.executable, "-m", "polyphony", _COMMANDS[role],
                env={**self.environment}, stdout=log, stderr=log,
                stdin=asyncio.subprocess.DEVNULL, start_new_session=True,
            )  # fmt: skip
            log.close()
        if "web" in roles:
            await self._ready()

    async def _ready(self) -> None:
        loop = asyncio.get_running_loop()
        end = loop.time() + READY_S
        async with httpx.AsyncClient(base_url=self.base) as http:
            while loop.time() < end:
                if self.processes["web"].returncode is not None:
                    break
                with contextlib.suppress(httpx.HTTPError):
                    if (await http.get("/readyz")).status_code == 200:
                        return
                await asyncio.sleep(0.05)
        raise StageFailed((self.home / "web.log").read_text(errors="replace")[-3000:])

    async def stop(self) -> None:
        """Ask all roles to drain and wait; who does not is killed."""
        for process in self.processes.values():
            with contextlib.suppress(ProcessLookupError):
                process.terminate()
        for process in self.processes.values():
            try:
                await asyncio.wait_for(process.wait(), 40)
            except TimeoutError:
                process.kill()
                await process.wait()
        self.processes.clear()

    async def sign_in(self, person: str) -> tuple[str, str]:
        """Begin a session for a person of the plan without argon2; return cookie and CSRF token."""
        token, csrf, at = secrets.token_urlsafe(32), secrets.token_urlsafe(16), now()
        async with self.database.transaction() as session:
            await session.execute(
                "INSERT INTO sign_in (id, person_id, token_hash, csrf, created_at, seen_at,"
                " expires_at) VALUES (%s, %s, %s, %s, %s, %s, %s)",
                [key(at), self.found.people[person], hashlib.sha256(token.encode()).digest(),
                 csrf, at, at, at + timedelta(days=1)],
            )  # fmt: skip
        return f"polyphony={token}", csrf


_COMMANDS = {"web": "serve", "worker": "work", "router": "route"}


@asynccontextmanager
async def staged(
    plan: company.Plan, secrets_of: Mapping[str, Mapping[str, str]], **settings: str
) -> AsyncIterator[Stage]:
    """Set the stage: cluster, migrations, organisation; nothing of the product runs yet.

    ``secrets_of`` are the secrets of accounts by their plan key; ``settings`` are further
    POLYPHONY_* variables in lower case. Everything is gone at the end.
    """
    with tempfile.TemporaryDirectory(prefix="polyphony_bench_") as folder:
        home = Path(folder)
        os.chmod(home, 0o755)  # noqa: PTH101, S103 - the server's account must reach its programs
        with Postgres(home) as postgres:
            await asyncio.to_thread(migrate, postgres.url("owner"), "app")
            ring = keyring.create(home / "keys", now())
            async with Database(postgres.url("owner"), size=4, name="bench") as database:
                async with database.transaction() as session:
                    found = await company.found(session, plan, now())
                    sealed = {
                        found.accounts[name]: ring.seal(
                            json.dumps(dict(values)), f"account:{found.accounts[name]}"
                        )
                        for name, values in secrets_of.items()
                    }
                    await company.seal(session, sealed)
                port = free_port()
                environment = _environment(home, postgres, port, settings)
                base = f"http://127.0.0.1:{port}"
                stage = Stage(home, postgres, database, environment, base, found, {})
                try:
                    yield stage
                finally:
                    await stage.stop()


def _environment(
    home: Path, postgres: Postgres, port: int, settings: Mapping[str, str]
) -> dict[str, str]:
    kept = {name: value for name, value in os.environ.items() if not name.startswith("POLYPHONY_")}
    return {
        **kept,
        "POLYPHONY_HOME": str(home),
        "POLYPHONY_DATABASE_URL": postgres.url("app"),
        "POLYPHONY_PORT": str(port),
        "POLYPHONY_EGRESS_ALLOW": "127.0.0.0/8",
        "POLYPHONY_MIGRATE": "0",
        **{f"POLYPHONY_{name.upper()}": value for name, value in settings.items()},
    }


def free_port() -> int:
    """Return a port of the loopback nobody listens on at this moment."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])
