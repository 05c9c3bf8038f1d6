"""Joined, parted, kept apart, corrected: nothing is lost, undo is exact, races break nothing."""

import asyncio
import random
from collections.abc import AsyncIterator
from datetime import timedelta
from typing import Any
from uuid import UUID

import pytest
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st
from tests.databases import Server
from tests.make.account import account
from tests.make.case import case
from tests.make.customer import Customer, customer
from tests.make.department import department
from tests.make.moment import AT, new_id
from tests.make.person import person
from tests.make.promise import policy

from polyphony.domain.component import Verdict
from polyphony.domain.errors import Conflict, Refusal
from polyphony.domain.event import Actor
from polyphony.domain.permission import SYSTEM
from polyphony.flows.identify import Wish, correct, join, part, tell_apart
from polyphony.store import customer_notes, lineage, timeline
from polyphony.store import sla as promises
from polyphony.store.database import Database, Limits, Session
from polyphony.store.feed import Cursor

SPEAKS = ('{"language": "cs"}', '{"language": "pl"}')
HISTORY = ("message", "interaction", "identity_use", "customer_note", "delivery")
"""Not one of these rows may be written by a merge, a split or an undo."""
SHOWN = """
SELECT k.id, k.state, k.merged_into, k.name, k.language, k.tier, k.attrs,
       ARRAY(SELECT r.id FROM record r WHERE r.customer_id = k.id AND r.superseded_by IS NULL
              ORDER BY 1) AS records
  FROM customer k ORDER BY 1"""


async def shown(session: Session) -> list[tuple[Any, ...]]:
    return await (await session.execute(SHOWN)).fetchall()


async def history(session: Session) -> dict[str, list[tuple[Any, ...]]]:
    """Every row of history with the transaction that wrote it."""
    found = {}
    for table in HISTORY:
        rows = await session.execute(f"SELECT xmin::text, t.* FROM {table} t ORDER BY t::text")
        found[table] = await rows.fetchall()
    rows = await session.execute("SELECT id, record_id, reference, title FROM case_ ORDER BY 1")
    return found | {"case_": await rows.fetchall()}


class Town:
    """Some people who wrote to us, and somebody of ours."""

    async def build(self, session: Session, n: int) -> "Town":
        place = await department(session)
        self.place, self.box = place, await account(session, place.id)
        self.actor = Actor("person", await person(session, "Jana", departments=[place.id]))
        self.people: list[Customer] = []
        for number in range(n):
            one = await customer(session, name=f"P{number}", level=number % 3)
            tier = "vip" if number % 4 == 1 else "standard"
            await session.execute(
                "UPDATE customer SET tier = %s, attrs = %s, created_at = %s WHERE id = %s",
                [tier, f'{{"Meter": "{number}"}}', AT + timedelta(number), one.id],
            )
            await session.execute(
                "UPDATE record SET payload = %s, at = %s WHERE id = %s",
                [
                    f'{{"language": "{("cs", "pl")[number % 2]}"}}',
                    AT + timedelta(number),
                    one.record,
                ],
            )
            await case(session, place, self.box, one, text=f"hello {number}")
            await customer_notes.add(session, new_id(), one.id, self.actor.id, f"n{number}", AT)
            self.people.append(one)
        return self

    def wish(self, a: int, b: int, verdict: Verdict = Verdict.SAME) -> Wish:
        count = len(self.people)
        return Wish(self.people[a % count].id, self.people[b % count].id, verdict, "told us so")


@pytest.fixture
async def town(session: Session) -> Town:
    return await Town().build(session, 4)


async def texts(session: Session, id_: UUID) -> set[str]:
    return {one.preview for one in await timeline.timeline(session, SYSTEM, id_, None)}


async def test_two_become_one_and_two_again_byte_for_byte(session: Session, town: Town) -> None:
    before, rows = await shown(session), await history(session)
    a, b = town.people[1], town.people[2]
    done = await join(session, town.wish(2, 1), town.actor, AT + timedelta(30))
    assert done.customer == a.id, "the older id survives, whoever is named first"
    assert await texts(session, a.id) == {"hello 1", "hello 2"}
    assert {one.text for one in await customer_notes.of(session, a.id)} == {"n1", "n2"}
    known = await lineage.canonical(session, [a.id, b.id])
    assert known == {a.id: a.id, b.id: a.id}
    parted = await part(session, done.link, "a mistake", town.actor, AT + timedelta(31))
    assert sorted(parted.customers) == sorted([a.id, b.id])
    after = await shown(session)
    desk = {one[0]: len(one[-1]) for one in after}
    assert desk[a.id] == desk[b.id] == 2, "what only the row had said is a record of the desk now"
    assert [one[:-1] for one in after] == [one[:-1] for one in before]
    assert await history(session) == rows
    again = await join(session, town.wish(1, 2), town.actor, AT + timedelta(32))
    assert again.customer == a.id


