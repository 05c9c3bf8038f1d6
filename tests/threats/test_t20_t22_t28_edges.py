"""T20, T22, T23, T24, T26, T28: foreign fields, CSRF, enumeration, brute force, headers, limits."""

import asyncio
import statistics
import time
from collections.abc import AsyncIterator
from datetime import timedelta
from pathlib import Path
from typing import Any
from uuid import uuid4

import httpx
import pytest
from tests.make.agent import agent
from tests.make.department import department
from tests.make.desk import NO_TLS, Person, Running, running
from tests.make.person import person

from polyphony.api import application
from polyphony.app import clock
from polyphony.domain import password
from polyphony.flows import sign_in
from polyphony.store import people
from polyphony.store.database import Database

SECRET = "a horse that nobody guesses"
METHODS = {"get", "post", "put", "patch", "delete"}


class Site:
    desk: Running
    database: Database
    root: Person
    jana: Person


@pytest.fixture
async def site(database: Database, tmp_path: Path) -> AsyncIterator[Site]:
    made = Site()
    made.database = database
    async with database.transaction() as session:
        first = await department(session)
        jana = await agent(session, first.id, status="offline")
        admin = await person(session, "Root", roles=["admin"])
        await session.execute("UPDATE person SET email = 'jana@desk.example' WHERE id = %s", [jana])
        await people.set_password(session, jana, password.digest(SECRET, b"0" * 16))
    async with running(database, tmp_path) as made.desk:
        made.desk.web.desk.pace.burst = made.desk.web.desk.pace.per_s = 1e9
        made.root = await made.desk.signed_in(admin)
        made.jana = await made.desk.signed_in(jana)
        yield made


def described() -> dict[str, Any]:
    class NoDesk:
        pass

    return application.build(NoDesk(), "0").openapi()


def real(path: str) -> str:
    """The path with things nobody knows."""
    for name in ("id", "macro"):
        path = path.replace("{" + name + "}", str(uuid4()))
    return path.replace("{mode}", "note")


def all_routes() -> list[tuple[str, str]]:
    found = [
        (method.upper(), real(path))
        for path, methods in described()["paths"].items()
        for method in methods
        if method in METHODS and path != "/v1/sign_ins"
    ]
    bare = ["/", "/livez", "/readyz", "/startupz", "/version", "/metrics", "/openapi.json", "/w.js"]
    bare += ["/docs/problems", "/docs/problems/invalid", "/nowhere", "/assets/x.js", "/widget/x.js"]
    bare += [f"/content/files/{uuid4()}", f"/content/mail/{uuid4()}", "/v1/chat/poll"]
    return found + [("GET", path) for path in bare]


async def test_every_answer_carries_the_safety_headers(site: Site) -> None:
    for method, path in all_routes():
        answer = await site.jana.http.request(method, path)
        headers = answer.headers
        where = f"{method} {path} {answer.status_code}"
        assert answer.status_code != 500, where
        assert headers["x-content-type-options"] == "nosniff", where
        assert headers["referrer-policy"] == "no-referrer", where
        assert headers["cross-origin-opener-policy"] == "same-origin", where
        assert "cross-origin-resource-policy" in headers, where
        assert "default-src 'none'" in headers["content-security-policy"], where
        assert "permissions-policy" in headers, where
        assert "request-id" in headers, where
        if path.startswith(("/v1/", "/content/")):
            assert headers["cache-control"] == "no-store", where
            assert "Cookie" in headers["vary"], where
        if answer.status_code >= 400 and path.startswith(("/v1/", "/nowhere", "/content")):
            assert headers["content-type"] == "application/problem+json", where
            assert "chat" in path or answer.json()["instance"], where


def _fields(schema: dict[str, Any], of: dict[str, Any]) -> set[str]:
    if "$ref" in of:
        of = schema["components"]["schemas"][of["$ref"].rsplit("/", 1)[1]]
    return set(of.get("properties", {}))


async def test_fields_of_other_bodies_are_refused_everywhere(site: Site) -> None:
    whole = described()
    bodies = {
        (method, path): operation["requestBody"]["content"]["application/json"]["schema"]
        for path, methods in whole["paths"].items()
        for method, operation in methods.items()
        if method in METHODS
        and "application/json" in operation.get("requestBody", {}).get("content", {})
    }
    everything = set().union(*(_fields(whole, schema) for schema in bodies.values()))
    everything |= {"id", "version", "person_id", "author_id", "state", "is_admin", "password_hash"}
    checked = 0
    for (method, path), schema in bodies.items():
        known = _fields(whole, schema)
        foreign = dict.fromkeys(everything - known, "1")
        if not known:
            continue
        there = real(path).replace("{kind}", "email")
        headers = {"Idempotency-Key": str(uuid4())}
        for who in (site.root, site.jana):
            answer = await who.http.request(method.upper(), there, json=foreign, headers=headers)
            assert answer.status_code in (401, 403, 422), f"{method} {path} {answer.text}"
            if answer.status_code == 422 and answer.json()["code"] == "body.not_valid":
                forbidden = [e for e in answer.json()["errors"] if e["code"] == "extra_forbidden"]
                assert len(forbidden) > 10
                checked += 1
    assert checked >= len(bodies)


