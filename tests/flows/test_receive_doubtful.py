"""Receive what is doubtful: machines, forgers, receipts, and what nobody can read."""

from dataclasses import replace
from datetime import timedelta

import pytest
from tests.make.account import account
from tests.make.case import case
from tests.make.customer import customer
from tests.make.department import department
from tests.make.mail import arrive, inbound, raw
from tests.make.moment import AT, at, new_id
from tests.make.outside import outside
from tests.make.reading import one, read, rows, signed

from polyphony.domain import token
from polyphony.domain.failure import Unreadable
from polyphony.domain.message import Automated, Receipt
from polyphony.flows import receive


@pytest.fixture
async def desk(session):
    return await department(session)


@pytest.fixture
async def box(session, desk):
    return await account(session, desk.id)


@pytest.fixture
def around(tmp_path):
    return outside(tmp_path)


# ── machines ────────────────────────────────────────────────────────────────────────────────────


@pytest.mark.parametrize("kind", [Automated.AUTO_REPLY, Automated.BULK, Automated.LOOP])
async def test_machines_make_no_work_and_get_no_answer(session, desk, around, kind):
    box = await account(session, desk.id, settings={"auto_ack": True})
    await read(session, around, box, inbound(automated=kind))
    assert await rows(session, "SELECT 1 FROM work_item") == []
    assert await rows(session, "SELECT 1 FROM delivery") == []
    assert await one(session, "SELECT state FROM case_") == "solved"
    assert await one(session, "SELECT automated FROM message") == kind.value


@pytest.mark.parametrize(("demo", "works"), [(False, 0), (True, 1)])
async def test_the_demo_s_people_are_served_by_its_own_accounts_alone(
    session, desk, around, demo, works
):
    box = await account(session, desk.id, settings={"auto_ack": True})
    await session.execute("UPDATE channel_account SET demo = %s WHERE id = %s", [demo, box])
    await read(session, around, box, inbound(sender="eva.maresova@mail.demo.example"))
    assert await one(session, "SELECT count(*) FROM work_item") == works
    assert await one(session, "SELECT count(*) FROM delivery") == works
    assert await one(session, "SELECT count(*) FROM message WHERE kind = 'in'") == 1
    assert await one(session, "SELECT facts->>'refused' FROM message WHERE kind = 'in'") == (
        None if demo else "demo"
    )


async def test_an_out_of_office_answer_opens_nothing_again(session, desk, box, around):
    who = await customer(session, "petr@customer.example")
    for state in ("solved", "wait_customer"):
        made = await case(session, desk, box, who, state=state)
        await session.execute("UPDATE case_ SET reopen_until = %s", [AT + timedelta(days=1)])
        back = inbound(
            automated=Automated.AUTO_REPLY, tokens=(signed(around, made.id, who.address),)
        )
        await read(session, around, box, back)
        assert await one(session, "SELECT state FROM case_ WHERE id = %s", made.id) == state
    assert await one(session, "SELECT count(*) FROM message WHERE automated <> 'no'") == 2
    assert await rows(session, "SELECT 1 FROM work_item") == []


async def test_an_acknowledgement_carries_no_word_of_the_sender(session, desk, around):
    box = await account(session, desk.id, settings={"auto_ack": True}, language="cs")
    bait = "BUY PILLS http://evil.example"
    await read(session, around, box, inbound(text=bait, subject=bait, sender_name=bait))
    text, subject = await one(session, "SELECT text, subject FROM message WHERE kind = 'out'")
    assert "PILLS" not in text + subject
    assert "evil" not in text + subject
    purpose, state = await one(session, "SELECT purpose, state FROM delivery")
    assert (purpose, state) == ("auto", "queued")


async def test_a_thousand_posts_for_one_address_bring_few_acknowledgements(session, desk, around):
    box = await account(session, desk.id, settings={"auto_ack": True})
    for part in range(10):
        said = [inbound("victim@x.example", key=f"{part}-{i}") for i in range(100)]
        await read(session, around, box, *said)
    assert await one(session, "SELECT count(*) FROM delivery") <= 5


