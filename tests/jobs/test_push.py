"""Offers and mentions reach sleeping devices once, in their own words, outside quiet hours."""

from dataclasses import replace
from datetime import timedelta

import orjson
import pytest
from psycopg.types.json import Jsonb
from tests.make.account import account
from tests.make.agent import agent
from tests.make.case import case
from tests.make.customer import customer
from tests.make.department import department
from tests.make.moment import AT, at, new_id
from tests.make.outside import Clock, outside
from tests.make.push import Browser, service

from polyphony.flows import push
from polyphony.integrations.outgoing import Outgoing
from polyphony.integrations.web_push import WebPusher
from polyphony.jobs.push import Pushing
from polyphony.store import web_push


class House:
    """Jana with one device, a waiting chat, a push service and the loop that serves it."""

    def __init__(self, database, folder, there):
        self.database, self.there, self.browser = database, there, Browser()
        self.clock = Clock(AT)
        pusher = WebPusher(Outgoing(loopback=True), "postmaster@desk.example")
        self.outside = replace(outside(folder, clock=self.clock), pusher=pusher)
        self.loop = Pushing(database, self.outside, pusher)

    async def open(self):
        async with self.database.transaction() as session:
            office = await department(session)
            self.jana = await agent(session, office.id, name="Jana", queues=[office.triage])
            await session.execute("UPDATE person SET language = 'cs', zone = 'Europe/Prague'")
            box = await account(session, office.id, kind="chat")
            who = await customer(session, kind="chat")
            self.case = await case(session, office, box, who, channel="chat", queue=office.triage)
            pusher, keys = self.outside.pusher, self.outside.keys
            self.key = await push.public_key(session, pusher, keys, AT)
            to = self.browser.subscription(self.there.url)
            await web_push.add(
                session,
                web_push.NewDevice(
                    new_id(), self.jana, to.endpoint, to.p256dh, to.auth, "Phone", AT
                ),
            )
        return self

    async def offer(self):
        async with self.database.transaction() as session:
            await session.execute(
                "INSERT INTO offer (id, work_item_id, agent_id, made_at, deadline, epoch, cycle)"
                " VALUES (%s, %s, %s, %s, %s, 0, 0)",
                [new_id(), self.case.work_item, self.jana, self.clock.at, at(2)],
            )

    async def notice(self, kind, read_at=None):
        async with self.database.transaction() as session:
            await session.execute(
                "INSERT INTO notice (id, person_id, kind, case_id, from_name, text, at, read_at)"
                " VALUES (%s, %s, %s, %s, 'Petr', 'Podívej se na to', %s, %s)",
                [new_id(), self.jana, kind, self.case.id, self.clock.at, read_at],
            )

    async def likes(self, settings):
        async with self.database.transaction() as session:
            await session.execute("UPDATE person SET settings = %s", [Jsonb(settings)])

    async def devices(self):
        async with self.database.reads() as session:
            return await web_push.devices(session, self.jana)

    def told(self):
        return [orjson.loads(self.browser.opened(body)) for _, body in self.there.got]


@pytest.fixture
async def house(database, tmp_path):
    async with service() as there:
        yield await House(database, tmp_path, there).open()


async def test_an_offer_is_pushed_once_in_the_language_of_the_person(house):
    await house.offer()
    await house.loop.turn()
    await house.loop.turn()
    [told] = house.told()
    assert told["kind"] == "offer"
    assert told["title"].startswith("Nová nabídka: ")
    assert told["case"] == str(house.case.id)
    [device] = await house.devices()
    assert device.pushed_at == house.clock.at


async def test_a_mention_is_pushed_but_nothing_read_old_or_of_no_interest(house):
    await house.notice("mention")
    await house.notice("followed_reply")
    await house.notice("mention", read_at=AT)
    await house.loop.turn()
    assert [one["title"] for one in house.told()] == ["Petr se o vás zmiňuje"]
    await house.notice("mention")
    house.clock.at = AT + timedelta(minutes=5)
    await house.loop.turn()
    assert len(house.there.got) == 1


async def test_who_does_not_want_it_or_sleeps_is_left_alone(house):
    await house.likes({"notify": {"offer": {"os": False}}})
    await house.offer()
    await house.loop.turn()
    await house.likes({"quiet": {"from": "00:00", "to": "23:59", "days": []}})
    await house.notice("mention")
    await house.loop.turn()
    assert house.there.got == []


async def test_a_device_that_is_gone_is_forgotten(house):
    house.there.status = 410
    await house.offer()
    await house.loop.turn()
    assert await house.devices() == []


async def test_a_device_that_fails_is_kept_for_a_while(house):
    house.there.status = 500
    for _ in range(web_push.FAILURES_MAX):
        assert len(await house.devices()) == 1
        await house.notice("mention")
        await house.loop.turn()
    assert await house.devices() == []


async def test_the_key_is_made_once_and_lies_sealed(house):
    async with house.database.transaction() as session:
        again = await push.public_key(session, house.outside.pusher, house.outside.keys, AT)
        kept = await web_push.keys(session)
    assert again == house.key
    assert b"PRIVATE KEY" not in kept.sealed
