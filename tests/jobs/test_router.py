"""The owner loop on a real database: offers, misses, two routers, a stolen epoch, a hung owner."""

import asyncio
import contextlib
import os
import signal
import sys
from dataclasses import dataclass
from datetime import UTC, datetime
from uuid import UUID

import psycopg
import pytest
from tests.make.account import account
from tests.make.agent import agent
from tests.make.case import case
from tests.make.customer import customer
from tests.make.department import department

from polyphony.domain.errors import Refusal
from polyphony.domain.event import SYSTEM
from polyphony.flows import attend, handle, replay
from polyphony.flows.announce import announce
from polyphony.jobs import backlog, router
from polyphony.jobs.election import Reign
from polyphony.store.database import Database


def now():
    return datetime.now(UTC)  # the router lives in real time


@dataclass
class Desk:
    database: object
    department: object
    account: UUID
    agents: list

    @classmethod
    async def open(cls, database, agents=1, **kinds):
        async with database.transaction() as session:
            made = await department(session)
            box = await account(session, made.id)
            people = [
                await agent(session, made.id, name=f"A{n}", queues=[made.triage], **kinds)
                for n in range(agents)
            ]
        return cls(database, made, box, people)

    async def arrive(self, channel="email"):
        """A customer writes: an Interaction and its WorkItem, told to the log like intake does."""
        async with self.database.transaction() as session:
            who = await customer(session)
            made = await case(
                *(session, self.department, self.account, who),
                channel=channel,
                queue=self.department.triage,
            )
            await session.execute(
                "UPDATE work_item SET state_since = now(), waiting_since = now() WHERE id = %s",
                [made.work_item],
            )
            await session.execute(
                "UPDATE interaction SET state = 'waiting' WHERE id = %s", [made.interaction]
            )
            await announce(session, actor=SYSTEM, work_items=[made.work_item])
        return made.work_item

    async def all(self, query, *params):
        async with self.database.reads() as session:
            return await (await session.execute(query, params)).fetchall()

    async def one(self, query, *params):
        return (await self.all(query, *params))[0][0]

    async def offer_of(self, item, state="offered"):
        """Wait for an Offer of the item in a state, half a minute at most."""
        for _ in range(1_500):
            found = await self.all(
                "SELECT id, agent_id FROM offer WHERE work_item_id = %s AND state = %s"
                " ORDER BY made_at DESC",
                *(item, state),
            )
            if found:
                return found[0]
            await asyncio.sleep(0.02)
        raise AssertionError(f"no offer became {state}")


@contextlib.asynccontextmanager
async def routing(database, name="first"):
    running = asyncio.create_task(router.run(database, now, name))
    try:
        yield running
    finally:
        running.cancel()
        with contextlib.suppress(asyncio.CancelledError):
            await running


async def replayed(database):
    """Live through the whole journal again; return how many beginnings and decisions it has."""
    begins = decisions = 0
    async with database.reads() as session:
        async for one in replay.replay(session, None, None):
            assert one.difference is None, one.difference
            begins += one.cycle.kind == "begin"
            decisions += len(one.decided)
    return begins, decisions


async def test_what_waited_and_what_arrives_is_offered_with_its_reasons(database):
    desk = await Desk.open(database)
    waited = await desk.arrive()
    async with routing(database):
        offer, who = await desk.offer_of(waited)
        arrived = await desk.arrive("chat")
        await desk.offer_of(arrived)
    assert who == desk.agents[0]
    why = await desk.one("SELECT why FROM offer WHERE id = %s", offer)
    assert why["agent"]["total"] == sum(v for k, v in why["agent"].items() if k != "total")
    assert await desk.one("SELECT routed_units FROM agent_load") == 83
    assert await desk.one("SELECT count(*) FROM event WHERE type = 'offer.made'") == 2


