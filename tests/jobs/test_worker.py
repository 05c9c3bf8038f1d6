"""Worker: batches of what arrived, poison alone in quarantine, hints, gentle stop."""

import asyncio
from contextlib import asynccontextmanager
from dataclasses import replace
from datetime import timedelta

import pytest
from tests.make.account import account
from tests.make.agent import agent
from tests.make.case import case
from tests.make.customer import customer
from tests.make.department import department
from tests.make.door import ScriptedDoor
from tests.make.mail import inbound
from tests.make.moment import AT, at, new_id
from tests.make.outside import Clock, outside

from polyphony.domain.channel import ChannelKind
from polyphony.domain.failure import Unreadable
from polyphony.flows import receive, reply
from polyphony.flows.reply import Answer, Staff
from polyphony.jobs import hot, schedule, worker
from polyphony.jobs.worker import Loop
from polyphony.store import due
from polyphony.store.database import Unavailable


class Script:
    """A reader that answers by key what a test wants to have been written."""

    def __init__(self):
        self.says = {}

    async def read(self, batch):
        return [self.says.get(one.key, Unreadable("strange")) for one in batch]


class House:
    """A desk with one mailbox, a scripted reader and provider, the loops of one worker."""

    def __init__(self, database, tmp_path):
        self.database = database
        self.reader, self.door, self.clock = Script(), ScriptedDoor(), Clock()
        self.outside = outside(tmp_path, {ChannelKind.EMAIL: self.door}, self.clock, self.reader)
        self.sending = hot.Sending(database, self.outside)
        self.reading = hot.Reading(database, self.outside)

    async def build(self):
        async with self.database.transaction() as session:
            self.desk = await department(session)
            self.box = await account(session, self.desk.id)
            self.jana = await agent(session, self.desk.id)
            self.who = await customer(session)
            self.case = await case(session, self.desk, self.box, self.who, agent=self.jana)
        return self

    async def arrive(self, *said):
        self.reader.says |= {one.key: (one,) for one in said}
        async with self.database.transaction() as session:
            await receive.keep(
                session, [receive.Kept(self.box, one.key, b"raw", AT) for one in said]
            )

    async def rows(self, query):
        async with self.database.reads() as session:
            return await (await session.execute(query)).fetchall()

    @asynccontextmanager
    async def working(self):
        stop = asyncio.Event()
        loops = hot.loops(self.database, self.outside, self.sending)
        running = asyncio.create_task(worker.run(self.database, loops, stop))
        try:
            yield
        finally:
            stop.set()
            await running
            await self.sending.drain()

    async def until(self, query, wanted, seconds=30):
        for _ in range(int(seconds * 50)):
            if await self.rows(query) == wanted:
                return
            await asyncio.sleep(0.02)
        assert await self.rows(query) == wanted


@pytest.fixture
async def house(database, tmp_path):
    return await House(database, tmp_path).build()


async def test_what_arrives_is_read_and_an_answer_leaves_while_the_worker_runs(house):
    async with house.working():
        await house.arrive(*(inbound(f"c{n}@x.example", key=f"k{n}") for n in range(30)))
        await house.until("SELECT count(*) FROM arrival WHERE state = 'read'", [(30,)])
        assert await house.rows("SELECT count(*) FROM case_") == [(31,)]
        async with house.database.transaction() as session:
            wish = Answer(house.case.interaction, "Hello", new_id(), 0, anyway=True, undo_s=0)
            await reply.send(session, wish, Staff(house.jana, "Jana"), AT, house.outside)
        await house.until("SELECT state FROM delivery", [("sent",)])
    assert len(house.door.sent) == 1


async def test_an_undo_runs_out_and_the_answer_leaves(house):
    async with house.database.transaction() as session:
        wish = Answer(house.case.interaction, "Hello", new_id(), 0, anyway=True, undo_s=10)
        await reply.send(session, wish, Staff(house.jana, "Jana"), AT, house.outside)
    async with house.working():
        house.clock.at = at(9)
        await asyncio.sleep(0.3)
        assert await house.rows("SELECT state FROM delivery") == [("held",)]
        house.clock.at = at(11)
        await house.until("SELECT state FROM delivery", [("sent",)])
    assert await house.rows("SELECT state FROM case_") == [("wait_customer",)]


async def test_poison_stands_alone_and_the_others_pass(house):
    said = [inbound(f"c{n}@x.example", key=f"k{n}") for n in range(40)]
    for number in (3, 17, 31):
        said[number] = replace(said[number], text="nul \x00 nul")  # PostgreSQL refuses it
    await house.arrive(*said)
    for turn in range(3):
        house.clock.at = at(turn * 120)
        await house.reading.turn()
        counted = await house.rows("SELECT count(*) FROM arrival WHERE state = 'read'")
        assert counted == [(37,)]
    kept = await house.rows("SELECT key, tries, body FROM arrival WHERE state = 'quarantined'")
    assert sorted(kept) == [("k17", 3, b"raw"), ("k3", 3, b"raw"), ("k31", 3, b"raw")]
    assert await house.rows("SELECT count(*) FROM event WHERE type = 'arrival.quarantined'") == [
        *((3,),),
    ]
    house.reader.says["k3"] = (inbound("fixed@x.example", key="k3"),)
    async with house.database.transaction() as session:
        found = await (await session.execute("SELECT id FROM arrival WHERE key = 'k3'")).fetchone()
        await receive.read_again(session, [found[0]], house.jana)
    await house.reading.turn()
    assert await house.rows("SELECT state FROM arrival WHERE key = 'k3'") == [("read",)]


