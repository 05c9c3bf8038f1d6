"""Wrap-up: its length, how it grows, what a missing outcome means, the status meanwhile."""

import pytest
from tests.make.moment import at
from tests.make.shift import shift

from polyphony.domain.case import CaseMove
from polyphony.domain.errors import Conflict, Invalid
from polyphony.domain.event import Actor
from polyphony.flows import attend, handle, settle, tidy
from polyphony.flows.attend import Wish
from polyphony.flows.carry_out import Staff
from polyphony.flows.fall_due import fall_due


@pytest.fixture
async def desk(session):
    made = await shift(session)
    await made.put("UPDATE queue SET wrap_up_s = 30")
    await handle.claim(session, made.item, made.jana, at(0))
    return made


async def wrap(desk, moment=10):
    await handle.finish(desk.session, desk.item, me(desk), at(moment))


def me(desk):
    return Actor("person", desk.jana)


async def test_whoever_wraps_up_is_in_that_status_until_he_is_done(desk):
    await wrap(desk)
    assert await desk.status(desk.jana) == "wrap_up"
    assert await desk.work("wrap_until") == at(40)
    await handle.finish(desk.session, desk.item, me(desk), at(20), "solved")
    assert await desk.status(desk.jana) == "online"


async def test_a_break_chosen_meanwhile_stays_a_break(desk):
    await wrap(desk)
    await attend.choose(desk.session, desk.jana, Wish("break"), at(11))
    await fall_due(desk.session, at(41))
    assert await desk.status(desk.jana) == "break"


async def test_the_status_ends_with_the_time(desk):
    await wrap(desk)
    assert await fall_due(desk.session, at(40)) == 1
    assert await desk.status(desk.jana) == "online"


async def test_a_line_lost_in_wrap_up_does_not_leave_him_there(desk):
    await wrap(desk)
    await attend.lose_line(desk.session, [desk.jana], at(11))
    await fall_due(desk.session, at(41))
    await attend.back(desk.session, [desk.jana], at(42))
    assert await desk.status(desk.jana) == "wrap_up"
    await attend.tend(desk.session, at(43))
    assert await desk.status(desk.jana) == "online"


async def test_it_is_made_longer_by_as_much_as_it_lasts_three_times_at_most(desk):
    await wrap(desk)
    for end in (70, 100, 130):
        await handle.extend(desk.session, desk.item, me(desk), at(15))
        assert await desk.work("wrap_until") == at(end)
    with pytest.raises(Conflict) as refused:
        await handle.extend(desk.session, desk.item, me(desk), at(16))
    assert refused.value.code == "wrap_up.used_up"
    assert await fall_due(desk.session, at(129)) == 0
    assert await fall_due(desk.session, at(130)) == 1
    with pytest.raises(Conflict):
        await handle.extend(desk.session, desk.item, me(desk), at(131))


async def test_a_missing_outcome_frees_the_units_and_keeps_the_case_from_closing(desk):
    await desk.put("UPDATE queue SET disposition_required = true")
    await wrap(desk)
    with pytest.raises(Invalid):
        await handle.finish(desk.session, desk.item, me(desk), at(12))
    await fall_due(desk.session, at(41))
    assert await desk.load(desk.jana) == (0, 0)
    assert await desk.work("state", "disposition_due") == ("done", True)
    staff, close = Staff(desk.jana, "Jana"), settle.CaseWish(CaseMove.CLOSE)
    with pytest.raises(Conflict) as refused:
        await settle.move(desk.session, desk.case, close, staff, at(50))
    assert refused.value.code == "case.disposition_due"
    await desk.put("UPDATE case_ SET reopen_until = %s", at(55))
    assert await tidy.close(desk.session, at(60), 10) == []
    await handle.dispose(desk.session, desk.item, me(desk), at(61), "solved")
    assert await desk.work("disposition", "disposition_due") == ("solved", False)
    assert await tidy.close(desk.session, at(62), 10) == [desk.case]


async def test_an_outcome_ends_the_wrap_up_where_the_queue_says_so(desk):
    await wrap(desk)
    await handle.dispose(desk.session, desk.item, me(desk), at(12), "answered")
    assert await desk.work("state", "disposition") == ("wrap_up", "answered")
    await desk.put("UPDATE queue SET auto_ready = true")
    await handle.dispose(desk.session, desk.item, me(desk), at(13), "solved")
    assert await desk.work("state", "disposition") == ("done", "solved")
    assert await desk.status(desk.jana) == "online"


async def test_an_outcome_before_the_end_is_too_early(desk):
    with pytest.raises(Conflict):
        await handle.dispose(desk.session, desk.item, me(desk), at(1), "solved")