async def test_the_pace_of_live_work_is_known_at_the_beginning_and_told_when_it_changes(
    database, monkeypatch
):
    monkeypatch.setattr(router, "PACE_S", 0.0)
    desk = await Desk.open(database)
    await desk.arrive("voice")
    owner = router.Owner(database, Reign(0, asyncio.Event()), now)
    await owner.begin()
    first = owner._pace
    assert [count for count, _ in first.pools.values()] == [1]
    async with database.direct() as log:
        await owner._look(log)
        assert owner._pace.pools == first.pools
        await desk.arrive("voice")
        await owner._look(log)
        await owner._tend(log)
    assert [count for count, _ in owner._pace.pools.values()] == [2]
    async with database.reads() as session:
        lived = [one async for one in replay.replay(session, None, None)]
    assert [one.difference for one in lived] == [None] * len(lived)
    assert lived[-1].state.pools.asked == owner._state.pools.asked != {}


async def test_batches_on_their_way_together_overdraw_nobody(database, monkeypatch):
    monkeypatch.setattr(backlog, "BATCH", 2)
    commit, abreast, most = router.Owner._commit, 0, 0

    async def counted(self, part):
        nonlocal abreast, most
        abreast += 1
        most = max(most, abreast)
        try:
            return await commit(self, part)
        finally:
            abreast -= 1

    monkeypatch.setattr(router.Owner, "_commit", counted)
    desk = await Desk.open(database, agents=3)
    for _ in range(11):
        await desk.arrive("chat")
    owner = router.Owner(database, Reign(0, asyncio.Event()), now)
    await owner.begin()
    assert not await owner._carry_out()
    assert most == backlog.ABREAST
    async with database.direct() as log:
        news, _ = await owner._read_log(log)
    assert not news, "its own Offers are no news to the owner"
    assert not owner._loads
    assert await desk.all("SELECT routed_units FROM agent_load") == [(99,)] * 3
    states = await desk.all("SELECT state, count(*) FROM work_item GROUP BY 1 ORDER BY 1")
    assert states == [("offered", 9), ("waiting", 2)]
    assert await desk.one("SELECT count(*) FROM event WHERE type = 'offer.made'") == 9
    assert await replayed(database) == (1, 9)


async def test_finished_work_makes_room_for_the_next(database):
    desk = await Desk.open(database, cap_max=50)
    first, second = await desk.arrive(), await desk.arrive()
    async with routing(database):
        offer, who = await desk.offer_of(first)
        async with database.transaction() as session:
            await handle.accept(session, offer, who, now())
        await asyncio.sleep(0.6)
        assert await desk.one("SELECT count(*) FROM offer WHERE work_item_id = %s", second) == 0
        async with database.transaction() as session:
            await handle.finish(session, first, SYSTEM, now())
        await desk.offer_of(second)


async def test_a_declined_offer_goes_to_somebody_else(database):
    desk = await Desk.open(database, agents=2)
    item = await desk.arrive()
    async with routing(database):
        offer, who = await desk.offer_of(item)
        async with database.transaction() as session:
            await handle.decline(session, offer, who, now(), "busy")
        _, other = await desk.offer_of(item)
    assert {who, other} == set(desk.agents)


async def test_an_unanswered_chat_makes_the_agent_not_responding_on_chat(database):
    desk = await Desk.open(database, agents=2)
    await set_timeout(database, desk, "chat", 1)
    item = await desk.arrive("chat")
    async with routing(database):
        offer, who = await desk.offer_of(item)
        deadline = await desk.one("SELECT deadline FROM offer WHERE id = %s", offer)
        await desk.offer_of(item, "missed")
        settled = await desk.one("SELECT settled_at FROM offer WHERE id = %s", offer)
        assert settled >= deadline
        others = "SELECT agent_id FROM offer WHERE work_item_id = %s AND id <> %s"
        for _ in range(1_500):  # he may let it pass as well: whatever its state
            if asked := await desk.all(others, item, offer):
                break
            await asyncio.sleep(0.02)
        assert asked == [(one,) for one in desk.agents if one != who]
    row = await desk.all(
        "SELECT p.silent, l.misses, p.version = l.presence_version FROM agent_presence p"
        " JOIN agent_load l USING (agent_id) WHERE p.agent_id = %s",
        who,
    )
    assert row == [(["chat"], {"chat": 1, "all": 1}, True)]


