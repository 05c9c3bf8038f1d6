"""Forward: a Message or a whole Case leaves to an outside address; nobody else hears of it."""

import email
from email.policy import default
from zoneinfo import ZoneInfo

import pytest
from tests.flows.test_deliver import Desk
from tests.make.account import account
from tests.make.mail import arrive, inbound
from tests.make.moment import AT, at, new_id

from polyphony.domain.errors import Conflict, Invalid, NotFound
from polyphony.domain.failure import Uncertain
from polyphony.domain.forward import Said, addresses, letter, subject
from polyphony.flows import forward, receive, reply
from polyphony.flows.reply import Note, Staff
from polyphony.store import projections


@pytest.fixture
async def desk(session, tmp_path):
    made = await Desk(session, tmp_path).build()
    made.staff = Staff(made.jana, "Jana")
    return made


async def send_on(desk, *to, message=None, cid=None, **more):
    wish = forward.Wish(
        desk.case.id, to or ("partner@outside.example",), cid or new_id(), message=message, **more
    )
    return await forward.forward(desk.session, wish, desk.staff, AT, desk.outside)


async def leave(desk, when=None):
    when = when or at(11)
    held = [one for (one,) in await desk.rows("SELECT id FROM delivery WHERE state = 'held'")]
    await reply.release(desk.session, held, when)
    await desk.go(when)
    return [
        email.message_from_bytes(rendered.body, policy=default) for _, rendered in desk.door.sent
    ]


async def add_file(desk, name="bill.pdf", size=7, inline=False):
    sha = await desk.outside.files.put(b"content")
    await desk.session.execute(
        "INSERT INTO file (sha256, size) VALUES (%s, %s) ON CONFLICT DO NOTHING", [sha, size]
    )
    await desk.session.execute(
        "INSERT INTO message_file (id, message_id, ordinal, sha256, name, media_type, size, inline)"
        " VALUES (%s, %s, 0, %s, %s, 'application/pdf', %s, %s)",
        [new_id(), desk.case.message, sha, name, size, inline],
    )


async def test_a_message_leaves_with_its_file_as_a_letter_of_its_own(desk):
    await add_file(desk)
    done = await send_on(desk, message=desk.case.message, text="Can you help him?")
    assert await desk.rows("SELECT purpose, state, why FROM delivery") == [
        ("forward", "held", "undo")
    ]
    [mail] = await leave(desk)
    assert mail["To"] == "partner@outside.example"
    assert mail["Subject"].startswith("Fwd: Parcel [")
    assert mail["In-Reply-To"] is None
    assert mail["References"] is None
    body = mail.get_body(("plain",)).get_content()
    assert body.startswith("Can you help him?")
    assert "Where is my parcel?" in body
    assert "petr@customer.example" in body
    assert [one.get_filename() for one in mail.iter_attachments()] == ["bill.pdf"]
    note = (await projections.messages(desk.session, [done.message]))[done.message]
    assert (note["kind"], note["text"]) == ("note", "Can you help him?")
    assert note["facts"]["forward"]["to"] == ["partner@outside.example"]
    assert note["delivery"]["state"] == "sent"
    assert [one["name"] for one in note["files"]] == ["bill.pdf"]


async def test_the_case_is_not_answered_by_it(desk):
    before = await desk.rows("SELECT state, last_staff, last_customer FROM case_")
    await send_on(desk)
    await leave(desk)
    assert await desk.rows("SELECT state, last_staff, last_customer FROM case_") == before
    assert await desk.rows("SELECT state FROM work_item") == [("in_work",)]
    assert await desk.rows("SELECT count(*) FROM participant") == [(1,)]


async def test_the_whole_case_holds_what_was_said_and_no_word_meant_for_us(desk):
    await desk.write("It is on its way.")
    await reply.note(desk.session, Note(desk.case.id, "secret note", new_id()), desk.staff, AT)
    await send_on(desk, "one@outside.example", "two@outside.example", files=False)
    mails = [one for one in await leave(desk) if "outside" in one["To"]]
    assert [one["To"] for one in mails] == ["one@outside.example", "two@outside.example"]
    body = mails[0].get_body(("plain",)).get_content()
    assert body.index("Where is my parcel?") < body.index("It is on its way.")
    assert "secret" not in body


async def test_it_can_be_taken_back_and_is_written_once(desk):
    cid = new_id()
    first = await send_on(desk, cid=cid)
    again = await send_on(desk, cid=cid)
    assert (again.message, again.new) == (first.message, False)
    [(delivery,)] = await desk.rows("SELECT id FROM delivery")
    await reply.cancel(desk.session, delivery, desk.staff, at(5))
    assert await leave(desk) == []


