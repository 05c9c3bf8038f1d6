"""Settle: people move Cases; merge and split move whole Interactions and can be undone."""

from datetime import timedelta

import pytest
from tests.make.account import account
from tests.make.agent import agent
from tests.make.case import case
from tests.make.customer import customer
from tests.make.department import department
from tests.make.moment import AT, at, new_id
from tests.make.outside import outside

from polyphony.domain import reference
from polyphony.domain.case import CaseMove
from polyphony.domain.errors import Conflict, Forbidden, Invalid, NotFound
from polyphony.flows import settle, tidy
from polyphony.flows.reply import Staff
from polyphony.flows.settle import CaseWish, Edit
from polyphony.store import offers, work
from polyphony.store.offers import NewOffer, Stamp

DAY = timedelta(days=1)


class Desk:
    async def build(self, session, **more):
        self.session = session
        self.desk = await department(session)
        self.jana = await agent(session, self.desk.id)
        self.box = await account(session, self.desk.id)
        self.who = await customer(session)
        self.case = await case(session, self.desk, self.box, self.who, agent=self.jana, **more)
        self.staff = Staff(self.jana, "Jana")
        self.colleague = Staff(await agent(session, self.desk.id, name="Karel"), "Karel")
        self.lead = Staff(await agent(session, self.desk.id, name="Eva"), "Eva", supervisor=True)
        return self

    async def move(self, what, staff=None, when=AT, **more):
        wish = CaseWish(CaseMove(what), **more)
        return await settle.move(self.session, self.case.id, wish, staff or self.staff, when)

    async def rows(self, query, *values):
        return await (await self.session.execute(query, values or None)).fetchall()

    async def state(self, case_id=None):
        wanted = case_id or self.case.id
        return (await self.rows("SELECT state FROM case_ WHERE id = %s", wanted))[0][0]

    async def clock(self, type_="resolution", case_id=None):
        await self.session.execute(
            "INSERT INTO sla_clock (id, case_id, interaction_id, type, state, calendar_id,"
            " target_ms, running_since, warn_at, due_at)"
            " VALUES (%s, %s, %s, %s, 'running', %s, 3600000, %s, %s, %s)",
            [
                *(new_id(), case_id or self.case.id),
                *(None if type_ == "resolution" else self.case.interaction, type_),
                *(self.desk.calendar, AT, at(2700), at(3600)),
            ],
        )


@pytest.fixture
async def desk(session):
    return await Desk().build(session)


async def test_solving_ends_the_work_meets_the_targets_and_leaves_a_line(desk):
    await desk.clock()
    await desk.clock("first_response")
    await desk.move("solve", when=at(600), disposition="answered")
    assert await desk.state() == "solved"
    assert await desk.rows("SELECT state FROM work_item") == [("done",)]
    assert await desk.rows("SELECT state FROM interaction") == [("quiet",)]
    assert await desk.rows("SELECT state, consumed_ms FROM sla_clock") == [("met", 600_000)] * 2
    assert await desk.rows("SELECT facts FROM message WHERE kind = 'system'") == [
        *(({"code": "case_moved", "from": "open", "to": "solved", "disposition": "answered"},),),
    ]


async def test_waiting_pauses_the_resolution_and_resuming_keeps_what_was_used(desk):
    await desk.clock()
    await desk.move("refer", when=at(600), due_at=AT + DAY)
    assert await desk.rows("SELECT state, consumed_ms, due_at FROM sla_clock") == [
        *(("paused", 600_000, None),),
    ]
    await desk.move("resume", when=at(7200))
    assert await desk.rows("SELECT state, consumed_ms, due_at FROM sla_clock") == [
        *(("running", 600_000, at(7200 + 3000)),),
    ]
    assert await desk.rows("SELECT due_at FROM case_") == [(None,)]


