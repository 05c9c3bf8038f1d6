"""The smallest door: what is sent arrives once and is read whole."""

from datetime import UTC, datetime
from uuid import uuid4

import pytest

from polyphony.channels.loopback.client import LoopbackChannel
from polyphony.channels.loopback.parse import parse
from polyphony.domain.channel import Address, ChannelKind
from polyphony.domain.errors import Invalid
from polyphony.domain.failure import Unreadable
from polyphony.domain.message import Inbound, Outbound
from polyphony.ports import Account, Raw

NOW = datetime(2026, 3, 2, 9, 0, tzinfo=UTC)
US = Account(uuid4(), ChannelKind.LOOPBACK, "Loop", "us")


def outbound(text: str) -> Outbound:
    return Outbound(uuid4(), US.id, Address(ChannelKind.LOOPBACK, "us"), text, at=NOW)


async def test_a_line_sent_twice_under_one_key_arrives_once() -> None:
    door = LoopbackChannel()
    line = outbound("ahoj")
    rendered = door.render(line, US)
    first = await door.send(US, rendered, line.id)
    assert await door.send(US, rendered, line.id) == first
    collected = await anext(aiter(door.collect(US, {})))
    assert (len(collected.bodies), collected.mark) == (1, {"position": 1})
    (read,) = parse(Raw(uuid4(), US, "k", collected.bodies[0], NOW))
    assert isinstance(read, Inbound)
    assert (read.key, read.text, read.sent_at) == (str(line.id), "ahoj", NOW)


async def test_collecting_goes_on_after_the_mark() -> None:
    door = LoopbackChannel()
    for text in ("a", "b"):
        line = outbound(text)
        await door.send(US, door.render(line, US), line.id)
    collected = await anext(aiter(door.collect(US, {"position": 1})))
    (body,) = collected.bodies
    assert b'"text":"b"' in body


@pytest.mark.parametrize("body", [b"", b"[]", b"{}", b'{"id":1}', b'{"receipt":"read","id":"x"}'])
def test_a_strange_line_is_unreadable(body: bytes) -> None:
    with pytest.raises(Unreadable):
        parse(Raw(uuid4(), US, "k", body, NOW))


def test_a_line_that_is_too_long_is_refused() -> None:
    with pytest.raises(Invalid):
        LoopbackChannel().render(outbound("x" * 100_001), US)
