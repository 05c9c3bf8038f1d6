"""Tidy: what time brings: targets warned and breached, Cases due or closed, old things dropped."""

from collections.abc import Sequence
from datetime import datetime, timedelta
from uuid import UUID

from polyphony.domain.case import CaseMove
from polyphony.domain.event import TIMER
from polyphony.domain.interaction import InteractionMove, InteractionState
from polyphony.domain.interaction import move as move_interaction
from polyphony.domain.move import By, Moved
from polyphony.domain.notice import KEPT as NOTICES_FOR
from polyphony.domain.sla import ClockType
from polyphony.flows import draft, escalate, notify
from polyphony.flows.announce import announce
from polyphony.flows.carry_out import lock
from polyphony.flows.press import press
from polyphony.store import (
    auto_answers,
    cases,
    clocks,
    event_rules,
    events,
    files,
    idempotency,
    interactions,
    journal,
    notices,
    receipts,
    throttle,
)
from polyphony.store.database import Session

ANSWERS = frozenset({ClockType.FIRST_RESPONSE.value, ClockType.NEXT_RESPONSE.value})
QUIET_FOR = timedelta(days=30)
ORPHAN_AFTER = timedelta(hours=24)
RECEIPTS_FOR = timedelta(days=7)
KEYS_FOR = timedelta(hours=24)
JOURNAL_FOR = timedelta(days=35)
RUNS_FOR = timedelta(days=30)
"""What event rules did is known so long; the log itself is older than no event they read."""


async def strike(session: Session, at: datetime, n: int) -> int:
    """Warn about targets, breach those that are over, climb ladders; return how many Cases.

    Cases are locked before their clocks, as everybody does; one somebody works on right now is
    taken in the next turn, a second later.
    """
    ids = await clocks.struck(session, at, n)
    if not ids:
        return 0
    warned = await clocks.warn(session, at, ids)
    breached = await clocks.breach(session, at, ids)
    late = {one.case_id for one in breached}
    soon = {one.case_id for one in warned} - late
    answers = {one.case_id for one in breached if one.type in ANSWERS}
    await press(session, answers)
    for cases_, type_ in ((soon, "sla.warned"), (late, "sla.breached")):
        touched = await cases.touch(session, sorted(cases_))
        await announce(session, actor=TIMER, types={"case": type_}, cases=touched)
    await notify.late(session, sorted(soon | late), at)
    await escalate.climb(session, await clocks.climbing(session, at, ids), at)
    return len(ids)


async def resume(session: Session, at: datetime, n: int) -> list[UUID]:
    """Take up Cases whose waiting date has come: open again, and somebody is asked."""
    due = await cases.due(session, at, n)
    if not due:
        return []
    matter = await lock(session, due, at)
    waiting = [one for one in due if matter.cases[one].state.startswith("wait_")]
    for id_ in waiting:
        matter.move(matter.cases[id_], CaseMove.RESUME, [By.TIMER])
    await matter.keep(session, TIMER)
    return waiting


async def close(session: Session, at: datetime, n: int) -> list[UUID]:
    """Close solved Cases that nobody took up again in time."""
    found = await cases.to_close(session, at, n)
    if not found:
        return []
    matter = await lock(session, found, at)
    still = [one for one in found if matter.cases[one].state == "solved"]
    for id_ in still:
        matter.move(matter.cases[id_], CaseMove.CLOSE, [By.TIMER])
    await matter.keep(session, TIMER)
    return still


async def fall_asleep(session: Session, at: datetime, n: int) -> list[UUID]:
    """End Interactions in which nothing was said for thirty days."""
    found = await interactions.idle(session, at - QUIET_FOR, n)
    rows = await interactions.by_ids(session, found)
    for row in rows.values():
        moved = move_interaction(InteractionState(row.state), InteractionMove.END, By.TIMER)
        if isinstance(moved, Moved):
            row.state, row.ended_at, row.ended_by = moved.state.value, at, By.TIMER.value
    ended = await interactions.save(session, [rows[one] for one in sorted(rows)])
    await announce(
        session, actor=TIMER, types={"interaction": "interaction.ended"},
        interactions=sorted(ended),
    )  # fmt: skip
    return sorted(ended)


async def ahead(session: Session) -> None:
    """Make the partitions of the coming days: of the log and of the journal of routing."""
    await events.make_days(session)
    await journal.make_days(session)


async def forget_routing(session: Session, at: datetime) -> None:
    """Drop the journal of routing, and the traces beside it, after five weeks."""
    await journal.prune(session, at - JOURNAL_FOR)


async def sweep(session: Session, at: datetime, n: int) -> Sequence[str]:
    """Drop what is old: repeats, receipts, throttles; return blobs nobody names any more."""
    await idempotency.prune(session, at - KEYS_FOR)
    await receipts.prune_waiting(session, at - RECEIPTS_FOR)
    await throttle.prune(session, at - timedelta(days=2))
    await notices.prune(session, at - NOTICES_FOR)
    await auto_answers.prune(session, at - timedelta(days=8))
    await event_rules.prune(session, at - RUNS_FOR)
    await draft.fade(session, at)
    return await files.orphans(session, at - ORPHAN_AFTER, n)
