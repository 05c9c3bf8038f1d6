"""What a Queue is set to is obeyed: who accepts, who may decline, what enters, what is next."""

import pytest
from tests.make.moment import at, new_id
from tests.make.shift import shift

from polyphony.domain.errors import Conflict, Forbidden, Invalid, NotFound
from polyphony.domain.event import Actor
from polyphony.flows import handle
from polyphony.flows.handle import Over, Target
from polyphony.store import agents


@pytest.fixture
async def desk(session):
    return await shift(session)


def me(desk):
    return Actor("person", desk.jana)


async def test_a_card_that_is_seen_is_taken_where_the_queue_accepts_by_itself(desk):
    await desk.put("UPDATE queue SET auto_accept = true")
    offer = await desk.offer(desk.jana)
    done = await handle.rendered(desk.session, offer, desk.jana, at(1))
    assert (done.work_item, done.offer) == (desk.item, offer)
    assert await desk.work("state", "agent_id") == ("in_work", desk.jana)
    row = await desk.one("SELECT state, settled_by, rendered_at FROM offer WHERE id = %s", offer)
    assert row == ("accepted", None, at(1))
    with pytest.raises(Conflict):
        await handle.rendered(desk.session, offer, desk.jana, at(2))


async def test_elsewhere_seeing_a_card_changes_nothing(desk):
    offer = await desk.offer(desk.jana)
    assert await handle.rendered(desk.session, offer, desk.jana, at(1)) is None
    assert await desk.state(offer) == "offered"
    with pytest.raises(NotFound):
        await handle.rendered(desk.session, offer, desk.petr, at(1))


@pytest.mark.parametrize("setting", ["auto_accept = true", "decline_allowed = false"])
async def test_offers_are_not_declined_where_the_queue_forbids_it_but_for_a_conflict(desk, setting):
    await desk.put(f"UPDATE queue SET {setting}")
    offer = await desk.offer(desk.jana)
    with pytest.raises(Conflict) as refused:
        await handle.decline(desk.session, offer, desk.jana, at(1), "busy")
    assert refused.value.code == "offer.no_decline"
    await handle.decline(desk.session, offer, desk.jana, at(2), "conflict")
    assert await desk.state(offer) == "declined"


async def test_a_conflict_of_interest_stays_when_other_exclusions_end_with_the_stay(desk):
    offer = await desk.offer(desk.jana)
    await handle.decline(desk.session, offer, desk.jana, at(1), "conflict")
    offer = await desk.offer(desk.petr)
    await handle.decline(desk.session, offer, desk.petr, at(2), "busy")
    await handle.transfer(desk.session, desk.item, Target(queue=desk.other), me(desk), at(3))
    found = await desk.session.execute("SELECT agent_id, reason, until FROM exclusion")
    assert await found.fetchall() == [(desk.jana, "conflict", None)]
    for act in (
        handle.claim(desk.session, desk.item, desk.jana, at(4)),
        handle.assign(desk.session, desk.item, desk.jana, Actor("person", desk.petr), at(4)),
        handle.transfer(desk.session, desk.item, Target(agent=desk.jana), me(desk), at(4)),
    ):
        with pytest.raises(Conflict) as refused:
            await act
        assert refused.value.code == "agent.conflict_of_interest"


async def test_work_returned_to_its_own_queue_may_be_offered_to_who_declined_it_before(desk):
    offer = await desk.offer(desk.petr)
    await handle.decline(desk.session, offer, desk.petr, at(1), "busy")
    await handle.claim(desk.session, desk.item, desk.jana, at(2))
    await handle.give_back(desk.session, desk.item, me(desk), at(3))
    assert await desk.one("SELECT count(*) FROM exclusion") == 0


async def test_a_queue_takes_only_its_channels(desk):
    await desk.put("UPDATE queue SET channels = '{email}' WHERE id = %s", desk.other)
    with pytest.raises(Conflict) as refused:
        await handle.transfer(desk.session, desk.item, Target(queue=desk.other), me(desk), at(1))
    assert refused.value.code == "queue.channel_refused"


async def test_a_department_is_reached_by_its_triage(desk):
    await handle.transfer(desk.session, desk.item, Target(queue=desk.other), me(desk), at(1))
    target = Target(department=desk.department.id)
    await handle.transfer(desk.session, desk.item, target, me(desk), at(2))
    assert await desk.work("queue_id") == desk.queue
    target = Target(department=new_id())
    with pytest.raises(NotFound):
        await handle.transfer(desk.session, desk.item, target, me(desk), at(3))


async def test_what_a_person_sent_stays_where_it_was_sent_until_it_comes_back_by_itself(desk):
    await handle.transfer(desk.session, desk.item, Target(queue=desk.other), me(desk), at(1))
    assert await desk.work("overflow_allowed") is False
    await handle.claim(desk.session, desk.item, desk.jana, at(2))
    await handle.give_back(desk.session, desk.item, me(desk), at(3))
    assert await desk.work("overflow_allowed") is True


