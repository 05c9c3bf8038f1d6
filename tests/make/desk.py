"""A whole web process in this event loop on a real port, and people who sign in to it."""

import asyncio
import secrets
import socket
import ssl
from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from datetime import timedelta
from pathlib import Path
from typing import Any
from uuid import UUID, uuid4

import httpx
from tests.make.chat import ring
from tests.make.moment import new_id

from polyphony.app import clock, web
from polyphony.app.reader import RareReader
from polyphony.domain.channel import ChannelKind
from polyphony.flows.sign_in import hashed
from polyphony.integrations.outgoing import Outgoing
from polyphony.integrations.storage import FilesOnDisk
from polyphony.integrations.web_push import WebPusher
from polyphony.ports import Channel, Names, Outside
from polyphony.settings import Settings
from polyphony.store import people
from polyphony.store.database import Database

NO_TLS = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
"""For clients of plain HTTP: each one that loads the world's certificates costs 50 ms."""


def free_port() -> int:
    with socket.create_server(("127.0.0.1", 0)) as probe:
        return probe.getsockname()[1]


@dataclass
class Person:
    """Somebody signed in: his cookie, his CSRF secret, his browser."""

    id: UUID
    http: httpx.AsyncClient
    token: str
    csrf: str
    session_id: UUID

    async def post(self, path: str, body: object = None, **headers: str) -> httpx.Response:
        return await self.http.post(path, json={} if body is None else body, headers=headers)

    async def get(self, path: str, **params: Any) -> Any:
        answer = await self.http.get(path, params=params)
        assert answer.status_code == 200, answer.text
        return answer.json()


@dataclass
class Running:
    """The process under test."""

    web: web.Web
    database: Database
    url: str
    clients: list[httpx.AsyncClient] = field(default_factory=list)

    def browser(self, **headers: str) -> httpx.AsyncClient:
        made = httpx.AsyncClient(
            base_url=self.url, headers={"Origin": self.url, **headers}, timeout=20, verify=NO_TLS
        )
        self.clients.append(made)
        return made

    async def signed_in(self, person: UUID) -> Person:
        """A session made directly: password checks cost a quarter of a second each."""
        token, csrf, id_, at = (
            secrets.token_urlsafe(32),
            secrets.token_urlsafe(16),
            new_id(),
            clock.now(),
        )
        new = people.NewSignIn(
            id_, person, hashed(token), csrf, at, at + timedelta(days=7), False, "127.0.0.1", "test"
        )
        async with self.database.transaction() as session:
            await people.begin(session, new)
        http = self.browser(**{"X-Polyphony-CSRF": csrf})
        http.cookies.set("polyphony", token)
        return Person(person, http, token, csrf, id_)


@asynccontextmanager
async def running(
    database: Database,
    folder: Path,
    channels: Mapping[ChannelKind, Channel] | None = None,
    names: Names | None = None,
    **changes: Any,
) -> AsyncIterator[Running]:
    port = free_port()
    settings = Settings(home=folder, host="127.0.0.1", port=port, **changes)
    outside = Outside(
        channels=channels or {},
        reader=RareReader(),
        files=FilesOnDisk(folder / "files"),
        keys=ring(),
        now=clock.now,
        pusher=WebPusher(Outgoing(loopback=True), "postmaster@desk.example"),
        names=names,
    )
    made = web.build(settings, database, outside)
    serving = asyncio.create_task(web.serve(settings, made))
    found = Running(made, database, f"http://127.0.0.1:{port}")
    try:
        async with (
            asyncio.timeout(30),
            httpx.AsyncClient(base_url=found.url, verify=NO_TLS) as http,
        ):
            while True:
                try:
                    if (await http.get("/readyz")).status_code == 200:
                        break
                except httpx.TransportError:
                    if serving.done():
                        serving.result()
                await asyncio.sleep(0.02)
        yield found
    finally:
        for client in found.clients:
            await client.aclose()
        serving.cancel()
        await asyncio.gather(serving, return_exceptions=True)


def cid() -> str:
    return str(uuid4())
