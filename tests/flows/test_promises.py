"""Promises: policies choose the targets of what comes in; people decide otherwise; laws oblige."""

from datetime import UTC, datetime, timedelta

import pytest
from tests.make.account import account
from tests.make.agent import agent
from tests.make.case import case
from tests.make.customer import customer
from tests.make.department import department
from tests.make.mail import inbound
from tests.make.moment import AT, at, new_id
from tests.make.outside import outside
from tests.make.promise import ladder, policy
from tests.make.queue import queue
from tests.make.reading import one, read, rows

from polyphony.domain.errors import Conflict, Invalid, NotFound
from polyphony.domain.event import Actor
from polyphony.flows import foresee, handle, oblige, rechoose, set_promise, settle
from polyphony.flows.carry_out import Staff, lock
from polyphony.flows.measure import read as read_clocks

HOUR = 3_600_000


@pytest.fixture
async def desk(session):
    return await department(session)


@pytest.fixture
async def box(session, desk):
    return await account(session, desk.id)


@pytest.fixture
def around(tmp_path):
    return outside(tmp_path)


async def clocks(session):
    found = await rows(
        session, "SELECT type, target_ms, level, policy_id FROM sla_clock ORDER BY type"
    )
    return {kind: (target, level, by) for kind, target, level, by in found}


async def test_without_policies_everything_is_as_it_was(session, desk, box, around):
    await session.execute(
        """UPDATE queue SET targets = '{"email": {"first_response_s": 600}}' WHERE id = %s""",
        [desk.triage],
    )
    await read(session, around, box, inbound())
    assert await clocks(session) == {
        "first_response": (600_000, "queue", None),
        "resolution": (16 * HOUR, "usual", None),
    }
    assert await one(session, "SELECT target_ms FROM work_item") == 600_000


async def test_the_closest_policy_sets_clock_and_work_and_the_losers_stand_beside_it(
    session, desk, box, around
):
    everywhere = await policy(session, "Everybody", first_response=7200, resolution=36_000)
    here = await policy(session, "Here", scope={"departments": [str(desk.id)]}, first_response=1800)
    await read(session, around, box, inbound())
    assert await clocks(session) == {
        "first_response": (1_800_000, "department", here),
        "resolution": (36_000_000, "global", everywhere),
    }
    losers = await one(session, "SELECT losers FROM sla_clock WHERE type = 'first_response'")
    assert [(lost["name"], lost["level"], lost["why"]) for lost in losers] == [
        ("Everybody", "global", "level"),
        ("", "usual", "level"),
    ]
    target, due = await one(session, "SELECT target_ms, due_at FROM work_item")
    assert (target, due) == (1_800_000, AT + timedelta(seconds=1800))


async def test_a_policy_of_a_customer_and_one_of_a_segment_hold_for_those_who_write(
    session, desk, box, around
):
    vip = await customer(session, "vip@customer.example", tier="vip")
    loyal = await customer(session, "loyal@customer.example")
    await policy(session, "VIP", scope={"tiers": ["vip"]}, first_response=60)
    known = await one(session, "SELECT customer_id FROM record WHERE id = %s", loyal.record)
    await policy(session, "Contract", scope={"customers": [str(known)]}, first_response=120)
    await read(
        session, around, box, inbound("vip@customer.example", level=2),
        inbound("loyal@customer.example", level=2), inbound("new@customer.example"),
    )  # fmt: skip
    found = await rows(
        session,
        "SELECT level, target_ms FROM sla_clock WHERE type = 'first_response' ORDER BY target_ms",
    )
    assert found == [("segment", 60_000), ("customer", 120_000), ("usual", 4 * HOUR)]
    assert vip.record != loyal.record


async def test_the_choice_costs_one_batch_as_many_statements_as_one_mail(
    session, desk, box, around, monkeypatch
):
    steps = await ladder(session, {"action": "note", "at_pct": 50, "text": "x"})
    hours = (await department(session)).calendar
    for number in range(5):
        await policy(
            session, f"P{number}", scope={"queues": [str(desk.triage)]}, rank=number,
            first_response=600 + number, escalation=steps, calendar=hours,
        )  # fmt: skip
    asked: list[str] = []
    cursors = type(session.cursor())
    execute = cursors.execute

    async def counted(self, query, *more, **named):
        asked.append(str(query))
        return await execute(self, query, *more, **named)

    monkeypatch.setattr(cursors, "execute", counted)
    await read(session, around, box, inbound("a@customer.example"))
    alone = len(asked)
    asked.clear()
    await read(
        session, around, box, *(inbound(f"c{number}@customer.example") for number in range(20))
    )
    arrivals = sum("INSERT INTO arrival" in query for query in asked)
    assert len(asked) - arrivals <= alone
    assert (
        await one(session, "SELECT count(*) FROM sla_clock WHERE escalation_id IS NOT NULL") == 21
    )


