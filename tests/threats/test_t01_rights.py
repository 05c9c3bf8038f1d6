"""T1: every operation by everybody by own, other, sealed; allowed is done, refused does nothing."""

import base64
import csv
from pathlib import Path
from uuid import uuid4

import httpx
import pytest
from tests.databases import Server
from tests.make.desk import Person, Running, running
from tests.make.dns import dns_server
from tests.threats.bodies import NOUNS, Try, body_of
from tests.threats.states import STATES
from tests.threats.world import SECRET, World, changed, prepare, watch

from polyphony.api import application
from polyphony.app import clock
from polyphony.channels.loopback.client import LoopbackChannel
from polyphony.domain import password
from polyphony.domain.channel import ChannelKind
from polyphony.flows import show
from polyphony.integrations.names import Names
from polyphony.store.database import Database

ROWS = list(
    csv.DictReader((Path(__file__).parent / "matrix.csv").read_text(encoding="utf-8").splitlines())
)
ACTORS = ("anonymous", "customer", "agent_1", "agent_2", "supervisor", "admin", "auditor")
METHODS = {"get", "post", "put", "patch", "delete"}
NOTHING_TO_SEE = {
    "POST /v1/config/diff",
    "POST /v1/channel_accounts/{id}/domain",
    *("POST /v1/rules/bench", "POST /v1/rules/check", "POST /v1/rules/dry_run"),
    *(
        "POST /v1/language",
        "POST /v1/me/push/key",
        "POST /v1/rules/try",
        "POST /v1/queues/check_ladder",
    ),
    "POST /v1/sla_policies/try",
    "POST /v1/levers/preview",
    *("POST /v1/event_rules/check", "POST /v1/event_rules/dry_run"),
    "DELETE /v1/cases/{id}/drafts/{mode}",
    "POST /v1/cases/export",
    "POST /v1/tv/{token}",
    *("DELETE /v1/sign_ins", "DELETE /v1/sign_ins/current"),
}
"""Allowed, and no row but those of sign-ins need change by it."""

STRONG = {row["operation"] for row in ROWS if row["thing"] == "strong"}


def operations() -> set[str]:
    class NoDesk:
        pass

    described = application.build(NoDesk(), "0").openapi()["paths"]
    return {
        f"{method.upper()} {path}"
        for path, methods in described.items()
        for method in methods
        if method in METHODS
    }


def test_every_operation_is_in_the_matrix() -> None:
    assert {row["operation"] for row in ROWS} == operations()


def test_every_operation_on_a_case_names_own_other_and_sealed() -> None:
    found: dict[str, set[str]] = {}
    for row in ROWS:
        found.setdefault(row["operation"], set()).add(row["thing"])
    known = [{"-"}, {"own", "other", "sealed"}]
    known += [{"-", "demo"}, {"-", "right"}, {"-", "strong"}]
    assert all(things in known for things in found.values())


def test_every_operation_is_allowed_to_somebody() -> None:
    allowed = {row["operation"] for row in ROWS if "ok" in row.values()}
    assert allowed == operations()


async def ask(http: httpx.AsyncClient, operation: str, one: Try) -> httpx.Response:
    method, path = operation.split(" ")
    noun = path.split("/")[2]
    path = path.replace("{id}", str(one.ids.get(NOUNS.get(noun, ""), uuid4())))
    path = path.replace("{mode}", "note").replace("{kind}", "email").replace("{key}", "own_law")
    path = path.replace("{macro}", str(one.ids["macro"])).replace("{link}", str(one.ids["link"]))
    path = path.replace("{token}", one.words.get("tv", "nobody_knows_it"))
    query = {
        "GET /v1/cases/{id}/items": {"before": 9},
        "GET /v1/search": {"q": "parcel"},
        "GET /v1/search/suggestions": {"q": "parcel"},
        "GET /v1/holidays": {"country": "CZ", "year": 2026},
        "DELETE /v1/cases/{id}/links": {"other_id": str(one.ids["second"])},
    }
    headers = {"Idempotency-Key": str(uuid4()), "If-Match": "*"}
    body = None if method in ("GET", "DELETE") else body_of(operation, one)
    sent = {"content": body} if isinstance(body, bytes) else {"json": body}
    return await http.request(method, path, params=query.get(operation), headers=headers, **sent)


def _personal(row: dict[str, str]) -> bool:
    """Whether the things are made for the one who tries: his Offer, his sign-in, his own page."""
    operation, thing = row["operation"], row["thing"]
    signs = "sign_ins" in operation or "password" in operation or "/me" in operation
    state = STATES.get(operation)
    mine = any("%(me)s" in one for one in state.before) if state else False
    return signs or mine or operation in STRONG or thing == "right"


