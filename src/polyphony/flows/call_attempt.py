"""Call attempt: an agent says what came of calling; nobody reached in three is written to."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID

from polyphony.domain import callback
from polyphony.domain.callback import OUTCOMES
from polyphony.domain.errors import Conflict, Invalid, NotFound
from polyphony.domain.event import TIMER, Actor
from polyphony.domain.service_hours import to_datetime, to_ms
from polyphony.flows import handle
from polyphony.flows.announce import announce
from polyphony.flows.call_back import give_up, hours_of_queue, leave_line
from polyphony.flows.carry_out import lock
from polyphony.ports import Outside
from polyphony.store import callbacks, timers
from polyphony.store.callbacks import CallbackRow
from polyphony.store.database import Session
from polyphony.store.timers import Timer

NOT_REACHED, EXPIRED = "callback.not_reached", "callback.expired"
AGAIN = timedelta(hours=1)


@dataclass(frozen=True, slots=True)
class Said:
    """What the agent says: the outcome, and how the matter ended if the Queue asks for it."""

    outcome: str
    disposition: str | None = None


@dataclass(frozen=True, slots=True)
class Tried:
    """What came of an attempt: its number, when the next one is due (None = there is none)."""

    case_id: UUID
    no: int
    next_at: datetime | None


async def attempt(session: Session, id_: UUID, said: Said, actor: Actor, at: datetime) -> Tried:
    """Note an attempt of whoever has the work: reached ends it, else it waits for the next one.

    Busy and no answer do not lose the place. After the third attempt, and for a wrong number, the
    customer is told and the matter goes on in writing.

    Raises Invalid ``callback.outcome``, NotFound, Conflict ``callback.not_at_work``.
    """
    outcome = said.outcome
    if outcome not in OUTCOMES:
        raise Invalid("callback.outcome", {"known": list(OUTCOMES)})
    asked = await callbacks.by_id(session, id_)
    if asked is None:
        raise NotFound("callback")
    matter = await lock(session, [asked.case_id], at)
    asked = await callbacks.by_id(session, id_)
    if asked is None or asked.state != "open" or asked.work_id is None:
        raise Conflict("callback.not_at_work", {"state": asked.state if asked else "gone"})
    if asked.work_state != "in_work" or asked.work_agent != actor.id or actor.id is None:
        raise Conflict("callback.not_at_work", {"state": asked.work_state})
    no = await callbacks.tried(session, id_, actor.id, outcome, at)
    if no is None:
        raise Conflict("callback.not_at_work", {"state": asked.state})
    facts: dict[str, object] = {"code": f"callback.{outcome}", "no": no}
    line = await leave_line(session, matter, asked.interaction_id, facts, by=actor)
    if outcome == "reached":
        await matter.keep(session, actor, line)
        await handle.finish(session, asked.work_id, actor, at, said.disposition)
        return Tried(asked.case_id, no, None)
    next_at = await _next(session, asked, no, outcome, at)
    if next_at is None:
        matter.finish.add(asked.work_id)
        await announce(session, actor=actor, messages=line)
        await give_up(session, matter, asked, NOT_REACHED, actor)
        return Tried(asked.case_id, no, None)
    await matter.keep(session, actor, line)
    await handle.park(session, asked.work_id, next_at, "date", actor, at)
    return Tried(asked.case_id, no, next_at)


async def _next(
    session: Session, asked: CallbackRow, no: int, outcome: str, at: datetime
) -> datetime | None:
    if outcome == "wrong_number":
        return None
    hours = await hours_of_queue(session, asked.work_queue or asked.queue_id)
    found = callback.next_try(no, to_ms(at), hours, to_ms(asked.expires_at))
    return None if found is None else to_datetime(found)


async def due(session: Session, batch: Sequence[Timer], at: datetime, _: Outside) -> None:
    """Nobody came to these requests in time: their customers are told, the chats wait again."""
    await timers.done(session, [one.id for one in batch])
    for one in batch:  # one by one: each is a Case of its own under its lock
        asked = await callbacks.by_id(session, one.entity_id)
        if asked is None or asked.state != "open":
            continue
        matter = await lock(session, [asked.case_id], at)
        asked = await callbacks.by_id(session, one.entity_id)
        if asked is None or asked.state != "open" or asked.expires_at > at:
            continue
        if asked.work_state in {"in_work", "suspended"}:  # somebody is at it: he says how it went
            await callbacks.later(session, asked.id, at + AGAIN)
            continue
        await give_up(session, matter, asked, EXPIRED, TIMER)
