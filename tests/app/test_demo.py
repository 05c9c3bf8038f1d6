"""The demo's company is founded with a past, plays by its control bar and can be removed whole."""

import pytest
from tests.make.account import account
from tests.make.case import case
from tests.make.customer import customer
from tests.make.department import department

from polyphony.app import clock
from polyphony.app.demo import company, history
from polyphony.domain.reference import parse, reference
from polyphony.domain.rule import compile_rules
from polyphony.simulator.cast import cast
from polyphony.simulator.draws import Draws
from polyphony.simulator.personas import COLLEAGUES
from polyphony.store import company as founding
from polyphony.store import demo, demo_removal
from polyphony.store.database import Database

SECRET = b"x" * 32


CASES = 40


@pytest.fixture
def small(monkeypatch):
    monkeypatch.setattr(history, "CASES", CASES * history.SLICES)
    monkeypatch.setattr(history, "FACES", 20 * history.SLICES)


async def _found(database: Database, slices: int = 2) -> founding.Found:
    at = clock.now()
    words = company.passwords(b"seed")
    async with database.transaction() as session:
        plan = company.plan(words, {"imap_host": "127.0.0.1"}, "http://127.0.0.1:8001")
        found = await founding.found(session, plan, at)
        await founding.add_rules(session, company.rules(found.queues))
        await demo.declare(session, "http://127.0.0.1:8001")
        place = history.Place(
            found.departments[company.CARE], found.accounts["mail"], found.accounts["chat"],
            await demo.agents(session),
        )  # fmt: skip
        for number in range(slices):
            numbers = [reference(2026, number * CASES + n, SECRET) for n in range(CASES)]
            await history.write(session, place, Draws("seed"), at, (number, numbers))
        words = {who.email: who.note for who in cast().values() if who.note}
        assert await history.note(session, at, place.agents[0][0], words) == len(words)
    return found


async def _count(database: Database, table: str) -> int:
    async with database.reads() as session:
        row = await (await session.execute(f"SELECT count(*) FROM {table}")).fetchone()
    return int(row[0])


async def test_the_past_has_cases_with_questions_and_answers_over_both_channels(database, small):
    await _found(database)
    assert await _count(database, "case_") == 2 * CASES
    assert await _count(database, "message") >= 4 * CASES
    async with database.reads() as session:
        rows = await (await session.execute("SELECT reference, state FROM case_")).fetchall()
        kinds = await (
            await session.execute("SELECT channel_kind FROM interaction GROUP BY 1")
        ).fetchall()
        found = await session.execute(
            "SELECT count(*) FROM case_ c WHERE c.last_item <> (SELECT max(position) FROM message m"
            " JOIN interaction i ON i.id = m.interaction_id WHERE i.case_id = c.id)"
        )
        wrong = await found.fetchone()
    assert all(parse(number) and state == "closed" for number, state in rows)
    assert {kind for (kind,) in kinds} == {"chat", "email"}
    assert wrong == (0,)


async def test_the_cast_has_a_past_and_firms_are_important(database, small):
    await _found(database, 1)
    async with database.reads() as session:
        rows = await (
            await session.execute("SELECT name, tier FROM customer WHERE tier = 'vip'")
        ).fetchall()
    assert ("Martina Vránová", "vip") in rows


async def test_the_rules_of_the_demo_are_good_rules(database, small):
    found = await _found(database)
    rules = compile_rules(1, company.rules(found.queues))
    assert [rule.queue for rule in rules.rules if rule.queue] == [
        found.queues[key] for key in ("firms", "technical")
    ]
    assert sum(len(rule.requirements) for rule in rules.rules) == 4


async def test_every_colleague_can_sign_in_and_serves_a_queue(database, small):
    await _found(database)
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
    await _found(database)
    async with database.transaction() as session:
        await demo.press(session, "mail")
        await demo.press(session, "vip")
        await demo.set_pace(session, paused=True, speed=4)
    async with database.transaction() as session:
        first, second = await demo.take(session), await demo.take(session)
    assert (first.acts, first.paused, first.speed) == (["mail", "vip"], True, 4)
    assert second.acts == []


async def test_removal_goes_slice_by_slice_and_leaves_nothing_of_the_demo(
    database, small, monkeypatch
):
    monkeypatch.setattr(demo_removal, "SLICE", 30)
    await _found(database)
    lefts = []
    while not lefts or lefts[-1]:
        async with database.transaction() as session:
            await demo_removal.begin(session)
            removed, left = await demo_removal.remove_slice(session)
            assert removed > 0
            lefts.append(left)
    assert lefts == sorted(lefts, reverse=True)
    async with database.transaction() as session:
        await demo_removal.finish(session)
    for table in ("case_", "message", "interaction", "customer", "identity", "record", "arrival"):
        assert await _count(database, table) == 0, table
    async with database.transaction() as session:
        assert await demo.state(session) is None
        assert await demo.take(session) is None
        assert await demo.was_removed(session)


async def test_removal_spares_what_a_real_channel_has_touched(database, small):
    await _found(database, 1)
    async with database.transaction() as session:
        place = await department(session, "Real")
        real = await account(session, place.id)
        somebody = await customer(session, "somebody@house.example")
        kept = await case(session, place, real, somebody)
        found = await session.execute("SELECT id FROM case_ WHERE demo LIMIT 1")
        (touched,) = await found.fetchone()
        await session.execute(
            "UPDATE interaction SET account_id = %s WHERE case_id = %s", [real, touched]
        )
    async with database.transaction() as session:
        await demo_removal.begin(session)
        left = 1
        while left:
            _, left = await demo_removal.remove_slice(session)
        found = await session.execute("SELECT id FROM case_")
        assert {row[0] for row in await found.fetchall()} == {kept.id, touched}
