"""Who spoke with a customer last, over all his Records, within some days."""

from datetime import timedelta

from tests.make.account import account
from tests.make.agent import agent
from tests.make.case import case
from tests.make.customer import customer
from tests.make.department import department
from tests.make.moment import AT, at

from polyphony.store import sticky


async def test_the_last_agent_of_a_customer_is_found_by_any_of_his_records(session):
    made = await department(session)
    box = await account(session, made.id)
    who, stranger = await customer(session), await customer(session)
    first = await agent(session, made.id, name="First")
    second = await agent(session, made.id, name="Second")
    for one, moment in ((first, 0), (second, 60)):
        matter = await case(session, made, box, who, agent=one)
        await session.execute(
            "UPDATE work_item SET state = 'done', state_since = %s WHERE id = %s",
            [at(moment), matter.work_item],
        )
    records = [who.record, stranger.record]
    assert await sticky.last_agents(session, records, AT) == {who.record: second}
    assert await sticky.last_agents(session, records, AT + timedelta(hours=1)) == {}
    assert await sticky.last_agents(session, [], AT) == {}
