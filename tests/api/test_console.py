"""The console over HTTP: agents, what waits, alerts, taking over, reading along; for whom."""

from collections.abc import AsyncIterator
from datetime import timedelta
from pathlib import Path
from uuid import UUID

import pytest
from tests.make.account import account
from tests.make.agent import agent
from tests.make.case import Case, case
from tests.make.customer import customer
from tests.make.department import Department, department
from tests.make.desk import Person, Running, running
from tests.make.moment import AT, new_id
from tests.make.person import person

from polyphony.app import clock
from polyphony.domain.alert import AlertKind, NewAlert
from polyphony.flows import look_out
from polyphony.flows.alarm import alarm
from polyphony.store.database import Database


class House:
    desk: Running
    database: Database
    boss: Person
    jana: Person
    petr: Person
    care: Department
    case: Case
    waits: Case
    other: UUID
    elsewhere: UUID


@pytest.fixture
async def house(database: Database, tmp_path: Path) -> AsyncIterator[House]:
    """Jana has a Case, another waits, Boss leads both; Petr works in another department."""
    made = House()
    made.database = database
    async with database.transaction() as session:
        made.care, far = await department(session, "Care"), await department(session, "Far")
        made.other = far.triage
        jana = await agent(session, made.care.id, name="Jana", queues=[made.care.triage])
        petr = await agent(session, far.id, name="Petr", queues=[far.triage])
        boss = await agent(session, made.care.id, name="Boss", cap_max=40)
        await session.execute("INSERT INTO person_role VALUES (%s, 'supervisor')", [boss])
        box, writer = await account(session, made.care.id), await customer(session, name="Olga")
        made.case = await case(session, made.care, box, writer, agent=jana)
        made.waits = await case(session, made.care, box, writer, queue=made.care.triage)
        hidden = await case(
            session, far, await account(session, far.id), writer, agent=petr, visibility="sealed"
        )
        made.elsewhere = hidden.id
    async with running(database, tmp_path) as made.desk:
        made.boss, made.jana, made.petr = [
            await made.desk.signed_in(one) for one in (boss, jana, petr)
        ]
        yield made


async def test_who_leads_sees_his_agents_with_their_work_and_nobody_else(house: House) -> None:
    told = await house.boss.get("/v1/console")
    assert [one["name"] for one in told["items"]] == ["Boss", "Jana"]
    jana = told["items"][1]
    assert jana["presence"]["status"] == "online"
    assert jana["load"]["held"] == {"email": 1}
    assert [one["case_id"] for one in jana["work"]] == [str(house.case.id)]
    assert jana["queues"] == [str(house.care.triage)]
    assert (await house.jana.http.get("/v1/console")).status_code == 403
    far = await house.boss.http.get("/v1/console", params={"department_id": str(house.other)})
    assert far.status_code == 404


async def test_who_leads_sees_what_waits_in_his_queues_only(house: House) -> None:
    told = await house.boss.get(f"/v1/queues/{house.care.triage}/waiting")
    assert [one["case_id"] for one in told["items"]] == [str(house.waits.id)]
    assert (told["total"], told["items"][0]["customer"]) == (1, "Olga")
    none = await house.boss.get(f"/v1/queues/{house.care.triage}/waiting", channel="chat")
    assert none["items"] == []
    far = await house.boss.http.get(f"/v1/queues/{house.other}/waiting")
    assert far.status_code == 404


