"""Expect: how many are before a waiting visitor, and how long it may take, if anybody knows."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from polyphony.domain.expected_wait import Stay, Waiting, expected_s, places
from polyphony.domain.service_hours import to_ms
from polyphony.store import chat_wait
from polyphony.store.chat_wait import InLine, Mine
from polyphony.store.database import Session


@dataclass(frozen=True, slots=True)
class Place:
    """A place in the line: how many are before, seconds still to wait (None: nobody knows)."""

    before: int
    expected_s: int | None

    def shown(self) -> dict[str, object]:
        """Return it as the widget reads it."""
        return {"before": self.before, "expected_s": self.expected_s}


@dataclass(frozen=True, slots=True)
class _Line:
    """One Queue as it stands: who waits, in which order, and how long others waited lately."""

    waiting: Mapping[UUID, InLine]
    order: Mapping[UUID, int]
    recent: Sequence[Stay]
    staffed: bool


async def waits(
    session: Session, identities: Sequence[UUID], at: datetime
) -> dict[tuple[UUID, UUID], Place]:
    """Return the places of the waiting chats of customers by (identity, Case)."""
    mine = await chat_wait.mine(session, identities)
    lines = await _lines(session, sorted({one.queue_id for one in mine}), at)
    return {(one.identity_id, one.case_id): _place(lines[one.queue_id], one, at) for one in mine}


def _place(line: _Line, mine: Mine, at: datetime) -> Place:
    found = line.waiting.get(mine.work_id)
    if found is None:  # so many wait that not even the line was read to its end
        return Place(len(line.order), None)
    before = line.order[mine.work_id]
    waited = max(0, to_ms(at) - to_ms(found.waiting_since))
    known = line.staffed or None
    return Place(before, known and expected_s(line.recent, before, waited, to_ms(at)))


async def at_the_door(session: Session, account_id: UUID, at: datetime) -> Place | None:
    """Return the place a newcomer would get now; None when nobody serves his Queue."""
    queue = await chat_wait.door(session, account_id)
    if queue is None:
        return None
    line = (await _lines(session, [queue], at))[queue]
    if not line.staffed:
        return None
    return Place(len(line.order), expected_s(line.recent, len(line.order), 0, to_ms(at)))


async def _lines(session: Session, queues: Sequence[UUID], at: datetime) -> dict[UUID, _Line]:
    if not queues:
        return {}
    waiting = await chat_wait.lines(session, queues)
    taken = await chat_wait.taken(session, queues, at)
    staffed = await chat_wait.staffed(session, queues)
    found: dict[UUID, _Line] = {}
    for queue in queues:
        here = {one.id: one for one in waiting if one.queue_id == queue}
        found[queue] = _Line(
            here,
            places([_waiting(one) for one in here.values()], to_ms(at)),
            [Stay(to_ms(s.entered_at), to_ms(s.left_at)) for s in taken if s.queue_id == queue],
            queue in staffed,
        )
    return found


def _waiting(one: InLine) -> Waiting:
    return Waiting(
        one.id,
        one.tier,
        one.urgency,
        to_ms(one.waiting_since),
        one.target_ms,
        one.used_ms,
        one.queue_milli,
    )
