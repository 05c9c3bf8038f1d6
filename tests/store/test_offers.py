"""Offers are made only if everything still fits, and the database forbids what must not be."""

import psycopg
import pytest
from psycopg import errors
from tests.make.account import account
from tests.make.agent import agent
from tests.make.case import case
from tests.make.customer import customer
from tests.make.department import department
from tests.make.moment import at, new_id

from polyphony.domain.routing.match import rebuild
from polyphony.domain.service_hours import to_ms
from polyphony.domain.work import WorkState
from polyphony.store import agents, offers, queues, work
from polyphony.store.offers import NewOffer, Settle, Stamp

STAMP = Stamp(None, 0, at(1))


class Desk:
    def __init__(self, session):
        self.session = session

    async def open(self):
        self.department = await department(self.session)
        self.jana = await agent(self.session, self.department.id, queues=[self.department.triage])
        return self

    async def item(self, channel="email"):
        box = await account(self.session, self.department.id, kind=channel)
        who = await customer(self.session, kind=channel)
        made = await case(
            *(self.session, self.department, box, who),
            channel=channel,
            queue=self.department.triage,
        )
        return made.work_item

    def offer(self, item, *, item_version=1, presence_version=1, who=None):
        return NewOffer(
            new_id(), item, who or self.jana, item_version, presence_version, at(60), {"a": 1}
        )

    async def load(self):
        found = await self.session.execute(
            "SELECT routed_units, exclusive_live, version FROM agent_load WHERE agent_id = %s",
            [self.jana],
        )
        return await found.fetchone()

    async def epoch(self, value):
        await self.session.execute("UPDATE router_shard SET epoch = %s", [value])


@pytest.fixture
async def desk(session):
    return await Desk(session).open()


async def test_a_batch_is_made_in_one_statement_with_load_and_versions(desk):
    first, second = await desk.item(), await desk.item("chat")
    await desk.epoch(4)
    made = await offers.make(
        desk.session, [desk.offer(first), desk.offer(second)], Stamp(4, 9, at(1))
    )
    assert made == {first, second}
    assert await desk.load() == (83, 0, 2)
    found = await desk.session.execute(
        "SELECT o.epoch, o.cycle, o.why, w.state, w.version, w.agent_id FROM offer o"
        " JOIN work_item w ON w.id = o.work_item_id WHERE w.id = %s",
        [first],
    )
    assert await found.fetchone() == (4, 9, {"a": 1}, "offered", 2, desk.jana)


@pytest.mark.parametrize("wrong", [{"item_version": 2}, {"presence_version": 2}, {"who": new_id()}])
async def test_what_has_moved_on_is_refused(desk, wrong):
    item = await desk.item()
    assert await offers.make(desk.session, [desk.offer(item, **wrong)], STAMP) == set()
    assert (await desk.load())[0] == 0


async def test_another_epoch_makes_nothing_settles_nothing_notes_nothing(desk):
    item = await desk.item()
    await desk.epoch(5)
    stale = Stamp(4, 1, at(1))
    assert await offers.make(desk.session, [desk.offer(item)], stale) == set()
    await work.note(desk.session, [work.Note(item, step=2)], 4)
    assert (await work.facts(desk.session, [item]))[0].ladder_step == 0
    await offers.make(desk.session, [desk.offer(item)], Stamp(5, 1, at(1)))
    assert await offers.settle(desk.session, [Settle(item, desk.jana, "missed")], stale) == []


async def test_of_too_many_the_first_ones_fit(desk):
    items = sorted([await desk.item() for _ in range(3)])
    made = await offers.make(desk.session, [desk.offer(one) for one in items], STAMP)
    assert made == set(items[:2])
    assert (await desk.load())[0] == 100


async def test_an_exclusive_item_is_alone(desk):
    call, mail = sorted([await desk.item(), await desk.item()])
    await desk.session.execute(
        "UPDATE work_item SET exclusive = true, units = 60 WHERE id = %s", [call]
    )
    await desk.session.execute("UPDATE agent_load SET cap_max = 300")
    made = await offers.make(desk.session, [desk.offer(call), desk.offer(mail)], STAMP)
    assert made == {call}
    assert (await desk.load())[:2] == (60, 1)
    assert await offers.make(desk.session, [desk.offer(mail)], STAMP) == set()


