"""A transfer is taken back by whoever made it, while nobody has taken the work."""

from datetime import timedelta

import pytest
from tests.flows.test_handle import Desk, desk
from tests.make.moment import at

from polyphony.domain.errors import Conflict, NotFound
from polyphony.domain.event import Actor
from polyphony.flows import handle
from polyphony.flows.take_back import REACH, take_back

__all__ = ["desk"]


async def _hand_on(desk: Desk, to: handle.Target, seconds: int = 9) -> None:
    await handle.transfer(desk.session, desk.item, to, Actor("person", desk.jana), at(seconds))


async def test_work_in_hand_comes_back_into_the_same_hand(desk):
    await handle.claim(desk.session, desk.item, desk.jana, at(1))
    await _hand_on(desk, handle.Target(queue=desk.other))
    await take_back(desk.session, desk.item, desk.jana, at(20))
    state, agent, where, _, since = await desk.work()
    assert (state, agent, where) == ("in_work", desk.jana, desk.queue)
    assert await desk.pairing() == ("with_agent", desk.jana)
    assert await desk.load(desk.jana) == (0, 33)
    assert since == at(0)


async def test_an_offer_to_a_colleague_is_withdrawn_from_him(desk):
    await handle.claim(desk.session, desk.item, desk.jana, at(1))
    await _hand_on(desk, handle.Target(agent=desk.petr))
    await take_back(desk.session, desk.item, desk.jana, at(20))
    assert (await desk.work())[:2] == ("in_work", desk.jana)
    assert await desk.one("SELECT state FROM offer") == "withdrawn"
    assert await desk.load(desk.petr) == (0, 0)


async def test_waiting_work_waits_in_its_old_queue_again(desk):
    await _hand_on(desk, handle.Target(queue=desk.other))
    await take_back(desk.session, desk.item, desk.jana, at(20))
    assert (await desk.work())[:3] == ("waiting", None, desk.queue)


async def test_what_a_colleague_has_taken_stays_with_him(desk):
    await _hand_on(desk, handle.Target(queue=desk.other))
    await handle.claim(desk.session, desk.item, desk.petr, at(12))
    with pytest.raises(Conflict) as refused:
        await take_back(desk.session, desk.item, desk.jana, at(20))
    assert refused.value.code == "work_item.moved_on"
    assert refused.value.facts["by"] == "Petr"


async def test_only_who_handed_it_on_takes_it_back_once_and_in_time(desk):
    with pytest.raises(NotFound):
        await take_back(desk.session, desk.case, desk.jana, at(1))
    with pytest.raises(Conflict):
        await take_back(desk.session, desk.item, desk.jana, at(1))
    await _hand_on(desk, handle.Target(queue=desk.other))
    late = at(9) + REACH + timedelta(seconds=1)
    for who, moment in ((desk.petr, at(20)), (desk.jana, late)):
        with pytest.raises(Conflict):
            await take_back(desk.session, desk.item, who, moment)
    await take_back(desk.session, desk.item, desk.jana, at(20))
    with pytest.raises(Conflict):
        await take_back(desk.session, desk.item, desk.jana, at(21))
