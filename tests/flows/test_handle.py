"""What agents do with work: each move with its pairing, its load, its Stay and its events."""

from dataclasses import dataclass
from datetime import timedelta
from uuid import UUID

import pytest
from tests.make.account import account
from tests.make.agent import agent
from tests.make.case import case
from tests.make.customer import customer
from tests.make.department import department
from tests.make.moment import AT, at, new_id
from tests.make.queue import queue

from polyphony.domain.errors import Conflict, Invalid, NotFound
from polyphony.domain.event import Actor
from polyphony.domain.move import By
from polyphony.flows import handle
from polyphony.flows.fall_due import fall_due
from polyphony.store import offers, work
from polyphony.store.offers import NewOffer, Stamp


@dataclass
class Desk:
    session: object
    queue: UUID
    other: UUID
    jana: UUID
    petr: UUID
    item: UUID
    interaction: UUID
    case: UUID

    async def one(self, query, *params):
        row = await (await self.session.execute(query, params)).fetchone()
        return row[0] if len(row) == 1 else row

    async def work(self):
        return await self.one(
            "SELECT state, agent_id, queue_id, version, waiting_since FROM work_item WHERE id = %s",
            self.item,
        )

    async def pairing(self):
        return await self.one(
            "SELECT state, agent_id FROM interaction WHERE id = %s", self.interaction
        )

    async def load(self, who):
        return await self.one(
            "SELECT routed_units, manual_units FROM agent_load WHERE agent_id = %s", who
        )

    async def stays(self):
        found = await self.session.execute(
            "SELECT queue_id, how FROM queue_stay WHERE work_item_id = %s ORDER BY entered_at, how",
            [self.item],
        )
        return await found.fetchall()

    async def offer(self, who, seconds=0):
        facts = (await work.facts(self.session, [self.item]))[0]
        made = NewOffer(new_id(), self.item, who, facts.version, 1, at(seconds + 120), {})
        assert await offers.make(self.session, [made], Stamp(None, 0, at(seconds)))
        return made.id

    async def types(self):
        found = await self.session.execute("SELECT type FROM event ORDER BY id")
        return {row[0] for row in await found.fetchall()}


@pytest.fixture
async def desk(session):
    made = await department(session)
    box = await account(session, made.id, kind="chat")
    who = await customer(session, kind="chat")
    other = await queue(session, made.id, "Other")
    jana = await agent(session, made.id, name="Jana", queues=[made.triage])
    petr = await agent(session, made.id, name="Petr", queues=[made.triage])
    matter = await case(session, made, box, who, channel="chat", queue=made.triage)
    await session.execute(
        "UPDATE interaction SET state = 'waiting' WHERE id = %s", [matter.interaction]
    )
    return Desk(
        session, made.triage, other, jana, petr, matter.work_item, matter.interaction, matter.id
    )


async def test_whoever_accepts_has_the_work_and_the_case_an_owner(desk):
    offer = await desk.offer(desk.jana)
    done = await handle.accept(desk.session, offer, desk.jana, at(5))
    assert done == handle.Handled(desk.item, desk.interaction, desk.case, offer)
    assert (await desk.work())[:2] == ("in_work", desk.jana)
    assert await desk.pairing() == ("with_agent", desk.jana)
    assert await desk.load(desk.jana) == (33, 0)
    assert await desk.stays() == [(desk.queue, "taken")]
    assert await desk.one("SELECT owner_id FROM case_ WHERE id = %s", desk.case) == desk.jana
    assert {"offer.accepted", "work_item.accepted"} <= await desk.types()


async def test_an_offer_is_settled_once_and_the_loser_hears_how(desk):
    offer = await desk.offer(desk.jana)
    await handle.accept(desk.session, offer, desk.jana, at(5))
    for act in (handle.accept, handle.decline):
        with pytest.raises(Conflict) as refused:
            await act(desk.session, offer, desk.jana, at(6))
        assert refused.value.code == "offer.settled"
        assert refused.value.facts["outcome"] == "accepted"
        assert refused.value.facts["by"] == "Jana"