async def test_a_settled_offer_frees_the_units_and_keeps_the_agent_away(desk):
    item = await desk.item()
    await offers.make(desk.session, [desk.offer(item)], STAMP)
    miss = Settle(
        *(item, desk.jana, "missed", 2),
        excluded="missed",
        until=at(61),
        misses={"email": 1, "all": 1},
    )
    done = await offers.settle(desk.session, [miss], STAMP)
    assert [(one.item, one.agent) for one in done] == [(item, desk.jana)]
    assert (await desk.load())[0] == 0
    facts = (await work.facts(desk.session, [item]))[0]
    assert (facts.state, facts.version, facts.agent) == (WorkState.WAITING, 3, None)
    assert [(one.agent, one.until) for one in facts.exclusions] == [(desk.jana, to_ms(at(61)))]
    assert (await agents.facts(desk.session, [desk.jana]))[0].misses == {"email": 1, "all": 1}
    assert await offers.settle(desk.session, [miss], STAMP) == []


async def test_an_offer_of_another_version_is_not_settled(desk):
    item = await desk.item()
    await offers.make(desk.session, [desk.offer(item)], STAMP)
    assert await offers.settle(desk.session, [Settle(item, desk.jana, "missed", 1)], STAMP) == []


async def test_the_database_forbids_what_must_not_be(desk, session):
    item, other = await desk.item(), await desk.item()
    await offers.make(session, [desk.offer(item)], STAMP)

    async def forbidden(error, query, *params):
        with pytest.raises(error):
            async with session.transaction():
                await session.execute(query, params)

    second = (
        "INSERT INTO offer (id, work_item_id, agent_id, made_at, deadline, epoch, cycle)"
        " VALUES (%s, %s, %s, now(), now(), 1, 1)"
    )
    await forbidden(errors.UniqueViolation, second, new_id(), item, desk.jana)
    await forbidden(errors.CheckViolation, "UPDATE agent_load SET routed_units = 101")
    await forbidden(errors.CheckViolation, "UPDATE agent_load SET routed_units = -1")
    await session.execute("UPDATE agent_load SET cap_max = 10")  # below present use is allowed
    await forbidden(errors.CheckViolation, "UPDATE agent_load SET routed_units = 51")
    await session.execute("UPDATE agent_load SET routed_units = 20")
    await forbidden(
        errors.CheckViolation, "UPDATE work_item SET agent_id = NULL WHERE id = %s", item
    )
    await forbidden(
        errors.CheckViolation, "UPDATE work_item SET agent_id = %s WHERE id = %s", desk.jana, other
    )
    await forbidden(errors.CheckViolation, "UPDATE work_item SET state = 'lost'")
    await session.execute("UPDATE offer SET state = 'accepted'")
    for state in ("offered", "missed", "withdrawn"):
        await forbidden(errors.CheckViolation, "UPDATE offer SET state = %s", state)


async def test_two_exclusive_items_of_one_agent_are_forbidden(desk, session):
    items = [await desk.item(), await desk.item()]
    with pytest.raises(psycopg.errors.UniqueViolation):
        await session.execute(
            "UPDATE work_item SET exclusive = true, state = 'in_work', agent_id = %s"
            " WHERE id = ANY(%s)",
            [desk.jana, items],
        )


async def test_stays_of_one_item_never_overlap(desk, session):
    item = await desk.item()
    with pytest.raises(psycopg.errors.ExclusionViolation):
        await session.execute(
            "INSERT INTO queue_stay (id, work_item_id, queue_id, entered_at)"
            " VALUES (%s, %s, %s, %s)",
            [new_id(), item, desk.department.triage, at(5)],
        )


async def test_the_facts_of_the_tables_lead_to_the_offers_the_tables_take(desk, session):
    """Tables → facts → decisions → tables: what the core decides on them, they accept."""
    for channel in ("email", "chat", "chat", "email"):
        await desk.item(channel)
    policy = await queues.policy(session, 1)
    _, decided = rebuild(
        policy, await work.facts(session), await agents.facts(session, [desk.jana]), to_ms(at(9))
    )
    batch = [
        NewOffer(
            *(new_id(), one.item, one.agent, one.item_version, one.presence_version, at(60)),
            one.why(),
        )
        for one in decided
        if hasattr(one, "deadline")
    ]
    assert len(batch) == 2
    assert len(await offers.make(session, batch, STAMP)) == 2
    assert (await desk.load())[0] == 83
