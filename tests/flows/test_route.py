"""What the router decided is carried out in order; refused pairs are named; reasons are said."""

import pytest
from psycopg.types.json import Jsonb
from tests.make.account import account
from tests.make.agent import agent
from tests.make.case import case
from tests.make.customer import customer
from tests.make.department import department
from tests.make.moment import at, new_id

from polyphony.domain.offer import after_miss
from polyphony.domain.routing.decisions import (
    Expire,
    Hold,
    NotResponding,
    Offer,
    Relax,
    Release,
    Withdraw,
)
from polyphony.domain.routing.facts import Refused
from polyphony.domain.service_hours import to_ms
from polyphony.flows import route
from polyphony.store import projections, work
from polyphony.store.offers import Stamp

NOW = to_ms(at(1))
STAMP = Stamp(0, 1, at(1))


class Because:
    def why(self):
        return {"side": "test"}


class Desk:
    def __init__(self, session):
        self.session = session

    async def open(self):
        self.department = await department(self.session)
        self.jana = await agent(
            self.session, self.department.id, name="Jana", queues=[self.department.triage]
        )
        return self

    async def item(self, channel="email"):
        box = await account(self.session, self.department.id, kind=channel)
        who = await customer(self.session, kind=channel)
        made = await case(
            *(self.session, self.department, box, who),
            channel=channel,
            queue=self.department.triage,
        )
        return made.work_item

    def offer(self, item, version=1):
        return Offer(NOW, item, self.jana, version, 1, NOW + 30_000, 50, False, Because())

    def miss(self, item, version=2):
        misses = {"email": 1, "all": 1}
        return Expire(NOW, item, self.jana, version, after_miss(self.jana, NOW), misses)

    async def states(self):
        found = await self.session.execute("SELECT state FROM offer ORDER BY made_at, id")
        return [row[0] for row in await found.fetchall()]

    async def types(self):
        found = await self.session.execute("SELECT type FROM event ORDER BY id")
        return [row[0] for row in await found.fetchall()]


@pytest.fixture
async def desk(session):
    return await Desk(session).open()


async def test_one_item_may_be_decided_about_several_times_in_one_batch(desk):
    item = await desk.item()
    decided = [desk.offer(item), desk.miss(item), desk.offer(item, 3)]
    assert await route.commit(desk.session, decided, STAMP) == []
    assert sorted(await desk.states()) == ["missed", "offered"]
    facts = (await work.facts(desk.session, [item]))[0]
    assert (facts.version, facts.agent) == (4, desk.jana)


async def test_everything_that_was_decided_is_told_with_what_it_means(desk):
    item = await desk.item()
    await route.commit(desk.session, [desk.offer(item)], STAMP)
    assert await desk.types() == ["offer.made", "work_item.offered", "load.changed"]
    withdraw = Withdraw(NOW, item, desk.jana, 2, "presence")
    await route.commit(desk.session, [withdraw], STAMP)
    assert (await desk.types())[3:] == ["offer.withdrawn", "work_item.returned", "load.changed"]
    assert await desk.states() == ["withdrawn"]


async def test_what_is_told_of_offers_is_what_everybody_else_would_tell(desk):
    first, second, sealed = [await desk.item(channel) for channel in ("email", "chat", "chat")]
    await desk.session.execute(
        "UPDATE case_ SET visibility = 'sealed' WHERE id ="
        " (SELECT case_id FROM work_item WHERE id = %s)",
        [sealed],
    )
    await desk.session.execute("UPDATE agent_load SET cap_max = 300")
    await route.commit(desk.session, [desk.offer(one) for one in (first, second, sealed)], STAMP)
    found = await desk.session.execute(
        "SELECT entity, entity_id, type, op, version, aud, aud_was, case_id, payload, actor_kind"
        " FROM event ORDER BY id"
    )
    told = await found.fetchall()
    kinds = [(one[2], one[3], one[9]) for one in told]
    assert kinds == [
        *(("offer.made", 0, "router"),) * 3,
        *(("work_item.offered", 0, "router"),) * 3,
        ("load.changed", 0, "router"),
    ]
    for entity, id_, _, _, version, aud, was, case_id, payload, _ in told:
        query = projections.BY_ENTITY[entity]
        shown = await (await desk.session.execute(query, {"ids": [id_]})).fetchone()
        assert (id_, version, case_id, aud, None, payload) == shown
        assert was is None