async def test_parallel_first_lines_of_one_visitor_open_one_case(house):
    said = [
        inbound("v1", f"{n}", kind=ChannelKind.CHAT, scope=str(house.box), key=f"v1:{n}",
                cid=new_id())
        for n in range(24)
    ]  # fmt: skip
    readings = [hot.Reading(house.database, house.outside) for _ in range(4)]
    for part in range(0, 24, 4):
        await asyncio.gather(*(house.arrive(one) for one in said[part : part + 4]))
        await asyncio.gather(*(one.turn() for one in readings))
    assert await house.rows("SELECT count(*) FROM message WHERE cid IS NOT NULL") == [(24,)]
    opened = await house.rows("SELECT count(*) FROM case_ WHERE opened_via = 'email'")
    assert opened == [(2,)]  # the one of the fixture and one for all lines


async def _until(true, seconds=10):
    for _ in range(int(seconds * 50)):
        if true():
            return
        await asyncio.sleep(0.02)
    raise AssertionError("it never came true")


async def test_a_database_that_is_away_stops_no_loop():
    turns = []

    async def turn():
        turns.append(len(turns))
        if len(turns) < 3:
            raise Unavailable("gone")
        return False

    stop = asyncio.Event()
    loop = Loop("x", turn, idle_s=0.01)
    task = asyncio.create_task(worker._turn(loop, stop))
    for _ in range(1_000):
        if len(turns) >= 5:
            break
        await asyncio.sleep(0.02)
    stop.set()
    loop.wake.set()
    await task
    assert len(turns) >= 5


async def test_a_fault_of_ours_is_survived_and_a_hint_wakes_at_once():
    turns = []

    async def turn():
        turns.append(1)
        if len(turns) == 1:
            raise ValueError("a bug")
        return False

    stop = asyncio.Event()
    loop = Loop("x", turn, frozenset({"t"}), idle_s=60)
    task = asyncio.create_task(worker._turn(loop, stop))
    await _until(lambda: len(turns) == 2)
    loop.wake.set()
    await _until(lambda: len(turns) == 3)
    stop.set()
    loop.wake.set()
    await task


async def test_many_hints_wake_a_loop_that_rests_no_sooner():
    clock, turns = asyncio.get_running_loop().time, []

    async def turn():
        turns.append(clock())
        return False

    stop = asyncio.Event()
    loop = Loop("x", turn, frozenset({"t"}), idle_s=60, rest_s=0.1)
    task = asyncio.create_task(worker._turn(loop, stop))
    while len(turns) < 3:
        loop.wake.set()
        await asyncio.sleep(0.005)
    assert turns[2] - turns[0] >= 0.2
    stop.set()
    loop.wake.set()
    await task


async def test_the_schedule_runs_once_through_everything(house):
    dropped = []

    async def drop(names):
        dropped.extend(names)

    await schedule.prepare(house.database)
    digest = await house.outside.files.put(b"orphan")
    async with house.database.transaction() as session:
        await session.execute(
            "INSERT INTO file (sha256, size, created_at) VALUES (%s, 6, %s)",
            [digest, at(-90_000)],
        )
        await session.execute("UPDATE channel_account SET state = 'broken'")
        await session.execute(
            "INSERT INTO sla_clock (id, case_id, type, state, calendar_id, target_ms,"
            " running_since, warn_at, due_at) VALUES (%s, %s, 'resolution', 'running', %s, 1000,"
            " %s, %s, %s)",
            [new_id(), house.case.id, house.desk.calendar, AT, at(-2), at(-1)],
        )
    plan = schedule.Plan(house.database, house.outside, drop)
    for turn in (plan.targets, plan.cases, plan.accounts, plan.hour):
        assert await turn() is False
    assert dropped == [digest]
    assert await house.rows("SELECT state FROM channel_account") == [("working",)]
    assert await house.rows("SELECT state FROM sla_clock") == [("breached",)]
    types = await house.rows("SELECT DISTINCT type FROM event ORDER BY type")
    told = ["account.changed", "notice.changed", "sla.breached"]
    assert [one for (one,) in types] == told


async def test_one_look_finds_what_nobody_told_of(house):
    async def look():
        async with house.database.single() as session:
            return await due.look(session, house.clock(), timedelta(seconds=1), list(hot.DUE))

    assert await look() == frozenset()
    await house.arrive(inbound(key="a lost hint"))
    assert await look() == {"arrivals"}