async def test_what_came_in_between_stays_with_its_side(session: Session, town: Town) -> None:
    a, b = town.people[0], town.people[3]
    done = await join(session, town.wish(0, 3), town.actor, AT)
    await case(session, town.place, town.box, b, text="in between")
    await correct(session, a.id, {"name": "Corrected"}, town.actor, AT + timedelta(1))
    await part(session, done.link, "", town.actor, AT + timedelta(2))
    assert await texts(session, a.id) == {"hello 0"}
    assert await texts(session, b.id) == {"hello 3", "in between"}
    rows = {one[0]: one for one in await shown(session)}
    assert (rows[a.id][3], rows[b.id][3]) == ("Corrected", "P3")


async def test_who_is_different_is_never_joined_until_that_is_taken_back(
    session: Session, town: Town
) -> None:
    ruled = await tell_apart(session, town.wish(0, 2, Verdict.DIFFERENT), town.actor, AT)
    await join(session, town.wish(0, 1), town.actor, AT)
    with pytest.raises(Conflict) as refused:
        await join(session, town.wish(2, 1), town.actor, AT)
    assert refused.value.code == "match.different"
    assert refused.value.facts["reason"] == "told us so"
    with pytest.raises(Conflict, match=r"match\.one_customer"):
        await tell_apart(session, town.wish(0, 1, Verdict.DIFFERENT), town.actor, AT)
    await part(session, ruled.link, "", town.actor, AT)
    assert (await join(session, town.wish(2, 1), town.actor, AT)).customer == town.people[0].id
    with pytest.raises(Conflict, match=r"match\.revoked"):
        await part(session, ruled.link, "", town.actor, AT)


async def test_a_split_in_the_middle_gives_each_part_its_own_id(
    session: Session, town: Town
) -> None:
    first = await join(session, town.wish(0, 1), town.actor, AT)
    await join(session, town.wish(0, 2), town.actor, AT)
    third = await join(session, town.wish(2, 3), town.actor, AT)
    assert third.customer == town.people[0].id
    await part(session, first.link, "", town.actor, AT)
    ids = [one.id for one in town.people]
    known = await lineage.canonical(session, ids)
    assert [known[one] for one in ids] == [ids[0], ids[1], ids[0], ids[0]]


async def test_a_promise_to_a_customer_goes_on_under_another_id(
    session: Session, town: Town
) -> None:
    gone = town.people[1].id
    await policy(session, scope={"customers": [str(gone)]}, resolution=3600)
    await join(session, town.wish(0, 1), town.actor, AT)
    (found,) = (await promises.book(session)).policies.all
    assert found.scope.customers == {str(town.people[0].id)}


# ── any order of anything ───────────────────────────────────────────────────────────────────────

AT_ONCE = 10
ACTS = ("join", "join", "join", "part", "part", "different", "correct", "write")
STEP = st.tuples(st.sampled_from(ACTS), st.integers(0, 5), st.integers(0, 5))
FOUND: list[list[tuple[str, int, int]]] = []


@settings(max_examples=12, deadline=None, suppress_health_check=list(HealthCheck),
          phases=[Phase.explicit, Phase.generate])  # fmt: skip
@given(st.lists(STEP, min_size=12, max_size=24))
def _scripts(script: list[tuple[str, int, int]]) -> None:
    FOUND.append(script)


