"""What an agent does all day over HTTP: answer, note, take work, park it, repeat safely."""

import asyncio
from collections.abc import AsyncIterator
from datetime import timedelta
from pathlib import Path
from uuid import UUID, uuid4

import pytest
from psycopg import AsyncCursor
from tests.make.account import account
from tests.make.agent import agent
from tests.make.case import Case, case
from tests.make.customer import customer
from tests.make.department import Department, department
from tests.make.desk import Person, Running, running

from polyphony.app import clock
from polyphony.store.database import Database

TOMORROW = (clock.now() + timedelta(days=1)).isoformat()


class Office:
    """One department, two agents, one case waiting; the process that serves them."""

    desk: Running
    database: Database
    department: Department
    jana: Person
    petr: Person
    case: Case

    async def count(self, query: str) -> int:
        async with self.database.reads() as session:
            found = await session.execute(query)
            return (await found.fetchone())[0]


@pytest.fixture
async def office(database: Database, tmp_path: Path) -> AsyncIterator[Office]:
    made = Office()
    made.database = database
    async with database.transaction() as session:
        made.department = await department(session)
        triage = made.department.triage
        ids: list[UUID] = [
            await agent(session, made.department.id, name=name, queues=[triage])
            for name in ("Jana", "Petr")
        ]
        desk = await account(session, made.department.id)
        made.case = await case(
            session, made.department, desk, await customer(session), queue=triage
        )
    async with running(database, tmp_path) as made.desk:
        made.jana, made.petr = [await made.desk.signed_in(one) for one in ids]
        yield made


def key() -> dict[str, str]:
    return {"Idempotency-Key": str(uuid4())}


async def test_an_answer_is_written_once_however_often_it_is_sent(office: Office) -> None:
    path = f"/v1/interactions/{office.case.interaction}/messages"
    body = {"text": "It is on its way.", "expected_last_item": office.case.position}
    same = key()
    answers = await asyncio.gather(*(office.jana.post(path, body, **same) for _ in range(20)))
    statuses = sorted(answer.status_code for answer in answers)
    assert set(statuses) <= {201, 409}
    for answer in answers:
        if answer.status_code == 409:
            assert answer.json()["code"] == "idempotency.in_flight"
            assert answer.headers["retry-after"] == "1"
    again = await office.jana.post(path, body, **same)
    assert again.status_code == 201
    assert again.headers["idempotency-replayed"] == "true"
    assert again.json()["message"]["cid"] == same["Idempotency-Key"]
    assert await office.count("SELECT count(*) FROM message WHERE kind = 'out'") == 1
    other = await office.jana.post(path, {**body, "text": "Something else"}, **same)
    assert other.status_code == 422
    assert other.json()["type"] == "/docs/problems/idempotency-mismatch"


async def test_the_same_key_of_another_person_is_another_key(office: Office) -> None:
    path = f"/v1/cases/{office.case.id}/notes"
    same = key()
    first = await office.jana.post(path, {"text": "a"}, **same)
    second = await office.petr.post(path, {"text": "a"}, **same)
    assert (first.status_code, second.status_code) == (201, 201)
    assert first.json()["message"]["id"] != second.json()["message"]["id"]


async def test_who_comes_second_sees_what_he_has_missed(office: Office) -> None:
    path = f"/v1/interactions/{office.case.interaction}/messages"
    body = {"text": "Mine", "expected_last_item": office.case.position}
    first = await office.petr.post(path, body, **key())
    assert first.status_code == 201, first.text
    second = await office.jana.post(path, body, **key())
    assert second.status_code == 409
    told = second.json()
    assert told["type"] == "/docs/problems/case-moved-on"
    assert [one["text"] for one in told["newer"]] == ["Mine"]
    anyway = await office.jana.post(path, {**body, "anyway": True}, **key())
    assert anyway.status_code == 201


async def test_twenty_raced_claims_have_one_winner(office: Office) -> None:
    path = f"/v1/work_items/{office.case.work_item}/claim"
    people = [office.jana, office.petr] * 10
    answers = await asyncio.gather(*(one.post(path) for one in people))
    assert sorted(one.status_code for one in answers).count(200) == 1
    refused = [one.json() for one in answers if one.status_code == 409]
    assert {one["type"] for one in refused} == {"/docs/problems/offer-settled"}
    assert await office.count("SELECT sum(manual_units)::int FROM agent_load") == 50


