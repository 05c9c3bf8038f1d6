"""What the tests of the stream share."""

import pytest
from tests.live.dialling import World

from polyphony.store.database import Database


@pytest.fixture
async def world(database: Database) -> World:
    """Two departments with an agent each, a Case of the first."""
    return await World().build(database)
