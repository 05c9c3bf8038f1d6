"""The counters on a real database: from the log, again, against the tables, sealed apart."""

import asyncio
from datetime import UTC, datetime, timedelta

import pytest
from tests.jobs.test_router import Desk

from polyphony.domain.board import Place
from polyphony.domain.event import SYSTEM
from polyphony.domain.metric import SERVICE_LEVEL, SHORT_MS, Wait, over_facts
from polyphony.flows import handle
from polyphony.flows.announce import announce
from polyphony.flows.count import WALL
from polyphony.jobs.board import Keeper, Watch
from polyphony.store import board, facts, labour
from polyphony.store.database import Database


def now():
    return datetime.now(UTC)


class Counting:
    """A keeper that looks when it is told to."""

    def __init__(self, database):
        self.database = database
        self.keeper = Keeper(database, now, Watch())

    async def begin(self):
        await self.keeper.begin()
        return self

    async def look(self):
        async with self.database.direct() as log:
            await self.keeper._look(log)
        return self

    def now(self, place):
        """The work at a place, without who could take it."""
        found = self.keeper.board.picture(place).now
        return {name: n for name, n in found.items() if name != "ready"}

    def day(self, place):
        return self.keeper.board.picture(place).day


def at(desk, channel="email", *, sealed=False):
    return Place(desk.department.id, desk.department.triage, channel, sealed)


async def stay(desk, item, ago_s=0):
    """The stay that intake opens with the work, so many seconds old."""
    async with desk.database.transaction() as session:
        await session.execute("DELETE FROM queue_stay WHERE work_item_id = %s", [item])
        await session.execute(
            "INSERT INTO queue_stay (id, work_item_id, queue_id, entered_at, how)"
            " SELECT gen_random_uuid(), id, queue_id, now() - %s * interval '1 second', 'added'"
            " FROM work_item WHERE id = %s",
            [ago_s, item],
        )


async def test_work_is_counted_as_the_log_tells_of_it(database: Database) -> None:
    desk = await Desk.open(database)
    first = await desk.arrive()
    await stay(desk, first)
    counting = await Counting(database).begin()
    assert counting.now(at(desk)) == {"waiting": 1}
    second = await desk.arrive("chat")
    await stay(desk, second, ago_s=3)
    await counting.look()
    assert counting.now(at(desk, "chat")) == {"waiting": 1}
    assert counting.day(at(desk, "chat")) == {"entered": 1}
    async with database.transaction() as session:
        await labour.end(session, [second], labour.cancel("abandoned"), now())
        await announce(session, actor=SYSTEM, work_items=[second])
    await counting.look()
    assert counting.now(at(desk, "chat")) == {}
    short = {"entered": 1, "abandoned": 1, "abandoned_short": 1, "abandoned_within": 1}
    assert counting.day(at(desk, "chat")) == short


async def test_another_one_goes_on_where_the_first_was_and_the_tables_agree(
    database: Database,
) -> None:
    desk = await Desk.open(database, agents=2)
    for _ in range(3):
        await stay(desk, await desk.arrive())
    first = await Counting(database).begin()
    taken = await desk.arrive()
    await stay(desk, taken)
    await first.look()
    async with database.transaction() as session:
        await session.execute("UPDATE queue SET delivery = 'open'")
        await handle.claim(session, taken, desk.agents[0], now())
    second = await (await Counting(database).begin()).look()  # what came meanwhile is in the log
    assert second.now(at(desk)) == {"in_work": 1, "waiting": 3}
    await first.look()
    assert first.keeper.board.pictures() == second.keeper.board.pictures()
    assert await first.keeper.reconcile() == 0
    assert await second.keeper.reconcile() == 0


async def test_a_difference_is_found_told_and_mended(database: Database) -> None:
    desk = await Desk.open(database)
    item = await desk.arrive()
    await stay(desk, item)
    counting = await Counting(database).begin()
    async with database.transaction() as session:  # behind the back of the log
        await session.execute("UPDATE work_item SET state = 'parked' WHERE id = %s", [item])
    assert await counting.keeper.reconcile() > 0
    assert counting.now(at(desk)) == {"parked": 1}
    assert counting.keeper.drift > 0
    assert await counting.keeper.reconcile() == 0
    async with database.reads() as session:
        assert (await board.noted(session))["drift"] == counting.keeper.drift


