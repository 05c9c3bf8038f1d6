"""A lever in the owner: other rules at once, other decisions, gone at its end, replayed alike."""

import asyncio
from datetime import UTC, datetime, timedelta
from uuid import uuid4

from tests.jobs.test_router import Desk, replayed, routing

from polyphony.domain.event import Actor
from polyphony.domain.lever import Kind, Lever, Place
from polyphony.domain.permission import Scope
from polyphony.domain.role import Role
from polyphony.flows import pull_lever
from polyphony.flows.pull_lever import Puller, Wish
from polyphony.jobs.election import Reign
from polyphony.jobs.in_force import InForce
from polyphony.jobs.router import Owner
from polyphony.store import wake


async def put(desk, lever, seconds=3600):
    me, mine = uuid4(), frozenset({desk.department.id})
    scope = Scope("person", me, frozenset({Role.SUPERVISOR}), open_departments=mine)
    by = Puller(scope, Actor("person", me), datetime.now(UTC))
    async with desk.database.transaction() as session:
        made = await pull_lever.pull(session, uuid4(), Wish(lever, seconds, "busy"), by)
    return made, by


async def version(desk):
    """Return the version of the rules the owner last decided by."""
    query = "SELECT policy FROM routing_cycle ORDER BY at DESC, epoch DESC, no DESC LIMIT 1"
    return await desk.one(query)


async def test_a_paused_queue_offers_nothing_until_it_is_undone(database):
    desk = await Desk.open(database)
    hints = asyncio.create_task(wake.notify(database))
    try:
        async with routing(database):
            first = await desk.arrive()
            await desk.offer_of(first)
            before = await version(desk)
            made, by = await put(desk, Lever(Kind.PAUSE, Place(desk.department.triage)))
            await desk.offer_of(first, "withdrawn")
            assert await version(desk) != before
            second = await desk.arrive()
            async with database.transaction() as session:
                await pull_lever.undo(session, made.id, by)
            await desk.offer_of(second)
            await desk.offer_of(first)
            assert await version(desk) == before  # the very same rules again
    finally:
        hints.cancel()
        await asyncio.gather(hints, return_exceptions=True)
    assert await replayed(database)


async def test_the_owner_goes_without_it_as_soon_as_its_time_is_over(database):
    desk = await Desk.open(database)
    made, _ = await put(desk, Lever(Kind.PAUSE, Place(desk.department.triage)))
    async with database.transaction() as session:
        await session.execute(
            "UPDATE lever SET until_at = clock_timestamp() + interval '2 seconds' WHERE id = %s",
            [made.id],
        )
    async with routing(database):
        item = await desk.arrive()
        await desk.offer_of(item)
        offered, until = (await desk.all("SELECT o.made_at, l.until_at FROM offer o, lever l"))[0]
    assert offered >= until, "offered although the queue was paused"


async def test_rules_that_change_after_a_quiet_while_are_replayed_alike(database):
    desk = await Desk.open(database)
    for _ in range(3):
        await desk.arrive()
    owner = Owner(database, Reign(0, asyncio.Event()), lambda: datetime.now(UTC))
    await owner.begin()
    await owner._carry_out()
    async with database.direct() as log:
        for _ in range(2):  # time passes: nothing comes of it, and nothing of it is kept
            await owner._look(log)
        await put(desk, Lever(Kind.PAUSE, Place(desk.department.triage)))
        await owner._look(log)
        assert not await owner._carry_out()
    assert await desk.one("SELECT count(*) FROM offer WHERE state = 'withdrawn'") == 2
    assert await replayed(database) == (1, 4)


async def test_the_rules_know_when_the_next_lever_ends(database):
    desk = await Desk.open(database)
    rules = InForce(database)
    plain = await rules.read()
    assert rules.ends_in == float("inf")
    made, by = await put(desk, Lever(Kind.WEIGHT, Place(desk.department.triage), {"milli": 3000}))
    heavy = await rules.read()
    assert heavy.queues[desk.department.triage].weight_milli == 3000
    assert timedelta(seconds=3500) < timedelta(seconds=rules.ends_in) < timedelta(seconds=3601)
    async with database.transaction() as session:
        await pull_lever.undo(session, made.id, by)
    assert (await rules.read()).version == plain.version
