"""Jobs over many Cases: done in batches, once, by one's own rights, and taken back."""

from datetime import timedelta
from pathlib import Path
from typing import Any
from uuid import UUID

import pytest
from tests.make.account import account
from tests.make.agent import agent
from tests.make.case import case
from tests.make.customer import customer
from tests.make.department import Department, department
from tests.make.moment import AT, new_id
from tests.make.outside import outside
from tests.make.person import person

from polyphony.domain.errors import Conflict, Invalid, NotFound
from polyphony.domain.event import Actor
from polyphony.flows import bulk, publish
from polyphony.ports import Outside
from polyphony.store import knowledge, people
from polyphony.store.bulk import Job
from polyphony.store.database import Database, Session

LATER = AT + timedelta(minutes=1)


class Office:
    """One department with an agent, a supervisor and thirty waiting Cases; another next door."""

    database: Database
    outside: Outside
    department: Department
    jana: UUID
    lead: UUID
    cases: list[UUID]

    async def build(self, database: Database, folder: Path) -> "Office":
        self.database = database
        self.outside = outside(folder)
        async with database.transaction() as session:
            self.department = await department(session)
            self.next_door = await department(session)
            triage = self.department.triage
            self.jana = await agent(session, self.department.id, queues=[triage])
            self.lead = await person(
                session, "Lea", roles=["supervisor"], departments=[self.department.id]
            )
            box = await account(session, self.department.id)
            who = await customer(session)
            self.cases = sorted(
                [
                    (await case(session, self.department, box, who, queue=triage)).id
                    for _ in range(30)
                ]
            )
            other = await account(session, self.next_door.id)
            self.foreign = (
                await case(session, self.next_door, other, who, queue=self.next_door.triage)
            ).id
            await session.execute("UPDATE agent_load SET cap_max = 300")
            await session.execute(
                "INSERT INTO queue (id, department_id, name) VALUES (%s, %s, 'Second')",
                [spare := new_id(), self.department.id],
            )
            self.spare = spare
        return self

    async def begin(
        self, action: str, args: dict[str, Any], who: UUID, cases: list[UUID] | None = None
    ) -> UUID:
        rows = self.cases if cases is None else cases
        job = Job(new_id(), who, action, args, "queued", "no", len(rows), None)
        async with self.database.transaction() as session:
            await bulk.begin(session, job, rows, AT)
        return job.id

    async def work(self) -> int:
        """Let the worker do all there is; return how many batches it took."""
        turns = 0
        while True:
            async with self.database.transaction() as session:
                if not await bulk.turn(session, LATER, self.outside):
                    return turns
            turns += 1

    async def one(self, query: str, *params: object) -> Any:
        async with self.database.reads() as session:
            row = await (await session.execute(query, params)).fetchone()
            return row[0] if row and len(row) == 1 else row

    async def job(self, id_: UUID) -> tuple[str, int, int, str, int, int]:
        return await self.one(
            "SELECT state, done, failed, undo, undone, kept FROM bulk_job WHERE id = %s", id_
        )

    async def undo(self, id_: UUID, who: UUID, at: Any = LATER) -> None:
        async with self.database.transaction() as session:
            await bulk.take_back(session, id_, who, at)
        await self.work()


@pytest.fixture
async def office(database: Database, tmp_path: Path) -> Office:
    return await Office().build(database, tmp_path)


async def test_a_job_changes_all_its_cases_in_batches_and_tells_its_owner(office: Office) -> None:
    job = await office.begin("tags", {"add": ["late"]}, office.jana)
    assert await office.work() == 3  # twenty, ten, and the end
    assert await office.job(job) == ("done", 30, 0, "offered", 0, 0)
    assert await office.one("SELECT count(*) FROM case_ WHERE tags = '{late}'") == 30
    told = await office.one(
        "SELECT array_agg(payload->>'done' ORDER BY xid, id) FROM event WHERE entity = 'bulk_job'"
        " AND aud = ARRAY[%s]",
        f"person:{office.jana}",
    )
    assert told == ["0", "20", "30", "30"]


