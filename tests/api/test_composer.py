"""Answers as the composer sends them: ways, rich text, signature, schedule, owner, races."""

import asyncio
from collections.abc import AsyncIterator
from datetime import timedelta
from pathlib import Path
from typing import Any
from uuid import UUID, uuid4

import httpx
import pytest
from tests.conftest import FULL
from tests.make.account import account
from tests.make.agent import agent
from tests.make.case import Case, case
from tests.make.customer import Customer, customer
from tests.make.department import Department, department
from tests.make.desk import Person, Running, running
from tests.make.door import ScriptedDoor
from tests.make.moment import AT, at, new_id

from polyphony.app import clock
from polyphony.channels.chat.client import ChatChannel
from polyphony.domain.channel import ChannelKind
from polyphony.flows import reply
from polyphony.store.database import Database

TOMORROW = (clock.now() + timedelta(days=1)).isoformat()
RACES = 1_000 if FULL else 100


class Office:
    """Jana holds a mail of Olga, Petr is her colleague; a mailbox and a chat of one department."""

    desk: Running
    database: Database
    care: Department
    jana: Person
    petr: Person
    olga: Customer
    mailbox: UUID
    chat: UUID
    case: Case

    async def column(self, query: str, *values: object) -> list[Any]:
        async with self.database.reads() as session:
            found = await session.execute(query, list(values) or None)
            return [row[0] for row in await found.fetchall()]

    async def do(self, query: str, *values: object) -> None:
        async with self.database.transaction() as session:
            await session.execute(query, list(values) or None)

    async def doors(self) -> list[dict[str, Any]]:
        return (await self.jana.get(f"/v1/cases/{self.case.id}"))["doors"]

    async def say(self, who: Person, text: str = "Yes.", **more: Any) -> httpx.Response:
        body = {"text": text, "expected_last_item": 2**40, "undo_s": 0, **more}
        path = f"/v1/interactions/{self.case.interaction}/messages"
        return await who.post(path, body, **{"Idempotency-Key": str(uuid4())})

    async def say_by(self, door: dict[str, Any], **more: Any) -> httpx.Response:
        body = {"text": "Elsewhere.", "expected_last_item": 2**40, "undo_s": 0, **more}
        body |= {name: door[name] for name in ("account_id", "identity_id")}
        path = f"/v1/cases/{self.case.id}/messages"
        return await self.jana.post(path, body, **{"Idempotency-Key": str(uuid4())})


@pytest.fixture
async def office(database: Database, tmp_path: Path) -> AsyncIterator[Office]:
    made = Office()
    made.database = database
    async with database.transaction() as session:
        made.care = await department(session)
        ids: list[UUID] = [
            await agent(session, made.care.id, name=name) for name in ("Jana", "Petr")
        ]
        made.mailbox = await account(session, made.care.id)
        made.chat = await account(session, made.care.id, kind="chat", address="pk_test")
        made.olga = await customer(session, name="Olga Němcová", level=2)
        made.case = await case(session, made.care, made.mailbox, made.olga, agent=ids[0])
    channels = {ChannelKind.EMAIL: ScriptedDoor(), ChannelKind.CHAT: ChatChannel()}
    async with running(database, tmp_path, channels) as made.desk:
        made.jana, made.petr = [await made.desk.signed_in(one) for one in ids]
        yield made