async def test_nobody_answers_the_offer_of_another(desk):
    offer = await desk.offer(desk.jana)
    with pytest.raises(NotFound):
        await handle.accept(desk.session, offer, desk.petr, at(5))
    with pytest.raises(NotFound):
        await handle.decline(desk.session, new_id(), desk.petr, at(5))


async def test_a_decline_frees_the_units_and_excludes_for_300_s_then_for_the_stay(desk):
    for declines, until in ((1, at(1 + 300)), (2, None)):
        offer = await desk.offer(desk.jana)
        await handle.decline(desk.session, offer, desk.jana, at(1), "busy")
        row = await desk.one(
            "SELECT until, reason, times FROM exclusion WHERE agent_id = %s", desk.jana
        )
        assert row == (until, "declined", declines)
    assert await desk.load(desk.jana) == (0, 0)
    state, agent_id, _, version, since = await desk.work()
    assert (state, agent_id, version, since) == ("waiting", None, 5, AT)
    assert await desk.stays() == [(desk.queue, None)]


async def test_a_queue_may_demand_a_reason_for_declining(desk):
    await desk.session.execute("UPDATE queue SET decline_reasons = '{busy,unskilled}'")
    offer = await desk.offer(desk.jana)
    with pytest.raises(Invalid):
        await handle.decline(desk.session, offer, desk.jana, at(1))
    await handle.decline(desk.session, offer, desk.jana, at(1), "busy")


async def test_claimed_work_counts_as_taken_by_hand_and_the_slower_one_hears_who_has_it(desk):
    await handle.claim(desk.session, desk.item, desk.jana, at(1))
    assert await desk.load(desk.jana) == (0, 33)
    with pytest.raises(Conflict) as refused:
        await handle.claim(desk.session, desk.item, desk.petr, at(2))
    assert refused.value.code == "offer.settled"
    assert refused.value.facts["by"] == "Jana"


async def test_only_a_supervisor_goes_over_capacity(desk):
    await desk.session.execute("UPDATE agent_load SET cap_max = 20")
    with pytest.raises(Conflict) as refused:
        await handle.claim(desk.session, desk.item, desk.jana, at(1))
    assert refused.value.code == "agent.no_capacity"
    await handle.assign(desk.session, desk.item, desk.jana, Actor("person", desk.petr), at(2))
    assert await desk.load(desk.jana) == (0, 33)


async def test_a_supervisor_takes_work_from_whoever_has_it(desk):
    offer = await desk.offer(desk.jana)
    await handle.assign(desk.session, desk.item, desk.petr, Actor("person", desk.jana), at(1))
    assert await desk.one("SELECT state FROM offer WHERE id = %s", offer) == "withdrawn"
    await handle.assign(desk.session, desk.item, desk.jana, Actor("person", desk.petr), at(2))
    assert (await desk.work())[:2] == ("in_work", desk.jana)
    assert await desk.load(desk.petr) == (0, 0)


async def test_given_back_work_keeps_its_place_in_the_line(desk):
    offer = await desk.offer(desk.jana)
    await handle.accept(desk.session, offer, desk.jana, at(5))
    await handle.give_back(desk.session, desk.item, Actor("person", desk.jana), at(60))
    state, agent_id, _, _, since = await desk.work()
    assert (state, agent_id, since) == ("waiting", None, AT)
    assert await desk.pairing() == ("waiting", None)
    assert await desk.load(desk.jana) == (0, 0)
    assert await desk.one("SELECT idle_since FROM agent_load WHERE agent_id=%s", desk.jana) == at(
        60
    )
    assert [how for _, how in await desk.stays()] == ["taken", None]


