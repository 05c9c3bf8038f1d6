"""Roles over HTTP: own ones count at once, nobody gives what he has not; sign-ins are ended."""

from collections.abc import AsyncIterator
from dataclasses import dataclass
from pathlib import Path
from uuid import UUID

import pytest
from tests.make.department import department
from tests.make.desk import Person, Running, running
from tests.make.person import person

from polyphony.store.database import Database


@dataclass
class House:
    desk: Running
    root: Person
    place: UUID

    async def enter(self, name: str, *roles: str) -> Person:
        async with self.desk.database.transaction() as session:
            made = await person(session, name, roles=roles, departments=[self.place])
        return await self.desk.signed_in(made)

    async def role(self, name: str, *rights: str) -> dict:
        made = await self.root.post("/v1/roles", {"name": name, "rights": list(rights)})
        assert made.status_code == 201, made.text
        return made.json()


@pytest.fixture
async def house(database: Database, tmp_path: Path) -> AsyncIterator[House]:
    async with database.transaction() as session:
        admin = await person(session, "Root", roles=["admin"])
        place = await department(session)
    async with running(database, tmp_path) as desk:
        yield House(desk, await desk.signed_in(admin), place.id)


async def test_a_role_is_made_counts_at_once_and_is_taken_away(house: House) -> None:
    made = await house.role("Front desk", "take")
    assert (made["key"], made["rights"]) == ("front_desk", ["take", "write"])
    eva = await house.enter("Eva")
    path = f"/v1/people/{eva.id}"
    assert (await eva.get("/v1/bootstrap"))["me"]["rights"] == []
    body = {"roles": ["front_desk"]}
    given = (await house.root.http.patch(path, json=body)).json()
    assert (given["roles"], given["agent"]) == (["front_desk"], True)
    assert (await eva.get("/v1/bootstrap"))["me"]["rights"] == ["take", "write"]
    assert (await eva.http.put("/v1/presence", json={"status": "online"})).status_code == 200
    role = f"/v1/roles/{made['id']}"
    assert (await house.root.http.delete(role)).status_code == 409  # she has it
    changed = await house.root.http.patch(role, json={"rights": ["rules"]})
    assert changed.json()["rights"] == ["rules"]
    assert (await eva.http.put("/v1/presence", json={"status": "online"})).status_code == 403
    assert (await eva.http.get("/v1/rules")).status_code == 200
    assert (await eva.http.get("/v1/people")).status_code == 403
    listed = await house.root.get("/v1/roles")
    counts = {one["key"]: one["people"] for one in listed["items"]}
    assert counts == {"agent": 0, "supervisor": 0, "admin": 1, "auditor": 0, "front_desk": 1}
    await house.root.http.patch(path, json={"roles": ["agent"]})
    assert (await house.root.http.delete(role)).status_code == 204


async def test_built_in_roles_stay_and_wrong_ones_are_refused(house: House) -> None:
    listed = await house.root.get("/v1/roles")
    admin = next(one for one in listed["items"] if one["key"] == "admin")
    for answer in (
        await house.root.http.patch(f"/v1/roles/{admin['id']}", json={"rights": []}),
        await house.root.http.delete(f"/v1/roles/{admin['id']}"),
        await house.root.post("/v1/roles", {"key": "agent", "name": "A", "rights": []}),
    ):
        assert answer.status_code == 409, answer.text
    for body in (
        {"name": "Приём", "rights": ["write"]},
        {"name": "Fly", "rights": ["fly"]},
        {"name": "x", "email": "x@y.example"},
    ):
        assert (await house.root.post("/v1/roles", body)).status_code == 422


async def test_nobody_gives_or_takes_over_what_he_has_not(house: House) -> None:
    await house.role("Host", "people", "write")
    host = await house.enter("Host", "host")
    new = {"name": "N", "email": "n@desk.example", "roles": ["agent"]}
    refused = await host.post("/v1/people", new)
    assert refused.status_code == 403
    assert refused.json()["needs"] == ["merge", "take"]
    elsewhere = {**new, "roles": ["host"], "departments": [str(house.place)]}
    assert (await host.post("/v1/people", elsewhere)).status_code == 201
    async with house.desk.database.transaction() as session:
        vault = await department(session, visibility="sealed")
    own = f"/v1/people/{host.id}"
    joined = await host.http.patch(own, json={"departments": [str(house.place), str(vault.id)]})
    assert joined.status_code == 403
    assert (await host.http.patch(own, json={"roles": ["admin"]})).status_code == 403
    root = f"/v1/people/{house.root.id}"
    assert (await host.post(f"{root}/invite")).status_code == 403  # his link would be his rights
    assert (await host.http.patch(root, json={"email": "mine@desk.example"})).status_code == 403
    assert (await host.post(f"{root}/disable")).status_code == 403
    assert (await host.http.delete(f"{root}/sign_ins")).status_code == 403
    assert (await host.post("/v1/roles", {"name": "My", "rights": []})).status_code == 403


async def test_somebody_must_stay_who_can_give_everything(house: House) -> None:
    made = await house.role("Boss", "roles")
    boss = await house.enter("Boss", "boss")
    mine = f"/v1/people/{house.root.id}"
    assert (await house.root.http.patch(mine, json={"roles": ["boss"]})).status_code == 200
    answer = await boss.http.patch(f"/v1/roles/{made['id']}", json={"rights": ["people"]})
    assert answer.status_code == 409
    assert (await boss.get("/v1/roles"))["items"]


async def test_sign_ins_are_listed_and_ended_one_or_all(house: House) -> None:
    eva = await house.enter("Eva", "agent")
    again = await house.desk.signed_in(eva.id)
    path = f"/v1/people/{eva.id}/sign_ins"
    listed = (await house.root.get(path))["items"]
    assert {one["id"] for one in listed} == {str(eva.session_id), str(again.session_id)}
    assert {(one["device"], one["address"]) for one in listed} == {("test", "127.0.0.1")}
    assert all("token" not in one and "csrf" not in one for one in listed)
    one = {"sign_in_id": str(eva.session_id)}
    assert (await house.root.http.delete(path, params=one)).status_code == 204
    assert (await eva.http.get("/v1/bootstrap")).status_code == 401
    assert (await again.http.get("/v1/bootstrap")).status_code == 200
    foreign = {"sign_in_id": str(house.root.session_id)}
    assert (await house.root.http.delete(path, params=foreign)).status_code == 404
    assert (await house.root.http.delete(path)).status_code == 204
    assert (await again.http.get("/v1/bootstrap")).status_code == 401
    seen = {one["name"]: one["last_seen"] for one in (await house.root.get("/v1/people"))["items"]}
    assert seen["Eva"] is not None
