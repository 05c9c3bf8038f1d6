"""The loan of the demo: steps and rules the product accepts, through two departments."""

from uuid import UUID

from tests.make.department import department
from tests.make.moment import AT
from tests.make.queue import queue

from polyphony.app.demo import loan
from polyphony.domain import event_rule, process_text
from polyphony.simulator.colleagues import filled_in
from polyphony.store import event_rules, kinds

QUEUES = {name: UUID(int=n) for n, name in enumerate(("general", "technical", "billing"), 1)}


def test_its_steps_are_read_and_two_of_them_run_at_once():
    found = process_text.read(loan.steps(QUEUES))
    assert [len(stage) for stage in found.stages] == [1, 2, 1, 1, 1]
    assert {one.queue for one in found.steps if one.queue} == set(QUEUES.values())


def test_its_rules_are_read():
    assert [one.id for one in event_rule.read(list(loan.rules(UUID(int=9))))] == [
        "loan", "late loan",
    ]  # fmt: skip


def test_a_colleague_fills_in_whatever_a_step_asks_and_leaves_what_is_answered():
    step = {
        "checklist": [{"key": "seen", "title": "Seen"}],
        "form": [
            {"key": "amount", "type": "number", "options": []},
            {"key": "purpose", "type": "choice", "options": ["Panels", "Both"]},
            {"key": "fits", "type": "check", "options": []},
        ],
        "answers": {"amount": 7},
    }
    assert filled_in(step) == {
        "checklist": {"seen": True},
        "answers": {"purpose": "Panels", "fits": True},
    }


async def test_the_company_lends_from_its_first_day(session):
    made = await department(session)
    queues = {name: await queue(session, made.id, name) for name in QUEUES}
    await loan.lend(session, made.id, queues, AT)
    found = await kinds.processes(session)
    assert [(one.no, one.state, len(one.steps)) for one in found] == [(1, "published", 6)]
    _, rules = await event_rules.current(session)
    assert [one.id for one in rules] == ["loan", "late loan"]
