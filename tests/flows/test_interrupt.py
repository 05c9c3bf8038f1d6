"""Work is suspended for what must not wait, resumed, asked back for, given back; items overflow."""

import pytest
from tests.flows.test_route import NOW, STAMP, Because, Desk
from tests.make.moment import at, new_id
from tests.make.promise import climbing, ladder, policy

from polyphony.domain.event import Actor
from polyphony.domain.offer import Exclusion
from polyphony.domain.routing.decisions import (
    Alert,
    AskBack,
    Blocked,
    Expire,
    GiveBack,
    MoveQueue,
    Offer,
    Resume,
    Suspend,
)
from polyphony.domain.routing.facts import Refused
from polyphony.flows import handle, route
from polyphony.store import work
from polyphony.store.offers import Stamp


@pytest.fixture
async def desk(session):
    return await Desk(session).open()


async def taken(desk, channel="email"):
    """An item offered to Jana and accepted by her."""
    item = await desk.item(channel)
    await route.commit(desk.session, [desk.offer(item)], STAMP)
    found = await desk.session.execute("SELECT id FROM offer WHERE state = 'offered'")
    await handle.accept(desk.session, (await found.fetchone())[0], desk.jana, at(2))
    return item


async def facts(desk, item):
    return (await work.facts(desk.session, [item]))[0]


async def load(desk):
    found = await desk.session.execute("SELECT routed_units, exclusive_live FROM agent_load")
    return await found.fetchone()


async def test_work_is_suspended_and_its_units_go_to_what_must_not_wait(desk):
    mail, chat = await taken(desk), await desk.item("chat")
    await desk.session.execute("UPDATE agent_load SET cap_max = 60")
    offer = Offer(NOW, chat, desk.jana, 1, 1, NOW + 30_000, 33, False, Because())
    assert await route.commit(desk.session, [offer], STAMP) == [Refused(NOW, chat, desk.jana)]
    decided = [Suspend(NOW, mail, desk.jana, 3, chat), offer]
    before = len(await desk.types())
    assert await route.commit(desk.session, decided, STAMP) == []
    kept = await facts(desk, mail)
    assert (kept.state, kept.agent, kept.version) == ("suspended", desk.jana, 4)
    assert kept.suspended_at > 0
    assert await load(desk) == (33 if (await facts(desk, chat)).units == 33 else 50, 0)
    assert "work_item.suspended" in (await desk.types())[before:]
    found = await desk.session.execute("SELECT state FROM interaction WHERE agent_id IS NOT NULL")
    assert [one[0] for one in await found.fetchall()] == ["with_agent"]


async def test_suspended_work_goes_on_only_where_it_fits(desk):
    mail, other = await taken(desk), await taken(desk)
    await route.commit(desk.session, [Suspend(NOW, mail, desk.jana, 3, other)], STAMP)
    await desk.session.execute("UPDATE agent_load SET cap_max = 60")
    back = Resume(NOW, mail, desk.jana, 4)
    assert await route.commit(desk.session, [back], STAMP) == [Refused(NOW, mail, desk.jana)]
    await desk.session.execute("UPDATE agent_load SET cap_max = 100")
    assert await route.commit(desk.session, [back], STAMP) == []
    kept = await facts(desk, mail)
    assert (kept.state, kept.version, kept.suspended_at) == ("in_work", 5, 0)
    assert await load(desk) == (100, 0)


async def test_nobody_has_more_than_two_suspended_items(desk):
    await desk.session.execute("UPDATE agent_load SET cap_max = 300")
    mine = [await taken(desk) for _ in range(3)]
    decided = [Suspend(NOW, one, desk.jana, 3, new_id()) for one in mine]
    refused = await route.commit(desk.session, decided, STAMP)
    assert len(refused) == 1
    assert await load(desk) == (50, 0)


async def test_who_is_asked_back_sees_it_and_what_is_given_back_keeps_its_place(desk):
    mail = await taken(desk)
    waited = (await facts(desk, mail)).since
    await route.commit(desk.session, [Suspend(NOW, mail, desk.jana, 3, new_id())], STAMP)
    await route.commit(desk.session, [AskBack(NOW, mail, desk.jana, NOW + 1)], STAMP)
    asked = await facts(desk, mail)
    assert (asked.ask_back_at, asked.version) == (NOW, 5)
    assert await route.commit(
        desk.session, [GiveBack(NOW, mail, desk.jana, 4, "target_used")], STAMP
    ) == [Refused(NOW, mail, desk.jana)]
    await route.commit(desk.session, [GiveBack(NOW, mail, desk.jana, 5, "target_used")], STAMP)
    kept = await facts(desk, mail)
    assert (kept.state, kept.agent, kept.since) == ("waiting", None, waited)
    assert (kept.suspended_at, kept.ask_back_at) == (0, None)
    assert await load(desk) == (0, 0)
    codes = [one["code"] for one in await route.trace(desk.session, mail, names=True)]
    assert {"suspended", "asked_back", "given_back"} <= set(codes)


async def queue(desk, name="General"):
    made = new_id()
    await desk.session.execute(
        "INSERT INTO queue (id, department_id, name) VALUES (%s, %s, %s)",
        [made, desk.department.id, name],
    )
    return made