async def test_work_is_taken_parked_woken_and_finished(office: Office) -> None:
    item = f"/v1/work_items/{office.case.work_item}"
    assert (await office.jana.post(f"{item}/claim")).status_code == 200
    stolen = await office.petr.post(f"{item}/finish")
    assert stolen.status_code == 403
    assert stolen.json()["needs"] == ["assign"]
    mine = await office.jana.get("/v1/cases", tab="mine")
    assert [one["id"] for one in mine["items"]] == [str(office.case.id)]
    assert mine["work_items"][0]["state"] == "in_work"
    parked = await office.jana.post(f"{item}/park", {"until": TOMORROW, "for": "date"})
    assert parked.status_code == 200, parked.text
    assert parked.json()["work_item"]["state"] == "parked"
    aside = (await office.jana.get("/v1/cases", tab="snoozed"))["items"]
    assert [(one["id"], one["snooze"]["by"]) for one in aside] == [
        (str(office.case.id), str(office.jana.id)),
    ]
    assert (await office.jana.get("/v1/cases", tab="mine"))["items"] == []
    assert (await office.jana.post(f"{item}/wake")).status_code == 200
    assert (await office.jana.get("/v1/cases", tab="snoozed"))["items"] == []
    assert (await office.jana.post(f"{item}/claim")).status_code == 200
    await office.jana.post(f"{item}/park", {"until": TOMORROW, "for": "customer"})
    taken = await office.jana.post(f"{item}/claim")
    assert taken.status_code == 200, taken.text
    assert (await office.jana.get(f"/v1/cases/{office.case.id}"))["case"]["snooze"] is None
    done = await office.jana.post(f"{item}/finish", {"disposition": "answered"})
    assert done.json()["work_item"]["state"] == "done", done.text
    why = await office.jana.get(f"{item}/why")
    assert why["state"] == "done"


async def test_work_that_waits_says_what_keeps_it_waiting(office: Office) -> None:
    item = f"/v1/work_items/{office.case.work_item}"
    waits = (await office.jana.get(f"{item}/why"))["waiting"]
    assert waits["code"] in {one["code"] for one in waits["blockers"]}
    assert all(one["count"] > 0 for one in waits["blockers"])
    await office.jana.post(f"{item}/claim")
    assert "waiting" not in await office.jana.get(f"{item}/why")


async def test_who_else_was_asked_is_named_only_to_who_leads(office: Office) -> None:
    item = f"/v1/work_items/{office.case.work_item}"
    to = await office.jana.post(f"{item}/transfer", {"agent_id": str(office.petr.id)})
    assert to.status_code == 200, to.text
    seen = [(await who.get(f"{item}/why"))["offers"] for who in (office.jana, office.petr)]
    assert [one[0]["agent_id"] for one in seen] == [None, str(office.petr.id)]
    async with office.database.transaction() as session:
        await session.execute(
            "INSERT INTO person_role (person_id, role) VALUES (%s, 'supervisor')",
            [office.jana.id],
        )
    lead = await office.desk.signed_in(office.jana.id)
    told = await lead.get(f"{item}/why")
    assert told["offers"][0]["agent_id"] == str(office.petr.id)
    assert told["trace"][0]["code"].startswith("work_item.")


async def test_the_whole_case_shows_messages_rights_and_where_an_answer_goes(
    office: Office,
) -> None:
    whole = await office.jana.get(f"/v1/cases/{office.case.id}")
    assert [one["text"] for one in whole["messages"]] == ["Where is my parcel?"]
    assert whole["may"]["reply"]
    assert not whole["may"]["assign"]
    assert whole["reply_to"]["allowed"]
    assert whole["older_cursor"] is None


async def test_old_messages_come_page_by_page_without_a_hole(office: Office) -> None:
    async with office.database.transaction() as session:
        await session.execute(
            "INSERT INTO message (id, interaction_id, position, kind, author_kind, text, at)"
            " SELECT gen_random_uuid(), %s, nextval('message_position_seq'), 'in', 'customer',"
            " n::text, now() FROM generate_series(1, 130) n",
            [office.case.interaction],
        )
    whole = await office.jana.get(f"/v1/cases/{office.case.id}")
    found = whole["messages"]
    older = whole["older_cursor"]
    while older is not None:
        page = await office.jana.get(f"/v1/cases/{office.case.id}/items", before=older)
        found = page["messages"] + found
        older = page["older_cursor"]
    positions = [one["position"] for one in found]
    assert len(positions) == 131
    assert positions == sorted(set(positions))


