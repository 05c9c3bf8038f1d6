"""Deliver: one hand-over per claim, the truth about it shown, nothing repeated blindly."""

import email
from datetime import timedelta

import pytest
from tests.make.account import account
from tests.make.agent import agent
from tests.make.case import case
from tests.make.customer import customer
from tests.make.department import department
from tests.make.door import ScriptedDoor
from tests.make.mail import arrive, inbound
from tests.make.moment import AT, at, new_id
from tests.make.outside import Clock, outside

from polyphony.domain import token
from polyphony.domain.channel import Address, ChannelKind
from polyphony.domain.failure import AccountBroken, Permanent, Temporary, TooFast, Uncertain
from polyphony.domain.message import Receipt
from polyphony.flows import deliver, receive, reply
from polyphony.flows.reply import Answer, Staff
from polyphony.ports import Health
from polyphony.store import deliveries, receipts


class Desk:
    """A mailbox, a customer's Case in work, a provider that obeys the test."""

    def __init__(self, session, tmp_path):
        self.session = session
        self.door = ScriptedDoor()
        self.clock = Clock()
        self.outside = outside(tmp_path, {ChannelKind.EMAIL: self.door}, self.clock)

    async def build(self):
        self.department = await department(self.session)
        self.jana = await agent(self.session, self.department.id)
        self.box = await account(self.session, self.department.id, address="desk@desk.example")
        self.who = await customer(self.session, "petr@customer.example")
        self.case = await case(
            *(self.session, self.department, self.box, self.who),
            agent=self.jana,
            provider_key="first@customer.example",
            thread_key="first@customer.example",
        )
        return self

    async def write(self, text="It is on its way.", when=AT, **more):
        wish = Answer(
            self.case.interaction, text, new_id(), 0, anyway=True, **({"undo_s": 0} | more)
        )
        staff = Staff(self.jana, "Jana")
        return await reply.send(self.session, wish, staff, when, self.outside)

    async def go(self, when=AT, n=10, chance=0.5):
        self.clock.at = when
        jobs = await deliver.claim(self.session, n, when)
        results = [await deliver.perform(job, self.outside) for job in jobs]
        await deliver.settle(self.session, results, when, chance)
        return len(jobs)

    async def rows(self, query):
        return await (await self.session.execute(query)).fetchall()

    async def state(self):
        (found,) = await self.rows("SELECT state FROM delivery")
        return found[0]

    def fails(self, failure):
        def script(_):
            raise failure

        self.door.script = script


@pytest.fixture
async def desk(session, tmp_path):
    return await Desk(session, tmp_path).build()


async def test_an_answer_leaves_with_headers_that_other_programs_understand(desk):
    await desk.write("Dobrý den,\nuž je na cestě.")
    assert await desk.go() == 1
    assert await desk.state() == "sent"
    key, rendered = desk.door.sent[0]
    mail = email.message_from_bytes(rendered.body)
    assert mail["To"].endswith("<petr@customer.example>")
    assert mail["In-Reply-To"] == "<first@customer.example>"
    assert "<first@customer.example>" in mail["References"]
    assert mail["Message-ID"].startswith(f"<{key}.")
    assert mail["Subject"].startswith("Re: Parcel [")
    body = mail.get_payload(decode=True).decode()
    assert body.startswith("Dobrý den,")
    assert "> Where is my parcel?" in body
    (known,) = await desk.rows("SELECT provider_key FROM message WHERE kind = 'out'")
    assert mail["Message-ID"] == f"<{known[0]}>"
    assert await desk.rows("SELECT outcome FROM delivery_try") == [("sent",)]
    assert await desk.go() == 0


async def test_a_page_quotes_the_original_as_text_never_as_markup(desk):
    await desk.session.execute("UPDATE message SET text = '<script>x</script>\nhi & bye'")
    await desk.write("Hello", html="<p>Hello</p>")
    await desk.go()
    page = desk.door.outbounds[0].html
    assert page.startswith("<p>Hello</p>")
    assert "<script" not in page
    assert "&lt;script&gt;x&lt;/script&gt;\nhi &amp; bye" in page
    assert '<blockquote type="cite"' in page


