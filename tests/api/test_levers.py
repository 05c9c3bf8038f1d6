"""Levers over HTTP: looked at, pulled, confirmed, undone, kept; what they lie over, and who may."""

from collections.abc import AsyncIterator
from datetime import timedelta
from pathlib import Path
from uuid import UUID

import pytest
from tests.make.account import account
from tests.make.agent import agent
from tests.make.case import case
from tests.make.customer import customer
from tests.make.department import Department, department
from tests.make.desk import Person, Running, running
from tests.make.person import person
from tests.make.queue import queue
from tests.make.skill import skill

from polyphony.app import clock
from polyphony.flows import pull_lever
from polyphony.store import agents, due, levers, queues
from polyphony.store.database import Database


class House:
    desk: Running
    care: Department
    other: Department
    loans: UUID
    jana: UUID
    boss: Person
    deputy: Person
    root: Person

    async def pull(self, by: Person | None = None, **body: object) -> dict[str, object]:
        sent = {"reason": "queue is long", **body}
        answer = await (by or self.boss).post("/v1/levers", sent)
        assert answer.status_code == 201, answer.text
        found: dict[str, object] = answer.json()
        return found

    async def refused(self, **body: object) -> tuple[int, str]:
        answer = await self.boss.post("/v1/levers", {"reason": "r", **body})
        return answer.status_code, answer.json()["code"]

    async def does(self, what: str, lever: dict[str, object], by: Person) -> tuple[int, str]:
        answer = await by.post(f"/v1/levers/{lever['id']}/{what}")
        told = answer.json()
        return answer.status_code, told.get("code") or told["state"]

    async def policy(self) -> object:
        async with self.desk.database.reads() as session:
            return (await queues.policy(session, 1, ())).queues[self.loans]

    async def rows(self, query: str, *values: object) -> list[tuple[object, ...]]:
        async with self.desk.database.reads() as session:
            return await (await session.execute(query, values)).fetchall()


@pytest.fixture
async def house(database: Database, tmp_path: Path) -> AsyncIterator[House]:
    made = House()
    async with database.transaction() as session:
        made.care, made.other = await department(session), await department(session)
        made.loans = await queue(session, made.care.id, "Loans")
        made.jana = await agent(session, made.care.id, name="Jana", queues=[made.care.triage])
        mine = {"roles": ["supervisor"], "departments": [made.care.id]}
        boss = await person(session, "Boss", **mine)
        deputy = await person(session, "Deputy", **mine)
        root = await person(session, "Root", roles=["admin"])
        await session.execute(
            "UPDATE person_role SET department_id = %s WHERE role = 'supervisor'", [made.care.id]
        )
    async with running(database, tmp_path) as made.desk:
        made.boss, made.deputy, made.root = [
            await made.desk.signed_in(one) for one in (boss, deputy, root)
        ]
        yield made


async def test_a_lever_is_pulled_listed_and_undone(house: House) -> None:
    seen = {"waiting": 3, "wait_before_ms": 9000, "wait_after_ms": 4000}
    made = await house.pull(kind="weight", queue_id=str(house.loans), amount=3000, seen=seen)
    assert (made["state"], made["value"], made["seconds"]) == ("in_force", {"milli": 3000}, 7200)
    assert (made["seen"], made["before"]["weight_milli"]) == (seen, 1000)
    assert (await house.policy()).weight_milli == 3000
    told = await house.boss.get("/v1/levers")
    assert [one["id"] for one in told["items"]] == [made["id"]]
    assert {one["kind"] for one in told["kinds"]} >= {"weight", "lend", "pause"}
    assert await house.does("undo", made, house.deputy) == (200, "undone")
    assert (await house.policy()).weight_milli == 1000
    assert await house.does("undo", made, house.boss) == (409, "lever.over")
    (ended,) = (await house.boss.get("/v1/levers"))["items"]
    assert (ended["state"], ended["ended_by"]) == ("undone", str(house.deputy.id))
    assert ended["effect"]["waiting"] == 0
    types = await house.rows("SELECT type FROM event WHERE entity = 'lever' ORDER BY version")
    assert types == [("lever.applied",), ("lever.ended",)]
    acts = await house.rows("SELECT act, facts ->> 'kind' FROM audit WHERE act LIKE 'levers.%%'"
                            " ORDER BY id")  # fmt: skip
    assert acts[:2] == [("levers.pull", "weight"), ("levers.undo", "weight")]