async def test_what_the_database_refuses_is_named(desk):
    item, other = await desk.item(), await desk.item()
    decided = [desk.offer(item, 9), desk.offer(other)]
    assert await route.commit(desk.session, decided, STAMP) == [Refused(NOW, item, desk.jana)]
    late = [desk.miss(item)]
    assert await route.commit(desk.session, late, STAMP) == [Refused(NOW, item, desk.jana)]


async def test_an_owner_without_the_epoch_changes_nothing(desk):
    item = await desk.item()
    stale = Stamp(7, 1, at(1))
    silent = NotResponding(NOW, desk.jana, 1, "all", {"all": 3})
    decided = [desk.offer(item), silent, Relax(NOW, item, 0, 2, "waited")]
    assert len(await route.commit(desk.session, decided, stale)) == 1
    assert await desk.types() == []
    assert (await work.facts(desk.session, [item]))[0].ladder_step == 0


async def test_notes_are_kept_without_a_move(desk):
    item = await desk.item()
    await route.commit(
        desk.session,
        [Relax(NOW, item, 0, 2, "waited"), Hold(NOW, item, desk.jana, NOW + 5_000)],
        STAMP,
    )
    facts = (await work.facts(desk.session, [item]))[0]
    assert (facts.ladder_step, facts.hold_until, facts.version) == (2, NOW + 5_000, 1)
    await route.commit(desk.session, [Release(NOW, item, "hold_over")], STAMP)
    assert (await work.facts(desk.session, [item]))[0].hold_until is None


async def test_whoever_lets_offers_pass_is_not_responding_if_he_is_still_who_he_was(desk):
    await route.commit(
        desk.session, [NotResponding(NOW, desk.jana, 1, "chat", {"chat": 1, "all": 1})], STAMP
    )
    await route.commit(desk.session, [NotResponding(NOW, desk.jana, 1, "all", {})], STAMP)
    found = await desk.session.execute(
        "SELECT p.status, p.silent, p.version, l.presence_version, l.misses"
        " FROM agent_presence p JOIN agent_load l USING (agent_id)"
    )
    assert await found.fetchone() == ("online", ["chat"], 2, 2, {"chat": 1, "all": 1})
    await route.commit(desk.session, [NotResponding(NOW, desk.jana, 2, "all", {})], STAMP)
    found = await desk.session.execute("SELECT status, previous FROM agent_presence")
    assert await found.fetchone() == ("not_responding", "online")


async def test_why_it_waits_is_said_from_the_tables(desk):
    item, other = await desk.item(), await desk.item()
    await desk.session.execute(
        "UPDATE work_item SET requirements = %s WHERE id = %s",
        [Jsonb([{"skill": "licence", "min_level": 1, "kind": "legal"}]), item],
    )
    answer = await route.why(desk.session, item, at(1))
    assert answer["code"] == "no_agent_has_skills"
    await desk.session.execute("UPDATE agent_presence SET status = 'break'")
    answer = await route.why(desk.session, other, at(1))
    assert answer["code"] == "on_break"
    assert {"code": "higher_scored_ahead", "count": 1} in answer["blockers"]
    assert (await route.why(desk.session, new_id(), at(1)))["code"] == "not_waiting"


async def test_only_members_of_the_queue_are_looked_at(desk):
    item = await desk.item()
    other = await department(desk.session, "other")
    await agent(desk.session, other.id, name="Ota", queues=[other.triage])
    answer = await route.why(desk.session, item, at(1))
    assert answer["members"] == 1
    await desk.session.execute("UPDATE agent_presence SET status = 'offline'")
    answer = await route.why(desk.session, item, at(1))
    assert (answer["code"], answer["count"]) == ("none_signed_in", 1)


async def test_what_was_done_to_an_item_is_told_newest_first(desk):
    item = await desk.item()
    done = [Relax(NOW, item, 0, 2, "waited"), Hold(NOW + 1, item, desk.jana, NOW + 5_000)]
    await route.commit(desk.session, done, STAMP)
    await route.commit(desk.session, [desk.offer(item)], STAMP)
    told = await route.trace(desk.session, item, names=True)
    assert sorted(one["code"] for one in told) == [
        "held_for_preferred",
        "relaxed",
        "work_item.offered",
    ]
    held = next(one for one in told if one["code"] == "held_for_preferred")
    assert held["facts"] == {"agent": str(desk.jana), "until": NOW + 5_000}
    quiet = await route.trace(desk.session, item, names=False)
    assert str(desk.jana) not in str(quiet)
