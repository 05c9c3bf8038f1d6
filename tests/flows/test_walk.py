"""A Case walks through the steps of its kind: work in Queues, waiting, agreement, the end."""

from dataclasses import dataclass
from datetime import timedelta
from typing import Any
from uuid import UUID

import pytest
from tests.make.account import account
from tests.make.agent import agent
from tests.make.case import Case, case
from tests.make.customer import customer
from tests.make.department import department
from tests.make.moment import AT, at, new_id
from tests.make.person import person
from tests.make.promise import climbing, ladder, policy
from tests.make.queue import queue
from tests.make.reading import one

from polyphony.domain.case import CaseMove
from polyphony.domain.errors import Conflict, Invalid
from polyphony.domain.event import Actor
from polyphony.domain.move import By
from polyphony.flows import configure, design, handle, settle, snooze, walk
from polyphony.flows.carry_out import Staff
from polyphony.store import configuration, kinds, offers, projections, steps, timers, work
from polyphony.store.database import Session
from polyphony.store.kinds import CASE_KIND
from polyphony.store.offers import NewOffer, Stamp
from polyphony.store.steps import StepRow


@dataclass
class Desk:
    session: Session
    office: UUID
    loans: UUID
    jana: UUID
    petr: UUID
    lead: Staff
    case: Case
    kind: UUID

    async def publish(self, *plan: dict[str, Any]) -> UUID:
        made = await design.draft(self.session, self.kind, list(plan), Actor(), AT)
        return (await design.publish(self.session, made.id, Actor(), AT)).id

    async def begin(self, *plan: dict[str, Any]) -> None:
        await self.publish(*plan)
        await walk.set_kind(self.session, self.case.id, self.kind, self.lead.actor, AT)

    async def rows(self) -> dict[str, StepRow]:
        found = await steps.of_cases(self.session, [self.case.id])
        return {one.key: one for one in found}

    async def states(self) -> dict[str, str]:
        return {key: one.state for key, one in (await self.rows()).items()}

    async def state(self) -> str:
        found = await self.session.execute("SELECT state FROM case_ WHERE id = %s", [self.case.id])
        return str((await found.fetchone())[0])

    async def live(self) -> list[tuple[str, str, UUID]]:
        found = await self.session.execute(
            "SELECT s.key, w.state, w.queue_id FROM work_item w"
            " JOIN case_step s ON s.id = w.step_id"
            " WHERE w.case_id = %s AND w.state NOT IN ('done', 'cancelled') ORDER BY s.position",
            [self.case.id],
        )
        return [(key, state, queue) for key, state, queue in await found.fetchall()]

    async def finish(self, key: str, who: UUID, seconds: int = 10) -> None:
        act = walk.Act(Actor("person", who), By.AGENT)
        await walk.finish(self.session, (await self.rows())[key].id, act, at(seconds))

    async def take(self, key: str, who: UUID) -> UUID:
        item = (await self.rows())[key].work_id
        await handle.claim(self.session, item, who, at(5))
        return item

    def by_lead(self, reason: str = "because") -> walk.Act:
        return walk.Act(self.lead.actor, By.SUPERVISOR, reason)

    async def told(self) -> list[str]:
        found = await self.session.execute(
            "SELECT type FROM event WHERE entity = 'case_step' ORDER BY id"
        )
        return [row[0] for row in await found.fetchall()]


@pytest.fixture
async def desk(session):
    home, far = await department(session), await department(session)
    box, who = await account(session, home.id), await customer(session)
    office = await queue(session, home.id, "Office")
    loans = await queue(session, far.id, "Loans")
    takes = ("email", "case_step")
    jana = await agent(session, home.id, name="Jana", queues=[office], channels=takes)
    petr = await agent(session, far.id, name="Petr", queues=[loans], channels=takes)
    lead = await person(session, "Lead", roles=["supervisor"], departments=[home.id])
    matter = await case(session, home, box, who)
    kind = new_id()
    await configure.add(session, CASE_KIND, kind, {"key": "loan", "name": {"en": "Loan"}}, Actor())
    staff = Staff(lead, "Lead", supervisor=True)
    return Desk(session, office, loans, jana, petr, staff, matter, kind)


def step(key: str, queue: UUID, **more: object) -> dict[str, Any]:
    return {"key": key, "title": key.capitalize(), "kind": "work", "queue": str(queue), **more}


