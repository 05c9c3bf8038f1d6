"""T1: every operation by everybody by own, other, sealed; an operation without rows fails."""

import csv
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path
from typing import Any
from uuid import UUID, uuid4

import httpx
import pytest
from psycopg.types.json import Jsonb
from tests.make.account import account
from tests.make.agent import agent
from tests.make.case import case
from tests.make.customer import customer
from tests.make.department import Department, department
from tests.make.desk import Running, running
from tests.make.moment import AT, new_id
from tests.make.person import person

from polyphony.api import application
from polyphony.app import clock
from polyphony.store.database import Database, Session

TOMORROW = (clock.now() + timedelta(days=1)).isoformat()
ROWS = list(
    csv.DictReader((Path(__file__).parent / "matrix.csv").read_text(encoding="utf-8").splitlines())
)
ACTORS = ("anonymous", "customer", "agent_1", "agent_2", "supervisor", "admin", "auditor")
METHODS = {"get", "post", "put", "patch", "delete"}


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
    assert all(things in ({"-"}, {"own", "other", "sealed"}) for things in found.values())


@dataclass
class Place:
    """One department with things of every kind in it."""

    department: Department
    agent: UUID
    account: UUID
    queue: UUID


class World:
    """Departments 1 (open), 2 (open), 3 (sealed), and one person of each sort."""

    async def build(self, session: Session) -> "World":
        self.places: dict[str, Place] = {}
        for thing, seal in (("own", "open"), ("other", "open"), ("sealed", "sealed")):
            made = await department(session, thing, visibility=seal)
            somebody = await agent(session, made.id, name=thing, queues=[made.triage])
            self.places[thing] = Place(made, somebody, await account(session, made.id), made.triage)
        first = self.places["own"].department.id
        self.people = {
            "agent_1": self.places["own"].agent,
            "agent_2": self.places["other"].agent,
            "supervisor": await person(session, "S", roles=["supervisor"], departments=[first]),
            "admin": await person(session, "M", roles=["admin"]),
            "auditor": await person(session, "A", roles=["auditor"]),
        }
        self.victim = await person(session, "V", departments=[first])
        self.skill, self.calendar = new_id(), self.places["own"].department.calendar
        await session.execute(
            "INSERT INTO skill (id, key, kind) VALUES (%s, 'lang.cs', 'language')", [self.skill]
        )
        return self

    async def things(self, session: Session, thing: str) -> dict[str, UUID]:
        """A fresh Case with everything that can be named by an id."""
        place = self.places["own" if thing == "-" else thing]
        somebody = await customer(session)
        made = await case(session, place.department, place.account, somebody, queue=place.queue)
        second = await case(session, place.department, place.account, somebody)
        ids = {name: new_id() for name in ("delivery", "offer", "file", "arrival", "out")}
        await session.execute(
            "INSERT INTO message (id, interaction_id, position, kind, author_kind, text, at)"
            " VALUES (%s, %s, nextval('message_position_seq'), 'out', 'person', 'x', %s)",
            [ids["out"], made.interaction, AT],
        )
        await session.execute(
            "INSERT INTO delivery (id, message_id, account_id, to_address, state, not_before,"
            " created_at) VALUES (%s, %s, %s, 'a@b.example', 'failed', %s, %s)",
            [ids["delivery"], ids["out"], place.account, AT, AT],
        )
        await session.execute(
            "INSERT INTO offer (id, work_item_id, agent_id, state, made_at, deadline, epoch,"
            " cycle, why) VALUES (%s, %s, %s, 'missed', %s, %s, 0, 0, %s)",
            [ids["offer"], made.work_item, place.agent, AT, AT, Jsonb({})],
        )
        await session.execute("INSERT INTO file (sha256, size) VALUES (%s, 1)", [str(ids["file"])])
        await session.execute(
            "INSERT INTO message_file (id, message_id, ordinal, sha256, name, media_type, size)"
            " VALUES (%s, %s, 0, %s, 'a.txt', 'text/plain', 1)",
            [ids["file"], made.message, str(ids["file"])],
        )
        await session.execute(
            "INSERT INTO arrival (id, account_id, key, body, size, received_at, state)"
            " VALUES (%s, %s, %s, 'x', 1, %s, 'read')",
            [ids["arrival"], place.account, str(ids["arrival"]), AT],
        )
        await session.execute(
            "UPDATE message SET arrival_id = %s WHERE id = %s", [ids["arrival"], made.message]
        )
        return ids | {
            "case": made.id, "second": second.id, "interaction": made.interaction,
            "message": made.message, "work_item": made.work_item or made.id,
            "customer": somebody.id, "agent": place.agent, "queue": place.queue,
            "account": place.account, "department": place.department.id,
            "calendar": self.calendar, "skill": self.skill, "person": self.victim,
        }  # fmt: skip


