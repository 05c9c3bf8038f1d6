"""The customers' side over HTTP: lines are kept before they are answered, strangers stay out."""

import asyncio
import hashlib
import hmac
from datetime import timedelta
from pathlib import Path
from uuid import uuid4

import httpx
import orjson
import pytest
from joserfc import jwt
from joserfc.jwk import OctKey
from tests.make.chat import PAGE, SECRET, Shop, Visitor, shop, visitor

from polyphony.store.database import Database


async def scalar(database: Database, query: str, *params: object) -> object:
    async with database.reads() as session:
        found = await session.execute(query, params)
        row = await found.fetchone()
        return row[0] if row else None


def token(desk: Shop, **change: object) -> str:
    claims = {
        "sub": "4711",
        "aud": desk.key,
        "exp": int((desk.clock() + timedelta(minutes=5)).timestamp()),
        "name": "Eva",
        "email": "eva@example.org",
        **change,
    }
    return jwt.encode({"alg": "HS256"}, claims, OctKey.import_key(SECRET))


# ── lines ───────────────────────────────────────────────────────────────────────────────────────


async def test_a_line_is_in_the_database_when_it_is_answered(
    desk: Shop, eva: Visitor, database: Database
) -> None:
    cid = str(uuid4())
    answer = await eva.say("Kde je zásilka?", cid)
    assert answer.status_code == 201
    assert answer.json()["cid"] == cid
    body = await scalar(database, "SELECT body FROM arrival WHERE id = %s", answer.json()["id"])
    assert orjson.loads(body)["text"] == "Kde je zásilka?"
    assert eva.token not in body.decode()


async def test_a_repeated_line_is_kept_once_and_answered_the_same(
    desk: Shop, eva: Visitor, database: Database
) -> None:
    cid = str(uuid4())
    first = await eva.say("Ahoj", cid)
    desk.clock.pass_(seconds=5)
    again = await asyncio.gather(*(eva.say("Ahoj", cid) for _ in range(5)))
    assert {one.text for one in again} == {first.text}
    assert await scalar(database, "SELECT count(*) FROM arrival") == 1


async def test_many_visitors_at_once_lose_nothing_and_double_nothing(
    desk: Shop, http: httpx.AsyncClient, database: Database
) -> None:
    async def say(one: Visitor, text: str) -> httpx.Response:
        cid = str(uuid4())
        for _ in range(30):
            answer = await one.say(text, cid)
            if answer.status_code != 503:  # busy: the widget says it again, and so do we
                break
            await asyncio.sleep(int(answer.headers["Retry-After"]))
        return answer

    visitors = [await visitor(http, desk.key) for _ in range(10)]
    answers = await asyncio.gather(*(say(one, f"{n}") for one in visitors for n in range(20)))
    assert {one.status_code for one in answers} == {201}
    assert len({one.json()["id"] for one in answers}) == 200
    assert await scalar(database, "SELECT count(*) FROM arrival") == 200


async def test_the_header_must_name_the_same_line(eva: Visitor) -> None:
    cid = str(uuid4())
    for key, status in ((cid, 201), (cid.upper(), 201), (str(uuid4()), 422)):
        headers = {**eva.bearer, "Idempotency-Key": key}
        body = {"cid": cid, "text": "a"}
        answer = await eva.http.post("/v1/chat/messages", json=body, headers=headers)
        assert answer.status_code == status


@pytest.mark.parametrize(
    ("body", "status"),
    [
        (b"", 422),
        (b"{", 422),
        (b"[]", 422),
        (b"null", 422),
        (b'"\\ud800"', 422),
        (b"\xff\xfe", 422),
        (b"[" * 60_000, 422),
        (b'{"cid":"x","text":"a"}', 422),
        (b'{"text":"' + b"a" * 20_000 + b'"}', 422),
        (b'{"text":"' + b"a" * 200_000 + b'"}', 413),
    ],
)
async def test_a_broken_body_is_refused_as_a_problem(
    eva: Visitor, body: bytes, status: int
) -> None:
    answer = await eva.http.post("/v1/chat/messages", content=body, headers=eva.bearer)
    assert answer.status_code == status
    assert answer.headers["content-type"] == "application/problem+json"
    assert answer.json()["type"].startswith("/docs/problems/")


async def test_the_twenty_first_line_of_a_minute_has_to_wait(desk: Shop, eva: Visitor) -> None:
    for _ in range(20):
        assert (await eva.say("x")).status_code == 201
    desk.clock.pass_(seconds=30)
    refused = await eva.say("x")
    assert (refused.status_code, refused.headers["retry-after"]) == (429, "30")
    desk.clock.pass_(seconds=30)
    assert (await eva.say("x")).status_code == 201


