"""Reply: one answer wins, undo takes it back, the Case moves as the answer says."""

import asyncio
from dataclasses import replace
from datetime import timedelta

import pytest
from tests.make.account import account
from tests.make.agent import agent
from tests.make.case import case
from tests.make.customer import customer
from tests.make.department import department
from tests.make.moment import AT, at, new_id
from tests.make.outside import outside

from polyphony.domain.errors import Conflict, Forbidden, Invalid
from polyphony.domain.reply import Then
from polyphony.flows import reply
from polyphony.flows.reply import Answer, Note, Staff
from polyphony.store import files
from polyphony.store.database import Unavailable
from polyphony.store.files import Upload


@pytest.fixture
def around(tmp_path):
    return outside(tmp_path)


class World:
    """A desk, a customer's Case in Jana's work, and what she is about to say."""

    async def build(self, session, *, channel="email", state="open", held=True):
        self.desk = await department(session)
        self.jana = await agent(session, self.desk.id)
        self.box = await account(session, self.desk.id, kind=channel)
        self.who = await customer(session, kind=channel)
        self.case = await case(
            session, self.desk, self.box, self.who, channel=channel, state=state,
            agent=self.jana if held else None,
        )  # fmt: skip
        self.staff = Staff(self.jana, "Jana")
        return self

    def answer(self, **more):
        given = {
            "interaction": self.case.interaction,
            "text": "It is on its way.",
            "cid": new_id(),
            "expected_last_item": self.case.position,
            "undo_s": 0,
        }
        return Answer(**(given | more))


@pytest.fixture
async def mail(session):
    return await World().build(session)


async def one(session, query, *values):
    found = await session.execute(query, values or None)
    rows = await found.fetchall()
    assert len(rows) == 1, rows
    return rows[0][0] if len(rows[0]) == 1 else rows[0]


async def test_an_answer_is_queued_and_the_case_waits_for_the_customer(session, mail, around):
    written = await reply.send(session, mail.answer(), mail.staff, at(5), around)
    assert written.new
    assert await one(session, "SELECT state, to_address, purpose FROM delivery") == (
        *("queued", mail.who.address, "reply"),
    )
    assert await one(session, "SELECT state, last_staff = last_item FROM case_") == (
        *("wait_customer", True),
    )
    assert await one(session, "SELECT state, agent_id FROM work_item") == ("done", mail.jana)
    assert await one(session, "SELECT state FROM interaction") == "quiet"
    assert await one(session, "SELECT routed_units FROM agent_load") == 0
    types = await session.execute("SELECT type FROM event ORDER BY id")
    assert [row[0] for row in await types.fetchall()] == [
        *("case.moved", "interaction.changed", "message.written", "work_item.finished"),
        "load.changed",
    ]


async def test_undo_takes_back_everything_and_release_does_it_all(session, mail, around):
    await reply.send(session, mail.answer(undo_s=10), mail.staff, AT, around)
    assert await one(session, "SELECT state, why, not_before FROM delivery") == (
        *("held", "undo", at(10)),
    )
    assert await one(session, "SELECT state FROM case_") == "open"
    assert await one(session, "SELECT state FROM work_item") == "in_work"
    delivery = await one(session, "SELECT id FROM delivery")
    await reply.cancel(session, delivery, mail.staff, at(3))
    assert await one(session, "SELECT state FROM delivery") == "cancelled"
    assert await one(session, "SELECT state FROM work_item") == "in_work"
    with pytest.raises(Conflict, match="move_not_possible"):
        await reply.cancel(session, delivery, mail.staff, at(4))
    with pytest.raises(Conflict):
        await reply.release(session, [delivery], at(5), mail.staff)
    last = await one(session, "SELECT last_item FROM case_")
    await reply.send(
        session, mail.answer(undo_s=10, expected_last_item=last), mail.staff, at(6), around
    )
    second = await one(session, "SELECT id FROM delivery WHERE state = 'held'")
    assert await reply.release(session, [second], at(16))
    assert await one(session, "SELECT state FROM delivery WHERE id = %s", second) == "queued"
    assert await one(session, "SELECT state FROM case_") == "wait_customer"
    assert await one(session, "SELECT state FROM work_item") == "done"