async def test_work_meant_for_one_person_waits_for_him_alone(desk):
    await desk.put("UPDATE agent_presence SET status = 'break' WHERE agent_id = %s", desk.petr)
    target = Target(agent=desk.petr, require=True)
    await handle.transfer(desk.session, desk.item, target, me(desk), at(1))
    row = await desk.work("state", "direct_agent", "direct_require")
    assert row == ("waiting", desk.petr, True)
    assert await handle.next_of(desk.session, desk.queue, desk.jana, at(2)) is None
    done = await handle.next_of(desk.session, desk.queue, desk.petr, at(3))
    assert done.work_item == desk.item
    assert await desk.work("direct_agent", "direct_require") == (None, False)


async def test_beyond_what_fits_it_takes_the_right_and_a_reason(desk):
    await desk.put("UPDATE agent_load SET cap_max = 20")
    boss = Actor("person", desk.petr)
    with pytest.raises(Forbidden):
        await handle.assign(desk.session, desk.item, desk.jana, boss, at(1), Over(may=False))
    with pytest.raises(Invalid):
        await handle.assign(desk.session, desk.item, desk.jana, boss, at(1), Over(may=True))
    over = Over(may=True, reason="nobody else knows him")
    done = await handle.assign(desk.session, desk.item, desk.jana, boss, at(2), over)
    assert done.over
    assert await desk.load(desk.jana) == (0, 33)


async def test_what_fits_needs_neither(desk):
    boss = Actor("person", desk.petr)
    done = await handle.assign(desk.session, desk.item, desk.jana, boss, at(1), Over(may=False))
    assert not done.over


async def test_the_next_is_the_best_by_its_score_not_the_oldest(desk):
    vip = await desk.another(tier="vip", waiting_since=at(30))
    done = await handle.next_of(desk.session, desk.queue, desk.jana, at(40))
    assert done.work_item == vip
    done = await handle.next_of(desk.session, desk.queue, desk.jana, at(41))
    assert done.work_item == desk.item


async def test_the_next_asks_for_skill_and_channel_and_room(desk):
    need = '[{"skill": "pl", "min_level": 3, "kind": "required", "substitutes": []}]'
    await desk.put("UPDATE work_item SET requirements = %s::jsonb", need)
    assert await handle.next_of(desk.session, desk.queue, desk.jana, at(1)) is None
    mail = await desk.another("email")
    await desk.put("UPDATE agent SET channels = '{chat}' WHERE person_id = %s", desk.jana)
    assert await handle.next_of(desk.session, desk.queue, desk.jana, at(2)) is None
    await desk.put("UPDATE agent SET channels = '{email}' WHERE person_id = %s", desk.jana)
    await desk.put("UPDATE agent_load SET cap_max = 20 WHERE agent_id = %s", desk.jana)
    with pytest.raises(Conflict) as refused:
        await handle.next_of(desk.session, desk.queue, desk.jana, at(3))
    assert refused.value.code == "agent.no_capacity"
    await desk.put("UPDATE agent_load SET cap_max = 100 WHERE agent_id = %s", desk.jana)
    done = await handle.next_of(desk.session, desk.queue, desk.jana, at(4))
    assert done.work_item == mail


async def test_taking_by_hand_asks_for_the_channel_and_the_skills_too(desk):
    await desk.put("UPDATE agent SET channels = '{email}' WHERE person_id = %s", desk.jana)
    with pytest.raises(Conflict) as refused:
        await handle.claim(desk.session, desk.item, desk.jana, at(1))
    assert refused.value.code == "agent.no_channel"
    need = '[{"skill": "licence", "min_level": 1, "kind": "legal", "substitutes": []}]'
    await desk.put("UPDATE work_item SET requirements = %s::jsonb", need)
    for act in (
        handle.claim(desk.session, desk.item, desk.petr, at(2)),
        handle.assign(desk.session, desk.item, desk.petr, me(desk), at(2)),
    ):
        with pytest.raises(Conflict) as refused:
            await act
        assert refused.value.code == "agent.no_skill"


async def test_interrupted_work_goes_on_when_there_is_room_for_it(desk):
    await handle.claim(desk.session, desk.item, desk.jana, at(1))
    await desk.put("UPDATE work_item SET state = 'suspended', suspended_at = %s", at(2))
    await desk.put("UPDATE agent_load SET manual_units = 90 WHERE agent_id = %s", desk.jana)
    with pytest.raises(Conflict):
        await handle.resume(desk.session, desk.item, desk.jana, at(3))
    await desk.put("UPDATE agent_load SET manual_units = 0 WHERE agent_id = %s", desk.jana)
    await handle.resume(desk.session, desk.item, desk.jana, at(4))
    assert await desk.work("state", "suspended_at") == ("in_work", None)
    assert await desk.load(desk.jana) == (0, 33)


async def test_steps_and_callbacks_are_everybodys_without_being_written_anywhere(desk):
    modes = (await agents.facts(desk.session, [desk.jana]))[0].modes
    assert sorted(modes) == ["callback", "case_step", "chat", "email"]
    stored = await desk.one("SELECT channels FROM agent WHERE person_id = %s", desk.jana)
    assert stored == ["email", "chat"]