async def test_work_is_transferred_to_a_queue_with_its_old_waiting_start(desk):
    offer = await desk.offer(desk.jana)
    await handle.accept(desk.session, offer, desk.jana, at(5))
    me = Actor("person", desk.jana)
    await handle.transfer(desk.session, desk.item, handle.Target(queue=desk.other), me, at(9))
    state, _, where, _, since = await desk.work()
    assert (state, where, since) == ("waiting", desk.other, AT)
    assert await desk.stays() == [(desk.queue, "taken"), (desk.other, None)]


async def test_a_transfer_to_a_person_is_offered_to_him_first(desk):
    await handle.claim(desk.session, desk.item, desk.jana, at(1))
    me = Actor("person", desk.jana)
    await handle.transfer(desk.session, desk.item, handle.Target(agent=desk.petr), me, at(9))
    assert (await desk.work())[:2] == ("offered", desk.petr)
    assert await desk.load(desk.petr) == (33, 0)
    assert await desk.one("SELECT sticky FROM work_item WHERE id = %s", desk.item) == desk.petr


async def test_a_transfer_needs_somebody_who_is_there(desk):
    await desk.session.execute(
        "UPDATE agent_presence SET status = 'break' WHERE agent_id = %s", [desk.petr]
    )
    me = Actor("person", desk.jana)
    for to, code in (
        (handle.Target(agent=desk.petr), "agent.not_available"),
        (handle.Target(queue=new_id()), "queue.unknown"),
        (handle.Target(), "transfer.target_missing"),
    ):
        with pytest.raises((Conflict, NotFound, Invalid)) as refused:
            await handle.transfer(desk.session, desk.item, to, me, at(9))
        assert refused.value.code == code


async def test_waiting_work_moves_to_another_queue_by_a_new_stay(desk):
    me = Actor("person", desk.jana)
    await handle.transfer(desk.session, desk.item, handle.Target(queue=desk.other), me, at(9))
    assert await desk.stays() == [(desk.queue, "transfer"), (desk.other, None)]


@pytest.mark.parametrize(
    ("for_", "state"), [("date", "waiting"), ("third_party", "waiting"), ("customer", "quiet")]
)
async def test_parked_work_frees_the_units_and_waits_again_when_woken(desk, for_, state):
    await handle.claim(desk.session, desk.item, desk.jana, at(1))
    me = Actor("person", desk.jana)
    until = at(86_400)
    await handle.park(desk.session, desk.item, until, for_, me, at(2))
    assert await desk.load(desk.jana) == (0, 0)
    assert await desk.pairing() == (state, None)
    assert await desk.one("SELECT wake_at FROM work_item WHERE id = %s", desk.item) == until
    await handle.wake(desk.session, desk.item, me, at(3))
    assert (await desk.work())[0] == "waiting"
    assert await desk.pairing() == ("waiting", None)


async def test_work_is_not_parked_into_the_past_or_for_nobody(desk):
    me = Actor("person", desk.jana)
    with pytest.raises(Invalid):
        await handle.park(desk.session, desk.item, at(-1), "date", me, at(2))
    with pytest.raises(Invalid):
        await handle.park(desk.session, desk.item, at(0) + timedelta(days=400), "date", me, at(2))
    with pytest.raises(Invalid):
        await handle.park(desk.session, desk.item, at(60), "ever", me, at(2))


async def test_finishing_a_chat_ends_it_and_frees_the_agent(desk):
    await handle.claim(desk.session, desk.item, desk.jana, at(1))
    await desk.session.execute("UPDATE interaction SET mode = 'live'")
    await handle.finish(desk.session, desk.item, Actor("person", desk.jana), at(9), "solved")
    row = await desk.one("SELECT state, disposition FROM work_item WHERE id = %s", desk.item)
    assert row == ("done", "solved")
    assert (await desk.pairing())[0] == "ended"
    assert await desk.load(desk.jana) == (0, 0)
    assert await desk.one("SELECT state FROM case_") == "solved"


