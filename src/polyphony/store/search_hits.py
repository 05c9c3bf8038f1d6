"""Search hits: the newest entries that match, of what the actor may see; never more work than so.

A word that is everywhere is found by walking back in time, one that is rare by the inverted index.
Nobody knows beforehand which it is: so the newest entries are walked first, and what lies behind
them is asked of the index in windows of time that grow.
"""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import LiteralString, NamedTuple
from uuid import UUID

from polyphony.domain.permission import Scope
from polyphony.store.database import Session
from polyphony.store.search import customer_seen
from polyphony.store.visibility import heard_by, visible_to

WALK = 1_500
"""Entries that are looked at one by one before the inverted index is asked."""
GROWTH = 32
"""So much longer is each further window; the fourth one reaches back to the beginning."""
WINDOWS = 3
CHUNK = 200
"""Candidates whose rights are looked up at once; each further time four times as many."""
CANDIDATES = 4_000
"""After so many that may not be seen or do not fit, a page ends; the next one goes on."""
BEGINNING = datetime.fromisoformat("0001-01-01T00:00:00+00:00")
LAST = UUID("ffffffff-ffff-ffff-ffff-ffffffffffff")


class Place(NamedTuple):
    """A place in the order of time: what comes next is older than it."""

    at: datetime
    id: UUID


@dataclass(frozen=True, slots=True)
class Wanted:
    """What is looked for: a tsquery ("" = all), when, and what the Case must be besides.

    ``people``: customers are looked for, not Messages and Cases; the rest is about Cases.
    """

    query: str
    people: bool = False
    since: datetime = BEGINNING
    departments: Sequence[UUID] | None = None
    not_departments: Sequence[UUID] = ()
    queues: Sequence[UUID] | None = None
    states: Sequence[str] | None = None
    not_states: Sequence[str] = ()
    agents: Sequence[UUID] | None = None


class Hit(NamedTuple):
    """One entry that matches and may be seen; ``case_id`` None: it is a customer."""

    at: datetime
    id: UUID
    case_id: UUID | None
    is_message: bool


@dataclass(slots=True)
class Found:
    """Hits, newest first; ``place``: how far was looked; ``over``: nothing lies behind it."""

    hits: list[Hit] = field(default_factory=list)
    place: Place | None = None
    over: bool = False


_RANGE: LiteralString = """d.at >= %(since)s AND (d.at, d.id) < (%(at)s, %(id)s)
    AND (d.at, d.id) >= (%(to_at)s, %(to_id)s)"""
_CONDITIONS: LiteralString = """
   AND (%(departments)s::uuid[] IS NULL OR c.department_id = ANY(%(departments)s))
   AND NOT c.department_id = ANY(%(not_departments)s::uuid[])
   AND (%(states)s::text[] IS NULL OR c.state = ANY(%(states)s))
   AND NOT c.state = ANY(%(not_states)s::text[])
   AND (%(queues)s::uuid[] IS NULL OR EXISTS (
        SELECT FROM work_item q WHERE q.case_id = c.id AND q.queue_id = ANY(%(queues)s)))
   AND (%(agents)s::uuid[] IS NULL OR m.author_id = ANY(%(agents)s)
        OR (m.id IS NULL AND c.owner_id = ANY(%(agents)s)))"""


async def newest(
    session: Session, scope: Scope, wanted: Wanted, before: Place | None, need: int
) -> Found:
    """Return up to ``need`` hits older than a place, newest first."""
    here = before or Place(datetime.max.replace(tzinfo=BEGINNING.tzinfo), LAST)
    found = Found(place=here)
    looked, chunk = 0, CHUNK
    for window in await _windows(session, here, wanted):
        more = True
        while more:
            places = await _candidates(session, wanted, found.place or here, window, chunk)
            more = len(places) == chunk
            found.hits += await _seen(session, scope, wanted, places, need - len(found.hits))
            found.place = places[-1] if more else window.to
            looked, chunk = looked + len(places), min(chunk * 4, CANDIDATES)
            if len(found.hits) >= need:
                found.place = Place(found.hits[-1].at, found.hits[-1].id)
                return found
            if looked >= CANDIDATES:
                return found
    found.over = True
    return found


class _Window(NamedTuple):
    to: Place
    walked: bool