async def test_an_acknowledgement_and_regular_news_are_promised_and_met(session, desk, box, around):
    await policy(session, "All", acknowledge=300, update_every=7200, first_response=3600)
    await read(session, around, box, inbound())
    assert set(await clocks(session)) == {
        *("acknowledge", "first_response", "resolution", "update_every"),
    }
    case_id = await one(session, "SELECT id FROM case_")
    known = await read_clocks(session, [case_id])
    known.answered(case_id, at(1000))
    await known.keep(session)
    found = await rows(session, "SELECT type, state, due_at FROM sla_clock ORDER BY type, due_at")
    assert found == [
        ("acknowledge", "met", at(300)),
        ("first_response", "met", at(3600)),
        ("resolution", "running", at(57_600)),
        ("update_every", "met", at(7200)),
        ("update_every", "running", at(8200)),
    ]


async def test_a_ladder_begins_to_be_climbed_with_the_clock(session, desk, box, around):
    steps = await ladder(session, {"action": "note", "at_pct": 50, "text": "half"})
    await policy(session, "Urgent", first_response=3600, escalation=steps)
    await read(session, around, box, inbound())
    found = await one(
        session, "SELECT escalate_at, rung FROM sla_clock WHERE type = 'first_response'"
    )
    assert found == (at(1800), 0)
    assert await one(session, "SELECT escalate_at FROM sla_clock WHERE type = 'resolution'") is None


class Set:
    async def build(self, session, desk, box, around):
        await read(session, around, box, inbound())
        self.session = session
        self.case = await one(session, "SELECT id FROM case_")
        self.staff = Staff(await agent(session, desk.id), "Jana")
        return self

    async def by_hand(self, chosen, reason="they asked", when=600):
        await set_promise.set_by_hand(self.session, self.case, chosen, reason, self.staff, at(when))


@pytest.fixture
async def matter(session, desk, box, around):
    return await Set().build(session, desk, box, around)


async def test_a_person_decides_and_the_deadline_holds_at_once_also_a_later_one(matter, session):
    easy = await policy(session, "Easy", scope={"tiers": ["vip"]}, first_response=36_000)
    await matter.by_hand(easy)
    target, level, by = (await clocks(session))["first_response"]
    assert (target, level, by) == (36_000_000, "hand", easy)
    due = await one(session, "SELECT due_at FROM sla_clock WHERE type = 'first_response'")
    assert due == at(36_000)
    assert await one(session, "SELECT target_ms, due_at FROM work_item") == (36_000_000, due)
    line = await one(session, "SELECT facts FROM message WHERE kind = 'system'")
    assert (line["code"], line["policy"], line["text"]) == ("sla_set", "Easy", "they asked")
    told = await rows(session, "SELECT entity FROM event WHERE entity = 'work_item'")
    assert len(told) == 2


async def test_what_a_person_may_not_decide_is_refused(matter, session):
    with pytest.raises(Invalid, match="reason"):
        await matter.by_hand(await policy(session, first_response=60), " ")
    with pytest.raises(Invalid, match="unknown"):
        await matter.by_hand(new_id())
    await session.execute("UPDATE case_ SET state = 'closed'")
    with pytest.raises(Conflict):
        await matter.by_hand(None)


@pytest.mark.parametrize(
    ("on_change", "first_response", "target"),
    [
        ("stricter", 600, 600_000),
        ("stricter", 99_000, 4 * HOUR),
        ("replace", 99_000, 99_000_000),
        ("keep", 600, 4 * HOUR),
    ],
)
async def test_a_policy_that_comes_later_does_what_it_says_with_running_clocks(
    matter, session, on_change, first_response, target
):
    await policy(session, "Later", on_change=on_change, first_response=first_response)
    held = await lock(session, [matter.case], at(300))
    await rechoose.rechoose(session, held, [matter.case])
    await held.keep(session, matter.staff.actor)
    assert (await clocks(session))["first_response"][0] == target
    assert (await one(session, "SELECT target_ms FROM work_item")) == target


