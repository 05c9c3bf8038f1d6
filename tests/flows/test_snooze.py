"""Snooze, help, links: a Case is put aside and comes back, flagged, tied to another."""

from datetime import timedelta

import pytest
from tests.flows.test_settle import Desk
from tests.make.account import account
from tests.make.case import case
from tests.make.customer import customer
from tests.make.moment import AT, at
from tests.make.person import person

from polyphony.domain.errors import Conflict, Invalid
from polyphony.flows import help_out, link, settle, snooze, tidy
from polyphony.flows.fall_due import fall_due
from polyphony.flows.settle import CaseMove, CaseWish
from polyphony.store import projections

TOMORROW = AT + timedelta(days=1)


@pytest.fixture
async def desk(session):
    return await Desk().build(session)


async def shown(desk, case_id=None):
    wanted = case_id or desk.case.id
    return (await projections.cases(desk.session, [wanted]))[wanted]


async def notices(desk):
    return await desk.rows("SELECT kind, person_id, from_name FROM notice ORDER BY id")


async def aside(desk, until=TOMORROW, staff=None, said="tomorrow 9"):
    await snooze.snooze(desk.session, desk.case.id, until, staff or desk.staff, AT, said)


async def test_work_in_hand_is_parked_and_comes_back_with_a_notice(desk):
    await aside(desk)
    assert await desk.rows("SELECT state, wake_at FROM work_item") == [("parked", TOMORROW)]
    assert (await shown(desk))["snooze"]["by"] == str(desk.jana)
    assert await snooze.over(desk.session, TOMORROW - timedelta(seconds=1), 10) == 0
    await fall_due(desk.session, TOMORROW)
    assert await snooze.over(desk.session, TOMORROW, 10) == 1
    assert await desk.rows("SELECT state, sticky FROM work_item") == [("waiting", desk.jana)]
    assert await notices(desk) == [("snooze_over", desk.jana, "tomorrow 9")]
    assert (await shown(desk))["snooze"] is None
    assert await snooze.over(desk.session, TOMORROW, 10) == 0


async def test_a_waiting_case_of_mine_can_be_put_aside_without_any_work_in_hand(desk):
    await desk.move("ask")
    assert await desk.state() == "wait_customer"
    await aside(desk)
    assert (await shown(desk))["due_at"] is not None
    assert await tidy.resume(desk.session, TOMORROW, 10) == [desk.case.id]
    assert await snooze.over(desk.session, TOMORROW, 10) == 1
    assert await desk.state() == "open"
    assert await desk.rows("SELECT state FROM work_item WHERE state NOT IN ('done')") == [
        ("waiting",)
    ]
    assert [one[0] for one in await notices(desk)] == ["snooze_over"]


async def test_what_waits_in_a_queue_is_put_aside_too_and_anew(desk):
    await desk.session.execute(
        "UPDATE work_item SET state = 'waiting', agent_id = NULL; UPDATE interaction SET"
        " state = 'waiting'; UPDATE agent_load SET routed_units = 0"
    )
    await aside(desk)
    await aside(desk, TOMORROW + timedelta(days=1))
    assert await desk.rows("SELECT state, wake_at FROM work_item") == [
        ("parked", TOMORROW + timedelta(days=1))
    ]
    assert await snooze.over(desk.session, TOMORROW, 10) == 0


async def test_a_customer_who_wrote_meanwhile_is_not_told_of_twice(desk):
    await aside(desk)
    await desk.session.execute("UPDATE case_ SET last_customer = last_customer + 10")
    assert (await shown(desk))["snooze"] is None
    assert await snooze.over(desk.session, TOMORROW, 10) == 1
    assert await notices(desk) == []


async def test_taking_a_snooze_back_gives_the_work_back(desk):
    await aside(desk)
    await snooze.wake(desk.session, desk.case.id, desk.staff, at(10), take=True)
    assert await desk.rows("SELECT state, agent_id FROM work_item") == [("in_work", desk.jana)]
    assert (await shown(desk))["snooze"] is None
    with pytest.raises(Conflict, match="snooze"):
        await snooze.wake(desk.session, desk.case.id, desk.staff, at(20))


async def test_with_full_hands_the_work_is_woken_and_waits(desk):
    await aside(desk)
    await desk.session.execute("UPDATE agent_load SET cap_max = 0")
    assert not await snooze.wake(desk.session, desk.case.id, desk.staff, at(10), take=True)
    assert await desk.rows("SELECT state, agent_id FROM work_item") == [("waiting", None)]
    assert (await shown(desk))["snooze"] is None


