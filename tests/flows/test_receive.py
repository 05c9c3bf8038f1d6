"""Receive: raw first, once; the right matter; machines and forgers change nothing."""

from datetime import timedelta

import pytest
from tests.make.account import account
from tests.make.agent import agent
from tests.make.case import case
from tests.make.customer import customer
from tests.make.department import department
from tests.make.mail import arrive, inbound
from tests.make.moment import AT, at, new_id
from tests.make.outside import outside
from tests.make.reading import moments, one, read, rows, signed

from polyphony.domain.channel import ChannelKind
from polyphony.domain.message import Automated, Part, What
from polyphony.flows import receive
from polyphony.store import projections


@pytest.fixture
async def desk(session):
    return await department(session)


@pytest.fixture
async def box(session, desk):
    return await account(session, desk.id)


@pytest.fixture
def around(tmp_path):
    return outside(tmp_path)


# ── keep ────────────────────────────────────────────────────────────────────────────────────────


async def test_the_same_bytes_are_kept_once_whatever_the_batches(session, box):
    first = await receive.keep(session, [receive.Kept(box, "a", b"1", AT)] * 2)
    again = await receive.keep(
        session, [receive.Kept(box, "b", b"2", AT), receive.Kept(box, "a", b"1", AT)]
    )
    assert first[0] == first[1] == again[1]
    assert await rows(session, "SELECT key, seen FROM arrival WHERE account_id = %s ORDER BY key",
                      box) == [("a", 2), ("b", 1)]  # fmt: skip


async def test_a_large_body_lives_in_the_file_store(session, box, around):
    big = await receive.shelve(around.files, receive.Kept(box, "big", b"x" * 300_000, AT))
    small = await receive.shelve(around.files, receive.Kept(box, "small", b"x", AT))
    assert (big.body, small.body) == (None, b"x")
    await receive.keep(session, [big, small], (box, {"uid": 7}))
    taken = await receive.claim(session, 10, AT)
    bodies = {one.key: one.body for one in await receive.raws(taken, around)}
    assert bodies == {"big": b"x" * 300_000, "small": b"x"}
    assert await one(session, "SELECT mark FROM collector WHERE account_id = %s", box) == {"uid": 7}


async def test_a_claimed_arrival_is_nobody_elses_until_the_lease_ends(session, box):
    await receive.keep(session, [receive.Kept(box, "a", b"1", AT)])
    assert len((await receive.claim(session, 10, AT)).rows) == 1
    assert len((await receive.claim(session, 10, at(59))).rows) == 0
    assert len((await receive.claim(session, 10, at(61))).rows) == 1


# ── read: new and continued ─────────────────────────────────────────────────────────────────────


async def test_a_first_mail_opens_a_case_that_waits_for_an_agent(session, desk, box, around):
    outcome = await read(session, around, box, inbound(text="Hello\nworld", subject="My parcel"))
    assert len(outcome.read) == 1
    state, title, preview, last = await one(
        session, "SELECT state, title, preview, last_customer = last_item FROM case_"
    )
    assert (state, title, preview, last) == ("open", "My parcel", "Hello world", True)
    assert await one(session, "SELECT state, mode FROM interaction") == ("waiting", "async")
    queue, work, units, why = await one(
        session, "SELECT queue_id, state, units, why_queue FROM work_item"
    )
    assert (queue, work, units, why["code"]) == (desk.triage, "waiting", 50, "triage")
    clocks = await rows(session, "SELECT type, state FROM sla_clock ORDER BY type")
    assert clocks == [("first_response", "running"), ("resolution", "running")]
    assert await one(session, "SELECT how FROM participant") == "opened"
    assert await one(session, "SELECT count(*) FROM queue_stay WHERE left_at IS NULL") == 1
    told = await rows(session, "SELECT type, entity FROM event ORDER BY id")
    assert told == [
        ("case.opened", "case"),
        ("interaction.began", "interaction"),
        ("message.received", "message"),
        ("work_item.added", "work_item"),
    ]
    payload = await one(session, "SELECT payload FROM event WHERE entity = 'case'")
    assert payload["customer"]["name"] == "Petr Novák"
    assert len(payload["clocks"]) == 2


