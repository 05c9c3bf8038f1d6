"""Where arrivals wait: a Queue takes its channels only, and whoever spoke last is preferred."""

import pytest
from tests.make.account import account
from tests.make.agent import agent
from tests.make.department import department
from tests.make.mail import inbound
from tests.make.moment import at
from tests.make.outside import outside
from tests.make.queue import queue
from tests.make.reading import one, read


@pytest.fixture
async def desk(session):
    return await department(session)


@pytest.fixture
def around(tmp_path):
    return outside(tmp_path)


async def test_what_a_queue_does_not_take_waits_in_the_triage_and_says_why(session, desk, around):
    chats = await queue(session, desk.id, "Chats")
    await session.execute("UPDATE queue SET channels = '{chat}' WHERE id = %s", [chats])
    box = await account(session, desk.id, queue=chats)
    await read(session, around, box, inbound(text="Hello"))
    place, why = await one(session, "SELECT queue_id, why_queue FROM work_item")
    assert place == desk.triage
    assert (why["code"], why["refused"]) == ("queue_refused", str(chats))
    await session.execute("UPDATE queue SET channels = '{chat,email}' WHERE id = %s", [chats])
    await read(session, around, box, inbound(text="Again", sender="olga@other.example"))
    places = await session.execute("SELECT queue_id FROM work_item ORDER BY id")
    assert [row[0] for row in await places.fetchall()] == [desk.triage, chats]


@pytest.mark.parametrize(("hours", "preferred"), [(71, True), (73, False)])
async def test_a_new_matter_prefers_whoever_spoke_with_the_customer_in_72_hours(
    session, desk, around, hours, preferred
):
    box = await account(session, desk.id)
    jana = await agent(session, desk.id)
    await read(session, around, box, inbound(text="First", subject="Meter"))
    await session.execute(
        "UPDATE work_item SET state = 'done', agent_id = %s, state_since = %s",
        [jana, at(-3600 * hours)],
    )
    await session.execute(
        "UPDATE interaction SET state = 'ended'; UPDATE case_ SET owner_id = NULL"
    )
    await read(session, around, box, inbound(text="Second", subject="Invoice"))
    sticky = await one(session, "SELECT sticky FROM work_item WHERE state = 'waiting'")
    assert sticky == (jana if preferred else None)