async def test_whoever_answers_a_forwarded_letter_does_not_join_the_case(desk):
    await send_on(desk)
    await leave(desk)
    _, rendered = desk.door.sent[0]
    known = rendered.envelope["message_id"].strip("<>")
    back = inbound("partner@outside.example", continues=(known,), level=2)
    raws = await arrive(desk.session, desk.box, back)
    await receive.read(desk.session, [(raws[0], (back,))], at(60), desk.outside)
    assert await desk.rows("SELECT count(*) FROM case_") == [(2,)]
    assert await desk.rows("SELECT kind, other_id FROM case_link") == [("perhaps", desk.case.id)]


async def test_a_forward_from_a_chat_leaves_by_mail_and_the_visitor_sees_nothing(desk):
    await desk.session.execute(
        "UPDATE interaction SET channel_kind = 'chat', mode = 'live', account_id = %s",
        [await account(desk.session, desk.department.id, kind="chat", address="pk_x")],
    )
    done = await send_on(desk)
    [mail] = await leave(desk)
    assert mail["To"] == "partner@outside.example"
    assert await desk.state() == "sent"
    assert await projections.of(desk.session, "chat_message", [done.message]) == {}


async def test_odd_addresses_too_many_files_and_no_mailbox_are_refused(desk):
    for to in (["nobody"], ["a@b"], ["a@b.example, c@d.example"], ["a@b.example\r\nBcc: x@y.z"]):
        with pytest.raises(Invalid, match="forward"):
            await send_on(desk, *to)
    await add_file(desk, size=10**9)
    with pytest.raises(Invalid, match="forward"):
        await send_on(desk)
    await send_on(desk, files=False)
    with pytest.raises(NotFound):
        await send_on(desk, message=new_id())
    await desk.session.execute("UPDATE channel_account SET state = 'paused'")
    with pytest.raises(Conflict, match="forward"):
        await send_on(desk)


async def test_a_doubtful_answer_is_marked_as_sent_by_who_found_out(desk):
    await desk.write()
    desk.fails(Uncertain("cut"))
    await desk.go()
    [(delivery,)] = await desk.rows("SELECT id FROM delivery")
    await reply.mark_sent(desk.session, delivery, desk.staff, at(60), " he phoned:\n got it ")
    assert await desk.rows("SELECT state, why, detail FROM delivery") == [
        ("sent", "marked_sent", "Jana: he phoned: got it")
    ]
    assert await desk.rows("SELECT delivery_state FROM message WHERE kind = 'out'") == [("sent",)]
    with pytest.raises(Conflict):
        await reply.mark_sent(desk.session, delivery, desk.staff, at(61), "")


async def test_a_doubtful_answer_is_sent_again_with_the_reason_why(desk):
    await desk.write()
    desk.fails(Uncertain("cut"))
    await desk.go()
    [(delivery,)] = await desk.rows("SELECT id FROM delivery")
    await reply.retry(desk.session, delivery, desk.staff, at(60), "he got nothing")
    assert await desk.rows("SELECT state, why, detail FROM delivery") == [
        ("queued", "sent_again", "Jana: he got nothing")
    ]


def test_addresses_are_cleaned_and_judged():
    assert addresses([" A@B.example ", "a@b.example", ""]) == ["a@b.example"]
    for odd in ("x", "@b.example", "a@", "a@b", "a@b..c", 'a"@b.example', "a@b.ex\nample"):
        with pytest.raises(Invalid):
            addresses([odd])
    with pytest.raises(Invalid):
        addresses([f"a{number}@b.example" for number in range(11)])


def test_a_letter_says_who_wrote_what_and_when_in_the_senders_zone_and_words():
    said = [Said("Petr", "p@b.example", AT, "email", "Parcel", "Where is it?\n")]
    text = letter("See below", said, "cs-CZ", ZoneInfo("Europe/Prague"))
    assert text.split("\n")[:6] == [
        "See below",
        "",
        "---------- Přeposlaná zpráva ----------",
        "Od: Petr <p@b.example>",
        f"Datum: {AT.astimezone(ZoneInfo('Europe/Prague')):%Y-%m-%d %H:%M} (email)",
        "Předmět: Parcel",
    ]
    assert subject(" a\n b ", "26 0412 7352") == "Fwd: a b [26 0412 7352]"
