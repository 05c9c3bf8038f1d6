"""Index: what changed becomes findable; older history is filled in while nothing else waits."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from uuid import UUID

from polyphony.domain.search_words import vector
from polyphony.flows.follow import Consumer
from polyphony.store import readers, search_index
from polyphony.store.database import Session
from polyphony.store.readers import Named
from polyphony.store.search_index import Entry, Source

NAME = "search"
ENTITIES = frozenset({"message", "chat_message", "case", "interaction", "customer"})
FILL = 200
_NEW = frozenset({"case.opened", "case.merged", "case.split", "interaction.began"})
"""After these a customer may have an address more, or is there for the first time."""


def entry(one: Source) -> Entry:
    """Make the row of the index."""
    return Entry(one.id, one.at, vector(one.head, one.body, one.marks))


async def index(session: Session, changed: Mapping[str, Collection[UUID]]) -> None:
    """Index things (ids by kind) as they are now; what may not be found any more is taken out.

    All is read and worked out before anything is written.
    """
    entries: list[Entry] = []
    gone: set[UUID] = set()
    for kind, ids in changed.items():  # one by one: three kinds
        if ids:
            found = await search_index.sources(session, kind, sorted(ids))
            entries += [entry(one) for one in found]
            gone |= {*ids} - {one.id for one in found}
    await search_index.keep(session, entries)
    await search_index.forget(session, sorted(gone))


async def take(session: Session, page: Sequence[Named]) -> None:
    """Index what a page of the log was about, each thing once."""
    messages = {one.entity_id for one in page if one.entity in ("message", "chat_message")}
    cases = {one.entity_id for one in page if one.entity == "case"}
    customers = {one.entity_id for one in page if one.entity == "customer"}
    of_new = {one.case_id for one in page if one.type in _NEW and one.case_id is not None}
    if of_new:
        customers |= {*await search_index.customers_of(session, sorted(of_new))}
    await index(session, {"message": messages, "case": cases, "customer": customers})


async def fill(session: Session) -> bool:
    """Index one batch of what was there before; tell whether there is more."""
    now = await search_index.next_fill(session)
    if now is None:
        return False
    page = await search_index.page(session, now.kind, now.id, FILL)
    await search_index.keep(session, [entry(one) for one in page])
    done = len(page) < FILL
    last = page[-1] if page else None
    await search_index.filled(
        session,
        replace(
            now,
            id=last.id if last else now.id,
            at=last.at if last else now.at,
            rows=now.rows + len(page),
            done=done,
        ),
    )
    return True


CONSUMER = Consumer(NAME, ENTITIES, take, fill)


@dataclass(frozen=True, slots=True)
class Lag:
    """How far behind the index is.

    ``lag_s``: age of the oldest change that is not in it yet. ``filling_to``: history before this
    moment is still missing (None: all is there, or nothing yet when ``filling``).
    """

    lag_s: float
    filling: bool
    filling_to: datetime | None


async def lag(session: Session, at: datetime) -> Lag:
    """Return how far behind the index is."""
    since = await readers.unread(session, NAME, sorted(ENTITIES))
    open_ = [one for one in await search_index.fills(session) if not one.done]
    back = max((one.at for one in open_ if one.at is not None), default=None)
    late = max(0.0, (at - since).total_seconds()) if since else 0.0
    return Lag(round(late, 1), bool(open_), back)