class Tour:
    """Everybody tries everything, one after the other; what was not as expected is kept."""

    def __init__(self, desk: Running, world: World) -> None:
        self.desk, self.world = desk, world
        self.wrong: list[str] = []
        self.people: dict[str, Person] = {}
        visitor = desk.browser(Authorization="Bearer some-visitor-token")
        self.outside = {"anonymous": desk.browser(), "customer": visitor}

    async def somebody(self, actor: str, *, fresh: bool) -> tuple[httpx.AsyncClient, Person | None]:
        if actor in self.outside:
            if fresh:
                self.outside[actor].cookies.clear()
            return self.outside[actor], None
        if fresh or actor not in self.people:
            self.people[actor] = await self.desk.signed_in(self.world.people[actor])
        return self.people[actor].http, self.people[actor]

    async def row(self, row: dict[str, str]) -> None:
        """Let all try one row; who only reads, and who is refused anyway, share the things."""
        if row["operation"].startswith("GET "):
            await self._read(row, list(ACTORS))
            return
        shared = ACTORS[:2] if _personal(row) else ACTORS
        refused = [one for one in shared if row[one] != "ok"]
        if refused:
            await self._write(row, refused)
        for actor in ACTORS:
            if actor not in refused:
                await self._write(row, [actor])

    async def _read(self, row: dict[str, str], actors: list[str]) -> None:
        async with self.desk.database.transaction() as session:
            one = await prepare(session, self.world, row["operation"], row["thing"], None)
        for actor in actors:
            http, _ = await self.somebody(actor, fresh=False)
            self._judge(row, actor, await ask(http, row["operation"], one))

    async def _write(self, row: dict[str, str], actors: list[str]) -> None:
        operation, thing = row["operation"], row["thing"]
        signs = "sign_ins" in operation or "password" in operation
        for actor in actors:
            http, who = await self.somebody(actor, fresh=signs)
        who = who if len(actors) == 1 else None
        async with self.desk.database.transaction() as session:
            one = await prepare(session, self.world, operation, thing, who)
        if thing == "right":
            one.words["password"] = SECRET
        if operation == "PUT /v1/people/me/totp" and who is not None:
            secret = base64.b32decode((await who.post("/v1/people/me/totp")).json()["secret"])
            one.words["code"] = password.code_at(secret, int(clock.now().timestamp()) // 30)
        if thing == "right" and operation == "POST /v1/tv/{token}":
            await self._hang(one)
        await self._changed()
        for actor in actors:
            http, _ = await self.somebody(actor, fresh=False)
            answer = await ask(http, operation, one)
            self._judge(row, actor, answer)
        if signs:
            self.people.pop(actor, None)
        found = await self._changed()
        if row[actor] != "ok" and found:
            self.wrong.append(f"{operation} {thing} {actor}: refused, but changed {found}")
        if row[actor] == "ok" and not await self._done(operation, one, changed=bool(found)):
            self.wrong.append(f"{operation} {thing} {actor}: allowed, but not done: {answer.text}")

    async def _hang(self, one: Try) -> None:
        """Give the board's link a token and a PIN that are known."""
        one.words["tv"] = token = uuid4().hex
        mac = self.desk.web.desk.outside.keys.mac("board pin", f"{one.ids['link']}:482913")
        async with self.desk.database.transaction() as session:
            await session.execute(
                "UPDATE board_link SET token_hash = %s, pin_mac = %s WHERE id = %s",
                [show.hashed(token), mac, one.ids["link"]],
            )

    def _judge(self, row: dict[str, str], actor: str, answer: httpx.Response) -> None:
        expected, found = row[actor], answer.status_code
        good = found in (200, 201, 202, 204, 303) if expected == "ok" else found == int(expected)
        if not good:
            self.wrong.append(
                f"{row['operation']} {row['thing']} {actor}: expected {expected}, got {found}"
                f" {answer.text[:200]}"
            )

    async def _changed(self) -> list[str]:
        async with self.desk.database.transaction() as session:
            return await changed(session)

    async def _done(self, operation: str, one: Try, *, changed: bool) -> bool:
        if operation not in STATES:
            return changed or operation in NOTHING_TO_SEE
        async with self.desk.database.reads() as session:
            row = await (await session.execute(STATES[operation].done, one.ids)).fetchone()
        return bool(row and row[0])


@pytest.mark.timeout(1200)
async def test_the_matrix_holds_for_every_operation_and_everybody(
    server: Server, database_name: str, database: Database, tmp_path: Path
) -> None:
    async with (
        Database(server.url(database_name, "owner"), size=1, name="watch") as owner,
        owner.transaction() as session,
    ):
        await watch(session)
    doors = {ChannelKind.LOOPBACK: LoopbackChannel()}
    async with (
        dns_server({}) as port,
        running(database, tmp_path, doors, names=Names(["127.0.0.1"], port)) as desk,
    ):
        desk.web.desk.pace.burst = desk.web.desk.pace.per_s = 1e9
        async with database.transaction() as session:
            world = await World().build(session)
        tour = Tour(desk, world)
        for row in ROWS:
            await tour.row(row)
    assert not tour.wrong, "\n".join(tour.wrong)