async def test_what_is_not_theirs_fails_with_the_reason_and_the_rest_is_done(
    office: Office,
) -> None:
    rows = [*office.cases[:3], office.foreign]
    job = await office.begin("priority", {"priority": "high"}, office.jana, rows)
    await office.work()
    assert (await office.job(job))[:3] == ("done", 3, 1)
    why = await office.one("SELECT why FROM bulk_row WHERE case_id = %s", office.foreign)
    assert why == "rights.missing"
    left = await office.one("SELECT priority FROM case_ WHERE id = %s", office.foreign)
    assert left == "normal"


async def test_undo_gives_back_former_values_but_not_over_a_later_change(office: Office) -> None:
    async with office.database.transaction() as session:
        await session.execute("UPDATE case_ SET tags = '{old}' WHERE id = %s", [office.cases[0]])
    job = await office.begin("tags", {"add": ["new"], "remove": ["old"]}, office.jana)
    await office.work()
    async with office.database.transaction() as session:
        await session.execute(
            "UPDATE case_ SET tags = '{new,mine}' WHERE id = %s", [office.cases[1]]
        )
    await office.undo(job, office.jana)
    assert await office.job(job) == ("done", 30, 0, "done", 29, 1)
    tags = dict(await _all(office, "SELECT id, tags FROM case_ WHERE id = ANY(%s)", office.cases))
    assert tags[office.cases[0]] == ["old"]
    assert tags[office.cases[1]] == ["new", "mine"]
    assert {tuple(tags[one]) for one in office.cases[2:]} == {()}


async def _all(office: Office, query: str, *params: object) -> list[Any]:
    async with office.database.reads() as session:
        return await (await session.execute(query, params)).fetchall()


@pytest.mark.parametrize(
    ("action", "args"),
    [
        ("status", {"move": "solve"}),
        ("discard", {}),
        ("snooze", {"until": (AT + timedelta(days=2)).isoformat()}),
        ("queue", {"queue_id": "spare"}),
        ("assign", {"agent_id": "jana"}),
        ("merge", {"into": "last"}),
    ],
)
async def test_every_action_is_done_and_undone(
    office: Office, action: str, args: dict[str, str]
) -> None:
    names = {"spare": office.spare, "jana": office.jana, "last": office.cases[4]}
    real = {name: str(names.get(value, value)) for name, value in args.items()}
    rows = office.cases[:5]
    before = await _live(office, rows)
    job = await office.begin(action, real, office.lead, rows)
    await office.work()
    assert (await office.job(job))[:3] == ("done", 5, 0), await _whys(office, job)
    assert await _live(office, rows) != before
    await office.undo(job, office.lead)
    assert (await office.job(job))[3:] == ("done", 5, 0), await _whys(office, job)
    assert await _live(office, rows) == before


async def _whys(office: Office, job: UUID) -> list[Any]:
    return await _all(office, "SELECT state, why FROM bulk_row WHERE job_id = %s", job)


async def _live(office: Office, rows: list[UUID]) -> list[Any]:
    """State, owner and work of Cases; a new WorkItem in the place of an old one is the same."""
    return await _all(
        office,
        "SELECT c.id, c.state, c.owner_id, c.merged_into, array_agg(w.state || w.queue_id"
        " || coalesce(w.agent_id::text, '') ORDER BY w.state)"
        " FROM case_ c LEFT JOIN interaction i ON i.case_id = c.id"
        " LEFT JOIN work_item w ON w.interaction_id = i.id AND w.state NOT IN ('done', 'cancelled')"
        " WHERE c.id = ANY(%s) GROUP BY c.id ORDER BY c.id",
        rows,
    )


async def test_snoozing_many_puts_them_aside_for_oneself_and_undo_wakes_them(
    office: Office,
) -> None:
    rows = office.cases[:3]
    async with office.database.transaction() as session:
        await session.execute(
            "UPDATE case_ SET state = 'wait_customer', due_at = %s WHERE id = %s",
            [sooner := AT + timedelta(days=1), rows[0]],
        )
    until = AT + timedelta(days=2)
    job = await office.begin("snooze", {"until": until.isoformat()}, office.jana, rows)
    await office.work()
    assert (await office.job(job))[:3] == ("done", 3, 0), await _whys(office, job)
    aside = "SELECT array_agg(case_id ORDER BY case_id) FROM snooze WHERE person_id = %s"
    assert await office.one(aside, office.jana) == rows
    due = "SELECT due_at FROM case_ WHERE id = %s"
    assert await office.one(due, rows[0]) == until
    await office.undo(job, office.jana)
    assert (await office.job(job))[3:] == ("done", 3, 0), await _whys(office, job)
    assert await office.one(aside, office.jana) is None
    assert await office.one(due, rows[0]) == sooner