async def test_a_case_is_taken_over_with_a_reason_and_who_had_it_is_told(house: House) -> None:
    path = f"/v1/cases/{house.case.id}/take_over"
    draft = {"text": "half a thought"}
    kept = await house.jana.http.put(f"/v1/cases/{house.case.id}/drafts/note", json=draft)
    assert kept.is_success, kept.text
    assert (await house.boss.post(path, {"reason": " "})).status_code == 422
    assert (await house.jana.post(path, {"reason": "mine"})).status_code == 403
    taken = await house.boss.post(path, {"reason": "I know her"})
    assert taken.status_code == 200, taken.text
    (item,) = taken.json()["work_items"]
    assert (item["state"], item["agent_id"]) == ("in_work", str(house.boss.id))
    assert taken.json()["from"] == [str(house.jana.id)]
    notices = (await house.jana.get("/v1/notices"))["items"]
    assert [(one["kind"], one["from_name"], one["text"]) for one in notices] == [
        ("taken_over", "Boss", "I know her")
    ]
    still = await house.jana.get(f"/v1/cases/{house.case.id}")
    assert [one["text"] for one in still["drafts"]] == ["half a thought"]
    line = still["messages"][-1]
    assert (line["facts"]["code"], line["facts"]["text"]) == ("taken_over", "I know her")
    again = await house.boss.post(path, {"reason": "twice"})
    assert (again.status_code, again.json()["code"]) == (409, "take_over.yours")


async def test_reading_along_is_told_by_policy_and_always_audited(house: House) -> None:
    path = f"/v1/cases/{house.case.id}/listen"
    assert (await house.jana.post(path)).status_code == 403
    first = await house.boss.post(path)
    assert first.json() == {"told": [str(house.jana.id)]}
    notices = (await house.jana.get("/v1/notices"))["items"]
    assert [(one["kind"], one["from_name"]) for one in notices] == [("monitored", "Boss")]
    async with house.database.transaction() as session:
        await session.execute(
            "INSERT INTO setting (key, value) VALUES ('routing.listening', '{\"tell\": false}')"
        )
    second = await house.boss.post(path)
    assert second.json() == {"told": []}
    async with house.database.reads() as session:
        found = await session.execute(
            "SELECT facts FROM audit WHERE act = 'cases.listen' AND entity_id = %s ORDER BY at",
            [house.case.id],
        )
        assert [row[0]["told"] for row in await found.fetchall()] == [[str(house.jana.id)], []]


async def test_the_policy_of_listening_is_part_of_the_configuration(house: House) -> None:
    async with house.database.transaction() as session:
        root = await person(session, "Root", roles=["admin"])
    admin = await house.desk.signed_in(root)
    put = await admin.http.put("/v1/routing/listening", json={"tell": False})
    assert put.is_success, put.text
    assert (await admin.get("/v1/routing/listening"))["tell"] is False
    exported = await admin.http.get("/v1/config")
    assert "listening" in exported.text
    back = "version: 1\nrouting:\n  listening: {tell: true}\n"
    applied = await admin.post("/v1/config/apply", {"text": back})
    assert applied.is_success, applied.text
    assert (await admin.get("/v1/routing/listening"))["tell"] is True


async def test_an_alert_is_raised_once_told_settled_and_not_raised_again(house: House) -> None:
    wanted = NewAlert(
        AlertKind.ALL_DECLINED, str(house.waits.work_item), work_item_id=house.waits.work_item
    )
    async with house.database.transaction() as session:
        (id_,) = await alarm(session, [wanted], clock.now())
        assert await alarm(session, [wanted], clock.now()) == []
    told = await house.boss.get("/v1/alerts")
    assert [(one["id"], one["kind"], one["case_id"]) for one in told["items"]] == [
        (str(id_), "all_declined", str(house.waits.id))
    ]
    notices = (await house.boss.get("/v1/notices"))["items"]
    assert [(one["kind"], one["from_name"]) for one in notices] == [("alert", "Triage")]
    assert (await house.petr.http.get("/v1/alerts")).status_code == 403
    settled = await house.boss.post(f"/v1/alerts/{id_}/settle")
    assert settled.json()["settled_by"] == str(house.boss.id)
    again = await house.boss.post(f"/v1/alerts/{id_}/settle")
    assert (again.status_code, again.json()["code"]) == (409, "alert.over")
    async with house.database.transaction() as session:
        assert await alarm(session, [wanted], clock.now()) == []
    assert (await house.boss.get("/v1/alerts"))["items"] == []
    assert len((await house.boss.get("/v1/alerts", over=True))["items"]) == 1


