"""Narrow: filters as they were typed become marks of the index and conditions on the Case."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import UTC, date, datetime, time, timedelta
from uuid import UUID
from zoneinfo import ZoneInfo

from polyphony.domain.case import CaseState
from polyphony.domain.channel import ChannelKind
from polyphony.domain.fold import fold
from polyphony.domain.permission import Scope
from polyphony.domain.search_query import Limit, Query, marked
from polyphony.store import search, search_show
from polyphony.store.database import Session
from polyphony.store.search_hits import Place, Wanted
from polyphony.store.search_show import Name

KINDS = ("in", "out", "note", "case")
NOBODY = UUID(int=0)


@dataclass(frozen=True, slots=True)
class Unknown:
    """A filter nobody understands, or that names nothing the actor knows of."""

    key: str
    value: str


@dataclass(slots=True)
class Narrowed:
    """What the filters come to; ``labels`` say by place in the text what each one named."""

    marks: list[str] = field(default_factory=list)
    wanted: Wanted = field(default_factory=lambda: Wanted(""))
    before: Place | None = None
    labels: dict[int, str] = field(default_factory=dict)
    unknown: list[Unknown] = field(default_factory=list)


async def narrow(session: Session, scope: Scope, query: Query) -> Narrowed:
    """Read all filters; what names something the actor does not see is as unknown as nothing."""
    found = Narrowed()
    for limit in query.limits:  # one by one: at most sixteen
        label = await _one(session, scope, found, limit)
        if label is None:
            found.unknown.append(Unknown(limit.key, limit.value))
        else:
            found.labels[limit.begin] = label
    return found


async def _one(session: Session, scope: Scope, found: Narrowed, limit: Limit) -> str | None:
    if limit.key in _MARKS:
        return _mark(found, limit)
    if limit.key in ("from", "to"):
        return await _day(session, scope, found, limit)
    if limit.key == "state":
        return _state(found, limit)
    if limit.key == "customer":
        return await _customer(session, scope, found, limit)
    if limit.key == "agent":
        return await _agent(session, found, limit)
    return await _place(session, scope, found, limit)


_MARKS: Mapping[str, Sequence[str]] = {
    "channel": [one.value for one in ChannelKind],
    "kind": KINDS,
    "has": ("file",),
}


def _mark(found: Narrowed, limit: Limit) -> str | None:
    value = limit.value.lower()
    if value not in _MARKS[limit.key]:
        return None
    found.marks.append(marked(value, excluded=limit.excluded))
    return value


async def _day(session: Session, scope: Scope, found: Narrowed, limit: Limit) -> str | None:
    try:
        day = date.fromisoformat(limit.value)
    except ValueError:
        return None
    if limit.excluded or scope.id is None or not 1900 <= day.year < 9999:
        return None
    zone = ZoneInfo(await search_show.zone_of(session, scope.id))
    if limit.key == "from":
        since = datetime.combine(day, time(), zone).astimezone(UTC)
        found.wanted = replace(found.wanted, since=since)
    else:
        end = datetime.combine(day + timedelta(days=1), time(), zone).astimezone(UTC)
        found.before = Place(end, NOBODY)
    return day.isoformat()


def _state(found: Narrowed, limit: Limit) -> str | None:
    value = limit.value.lower()
    if value not in {one.value for one in CaseState}:
        return None
    was = found.wanted
    if limit.excluded:
        found.wanted = replace(was, not_states=[*was.not_states, value])
    else:
        found.wanted = replace(was, states=[*(was.states or []), value])
    return value


async def _customer(session: Session, scope: Scope, found: Narrowed, limit: Limit) -> str | None:
    known = await search.named(session, scope, limit.value)
    if not known:
        return None
    records = await search_show.records_of(session, [one.id for one in known])
    marks = [f"r{one}" for one in records or [NOBODY]]
    found.marks.append(marked(*marks, excluded=limit.excluded))
    return known[0].name if len(known) == 1 else limit.value


async def _agent(session: Session, found: Narrowed, limit: Limit) -> str | None:
    one = named(await search_show.colleagues(session), limit.value)
    if one is None:
        return None
    if limit.excluded:
        found.marks.append(marked(f"a{one.id}", excluded=True))
    else:
        found.marks.append(marked(f"a{one.id}", "case"))
        found.wanted = replace(found.wanted, agents=[*(found.wanted.agents or []), one.id])
    return one.name


async def _place(session: Session, scope: Scope, found: Narrowed, limit: Limit) -> str | None:
    read = search_show.departments if limit.key == "department" else search_show.queues
    seen = scope.open_departments | scope.departments
    one = named(await read(session), limit.value, lambda name: name.department_id in seen)
    if one is None or (limit.excluded and limit.key == "queue"):
        return None
    was = found.wanted
    if limit.key == "queue":
        found.wanted = replace(was, queues=[*(was.queues or []), one.id])
    elif limit.excluded:
        found.wanted = replace(was, not_departments=[*was.not_departments, one.id])
    else:
        found.wanted = replace(was, departments=[*(was.departments or []), one.id])
    return one.name


def named(
    names: Sequence[Name], value: str, may: Callable[[Name], bool] = lambda _: True
) -> Name | None:
    """Return what a value names: by id, by whole name or address, else by the one beginning."""
    asked = fold(value.strip())
    known = [one for one in names if may(one)]
    for one in known:
        if asked in (str(one.id), fold(one.name), fold(one.also)):
            return one
    begun = [one for one in known if fold(one.name).startswith(asked)]
    return begun[0] if len(begun) == 1 else None
