"""Stories are played over real ends: mails to a real mailbox, lines to the widget's protocol."""

import asyncio
import email
from contextlib import asynccontextmanager
from dataclasses import replace
from email.message import EmailMessage
from email.policy import SMTP, default

import aiosmtplib
import pytest
from tests.make.chat import SECRET, shop
from tests.make.moment import AT

from polyphony.simulator.chatters import Chatters, Widget
from polyphony.simulator.draws import Draws
from polyphony.simulator.ends.email import MailEnd
from polyphony.simulator.load import load
from polyphony.simulator.pace import Pace
from polyphony.simulator.stories import stories
from polyphony.simulator.theatre import Ends, Theatre
from polyphony.simulator.writers import Writers

DESK, FIRMS = "care@lumen.example", "firms@lumen.example"


class Stage:
    """The ends, the ledger as a list, and what stands in our mailboxes and in the chat."""

    def __init__(self, end, http, shop_):
        self.end, self.http, self.shop = end, http, shop_
        self.pace, self.draws = Pace(60.0), Draws("seed")
        self.lines = []
        widget = Widget(shop_.key, SECRET)
        ends = Ends(
            http, self.submit, lambda: AT, {False: DESK, True: FIRMS}, {False: widget, True: widget}
        )
        self.widget = widget
        self.theatre = Theatre(ends, self.draws, self.pace, self.note)

    def note(self, mark, /, **facts):
        self.lines.append({"mark": mark, **facts})

    async def submit(self, sender, recipient, body):
        await aiosmtplib.send(
            body, sender=sender, recipients=[recipient], hostname="127.0.0.1",
            port=self.end.smtp_port, start_tls=False, username=DESK, password="word",
        )  # fmt: skip

    def mails(self, box=DESK):
        found = self.end.mailboxes[box].mails.values()
        return [email.message_from_bytes(one.body, policy=default) for one in found]

    async def arrived(self, count, box=DESK):
        for _ in range(500):
            if len(self.mails(box)) >= count:
                break
            await asyncio.sleep(0.02)
        return self.mails(box)

    def answer(self, mail, text):
        answer = EmailMessage(policy=SMTP)
        answer["From"], answer["To"] = f"Lumen <{DESK}>", mail["From"]
        answer["Message-ID"] = f"<answer.{mail['Message-ID'].strip('<>')}>"
        answer["In-Reply-To"] = answer["References"] = str(mail["Message-ID"])
        answer.set_content(text)
        return self.theatre.received(answer.as_bytes())

    async def hurry(self):
        """Jump from act to act, as somebody at the button would."""
        while True:
            self.pace.jump()
            await asyncio.sleep(0.02)


@asynccontextmanager
async def _stage(database, folder):
    there = await shop(database, folder)
    async with MailEnd({DESK: "word", FIRMS: "word"}) as end, there.http() as http:
        yield Stage(end, http, there)


@pytest.fixture
async def stage(database, tmp_path):
    async with _stage(database, tmp_path) as made:
        yield made


async def test_a_mailed_story_goes_on_in_its_thread_when_it_is_answered(stage):
    playing = asyncio.create_task(stage.theatre.play(stories()["from_the_car"], 4))
    [first] = await stage.arrived(1)
    assert stage.answer(first, "Nothing, we note it.")
    hurrying = asyncio.create_task(stage.hurry())
    await asyncio.wait_for(playing, 20)
    hurrying.cancel()
    second = (await stage.arrived(2))[1]
    assert str(second["Subject"]) == "Re: moving out saturday"
    assert str(first["Message-ID"]) in str(second["References"])
    assert "> Nothing, we note it." in second.get_body(("plain",)).get_content()
    assert [line["channel"] for line in stage.lines] == ["email", "email", "story"]
    assert [line.get("asks") for line in stage.lines] == [True, False, None]
    assert stage.lines[0]["step"] == "from_the_car.4.0"
    assert stage.lines[-1]["mark"] == "from_the_car.4"
    assert (stage.theatre.begun, stage.theatre.told) == (1, 1)


async def test_who_is_not_answered_is_written_down_and_the_story_goes_on(stage):
    hurrying = asyncio.create_task(stage.hurry())
    await asyncio.wait_for(stage.theatre.play(stories()["from_the_car"], 0), 60)
    hurrying.cancel()
    waited = [line for line in stage.lines if line["channel"] == "none"]
    assert [line["waited_s"] for line in waited] == [5 * 3600]
    assert len(stage.mails()) == 2


async def test_mails_of_firms_go_to_their_own_mailbox_and_each_person_has_a_name(stage):
    hurrying = asyncio.create_task(stage.hurry())
    await asyncio.wait_for(stage.theatre.play(stories()["vip_firm"], 0), 60)
    hurrying.cancel()
    senders = {str(mail["From"]) for mail in stage.mails(FIRMS)}
    assert len(senders) == 2
    assert stage.mails() == []


async def test_a_mail_that_answers_nobody_of_the_cast_is_handed_on(stage):
    strange = EmailMessage(policy=SMTP)
    strange["From"], strange["In-Reply-To"] = f"Lumen <{DESK}>", "<nobody@x.example>"
    strange.set_content("?")
    assert not stage.theatre.received(strange.as_bytes())


async def test_a_chat_story_speaks_the_widgets_protocol_with_a_proved_name(stage):
    story = stories()["half_sentences"]
    short = replace(story, steps=[one for one in story.steps if one.do == "chat.say"])
    hurrying = asyncio.create_task(stage.hurry())
    await asyncio.wait_for(stage.theatre.play(short, 2), 60)
    hurrying.cancel()
    spoken = [line for line in stage.lines if line["channel"] == "chat"]
    assert [line["asks"] for line in spoken] == [True, False, False, False, False]
    async with stage.shop.database.reads() as session:
        found = await session.execute("SELECT count(*) FROM arrival")
        (kept,) = await found.fetchone()
        found = await session.execute("SELECT how FROM chat_session")
        known = await found.fetchone()
    assert kept == len(spoken) == 5
    assert known == ("hmac",)


async def test_the_colleagues_part_is_asked_for_with_the_words_of_the_matter(stage):
    asked = []

    async def desk(step, words):
        asked.append((step.do, words))
        return {"race": [201, 409]}

    stage.theatre.desk = desk
    hurrying = asyncio.create_task(stage.hurry())
    await asyncio.wait_for(stage.theatre.play(stories()["two_answer"], 0), 60)
    hurrying.cancel()
    assert asked == [("desk.race", "Refund for the double payment")]
    assert {"mark": "two_answer.0.1", "channel": "desk", "about": "two_answer",
            "race": [201, 409]} in stage.lines  # fmt: skip


async def test_load_begins_at_its_rate_whoever_is_slow_and_counts_what_was_refused(stage):
    pace = Pace(60.0)
    writers = Writers(stage.draws, pace, stage.submit, lambda: AT, stage.note)
    chatters = Chatters(stage.draws, pace, stage.http, Widget("pk_nobody", SECRET), stage.note)
    done = await asyncio.wait_for(load(writers, chatters, stage.draws, (20.0, 1.0), DESK), 60)
    assert 8 <= done.begun <= 40
    mails = len(await stage.arrived(1))
    assert done.refused == done.begun - mails > 0, "a key of nobody is refused"
    assert done.late_s < 5