@pytest.mark.parametrize("visibility", ["open", "sealed"])
async def test_what_is_drawn_from_memory_equals_what_the_store_shows(session, around, visibility):
    desk = await department(session, visibility=visibility)
    box = await account(session, desk.id)
    known = await customer(session, "known@customer.example", name="Known One", tier="vip")
    old = await case(session, desk, box, known)
    await session.execute("INSERT INTO thread_id VALUES (%s, 'r@x', %s)", [box, old.interaction])
    part = Part("application/pdf", "účet.pdf", b"%PDF", inline=True, cid="c1")
    sent = AT - timedelta(microseconds=123450)
    await read(
        session, around, box,
        inbound("new@customer.example", parts=(part,), sent_at=sent, text_full="a\nb", html="<p>"),
        inbound("known@customer.example", level=2, defects=("date",)),
        inbound("evil@customer.example", continues=("r@x",)),
        inbound("bot@customer.example", automated=Automated.BULK, automated_reason="bulk"),
    )  # fmt: skip
    told = await rows(
        session, "SELECT entity, entity_id, payload, aud, case_id, customer_id, version FROM event"
    )
    assert {entity for entity, *_ in told} == {"case", "interaction", "message", "work_item"}
    for entity, id_, payload, *rest in told:
        shown = "SELECT p.data, p.aud, p.case_id, p.customer_id, p.version FROM ("
        data, *fresh = await one(session, shown + projections.BY_ENTITY[entity].replace(
            "%(ids)s", f"'{{{id_}}}'").replace("%%", "%") + ") p")  # fmt: skip
        assert moments(payload) == moments(data), entity
        assert rest == fresh, entity


async def test_five_copies_in_any_order_are_stored_once(session, box, around):
    said = [inbound(f"c{i}@customer.example", key=f"k{i}") for i in range(6)]
    for part in (said[::-1], said[1:4], said, said[::2], said):
        await read(session, around, box, *part)
    assert await one(session, "SELECT count(*) FROM message") == 6
    assert await one(session, "SELECT count(*) FROM case_") == 6
    assert await one(session, "SELECT count(*) FROM work_item") == 6


async def test_the_same_mail_in_two_mailboxes_is_one_message(session, desk, box, around):
    other = await account(session, desk.id)
    said = inbound(key="same")
    await read(session, around, box, said)
    await read(session, around, other, said)
    assert await one(session, "SELECT also_received FROM message") == [other]
    third = inbound(key="together")
    raws = [*await arrive(session, box, third), *await arrive(session, other, third)]
    await receive.read(session, [(one_, (third,)) for one_ in raws], AT, around)
    assert await one(session, "SELECT count(*) FROM message") == 2
    assert await one(session, "SELECT count(*) FROM case_") == 2


async def test_an_answer_with_our_token_joins_its_case_and_wakes_it(session, desk, box, around):
    who = await customer(session, "petr@customer.example")
    made = await case(session, desk, box, who, state="wait_customer")
    await read(session, around, box, inbound(tokens=(signed(around, made.id, who.address),)))
    assert await one(session, "SELECT state FROM case_") == "open"
    assert await one(session, "SELECT count(*) FROM message") == 2
    assert await one(session, "SELECT state FROM interaction") == "waiting"
    assert await one(session, "SELECT type FROM sla_clock") == "next_response"


async def test_a_known_message_id_joins_when_the_sender_is_proved(session, box, around):
    await read(session, around, box, inbound(message_id="a@x"))
    await read(session, around, box, inbound(message_id="b@x", continues=("a@x",), level=2))
    assert await one(session, "SELECT count(*) FROM case_") == 1
    await read(session, around, box, inbound(continues=("b@x",), level=1))
    assert await one(session, "SELECT count(*) FROM case_") == 2
    assert await one(session, "SELECT kind FROM case_link") == "perhaps"


async def test_mails_of_one_batch_find_each_other(session, box, around):
    await read(
        session, around, box,
        inbound(message_id="a@x", level=2), inbound(message_id="b@x", continues=("a@x",), level=2),
        inbound(message_id="c@x", continues=("b@x", "a@x"), level=2),
    )  # fmt: skip
    assert await one(session, "SELECT count(*) FROM case_") == 1
    assert await one(session, "SELECT count(*) FROM interaction") == 1
    assert await one(session, "SELECT count(*) FROM work_item") == 1
    assert await one(session, "SELECT count(*) FROM message") == 3


async def test_chat_lines_of_one_batch_share_one_interaction(session, desk, around):
    widget = await account(session, desk.id, kind="chat", address="pk_1")
    said = [
        inbound("v1", f"line {i}", kind=ChannelKind.CHAT, scope=str(widget), key=f"v1:{i}",
                cid=new_id(), level=1)
        for i in range(5)
    ]  # fmt: skip
    await read(session, around, widget, *said)
    assert await one(session, "SELECT state, mode, channel_kind FROM interaction") == (
        *("waiting", "live", "chat"),
    )
    texts = await rows(session, "SELECT text FROM message ORDER BY position")
    assert [text for (text,) in texts] == [f"line {i}" for i in range(5)]
    assert await one(session, "SELECT units, channel_kind FROM work_item") == (33, "chat")
    own = await rows(session, "SELECT aud FROM event WHERE entity = 'chat_message'")
    assert len(own) == 5
    await read(session, around, widget, inbound("v1", kind=ChannelKind.CHAT, scope=str(widget)))
    assert await one(session, "SELECT count(*) FROM interaction") == 1


