"""Statuses of the house: what they mean per channel, and what becomes of who is in one."""

from datetime import timedelta

import pytest
from tests.make.moment import at, new_id
from tests.make.person import person
from tests.make.shift import shift

from polyphony.domain.errors import Conflict, Invalid
from polyphony.domain.event import Actor
from polyphony.domain.presence import Mode, Status
from polyphony.flows import attend, handle, name_status, step_in
from polyphony.flows.attend import Wish
from polyphony.flows.carry_out import Staff
from polyphony.store import agents, configuration
from polyphony.store.configuration import STATUS

ADMIN = Actor("person", None)
TRAINING = {"key": "training", "name": {"en": "Training"}, "matrix": {"chat": "transfer_only"}}


@pytest.fixture
async def desk(session):
    return await shift(session)


async def add(desk, **changes):
    id_ = new_id()
    await name_status.add(desk.session, id_, TRAINING | changes, ADMIN)
    return id_


async def modes(desk, who):
    return (await agents.facts(desk.session, [who]))[0].modes


async def test_a_status_of_the_house_says_what_is_taken_on_each_channel(desk):
    await add(desk)
    await attend.choose(desk.session, desk.jana, Wish("training"), at(1))
    facts = (await agents.facts(desk.session, [desk.jana]))[0]
    assert facts.status is Status.BUSY
    assert facts.modes == {
        "chat": Mode.TRANSFER_ONLY, "email": Mode.OFF, "case_step": Mode.OFF, "callback": Mode.OFF,
    }  # fmt: skip


async def test_what_nobody_may_choose_is_refused(desk):
    for status in ("training", "wrap_up", "reconnecting", "not_responding"):
        with pytest.raises(Invalid):
            await attend.choose(desk.session, desk.jana, Wish(status), at(1))


async def test_transfers_only_keeps_what_a_person_chose_and_withdraws_the_rest(desk):
    await add(desk)
    routed = await desk.offer(desk.jana, {"side": "arrival"})
    await attend.choose(desk.session, desk.jana, Wish("training"), at(1))
    assert await desk.state(routed) == "withdrawn"
    target = handle.Target(agent=desk.jana)
    await handle.transfer(desk.session, desk.item, target, Actor("person", desk.petr), at(2))
    assert await desk.work("state", "agent_id") == ("offered", desk.jana)
    await attend.changed(desk.session, [desk.jana], at(3))
    assert await desk.work("state") == "offered"


async def test_a_changed_matrix_reaches_who_is_in_the_status(desk):
    id_ = await add(desk, matrix={"chat": "on"})
    await attend.choose(desk.session, desk.jana, Wish("training"), at(1))
    offer = await desk.offer(desk.jana)
    await name_status.change(desk.session, id_, {"matrix": {"email": "on"}}, None, ADMIN, at(2))
    assert await desk.state(offer) == "withdrawn"
    assert (await modes(desk, desk.jana))["email"] is Mode.ON


async def test_what_the_system_means_by_its_statuses_nobody_changes(desk):
    busy = next(
        one for one in await configuration.all_of(desk.session, STATUS) if one["key"] == "busy"
    )
    with pytest.raises(Conflict):
        await name_status.change(
            desk.session, busy["id"], {"matrix": {"chat": "on"}}, None, ADMIN, at(1)
        )
    with pytest.raises(Conflict):
        await name_status.remove(desk.session, busy["id"], None, ADMIN)
    told = await name_status.change(
        desk.session, busy["id"], {"reasons": ["paperwork"]}, None, ADMIN, at(1)
    )
    assert told["reasons"] == ["paperwork"]


async def test_a_status_somebody_is_in_stays_until_he_leaves_it(desk):
    id_ = await add(desk)
    await attend.choose(desk.session, desk.jana, Wish("training"), at(1))
    with pytest.raises(Conflict):
        async with desk.session.transaction():
            await name_status.remove(desk.session, id_, None, ADMIN)
    await attend.choose(desk.session, desk.jana, Wish("online"), at(2))
    await name_status.remove(desk.session, id_, None, ADMIN)
    with pytest.raises(Invalid):
        await attend.choose(desk.session, desk.jana, Wish("training"), at(3))