async def set_timeout(database, desk, channel, seconds):
    async with database.transaction() as session:
        await session.execute(
            "UPDATE queue SET offer_timeout_s = jsonb_build_object(%s::text, %s::int)"
            " WHERE id = %s",
            [channel, seconds, desk.department.triage],
        )


async def test_two_routers_never_offer_one_item_twice(database):
    desk = await Desk.open(database, agents=4)
    async with routing(database, "first"), routing(database, "second"):
        items = [await desk.arrive() for _ in range(8)]
        for item in items:
            await desk.offer_of(item)
    assert await desk.one("SELECT count(*) FROM offer") == 8
    assert await desk.one("SELECT count(DISTINCT epoch) FROM offer") == 1
    assert await desk.one("SELECT max(routed_units) FROM agent_load") == 100


async def test_an_owner_whose_epoch_was_stolen_steps_down_and_stands_again(database):
    desk = await Desk.open(database)
    async with routing(database):
        await desk.offer_of(await desk.arrive())
        async with database.transaction() as session:
            await session.execute("UPDATE router_shard SET epoch = epoch + 7")
        stolen = await desk.arrive()
        await desk.offer_of(stolen)
        epochs = await desk.all("SELECT epoch FROM offer ORDER BY made_at")
    assert epochs[1][0] > epochs[0][0] + 7


async def test_a_hung_owner_is_replaced_without_its_lock(database):
    desk = await Desk.open(database)
    async with database.direct() as hung:
        await hung.execute("SELECT pg_advisory_lock(70656431)")
        await hung.execute(
            "UPDATE router_shard SET epoch = 5, owner = 'hung',"
            " beat_at = clock_timestamp() - interval '6 seconds'"
        )
        async with routing(database):
            await desk.offer_of(await desk.arrive())
            owner = await desk.one("SELECT owner FROM router_shard")
    assert owner == "first (without lock)"
    assert await desk.one("SELECT epoch FROM offer") == 6


@pytest.mark.parametrize("_", range(3))
async def test_a_hundred_racing_accepts_have_one_winner(database, server, database_name, _):
    desk = await Desk.open(database)
    item = await desk.arrive()
    turns = asyncio.Semaphore(20)
    async with routing(database), Database(server.url(database_name), size=20) as crowd:
        offer, who = await desk.offer_of(item)

        async def take():
            async with turns, crowd.transaction() as session:
                return await handle.accept(session, offer, who, now())

        answers = await asyncio.gather(*(take() for _ in range(100)), return_exceptions=True)
    won = [one for one in answers if isinstance(one, handle.Handled)]
    codes = {getattr(one, "code", repr(one)) for one in answers if one not in won}
    assert len(won) == 1
    assert codes == {"offer.settled"}
    assert await desk.one("SELECT routed_units FROM agent_load") == 50


OWNER = """
import asyncio, sys
from polyphony.app import clock
from polyphony.jobs import backlog, router
from polyphony.store.database import Database
from polyphony.store.database import Database

async def main():
    async with Database(sys.argv[1], size=4) as database:
        await router.run(database, clock.now, "owner")

asyncio.run(main())
"""


async def test_a_killed_owner_is_replaced_and_nothing_is_lost(database, server, database_name):
    desk = await Desk.open(database, agents=4)
    owner = await asyncio.create_subprocess_exec(
        *(sys.executable, "-c", OWNER, server.url(database_name)),
        env={**os.environ, "PYTHONPATH": "src"},
        stdout=asyncio.subprocess.DEVNULL,
    )
    try:
        items = [await desk.arrive() for _ in range(4)]
        await desk.offer_of(items[0])
        async with routing(database, "spare"):
            await asyncio.sleep(0.7)  # the spare stands by
            owner.send_signal(signal.SIGKILL)
            items.append(await desk.arrive())
            await desk.offer_of(items[-1])
            for item in items:
                await desk.offer_of(item)
    finally:
        with contextlib.suppress(ProcessLookupError):
            owner.kill()
        await owner.wait()
    assert await desk.one("SELECT count(*) FROM offer") == 5
    assert await desk.one("SELECT count(DISTINCT epoch) FROM offer") == 2
    assert (await replayed(database))[0] == 2


