"""Keep promises: policies, ladders, deadlines and days of rest as people set them up."""

from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from polyphony.domain import ical, sla_policy
from polyphony.domain.deadline import TEMPLATES, Template, legal_due, template_of
from polyphony.domain.errors import Conflict, Invalid, NotFound
from polyphony.domain.escalation import ladder_of
from polyphony.domain.event import Actor
from polyphony.domain.sla import ClockType
from polyphony.domain.sla_policy import PROMISED, Own, choose
from polyphony.flows import configure
from polyphony.flows.promise import Target, promised
from polyphony.store import clocks, configuration, sla
from polyphony.store.configuration import CALENDAR, DEADLINE, QUEUE, SLA_POLICY
from polyphony.store.database import Session
from polyphony.store.hooks import HOOK

Json = dict[str, Any]
_NOBODY = UUID(int=0)
_ALWAYS = (ClockType.FIRST_RESPONSE, ClockType.NEXT_RESPONSE, ClockType.RESOLUTION)


def check_policy(values: Mapping[str, Any]) -> None:
    """Refuse a policy nobody could keep."""
    sla_policy.check(values)
    if values.get("targets") == {}:
        raise Invalid("sla_policy.targets", {"field": "targets"})


async def check_ladder(session: Session, values: Mapping[str, Any]) -> None:
    """Refuse a ladder with a rung that is none, or that names a Queue or a system nobody has."""
    steps = values.get("steps")
    if steps is None:
        return
    ladder = ladder_of(_NOBODY, "", steps)
    wanted = {rung.queue for rung in ladder.rungs if rung.queue is not None}
    known = {UUID(str(one["id"])) for one in await configuration.all_of(session, QUEUE)}
    for number, rung in enumerate(ladder.rungs):
        if rung.queue in wanted - known:
            raise Invalid("escalation.rung", {"rung": number, "field": "queue_id"})
    systems = {UUID(str(one["id"])) for one in await configuration.all_of(session, HOOK)}
    for number, rung in enumerate(ladder.rungs):
        if rung.hook is not None and rung.hook not in systems:
            raise Invalid("escalation.rung", {"rung": number, "field": "hook_id"})


async def put_in_order(session: Session, ids: Sequence[UUID], actor: Actor) -> None:
    """Rank the policies as listed; raise Invalid unless every policy stands there once."""
    rows = await configuration.all_of(session, SLA_POLICY)
    known = {UUID(str(one["id"])): one for one in rows}
    if sorted(ids) != sorted(known):
        raise Invalid("sla_policy.order", {"known": len(known), "given": len(ids)})
    for rank, id_ in enumerate(
        ids
    ):  # one by one: an administrator's list, its history line by line
        if known[id_]["rank"] != rank:
            await configure.change(session, SLA_POLICY, id_, {"rank": rank}, None, actor)


async def example(session: Session, given: Mapping[str, Any]) -> Json:
    """Tell which promise would hold for an example, clock by clock; nothing is changed."""
    queue = UUID(str(given["queue_id"]))
    hours = await clocks.of_queues(session, [queue])
    if queue not in hours:
        raise NotFound("queue.unknown")
    target = Target(
        _NOBODY,
        _NOBODY,
        str(given["channel"]),
        str(given["tier"]),
        hours[queue],
        str(given["kind"]),
        given.get("customer_id"),
        given.get("account_id"),
        tuple(given.get("tags") or ()),
    )
    book = await sla.book(session)
    told: list[Json] = []
    for kind in PROMISED:
        if kind in _ALWAYS:
            found: sla_policy.Chosen | None = promised(book, target, kind)
        else:
            found = choose(book.policies.all, target.facts, kind, Own())
        if found is not None:
            told.append({"type": kind.value, **chosen_as_json(found)})
    return {"clocks": told}


def chosen_as_json(found: sla_policy.Chosen) -> Json:
    """Write a choice for a screen."""
    policy = found.policy
    return {
        "policy": {"id": policy.id, "name": policy.name} if policy else None,
        "level": found.level.name.lower(),
        "target_s": found.target_ms // 1000,
        "losers": [one.as_json() for one in found.losers],
    }


