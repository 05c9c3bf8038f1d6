"""System health over HTTP: figures with their state, what gave up, tried again once."""

from collections.abc import AsyncIterator
from dataclasses import dataclass
from pathlib import Path
from uuid import UUID, uuid4

import pytest
from tests.make.account import account
from tests.make.case import case
from tests.make.customer import customer
from tests.make.department import department
from tests.make.desk import Person, Running, running
from tests.make.moment import new_id
from tests.make.person import person

from polyphony.flows import seal
from polyphony.store.database import Database


@dataclass
class House:
    desk: Running
    root: Person
    account: UUID


@pytest.fixture
async def house(database: Database, tmp_path: Path) -> AsyncIterator[House]:
    async with database.transaction() as session:
        admin = await person(session, "Root", roles=["admin"])
        end = await account(session, (await department(session)).id)
    async with running(database, tmp_path) as desk:
        yield House(desk, await desk.signed_in(admin), end)


async def test_health_tells_figures_and_what_gave_up_and_tries_it_again(house: House) -> None:
    gone = new_id()
    async with house.desk.database.transaction() as session:
        await session.execute(
            "INSERT INTO arrival (id, account_id, key, body, size, received_at, state, error)"
            " VALUES (%s, %s, 'k', 'x', 1, now(), 'quarantined', 'too_deep')",
            [gone, house.account],
        )
    told = await house.root.get("/v1/health")
    figures = {one["name"]: one for one in told["items"]}
    assert figures["arrivals_quarantined"] == {
        "name": "arrivals_quarantined", "unit": "n", "value": 1, "state": "warn",
    }  # fmt: skip
    assert figures["disk_free"]["value"] > 0
    assert figures["database_size"]["value"] > 1_000_000
    assert {"stream_lag", "database_answer", "connections", "outbox_lag"} <= figures.keys()
    assert [(one["kind"], one["id"], one["why"]) for one in told["dead"]] == [
        ("arrival", str(gone), "too_deep")
    ]
    again = {"kind": "arrival", "id": str(gone)}
    keyless = await house.root.post("/v1/health/retry", again)
    assert keyless.status_code == 422
    key = {"Idempotency-Key": str(uuid4())}
    assert (await house.root.post("/v1/health/retry", again, **key)).status_code == 202
    assert (await house.root.get("/v1/health"))["dead"] == []
    twice = {"Idempotency-Key": str(uuid4())}
    assert (await house.root.post("/v1/health/retry", again, **twice)).status_code == 404


async def test_the_audit_log_is_found_by_act_and_by_moment(house: House) -> None:
    async with house.desk.database.transaction() as session:
        eye = await person(session, "Eye", roles=["auditor"])
    auditor = await house.desk.signed_in(eye)
    made = await house.root.post("/v1/skills", {"key": "solar", "kind": "topic"})
    assert made.status_code == 201
    assert (await auditor.http.get("/v1/health")).status_code == 403
    lines = (await auditor.get("/v1/audit", act="skills."))["items"]
    assert [one["act"] for one in lines] == ["skills.add"]
    denied = (await auditor.get("/v1/audit", act="denied:"))["items"]
    assert [one["act"] for one in denied] == ["denied:health.read"]
    later = (await auditor.get("/v1/audit", until="2020-01-01T00:00:00Z"))["items"]
    assert later == []


async def test_who_saw_a_customer_or_his_matters_is_told_and_how_the_chain_stands(
    house: House,
) -> None:
    database = house.desk.database
    async with database.transaction() as session:
        auditor = await person(session, "Eye", roles=["auditor"])
        place = await department(session, "Care")
        who, other = await customer(session), await customer(session)
        box = await account(session, place.id, address="b@here.example")
        matter = await case(session, place, box, who)
    for path in (f"customers/{who.id}", f"cases/{matter.id}", f"customers/{other.id}"):
        await house.root.get(f"/v1/{path}")
    eye = await house.desk.signed_in(auditor)
    lines = (await eye.get("/v1/audit", customer=str(who.id)))["items"]
    assert {one["act"] for one in lines} == {"customers.read", "cases.read"}
    async with database.transaction() as session:
        assert not await seal.turn(session)
    told = (await eye.get("/v1/audit/chain"))["chain"]
    assert told["blocks"] == 1
    assert len(told["head"]) == 64
    assert (await house.root.get("/v1/health"))["audit"]["blocks"] == 1
