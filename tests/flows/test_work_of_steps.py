"""Steps and callbacks are work without an Interaction: handled like all other, seen by its Case."""

from dataclasses import dataclass
from datetime import timedelta
from uuid import UUID

import pytest
from tests.make.account import account
from tests.make.agent import agent
from tests.make.case import Case, case
from tests.make.customer import customer
from tests.make.department import department
from tests.make.moment import AT, at, new_id
from tests.make.person import person
from tests.make.queue import queue
from tests.make.step import step

from polyphony.domain.event import Actor
from polyphony.domain.permission import SYSTEM
from polyphony.flows import attend, handle
from polyphony.store import (
    dossier,
    drafts,
    followers,
    hands,
    inbox,
    labour,
    offers,
    people,
    projections,
    work,
)
from polyphony.store.database import Session
from polyphony.store.offers import NewOffer, Stamp


@dataclass
class Desk:
    session: Session
    queue: UUID
    other: UUID
    jana: UUID
    petr: UUID
    case: Case
    item: UUID

    async def offered(self, who: UUID) -> UUID:
        facts = (await work.facts(self.session, [self.item]))[0]
        made = NewOffer(new_id(), self.item, who, facts.version, 1, at(120), {})
        assert await offers.make(self.session, [made], Stamp(None, 0, AT)) == {self.item}
        return made.id

    async def state(self) -> tuple[str, UUID | None, UUID]:
        row = (await work.rows_of(self.session, [self.item]))[self.item]
        return row.state, row.agent_id, row.queue_id

    async def told(self) -> set[str]:
        found = await self.session.execute("SELECT type FROM event")
        return {row[0] for row in await found.fetchall()}


@pytest.fixture(params=["case_step", "callback"])
async def desk(session, request):
    made = await department(session)
    box, who = await account(session, made.id), await customer(session)
    other = await queue(session, made.id, "Other")
    takes = ("email", request.param)
    jana = await agent(session, made.id, name="Jana", queues=[made.triage], channels=takes)
    petr = await agent(session, made.id, name="Petr", queues=[made.triage], channels=takes)
    matter = await case(session, made, box, who)
    item = await step(session, matter.id, made.triage, kind=request.param)
    return Desk(session, made.triage, other, jana, petr, matter, item)


async def test_it_is_offered_accepted_and_finished_and_no_interaction_moves(desk):
    before = await projections.interactions(desk.session, [desk.case.interaction])
    done = await handle.accept(desk.session, await desk.offered(desk.jana), desk.jana, at(5))
    assert (done.interaction, done.case) == (None, desk.case.id)
    assert await desk.state() == ("in_work", desk.jana, desk.queue)
    await handle.finish(desk.session, desk.item, Actor("person", desk.jana), at(60))
    assert (await desk.state())[0] == "done"
    assert {"work_item.accepted", "work_item.finished"} <= await desk.told()
    assert await projections.interactions(desk.session, [desk.case.interaction]) == before


async def test_it_is_declined_claimed_transferred_parked_woken_and_given_back(desk):
    me = Actor("person", desk.petr)
    done = await handle.decline(desk.session, await desk.offered(desk.jana), desk.jana, at(5))
    assert (done.interaction, (await desk.state())[0]) == (None, "waiting")
    await handle.claim(desk.session, desk.item, desk.petr, at(10))
    await handle.transfer(desk.session, desk.item, handle.Target(queue=desk.other), me, at(20))
    assert await desk.state() == ("waiting", None, desk.other)
    await handle.claim(desk.session, desk.item, desk.petr, at(30))
    until = AT + timedelta(days=1)
    await handle.park(desk.session, desk.item, until, "date", me, at(40))
    await handle.wake(desk.session, desk.item, me, at(50))
    await handle.claim(desk.session, desk.item, desk.petr, at(60))
    await handle.give_back(desk.session, desk.item, me, at(70))
    assert await desk.state() == ("waiting", None, desk.other)
    await handle.assign(desk.session, desk.item, desk.jana, me, at(80))
    assert (await desk.state())[:2] == ("in_work", desk.jana)


async def test_an_offer_of_it_is_withdrawn_when_its_agent_goes(desk):
    await desk.offered(desk.jana)
    assert [one.interaction_id for one in await offers.live(desk.session, [desk.jana])] == [None]
    await attend.lose_line(desk.session, [desk.jana], at(5))
    assert await desk.state() == ("waiting", None, desk.queue)


async def test_whoever_has_it_sees_the_case_and_everything_that_asks_for_holders_knows(desk):
    stranger = await person(desk.session, departments=[])
    far = await department(desk.session)
    eva = await agent(desk.session, far.id, name="Eva", channels=("case_step", "callback"))
    await desk.session.execute(
        "UPDATE case_ SET visibility = 'sealed' WHERE id = %s", [desk.case.id]
    )
    scopes = await people.scopes(desk.session, [eva, stranger])
    hers, theirs = scopes[eva], scopes[stranger]
    assert await inbox.visible(desk.session, hers, [desk.case.id]) == set()
    await handle.claim(desk.session, desk.item, eva, at(5))
    assert await inbox.visible(desk.session, hers, [desk.case.id]) == {desk.case.id}
    assert await inbox.visible(desk.session, theirs, [desk.case.id]) == set()
    facts = (await inbox.facts(desk.session, [desk.case.id]))[desk.case.id]
    assert facts.holders == {eva}
    assert await hands.holders_of(desk.session, desk.case.id) == {eva}
    assert await followers.at_work_on(desk.session, [desk.case.id]) == [(desk.case.id, eva)]
    mine = await inbox.page(desk.session, hers, inbox.Wish(tab="mine"))
    assert [one.id for one in mine] == [desk.case.id]


async def test_it_stands_in_the_picture_of_its_case(desk):
    picture = (await projections.work_items(desk.session, [desk.item]))[desk.item]
    assert (picture["case_id"], picture["interaction_id"]) == (str(desk.case.id), None)
    aud = await projections.audiences(desk.session, [desk.item, desk.case.id])
    assert f"queue:{desk.queue}" in aud[desk.item]
    assert f"queue:{desk.queue}" in aud[desk.case.id]
    offer = await desk.offered(desk.jana)
    card = (await projections.offers(desk.session, [offer]))[offer]
    assert card["case_id"] == str(desk.case.id)
    outline = await dossier.outline(desk.session, SYSTEM, desk.case.id)
    assert outline.work_items == [desk.item]
    live = await labour.live_of_case(desk.session, desk.case.id)
    assert live == [(desk.item, None, "offered", desk.jana)]
    assert await inbox.live_work(desk.session, [desk.case.id]) == [desk.item]
    assert await drafts.of_case(desk.session, desk.case.id, desk.jana) == []