async def test_a_kind_begins_its_process_and_each_step_is_work_in_its_queue(desk):
    await desk.begin(step("check", desk.office, target_s=3600), step("pay", desk.loans))
    assert await desk.live() == [("check", "waiting", desk.office)]
    item = (await desk.rows())["check"].work_id
    facts = (await work.facts(desk.session, [item]))[0]
    assert (facts.channel, facts.target_ms, facts.units) == ("case_step", 3_600_000, 50)
    picture = (await projections.work_items(desk.session, [item]))[item]
    assert picture["step"]["title"] == "Check"
    case_now = (await projections.cases(desk.session, [desk.case.id]))[desk.case.id]
    assert case_now["kind"] == "loan"
    assert case_now["steps"] == {"done": 0, "total": 2, "now": "Check", "titles": {}}
    await desk.take("check", desk.jana)
    await handle.finish(desk.session, item, Actor("person", desk.jana), at(60))
    assert await desk.live() == [("pay", "waiting", desk.loans)]
    rows = await desk.rows()
    assert (rows["check"].state, rows["check"].done_by) == ("done", desk.jana)
    assert rows["check"].owner_id == desk.jana
    load = (await projections.loads(desk.session, [desk.jana]))[desk.jana]
    assert (load["routed_units"], load["manual_units"]) == (0, 0)


async def test_work_of_a_step_is_offered_with_its_title_on_the_card(desk):
    await desk.begin(step("check", desk.office))
    item = (await desk.rows())["check"].work_id
    version = (await work.facts(desk.session, [item]))[0].version
    made = NewOffer(new_id(), item, desk.jana, version, 1, at(120), {})
    assert await offers.make(desk.session, [made], Stamp(None, 0, AT)) == {item}
    card = (await projections.offers(desk.session, [made.id]))[made.id]["card"]
    assert (card["channel_kind"], card["step"]) == ("case_step", "Check")


async def test_a_checklist_and_required_answers_are_done_first(desk):
    form = [{"key": "amount", "label": "Amount", "type": "number", "required": True}]
    checks = [{"key": "id", "title": "Identity seen"}]
    await desk.begin(step("check", desk.office, form=form, checklist=checks))
    row = (await desk.rows())["check"]
    with pytest.raises(Invalid) as refused:
        await desk.finish("check", desk.jana)
    assert refused.value.facts == {"checks": ["Identity seen"], "fields": ["Amount"]}
    with pytest.raises(Invalid, match=r"form\.answer"):
        await walk.note(desk.session, row.id, walk.Noted({}, {"amount": "much"}), Actor(), AT)
    with pytest.raises(Invalid, match=r"check_unknown"):
        await walk.note(desk.session, row.id, walk.Noted({"no": True}, {}), Actor(), AT)
    noted = walk.Noted({"id": True}, {"amount": 5000}, row.version)
    await walk.note(desk.session, row.id, noted, Actor("person", desk.jana), AT)
    with pytest.raises(Conflict, match=r"case_step\.version"):
        await walk.note(desk.session, row.id, noted, Actor(), AT)
    row = (await desk.rows())["check"]
    assert row.answers == {"amount": 5000}
    assert row.checklist[0]["by"] == str(desk.jana)
    await desk.finish("check", desk.jana)
    assert await desk.states() == {"check": "done"}
    picture = (await projections.case_steps(desk.session, [row.id]))[row.id]
    assert (picture["answers"], picture["state"]) == ({"amount": 5000}, "done")


async def test_answers_decide_which_way_the_process_goes(desk):
    form = [{"key": "amount", "label": "Amount", "type": "number"}]
    on = [{"to": "pay", "if": "answers.check.amount < 1000"}]
    await desk.begin(
        step("check", desk.office, form=form, next=on),
        step("agree", desk.office),
        step("pay", desk.loans),
    )
    row = (await desk.rows())["check"]
    await walk.note(desk.session, row.id, walk.Noted({}, {"amount": 10}), Actor(), AT)
    await desk.finish("check", desk.jana)
    assert await desk.states() == {"check": "done", "agree": "waived", "pay": "active"}


async def test_a_case_with_steps_to_do_is_not_solved_and_the_last_step_concludes_it(desk):
    await desk.begin(step("check", desk.office))
    wish = settle.CaseWish(CaseMove.SOLVE)
    with pytest.raises(Conflict) as refused:
        await settle.move(desk.session, desk.case.id, wish, desk.lead, at(5))
    assert refused.value.code == "case.steps_open"
    assert refused.value.facts["names"] == ["Check"]
    await desk.finish("check", desk.jana)
    assert await desk.state() == "solved"


