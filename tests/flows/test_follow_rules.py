"""A durable reader does what event rules say: each once, guarded, switched off when it fails."""

from dataclasses import dataclass
from datetime import timedelta
from typing import Any
from uuid import UUID

import pytest
from tests.make.account import account
from tests.make.agent import agent
from tests.make.case import Case, case
from tests.make.customer import Customer, customer
from tests.make.department import Department, department
from tests.make.moment import AT, at, new_id
from tests.make.person import person
from tests.make.queue import queue

from polyphony.domain.errors import Conflict, Invalid
from polyphony.domain.event import Actor
from polyphony.domain.event_rule import read
from polyphony.domain.permission import SYSTEM
from polyphony.flows import configure, design, follow_rules, rule_events, try_events, walk
from polyphony.flows.announce import announce
from polyphony.store import event_rules, notices, readers, steps
from polyphony.store.database import Session
from polyphony.store.kinds import CASE_KIND

FAILS = 'customer.name == "?" || tags[9] == "x"'
"""Holds for the sample on which it is checked, and stumbles over every real Case."""


@dataclass
class Desk:
    session: Session
    home: Department
    box: UUID
    who: Customer
    admin: UUID
    lead: UUID
    case: Case
    version: int = 0

    async def rules(self, *lines: dict[str, Any]) -> None:
        self.version = await rule_events.set_rules(
            self.session, list(lines), self.version, Actor("person", self.admin)
        )

    async def happens(self, type_: str = "case.moved", cid: UUID | None = None) -> None:
        await announce(
            self.session,
            actor=Actor("person", self.admin, cid),
            types={"case": type_},
            cases=[self.case.id],
        )

    async def turn(self, seconds: int = 10) -> None:
        for _ in range(20):
            if not await follow_rules.turn(self.session, at(seconds)):
                return

    async def tags(self) -> list[str]:
        found = await self.session.execute("SELECT tags FROM case_ WHERE id = %s", [self.case.id])
        return list((await found.fetchone())[0])

    async def runs(self) -> list[tuple[str, str, int]]:
        found = await self.session.execute(
            "SELECT rule, outcome, depth FROM event_rule_run ORDER BY event_id, rule"
        )
        return [(rule, outcome, depth) for rule, outcome, depth in await found.fetchall()]


@pytest.fixture
async def desk(session, monkeypatch):
    """Events of the test's own transaction count as settled: it never ends, so they never would."""
    plain = readers._READ
    monkeypatch.setattr(readers, "_READ", plain.replace("e.xid < %(below)s::text::xid8", "true"))
    home = await department(session)
    box, who = await account(session, home.id), await customer(session)
    admin = await person(session, "Admin", roles=["admin"], departments=[home.id])
    lead = await person(session, "Lead", roles=["supervisor"], departments=[home.id])
    matter = await case(session, home, box, who)
    await readers.take(session, follow_rules.NAME, AT)
    found = await session.execute("SELECT coalesce(max(id), 0) FROM event")
    last = (await found.fetchone())[0]
    await session.execute(
        "UPDATE reader_place SET xid = pg_current_xact_id()::text::bigint, id = %s", [last]
    )
    return Desk(session, home, box, who, admin, lead, matter)


def rule(name: str = "r", on: str = "case.moved", **more: object) -> dict[str, Any]:
    return {"id": name, "on": [on], "do": [{"do": "tag", "add": [name]}], **more}


async def test_a_rule_acts_on_what_happened_and_each_event_once(desk):
    await desk.rules(rule("vip", when='customer.tier == "standard"'), rule("no", when="false"))
    await desk.happens()
    await desk.turn()
    assert await desk.tags() == ["vip"]
    assert await desk.runs() == [("vip", "done", 1)]
    await desk.session.execute("UPDATE reader_place SET id = 0")
    await desk.turn()
    assert await desk.runs() == [("vip", "done", 1)]


async def test_every_action_does_what_it_says(desk):
    session = desk.session
    far = await queue(session, desk.home.id, "Far")
    await session.execute(
        "INSERT INTO skill (id, key, kind) VALUES (%s, 'vip', 'topic')", [new_id()]
    )
    kind = new_id()
    await configure.add(session, CASE_KIND, kind, {"key": "loan"}, Actor())
    matter = await case(session, desk.home, desk.box, desk.who, queue=desk.home.triage)
    desk.case = matter
    await desk.rules(
        rule(
            "all",
            do=[
                {"do": "tag", "add": ["loan"]},
                {"do": "priority", "to": "critical"},
                {"do": "tier", "to": "vip"},
                {"do": "requirement", "requirement": {"skill": "vip", "min_level": 2}},
                {"do": "queue", "queue": str(far)},
                {"do": "attribute", "name": "plan", "value": "gold"},
                {"do": "notify", "to": "leads", "text": "Look"},
                {"do": "note", "text": "A rule was here"},
                {"do": "kind", "kind": str(kind)},
            ],
        )
    )
    await desk.happens()
    await desk.turn()
    assert await desk.runs() == [("all", "done", 1)]
    found = await session.execute(
        "SELECT c.priority, c.kind, w.queue_id, w.tier, w.requirements->0->>'skill',"
        " k.attrs->>'plan' FROM case_ c JOIN work_item w ON w.case_id = c.id"
        " JOIN record r ON r.id = c.record_id JOIN customer k ON k.id = r.customer_id"
        " WHERE c.id = %s",
        [matter.id],
    )
    assert await found.fetchone() == ("critical", "loan", far, "vip", "vip", "gold")
    found = await session.execute(
        "SELECT author_name, text FROM message WHERE kind = 'note' AND interaction_id = %s",
        [matter.interaction],
    )
    assert await found.fetchall() == [("all", "A rule was here")]
    found = await session.execute("SELECT person_id, kind, text FROM notice")
    assert await found.fetchall() == [(desk.lead, "mention", "Look")]


