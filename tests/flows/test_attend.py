"""Agents come, pause, lose the line, come back, go; Offers and live work follow at once."""

from dataclasses import dataclass
from datetime import timedelta
from uuid import UUID

import pytest
from tests.make.account import account
from tests.make.agent import agent
from tests.make.case import case
from tests.make.customer import customer
from tests.make.department import department
from tests.make.moment import at, new_id

from polyphony.domain.errors import Forbidden, Invalid, NotFound
from polyphony.domain.event import Actor
from polyphony.domain.move import By
from polyphony.flows import attend, handle
from polyphony.flows.attend import Doer, Wish
from polyphony.store import offers, work
from polyphony.store.offers import NewOffer, Stamp


@dataclass
class Desk:
    session: object
    department: object
    jana: UUID
    boss: UUID

    async def presence(self):
        found = await self.session.execute(
            "SELECT p.status, p.previous, p.silent, p.version = l.presence_version,"
            " l.misses FROM agent_presence p JOIN agent_load l USING (agent_id)"
            " WHERE agent_id = %s",
            [self.jana],
        )
        return await found.fetchone()

    async def offered(self, channel, mode="live"):
        who = await customer(self.session, kind=channel)
        box = await account(self.session, self.department.id, kind=channel)
        made = await case(
            *(self.session, self.department, box, who),
            channel=channel,
            queue=self.department.triage,
        )
        await self.session.execute(
            "UPDATE interaction SET state = 'waiting', mode = %s WHERE id = %s",
            [mode, made.interaction],
        )
        facts = (await work.facts(self.session, [made.work_item]))[0]
        found = await self.session.execute(
            "SELECT presence_version FROM agent_load WHERE agent_id = %s", [self.jana]
        )
        version = (await found.fetchone())[0]
        offer = NewOffer(new_id(), made.work_item, self.jana, facts.version, version, at(120), {})
        assert await offers.make(self.session, [offer], Stamp(None, 0, at()))
        return offer.id, made

    async def state(self, table, key):
        found = await self.session.execute(
            f"SELECT state FROM {table} WHERE id = %s",
            [key],
        )
        return (await found.fetchone())[0]


@pytest.fixture
async def desk(session):
    made = await department(session)
    jana = await agent(session, made.id, queues=[made.triage])
    boss = await agent(session, made.id, name="Boss")
    return Desk(session, made, jana, boss)


@pytest.mark.parametrize("status", ["busy", "break", "offline"])
async def test_any_change_away_withdraws_offers_at_once_and_counts_no_miss(desk, status):
    chat, made = await desk.offered("chat")
    mail, _ = await desk.offered("email")
    await attend.choose(desk.session, desk.jana, Wish(status, "lunch"), at(1))
    assert await desk.state("offer", chat) == await desk.state("offer", mail) == "withdrawn"
    assert await desk.state("work_item", made.work_item) == "waiting"
    now, _, _, equal, misses = await desk.presence()
    assert (now, equal, misses) == (status, True, {})
    found = await desk.session.execute("SELECT routed_units FROM agent_load")
    assert {row[0] for row in await found.fetchall()} == {0}


async def test_a_channel_switched_off_withdraws_only_its_own_offers(desk):
    chat, _ = await desk.offered("chat")
    mail, _ = await desk.offered("email")
    await attend.toggle(desk.session, desk.jana, "chat", at(1), on=False)
    assert await desk.state("offer", chat) == "withdrawn"
    assert await desk.state("offer", mail) == "offered"
    with pytest.raises(Invalid):
        await attend.toggle(desk.session, desk.jana, "voice", at(1), on=True)


async def test_a_lost_line_gives_a_minute_of_grace_without_a_trace(desk):
    offer, _ = await desk.offered("chat")
    await attend.choose(desk.session, desk.jana, Wish("busy"), at(0))
    await attend.lose_line(desk.session, [desk.jana, new_id()], at(1))
    assert (await desk.presence())[:2] == ("reconnecting", "busy")
    assert await desk.state("offer", offer) == "withdrawn"
    await attend.tend(desk.session, at(60))
    await attend.back(desk.session, [desk.jana], at(60))
    assert (await desk.presence())[:2] == ("busy", None)