async def test_the_answer_to_our_mail_comes_back_into_the_case(desk):
    await desk.write()
    await desk.go()
    _, rendered = desk.door.sent[0]
    signed = rendered.envelope["from"].partition("+")[2].partition("@")[0]
    assert token.read(signed)[0] == desk.case.id
    back = inbound("petr@customer.example", tokens=(signed,))
    raws = await arrive(desk.session, desk.box, back)
    await receive.read(desk.session, [(raws[0], (back,))], AT, desk.outside)
    assert await desk.rows("SELECT count(*), min(state) FROM case_") == [(1, "open")]
    claim = token.claim(
        desk.outside.keys.deployment, desk.case.id, Address(ChannelKind.EMAIL, "evil@x.example")
    )
    assert not desk.outside.keys.checks(token.PURPOSE, claim, token.read(signed)[1])


async def test_a_cut_after_acceptance_is_uncertain_and_repeated_once_under_the_same_id(desk):
    await desk.write()
    desk.fails(Uncertain("no_verdict"))
    await desk.go()
    assert await desk.state() == "uncertain"
    for second in (1, 60, 299):
        assert await deliver.repeat(desk.session, at(second), 10) == []
        assert await desk.go(at(second)) == 0
    assert await deliver.repeat(desk.session, at(301), 10)
    await desk.go(at(301))
    assert await desk.state() == "uncertain"
    await deliver.repeat(desk.session, at(5000), 10)
    assert await desk.go(at(5000)) == 0
    ids = {rendered.envelope["message_id"] for _, rendered in desk.door.sent}
    assert (len(desk.door.sent), len(ids)) == (2, 1)
    (shown,) = await desk.rows("SELECT delivery_state FROM message WHERE kind = 'out'")
    assert shown == ("uncertain",)


async def test_a_receipt_proves_an_uncertain_delivery(desk):
    await desk.write()
    desk.fails(Uncertain("no_verdict"))
    await desk.go()
    (found,) = await desk.rows("SELECT id FROM delivery")
    said = Receipt("r", "delivered", delivery=found[0])
    raws = await arrive(desk.session, desk.box, inbound(key="r"))
    await receive.read(desk.session, [(raws[0], (said,))], AT, desk.outside)
    assert await desk.state() == "delivered"
    assert await deliver.repeat(desk.session, at(900), 10) == []


async def test_a_dead_sender_leaves_doubt_not_silence_and_not_a_second_mail(desk):
    await desk.write()
    assert len(await deliver.claim(desk.session, 10, AT)) == 1
    assert await deliver.lapse(desk.session, at(59), 10) == []
    assert await deliver.lapse(desk.session, at(61), 10)
    assert await desk.state() == "uncertain"
    assert await desk.go(at(62)) == 0
    assert desk.door.sent == []


async def test_a_late_verdict_of_a_sender_thought_dead_counts_upwards(desk):
    await desk.write()
    job = (await deliver.claim(desk.session, 1, AT))[0]
    await deliver.lapse(desk.session, at(61), 10)
    result = await deliver.perform(job, desk.outside)
    await deliver.settle(desk.session, [result], at(62), 0.5)
    assert await desk.state() == "sent"


async def test_temporary_failures_wait_longer_each_time_and_end_after_five_days(desk):
    await desk.write()
    desk.fails(Temporary("greylisted", "451 later"))
    now, waits = AT, []
    while await desk.state() == "queued":
        await desk.go(now, chance=0.999)
        (due,) = await desk.rows("SELECT not_before, state FROM delivery")
        if due[1] == "queued":
            waits.append((due[0] - now).total_seconds())
            now = due[0]
    assert waits[:4] == pytest.approx([59.94, 119.88, 239.76, 479.52], abs=0.1)
    assert max(waits) <= 3600
    assert timedelta(days=4, hours=22) < now - AT <= timedelta(days=5)
    assert await desk.rows("SELECT state, why FROM delivery") == [("failed", "gave_up:greylisted")]


async def test_being_too_fast_is_no_try_and_slows_the_account(desk):
    await deliveries.set_rate(desk.session, desk.box, 10, 5, AT)
    await desk.write()
    desk.fails(TooFast("throttled", 90))
    await desk.go()
    assert await desk.rows("SELECT state, tries, not_before FROM delivery") == [
        *(("queued", 0, at(90)),),
    ]
    assert await desk.rows("SELECT rate FROM account_rate") == [(5.0,)]


async def test_a_final_refusal_fails_and_a_wrong_address_is_remembered(desk):
    await desk.write()
    desk.fails(Permanent("unknown_user", "550 5.1.1", address_bad=True))
    await desk.go()
    assert await desk.rows("SELECT state, why, detail FROM delivery") == [
        *(("failed", "unknown_user", "550 5.1.1"),),
    ]
    assert await desk.rows("SELECT bounce_count, state FROM identity") == [(1, "good")]
    await desk.write()
    await desk.go()
    assert await desk.rows("SELECT bounce_count, state FROM identity") == [(2, "invalid")]


