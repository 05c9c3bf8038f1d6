"""The demo's company is founded with a past, plays by its control bar and can be removed whole."""

import pytest

from polyphony.app import clock
from polyphony.app.demo import company, history
from polyphony.domain.reference import parse, reference
from polyphony.domain.rule import compile_rules
from polyphony.simulator.draws import Draws
from polyphony.simulator.personas import COLLEAGUES
from polyphony.store import company as founding
from polyphony.store import demo
from polyphony.store.database import Database

SECRET = b"x" * 32


@pytest.fixture
def small(monkeypatch):
    monkeypatch.setattr(history, "CASES", 300)
    return 300


async def _found(database: Database, cases: int) -> founding.Found:
    at = clock.now()
    words = company.passwords(b"seed")
    async with database.transaction() as session:
        plan = company.plan(words, {"imap_host": "127.0.0.1"}, "http://127.0.0.1:8001")
        found = await founding.found(session, plan, at)
        await founding.add_rules(session, company.rules(found.queues))
        numbers = [reference(2026, n, SECRET) for n in range(cases)]
        await history.write(session, found, Draws("seed"), at, numbers)
        await demo.declare(session, "http://127.0.0.1:8001")
    return found


async def _count(database: Database, table: str) -> int:
    async with database.reads() as session:
        row = await (await session.execute(f"SELECT count(*) FROM {table}")).fetchone()
    return int(row[0])


async def test_the_past_has_cases_with_a_question_and_an_answer(database, small):
    await _found(database, small)
    assert await _count(database, "case_") == small
    assert await _count(database, "message") == 2 * small
    async with database.reads() as session:
        rows = await (await session.execute("SELECT reference, state FROM case_")).fetchall()
    assert all(parse(number) and state == "closed" for number, state in rows)


async def test_the_rules_of_the_demo_are_good_rules(database, small):
    found = await _found(database, small)
    rules = compile_rules(1, company.rules(found.queues))
    assert [rule.queue for rule in rules.rules if rule.queue] == [found.queues["technical"]]
    assert sum(len(rule.requirements) for rule in rules.rules) == 4


async def test_every_colleague_can_sign_in_and_serves_a_queue(database, small):
    await _found(database, small)
    async with database.reads() as session:
        cursor = await session.execute(
            "SELECT count(*) FROM person p WHERE p.password_hash IS NOT NULL AND EXISTS"
            " (SELECT 1 FROM queue_member m WHERE m.agent_id = p.id)"
        )
        row = await cursor.fetchone()
    assert row[0] == len(COLLEAGUES)


async def test_an_empty_deployment_never_had_a_demo(database):
    async with database.transaction() as session:
        assert not await demo.was_removed(session)


async def test_buttons_are_played_once_and_the_pace_is_kept(database, small):
    await _found(database, small)
    async with database.transaction() as session:
        await demo.press(session, "mail")
        await demo.press(session, "vip")
        await demo.set_pace(session, paused=True, speed=4)
    async with database.transaction() as session:
        first, second = await demo.take(session), await demo.take(session)
    assert (first.acts, first.paused, first.speed) == (["mail", "vip"], True, 4)
    assert second.acts == []


async def test_removal_leaves_no_case_customer_or_message_of_the_demo(database, small):
    await _found(database, small)
    async with database.transaction() as session:
        assert await demo.remove(session) == small
    for table in ("case_", "message", "interaction", "customer", "identity", "record", "arrival"):
        assert await _count(database, table) == 0, table
    async with database.transaction() as session:
        assert await demo.state(session) is None
        assert await demo.take(session) is None
        assert await demo.was_removed(session)