async def _chat(office: Office, state: str = "with_agent") -> UUID:
    """Olga also writes in the chat of the same Case, later than by mail."""
    id_, identity = new_id(), new_id()
    async with office.database.transaction() as session:
        await session.execute(
            "INSERT INTO identity (id, kind, scope, address, first_seen)"
            " VALUES (%s, 'chat', %s, %s, %s)",
            [identity, str(office.chat), str(identity), AT],
        )
        await session.execute(
            "INSERT INTO identity_use (identity_id, record_id, role, level, method, since)"
            " VALUES (%s, %s, 'uses', 0, 'seen', %s)",
            [identity, office.olga.record, AT],
        )
        await session.execute(
            "INSERT INTO interaction (id, case_id, channel_kind, account_id, identity_id,"
            " record_id, thread_key, mode, state, opened_at, last_in_at, agent_id)"
            " VALUES (%s, %s, 'chat', %s, %s, %s, '', 'live', %s, %s, %s, %s)",
            [id_, office.case.id, office.chat, identity, office.olga.record, state, AT, at(60),
             office.jana.id],
        )  # fmt: skip
        await session.execute(
            "INSERT INTO participant (case_id, identity_id, how, at) VALUES (%s, %s, 'opened', %s)",
            [office.case.id, identity, AT],
        )
    return id_


async def test_the_ways_are_ranked_with_their_reasons_and_limits(office: Office) -> None:
    only = (await office.doors())[0]
    assert (only["channel_kind"], only["allowed"], only["why"]) == ("email", True, "wrote_here")
    assert (only["limits"]["html"], only["limits"]["file_max_bytes"]) == (True, 25 * 1024 * 1024)
    await _chat(office)
    assert [one["channel_kind"] for one in await office.doors()] == ["chat", "email"]
    chat = (await office.doors())[0]
    assert (chat["limits"]["text_max"] > 0, chat["limits"]["html"]) == (True, False)
    await office.do("UPDATE interaction SET state = 'ended' WHERE channel_kind = 'chat'")
    told = [(one["channel_kind"], one["allowed"], one["why"]) for one in await office.doors()]
    assert told == [("email", True, "wrote_here"), ("chat", False, "chat_over")]


async def test_another_channel_than_the_customer_s_last_asks_once_for_a_reason(
    office: Office,
) -> None:
    await _chat(office)
    mail = next(one for one in await office.doors() if one["channel_kind"] == "email")
    silent = await office.say_by(mail)
    assert (silent.status_code, silent.json()["code"]) == (422, "reply.reason_needed")
    told = await office.say_by(mail, reason="She asked for it in writing")
    assert told.status_code == 201, told.text
    assert told.json()["message"]["interaction_id"] == str(office.case.interaction)
    assert told.json()["message"]["facts"]["channel_reason"] == "She asked for it in writing"
    assert (await office.say_by(mail)).status_code == 201


async def test_an_answer_by_a_known_address_begins_an_interaction_in_the_same_case(
    office: Office,
) -> None:
    chat = await _chat(office)
    await office.do("UPDATE message SET interaction_id = %s", chat)
    await office.do("DELETE FROM work_item")
    await office.do("DELETE FROM participant WHERE identity_id = %s", office.olga.identity)
    await office.do("DELETE FROM interaction WHERE channel_kind = 'email'")
    mail = next(one for one in await office.doors() if one["channel_kind"] == "email")
    assert (mail["interaction_id"], mail["why"], mail["address"]) == (
        *(None, "known_address", office.olga.address),
    )
    sent = await office.say_by(mail, reason="left the chat")
    assert sent.status_code == 201, sent.text
    begun = "SELECT id::text FROM interaction WHERE channel_kind = 'email' AND case_id = %s"
    assert await office.column(begun, office.case.id) == [sent.json()["message"]["interaction_id"]]
    assert await office.column("SELECT to_address FROM delivery") == [office.olga.address]
    await office.do("DELETE FROM delivery_try")
    again = await office.say_by(mail)
    assert again.json()["message"]["interaction_id"] == sent.json()["message"]["interaction_id"]