async def test_a_last_step_called_close_solves_a_case_somebody_still_writes_with(desk):
    end = {"key": "end", "title": "End", "kind": "close"}
    await desk.begin(step("check", desk.office), end)
    await desk.finish("check", desk.jana)
    assert (await desk.state(), await desk.states()) == ("solved", {"check": "done", "end": "done"})
    assert await desk.live() == []


async def test_finished_work_of_an_interaction_does_not_conclude_a_case_with_steps(session, desk):
    await desk.begin(step("check", desk.office))
    await session.execute(
        "INSERT INTO work_item (id, interaction_id, queue_id, channel_kind, state, state_since,"
        " units, target_ms, waiting_since, created_at)"
        " VALUES (%(id)s, %(i)s, %(q)s, 'email', 'waiting', %(at)s, 50, 1000, %(at)s, %(at)s)",
        {"id": (item := new_id()), "i": desk.case.interaction, "q": desk.office, "at": AT},
    )
    await handle.claim(session, item, desk.jana, at(5))
    await handle.finish(session, item, Actor("person", desk.jana), at(10))
    assert await desk.state() == "open"
    assert await desk.live() == [("check", "waiting", desk.office)]


async def test_parallel_steps_wait_at_once_and_the_next_begins_when_both_are_done(desk):
    await desk.begin(
        step("score", desk.office, group="g"), step("call", desk.loans, group="g"),
        step("sign", desk.office),
    )  # fmt: skip
    assert [one[0] for one in await desk.live()] == ["score", "call"]
    await desk.finish("call", desk.petr)
    assert [one[0] for one in await desk.live()] == ["score"]
    await desk.finish("score", desk.jana)
    assert [one[0] for one in await desk.live()] == ["sign"]


async def test_a_rejected_step_gives_the_work_to_who_did_the_one_before(desk):
    await desk.begin(step("check", desk.office), step("agree", desk.loans, on_reject="check"))
    await desk.take("check", desk.jana)
    await desk.finish("check", desk.jana)
    item = await desk.take("agree", desk.petr)
    act = walk.Act(Actor("person", desk.petr), By.AGENT)
    row = (await desk.rows())["agree"]
    with pytest.raises(Invalid, match=r"reason_required"):
        await walk.reject(desk.session, row.id, act, at(20))
    act = walk.Act(Actor("person", desk.petr), By.AGENT, "No payslip")
    await walk.reject(desk.session, row.id, act, at(20))
    rows = await desk.rows()
    assert (rows["check"].state, rows["check"].rounds) == ("active", 2)
    assert (rows["agree"].state, rows["agree"].reason) == ("todo", "No payslip")
    facts = (await work.facts(desk.session, [rows["check"].work_id]))[0]
    assert facts.sticky == desk.jana
    assert (await work.rows_of(desk.session, [item]))[item].state == "done"


async def test_an_approval_goes_to_another_person_each_time(desk):
    await desk.begin(
        step("check", desk.office), step("agree", desk.office, kind="approval", approvals=2)
    )
    await desk.take("check", desk.jana)
    await desk.finish("check", desk.jana)
    facts = (await work.facts(desk.session, [(await desk.rows())["agree"].work_id]))[0]
    assert {(one.agent, one.reason) for one in facts.exclusions} == {(desk.jana, "conflict")}
    with pytest.raises(Conflict, match=r"same_person"):
        await desk.finish("agree", desk.jana)
    await desk.take("agree", desk.petr)
    await desk.finish("agree", desk.petr)
    rows = await desk.rows()
    assert (rows["agree"].state, rows["agree"].approved) == ("active", [desk.petr])
    facts = (await work.facts(desk.session, [rows["agree"].work_id]))[0]
    assert {one.agent for one in facts.exclusions} == {desk.jana, desk.petr}
    await desk.finish("agree", desk.lead.id)
    assert (await desk.states())["agree"] == "done"