async def test_reopening_goes_on_with_what_was_left_or_anew_after_three_days(desk):
    await desk.clock()
    await desk.move("solve", when=at(600))
    await desk.move("reopen", when=at(1200))
    live = "SELECT consumed_ms, due_at FROM sla_clock WHERE state = 'running'"
    assert await desk.rows(live) == [(600_000, at(1200 + 3000))]
    await desk.move("solve", when=at(1800))
    await desk.move("close", when=at(2000))
    with pytest.raises(Invalid, match="reason_required"):
        await desk.move("reopen", desk.lead, at(400_000))
    with pytest.raises(Forbidden):
        await desk.move("reopen", desk.colleague, at(400_000), reason="again")
    await desk.move("reopen", desk.lead, at(400_000), reason="again")
    assert await desk.rows(live) == [(0, at(403_600))]


async def test_who_may_not_or_what_cannot_be_is_refused_and_changes_nothing(desk):
    before = await desk.rows("SELECT version FROM case_")
    with pytest.raises(Forbidden):
        await desk.move("ask", desk.colleague)
    with pytest.raises(Conflict):
        await desk.move("restore")
    with pytest.raises(Invalid, match="due_at_required"):
        await desk.move("refer")
    with pytest.raises(Invalid, match="due_at_past"):
        await desk.move("refer", due_at=AT - DAY)
    with pytest.raises(Invalid, match=r"case\.move"):
        await desk.move("merge_into")
    wish = CaseWish(CaseMove.SOLVE)
    with pytest.raises(NotFound):
        await settle.move(desk.session, new_id(), wish, desk.staff, AT)
    assert await desk.rows("SELECT version FROM case_") == before


async def test_whoever_reopens_a_matter_of_his_has_it_for_others_it_waits(desk):
    await desk.move(CaseMove.SOLVE)
    await desk.move(CaseMove.REOPEN)
    alive = "SELECT state, agent_id FROM work_item WHERE state NOT IN ('done', 'cancelled')"
    assert await desk.rows(alive) == [("in_work", desk.jana)]
    await desk.move(CaseMove.SOLVE)
    await desk.move(CaseMove.REOPEN, staff=desk.colleague)
    assert await desk.rows(alive) == [("waiting", None)]
    assert await desk.rows("SELECT state FROM interaction") == [("waiting",)]


async def test_discarding_cancels_and_restoring_brings_back(desk):
    await desk.clock()
    await desk.move("discard", reason="spam")
    assert await desk.rows("SELECT state FROM sla_clock") == [("cancelled",)]
    assert await desk.rows("SELECT state FROM work_item") == [("done",)]
    await desk.move("restore")
    assert await desk.state() == "open"
    assert await desk.rows("SELECT state FROM sla_clock ORDER BY id") == [
        *(("cancelled",), ("running",)),
    ]


async def test_closing_drops_drafts_and_ends_what_is_quiet(desk):
    await desk.session.execute(
        "INSERT INTO draft (case_id, person_id, mode, text) VALUES (%s, %s, 'reply', 'x')",
        [desk.case.id, desk.jana],
    )
    await desk.move("solve")
    await desk.move("close", desk.lead)
    assert await desk.rows("SELECT 1 FROM draft") == []
    assert await desk.rows("SELECT state, ended_by FROM interaction") == [("ended", "system")]


async def test_facts_are_edited_within_limits(desk):
    wish = Edit("  New   title ", "high", ["vip", " vip ", "a b"], "cs", version=1)
    await settle.edit(desk.session, desk.case.id, wish, desk.staff, AT)
    assert await desk.rows("SELECT title, priority, tags, language FROM case_") == [
        *(("New title", "high", ["vip", "a b"], "cs"),),
    ]
    with pytest.raises(Conflict, match="version"):
        await settle.edit(desk.session, desk.case.id, wish, desk.staff, AT)
    for wrong in (Edit(priority="max"), Edit(tags=["x"] * 3 + ["y" * 51])):
        with pytest.raises(Invalid):
            await settle.edit(desk.session, desk.case.id, wrong, desk.staff, AT)


async def picture(desk):
    cases = await desk.rows(
        "SELECT id, state, merged_into FROM case_ WHERE reference NOT LIKE 'x%%' ORDER BY id"
    )
    strips = await desk.rows("SELECT id, case_id, came_case_id, state FROM interaction ORDER BY id")
    work = await desk.rows(
        "SELECT id, case_id, interaction_id, state, agent_id FROM work_item ORDER BY id"
    )
    return cases, strips, work


