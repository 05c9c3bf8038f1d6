"""Queues: what routing and new work must know of them."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from uuid import UUID

from polyphony.domain import overflow
from polyphony.domain.lever import overlay
from polyphony.domain.routing import ladder
from polyphony.domain.routing.facts import Policy, QueuePolicy, SeenClass
from polyphony.domain.service_hours import ServiceHours
from polyphony.domain.skill import Requirement, requirement
from polyphony.store import calendars, handled, levers, tuning
from polyphony.store.database import Session, rows


@dataclass(frozen=True, slots=True)
class QueueRow:
    """A Queue as kept, with the calendar that counts for it."""

    id: UUID
    department_id: UUID
    name: str
    calendar_id: UUID
    delivery: str
    requirements: list[Mapping[str, object]]
    weight_milli: int
    offer_timeout_s: dict[str, int]
    decline_reasons: list[str]
    wrap_up_s: int
    disposition_required: bool
    sticky: str
    targets: dict[str, dict[str, int]]
    channels: list[str]
    auto_accept: bool
    auto_ready: bool
    miss_limits: dict[str, int]
    miss_limit_all: int
    version: int
    ladder: list[Mapping[str, object]] | None
    related: list[UUID]
    skip_if_nobody: bool
    ordering: str
    reserve: Mapping[str, int] | None
    reserve_off_before_close_s: int
    paused: bool
    overflow_after: list[Mapping[str, object]]


_SELECT = """
SELECT q.id, q.department_id, q.name, coalesce(q.calendar_id, d.calendar_id) AS calendar_id,
       q.delivery, q.requirements, q.weight_milli, q.offer_timeout_s, q.decline_reasons,
       q.wrap_up_s, q.disposition_required, q.sticky, q.targets, q.channels, q.auto_accept,
       q.auto_ready, q.miss_limits, q.miss_limit_all, q.version, q.ladder, q.related,
       q.skip_if_nobody, q.ordering, q.reserve, q.reserve_off_before_close_s, q.paused,
       q.overflow_after
  FROM queue q JOIN department d ON d.id = q.department_id
 WHERE %(ids)s::uuid[] IS NULL OR q.id = ANY(%(ids)s)
 ORDER BY q.id"""


async def of(session: Session, ids: Sequence[UUID] | None = None) -> dict[UUID, QueueRow]:
    """Return Queues by id; all of them without ``ids``."""
    params = {"ids": None if ids is None else list(ids)}
    return {row.id: row for row in await rows(session, _SELECT, params, QueueRow)}


async def triage_of(session: Session, department: UUID) -> UUID | None:
    """Return the Queue of what nothing else of a Department fits."""
    found = await session.execute("SELECT triage_queue FROM department WHERE id = %s", [department])
    one = await found.fetchone()
    return one[0] if one else None


async def requirements(
    session: Session, ids: Sequence[UUID]
) -> dict[UUID, tuple[Requirement, ...]]:
    """Return what each Queue asks of everybody who serves it."""
    found = await of(session, ids)
    return {key: tuple(requirement(one) for one in row.requirements) for key, row in found.items()}


async def seen(session: Session) -> tuple[SeenClass, ...]:
    """Return the requirement classes of the last 28 days, in an order of their own."""
    return tuple(await handled.seen(session))


async def policy(
    session: Session,
    version: int,
    known: tuple[SeenClass, ...] | None = None,
    only: Sequence[UUID] | None = None,
) -> Policy:
    """Build the routing policy from the tables as they are now, with the levers in force over it.

    ``known`` are the classes ``seen`` returned; None = look. ``only`` these Queues; None = all.
    """
    lines = await of(session, only)
    wanted = None if only is None else sorted({row.calendar_id for row in lines.values()})
    hours = await calendars.hours(session, wanted)
    limits, weights = await tuning.both(session)
    languages = await session.execute("SELECT key FROM skill WHERE kind = 'language'")
    spoken = frozenset([row[0] for row in await languages.fetchall()])
    base = Policy(
        version,
        {row.id: _line(row, hours[row.calendar_id]) for row in lines.values()},
        languages=spoken,
        handle_ms=await handled.means(session),
        seen=await seen(session) if known is None else known,
        costs=limits.costs,
        interrupts=limits.interrupts,
        weights=weights,
    )
    return overlay(base, await levers.in_force(session))


def _line(row: QueueRow, hours: ServiceHours) -> QueuePolicy:
    return QueuePolicy(
        hours,
        row.weight_milli,
        row.delivery,
        row.sticky,
        row.offer_timeout_s,
        tuple(row.related),
        row.name,
        ladder.read(row.ladder),
        row.ordering,
        row.reserve["agents"] if row.reserve else None,
        row.reserve_off_before_close_s * 1000,
        row.paused,
        misses=row.miss_limits,
        misses_all=row.miss_limit_all,
        auto_accept=row.auto_accept,
        skip_if_nobody=row.skip_if_nobody,
        overflow=overflow.read(row.overflow_after, waits=True),
    )


async def members(session: Session, queues: Sequence[UUID], limit: int) -> tuple[list[UUID], int]:
    """Return who serves any of these Queues, those signed in first, and how many there are."""
    found = await session.execute(
        """SELECT p.agent_id, count(*) OVER () FROM agent_presence p
            WHERE EXISTS (SELECT FROM queue_member m
                           WHERE m.agent_id = p.agent_id AND m.queue_id = ANY(%s))
            ORDER BY p.status = 'offline', p.agent_id LIMIT %s""",
        [list(queues), limit],
    )
    some = await found.fetchall()
    return [one[0] for one in some], int(some[0][1]) if some else 0
