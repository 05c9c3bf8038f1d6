"""Lists over HTTP: filter trees, kept views and who may change them, jobs, tables of Cases."""

import csv
import io
from collections.abc import AsyncIterator
from datetime import timedelta
from pathlib import Path
from uuid import UUID, uuid4

import orjson
import pytest
from tests.make.account import account
from tests.make.agent import agent
from tests.make.case import Case, case
from tests.make.customer import customer
from tests.make.department import Department, department
from tests.make.desk import Person, Running, running
from tests.make.person import person

from polyphony.app import clock
from polyphony.flows import bulk
from polyphony.store.database import Database

HIGH = {"field": "priority", "op": "at_least", "value": "high"}
WAITING = {"all": [HIGH, {"field": "text", "op": "contains", "value": "žádost"}]}


class Office:
    """One department with an agent, his lead and an admin; four Cases of different kinds."""

    desk: Running
    database: Database
    department: Department
    jana: Person
    lead: Person
    admin: Person
    cases: list[Case]


@pytest.fixture
async def office(database: Database, tmp_path: Path) -> AsyncIterator[Office]:
    made = Office()
    made.database = database
    async with database.transaction() as session:
        made.department = await department(session)
        where = made.department
        ids: list[UUID] = [
            await agent(session, where.id, name="Jana", queues=[where.triage]),
            await person(session, "Lea", roles=["supervisor"], departments=[where.id]),
            await person(session, "Max", roles=["admin"]),
        ]
        box, who = await account(session, where.id), await customer(session)
        made.cases = [await case(session, where, box, who, queue=where.triage) for _ in range(4)]
        for one, priority, title in zip(
            made.cases,
            ("low", "high", "critical", "critical"),
            ("a", "=Zadost", "Žádost", "b"),
            strict=True,
        ):
            await session.execute(
                "UPDATE case_ SET priority = %s, title = %s WHERE id = %s",
                [priority, title, one.id],
            )
    async with running(database, tmp_path) as made.desk:
        made.jana, made.lead, made.admin = [await made.desk.signed_in(one) for one in ids]
        yield made


async def found(who: Person, **query: object) -> list[str]:
    answer = await who.http.get("/v1/cases", params=query)
    assert answer.status_code == 200, answer.text
    return [one["id"] for one in answer.json()["items"]]


async def test_a_list_is_narrowed_by_a_tree_counted_and_sorted_by_priority(office: Office) -> None:
    low, high, critical, other = (str(one.id) for one in office.cases)
    tree = orjson.dumps(WAITING).decode()
    assert await found(office.jana, tab="view", filter=tree, sort="priority") == [critical, high]
    everything = await found(office.jana, tab="all", sort="priority")
    assert everything[2:] == [high, low]
    assert set(everything[:2]) == {critical, other}
    query = {"tab": "view", "filter": tree, "counted": "true", "limit": 1, "sort": "priority"}
    page = (await office.jana.http.get("/v1/cases", params=query)).json()
    assert (page["count"], len(page["items"])) == (2, 1)
    behind = {**query, "cursor": page["next_cursor"]}
    rest = (await office.jana.http.get("/v1/cases", params=behind)).json()
    assert [one["id"] for one in rest["items"]] == [high]


async def test_a_list_tells_how_far_its_reader_has_read(office: Office) -> None:
    first = office.cases[0]
    answer = await office.jana.http.put(f"/v1/cases/{first.id}/read", json={"position": 0})
    assert answer.status_code == 204
    page = (await office.jana.http.get("/v1/cases", params={"tab": "all"})).json()
    assert page["reads"] == {str(first.id): 0}
    assert page["unread"] == {str(one.id): 1 for one in office.cases}
    path = f"/v1/cases/{first.id}/read"
    await office.jana.http.put(path, json={"position": first.position})
    page = (await office.jana.http.get("/v1/cases", params={"tab": "all"})).json()
    assert str(first.id) not in page["unread"]
    boot = (await office.lead.http.get("/v1/bootstrap")).json()
    assert boot["reads"] == {}


async def test_what_is_no_tree_is_refused_with_its_place(office: Office) -> None:
    bad = orjson.dumps({"all": [{"field": "state", "op": "is", "value": "?"}]}).decode()
    for text, pointer in (("{", "/"), (bad, "/all/0/value"), ("[]", "/")):
        answer = await office.jana.http.get("/v1/cases", params={"filter": text})
        assert answer.status_code == 422
        assert answer.json()["code"] == "filter.malformed"
        assert answer.json()["pointer"] == pointer