async def test_without_a_database_the_answer_is_503_and_never_success(
    server, database: Database, tmp_path: Path
) -> None:
    desk = await shop(database, tmp_path)
    async with desk.http() as http:
        eva = await visitor(http, desk.key)
        assert (await eva.say("a")).status_code == 201
        await database.close()
        refused = await eva.say("b")
    assert (refused.status_code, refused.headers["retry-after"]) == (503, "1")
    assert refused.json()["code"] == "database.unavailable"


# ── who comes in ────────────────────────────────────────────────────────────────────────────────


async def test_only_pages_of_the_account_and_our_own_may_show_the_widget(desk: Shop) -> None:
    app = desk.app()
    for origin, status in [
        (PAGE, 201),
        ("http://polyphony.test", 201),
        (None, 201),
        ("https://evil.example", 401),
        ("null", 401),
        ("http://shop.example", 401),
        ("https://shop.example.evil.example", 401),
        ("https://shop.example:8443", 401),
        ("https://www.shop.example", 401),
    ]:
        async with desk.http(app, origin) as http:
            answer = await http.post("/v1/chat/sessions", json={"key": desk.key})
            assert answer.status_code == status, origin
            allowed = answer.headers.get("access-control-allow-origin")
            assert allowed == (origin if status == 201 else None)
            assert "access-control-allow-credentials" not in answer.headers
            assert "set-cookie" not in answer.headers


async def test_a_bearer_carried_to_another_page_opens_nothing(desk: Shop) -> None:
    app = desk.app()
    async with desk.http(app) as http, desk.http(app, "https://evil.example") as evil:
        eva = await visitor(http, desk.key)
        stolen = Visitor(evil, eva.token, {})
        assert (await stolen.say("a")).status_code == 401


async def test_browsers_may_ask_first(desk: Shop) -> None:
    app = desk.app()
    async with desk.http(app) as http:
        allowed = await http.options("/v1/chat/messages")
        assert allowed.status_code == 204
        assert allowed.headers["access-control-allow-origin"] == PAGE
        assert "Authorization" in allowed.headers["access-control-allow-headers"]
    async with desk.http(app, "https://evil.example") as http:
        refused = await http.options("/v1/chat/messages")
        assert refused.status_code == 403
        assert "access-control-allow-origin" not in refused.headers


@pytest.mark.parametrize("bearer", ["", "Bearer", "Bearer x", "Basic abc", "Bearer " + "a" * 43])
async def test_without_a_session_nothing_opens(http: httpx.AsyncClient, bearer: str) -> None:
    for method, path in [
        ("GET", "messages"),
        ("POST", "messages"),
        ("POST", "uploads"),
        ("GET", f"files/{uuid4()}"),
        ("POST", "ticket"),
        ("POST", "email"),
        ("POST", "code"),
    ]:
        headers = {"Authorization": bearer} if bearer else {}
        answer = await http.request(method, f"/v1/chat/{path}", headers=headers)
        assert answer.status_code == 401, path


async def test_the_bearer_is_long_and_only_its_hash_is_kept(
    eva: Visitor, database: Database
) -> None:
    assert len(eva.token) >= 43  # 32 bytes of chance
    held = await scalar(database, "SELECT token_hash FROM chat_session")
    assert held == hashlib.sha256(eva.token.encode()).digest()
    async with database.reads() as session:
        for table in ("identity", "chat_session", "event", "throttle", "arrival"):
            found = await session.execute(f"SELECT t::text FROM {table} t")  # type: ignore[arg-type]
            assert not any(eva.token in row[0] for row in await found.fetchall())


async def test_a_visitor_who_comes_back_finds_his_session_for_thirty_days(
    desk: Shop, http: httpx.AsyncClient, eva: Visitor
) -> None:
    desk.clock.pass_(days=29)
    again = await visitor(http, desk.key, resume=eva.token)
    assert (again.token, again.body["session"]["id"]) == (eva.token, eva.body["session"]["id"])
    desk.clock.pass_(days=29)
    assert (await eva.say("still here")).status_code == 201
    desk.clock.pass_(days=31)
    assert (await eva.say("too late")).status_code == 401
    assert (await visitor(http, desk.key, resume=eva.token)).token != eva.token


