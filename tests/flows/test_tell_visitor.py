"""A chat visitor hears who is here for him, and that the chat has ended; nobody else's lines."""

import pytest
from tests.make.account import account
from tests.make.agent import agent
from tests.make.case import case
from tests.make.customer import customer
from tests.make.department import department
from tests.make.moment import at, new_id
from tests.make.outside import outside

from polyphony.domain.event import Actor
from polyphony.domain.reply import Then
from polyphony.flows import handle, reply
from polyphony.flows.reply import Answer, Staff


class Desk:
    async def build(self, session, channel):
        self.session = session
        self.place = await department(session)
        self.jana = await agent(session, self.place.id, queues=[self.place.triage])
        self.karel = await agent(session, self.place.id, name="Karel", queues=[self.place.triage])
        self.box = await account(session, self.place.id, kind=channel)
        self.who = await customer(session, kind=channel)
        self.case = await case(
            session, self.place, self.box, self.who, channel=channel, queue=self.place.triage
        )
        return self

    async def heard(self):
        """What the visitor's own screen was told of system lines: (code, name)."""
        found = await self.session.execute(
            "SELECT payload->>'code', payload->>'name' FROM event WHERE entity = 'chat_message'"
            " AND aud = ARRAY['cust:' || %s::text] AND payload->>'from' = 'system' ORDER BY id",
            [self.who.identity],
        )
        return await found.fetchall()


@pytest.fixture
async def chat(session):
    return await Desk().build(session, "chat")


async def test_a_visitor_hears_once_who_is_here_for_him(session, chat):
    item, me = chat.case.work_item, Actor("person", chat.jana)
    await handle.claim(session, item, chat.jana, at(1))
    assert await chat.heard() == [("chat.joined", "Jana")]
    await handle.give_back(session, item, me, at(2))
    await handle.claim(session, item, chat.jana, at(3))
    assert len(await chat.heard()) == 1
    await handle.give_back(session, item, me, at(4))
    await handle.claim(session, item, chat.karel, at(5))
    assert (await chat.heard())[1:] == [("chat.joined", "Karel")]


async def test_a_visitor_hears_that_the_chat_has_ended(session, chat, tmp_path):
    await handle.claim(session, chat.case.work_item, chat.jana, at(1))
    answer = Answer(chat.case.interaction, "Done.", new_id(), 10**15, then=Then.SOLVE, undo_s=0)
    await reply.send(session, answer, Staff(chat.jana, "Jana"), at(5), outside(tmp_path))
    assert (await chat.heard())[-1] == ("chat.ended", "")


async def test_finished_work_ends_the_chat_on_his_screen_too(session, chat):
    await handle.claim(session, chat.case.work_item, chat.jana, at(1))
    await handle.finish(session, chat.case.work_item, Actor("person", chat.jana), at(5))
    assert [code for code, _ in await chat.heard()] == ["chat.joined", "chat.ended"]


async def test_a_mail_has_no_such_lines(session):
    mail = await Desk().build(session, "email")
    await handle.claim(session, mail.case.work_item, mail.jana, at(1))
    await handle.finish(session, mail.case.work_item, Actor("person", mail.jana), at(5))
    found = await session.execute("SELECT count(*) FROM message WHERE kind = 'system'")
    assert await found.fetchone() == (0,)
