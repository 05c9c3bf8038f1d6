"""A shop with a chat, a client of its customers' side, and Eva who writes there."""

from collections.abc import AsyncIterator
from pathlib import Path

import httpx
import pytest
from tests.make.chat import Shop, Visitor, shop, visitor

from polyphony.store.database import Database


@pytest.fixture
async def desk(database: Database, tmp_path: Path) -> Shop:
    return await shop(database, tmp_path)


@pytest.fixture
async def http(desk: Shop) -> AsyncIterator[httpx.AsyncClient]:
    async with desk.http() as client:
        yield client


@pytest.fixture
async def eva(desk: Shop, http: httpx.AsyncClient) -> Visitor:
    return await visitor(http, desk.key)
