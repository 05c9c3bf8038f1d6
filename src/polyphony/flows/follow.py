"""Follow: durable readers of the log learn what changed, in batches, each change at least once."""

from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from polyphony.store import readers
from polyphony.store.database import Session
from polyphony.store.readers import Named

PAGE = 200
"""Events of one turn: what they cause should not hold up the log's horizon for long."""
STEP = timedelta(seconds=30)
"""While nothing concerns a reader, its place is written no more often than this."""


@dataclass(frozen=True, slots=True)
class Consumer:
    """One reader of the log.

    ``take`` gets what a page of settled events was about, in the transaction that moves the
    reader's place: it must bear hearing of the same thing twice, and reads the rows as they are
    now. ``rest`` does one piece of what there is to do besides (filling up an index) when no
    further page waits, and says whether there is more.
    """

    name: str
    entities: frozenset[str]
    take: Callable[[Session, Sequence[Named]], Awaitable[None]]
    rest: Callable[[Session], Awaitable[bool]] | None = None
    page: int = PAGE


async def turn(session: Session, consumer: Consumer, at: datetime) -> bool:
    """Let a consumer take one page of the log; tell whether there may be more.

    False too while another process reads for it.
    """
    taken = await readers.resume(session, consumer.name, at)
    if taken is None:
        return False
    page, cursor, more = await readers.names(
        session, taken, sorted(consumer.entities), consumer.page
    )
    if page:
        await consumer.take(session, page)
    if page or more or at - taken.at > STEP:
        await readers.keep(session, consumer.name, cursor, at)
    if more or consumer.rest is None:
        return more
    return await consumer.rest(session)
