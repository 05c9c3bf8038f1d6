"""Escalate: leads are told, work weighs double, ladders climb, each rung once."""

import pytest
from tests.make.account import account
from tests.make.agent import agent
from tests.make.case import case
from tests.make.customer import customer
from tests.make.department import department
from tests.make.moment import AT, at, new_id
from tests.make.person import person
from tests.make.promise import climbing, ladder
from tests.make.queue import queue

from polyphony.domain.errors import Conflict, NotFound
from polyphony.domain.event import Actor
from polyphony.flows import escalate, tidy
from polyphony.flows.carry_out import lock

MIN = 60


class House:
    async def build(self, session, *, in_hand=False):
        self.session = session
        self.care = await department(session, "Care")
        self.other = await department(session, "Specialists")
        self.second = await queue(session, self.other.id, "Second line")
        self.jana = await agent(session, self.care.id)
        self.lead = await person(session, "Lead", roles=["supervisor"], departments=[self.care.id])
        self.chief = await person(
            session, "Chief", roles=["supervisor"], departments=[self.other.id]
        )
        self.box = await account(session, self.care.id)
        who = await customer(session)
        held = {"agent": self.jana} if in_hand else {"queue": self.care.triage}
        self.case = await case(session, self.care, self.box, who, **held)
        return self

    async def clock(self, *steps, rung_s=3600, **more):
        self.ladder = await ladder(self.session, *steps)
        return await climbing(
            self.session, self.case.id, self.case.interaction, self.care.calendar, self.ladder,
            rung_s=rung_s, **more,
        )  # fmt: skip

    async def strike(self, seconds):
        return await tidy.strike(self.session, at(seconds), 100)

    async def rows(self, query, *values):
        return await (await self.session.execute(query, values or None)).fetchall()

    async def runs(self):
        return await self.rows("SELECT step, round, action FROM escalation_run ORDER BY at, id")

    async def told(self):
        found = await self.rows("SELECT person_id, kind, urgent FROM notice ORDER BY at, id")
        names = {self.jana: "jana", self.lead: "lead", self.chief: "chief"}
        return {(names[who], kind, urgent) for who, kind, urgent in found}


@pytest.fixture
async def house(session):
    return await House().build(session)


NOTIFY = {"action": "notify", "at_pct": 100, "to": [{"who": "lead"}]}


async def test_the_lead_is_warned_at_three_quarters_and_at_the_breach_and_work_weighs_double(house):
    await house.clock({**NOTIFY, "at_pct": 500}, rung_s=5 * 3600)
    assert await house.strike(44 * MIN) == 0
    assert await house.strike(45 * MIN) == 1
    assert await house.told() == {("lead", "sla_warning", False)}
    assert await house.rows("SELECT boost_milli FROM work_item") == [(1000,)]
    await house.rows("UPDATE notice SET read_at = at RETURNING id")
    assert await house.strike(60 * MIN) == 1
    assert len(await house.rows("SELECT FROM notice WHERE read_at IS NULL")) == 1
    boost, version = (await house.rows("SELECT boost_milli, version FROM work_item"))[0]
    assert (boost, version) == (2000, 2)
    assert await house.strike(61 * MIN) == 0
    types = [one[0] for one in await house.rows("SELECT type FROM event ORDER BY id")]
    assert "sla.warned" in types
    assert "sla.breached" in types
    assert types.count("work_item.changed") == 1


async def test_an_answer_ends_the_double_weight(house):
    await house.clock(NOTIFY)
    await house.strike(60 * MIN)
    matter = await lock(house.session, [house.case.id], at(61 * MIN))
    matter.clocks.answered(house.case.id, matter.at)
    await matter.keep(house.session, Actor("person", house.jana))
    assert await house.rows("SELECT boost_milli, version FROM work_item") == [(1000, 3)]
    types = [one[0] for one in await house.rows("SELECT type FROM event ORDER BY id")]
    assert types.count("work_item.changed") == 2