async def test_a_worker_that_dies_in_the_middle_leaves_no_half_of_a_batch(office: Office) -> None:
    job = await office.begin("tags", {"add": ["once"]}, office.jana)

    async def die() -> None:
        async with office.database.transaction() as session:
            await bulk.turn(session, LATER, office.outside)
            raise SystemExit

    for _ in range(3):
        with pytest.raises(SystemExit):
            await die()
        assert await office.job(job) == ("queued", 0, 0, "no", 0, 0)
        assert await office.one("SELECT count(*) FROM case_ WHERE tags <> '{}'") == 0
        async with office.database.transaction() as session:
            await bulk.turn(session, LATER, office.outside)
        break
    await office.work()
    assert await office.job(job) == ("done", 30, 0, "offered", 0, 0)
    assert await office.one("SELECT count(*) FROM case_ WHERE tags = '{once}'") == 30


async def test_two_workers_never_do_the_same_row(office: Office) -> None:
    job = await office.begin("tags", {"add": ["once"]}, office.jana)
    async with office.database.transaction() as first:
        assert await bulk.turn(first, LATER, office.outside)
        async with office.database.transaction() as second:
            assert not await bulk.turn(second, LATER, office.outside)  # the job is taken
    await office.work()
    assert (await office.job(job))[:3] == ("done", 30, 0)
    assert await office.one("SELECT max(version) FROM case_ WHERE tags = '{once}'") == 2


async def test_a_cancelled_job_stays_where_it_is_and_can_be_undone(office: Office) -> None:
    job = await office.begin("tags", {"add": ["half"]}, office.jana)
    async with office.database.transaction() as session:
        await bulk.turn(session, LATER, office.outside)
    async with office.database.transaction() as session:
        await bulk.cancel(session, job, office.jana, LATER)
    assert await office.work() == 0
    assert await office.job(job) == ("cancelled", 20, 0, "offered", 0, 0)
    await office.undo(job, office.jana)
    assert await office.job(job) == ("cancelled", 20, 0, "done", 20, 0)
    assert await office.one("SELECT count(*) FROM case_ WHERE tags <> '{}'") == 0


async def test_undo_has_its_time_and_its_owner(office: Office) -> None:
    job = await office.begin("tags", {"add": ["x"]}, office.jana)
    await office.work()
    with pytest.raises(Conflict, match=r"bulk\.undo_late"):
        await office.undo(job, office.jana, LATER + timedelta(minutes=11))
    async with office.database.transaction() as session:
        await session.execute("UPDATE bulk_job SET total = 2000 WHERE id = %s", [job])
    with pytest.raises(Conflict, match=r"bulk\.undo_late"):
        await office.undo(job, office.jana, LATER + timedelta(seconds=11))
    await office.undo(job, office.jana, LATER + timedelta(seconds=9))
    assert (await office.job(job))[3] == "done"


async def _macro(office: Office, who: UUID, *steps: dict[str, object]) -> UUID:
    async with office.database.transaction() as session:
        scope = (await people.scopes(session, [who]))[who]
        keeper = publish.Keeper(scope, Actor("person", who))
        values = {"name": "Close the strike", "scope": "personal", "steps": list(steps)}
        made = await publish.add(session, knowledge.MACRO, new_id(), values, keeper)
    return UUID(str(made["id"]))