async def test_a_figure_beyond_the_threshold_of_a_board_is_an_alert_until_it_went_back(
    database: Database,
) -> None:
    desk = await Desk.open(database)
    item = await desk.arrive()
    await stay(desk, item)
    async with database.transaction() as session:
        await session.execute(
            "INSERT INTO board (id, name, department_id, thresholds) VALUES"
            ' (gen_random_uuid(), \'Hall\', %s, \'{"waiting": {"warn": 1, "bad": 1}}\')',
            [desk.department.id],
        )
    counting = await Counting(database).begin()
    keeper = counting.keeper
    queues = {id_: one.department_id for id_, one in keeper._known.queues.items()}
    began = now()

    async def alerts_after(seconds):
        moment = began + timedelta(seconds=seconds)
        await keeper._limiter.turn(database, keeper.board, queues, moment)
        async with database.reads() as session:
            found = await session.execute(
                "SELECT key, facts->>'figure', facts->>'value' FROM alert WHERE gone_at IS NULL"
            )
            return await found.fetchall()

    assert await alerts_after(0) == []
    beyond = [(f"{desk.department.triage} waiting", "waiting", "1")]
    assert await alerts_after(31) == beyond
    assert await alerts_after(46) == beyond
    async with database.transaction() as session:
        await labour.end(session, [item], labour.cancel("abandoned"), now())
        await announce(session, actor=SYSTEM, work_items=[item])
    await counting.look()
    assert await alerts_after(61) == []


async def test_sealed_work_is_counted_apart_from_the_moment_it_is_sealed(
    database: Database,
) -> None:
    desk = await Desk.open(database)
    item = await desk.arrive()
    await stay(desk, item)
    counting = await Counting(database).begin()
    assert counting.now(at(desk)) == {"waiting": 1}
    async with database.transaction() as session:
        found = await session.execute(
            "UPDATE case_ SET visibility = 'sealed', version = version + 1"
            " WHERE id = (SELECT case_id FROM work_item WHERE id = %s) RETURNING id",
            [item],
        )
        (case,) = await found.fetchone()
        await announce(session, actor=SYSTEM, cases=[case])
    await counting.look()
    assert counting.now(at(desk)) == {}
    assert counting.day(at(desk)) == {}
    assert counting.now(at(desk, sealed=True)) == {"waiting": 1}
    assert counting.day(at(desk, sealed=True)) == {"entered": 1}


async def test_the_three_evaluators_agree_over_the_same_stays(database: Database) -> None:
    desk = await Desk.open(database)
    ends = ["abandoned", "taken", "case_done", "callback", "abandoned", None]
    items = []
    for number, how in enumerate(ends):
        item = await desk.arrive("chat")
        items.append(item)
        await stay(desk, item, ago_s=30 * number)
        if how:
            async with database.transaction() as session:
                await session.execute(
                    "UPDATE queue_stay SET left_at = entered_at + %s * interval '1 second',"
                    " how = %s WHERE work_item_id = %s",
                    [3 + 5 * number, how, item],
                )
    counting = await Counting(database).begin()
    async with database.reads() as session:
        since = now() - timedelta(hours=1)
        waits = await facts.waits_since(session, since)
        by_sql = await facts.sums(session, facts.Span(since, now()), sorted(WALL), SHORT_MS)
    plain = over_facts(SERVICE_LEVEL, [Wait(w.how, w.wall_ms, w.target_ms) for w in waits])
    assert len(waits) == len(ends)
    assert SERVICE_LEVEL.of(by_sql[desk.department.triage]) == plain
    half = counting.keeper.board.picture(at(desk, "chat")).half
    assert SERVICE_LEVEL.of(half) == plain
    assert half["entered"] == len(ends)


async def test_presence_becomes_intervals_without_gaps(database: Database) -> None:
    desk = await Desk.open(database)
    counting = await Counting(database).begin()
    for status in ("busy", "break", "online"):
        async with database.transaction() as session:
            await session.execute(
                "UPDATE agent_presence SET status = %s, since = now(), version = version + 1",
                [status],
            )
            await announce(session, actor=SYSTEM, presences=desk.agents)
        await counting.look()
    found = await desk.all("SELECT status, began_at, ended_at FROM fact_presence ORDER BY version")
    assert [one[0] for one in found] == ["busy", "break", "online"]
    assert [one[2] for one in found] == [found[1][1], found[2][1], None]
    assert counting.now(Place(desk.department.id, None, ""))["online"] == 1


@pytest.mark.timeout(60)
async def test_only_one_counts_at_a_time(database: Database) -> None:
    async with database.direct() as one, database.direct() as two:
        assert await board.try_lock(one)
        assert not await board.try_lock(two)
    for _ in range(100):
        async with database.direct() as three:
            if await board.try_lock(three):
                return
        await asyncio.sleep(0.05)
    pytest.fail("the lock outlived its connection")