async def test_a_slow_writer_elsewhere_delays_no_offer(database, server, database_name):
    desk = await Desk.open(database)
    slow = await psycopg.AsyncConnection.connect(server.url(database_name))
    try:
        await slow.execute("SELECT pg_current_xact_id()")  # holds the horizon of the log
        async with routing(database):
            await desk.offer_of(await desk.arrive())
            await desk.offer_of(await desk.arrive())  # while the other still writes
    finally:
        await slow.close()


async def test_refused_decisions_are_made_again_on_fresh_facts(database):
    """What the state believes and the tables do not is found out by the commit, not by luck."""
    desk = await Desk.open(database, agents=2)
    async with routing(database):
        await desk.offer_of(await desk.arrive())
        async with database.transaction() as session:  # somebody changed rows behind our back
            await session.execute("UPDATE agent_load SET presence_version = presence_version + 1")
            await session.execute("UPDATE agent_presence SET version = version + 1")
        for _ in range(3):
            await desk.offer_of(await desk.arrive())
    assert await desk.one("SELECT max(routed_units) FROM agent_load") == 100


async def test_racing_routers_and_agents_break_nothing(database):
    """Three routers steal the epoch from each other while agents accept, finish, come and go."""
    desk = await Desk.open(database, agents=6)
    items = [await desk.arrive("chat" if n % 2 else "email") for n in range(30)]
    async with contextlib.AsyncExitStack() as stack:
        for name in ("first", "second", "third"):
            await stack.enter_async_context(routing(database, name))
        for _ in range(600):
            if await desk.one("SELECT count(*) FROM routing_cycle"):
                break  # the first has decided something
            await asyncio.sleep(0.05)
        thieves = asyncio.create_task(steal(database, 8))
        await asyncio.gather(*(work_on(desk, who) for who in desk.agents))
        await thieves
    done = await desk.one("SELECT count(*) FROM work_item WHERE state = 'done'")
    assert done == len(items)
    assert (
        await desk.all(
            "SELECT routed_units, manual_units, exclusive_live FROM agent_load"
            " WHERE routed_units <> 0 OR manual_units <> 0"
        )
        == []
    )
    assert await desk.one("SELECT count(*) FROM offer WHERE state = 'accepted'") == len(items)
    begins, decisions = await replayed(database)
    assert begins == await desk.one("SELECT count(DISTINCT epoch) FROM routing_cycle")
    assert begins > 1, "also across takeovers"
    made = await desk.one("SELECT count(*) FROM offer WHERE epoch > 0")
    assert decisions >= made
    assert made == await desk.one(
        "SELECT count(*) FROM offer o WHERE EXISTS (SELECT FROM routing_cycle c"
        " WHERE (c.epoch, c.no) = (o.epoch, o.cycle))"
    ), "every Offer names the step that decided it"


async def steal(database, times):
    for _ in range(times):
        await asyncio.sleep(0.25)
        async with database.transaction() as session:
            await session.execute("UPDATE router_shard SET epoch = epoch + 1")


async def work_on(desk, who):
    """Accept and finish whatever is offered, and take a break now and then, until all is done."""
    for turn in range(2_000):  # a busy machine takes its time
        left = await desk.one("SELECT count(*) FROM work_item WHERE state <> 'done'")
        if not left:
            return
        mine = await desk.all(
            "SELECT id, work_item_id FROM offer WHERE agent_id = %s AND state = 'offered'", who
        )
        for offer, item in mine:
            with contextlib.suppress(Refusal):
                async with desk.database.transaction() as session:
                    await handle.accept(session, offer, who, now())
                async with desk.database.transaction() as session:
                    await handle.finish(session, item, SYSTEM, now())
        if turn % 7 == 3:
            for status in ("busy", "online"):
                async with desk.database.transaction() as session:
                    await attend.choose(session, who, attend.Wish(status), now())
        await asyncio.sleep(0.02)
    raise AssertionError("work was left over")
