"""Whatever stands in a body, a query, a header or a path: a clear answer, never a 500."""

import json
import os
import random
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any
from uuid import uuid4

import httpx
import pytest
import structlog
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st
from tests.make.account import account
from tests.make.desk import running
from tests.threats.bodies import NOUNS, body_of
from tests.threats.test_t01_rights import METHODS, ROWS
from tests.threats.world import World, prepare

from polyphony.api import application
from polyphony.store.database import Database

DEEP: Any = []
for _ in range(400):
    DEEP = [DEEP]
NASTY: tuple[Any, ...] = (
    *("", " ", "a\u0000b", "\ud800", "\udfff\ud800", "x" * 100_000, "\u202e\u2066\ufeff", "null"),
    *("🏳\ufe0f\u200d🌈" * 50, "\r\nBcc: x@evil.example", "%s%n", "'; --", "{{7*7}}", "../../etc"),
    *(0, -1, 2**31, 2**53 + 1, 2**63, -(2**63) - 1, 10**40, 1e308, -0.0, 1.5),
    *(float("nan"), float("inf"), None, True, [], {}, [None], [[]], {"": None}, DEEP),
    *(["\u0000"], {"a": "\ud800"}, {"\u0000": 1}, ["x" * 9000] * 50, {"a" * 5000: 1}, [{}] * 3000),
    *("0001-01-01T00:00:00Z", "9999-12-31T23:59:59Z", "2099-01-01T00:00:00"),
    *("9999-12-31T23:59:59-23:59", "2030-02-30T00:00:00Z", "1e400", "٣", "²"),
    *(
        "00000000-0000-0000-0000-000000000000",
        "not-a-uuid",
        ["00000000-0000-0000-0000-000000000000"],
    ),
)
LEAF = st.one_of(
    st.sampled_from(NASTY),
    st.none(),
    st.booleans(),
    st.integers(),
    st.floats(),
    st.text(st.characters(), max_size=60),
    st.datetimes().map(str),
)
VALUE = st.recursive(
    LEAF,
    lambda inner: (
        st.lists(inner, max_size=4) | st.dictionaries(st.text(max_size=9), inner, max_size=4)
    ),
    max_leaves=12,
)
QUERIES = (
    *("\u0000", "\u0001", "x" * 9000, "-1", "0", str(10**40), "9" * 5000, "1.5", "NaN", "²", "٣"),
    *("null", "[]", "' OR 1=1", "%00", "9223372036854775808", "2026-13-45", "\U0001f600"),
)
TAGS = ("²", "٣", "9" * 5000, '"' + "9" * 30 + '"', "W/", '""', "x" * 5000)
PLACES = ("%00", "%ff", "²", "x" * 3000, str(2**64), "%2e%2e%2f")
NO_JSON = (
    *(b"", b"{", b"\xff\xfe\x00", b"[" * 50_000, b'{"a":' * 50_000, b"nul"),
    b'{"a":1,"a":2}',
)
FULL = bool(os.environ.get("FULL"))
PER_ROUTE = 400 if FULL else 9


def described() -> dict[str, Any]:
    class NoDesk:
        pass

    return application.build(NoDesk(), "0").openapi()


def fields_of(whole: dict[str, Any], operation: dict[str, Any]) -> list[str]:
    """Every field the schema of the body knows, the optional ones too."""
    content = operation.get("requestBody", {}).get("content", {})
    schema = content.get("application/json", {}).get("schema", {})
    if "$ref" in schema:
        schema = whole["components"]["schemas"][schema["$ref"].rsplit("/", 1)[1]]
    return sorted(schema.get("properties", {}))


@settings(
    max_examples=max(PER_ROUTE * 12, 200),
    deadline=None,
    database=None,
    suppress_health_check=list(HealthCheck),
    phases=[Phase.generate],
)
@given(VALUE)
def _values(value: Any) -> None:
    FOUND.append(value)


FOUND: list[Any] = []


def actor_of(operation: str) -> str:
    """Somebody who gets as far as the body."""
    rows = [row for row in ROWS if row["operation"] == operation]
    best = [row for row in rows if row["thing"] in ("own", "demo", "right", "strong")] or rows
    order = ("agent_1", "supervisor", "admin", "auditor", "anonymous")
    return next(one for one in order if best[0][one] == "ok")


class Thrower:
    """Throws bodies at one process and keeps what was answered with 5xx, or not as a problem."""

    def __init__(self) -> None:
        self.wrong: list[str] = []
        self.thrown = 0

    async def throw(
        self,
        http: httpx.AsyncClient,
        method: str,
        path: str,
        body: bytes | None = None,
        **more: Any,
    ) -> None:
        headers = {"Content-Type": "application/json", "Idempotency-Key": str(uuid4())}
        headers |= more.pop("headers", {})
        answer = await http.request(method, path, content=body, headers=headers, **more)
        self.thrown += 1
        kind = answer.headers.get("content-type", "")
        plain = answer.status_code >= 400 and kind != "application/problem+json"
        if answer.status_code >= 500 or plain:
            self.wrong.append(
                f"{method} {path} {more} {(body or b'')[:200]!r}: {answer.status_code} {kind}"
                f" {answer.text[:300]}"
            )


def bodies(
    fields: list[str], valid: Any, chance: random.Random, most: int = PER_ROUTE
) -> list[bytes]:
    """Right bodies with one field wrong, whole bodies wrong, and what is no JSON at all."""
    made: list[Any] = [chance.choice(FOUND) for _ in range(2)]
    if isinstance(valid, list):
        made += [[value] for value in chance.sample(FOUND, 5)]
        made += [[{**valid[0], "rank": value}] for value in chance.sample(FOUND, 5)]
    for n in range(most):
        if fields:
            value = (
                NASTY[(n * 7 + chance.randrange(7)) % len(NASTY)] if n % 2 else chance.choice(FOUND)
            )
            made.append({**valid, fields[n % len(fields)]: value})
    return [*(json.dumps(one).encode() for one in made), *some(NO_JSON, chance, 3)]


