"""Rechoose: a Case changed, or a person decided: what is promised of it is chosen anew."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime
from uuid import UUID

from polyphony.domain import escalation, sla
from polyphony.domain.event import Actor
from polyphony.domain.service_hours import to_ms
from polyphony.domain.sla import ClockType
from polyphony.domain.sla_policy import Chosen, Level, choose
from polyphony.flows.carry_out import Matter, lock
from polyphony.flows.measure import Clocks, clock_of
from polyphony.flows.promise import Target, mark, promised
from polyphony.store import clocks, urge, work
from polyphony.store import sla as promises
from polyphony.store.clocks import ClockRow
from polyphony.store.database import Session
from polyphony.store.sla import Around

_ANSWERS = (ClockType.FIRST_RESPONSE, ClockType.NEXT_RESPONSE)
_ALWAYS = (*_ANSWERS, ClockType.RESOLUTION)
_ONLY_BY_POLICY = (ClockType.ACKNOWLEDGE, ClockType.UPDATE_EVERY)


async def rechoose(session: Session, matter: Matter, cases: Sequence[UUID]) -> None:
    """Choose the promises of Cases (locked) anew; where no policy is in force nothing changes.

    What was consumed is kept; what happens to a deadline the winner's ``on_change`` says. Whoever
    called keeps the matter.
    """
    matter.clocks.book = await promises.book(session)
    if not matter.clocks.book.policies.all:
        return
    around = await promises.around(session, cases)
    hours = await clocks.of_queues(session, sorted({one.queue_id for one in around.values()}))
    owed: list[tuple[UUID, int, datetime | None]] = []
    for case in sorted(around):
        found = around[case]
        if found.queue_id not in hours:
            continue
        target = _target(found, hours[found.queue_id], matter.cases[case].tags)
        _again(matter.clocks, target, matter.at)
        matter.changed.add(case)
        owed += await _owed(session, matter.clocks, case)
    await work.lock(session, [one[0] for one in owed])
    matter.types |= dict.fromkeys(await promises.owe(session, owed), "work_item.changed")
    matter.touched |= {one[0] for one in owed}


def _target(found: Around, hours: clocks.CalendarRow, tags: Sequence[str]) -> Target:
    return Target(
        found.case_id,
        found.interaction_id,
        found.channel_kind,
        found.tier,
        hours,
        found.kind,
        found.customer_id,
        found.account_id,
        tuple(tags),
        found.hand,
    )


def _again(known: Clocks, target: Target, at: datetime) -> None:
    kinds = set()
    for row in list(known.live(target.case)):
        kind = ClockType(row.type)
        kinds.add(kind)
        if kind in _ALWAYS:
            switch(known, row, target, promised(known.book, target, kind), at)
        elif kind in _ONLY_BY_POLICY:
            found = choose(known.book.policies.all, target.facts, kind)
            if found is not None:
                switch(known, row, target, found, at)
    if ClockType.UPDATE_EVERY not in kinds and ClockType.RESOLUTION in kinds:
        known.promised_news(target, at)


def switch(known: Clocks, row: ClockRow, target: Target, chosen: Chosen, at: datetime) -> None:
    """Let a clock keep another promise, as far as the winner wants it to."""
    policy = chosen.policy
    same = (
        policy.id if policy else None
    ) == row.policy_id and chosen.level.name.lower() == row.level
    how = "replace" if chosen.level is Level.HAND else policy.on_change if policy else "stricter"
    if same or how == "keep":
        if same and chosen.target_ms == row.target_ms:
            mark(row, chosen)
            known.note(row)
        return
    old = clock_of(row)
    before = known.hours_for(row)
    calendar = known.calendar_for(target, policy.calendar if policy else None)
    now = to_ms(at)
    fresh = sla.rehours(old, before, known.hours[calendar], now)
    fresh = sla.retarget(fresh, chosen.target_ms, known.hours[calendar], now, how="replace")
    if how == "stricter" and not _stricter(fresh, old):
        return
    ladder = known.book.ladder(policy.escalation) if policy else None
    used = sla.used(fresh, known.hours[calendar], now)
    place = escalation.first(ladder, chosen.target_ms, past_ms=used)
    pauses, warn = (policy.pauses, policy.warn_pct) if policy else (sla.PAUSING, sla.WARN_PCT)
    fresh = sla.climb(
        replace(fresh, pauses=pauses, warn_pct=warn),
        place.mark_ms if place else None,
        known.hours[calendar],
        now,
    )
    row.calendar_id, row.escalation_id = calendar, ladder.id if ladder else None
    row.rung, row.round = (place.rung, place.round) if place else (0, 0)
    mark(row, chosen)
    known.put(row, fresh)


def _stricter(fresh: sla.Clock, old: sla.Clock) -> bool:
    """Tell whether a promise ends earlier; of clocks that stand still, the one with less left."""
    if old.due_at is not None and fresh.due_at is not None:
        return fresh.due_at < old.due_at
    return fresh.target_ms < old.target_ms


async def _owed(
    session: Session, known: Clocks, case: UUID
) -> list[tuple[UUID, int, datetime | None]]:
    """What the live work of a Case owes now: the answer that is due first."""
    answers = [one for one in known.live(case) if ClockType(one.type) in _ANSWERS and one.due_at]
    if not answers:
        return []
    first = min(answers, key=lambda one: (one.due_at, one.id))
    items = await urge.live(session, [case])
    return [(one.id, first.target_ms, first.due_at) for one in items]


async def moved(session: Session, cases: Sequence[UUID], at: datetime, actor: Actor) -> None:
    """Choose anew after work went to another Queue; without any policy nothing is touched."""
    if not cases or not await promises.any_policy(session):
        return
    matter = await lock(session, sorted(set(cases)), at)
    await rechoose(session, matter, cases)
    await matter.keep(session, actor)