async def test_an_address_that_was_only_typed_is_no_way(office: Office) -> None:
    await _chat(office)
    await office.do("UPDATE interaction SET identity_id = (SELECT identity_id FROM interaction"
                    " WHERE channel_kind = 'chat')")  # fmt: skip
    await office.do("DELETE FROM participant WHERE identity_id = %s", office.olga.identity)
    await office.do("UPDATE identity_use SET level = 0")
    mail = next(one for one in await office.doors() if one["address"] == office.olga.address)
    assert (mail["allowed"], mail["why"]) == (False, "address_not_proved")
    refused = await office.say_by(mail, reason="x")
    assert (refused.status_code, refused.json()["code"]) == (409, "reply.address_not_proved")
    stranger = mail | {"identity_id": str(uuid4())}
    assert (await office.say_by(stranger, reason="x")).json()["code"] == "reply.no_way"


async def test_rich_text_is_made_safe_and_its_words_are_derived(office: Office) -> None:
    picture = await office.jana.http.post(
        "/v1/files", files={"file": ("p.png", b"\x89PNG", "image/png")}
    )
    id_ = picture.json()["id"]
    html = (
        "<p>Dear {{customer.first_name}}, <strong>yes</strong>"
        f'<script>alert(1)</script><img src="cid:{id_}" onerror="x()"></p><ul><li>one</li></ul>'
    )
    sent = await office.say(office.jana, "ignored", html=html, files=[id_])
    assert sent.status_code == 201, sent.text
    kept = (await office.column("SELECT html FROM message WHERE kind = 'out'"))[0]
    assert "<strong>yes</strong>" in kept
    assert "Dear Olga" in kept
    assert "script" not in kept
    assert "onerror" not in kept
    assert sent.json()["message"]["text"] == "Dear Olga, yes\n\n- one"
    assert [(one["inline"], one["cid"]) for one in sent.json()["message"]["files"]] == [(True, id_)]


async def test_a_value_with_markup_stays_words_in_rich_text(office: Office) -> None:
    await office.do("UPDATE customer SET name = '<b>Olga</b> & co.'")
    sent = await office.say(office.jana, "x", html="<p>{{customer.name}}</p>")
    assert sent.json()["message"]["text"] == "<b>Olga</b> & co."
    open_ = await office.say(office.jana, "x", html="<p>{{brand.name}}</p>")
    assert (open_.status_code, open_.json()["names"]) == (422, ["brand.name"])


async def test_the_signature_of_queue_or_brand_is_shown_and_leaves_below(office: Office) -> None:
    brand = new_id()
    await office.do(
        "INSERT INTO brand (id, name, signature)"
        " VALUES (%s, 'Lumen', '{\"en\": \"{{agent.name}}, {{brand.name}}\"}')",
        brand,
    )
    await office.do("UPDATE channel_account SET brand_id = %s WHERE kind = 'email'", brand)
    assert (await office.doors())[0]["signature"] == "Jana, Lumen"
    await office.do('UPDATE queue SET signature = \'{"en": "Your {{department.name}}"}\'')
    shown = (await office.doors())[0]["signature"]
    assert shown.startswith("Your ")
    sent = await office.say(office.jana)
    assert sent.json()["message"]["facts"]["signature"] == shown
    assert sent.json()["message"]["text"] == "Yes."
    bare = await office.say(office.jana, signed=False)
    assert "signature" not in bare.json()["message"]["facts"]


async def test_answering_in_a_colleague_s_work_asks_first(office: Office) -> None:
    asked = await office.say(office.petr)
    assert (asked.status_code, asked.json()["code"]) == (409, "reply.not_yours")
    assert asked.json()["owner"] == {"id": str(office.jana.id), "name": "Jana"}
    assert (await office.say(office.petr, join=True)).status_code == 201


async def _schedule(office: Office, **more: Any) -> dict[str, Any]:
    sent = await office.say(office.jana, schedule_at=TOMORROW, **more)
    assert sent.status_code == 201, sent.text
    return dict(sent.json()["message"]["delivery"])