@pytest.mark.parametrize(
    "headers",
    [
        {"Origin": "https://evil.example"},
        {"Origin": "null"},
        {"X-Polyphony-CSRF": "wrong"},
        {"X-Polyphony-CSRF": ""},
        {"Origin": "", "Sec-Fetch-Site": "cross-site"},
    ],
)
async def test_a_request_from_a_foreign_page_changes_nothing(
    site: Site, headers: dict[str, str]
) -> None:
    async with httpx.AsyncClient(
        base_url=site.desk.url, verify=NO_TLS, cookies={"polyphony": site.jana.token}
    ) as http:
        sent = {"Origin": site.desk.url, "X-Polyphony-CSRF": site.jana.csrf} | headers
        sent = {name: value for name, value in sent.items() if value}
        answer = await http.patch("/v1/people/me", json={"name": "Mallory"}, headers=sent)
    assert answer.status_code == 403
    assert (await site.jana.get("/v1/sign_ins/current"))["person"]["name"] == "Jana"


async def test_signing_in_from_a_foreign_page_is_refused(site: Site) -> None:
    async with httpx.AsyncClient(base_url=site.desk.url, verify=NO_TLS) as http:
        answer = await http.post(
            "/v1/sign_ins",
            json={"email": "jana@desk.example", "password": SECRET},
            headers={"Origin": "https://evil.example"},
        )
    assert answer.status_code == 403


async def test_the_session_is_new_at_each_sign_in(site: Site) -> None:
    http = site.desk.browser()
    body = {"email": "jana@desk.example", "password": SECRET}
    first = await http.post("/v1/sign_ins", json=body)
    before = http.cookies["polyphony"]
    second = await http.post("/v1/sign_ins", json=body)
    assert (first.status_code, second.status_code) == (201, 201)
    assert http.cookies["polyphony"] != before


async def test_unknown_and_known_accounts_answer_alike_and_as_slowly(site: Site) -> None:
    http = site.desk.browser()
    times: dict[str, list[float]] = {"jana@desk.example": [], "nobody@desk.example": []}
    bodies: dict[str, Any] = {}
    for _ in range(4):
        for email, spent in times.items():
            async with site.database.transaction() as session:
                await session.execute("DELETE FROM throttle")
            began = time.perf_counter()
            answer = await http.post("/v1/sign_ins", json={"email": email, "password": "wrong one"})
            spent.append(time.perf_counter() - began)
            told = answer.json() | {"instance": ""}
            assert bodies.setdefault("same", (answer.status_code, told)) == (
                answer.status_code,
                told,
            )
    known, unknown = (statistics.median(spent) for spent in times.values())
    assert unknown > 0.5 * known  # the dummy digest costs as much as a real one


async def test_of_many_guesses_only_ten_are_looked_at(site: Site) -> None:
    http = site.desk.browser()
    statuses = []
    for n in range(14):
        body = {"email": "jana@desk.example", "password": f"guess {n}"}
        statuses.append((await http.post("/v1/sign_ins", json=body)).status_code)
    assert statuses == [401] * 10 + [429] * 4
    right = await http.post("/v1/sign_ins", json={"email": "jana@desk.example", "password": SECRET})
    assert right.status_code == 429
    assert 0 < int(right.headers["retry-after"]) <= 901


async def test_a_second_factor_is_asked_for_and_its_code_works_once(site: Site) -> None:
    begun = await site.jana.post("/v1/people/me/totp")
    secret = __import__("base64").b32decode(begun.json()["secret"] + "=" * 0)
    step = int(clock.now().timestamp()) // 30
    wrong = await site.jana.http.put("/v1/people/me/totp", json={"code": "000000"})
    assert wrong.status_code == 422
    on = await site.jana.http.put(
        "/v1/people/me/totp", json={"code": password.code_at(secret, step)}
    )
    assert on.status_code == 204
    http = site.desk.browser()
    body = {"email": "jana@desk.example", "password": SECRET}
    bare = await http.post("/v1/sign_ins", json=body)
    assert bare.json()["code"] == "sign_in.code_needed"
    used = await http.post("/v1/sign_ins", json={**body, "code": password.code_at(secret, step)})
    assert used.status_code == 401
    async with site.database.transaction() as session:
        await session.execute("DELETE FROM throttle")
    code = password.code_at(secret, step + 1)
    answers = await asyncio.gather(
        *(site.desk.browser().post("/v1/sign_ins", json={**body, "code": code}) for _ in range(4))
    )
    assert sorted(one.status_code for one in answers) == [201, 401, 401, 401]