async def test_an_answer_in_time_changes_no_work(house):
    await house.clock(NOTIFY)
    matter = await lock(house.session, [house.case.id], at(59 * MIN))
    matter.clocks.answered(house.case.id, matter.at)
    await matter.keep(house.session, Actor("person", house.jana))
    assert await house.rows("SELECT boost_milli, version FROM work_item") == [(1000, 1)]


async def test_at_a_breach_leads_may_take_what_others_know_but_not_what_the_law_demands(house):
    await house.session.execute(
        "INSERT INTO skill (id, key, kind) VALUES (%s, 'lead', 'topic')", [new_id()]
    )
    await house.session.execute(
        "UPDATE work_item SET requirements ="
        """ '[{"skill": "loans", "min_level": 3, "kind": "required"},"""
        """ {"skill": "licence", "min_level": 1, "kind": "legal"}]'"""
    )
    await house.clock(NOTIFY)
    await house.strike(60 * MIN)
    loans, licence = (await house.rows("SELECT requirements FROM work_item"))[0][0]
    assert loans["substitutes"] == [{"skill": "lead", "min_level": 1}]
    assert "substitutes" not in licence


async def test_rungs_fire_in_their_order_each_once_and_leave_a_line(house):
    await house.clock(
        {"action": "notify", "at_pct": 100, "to": [{"who": "lead"}]},
        {"action": "raise", "after_min": 10, "urgency": "up", "tier": "vip"},
        {"action": "ladder", "after_min": 20, "step": 2},
        {"action": "note", "after_min": 30, "text": "Call the customer"},
    )
    for minute in (60, 60, 69, 70, 70, 80, 90, 200):
        await house.strike(minute * MIN)
    assert await house.runs() == [
        *((0, 0, "notify"), (1, 0, "raise"), (2, 0, "ladder"), (3, 0, "note")),
    ]
    item = await house.rows("SELECT urgency, tier, ladder_step, state FROM work_item")
    assert item == [("high", "vip", 2, "waiting")]
    assert await house.rows("SELECT priority FROM case_") == [("high",)]
    lines = await house.rows("SELECT kind, text, facts->>'action' FROM message ORDER BY position")
    assert lines[1:] == [
        *(("system", "", "notify"), ("system", "", "raise"), ("system", "", "ladder")),
        ("note", "Call the customer", "note"),
    ]
    assert await house.rows("SELECT escalate_at FROM sla_clock") == [(None,)]
    types = [one[0] for one in await house.rows("SELECT type FROM event ORDER BY id")]
    assert types.count("escalation.fired") >= 4


async def test_what_waits_moves_to_the_other_department_and_its_chief_is_called(house):
    await house.clock(
        {"action": "move", "at_pct": 100, "queue_id": str(house.second)},
        {
            "action": "page", "after_min": 15, "ack_required": True, "repeat_min": 10,
            "to": [{"who": "lead", "id": str(house.other.id)}],
        },
    )  # fmt: skip
    await house.strike(60 * MIN)
    queue_, since = (await house.rows("SELECT queue_id, waiting_since FROM work_item"))[0]
    assert (queue_, since) == (house.second, AT)
    stays = await house.rows("SELECT queue_id, left_at IS NULL FROM queue_stay ORDER BY entered_at")
    assert stays == [(house.care.triage, False), (house.second, True)]
    for minute in (75, 85, 95):
        await house.strike(minute * MIN)
    assert await house.runs() == [
        *((0, 0, "move"), (1, 0, "page"), (1, 1, "page"), (1, 2, "page")),
    ]
    assert ("chief", "escalation", True) in await house.told()
    assert len(await house.rows("SELECT FROM notice WHERE run_id IS NOT NULL")) == 3


async def test_what_somebody_works_on_is_not_taken_out_of_his_hands(session):
    house = await House().build(session, in_hand=True)
    await house.clock(
        {"action": "move", "at_pct": 100, "queue_id": str(house.second)},
        {"action": "notify", "after_min": 5, "to": [{"who": "assignee"}]},
    )
    await house.strike(60 * MIN)
    assert await house.rows("SELECT state, agent_id, queue_id FROM work_item") == [
        *(("in_work", house.jana, house.care.triage),),
    ]
    outcome = (await house.rows("SELECT outcome FROM escalation_run"))[0][0]
    assert (outcome["moved"], outcome["held"]) == (0, 1)
    await house.strike(65 * MIN)
    assert ("jana", "escalation", False) in await house.told()


