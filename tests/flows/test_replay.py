"""A journal lived through again is the same, and what was tampered with is found."""

import asyncio
import contextlib
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

import pytest
from tests.make.account import account
from tests.make.agent import agent
from tests.make.case import case
from tests.make.customer import customer
from tests.make.department import department
from tests.make.journal import FIRST, read

from polyphony.domain.errors import NotFound
from polyphony.domain.event import SYSTEM
from polyphony.domain.routing.digest import DECISION_VERSION
from polyphony.flows import replay
from polyphony.flows.announce import announce
from polyphony.flows.replay import Player
from polyphony.jobs import router
from polyphony.store import journal


def now():
    return datetime.now(UTC)


@pytest.fixture
async def journaled(database):
    """Three mails routed by a real owner, and the journal of it: rules and steps."""
    async with database.transaction() as session:
        made = await department(session)
        box = await account(session, made.id)
        await agent(session, made.id, queues=[made.triage])
        for _ in range(3):
            who = await customer(session)
            item = (await case(session, made, box, who, queue=made.triage)).work_item
            await announce(session, actor=SYSTEM, work_items=[item])
    running = asyncio.create_task(router.run(database, now, "first"))
    steps = []
    for _ in range(500):
        await asyncio.sleep(0.02)
        async with database.reads() as session:
            steps = [one async for page in journal.cycles(session, FIRST, None) for one in page]
        if sum(one.n_decisions for one in steps) >= 2:
            break
    running.cancel()
    with contextlib.suppress(asyncio.CancelledError):
        await running
    async with database.reads() as session:
        rules = await journal.newest_rules(session)
    return rules, steps


RECORDED = Path(__file__).parent / f"recorded.{DECISION_VERSION}.journal.gz"
"""A race of two routers with takeovers; RECORD=1 with tests/app/bench/test_races.py writes it."""


def played(rules, steps):
    player = Player()
    player.learn(rules)
    return [player.play(one).difference for one in steps]


async def test_a_journal_is_the_same_again(journaled, database):
    rules, steps = journaled
    assert steps[0].kind == "begin"
    assert set(played(rules, steps)) == {None}
    async with database.reads() as session:
        found = [one async for one in replay.replay(session, None, None)]
    assert len(found) >= len(steps), "the last may have been written after we looked"
    assert found[0].decided, "what waited was offered at the beginning"


async def test_other_decisions_than_those_kept_are_named_with_the_state(journaled):
    rules, steps = journaled
    other = journal.packed(b"[]")
    first = played(rules, [replace(steps[0], decisions=other), *steps[1:]])[0]
    assert (first.what, first.kept) == ("decisions", [])
    assert first.now[0][0] == "offer"
    assert first.state["items"] == 3
    assert len(first.state["of_items"]) == len(first.now)


async def test_a_digest_that_was_changed_is_found(journaled):
    rules, steps = journaled
    first = played(rules, [replace(steps[0], digest=bytes(16)), *steps[1:]])[0]
    assert first.what == "digest"


async def test_a_missing_part_of_the_chain_is_found(journaled):
    rules, steps = journaled
    player = Player()
    player.learn(rules)
    player.play(steps[0])
    assert player.play(steps[0]).difference.what == "gap", "it does not go on from itself"


async def test_rules_that_are_not_what_their_name_says_are_refused(journaled):
    rules, _ = journaled
    with pytest.raises(NotFound, match="rules"):
        Player().learn(replace(rules, hash=bytes(16)))
    with pytest.raises(NotFound, match="rules"):
        Player().learn(replace(rules, decision_version=1))


def test_what_was_recorded_once_is_decided_by_this_build_too():
    rules, steps = read(RECORDED)
    player = Player()
    for one in rules:
        player.learn(one)
    done = [player.play(one) for one in steps]
    assert [one.difference for one in done if one.difference] == []
    assert sum(one.cycle.kind == "begin" for one in done) > 2, "takeovers are in it"
    assert sum(len(one.decided) for one in done) > 300, "an Offer for each item, and more"


async def test_nothing_kept_is_said(database):
    async with database.reads() as session:
        with pytest.raises(NotFound, match="empty"):
            _ = [one async for one in replay.replay(session, None, None)]