async def test_an_item_overflows_with_its_waiting_start_and_leaves_exclusions_behind(desk):
    item, target = await desk.item(), await queue(desk)
    await route.commit(desk.session, [desk.offer(item), desk.miss(item)], STAMP)
    before = await facts(desk, item)
    assert len(before.exclusions) == 1
    move = MoveQueue(NOW, item, before.version, before.queue, target, "waited")
    assert await route.commit(desk.session, [move], STAMP) == []
    kept = await facts(desk, item)
    assert (kept.queue, kept.since, kept.moves) == (target, before.since, 1)
    assert (kept.visited, kept.exclusions) == ((before.queue,), ())
    found = await desk.session.execute(
        "SELECT queue_id, how FROM queue_stay ORDER BY entered_at, left_at NULLS LAST"
    )
    assert (await found.fetchall())[-1] == (target, None)
    assert await route.commit(desk.session, [move], STAMP) == [Refused(NOW, item)]


async def test_what_is_promised_follows_into_the_other_queue(desk):
    item, target = await desk.item(), await queue(desk)
    found = await desk.session.execute(
        "SELECT case_id, interaction_id FROM work_item WHERE id = %s", [item]
    )
    case, strip = await found.fetchone()
    late = await ladder(desk.session)
    await climbing(desk.session, case, strip, desk.department.calendar, late)
    await policy(desk.session, "Fast", scope={"queues": [str(target)]}, first_response=600)
    before = await facts(desk, item)
    move = MoveQueue(NOW, item, before.version, before.queue, target, "waited")
    assert await route.commit(desk.session, [move], STAMP) == []
    assert (await facts(desk, item)).target_ms == 600_000
    found = await desk.session.execute("SELECT target_ms, level FROM sla_clock")
    assert await found.fetchall() == [(600_000, "queue")]


async def test_a_conflict_of_interest_goes_along(desk):
    item, target = await desk.item(), await queue(desk)
    await desk.session.execute(
        "INSERT INTO exclusion (work_item_id, agent_id, reason) VALUES (%s, %s, 'conflict')",
        [item, desk.jana],
    )
    move = MoveQueue(NOW, item, 1, desk.department.triage, target, "waited")
    await route.commit(desk.session, [move], STAMP)
    assert (await facts(desk, item)).exclusions == (Exclusion(desk.jana, None, "conflict"),)


async def test_a_case_somebody_works_on_is_not_waited_for(desk, database):
    async with database.transaction() as session:
        other = await Desk(session).open()
        item, target = await other.item(), await queue(other)
    move = MoveQueue(NOW, item, 1, other.department.triage, target, "waited")
    async with database.transaction() as busy:
        await busy.execute("SELECT FROM case_ FOR UPDATE")
        async with database.transaction() as session:
            assert await route.commit(session, [move], STAMP) == [Refused(NOW, item)]
    async with database.transaction() as session:
        assert await route.commit(session, [move], STAMP) == []


async def test_an_owner_without_the_epoch_interrupts_nothing(desk):
    mail, chat = await taken(desk), await desk.item("chat")
    decided = [Suspend(NOW, mail, desk.jana, 3, chat), desk.offer(chat)]
    assert len(await route.commit(desk.session, decided, Stamp(7, 1, at(1)))) == 2
    assert (await facts(desk, mail)).state == "in_work"


async def test_what_it_waits_for_and_what_alarms_is_traced(desk):
    item = await desk.item()
    before = (await facts(desk, item)).version
    decided = [Blocked(NOW, item, "overflow_blocked:loop"), Alert(NOW, "all_declined", item)]
    assert await route.commit(desk.session, decided, STAMP) == []
    found = await desk.session.execute("SELECT blocker FROM work_item WHERE id = %s", [item])
    assert await found.fetchone() == ("overflow_blocked:loop",)
    assert (await facts(desk, item)).version == before
    codes = {one["code"] for one in await route.trace(desk.session, item, names=False)}
    assert codes == {"blocked", "all_declined"}


async def test_a_person_may_resume_or_return_suspended_work_as_well(desk):
    mail = await taken(desk)
    await route.commit(desk.session, [Suspend(NOW, mail, desk.jana, 3, new_id())], STAMP)
    await handle.give_back(desk.session, mail, Actor("person", desk.jana), at(3))
    kept = await facts(desk, mail)
    assert (kept.state, kept.suspended_at) == ("waiting", 0)


async def test_several_waves_take_their_locks_at_once(desk):
    """What ends, what is interrupted and what is offered in one transaction."""
    mail, chat = await taken(desk), await desk.item("chat")
    third = await desk.item()
    await route.commit(desk.session, [desk.offer(third)], STAMP)
    exclusion = desk.miss(third)
    decided = [
        Suspend(NOW, mail, desk.jana, 3, chat),
        exclusion,
        Offer(NOW, chat, desk.jana, 1, 1, NOW + 30_000, 33, False, Because()),
    ]
    assert isinstance(exclusion, Expire)
    assert await route.commit(desk.session, decided, STAMP) == []
    assert (await facts(desk, chat)).agent == desk.jana