async def test_a_broken_account_holds_everything_and_healing_lets_it_go(desk):
    await desk.write()
    await desk.write("second")
    desk.fails(AccountBroken("sign_in_refused", "535"))
    await desk.go()
    assert await desk.rows("SELECT state FROM channel_account") == [("broken",)]
    assert await desk.rows("SELECT state FROM delivery ORDER BY id") == [("held",), ("queued",)]
    assert await desk.go(at(10)) == 0
    assert await deliver.release(desk.session, at(31), 10) == []
    desk.door.script = lambda _: None
    assert await deliver.heal(desk.session, desk.box, Health("working"), at(40))
    assert len(await deliver.release(desk.session, at(41), 10)) == 1
    for _ in range(2):
        await desk.go(at(42))
    assert await desk.rows("SELECT state FROM delivery") == [("sent",), ("sent",)]
    changed = await desk.rows("SELECT count(*) FROM event WHERE type = 'account.changed'")
    assert changed == [(2,)]


async def test_answers_to_one_recipient_leave_in_order(desk):
    for text in ("one", "two", "three"):
        await desk.write(text)
    assert [await desk.go() for _ in range(4)] == [1, 1, 1, 0]
    said = [one.text.partition("\n")[0] for one in desk.door.outbounds]
    assert said == ["one", "two", "three"]


async def test_a_doubtful_one_holds_back_the_next_for_two_minutes_only(desk):
    await desk.write("one")
    desk.fails(Uncertain("no_verdict"))
    await desk.go()
    desk.door.script = lambda _: None
    await desk.write("two")
    assert await desk.go(at(119)) == 0
    assert await desk.go(at(121)) == 1


async def test_an_account_never_sends_faster_than_its_rate(desk):
    await deliveries.set_rate(desk.session, desk.box, 10, 10, AT)
    await desk.session.execute(
        "INSERT INTO delivery (id, message_id, account_id, to_address, state, not_before,"
        " created_at) SELECT gen_random_uuid(), %s, %s, 'a' || n || '@x', 'queued', %s, %s"
        " FROM generate_series(1, 100) n",
        [desk.case.message, desk.box, AT, AT],
    )
    taken = 0
    for tenth in range(31):
        taken += len(await deliver.claim(desk.session, 50, at(tenth / 10)))
    assert 36 <= taken <= 40


async def test_two_workers_never_take_the_same(database, tmp_path):
    async with database.transaction() as session:
        desk = await Desk(session, tmp_path).build()
        for number in range(20):
            await session.execute(
                "INSERT INTO delivery (id, message_id, account_id, to_address, state, not_before,"
                " created_at) VALUES (%s, %s, %s, %s, 'queued', %s, %s)",
                [new_id(), desk.case.message, desk.box, f"{number}@x", AT, AT],
            )
    async with database.transaction() as one, database.transaction() as two:
        first = {job.row.id for job in await deliver.claim(one, 12, AT)}
        second = {job.row.id for job in await deliver.claim(two, 12, AT)}
    assert (len(first), len(second)) == (12, 8)
    assert not first & second


async def test_a_receipt_that_came_too_early_is_found_by_the_verdict(desk):
    await desk.write()
    (found,) = await desk.rows("SELECT id FROM delivery")
    early = receipts.Waiting(desk.box, str(found[0]), "k", "failed", "bounced", "", False, AT)
    await receipts.keep_waiting(desk.session, [early])
    await desk.go()
    assert await desk.state() == "failed"
    assert await desk.rows("SELECT 1 FROM receipt_waiting") == []


async def test_what_may_not_wait_expires(desk):
    await desk.write()
    await desk.session.execute("UPDATE delivery SET expires_at = %s", [at(30)])
    assert await deliver.expire(desk.session, at(29), 10) == []
    assert await deliver.expire(desk.session, at(31), 10)
    assert await desk.state() == "expired"


async def test_a_missing_file_fails_with_its_reason_and_sends_nothing(desk):
    await desk.write()
    await desk.session.execute("INSERT INTO file (sha256, size) VALUES (repeat('a', 64), 1)")
    await desk.session.execute(
        "INSERT INTO message_file (id, message_id, ordinal, sha256, name, media_type, size)"
        " SELECT gen_random_uuid(), id, 0, repeat('a', 64), 'x', 'text/plain', 1 FROM message"
        " WHERE kind = 'out'"
    )
    await desk.go()
    assert await desk.state() == "failed"
    assert desk.door.sent == []
