"""A small race: two routers, one killed every second, a stolen epoch, agents in a hurry."""

import os

import pytest
from tests.flows.test_replay import RECORDED
from tests.make.journal import kept

from polyphony.app.bench.races import Size, race
from polyphony.app.bench.races_crowd import Pace

SIZE = Size(64, 900, 60.0, wave=600, ahead=150, pace=Pace(kill_s=1.0, steal_s=1.5))


@pytest.mark.timeout(120)
async def test_nothing_breaks_whoever_is_killed_and_whoever_comes_first(
    database, server, database_name
):
    found = await race(database, server.url(database_name), SIZE)
    if os.environ.get("RECORD"):
        async with database.reads() as session:
            RECORDED.write_bytes(await kept(session))
    assert found.broken == dict.fromkeys(found.broken, 0)
    assert found.assigned == SIZE.items
    assert found.judged == found.waves == 2
    assert {"lost", "double_accepted", "by_an_old_epoch", "replay_differs"} <= set(found.broken)
    assert found.deeds.stolen > 0
    assert found.epochs >= 2, "there were takeovers, and each can be lived through again"
    assert found.replayed >= SIZE.items