@pytest.mark.parametrize("state", ["open", "wait_customer", "solved"])
async def test_who_answers_a_quiet_matter_and_leaves_it_open_goes_on_with_it(
    session, around, state
):
    quiet = await World().build(session, state=state, held=False)
    await reply.send(session, quiet.answer(then=Then.OPEN), quiet.staff, AT, around)
    assert await one(session, "SELECT state FROM case_") == "open"
    assert await one(session, "SELECT state, agent_id FROM interaction") == (
        *("with_agent", quiet.jana),
    )
    assert await one(session, "SELECT state, agent_id, routed, queue_id FROM work_item") == (
        *("in_work", quiet.jana, False, quiet.desk.triage),
    )
    assert await one(session, "SELECT manual_units FROM agent_load") == 50
    types = await session.execute("SELECT type FROM event ORDER BY id")
    assert "work_item.added" in [row[0] for row in await types.fetchall()]
    last = await one(session, "SELECT last_item FROM case_")
    again = quiet.answer(then=Then.OPEN, expected_last_item=last, cid=new_id())
    await reply.send(session, again, quiet.staff, at(5), around)
    assert await one(session, "SELECT count(*) FROM work_item") == 1


async def test_an_answer_of_a_full_agent_leaves_the_open_matter_in_its_queue(session, around):
    quiet = await World().build(session, held=False)
    await session.execute("UPDATE agent_load SET manual_units = 100")
    await reply.send(session, quiet.answer(then=Then.OPEN), quiet.staff, AT, around)
    assert await one(session, "SELECT state, agent_id FROM work_item") == ("waiting", None)
    assert await one(session, "SELECT state FROM interaction") == "waiting"
    assert await one(session, "SELECT left_at FROM queue_stay") is None


async def test_work_that_waits_is_left_where_it_is_by_an_answer(session, around):
    waiting = await World().build(session)
    await session.execute("UPDATE interaction SET state = 'waiting', agent_id = NULL")
    await session.execute("UPDATE work_item SET state = 'waiting', agent_id = NULL")
    await reply.send(session, waiting.answer(then=Then.OPEN), waiting.staff, AT, around)
    assert await one(session, "SELECT state FROM work_item") == "waiting"


async def test_a_taken_back_answer_stops_nobody_else(session, mail, around):
    await reply.send(session, mail.answer(undo_s=10), mail.staff, AT, around)
    await reply.cancel(session, await one(session, "SELECT id FROM delivery"), mail.staff, AT)
    await reply.send(session, mail.answer(), mail.staff, AT, around)
    assert await one(session, "SELECT count(*) FROM delivery WHERE state = 'queued'") == 1


async def test_the_same_wish_twice_is_one_message(session, mail, around):
    wish = mail.answer()
    first = await reply.send(session, wish, mail.staff, AT, around)
    again = await reply.send(session, wish, mail.staff, AT, around)
    assert again == replace(first, new=False)
    assert await one(session, "SELECT count(*) FROM delivery") == 1


async def test_who_has_not_seen_the_newest_line_is_asked_first(session, mail, around):
    karel = Staff(await agent(session, mail.desk.id, name="Karel"), "Karel")
    await reply.note(session, Note(mail.case.id, "I know him", new_id()), karel, AT)
    with pytest.raises(Conflict) as refused:
        await reply.send(session, mail.answer(), mail.staff, AT, around)
    assert refused.value.code == "case.moved_on"
    assert refused.value.facts["newer"][0]["text"] == "I know him"
    assert refused.value.facts["last_item"] > mail.case.position
    await reply.send(session, mail.answer(anyway=True), mail.staff, AT, around)