async def test_alerts_are_found_by_looking_and_end_when_it_is_so_no_more(house: House) -> None:
    at = AT + timedelta(minutes=5)
    async with house.database.transaction() as session:
        await session.execute("UPDATE agent_presence SET status = 'offline'")
        await session.execute(
            "UPDATE agent_presence SET status = 'not_responding' WHERE agent_id = %s",
            [house.boss.id],
        )
        await look_out.look(session, at)
    told = (await house.boss.get("/v1/alerts"))["items"]
    assert {(one["kind"], one["queue_id"] or one["agent_id"]) for one in told} == {
        ("none_signed_in", str(house.care.triage)),
        ("not_responding", str(house.boss.id)),
    }
    async with house.database.transaction() as session:
        await session.execute("UPDATE agent_presence SET status = 'online'")
        await look_out.look(session, at)
    assert (await house.boss.get("/v1/alerts"))["items"] == []
    gone = (await house.boss.get("/v1/alerts", over=True))["items"]
    assert all(one["gone_at"] for one in gone)


async def test_flags_of_agents_stand_beside_the_alerts(house: House) -> None:
    asked = await house.jana.post(f"/v1/cases/{house.case.id}/help", {"text": "too hard"})
    assert asked.is_success
    told = await house.boss.get("/v1/alerts")
    assert [(one["id"], one["help"]["text"]) for one in told["flags"]] == [
        (str(house.case.id), "too hard")
    ]


async def test_a_step_of_a_ladder_nobody_has_yet_is_an_alert_until_somebody_has_it(
    house: House,
) -> None:
    clock_id, run = new_id(), new_id()
    async with house.database.transaction() as session:
        await session.execute(
            "INSERT INTO sla_clock (id, case_id, type, state, calendar_id, target_ms)"
            " VALUES (%s, %s, 'resolution', 'breached', %s, 1)",
            [clock_id, house.case.id, house.care.calendar],
        )
        await session.execute(
            "INSERT INTO escalation_run (id, clock_id, step, round, case_id, at, action, outcome,"
            " answerable) VALUES (%s, %s, 0, 0, %s, %s, 'page', '{\"ladder\": \"Late\"}', true)",
            [run, clock_id, house.case.id, AT],
        )
        await look_out.look(session, AT)
    (alert,) = (await house.boss.get("/v1/alerts"))["items"]
    assert (alert["kind"], alert["run_id"], alert["facts"]["ladder"]) == (
        "escalation", str(run), "Late",
    )  # fmt: skip
    done = await house.boss.post(f"/v1/escalation_runs/{run}/acknowledge")
    assert done.is_success, done.text
    assert (await house.boss.get("/v1/alerts"))["items"] == []


async def test_alerts_go_to_who_leads_and_sealed_ones_to_nobody(house: House) -> None:
    async with house.database.transaction() as session:
        open_, sealed = [
            NewAlert(AlertKind.ALL_DECLINED, str(case_id), house.care.id, case_id=case_id)
            for case_id in (house.case.id, house.elsewhere)
        ]
        ids = await alarm(session, [open_, sealed], clock.now())
        found = await session.execute(
            "SELECT aud FROM event WHERE entity = 'alert' AND type = 'alert.raised' ORDER BY id"
        )
        heard = [row[0] for row in await found.fetchall()]
    assert len(ids) == 2
    assert sorted(heard) == [[], [f"sup:{house.care.id}"]]
    listed = (await house.boss.get("/v1/alerts"))["items"]
    assert [one["case_id"] for one in listed] == [str(house.case.id)]
    hidden = next(one for one in ids if str(one) != listed[0]["id"])
    assert (await house.boss.post(f"/v1/alerts/{hidden}/settle")).status_code == 404
