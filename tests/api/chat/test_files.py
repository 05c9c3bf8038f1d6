"""The customers' side over HTTP: files, ticks, the end, and bodies that never come."""

import asyncio
import socket

import httpx
import orjson
import pytest
import uvicorn
from tests.make.chat import Shop, Visitor, visitor

from polyphony.store.database import Database


async def scalar(database: Database, query: str, *params: object) -> object:
    async with database.reads() as session:
        found = await session.execute(query, params)
        row = await found.fetchone()
        return row[0] if row else None


async def test_a_file_goes_with_the_line_that_names_it(
    desk: Shop, eva: Visitor, database: Database
) -> None:
    headers = {**eva.bearer, "X-File-Name": "..%5C..%5C%C5%BEi.pdf", "Content-Type": "text/html"}
    made = await eva.http.post("/v1/chat/uploads", content=b"%PDF", headers=headers)
    assert made.status_code == 201
    assert (made.json()["name"], made.json()["size"]) == ("ži.pdf", 4)
    answer = await eva.say("", files=[made.json()["id"]])
    assert answer.status_code == 201
    body = await scalar(database, "SELECT body FROM arrival")
    (file,) = orjson.loads(body)["files"]
    assert await desk.files.get(file["sha256"]) == b"%PDF"


async def test_a_file_of_somebody_else_cannot_be_sent(
    desk: Shop, http: httpx.AsyncClient, eva: Visitor
) -> None:
    petr = await visitor(http, desk.key)
    made = await http.post("/v1/chat/uploads", content=b"secret", headers=petr.bearer)
    refused = await eva.say("look", files=[made.json()["id"]])
    assert (refused.status_code, refused.json()["code"]) == (422, "chat.files")


async def test_an_upload_that_is_empty_or_too_large_is_refused(eva: Visitor) -> None:
    empty = await eva.http.post("/v1/chat/uploads", content=b"", headers=eva.bearer)
    assert empty.status_code == 422
    large = {**eva.bearer, "Content-Length": str(26 * 1024 * 1024)}
    refused = await eva.http.post("/v1/chat/uploads", content=b"x", headers=large)
    assert refused.status_code == 413


async def test_typing_before_the_first_line_reaches_nobody(desk: Shop, eva: Visitor) -> None:
    assert (await eva.post("typing", {"typing": True})).status_code == 204
    assert desk.said == []


@pytest.mark.parametrize("body", [{"read": -1}, {"read": "x"}, {"read": 2**63}, {"read": True}, []])
async def test_strange_ticks_are_refused(eva: Visitor, body: object) -> None:
    answer = await eva.http.post("/v1/chat/receipts", json=body, headers=eva.bearer)
    assert answer.status_code == 422


async def test_closing_the_chat_ends_the_bearer(eva: Visitor) -> None:
    assert (await eva.post("end")).status_code == 204
    assert (await eva.say("a")).status_code == 401


# ── over a real socket ──────────────────────────────────────────────────────────────────────────


async def test_a_body_that_drips_is_cut_off(desk: Shop, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("polyphony.api.widget_door.JSON_S", 0.3)
    config = uvicorn.Config(desk.app(), host="127.0.0.1", port=0, log_level="error", lifespan="off")
    server = uvicorn.Server(config)
    with socket.create_server(("127.0.0.1", 0)) as listening:
        serving = asyncio.create_task(server.serve(sockets=[listening]))
        port = listening.getsockname()[1]
        reader, writer = await asyncio.open_connection("127.0.0.1", port)
        head = "POST /v1/chat/sessions HTTP/1.1\r\nHost: x\r\nContent-Length: 100\r\n\r\n{"
        writer.write(head.encode())
        answer = await asyncio.wait_for(reader.readuntil(b"\r\n\r\n"), 5)
        assert answer.startswith(b"HTTP/1.1 408")
        writer.close()
        server.should_exit = True
        await serving
