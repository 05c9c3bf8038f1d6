"""Work that goes to another queue asks what that one asks; what the matter itself asks stays."""

import pytest
from psycopg.types.json import Jsonb
from tests.flows.test_interrupt import facts, queue
from tests.flows.test_route import NOW, STAMP, Desk
from tests.make.moment import AT

from polyphony.domain.event import Actor
from polyphony.domain.routing.decisions import MoveQueue
from polyphony.domain.skill import Requirement, RequirementKind, as_json
from polyphony.flows import handle, route
from polyphony.flows.handle import Target

CZECH, SLOVAK = Requirement("lang.cs", 3), Requirement("lang.sk", 2)
LICENCE = Requirement("licence", 1, RequirementKind.LEGAL)


async def asks(session, table, id_, *needs):
    await session.execute(
        f"UPDATE {table} SET requirements = %s WHERE id = %s",
        [Jsonb([as_json(one) for one in needs]), id_],
    )


async def transferred(desk, item, target):
    await handle.transfer(desk.session, item, Target(target), Actor("person", None), AT)


async def overflowed(desk, item, target):
    move = MoveQueue(NOW, item, 1, desk.department.triage, target, "waited")
    assert await route.commit(desk.session, [move], STAMP) == []


@pytest.mark.parametrize("go", [transferred, overflowed])
async def test_the_needs_of_the_old_queue_stay_behind_and_those_of_the_new_one_come(session, go):
    desk = await Desk(session).open()
    item, target = await desk.item(), await queue(desk)
    await asks(session, "queue", desk.department.triage, CZECH)
    await asks(session, "queue", target, SLOVAK)
    await asks(session, "work_item", item, CZECH, LICENCE)
    await go(desk, item, target)
    kept = await facts(desk, item)
    assert kept.queue == target
    assert set(kept.requirements) == {SLOVAK, LICENCE}
