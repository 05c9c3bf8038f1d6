"""Try events: what event rules would have done in the last days; nothing is changed."""

import asyncio
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from uuid import UUID

import cel

from polyphony.domain import reference
from polyphony.domain.event_rule import EVENTS, ON, EventRule, verdicts
from polyphony.domain.permission import Scope
from polyphony.flows.follow_rules import facts
from polyphony.store import event_rules
from polyphony.store.database import Session
from polyphony.store.event_rules import Known, Past

Json = dict[str, object]

EVENTS_MAX = 10_000
PAGE = 500
SAMPLES = 20
DAYS = 7


@dataclass(slots=True)
class _Tally:
    events: int = 0
    hits: Counter[str] = field(default_factory=Counter)
    errors: Counter[str] = field(default_factory=Counter)
    cases: dict[str, set[UUID]] = field(default_factory=dict)
    samples: list[Json] = field(default_factory=list)


async def past(session: Session, scope: Scope, rules: Sequence[EventRule], at: datetime) -> Json:
    """Run rules over the events of the last 7 days of Cases the actor sees.

    Returns per rule how often it would have acted, on how many Cases and how often its condition
    failed, and 20 examples; at most 10,000 events are looked at, newest first. Cases are known as
    they are now, messages and steps as they were.
    """
    types = sorted({EVENTS[name] for one in rules if one.active for name in one.on})
    since = at - timedelta(days=DAYS)
    found = await event_rules.past(session, scope, types, since, EVENTS_MAX)
    tally = _Tally()
    for first in range(0, len(found), PAGE):  # one by one: a page is a batch
        page = found[first : first + PAGE]
        cases = sorted({one.case_id for one in page})
        known = await event_rules.known(session, cases, at, scope)
        await asyncio.to_thread(_count, tally, page, rules, known)
    return {
        "events": tally.events,
        "more": len(found) >= EVENTS_MAX,
        "rules": [
            {
                "rule": one.id,
                "hits": tally.hits[one.id],
                "cases": len(tally.cases.get(one.id, ())),
                "errors": tally.errors[one.id],
            }
            for one in rules
        ],
        "samples": tally.samples,
    }


def _count(
    tally: _Tally, page: Sequence[Past], rules: Sequence[EventRule], known: Mapping[UUID, Known]
) -> None:
    for event in page:
        case = known.get(event.case_id)
        if case is None:
            continue
        tally.events += 1
        context = cel.Context(dict(facts(case, event.type, event.payload)))
        for verdict in verdicts(rules, ON[event.type], context, 1):
            name = verdict.rule.id
            if verdict.outcome == "error":
                tally.errors[name] += 1
                continue
            tally.hits[name] += 1
            tally.cases.setdefault(name, set()).add(case.case_id)
            if len(tally.samples) < SAMPLES:
                tally.samples.append(_sample(name, event, case))


def _sample(rule: str, event: Past, case: Known) -> Json:
    return {
        "rule": rule,
        "event": ON[event.type],
        "at": event.at,
        "case_id": case.case_id,
        "reference": reference.shown(case.reference),
        "title": case.title,
    }