async def test_without_the_setting_nothing_is_acknowledged(session, box, around):
    await read(session, around, box, inbound())
    assert await rows(session, "SELECT 1 FROM delivery") == []


# ── forged threading (T8) ───────────────────────────────────────────────────────────────────────


async def test_forged_mails_change_nothing_and_learn_nothing(session, desk, box, around):
    victim = await customer(session, "victim@customer.example")
    secret = "my card ends with 4711"
    mine = await case(session, desk, box, victim, text=secret, state="wait_customer")
    other = await customer(session, "other@customer.example")
    foreign = await case(session, desk, box, other, text="something else")
    await session.execute(
        "INSERT INTO thread_id VALUES (%s, 'root@customer.example', %s)", [box, mine.interaction]
    )
    reference = await one(session, "SELECT reference FROM case_ WHERE id = %s", mine.id)
    shown = f"[{reference[:2]} {reference[2:6]} {reference[6:]}]"
    right = signed(around, mine.id, "victim@customer.example")
    wrong_case = signed(around, foreign.id, "other@customer.example")
    old_key = token.write(mine.id, b"0" * 32)
    elsewhere = signed(around, mine.id, "victim@customer.example", "another deployment")
    forged = [
        inbound("evil@evil.example", tokens=(right,)),
        inbound("evil@evil.example", tokens=(right,), level=2),
        inbound("evil@evil.example", continues=("root@customer.example",)),
        inbound("evil@evil.example", continues=("root@customer.example",), level=2),
        inbound("evil@evil.example", subject=f"Re: {shown}", level=2),
        inbound("victim@customer.example", subject=f"Re: {shown}"),
        inbound("victim@customer.example", continues=("root@customer.example",)),
        inbound("victim@customer.example", tokens=(wrong_case,)),
        inbound("victim@customer.example", tokens=(old_key,)),
        inbound("victim@customer.example", tokens=(elsewhere,)),
        inbound("victim@customer.example", tokens=(right[:-4] + "aaaa",)),
        inbound("other@customer.example", tokens=(right,)),
        inbound("other@customer.example", tokens=(right,), level=2),
    ]
    forged += [replace(one, key=one.key + "!", subject=f"{one.subject} {shown}") for one in forged]
    forged += [replace(one, key=one.key + "?", automated=Automated.AUTO_REPLY) for one in forged]
    assert len(forged) >= 40
    before = await rows(session, "SELECT * FROM case_ WHERE id = ANY(%s) ORDER BY id",
                        [mine.id, foreign.id])  # fmt: skip
    for part in range(0, len(forged), 13):
        await read(session, around, box, *forged[part : part + 13])
    after = await rows(session, "SELECT * FROM case_ WHERE id = ANY(%s) ORDER BY id",
                       [mine.id, foreign.id])  # fmt: skip
    assert before == after
    assert await rows(session, "SELECT 1 FROM delivery") == []
    theirs = "SELECT count(*) FROM message m JOIN interaction i ON i.id = m.interaction_id"
    assert await one(session, theirs + " WHERE i.case_id = %s", mine.id) == 1
    stolen = "SELECT count(*) FROM case_ WHERE title || preview LIKE '%%4711%%' AND id <> %s"
    assert await one(session, stolen, mine.id) == 0
    assert await one(session, "SELECT count(*) FROM participant WHERE case_id = %s", mine.id) == 1


async def test_mails_without_a_sender_are_strangers_to_each_other(session, box, around):
    await read(session, around, box, inbound("", message_id="a@x", level=2))
    await read(session, around, box, inbound("", continues=("a@x",), level=2))
    assert await one(session, "SELECT count(*) FROM case_") == 2
    assert await one(session, "SELECT count(DISTINCT customer_id) FROM record") == 2


# ── receipts ────────────────────────────────────────────────────────────────────────────────────


async def sent(session, desk, box, state="sent"):
    who = await customer(session)
    made = await case(session, desk, box, who)
    delivery = new_id()
    await session.execute(
        "INSERT INTO delivery (id, message_id, account_id, identity_id, to_address, state,"
        " not_before, created_at, provider_id) VALUES (%s, %s, %s, %s, %s, %s, %s, %s, 'p1')",
        [delivery, made.message, box, who.identity, who.address, state, AT, AT],
    )
    return delivery, who