STATE_SAYS_NO = {
    *("GET /v1/demo", "PUT /v1/demo", "DELETE /v1/demo", "POST /v1/demo/acts"),
    *("POST /v1/sign_ins", "POST /v1/sign_ins/link"),
    *("PUT /v1/people/me/totp", "DELETE /v1/people/me/totp", "PUT /v1/rules"),
    *("POST /v1/arrivals/{id}/read_again", "GET /v1/channel_accounts/{id}/snippet"),
    *("POST /v1/channel_accounts/{id}/check", "POST /v1/channel_accounts/{id}/test"),
    *("POST /v1/cases/{id}/split", "POST /v1/cases/{id}/unmerge"),
    *("POST /v1/deliveries/{id}/cancel", "POST /v1/deliveries/{id}/give_up"),
    *("POST /v1/deliveries/{id}/release",),
    *("POST /v1/offers/{id}/accept", "POST /v1/offers/{id}/decline"),
    *("POST /v1/work_items/{id}/finish",),
    *("POST /v1/work_items/{id}/return", "POST /v1/work_items/{id}/wake"),
}
"""Operations nobody brings to an end in the world of this test: nothing to cancel, no demo …"""

NOUNS = {
    "cases": "case", "interactions": "interaction", "messages": "message", "files": "file",
    "arrivals": "arrival", "deliveries": "delivery", "work_items": "work_item",
    "offers": "offer", "customers": "customer", "queues": "queue", "agents": "agent",
    "channel_accounts": "account", "departments": "department", "calendars": "calendar",
    "skills": "skill", "people": "person",
}  # fmt: skip


def body_of(operation: str, ids: dict[str, UUID]) -> Any:
    text = {name: str(id_) for name, id_ in ids.items()}
    return {
        "PATCH /v1/cases/{id}": {"title": "t"},
        "POST /v1/cases/{id}/moves": {"move": "solve"},
        "POST /v1/cases/{id}/merge": {"into": text["second"]},
        "POST /v1/cases/{id}/split": {"interaction_ids": [text["interaction"]]},
        "POST /v1/cases/{id}/notes": {"text": "n"},
        "PUT /v1/cases/{id}/drafts/{mode}": {"text": "d"},
        "PUT /v1/cases/{id}/read": {"position": 1},
        "POST /v1/interactions/{id}/messages": {"text": "a", "expected_last_item": 2**40},
        "POST /v1/work_items/{id}/transfer": {"queue_id": text["queue"]},
        "POST /v1/work_items/{id}/park": {"until": TOMORROW, "for": "date"},
        "POST /v1/work_items/{id}/assign": {"agent_id": text["agent"]},
        "PUT /v1/presence": {"status": "busy"},
        "PUT /v1/agents/{id}/presence": {"status": "busy"},
        "PUT /v1/presence/channels/{kind}": {"on": True},
        "POST /v1/people": {"name": "N", "email": f"{uuid4()}@desk.example"},
        "POST /v1/departments": {"name": str(uuid4())},
        "POST /v1/queues": {"name": str(uuid4()), "department_id": text["department"]},
        "PUT /v1/queues/{id}/members": [{"agent_id": text["agent"]}],
        "POST /v1/skills": {"key": f"k{uuid4().hex}", "kind": "topic"},
        "POST /v1/calendars": {"name": "c"},
        "POST /v1/channel_accounts": {
            "kind": "email", "name": "n", "address": f"{uuid4()}@x.example",
            "department_id": text["department"],
        },
        "PUT /v1/rules": {"rules": []},
        "POST /v1/rules/try": {"facts": {"channel": "email"}},
        "PUT /v1/people/me/password": {"new": "a horse that nobody guesses"},
        "PUT /v1/people/me/totp": {"code": "000000"},
        "POST /v1/sign_ins": {"email": "x@y.example", "password": "wrong"},
        "POST /v1/sign_ins/link": {"token": "nonsense"},
        "PUT /v1/demo": {"paused": True},
        "POST /v1/demo/acts": {"act": "mail"},
    }.get(operation, {})  # fmt: skip