class Machine:
    """Plays a script; after each step what must hold is looked at, each merge is undone at once."""

    def __init__(self, session: Session, town: Town) -> None:
        self.session, self.town = session, town
        self.at, self.links = AT + timedelta(days=50), list[UUID]()
        self.said = {one.record: {f"hello {n}"} for n, one in enumerate(town.people)}

    async def play(self, what: str, n: int, m: int) -> None:
        self.at += timedelta(minutes=1)
        try:
            async with self.session.transaction():
                await getattr(self, "_" + what)(n, m)
        except Refusal:
            pass
        await self.look()

    async def _join(self, n: int, m: int) -> None:
        before, rows = await self._shown(), await history(self.session)
        done = await join(self.session, self.town.wish(n, m), self.town.actor, self.at)
        await self.look()
        await part(self.session, done.link, "", self.town.actor, self.at)
        assert await self._shown() == before
        assert await history(self.session) == rows
        again = await join(self.session, self.town.wish(n, m), self.town.actor, self.at)
        self.links.append(again.link)

    async def _part(self, n: int, m: int) -> None:
        if self.links:
            link = self.links.pop((n + m) % len(self.links))
            await part(self.session, link, "", self.town.actor, self.at)

    async def _different(self, n: int, m: int) -> None:
        wish = self.town.wish(n, m, Verdict.DIFFERENT)
        self.links.append((await tell_apart(self.session, wish, self.town.actor, self.at)).link)

    async def _correct(self, n: int, m: int) -> None:
        id_ = self.town.people[n].id
        (now,) = (await lineage.canonical(self.session, [id_])).values()
        change: dict[str, object] = {"name": f"N{m}", "attrs": {f"k{m}": (str(n), None)[m % 2]}}
        await correct(self.session, now, change, self.town.actor, self.at)

    async def _write(self, n: int, m: int) -> None:
        text = f"again {len(self.said[self.town.people[n].record])} of {n}"
        await case(self.session, self.town.place, self.town.box, self.town.people[n], text=text)
        self.said[self.town.people[n].record].add(text)

    async def _shown(self) -> list[tuple[Any, ...]]:
        """What is shown and what means whom; the desk's records may begin to exist."""
        return [one[:-1] for one in await shown(self.session)]

    async def look(self) -> None:
        rows = {one[0]: one for one in await shown(self.session)}
        for one in rows.values():
            assert (one[1] == "merged") == (one[2] is not None)
            assert one[1] == "live" or rows[one[2]][1] == "live", "an old id means a living one"
            assert one[1] == "live" or not one[-1], "records are with the living"
        found = await self.session.execute("SELECT id, customer_id FROM record")
        owner = dict(await found.fetchall())
        assert all(rows[one][1] == "live" for one in owner.values())
        ruled = await self.session.execute(
            "SELECT a, b FROM link WHERE verdict = 'different' AND revoked_at IS NULL"
        )
        assert all(owner[a] != owner[b] for a, b in await ruled.fetchall())
        tied = await self.session.execute(
            "SELECT a, b FROM link WHERE verdict = 'same' AND revoked_at IS NULL"
        )
        assert all(owner[a] == owner[b] for a, b in await tied.fetchall())
        for id_ in {owner[one.record] for one in self.town.people}:
            expected = set[str]().union(
                *(said for record, said in self.said.items() if owner[record] == id_)
            )
            assert await texts(self.session, id_) == expected


@pytest.mark.timeout(300)
async def test_any_order_of_anything_loses_nothing_and_undo_is_exact(session: Session) -> None:
    FOUND.clear()
    _scripts()
    town = await Town().build(session, 6)
    for script in FOUND:
        try:
            async with session.transaction(force_rollback=True):
                machine = Machine(session, town)
                for step in script:
                    await machine.play(*step)
        except AssertionError as wrong:
            raise AssertionError(f"script {script!r}: {wrong}") from wrong


# ── everybody at once ───────────────────────────────────────────────────────────────────────────


@pytest.fixture
async def patient(server: Server, database_name: str) -> AsyncIterator[Database]:
    """Waits for locks however busy the machine is: what breaks off is a deadlock, nothing else."""
    limits = Limits(lock=60_000, idle_in_transaction=60_000)
    async with Database(server.url(database_name), size=AT_ONCE, limits=limits) as pool:
        yield pool


@pytest.mark.timeout(180)
async def test_a_hundred_merges_at_once_over_twenty_customers(patient: Database) -> None:
    database, turn = patient, asyncio.Semaphore(AT_ONCE)
    async with database.transaction() as session:
        crowd = await Town().build(session, 20)
    chance = random.Random(7)
    apart = [(0, 1), (2, 3), (4, 5), (0, 7)]
    async with database.transaction() as session:
        for a, b in apart:
            await tell_apart(session, crowd.wish(a, b, Verdict.DIFFERENT), crowd.actor, AT)
    outcomes: list[str] = []

    async def one() -> None:
        a, b = chance.sample(range(20), 2)
        for _ in range(50):  # who lost a race looks again, as a person would
            try:
                async with turn, database.transaction() as session:
                    await join(session, crowd.wish(a, b), crowd.actor, AT)
            except Conflict as refused:
                if refused.code == "customer.moved_on":
                    continue
                outcomes.append(refused.code)
            else:
                outcomes.append("joined")
            return
        raise AssertionError("never got a turn")

    await asyncio.gather(*(one() for _ in range(100)))  # Busy, a deadlock, would be raised here
    assert len(outcomes) == 100
    assert set(outcomes) <= {"joined", "match.one_customer", "match.different"}
    async with database.transaction() as session:
        machine = Machine(session, crowd)
        await machine.look()
        live = await session.execute("SELECT count(*) FROM customer WHERE state = 'live'")
        left = (await live.fetchone())[0]
        assert outcomes.count("joined") == 20 - left
        told, place = 0, Cursor(0, 0, 0)
    async with database.reads() as session:
        while found := await lineage.changes(session, SYSTEM, place, 7):
            told += len(found)
            place = Cursor(found[-1].epoch, found[-1].xid, found[-1].no)
    assert told == outcomes.count("joined"), "the feed tells every change once"