async def bounce(session, around, box, receipt):
    id_ = (await receive.keep(session, [receive.Kept(box, receipt.key, b"raw", AT)]))[0]
    await receive.claim(session, 10, AT)
    said = replace(inbound(), key=receipt.key)
    await receive.read(session, [(raw(box, said, id_), (receipt,))], AT, around)


async def test_a_bounce_fails_the_delivery_and_the_second_hard_one_the_address(
    session, desk, box, around
):
    delivery, who = await sent(session, desk, box)
    hard = Receipt("b1", "failed", delivery=delivery, reason="unknown_user", hard=True)
    await bounce(session, around, box, hard)
    assert await one(session, "SELECT state, why FROM delivery") == ("failed", "unknown_user")
    assert await one(session, "SELECT delivery_state FROM message") == "failed"
    assert await one(session, "SELECT state FROM identity") == "good"
    await bounce(session, around, box, replace(hard, key="b2"))
    assert await one(session, "SELECT bounce_count FROM identity") == 1
    await session.execute("UPDATE delivery SET state = 'sent'")
    await bounce(session, around, box, replace(hard, key="b3"))
    assert await one(session, "SELECT state FROM identity WHERE id = %s", who.identity) == "invalid"


async def test_receipts_never_lower_the_ladder_and_unknown_ones_are_kept(
    session, desk, box, around
):
    await sent(session, desk, box)
    for number, state in enumerate(["read", "delivered", "sent", "failed", "delivered"]):
        await bounce(session, around, box, Receipt(f"r{number}", state, provider_id="p1"))
    assert await one(session, "SELECT state FROM delivery") == "read"
    await bounce(session, around, box, Receipt("lost", "failed", provider_id="who?"))
    assert await one(session, "SELECT provider_id, state FROM receipt_waiting") == (
        *("who?", "failed"),
    )


async def test_a_receipt_of_another_account_moves_nothing(session, desk, box, around):
    delivery, _ = await sent(session, desk, box)
    other = await account(session, desk.id)
    await bounce(session, around, other, Receipt("x", "failed", delivery=delivery, hard=True))
    assert await one(session, "SELECT state FROM delivery") == "sent"


# ── failures ────────────────────────────────────────────────────────────────────────────────────


async def test_the_third_failure_quarantines_and_read_again_brings_back(session, box, around):
    said = inbound(key="poison")
    for _ in range(3):
        raws = await arrive(session, box, said)
        await receive.read(session, [(raws[0], Unreadable("parse", "odd"))], AT, around)
        await session.execute("UPDATE arrival SET lease_until = NULL")
    assert await one(session, "SELECT state, tries, error, body FROM arrival") == (
        *("quarantined", 3, "parse: odd", b"raw"),
    )
    assert await one(session, "SELECT type FROM event") == "arrival.quarantined"
    arrival = await one(session, "SELECT id FROM arrival")
    assert await receive.read_again(session, [arrival], None) == {arrival}
    await read(session, around, box, said)
    assert await one(session, "SELECT count(*) FROM message") == 1


async def test_what_is_unreadable_stands_beside_what_is_read(session, box, around):
    good, bad = inbound("a@x.example"), inbound("b@x.example")
    raws = await arrive(session, box, good, bad)
    batch = [(raws[0], (good,)), (raws[1], Unreadable("limits"))]
    outcome = await receive.read(session, batch, AT, around)
    assert outcome.read == {raws[0].arrival}
    assert [fate.quarantined for fate in outcome.failed] == [True]
    assert await one(session, "SELECT count(*) FROM message") == 1


async def test_an_arrival_another_worker_took_over_is_not_read_twice(session, box, around):
    said = inbound()
    raws = await arrive(session, box, said)
    outcome = await receive.read(session, [(raws[0], (said,))], at(61), around)
    assert outcome.lost == {raws[0].arrival}
    assert await rows(session, "SELECT 1 FROM message") == []
