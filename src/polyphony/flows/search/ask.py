"""Ask: two streams of hits, newest first, merged: words in the head count as a month newer."""

from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from typing import NamedTuple
from uuid import UUID

from polyphony.domain import search_query
from polyphony.domain.highlight import Marked, mark, snippet
from polyphony.domain.permission import Scope
from polyphony.domain.reference import shown
from polyphony.domain.search_query import Query, Term, marked
from polyphony.flows.search.narrow import Narrowed, Unknown, narrow
from polyphony.store import search_hits, search_show
from polyphony.store.database import Session
from polyphony.store.search_hits import Found, Hit, Place, Wanted

HEAD_COUNTS = timedelta(days=30)
"""Words in the subject or title weigh as much as being so much newer.

Weight times recency, both as exponents: the order depends on nothing but the entry, so a page
stays where it is while time goes on and new entries come.
"""
COUNTED = 100
PEOPLE = 5


@dataclass(frozen=True, slots=True)
class Item:
    """One result: what it is about, and where the words stand."""

    id: UUID
    kind: str  # in | out | note | case
    at: datetime
    channel: str
    author: str
    position: int | None
    title: Marked
    text: Marked
    files: Sequence[Marked]
    case_id: UUID
    reference: str
    state: str
    department_id: UUID
    customer_id: UUID
    customer: str


@dataclass(frozen=True, slots=True)
class People:
    """One customer found."""

    id: UUID
    name: Marked
    tier: str
    language: str | None
    addresses: Sequence[Marked]


@dataclass(slots=True)
class Answer:
    """One page. ``count`` of the first page, at most ``COUNTED``; ``more``: there are more.

    ``place``: where the next page begins; ``looked_to`` when a page ended early because too much
    of what matches may not be seen or does not fit.
    """

    items: list[Item] = field(default_factory=list)
    customers: list[People] = field(default_factory=list)
    count: int | None = None
    more: bool = False
    place: Place | None = None
    looked_to: datetime | None = None
    labels: dict[int, str] = field(default_factory=dict)
    unknown: list[Unknown] = field(default_factory=list)


async def search(
    session: Session, scope: Scope, query: Query, before: Place | None, limit: int
) -> Answer:
    """Return a page of what matches, and on the first page customers and the count."""
    narrowed = await narrow(session, scope, query)
    answer = Answer(labels=narrowed.labels, unknown=narrowed.unknown)
    if narrowed.unknown:
        answer.count = 0
        return answer
    need = limit + 1 if before else max(limit, COUNTED) + 1
    streams = await _streams(session, scope, query, narrowed, before, need)
    hits, bound = merged(streams)
    if before is None:
        answer.more = bound is not None or len(hits) > COUNTED
        answer.count = min(len(hits), COUNTED)
        if not query.limits:
            answer.customers = await _people(session, scope, query)
    page = hits[:limit]
    answer.items = await _items(session, [one.hit for one in page], query.wanted)
    if len(hits) > limit:
        answer.place = Place(page[-1].at, page[-1].id)
    elif bound is not None:
        answer.place, answer.looked_to = bound, bound.at
    return answer


@dataclass(frozen=True, slots=True)
class Stream:
    """Hits of one weight."""

    found: Found
    shift: timedelta

    @property
    def bound(self) -> Place | None:
        """The place behind which this stream may still have something; None: nothing any more."""
        if self.found.over or self.found.place is None:
            return None
        return Place(self.found.place.at + self.shift, self.found.place.id)


class Ranked(NamedTuple):
    """A hit and its rank: later comes first; ``at`` is shifted by the weight of its stream."""

    at: datetime
    id: UUID
    hit: Hit


def merged(streams: Sequence[Stream]) -> tuple[list[Ranked], Place | None]:
    """Merge streams by weight and time.

    A stream that ended early hides what may come between: hits behind its end are left to the
    next page. Returns the hits and that bound.
    """
    hits = sorted(
        (
            Ranked(one.at + stream.shift, one.id, one)
            for stream in streams
            for one in stream.found.hits
        ),
        key=lambda one: (one.at, one.id),
        reverse=True,
    )
    bounds = [one.bound for one in streams if one.bound is not None]
    if not bounds:
        return hits, None
    bound = max(bounds)
    return [one for one in hits if (one.at, one.id) >= bound], bound


async def _streams(
    session: Session,
    scope: Scope,
    query: Query,
    narrowed: Narrowed,
    before: Place | None,
    need: int,
) -> list[Stream]:
    marks = [*narrowed.marks, marked("customer", excluded=True)]
    head = search_query.in_head(query)
    asked = [(search_query.tsquery(query, marks), timedelta())]
    if head:
        asked = [
            (search_query.tsquery(query, [*marks, head]), HEAD_COUNTS),
            (search_query.tsquery(query, [*marks, f"!({head})"]), timedelta()),
        ]
    streams = []
    for text, shift in asked:  # one by one: two weights
        here = Place(before.at - shift, before.id) if before else None
        if narrowed.before is not None:
            here = min(narrowed.before, here) if here else narrowed.before
        wanted = replace(narrowed.wanted, query=text)
        found = await search_hits.newest(session, scope, wanted, here, need)
        streams.append(Stream(found, shift))
    return streams


async def _people(session: Session, scope: Scope, query: Query) -> list[People]:
    """Return customers whose name, addresses or notes hold the words, named ones first."""
    head = search_query.in_head(query)
    if not head:
        return []
    hits: list[Hit] = []
    for condition in (head, f"!({head})"):  # one by one: two weights
        if len(hits) < PEOPLE:
            text = search_query.tsquery(query, [marked("customer"), condition])
            found = await search_hits.newest(
                session, scope, Wanted(text, people=True), None, PEOPLE - len(hits)
            )
            hits += found.hits
    known = await search_show.people(session, [one.id for one in hits])
    return [
        People(
            one.id, mark(one.name, query.wanted), one.tier, one.language,
            [mark(address, query.wanted) for address in one.addresses],
        )
        for hit in hits if (one := known.get(hit.id)) is not None
    ]  # fmt: skip


async def _items(session: Session, hits: Sequence[Hit], terms: Sequence[Term]) -> list[Item]:
    if not hits:
        return []
    messages = [one.id for one in hits if one.is_message]
    cases = [one.id for one in hits if not one.is_message]
    known = await search_show.shown(session, messages, cases)
    return [_item(one, hit, terms) for hit in hits if (one := known.get(hit.id)) is not None]


def _item(one: search_show.Shown, hit: Hit, terms: Sequence[Term]) -> Item:
    files = [found for name in one.files if (found := mark(name, terms)).marks]
    return Item(
        one.id, one.kind, hit.at, one.channel, one.author, one.position,
        mark(one.subject or one.title, terms), snippet(one.text, terms), files,
        one.case_id, shown(one.reference), one.state, one.department_id, one.customer_id,
        one.customer,
    )  # fmt: skip
