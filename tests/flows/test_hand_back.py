"""Hand back: whoever loses work loses sight of what only the work let him see, and is told so."""

from dataclasses import dataclass
from datetime import timedelta
from uuid import UUID

import pytest
from tests.make.account import account
from tests.make.agent import agent
from tests.make.case import case
from tests.make.customer import customer
from tests.make.department import department
from tests.make.moment import AT, at, new_id
from tests.make.queue import queue

from polyphony.domain.case import CaseMove
from polyphony.domain.event import Actor
from polyphony.domain.offer import after_miss
from polyphony.domain.routing.decisions import Expire
from polyphony.domain.service_hours import to_ms
from polyphony.flows import attend, handle, route, settle
from polyphony.flows.attend import Doer
from polyphony.flows.carry_out import Staff
from polyphony.flows.fall_due import fall_due
from polyphony.flows.handle import Target
from polyphony.store import offers, work
from polyphony.store.offers import NewOffer, Stamp

HER = Actor("person", None)


@dataclass
class Desk:
    """A Case whose work is with Petr, who belongs neither to its department nor to its Queue."""

    session: object
    where: object
    other: UUID
    petr: UUID
    lead: Staff
    case: object

    async def all(self, query, *params):
        return await (await self.session.execute(query, params or None)).fetchall()

    async def gone(self, who):
        """What a screen of this person hears is gone: he was told of it and is no longer."""
        tag = [f"person:{who}"]
        found = await self.all(
            "SELECT entity, max(version) FROM event"
            " WHERE aud_was @> %s AND NOT aud @> %s GROUP BY entity",
            *(tag, tag),
        )
        return dict(found)

    async def shown(self, who, entity):
        """The newest version of something this person was told of."""
        query = "SELECT max(version) FROM event WHERE entity = %s AND aud @> %s"
        return (await self.all(query, entity, [f"person:{who}"]))[0][0]

    async def offer(self, who):
        item = self.case.work_item
        facts = (await work.facts(self.session, [item]))[0]
        made = NewOffer(new_id(), item, who, facts.version, 1, at(20), {})
        assert await offers.make(self.session, [made], Stamp(None, 0, AT)) == {item}
        return made.id


async def build(session, visibility, *, held=True):
    where = await department(session, visibility=visibility)
    elsewhere = await department(session, "Elsewhere")
    box = await account(session, where.id)
    petr = await agent(session, elsewhere.id, name="Petr")
    eva = await agent(session, where.id, name="Eva", queues=[where.triage])
    more = {"agent": petr} if held else {"queue": where.triage}
    made = await case(session, where, box, await customer(session), **more)
    await session.execute("UPDATE case_ SET owner_id = NULL")
    other = await queue(session, where.id, "Other")
    return Desk(session, where, other, petr, Staff(eva, "Eva", supervisor=True), made)


async def give_back(desk):
    await handle.give_back(desk.session, desk.case.work_item, HER, AT)


async def transfer(desk):
    await handle.transfer(desk.session, desk.case.work_item, Target(desk.other), HER, AT)


async def assign(desk):
    await handle.assign(desk.session, desk.case.work_item, desk.lead.id, HER, AT)


async def park(desk):
    until = AT + timedelta(days=1)
    await handle.park(desk.session, desk.case.work_item, until, "date", HER, AT)


async def disable(desk):
    await attend.dismiss(desk.session, desk.petr, AT, Doer())


async def finish(desk):
    await handle.finish(desk.session, desk.case.work_item, HER, AT)


async def wrap_up(desk):
    await desk.session.execute("UPDATE queue SET wrap_up_s = 10")
    await handle.finish(desk.session, desk.case.work_item, HER, AT)
    assert await desk.gone(desk.petr) == {}
    assert await fall_due(desk.session, at(60)) == 1


async def solve(desk):
    wish = settle.CaseWish(CaseMove.SOLVE)
    await settle.move(desk.session, desk.case.id, wish, desk.lead, AT)


TAKEN = (give_back, transfer, assign, park, disable)
ENDED = (finish, wrap_up, solve)


@pytest.mark.parametrize("visibility", ["open", "sealed"])
@pytest.mark.parametrize("how", [*TAKEN, *ENDED])
async def test_who_had_the_work_loses_case_and_interaction_with_it(session, visibility, how):
    desk = await build(session, visibility)
    await how(desk)
    gone = await desk.gone(desk.petr)
    assert {"case", "interaction"} <= gone.keys()
    assert ("work_item" in gone) == (how in TAKEN)  # his own finished work he still hears of


async def test_who_lost_a_case_sees_it_again_when_he_gets_its_work_again(session):
    desk = await build(session, "sealed")
    await give_back(desk)
    lost = (await desk.gone(desk.petr))["case"]
    await handle.assign(session, desk.case.work_item, desk.petr, HER, at(5))
    assert await desk.shown(desk.petr, "case") > lost


async def test_members_of_a_queue_elsewhere_lose_what_waits_in_another_now(session):
    desk = await build(session, "open", held=False)
    await handle.transfer(session, desk.case.work_item, Target(desk.other), HER, AT)
    tags = [f"queue:{desk.where.triage}"]
    found = await desk.all(
        "SELECT DISTINCT entity FROM event WHERE aud_was @> %s AND NOT aud @> %s", tags, tags
    )
    assert {one[0] for one in found} >= {"case", "work_item", "interaction"}


async def decline(desk, offer):
    await handle.decline(desk.session, offer, desk.petr, AT)


async def pause(desk, _):
    await attend.choose(desk.session, desk.petr, attend.Wish("break"), AT)


async def take_over(desk, _):
    await handle.assign(desk.session, desk.case.work_item, desk.lead.id, HER, AT)


async def send_on(desk, _):
    await handle.transfer(desk.session, desk.case.work_item, Target(desk.other), HER, AT)


async def miss(desk, _):
    item = desk.case.work_item
    expired = Expire(to_ms(AT), item, desk.petr, 2, after_miss(desk.petr, to_ms(AT)), {"all": 1})
    assert await route.commit(desk.session, [expired], Stamp(0, 1, at(21))) == []


@pytest.mark.parametrize("visibility", ["open", "sealed"])
@pytest.mark.parametrize("how", [decline, pause, take_over, send_on, miss])
async def test_whom_only_an_offer_let_see_a_case_loses_it_with_the_offer(session, visibility, how):
    desk = await build(session, visibility, held=False)
    await how(desk, await desk.offer(desk.petr))
    assert {"case", "work_item"} <= (await desk.gone(desk.petr)).keys()


async def test_who_serves_the_queue_anyway_is_spared_a_case_that_did_not_move(session):
    desk = await build(session, "open", held=False)
    offer = await desk.offer(desk.lead.id)
    await attend.choose(session, desk.lead.id, attend.Wish("break"), AT)
    assert await desk.all("SELECT state FROM offer WHERE id = %s", offer) == [("withdrawn",)]
    assert await desk.all("SELECT 1 FROM event WHERE entity = 'case'") == []
    assert "case" not in await desk.gone(desk.lead.id)
