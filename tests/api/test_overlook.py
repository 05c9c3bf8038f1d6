"""Beside the counters of a board: half an hour ahead, doors, levers; and only one's own."""

from collections.abc import AsyncIterator
from datetime import timedelta
from pathlib import Path
from uuid import UUID

import pytest
from tests.make.account import account
from tests.make.case import case
from tests.make.customer import customer
from tests.make.department import Department, department
from tests.make.desk import Person, Running, running
from tests.make.moment import new_id
from tests.make.person import person
from tests.make.queue import queue

from polyphony.app import clock
from polyphony.store import board, feed, overlook
from polyphony.store.database import Database, Session


class House:
    desk: Running
    care: Department
    other: Department
    loans: UUID
    box: UUID
    boss: Person
    whole: Person


@pytest.fixture
async def house(database: Database, tmp_path: Path) -> AsyncIterator[House]:
    made = House()
    async with database.transaction() as session:
        made.care, made.other = await department(session), await department(session)
        made.loans = await queue(session, made.care.id, "Loans")
        made.box = await account(session, made.care.id)
        await account(session, made.other.id)
        boss = await person(session, "Boss", roles=["supervisor"], departments=[made.care.id])
        whole = await person(session, "Whole", roles=["supervisor"])
        await session.execute(
            "UPDATE person_role SET department_id = %s WHERE person_id = %s", [made.care.id, boss]
        )
    async with running(database, tmp_path) as made.desk:
        made.boss, made.whole = [await made.desk.signed_in(one) for one in (boss, whole)]
        yield made


async def waits(session: Session, house: House, minutes: int, *, sealed: bool = False) -> UUID:
    """Work that has waited for so long; its target is 20 minutes, its warning at 15."""
    who = await customer(session)
    made = await case(session, house.care, house.box, who, channel="email", queue=house.loans)
    since = clock.now() - timedelta(minutes=minutes)
    await session.execute(
        "UPDATE work_item SET waiting_since = %s, state_since = %s, target_ms = 1200000"
        " WHERE id = %s",
        [since, since, made.work_item],
    )
    if sealed:
        await session.execute("UPDATE case_ SET visibility = 'sealed' WHERE id = %s", [made.id])
    await session.execute(
        """INSERT INTO sla_clock (id, case_id, interaction_id, type, state, calendar_id, target_ms,
                                  running_since, warn_at, due_at)
           SELECT %s, %s, %s, 'first_response', 'running', id, 1200000, %s, %s, %s FROM calendar
            LIMIT 1 ON CONFLICT DO NOTHING""",
        [new_id(), made.id, made.interaction, since, since + timedelta(minutes=15),
         since + timedelta(minutes=20)],
    )  # fmt: skip
    assert made.work_item is not None
    return made.work_item


async def served(session: Session, house: House, count: int) -> None:
    """So many were taken in the last half hour."""
    now = clock.now()
    for number in range(count):
        work = await waits(session, house, 25)
        await session.execute(
            "UPDATE work_item SET state = 'done', version = version + 1 WHERE id = %s", [work]
        )
        await session.execute("DELETE FROM queue_stay WHERE work_item_id = %s", [work])
        await session.execute(
            """INSERT INTO queue_stay (id, work_item_id, queue_id, entered_at, left_at, reason, how)
               VALUES (%s, %s, %s, %s, %s, 'added', 'taken')""",
            [new_id(), work, house.loans, now - timedelta(minutes=25),
             now - timedelta(minutes=number + 1)],
        )  # fmt: skip


async def test_half_an_hour_ahead_by_place_and_pace(house: House) -> None:
    async with house.desk.database.transaction() as session:
        await session.execute("UPDATE calendar SET always = true")
        await served(session, house, 6)
        for minutes in (1, 17, 30):
            await waits(session, house, minutes)
        await waits(session, house, 5, sealed=True)
    told = await house.boss.get("/v1/boards/overlook")
    (loans,) = [one for one in told["queues"] if one["queue_id"] == str(house.loans)]
    assert (loans["waiting"], loans["warned"]) == (3, 1)  # what is sealed is left out
    assert loans["wait_ms"] == 3 * 1_800_000 // 6
    # five minutes each: the late one first, the warned one is too late then, the last is in time
    assert (loans["level"]["in_time"], loans["level"]["judged"]) == (1, 3)
    assert loans["level"]["low"] <= 333 <= loans["level"]["high"]
    (calm,) = [one for one in told["queues"] if one["queue_id"] == str(house.care.triage)]
    assert (calm["wait_ms"], "level" in calm) == (None, False)


async def test_one_sees_ones_own_doors_and_levers_only(house: House) -> None:
    async with house.desk.database.transaction() as session:
        await session.execute(
            """INSERT INTO lever (id, kind, department_id, queue_id, seconds, reason, by_id,
                                  from_at, until_at)
               SELECT gen_random_uuid(), 'pause', d, q, 3600, 'r', gen_random_uuid(), now(),
                      now() + interval '1 hour' FROM unnest(%s::uuid[], %s::uuid[]) AS x (d, q)""",
            [[house.care.id, house.other.id], [house.loans, house.other.triage]],
        )
        await session.execute(
            """INSERT INTO arrival (id, account_id, key, body, size, received_at)
               VALUES (%s, %s, 'k', '', 0, now() - interval '3 minutes')""",
            [new_id(), house.box],
        )
    mine = await house.boss.get("/v1/boards/overlook")
    assert [one["id"] for one in mine["doors"]] == [str(house.box)]
    assert (mine["doors"][0]["unread"], mine["doors"][0]["state"]) == (1, "working")
    assert [one["queue_id"] for one in mine["levers"]] == [str(house.loans)]
    other = {"department_id": str(house.other.id)}
    refused = await house.boss.http.get("/v1/boards/overlook", params=other)
    assert refused.status_code == 404
    everywhere = await house.whole.get("/v1/boards/overlook")
    assert (len(everywhere["doors"]), len(everywhere["levers"])) == (2, 2)
    narrow = await house.whole.get("/v1/boards/overlook", **other)
    assert [one["queue_id"] for one in narrow["levers"]] == [str(house.other.triage)]


async def test_the_lag_is_the_age_of_what_is_not_counted_yet(house: House) -> None:
    async with house.desk.database.transaction() as session:
        assert await overlook.behind(session, clock.now()) is None
        edge = await feed.horizon(session)
        await board.keep(session, edge.cursor, edge.now)
        assert await overlook.behind(session, clock.now()) == 0
    async with house.desk.database.transaction() as session:
        await session.execute(
            "INSERT INTO event (type, op, entity, entity_id, version, aud)"
            " VALUES ('work_item.added', 2, 'work_item', gen_random_uuid(), 1, '{all}')"
        )
    async with house.desk.database.reads() as session:
        lag = await overlook.behind(session, clock.now() + timedelta(seconds=7))
    assert lag is not None
    assert 7_000 <= lag < 20_000
