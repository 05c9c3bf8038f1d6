"""What people have not read at the desk is mailed to who wants it: gathered, once, not at night."""

from dataclasses import replace
from datetime import timedelta

import pytest
from psycopg.types.json import Jsonb
from tests.make.account import account
from tests.make.agent import agent
from tests.make.case import case
from tests.make.customer import customer
from tests.make.department import department
from tests.make.moment import AT, new_id
from tests.make.outside import Clock, outside
from tests.make.postbox import Postbox

from polyphony.domain.channel import ChannelKind
from polyphony.domain.failure import Permanent, Temporary, Uncertain
from polyphony.jobs.digest import Digesting

ADDRESS = "https://desk.example"
WANTS = {"notify": {kind: {"email": True} for kind in ("mention", "followed_reply", "job_done")}}

_SLEEPS = (
    "UPDATE person SET settings = settings"
    """ || '{"quiet": {"from": "00:00", "to": "23:59", "days": []}}'"""
)


class House:
    """Jana, who wants mentions by e-mail, a Case of hers and the loop that mails."""

    def __init__(self, database, folder):
        self.database, self.clock, self.post = database, Clock(AT), Postbox()
        there = outside(folder, channels={ChannelKind.EMAIL: self.post}, clock=self.clock)
        self.loop = Digesting(database, replace(there), ADDRESS)

    async def open(self):
        async with self.database.transaction() as session:
            office = await department(session)
            self.office = office
            self.jana = await agent(session, office.id, name="Jana", queues=[office.triage])
            await session.execute(
                "UPDATE person SET language = 'cs', zone = 'Europe/Prague', settings = %s",
                [Jsonb(WANTS)],
            )
            self.box = await account(session, office.id)
            who = await customer(session)
            self.case = await case(session, office, self.box, who, queue=office.triage)
        return self

    async def do(self, query, *params):
        async with self.database.transaction() as session:
            found = await session.execute(query, params)
            return await found.fetchall() if found.description else []

    async def notice(self, kind="mention", text="Podívej se na to", case=True):
        await self.do(
            "INSERT INTO notice (id, person_id, kind, case_id, from_name, text, at)"
            " VALUES (%s, %s, %s, %s, 'Petr', %s, %s)",
            *(new_id(), self.jana, kind, self.case.id if case else None, text, self.clock.at),
        )

    async def later(self, **span):
        self.clock.at += timedelta(**span)
        await self.loop.turn()

    async def state(self):
        return [row[0] for row in await self.do("SELECT state FROM digest ORDER BY at, id")]


@pytest.fixture
async def house(database, tmp_path):
    return await House(database, tmp_path).open()


async def test_what_was_not_read_comes_in_one_mail_in_the_language_of_the_person(house):
    await house.notice()
    await house.notice("followed_reply", "Díky")
    await house.notice("job_done", "Hotovo", case=False)
    await house.later(minutes=5)
    assert house.post.sent == []
    await house.later(minutes=6)
    await house.later(minutes=6)
    [mail] = house.post.sent
    assert mail.subject == "Nepřečtené: 3"
    assert "Petr se o vás zmiňuje" in mail.text
    assert "Podívej se na to" in mail.text
    assert f"{ADDRESS}/#/case/{house.case.id}" in mail.text
    assert f"{ADDRESS}/#/profile/notices" in mail.text
    assert mail.purpose == "auto"
    assert mail.account == house.box
    [(address,)] = await house.do("SELECT email FROM person WHERE id = %s", house.jana)
    assert mail.to.value == address
    assert await house.do("SELECT state, body FROM digest") == [("sent", None)]


async def test_nobody_gets_a_second_mail_within_the_hour_and_nothing_is_told_twice(house):
    await house.notice(text="eins")
    await house.later(minutes=11)
    await house.notice(text="zwei")
    await house.later(minutes=30)
    assert len(house.post.sent) == 1
    await house.later(minutes=35)
    assert len(house.post.sent) == 2
    assert "eins" not in house.post.sent[1].text


@pytest.mark.parametrize(
    "change",
    [
        "UPDATE notice SET read_at = at",
        "UPDATE person SET settings = '{}'",
        "UPDATE person SET state = 'disabled'",
        "UPDATE person SET simulated = true",
        _SLEEPS,
        "UPDATE notice SET kind = 'sla_warning'",
        "UPDATE person SET email = (SELECT lower(address) FROM channel_account)",
    ],
)
async def test_who_has_read_it_does_not_want_it_or_sleeps_is_left_alone(house, change):
    await house.notice()
    await house.do(change)
    await house.later(minutes=11)
    assert house.post.sent == []
    assert await house.state() == []


async def test_words_of_a_sealed_matter_stay_in_the_house(house):
    await house.notice(text="číslo účtu")
    await house.do("UPDATE case_ SET visibility = 'sealed'")
    await house.later(minutes=11)
    assert "číslo účtu" not in house.post.sent[0].text
    assert str(house.case.id) in house.post.sent[0].text


async def test_what_one_may_no_longer_see_is_not_told(house):
    await house.notice()
    await house.do("UPDATE case_ SET visibility = 'sealed'")
    await house.do("DELETE FROM member")
    await house.later(minutes=11)
    assert house.post.sent == []


async def test_without_a_working_mailbox_it_waits_for_one(house):
    await house.notice()
    await house.do("UPDATE channel_account SET state = 'broken'")
    await house.later(minutes=11)
    await house.do("UPDATE channel_account SET state = 'working'")
    await house.later(minutes=1)
    assert len(house.post.sent) == 1


async def test_a_mail_is_tried_again_but_never_when_nobody_knows_whether_it_left(house):
    await house.notice()
    house.post.fails = [Temporary("busy"), Uncertain("cut")]
    await house.later(minutes=11)
    assert await house.state() == ["queued"]
    await house.later(minutes=1)
    assert await house.state() == ["uncertain"]
    await house.later(minutes=10)
    assert house.post.sent == []
    house.clock.at += timedelta(hours=2)
    await house.notice()
    house.post.fails = [Permanent("refused")]
    await house.later(minutes=11)
    assert await house.state() == ["uncertain", "failed"]
