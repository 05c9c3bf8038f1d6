"""Work belongs to a Case: what the migration makes of work that was there, and what it forbids."""

import shutil

import psycopg
import pytest
from psycopg import sql
from tests.make.account import account
from tests.make.agent import agent
from tests.make.callback import callback
from tests.make.case import case
from tests.make.customer import customer
from tests.make.department import department
from tests.make.moment import AT, new_id
from tests.make.step import case_step

from polyphony.store import migrate, work
from polyphony.store.database import Database

NAME = "0024_pre_work_of_cases.sql"


@pytest.fixture
def before(server, tmp_path):
    """The name of a database as the release before this one left it."""
    for path in migrate.FOLDER.glob("*.sql"):
        if path.name < NAME:
            shutil.copy(path, tmp_path / path.name)
    name = f"before_{new_id().hex}"
    server.run(sql.SQL("CREATE DATABASE {} OWNER owner").format(sql.Identifier(name)))
    migrate.migrate(server.url(name, "owner"), "app", tmp_path)
    yield name
    server.drop(name)


async def some_work(session, many: int = 2):
    """Cases of one customer, the first in the hands of an agent, the others waiting."""
    here = await department(session)
    door, who = await account(session, here.id), await customer(session)
    jana = await agent(session, here.id)
    rest = [await case(session, here, door, who, queue=here.triage) for _ in range(many - 1)]
    return [await case(session, here, door, who, agent=jana), *rest]


def look(url: str, query: str, *values: object) -> list[tuple[object, ...]]:
    with psycopg.connect(url) as link:
        found = link.execute(query.encode(), values)
        return found.fetchall() if found.description is not None else []


async def test_work_that_was_there_gets_the_case_of_its_interaction(server, before):
    url = server.url(before, "owner")
    async with Database(url, size=2, name="test") as pool, pool.transaction() as session:
        made = await some_work(session, 5)
    # An index that was left half built by a start that was cut off is built anew.
    look(url, "CREATE UNIQUE INDEX interaction_place ON interaction (id, case_id)")
    look(
        server.url(before, "postgres"),
        "UPDATE pg_index SET indisvalid = false WHERE indexrelid = 'interaction_place'::regclass",
    )
    migrate.migrate(url, "app")
    there = {(one.work_item, one.id) for one in made}
    assert set(look(url, "SELECT id, case_id FROM work_item")) == there
    assert look(url, "SELECT indexrelid FROM pg_index WHERE NOT indisvalid") == []
    # And one that was cut off at the very end goes through all of it again.
    look(url, "DELETE FROM migration WHERE name = %s", NAME.removesuffix(".sql"))
    assert migrate.migrate(url, "app")[0] == NAME.removesuffix(".sql")
    assert set(look(url, "SELECT id, case_id FROM work_item")) == there
    said = "SELECT rights, version FROM role WHERE key = 'supervisor'"
    ((rights, version),) = look(url, said)
    assert (rights, version) == (sorted(set(rights)), 3)


async def test_the_release_before_goes_on_while_work_is_being_filled(server, before):
    url = server.url(before, "owner")
    async with Database(url, size=2, name="test") as pool, pool.transaction() as session:
        held, waits = await some_work(session)
    text = (migrate.FOLDER / NAME).read_text(encoding="utf-8")
    with psycopg.connect(url, autocommit=True) as link:
        for statement in migrate.statements(text):
            if "COMMIT" in statement:
                break
            link.execute(statement.encode())
    # Not filled yet: it is moved, goes into another Case, and more of it comes in.
    look(
        url, "UPDATE work_item SET state = 'parked', agent_id = NULL WHERE id = %s", held.work_item
    )
    look(url, "UPDATE interaction SET case_id = %s WHERE id = %s", waits.id, held.interaction)
    async with Database(url, size=2, name="test") as pool, pool.transaction() as session:
        later = await some_work(session)
    assert len(look(url, "SELECT id FROM work_item WHERE case_id IS NULL")) == 2
    assert migrate.migrate(url, "app")[0] == NAME.removesuffix(".sql")
    assert set(look(url, "SELECT id, case_id FROM work_item")) == {
        (held.work_item, waits.id),
        *((one.work_item, one.id) for one in (waits, *later)),
    }


async def test_work_goes_with_its_interaction_into_another_case(session):
    one, other = await some_work(session)
    await session.execute(
        "UPDATE interaction SET case_id = %s WHERE id = %s", [other.id, one.interaction]
    )
    found = await session.execute("SELECT case_id FROM work_item")
    assert set(await found.fetchall()) == {(other.id,)}


@pytest.mark.parametrize(
    ("change", "constraint"),
    [
        ("kind = 'case_step', step_id = gen_random_uuid()", "work_item_of_interaction"),
        ("interaction_id = NULL", "work_item_of_interaction"),
        ("kind = 'case_step', interaction_id = NULL", "work_item_of_step"),
        ("kind = 'callback', interaction_id = NULL", "work_item_of_callback"),
        ("step_id = gen_random_uuid()", "work_item_of_step"),
        ("callback_id = gen_random_uuid()", "work_item_of_callback"),
        ("case_id = NULL", "case_id"),
        ("case_id = (SELECT max(id::text)::uuid FROM case_)", "work_item_place_fkey"),
    ],
)
async def test_work_asks_for_exactly_what_its_kind_says(session, change, constraint):
    _, one = await some_work(session)
    with pytest.raises(psycopg.IntegrityError, match=constraint):
        await session.execute(f"UPDATE work_item SET {change} WHERE id = %s", [one.work_item])


async def test_work_of_a_step_or_a_callback_is_work_of_its_case(session):
    here = await department(session)
    door, who = await account(session, here.id), await customer(session)
    jana = await agent(session, here.id)
    matter = await case(session, here, door, who)
    look = await case_step(session, matter.id, here.triage)
    call = await callback(session, matter.id, here.triage)
    for kind, column, about in (
        ("case_step", "step_id", look),
        ("callback", "callback_id", call),
    ):
        await session.execute(
            f"INSERT INTO work_item (id, kind, {column}, case_id, queue_id, channel_kind, state,"
            " state_since, units, target_ms, waiting_since, agent_id, created_at)"
            " VALUES (%s, %s, %s, %s, %s, %s, 'in_work', %s, 10, 1000, %s, %s, %s)",
            [new_id(), kind, about, matter.id, here.triage, kind, AT, AT, jana, AT],
        )
    found = await session.execute("SELECT id FROM work_item WHERE case_id = %s", [matter.id])
    rows = await work.rows_of(session, [one[0] for one in await found.fetchall()])
    assert {(one.case_id, one.interaction_id, one.mode) for one in rows.values()} == {
        (matter.id, None, "async")
    }