async def test_a_merge_moves_everything_and_taking_it_back_restores_it(desk):
    who = await customer(desk.session)
    other = await case(desk.session, desk.desk, desk.box, who, state="wait_customer")
    await desk.clock("first_response")
    before = await picture(desk)
    await settle.merge(desk.session, desk.case.id, other.id, desk.staff, AT)
    assert await desk.state() == "merged"
    assert await desk.rows("SELECT DISTINCT case_id FROM interaction") == [(other.id,)]
    assert await desk.rows("SELECT DISTINCT case_id FROM work_item") == [(other.id,)]
    assert await desk.rows("SELECT state, agent_id FROM work_item") == [("in_work", desk.jana)]
    assert await desk.rows("SELECT case_id FROM sla_clock WHERE state = 'running'") == [
        *((other.id,),),
    ]
    shared = await desk.rows("SELECT count(*) FROM participant WHERE case_id = %s", other.id)
    assert shared == [(2,)]
    assert await desk.rows("SELECT kind, other_id FROM case_link") == [("merged_into", other.id)]
    with pytest.raises((Conflict, Invalid)):
        await settle.merge(desk.session, other.id, desk.case.id, desk.staff, AT)
    await settle.unmerge(desk.session, desk.case.id, desk.staff, at(60))
    assert await picture(desk) == before
    assert await desk.rows("SELECT 1 FROM case_link") == []
    assert await desk.rows("SELECT case_id FROM sla_clock WHERE type = 'first_response'") == [
        *((desk.case.id,),),
    ]


async def test_a_case_is_not_merged_into_itself(desk):
    with pytest.raises(Invalid, match="merge_into_itself"):
        await settle.merge(desk.session, desk.case.id, desk.case.id, desk.staff, AT)


async def test_a_split_gives_whole_interactions_a_case_of_their_own(desk, tmp_path):
    second = await case(desk.session, desk.desk, desk.box, desk.who)
    await settle.merge(desk.session, second.id, desk.case.id, desk.staff, AT)
    keys = outside(tmp_path).keys
    wish = [second.interaction]
    made = await settle.split(desk.session, desk.case.id, wish, desk.staff, AT, keys)
    assert await desk.rows("SELECT case_id FROM interaction WHERE id = %s", wish[0]) == [(made,)]
    found = await desk.rows("SELECT state, reference FROM case_ WHERE id = %s", made)
    assert found[0][0] == "open"
    assert reference.parse(found[0][1]) == found[0][1]
    assert await desk.rows("SELECT kind, other_id FROM case_link WHERE case_id = %s", made) == [
        *(("split_from", desk.case.id),),
    ]
    for wrong in ([], [new_id()], [desk.case.interaction]):
        with pytest.raises(Invalid):
            await settle.split(desk.session, desk.case.id, wrong, desk.staff, AT, keys)


async def test_messages_get_a_newer_version_with_every_case_they_move_to(desk, tmp_path):
    """A screen takes only newer versions: an old one would stay in the Case it came from."""
    second = await case(desk.session, desk.desk, desk.box, desk.who)
    versions = []

    async def look():
        query = "SELECT version FROM message WHERE id = %s"
        versions.extend(await desk.rows(query, second.message))

    await look()
    await settle.merge(desk.session, second.id, desk.case.id, desk.staff, AT)
    await look()
    await settle.unmerge(desk.session, second.id, desk.staff, AT)
    await look()
    await settle.merge(desk.session, second.id, desk.case.id, desk.staff, AT)
    keys = outside(tmp_path).keys
    wish = [second.interaction]
    await settle.split(desk.session, desk.case.id, wish, desk.staff, AT, keys)
    await look()
    assert versions == sorted(set(versions))
    assert len(versions) == 4