async def test_a_second_of_its_kind_has_to_wait_for_the_first(house: House) -> None:
    await house.pull(kind="pause", queue_id=str(house.loans))
    assert await house.refused(kind="pause", queue_id=str(house.loans)) == (409, "lever.same")
    await house.pull(kind="reserve", queue_id=str(house.loans), amount=2)


async def test_a_weight_of_more_than_five_waits_for_a_second_person(house: House) -> None:
    made = await house.pull(kind="weight", queue_id=str(house.loans), amount=8000)
    assert (made["state"], made["until_at"], made["may_confirm"]) == ("asked", None, False)
    assert (await house.policy()).weight_milli == 1000
    assert await house.does("confirm", made, house.boss) == (403, "lever.needs_two")
    assert await house.does("confirm", made, house.deputy) == (200, "in_force")
    assert (await house.policy()).weight_milli == 8000
    assert await house.does("confirm", made, house.deputy) == (409, "lever.confirmed")
    other = await house.pull(kind="weight", queue_id=str(house.care.triage), amount=9000)
    assert await house.does("undo", other, house.boss) == (200, "withdrawn")


async def test_who_leads_one_department_pulls_nothing_elsewhere(house: House) -> None:
    wrong = (403, "rights.missing")
    assert await house.refused(kind="pause", queue_id=str(house.other.triage)) == wrong
    assert await house.refused(kind="weight", channel="email", amount=2000) == wrong
    away = await house.pull(kind="pause", queue_id=str(house.loans))
    async with house.desk.database.transaction() as session:
        lead = await person(session, "Lead", roles=["supervisor"], departments=[house.other.id])
        await session.execute(
            "UPDATE person_role SET department_id = %s WHERE person_id = %s", [house.other.id, lead]
        )
    stranger = await house.desk.signed_in(lead)
    assert (await stranger.get("/v1/levers"))["items"] == []
    assert (await house.does("undo", away, stranger))[0] == 404


@pytest.mark.parametrize(
    ("body", "code"),
    [
        ({"kind": "weight", "amount": 20_000}, "lever.amount"),
        ({"kind": "pause", "channel": "email"}, "lever.place"),
        ({"kind": "overflow", "to_queue_id": str(UUID(int=7))}, "lever.queue_unknown"),
        ({"kind": "capacity", "queue_id": None, "agent_ids": [str(UUID(int=7))]},
         "lever.agent_unknown"),
        ({"kind": "pause", "seconds": 60}, "body.not_valid"),
        ({"kind": "pause", "reason": "  "}, "lever.reason"),
        ({"kind": "joystick"}, "body.not_valid"),
    ],
)  # fmt: skip
async def test_what_makes_no_sense_is_refused(house: House, body: object, code: str) -> None:
    assert await house.refused(**{"queue_id": str(house.loans), **body}) == (422, code)


async def test_room_and_loans_come_back_when_the_lever_ends(house: House) -> None:
    jana = [str(house.jana)]
    room = await house.pull(kind="capacity", agent_ids=jana, amount=150)
    lent = await house.pull(kind="lend", queue_id=str(house.loans), agent_ids=jana)

    async def facts() -> tuple[int, set[UUID]]:
        async with house.desk.database.reads() as session:
            (one,) = await agents.facts(session, [house.jana])
        return one.cap_max, set(one.queues)

    assert await facts() == (150, {house.care.triage, house.loans})
    told = (await house.root.get("/v1/agents"))["items"][0]
    assert (told["cap_max"], len(told["queues"])) == (100, 1)  # a lever is no set-up
    again = await house.boss.post("/v1/levers", {"kind": "lend", "queue_id": str(house.care.triage),
                                                 "agent_ids": jana, "reason": "r"})  # fmt: skip
    assert again.json()["code"] == "lever.member"
    await house.does("undo", room, house.boss)
    await house.does("undo", lent, house.boss)
    assert await facts() == (100, {house.care.triage})