async def test_a_macro_does_all_its_steps_with_every_case_and_answers_each(office: Office) -> None:
    macro = await _macro(
        office,
        office.jana,
        {"do": "tag", "add": ["strike"]},
        {"do": "note", "text": "Told everybody."},
        {"do": "reply", "bodies": {"en": "Your parcel {{case.reference}} is late."}},
        {"do": "solve"},
    )
    rows = office.cases[:4]
    job = await office.begin("macro", {"macro_id": str(macro)}, office.jana, rows)
    await office.work()
    assert (await office.job(job))[:4] == ("done", 4, 0, "no"), await _whys(office, job)
    said = await _all(
        office,
        "SELECT i.case_id, m.kind, m.text FROM message m JOIN interaction i ON"
        " i.id = m.interaction_id WHERE m.author_id = %s AND i.case_id = ANY(%s)",
        office.jana,
        rows,
    )
    assert sorted(case for case, kind, _ in said if kind == "note") == rows
    texts = {case: text for case, kind, text in said if kind == "out"}
    assert len(texts) == len(set(texts.values())) == 4, texts
    assert await office.one("SELECT count(*) FROM case_ WHERE tags = '{strike}'") == 4
    assert await office.one("SELECT count(*) FROM delivery WHERE state = 'held'") == 4
    with pytest.raises(Conflict, match=r"bulk\.undo_late"):
        await office.undo(job, office.jana)


async def test_a_macro_is_done_whole_or_not_at_all_with_each_case(office: Office) -> None:
    steps = ({"do": "tag", "add": ["x"]}, {"do": "assign", "to": "me"})
    macro = await _macro(office, office.jana, *steps)
    taken, free = office.cases[:2]
    async with office.database.transaction() as session:
        petr = await agent(session, office.department.id, name="Petr")
        await session.execute(
            "UPDATE work_item w SET state = 'in_work', agent_id = %s FROM interaction i"
            " WHERE i.id = w.interaction_id AND i.case_id = %s",
            [petr, taken],
        )
    job = await office.begin("macro", {"macro_id": str(macro)}, office.jana, [taken, free])
    await office.work()
    assert (await office.job(job))[:3] == ("done", 1, 1)
    why = await office.one("SELECT why FROM bulk_row WHERE case_id = %s", taken)
    assert why == "work_item.not_yours"
    assert await office.one("SELECT tags FROM case_ WHERE id = %s", taken) == []
    assert await office.one("SELECT tags FROM case_ WHERE id = %s", free) == ["x"]


async def test_a_macro_gives_work_to_others_for_a_lead_only(office: Office) -> None:
    for who, done in ((office.jana, 0), (office.lead, 2)):
        macro = await _macro(office, who, {"do": "assign", "to": str(office.jana)})
        job = await office.begin("macro", {"macro_id": str(macro)}, who, office.cases[:2])
        await office.work()
        assert (await office.job(job))[1] == done, await _whys(office, job)


async def test_a_job_keeps_the_macro_it_was_begun_with_and_only_one_s_own(office: Office) -> None:
    macro = await _macro(office, office.jana, {"do": "priority", "to": "high"})
    with pytest.raises(NotFound):
        await office.begin("macro", {"macro_id": str(macro)}, office.lead)
    with pytest.raises(Invalid):
        await office.begin("macro", {"macro_id": "this one"}, office.jana)
    await office.begin("macro", {"macro_id": str(macro)}, office.jana, office.cases[:3])
    async with office.database.transaction() as session:
        await session.execute("DELETE FROM macro WHERE id = %s", [macro])
    await office.work()
    assert await office.one("SELECT count(*) FROM case_ WHERE priority = 'high'") == 3
    told = await office.one(
        "SELECT payload->'args' FROM event WHERE entity = 'bulk_job' ORDER BY xid, id LIMIT 1"
    )
    assert told == {"macro_id": str(macro), "name": "Close the strike"}


async def test_a_job_that_lacks_something_is_refused_before_it_is_kept(session: Session) -> None:
    for action, args, cases in (
        ("tags", {}, [new_id()]),
        ("assign", {}, [new_id()]),
        ("status", {"move": "solve", "more": 1}, [new_id()]),
        ("discard", {}, []),
    ):
        job = Job(new_id(), new_id(), action, args, "queued", "no", 1, None)
        with pytest.raises(Invalid):
            await bulk.begin(session, job, cases, AT)