async def test_a_scheduled_answer_is_moved_taken_back_and_its_case_is_open_again(
    office: Office,
) -> None:
    held = await _schedule(office)
    assert (held["state"], held["why"], held["pinned"]) == ("held", "schedule", False)
    later = (clock.now() + timedelta(days=2)).isoformat()
    path = f"/v1/deliveries/{held['id']}"
    moved = await office.jana.post(f"{path}/schedule", {"at": later, "pinned": True})
    assert moved.json()["message"]["delivery"]["pinned"] is True, moved.text
    past = await office.jana.post(f"{path}/schedule", {"at": "2020-01-01T00:00:00Z"})
    assert (past.status_code, past.json()["code"]) == (422, "reply.schedule")
    assert await office.column("SELECT state FROM case_") == ["wait_customer"]
    assert (await office.jana.post(f"{path}/cancel")).status_code == 200
    assert await office.column("SELECT state FROM case_") == ["open"]
    held = "SELECT agent_id FROM work_item WHERE state = 'in_work'"
    assert await office.column(held) == [office.jana.id]
    again = await office.jana.post(f"{path}/schedule", {"at": later})
    assert (again.status_code, again.json()["code"]) == (409, "delivery.move_not_possible")


@pytest.mark.parametrize(("pinned", "state"), [(False, "cancelled"), (True, "held")])
async def test_a_scheduled_answer_is_called_off_when_the_customer_writes_unless_pinned(
    office: Office, *, pinned: bool, state: str
) -> None:
    await _schedule(office, pinned=pinned)
    async with office.database.transaction() as session:
        await reply.call_off(session, [office.case.id], clock.now())
    assert await office.column("SELECT state FROM delivery") == [state]
    why = await office.column("SELECT why FROM delivery")
    assert why == (["schedule"] if pinned else ["customer_wrote"])
    assert await office.column("SELECT delivery_state FROM message WHERE kind = 'out'") == [state]
    told = await office.column("SELECT kind FROM notice WHERE person_id = %s", office.jana.id)
    assert told == ([] if pinned else ["delivery_failed"])


async def test_the_time_to_take_an_answer_back_obeys_the_range_of_its_channel(
    office: Office,
) -> None:
    await office.do("UPDATE interaction SET channel_kind = 'chat', mode = 'live', account_id = %s",
                    office.chat)  # fmt: skip
    sent = await office.say(office.jana, undo_s=60)
    until = sent.json()["message"]["delivery"]["not_before"]
    seconds = await office.column("SELECT extract(epoch FROM %s::timestamptz - now())", until)
    assert 0 < seconds[0] <= 10


async def test_a_language_is_recognised_for_the_question_before_sending(office: Office) -> None:
    told = await office.jana.post(
        "/v1/language", {"text": "Dobrý den, vaše zboží je již na cestě a bude doručeno zítra."}
    )
    assert told.json() == {"language": "cs"}
    assert (await office.jana.post("/v1/language", {"text": "ok"})).json() == {"language": None}


@pytest.mark.timeout(900 if FULL else 120)
async def test_raced_answers_never_double(office: Office) -> None:
    """Two agents answer the same state of a Case at once: one leaves, the other is asked."""
    office.desk.web.desk.pace.burst = office.desk.web.desk.pace.per_s = 1e9
    path = f"/v1/interactions/{office.case.interaction}/messages"
    seen = office.case.position
    for number in range(RACES // 2):
        body = {"text": f"{number}", "expected_last_item": seen, "undo_s": 0, "join": True,
                "then": "open"}  # fmt: skip
        answers = await asyncio.gather(*(
            who.post(path, body, **{"Idempotency-Key": str(uuid4())})
            for who in (office.jana, office.petr)
        ))  # fmt: skip
        assert sorted(one.status_code for one in answers) == [201, 409]
        lost = next(one for one in answers if one.status_code == 409)
        assert lost.json()["code"] == "case.moved_on"
        seen = lost.json()["last_item"]
    sent = "SELECT m.text FROM delivery d JOIN message m ON m.id = d.message_id"
    texts = await office.column(sent)
    assert sorted(texts, key=int) == [f"{number}" for number in range(RACES // 2)]