@pytest.mark.parametrize("wrong", [{"name": {}}, {"matrix": {}}, {"matrix": {"chat": "perhaps"}}])
async def test_a_status_needs_a_name_and_a_meaning(desk, wrong):
    with pytest.raises(Invalid):
        await add(desk, **wrong)


async def test_a_lost_line_comes_back_into_the_status_of_the_house_and_is_counted(desk):
    await add(desk)
    await attend.choose(desk.session, desk.jana, Wish("training"), at(1))
    await attend.lose_line(desk.session, [desk.jana], at(2))
    await attend.back(desk.session, [desk.jana], at(3))
    row = await desk.one(
        "SELECT status, reconnects FROM agent_presence WHERE agent_id = %s", desk.jana
    )
    assert row == ("training", 1)


async def test_a_supervisor_changes_a_status_with_a_reason_the_agent_reads(desk):
    boss = await person(desk.session, "Boss", roles=["supervisor"])
    staff = Staff(boss, "Boss")
    with pytest.raises(Invalid):
        await step_in.step_in(desk.session, desk.jana, Wish("break", " "), staff, at(1))
    await step_in.step_in(desk.session, desk.jana, Wish("break", "Long day"), staff, at(2))
    told = await desk.one(
        "SELECT kind, from_name, text FROM notice WHERE person_id = %s", desk.jana
    )
    assert told == ("presence_changed", "Boss", "Long day")
    event = await desk.one(
        "SELECT payload FROM event WHERE type = 'presence.changed' ORDER BY id DESC LIMIT 1"
    )
    names = ("from", "status", "reason", "by")
    assert [event[name] for name in names] == ["online", "break", "Long day", str(boss)]


async def test_a_planned_return_reminds_the_agent_then_tells_the_leads_once_each(desk):
    place = [desk.department.id]
    boss = await person(desk.session, "Boss", roles=["supervisor"], departments=place)
    wish = Wish("break", "lunch", at(600))
    await attend.choose(desk.session, desk.jana, wish, at(0))
    for now in (at(599), at(601), at(602), at(901), at(902)):
        await attend.tend(desk.session, now)
    found = await desk.session.execute("SELECT person_id, kind, from_name FROM notice ORDER BY at")
    assert await found.fetchall() == [
        (desk.jana, "return_due", ""), (boss, "return_due", "Jana"),
    ]  # fmt: skip


async def test_who_came_back_in_time_is_not_reminded(desk):
    await attend.choose(desk.session, desk.jana, Wish("break", "lunch", at(600)), at(0))
    await attend.choose(desk.session, desk.jana, Wish("online"), at(500))
    await attend.tend(desk.session, at(0) + timedelta(hours=1))
    assert await desk.one("SELECT count(*) FROM notice") == 0


async def test_each_queue_says_how_long_a_lost_line_and_its_work_are_waited_for(desk):
    await desk.put("UPDATE queue SET grace_s = 5, async_kept_s = 7")
    await handle.claim(desk.session, desk.item, desk.jana, at(0))
    await desk.put("UPDATE interaction SET mode = 'async'")
    await attend.lose_line(desk.session, [desk.jana], at(1))
    await attend.tend(desk.session, at(5))
    assert await desk.status(desk.jana) == "reconnecting"
    await attend.tend(desk.session, at(6))
    assert await desk.status(desk.jana) == "offline"
    assert await desk.work("state") == "in_work"
    await attend.tend(desk.session, at(13))
    assert await desk.work("state") == "waiting"
    reason = await desk.one("SELECT reason FROM queue_stay WHERE left_at IS NULL")
    assert reason == "returned:disconnect"
