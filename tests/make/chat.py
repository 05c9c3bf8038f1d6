"""A chat account with its mailbox, its keys, and the customers' side served in this process."""

import secrets
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any
from uuid import UUID, uuid4

import httpx
import orjson
from starlette.applications import Starlette
from starlette.types import ASGIApp
from tests.make.account import account
from tests.make.department import Department, department
from tests.make.moment import AT

from polyphony.api.widget import Desk, routes
from polyphony.api.widget_context import WidgetContext
from polyphony.api.widget_quick import Quick
from polyphony.integrations.keyring import FileKeyRing, Key
from polyphony.integrations.storage import FilesOnDisk
from polyphony.store.database import Database

PAGE = "https://shop.example"
SECRET = "the-secret-of-this-account-0123456789abcdef"


def ring() -> FileKeyRing:
    return FileKeyRing("test", [Key("0badc0de", secrets.token_bytes(32), AT.isoformat())])


@dataclass
class Clock:
    """A clock the test moves."""

    at: datetime = AT

    def __call__(self) -> datetime:
        return self.at

    def pass_(self, **span: float) -> None:
        self.at += timedelta(**span)


@dataclass
class Shop:
    """One deployment with a chat account on ``PAGE`` and a mailbox behind it."""

    database: Database
    keys: FileKeyRing
    files: FilesOnDisk
    clock: Clock
    department: Department
    account: UUID
    mailbox: UUID
    key: str
    said: list[tuple[str, str, str, object]] = field(default_factory=list)

    def app(self) -> ASGIApp:
        context = WidgetContext(
            database=self.database,
            files=self.files,
            keys=self.keys,
            now=self.clock,
            own=lambda: frozenset({"http://polyphony.test"}),
            say=lambda *told: self.said.append(told),
        )
        desk = Desk(context)
        return Quick(Starlette(routes=routes(desk)), desk, lambda *_: None)

    def http(self, app: ASGIApp | None = None, origin: str | None = PAGE) -> httpx.AsyncClient:
        return httpx.AsyncClient(
            transport=httpx.ASGITransport(app or self.app(), client=("203.0.113.9", 1234)),
            base_url="http://polyphony.test",
            headers={"Origin": origin} if origin else {},
        )


async def shop(
    database: Database, folder: Path, settings: Mapping[str, object] | None = None
) -> Shop:
    keys = ring()
    key = f"pk_{uuid4().hex}"
    async with database.transaction() as session:
        where = await department(session)
        mailbox = await account(session, where.id, address=f"desk-{key}@desk.example")
        made = await account(
            session,
            where.id,
            kind="chat",
            address=key,
            settings={"origins": [PAGE], "trust_email": True, **(settings or {})},
            mail_account=mailbox,
        )
        sealed = keys.seal(orjson.dumps({"hmac_secret": SECRET}).decode(), f"account:{made}")
        await session.execute(
            "UPDATE channel_account SET secrets = %s WHERE id = %s", [sealed, made]
        )
    return Shop(database, keys, FilesOnDisk(folder), Clock(), where, made, mailbox, key)


@dataclass
class Visitor:
    """Somebody with a session."""

    http: httpx.AsyncClient
    token: str
    body: dict[str, Any]

    @property
    def bearer(self) -> dict[str, str]:
        return {"Authorization": f"Bearer {self.token}"}

    async def post(self, path: str, body: object = None) -> httpx.Response:
        return await self.http.post(f"/v1/chat/{path}", json=body or {}, headers=self.bearer)

    async def say(self, text: str, cid: str = "", **more: object) -> httpx.Response:
        return await self.post("messages", {"cid": cid or str(uuid4()), "text": text, **more})


async def visitor(http: httpx.AsyncClient, key: str, **more: object) -> Visitor:
    answer = await http.post("/v1/chat/sessions", json={"key": key, "language": "cs", **more})
    assert answer.status_code == 201, answer.text
    body = answer.json()
    return Visitor(http, body["token"], body)