# ── deadlines of the law ────────────────────────────────────────────────────────────────────────


@dataclass(frozen=True, slots=True)
class Law:
    """A deadline as somebody wrote it down; ``id`` is for a new one."""

    key: str
    values: Mapping[str, Any]
    id: UUID


async def deadlines(session: Session, at: datetime) -> list[Json]:
    """Return the built-in deadlines and the house's own, each with its end counted from now."""
    rows = {str(one["key"]): one for one in await configuration.all_of(session, DEADLINE)}
    stored = await sla.templates(session)
    every = {**TEMPLATES, **{key: template for key, (template, _) in stored.items()}}
    return [
        _deadline(template, at)
        | {
            "id": rows.get(key, {}).get("id"),
            "name": rows.get(key, {}).get("name", {}),
            "escalation_id": stored[key][1] if key in stored else None,
            "built_in": key in TEMPLATES,
        }
        for key, template in sorted(every.items())
    ]


def _deadline(template: Template, at: datetime) -> Json:
    longer = legal_due(template, at, extended=True) if template.extended else None
    return asdict(template) | {
        "unit": template.unit.value,
        "example": {"received": at, "due_at": legal_due(template, at), "extended_due_at": longer},
    }


def check_law(key: str, rule: Mapping[str, Any]) -> None:
    """Refuse a deadline nobody can count by."""
    template_of(key, rule, unverified=True)


async def put_deadline(session: Session, law: Law, actor: Actor, at: datetime) -> Json:
    """Write a deadline down; raise Invalid when nobody can count by it."""
    rule = {
        name: value
        for name, value in law.values.items()
        if name not in {"name", "unverified", "escalation_id"}
    }
    unverified = bool(law.values.get("unverified", True))
    template = template_of(law.key, rule, unverified=unverified)
    values: Json = {
        "key": law.key,
        "name": law.values.get("name") or {},
        "rule": rule,
        "unverified": unverified,
        "escalation_id": law.values.get("escalation_id"),
    }
    there = [one for one in await configuration.all_of(session, DEADLINE) if one["key"] == law.key]
    if there:
        id_ = UUID(str(there[0]["id"]))
        await configure.change(session, DEADLINE, id_, values, None, actor)
    else:
        await configure.add(session, DEADLINE, law.id, values, actor)
    return _deadline(template, at) | {
        "name": values["name"],
        "escalation_id": values["escalation_id"],
    }


# ── days of rest from a file ────────────────────────────────────────────────────────────────────


@dataclass(frozen=True, slots=True)
class DaysFile:
    """An iCalendar file for a calendar: which years of it, whether to keep it, what was read."""

    calendar: UUID
    text: str
    years: tuple[int, int]
    version: int | None
    keep: bool


async def import_days(session: Session, wish: DaysFile, actor: Actor) -> Json:
    """Read the days of a file; with ``keep`` the calendar closes on them as well from now on.

    Days that are in the calendar already are named; an exception of the same date goes before.
    """
    now = await configuration.one(session, CALENDAR, wish.calendar)
    if now is None:
        raise NotFound("calendar")
    found = ical.read(wish.text, *wish.years)
    if not found.days:
        raise Conflict("ical.no_days", {"passed_over": dict(found.passed_over)})
    known: Any = now["imported"]
    own: Any = now["exceptions"]
    days = {day.isoformat(): name for day, name in found.days.items()}
    if wish.keep:
        merged = dict(sorted({**known, **days}.items()))
        if len(merged) > ical.DAYS_MAX:
            raise Invalid("ical.too_many", {"max": ical.DAYS_MAX})
        values = {"imported": merged}
        await configure.change(session, CALENDAR, wish.calendar, values, wish.version, actor)
    return {
        "name": found.name,
        "days": [
            {"date": day, "name": name, "known": day in known, "exception": day in own}
            for day, name in days.items()
        ],
        "passed_over": dict(found.passed_over),
        "kept": wish.keep,
    }
