"""Kinds of Cases and event rules go out into a file, come in again, and are taken back."""

from tests.make.moment import AT
from tests.make.person import person

from polyphony.domain.event import Actor
from polyphony.flows.config_file.apply import apply, diff
from polyphony.flows.config_file.export import present
from polyphony.flows.config_file.revert import revert
from polyphony.flows.config_file.text import read, write
from polyphony.store import changes, event_rules, kinds
from polyphony.store.database import Database

FILE = """\
version: 1
calendars:
  Office: {zone: Europe/Prague, always: true}
departments:
  Loans: {calendar: Office}
queues:
  Loans / Triage: {}
  Loans / Checks: {}
hooks:
  Pager: {url: 'https://pager.example/in'}
rosters:
  Loans: {begins: '2026-01-05', people: ['@people/root@desk.example']}
escalations:
  Night:
    steps: [{action: webhook, at_pct: 100, hook_id: '@hooks/Pager'}]
snippets:
  papers: {name: Papers, bodies: {en: 'Papers, please'}}
case_kinds:
  loan:
    name: {en: Loan}
    department: Loans
    steps:
      - key: check
        title: Check
        queue: '@queues/Loans / Checks'
        form: [{key: amount, label: Amount, type: number}]
      - key: agree
        title: Agree
        kind: approval
        queue: '@queues/Loans / Triage'
        on_reject: check
      - key: ask
        title: {en: Ask, cs: Zeptat se}
        kind: send
        queue: '@queues/Loans / Triage'
        say: {snippet: '@snippets/papers'}
      - key: mark
        title: Mark
        kind: system
        queue: '@queues/Loans / Triage'
        do: [{do: tag, add: [x]}]
event_rules:
  loan:
    'on': [case.opened]
    when: case.title.contains("loan")
    do:
      - {do: kind, kind: '@case_kinds/loan'}
      - {do: queue, queue: '@queues/Loans / Checks'}
"""


async def test_kinds_and_event_rules_go_out_come_in_and_are_taken_back(database: Database) -> None:
    async with database.transaction() as session:
        root = Actor(
            "person", await person(session, "Root", roles=["admin"], email="root@desk.example")
        )
        told = await apply(session, read(FILE), AT, root)
        assert {one.section for one in told} >= {"case_kinds", "event_rules"}
        assert await diff(session, read(FILE)) == []
        out = write((await present(session)).file)
        assert "'@queues/Loans / Checks'" in out
        assert "'@case_kinds/loan'" in out
        assert "'@snippets/papers'" in out
        assert await diff(session, read(out)) == []
        changed = FILE.replace("title: Check\n", "title: Look\n").replace("contains", "startsWith")
        changed = changed.replace("{en: Loan}", "{en: Credit}")
        told = await apply(session, read(changed), AT, root)
        assert {(one.section, one.name, one.op) for one in told} == {
            ("case_kinds", "loan", "change"), ("event_rules", "loan", "change"),
        }  # fmt: skip
        news = [
            one
            for one in await changes.page(session, limit=50)
            if one.before and one.before.get("rules", True)
        ]
        assert {one.noun for one in news} == {"case_kind", "process", "event_rules"}
        for one in news:
            await revert(session, one.id, root, AT)
        assert await diff(session, read(FILE)) == []
        versions = await kinds.processes(session)
        assert [(one.no, one.state) for one in versions] == [
            (3, "published"), (2, "retired"), (1, "retired"),
        ]  # fmt: skip
        assert (await event_rules.lines(session))[0] == 3
        await session.rollback()