async def test_finishing_asynchronous_work_leaves_the_interaction_quiet(desk):
    await handle.claim(desk.session, desk.item, desk.jana, at(1))
    await desk.session.execute("UPDATE interaction SET mode = 'async'")
    await handle.finish(desk.session, desk.item, Actor("person", desk.jana), at(9))
    assert await desk.pairing() == ("quiet", None)


@pytest.mark.parametrize(("last_staff", "state"), [(0, "solved"), (10**15, "wait_customer")])
async def test_a_matter_whose_last_work_is_finished_is_not_left_open(desk, last_staff, state):
    await handle.claim(desk.session, desk.item, desk.jana, at(1))
    await desk.session.execute("UPDATE interaction SET mode = 'async'")
    await desk.session.execute("UPDATE case_ SET last_staff = %s", [last_staff])
    await handle.finish(desk.session, desk.item, Actor("person", desk.jana), at(9))
    assert await desk.one("SELECT state FROM case_") == state


async def test_wrap_up_holds_the_units_until_it_is_finished(desk):
    await desk.session.execute("UPDATE queue SET wrap_up_s = 30")
    await handle.claim(desk.session, desk.item, desk.jana, at(1))
    me = Actor("person", desk.jana)
    await handle.finish(desk.session, desk.item, me, at(9))
    assert (await desk.work())[0] == "wrap_up"
    assert await desk.load(desk.jana) == (0, 33)
    await handle.finish(desk.session, desk.item, me, at(12), "solved")
    assert (await desk.work())[0] == "done"
    assert await desk.load(desk.jana) == (0, 0)


async def test_wrap_up_ends_by_itself_after_the_seconds_of_the_queue(desk):
    await desk.session.execute("UPDATE queue SET wrap_up_s = 30")
    await handle.claim(desk.session, desk.item, desk.jana, at(1))
    await handle.finish(desk.session, desk.item, Actor("person", desk.jana), at(9))
    assert await fall_due(desk.session, at(38)) == 0
    assert await fall_due(desk.session, at(39)) == 1
    assert (await desk.work())[0] == "done"
    assert await desk.one("SELECT state FROM case_") == "solved"
    assert await desk.load(desk.jana) == (0, 0)


async def test_parked_work_wakes_at_its_moment(desk):
    await handle.claim(desk.session, desk.item, desk.jana, at(1))
    await handle.park(
        desk.session, desk.item, at(60), "customer", Actor("person", desk.jana), at(2)
    )
    assert await fall_due(desk.session, at(59)) == 0
    assert await fall_due(desk.session, at(60)) == 1
    assert (await desk.work())[0] == "waiting"
    assert await desk.pairing() == ("waiting", None)


async def test_a_queue_may_demand_a_disposition(desk):
    await desk.session.execute("UPDATE queue SET disposition_required = true")
    await handle.claim(desk.session, desk.item, desk.jana, at(1))
    with pytest.raises(Invalid):
        await handle.finish(desk.session, desk.item, Actor("person", desk.jana), at(9))


async def test_moves_that_are_not_possible_are_conflicts(desk):
    me = Actor("person", desk.jana)
    with pytest.raises(Conflict):
        await handle.finish(desk.session, desk.item, me, at(9))
    with pytest.raises(Conflict):
        await handle.wake(desk.session, desk.item, me, at(9))
    with pytest.raises(Conflict):
        await handle.give_back(desk.session, desk.item, me, at(9))
    with pytest.raises(NotFound):
        await handle.claim(desk.session, new_id(), desk.jana, at(9), By.AGENT)


async def test_pulling_takes_what_has_waited_longest(desk):
    done = await handle.next_of(desk.session, desk.queue, desk.jana, at(1))
    assert done.work_item == desk.item
    assert await handle.next_of(desk.session, desk.queue, desk.jana, at(2)) is None