async def test_a_timer_ends_its_step_and_the_case_waits_with_the_customer(desk):
    wait = {"key": "papers", "title": "Papers", "kind": "wait_customer", "wait_s": 60}
    pause = {"key": "pause", "title": "Pause", "kind": "timer", "wait_s": 30}
    await desk.begin(wait, pause, step("check", desk.office))
    assert await desk.state() == "wait_customer"
    due = await timers.claim(desk.session, 10, at(61), timedelta(seconds=30), [steps.KIND])
    await walk.due(desk.session, due, at(61), None)
    assert await desk.state() == "open"
    assert await desk.states() == {"papers": "done", "pause": "waiting", "check": "todo"}
    due = await timers.claim(desk.session, 10, at(92), timedelta(seconds=30), [steps.KIND])
    await walk.due(desk.session, due, at(92), None)
    assert await desk.live() == [("check", "waiting", desk.office)]
    found = await desk.session.execute("SELECT count(*) FROM timer WHERE kind = %s", [steps.KIND])
    assert await found.fetchone() == (0,)


async def test_the_customers_answer_ends_the_waiting_for_him(desk):
    wait = {"key": "papers", "title": "Papers", "kind": "wait_customer", "wait_s": 60}
    await desk.begin(wait, step("check", desk.office))
    assert not await walk.waits(desk.session, desk.case.id, at(-5))  # what he wrote before
    await walk.answered(desk.session, desk.case.id, at(5), at(-5))
    assert await desk.live() == []
    assert await walk.waits(desk.session, desk.case.id, at(5))
    await walk.answered(desk.session, desk.case.id, at(6), at(5))
    assert await desk.live() == [("check", "waiting", desk.office)]
    assert not await walk.waits(desk.session, desk.case.id, at(7))


async def test_a_lead_waives_and_reopens_with_a_reason(desk):
    await desk.begin(step("check", desk.office), step("pay", desk.loans))
    rows = await desk.rows()
    await walk.waive(desk.session, rows["check"].id, desk.by_lead("Known customer"), at(5))
    assert await desk.states() == {"check": "waived", "pay": "active"}
    await walk.reopen(desk.session, rows["check"].id, desk.by_lead(), at(6))
    assert await desk.states() == {"check": "active", "pay": "todo"}
    assert [one[0] for one in await desk.live()] == ["check"]
    told = await desk.told()
    assert {"process.step_entered", "process.step_left"} <= set(told)


async def test_a_running_case_keeps_its_version_and_a_new_one_takes_the_new(desk):
    await desk.begin(step("check", desk.office), step("pay", desk.loans))
    await desk.publish(step("look", desk.office))
    await desk.finish("check", desk.jana)
    assert await desk.states() == {"check": "done", "pay": "active"}
    versions = await kinds.processes(desk.session, desk.kind)
    assert [(one.no, one.state, one.running) for one in versions] == [
        (2, "published", 0), (1, "retired", 1),
    ]  # fmt: skip


async def test_another_kind_waives_what_was_to_be_done(desk):
    await desk.begin(step("check", desk.office))
    await walk.set_kind(desk.session, desk.case.id, None, desk.lead.actor, at(5))
    assert await desk.states() == {"check": "waived"}
    found = await desk.session.execute(
        "SELECT kind, state FROM case_ WHERE id = %s", [desk.case.id]
    )
    assert await found.fetchone() == ("request", "open")
    found = await desk.session.execute(
        "SELECT kind FROM work_item WHERE case_id = %s AND state = 'waiting'", [desk.case.id]
    )
    assert await found.fetchall() == [("interaction",)]


async def test_a_merge_carries_the_steps_and_their_work_along_and_back(session, desk):
    await desk.begin(step("check", desk.office), step("pay", desk.loans))
    home = (await configuration.all_of(session, configuration.DEPARTMENT))[0]
    found = await session.execute("SELECT record_id FROM case_ WHERE id = %s", [desk.case.id])
    assert home
    record = (await found.fetchone())[0]
    other = new_id()
    await session.execute(
        "INSERT INTO case_ (id, reference, record_id, department_id, title, state_since,"
        " opened_via, opened_at, last_at) SELECT %s, '9999999999', %s, department_id, 'Other',"
        " %s, 'email', %s, %s FROM case_ WHERE id = %s",
        [other, record, AT, AT, AT, desk.case.id],
    )
    await settle.merge(session, desk.case.id, other, desk.lead, at(5))
    moved = await steps.of_cases(session, [other])
    assert [(one.key, one.came_case_id) for one in moved] == [
        ("check", desk.case.id), ("pay", desk.case.id),
    ]  # fmt: skip
    item = (await work.rows_of(session, [moved[0].work_id]))[moved[0].work_id]
    assert item.case_id == other
    act = walk.Act(Actor("person", desk.jana), By.AGENT)
    await walk.finish(session, moved[0].id, act, at(6))
    await settle.unmerge(session, desk.case.id, desk.lead, at(7))
    assert await desk.states() == {"check": "done", "pay": "active"}
    assert await desk.live() == [("pay", "waiting", desk.loans)]