async def test_a_solved_case_opens_again_and_a_closed_one_is_followed(session, desk, box, around):
    who = await customer(session, "petr@customer.example", level=2)
    made = await case(session, desk, box, who, state="solved", thread_key="r")
    await session.execute("INSERT INTO thread_id VALUES (%s, 'r@x', %s)", [box, made.interaction])
    await session.execute("UPDATE case_ SET reopen_until = %s", [AT + timedelta(days=1)])
    await read(session, around, box, inbound(continues=("r@x",), level=2))
    assert await one(session, "SELECT state FROM case_") == "open"
    await session.execute("UPDATE case_ SET state = 'closed'")
    await read(session, around, box, inbound(continues=("r@x",), level=2))
    assert await rows(session, "SELECT state FROM case_ ORDER BY opened_at, id") == [
        *(("closed",), ("open",)),
    ]
    assert await one(session, "SELECT kind, other_id FROM case_link") == ("follows", made.id)


async def test_a_merged_case_leads_to_its_target(session, desk, box, around):
    who = await customer(session, "petr@customer.example")
    target = await case(session, desk, box, who)
    source = await case(session, desk, box, who, state="merged")
    await session.execute("UPDATE case_ SET merged_into = %s WHERE id = %s", [target.id, source.id])
    await read(session, around, box, inbound(tokens=(signed(around, source.id, who.address),)))
    found = await one(
        session,
        "SELECT i.case_id FROM message m JOIN interaction i ON i.id = m.interaction_id"
        " WHERE m.arrival_id IS NOT NULL",
    )
    assert found == target.id


async def test_an_agent_at_work_is_not_disturbed_by_new_work(session, desk, box, around):
    who = await customer(session, "petr@customer.example")
    jana = await agent(session, desk.id)
    made = await case(session, desk, box, who, agent=jana)
    await read(session, around, box, inbound(tokens=(signed(around, made.id, who.address),)))
    assert await one(session, "SELECT state FROM interaction") == "with_agent"
    assert await one(session, "SELECT state FROM work_item") == "in_work"


async def test_parked_work_wakes_when_the_customer_writes(session, desk, box, around):
    who = await customer(session, "petr@customer.example")
    made = await case(session, desk, box, who, queue=desk.triage, state="wait_customer")
    await session.execute("UPDATE work_item SET state = 'parked'")
    await session.execute("UPDATE interaction SET state = 'quiet'")
    await session.execute("UPDATE queue_stay SET left_at = entered_at")
    await read(session, around, box, inbound(tokens=(signed(around, made.id, who.address),)))
    assert await one(session, "SELECT state FROM work_item") == "waiting"
    assert await one(session, "SELECT state FROM interaction") == "waiting"


async def test_attachments_are_on_disk_before_their_rows(session, box, around):
    part = Part("application/pdf", "účet.pdf", b"%PDF-1.4")
    await read(session, around, box, inbound(parts=(part,)))
    digest, name, size = await one(session, "SELECT sha256, name, size FROM message_file")
    assert (name, size) == ("účet.pdf", 8)
    assert await around.files.get(digest) == b"%PDF-1.4"


@pytest.mark.parametrize("at_work", [False, True])
async def test_a_visitor_who_leaves_abandons_what_waits_but_not_an_agent_at_work(
    session, desk, around, at_work
):
    widget = await account(session, desk.id, kind="chat", address="pk_2")
    who = await customer(session, "v9", kind="chat", scope=str(widget))
    jana = await agent(session, desk.id)
    await case(
        session, desk, widget, who, channel="chat",
        queue=None if at_work else desk.triage, agent=jana if at_work else None,
    )  # fmt: skip
    gone = inbound("v9", "", kind=ChannelKind.CHAT, scope=str(widget), what=What.LEAVE)
    await read(session, around, widget, gone)
    state, why = await one(session, "SELECT state, cancel_why FROM work_item")
    strip = await one(session, "SELECT state FROM interaction")
    if at_work:
        assert (state, why, strip) == ("in_work", None, "with_agent")
    else:
        assert (state, why, strip) == ("cancelled", "abandoned", "ended")
    assert await one(session, "SELECT facts FROM message WHERE kind = 'system'") == {
        "code": "customer_left"
    }
    await read(session, around, widget, inbound("v9", kind=ChannelKind.CHAT, scope=str(widget),
                                                what=What.JOIN))  # fmt: skip
    assert await one(session, "SELECT count(*) FROM message") == 2