async def test_what_is_over_is_taken_off_by_time(house: House) -> None:
    lent = await house.pull(kind="lend", queue_id=str(house.loans), agent_ids=[str(house.jana)])
    async with house.desk.database.transaction() as session:
        await session.execute(
            "UPDATE lever SET until_at = clock_timestamp() - interval '1 second' WHERE id = %s",
            [lent["id"]],
        )
    async with house.desk.database.transaction() as session:
        assert "levers" in await due.look(session, clock.now(), timedelta(), [])
        assert not await pull_lever.expire(session, clock.now())
        assert "levers" not in await due.look(session, clock.now(), timedelta(), [])
    assert await house.rows("SELECT how, ended_by FROM lever") == [("expired", None)]
    assert await house.rows("SELECT FROM queue_member WHERE lever_id IS NOT NULL") == []


async def test_what_nobody_confirms_in_its_time_is_withdrawn(house: House) -> None:
    await house.pull(kind="weight", queue_id=str(house.loans), amount=8000)
    async with house.desk.database.transaction() as session:
        await session.execute("UPDATE lever SET asked_at = asked_at - interval '3 hours'")
        await pull_lever.expire(session, clock.now())
    assert await house.rows("SELECT how FROM lever") == [("withdrawn",)]


async def test_who_sets_up_makes_it_permanent(house: House) -> None:
    weight = await house.pull(kind="weight", queue_id=str(house.loans), amount=3000)
    lent = await house.pull(kind="lend", queue_id=str(house.loans), agent_ids=[str(house.jana)])
    shut = await house.pull(kind="hours", queue_id=str(house.loans))
    assert (await house.does("permanent", weight, house.boss))[0] == 403
    assert await house.does("permanent", weight, house.root) == (200, "permanent")
    assert await house.does("permanent", lent, house.root) == (200, "permanent")
    assert await house.does("permanent", shut, house.root) == (409, "lever.not_permanent")
    assert (await house.policy()).weight_milli == 3000
    assert await house.rows("SELECT weight_milli FROM queue WHERE id = %s", house.loans) == [
        (3000,)
    ]
    members = await house.rows("SELECT lever_id FROM queue_member WHERE queue_id = %s", house.loans)
    assert members == [(None,)]
    assert (
        len(await house.rows("SELECT FROM config_history WHERE entity_id = %s", house.loans)) == 1
    )


async def test_the_preview_says_what_the_core_would_do_and_changes_nothing(house: House) -> None:
    async with house.desk.database.transaction() as session:
        box = await account(session, house.care.id)
        for where in (house.care.triage, house.care.triage, house.loans):
            who = await customer(session)
            made = await case(session, house.care, box, who, channel="email", queue=where)
            await session.execute(
                "UPDATE work_item SET waiting_since = now(), state_since = now() WHERE id = %s",
                [made.work_item],
            )
    paused = {"kind": "pause", "queue_id": str(house.care.triage)}
    told = (await house.boss.post("/v1/levers/preview", paused)).json()
    assert [one["queue_id"] for one in told["queues"]] == [str(house.care.triage)]
    assert (told["before"]["left"], told["after"]["left"]) == (0, 2)
    assert told["after"]["wait_ms"] == told["horizon_ms"]
    first = told["first"]["before"][0]
    assert (first["agent_id"], first["reference"] is not None) == (str(house.jana), True)
    assert told["first"]["after"] == []
    assert told["loads"][0]["agent_id"] == str(house.jana)
    room = {"kind": "capacity", "agent_ids": [str(house.jana)], "amount": 50}
    less = (await house.boss.post("/v1/levers/preview", room)).json()
    assert [one["after_ms"] > 0 for one in less["first"]["before"]] == [False, False]
    assert [one["after_ms"] > 0 for one in less["first"]["after"]] == [False, True]
    lent = {"kind": "lend", "queue_id": str(house.loans), "agent_ids": [str(house.jana)]}
    wider = (await house.boss.post("/v1/levers/preview", lent)).json()
    assert (wider["before"]["left"], wider["after"]["left"]) == (1, 0)
    assert await house.rows("SELECT FROM lever") == []
    assert await house.rows("SELECT FROM offer") == []
    assert (told["before"]["in_time"], told["before"]["judged"]) == (2, 2)
    assert told["before"]["band"] == [342, 1000]
    assert told["affected"] == 1