async def test_the_sixty_first_new_session_of_an_hour_is_refused(
    desk: Shop, http: httpx.AsyncClient
) -> None:
    first = await visitor(http, desk.key)
    for _ in range(59):
        await visitor(http, desk.key)
    refused = await http.post("/v1/chat/sessions", json={"key": desk.key})
    assert refused.status_code == 429
    assert 0 < int(refused.headers["retry-after"]) <= 3600
    assert (await visitor(http, desk.key, resume=first.token)).token == first.token
    desk.clock.pass_(hours=1)
    await visitor(http, desk.key)


async def test_a_signed_token_names_the_customer_on_every_device(
    desk: Shop, http: httpx.AsyncClient, database: Database
) -> None:
    one = await visitor(http, desk.key, token=token(desk))
    two = await visitor(http, desk.key, token=token(desk))
    for who in (one, two):
        assert who.body["session"]["how"] == "jwt"
        assert who.body["session"]["email"] == "eva@example.org"
    assert one.token != two.token
    count = "SELECT count(*) FROM identity WHERE kind = 'chat' AND address = 'u:4711'"
    assert await scalar(database, count) == 1


async def test_a_hashed_id_names_the_customer_and_leaves_his_address_a_claim(
    desk: Shop, http: httpx.AsyncClient
) -> None:
    mac = hmac.new(SECRET.encode(), b"4711", hashlib.sha256).hexdigest()
    user = {"id": "4711", "name": "Eva", "email": "eva@example.org", "hash": mac}
    session = (await visitor(http, desk.key, user=user)).body["session"]
    assert (session["how"], session["email"], session["email_claimed"]) == (
        "hmac",
        None,
        "eva@example.org",
    )


@pytest.mark.parametrize(
    "wrong",
    [
        {"token": "a.b.c"},
        {"token": 7},
        {"user": {"id": "4711", "hash": "0" * 64}},
        {"user": "4711"},
    ],
)
async def test_a_wrong_proof_is_401_with_its_reason(
    desk: Shop, http: httpx.AsyncClient, wrong: dict[str, object]
) -> None:
    answer = await http.post("/v1/chat/sessions", json={"key": desk.key, **wrong})
    assert answer.status_code == 401
    assert answer.json()["code"].startswith("chat.")
    assert SECRET not in answer.text


async def test_a_token_of_another_account_or_deployment_is_refused(
    desk: Shop, http: httpx.AsyncClient, database: Database, tmp_path: Path
) -> None:
    other = await shop(database, tmp_path / "other")
    for given in (token(other), token(desk, exp=int(desk.clock().timestamp()) - 100)):
        answer = await http.post("/v1/chat/sessions", json={"key": desk.key, "token": given})
        assert answer.status_code == 401


async def test_an_enforcing_account_lets_nobody_in_without_proof(
    database: Database, tmp_path: Path
) -> None:
    desk = await shop(database, tmp_path, {"enforce": "all"})
    async with desk.http() as http:
        refused = await http.post("/v1/chat/sessions", json={"key": desk.key})
        assert (refused.status_code, refused.json()["code"]) == (401, "chat.proof_needed")
        await visitor(http, desk.key, token=token(desk))


async def test_somebody_else_at_the_same_browser_gets_a_session_of_his_own(
    desk: Shop, http: httpx.AsyncClient
) -> None:
    eva = await visitor(http, desk.key, token=token(desk))
    petr = await visitor(http, desk.key, token=token(desk, sub="4712"), resume=eva.token)
    assert petr.token != eva.token
    assert petr.body["session"]["id"] != eva.body["session"]["id"]


async def test_an_unknown_or_paused_account_does_not_exist(
    desk: Shop, http: httpx.AsyncClient, database: Database
) -> None:
    for body in ({}, {"key": 5}, {"key": "pk_unknown"}, []):
        assert (await http.post("/v1/chat/sessions", json=body)).status_code == 404
    async with database.transaction() as session:
        await session.execute("UPDATE channel_account SET state = 'paused'")
    assert (await http.post("/v1/chat/sessions", json={"key": desk.key})).status_code == 404


async def test_problems_speak_the_language_of_the_visitor(http: httpx.AsyncClient) -> None:
    titles = set()
    for language in ("en", "cs-CZ,cs;q=0.9", "pl", "ru"):
        answer = await http.post("/v1/chat/messages", headers={"Accept-Language": language})
        titles.add(answer.json()["title"])
    assert len(titles) == 4


# ── files ───────────────────────────────────────────────────────────────────────────────────────