async def test_rules_that_call_one_another_are_stopped_after_three_in_a_row(desk):
    kind = new_id()
    await configure.add(desk.session, CASE_KIND, kind, {"key": "loan"}, Actor())
    other = new_id()
    await configure.add(desk.session, CASE_KIND, other, {"key": "card"}, Actor())
    there = {"do": "kind", "kind": str(other)}
    back = {"do": "kind", "kind": str(kind)}
    await desk.rules(
        rule("there", on="case.kind_set", when='case.kind == "loan"', do=[there]),
        rule("back", on="case.kind_set", when='case.kind == "card"', do=[back]),
    )
    await walk.set_kind(desk.session, desk.case.id, kind, Actor("person", desk.admin), at(1))
    await desk.turn()
    assert [(outcome, depth) for _, outcome, depth in await desk.runs()] == [
        ("done", 1), ("done", 2), ("done", 3), ("loop", 4),
    ]  # fmt: skip


async def test_a_rule_that_failed_three_times_is_off_and_its_keepers_are_told(desk):
    broken = rule("broken", when=FAILS)
    await desk.rules(broken, rule("fine"))
    for second in range(1, 6):
        await desk.happens()
        await desk.turn(second)
    runs = [one for one in await desk.runs() if one[0] == "broken"]
    assert [outcome for _, outcome, _ in runs] == ["error"] * 3
    assert len([one for one in await desk.runs() if one[0] == "fine"]) == 5
    found = await desk.session.execute("SELECT person_id, kind, from_name FROM notice")
    assert await found.fetchall() == [(desk.admin, "rule_failed", "broken")]
    standing = {one.rule: one for one in await event_rules.standings(desk.session, desk.version)}
    assert standing["broken"].off_at is not None
    assert (standing["broken"].errors, standing["fine"].done) == (3, 5)
    await desk.rules(rule("broken", when="true"))
    await desk.happens()
    await desk.turn(9)
    assert "broken" in await desk.tags()


async def test_an_action_that_is_refused_takes_the_whole_rule_back(desk):
    gone = new_id()
    await desk.session.execute(
        "INSERT INTO queue (id, department_id, name) VALUES (%s, %s, 'Gone')", [gone, desk.home.id]
    )
    await desk.rules(
        rule("r", do=[{"do": "tag", "add": ["half"]}, {"do": "queue", "queue": str(gone)}])
    )
    await desk.session.execute("DELETE FROM queue WHERE id = %s", [gone])
    await desk.happens()
    await desk.turn()
    assert await desk.tags() == []
    assert await desk.runs() == [("r", "error", 1)]


async def test_the_customers_message_ends_a_step_that_waits_for_him(desk):
    office = await queue(desk.session, desk.home.id, "Office")
    await agent(desk.session, desk.home.id, queues=[office])
    kind = new_id()
    await configure.add(desk.session, CASE_KIND, kind, {"key": "loan"}, Actor())
    plan = [
        {"key": "papers", "title": "Papers", "kind": "wait_customer", "wait_s": 3600},
        {"key": "check", "title": "Check", "kind": "work", "queue": str(office)},
    ]
    made = await design.draft(desk.session, kind, plan, Actor(), AT)
    await design.publish(desk.session, made.id, Actor(), AT)
    await walk.set_kind(desk.session, desk.case.id, kind, Actor(), at(1))
    await desk.session.execute("UPDATE reader_place SET id = (SELECT max(id) FROM event)")
    await desk.session.execute("UPDATE case_step SET state_since = now()")  # the log's own clock
    await announce(
        desk.session,
        actor=Actor("customer"),
        types={"message": "message.received"},
        messages=[desk.case.message],
    )
    await desk.turn()
    found = await steps.of_cases(desk.session, [desk.case.id])
    assert {one.key: one.state for one in found} == {"papers": "done", "check": "active"}


async def test_without_rules_the_reader_only_moves_on(desk):
    await desk.happens()
    assert not await follow_rules.turn(desk.session, at(1))
    found = await desk.session.execute("SELECT at, id FROM reader_place")
    assert await found.fetchone() == (at(1), 0)
    assert await desk.runs() == []


async def test_a_set_that_names_what_nobody_has_or_comes_too_late_is_refused(desk):
    with pytest.raises(Invalid, match=r"event_rule\.gone"):
        await desk.rules(rule(do=[{"do": "queue", "queue": str(new_id())}]))
    await desk.rules(rule())
    with pytest.raises(Conflict):
        await rule_events.set_rules(desk.session, [], 0, Actor())
    assert await notices.titles(desk.session, []) == {}


async def test_a_dry_run_counts_what_rules_would_have_done_and_changes_nothing(desk):
    for _ in range(3):
        await desk.happens()
    rules = read([rule("r"), rule("no", when="false"), rule("wrong", when=FAILS)])
    told = await try_events.past(desk.session, SYSTEM, rules, AT + timedelta(hours=1))
    assert told["events"] == 3
    assert told["rules"] == [
        {"rule": "r", "hits": 3, "cases": 1, "errors": 0},
        {"rule": "no", "hits": 0, "cases": 0, "errors": 0},
        {"rule": "wrong", "hits": 0, "cases": 0, "errors": 3},
    ]
    samples: Any = told["samples"]
    assert {one["case_id"] for one in samples} == {desk.case.id}
    assert (await desk.tags(), await desk.runs()) == ([], [])