async def test_a_view_is_its_owners_until_somebody_with_the_right_shares_it(office: Office) -> None:
    body = {"name": "Hurry", "filter": HIGH, "colour": "bad", "sort": "priority"}
    made = await office.jana.post("/v1/views", body)
    assert made.status_code == 201, made.text
    path = f"/v1/views/{made.json()['id']}"
    assert made.json()["may_edit"] is True
    assert (await office.lead.http.get(path)).status_code == 404
    team = {"sharing": "team", "department_id": str(office.department.id)}
    refused = await office.jana.http.patch(path, json=team)
    assert refused.status_code == 403
    assert "share" in refused.json()["needs"]
    assert (await office.jana.http.patch(path, json={"sharing": "shared"})).status_code == 403
    shared = await office.lead.post("/v1/views", {**body, **team})
    assert shared.status_code == 201, shared.text
    seen = (await office.jana.http.get("/v1/views", params={"counted": "true"})).json()["items"]
    assert {one["sharing"]: (one["count"], one["may_edit"]) for one in seen} == {
        "personal": (3, True),
        "team": (3, False),
    }
    theirs = f"/v1/views/{shared.json()['id']}"
    assert (await office.jana.http.delete(theirs)).status_code == 403
    stale = await office.lead.http.patch(theirs, json={"name": "n"}, headers={"If-Match": '"9"'})
    assert stale.status_code == 412
    everybody = await office.admin.post("/v1/views", {**body, "sharing": "shared"})
    assert everybody.status_code == 201
    assert len((await office.jana.http.get("/v1/views")).json()["items"]) == 3
    assert await found(office.jana, tab="view", view=shared.json()["id"]) != []
    assert (await office.jana.http.delete(path)).status_code == 204
    boot = (await office.jana.http.get("/v1/bootstrap")).json()
    assert {one["name"] for one in boot["views"]} == {"Hurry"}


async def test_what_is_snoozed_stands_in_its_own_tab_and_not_in_mine(office: Office) -> None:
    item, first = office.cases[0].work_item, str(office.cases[0].id)
    assert (await office.jana.post(f"/v1/work_items/{item}/claim")).status_code == 200
    assert await found(office.jana, tab="snoozed") == []
    assert first in await found(office.jana, tab="mine")
    until = (clock.now() + timedelta(days=1)).isoformat()
    aside = await office.jana.post(f"/v1/cases/{first}/snooze", {"until": until})
    assert aside.status_code == 200, aside.text
    assert await found(office.jana, tab="snoozed") == [first]
    assert first not in await found(office.jana, tab="mine")
    assert await found(office.lead, tab="snoozed") == []
    snoozed = orjson.dumps({"field": "snoozed", "op": "is", "value": True}).decode()
    assert await found(office.jana, tab="view", filter=snoozed) == [first]
    woken = await office.jana.http.delete(f"/v1/cases/{first}/snooze", params={"take": "true"})
    assert woken.status_code == 200, woken.text
    assert await found(office.jana, tab="snoozed") == []
    assert first in await found(office.jana, tab="mine")


async def test_a_job_over_all_that_match_is_begun_done_and_undone(office: Office) -> None:
    chosen = {"list": {"tab": "view", "filter": orjson.dumps(WAITING).decode()}}
    body = {"action": "tags", "args": {"add": ["loan"]}, **chosen}
    begun = await office.jana.post("/v1/bulk", body)
    assert begun.status_code == 202, begun.text
    job = begun.json()
    assert (job["state"], job["total"], job["undo"]) == ("queued", 2, "no")
    await _work(office)
    path = f"/v1/bulk/{job['id']}"
    done = (await office.jana.http.get(path)).json()
    assert (done["state"], done["done"], done["undo"], done["failures"]) == (
        *("done", 2, "offered"),
        [],
    )
    assert (await office.lead.http.get(path)).status_code == 404
    assert (await office.jana.post(f"{path}/cancel")).status_code == 409
    assert (await office.jana.post(f"{path}/undo")).json()["undo"] == "asked"
    await _work(office)
    assert (await office.jana.http.get(path)).json()["undone"] == 2


async def _work(office: Office) -> None:
    while True:
        async with office.database.transaction() as session:
            if not await bulk.turn(session, clock.now(), office.desk.web.desk.outside):
                return


async def test_a_job_needs_rows_its_person_sees_and_one_way_to_name_them(office: Office) -> None:
    body = {"action": "discard"}
    assert (await office.jana.post("/v1/bulk", body)).status_code == 422
    both = {**body, "ids": [str(office.cases[0].id)], "list": {"tab": "all"}}
    assert (await office.jana.post("/v1/bulk", both)).status_code == 422
    nobodys = await office.jana.post("/v1/bulk", {**body, "ids": [str(uuid4())]})
    assert nobodys.status_code == 404


async def test_a_table_holds_what_the_list_shows_and_no_formula(office: Office) -> None:
    answer = await office.jana.post("/v1/cases/export", {"list": {"tab": "all"}})
    assert answer.status_code == 200
    assert answer.headers["content-type"].startswith("text/csv")
    rows = list(csv.DictReader(io.StringIO(answer.text.removeprefix("\ufeff"))))
    assert sorted(one["title"] for one in rows) == ["'=Zadost", "a", "b", "Žádost"]
    assert {one["channels"] for one in rows} == {"email"}
