"""A small race: two routers, one killed every two seconds, a stolen epoch, agents in a hurry."""

import os

import pytest
from tests.flows.test_replay import RECORDED
from tests.make.journal import kept

from polyphony.app.bench.races import Size, race


@pytest.mark.timeout(120)
async def test_nothing_breaks_whoever_is_killed_and_whoever_comes_first(
    database, server, database_name
):
    found = await race(database, server.url(database_name), Size(60, 300, 60.0))
    if os.environ.get("RECORD"):
        async with database.reads() as session:
            RECORDED.write_bytes(await kept(session))
    assert found.broken == dict.fromkeys(found.broken, 0)
    assert found.assigned == 300
    assert found.stolen > 0
    assert found.epochs >= 2, "there were takeovers, and each can be lived through again"
    assert found.replayed >= 300