@pytest.mark.parametrize("case", ["late", "used", "foreign"])
async def test_a_link_that_is_no_good_opens_nothing(site: Site, case: str) -> None:
    at = clock.now()
    async with site.database.transaction() as session:
        token = await sign_in.link(session, site.jana.id, "invite", at)
        if case == "late":
            await session.execute("UPDATE sign_in_link SET expires_at = %s", [at - timedelta(1)])
        if case == "used":
            await session.execute("UPDATE sign_in_link SET used_at = %s", [at])
    token = "x" * 43 if case == "foreign" else token
    answer = await site.desk.browser().post("/v1/sign_ins/link", json={"token": token})
    assert answer.status_code == 401
    assert answer.json()["code"] == "sign_in.link_refused"


async def test_broken_oversized_and_odd_bodies_are_refused_in_words(site: Site) -> None:
    http = site.jana.http
    kind = {"Content-Type": "application/json"}
    path = "/v1/people/me"
    for content, status in (
        (b"{", 400),
        (b"\xff\xfe", 400),
        (b"[]", 422),
        (b'"text"', 422),
        (b'{"name": "a\\u0000b"}', 422),
        (b'{"name": "\\ud800"}', 422),
        (b'{"name": "x' + b"y" * 300_000 + b'"}', 422),
        (b'{"settings": ' + b'{"a":' * 100_000, 400),
        (b" " * (1024 * 1024 + 1), 413),
    ):
        answer = await http.patch(path, content=content, headers=kind)
        assert answer.status_code == status, (content[:40], answer.status_code, answer.text[:300])
        assert answer.headers["content-type"] == "application/problem+json"
    plain = await http.patch(path, content=b"name=x", headers={"Content-Type": "text/plain"})
    assert plain.status_code in (415, 422)


async def test_a_body_without_a_length_is_cut_at_the_limit(site: Site) -> None:
    async def endless() -> AsyncIterator[bytes]:
        for _ in range(40):
            yield b" " * 65_536

    answer = await site.jana.http.patch(
        "/v1/people/me", content=endless(), headers={"Content-Type": "application/json"}
    )
    assert answer.status_code == 413
    assert answer.json()["limit"] == 1024 * 1024


async def test_a_body_that_never_comes_is_given_up(
    site: Site, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("polyphony.api.envelope.BODY_S", 0.3)
    host, port = site.desk.url.removeprefix("http://").split(":")
    reader, writer = await asyncio.open_connection(host, int(port))
    writer.write(
        b"PATCH /v1/people/me HTTP/1.1\r\nHost: " + host.encode() + b"\r\nContent-Length: 50\r\n"
        b"Content-Type: application/json\r\n\r\n{"
    )
    head = await asyncio.wait_for(reader.readuntil(b"\r\n\r\n"), 5)
    assert head.startswith(b"HTTP/1.1 408")
    writer.close()


@pytest.mark.parametrize("word", ["%", "_", "\\", "'", "%00", "a%b%c%", "\u0000x", "ъ%"])
async def test_odd_words_find_nothing_and_break_nothing(site: Site, word: str) -> None:
    for path, name in (("/v1/search", "q"), ("/v1/search/suggestions", "q"), ("/v1/cases", "q")):
        answer = await site.jana.http.get(path, params={name: word + word})
        assert answer.status_code in (200, 422), answer.text


async def test_a_disabled_person_is_out_at_once(site: Site) -> None:
    out = await site.root.post(f"/v1/people/{site.jana.id}/disable")
    assert out.status_code == 200, out.text
    assert (await site.jana.http.get("/v1/bootstrap")).status_code == 401
    me = await site.root.post(f"/v1/people/{site.root.id}/disable")
    assert me.status_code == 409


async def test_every_change_and_every_look_leaves_a_line(site: Site) -> None:
    await site.root.post("/v1/skills", {"key": "lang.cs", "kind": "language"})
    await site.jana.http.post("/v1/skills", json={"key": "x", "kind": "topic"})
    async with site.database.reads() as session:
        found = await session.execute("SELECT act FROM audit ORDER BY at")
        acts = [row[0] for row in await found.fetchall()]
    assert acts == ["skills.add", "denied:skills.add"]