async def test_after_the_grace_live_customers_go_back_with_their_waiting_start(desk):
    chat, live = await desk.offered("chat")
    mail, slow = await desk.offered("email", "async")
    for offer in (chat, mail):
        await handle.accept(desk.session, offer, desk.jana, at(1))
    await attend.lose_line(desk.session, [desk.jana], at(10))
    await attend.tend(desk.session, at(69))
    assert (await desk.presence())[0] == "reconnecting"
    await attend.tend(desk.session, at(70))
    assert (await desk.presence())[0] == "offline"
    assert await desk.state("work_item", live.work_item) == "waiting"
    assert await desk.state("work_item", slow.work_item) == "in_work"
    await attend.tend(desk.session, at(70) + timedelta(seconds=899))
    assert await desk.state("work_item", slow.work_item) == "in_work"
    await attend.tend(desk.session, at(70) + timedelta(seconds=900))
    assert await desk.state("work_item", slow.work_item) == "waiting"
    assert await desk.state("interaction", slow.interaction) == "waiting"


async def test_agents_of_a_dead_web_process_lose_their_line(desk):
    await desk.session.execute(
        "INSERT INTO web_process (name, beat_at) VALUES ('web', %s)", [at(0)]
    )
    await desk.session.execute("UPDATE agent_presence SET process = 'web'")
    await attend.tend(desk.session, at(4))
    assert (await desk.presence())[0] == "online"
    await attend.tend(desk.session, at(6))
    assert (await desk.presence())[0] == "reconnecting"


async def test_whoever_did_not_respond_says_i_am_here(desk):
    await desk.session.execute(
        "UPDATE agent_presence"
        " SET status = 'not_responding', previous = 'online', silent = '{chat}'"
    )
    await desk.session.execute("""UPDATE agent_load SET misses = '{"chat": 1, "all": 3}'""")
    await attend.here(desk.session, desk.jana, at(1))
    assert await desk.presence() == ("online", None, [], True, {})


async def test_a_supervisor_changes_others_with_a_reason_but_brings_nobody_in(desk):
    boss = Doer(Actor("person", desk.boss), By.SUPERVISOR)
    await attend.choose(desk.session, desk.jana, Wish("break", "training"), at(1), boss)
    assert (await desk.presence())[0] == "break"
    await attend.choose(desk.session, desk.jana, Wish("offline"), at(2), boss)
    with pytest.raises(Forbidden):
        await attend.choose(desk.session, desk.jana, Wish("online"), at(3), boss)
    await attend.choose(desk.session, desk.jana, Wish("online"), at(4))
    assert (await desk.presence())[0] == "online"


async def test_nobody_chooses_a_status_of_the_system(desk):
    for status in ("not_responding", "reconnecting", "wrap_up", "asleep"):
        with pytest.raises(Invalid):
            await attend.choose(desk.session, desk.jana, Wish(status), at(1))
    with pytest.raises(NotFound):
        await attend.choose(desk.session, new_id(), Wish("online"), at(1))


async def test_every_change_raises_the_version_and_is_told(desk):
    await attend.choose(desk.session, desk.jana, Wish("busy"), at(1))
    await attend.changed(desk.session, [desk.jana], at(2))
    found = await desk.session.execute(
        "SELECT version, payload->>'status' FROM event WHERE entity = 'presence'"
        " AND entity_id = %s ORDER BY id",
        [desk.jana],
    )
    assert await found.fetchall() == [(2, "busy"), (3, "busy")]


async def test_all_open_work_of_a_dismissed_agent_returns_live_or_not(desk):
    await desk.session.execute("UPDATE agent_load SET cap_max = 200")
    chat, talk = await desk.offered("chat")
    await handle.accept(desk.session, chat, desk.jana, at(1))
    letter, mail = await desk.offered("email", mode="async")
    await handle.accept(desk.session, letter, desk.jana, at(2))
    pending, third = await desk.offered("chat")
    doer = Doer(Actor("person", desk.boss), By.ADMIN)
    await attend.dismiss(desk.session, desk.jana, at(60), doer)
    assert (await desk.presence())[0] == "offline"
    for made in (talk, mail, third):
        assert await desk.state("work_item", made.work_item) == "waiting"
        assert await desk.state("interaction", made.interaction) == "waiting"
    assert await desk.state("offer", pending) == "withdrawn"
    found = await desk.session.execute(
        "SELECT DISTINCT w.waiting_since = i.opened_at, w.agent_id, l.routed_units, l.manual_units"
        " FROM work_item w JOIN interaction i ON i.id = w.interaction_id, agent_load l"
        " WHERE l.agent_id = %s",
        [desk.jana],
    )
    assert await found.fetchall() == [(True, None, 0, 0)]