async def test_a_discarded_case_loses_its_step_work_and_has_it_again_when_restored(desk):
    await desk.begin(step("check", desk.office))
    for what in (CaseMove.DISCARD, CaseMove.RESTORE):
        wish = settle.CaseWish(what, reason="spam")
        await settle.move(desk.session, desk.case.id, wish, desk.lead, at(5))
        left = [("check", "waiting", desk.office)] if what is CaseMove.RESTORE else []
        assert await desk.live() == left


async def test_a_step_of_a_case_that_is_over_is_not_moved(desk):
    await desk.begin(step("check", desk.office))
    row = (await desk.rows())["check"]
    await desk.finish("check", desk.jana)
    with pytest.raises(Conflict, match=r"kind_fixed"):
        await walk.reopen(desk.session, row.id, desk.by_lead(), at(20))
    with pytest.raises(Conflict, match=r"kind_fixed"):
        await walk.set_kind(desk.session, desk.case.id, None, Actor(), at(20))


async def test_queues_and_skills_nobody_has_are_refused_before_a_process_is_kept(desk):
    with pytest.raises(Invalid) as refused:
        await desk.publish(step("check", new_id()))
    assert refused.value.facts == {"step": 1, "field": "queue"}
    with pytest.raises(Invalid) as refused:
        await desk.publish(step("check", desk.office, requirements=[{"skill": "no.such"}]))
    assert refused.value.facts["names"] == ["no.such"]


async def test_work_of_a_step_is_put_aside_and_taken_up_again(desk):
    await desk.begin(step("check", desk.office))
    await desk.take("check", desk.jana)
    jana = Staff(desk.jana, "Jana")
    await snooze.snooze(desk.session, desk.case.id, AT + timedelta(days=1), jana, at(10))
    assert await desk.live() == [("check", "parked", desk.office)]
    assert await snooze.wake(desk.session, desk.case.id, jana, at(20), take=True)
    assert await desk.live() == [("check", "in_work", desk.office)]


async def test_a_kind_brings_the_deadline_of_the_law_and_takes_it_along(session, desk):
    await configure.change(
        session, CASE_KIND, desk.kind, {"deadline": "cz_consumer_claim"}, None, Actor()
    )
    legal = "SELECT legal_template FROM case_ WHERE id = %s"
    for kind, expected in ((desk.kind, "cz_consumer_claim"), (None, None)):
        await walk.set_kind(session, desk.case.id, kind, desk.lead.actor, at(5))
        found = await session.execute(legal, [desk.case.id])
        assert await found.fetchone() == (expected,)


async def test_what_is_promised_follows_the_kind(session, desk):
    await policy(session, "Loans", scope={"kinds": ["loan"]}, first_response=600)
    home = await one(session, "SELECT calendar_id FROM department ORDER BY id LIMIT 1")
    late = await ladder(session)
    await climbing(session, desk.case.id, desk.case.interaction, home, late)
    await walk.set_kind(session, desk.case.id, desk.kind, desk.lead.actor, at(5))
    found = await session.execute(
        "SELECT target_ms, level FROM sla_clock WHERE type = 'first_response'"
    )
    assert await found.fetchone() == (600_000, "kind")


async def test_each_step_has_a_clock_of_its_own_that_is_met_when_it_is_done(session, desk):
    await desk.begin(step("check", desk.office, target_s=3600), step("pay", desk.loans))
    clocks = "SELECT step_id, state, target_ms FROM sla_clock WHERE type = 'step' ORDER BY id"
    rows = await desk.rows()
    found = await (await session.execute(clocks)).fetchall()
    assert found == [(rows["check"].id, "running", 3_600_000)]
    assert rows["check"].due_at == at(3600)
    await desk.finish("check", desk.jana)
    found = await (await session.execute(clocks)).fetchall()
    assert [(one[0], one[1]) for one in found] == [
        (rows["check"].id, "met"), (rows["pay"].id, "running"),
    ]  # fmt: skip


async def test_a_message_to_a_case_at_a_step_waits_in_the_queue_of_the_step(session, desk):
    await desk.begin(step("check", desk.loans))
    await desk.take("check", desk.petr)
    assert await steps.queues_of(session, [desk.case.id]) == {desk.case.id: (desk.loans, desk.petr)}
