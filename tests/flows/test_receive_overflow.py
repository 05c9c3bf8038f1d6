"""Before new work waits its Queue is asked: on to another, in no circle; full, a callback."""

from itertools import pairwise

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from psycopg.types.json import Jsonb
from tests.make.account import account
from tests.make.agent import agent
from tests.make.department import department
from tests.make.mail import inbound
from tests.make.outside import outside
from tests.make.queue import queue
from tests.make.reading import one, read

from polyphony.domain import overflow
from polyphony.domain.overflow import MOVES_MAX

NOBODY = [{"fact": "nobody"}]


@pytest.fixture
async def desk(session):
    return await department(session)


@pytest.fixture
def around(tmp_path):
    return outside(tmp_path)


async def rule(session, of, conditions, **action):
    rules = [{"when": "any", "conditions": conditions, "action": action}]
    await session.execute("UPDATE queue SET overflow_before = %s WHERE id = %s", [Jsonb(rules), of])


async def came(session, around, box, text="Hello"):
    """Somebody new writes; return the Queue his work waits in, the way there, and why."""
    await read(session, around, box, inbound(text=text, sender=f"{text.lower()}@other.example"))
    found = await session.execute(
        "SELECT queue_id, visited, moves, why_queue, blocker FROM work_item ORDER BY id DESC"
    )
    return await found.fetchone()


async def test_work_goes_on_when_nobody_is_there(session, desk, around):
    night = await queue(session, desk.id, "Night")
    loans = await queue(session, desk.id, "Loans")
    await rule(session, loans, NOBODY, do="queue", queue_id=str(night))
    box = await account(session, desk.id, queue=loans)
    place, visited, moves, why, _ = await came(session, around, box)
    assert (place, visited, moves, why["code"]) == (night, [loans], 1, "overflow")
    jana = await agent(session, desk.id, queues=[loans])
    await session.execute("UPDATE agent_presence SET status = 'online'")
    assert jana
    assert (await came(session, around, box, "Again"))[0] == loans


async def test_a_circle_ends_where_it_would_close_and_says_so(session, desk, around):
    a, b = [await queue(session, desk.id, name) for name in "AB"]
    await rule(session, a, NOBODY, do="queue", queue_id=str(b))
    await rule(session, b, NOBODY, do="queue", queue_id=str(a))
    box = await account(session, desk.id, queue=a)
    place, visited, _, why, _ = await came(session, around, box)
    assert (place, visited, why["overflow"]) == (b, [a], "blocked:loop")


async def test_at_most_three_moves(session, desk, around):
    row = [await queue(session, desk.id, f"Q{n}") for n in range(6)]
    for one_, next_ in pairwise(row):
        await rule(session, one_, NOBODY, do="queue", queue_id=str(next_))
    box = await account(session, desk.id, queue=row[0])
    place, visited, moves, why, _ = await came(session, around, box)
    assert (place, visited, moves) == (row[3], row[:3], 3)
    assert why["overflow"] == "blocked:moves"


async def test_a_full_queue_lets_nobody_in_but_the_triage_does(session, desk, around):
    small = await queue(session, desk.id, "Small")
    await session.execute("UPDATE queue SET max_waiting = 1 WHERE id = %s", [small])
    box = await account(session, desk.id, queue=small)
    first = await came(session, around, box, "One")
    second = await came(session, around, box, "Two")
    assert (first[0], second[0]) == (small, desk.triage)
    assert second[3]["code"] == "queue_full"


async def test_work_of_one_batch_counts_each_other(session, desk, around):
    small = await queue(session, desk.id, "Small")
    await session.execute("UPDATE queue SET max_waiting = 2 WHERE id = %s", [small])
    box = await account(session, desk.id, queue=small)
    mails = [inbound(text=f"m{n}", sender=f"p{n}@other.example") for n in range(4)]
    await read(session, around, box, *mails)
    found = await session.execute("SELECT queue_id FROM work_item ORDER BY id")
    assert [row[0] for row in await found.fetchall()] == [small, small, desk.triage, desk.triage]


async def test_a_callback_is_offered_where_the_rule_says_so(session, desk, around):
    loans = await queue(session, desk.id, "Loans")
    await rule(session, loans, [{"fact": "waiting", "than": 0}], do="callback")
    box = await account(session, desk.id, queue=loans)
    assert (await came(session, around, box, "One"))[4] is None
    assert (await came(session, around, box, "Two"))[4] == "callback_offered"


async def test_without_rules_no_statement_more_is_run(session, desk, around, monkeypatch):
    async def never(*_):
        raise AssertionError

    monkeypatch.setattr("polyphony.store.lines.now", never)
    box = await account(session, desk.id)
    assert (await came(session, around, box))[0] == desk.triage
    assert await one(session, "SELECT blocker IS NULL FROM work_item")


@given(st.lists(st.lists(st.integers(0, 5), max_size=3), min_size=6, max_size=6), st.integers(0, 5))
@settings(suppress_health_check=[HealthCheck.too_slow])
def test_overflow_ends_after_three_moves_whatever_is_set_up(targets, start):
    here, visited = start, []
    for _ in range(20):
        went = next(
            (
                to
                for to in targets[here]
                if overflow.may_move((*visited, here), len(visited), to, allowed=True) is None
            ),
            None,
        )
        if went is None:
            break
        visited.append(here)
        here = went
    assert len(visited) <= MOVES_MAX
    assert len({*visited, here}) == len(visited) + 1
