"""The same shop with somebody at its desk: what arrives is read, Jana answers."""

from collections.abc import AsyncIterator
from pathlib import Path

import httpx
import pytest
from tests.make.agent import agent
from tests.make.chat import Visitor, shop, visitor
from tests.make.chatting import Desk
from tests.make.outside import NoReader

from polyphony.channels.chat.client import ChatChannel
from polyphony.domain.channel import ChannelKind
from polyphony.flows import reply
from polyphony.ports import Outside
from polyphony.store.database import Database


@pytest.fixture
async def desk(database: Database, tmp_path: Path) -> Desk:
    made = await shop(database, tmp_path)
    async with database.transaction() as session:
        jana = await agent(session, made.department.id)
    doors = {ChannelKind.CHAT: ChatChannel()}
    outside = Outside(doors, NoReader(), made.files, made.keys, made.clock)
    return Desk(made, outside, reply.Staff(jana, "Jana"))


@pytest.fixture
async def http(desk: Desk) -> AsyncIterator[httpx.AsyncClient]:
    async with desk.shop.http() as client:
        yield client


@pytest.fixture
async def eva(desk: Desk, http: httpx.AsyncClient) -> Visitor:
    return await visitor(http, desk.shop.key)
