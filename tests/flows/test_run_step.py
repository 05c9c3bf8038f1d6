"""Steps the machine does: words leave, something is set, or a person gets it."""

from datetime import timedelta
from typing import Any
from uuid import UUID

import pytest
from tests.flows.test_walk import Desk, desk, step
from tests.make.account import account
from tests.make.case import case
from tests.make.customer import customer
from tests.make.department import department
from tests.make.moment import AT, at, new_id
from tests.make.outside import outside

from polyphony.domain.errors import Invalid
from polyphony.domain.event import Actor
from polyphony.flows import configure, notify, run_step, walk
from polyphony.store import projections, steps, timers
from polyphony.store.knowledge import SNIPPET

__all__ = ["desk"]
WORDS = {"en": "Send us your papers, {{customer.name}}.", "cs": "Pošlete nám doklady."}


@pytest.fixture
def around(tmp_path):
    return outside(tmp_path)


def send(queue: UUID, **more: object) -> dict[str, Any]:
    return step("tell", queue, kind="send", say={"text": WORDS}, **more)


async def turn(desk: Desk, around: Any, seconds: int = 1) -> int:
    due = await timers.claim(desk.session, 10, at(seconds), timedelta(seconds=30), [steps.KIND])
    await run_step.due(desk.session, due, at(seconds), around)
    return len(due)


async def sent(desk: Desk, case_id: UUID) -> list[tuple[str, str, str, str | None]]:
    found = await desk.session.execute(
        "SELECT m.text, m.author_kind, i.channel_kind, m.facts->>'channel_reason'"
        "  FROM message m JOIN interaction i ON i.id = m.interaction_id"
        "  JOIN delivery d ON d.message_id = m.id WHERE i.case_id = %s ORDER BY m.position",
        [case_id],
    )
    return [tuple(one) for one in await found.fetchall()]


async def lines(desk: Desk) -> list[dict[str, object]]:
    found = await desk.session.execute(
        "SELECT m.facts FROM message m JOIN interaction i ON i.id = m.interaction_id"
        " WHERE i.case_id = %s AND m.kind = 'system' ORDER BY m.position",
        [desk.case.id],
    )
    return [one[0] for one in await found.fetchall()]


async def test_a_step_sends_its_words_once_and_the_process_goes_on(desk, around):
    await desk.begin(send(desk.office), step("check", desk.office))
    assert await desk.states() == {"tell": "waiting", "check": "todo"}
    assert await turn(desk, around) == 1
    assert await sent(desk, desk.case.id) == [
        ("Send us your papers, Petr Novák.", "system", "email", None)
    ]
    assert await desk.states() == {"tell": "done", "check": "active"}
    assert await turn(desk, around, 40) == 0
    assert len(await sent(desk, desk.case.id)) == 1
    assert [one["code"] for one in await lines(desk)] == ["process_begun", "step_sent"]
    found = await desk.session.execute(
        "SELECT first_human_reply_at FROM interaction WHERE id = %s", [desk.case.interaction]
    )
    assert await found.fetchone() == (None,)  # a machine answers nobody


async def test_a_snippet_is_sent_in_the_language_of_the_case(desk, around):
    id_ = new_id()
    values = {
        "shortcut": "papers", "name": "Papers", "scope": "all", "channels": [],
        "bodies": {"en": "Papers, please", "cs": "Doklady, prosím"},
    }  # fmt: skip
    await configure.add(desk.session, SNIPPET, id_, values, Actor())
    await desk.session.execute("UPDATE interaction SET language = 'cs'")
    plan = step("tell", desk.office, kind="send", say={"snippet": str(id_)})
    with pytest.raises(Invalid, match=r"process\.step"):
        await desk.publish({**plan, "say": {"snippet": str(new_id())}})
    await desk.begin(plan)
    await turn(desk, around)
    assert [one[0] for one in await sent(desk, desk.case.id)] == ["Doklady, prosím"]


async def test_what_cannot_be_sent_is_work_of_a_person_who_reads_why(desk, around):
    await desk.session.execute("UPDATE identity SET state = 'invalid'")
    await desk.begin(send(desk.office), step("check", desk.loans))
    await turn(desk, around)
    row = (await desk.rows())["tell"]
    assert (row.state, row.why) == ("active", "reply.address_invalid")
    assert await desk.live() == [("tell", "waiting", desk.office)]
    assert (await lines(desk))[-1]["why"] == "reply.address_invalid"
    await desk.take("tell", desk.jana)
    await desk.finish("tell", desk.jana)
    assert await desk.states() == {"tell": "done", "check": "active"}
    assert await sent(desk, desk.case.id) == []