async def test_in_a_live_chat_only_colleagues_stop_an_answer(session, around):
    chat = await World().build(session, channel="chat")
    position = await one(session, "SELECT nextval('message_position_seq')")
    await session.execute(
        "INSERT INTO message (id, interaction_id, position, kind, author_kind, text, at)"
        " VALUES (%s, %s, %s, 'in', 'customer', 'hello?', %s)",
        [new_id(), chat.case.interaction, position, AT],
    )
    await session.execute("UPDATE case_ SET last_item = %s", [position])
    await reply.send(session, chat.answer(undo_s=None), chat.staff, AT, around)
    assert await one(session, "SELECT state FROM delivery") == "sent"
    assert await one(session, "SELECT state FROM case_") == "open"
    assert await one(session, "SELECT state FROM work_item") == "in_work"
    await reply.send(session, chat.answer(text="and"), chat.staff, AT, around)
    karel = Staff(await agent(session, chat.desk.id, name="Karel"), "Karel")
    with pytest.raises(Conflict, match=r"case\.moved_on"):
        await reply.send(session, chat.answer(text="me too"), karel, AT, around)
    told = await session.execute("SELECT payload FROM event WHERE entity = 'chat_message'")
    assert [row[0]["from"] for row in await told.fetchall()] == ["agent", "agent"]


async def test_solving_a_chat_ends_it(session, around):
    chat = await World().build(session, channel="chat")
    await reply.send(session, chat.answer(then=Then.SOLVE), chat.staff, AT, around)
    assert await one(session, "SELECT state, reopen_until FROM case_") == (
        *("solved", AT + timedelta(days=14)),
    )
    assert await one(session, "SELECT state FROM interaction") == "ended"
    assert await one(session, "SELECT state FROM work_item") == "done"


async def test_targets_are_met_when_the_answer_leaves_not_when_it_is_held(session, mail, around):
    calendar = mail.desk.calendar
    await session.execute(
        "INSERT INTO sla_clock (id, case_id, interaction_id, type, state, calendar_id, target_ms,"
        " running_since, due_at) VALUES (%s, %s, %s, 'first_response', 'running', %s, 14400000,"
        " %s, %s)",
        [new_id(), mail.case.id, mail.case.interaction, calendar, AT, AT + timedelta(hours=4)],
    )
    await reply.send(session, mail.answer(undo_s=10), mail.staff, at(1), around)
    assert await one(session, "SELECT state FROM sla_clock") == "running"
    await reply.release(session, [await one(session, "SELECT id FROM delivery")], at(11))
    assert await one(session, "SELECT state, consumed_ms FROM sla_clock") == ("met", 11_000)


async def test_a_scheduled_answer_waits_and_its_work_is_done(session, mail, around):
    when = AT + timedelta(days=1)
    await reply.send(session, mail.answer(schedule_at=when), mail.staff, AT, around)
    assert await one(session, "SELECT state, why, not_before FROM delivery") == (
        *("held", "schedule", when),
    )
    assert await one(session, "SELECT state FROM work_item") == "done"
    with pytest.raises(Invalid, match=r"reply\.schedule"):
        await reply.send(session, mail.answer(schedule_at=AT, anyway=True), mail.staff, AT, around)


async def test_files_travel_with_the_answer_and_only_ones_own(session, mail, around):
    digest = await around.files.put(b"%PDF")
    upload = Upload(new_id(), f"person:{mail.jana}", digest, "smlouva.pdf", "application/pdf", 4)
    await files.add_upload(session, upload, AT)
    karel = Staff(await agent(session, mail.desk.id, name="Karel"), "Karel")
    with pytest.raises(Invalid, match="unknown_file"):
        await reply.send(session, mail.answer(files=[upload.id], join=True), karel, AT, around)
    await reply.send(session, mail.answer(text="", files=[upload.id]), mail.staff, AT, around)
    assert await one(session, "SELECT name, sha256 FROM message_file") == ("smlouva.pdf", digest)
    assert await one(session, "SELECT count(*) FROM upload") == 0


