"""Events: appended with whole projections, told to exactly those who may see them."""

from tests.make.account import account
from tests.make.agent import agent
from tests.make.case import case
from tests.make.customer import customer
from tests.make.department import department
from tests.make.moment import AT, new_id

from polyphony.domain.event import SYSTEM, Actor, NewEvent, Op
from polyphony.flows.announce import announce
from polyphony.store import events, projections


async def world(session, *, channel="email", visibility="open", text="Hello"):
    desk = await department(session)
    who = await customer(session, kind=channel)
    jana = await agent(session, desk.id)
    box = await account(session, desk.id, kind=channel)
    made = await case(
        session, desk, box, who, channel=channel, agent=jana, visibility=visibility, text=text
    )
    return desk, who, jana, made


async def log(session):
    found = await session.execute(
        "SELECT type, op, entity, entity_id, version, aud, aud_was, case_id, payload, actor_kind,"
        " actor_id, cid FROM event ORDER BY id"
    )
    names = [column.name for column in found.description]
    return [dict(zip(names, row, strict=True)) for row in await found.fetchall()]


async def test_an_event_keeps_everything_it_was_given(session):
    entity, person, cid = new_id(), new_id(), new_id()
    given = NewEvent(
        *("draft.changed", Op.UPSERT, "draft", entity, 3, ["person:1", "case:2"], ["all"]),
        *(None, "person", person, cid, {"text": "dobrý den"}),
    )
    await events.append(session, [given, NewEvent("x.gone", Op.GONE, None, None, None, ["all"])])
    first, second = (await log(session))[-2:]
    assert first["aud"] == ["person:1", "case:2"]
    assert first["aud_was"] == ["all"]
    assert first["payload"] == {"text": "dobrý den"}
    assert (first["actor_kind"], first["actor_id"], first["cid"]) == ("person", person, cid)
    assert second["payload"] is None
    assert second["aud_was"] is None


async def test_announce_appends_the_projection_a_fetch_would_give(session):
    desk, _, jana, made = await world(session)
    await announce(
        session,
        actor=Actor("person", jana),
        types={"case": "case.opened"},
        cases=[made.id],
        messages=[made.message],
        interactions=[made.interaction],
        work_items=[made.work_item],
        presences=[jana],
        loads=[jana],
    )
    told = {event["entity"]: event for event in await log(session) if event["entity"]}
    fresh = await projections.cases(session, [made.id])
    assert told["case"]["payload"] == fresh[made.id]
    assert told["case"]["type"] == "case.opened"
    assert set(told["case"]["aud"]) == {
        *(f"dept:{desk.id}", f"case:{made.id}", f"person:{jana}", f"queue:{desk.triage}")
    }
    assert told["message"]["payload"]["author"]["kind"] == "customer"
    assert told["work_item"]["payload"]["agent_id"] == str(jana)
    assert told["load"]["aud"] == [f"person:{jana}", f"sup:{desk.id}"]
    assert "chat_message" not in told


async def test_a_sealed_case_is_told_to_members_and_holders_only(session):
    desk, _, jana, made = await world(session, visibility="sealed")
    await announce(
        session, actor=SYSTEM, cases=[made.id], messages=[made.message],
        work_items=[made.work_item],
    )  # fmt: skip
    allowed = {f"member:{desk.id}", f"person:{jana}"}
    assert all(set(event["aud"]) <= allowed for event in await log(session))


async def test_a_long_message_travels_as_touch(session):
    *_, made = await world(session, text="é" * 9000)
    await announce(session, actor=SYSTEM, messages=[made.message])
    event = (await log(session))[-1]
    assert (event["op"], event["payload"]) == (Op.TOUCH, None)


async def test_the_customers_screen_hears_chat_but_no_note(session):
    _, who, _, made = await world(session, channel="chat")
    await announce(session, actor=SYSTEM, messages=[made.message])
    chat = [event for event in await log(session) if event["entity"] == "chat_message"]
    assert chat[0]["aud"] == [f"cust:{who.identity}"]
    assert chat[0]["payload"]["from"] == "me"
    await session.execute("UPDATE message SET kind = 'note' WHERE id = %s", [made.message])
    await announce(session, actor=SYSTEM, messages=[made.message])
    again = [event for event in await log(session) if event["entity"] == "chat_message"]
    assert len(again) == len(chat)


async def test_the_audience_before_a_move_stands_beside_the_new_one(session):
    *_, made = await world(session)
    was = await projections.audiences(session, [made.id])
    other = await department(session)
    await session.execute(
        "UPDATE case_ SET department_id = %s, version = version + 1 WHERE id = %s",
        [other.id, made.id],
    )
    await announce(session, actor=SYSTEM, was=was, cases=[made.id])
    event = (await log(session))[-1]
    assert event["aud_was"] == was[made.id]
    assert f"dept:{other.id}" in event["aud"]
    assert event["version"] == 2


async def test_day_partitions_are_made_once(session):
    await events.make_days(session)  # the database may have been made before midnight
    assert await events.make_days(session, 12) == 3
    assert await events.make_days(session, 12) == 0
    assert await events.check_epoch(session) == 1
    assert AT.tzinfo is not None
