"""Ladders, related queues, overflow and reserve go out into a file by names, and come in again."""

from tests.make.moment import AT
from tests.make.person import person

from polyphony.domain.event import Actor
from polyphony.flows.config_file.apply import apply, diff
from polyphony.flows.config_file.export import present
from polyphony.flows.config_file.revert import revert
from polyphony.flows.config_file.text import read, write
from polyphony.store import changes
from polyphony.store.database import Database

FILE = """\
version: 1
calendars:
  Office: {zone: Europe/Prague, always: true}
departments:
  Loans: {calendar: Office}
skills:
  lang.cs: {kind: language, name: {en: Czech}}
  mortgage: {kind: topic, name: {en: Mortgages}}
queues:
  Loans / Triage: {}
  Loans / Advice:
    requirements:
      - {skill: lang.cs, min_level: 4}
      - {skill: mortgage, min_level: 3}
    ladder:
      - {at_s: 30, lower: {mortgage: 1}, add_member_rank: 2}
      - {at_x: 0.5, drop_desired: true, substitutes: true}
      - at_x: 0.8
        drop: [mortgage]
        add_queue_members: [Loans / Triage]
        related: true
    related: [Loans / Triage]
    reserve: {agents: 2}
    overflow_before:
      - conditions: [{fact: closed}]
        action: {do: queue, queue: Loans / Triage}
    overflow_after:
      - when: all
        conditions: [{fact: x, than: 1.5}, {fact: nobody}]
        action: {do: queue, queue: Loans / Triage}
"""


async def test_ladder_related_and_overflow_go_out_come_in_and_are_taken_back(
    database: Database,
) -> None:
    async with database.transaction() as session:
        root = Actor("person", await person(session, "Root", roles=["admin"]))
        await apply(session, read(FILE), AT, root)
        assert await diff(session, read(FILE)) == []
        out = write((await present(session)).file)
        assert out.count("Loans / Triage") >= 5, "queues are named, in all four places"
        assert await diff(session, read(out)) == []
        changed = FILE.replace("at_x: 0.8", "at_x: 0.9").replace("than: 1.5", "than: 2")
        changed = changed.replace("    related: [Loans / Triage]\n", "")
        told = await apply(session, read(changed), AT, root)
        assert [(one.section, one.name, one.op) for one in told] == [
            ("queues", "Loans / Advice", "change")
        ]
        assert await diff(session, read(changed)) == []
        newest = (await changes.page(session, limit=1))[0]
        assert newest.before.keys() >= {"ladder", "related", "overflow_after"}
        await revert(session, newest.id, root, AT)
        assert await diff(session, read(FILE)) == []
        await session.rollback()