async def test_a_channel_is_out_of_order_until_somebody_says_it_is_back(house: House) -> None:
    async with house.desk.database.transaction() as session:
        whole = await person(session, "Whole", roles=["supervisor"])
        other = await person(session, "Other", roles=["supervisor"])
    whole_, other_ = [await house.desk.signed_in(one) for one in (whole, other)]
    wish = {"kind": "outage", "channel": "chat", "other_channel": "email", "drain": "callback"}
    assert (await house.boss.post("/v1/levers", {**wish, "reason": "r"})).status_code == 403
    made = await house.pull(whole_, **wish)
    assert (made["state"], made["until_at"]) == ("asked", None)
    assert (await house.root.get("/v1/bootstrap"))["outages"] == []
    assert await house.does("confirm", made, whole_) == (403, "lever.needs_two")
    assert await house.does("confirm", made, other_) == (200, "in_force")
    async with house.desk.database.transaction() as session:
        await session.execute("UPDATE lever SET from_at = from_at - interval '3 days'")
        await pull_lever.expire(session, clock.now())
        assert "levers" not in await due.look(session, clock.now(), timedelta(), [])
        assert (await queues.policy(session, 1, ())).outages == {"chat"}
    (told,) = (await house.root.get("/v1/bootstrap"))["outages"]
    assert (told["channel"], told["other"], told["drain"]) == ("chat", "email", "callback")
    assert await house.does("undo", made, other_) == (200, "undone")
    (ended,) = (await other_.get("/v1/levers"))["items"]
    assert ended["effect"]["sums"] == {}


async def test_lent_skills_count_while_the_loan_lasts_and_never_a_skill_of_the_law(
    house: House,
) -> None:
    async with house.desk.database.transaction() as session:
        polish = await skill(session, "lang:pl", "language")
        await skill(session, "advice", "legal")
        await session.execute(
            "INSERT INTO agent_skill (agent_id, skill_id, level) VALUES (%s, %s, 2)",
            [house.jana, polish],
        )
    lend = {
        "kind": "lend", "queue_id": str(house.loans), "agent_ids": [str(house.jana)],
    }  # fmt: skip
    assert await house.refused(**lend, skills={"advice": 3}) == (422, "lever.skill_unknown")
    assert await house.refused(**lend, skills={"lang:pl": 9}) == (422, "lever.skills")

    async def level() -> int:
        async with house.desk.database.reads() as session:
            (one,) = await agents.facts(session, [house.jana])
        return one.skills["lang:pl"]

    lent = await house.pull(**lend, skills={"lang:pl": 4})
    assert lent["value"] == {"rank": 1, "skills": {"lang:pl": 4}}
    assert await level() == 4
    assert await house.does("undo", lent, house.boss) == (200, "undone")
    assert await level() == 2
    again = await house.pull(**lend, skills={"lang:pl": 3})
    assert await house.does("permanent", again, house.root) == (200, "permanent")
    assert await level() == 3
    assert await house.rows("SELECT FROM lent_skill") == []


async def test_callbacks_and_hours_are_switched_by_hand(house: House) -> None:
    loans = str(house.loans)
    on = await house.pull(kind="callback", queue_id=loans)
    assert on["value"] == {"on": 1}
    query = f"SELECT {levers.CALLBACK} FROM queue q WHERE q.id = %s"
    assert await house.rows(query, house.loans) == [(True,)]
    assert await house.does("permanent", on, house.root) == (200, "permanent")
    off = await house.pull(kind="callback", queue_id=loans, amount=0)
    assert await house.rows(query, house.loans) == [(False,)]
    assert await house.does("undo", off, house.boss) == (200, "undone")
    assert await house.rows(query, house.loans) == [(True,)]
    await house.pull(kind="hours", queue_id=loans, amount=1)
    assert (await house.policy()).open_today is not None
    async with house.desk.database.reads() as session:
        assert (await levers.by_hand(session, [house.loans]))[house.loans][0] is True