async def test_a_lead_becomes_the_owner(house):
    await house.clock({"action": "assign", "at_pct": 100})
    await house.strike(60 * MIN)
    assert await house.rows("SELECT owner_id FROM case_") == [(house.lead,)]
    assert await house.rows("SELECT sticky FROM work_item") == [(house.lead,)]
    assert ("lead", "escalation", False) in await house.told()


async def test_who_says_that_he_has_it_stops_repeats_and_later_rungs(house):
    await house.clock(
        {
            "action": "page", "at_pct": 100, "to": [{"who": "lead"}], "repeat_min": 10,
            "ack_required": True,
        },
        {"action": "move", "after_min": 60, "queue_id": str(house.second)},
    )  # fmt: skip
    await house.strike(60 * MIN)
    run = (await house.rows("SELECT id FROM escalation_run"))[0][0]
    me = Actor("person", house.lead)
    done = await escalate.acknowledge(house.session, run, me, at(61 * MIN))
    assert (done.ack_by, done.ack_at) == (house.lead, at(61 * MIN))
    with pytest.raises(Conflict, match="acknowledged"):
        await escalate.acknowledge(house.session, run, me, at(62 * MIN))
    with pytest.raises(NotFound):
        await escalate.acknowledge(house.session, new_id(), me, at(62 * MIN))
    for minute in (70, 120, 300):
        await house.strike(minute * MIN)
    assert await house.runs() == [(0, 0, "page")]
    assert await house.rows("SELECT queue_id FROM work_item") == [(house.care.triage,)]
    types = [one[0] for one in await house.rows("SELECT type FROM event ORDER BY id")]
    assert types.count("escalation.acknowledged") == 1


async def test_a_rung_that_asks_for_nothing_cannot_be_acknowledged(house):
    await house.clock(NOTIFY)
    await house.strike(60 * MIN)
    run = (await house.rows("SELECT id FROM escalation_run"))[0][0]
    with pytest.raises(Conflict, match="no_answer_wanted"):
        await escalate.acknowledge(house.session, run, Actor("person", house.lead), AT)


async def test_an_answer_in_time_stops_the_ladder(house):
    clock = await house.clock(NOTIFY)
    await house.session.execute(
        "UPDATE sla_clock SET state = 'met', done_at = %s, escalate_at = NULL WHERE id = %s",
        [at(50 * MIN), clock],
    )
    assert await house.strike(60 * MIN) == 0
    assert await house.runs() == []


async def test_a_ladder_whose_queue_or_rung_is_gone_is_told_and_harms_nothing(house):
    await house.clock({"action": "move", "at_pct": 100, "queue_id": str(new_id())})
    await house.strike(60 * MIN)
    outcome = (await house.rows("SELECT outcome FROM escalation_run"))[0][0]
    assert outcome["why"] == "queue_gone"
    await house.session.execute(
        "UPDATE sla_clock SET rung = 7, rung_ms = 1, escalate_at = %s", [AT]
    )
    await house.strike(61 * MIN)
    assert len(await house.runs()) == 1
    assert await house.rows("SELECT escalate_at FROM sla_clock") == [(None,)]


async def test_the_same_rung_is_never_kept_twice(house):
    clock = await house.clock(NOTIFY)
    await house.strike(60 * MIN)
    await house.session.execute(
        "UPDATE sla_clock SET rung = 0, round = 0, rung_ms = 3600000, escalate_at = %s"
        " WHERE id = %s",
        [at(60 * MIN), clock],
    )
    await house.strike(61 * MIN)
    assert await house.runs() == [(0, 0, "notify")]
    assert len(await house.rows("SELECT FROM notice WHERE kind = 'escalation'")) == 1