@pytest.mark.parametrize(
    ("change", "refusal", "code"),
    [
        ("UPDATE identity SET state = 'invalid'", Conflict, "reply.address_invalid"),
        ("UPDATE identity SET state = 'blocked'", Conflict, "reply.address_blocked"),
        ("UPDATE channel_account SET state = 'paused'", Conflict, "reply.account_paused"),
        ("DELETE FROM participant", Forbidden, "reply.not_participant"),
        ("UPDATE case_ SET state = 'closed'", Conflict, "reply.case_not_open"),
        ("UPDATE case_ SET state = 'discarded'", Conflict, "reply.case_not_open"),
    ],
)
async def test_a_shut_door_refuses_with_its_reason(session, mail, around, change, refusal, code):
    await session.execute(change)
    with pytest.raises(refusal) as refused:
        await reply.send(session, mail.answer(), mail.staff, AT, around)
    assert refused.value.code == code
    assert await one(session, "SELECT count(*) FROM delivery") == 0


async def test_nothing_and_too_much_are_refused(session, mail, around):
    with pytest.raises(Invalid, match=r"reply\.empty"):
        await reply.send(session, mail.answer(text="  \n"), mail.staff, AT, around)
    with pytest.raises(Invalid, match=r"reply\.too_long"):
        await reply.send(session, mail.answer(text="x" * 100_001), mail.staff, AT, around)
    with pytest.raises(Invalid, match=r"note\.length"):
        await reply.note(session, Note(mail.case.id, "", new_id()), mail.staff, AT)


async def test_a_failed_delivery_is_tried_again_as_a_new_one(session, mail, around):
    await reply.send(session, mail.answer(), mail.staff, AT, around)
    first = await one(session, "SELECT id FROM delivery")
    with pytest.raises(Conflict):
        await reply.retry(session, first, mail.staff, AT)
    await session.execute("UPDATE delivery SET state = 'failed'")
    await reply.retry(session, first, mail.staff, at(1))
    found = await session.execute("SELECT state FROM delivery ORDER BY id")
    assert [row[0] for row in await found.fetchall()] == ["failed", "queued"]
    assert await one(session, "SELECT delivery_state FROM message WHERE kind = 'out'") == "queued"


async def test_a_person_decides_about_a_doubtful_delivery(session, mail, around):
    await reply.send(session, mail.answer(), mail.staff, AT, around)
    first = await one(session, "SELECT id FROM delivery")
    for act, state in ((reply.retry, "queued"), (reply.give_up, "failed")):
        await session.execute("UPDATE delivery SET state = 'uncertain', version = version + 1")
        await act(session, first, mail.staff, AT)
        assert await one(session, "SELECT state FROM delivery") == state


async def test_a_hundred_racing_answers_send_one(database, tmp_path):
    around = outside(tmp_path)
    async with database.transaction() as session:
        world = await World().build(session)
        others = [await agent(session, world.desk.id, name=f"A{i}") for i in range(9)]

    async def race(number):
        staff = Staff(others[number % 9], f"A{number % 9}")
        while True:
            try:
                async with database.transaction() as session:
                    return await reply.send(session, world.answer(join=True), staff, AT, around)
            except Unavailable:  # no free connection for 2 s: a client would come again
                continue

    answers = await asyncio.gather(*(race(i) for i in range(100)), return_exceptions=True)
    refused = [one_ for one_ in answers if isinstance(one_, Conflict)]
    assert len(refused) == 99, {type(one_) for one_ in answers}
    assert {one_.code for one_ in refused} == {"case.moved_on"}
    async with database.transaction() as session:
        assert await one(session, "SELECT count(*) FROM delivery") == 1