async def test_a_list_goes_on_where_its_cursor_points_and_refuses_a_forged_one(
    office: Office,
) -> None:
    async with office.database.transaction() as session:
        desk = await account(session, office.department.id)
        for _ in range(7):
            await case(session, office.department, desk, await customer(session))
    for sort in ("due", "newest", "oldest"):
        seen: list[str] = []
        cursor = ""
        while True:
            page = await office.jana.get("/v1/cases", tab="all", limit=3, sort=sort, cursor=cursor)
            seen += [one["id"] for one in page["items"]]
            if page["next_cursor"] is None:
                break
            cursor = page["next_cursor"]
        assert len(seen) == len(set(seen)) == 8
    forged = await office.jana.http.get("/v1/cases", params={"cursor": cursor[:-4] + "AAAA"})
    assert forged.status_code == 410


async def test_a_draft_is_kept_and_the_newer_one_wins(office: Office) -> None:
    path = f"/v1/cases/{office.case.id}/drafts/reply"
    first = await office.jana.http.put(path, json={"text": "Dear", "version": 0})
    assert first.json()["version"] == 1
    second = await office.jana.http.put(path, json={"text": "Dear Petr", "version": 1})
    assert second.json()["version"] == 2
    late = await office.jana.http.put(path, json={"text": "old device", "version": 0})
    assert late.status_code == 409
    assert late.json()["current"]["text"] == "Dear Petr"
    seen = await office.petr.get(f"/v1/cases/{office.case.id}")
    assert [(one["person"], one["text"]) for one in seen["drafts"]] == [("Jana", "Dear Petr")]


async def test_an_uploaded_file_travels_with_the_answer_and_opens_by_a_signed_link(
    office: Office,
) -> None:
    up = await office.jana.http.post(
        "/v1/files", files={"file": ("../../zpráva\u202egpj.exe", b"data", "image/svg+xml")}
    )
    assert up.status_code == 201, up.text
    assert "/" not in up.json()["name"]
    assert "\u202e" not in up.json()["name"]
    sent = await office.jana.post(
        f"/v1/interactions/{office.case.interaction}/messages",
        {"text": "see", "expected_last_item": office.case.position, "files": [up.json()["id"]]},
        **key(),
    )
    url = sent.json()["message"]["files"][0]["url"]
    led = await office.petr.http.get(url)
    assert led.status_code == 303
    anybody = office.desk.browser()
    opened = await anybody.get(led.headers["location"])
    assert opened.content == b"data"
    assert opened.headers["content-disposition"].startswith("attachment")
    assert opened.headers["content-type"] == "application/octet-stream"
    assert "sandbox" in opened.headers["content-security-policy"]
    forged = await anybody.get(led.headers["location"][:-3] + "abc")
    assert forged.status_code == 404


async def test_a_case_changed_meanwhile_is_not_overwritten(office: Office) -> None:
    path = f"/v1/cases/{office.case.id}"
    tag = (await office.jana.http.get(path)).headers["etag"]
    first = await office.jana.http.patch(path, json={"priority": "high"}, headers={"If-Match": tag})
    assert first.status_code == 200
    second = await office.jana.http.patch(path, json={"priority": "low"}, headers={"If-Match": tag})
    assert second.status_code == 412


async def test_reading_screens_costs_a_constant_number_of_statements(office: Office) -> None:
    """As many statements for twenty cases as for one."""
    counted = [0]
    original = AsyncCursor.execute

    async def execute(self, *args, **kwargs):
        counted[0] += 1
        return await original(self, *args, **kwargs)

    async def statements(path: str, **params: object) -> int:
        counted[0] = 0
        AsyncCursor.execute = execute  # type: ignore[method-assign]
        try:
            await office.jana.get(path, **params)
        finally:
            AsyncCursor.execute = original  # type: ignore[method-assign]
        return counted[0]

    await office.jana.get("/v1/cases", tab="all")
    few = await statements("/v1/cases", tab="all")
    async with office.database.transaction() as session:
        desk = await account(session, office.department.id)
        for _ in range(20):
            await case(session, office.department, desk, await customer(session))
    many = await statements("/v1/cases", tab="all")
    assert many <= few + 12  # the watching of this process runs beside the request
    assert many < 25


async def test_an_impatient_database_answers_503_quickly(office: Office) -> None:
    await office.desk.web.database.close()
    began = asyncio.get_running_loop().time()
    answer = await office.jana.http.get("/v1/cases")
    assert asyncio.get_running_loop().time() - began < 3
    assert answer.status_code == 503
    assert answer.headers["retry-after"] == "1"
    assert answer.headers["content-type"] == "application/problem+json"