async def ask(http: httpx.AsyncClient, operation: str, ids: dict[str, UUID]) -> httpx.Response:
    method, path = operation.split(" ")
    noun = path.split("/")[2]
    path = path.replace("{id}", str(ids.get(NOUNS.get(noun, ""), uuid4())))
    path = path.replace("{mode}", "note").replace("{kind}", "email")
    query = {"GET /v1/cases/{id}/items": {"before": 9}, "GET /v1/search": {"q": "parcel"}}
    headers = {"Idempotency-Key": str(uuid4()), "If-Match": '"1"'}
    return await http.request(
        method,
        path,
        params=query.get(operation),
        json=None if method in ("GET", "DELETE") else body_of(operation, ids),
        headers=headers,
    )


async def client(desk: Running, world: World, actor: str) -> httpx.AsyncClient:
    if actor == "anonymous":
        return desk.browser()
    if actor == "customer":
        return desk.browser(Authorization="Bearer some-visitor-token")
    return (await desk.signed_in(world.people[actor])).http


def fits(expected: str, status: int) -> bool:
    """``ok``: not refused for want of rights; the state may still say no (409, 412, 422)."""
    if expected == "ok":
        return status in (200, 201, 202, 204, 303, 409, 412, 422)
    return status == int(expected)


@pytest.mark.timeout(600)
async def test_the_matrix_holds_for_every_operation_and_everybody(
    database: Database, tmp_path: Path
) -> None:
    wrong: list[str] = []
    worked: set[str] = set()
    async with running(database, tmp_path) as desk:
        desk.web.desk.pace.burst = desk.web.desk.pace.per_s = 1e9
        async with database.transaction() as session:
            world = await World().build(session)
        shared = {actor: await client(desk, world, actor) for actor in ACTORS}
        for row in ROWS:
            async with database.transaction() as session:
                await session.execute("DELETE FROM throttle")
                ids = await world.things(session, row["thing"])
            for actor in ACTORS:
                own = "sign_ins" in row["operation"] or "password" in row["operation"]
                http = await client(desk, world, actor) if own else shared[actor]
                found = await ask(http, row["operation"], ids)
                if row["operation"] == "DELETE /v1/sign_ins" and found.status_code == 204:
                    shared[actor] = await client(desk, world, actor)
                if row["operation"] == "PUT /v1/people/me/password" and found.status_code == 204:
                    shared[actor] = await client(desk, world, actor)
                if not fits(row[actor], found.status_code):
                    wrong.append(
                        f"{row['operation']} {row['thing']} {actor}: expected {row[actor]},"
                        f" got {found.status_code} {found.text[:200]}"
                    )
                if found.status_code < 400:
                    worked.add(row["operation"])
    assert not wrong, "\n".join(wrong)
    assert operations() - worked == STATE_SAYS_NO
