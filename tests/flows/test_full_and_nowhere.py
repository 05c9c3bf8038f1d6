"""What fails as work comes in is told at once; a full queue takes nothing, however it comes."""

import pytest
from psycopg.types.json import Jsonb
from tests.flows.test_interrupt import facts
from tests.flows.test_receive_overflow import NOBODY, around, came, desk, rule
from tests.flows.test_route import NOW, STAMP, Desk
from tests.make.account import account
from tests.make.agent import agent
from tests.make.moment import AT, new_id
from tests.make.person import person
from tests.make.queue import queue
from tests.make.reading import one

from polyphony.domain.errors import Conflict
from polyphony.domain.event import Actor
from polyphony.domain.routing.decisions import MoveQueue
from polyphony.flows import handle, look_out, route
from polyphony.flows.handle import Target

__all__ = ["around", "desk"]


async def alerts(session):
    found = await session.execute(
        "SELECT kind, queue_id, work_item_id IS NOT NULL, facts, gone_at IS NULL FROM alert"
        " ORDER BY kind, id"
    )
    return [tuple(row) for row in await found.fetchall()]


async def test_a_circle_is_told_as_the_work_comes_in_once_and_to_who_leads(session, desk, around):
    await person(session, "Lead", roles=["supervisor"], departments=[desk.id])
    a, b = [await queue(session, desk.id, name) for name in "AB"]
    await rule(session, a, NOBODY, do="queue", queue_id=str(b))
    await rule(session, b, NOBODY, do="queue", queue_id=str(a))
    box = await account(session, desk.id, queue=a)
    await came(session, around, box)
    assert await alerts(session) == [("overflow_blocked", b, True, {"why": "loop"}, True)]
    told = await one(session, "SELECT count(*) FROM notice WHERE kind = 'alert'")
    assert told == 1


async def test_a_full_queue_is_told_once_and_is_over_when_there_is_room(session, desk, around):
    small = await queue(session, desk.id, "Small")
    await session.execute("UPDATE queue SET max_waiting = 1 WHERE id = %s", [small])
    box = await account(session, desk.id, queue=small)
    for text in ("One", "Two", "Three"):
        await came(session, around, box, text)
    assert await alerts(session) == [("queue_full", small, False, {}, True)]
    await session.execute("UPDATE queue SET max_waiting = 2 WHERE id = %s", [small])
    await look_out.look(session, AT)
    assert await alerts(session) == [("queue_full", small, False, {}, False)]


async def test_a_licence_nobody_has_is_told_as_the_work_comes_in(session, desk, around):
    skill, loans = new_id(), await queue(session, desk.id, "Loans")
    await session.execute(
        "INSERT INTO skill (id, key, kind, name) VALUES (%s, 'licence', 'legal', '{}')", [skill]
    )
    need = [{"skill": "licence", "min_level": 2, "kind": "legal"}]
    await session.execute("UPDATE queue SET requirements = %s WHERE id = %s", [Jsonb(need), loans])
    box = await account(session, desk.id, queue=loans)
    await agent(session, desk.id, queues=[loans], skills={skill: 1})
    await came(session, around, box, "One")
    found = [("legal_missing", loans, True, {"skills": ["licence"]}, True)]
    assert await alerts(session) == found
    await session.execute("UPDATE agent_skill SET level = 2")
    await came(session, around, box, "Two")
    assert await alerts(session) == found


async def test_a_queue_that_never_opens_is_told(session, desk, around):
    shut, hours = await queue(session, desk.id, "Shut"), new_id()
    await session.execute(
        "INSERT INTO calendar (id, name, zone, always, frames) VALUES"
        " (%s, 'Never', 'Europe/Prague', false, '{}')",
        [hours],
    )
    await session.execute("UPDATE queue SET calendar_id = %s WHERE id = %s", [hours, shut])
    await came(session, around, await account(session, desk.id, queue=shut))
    assert await alerts(session) == [("never_opens", shut, False, {}, True)]


async def full_beside(session):
    """A desk with one item in its triage, and a queue where one waits and no more may."""
    house = await Desk(session).open()
    small = await queue(session, house.department.id, "Small")
    await session.execute("UPDATE queue SET max_waiting = 1 WHERE id = %s", [small])
    waits, more = await house.item(), await house.item()
    await session.execute("UPDATE work_item SET queue_id = %s WHERE id = %s", [small, waits])
    return house, small, more


async def test_work_is_not_transferred_into_a_full_queue(session):
    house, small, item = await full_beside(session)
    with pytest.raises(Conflict) as refused:
        await handle.transfer(session, item, Target(small), Actor("person", None), AT)
    assert (refused.value.code, refused.value.facts) == ("queue.full", {"queue": "Small"})
    there = Target(small, anyway=True)
    await handle.transfer(session, item, there, Actor("person", None), AT)
    assert (await facts(house, item)).queue == small


async def test_overflow_into_a_full_queue_stays_where_it_waits_and_is_told(session):
    house, small, item = await full_beside(session)
    move = MoveQueue(NOW, item, 1, house.department.triage, small, "overflow")
    refused = await route.commit(session, [move], STAMP)
    assert [one.item for one in refused] == [item]
    kept = await facts(house, item)
    assert (kept.queue, kept.visited, kept.moves) == (house.department.triage, (small,), 0)
    assert (kept.version, kept.blocker) == (2, "overflow_blocked:full")
    why = {"why": "full", "queue": str(small)}
    told = [one[:4] for one in await alerts(session)]
    assert told == [
        ("overflow_blocked", house.department.triage, True, why),
        ("queue_full", small, False, {}),
    ]
    log = "SELECT count(*) FROM event WHERE entity_id = %s AND type = 'work_item.changed'"
    found = await session.execute(log, [item])
    assert await found.fetchone() == (1,)