async def _windows(session: Session, here: Place, wanted: Wanted) -> list[_Window]:
    """Return the windows to look through: some newest entries, then growing times behind them."""
    end = Place(BEGINNING, UUID(int=0))
    found = await session.execute(
        """SELECT min(at), max(at), count(*) FROM (
             SELECT at FROM search_doc WHERE (at, id) < (%s, %s) AND at >= %s
              ORDER BY at DESC, id DESC LIMIT %s) w""",
        [here.at, here.id, wanted.since, WALK],
    )
    row = await found.fetchone()
    if row is None or row[2] < WALK:
        return [_Window(end, walked=True)]
    oldest, latest = row[0], row[1]
    windows = [_Window(Place(oldest, UUID(int=0)), walked=True)]
    span = max(latest - oldest, timedelta(seconds=1))
    for n in range(1, WINDOWS):
        reach = span * GROWTH**n
        if oldest - wanted.since <= reach:
            break
        windows.append(_Window(Place(oldest - reach, UUID(int=0)), walked=False))
    return [*windows, _Window(end, walked=False)]


async def _candidates(
    session: Session, wanted: Wanted, here: Place, window: _Window, limit: int
) -> list[Place]:
    """Return the next places in a window whose entry matches, newest first."""
    match: LiteralString = "TRUE" if not wanted.query else "d.words @@ %(query)s::tsquery"
    # OFFSET 0 keeps the planner from walking a long window in order for want of a better guess.
    fence: LiteralString = "" if window.walked or not wanted.query else "OFFSET 0"
    found = await session.execute(
        f"""SELECT d.at, d.id FROM (SELECT d.at, d.id FROM search_doc d
                                     WHERE {_RANGE} AND {match} {fence}) d
             ORDER BY d.at DESC, d.id DESC LIMIT %(chunk)s""",
        {"query": wanted.query, "since": wanted.since, "at": here.at, "id": here.id,
         "to_at": window.to.at, "to_id": window.to.id, "chunk": limit},
        prepare=False,  # a plan that fits every word fits none
    )  # fmt: skip
    return [Place(*one) for one in await found.fetchall()]


async def _seen(
    session: Session, scope: Scope, wanted: Wanted, places: Sequence[Place], need: int
) -> list[Hit]:
    """Keep those the actor may see and whose Case is as wanted, in the same order."""
    if not places:
        return []
    if wanted.people:
        return await _known(session, scope, places, need)
    condition, params = visible_to(scope)
    hearing, more = heard_by(scope)
    found = await session.execute(
        f"""SELECT d.at, d.id, c.id, m.id IS NOT NULL
              FROM unnest(%(ats)s::timestamptz[], %(ids)s::uuid[]) AS d (at, id)
              LEFT JOIN message m ON m.id = d.id AND m.kind <> 'system' AND NOT m.hidden
              LEFT JOIN interaction i ON i.id = m.interaction_id
              JOIN case_ c ON c.id = coalesce(i.case_id, d.id)
             WHERE {condition} AND (m.id IS NULL OR {hearing}) {_CONDITIONS}
             ORDER BY d.at DESC, d.id DESC LIMIT %(need)s""",
        {
            "ats": [one.at for one in places],
            "ids": [one.id for one in places],
            "need": need,
            "departments": _list(wanted.departments),
            "not_departments": list(wanted.not_departments),
            "queues": _list(wanted.queues),
            "states": _list(wanted.states),
            "not_states": list(wanted.not_states),
            "agents": _list(wanted.agents),
            **params,
            **more,
        },
    )
    return [Hit(*one) for one in await found.fetchall()]


async def _known(session: Session, scope: Scope, places: Sequence[Place], need: int) -> list[Hit]:
    """Keep the customers the actor may know."""
    condition, params = customer_seen(scope)
    found = await session.execute(
        f"""SELECT d.at, d.id, NULL::uuid, false
              FROM unnest(%(ats)s::timestamptz[], %(ids)s::uuid[]) AS d (at, id)
              JOIN customer k ON k.id = d.id AND k.state = 'live'
             WHERE {condition} ORDER BY d.at DESC, d.id DESC LIMIT %(need)s""",
        {"ats": [one.at for one in places], "ids": [one.id for one in places],
         "need": need, **params},
    )  # fmt: skip
    return [Hit(*one) for one in await found.fetchall()]


def _list(given: Sequence[object] | None) -> list[object] | None:
    return None if given is None else list(given)
