"""The owner loop on a real database: offers, misses, two routers, a stolen epoch, a hung owner."""

import asyncio
import contextlib
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from uuid import UUID

import pytest
from tests.make.account import account
from tests.make.agent import agent
from tests.make.case import case
from tests.make.customer import customer
from tests.make.department import department

from polyphony.domain.event import SYSTEM
from polyphony.flows import handle
from polyphony.flows.announce import announce
from polyphony.jobs import router


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
        """Wait for an Offer of the item in a state."""
        for _ in range(200):
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
        missed, _ = await desk.offer_of(item, "missed")
        settled = await desk.one("SELECT settled_at FROM offer WHERE id = %s", missed)
        assert missed == offer
        assert timedelta(0) <= settled - deadline <= timedelta(milliseconds=250)
        _, other = await desk.offer_of(item)
    assert other != who
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
async def test_a_hundred_racing_accepts_have_one_winner(database, _):
    desk = await Desk.open(database)
    item = await desk.arrive()
    async with routing(database):
        offer, who = await desk.offer_of(item)

        async def take():
            async with database.transaction() as session:
                return await handle.accept(session, offer, who, now())

        answers = await asyncio.gather(*(take() for _ in range(100)), return_exceptions=True)
    won = [one for one in answers if isinstance(one, handle.Handled)]
    codes = {getattr(one, "code", repr(one)) for one in answers if one not in won}
    assert len(won) == 1
    assert codes == {"offer.settled"}
    assert await desk.one("SELECT routed_units FROM agent_load") == 50