async def test_live_work_and_its_offer_follow_with_a_newer_version_each_time(desk, tmp_path):
    """A screen takes only newer versions: its list of the team would lose what waits."""
    second = await case(desk.session, desk.desk, desk.box, desk.who, queue=desk.desk.triage)
    offer, facts = new_id(), (await work.facts(desk.session, [second.work_item]))[0]
    wish = NewOffer(offer, second.work_item, desk.jana, facts.version, 1, at(60), {})
    assert await offers.make(desk.session, [wish], Stamp(None, 0, AT)) == {second.work_item}
    keys = outside(tmp_path).keys
    chosen = [second.interaction]
    await settle.merge(desk.session, second.id, desk.case.id, desk.staff, AT)
    await settle.unmerge(desk.session, second.id, desk.staff, AT)
    await settle.merge(desk.session, second.id, desk.case.id, desk.staff, AT)
    made = await settle.split(desk.session, desk.case.id, chosen, desk.staff, AT, keys)
    for id_ in (second.work_item, offer):
        told = await desk.rows(
            "SELECT payload->>'case_id', version FROM event WHERE entity_id = %s ORDER BY id", id_
        )
        where = [str(one) for one in (desk.case.id, second.id, desk.case.id, made)]
        assert [one[0] for one in told] == where
        versions = [one[1] for one in told]
        assert versions == sorted(set(versions))
        assert versions[0] > 1


@pytest.mark.parametrize("back", [False, True])
async def test_who_may_not_see_where_it_went_loses_lines_and_work(desk, back):
    """From an open Case into a sealed one, and back: what was on the screen is gone there."""
    sealed = await department(desk.session, "Sealed", visibility="sealed")
    other = await case(desk.session, sealed, desk.box, desk.who)
    source, target = (other, desk.case) if back else (desk.case, other)
    if back:
        await desk.session.execute("UPDATE work_item SET interaction_id = %s", [other.interaction])
    await settle.merge(desk.session, source.id, target.id, desk.staff, AT)
    mark = await desk.rows("SELECT max(id) FROM event")
    if back:
        await settle.unmerge(desk.session, source.id, desk.staff, AT)
    mark = mark[0][0] if back else 0
    tag = [f"dept:{desk.desk.id}"]
    lost = await desk.rows(
        "SELECT DISTINCT entity FROM event WHERE id > %s AND aud_was @> %s AND NOT aud @> %s",
        *(mark, tag, tag),
    )
    assert {one[0] for one in lost} == {"interaction", "message", "work_item"}


async def test_time_takes_up_closes_warns_and_lets_sleep(desk):
    await desk.clock()
    assert await tidy.strike(desk.session, at(2600), 10) == 0
    assert await tidy.strike(desk.session, at(2700), 10) == 1
    assert await tidy.strike(desk.session, at(2700), 10) == 0
    assert await tidy.strike(desk.session, at(3600), 10) == 1
    types = await desk.rows("SELECT type FROM event WHERE entity = 'case' ORDER BY id")
    assert types == [("sla.warned",), ("sla.breached",)]
    await desk.move("ask", due_at=AT + DAY)
    assert await tidy.resume(desk.session, AT + DAY - timedelta(seconds=1), 10) == []
    assert await tidy.resume(desk.session, AT + DAY, 10) == [desk.case.id]
    assert await desk.rows("SELECT state, sticky FROM work_item WHERE state = 'waiting'") == [
        *(("waiting", desk.jana),),
    ]
    assert await desk.rows("SELECT state FROM interaction") == [("waiting",)]
    await desk.move("solve", when=AT + DAY)
    assert await tidy.close(desk.session, AT + 15 * DAY - timedelta(seconds=1), 10) == []
    assert await tidy.close(desk.session, AT + 15 * DAY, 10) == [desk.case.id]
    assert await desk.state() == "closed"


async def test_what_is_quiet_for_thirty_days_falls_asleep(desk):
    await desk.move("solve")
    assert await tidy.fall_asleep(desk.session, AT + 29 * DAY, 10) == []
    assert len(await tidy.fall_asleep(desk.session, AT + 31 * DAY, 10)) == 1
    assert await desk.rows("SELECT state FROM interaction") == [("ended",)]
