"""A rung tells another system: signed, again after failures, never where nothing may be sent."""

import json
from dataclasses import replace

import pytest
from tests.flows.test_escalate import House
from tests.make.moment import AT, at, new_id
from tests.make.outside import Clock, outside
from tests.peers.web import WebEnd, answer

from polyphony.domain import hook as domain
from polyphony.domain.event import Actor
from polyphony.flows import configure, hook, tidy
from polyphony.integrations.outgoing import Outgoing
from polyphony.jobs.hooks import Calling
from polyphony.store import hooks
from polyphony.store.hooks import HOOK
from polyphony.store.rosters import ROSTER


class World:
    """A ladder whose rung tells one system, and the loop that makes the calls."""

    def __init__(self, database, folder, *, loopback=True):
        self.database, self.clock = database, Clock(AT)
        client = Outgoing(loopback=loopback)
        self.outside = replace(outside(folder, clock=self.clock), outgoing=client)
        self.loop = Calling(database, self.outside, client)

    async def open(self, url):
        async with self.database.transaction() as session:
            self.id = new_id()
            values = {"name": "On-call tool", "url": url}
            await configure.add(session, HOOK, self.id, values, Actor())
            ring = self.outside.keys
            self.secret = await hook.new_secret(session, self.id, bytes(32), ring, AT)
            self.house = await House().build(session)
            await self.house.clock({"action": "webhook", "at_pct": 100, "hook_id": str(self.id)})
        return self

    async def strike(self):
        async with self.database.transaction() as session:
            assert await tidy.strike(session, at(3600), 100) >= 1

    async def turn(self, seconds):
        self.clock.at = at(seconds)
        return await self.loop.turn()

    async def calls(self):
        async with self.database.reads() as session:
            return await hooks.calls(session, self.id, 10)

    async def rows(self, query):
        async with self.database.reads() as session:
            return await (await session.execute(query)).fetchall()


async def test_a_rung_tells_the_system_once_signed_and_without_words_of_the_customer(
    database, tmp_path
):
    async with WebEnd(lambda _: answer(204)) as there:
        world = await World(database, tmp_path).open(there.url("/in"))
        await world.strike()
        assert await world.turn(3601)
        assert not await world.turn(3602)
    (asked,) = there.asked
    told = json.loads(asked.body)
    assert (told["type"], told["data"]["entity"]) == ("escalation.fired", "case")
    assert told["data"]["id"] == str(world.house.case.id)
    assert told["data"]["ladder"] == "Late"
    assert b"Parcel" not in asked.body  # the subject is the customer's
    call = (await world.calls())[0]
    assert (call.state, call.tries, call.status) == ("sent", 1, 204)
    sent = int(asked.headers["webhook-timestamp"])
    assert asked.headers["webhook-id"] == str(call.id)
    signed = domain.signature([world.secret], call.id, sent, asked.body)
    assert asked.headers["webhook-signature"] == signed
    outcome = await world.rows("SELECT outcome->>'hook' FROM escalation_run")
    assert outcome == [("On-call tool",)]


async def test_what_failed_is_called_again_with_the_same_bytes_until_it_gives_up(
    database, tmp_path
):
    answers = iter([answer(500), answer(302, location="/else"), answer(200)])
    async with WebEnd(lambda _: next(answers)) as there:
        world = await World(database, tmp_path).open(there.url())
        await world.strike()
        assert await world.turn(3601)
        assert not await world.turn(3603)  # five seconds, give or take a fifth
        assert await world.turn(3608)
        assert await world.turn(3608 + 361)
    assert len({one.body for one in there.asked}) == 1
    assert [one.line for one in there.asked] == ["POST / HTTP/1.1"] * 3
    assert [(one.state, one.tries) for one in await world.calls()] == [("sent", 3)]


async def test_who_died_while_calling_is_followed_by_another_after_the_lease(database, tmp_path):
    async with WebEnd(lambda _: answer(200)) as there:
        world = await World(database, tmp_path).open(there.url())
        await world.strike()
        async with database.transaction() as session:
            assert len(await hooks.claim(session, at(3601))) == 1
        assert not await world.turn(3660)
        assert await world.turn(3662)
    assert [(one.state, one.tries) for one in await world.calls()] == [("sent", 2)]


async def test_a_system_that_is_gone_is_told_nothing_any_more(database, tmp_path):
    async with WebEnd(lambda _: answer(410)) as there:
        world = await World(database, tmp_path).open(there.url())
        await world.strike()
        await world.turn(3601)
    assert await world.rows("SELECT active FROM hook") == [(False,)]
    assert [(one.state, one.why) for one in await world.calls()] == [("failed", "gone")]


async def test_where_nothing_may_be_sent_it_gives_up_at_once_and_may_be_tried_again(
    database, tmp_path
):
    async with WebEnd(lambda _: answer(200)) as there:
        world = await World(database, tmp_path, loopback=False).open(there.url())
        await world.strike()
        await world.turn(3601)
        (call,) = await world.calls()
        assert (call.state, call.why, there.asked) == ("failed", "refused", [])
        async with database.transaction() as session:
            assert await hooks.again(session, call.id, at(3700))
            assert not await hooks.again(session, call.id, at(3700))
        open_ = replace(world.loop, outgoing=Outgoing(loopback=True))
        world.clock.at = at(3701)
        assert await open_.turn()
    assert [(one.state, one.tries) for one in await world.calls()] == [("sent", 1)]


async def test_a_new_secret_signs_beside_the_old_one_for_a_day(database, tmp_path):
    async with WebEnd(lambda _: answer(200)) as there:
        world = await World(database, tmp_path).open(there.url())
        async with database.transaction() as session:
            ring = world.outside.keys
            fresh = await hook.new_secret(session, world.id, bytes([1] * 32), ring, AT)
        await world.strike()
        await world.turn(3601)
        async with database.transaction() as session:
            await hook.test(session, world.id, at(86_400))
        await world.turn(86_401)
    first, second = there.asked
    calls = {str(one.id): one.id for one in await world.calls()}

    def by(asked, *secrets):
        id_ = calls[asked.headers["webhook-id"]]
        sent = int(asked.headers["webhook-timestamp"])
        return domain.signature(secrets, id_, sent, asked.body)

    assert first.headers["webhook-signature"] == by(first, fresh, world.secret)
    assert second.headers["webhook-signature"] == by(second, fresh)
    kept = await world.rows("SELECT secret FROM hook")
    assert world.secret.encode() not in kept[0][0]


@pytest.mark.parametrize("turned", [False, True])
async def test_whoever_is_on_call_is_called_else_the_leads_and_it_says_so(session, turned):
    house = await House().build(session)
    values = {
        "department_id": str(house.care.id), "people": [str(house.jana)], "begins": "2026-11-16",
    }  # fmt: skip

    if turned:
        await configure.add(session, ROSTER, new_id(), values, Actor())
    await house.clock({"action": "page", "at_pct": 100, "to": [{"who": "on_call"}]})
    await house.strike(3600)
    told = [one for one in await house.told() if one[1] == "escalation"]
    outcome = (await house.rows("SELECT outcome FROM escalation_run"))[0][0]
    assert told == [("jana" if turned else "lead", "escalation", True)]
    assert outcome.get("why") == (None if turned else "nobody_on_call")