def some(of: Sequence[Any], chance: random.Random, n: int) -> Sequence[Any]:
    """A few for each route, so that all together see all; all of them when there is time."""
    return of if FULL else chance.sample(of, n)


@pytest.fixture(autouse=True)
def plain_logs() -> Iterator[None]:
    """Tracebacks in words: painting hostile values in colours takes minutes."""
    structlog.configure(
        processors=[structlog.processors.format_exc_info, structlog.processors.KeyValueRenderer()]
    )
    yield
    structlog.reset_defaults()


@pytest.mark.timeout(600)
async def test_no_body_on_any_route_of_the_schema_is_answered_with_a_500(
    database: Database, tmp_path: Path
) -> None:
    FOUND.clear()
    _values()
    chance, whole, thrower = random.Random(5), described(), Thrower()
    async with running(database, tmp_path) as desk:
        desk.web.desk.pace.burst = desk.web.desk.pace.per_s = 1e9
        async with database.transaction() as session:
            world = await World().build(session)
        for path, methods in whole["paths"].items():
            for method, operation in methods.items():
                if method not in METHODS:
                    continue
                name = f"{method.upper()} {path}"
                actor = actor_of(name)
                who = None if actor == "anonymous" else await desk.signed_in(world.people[actor])
                http = who.http if who else desk.browser()
                thing = "right" if "sign_ins" in name else "demo" if "demo" in name else "own"
                async with database.transaction() as session:
                    one = await prepare(session, world, name, thing, who)
                noun = NOUNS.get(path.split("/")[2], "")
                real = path.replace("{id}", str(one.ids.get(noun, uuid4())))
                real = real.replace("{mode}", "note").replace("{kind}", "email")
                real = real.replace("{key}", "own_law")
                real = real.replace("{macro}", str(one.ids["macro"])).replace("{token}", "x")
                real = real.replace("{link}", str(one.ids["link"]))
                if method not in ("get", "delete"):
                    valid = body_of(name, one)
                    if isinstance(valid, bytes):  # an upload: no JSON is right
                        valid = {}
                    costly = "password" in name or "sign_ins" in name  # argon2, a tenth of a second
                    most = 3 if costly else PER_ROUTE
                    for body in bodies(fields_of(whole, operation), valid, chance, most):
                        await thrower.throw(http, method.upper(), real, body)
                    good = json.dumps(valid).encode()
                    for tag in some(TAGS, chance, 1 if costly else 2):
                        headers = {"If-Match": tag.encode("utf-8"), "Accept-Language": tag.encode()}
                        await thrower.throw(http, method.upper(), real, good, headers=headers)
                for parameter in operation.get("parameters", []):
                    if parameter["in"] == "query":
                        for word in some(QUERIES, chance, 5):
                            asked = {"before": "1", "q": "x"} | {parameter["name"]: word}
                            await thrower.throw(http, method.upper(), real, params=asked)
                for word in some(PLACES, chance, 2):
                    if "{" in path:
                        broken = path.replace("{id}", word).replace("{mode}", word)
                        broken = broken.replace("{kind}", word).replace("{macro}", word)
                        broken = broken.replace("{key}", word)
                        broken = broken.replace("{link}", word).replace("{token}", word)
                        await thrower.throw(http, method.upper(), broken)
    assert not thrower.wrong, f"{len(thrower.wrong)} of {thrower.thrown}\n" + "\n".join(
        thrower.wrong[:40]
    )
    assert thrower.thrown > 900


CHAT = {
    "POST sessions": {"key": "pk_fuzz", "language": "cs", "user": {}, "token": "", "page": "x"},
    "POST messages": {"cid": "", "text": "a", "files": [], "page": "x"},
    "POST typing": {"on": True},
    "POST receipts": {"position": 1, "state": "read"},
    "POST email": {"email": "a@b.example", "address": "a@b.example"},
    "POST code": {"code": "123456"},
    "POST ticket": {},
    "POST end": {},
}


@pytest.mark.timeout(300)
async def test_no_body_on_a_route_of_the_widget_is_answered_with_a_500(
    database: Database, tmp_path: Path
) -> None:
    FOUND.clear()
    _values()
    chance, thrower = random.Random(6), Thrower()
    async with running(database, tmp_path) as desk:
        async with database.transaction() as session:
            world = await World().build(session)
            where = world.places["own"].department.id
            await account(
                session, where, kind="chat", address="pk_fuzz", settings={"origins": [desk.url]}
            )
        http = desk.browser()
        begun = await http.post("/v1/chat/sessions", json={"key": "pk_fuzz", "language": "cs"})
        bearer = {"Authorization": f"Bearer {begun.json()['token']}"}
        for name, valid in CHAT.items():
            method, path = name.split(" ")
            right = valid | ({"cid": str(uuid4())} if "cid" in valid else {})
            for body in bodies(sorted(right), right, chance):
                async with database.transaction() as session:
                    await session.execute("DELETE FROM throttle")
                await thrower.throw(http, method, f"/v1/chat/{path}", body, headers=bearer)
        for word in ("²", "Bearer \xff", "Bearer " + "x" * 9000, "Basic eDp5"):
            strange = {"Authorization": word.encode("utf-8")}
            await thrower.throw(http, "POST", "/v1/chat/messages", b"{}", headers=strange)
    assert not thrower.wrong, f"{len(thrower.wrong)} of {thrower.thrown}\n" + "\n".join(
        thrower.wrong[:40]
    )