async def test_a_transfer_and_a_tag_choose_anew(matter, session, desk):
    other = await queue(session, desk.id, "Fast line")
    fast = await policy(session, "Fast", scope={"queues": [str(other)]}, first_response=900)
    loan = await policy(session, "Loans", scope={"products": ["loan"]}, first_response=300)
    item = await one(session, "SELECT id FROM work_item")
    me = Actor("person", matter.staff.id)
    await handle.transfer(session, item, handle.Target(queue=other), me, at(60))
    assert (await clocks(session))["first_response"] == (900_000, "queue", fast)
    assert await one(session, "SELECT target_ms, due_at FROM work_item") == (900_000, at(900))
    await settle.edit(session, matter.case, settle.Edit(tags=["loan"]), matter.staff, at(120))
    assert (await clocks(session))["first_response"] == (300_000, "product", loan)
    assert await one(session, "SELECT due_at FROM work_item") == at(300)


# ── the law ─────────────────────────────────────────────────────────────────────────────────────


async def complain(session, case_id, key, when=AT):
    held = await lock(session, [case_id], when)
    await oblige.oblige(session, held, {case_id: key})
    await held.keep(session, Staff(new_id(), "x").actor)


async def test_a_complaint_gets_its_legal_deadline_counted_from_the_day_it_came(matter, session):
    await complain(session, matter.case, "pl_financial_complaint")
    opened = await one(session, "SELECT opened_at FROM case_")
    due = await one(session, "SELECT legal_due_at FROM case_")
    target, level, _ = (await clocks(session))["legal"]
    assert level == "law"
    assert due - opened == timedelta(milliseconds=target)
    assert due.astimezone(UTC).minute == 0
    await session.execute("UPDATE case_ SET state = 'wait_customer', due_at = %s", [at(9**9)])
    held = await lock(session, [matter.case], at(60))
    held.clocks.moved(matter.case, "wait_customer", at(60))
    await held.clocks.keep(session)
    states = dict(await rows(session, "SELECT type, state FROM sla_clock"))
    assert (states["legal"], states["resolution"]) == ("running", "paused")
    await complain(session, matter.case, None)
    assert await one(session, "SELECT legal_due_at FROM case_") is None
    states = dict(await rows(session, "SELECT type, state FROM sla_clock"))
    assert states["legal"] == "cancelled"


async def test_a_deadline_is_extended_once_where_the_law_allows_it(matter, session):
    with pytest.raises(Conflict, match="none"):
        await oblige.extend(session, matter.case, "expert", matter.staff, AT)
    await complain(session, matter.case, "pl_financial_complaint")
    before = await one(session, "SELECT legal_due_at FROM case_")
    due = await oblige.extend(session, matter.case, "expert", matter.staff, at(60))
    assert due > before + timedelta(days=29)
    live = await rows(
        session, "SELECT due_at FROM sla_clock WHERE type = 'legal' AND state = 'running'"
    )
    assert live == [(due,)]
    with pytest.raises(Conflict, match="extended"):
        await oblige.extend(session, matter.case, "again", matter.staff, at(70))
    await complain(session, matter.case, "cz_consumer_claim")
    with pytest.raises(Conflict, match="not_extendable"):
        await oblige.extend(session, matter.case, "again", matter.staff, at(80))
    with pytest.raises(NotFound):
        await complain(session, matter.case, "moon_law")


# ── predicted breach ────────────────────────────────────────────────────────────────────────────


async def test_a_breach_is_predicted_from_place_and_pace(session, desk, box):
    who = await customer(session)
    now = datetime(2026, 9, 21, 9, tzinfo=UTC)
    for number in range(3):
        made = await case(session, desk, box, who, queue=desk.triage, thread_key=str(number))
        await session.execute(
            "UPDATE work_item SET waiting_since = %s, due_at = %s, target_ms = 7200000"
            " WHERE id = %s",
            [
                *(now - timedelta(minutes=90 - number), now + timedelta(minutes=25)),
                made.work_item,
            ],
        )
    assert {turn.late_s for turn in await foresee.turns(session, [desk.triage], now)} == {None}
    for number in range(6):
        taken = await case(session, desk, box, who, queue=desk.triage, thread_key=f"t{number}")
        await session.execute(
            "UPDATE queue_stay SET entered_at = %s, left_at = %s, how = 'taken'"
            " WHERE work_item_id = %s",
            [now - timedelta(minutes=50), now - timedelta(minutes=5 * number), taken.work_item],
        )
        await session.execute(
            "UPDATE work_item SET state = 'done' WHERE id = %s", [taken.work_item]
        )
    turns = await foresee.turns(session, [desk.triage], now)
    assert [(turn.place, turn.late_s) for turn in turns] == [(1, 0), (2, 0), (3, 300)]