async def test_words_of_a_process_that_bounce_later_are_told_to_who_leads(desk, around):
    await desk.begin(send(desk.office))
    await turn(desk, around)
    found = await desk.session.execute("SELECT id FROM message WHERE author_kind = 'system'")
    ids = [(one[0], "x@customer.example") for one in await found.fetchall()]
    await notify.undelivered(desk.session, ids, at(60))
    told = await desk.session.execute(
        "SELECT person_id FROM notice WHERE kind = 'delivery_failed' ORDER BY at"
    )
    assert await told.fetchall() == [(desk.lead.id,)]


async def test_a_variable_nobody_knows_makes_it_work_too(desk, around):
    plan = send(desk.office) | {"say": {"text": {"en": "Yours, {{agent.name}}"}}}
    await desk.begin(plan)
    await turn(desk, around)
    assert (await desk.rows())["tell"].why == "reply.unresolved"


async def test_where_the_chat_is_over_the_words_go_to_the_customers_mail(session, desk, around):
    home = await department(session)
    await account(session, home.id)
    chat = await account(session, home.id, kind="chat")
    visitor = await customer(session, kind="chat")
    address = await customer(session, level=3)
    await session.execute(
        "UPDATE identity_use SET record_id = %s WHERE identity_id = %s",
        [visitor.record, address.identity],
    )
    matter = await case(session, home, chat, visitor, channel="chat")
    await session.execute(
        "UPDATE interaction SET state = 'ended', ended_at = %s, ended_by = 'C' WHERE id = %s",
        [AT, matter.interaction],
    )
    desk.case = matter
    await desk.begin(send(desk.office))
    await turn(desk, around)
    text = "Send us your papers, Petr Novák."
    assert await sent(desk, matter.id) == [(text, "system", "email", "chat_over")]
    assert await desk.states() == {"tell": "done"}


async def test_a_system_step_acts_all_or_nothing(desk, around):
    acts = [
        {"do": "tag", "add": ["loan"]}, {"do": "priority", "to": "high"},
        {"do": "attribute", "name": "stage", "value": "checked"}, {"do": "note", "text": "Done."},
    ]  # fmt: skip
    on = {"do": "queue", "queue": str(desk.loans)}
    await desk.begin(
        step("mark", desk.office, kind="system", do=acts),
        step("send_on", desk.office, kind="system", do=[on]),
    )
    await turn(desk, around)
    told = (await projections.cases(desk.session, [desk.case.id]))[desk.case.id]
    assert (told["tags"], told["priority"], told["steps"]["now"]) == (["loan"], "high", "Send_on")
    assert await turn(desk, around, 2) == 1
    assert await desk.state() == "solved"


async def test_what_a_system_step_cannot_do_is_taken_back_whole(session, desk, around):
    await session.execute("UPDATE queue SET channels = '{chat}' WHERE id = %s", [desk.loans])
    await session.execute(
        "INSERT INTO work_item (id, interaction_id, queue_id, channel_kind, state, state_since,"
        " units, target_ms, waiting_since, created_at)"
        " VALUES (%(id)s, %(i)s, %(q)s, 'email', 'waiting', %(at)s, 50, 1000, %(at)s, %(at)s)",
        {"id": new_id(), "i": desk.case.interaction, "q": desk.office, "at": AT},
    )
    acts = [{"do": "tag", "add": ["lost"]}, {"do": "queue", "queue": str(desk.loans)}]
    await desk.begin(step("mark", desk.office, kind="system", do=acts))
    await turn(desk, around)
    row = (await desk.rows())["mark"]
    assert (row.state, row.why) == ("active", "queue.channel_refused")
    told = (await projections.cases(session, [desk.case.id]))[desk.case.id]
    assert told["tags"] == []
    assert await desk.live() == [("mark", "waiting", desk.office)]


async def test_titles_by_language_come_to_the_case_the_card_and_the_lines(desk):
    titles = {"en": "Check papers", "cs": "Ověřit doklady", "ru": "Проверить документы"}
    await desk.begin(step("check", desk.office) | {"title": titles})
    row = (await desk.rows())["check"]
    assert (row.title, row.titles) == ("Check papers", titles)
    told = (await projections.cases(desk.session, [desk.case.id]))[desk.case.id]
    assert (told["steps"]["now"], told["steps"]["titles"]) == ("Check papers", titles)
    item = (await projections.work_items(desk.session, [row.work_id]))[row.work_id]
    assert item["step"]["titles"] == titles
    await walk.finish(desk.session, row.id, desk.by_lead(), at(9))
    assert (await lines(desk))[-1]["step"] == titles


async def test_a_kind_of_its_own_or_nobody_to_fall_back_on_is_refused(desk):
    kind = {"do": "kind", "kind": None}
    for wrong in (
        step("mark", desk.office, kind="system", do=[kind]),
        step("mark", desk.office, kind="system", do=[]),
        step("tell", desk.office, kind="send"),
        {"key": "tell", "title": "Tell", "kind": "send", "say": {"text": WORDS}},
        step("tell", desk.office, kind="send", say={"text": {}}),
    ):
        with pytest.raises(Invalid, match=r"process\.step"):
            await desk.publish(wrong)