async def test_what_is_over_past_or_in_other_hands_cannot_be_put_aside(desk):
    for until in (AT, AT - timedelta(hours=1), AT + timedelta(days=400)):
        with pytest.raises(Invalid, match="snooze"):
            await aside(desk, until)
    with pytest.raises(Conflict, match="snooze"):
        await aside(desk, staff=desk.colleague)
    await desk.move("solve")
    with pytest.raises(Conflict, match="snooze"):
        await aside(desk)


async def test_asking_for_help_flags_the_case_and_tells_the_supervisors(desk):
    lead = await person(desk.session, "Lea", roles=["supervisor"], departments=[desk.desk.id])
    await person(desk.session, "Other", roles=["supervisor"])
    await help_out.ask(desk.session, desk.case.id, " He  shouts ", desk.staff, AT)
    assert (await shown(desk))["help"] == {
        "by": str(desk.jana),
        "name": "Jana",
        "text": "He shouts",
        "at": AT.isoformat(),
    }
    assert await notices(desk) == [("help_raised", lead, "Jana")]
    await help_out.settle(desk.session, desk.case.id, desk.lead, at(60))
    assert (await shown(desk))["help"] is None
    with pytest.raises(Conflict, match="help"):
        await help_out.settle(desk.session, desk.case.id, desk.lead, at(61))
    lines = await desk.rows("SELECT facts->>'code' FROM message WHERE kind = 'system' ORDER BY id")
    assert lines == [("help_raised",), ("help_settled",)]
    types = await desk.rows("SELECT type FROM event WHERE entity = 'case' ORDER BY id")
    assert types == [("case.help_raised",), ("case.help_settled",)]


async def test_help_needs_a_line_and_a_matter_that_is_not_over(desk):
    for text in ("", "  ", "x" * 201):
        with pytest.raises(Invalid, match="help"):
            await help_out.ask(desk.session, desk.case.id, text, desk.staff, AT)
    await desk.session.execute("UPDATE case_ SET state = 'closed'")
    with pytest.raises(Conflict, match="help"):
        await help_out.ask(desk.session, desk.case.id, "please", desk.staff, AT)


async def test_both_cases_show_a_link_and_either_side_unties_it(desk):
    other = await case(desk.session, desk.desk, await account(desk.session, desk.desk.id), desk.who)
    await link.link(desk.session, desk.case.id, other.id, "duplicate", desk.staff, AT)
    [here] = (await shown(desk))["links"]
    [there] = (await shown(desk, other.id))["links"]
    assert (here["case_id"], here["kind"], here["back"]) == (str(other.id), "duplicate", False)
    assert (there["case_id"], there["kind"], there["back"]) == (
        str(desk.case.id),
        "duplicate",
        True,
    )
    await link.unlink(desk.session, other.id, desk.case.id, "duplicate", desk.staff, at(1))
    assert (await shown(desk))["links"] == (await shown(desk, other.id))["links"] == []
    versions = await desk.rows("SELECT version FROM case_ ORDER BY id")
    assert [one[0] for one in versions] == [3, 3]


async def test_a_case_is_not_tied_to_itself_nor_by_an_unknown_word(desk):
    with pytest.raises(Invalid, match="link"):
        await link.link(desk.session, desk.case.id, desk.case.id, "perhaps", desk.staff, AT)
    other = await case(
        desk.session,
        desk.desk,
        await account(desk.session, desk.desk.id),
        await customer(desk.session),
    )
    with pytest.raises(Invalid, match="link"):
        await link.link(desk.session, desk.case.id, other.id, "merged_into", desk.staff, AT)


@pytest.mark.parametrize("channel", ["email", "chat"])
async def test_a_case_reopened_when_all_has_ended_gets_something_to_hang_work_on(session, channel):
    desk = await Desk().build(session, channel=channel)
    await desk.move("solve")
    await desk.move("close", when=at(10))
    assert await desk.rows("SELECT state FROM interaction") == [("ended",)]
    wish = CaseWish(CaseMove.REOPEN, reason="he called")
    await settle.move(session, desk.case.id, wish, desk.lead, at(20))
    strips = await desk.rows(
        "SELECT state, mode, channel_kind, identity_id = %s FROM interaction ORDER BY opened_at",
        desk.who.identity,
    )
    assert strips[0][0] == "ended"
    assert strips[1][1:] == ("async", channel, True)
    assert await desk.rows(
        "SELECT w.state, i.state FROM work_item w JOIN interaction i ON i.id = w.interaction_id"
        " WHERE w.state NOT IN ('done', 'cancelled')"
    ) == [("waiting", "waiting")]
    told = await desk.rows("SELECT count(*) FROM event WHERE entity = 'interaction'")
    assert told[0][0] >= 2
