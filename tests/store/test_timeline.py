"""The newest of a customer, read from the Cases last touched, is the newest of his whole past."""

import random

import pytest
from tests.make.account import account
from tests.make.case import case
from tests.make.customer import customer
from tests.make.department import department

from polyphony.domain.permission import SYSTEM
from polyphony.store import timeline as lines
from polyphony.store.database import Session

_MESSAGES = "SELECT m.id FROM message m JOIN interaction i ON i.id = m.interaction_id"


@pytest.mark.parametrize("hidden", [0.0, 0.1, 0.5, 0.95, 1.0])
async def test_pages_join_to_the_whole_past(session: Session, hidden: float) -> None:
    chance = random.Random(7)
    place, somebody = await department(session), await customer(session)
    end = await account(session, place.id)
    for _ in range(130):
        made = await case(session, place, end, somebody)
        day = chance.randrange(1000)
        await session.execute(
            "UPDATE message SET at = at - %s * interval '1 day', hidden = %s WHERE id = %s",
            [day + chance.choice([0, 0, 400]), chance.random() < hidden, made.message],
        )
        await session.execute(
            "UPDATE case_ SET last_at = last_at - %s * interval '1 day' WHERE id = %s",
            [day, made.id],
        )
    found = await session.execute(
        f"{_MESSAGES} WHERE i.record_id = %s AND NOT m.hidden ORDER BY m.at DESC, m.id DESC",
        [somebody.record],
    )
    wanted = [one for (one,) in await found.fetchall()]
    told, before = [], None
    while True:
        moments = await lines.timeline(session, SYSTEM, somebody.id, before)
        page = moments[: lines.PAGE]
        told += [one.message_id for one in page]
        if len(moments) <= lines.PAGE:
            break
        before = (page[-1].at, page[-1].message_id)
    assert told == wanted
