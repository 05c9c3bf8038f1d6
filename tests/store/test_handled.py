"""Handle times, classes seen and the pace of calls are counted from the work itself."""

from datetime import timedelta
from uuid import UUID

import pytest
from psycopg.types.json import Jsonb
from tests.make.account import account
from tests.make.agent import agent
from tests.make.case import case
from tests.make.customer import customer
from tests.make.department import department
from tests.make.moment import AT, at, new_id

from polyphony.domain.routing.score import handle_mean
from polyphony.domain.service_hours import to_ms
from polyphony.store import agents, handled, pace, queues


def key_of(moment):
    """A key of a moment that is past: those of one process never go back."""
    return UUID(int=to_ms(moment) << 80 | 7 << 76 | 2 << 62 | new_id().int & 0xFFFFFFFF)


class Desk:
    def __init__(self, session):
        self.session = session

    async def open(self):
        self.department = await department(self.session)
        self.queue = self.department.triage
        self.jana = await agent(self.session, self.department.id, queues=[self.queue])
        self.petr = await agent(self.session, self.department.id, name="Petr", queues=[self.queue])
        return self

    async def done(self, who, seconds, channel="email", ended=AT):
        """Work taken and finished so many seconds later."""
        box = await account(self.session, self.department.id, kind=channel)
        customer_ = await customer(self.session, kind=channel)
        made = await case(
            *(self.session, self.department, box, customer_), channel=channel, queue=self.queue
        )
        item = made.work_item
        await self.session.execute("DELETE FROM queue_stay WHERE work_item_id = %s", [item])
        await self.session.execute(
            "UPDATE work_item SET state = 'done', state_since = %s, agent_id = %s WHERE id = %s",
            [ended, who, item],
        )
        taken = ended - timedelta(seconds=seconds)
        await self.session.execute(
            "INSERT INTO queue_stay (id, work_item_id, queue_id, entered_at, left_at, how)"
            " VALUES (%s, %s, %s, %s, %s, 'taken')",
            [new_id(), item, self.queue, taken - timedelta(seconds=5), taken],
        )
        return item


@pytest.fixture
async def desk(session):
    return await Desk(session).open()


async def test_own_times_reach_the_facts_of_the_agent_and_the_mean_the_policy(desk):
    for seconds in (100, 200, 300):
        await desk.done(desk.jana, seconds)
    await desk.done(desk.petr, 1000)
    await desk.done(desk.petr, 30 * 3600)  # kept over a night: counted as two hours
    await desk.done(desk.petr, 50, ended=AT - timedelta(days=40))
    assert await handled.refresh(desk.session, AT) == 3, "two people and everybody"
    assert await handled.refresh(desk.session, AT) == 0, "nothing has changed"
    jana = await agents.facts(desk.session, [desk.jana])
    petr = await agents.facts(desk.session, [desk.petr])
    assert jana[0].handled == {(desk.queue, "email"): (600_000, 3)}
    assert petr[0].handled == {(desk.queue, "email"): (1_000_000 + 7_200_000, 2)}
    policy = await queues.policy(desk.session, 1)
    usual = handle_mean("email")
    assert policy.handle_ms[desk.queue, "email"] == (8_800_000 + 20 * usual) // 25


async def test_classes_seen_are_kept_and_counted_at_once_where_nobody_has(desk):
    item = await desk.done(desk.jana, 60)
    await desk.session.execute(
        "UPDATE work_item SET created_at = now(), requirements = %s WHERE id = %s",
        [Jsonb([{"skill": "cs", "min_level": 2, "kind": "required", "substitutes": []}]), item],
    )
    before = await handled.seen(desk.session)
    assert [(queue, channel, needs[0].skill) for queue, channel, needs in before if needs] == [
        (desk.queue, "email", "cs")
    ]
    await handled.refresh(desk.session, AT)
    await desk.session.execute("DELETE FROM seen_class WHERE requirements <> '[]'")
    await desk.session.execute(
        "INSERT INTO seen_class VALUES (%s, 'chat', '[]', 1, now())", [desk.queue]
    )
    assert (desk.queue, "chat", ()) in await handled.seen(desk.session)


async def test_calls_of_half_an_hour_are_counted_by_the_language_they_ask_for(desk):
    await desk.session.execute(
        "INSERT INTO skill (id, key, kind) VALUES (%s, 'xx', 'language'), (%s, 'yy', 'topic')",
        [new_id(), new_id()],
    )
    now = at(0)
    for minutes, channel, skills in (
        (1, "voice", ["xx", "yy"]),
        (20, "voice", ["xx"]),
        (25, "voice", ["yy"]),
        (31, "voice", ["xx"]),
        (1, "email", ["xx"]),
    ):
        item = await desk.done(desk.jana, 60)
        needs = [{"skill": one} for one in skills]
        await desk.session.execute("DELETE FROM queue_stay WHERE work_item_id = %s", [item])
        await desk.session.execute(
            "UPDATE work_item SET id = %s, channel_kind = %s, requirements = %s WHERE id = %s",
            [key_of(now - timedelta(minutes=minutes)), channel, Jsonb(needs), item],
        )
    found = await pace.now(desk.session, now)
    assert found.at == to_ms(now)
    assert found.pools == {
        "xx": (2, handle_mean("voice")),
        str(desk.queue): (1, handle_mean("voice")),
    }
    assert (await pace.now(desk.session, now + timedelta(hours=1))).pools == {}


async def test_a_level_counts_from_its_first_to_its_last_day(desk):
    skill = new_id()
    await desk.session.execute(
        "INSERT INTO skill (id, key, kind) VALUES (%s, 'zz', 'legal')", [skill]
    )
    for begins, ends, counts in (
        ("current_date", "current_date", True),
        ("current_date + 1", "NULL", False),
        ("NULL", "current_date - 1", False),
        ("NULL", "NULL", True),
    ):
        await desk.session.execute("DELETE FROM agent_skill WHERE agent_id = %s", [desk.jana])
        await desk.session.execute(
            "INSERT INTO agent_skill (agent_id, skill_id, level, valid_from, valid_to, evidence)"
            f" VALUES (%s, %s, 3, {begins}, {ends}, 'No 7')",
            [desk.jana, skill],
        )
        facts = (await agents.facts(desk.session, [desk.jana]))[0]
        assert facts.skills == ({"zz": 3} if counts else {})
